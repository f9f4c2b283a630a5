package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

func TestForgedRequestsHaveNoEffect(t *testing.T) {
	t.Parallel()
	acted := false
	p := newPorch(t, func(ro *Router) {
		h := func(context.Context, Request) (Reply, error) { acted = true; return Reply{}, nil }
		ro.OnAny(KindCommand, h)
		ro.OnAny(KindAction, h)
		ro.OnAny(KindMessage, h)
	})
	defer p.close(t)
	unsigned := func(r *http.Request) { r.Header.Del("X-Slack-Signature") }
	form := url.Values{"payload": {press("call_join")}}.Encode()
	for name, w := range map[string]*httptest.ResponseRecorder{
		"an event":    p.send("/slack/events", "application/json", told(`{"type":"message","channel":"C1","user":"U1","text":"x","ts":"1.1"}`), unsigned),
		"a handshake": p.send("/slack/events", "application/json", `{"type":"url_verification","challenge":"abc"}`, unsigned),
		"a command":   p.send("/slack/commands", asForm, "text=help", unsigned),
		"a press":     p.send("/slack/interactions", asForm, form, unsigned),
	} {
		if w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), "abc") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	// A payload in the query is not covered by the signature of the body.
	if w := p.send("/slack/interactions?"+form, asForm, "x=1"); w.Code != http.StatusOK {
		t.Errorf("a payload in the query: %d", w.Code)
	}
	if w := p.send("/slack/events", "application/json", strings.Repeat("x", mostBody+1)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", w.Code)
	}
	if acted {
		t.Error("something was done")
	}
}

func TestHTTPAnswersAsSlackWants(t *testing.T) {
	t.Parallel()
	modal := &slack.ModalViewRequest{Type: slack.VTModal, CallbackID: "call"}
	p := newPorch(t, func(ro *Router) {
		ro.Verb("help", says("what I can do"))
		ro.Verb("quiet", says(""))
		ro.On(KindSubmission, "bad", func(context.Context, Request) (Reply, error) {
			return Reply{Errors: map[string]string{"when": "That is past."}}, nil
		})
		ro.On(KindSubmission, "next", func(context.Context, Request) (Reply, error) { return Reply{Modal: modal}, nil })
		ro.On(KindSubmission, "push", func(context.Context, Request) (Reply, error) { return Reply{Modal: modal, How: ModalPush}, nil })
		ro.On(KindSubmission, "fine", says(""))
	})
	defer p.close(t)
	submit := func(callback string) *httptest.ResponseRecorder {
		return p.interact(fmt.Sprintf(`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1","hash":"%s","callback_id":%q}}`, callback, callback))
	}
	for _, tt := range []struct {
		name string
		got  *httptest.ResponseRecorder
		want string
	}{
		{"the handshake", p.send("/slack/events", "application/json", `{"type":"url_verification","challenge":"3eZb"}`), "3eZb"},
		{"a command with words", p.command("help"), `{"response_type":"ephemeral","text":"what I can do"}`},
		{"a command without", p.command("quiet"), ""},
		{"errors at a field", submit("bad"), `{"errors":{"when":"That is past."},"response_action":"errors"}`},
		{"another view in its place", submit("next"), `{"response_action":"update","view":{"type":"modal","blocks":null,"callback_id":"call"}}`},
		{"another view on top", submit("push"), `{"response_action":"push","view":{"type":"modal","blocks":null,"callback_id":"call"}}`},
		{"a modal that closes", submit("fine"), ""},
		{"a payload nobody can read", p.interact(`{"type":`), ""},
		{"an event we know nothing of", p.event(`{"type":"goodness"}`), ""},
	} {
		if tt.got.Code != http.StatusOK || strings.TrimSpace(tt.got.Body.String()) != tt.want {
			t.Errorf("%s: %d %s", tt.name, tt.got.Code, tt.got.Body)
		}
	}
}

// memory is a handler that acts once on each delivery, as the store does.
type memory struct {
	mu   sync.Mutex
	seen map[string]bool
	acts []Request
}

func (m *memory) act(_ context.Context, r Request) (Reply, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen == nil {
		m.seen = map[string]bool{}
	}
	if m.seen[r.Delivery] {
		return Reply{}, models.ErrRepeat
	}
	m.seen[r.Delivery] = true
	m.acts = append(m.acts, r)
	return Reply{Text: "done"}, nil
}

func (m *memory) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.acts)
}

func TestOneMentionToldTwiceActsOnce(t *testing.T) {
	t.Parallel()
	var m memory
	p := newPorch(t, func(ro *Router) { ro.Verb("call", m.act); ro.OnAny(KindMessage, m.act) })
	const text = `"channel":"C1","user":"U1","text":"<@UBOT> call Sandbags","ts":"1.1"}`
	for range 2 {
		p.event(`{"type":"message",` + text)
		p.event(`{"type":"app_mention",` + text)
	}
	p.close(t)
	if m.count() != 1 || len(p.web.of("chat.postEphemeral")) != 1 {
		t.Errorf("acted %d times and answered %d times", m.count(), len(p.web.of("chat.postEphemeral")))
	}
}

func TestWhatIsNotKnownToBeStoredIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t, func(ro *Router) {
			ro.Verb("call", func(ctx context.Context, _ Request) (Reply, error) {
				return Reply{Text: "opened k12"}, pause(ctx, 4*time.Second) // a disk that hangs
			})
		})
		start := time.Now()
		w := p.command("call Sandbags")
		if took := time.Since(start); w.Code != http.StatusServiceUnavailable || took != ackWithin {
			t.Errorf("%d after %s", w.Code, took)
		}
		p.close(t)
		said := p.web.of("response_url")
		if len(said) != 1 || said[0].Text != "opened k12\nIt was slow, but it is done." {
			t.Errorf("the person was told %v", said)
		}
	})
}

func TestAFaultOfOursIsLeftToBeSentAgain(t *testing.T) {
	t.Parallel()
	var m memory
	broken := true
	p := newPorch(t, func(ro *Router) {
		h := func(ctx context.Context, r Request) (Reply, error) {
			if broken {
				return Reply{}, errors.New("the database does not answer")
			}
			return m.act(ctx, r)
		}
		ro.OnAny(KindMessage, h)
		ro.OnAny(KindCommand, h)
		ro.OnAny(KindReactionAdded, func(context.Context, Request) (Reply, error) { panic("bug") })
	})
	const in = `{"type":"message","channel":"C1","user":"U1","text":"in","ts":"1.1"}`
	if w := p.event(in); w.Code != http.StatusServiceUnavailable {
		t.Errorf("an event that was not stored: %d", w.Code)
	}
	if w := p.command("call"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "sorry: internal") {
		t.Errorf("a command that was not stored: %d %s", w.Code, w.Body)
	}
	if w := p.event(`{"type":"reaction_added","user":"U1","reaction":"hand","item":{"type":"message","channel":"C1","ts":"1.1"}}`); w.Code != http.StatusOK {
		t.Errorf("a request that would panic again: %d", w.Code)
	}
	broken = false
	again := func(r *http.Request) { r.Header.Set("X-Slack-Retry-Num", "1") }
	if w := p.send("/slack/events", "application/json", told(in), again); w.Code != http.StatusOK || m.count() != 1 || m.acts[0].Retry != 1 {
		t.Errorf("the second try: %d, acted %d times", w.Code, m.count())
	}
	p.close(t)
}

func TestPressesOfOnePersonKeepTheirOrder(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	got := map[string][]string{}
	p := newPorch(t, func(ro *Router) {
		ro.OnAny(KindAction, func(_ context.Context, r Request) (Reply, error) {
			mu.Lock()
			defer mu.Unlock()
			got[r.User] = append(got[r.User], r.Value)
			return Reply{}, nil
		})
	})
	var all sync.WaitGroup
	for i := range 300 {
		all.Add(1)
		user := fmt.Sprintf("U%d", i%3)
		e := envelope{kind: "interactive", received: time.Now(), answer: func(json.RawMessage) bool { all.Done(); return true }, refuse: func() {}}
		e.requests = []Request{{Kind: KindAction, Team: "T1", User: user, Value: fmt.Sprintf("%03d", i), Delivery: fmt.Sprint("trg:", i)}}
		p.in.take(t.Context(), e)
	}
	all.Wait()
	p.close(t)
	for user, values := range got {
		if !slices.IsSorted(values) || len(values) != 100 {
			t.Errorf("%s: %d presses, in order: %v", user, len(values), slices.IsSorted(values))
		}
	}
}

func TestAFloodIsBoundedAndWhatIsTooMuchIsLeftToBeSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t, func(ro *Router) {
			ro.OnAny(KindMessage, func(ctx context.Context, _ Request) (Reply, error) { return Reply{}, pause(ctx, time.Second) })
		})
		refused, answered := 0, 0
		var mu sync.Mutex
		for i := range 5000 {
			p.in.take(t.Context(), envelope{kind: "events_api", received: time.Now(),
				requests: []Request{{Kind: KindMessage, Team: "T1", User: fmt.Sprint("U", i), Delivery: fmt.Sprint("msg:", i)}},
				answer:   func(json.RawMessage) bool { mu.Lock(); defer mu.Unlock(); answered++; return true },
				refuse:   func() { mu.Lock(); defer mu.Unlock(); refused++ }})
		}
		if refused < 3900 || p.in.Waiting() > 1000 {
			t.Errorf("%d refused, %d wait", refused, p.in.Waiting())
		}
		p.close(t)
		if answered > 3*32 || answered+refused != 5000 {
			t.Errorf("%d acknowledged, %d refused", answered, refused)
		}
	})
}

func TestAPanicInAHandlerLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	p := newPorch(t, func(ro *Router) {
		ro.On(KindAction, "bad", func(context.Context, Request) (Reply, error) { panic("index out of range") })
		ro.On(KindAction, "good", says("good"))
	})
	for range 50 {
		if w := p.interact(press("bad")); w.Code != 200 {
			t.Fatalf("the bad press: %d", w.Code)
		}
	}
	p.interact(press("good"))
	p.close(t)
	said := p.web.of("response_url")
	if len(said) != 51 || said[50].Text != "good" || said[0].Text != "sorry: internal" {
		t.Errorf("%d answers, the last %v", len(said), said[len(said)-1])
	}
}

func TestFastAcknowledgements(t *testing.T) {
	t.Parallel()
	p := newPorch(t, func(ro *Router) { ro.OnAny(KindAction, says("")) })
	var took []time.Duration
	for range 500 {
		start := time.Now()
		if w := p.interact(press("x")); w.Code != 200 {
			t.Fatal(w.Code)
		}
		took = append(took, time.Since(start))
	}
	p.close(t)
	slices.Sort(took)
	if p99 := took[len(took)*99/100]; p99 > time.Second {
		t.Errorf("p99 is %s", p99)
	}
	var b strings.Builder
	if _, err := p.metrics.WriteTo(&b); err != nil || !strings.Contains(b.String(), "muster_ack_seconds_count 500") ||
		!strings.Contains(b.String(), `muster_envelopes_total{kind="interactive",outcome="acknowledged"} 500`) {
		t.Errorf("metrics:\n%s", b.String())
	}
}
