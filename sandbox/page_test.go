package sandbox_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/sandbox"
)

// dials is the page's clock and language switch.
type dials struct {
	handClock
	speed float64
	lang  string
}

func (d *dials) Speed() float64          { return d.speed }
func (d *dials) SetSpeed(s float64)      { d.speed = s }
func (d *dials) Advance(n time.Duration) { d.add(n) }
func (d *dials) Lang() string            { return d.lang }
func (d *dials) SetLang(l string)        { d.lang = l }

func get(t *testing.T, w *sandbox.World, path string, q url.Values, into any) {
	t.Helper()
	response, err := http.Get(w.URL() + path + "?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", path, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, w *sandbox.World, path string, body map[string]any) map[string]any {
	t.Helper()
	raw, _ := json.Marshal(body)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL()+path, strings.NewReader(string(raw)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", strings.TrimSuffix(w.URL(), "/"))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(response.Status, err)
	}
	return answer
}

type pageMessages struct {
	Messages []struct {
		TS         string                  `json:"ts"`
		ThreadTS   string                  `json:"thread_ts"`
		User       string                  `json:"user"`
		Text       string                  `json:"text"`
		Blocks     []map[string]any        `json:"blocks"`
		Edited     bool                    `json:"edited"`
		Ephemeral  bool                    `json:"ephemeral"`
		Bot        bool                    `json:"bot"`
		ReplyCount int                     `json:"reply_count"`
		Reactions  []struct{ Name string } `json:"reactions"`
		At         time.Time               `json:"at"`
		Files      []struct {
			URL string `json:"url_private"`
		} `json:"files"`
	}
}

// pageState is what the page reads of /sandbox/state.
type pageState struct {
	Team, As, Lang string
	Bot            struct{ ID, Name string }
	Clock          struct {
		Now   time.Time
		Speed float64
	}
	Users []struct {
		ID, Name, Initials, Color string
		IsBot                     bool `json:"is_bot"`
	}
	Channels []struct {
		ID, Kind, User string
		Member         bool
		Unread         int
	}
	Commands  []string
	Shortcuts []sandbox.Shortcut
}

func TestThePageShowsWhatTheActingPersonSees(t *testing.T) {
	t.Parallel()
	d := &dials{speed: 60, lang: "zh"}
	d.now = monday
	w := town(t, func(o *sandbox.Options) {
		o.Control, o.Clock = d, nil
		o.Shortcuts = []sandbox.Shortcut{{CallbackID: "muster_new_call", Name: "New call", Type: "global"}}
	})
	if _, err := client(w).PostEphemeral("C1", "U2", text("for Ann")); err != nil {
		t.Fatal(err)
	}
	ts := w.As("U1").Say("C1", "hello")
	w.As("U2").SayIn("C1", ts, "+1")
	w.As("U2").React("C1", ts, "raised_hand")

	var state pageState
	get(t, w, "sandbox/state", url.Values{"as": {"U2"}}, &state)
	if state.As != "U2" || state.Lang != "zh" || state.Clock.Speed != 60 || !state.Clock.Now.Equal(monday) || state.Bot.ID != w.BotUserID() || len(state.Users) != 4 {
		t.Errorf("%+v", state)
	}
	var seen []string
	for _, c := range state.Channels {
		seen = append(seen, fmt.Sprint(c.ID, " ", c.Kind, " ", c.Member, " ", c.Unread))
	}
	if got := strings.Join(seen, ", "); got != "C1 channel true 1, C2 channel true 0, DU2 im true 0" {
		t.Error(got)
	}
	if state.Users[1].Initials != "陈琳" || state.Users[2].Initials != "AL" || state.Users[2].Color == "" {
		t.Errorf("%+v", state.Users)
	}

	var channel, thread, other pageMessages
	get(t, w, "sandbox/messages", url.Values{"as": {"U2"}, "channel": {"C1"}}, &channel)
	if m := channel.Messages; len(m) != 2 || !m[0].Ephemeral || !m[0].Bot || m[1].ReplyCount != 1 || m[1].Reactions[0].Name != "raised_hand" || !m[1].At.Round(time.Second).Equal(monday) {
		t.Errorf("%+v", m)
	}
	get(t, w, "sandbox/messages", url.Values{"as": {"U2"}, "channel": {"C1"}, "thread": {ts}}, &thread)
	if m := thread.Messages; len(m) != 2 || m[1].Text != "+1" || m[1].ThreadTS != ts {
		t.Errorf("%+v", m)
	}
	get(t, w, "sandbox/messages", url.Values{"as": {"U1"}, "channel": {"C1"}}, &other)
	if len(other.Messages) != 1 {
		t.Errorf("%+v", other)
	}
	response, err := http.Get(w.URL() + "sandbox/messages?as=U2&channel=G1")
	if err != nil || response.StatusCode != http.StatusNotFound {
		t.Error("a private channel of others:", response.Status, err)
	}
	_ = response.Body.Close()
	healthy(t, w)
}

// acting does something on the page, as U1 unless told otherwise, that has to be taken.
func acting(t *testing.T, w *sandbox.World) func(fields map[string]any) map[string]any {
	return func(fields map[string]any) map[string]any {
		t.Helper()
		if fields["as"] == nil {
			fields["as"] = "U1"
		}
		answer := do(t, w, "sandbox/act", fields)
		if answer["ok"] != true {
			t.Errorf("%v: %v", fields, answer)
		}
		return answer
	}
}

func TestThePageActs(t *testing.T) {
	t.Parallel()
	d := &dials{speed: 1, lang: "en"}
	d.now = monday
	w := town(t, func(o *sandbox.Options) { o.Control, o.Clock = d, nil })
	desk := newDesk(t, w)
	act := acting(t, w)
	ts, _ := act(map[string]any{"do": "say", "channel": "C1", "text": "hi"})["ts"].(string)
	act(map[string]any{"do": "edit", "channel": "C1", "ts": ts, "text": "hi all"})
	act(map[string]any{"do": "react", "channel": "C1", "ts": ts, "emoji": "wave"})
	act(map[string]any{"do": "unreact", "channel": "C1", "ts": ts, "emoji": "wave"})
	act(map[string]any{"do": "read", "channel": "C1"})
	act(map[string]any{"do": "join", "channel": "C2", "as": "U3"})
	act(map[string]any{"do": "home"})
	if got := act(map[string]any{"do": "open_dm", "user": w.BotUserID()})["channel"]; got != w.DM("U1") {
		t.Error(got)
	}
	act(map[string]any{"do": "say", "channel": "C1", "text": "/muster call Sandbags | when: tomorrow"})
	if c := desk.lastCommand(); c.Command != "/muster" || c.Text != "call Sandbags | when: tomorrow" {
		t.Errorf("%+v", c)
	}
	opened, err := desk.api.OpenView(desk.lastCommand().TriggerID, form("New call"))
	if err != nil {
		t.Fatal(err)
	}
	var views struct{ Views []slack.View }
	get(t, w, "sandbox/views", url.Values{"as": {"U1"}}, &views)
	if len(views.Views) != 1 || views.Views[0].ID != opened.ID {
		t.Errorf("%+v", views)
	}
	values := map[string]any{"title": map[string]any{"title_text": map[string]any{"type": "plain_text_input", "value": "Sandbags"}}}
	desk.respond(slack.NewErrorsViewSubmissionResponse(map[string]string{"title": "no"}))
	if got := act(map[string]any{"do": "submit", "view_id": opened.ID, "values": values}); fmt.Sprint(got["errors"]) != "map[title:no]" {
		t.Error(got)
	}
	desk.respond(nil)
	act(map[string]any{"do": "submit", "view_id": opened.ID, "values": values})
	if got := desk.lastPress().View.State.Values["title"]["title_text"].Value; got != "Sandbags" {
		t.Error(got)
	}
	if got := do(t, w, "sandbox/act", map[string]any{"as": "U2", "do": "delete", "channel": "C1", "ts": ts}); got["ok"] != false {
		t.Error("somebody else's message:", got)
	}
	if got := do(t, w, "sandbox/act", map[string]any{"as": "U404", "do": "home"}); got["error"] != "user_not_found" {
		t.Error(got)
	}
	healthy(t, w)
}

func TestTheTourTicksItselfOff(t *testing.T) {
	t.Parallel()
	d := &dials{speed: 1, lang: "en"}
	d.now = monday
	w := town(t, func(o *sandbox.Options) { o.Control, o.Clock = d, nil })
	w.Tour([]string{"post_call", "three_join", "day_passes", "summary"})
	desk, act := newDesk(t, w), acting(t, w)
	act(map[string]any{"do": "command", "channel": "C1", "text": "/muster call Sandbags"})
	_, cardTS, err := desk.api.PostMessage("C1", text("card"), card(button("call_join", "1"), button("summary_post", "1")))
	if err != nil {
		t.Fatal(err)
	}
	act(map[string]any{"do": "press", "channel": "C1", "ts": cardTS, "block_id": "acts", "action_id": "call_join"})
	act(map[string]any{"do": "say", "as": "U2", "channel": "C1", "thread": cardTS, "text": "+1"})
	act(map[string]any{"do": "react", "as": "U3", "channel": "C1", "ts": cardTS, "emoji": "raised_hand::skin-tone-2"})
	// The message was edited while the press was on its way, and its blocks have other ids now.
	act(map[string]any{"do": "press", "channel": "C1", "ts": cardTS, "block_id": "before", "action_id": "summary_post"})
	act(map[string]any{"do": "message_shortcut", "channel": "C1", "ts": cardTS, "callback_id": "muster_report"})
	act(map[string]any{"do": "shortcut", "callback_id": "muster_new_call"})
	if got := do(t, w, "sandbox/clock", map[string]any{"advance": "24h"}); got["ok"] != true || d.Now().Sub(monday) != 24*time.Hour {
		t.Error(got)
	}
	if do(t, w, "sandbox/clock", map[string]any{"speed": 600}); d.Speed() != 600 {
		t.Error(d.Speed())
	}
	if do(t, w, "sandbox/lang", map[string]any{"lang": "zh"}); d.Lang() != "zh" {
		t.Error(d.Lang())
	}
	var state struct {
		Tour []struct {
			Key  string
			Done bool
		}
	}
	get(t, w, "sandbox/state", url.Values{"as": {"U1"}}, &state)
	for _, s := range state.Tour {
		if !s.Done {
			t.Error("not ticked off:", s.Key)
		}
	}
	if len(state.Tour) != 4 {
		t.Errorf("%+v", state)
	}
	healthy(t, w)
}

func TestThePageHearsOfChanges(t *testing.T) {
	t.Parallel()
	w := town(t)
	listen := func(as string) func(kind string) {
		response, err := http.Get(w.URL() + "sandbox/events?as=" + as)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		var mu sync.Mutex
		heard := map[string]bool{}
		go func() {
			lines := bufio.NewScanner(response.Body)
			for lines.Scan() {
				if raw, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
					var e struct{ Type, Channel string }
					_ = json.Unmarshal([]byte(raw), &e)
					mu.Lock()
					heard[e.Type+" "+e.Channel] = true
					mu.Unlock()
					w.Nudge()
				}
			}
		}()
		return func(kind string) {
			t.Helper()
			await(t, w, as+" hears "+kind, func() bool {
				mu.Lock()
				defer mu.Unlock()
				if heard["message G1"] && as == "U2" {
					t.Error("heard of a private channel of others")
				}
				return heard[kind]
			})
		}
	}
	chen, ann := listen("U1"), listen("U2")
	ts := w.As("U1").Say("G1", "secret")
	chen("message G1")
	w.As("U1").Edit("G1", ts, "x")
	chen("changed G1")
	w.As("U1").React("G1", ts, "wave")
	chen("reaction G1")
	w.As("U1").Delete("G1", ts)
	chen("deleted G1")
	if _, err := client(w).PostEphemeral("C1", "U2", text("x")); err != nil {
		t.Fatal(err)
	}
	ann("ephemeral C1")
	if _, err := client(w).PublishView("U2", slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}, ""); err != nil {
		t.Fatal(err)
	}
	ann("home ")
}

func TestOtherSitesCannotActThroughThePage(t *testing.T) {
	t.Parallel()
	w := town(t)
	for what, change := range map[string]func(*http.Request){
		"another origin":      func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"another site":        func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"a form":              func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
		"a name pointed here": func(r *http.Request) { r.Host = "evil.example" },
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL()+"sandbox/act", strings.NewReader(`{"as":"U1","do":"say","channel":"C1","text":"x"}`))
		r.Header.Set("Content-Type", "application/json")
		change(r)
		response, err := http.DefaultClient.Do(r)
		if err != nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %v %v", what, response.Status, err)
		}
		_ = response.Body.Close()
	}
	if m := w.Messages("C1"); len(m) != 0 {
		t.Errorf("%+v", m)
	}
	response, err := http.Get(w.URL())
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response.Status, err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); !strings.Contains(strings.ToLower(string(body)), "<!doctype html>") {
		t.Errorf("%.100s", body)
	}
}

func TestAPermalinkLeadsToThePage(t *testing.T) {
	t.Parallel()
	w := town(t)
	ts := w.As("U1").Say("C1", "hello")
	link, err := client(w).GetPermalink(&slack.PermalinkParameters{Channel: "C1", Ts: ts})
	if err != nil {
		t.Fatal(err)
	}
	noFollow := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := noFollow.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if got := response.Header.Get("Location"); got != "/#channel=C1&ts="+ts {
		t.Error(got)
	}
}
