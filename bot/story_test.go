package bot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/bot"
	"muster/sandbox"
)

func TestTheSameEventFourTimesActsOnce(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{})
	h.router.OnAny(bot.KindMessage, h.act)
	h.connect()
	h.slack.As("U01").Say("C1", "+1")
	h.await("the first act", func() bool { return h.acted() == 1 })
	for range 3 {
		h.slack.Redeliver(1)
	}
	h.await("four acknowledgements", func() bool { return h.acknowledged("events_api") >= 4 })
	if h.acted() != 1 {
		t.Errorf("acted %d times", h.acted())
	}
	h.quietly()
}

func TestAnEventThatArrivesOnlyAsARetryActs(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{})
	h.router.OnAny(bot.KindMessage, h.act)
	h.connect()
	h.slack.HoldSockets(true)
	h.slack.As("U01").Say("C1", "报名")
	h.await("failed attempts", func() bool { return len(h.slack.Deliveries()) >= 2 })
	h.slack.HoldSockets(false)
	h.await("the act", func() bool { return h.acted() == 1 })
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.acts[0].Retry == 0 {
		t.Error("it was not a retry")
	}
}

func TestAThousandClicksOverTwentyRefreshesNoneLostNoneDoubled(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{Limits: &sandbox.Limits{Off: true}})
	h.router.OnAny(bot.KindAction, h.act)
	h.connect()
	channel, ts, err := h.web.Post(t.Context(), bot.Post{Channel: "C1", Text: "card", Blocks: []slack.Block{
		slack.NewActionBlock("b", slack.NewButtonBlockElement("call_join", "7", slack.NewTextBlockObject("plain_text", "Join", false, false)))}})
	if err != nil {
		t.Fatal(err)
	}
	card, _ := h.slack.Message(channel, ts)
	var people sync.WaitGroup
	var mu sync.Mutex
	unanswered := 0
	for i := range 50 {
		people.Go(func() {
			for range 20 {
				if out := h.slack.As(fmt.Sprintf("U%02d", i)).Press(card, "call_join"); !out.Acked {
					mu.Lock()
					unanswered++
					mu.Unlock()
				}
			}
		})
	}
	for range 20 {
		h.slack.Refresh()
		h.await("both sockets again", func() bool { return h.slack.Sockets() >= 2 })
	}
	people.Wait()
	h.await("all acts", func() bool { return h.acted() >= 1000 })
	if h.acted() != 1000 {
		t.Errorf("acted %d times on 1000 clicks", h.acted())
	}
	if unanswered > 0 {
		t.Errorf("%d clicks were not acknowledged in time", unanswered)
	}
	h.quietly()
}

func TestWithoutAConnectionNothingBlocksAndThenTheBacklogDrains(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{RetryAfter: []time.Duration{500 * time.Millisecond, 2 * time.Second, 2 * time.Second}})
	h.router.OnAny(bot.KindMessage, h.act)
	h.slow = 100 * time.Millisecond
	h.connect()
	for i := range 60 {
		h.slack.As(fmt.Sprintf("U%02d", i)).Say("C1", "+1")
	}
	h.slack.Down(true) // in the middle of it
	before := runtime.NumGoroutine()
	h.await("the handlers at rest", func() bool { return h.intake.Waiting() == 0 })
	if grown := runtime.NumGoroutine() - before; grown > 20 {
		t.Errorf("%d more goroutines without a connection", grown)
	}
	h.slack.Down(false)
	h.slack.RetryNow()
	h.await("the backlog", func() bool { return h.acted() == 60 })
	h.await("both sockets again", func() bool { return h.slack.Sockets() == 2 })
}

func TestWhatCannotBeReadIsAcknowledged(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{})
	h.router.OnAny(bot.KindMessage, h.act)
	h.connect()
	for _, frame := range []string{
		`{"type":"brand_new","envelope_id":"E1","payload":{"x":1}}`,
		`{"type":"events_api","envelope_id":"E2","payload":{"event":{"type":7}}}`,
		`{"type":"interactive","envelope_id":"E3","payload":{"type":"block_actions","actions":"none"}}`,
		`{"type":"slash_commands","envelope_id":"E4","payload":"not a command"}`,
		`not json at all`,
		// One field of an odd type must not cost the event.
		`{"type":"events_api","envelope_id":"E5","payload":{"type":"event_callback","team_id":"T1","event_id":"EvX","event":{"type":"message","channel":"C1","user":"U01","text":"in","ts":"1.1","blocks":{"a":1},"files":"x","edited":5}}}`,
	} {
		if !h.slack.SendRaw([]byte(frame)) {
			t.Fatal("no connection")
		}
	}
	h.await("the readable one", func() bool { return h.acted() == 1 })
	h.await("the others counted", func() bool {
		return h.metrics.Counted("muster_envelopes_total", "kind", "other", "outcome", "undecodable") >= 1 &&
			h.metrics.Counted("muster_envelopes_total", "kind", "events_api", "outcome", "undecodable") == 1 &&
			h.metrics.Counted("muster_envelopes_total", "kind", "interactive", "outcome", "undecodable") == 1 &&
			h.metrics.Counted("muster_envelopes_total", "kind", "slash_commands", "outcome", "undecodable") == 1
	})
	h.slack.As("U02").Say("C1", "still here?")
	h.await("the next message", func() bool { return h.acted() == 2 })
}

func TestAnswersReachThePerson(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{})
	modal := &slack.ModalViewRequest{Type: slack.VTModal, CallbackID: "call", Title: slack.NewTextBlockObject("plain_text", "Call", false, false),
		Submit: slack.NewTextBlockObject("plain_text", "Send", false, false),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("title", slack.NewTextBlockObject("plain_text", "What", false, false), nil,
			slack.NewPlainTextInputBlockElement(nil, "in"))}}}
	h.router.Verb("help", func(context.Context, bot.Request) (bot.Reply, error) { return bot.Reply{Text: "what I can do"}, nil })
	h.router.Verb("me", func(context.Context, bot.Request) (bot.Reply, error) {
		return bot.Reply{Text: "your shifts", Private: true}, nil
	})
	h.router.Verb("call", func(context.Context, bot.Request) (bot.Reply, error) { return bot.Reply{Modal: modal}, nil })
	var got []string
	h.router.On(bot.KindSubmission, "call", func(_ context.Context, r bot.Request) (bot.Reply, error) {
		title := r.Fields["title"][0]
		if title == "bad" {
			return bot.Reply{Errors: map[string]string{"title": "Say what."}}, nil
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		got = append(got, title)
		return bot.Reply{Text: "posted"}, nil
	})
	h.router.OnAny(bot.KindHome, func(context.Context, bot.Request) (bot.Reply, error) {
		return bot.Reply{Home: &slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewSectionBlock(slack.NewTextBlockObject("plain_text", "my shifts", false, false), nil, nil)}}}}, nil
	})
	h.connect()
	u := h.slack.As("U05")

	if out := u.Command("C1", "/muster", "help"); !out.Acked || out.Response == nil || out.Response.Text != "what I can do" || !out.Response.Ephemeral {
		t.Errorf("the command: %+v", out)
	}
	ts := u.Say("C1", "<@"+h.slack.BotUserID()+"> help")
	h.await("the mention's answer", func() bool {
		return slices.ContainsFunc(u.Ephemerals("C1"), func(m sandbox.Message) bool { return m.Text == "what I can do" && m.ThreadTS == "" })
	})
	u.SayIn("C1", ts, "<@"+h.slack.BotUserID()+"> help")
	h.await("the answer in the thread", func() bool {
		return slices.ContainsFunc(u.Ephemerals("C1"), func(m sandbox.Message) bool { return m.ThreadTS == ts })
	})
	u.Say("C1", "<@"+h.slack.BotUserID()+"> me")
	h.await("the private answer", func() bool { return len(u.Inbox()) == 1 && u.Inbox()[0].Text == "your shifts" })
	u.DM("help")
	h.await("the direct answer", func() bool { return len(u.Inbox()) == 2 && u.Inbox()[1].Metadata != nil })

	u.Command("C1", "/muster", "call")
	h.await("the modal", func() bool { _, ok := u.View(); return ok })
	view, _ := u.View()
	if out := u.Submit(view, map[string]any{"title": "bad"}); out.Errors["title"] != "Say what." {
		t.Errorf("errors at the field: %+v", out)
	}
	view, _ = u.View()
	if out := u.Submit(view, map[string]any{"title": "沙袋 & <bags>"}); !out.Acked {
		t.Errorf("the submission: %+v", out)
	}
	h.await("the word that it is posted", func() bool { return len(u.Inbox()) == 3 })
	h.mu.Lock()
	if len(got) != 1 || got[0] != "沙袋 & <bags>" {
		t.Errorf("the handler got %q", got)
	}
	h.mu.Unlock()
	u.OpenHome()
	h.await("Home", func() bool { return u.Home().AllText() != "" })
	h.quietly()
}

func TestSignedHTTPActsOnceToo(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{PreferHTTP: true})
	h.router.OnAny(bot.KindMessage, h.act)
	h.router.OnAny(bot.KindMention, h.act)
	h.router.Verb("help", func(context.Context, bot.Request) (bot.Reply, error) { return bot.Reply{Text: "what I can do"}, nil })
	server := httptest.NewServer(bot.NewHTTPIntake(h.intake, h.slack.SigningSecret()).Handler())
	defer server.Close()
	h.slack.SetHTTPBase(server.URL)
	if out := h.slack.As("U01").Command("C1", "/muster", "help"); !out.Acked || out.Response == nil {
		t.Errorf("the command: %+v", out)
	}
	h.slack.DeliverTwice(true)
	h.slack.As("U01").Say("C1", "+1")
	h.slack.As("U02").Say("C1", "hello <@"+h.slack.BotUserID()+">")
	h.await("the acknowledgements", func() bool { return h.acknowledged("events_api") >= 6 })
	if h.acted() != 2 {
		t.Errorf("acted %d times", h.acted())
	}
	h.quietly()
}

func TestTheSignOfLife(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{PingEvery: 50 * time.Millisecond}).connect()
	silence := func() time.Duration { d, _ := h.socket.Silence(); return d }
	h.slack.HoldPings(true)
	h.await("silence without pings", func() bool { return silence() > time.Second })
	h.slack.HoldPings(false)
	h.await("a ping is a sign of life", func() bool { return silence() < 500*time.Millisecond })
	if n := len(h.socket.Silences()); n != 2 {
		t.Errorf("%d connections", n)
	}
}

func TestBadTokensEndWithOneSentence(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{BotScopes: []string{"commands", "users:read"}})
	run := func(app string) error {
		client := bot.NewHTTPClient()
		defer client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return bot.NewSocketIntake(bot.SocketOptions{AppToken: app, URL: h.slack.APIURL(), HTTP: client, Intake: h.intake, Machine: time.Now, Connections: 1}).Run(ctx)
	}
	if err := run("xapp-wrong"); err == nil || !strings.Contains(err.Error(), "SLACK_APP_TOKEN") {
		t.Errorf("a wrong app token: %v", err)
	}
	for _, code := range []string{"not_allowed_token_type", "token_expired", "missing_scope", "account_inactive", "token_revoked"} {
		h.slack.FailNext("apps.connections.open", code, 1)
		if err := run(h.slack.AppToken()); err == nil || !strings.Contains(err.Error(), "SLACK_APP_TOKEN") || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: %v", code, err)
		}
	}
	_, err := bot.Check(t.Context(), h.web, []string{"commands", "chat:write", "im:write"})
	var fault *bot.TokenFault
	if !errors.As(err, &fault) || !slices.Equal(fault.Missing, []string{"chat:write", "im:write"}) {
		t.Errorf("missing scopes: %v", err)
	}
}

func TestAcknowledgementsAreFast(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{})
	h.router.Verb("help", func(context.Context, bot.Request) (bot.Reply, error) { return bot.Reply{Text: "here"}, nil })
	h.connect()
	var took []time.Duration
	for i := range 300 {
		out := h.slack.As(fmt.Sprintf("U%02d", i%60)).Command("C1", "/muster", "help")
		if !out.Acked {
			t.Fatalf("command %d was not acknowledged: %s", i, out.Refused)
		}
		took = append(took, out.Took)
	}
	slices.Sort(took)
	if p99 := took[len(took)*99/100]; p99 > time.Second {
		t.Errorf("p99 is %s", p99)
	}
}

func TestReadinessOverHTTP(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{}).connect()
	health := bot.NewHealth(bot.HealthOptions{Machine: time.Now, Silence: h.socket.Silence, Metrics: h.metrics,
		Web: func(ctx context.Context) error { _, err := h.web.Auth(ctx); return err }})
	ask := func() int {
		w := httptest.NewRecorder()
		health.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
		return w.Code
	}
	if code := ask(); code != http.StatusOK {
		t.Errorf("ready: %d", code)
	}
}
