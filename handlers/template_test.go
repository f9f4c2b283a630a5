package handlers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

// filled are the texts that stand in a form, by field.
func filled(m *slack.ModalViewRequest) map[string]string {
	out := map[string]string{}
	for _, b := range m.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			if text, ok := in.Element.(*slack.PlainTextInputBlockElement); ok && text.InitialValue != "" {
				out[in.BlockID] = text.InitialValue
			}
		}
	}
	return out
}

// Everything that the one-line form has can be said in the form, and changed in
// it.
func TestEveryKeyOfACallByItsForm(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	d.submits("Uchen", views.ModalCall, views.CallMeta{Channel: "CLOBBY", More: true}.Encode(), map[string][]string{
		"title": {"东堤装沙袋"}, "when": {"周六 8:00-12:00, 周日 8:00-12:00"}, "where": {"东堤"}, "need": {"装卸 4-6, 司机* 2"}, "kind": {"relief"},
		"bring": {"手套"}, "private": {"门码 1234"}, "opens": {"1d before"}, "close": {"2h before"}, "guests": {"1"}, "remind": {"2d, 30m"},
		"skill": {"装卸, 驾驶"}, "ask": {"5 every 10m"}, "safety": {"30m"}, "for": {"城东支部"}, "flags": {"buddy"}})
	s, err := d.svc.ShowCall(t.Context(), services.Act{Team: "T1", User: "Uchen"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	c := *s.Call
	got := map[string]any{"title": c.Title, "where": c.Place, "kind": c.Kind, "bring": c.Bring, "private": c.Private, "guests": c.GuestsMax, "remind": c.Remind,
		"skill": c.Skills, "ask": c.Ask, "safety": c.SafetyMin, "buddy": c.Buddy, "urgent": c.Urgent, "drill": c.Drill, "for": c.Audience,
		"opens": s.Start() - c.OpensAt, "close": s.Start() - c.ClosesAt, "shifts": len(s.Shifts), "least": s.Roles[0].Least, "most": s.Roles[0].Most, "verified": s.Roles[1].Verified}
	want := map[string]any{"title": "东堤装沙袋", "where": "东堤", "kind": "relief", "bring": "手套", "private": "门码 1234", "guests": 1, "remind": []int{2880, 30},
		"skill": []string{"装卸", "驾驶"}, "ask": "5 every 10m", "safety": 30, "buddy": true, "urgent": false, "drill": false, "for": "unit:1",
		"opens": models.Instant(24 * 3600_000), "close": models.Instant(2 * 3600_000), "shifts": 2, "least": 4, "most": 6, "verified": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("posted by form (-want +got):\n%s", diff)
	}
	press := func(action, value string) bot.Reply {
		return d.do(bot.Request{Kind: bot.KindAction, Name: action, ActionID: action, Value: value, User: "Uchen", Channel: "CLOBBY"})
	}
	edit := press(views.ActionCallEdit, "1").Modal
	fields := filled(edit)
	values := map[string][]string{"kind": {"relief"}, "flags": {"buddy"}}
	for name, text := range fields {
		values[name] = []string{text}
	}
	values["ask"], values["safety"], values["guests"] = nil, []string{"no"}, []string{"2"}
	d.submits("Uchen", views.ModalCall, edit.PrivateMetadata, values)
	if s, err = d.svc.ShowCall(t.Context(), services.Act{Team: "T1", User: "Uchen"}, 1); err != nil {
		t.Fatal(err)
	}
	if s.Call.Ask != "" || s.Call.SafetyMin != 0 || s.Call.GuestsMax != 2 || s.Call.ClosesAt != c.ClosesAt || s.Call.Place != "东堤" {
		t.Errorf("changed by form: %+v", *s.Call)
	}
	copied := filled(press(views.ActionCallCopy, "1").Modal)
	wantForm := map[string]string{"title.c1": "东堤装沙袋", "where.c1": "东堤", "need.c1": "装卸 4-6, 司机* 2", "bring.c1": "手套", "opens.c1": "1d before",
		"close.c1": "2h before", "guests.c1": "2", "remind.c1": "2d, 30m", "skill.c1": "装卸, 驾驶", "safety.c1": "no", "for.c1": "城东支部"}
	if diff := cmp.Diff(wantForm, copied); diff != "" {
		t.Errorf("the form of a copy (-want +got):\n%s", diff)
	}
	// The organizer's message has it in a menu; an entry is as good as its button.
	if diff := cmp.Diff(wantForm, filled(press(views.ActionCallMenu, views.ActionCallCopy+":1").Modal)); diff != "" {
		t.Errorf("the form from the menu (-want +got):\n%s", diff)
	}
	if reply := press(views.ActionCallMenu, views.ActionCallTemplate+":1"); reply.Modal == nil || reply.Modal.CallbackID != views.ModalTemplate {
		t.Errorf("keeping it from the menu gives %+v", reply)
	}
	if _, err := d.router.Route(t.Context(), bot.Request{Kind: bot.KindAction, Team: "T1", User: "Uchen", Channel: "CLOBBY", Name: views.ActionCallMenu,
		ActionID: views.ActionCallMenu, Value: views.ActionCallCancel + ":1", Delivery: "forged"}); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("what is not on the menu: %v", err)
	}
}

// Without a live trigger there is a button instead of a form.
func TestCopiesAndTemplatesAreOfferedWhereNoFormOpens(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	d.command("Uchen", "招募 义诊 | 时间: 周六 9:00-11:00 | 需要: 医生 2")
	for text, action := range map[string]string{"招募 k1 复制": views.ActionCallCopy, "招募 k1 模板": views.ActionCallTemplate} {
		d.acts++
		reply, err := d.router.Route(t.Context(), bot.Request{Kind: bot.KindDirect, Team: "T1", User: "Uchen", Channel: "DUchen", Direct: true, Text: text, Delivery: text})
		if err != nil {
			t.Fatal(err)
		}
		if got := buttons(reply.Blocks); len(got) == 0 || got[0].ActionID != action {
			t.Errorf("%s offers %q", text, reply.Text)
		}
	}
	d.command("Uchen", "招募 k1 模板 周末义诊")
	d.command("Uchen", "招募 模板")
	reply := d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionCallPreset, ActionID: views.ActionCallPreset + ":t1", Value: "t1", User: "Uchen",
		View: bot.View{ID: "V1", Callback: views.ModalCall, Private: views.CallMeta{}.Encode()}, Fields: map[string][]string{"when": {"周日 9:00"}}})
	if got := filled(reply.Modal); reply.How != bot.ModalUpdate || got["title.t1"] != "义诊" || got["need.t1"] != "医生 2" || got["when.t1"] != "周日 9:00" {
		t.Errorf("filled in by a template: %v", got)
	}
}
