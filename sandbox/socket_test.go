package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox"
)

// seen collects what a robot was told, by event.
type seen struct {
	w  *sandbox.World
	mu sync.Mutex
	by map[string][]int // attempts by event id and type
}

func newSeen(w *sandbox.World) *seen { return &seen{w: w, by: map[string][]int{}} }

func (s *seen) add(e socketmode.Event) {
	outer, ok := e.Data.(slackevents.EventsAPIEvent)
	if !ok {
		return
	}
	callback := outer.Data.(*slackevents.EventsAPICallbackEvent)
	s.mu.Lock()
	key := callback.EventID + " " + outer.InnerEvent.Type
	s.by[key] = append(s.by[key], e.Request.RetryAttempt)
	s.mu.Unlock()
	s.w.Nudge()
}

func (s *seen) attempts(kind string) [][]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all [][]int
	for key, attempts := range s.by {
		if strings.HasSuffix(key, " "+kind) {
			all = append(all, append([]int(nil), attempts...))
		}
	}
	return all
}

func (s *seen) total(kind string) int {
	n := 0
	for _, a := range s.attempts(kind) {
		n += len(a)
	}
	return n
}

func TestAMentionComesTwiceAndADirectMessageOnce(t *testing.T) {
	t.Parallel()
	w := town(t)
	var mu sync.Mutex
	var got []string
	connect(t, w, func(e socketmode.Event, done ack) {
		mu.Lock()
		if m, ok := inner[*slackevents.MessageEvent](e); ok {
			got = append(got, fmt.Sprint("message ", m.ChannelType, " ", m.SubType, " ", m.User, " ", m.Text))
		}
		if m, ok := inner[*slackevents.AppMentionEvent](e); ok {
			got = append(got, fmt.Sprint("app_mention ", m.User, " ", m.Text))
		}
		mu.Unlock()
		done(nil)
		w.Nudge()
	})
	has := func(want string) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			for _, g := range got {
				if g == want {
					return true
				}
			}
			return false
		}
	}
	bot := "<@" + w.BotUserID() + ">"
	w.As("U1").Say("C1", "@muster help")
	await(t, w, "the message", has("message channel  U1 "+bot+" help"))
	await(t, w, "the mention", has("app_mention U1 "+bot+" help"))
	w.As("U1").Say("C2", "@muster are you here") // the bot is not
	await(t, w, "the mention elsewhere", has("app_mention U1 "+bot+" are you here"))
	ts := w.As("U2").DM("me")
	await(t, w, "the direct message", has("message im  U2 me"))
	w.As("U2").Edit(w.DM("U2"), ts, "calls")
	await(t, w, "the edit", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return strings.Contains(strings.Join(got, "\n"), "message_changed")
	})
	w.As("U1").Say("G1", "among leaders")
	await(t, w, "the private channel", has("message group  U1 among leaders"))
	mu.Lock()
	defer mu.Unlock()
	if strings.Contains(strings.Join(got, "\n"), "message channel  U1 "+bot+" are you here") {
		t.Error("a message of a channel without the bot came")
	}
	healthy(t, w)
}

func TestAllKindsOfEventsDecode(t *testing.T) {
	t.Parallel()
	w := town(t)
	s := newSeen(w)
	connect(t, w, func(e socketmode.Event, done ack) {
		s.add(e)
		done(nil)
	})
	chen := w.As("U1")
	ts := chen.Say("C1", "hi")
	chen.React("C1", ts, "wave")
	chen.Unreact("C1", ts, "wave")
	chen.Delete("C1", ts)
	chen.Leave("C1")
	chen.Join("C1")
	chen.OpenHome()
	w.JoinTeam(sandbox.User{ID: "U7", RealName: "New"})
	w.UpdateUser(sandbox.User{ID: "U7", RealName: "New", TZ: "Asia/Tokyo"})
	w.As("U2").Kick("C1", w.BotUserID())
	w.Archive("G1")
	for _, kind := range []string{"message", "reaction_added", "reaction_removed", "member_left_channel", "member_joined_channel",
		"app_home_opened", "team_join", "user_change", "channel_left", "group_archive"} {
		await(t, w, kind, func() bool { return s.total(kind) > 0 })
	}
	w.Uninstall()
	for _, kind := range []string{"tokens_revoked", "app_uninstalled"} {
		await(t, w, kind, func() bool { return s.total(kind) > 0 })
	}
	healthy(t, w)
}

func TestEachPayloadGoesToOneConnection(t *testing.T) {
	t.Parallel()
	w := town(t)
	s := newSeen(w)
	handle := func(e socketmode.Event, done ack) {
		s.add(e)
		done(nil)
	}
	a, b := connect(t, w, handle), connect(t, w, handle)
	for i := range 20 {
		w.As("U1").Say("C1", fmt.Sprint("message ", i))
	}
	await(t, w, "all messages", func() bool { return s.total("message") == 20 })
	if x, y := a.count("events_api"), b.count("events_api"); x == 0 || y == 0 || x+y != 20 {
		t.Errorf("the connections got %d and %d", x, y)
	}
}

func TestWhatIsNotAcknowledgedComesAgain(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) {
		o.AckWithin, o.RetryAfter = 50*time.Millisecond, []time.Duration{0, time.Millisecond, time.Millisecond}
	})
	s := newSeen(w)
	connect(t, w, func(e socketmode.Event, done ack) {
		s.add(e)
		if e.Request.RetryAttempt == 2 {
			done(nil)
		}
	})
	w.As("U1").Say("C1", "hello")
	await(t, w, "three deliveries", func() bool {
		d := w.Deliveries()
		return len(d) == 3 && d[2].Acked
	})
	got := s.attempts("message")
	if len(got) != 1 || fmt.Sprint(got[0]) != "[0 1 2]" {
		t.Errorf("attempts of one event id: %v", got)
	}
	d := w.Deliveries()
	if d[0].EnvelopeID == d[1].EnvelopeID || d[0].EventID != d[1].EventID || d[0].Failure != "http_timeout" {
		t.Errorf("%+v", d)
	}
}

func TestAnEventIsGivenUpAfterThreeRetries(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.RetryAfter = []time.Duration{0, 0, 0} })
	w.As("U1").Say("C1", "nobody listens")
	await(t, w, "the end", func() bool { return len(w.Unanswered()) == 1 })
	if d := w.Deliveries(); len(d) != 4 || d[3].Attempt != 3 || d[3].Failure != "connection_failed" {
		t.Errorf("%+v", d)
	}
}

func TestAnEventSeenOnlyAsRetry(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.RetryAfter = []time.Duration{time.Hour, time.Hour, time.Hour} })
	s := newSeen(w)
	connect(t, w, func(e socketmode.Event, done ack) {
		s.add(e)
		done(nil)
	})
	w.HoldSockets(true)
	w.As("U1").Say("C1", "while you were away")
	w.HoldSockets(false)
	await(t, w, "the retry", func() bool {
		w.RetryNow()
		return s.total("message") == 1
	})
	if got := s.attempts("message"); got[0][0] != 1 {
		t.Errorf("attempts: %v", got)
	}
	w.Redeliver(1)
	await(t, w, "the same again", func() bool { return s.total("message") == 2 })
	w.DeliverTwice(true)
	w.As("U1").Say("C1", "double")
	await(t, w, "both", func() bool { return s.total("message") == 4 })
	if got := len(s.attempts("message")); got != 2 {
		t.Errorf("%d event ids for two messages", got)
	}
}

func TestRefreshLosesNothing(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.RetryAfter = []time.Duration{0, 0, 0} })
	s := newSeen(w)
	handle := func(e socketmode.Event, done ack) {
		s.add(e)
		done(nil)
	}
	a, b := connect(t, w, handle), connect(t, w, handle)
	for i := range 4 {
		w.As("U1").Say("C1", fmt.Sprint("before ", i))
		w.Refresh()
		await(t, w, "the reconnect", func() bool { return a.count("connected")+b.count("connected") == 3+i && w.Sockets() == 2 })
	}
	await(t, w, "four messages", func() bool { return len(s.attempts("message")) == 4 })
	w.CutSockets()
	await(t, w, "both back", func() bool { return a.count("connected")+b.count("connected") == 8 && w.Sockets() == 2 })
	w.As("U1").Say("C1", "after")
	await(t, w, "the fifth", func() bool { return len(s.attempts("message")) == 5 })
	w.Down(true)
	await(t, w, "nobody", func() bool { return w.Sockets() == 0 })
	w.Down(false)
	await(t, w, "both back after the outage", func() bool { return w.Sockets() == 2 })
}

func TestSocketsRefreshByTimer(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.RefreshEvery = 20 * time.Millisecond })
	r := connect(t, w, nil)
	await(t, w, "two reconnects", func() bool { return r.count("connected") >= 3 })
}

// dial opens a bare websocket.
func dial(t *testing.T, w *sandbox.World) *websocket.Conn {
	t.Helper()
	_, address, err := client(w).StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := websocket.DefaultDialer.Dial(address, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func frame(t *testing.T, c *websocket.Conn) map[string]any {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	var f map[string]any
	if err := c.ReadJSON(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTicketsAreForOneUseAndTenConnectionsAreTheMost(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.Limits = &sandbox.Limits{Off: true} })
	_, address, err := client(w).StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := websocket.DefaultDialer.Dial(address, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, response, err := websocket.DefaultDialer.Dial(address, nil); err == nil || response.StatusCode != http.StatusForbidden {
		t.Error("a ticket was good twice")
	}
	for range 9 {
		if f := frame(t, dial(t, w)); f["type"] != "hello" {
			t.Errorf("%v", f)
		}
	}
	if f := frame(t, dial(t, w)); f["reason"] != "too_many_websockets" {
		t.Errorf("the eleventh: %v", f)
	}
}

func TestOversizedAndMeaninglessAcknowledgements(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.AckWithin = 100 * time.Millisecond })
	c := dial(t, w)
	frame(t, c) // hello
	done := make(chan sandbox.Outcome, 1)
	go func() { done <- w.As("U1").Command("C1", "/muster", "help") }()
	envelope := frame(t, c)
	if envelope["type"] != "slash_commands" || envelope["accepts_response_payload"] != true {
		t.Errorf("%v", envelope)
	}
	big := map[string]any{"envelope_id": envelope["envelope_id"], "payload": map[string]any{"text": strings.Repeat("x", 21*1024)}}
	if err := c.WriteJSON(big); err != nil {
		t.Fatal(err)
	}
	if o := <-done; o.Acked || o.Refused != "operation_timeout" {
		t.Errorf("%+v", o)
	}
	if err := c.WriteMessage(websocket.TextMessage, []byte("garbage")); err != nil {
		t.Fatal(err)
	}
	await(t, w, "two complaints", func() bool { return len(w.Complaints()) == 2 })
	if !w.SendRaw([]byte(`{"type":"unheard_of","envelope_id":"e1"}`)) {
		t.Error("not sent")
	}
	if f := frame(t, c); f["type"] != "unheard_of" {
		t.Errorf("%v", f)
	}
}

func TestPingsCanCease(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.PingEvery = 5 * time.Millisecond })
	c := dial(t, w)
	var mu sync.Mutex
	pings := 0
	c.SetPingHandler(func(string) error {
		mu.Lock()
		defer mu.Unlock()
		pings++
		w.Nudge()
		return nil
	})
	go func() {
		for {
			if _, _, err := c.ReadMessage(); err != nil {
				return
			}
		}
	}()
	await(t, w, "pings", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return pings > 2
	})
	w.HoldPings(true)
	w.HoldPings(false)
}

func TestWithoutTheScopeThereIsNoEvent(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.BotScopes = []string{"chat:write", "im:history"} })
	s := newSeen(w)
	connect(t, w, func(e socketmode.Event, done ack) {
		s.add(e)
		done(nil)
	})
	ts := w.As("U1").Say("C1", "@muster unheard")
	w.As("U1").React("C1", ts, "wave")
	w.As("U1").DM("heard")
	await(t, w, "the direct message", func() bool { return s.total("message") == 1 })
	if d := w.Deliveries(); len(d) != 1 {
		t.Errorf("%+v", d)
	}
	if o := w.As("U1").Command("C1", "/muster", "help"); o.Acked || o.Refused == "" {
		t.Errorf("a command without the scope: %+v", o)
	}
}
