package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// calendarAt serves one calendar under the token "good" on a clock of its own.
type calendarAt struct {
	mux http.Handler
	now time.Time
	err error
}

func newCalendarAt() *calendarAt {
	c := &calendarAt{now: monday}
	mux := http.NewServeMux()
	mux.Handle("GET /calendar/{file}", newCalendarPages(func(_ context.Context, token string) ([]byte, string, bool, error) {
		if c.err != nil || token != "good" {
			return nil, "", false, c.err
		}
		return []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "mark1", true, nil
	}, func() time.Time { return c.now }))
	c.mux = mux
	return c
}

func (c *calendarAt) ask(method, path, from string, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr = from
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Add(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	c.mux.ServeHTTP(w, r)
	return w
}

func TestACalendarOverHTTP(t *testing.T) {
	t.Parallel()
	c := newCalendarAt()
	const someone = "203.0.113.7:5000"
	got := c.ask(http.MethodGet, "/calendar/good.ics", someone)
	for name, want := range map[string]string{"Content-Type": "text/calendar; charset=utf-8", "ETag": `"mark1"`, "Referrer-Policy": "no-referrer",
		"Content-Length": "32", "X-Content-Type-Options": "nosniff"} {
		if got.Header().Get(name) != want {
			t.Errorf("%s: %q", name, got.Header().Get(name))
		}
	}
	if got.Code != http.StatusOK || !strings.HasPrefix(got.Header().Get("Cache-Control"), "private") || !strings.HasPrefix(got.Body.String(), "BEGIN:VCALENDAR\r\n") {
		t.Errorf("%d %v %s", got.Code, got.Header(), got.Body)
	}
	head := c.ask(http.MethodHead, "/calendar/good.ics", someone)
	if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Length") != "32" || head.Header().Get("ETag") != `"mark1"` {
		t.Errorf("HEAD: %d %v %s", head.Code, head.Header(), head.Body)
	}
	for _, mark := range []string{`"mark1"`, `W/"mark1"`, `"other", W/"mark1"`, "*"} {
		if same := c.ask(http.MethodGet, "/calendar/good.ics", someone, "If-None-Match", mark); same.Code != http.StatusNotModified || same.Body.Len() != 0 {
			t.Errorf("%s: %d", mark, same.Code)
		}
	}
	if other := c.ask(http.MethodGet, "/calendar/good.ics", someone, "If-None-Match", `"mark0"`); other.Code != http.StatusOK {
		t.Errorf("an old mark: %d", other.Code)
	}
	for _, path := range []string{"/calendar/wrong.ics", "/calendar/good", "/calendar/.ics", "/calendar/good.ics.ics", "/calendar/good.ICS", "/calendar/", "/calendar/a/good.ics"} {
		if got := c.ask(http.MethodGet, path, someone); got.Code != http.StatusNotFound || strings.Contains(got.Body.String(), "VCALENDAR") {
			t.Errorf("%s: %d %s", path, got.Code, got.Body)
		}
	}
	if got := c.ask(http.MethodPost, "/calendar/good.ics", someone); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", got.Code)
	}
	c.err = context.DeadlineExceeded
	if got := c.ask(http.MethodGet, "/calendar/good.ics", someone); got.Code != http.StatusServiceUnavailable {
		t.Errorf("a database that is away: %d", got.Code)
	}
}

// Who tries tokens is stopped for the rest of the minute, by their own address;
// a calendar that many read from one address is not.
func TestGuessingCalendarsIsBounded(t *testing.T) {
	t.Parallel()
	c := newCalendarAt()
	const guesser, other = "203.0.113.7:5000", "198.51.100.2:5000"
	for range calendarMisses {
		c.ask(http.MethodGet, "/calendar/wrong.ics", guesser)
	}
	if got := c.ask(http.MethodGet, "/calendar/good.ics", guesser); got.Code != http.StatusTooManyRequests || got.Header().Get("Retry-After") == "" {
		t.Errorf("who guesses: %d", got.Code)
	}
	for range calendarReads {
		if got := c.ask(http.MethodGet, "/calendar/good.ics", other); got.Code != http.StatusOK {
			t.Fatalf("somebody else: %d", got.Code)
		}
	}
	if got := c.ask(http.MethodGet, "/calendar/good.ics", "192.0.2.1:1"); got.Code != http.StatusTooManyRequests {
		t.Errorf("one calendar more than %d times a minute: %d", calendarReads, got.Code)
	}
	c.now = c.now.Add(time.Minute)
	if got := c.ask(http.MethodGet, "/calendar/good.ics", guesser); got.Code != http.StatusOK {
		t.Errorf("a minute later: %d", got.Code)
	}
	// Behind a proxy each is counted by the address that the proxy saw.
	for i := range 3 * calendarMisses {
		from := fmt.Sprintf("198.51.100.%d", i%3)
		c.ask(http.MethodGet, "/calendar/wrong.ics", "127.0.0.1:9", "X-Forwarded-For", "10.9.9.9, "+from)
	}
	if got := c.ask(http.MethodGet, "/calendar/good.ics", "127.0.0.1:9", "X-Forwarded-For", "203.0.113.99"); got.Code != http.StatusOK {
		t.Errorf("somebody else behind the proxy: %d", got.Code)
	}
	if got := c.ask(http.MethodGet, "/calendar/good.ics", "127.0.0.1:9", "X-Forwarded-For", "203.0.113.99, 198.51.100.1"); got.Code != http.StatusTooManyRequests {
		t.Errorf("who guesses behind the proxy: %d", got.Code)
	}
	// An address that is not ours cannot say that it is another's.
	for range calendarMisses {
		c.ask(http.MethodGet, "/calendar/wrong.ics", "203.0.113.50:1", "X-Forwarded-For", "203.0.113.51")
	}
	if got := c.ask(http.MethodGet, "/calendar/good.ics", "203.0.113.51:1"); got.Code != http.StatusOK {
		t.Errorf("somebody was blamed for another: %d", got.Code)
	}
}
