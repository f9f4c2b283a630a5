package handlers

import (
	"strings"
	"testing"

	"muster/bot"
	"muster/views"
)

func TestTheNumbersOfASummaryOpen(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	r := d.command("Uchen", "汇总 本周 明细 小时")
	if !strings.HasPrefix(r.Text, "*明细 · 已核实小时 · 11月23日–29日，共 0 条*\n没有记录。") {
		t.Errorf("%q", r.Text)
	}
	if r := d.command("Uchen", "summary last week rows"); r.Text != "看哪个数字的明细？" {
		t.Errorf("%q", r.Text)
	}
	if r := d.command("Uchen", "summary last week rows cats"); !strings.Contains(r.Text, "没有“cats”这个数字") {
		t.Errorf("%q", r.Text)
	}
	press := func(user, id, block, value string) bot.Reply {
		name, _, _ := strings.Cut(id, ":")
		return d.do(bot.Request{Kind: bot.KindAction, Name: name, ActionID: id, BlockID: block, Value: value, User: user, Channel: "CLOBBY"})
	}
	if r := press("Uchen", views.ActionSummaryRows, "", "1"); r.Text != "看哪个数字的明细？" {
		t.Errorf("%q", r.Text)
	}
	if r := press("Uchen", views.ActionSummaryFigure, "rows:1", "attended"); !strings.HasPrefix(r.Text, "*明细 · 学习参加") {
		t.Errorf("%q", r.Text)
	}
	if r := press("Uchen", views.ActionSummaryTable, "", "1"); !strings.Contains(r.Text, "三张表") {
		t.Errorf("%q", r.Text)
	}
	for _, id := range []string{views.ActionSummaryRows, views.ActionSummaryTable, views.ActionSummaryPage + ":calls:0"} {
		if r := press("Uli", id, "", "1"); !strings.Contains(r.Text, "只有组织者") {
			t.Errorf("a member, %s: %q", id, r.Text)
		}
		if r := press("Uchen", id, "", "999"); !strings.Contains(r.Text, "这是别人的按钮") {
			t.Errorf("forged, %s: %q", id, r.Text)
		}
	}
	if r := press("Uchen", views.ActionSummaryPage+":calls:-1", "", "1"); !strings.Contains(r.Text, "这是别人的按钮") {
		t.Errorf("a page before the first: %q", r.Text)
	}
}
