package handlers

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/store"
	"muster/store/storetest"
	"muster/views"
)

// desk is the whole bot without Slack: requests go to the router, messages
// are rendered when they are due.
type desk struct {
	t      *testing.T
	st     *store.Store
	svc    *services.Services
	router *bot.Router
	render func(context.Context, models.Message) (bot.Outgoing, error)
	clocks storetest.Clocks
	acts   int
	shown  map[string]map[int64]bot.Outgoing // by Slack user: message id -> what Slack shows
	order  map[string][]int64
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	st, clocks := storetest.New(t)
	svc := services.New(st, services.Options{Random: func(p []byte) {}, Admins: []string{"Uchen"}, Defaults: services.Defaults{Lang: "zh", Zone: "Asia/Shanghai"}})
	cat, err := views.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	h := New(svc, cat, nil)
	d := &desk{t: t, st: st, svc: svc, clocks: clocks, render: h.Renderer(), shown: map[string]map[int64]bot.Outgoing{}, order: map[string][]int64{}}
	d.router = bot.NewRouter(bot.RouterOptions{Classify: Classify, Errors: h.Errors})
	h.Register(d.router)
	err = svc.Enrol(t.Context(), "T1", []services.UnitRow{{Name: "城东支部", Leader: "Uchen"}}, []services.MemberRow{
		{Slack: "Uchen", Name: "陈琳", Unit: "城东支部"}, {Slack: "Uli", Name: "李师傅", Unit: "城东支部"}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) do(r bot.Request) bot.Reply {
	d.t.Helper()
	d.acts++
	r.Team, r.Delivery = "T1", fmt.Sprintf("trg:%d", d.acts)
	if r.TriggerID == "" {
		r.TriggerID = "trigger"
	}
	reply, err := d.router.Route(d.t.Context(), r)
	if models.CodeOf(err) == models.CodeInternal {
		d.t.Fatalf("%s %s: %v", r.Kind, r.Name, err)
	}
	return reply
}

func (d *desk) say(user, text string) bot.Reply {
	d.t.Helper()
	return d.do(bot.Request{Kind: bot.KindDirect, User: user, Channel: "D" + user, Direct: true, Text: text, TS: fmt.Sprint(d.acts)})
}

// press presses the button with this action on the newest message that has it.
func (d *desk) press(user, action string) bot.Reply {
	d.t.Helper()
	for i := len(d.order[user]) - 1; i >= 0; i-- {
		for _, b := range buttons(d.shown[user][d.order[user][i]].Blocks) {
			if b.ActionID == action {
				return d.pressButton(user, b)
			}
		}
	}
	d.t.Fatalf("%s has no button %s; newest: %s", user, action, d.newest(user))
	return bot.Reply{}
}

func (d *desk) pressButton(user string, b *slack.ButtonBlockElement) bot.Reply {
	d.t.Helper()
	name, _, _ := strings.Cut(b.ActionID, ":")
	return d.do(bot.Request{Kind: bot.KindAction, Name: name, ActionID: b.ActionID, Value: b.Value, User: user, Channel: "D" + user, Direct: true, TS: "1.1"})
}

func buttons(blocks []slack.Block) []*slack.ButtonBlockElement {
	var out []*slack.ButtonBlockElement
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.ActionBlock:
			for _, e := range b.Elements.ElementSet {
				if e, ok := e.(*slack.ButtonBlockElement); ok {
					out = append(out, e)
				}
			}
		case *slack.SectionBlock:
			if b.Accessory != nil && b.Accessory.ButtonElement != nil {
				out = append(out, b.Accessory.ButtonElement)
			}
		}
	}
	return out
}

func (d *desk) newest(user string) string {
	if len(d.order[user]) == 0 {
		return ""
	}
	return d.shown[user][d.order[user][len(d.order[user])-1]].Text
}

// until lets time pass; everything due is done and shown.
func (d *desk) until(text string) {
	d.t.Helper()
	end, err := time.ParseInLocation("2006-01-02 15:04", text, models.Zone("Asia/Shanghai"))
	if err != nil {
		d.t.Fatal(err)
	}
	for {
		d.beat()
		now := d.clocks.World.Now()
		if !now.Before(end) {
			return
		}
		d.clocks.Advance(min(15*time.Minute, end.Sub(now)))
	}
}

func (d *desk) beat() {
	d.t.Helper()
	ctx := d.t.Context()
	for range 50 {
		n, err := d.svc.RunDue(ctx)
		if err != nil {
			d.t.Fatal(err)
		}
		list, err := d.st.ClaimMessages(ctx, "test", 100, time.Minute)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, m := range list {
			d.show(m)
		}
		if n+len(list) == 0 {
			return
		}
	}
	d.t.Fatal("no end of what is due")
}

func (d *desk) show(m models.Message) {
	d.t.Helper()
	out, err := d.render(d.t.Context(), m)
	if err != nil {
		d.t.Fatalf("render %s: %v", m.Key, err)
	}
	settled := models.Outcome{Kind: models.OutcomeSent, Channel: "D1", TS: fmt.Sprintf("%d.0", m.ID), Version: m.Version}
	switch {
	case out.Skip:
		settled = models.Outcome{Kind: models.OutcomeDropped}
	case out.Wait != 0:
		settled = models.Outcome{Kind: models.OutcomeWait, WaitUntil: models.Instant(out.Wait)}
	default:
		user := ""
		_, p, _, err := d.svc.Recipient(d.t.Context(), m)
		if err != nil {
			d.t.Fatal(err)
		}
		user = p.Slack()
		if k := string(m.Kind); !strings.HasPrefix(k, "study") && !strings.HasPrefix(k, "remind") {
			break // the first contact is told elsewhere
		}
		if d.shown[user] == nil {
			d.shown[user] = map[int64]bot.Outgoing{}
		}
		if _, known := d.shown[user][m.ID]; !known {
			d.order[user] = append(d.order[user], m.ID)
		}
		d.shown[user][m.ID] = out
	}
	if err := d.st.Settle(d.t.Context(), m.ID, "test", settled); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) sees(user, want string) {
	d.t.Helper()
	if got := d.newest(user); !strings.Contains(got, want) {
		d.t.Errorf("%s sees %q, want %q in it", user, got, want)
	}
}

func has(t *testing.T, reply bot.Reply, want string) {
	t.Helper()
	text := reply.Text
	for _, b := range reply.Blocks {
		if s, ok := b.(*slack.SectionBlock); ok && s.Text != nil {
			text += "\n" + s.Text.Text
		}
	}
	if !strings.Contains(text, want) {
		t.Errorf("answer %q, want %q in it", text, want)
	}
}

// A study in Chinese: opened on one line, answered, checked in, undone.
func TestAStudyFromLineToHours(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	reply := d.say("Uchen", "学习 骑手服务案例 | 时间：每周三 19:30 | 范围：城东支部 | 链接：https://example.com/a.pdf")
	has(t, reply, "每周三 19:30，接下来：周三 11月25日 19:30、周三 12月2日 19:30、周三 12月9日 19:30")
	has(t, reply, "提醒 城东支部，2 人")
	has(t, d.say("Uli", "study list"), "#s1")
	has(t, d.say("Uli", "study s1"), "会在 周二 11月24日 19:30、周三 11月25日 18:30 提醒你")
	d.until("2026-11-24 19:30")
	d.sees("Uli", "周三 11月25日 19:30 骑手服务案例")
	has(t, d.press("Uli", views.ActionStudyAttend), "好的，19:30 见。到时在这条消息里签到。")
	d.beat()
	d.sees("Uli", "好的，19:30 见")
	d.until("2026-11-25 18:30")
	if n := len(d.order["Uli"]); n != 2 {
		t.Errorf("%d messages, want the one a day before and the one an hour before", n)
	}
	if old := d.shown["Uli"][d.order["Uli"][0]]; len(buttons(old.Blocks)) != 0 {
		t.Error("the message before keeps its buttons")
	}
	d.until("2026-11-25 19:30")
	has(t, d.press("Uli", views.ActionStudyCheckIn), "已签到 19:30，1 学时。今年 1/32 学时。")
	d.beat()
	d.sees("Uli", "已签到 19:30，1 学时")
	has(t, d.press("Uli", views.ActionUndo), "已撤销")
	d.beat()
	has(t, d.press("Uli", views.ActionStudyCheckIn), "已签到 19:30")
	d.until("2026-11-25 21:30")
	d.sees("Uchen", "开展了吗？")
	if reply := d.press("Uchen", views.ActionStudyHeld); reply.Modal == nil || reply.Modal.CallbackID != views.ModalRoll {
		t.Errorf("held opens no roll: %q", reply.Text)
	}
	d.beat()
	d.sees("Uchen", "记为已开展")
}

// The same in English by modal, with a snooze, an excuse and a make-up.
func TestAStudyByFormInEnglish(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, who := range []string{"Uchen", "Uli"} {
		d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionSetLang, ActionID: views.ActionSetLang + ":en", Value: "en", User: who, Channel: "D" + who, Direct: true})
	}
	if reply := d.say("Uchen", "study"); reply.Modal == nil || reply.Modal.CallbackID != "study" {
		t.Fatal("study alone opens no form")
	}
	submit := func(fields map[string][]string) bot.Reply {
		return d.do(bot.Request{Kind: bot.KindSubmission, Name: "study", User: "Uchen", Fields: fields, View: bot.View{ID: "V1", Callback: "study"}})
	}
	reply := submit(map[string][]string{views.FieldTitle: {"Cases"}, views.FieldWhen: {"25:00"}, views.FieldWho: {"all"}})
	if reply.Errors[views.FieldWhen] == "" {
		t.Errorf("25:00 is taken: %+v", reply)
	}
	reply = submit(map[string][]string{views.FieldTitle: {"Cases"}, views.FieldWhen: {"Wed 19:30"}, views.FieldWho: {"all"}, views.FieldRemind: {"1d, 1h"}})
	has(t, reply, "Wed 25 Nov, 19:30–20:30")
	d.until("2026-11-24 19:30")
	reply = d.press("Uli", views.ActionStudySnooze)
	has(t, reply, "When shall I remind you")
	choices := buttons(reply.Blocks)
	has(t, d.pressButton("Uli", choices[0]), "I'll remind you again on Tue 24 Nov 19:45")
	d.until("2026-11-24 19:45")
	if n := len(d.order["Uli"]); n != 2 {
		t.Errorf("%d messages after the snooze, want 2", n)
	}
	if reply = d.press("Uli", views.ActionStudyExcuse); reply.Modal == nil {
		t.Fatal("no form to be excused")
	}
	has(t, d.do(bot.Request{Kind: bot.KindSubmission, Name: views.ModalExcuse, User: "Uli", Fields: map[string][]string{views.FieldReason: {"ill"}},
		View: bot.View{ID: "V2", Private: reply.Modal.PrivateMetadata}}), "You asked to be excused")
	d.beat()
	d.sees("Uchen", "asks to be excused")
	if reply = d.press("Uchen", views.ActionExcuseNo); reply.Modal == nil || reply.Modal.CallbackID != views.ModalExcuseNo {
		t.Fatal("no form for the reason of a no")
	}
	has(t, d.do(bot.Request{Kind: bot.KindSubmission, Name: views.ModalExcuseNo, User: "Uchen", Fields: map[string][]string{views.FieldReason: {"we need you"}},
		View: bot.View{ID: "V2n", Private: reply.Modal.PrivateMetadata}}), "Not excused")
	d.until("2026-11-24 20:00")
	d.sees("Uli", "The leader says: we need you")
	d.until("2026-11-25 21:30")
	d.sees("Uli", "You can make it up until")
	if reply = d.press("Uli", views.ActionStudyMakeup); reply.Modal == nil || reply.Modal.CallbackID != "makeup" {
		t.Fatal("no form to make it up")
	}
	private := reply.Modal.PrivateMetadata
	reply = d.do(bot.Request{Kind: bot.KindSubmission, Name: "makeup", User: "Uli", Fields: map[string][]string{views.FieldReflection: {"good"}}, View: bot.View{ID: "V3", Private: private}})
	if reply.Errors[views.FieldReflection] == "" {
		t.Error("four characters are taken for a reflection")
	}
	has(t, d.do(bot.Request{Kind: bot.KindSubmission, Name: "makeup", User: "Uli", Fields: map[string][]string{views.FieldReflection: {strings.Repeat("I learnt a lot. ", 3)}},
		View: bot.View{ID: "V4", Private: private}}), "Made up, 1 hour. 1 of 32 this year.")
}

// What a person may not do, or what cannot be meant, gets one line and changes
// nothing.
func TestStudyRefusals(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	has(t, d.say("Uli", "study Cases | when: Wed 19:30 | for: 城东支部"), "<@Uchen>")
	has(t, d.say("Uchen", "study Cases | when: Wed 19:30"), "这次学习给谁？")
	has(t, d.say("Uchen", "study Cases | when: Wed 19:30 | for: 月球支部"), "月球支部")
	has(t, d.say("Uchen", "study s9 skip"), "s9")
	has(t, d.say("Uchen", "study Cases | when: Wed 19:30 | for: 城东支部 | holidays: sometimes"), "看不懂“sometimes”")
	has(t, d.say("Uchen", "study Cases | when: every Wed 19:30 | for: 城东支部"), "#s1")
	has(t, d.say("Uchen", "study s1 roll"), "19:15 起才能点名")
	has(t, d.say("Uchen", "study s1 held"), "还没有开始")
	has(t, d.say("Uchen", "study s1 skip"), "11月25日 19:30 这一次跳过了")
	has(t, d.say("Uchen", "study s1 move Fri 19:30"), "改到 周五 11月27日 19:30")
	has(t, d.say("Uchen", "study s1 edit where: 二楼"), "二楼")
	d.until("2026-11-27 10:00")
	for _, forged := range []string{"", "0", "99999", "x", "m1", "-1"} {
		for _, action := range []string{views.ActionStudyAttend, views.ActionStudyCheckIn, views.ActionStudyDone, views.ActionStudySnooze,
			views.ActionSnoozePick, views.ActionStudySlotPick, views.ActionStudyMakeup, views.ActionStudyExcuse, views.ActionStudyHeld, views.ActionUndo} {
			reply := d.do(bot.Request{Kind: bot.KindAction, Name: action, ActionID: action, Value: forged, User: "Uli", Channel: "DUli", Direct: true})
			if reply.Text == "" {
				t.Errorf("%s with %q: nothing is said", action, forged)
			}
		}
	}
}

// remind: to oneself, listed, done, undone, deleted.
func TestRemindFromLineToDone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	has(t, d.say("Uli", "remind me to bring the form, tomorrow 9:00"), "会提醒你 bring the form（#m1）：周二 11月24日 9:00")
	has(t, d.say("Uli", "提醒 列表"), "bring the form")
	d.until("2026-11-24 09:00")
	d.sees("Uli", "bring the form")
	has(t, d.press("Uli", views.ActionStudyDone), "已完成")
	d.beat()
	d.sees("Uli", "已完成")
	has(t, d.press("Uli", views.ActionUndo), "已撤销")
	d.beat()
	reply := d.press("Uli", views.ActionStudySnooze)
	has(t, d.pressButton("Uli", buttons(reply.Blocks)[0]), "会在 周二 11月24日 9:15 再提醒你")
	d.until("2026-11-24 09:15")
	if n := len(d.order["Uli"]); n != 2 {
		t.Errorf("%d messages, want the reminder and the one put off", n)
	}
	has(t, d.say("Uli", "remind m1 delete"), "已删除提醒")
	has(t, d.say("Uchen", "remind <@Uli> 交表 every Fri 17:00"), "先问 <@Uli> 愿不愿意")
	d.beat()
	d.sees("Uli", "想在 每周五 17:00")
	has(t, d.press("Uli", views.ActionRemindYes), "好的")
	d.until("2026-11-27 17:00")
	d.sees("Uli", "提醒：交表")
}

// Material without a meeting has Done instead of a check-in, and counts.
func TestMaterialIsReadAndDone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	has(t, d.do(bot.Request{Kind: bot.KindSubmission, Name: "study", User: "Uchen", View: bot.View{ID: "V1"}, Fields: map[string][]string{
		views.FieldTitle: {"安全条例"}, views.FieldWhen: {"周三 19:30"}, views.FieldWho: {"all"}, views.FieldLink: {"https://example.com/b.pdf"},
		views.FieldKind: {views.MeetingNone}, views.FieldRemind: {"1h"}}}), "没有集中学习，各自完成；计 1 学时")
	d.until("2026-11-25 18:30")
	d.sees("Uli", "周三 11月25日 19:30 前完成 安全条例")
	has(t, d.press("Uli", views.ActionStudyDone), "已完成 周三 11月25日 18:30，1 学时。今年 1/32 学时。")
	d.beat()
	has(t, d.press("Uli", views.ActionUndo), "已撤销")
	d.beat()
	has(t, d.press("Uli", views.ActionStudyDone), "已完成")
	d.until("2026-12-03 10:00")
	if n := len(d.order["Uli"]); n != 1 {
		t.Errorf("%d messages, want the one: it was done", n)
	}
}
