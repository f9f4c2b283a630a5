package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// A reminder to oneself, in both languages: understood, listed, comes once at
// the time it was asked for, is done, undone, put off, deleted, undeleted.
func TestRemindMeInBothLanguages(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		set, rule, list, del, what, echo, ruleEcho, done, undone, later, gone string
	}{
		"zh": {"提醒 我 明天9点 带表格", "提醒 我 每周五 17:00 交周报", "提醒 列表", "提醒 m2 删除", "带表格", "会提醒你 带表格（#m1）：周二 11月24日 9:00",
			"每周五 17:00，接下来：周五 11月27日 17:00、周五 12月4日 17:00、周五 12月11日 17:00", "已完成 周二 11月24日 9:00。", "已撤销。", "会在 周二 11月24日 10:00 再提醒你。", "已删除提醒 交周报（#m2）。"},
		"en": {"remind me to bring the form, tomorrow 9:00", "remind me to send the report every Fri 17:00", "remind list", "remind m2 delete", "bring the form", "I'll remind you: bring the form (#m1), Tue 24 Nov 9:00",
			"every Fri, 17:00; next: Fri 27 Nov 17:00, Fri 4 Dec 17:00, Fri 11 Dec 17:00", "Done Tue 24 Nov 9:00.", "Undone.", "I'll remind you again on Tue 24 Nov 10:00.", "Reminder deleted: send the report (#m2)."},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang)
			s.answer(wei, sampleLobby, w.set, w.echo)
			s.answer(wei, sampleLobby, w.rule, w.ruleEcho)
			s.answer(wei, sampleLobby, w.list, "#m1", "#m2", w.what)
			s.answer(wei, sampleLobby, "m1", "#m1", w.what)
			s.answer(lei, sampleLobby, "remind m1 delete", "<@U006>") // who may, by name
			s.at("2026-11-24 08:59")
			s.told(wei, w.what, 0)
			s.at("2026-11-24 09:00")
			m := s.told(wei, w.what, 1)
			s.buttons(m, "study_done", "study_snooze")
			s.presses(wei, m, "study_done")
			s.shows(m, w.done)
			s.presses(wei, m, "undo")
			s.whispers(wei, m.Channel, w.undone)
			s.shows(m, map[string]string{"zh": "晚点提醒", "en": "Remind me later"}[lang])
			s.presses(wei, m, "study_snooze")
			s.press(wei, s.whispers(wei, m.Channel, w.what, map[string]string{"zh": "什么时候再提醒你？", "en": "When shall I remind you"}[lang]), map[string]string{"zh": "周二 11月24日 10:00", "en": "Tue 24 Nov 10:00"}[lang])
			s.shows(m, w.later)
			s.at("2026-11-24 10:00")
			s.told(wei, w.what, 2)
			s.answer(wei, sampleLobby, w.del, w.gone)
			s.at("2026-11-28 12:00")
			s.told(wei, w.what, 2)
			s.told(wei, map[string]string{"zh": "交周报", "en": "send the report"}[lang], 0)
		})
	}
}

// What cannot be read is quoted, beside a right example; nothing is half done.
func TestRemindQuotesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	for line, words := range map[string][]string{
		"remind":                                     {"What shall I say? Try: /muster remind me to bring the form, tomorrow 9:00"},
		"remind me":                                  {"I can't find when in “me”. Try: remind me to bring the form, tomorrow 9:00"},
		"remind me to do it":                         {"I can't find when in “do it”. Try:"},
		"remind me tomorrow 9:00":                    {"“tomorrow 9:00” doesn't say what to remind of. Try:"},
		"remind me to bring it yesterday 9:00":       {"“yesterday 9:00” is already past. Try:"},
		"remind me to bring it tomorrow 25:00":       {"25:00", "Try:"},
		"remind @nobody to bring it Fri 9:00":        {"“@nobody”"},
		"remind m7 delete":                           {"no reminder m7", "/muster remind list"},
		"remind m7":                                  {"no reminder m7"},
		"remind m1 dlete":                            {"“dlete”", "/muster remind m1 delete"},
		"remind <#C900> to report numbers, Fri 9:00": {"Only organizers", "<@U001>"},
	} {
		s.answer(wei, sampleLobby, line, words...)
	}
	s.answer(wei, sampleLobby, "remind list", "There are no reminders. Try:")
}

// Somebody else is asked first; a channel hears of it in its own language.
func TestRemindSomebodyElseAndAChannel(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.answer(wei, sampleLobby, "remind <@U010|sunlei> to bring the badge, tomorrow 23:00", "I'm asking <@U010> first")
	ask := s.gets(lei, "<@U006> would like me to remind you of bring the badge", "Wed 25 Nov 7:00", "It's fine to say no") // 23:00 is in the night
	s.presses(lei, ask, "remind_yes")
	s.shows(ask, "OK, I'll remind you", "Stop reminding me")
	s.gets(wei, "<@U010> agreed")
	s.answer(leader, sampleLobby, "remind <#C900> to report numbers, tomorrow 23:30", "I'll remind <#C900>: report numbers", "Tue 24 Nov 23:30")
	s.at("2026-11-24 23:30")
	s.sees(group, "Reminder: report numbers", "From <@U001>")
	s.told(lei, "Reminder: bring the badge", 0)
	s.at("2026-11-25 07:00")
	s.told(lei, "Reminder: bring the badge", 1)
	s.presses(lei, ask, "remind_no")
	s.answer(wei, sampleLobby, "remind <@U010|sunlei> to bring the form, tomorrow 9:00", "<@U010> recently said")
}

// While Muster is down nothing is lost and nothing floods: what is still of use
// comes late and says so, a series comes once, what is over is not sent.
func TestWhatWasMissedWhileDown(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.answer(wei, sampleLobby, "remind me to water the plants, every day 8:00", "#m1")
	s.answer(wei, sampleLobby, "remind me to call home, tomorrow 12:00", "#m2")
	s.plans("study Noon | when: Tue 12:00 | for: <#C900> | remind: 1h")            // over when it is up again
	s.plans("study Evening | when: Wed 19:30 | for: <#C900> | remind: 1d, 3h, 2h") // two missed, one still ahead
	s.halt()
	s.clock.Advance(48*time.Hour + 7*time.Hour + 30*time.Minute) // Wed 17:30
	s.begin()
	s.at("2026-11-25 17:31")
	plants := s.told(wei, "water the plants", 1)
	s.shows(plants, "This reminder is late; it was meant for Wed 25 Nov 8:00.", "1 earlier time was not sent")
	s.told(wei, "call home", 0) // over a day late
	s.answer(wei, sampleLobby, "remind list", "call home", "Tue 24 Nov 12:00 was not sent")
	s.told(wei, "Noon", 0)
	s.shows(s.told(wei, "Evening", 1), "This reminder is late", "I'll be there")
	s.at("2026-11-25 19:00")
	s.told(wei, "Evening", 1)
	s.at("2026-11-26 08:00")
	s.told(wei, "water the plants", 2)
}

// The message shortcut makes a reminder of a message.
func TestAMessageBecomesAReminder(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	ts := s.As(lei).Say(sampleLobby, "The lamp on the stairs is broken")
	m, _ := s.Message(sampleLobby, ts)
	if out := s.As(wei).MessageShortcut(m, "muster_remind"); !out.Acked {
		t.Fatal(out.Refused)
	}
	if out := s.fills(wei, "remind", map[string]any{"remind_when": "25:00"}); !strings.Contains(out.Errors["remind_when"], "“25:00”") {
		t.Errorf("a time that cannot be: %v", out.Errors)
	}
	s.fills(wei, "remind", map[string]any{"remind_when": "tomorrow 9:00"})
	s.gets(wei, "I'll remind you: The lamp on the stairs is broken (#m1), Tue 24 Nov 9:00")
	s.at("2026-11-24 09:00")
	s.gets(wei, "Reminder: The lamp on the stairs is broken")
}

// Every message of the bot carries an id of its own, by which a lost answer is
// found again.
func TestEveryPostCarriesItsOwnId(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Cases | when: Wed 19:30 | for: <#C900> | remind: 1h")
	s.As(wei).DM("remind me to bring the form, tomorrow 9:00")
	s.says(wei, sampleLobby, "me")
	s.gets(wei, "Study: 0 of 32 hours")
	s.at("2026-11-25 18:30")
	m := s.told(wei, "Wed 25 Nov 19:30: Cases", 1)
	s.presses(wei, m, "study_attend")
	s.shows(m, "See you at 19:30")
	ids := map[string]sandbox.Message{}
	for _, channel := range []string{s.DM(wei), s.DM(lei), s.DM(leader), group, sampleLobby} {
		for _, m := range s.posts(channel) {
			if m.Metadata == nil || m.Metadata.EventType != "muster_message" {
				t.Errorf("no metadata on %q: %v", m.Text, m.Metadata)
				continue
			}
			id, _ := m.Metadata.EventPayload["id"].(string)
			if id == "" {
				t.Errorf("no id on %q", m.Text)
			}
			if other, twice := ids[id]; twice {
				t.Errorf("one id on two messages: %q and %q", m.Text, other.Text)
			}
			ids[id] = m
		}
	}
}
