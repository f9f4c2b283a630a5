package handlers

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"muster/bot"
	"muster/views"
)

func textOf(r bot.Reply) string {
	all := []string{r.Text}
	for _, b := range r.Blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			all = append(all, b.Text.Text)
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				if text, ok := e.(*slack.TextBlockObject); ok {
					all = append(all, text.Text)
				}
			}
		}
	}
	return strings.Join(all, "\n")
}

// buttonCalled finds a button by the words on it.
func (d *desk) buttonCalled(r bot.Reply, label string) *slack.ButtonBlockElement {
	d.t.Helper()
	for _, b := range buttons(r.Blocks) {
		if strings.Contains(b.Text.Text, label) {
			return b
		}
	}
	d.t.Fatalf("no button %q under %q", label, textOf(r))
	return nil
}

// Every phrase of the contract, as it is answered: the rule in words and the
// next three dates. Monday 23 November 2026, 10:00.
func TestPhrasesFromLineToDates(t *testing.T) {
	t.Parallel()
	for phrase, want := range map[string]string{
		"tomorrow 08:00-12:00":                    "周二 11月24日 8:00–12:00",
		"12月5日 19:30":                             "周六 12月5日 19:30–20:30",
		"2026-12-05 19:30-21:00":                  "周六 12月5日 19:30–21:00",
		"下周五 19:30":                               "周五 12月4日 19:30–20:30",
		"every Wed 19:30":                         "每周三 19:30，接下来：周三 11月25日 19:30、周三 12月2日 19:30、周三 12月9日 19:30",
		"每周三 19:30":                               "每周三 19:30，接下来：周三 11月25日 19:30、周三 12月2日 19:30、周三 12月9日 19:30",
		"每周一、周四 19:30":                            "接下来：周一 11月23日 19:30、周四 11月26日 19:30、周一 11月30日 19:30",
		"every Mon and Thu 19:30":                 "接下来：周一 11月23日 19:30、周四 11月26日 19:30、周一 11月30日 19:30",
		"every 2 weeks on Tue 19:30":              "接下来：周二 11月24日 19:30、周二 12月8日 19:30、周二 12月22日 19:30",
		"每两周周二 19:30":                             "接下来：周二 11月24日 19:30、周二 12月8日 19:30、周二 12月22日 19:30",
		"隔周周二 19:30":                              "接下来：周二 11月24日 19:30、周二 12月8日 19:30、周二 12月22日 19:30",
		"every month on the 5th 19:30":            "接下来：周六 12月5日 19:30、周二 2027年1月5日 19:30、周五 2027年2月5日 19:30",
		"每月5日 19:30":                              "接下来：周六 12月5日 19:30、周二 2027年1月5日 19:30、周五 2027年2月5日 19:30",
		"每月第一个周一 19:30":                           "每月第一个周一 19:30，接下来：周一 12月7日 19:30、周一 2027年1月4日 19:30、周一 2027年2月1日 19:30",
		"every first Monday of the month 19:30":   "接下来：周一 12月7日 19:30、周一 2027年1月4日 19:30、周一 2027年2月1日 19:30",
		"每月最后一个工作日 17:00":                         "接下来：周一 11月30日 17:00、周四 12月31日 17:00、周五 2027年1月29日 17:00",
		"every last workday of the month 17:00":   "接下来：周一 11月30日 17:00、周四 12月31日 17:00、周五 2027年1月29日 17:00",
		"每月最后一个周五 17:00":                          "接下来：周五 11月27日 17:00、周五 12月25日 17:00、周五 2027年1月29日 17:00",
		"workdays 7:30":                           "接下来：周二 11月24日 7:30、周三 11月25日 7:30、周四 11月26日 7:30",
		"工作日 7:30":                                "接下来：周二 11月24日 7:30、周三 11月25日 7:30、周四 11月26日 7:30",
		"每天 7:30":                                 "接下来：周二 11月24日 7:30、周三 11月25日 7:30、周四 11月26日 7:30",
		"every quarter on the 10th 9:00":          "",
		"每周三 19:30 | 截止: 12月10日":                  "接下来：周三 11月25日 19:30、周三 12月2日 19:30、周三 12月9日 19:30，到周四 12月10日为止",
		"every Wed 19:30 | until: 2 Dec":          "接下来：周三 11月25日 19:30、周三 12月2日 19:30，到周三 12月2日为止",
		"周三 19:30 | 场次: 周四 10:00, 周六 15:00-16:30": "也可以选：周四 11月26日 10:00–11:00；周六 11月28日 15:00–16:30",
		"每周三 19:30 | 场次: 周六 15:00 | 人数: 20 | 地点: 二楼":   "也可以选：周六 11月28日 15:00–16:00",
		"周三 19:30 | 时长: 90m | 学时: 2 | 补学: 0 | 提前: 2小时": "约 90 分钟；计 2 学时",
	} {
		t.Run(phrase, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			reply := d.say("Uchen", "学习 课 | 时间: "+phrase+" | 范围: 城东支部")
			if want == "" {
				if text := textOf(reply); !strings.Contains(text, "看不懂") && !strings.Contains(text, "读法") && !strings.Contains(text, "#s1") {
					t.Errorf("answered %q", text)
				}
				return
			}
			has(t, reply, want)
			has(t, reply, "成员会收到我的私信")
		})
	}
}

// A leader edits one session by line, in either language; the series stays.
func TestEditOneByLine(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.say("Uchen", "学习 案例 | 时间：每周三 19:30 | 范围：城东支部 | 地点：一楼")
	has(t, d.say("Uchen", "学习 s1 修改 12月2日 地点：二楼"), "只改了 周三 12月2日 19:30 这一次：地点 二楼")
	has(t, d.say("Uchen", "study s1 edit only next: title: Traffic | when: 20:00"), "改名为“Traffic”；改到 周三 11月25日 20:00")
	has(t, d.say("Uchen", "study s1 edit 9 Dec: capacity: 5"), "“capacity”是整个系列的")
	has(t, d.say("Uchen", "study s1 edit 9 Dec: when: every Thu 20:00"), "只写一个时间")
	has(t, d.say("Uchen", "study s1 edit only 32 Dec: where: x"), "32 Dec")
	has(t, d.say("Uchen", "study s1 edit 10 Dec: where: x"), "那一天没有安排")
	has(t, d.say("Uli", "study s1 edit 9 Dec: where: x"), "<@Uchen>")
	reply := d.say("Uchen", "study s1 edit where: 三楼")
	has(t, reply, "以后每一次都改了。")
	reply = d.pressButton("Uchen", d.buttonCalled(reply, "只改下一次（周三 11月25日）"))
	has(t, reply, "只改了 周三 11月25日 20:00 这一次：地点 三楼")
	has(t, d.say("Uchen", "study s1"), "地点：一楼")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "撤销")), "改回原来的安排")
	d.until("2026-11-25 09:00")
	d.sees("Uli", "周三 11月25日 20:00 Traffic")
}

// What can be read in several ways is asked back, and one press completes it.
func TestAStudyIsAskedBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	// For whom, in a direct message.
	reply := d.say("Uchen", "学习 案例 | 时间: 周三 19:30 | 地点: 二楼")
	has(t, reply, "这次学习给谁？")
	unit := d.buttonCalled(reply, "城东支部")
	reply = d.pressButton("Uchen", unit)
	has(t, reply, "已安排学习：*案例*（#s1）")
	has(t, reply, "地点：二楼")
	has(t, d.pressButton("Uchen", unit), "这份草稿已经不在了")
	// A date without a time, then for whom.
	reply = d.say("Uchen", "学习 夜读 | 时间: 周五")
	has(t, reply, "“周五”没有写几点")
	reply = d.pressButton("Uchen", d.buttonCalled(reply, "19:30"))
	has(t, reply, "这次学习给谁？")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "全体成员")), "周五 11月27日 19:30–20:30")
	// Several times: one session with a choice, or several sessions.
	reply = d.say("Uchen", "study Cases | when: Thu 10:00-11:30, Fri 19:30 | for: 城东支部")
	has(t, reply, "是每人选其中一场，还是各是一次学习？")
	slots, each := d.buttonCalled(reply, "每人选一场"), d.buttonCalled(reply, "各是一次学习")
	reply = d.pressButton("Uchen", each)
	has(t, reply, "（#s3）")
	has(t, reply, "周四 11月26日 10:00–11:30")
	has(t, reply, "（#s4）")
	has(t, reply, "周五 11月27日 19:30–20:30")
	has(t, d.pressButton("Uchen", slots), "这份草稿已经不在了")
	reply = d.say("Uchen", "study Cases | when: Thu 10:00, Fri 19:30 | for: 城东支部")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "每人选一场")), "也可以选：周五 11月27日 19:30–20:30")
	// Nobody else's, and nothing forged.
	reply = d.say("Uchen", "study Cases | when: Thu 10:00, Fri 19:30 | for: 城东支部")
	has(t, d.pressButton("Uli", d.buttonCalled(reply, "每人选一场")), "这份草稿已经不在了")
	b := d.buttonCalled(reply, "每人选一场")
	for _, forged := range []string{"", "x", "1@", b.Value + "x", strings.Split(b.Value, "@")[0] + "@u0", strings.Split(b.Value, "@")[0] + "@25:00"} {
		one := *b
		one.Value = forged
		has(t, d.pressButton("Uchen", &one), "这份草稿已经不在了")
	}
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "取消")), "没有安排。")
	// A member is not asked but told who may.
	has(t, d.say("Uli", "study Cases | when: Thu 10:00, Fri 19:30 | for: 城东支部"), "<@Uchen>")
}

// Typed after midnight, "tomorrow" is asked back; the answer counts from when
// it was typed.
func TestTomorrowAfterMidnight(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.until("2026-11-24 01:30")
	reply := d.say("Uchen", "学习 早课 | 时间: 明天 8:00 | 范围: 城东支部")
	has(t, reply, "现在是 1:30，“明天”是哪一天？")
	d.buttonCalled(reply, "周三 11月25日 8:00")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "周二 11月24日 8:00")), "周二 11月24日 8:00–9:00")
	reply = d.say("Uchen", "study s1 move tomorrow 9:00")
	has(t, reply, "“明天”是哪一天？")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "周三 11月25日 9:00")), "从 周二 11月24日 8:00 改到 周三 11月25日 9:00")
}

// A rule that gets one time is asked about: the next one, or the end of it.
func TestOneTimeForARule(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.say("Uchen", "学习 案例 | 时间：每周三 19:30 | 范围：城东支部")
	reply := d.say("Uchen", "study s1 edit when: Fri 20:00")
	has(t, reply, "这项学习是重复的")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "只把下一次改过去")), "改到 周五 11月27日 20:00")
	has(t, d.say("Uchen", "study s1"), "每周三 19:30")
	reply = d.say("Uchen", "study s1 edit when: Sat 20:00")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "不再重复")), "周六 11月28日 20:00–21:00")
	has(t, d.say("Uchen", "study s1 move Sun"), "“Sun”没有写几点")
}

// By hand: edit, skip, move and choose a later one under `study s7`.
func TestLeaderByHand(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.say("Uchen", "学习 案例 | 时间：每周三 19:30 | 范围：城东支部 | 地点：一楼 | 人数：20")
	if n := len(buttons(d.say("Uli", "study s1").Blocks)); n > 6 {
		t.Errorf("a member has %d buttons", n)
	}
	shown := d.say("Uchen", "study s1")
	reply := d.pressButton("Uchen", d.buttonCalled(shown, "跳过 周三 11月25日"))
	has(t, reply, "这一次跳过了")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "撤销")), "这一次照常")
	reply = d.pressButton("Uchen", d.buttonCalled(shown, "改期 周三 11月25日"))
	if reply.Modal == nil || reply.Modal.CallbackID != views.ModalMoveOne {
		t.Fatal("no form to move it")
	}
	moved := d.sendsForm("Uchen", views.ModalMoveOne, reply.Modal.PrivateMetadata, map[string][]string{views.FieldWhen: {"20:15"}})
	has(t, moved, "改到 周三 11月25日 20:15")
	if bad := d.sendsForm("Uchen", views.ModalMoveOne, reply.Modal.PrivateMetadata, map[string][]string{views.FieldWhen: {"25:15"}}); bad.Errors[views.FieldWhen] == "" {
		t.Errorf("25:15 is taken: %+v", bad)
	}
	has(t, d.pressButton("Uchen", d.buttonCalled(moved, "撤销")), "改回原来的安排：周三 11月25日 19:30")
	// A later one, from the list.
	later := selectOf(t, shown, views.ActionStudyLater)
	reply = d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionStudyLater, ActionID: views.ActionStudyLater, Value: later[1], Selected: later[1:2], User: "Uchen", Channel: "DUchen", Direct: true})
	has(t, reply, "周三 12月9日 19:30–20:30")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "跳过")), "12月9日 19:30 这一次跳过了")
	d.until("2026-11-25 19:20")
	on := d.say("Uchen", "study s1")
	for _, action := range []string{views.ActionStudyCode, views.ActionStudyRoll, views.ActionStudyWho} {
		if !slices.ContainsFunc(buttons(on.Blocks), func(b *slack.ButtonBlockElement) bool { return b.ActionID == action }) {
			t.Errorf("while it is on there is no %s", action)
		}
	}
	// Rights are asked again at every press.
	for _, b := range buttons(shown.Blocks) {
		if b.ActionID == views.ActionStudyEdit || b.ActionID == views.ActionStudySkip || b.ActionID == views.ActionStudyMove {
			has(t, d.pressButton("Uli", b), "<@Uchen>")
			forged := *b
			forged.Value = "999@1"
			has(t, d.pressButton("Uchen", &forged), "已经不在了")
		}
	}
}

func selectOf(t *testing.T, r bot.Reply, action string) (values []string) {
	t.Helper()
	for _, b := range r.Blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if s, ok := e.(*slack.SelectBlockElement); ok && s.ActionID == action {
				for _, o := range s.Options {
					values = append(values, o.Value)
				}
			}
		}
	}
	if len(values) == 0 {
		t.Fatalf("no select %s", action)
	}
	return values
}

// `study plan` of a leader and of a member, and the list of many.
func TestPlanAndList(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.say("Uchen", "学习 案例 | 时间：每周三 19:30 | 范围：城东支部 | 地点：一楼")
	reply := d.say("Uchen", "学习 计划 12月")
	for _, want := range []string{"学习计划 · 2026年12月", "*周三 12月2日 19:30* 案例 #s1 · 城东支部 · 一楼", "没有材料：周三 12月2日 #s1"} {
		has(t, reply, want)
	}
	d.buttonCalled(reply, "添加学习")
	has(t, d.pressButton("Uchen", d.buttonCalled(reply, "2027年1月")), "周三 2027年1月27日 19:30")
	has(t, d.say("Uli", "study plan 2026-12"), "我的学习 · 2026年12月")
	has(t, d.say("Uli", "study plan whenever"), "看不懂月份“whenever”")
	has(t, d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionMonthPost, ActionID: views.ActionMonthPost, BlockID: views.BlockMonth + "2026-12",
		Value: "C1", Selected: []string{"C1"}, User: "Uli", Channel: "DUli", Direct: true}), "<@Uchen>")
	has(t, d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionMonthPost, ActionID: views.ActionMonthPost, BlockID: views.BlockMonth + "2026-12",
		Value: "C1", Selected: []string{"C1"}, User: "Uchen", Channel: "DUchen", Direct: true}), "计划会发到 <#C1>")
	for i := range 40 {
		d.say("Uchen", "学习 课"+strconv.Itoa(i)+" | 时间：每月"+strconv.Itoa(i%28+1)+"日 19:30 | 范围：城东支部")
	}
	list := d.say("Uchen", "study list")
	has(t, list, "第 1–15 项，共 41 项")
	if n := len(list.Blocks); n > 10 {
		t.Errorf("%d blocks", n)
	}
	list = d.pressButton("Uchen", d.buttonCalled(list, "后面 26 项"))
	list = d.pressButton("Uchen", d.buttonCalled(list, "后面 11 项"))
	has(t, list, "第 31–41 项")
}

// All places taken: said at once, with the other times and the make-up.
func TestAFullTimeOffersOthers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.say("Uchen", "学习 案例 | 时间：周三 19:30 | 范围：城东支部 | 人数：1 | 场次：周六 15:00")
	d.until("2026-11-24 19:30")
	d.press("Uchen", views.ActionStudyAttend)
	reply := d.press("Uli", views.ActionStudyAttend)
	has(t, reply, "名额都满了")
	has(t, reply, "已满：周三 11月25日 19:30–20:30")
	d.buttonCalled(reply, "来不了，我补学")
	pick := d.buttonCalled(reply, "周六 11月28日 15:00–16:00，还剩 1 个")
	d.beat()
	d.sees("Uli", "这一场的名额已经满了")
	has(t, d.pressButton("Uli", pick), "15:00 见")
	has(t, d.say("Uchen", "study s1"), "1 人来，已满：<@Uli>")
}
