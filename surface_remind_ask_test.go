package main

import (
	"testing"
	"time"

	"muster/sandbox"
)

// Typed in the small hours, "tomorrow" is asked back with a button for each day;
// so is an hour without its half of the day.
func TestRemindAsksWhichTimeIsMeant(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		line, ask, today, next, set, half, four, sixteen, listed, other string
	}{
		"zh": {"提醒 我 明天 9:00 带表格", "可能是不同的时间，是哪一个？", "周二 11月24日 9:00", "周三 11月25日 9:00", "会提醒你 带表格（#m1）：周三 11月25日 9:00",
			"提醒 我 11月24日 4点 交钥匙", "周二 11月24日 4:00", "周二 11月24日 16:00", "周二 11月24日 16:00", "提醒 列表"},
		"en": {"remind me to bring the form, tomorrow 9:00", "can mean more than one time. Which one?", "Tue 24 Nov 9:00", "Wed 25 Nov 9:00", "I'll remind you: bring the form (#m1), Wed 25 Nov 9:00",
			"remind me to return the key, 24 Nov at 4", "Tue 24 Nov 4:00", "Tue 24 Nov 16:00", "Tue 24 Nov 16:00", "remind list"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, startingAt(time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC))) // Tuesday 2:00 in Shanghai
			s.answer(wei, sampleLobby, w.line, w.ask, w.today, w.next)
			asked := s.whispers(wei, sampleLobby, w.ask)
			s.press(wei, asked, w.next)
			s.whispers(wei, sampleLobby, w.set)
			s.answer(wei, sampleLobby, w.half, w.ask, w.four, w.sixteen)
			s.press(wei, s.whispers(wei, sampleLobby, w.ask, w.sixteen), w.sixteen)
			s.answer(wei, sampleLobby, w.other, "#m1", "#m2", w.listed)
		})
	}
}

// An admin allows members to have their channel reminded: in both languages, by
// the channel's form; others are told who may.
func TestAChannelThatItsMembersMayRemind(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ line, refused, saved, set, says, from string }{
		"zh": {"提醒 <#C900> 每天 20:00 报平安", "只有组织者", "成员可以设置发到 <#C900> 的提醒。", "会在 <#C900> 提醒 报平安（#m1）：每天 20:00", "提醒：报平安", "来自 <@U006>"},
		"en": {"remind <#C900> to report in every day 20:00", "Only organizers", "Members may set reminders for <#C900>.", "I'll remind <#C900>: report in (#m1), every day, 20:00", "Reminder: report in", "From <@U006>"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang)
			s.answer(wei, group, w.line, w.refused, "<@U001>")
			s.setsGroup(map[string]any{"channel_remind": []string{"yes"}})
			s.gets(leader, w.saved)
			s.answer(wei, group, w.line, w.set)
			s.at("2026-11-23 20:00")
			s.sees(group, w.says, w.from)
			s.setsGroup(map[string]any{"channel_remind": []string{}})
			s.at("2026-11-24 20:00")
			s.at("2026-11-25 20:00")
			if got := s.posts(group); len(got) != 1 {
				t.Errorf("not allowed any more, and posted all the same:\n%s", texts(got))
			}
		})
	}
}

// setsGroup saves the group's part of setup.
func (s *story) setsGroup(values map[string]any) {
	s.t.Helper()
	s.As(leader).Join(group)
	s.says(leader, group, "setup")
	var v sandbox.View
	s.waits("the window of setup", func() bool {
		open, ok := s.As(leader).View()
		v = open
		return ok && open.CallbackID == "setup"
	})
	if out := s.As(leader).Submit(v, values); !out.Acked || len(out.Errors) > 0 {
		s.t.Fatalf("setup is not taken: %s %v", out.Refused, out.Errors)
	}
	s.settles()
}

// Under a reminder that somebody else set stands how to get fewer of them: this
// one, none set by others, a week's pause; each is taken back with a press.
func TestFewerRemindersSetByOthers(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ line, says, fewer, none, taken, undo, undone, off, agreed string }{
		"zh": {"提醒 <@U010> 每天 9:00 带工牌", "提醒：带工牌", "少提醒一点", "不接受别人设的提醒", "好的，不再转达别人给你设的提醒。", "撤销", "好的，照原来的提醒你。", "不接受别人设的提醒", "同意了"},
		"en": {"remind <@U010> to bring the badge every day 9:00", "Reminder: bring the badge", "Fewer reminders", "None set by others", "OK, no more reminders that others set for you.", "Undo", "OK, reminders come as before.", "takes no reminders set by others", "agreed"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang)
			s.says(wei, sampleLobby, w.line)
			s.presses(lei, s.gets(lei, "<@U006>"), "remind_yes")
			s.gets(wei, w.agreed)
			s.at("2026-11-24 09:00")
			m := s.gets(lei, w.says)
			s.press(lei, m, w.fewer)
			s.press(lei, s.whispers(lei, m.Channel, w.none), w.none)
			taken := s.whispers(lei, m.Channel, w.taken)
			s.answer(wei, sampleLobby, w.line, "<@U010>", w.off)
			s.at("2026-11-25 09:00")
			s.told(lei, w.says, 1)
			s.press(lei, taken, w.undo)
			s.whispers(lei, m.Channel, w.undone)
			s.at("2026-11-26 09:00")
			s.told(lei, w.says, 2)
		})
	}
}
