package sandbox_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"

	"muster/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; the machine is shared and may be busy.
const patience = 20 * time.Second

// monday is when the stories below take place.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))

// handClock is moved by hand.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// town is a workspace with four people and three channels; #calls and the
// private #leaders have the bot, #lounge has not.
func town(t *testing.T, change ...func(*sandbox.Options)) *sandbox.World {
	t.Helper()
	o := sandbox.Options{Clock: func() time.Time { return monday }, Machine: time.Now, Page: true}
	for _, c := range change {
		c(&o)
	}
	w, err := sandbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, u := range []sandbox.User{
		{ID: "U1", Name: "chenlin", RealName: "陈琳", Email: "chenlin@example.org", Admin: true},
		{ID: "U2", Name: "ann", RealName: "Ann Lee", TZ: "Europe/Riga", Locale: "en-GB"},
		{ID: "U3", Name: "wangwu", RealName: "王五", DND: true},
		{ID: "U4", Name: "gone", RealName: "Gone", Deleted: true},
	} {
		w.AddUser(u)
	}
	bot := w.BotUserID()
	w.AddChannel(sandbox.Channel{ID: "C1", Name: "calls", Members: []string{"U1", "U2", "U3", bot}})
	w.AddChannel(sandbox.Channel{ID: "C2", Name: "lounge", Members: []string{"U1", "U2"}})
	w.AddChannel(sandbox.Channel{ID: "G1", Name: "leaders", Private: true, Members: []string{"U1", bot}})
	w.AddChannel(sandbox.Channel{ID: "G2", Name: "board", Private: true, Members: []string{"U1"}})
	w.AddChannel(sandbox.Channel{ID: "C9", Name: "old", Archived: true, Members: []string{"U1", bot}})
	w.AddUserGroup("S1", "drivers", []string{"U2", "U3"})
	return w
}

func client(w *sandbox.World) *slack.Client {
	return slack.New(w.BotToken(), slack.OptionAPIURL(w.APIURL()), slack.OptionAppLevelToken(w.AppToken()))
}

// healthy fails the test if the sandbox had reason to complain.
func healthy(t *testing.T, w *sandbox.World) {
	t.Helper()
	if c := w.Complaints(); len(c) > 0 {
		t.Errorf("complaints:\n%s", strings.Join(c, "\n"))
	}
}

func wantError(t *testing.T, what string, err error, code string) {
	t.Helper()
	if err == nil || err.Error() != code {
		t.Errorf("%s: got error %v, want %s", what, err, code)
	}
}

func await(t *testing.T, w *sandbox.World, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := w.Await(ctx, what, cond); err != nil {
		t.Fatal(err)
	}
}

// robot is a minimal bot on the real slack-go client.
type robot struct {
	api *slack.Client
	w   *sandbox.World

	mu     sync.Mutex
	events []string // type, event id and attempt of every envelope
	on     func(socketmode.Event, ack)
}

// ack acknowledges an envelope; it never blocks longer than the robot runs.
type ack func(payload any)

// connect runs a robot until the test ends. on handles what is not connection
// state; nil acknowledges everything.
func connect(t *testing.T, w *sandbox.World, on func(socketmode.Event, ack)) *robot {
	t.Helper()
	if on == nil {
		on = func(_ socketmode.Event, done ack) { done(nil) }
	}
	r := &robot{api: client(w), w: w, on: on}
	before := w.Sockets()
	r.run(t)
	await(t, w, "a socket", func() bool { return w.Sockets() == before+1 })
	return r
}

func (r *robot) run(t *testing.T) {
	sm := socketmode.New(r.api)
	ctx, cancel := context.WithCancel(context.Background())
	var both sync.WaitGroup
	both.Go(func() {
		if err := sm.RunContext(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("socket mode ended: %v", err)
		}
	})
	both.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-sm.Events:
				r.handle(e, func(payload any) {
					// slack-go would wait for itself if its events were not read while an
					// acknowledgement waits for the next connection.
					both.Go(func() { _ = sm.AckCtx(ctx, e.Request.EnvelopeID, payload) })
				})
			}
		}
	})
	t.Cleanup(func() {
		cancel()
		both.Wait()
	})
}

func (r *robot) handle(e socketmode.Event, done ack) {
	r.note(string(e.Type))
	if e.Request != nil && e.Request.EnvelopeID != "" {
		r.on(e, done)
	}
}

func (r *robot) note(what string) {
	r.mu.Lock()
	r.events = append(r.events, what)
	r.mu.Unlock()
	r.w.Nudge()
}

func (r *robot) count(what string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, e := range r.events {
		if e == what {
			n++
		}
	}
	return n
}

// inner is the event of an Events API envelope.
func inner[T any](e socketmode.Event) (T, bool) {
	var none T
	outer, ok := e.Data.(slackevents.EventsAPIEvent)
	if !ok {
		return none, false
	}
	data, ok := outer.InnerEvent.Data.(T)
	return data, ok
}

func TestWhatOptionsMustSay(t *testing.T) {
	t.Parallel()
	if _, err := sandbox.Start(sandbox.Options{}); err == nil {
		t.Error("started without clocks")
	}
}

func TestTokensAndScopesAreAskedForAsSlackDoes(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.BotScopes = []string{"chat:write", "commands"} })
	at := slack.OptionAPIURL(w.APIURL())

	if a, err := client(w).AuthTest(); err != nil || a.UserID != w.BotUserID() || a.TeamID != w.TeamID() {
		t.Errorf("auth.test: %+v, %v", a, err)
	}
	_, err := slack.New("", at).AuthTest()
	wantError(t, "no token", err, "not_authed")
	_, err = slack.New("xoxb-wrong", at).AuthTest()
	wantError(t, "wrong token", err, "invalid_auth")
	_, _, err = slack.New(w.AppToken(), at).PostMessage("C1", slack.MsgOptionText("x", false))
	wantError(t, "app token for a bot method", err, "not_allowed_token_type")

	_, err = client(w).GetUserInfo("U1")
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != "missing_scope" || refused.Needed != "users:read" || refused.Provided != "chat:write,commands" {
		t.Errorf("missing scope: %#v", err)
	}
	_, err = client(w).GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "G1"})
	if !errors.As(err, &refused) || refused.Needed != "groups:history" {
		t.Errorf("history of a private channel: %#v", err)
	}
	healthy(t, w)

	w.Uninstall()
	_, err = client(w).AuthTest()
	wantError(t, "after uninstall", err, "account_inactive")
}

func TestUnknownMethodsAreRefusedLoudly(t *testing.T) {
	t.Parallel()
	w := town(t)
	if _, _, err := client(w).ListPins("C1"); err == nil || err.Error() != "unknown_method" {
		t.Errorf("pins.list: %v", err)
	}
	if c := w.Complaints(); len(c) == 0 || !strings.Contains(c[0], "pins.list") {
		t.Errorf("complaints: %v", c)
	}
}
