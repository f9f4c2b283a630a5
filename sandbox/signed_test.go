package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/sandbox"
)

// office is a bot that is reached by signed HTTP.
type office struct {
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
	answer   func(rw http.ResponseWriter, path, body string)
}

func newOffice(t *testing.T, w *sandbox.World) *office {
	o := &office{}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		check, err := slack.NewSecretsVerifier(r.Header, w.SigningSecret())
		if err == nil {
			_, _ = check.Write(body)
			err = check.Ensure()
		}
		if err != nil {
			http.Error(rw, err.Error(), http.StatusUnauthorized)
			return
		}
		o.mu.Lock()
		o.requests = append(o.requests, r)
		o.bodies = append(o.bodies, string(body))
		answer := o.answer
		o.mu.Unlock()
		if answer != nil {
			answer(rw, r.URL.Path, string(body))
		}
	}))
	t.Cleanup(server.Close)
	w.SetHTTPBase(server.URL + "/")
	return o
}

func (o *office) last() (*http.Request, string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.requests[len(o.requests)-1], o.bodies[len(o.bodies)-1]
}

func (o *office) reply(f func(rw http.ResponseWriter, path, body string)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = f
}

func write(s string) func(http.ResponseWriter, string, string) {
	return func(rw http.ResponseWriter, _, _ string) { _, _ = io.WriteString(rw, s) }
}

func TestSignedRequestsCarryCommandsPressesAndEvents(t *testing.T) {
	t.Parallel()
	w := town(t)
	o := newOffice(t, w)
	chen, api := w.As("U1"), client(w)

	o.reply(write("plain words"))
	got := chen.Command("C1", "/muster", "help")
	if !got.Acked || got.Response == nil || got.Response.Text != "plain words" || !got.Response.Ephemeral {
		t.Errorf("%+v", got)
	}
	r, _ := o.last()
	if r.URL.Path != "/slack/commands" {
		t.Error(r.URL.Path)
	}
	o.reply(write(`{"response_type":"in_channel","text":"for all"}`))
	if got = chen.Command("C1", "/muster", "help"); got.Response == nil || got.Response.Ephemeral {
		t.Errorf("%+v", got)
	}

	o.reply(write(""))
	if got = chen.Command("C1", "/muster", "call"); !got.Acked || got.Response != nil {
		t.Errorf("%+v", got)
	}
	if _, _, err := api.PostMessage("C1", text("card"), card(button("call_join", "1"))); err != nil {
		t.Fatal(err)
	}
	messages := w.Messages("C1")
	if got = chen.Press(messages[len(messages)-1], "call_join"); !got.Acked {
		t.Errorf("%+v", got)
	}
	var trigger string
	o.mu.Lock()
	for i, r := range o.requests {
		if r.URL.Path == "/slack/interactions" {
			values := parseForm(t, o.bodies[i])
			var press slack.InteractionCallback
			if err := json.Unmarshal([]byte(values.Get("payload")), &press); err != nil {
				t.Error(err)
			}
			trigger = press.TriggerID
		}
	}
	o.mu.Unlock()
	if _, err := api.OpenView(trigger, form("x")); err != nil {
		t.Fatal(err)
	}
	v, _ := chen.View()
	o.reply(write(`{"response_action":"errors","errors":{"title":"no"}}`))
	if got = chen.Submit(v, map[string]any{"title": "x"}); got.Errors["title"] != "no" {
		t.Errorf("%+v", got)
	}
	healthy(t, w)
}

func TestEventsByHTTPAreRetriedWithHeaders(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.RetryAfter = []time.Duration{0, 0, 0} })
	o := newOffice(t, w)
	o.reply(func(rw http.ResponseWriter, _, _ string) { rw.WriteHeader(http.StatusServiceUnavailable) })
	w.As("U1").Say("C1", "hello")
	await(t, w, "the last retry", func() bool { return len(w.Unanswered()) == 1 })
	r, _ := o.last()
	if r.Header.Get("X-Slack-Retry-Num") != "3" || r.Header.Get("X-Slack-Retry-Reason") != "http_error" || len(w.Deliveries()) != 4 {
		t.Errorf("%v", r.Header)
	}
	o.reply(func(rw http.ResponseWriter, _, _ string) {
		rw.Header().Set("X-Slack-No-Retry", "1")
		rw.WriteHeader(http.StatusInternalServerError)
	})
	w.As("U1").Say("C1", "again")
	await(t, w, "one attempt", func() bool { d := w.Deliveries(); return len(d) == 5 && d[4].Failure == "http_error" })
}

func TestTheRequestURLIsVerified(t *testing.T) {
	t.Parallel()
	w := town(t)
	if err := w.VerifyURL(); err == nil {
		t.Error("verified without an address")
	}
	o := newOffice(t, w)
	o.reply(func(rw http.ResponseWriter, _, body string) {
		var asked struct{ Challenge string }
		_ = json.Unmarshal([]byte(body), &asked)
		_, _ = io.WriteString(rw, asked.Challenge)
	})
	if err := w.VerifyURL(); err != nil {
		t.Error(err)
	}
}

func TestSocketsComeBeforeHTTPUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	for _, prefer := range []bool{false, true} {
		w := town(t, func(o *sandbox.Options) { o.PreferHTTP = prefer })
		newOffice(t, w)
		connect(t, w, nil)
		w.As("U1").Command("C1", "/muster", "help")
		d := w.Deliveries()
		if byHTTP := d[len(d)-1].Socket == 0; byHTTP != prefer {
			t.Errorf("prefer HTTP %v: by HTTP %v", prefer, byHTTP)
		}
	}
}

func parseForm(t *testing.T, body string) url.Values {
	t.Helper()
	values, err := url.ParseQuery(body)
	if err != nil {
		t.Error(err)
	}
	return values
}
