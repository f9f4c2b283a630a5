package main

import (
	"strings"
	"testing"

	"muster/sandbox"
)

// press presses the button that says label.
func (s *story) press(user string, m sandbox.Message, label string) {
	s.t.Helper()
	now, ok := s.Message(m.Channel, m.TS)
	if !ok {
		now = m
	}
	for _, b := range now.Buttons() {
		if b.Text == label {
			if out := s.As(user).Press(now, b.ActionID); !out.Acked {
				s.t.Fatalf("%s could not press %s: %s", user, label, out.Refused)
			}
			return
		}
	}
	s.t.Fatalf("no button %q under %q", label, now.AllText())
}

// fills waits for a window and submits it.
func (s *story) fills(user, callback string, values map[string]any) sandbox.Outcome {
	s.t.Helper()
	var v sandbox.View
	s.waits("the window "+callback, func() bool {
		open, ok := s.As(user).View()
		v = open
		return ok && open.CallbackID == callback
	})
	return s.As(user).Submit(v, values)
}

// Material without a meeting is done with a press, which can be taken back;
// a reminder of it can be put off to a time that suits and lies before the end.
func TestMaterialIsDonePutOffAndUndone(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.prefers(wei, map[string]any{"windows": "9:00-12:00, 14:00-20:00"})
	s.plans("study The station's rules | when: Wed 18:00 | length: 0 | for: <#C900> | link: https://example.org/rules | remind: 1d, 1h",
		"no meeting, everybody in their own time")
	s.at("2026-11-24 18:00")
	first := s.told(wei, "station's rules", 1)
	s.shows(first, "Due Wed 25 Nov 18:00", "Done", "Remind me later", "Ask to be excused")

	s.presses(wei, first, "study_snooze")
	choice := s.whispers(wei, first.Channel, "When shall I remind you")
	for _, b := range choice.Buttons() {
		for _, never := range []string{"Tue 24 Nov 21:00", " 12:00", "Wed 25 Nov 18", "Wed 25 Nov 19", "Thu"} {
			if strings.Contains(b.Text, never) {
				t.Errorf("%q is offered: outside the windows, or not before the end", b.Text)
			}
		}
	}
	s.press(wei, choice, "Wed 25 Nov 9:00 (window 9:00–12:00)")
	s.shows(first, "I'll remind you again on Wed 25 Nov 9:00", "Undo")
	s.presses(wei, first, "undo")
	s.shows(first, "Remind me later")
	s.presses(wei, first, "study_snooze")
	s.press(wei, s.whispers(wei, first.Channel, "When shall I remind you"), "Wed 25 Nov 14:00 (window 14:00–20:00)")
	s.at("2026-11-25 14:00")
	second := s.told(wei, "station's rules", 2)
	s.buttons(first)

	s.presses(wei, second, "study_done")
	s.shows(second, "Done Wed 25 Nov 14:00, 1 hour. 1 of 32 this year.", "Undo")
	s.presses(wei, second, "undo")
	s.shows(second, "Done", "Ask to be excused")
	s.presses(wei, second, "study_done")
	s.shows(second, "1 of 32 this year")
	s.at("2026-11-25 17:00")
	s.told(wei, "station's rules", 2) // done is done: no reminder an hour before
	s.told(lei, "station's rules", 2)
	for _, row := range s.exported("attendance") {
		if row["user_id"] == wei && (row["state"] != "attended" || row["hours"] != "1.00") {
			t.Errorf("the record: %v", row)
		}
	}
}

// Who cannot come makes it up with a reflection, or asks to be excused; the
// leader decides, and nobody decides for themselves.
func TestMakeUpAndExcuse(t *testing.T) {
	t.Parallel()
	s := reading(t, "zh")
	s.plans("学习 案例 | 时间: 周三 19:30 | 范围: <#C900> | 提前: 1h | 链接: https://example.org/a")
	s.at("2026-11-25 18:30")
	mine, other := s.told(wei, "案例", 1), s.told(lei, "案例", 1)
	s.presses(wei, mine, "study_makeup")
	s.shows(mine, "好的，谢谢告诉我们。可以补到 周三 12月2日 20:30。", "现在补", "我还是来")

	s.presses(wei, mine, "study_open")
	s.presses(wei, mine, "study_makeup")
	if out := s.fills(wei, "makeup", map[string]any{"reflection": "学了"}); !strings.Contains(out.Errors["reflection"], "至少 30 个字，现在 2 个") {
		t.Errorf("two characters: %v", out.Errors)
	}
	if out := s.fills(wei, "makeup", map[string]any{"reflection": strings.Repeat("认真学习了骑手服务案例，", 4)}); len(out.Errors) > 0 {
		t.Errorf("a whole reflection: %v", out.Errors)
	}
	s.shows(mine, "已补学，1 学时。今年 1/32 学时。", "撤销")

	s.presses(lei, other, "study_excuse")
	s.fills(lei, "study_excuse", map[string]any{"reason": "值夜班"})
	s.shows(other, "已请假，等负责人答复。")
	ask := s.gets(leader, "<@U010> 请假：周三 11月25日 19:30 的学习“案例”。", "原因：值夜班", "准假", "不准假")
	s.As(lei).PressValue(other, "study_excuse_yes", ask.Buttons()[0].Value)
	s.shows(other, "已请假，等负责人答复。") // nobody excuses themselves
	s.presses(leader, ask, "study_excuse_yes")
	s.shows(other, "已准假，这次不用参加。")
	s.shows(ask, "已准假")
	s.buttons(ask)
	states := map[string]string{}
	for _, row := range s.exported("attendance") {
		states[row["user_id"]] = row["state"] + " " + row["hours"]
	}
	if states[wei] != "made_up 1.00" || states[lei] != "excused 0.00" {
		t.Errorf("the record: %v", states)
	}
}

// What a member may not do says who may, by name; nothing is changed.
func TestStudyRightsSayWhoMay(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Cases | when: Wed 19:30 | for: <#C900>")
	for _, line := range []string{"study X | when: Wed 19:30", "study s1 skip", "study s1 move Fri 19:30", "study s1 edit where: Hall", "study s1 held"} {
		s.answer(wei, sampleLobby, line, "Only organizers can do this. There is no organizer yet; ask the admin, <@U001>")
	}
	s.answer(leader, sampleLobby, "role <@U002> organizer", "organizer")
	s.answer(wei, sampleLobby, "study X | when: Wed 19:30", "Only organizers can do this. Yours: <@U002>")
	s.answer("U002", sampleLobby, "study Mine | when: Wed 19:30", "Study set up: Mine (#s2)")
	s.answer("U002", sampleLobby, "study s2 skip", "is skipped")
	if n := len(s.exported("study")); n != 2 {
		t.Errorf("%d studies, want the two that were allowed", n)
	}
}

// Whom a study is for can be named in every way of the contract; an open
// channel is joined, of a closed one it is said what to do, and it goes on by
// itself once the bot is let in.
func TestWhomAStudyIsFor(t *testing.T) {
	t.Parallel()
	s := tell(t, inLanguage("en"), withPeople(func(w *sandbox.World) {
		for _, p := range samplePeople() {
			w.UpdateUser(sampleUser(p, "en"))
		}
		w.AddChannel(sandbox.Channel{ID: group, Name: "reading", Members: []string{w.BotUserID(), wei, lei}})
		w.AddChannel(sandbox.Channel{ID: "C901", Name: "open", Members: []string{leader, wei, lei, "U011"}})
		w.AddChannel(sandbox.Channel{ID: "C902", Name: "closed", Private: true, Members: []string{leader, wei}})
		w.AddUserGroup("S900", "readers", []string{wei, lei})
	}))
	s.answer(leader, sampleLobby, "study Here | when: Wed 19:30 | for: #reading", "Reminds <#C900>, 2 people")
	s.answer(leader, sampleLobby, "study Open | when: Wed 19:30 | for: <#C901|open>", "Reminds <#C901>, 4 people")
	s.answer(leader, "C901", "study Given there | when: Wed 19:30", "Reminds <#C901>, 4 people")
	s.answer(leader, sampleLobby, "study Group | when: Wed 19:30 | for: <!subteam^S900|@readers>", "user group")
	s.waits("who is in the group", func() bool {
		return strings.Contains(s.answer(leader, sampleLobby, "study s4"), "Reminds @readers, 2 people")
	})
	s.answer(leader, sampleLobby, "study All | when: Wed 19:30 | for: all", "Reminds all members")
	s.As(leader).DM("study Nobody | when: Wed 19:30")
	s.gets(leader, "For whom is this study?", "all members") // asked, with a button for each
	s.answer(leader, sampleLobby, "study Moon | when: Wed 19:30 | for: Moon", "no unit called “Moon”")

	s.answer(leader, "C902", "study Closed | when: Wed 19:30 | remind: 1h", "I am not in <#C902>", "/invite @muster")
	s.As(leader).Invite("C902", s.BotUserID())
	s.waits("the members of the closed channel", func() bool {
		return strings.Contains(s.answer(leader, sampleLobby, "study s6"), "Reminds <#C902>, 2 people")
	})
	s.answer(leader, sampleLobby, "study s6 edit for: <#C900>", "Changed.", "Reminds <#C900>, 2 people")
	s.settles()
	s.at("2026-11-25 18:30")
	s.told(wei, "Closed", 1)
	s.told(lei, "Closed", 1)
}

// What cannot be read is quoted beside a right example, in the reader's
// language, and nothing is half done.
func TestStudyQuotesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for lang, lines := range map[string]map[string][]string{
		"en": {
			"study X | when: 25:00":                               {"“25:00”", "Try: tomorrow 8:00-12:00"},
			"study X | wen: Wed 19:30":                            {"“wen”", "Did you mean “when”?"},
			"study X | when: Wed 19:30 | length: ?":               {"“?”", "Try: length: 90m"},
			"study X | when: Wed 19:30 | hours: ?":                {"“?”", "Try: hours: 1.5"},
			"study X | when: Wed 19:30 | makeup: ?":               {"“?”", "Try: makeup: 7d"},
			"study X | when: Wed 19:30 | remind: ?":               {"“?”", "Try: remind: 1d, 1h"},
			"study X | when: Wed 19:30 | link: here":              {"“here”", "Try: https://"},
			"study X | when: every Wed 19:30 | until: 2026-11-01": {"“2026-11-01” is already past. Try: until: 31 Dec"},
			"study X | when: Wed 19:30 | until: 31 Dec":           {"“31 Dec”", "every Wed 19:30 | until: 31 Dec"},
			"study | when: Wed 19:30":                             {"no title", "Try: study"},
			"study s1":                                            {"s1", "/muster study list"},
			"study skip":                                          {"Try: /muster study s7 skip"},
		},
		"zh": {
			"学习 X | 时间: 25:00":            {"“25:00”", "可以这样写：明天 8:00-12:00"},
			"学习 X | 时间: 周三 19:30 | 时长: ？": {"“？”", "可以这样写：时长: 90分钟"},
			"学习 s1 跳过":                    {"s1", "/muster 学习 列表"},
			"学习 跳过":                       {"可以这样写：/muster 学习 s7 跳过"},
		},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang)
			for line, words := range lines {
				s.answer(leader, sampleLobby, line, words...)
			}
			if n := len(s.exported("study")); n != 0 {
				t.Errorf("%d studies came of what could not be read", n)
			}
		})
	}
}

// The leader answers: moved (and is asked again after the new time), not held,
// and held after all; what members read follows each of them.
func TestTheLeaderAnswers(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Cases | when: every Wed 19:30 | for: <#C900> | remind: 1h | until: 2026-11-25")
	s.at("2026-11-25 18:30")
	s.at("2026-11-25 21:30")
	ask := s.gets(leader, "Cases: did the Wed 25 Nov 19:30 session take place?")
	s.presses(leader, ask, "study_moved")
	if out := s.fills(leader, "study_move", map[string]any{"when": "yesterday"}); !strings.Contains(out.Errors["when"], "“yesterday”") {
		t.Errorf("a day that is past: %v", out.Errors)
	}
	s.fills(leader, "study_move", map[string]any{"when": "Fri 15:00"})
	s.shows(ask, "“Cases” was moved to Fri 27 Nov 15:00.")
	s.gets(wei, "The time changed: Wed 25 Nov 19:30 → Fri 27 Nov 15:00. Can you still come?", "I'll be there")
	s.at("2026-11-27 14:00")
	mine := s.sees(s.DM(wei), "Fri 27 Nov 15:00: *Cases* (about 60 minutes)", "I'll be there")
	s.at("2026-11-27 17:00")
	again := s.gets(leader, "Cases: did the Fri 27 Nov 15:00 session take place?")
	if again.TS == ask.TS {
		t.Error("asked again in an old message, which nobody hears")
	}
	s.presses(leader, again, "study_not_held")
	s.shows(mine, "This one did not take place; nothing to make up.")
	s.buttons(mine)
	s.presses(leader, again, "study_held")
	s.shows(mine, "You can make it up until Fri 4 Dec 16:00.", "Do it now")
	s.at("2026-12-02 16:00")
	s.gets(wei, "You can still make up Fri 27 Nov until Fri 4 Dec 16:00")
}

// Alternative times: each member picks one, is reminded and checks in there;
// places are counted by time.
func TestAnotherTime(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Cases | when: Wed 19:30 | for: <#C900> | slots: Thu 10:00, Fri 20:00-20:30 | capacity: 1 | remind: 1h",
		"Other times to choose: Thu 26 Nov, 10:00–11:00; Fri 27 Nov, 20:00–20:30", "1 place")
	s.at("2026-11-25 18:30")
	mine, other := s.told(wei, "Cases", 1), s.told(lei, "Cases", 1)
	s.presses(wei, mine, "study_attend")
	s.presses(lei, other, "study_attend")
	s.whispers(lei, other.Channel, "The 1 place is taken; choose another time or make it up.")
	s.presses(lei, other, "study_slot")
	s.press(lei, s.whispers(lei, other.Channel, "Which other time"), "Fri 27 Nov, 20:00–20:30, 1 left")
	s.shows(other, "Fri 27 Nov 20:00", "(about 30 minutes)", "See you at 20:00")
	s.at("2026-11-27 19:00")
	second := s.told(lei, "Fri 27 Nov 20:00: Cases", 2)
	s.at("2026-11-27 19:45")
	s.shows(second, "Check in")
	s.presses(lei, second, "study_checkin")
	s.shows(second, "Checked in 19:45, 1 hour.")
	for _, row := range s.exported("attendance") {
		if row["user_id"] == lei && (row["slot"] != "2" || row["occurrence_start"] != "2026-11-27T20:00:00+08:00") {
			t.Errorf("the record: %v", row)
		}
	}
}

// Who joins the channel later is reminded too, who leaves or wants none is not,
// and a study that was taken back reminds nobody until that is undone.
func TestWhoIsRemindedChanges(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Cases | when: Wed 19:30 | for: <#C900> | remind: 1d, 1h")
	s.plans("study Monthly | when: every month on the 20th 19:30 | for: <#C900>")
	s.answer(wei, sampleLobby, "study list", "Cases", "Monthly", "Sun 20 Dec 19:30")
	s.As("U011").Join(group)
	s.As("U012").Join(group)
	s.prefers(wei, map[string]any{"quiet": "18:00-9:00"})
	s.prefers("U012", map[string]any{"opt_outs": []string{"study"}})
	s.waits("four members", func() bool {
		return strings.Contains(s.answer(leader, sampleLobby, "study s1"), "<#C900>, 4 people")
	})
	s.answer(wei, sampleLobby, "study s1", "You will be reminded on Tue 24 Nov 17:45, Wed 25 Nov 17:45")
	s.at("2026-11-24 17:45")
	s.told(wei, "Cases", 1)
	s.at("2026-11-24 19:30")
	s.told(lei, "Cases", 1)
	s.told("U011", "Cases", 1)
	s.As("U011").Leave(group)
	s.waits("three members", func() bool {
		return strings.Contains(s.answer(leader, sampleLobby, "study s1"), "<#C900>, 3 people")
	})
	s.at("2026-11-25 17:45")
	s.told(wei, "Cases", 2)
	s.at("2026-11-25 18:30")
	s.told(lei, "Cases", 2)
	s.told("U011", "Cases", 1)
	s.told("U012", "Cases", 0)
}

// What was set up by mistake is taken back from the answer itself.
func TestAStudyIsTakenBack(t *testing.T) {
	t.Parallel()
	s := reading(t, "zh")
	s.plans("学习 案例 | 时间: 周三 19:30 | 范围: <#C900> | 提前: 1h")
	opened := s.whispers(leader, sampleLobby, "已安排学习：案例（#s1）")
	s.presses(leader, opened, "undo")
	cancelled := s.whispers(leader, sampleLobby, "已撤销学习：案例（#s1）。不会再提醒任何人。")
	s.at("2026-11-25 18:00")
	s.presses(leader, cancelled, "undo")
	s.whispers(leader, sampleLobby, "已安排学习：案例（#s1）")
	s.at("2026-11-25 18:30")
	s.told(wei, "案例", 1)
	s.answer(leader, sampleLobby, "学习 s1 删除", "已撤销学习")
	s.settles()
	s.shows(s.told(wei, "案例", 1), "这次已取消，不用来了。")
}
