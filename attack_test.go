package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/config"
	"muster/store"
)

// Stories of everything that goes wrong at the front door: forged requests, a
// database that is held by somebody else, an app that is taken away.

// bySignedHTTP makes the bot hear by signed HTTP instead of sockets.
func bySignedHTTP(set *storySetup) {
	set.options.PreferHTTP = true
	set.settings = append(set.settings, func(s *config.Settings) {
		s.Slack.AppToken = config.NewSecret("")
		s.Listen = "127.0.0.1:0"
	})
}

// postOf sends a request of one's own making to the bot's front door.
func postOf(t *testing.T, target, contentType string, body []byte, header map[string]string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(raw)
}

// signedAt is the header under which Slack would have sent body at a time.
func (s *story) signedAt(at time.Time, body []byte) map[string]string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	return map[string]string{"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": s.Sign(stamp, body)}
}

// commandForm is a slash command as Slack writes it.
func (s *story) commandForm(user, text, trigger string) []byte {
	return []byte(url.Values{"team_id": {s.TeamID()}, "user_id": {user}, "channel_id": {sampleCalls}, "command": {"/muster"},
		"text": {text}, "trigger_id": {trigger}, "response_url": {s.URL() + "hooks/none"}}.Encode())
}

// One day in a workspace without Socket Mode: a call by command, a press, a
// form with a mistake in it, a plain reply, the Home tab.
func TestTheWholeBotBySignedHTTP(t *testing.T) {
	t.Parallel()
	s := tell(t, bySignedHTTP)
	if err := s.VerifyURL(); err != nil {
		t.Fatal(err)
	}
	out := s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 引导员 2")
	if out.Response == nil || !strings.Contains(out.Response.AllText(), "#k1") {
		t.Fatalf("the command's answer: %+v", out.Response)
	}
	card := s.sees(sampleCalls, "义诊", "0/2")
	s.presses("U006", card, "call_join")
	s.gets("U006", "已报名")
	s.As("U010").SayIn(sampleCalls, card.TS, "报名")
	s.gets("U010", "已报名")
	s.sees(sampleCalls, "2/2")

	s.says(sampleAdmin, sampleCalls, "招募")
	form, ok := s.As(sampleAdmin).View()
	if !ok {
		t.Fatal("no form was opened")
	}
	fields := map[string]any{"title": "值守", "when": "25点", "where": "3 号站", "need": "2"}
	wrong := s.As(sampleAdmin).Submit(form, fields)
	if !wrong.Acked || len(wrong.Errors) != 1 || !strings.Contains(wrong.Errors["when"], "25点") {
		t.Fatalf("a form with a mistake: %+v", wrong)
	}
	fields["when"] = "周日 9:00-11:00"
	form, _ = s.As(sampleAdmin).View()
	if right := s.As(sampleAdmin).Submit(form, fields); !right.Acked || len(right.Errors) > 0 {
		t.Fatalf("the same form put right: %+v", right)
	}
	s.sees(sampleCalls, "值守", "0/2")
	if home := s.As("U006").OpenHome(); !home.Acked {
		t.Fatalf("Home: %+v", home)
	}
	s.waits("the Home tab", func() bool { return strings.Contains(s.As("U006").Home().AllText(), "义诊") })
	for _, d := range s.Deliveries() {
		if d.Socket != 0 {
			t.Error("something came by a socket")
		}
	}
}

// What Slack did not sign, or signed at another time, is turned away and does
// nothing; what it signed once does its work once.
func TestForgedAndReplayedRequestsAtTheFrontDoor(t *testing.T) {
	t.Parallel()
	s := tell(t, bySignedHTTP)
	base := "http://" + s.addresses()[0]
	const form = "application/x-www-form-urlencoded"
	order := s.commandForm(sampleAdmin, "招募 伪造 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 2", "1.1.forged")
	now := time.Now()
	good := s.signedAt(now, order)
	flipped := good["X-Slack-Signature"][:10] + "0" + good["X-Slack-Signature"][11:]
	if flipped == good["X-Slack-Signature"] {
		flipped = good["X-Slack-Signature"][:10] + "1" + good["X-Slack-Signature"][11:]
	}
	for name, header := range map[string]map[string]string{
		"no header at all":      {},
		"no signature":          {"X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"]},
		"no timestamp":          {"X-Slack-Signature": good["X-Slack-Signature"]},
		"a flipped digit":       {"X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"], "X-Slack-Signature": flipped},
		"another version":       {"X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"], "X-Slack-Signature": "v1" + good["X-Slack-Signature"][2:]},
		"only the prefix":       {"X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"], "X-Slack-Signature": "v0="},
		"six minutes old":       s.signedAt(now.Add(-6*time.Minute), order),
		"from the future":       s.signedAt(now.Add(6*time.Minute), order),
		"from the far future":   s.signedAt(time.Unix(1<<60, 0), order),
		"another body's":        s.signedAt(now, []byte("text=help")),
		"a timestamp of words":  {"X-Slack-Request-Timestamp": "today", "X-Slack-Signature": s.Sign("today", order)},
		"a timestamp with a +":  {"X-Slack-Request-Timestamp": "+" + good["X-Slack-Request-Timestamp"], "X-Slack-Signature": good["X-Slack-Signature"]},
		"signed with no secret": {"X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"], "X-Slack-Signature": "v0=" + strings.Repeat("0", 64)},
	} {
		for _, path := range []string{"/slack/commands", "/slack/interactions", "/slack/events"} {
			if status, _ := postOf(t, base+path, form, order, header); status != http.StatusUnauthorized {
				t.Errorf("%s at %s: %d, want 401", name, path, status)
			}
		}
	}
	// A payload in the address is not covered by the signature: nothing reads it.
	empty := []byte("x=1")
	query := "?payload=" + url.QueryEscape(`{"type":"block_actions"}`) + "&" + string(order)
	for _, path := range []string{"/slack/interactions", "/slack/commands"} {
		if status, _ := postOf(t, base+path+query, form, empty, s.signedAt(now, empty)); status != http.StatusOK {
			t.Errorf("an empty body at %s: %d, want it acknowledged and dropped", path, status)
		}
	}
	s.settles()
	if n := len(s.posts(sampleCalls)); n != 0 {
		t.Fatalf("a forged order posted %d cards", n)
	}
	for i := range 3 { // whoever saw the good one go by sends it again
		if status, _ := postOf(t, base+"/slack/commands", form, order, good); status != http.StatusOK {
			t.Errorf("delivery %d of what Slack signed: %d", i, status)
		}
	}
	s.settles()
	if n := len(s.posts(sampleCalls)); n != 1 {
		t.Errorf("one order sent three times posted %d cards", n)
	}
	if status, _ := postOf(t, base+"/slack/commands", form, bytes.Repeat([]byte("a"), 2<<20), nil); status != http.StatusRequestEntityTooLarge {
		t.Errorf("two megabytes: %d", status)
	}
	response, err := http.Get(base + "/slack/commands")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", response.StatusCode)
	}
}

// Slack takes the app away: nothing more is sent, nothing runs hot, and the
// process lives.
func TestTheAppIsTakenAway(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 引导员 2")
	card := s.sees(sampleCalls, "义诊", "0/2")
	s.presses("U006", card, "call_join")
	s.gets("U006", "已报名")
	s.settles()
	held := func() bool {
		t, err := s.app.svc.OnlyTenant(context.Background(), s.TeamID())
		return err != nil || t.Paused
	}
	// Somebody takes back a token of their own: that is nothing to the bot.
	s.SendRaw([]byte(`{"envelope_id":"own","type":"events_api","payload":{"type":"event_callback","team_id":"` + s.TeamID() +
		`","event_id":"Ev0OWN","event":{"type":"tokens_revoked","tokens":{"oauth":["U006"],"bot":[]}}}}`))
	s.presses("U010", card, "call_join")
	s.gets("U010", "已报名")
	if held() {
		t.Error("a member's own token holds everything")
	}
	s.Uninstall()
	s.until("everything is held", held)
	before := len(s.Calls("chat.postMessage"))
	s.passes(7 * 24 * time.Hour) // reminders and the end of the call fall due
	s.until("what was due is done", func() bool {
		planned, err := s.overdue()
		return err == nil && planned == 0
	})
	if n := len(s.Calls("chat.postMessage")) - before; n != 0 {
		t.Errorf("%d posts after the app was removed", n)
	}
	if n := strings.Count(s.logs.String(), "level=ERROR"); n > 5 {
		t.Errorf("%d errors in the log", n)
	}
}

// overdue is how much is due and not done.
func (s *story) overdue() (due int, err error) {
	err = s.app.store.Read(context.Background(), func(tx *store.Tx) error {
		_, due, err = tx.DueCount()
		return err
	})
	return due, err
}
