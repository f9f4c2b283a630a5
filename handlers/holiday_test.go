package handlers

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"muster/bot"
	"muster/views"
)

// The days of a year by words: everybody reads them, an organizer of all sets
// the own ones, and each act can be taken back.
func TestHolidaysByWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	list := d.say("Uli", "学习 节假日")
	has(t, list, "国庆节：周四 10月1日–周三 10月7日 放假，周日 9月20日、周六 10月10日 上班")
	has(t, list, "本单位没有自己定的休息日或工作日。")
	for _, b := range buttons(list.Blocks) {
		if b.ActionID == views.ActionHolidayAdd || b.ActionID == views.ActionHolidayDelete {
			t.Errorf("a member gets the button %s", b.ActionID)
		}
	}
	has(t, d.say("Uli", "study holidays 2027"), "2027 年的放假调休通知还没有收录")
	has(t, d.say("Uli", "study holidays 2028"), "没有 2028 年的节假日数据")
	has(t, d.say("Uli", "study holidays 1492"), "1492")
	has(t, d.say("Uli", "study holidays add 26 Dec off Founding day"), "<@Uchen>")
	has(t, d.say("Uchen", "study holidays add 26 Dec"), "没有写是休还是班")
	has(t, d.say("Uchen", "study holidays dance"), "学习 节假日 加 12月26日 休 建站日")
	has(t, d.say("Uchen", "学习 节假日 加 11月20日 休"), "已经过去了")

	has(t, d.say("Uchen", "study 骑手服务案例 | when: every Fri 19:30 | for: 城东支部 | holidays: after"), "遇到节假日：顺延到后一个工作日")
	set := d.say("Uchen", "学习 节假日 加 12月11日 休 <!channel> 建站日")
	has(t, set, "周五 12月11日 休息")
	has(t, set, "没有学习要跟着调整") // beyond what is laid out
	if raw, err := json.Marshal(set.Blocks); err != nil || bytes.Contains(raw, []byte("<!channel")) {
		t.Errorf("a name pings a channel: %s, %v", raw, err)
	}
	has(t, d.say("Uchen", "学习 s1"), "周一 12月14日 19:30（12月11日因")
	has(t, d.say("Uchen", "学习 节假日 加 11月27日 休 建站日"), "周五 11月27日 19:30 因建站日改到 周一 11月30日 19:30")
	has(t, d.say("Uchen", "学习 列表"), "周一 11月30日 19:30（11月27日因建站日改到这天）")
	has(t, d.say("Uchen", "学习 节假日 加 11月27日 休 建站日"), "已经是这样了")
	worked := d.say("Uchen", "学习 节假日 加 11月28日 班")
	has(t, worked, "周六 11月28日 上班")
	has(t, worked, "从 周一 11月30日 19:30 再改到 周六 11月28日 19:30")
	dropped := d.say("Uchen", "学习 节假日 删 11月27日")
	has(t, dropped, "周五 11月27日 19:30 照常")
	has(t, d.pressButton("Uchen", buttons(dropped.Blocks)[0]), "11月27日 19:30 因建站日改到 周六 11月28日 19:30")
	has(t, d.say("Uchen", "学习 节假日 删 11月25日"), "不用删")
}

// The same by hand: the list, its form, and a button beside each own day.
func TestHolidaysByHand(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionSetLang, ActionID: views.ActionSetLang + ":en", Value: "en", User: "Uchen", Channel: "DUchen", Direct: true})
	list := d.say("Uchen", "study holidays")
	form := d.pressButton("Uchen", d.buttonCalled(list, "Add a day"))
	if form.Modal == nil || form.Modal.CallbackID != views.ModalHoliday {
		t.Fatalf("no form: %+v", form)
	}
	fill := func(date, kind, name string) bot.Reply {
		return d.sendsForm("Uchen", views.ModalHoliday, form.Modal.PrivateMetadata,
			map[string][]string{views.FieldHolidayDate: {date}, views.FieldHolidayKind: {kind}, views.FieldHolidayName: {name}})
	}
	for _, wrong := range []string{"", "nonsense", "2020-01-01", "2099-01-01", "2026-13-40"} {
		if got := fill(wrong, views.HolidayKindOff, ""); got.Errors[views.FieldHolidayDate] == "" {
			t.Errorf("%q was taken: %+v", wrong, got)
		}
	}
	has(t, fill("2026-12-26", views.HolidayKindOff, strings.Repeat("Founding day ", 40)), "Noted: Sat 26 Dec, day off (Founding day")
	has(t, fill("2027-01-02", views.HolidayKindWork, ""), "Sat 2 Jan 2027, working day")
	list = d.say("Uchen", "study holidays")
	has(t, list, "Sat 26 Dec, day off")
	gone := d.pressButton("Uchen", d.buttonCalled(list, "Delete"))
	has(t, gone, "Deleted: Sat 26 Dec")
	has(t, d.pressButton("Uchen", buttons(gone.Blocks)[0]), "Noted: Sat 26 Dec")
	has(t, d.pressButton("Uchen", d.buttonCalled(list, "2027")), "Holidays of 2027")
	// Rights are asked again at every press, and a forged one changes nothing.
	for _, action := range []string{views.ActionHolidayAdd, views.ActionHolidayDelete, views.ActionUndo} {
		for _, value := range []string{"1", "", "x", "99999", views.UndoHolidaySet + "1", views.UndoHolidayDrop + "1"} {
			reply := d.do(bot.Request{Kind: bot.KindAction, Name: action, ActionID: action, Value: value, User: "Uli", Channel: "DUli", Direct: true})
			if reply.Modal != nil || reply.Text == "" {
				t.Errorf("%s with %q by a member: %+v", action, value, reply)
			}
		}
	}
	got := d.sendsForm("Uli", views.ModalHoliday, "2026", map[string][]string{views.FieldHolidayDate: {"2026-12-27"}, views.FieldHolidayKind: {views.HolidayKindOff}})
	if got.Errors[views.FieldHolidayDate] == "" && !strings.Contains(got.Text, "Uchen") {
		t.Errorf("a member's form: %+v", got)
	}
	has(t, d.say("Uli", "study holidays"), "12月26日 休息")
}
