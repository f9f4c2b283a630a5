package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/sandbox"
)

func pt(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// form is a modal with a required title, a role with a start value and an optional note.
func form(title string) slack.ModalViewRequest {
	role := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, pt("role"), "role",
		slack.NewOptionBlockObject("driver", pt("Driver"), nil), slack.NewOptionBlockObject("lifter", pt("Lifter"), nil))
	role.InitialOption = slack.NewOptionBlockObject("driver", pt("Driver"), nil)
	note := slack.NewInputBlock("note", pt("Note"), nil, slack.NewPlainTextInputBlockElement(nil, "note_text").WithMaxLength(10))
	note.Optional = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: pt(title), Submit: pt("Send"), Close: pt("Close"), CallbackID: "call", PrivateMetadata: "row-7",
		NotifyOnClose: true,
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("title", pt("Title"), nil, slack.NewPlainTextInputBlockElement(nil, "title_text")),
			slack.NewInputBlock("role", pt("Role"), nil, role), note,
		}},
	}
}

func TestAModalIsFilledInAndSubmitted(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	chen := w.As("U1")
	chen.Command("C1", "/muster", "call")
	opened, err := d.api.OpenView(d.lastCommand().TriggerID, form("New call"))
	if err != nil {
		t.Fatal(err, w.Complaints())
	}
	v, open := chen.View()
	if !open || v.ID != opened.ID || v.CallbackID != "call" || v.PrivateMetadata != "row-7" || !strings.Contains(v.AllText(), "Note") {
		t.Fatalf("%+v", v)
	}

	o := chen.Submit(v, map[string]any{"note": "far too long a note"})
	want := map[string]string{"title": "Please complete this required field.", "note": "Too long."}
	if diff := cmp.Diff(want, o.Errors); diff != "" || o.Acked {
		t.Error("Slack's client refuses by itself:", diff)
	}

	d.respond(slack.NewErrorsViewSubmissionResponse(map[string]string{"title": "看不懂"}))
	o = chen.Submit(v, map[string]any{"title": "Sandbags", "note_text": "short"})
	if diff := cmp.Diff(map[string]string{"title": "看不懂"}, o.Errors); diff != "" || o.Action != "errors" || !o.Acked {
		t.Error(diff, o)
	}
	state := d.lastPress().View.State.Values
	if state["title"]["title_text"].Value != "Sandbags" || state["role"]["role"].SelectedOption.Value != "driver" || state["note"]["note_text"].Value != "short" {
		t.Errorf("%+v", state)
	}
	if _, open := chen.View(); !open {
		t.Error("closed in spite of errors")
	}

	next := form("Second")
	d.respond(slack.NewPushViewSubmissionResponse(&next))
	if o = chen.Submit(v, nil); !o.Acked || len(chen.Views()) != 2 { // what was typed is still there
		t.Fatal(o, len(chen.Views()))
	}
	top, _ := chen.View()
	if top.PreviousID != v.ID || top.RootID != v.ID {
		t.Errorf("%+v", top)
	}
	changed := form("Changed")
	d.respond(slack.NewUpdateViewSubmissionResponse(&changed))
	if o = chen.Submit(top, map[string]any{"title": "x"}); !o.Acked {
		t.Fatal(o)
	}
	if top, _ = chen.View(); top.Title != "Changed" || len(chen.Views()) != 2 {
		t.Errorf("%+v", top)
	}
	d.respond(nil)
	if o = chen.Submit(top, map[string]any{"title": "x", "role": "lifter"}); !o.Acked || len(chen.Views()) != 1 {
		t.Error("an empty answer closes the one on top", o, len(chen.Views()))
	}
	if o = chen.CloseView(v); !o.Acked || d.lastPress().Type != slack.InteractionTypeViewClosed || len(chen.Views()) != 0 {
		t.Errorf("%+v", o)
	}
	healthy(t, w)
}

func TestClearClosesAllAndErrorsMustFitTheView(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	chen := w.As("U1")
	chen.Command("C1", "/muster", "call")
	if _, err := d.api.OpenView(d.lastCommand().TriggerID, form("New call")); err != nil {
		t.Fatal(err)
	}
	v, _ := chen.View()
	d.respond(slack.NewErrorsViewSubmissionResponse(map[string]string{"nowhere": "no"}))
	chen.Submit(v, map[string]any{"title": "x"})
	if c := w.Complaints(); len(c) != 1 || !strings.Contains(c[0], "nowhere") {
		t.Error(c)
	}
	d.respond(slack.NewClearViewSubmissionResponse())
	if o := chen.Submit(v, map[string]any{"title": "x"}); !o.Acked || len(chen.Views()) != 0 {
		t.Error(o)
	}
}

func TestTriggersAreShortLivedAndForOneUse(t *testing.T) {
	t.Parallel()
	machine := &handClock{now: monday}
	w := town(t, func(o *sandbox.Options) { o.Machine = machine.Now })
	d := newDesk(t, w)
	chen := w.As("U1")
	trigger := func() string {
		chen.Command("C1", "/muster", "call")
		return d.lastCommand().TriggerID
	}
	first := trigger()
	if _, err := d.api.OpenView(first, form("One")); err != nil {
		t.Fatal(err)
	}
	_, err := d.api.OpenView(first, form("One"))
	wantError(t, "again", err, "exchanged_trigger_id")
	late := trigger()
	machine.add(3*time.Second + time.Millisecond)
	_, err = d.api.OpenView(late, form("Late"))
	wantError(t, "after three seconds", err, "expired_trigger_id")
	_, err = d.api.OpenView("forged", form("x"))
	wantError(t, "forged", err, "invalid_trigger_id")
	_, err = d.api.PushView(trigger(), form("x"))
	wantError(t, "push with a trigger from outside of a modal", err, "invalid_trigger_id")
	healthy(t, w)
}

func TestViewsAreUpdatedAndPushed(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	chen := w.As("U1")
	chen.Command("C1", "/muster", "call")
	loading := slack.ModalViewRequest{Type: slack.VTModal, Title: pt("Loading"), ExternalID: "call-1",
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewActionBlock("b", button("more", "1"))}}}
	opened, err := d.api.OpenView(d.lastCommand().TriggerID, loading)
	if err != nil {
		t.Fatal(err)
	}
	updated, err := d.api.UpdateView(loading, "", opened.Hash, opened.ID)
	if err != nil || updated.Hash == opened.Hash {
		t.Fatal(updated, err)
	}
	_, err = d.api.UpdateView(loading, "", opened.Hash, opened.ID)
	wantError(t, "a stale hash", err, "hash_conflict")
	if _, err = d.api.UpdateView(loading, "call-1", "", ""); err != nil {
		t.Error("by external id:", err)
	}
	_, err = d.api.UpdateView(loading, "", "", "V404")
	wantError(t, "no such view", err, "not_found")
	other := loading
	for n, want := range []string{"", "", "push_limit_reached"} {
		v, _ := chen.View()
		if o := chen.PressIn(v, "more"); !o.Acked || d.lastPress().Container.ViewID != v.ID {
			t.Fatal(o)
		}
		other.ExternalID = string(rune('a' + n))
		_, err := d.api.PushView(d.lastPress().TriggerID, other)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("push %d: %v", n, err)
		}
	}
	healthy(t, w)
}

func TestHomeIsPublishedAndPressed(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	ann := w.As("U2")
	ann.OpenHome()
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
		section("my shifts"), slack.NewActionBlock("b", button("pause", "1"))}}}
	first, err := d.api.PublishView("U2", home, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = d.api.PublishView("U2", home, first.Hash); err != nil {
		t.Fatal(err)
	}
	_, err = d.api.PublishView("U2", home, first.Hash)
	wantError(t, "a stale hash", err, "hash_conflict")
	_, err = d.api.PublishView("U404", home, "")
	wantError(t, "nobody", err, "user_not_found")
	v := ann.Home()
	if !strings.Contains(v.AllText(), "my shifts") {
		t.Error(v.AllText())
	}
	if o := ann.PressIn(v, "pause"); !o.Acked || d.lastPress().View.ID != v.ID {
		t.Errorf("%+v", o)
	}
	await(t, w, "the opening", func() bool { return d.count("events_api") > 0 })
	healthy(t, w)
}

func TestViewsBeyondTheLimitsAreRefused(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	w.As("U1").Command("C1", "/muster", "call")
	trigger := d.lastCommand().TriggerID
	long := form(strings.Repeat("长", 25))
	noSubmit := form("x")
	noSubmit.Submit = nil
	private := form("x")
	private.PrivateMetadata = strings.Repeat("x", 3001)
	for what, v := range map[string]slack.ModalViewRequest{"a title of 25": long, "inputs without submit": noSubmit, "private metadata": private} {
		_, err := d.api.OpenView(trigger, v)
		wantError(t, what, err, "invalid_arguments")
	}
	if _, err := d.api.OpenView(trigger, form("x")); err != nil {
		t.Error("a refused view does not cost the trigger:", err)
	}
	if got := len(w.Complaints()); got != 3 {
		t.Errorf("%d complaints", got)
	}
}
