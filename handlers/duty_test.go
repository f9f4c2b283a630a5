package handlers

import (
	"testing"

	"muster/bot"
	"muster/views"
)

// Duties by words and by forms: set, changed, planned, entered, taken back.
func TestDutiesByWordsAndForms(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	form := func(user, callback, private string, fields map[string][]string) bot.Reply {
		return d.do(bot.Request{Kind: bot.KindSubmission, Name: callback, User: user, Fields: fields, View: bot.View{ID: "V1", Private: private}})
	}
	duty := func(name, every, times, scope string) map[string][]string {
		return map[string][]string{views.FieldDutyName: {name}, views.FieldDutyEvery: {every}, views.FieldDutyTimes: {times}, views.FieldDutyFor: {scope}}
	}
	has(t, d.say("Uli", "学习 组织生活"), "<@Uchen>")
	has(t, d.say("Uchen", "学习 组织生活"), "设好之前谁也不会收到提醒")
	has(t, d.say("Uchen", "学习 组织生活 加 党员大会 | 每季度 | 范围: 全部"), "已设：")
	has(t, form("Uchen", views.ModalDuty, "0", duty("支委会", "month", "2", "unit:1")), "每月 2 次")
	has(t, d.say("Uchen", "study duties edit 支委会 | every quarter"), "每季度 2 次")
	has(t, d.say("Uchen", "study duties edit 支委会 | every quarter"), "没有变化")
	has(t, d.say("Uchen", "学习 组织生活 修改 支委会 | 名称: 委员会 | 次数: 1"), "委员会")

	for field, fields := range map[string]map[string][]string{
		views.FieldDutyTimes: duty("x", "month", "often", "all"), views.FieldDutyName: duty("党员大会", "month", "1", "all"),
		views.FieldDutyFor: duty("x", "month", "1", "type:月球"), views.FieldDutyEvery: duty("x", "week", "1", "all"),
	} {
		if reply := form("Uchen", views.ModalDuty, "0", fields); reply.Errors[field] == "" {
			t.Errorf("%s: %+v", field, reply)
		}
	}

	list := d.say("Uchen", "study duties")
	plan := d.pressButton("Uchen", d.buttonCalled(list, "安排"))
	if plan.Modal == nil || plan.Modal.CallbackID != "study" {
		t.Fatalf("plan it: %+v", plan)
	}
	held := d.pressButton("Uchen", d.buttonCalled(list, "已开展…"))
	if held.Modal == nil || held.Modal.CallbackID != views.ModalDutyHeld {
		t.Fatalf("it was held: %+v", held)
	}
	day := func(day, note string) map[string][]string {
		return map[string][]string{views.FieldDutyDay: {day}, views.FieldDutyNote: {note}}
	}
	for _, bad := range []string{"2026-11-24", "2019-01-01", "someday", ""} {
		if reply := form("Uchen", views.ModalDutyHeld, held.Modal.PrivateMetadata, day(bad, "")); reply.Errors[views.FieldDutyDay] == "" {
			t.Errorf("%q: %+v", bad, reply)
		}
	}
	entered := form("Uchen", views.ModalDutyHeld, held.Modal.PrivateMetadata, day("2026-11-18", "在活动室"))
	has(t, entered, "已补录：城东支部 · 党员大会，周三 11月18日")
	has(t, form("Uli", views.ModalDutyHeld, held.Modal.PrivateMetadata, day("2026-11-17", "")), "<@Uchen>")
	correct := d.pressButton("Uchen", d.buttonCalled(entered, "更正"))
	if correct.Modal == nil {
		t.Fatalf("correct it: %+v", correct)
	}
	has(t, form("Uchen", views.ModalDutyHeld, correct.Modal.PrivateMetadata, day("2026-11-19", "在二楼")), "已更正：")
	has(t, d.pressButton("Uchen", d.buttonCalled(entered, "撤销")), "已撤销这条登记")
	has(t, d.pressButton("Uchen", d.buttonCalled(entered, "撤销")), "没有可以撤销的")

	has(t, form("Uchen", views.ModalDuty, "1", map[string][]string{views.FieldDutyDelete: {views.DutyDeleteValue}}), "不再要求：党员大会")
	has(t, d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionUndo, Value: views.UndoDutyDeleted + "1", User: "Uchen", Channel: "DUchen", Direct: true}), "又有要求了")
	if reply := d.say("Uchen", "study duties add"); reply.Modal == nil {
		t.Errorf("add alone: %+v", reply)
	}
	has(t, d.say("Uchen", "学习 组织生活 加 党员大会 | 有空就开"), "可以这样写")
	has(t, d.say("Uli", "学习 组织生活 加 | 有空就开"), "<@Uchen>")
	has(t, d.say("Uchen", "学习 组织生活 月球支部"), "月球支部")
	has(t, d.say("Uchen", "学习 读书 | 时间: 周三 19:30 | 范围: 城东支部 | 计入: 茶话会"), "茶话会")
}

// What was forged, or is of a version that is gone, does nothing and says so.
func TestForgedDuties(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	has(t, d.say("Uchen", "学习 组织生活 加 党员大会 | 每季度"), "已设：")
	for _, forged := range []string{"", "0", "99999", "x", "1:99999", "99999:1", "0:0", "-1:-1", "1:1:99999", "party'; --"} {
		for _, user := range []string{"Uli", "Uchen"} {
			for _, action := range []string{views.ActionDutyShow, views.ActionDutyPlan, views.ActionDutyHeld, views.ActionDutyCorrect, views.ActionDutyEdit, views.ActionDutyPreset} {
				reply := d.do(bot.Request{Kind: bot.KindAction, Name: action, ActionID: action, Value: forged, User: user, Channel: "D" + user, Direct: true})
				whole := action == views.ActionDutyEdit && user == "Uchen" && reply.Modal != nil // an id of nothing is a new one
				whole = whole || forged == "1:1:99999" && user == "Uchen"                        // more behind what is there
				if reply.Text == "" && !whole || reply.Modal != nil && user == "Uli" {
					t.Errorf("%s with %q by %s: %+v", action, forged, user, reply)
				}
			}
			for _, callback := range []string{views.ModalDuty, views.ModalDutyHeld} {
				reply := d.do(bot.Request{Kind: bot.KindSubmission, Name: callback, User: user, View: bot.View{ID: "V", Private: forged},
					Fields: map[string][]string{views.FieldDutyDay: {"2026-11-18"}, views.FieldDutyTimes: {"1"}, views.FieldDutyEvery: {"month"}}})
				if reply.Text == "" && len(reply.Errors) == 0 {
					t.Errorf("form %s with %q by %s: %+v", callback, forged, user, reply)
				}
			}
			for _, undo := range []string{views.UndoDutyAdded, views.UndoDutyDeleted, views.UndoDutyPreset, views.UndoDutyRecord} {
				if forged == "1:1:99999" || forged == "1:99999" {
					continue // begins with a row that is there
				}
				reply := d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionUndo, Value: undo + forged, User: user, Channel: "D" + user, Direct: true})
				if reply.Text == "" {
					t.Errorf("undo %s%s by %s: %+v", undo, forged, user, reply)
				}
			}
		}
	}
	has(t, d.say("Uchen", "study duties"), "还没有安排")
}
