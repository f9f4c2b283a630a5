package handlers

import (
	"fmt"
	"strings"
	"testing"

	"muster/bot"
	"muster/views"
)

// onHome presses a button on somebody's Home tab.
func (d *room) onHome(user, action, value string) bot.Reply {
	d.t.Helper()
	name, _, _ := strings.Cut(action, ":")
	return d.do(bot.Request{Kind: bot.KindAction, Name: name, ActionID: action, Value: value, User: user,
		View: bot.View{ID: "V1", Callback: views.ViewHome}})
}

// A short answer stands on Home, a long one goes to the messages and Home says
// so, a refusal stands there too; a form opened from it brings it up to date
// when it is sent off, once.
func TestHomeFollowsWhatIsPressedOnIt(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	d.command("Uchen", "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 引导员 2 | 范围: all")
	r := d.onHome("Uli", "call_join:home:1", "1")
	if text := homeText(t, r); r.Text != "" || !strings.Contains(text, "已报名：义诊 · 引导员") || !strings.Contains(text, "call_leave:s1") {
		t.Errorf("%q on Home:\n%s", r.Text, text)
	}
	r = d.onHome("Uli", "call_details:s1", "1")
	if text := homeText(t, r); !strings.Contains(r.Text, "引导员") || !strings.Contains(text, "已发到你和 Muster 的私聊") {
		t.Errorf("%q on Home:\n%s", r.Text, text)
	}
	r = d.onHome("Uli", "call_panel:risk:k1", "1")
	if text := homeText(t, r); r.Text != "" || !strings.Contains(text, "只有") {
		t.Errorf("%q on Home:\n%s", r.Text, text)
	}
	r = d.onHome("Uchen", "call_panel:risk:k1", "1")
	if !strings.Contains(r.Text, "义诊（#k1）") || r.Home == nil {
		t.Errorf("the panel: %+v", r)
	}
	if r := d.onHome("Uli", views.ActionHelp, "0"); !r.Private || r.Home == nil {
		t.Errorf("help: %+v", r)
	}
	if r := d.onHome("Uchen", views.ActionHomeSummary, "0"); !strings.Contains(r.Text+homeText(t, r), "汇总 · 11月23日–29日") {
		t.Errorf("the summary: %+v", r)
	}
	if r := d.onHome("Uchen", views.ActionHomeExport, "0"); !strings.Contains(homeText(t, r), "私信") {
		t.Errorf("the export: %+v", r)
	}
	if r := d.onHome("Uchen", "call_panel:risk:k1", "77"); !strings.Contains(homeText(t, r), "没有") && r.Text == "" {
		t.Errorf("a call that is not there: %+v", r)
	}

	if r := d.onHome("Uli", views.ActionOpenProfile, "0"); r.Modal == nil || r.Home != nil {
		t.Errorf("the form: %+v", r)
	}
	form := bot.Request{Kind: bot.KindSubmission, Name: views.ModalHandover, User: "Uli", View: bot.View{ID: "V2", Callback: views.ModalHandover, Private: "1"},
		Fields: map[string][]string{views.FieldHandover: {"Uli"}}}
	if r := d.do(form); len(r.Errors) == 0 || r.Home != nil {
		t.Errorf("a form that stays open: %+v", r)
	}
	form.Fields[views.FieldHandover] = []string{"Uchen"}
	if r := d.do(form); len(r.Errors) > 0 || r.Home == nil {
		t.Errorf("a form that is sent off: %+v", r)
	}
	form.View.ID = "V3"
	if r := d.do(form); r.Home != nil {
		t.Errorf("a form from elsewhere: %+v", r)
	}
}

// Who walks away from a form costs nothing for long.
func TestFormsFromHomeAreForgottenInTime(t *testing.T) {
	t.Parallel()
	var f homeForms
	for i := range formsKept + 5 {
		f.open(bot.Request{Team: "T1", User: fmt.Sprint("U", i)})
		f.open(bot.Request{Team: "T1", User: fmt.Sprint("U", i)})
	}
	if len(f.who) != formsKept || len(f.order) != formsKept {
		t.Errorf("%d and %d are remembered", len(f.who), len(f.order))
	}
	if f.closed(bot.Request{Team: "T1", User: "U4"}) || !f.closed(bot.Request{Team: "T1", User: "U5"}) || f.closed(bot.Request{Team: "T1", User: "U5"}) {
		t.Error("the wrong ones are forgotten")
	}
}
