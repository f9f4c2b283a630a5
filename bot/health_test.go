package bot

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadiness(t *testing.T) {
	t.Parallel()
	fine := func(context.Context) error { return nil }
	bad := func(context.Context) error { return errors.New("dial tcp 10.0.0.7: refused") }
	never := func() (time.Duration, bool) { return 0, false }
	for _, tt := range []struct {
		name   string
		o      HealthOptions
		after  time.Duration
		status int
		body   string
	}{
		{"all well", HealthOptions{Database: fine, Schema: fine, Web: fine, Silence: func() (time.Duration, bool) { return time.Second, true }}, 0, 200, `{"status":"ok"}`},
		{"no database", HealthOptions{Database: bad, Schema: bad}, 0, 503, `{"status":"red","reasons":{"database":"the database does not answer"}}`},
		{"an older schema", HealthOptions{Database: fine, Schema: bad}, 0, 503, `{"status":"red","reasons":{"schema":"the database has not this version's schema"}}`},
		{"a minute of silence", HealthOptions{Silence: func() (time.Duration, bool) { return time.Minute, true }}, 0, 503, `{"status":"red","reasons":{"sockets":"no sign of life from Slack for 1m0s"}}`},
		{"just started", HealthOptions{Silence: never}, 30 * time.Second, 200, `{"status":"ok"}`},
		{"never connected", HealthOptions{Silence: never}, 90 * time.Second, 503, `{"status":"red","reasons":{"sockets":"no sign of life from Slack for 1m30s"}}`},
		{"no Web API", HealthOptions{Web: bad}, 0, 200, `{"status":"degraded","reasons":{"web_api":"Slack's Web API cannot be reached"}}`},
		{"a Web API that refuses is there", HealthOptions{Web: func(context.Context) error { return &Fault{Kind: FaultRefused, Code: "invalid_auth"} }}, 0, 200, `{"status":"ok"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			now := time.Unix(1_800_000_000, 0)
			tt.o.Machine = func() time.Time { return now }
			h := NewHealth(tt.o)
			now = now.Add(tt.after)
			w := httptest.NewRecorder()
			h.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
			if w.Code != tt.status || strings.TrimSpace(w.Body.String()) != tt.body {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			w = httptest.NewRecorder()
			h.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
			if w.Code != 200 {
				t.Errorf("/healthz says %d", w.Code)
			}
		})
	}
}

func TestAProbeEachSecondIsNotACallEachSecond(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	asked := 0
	h := NewHealth(HealthOptions{Machine: func() time.Time { return now }, Web: func(context.Context) error { asked++; return nil }})
	for range 60 {
		h.Ready(t.Context())
		now = now.Add(time.Second)
	}
	if asked > 12 {
		t.Errorf("Slack was asked %d times in a minute", asked)
	}
}

func TestMetricsSpeakPrometheus(t *testing.T) {
	t.Parallel()
	m := NewMetrics()
	m.Count("muster_sends_total", "op", "post", "outcome", "sent")
	m.Count("muster_sends_total", "op", "post", "outcome", "sent")
	m.Took("muster_ack_seconds", 30*time.Millisecond)
	m.Gauge("muster_outbox_messages", func() map[string]float64 { return map[string]float64{Label("state", "queued"): 3} })
	w := httptest.NewRecorder()
	NewHealth(HealthOptions{Machine: time.Now, Metrics: m}).MetricsHandler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	want := `# HELP muster_sends_total Outgoing messages by operation and outcome.
# TYPE muster_sends_total counter
muster_sends_total{op="post",outcome="sent"} 2
# HELP muster_ack_seconds From receiving an envelope to acknowledging it.
# TYPE muster_ack_seconds histogram
muster_ack_seconds_bucket{le="0.005"} 0
muster_ack_seconds_bucket{le="0.01"} 0
muster_ack_seconds_bucket{le="0.025"} 0
muster_ack_seconds_bucket{le="0.05"} 1
muster_ack_seconds_bucket{le="0.1"} 1
muster_ack_seconds_bucket{le="0.25"} 1
muster_ack_seconds_bucket{le="0.5"} 1
muster_ack_seconds_bucket{le="1"} 1
muster_ack_seconds_bucket{le="2.5"} 1
muster_ack_seconds_bucket{le="5"} 1
muster_ack_seconds_bucket{le="10"} 1
muster_ack_seconds_bucket{le="+Inf"} 1
muster_ack_seconds_sum 0.03
muster_ack_seconds_count 1
# HELP muster_outbox_messages Messages in the outbox by state.
# TYPE muster_outbox_messages gauge
muster_outbox_messages{state="queued"} 3
`
	if diff := cmp.Diff(want, w.Body.String()); diff != "" {
		t.Error(diff)
	}
}

func TestStartUpNamesTokenAndScope(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		web  *fakeWeb
		want string // "" = may start
	}{
		{"all scopes", &fakeWeb{id: Identity{BotUser: "UB", Scopes: []string{"chat:write", "commands"}}}, ""},
		{"a scope is missing", &fakeWeb{id: Identity{Scopes: []string{"commands"}}}, "SLACK_BOT_TOKEN lacks the scopes chat:write: add them to the app (muster manifest prints all of them) and install it again"},
		{"a wrong token", &fakeWeb{fail: func(c call) error { return &Fault{Kind: FaultRefused, Method: c.Method, Code: "invalid_auth"} }}, "SLACK_BOT_TOKEN is refused by Slack (invalid_auth): copy the bot token from the app's page OAuth & Permissions"},
		{"an app token in its place", &fakeWeb{fail: func(c call) error {
			return &Fault{Kind: FaultRefused, Method: c.Method, Code: "not_allowed_token_type"}
		}}, "SLACK_BOT_TOKEN is of the wrong type (Slack says not_allowed_token_type): a bot token begins with xoxb-"},
		{"an old token", &fakeWeb{fail: func(c call) error { return &Fault{Kind: FaultRefused, Method: c.Method, Code: "token_expired"} }}, "SLACK_BOT_TOKEN has expired (Slack says token_expired): turn token rotation off or make a new token"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newFakeWeb(time.Now)
			w.id, w.fail = tt.web.id, tt.web.fail
			_, err := Check(t.Context(), w, []string{"chat:write", "commands"})
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q", got)
			}
			var token *TokenFault
			if err != nil && !errors.As(err, &token) {
				t.Errorf("%v is not for good", err)
			}
		})
	}
	w := newFakeWeb(time.Now)
	w.fail = func(c call) error { return &Fault{Kind: FaultUnreached, Method: c.Method, Code: "unreached"} }
	var token *TokenFault
	if _, err := Check(t.Context(), w, nil); err == nil || errors.As(err, &token) {
		t.Errorf("an unreachable Slack gave %v", err)
	}
}
