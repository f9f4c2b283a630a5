package sandbox_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox"
)

// desk is a robot that keeps the last command and interaction and answers with
// what the test says.
type desk struct {
	*robot
	mu      sync.Mutex
	command slack.SlashCommand
	press   slack.InteractionCallback
	answer  any
	busy    func(slack.InteractionCallback) // before the acknowledgement
}

func newDesk(t *testing.T, w *sandbox.World) *desk {
	d := &desk{}
	d.robot = connect(t, w, func(e socketmode.Event, done ack) {
		d.mu.Lock()
		switch data := e.Data.(type) {
		case slack.SlashCommand:
			d.command = data
		case slack.InteractionCallback:
			d.press = data
		}
		answer, press, busy := d.answer, d.press, d.busy
		d.mu.Unlock()
		if e.Type == socketmode.EventTypeEventsAPI {
			answer = nil
		} else if busy != nil {
			busy(press)
		}
		done(answer)
	})
	return d
}

func (d *desk) respond(answer any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answer = answer
}

func (d *desk) lastCommand() slack.SlashCommand {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.command
}

func (d *desk) lastPress() slack.InteractionCallback {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.press
}

func button(action, value string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, value, slack.NewTextBlockObject(slack.PlainTextType, "Join", false, false))
}

func card(elements ...slack.BlockElement) slack.MsgOption {
	return slack.MsgOptionBlocks(section("*card*"), slack.NewActionBlock("acts", elements...))
}

func TestACommandIsAnsweredInItsAcknowledgement(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	d.respond(map[string]any{"text": "four lines", "response_type": "ephemeral"})
	o := w.As("U1").Command("G1", "/muster", "role @ann organizer in #calls & <more>")
	if !o.Acked || o.Response == nil || o.Response.Text != "four lines" || !o.Response.Ephemeral {
		t.Errorf("%+v", o)
	}
	c := d.lastCommand()
	if c.Text != "role <@U2|ann> organizer in <#C1|calls> &amp; &lt;more&gt;" || c.ChannelName != "privategroup" ||
		c.UserID != "U1" || c.TeamID != w.TeamID() || c.TriggerID == "" {
		t.Errorf("%+v", c)
	}
	if o := w.As("U1").Command("C1", "/other", ""); o.Acked || o.Refused == "" {
		t.Errorf("a command the app has not: %+v", o)
	}
}

func TestACommandNobodyHears(t *testing.T) {
	t.Parallel()
	w := town(t)
	if o := w.As("U1").Command("C1", "/muster", "help"); o.Acked || o.Refused != "dispatch_failed" {
		t.Errorf("%+v", o)
	}
}

func hook(t *testing.T, url string, body any) (int, string) {
	t.Helper()
	raw, _ := json.Marshal(body)
	response, err := http.Post(url, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer bytes.Buffer
	_, _ = answer.ReadFrom(response.Body)
	return response.StatusCode, answer.String()
}

func TestAResponseURLIsGoodFiveTimesInHalfAnHour(t *testing.T) {
	t.Parallel()
	machine := &handClock{now: monday}
	w := town(t, func(o *sandbox.Options) { o.Machine = machine.Now })
	d := newDesk(t, w)
	chen := w.As("U1")
	chen.Command("G2", "/muster", "calls") // the bot is not in this channel: only the response URL reaches it
	url := d.lastCommand().ResponseURL
	for _, body := range []map[string]any{
		{"text": "one"}, {"text": "two", "response_type": "ephemeral"}, {"text": "three", "response_type": "in_channel"},
		{"text": "four"}, {"text": "five"},
	} {
		if status, answer := hook(t, url, body); status != http.StatusOK {
			t.Fatal(status, answer)
		}
	}
	if got := chen.Ephemerals("G2"); len(got) != 4 || got[3].Text != "five" {
		t.Errorf("ephemeral: %+v", got)
	}
	if got := w.Messages("G2"); len(got) != 1 || got[0].Text != "three" {
		t.Errorf("in the channel: %+v", got)
	}
	healthy(t, w)
	if status, answer := hook(t, url, map[string]any{"text": "six"}); status != http.StatusNotFound || !strings.Contains(answer, "used_url") {
		t.Error(status, answer)
	}
	chen.Command("C1", "/muster", "calls")
	machine.add(30*time.Minute + time.Second)
	if status, answer := hook(t, d.lastCommand().ResponseURL, map[string]any{"text": "late"}); status != http.StatusNotFound || !strings.Contains(answer, "expired_url") {
		t.Error(status, answer)
	}
	if status, _ := hook(t, w.URL()+"response/forged", map[string]any{"text": "x"}); status != http.StatusNotFound {
		t.Error(status)
	}
}

func TestAPressCarriesTheMessageAndItsAnswerReplacesIt(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	chen := w.As("U1")
	if _, _, err := d.api.PostMessage("C1", text("card"), card(button("call_join", "row-7"), button("call_details", "row-7"))); err != nil {
		t.Fatal(err)
	}
	m := w.Messages("C1")[0]
	if diff := cmp.Diff([]string{"call_join", "call_details"}, []string{m.Buttons()[0].ActionID, m.Buttons()[1].ActionID}); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(m.AllText(), "*card*") || !strings.Contains(m.AllText(), "Join") {
		t.Error(m.AllText())
	}
	if o := chen.Press(m, "call_join"); !o.Acked {
		t.Fatal(o)
	}
	p := d.lastPress()
	a := p.ActionCallback.BlockActions[0]
	if p.Type != slack.InteractionTypeBlockActions || p.User.ID != "U1" || p.Channel.ID != "C1" || p.Message.Timestamp != m.TS ||
		p.Container.MessageTs != m.TS || a.ActionID != "call_join" || a.Value != "row-7" || a.BlockID != "acts" || p.Team.ID != w.TeamID() {
		t.Errorf("%+v", p)
	}
	if status, _ := hook(t, p.ResponseURL, map[string]any{"replace_original": true, "text": "closed"}); status != http.StatusOK {
		t.Error(status)
	}
	if now, _ := w.Message("C1", m.TS); now.Text != "closed" || len(now.Blocks) != 0 {
		t.Errorf("%+v", now)
	}
	if o := chen.Press(m, "call_join"); !o.Acked { // an old picture of the card on somebody's screen
		t.Error(o)
	}
	if o := chen.PressValue(m, "hours_confirm", "row-666"); !o.Acked || d.lastPress().ActionCallback.BlockActions[0].Value != "row-666" {
		t.Errorf("a forged press: %+v", o)
	}
	healthy(t, w)
	if status, _ := hook(t, d.lastPress().ResponseURL, map[string]any{"delete_original": true}); status != http.StatusOK {
		t.Error(status)
	}
	if o := chen.Press(m, "call_join"); o.Acked || o.Refused == "" {
		t.Errorf("a deleted message: %+v", o)
	}
	if o := w.As("U2").Press(m, "nothing"); o.Acked || len(w.Complaints()) != 2 {
		t.Errorf("%+v %v", o, w.Complaints())
	}
}

func TestAnEphemeralMessageIsPressedAndReplaced(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	if _, err := d.api.PostEphemeral("C1", "U2", text("sure?"), card(button("undo", "1"))); err != nil {
		t.Fatal(err)
	}
	ann := w.As("U2")
	m := ann.Ephemerals("C1")[0]
	if o := ann.Press(m, "undo"); !o.Acked || !d.lastPress().Container.IsEphemeral {
		t.Fatal(o)
	}
	hook(t, d.lastPress().ResponseURL, map[string]any{"replace_original": true, "text": "undone"})
	if got := ann.Ephemerals("C1"); len(got) != 1 || got[0].Text != "undone" {
		t.Errorf("%+v", got)
	}
	hook(t, d.lastPress().ResponseURL, map[string]any{"delete_original": true})
	if got := ann.Ephemerals("C1"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	healthy(t, w)
}

func TestSelectsOfAllKinds(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	opt := func(v string) *slack.OptionBlockObject {
		return slack.NewOptionBlockObject(v, slack.NewTextBlockObject(slack.PlainTextType, v, false, false), nil)
	}
	ph := slack.NewTextBlockObject(slack.PlainTextType, "choose", false, false)
	if _, _, err := d.api.PostMessage("C1", text("choose"), card(
		slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, ph, "role", opt("driver"), opt("lifter")),
		slack.NewOptionsSelectBlockElement(slack.OptTypeUser, ph, "who"),
		slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, ph, "days", opt("sat"), opt("sun")),
		slack.NewDatePickerBlockElement("day"), slack.NewTimePickerBlockElement("hour"),
		slack.NewOverflowBlockElement("more", opt("edit"), opt("close")),
		slack.NewCheckboxGroupsBlockElement("boxes", opt("a"), opt("b")),
	)); err != nil {
		t.Fatal(err, w.Complaints())
	}
	m := w.Messages("C1")[0]
	for _, c := range []struct {
		id     string
		option []string
		got    func(*slack.BlockAction) string
	}{
		{"role", []string{"lifter"}, func(a *slack.BlockAction) string { return a.SelectedOption.Value }},
		{"who", []string{"U2"}, func(a *slack.BlockAction) string { return a.SelectedUser }},
		{"days", []string{"sat", "sun"}, func(a *slack.BlockAction) string {
			return a.SelectedOptions[0].Value + " " + a.SelectedOptions[1].Value
		}},
		{"day", []string{"2026-11-28"}, func(a *slack.BlockAction) string { return a.SelectedDate }},
		{"hour", []string{"19:30"}, func(a *slack.BlockAction) string { return a.SelectedTime }},
		{"more", []string{"close"}, func(a *slack.BlockAction) string { return a.SelectedOption.Value }},
		{"boxes", []string{"b"}, func(a *slack.BlockAction) string { return a.SelectedOptions[0].Value }},
	} {
		if o := w.As("U1").Select(m, c.id, c.option...); !o.Acked {
			t.Fatal(c.id, o)
		}
		if got := c.got(d.lastPress().ActionCallback.BlockActions[0]); got != strings.Join(c.option, " ") {
			t.Errorf("%s: %q", c.id, got)
		}
	}
	healthy(t, w)
	if o := w.As("U1").Select(m, "role", "captain"); o.Acked || len(w.Complaints()) != 1 {
		t.Errorf("an option that is not there: %+v", o)
	}
}

func TestShortcutsAndAnAppThatIsSlow(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.AckWithin = 40 * time.Millisecond })
	d := newDesk(t, w)
	chen := w.As("U1")
	if o := chen.Shortcut("muster_new_call"); !o.Acked || d.lastPress().Type != slack.InteractionTypeShortcut || d.lastPress().CallbackID != "muster_new_call" {
		t.Errorf("%+v", o)
	}
	ts := chen.Say("C1", "broken lamp")
	m, _ := w.Message("C1", ts)
	if o := chen.MessageShortcut(m, "muster_report"); !o.Acked || d.lastPress().Message.Text != "broken lamp" || d.lastPress().MessageTs != ts {
		t.Errorf("%+v", o)
	}
	release := make(chan struct{})
	d.mu.Lock()
	d.busy = func(slack.InteractionCallback) { <-release }
	d.mu.Unlock()
	if o := chen.Shortcut("muster_new_call"); o.Acked || o.Refused != "operation_timeout" || o.Took < 40*time.Millisecond {
		t.Errorf("%+v", o)
	}
	close(release)
}
