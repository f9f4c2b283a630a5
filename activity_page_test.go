package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestThePageOfAnActivityRecordBoundsGuessing(t *testing.T) {
	t.Parallel()
	now, away := monday, false
	mux := http.NewServeMux()
	mux.Handle("GET /record/{code}", newRecordPages(func(_ context.Context, code string) (string, bool, error) {
		if away {
			return "", false, context.DeadlineExceeded
		}
		return "page of " + code, code == "GOOD", nil
	}, func() time.Time { return now }))
	ask := func(method, code, from string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/record/"+code, nil)
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	const one, other = "203.0.113.7:5000", "203.0.113.8:5000"
	got := ask(http.MethodGet, "GOOD", one)
	if got.Code != http.StatusOK || got.Body.String() != "page of GOOD" || got.Header().Get("Cache-Control") != "no-store" ||
		got.Header().Get("Referrer-Policy") != "no-referrer" || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") {
		t.Errorf("%d %v %s", got.Code, got.Header(), got.Body)
	}
	if head := ask(http.MethodHead, "GOOD", one); head.Code != http.StatusOK || head.Body.Len() != 0 {
		t.Errorf("HEAD: %d %s", head.Code, head.Body)
	}
	for range recordMisses {
		if got := ask(http.MethodGet, "WRONG", one); got.Code != http.StatusNotFound {
			t.Fatalf("a wrong code: %d", got.Code)
		}
	}
	if got := ask(http.MethodGet, "GOOD", one); got.Code != http.StatusTooManyRequests || got.Header().Get("Retry-After") != "60" {
		t.Errorf("after many wrong codes: %d", got.Code)
	}
	if got := ask(http.MethodGet, "GOOD", other); got.Code != http.StatusOK {
		t.Errorf("somebody else is shut out: %d", got.Code)
	}
	now = now.Add(time.Minute)
	if got := ask(http.MethodGet, "GOOD", one); got.Code != http.StatusOK {
		t.Errorf("a minute later: %d", got.Code)
	}
	if away = true; ask(http.MethodGet, "GOOD", one).Code != http.StatusServiceUnavailable {
		t.Error("a database that is away is not said")
	}
}
