package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// A small reading group, so that Slack's pace does not matter: U006 and U010
// are its members; the admin set it up.
const (
	group  = "C900"
	leader = sampleAdmin
	wei    = "U006"
	lei    = "U010"
)

// reading begins a story in one language with the reading group.
func reading(t *testing.T, lang string, options ...storyOption) *story {
	t.Helper()
	return tell(t, append([]storyOption{inLanguage(lang), withPeople(func(w *sandbox.World) {
		for _, p := range samplePeople() {
			if lang == "en" {
				w.UpdateUser(sampleUser(p, "en"))
			}
		}
		w.AddChannel(sandbox.Channel{ID: group, Name: "reading", Members: []string{w.BotUserID(), wei, lei}})
	})}, options...)...)
}

// answer is what Slack showed at once to who typed a command.
func (s *story) answer(user, channel, text string, words ...string) string {
	s.t.Helper()
	out := s.says(user, channel, text)
	if out.Response == nil {
		s.t.Fatalf("/muster %s: no answer", text)
	}
	got := out.Response.AllText()
	if !hasAll(got, words) {
		s.t.Errorf("/muster %s\n answered %s\n without %q", text, got, words)
	}
	return got
}

// plans opens a study for the group and waits until its members are known.
func (s *story) plans(line string, words ...string) {
	s.t.Helper()
	s.answer(leader, sampleLobby, line, words...)
	s.waits("who is in the channel", func() bool { return len(s.Calls("conversations.members")) > 0 })
	s.settles()
}

// at goes on to a time on Shanghai's wall and lets everything due happen.
func (s *story) at(wall string) {
	s.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", wall, time.FixedZone("CST", 8*3600))
	if err != nil {
		s.t.Fatal(err)
	}
	s.settles()
	s.passes(t.Sub(s.clock.Now()))
	s.settles()
}

// about are the bot's messages to a person that name something, oldest first.
func (s *story) about(user, what string) []sandbox.Message {
	var out []sandbox.Message
	for _, m := range s.posts(s.DM(user)) {
		if strings.Contains(m.AllText(), what) {
			out = append(out, m)
		}
	}
	return out
}

// told fails unless a person has exactly n messages about something, and gives
// the last one.
func (s *story) told(user, what string, n int) sandbox.Message {
	s.t.Helper()
	all := s.about(user, what)
	if len(all) != n {
		s.t.Fatalf("%s has %d messages about %q, want %d:\n%s", user, len(all), what, n, texts(all))
	}
	if n == 0 {
		return sandbox.Message{}
	}
	return all[n-1]
}

// shows waits until a message reads like this, and says which buttons it has.
func (s *story) shows(m sandbox.Message, words ...string) {
	s.t.Helper()
	s.waits(fmt.Sprintf("%q in a message", words), func() bool {
		now, ok := s.Message(m.Channel, m.TS)
		return ok && hasAll(now.AllText(), words)
	})
}

func (s *story) buttons(m sandbox.Message, want ...string) {
	s.t.Helper()
	now, _ := s.Message(m.Channel, m.TS)
	var got []string
	for _, b := range now.Buttons() {
		got = append(got, b.ActionID)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("%q has the buttons %v, want %v", now.Text, got, want)
	}
}

// exported is a kind of export as rows by column, as the command line writes it.
func (s *story) exported(kind string) []map[string]string {
	s.t.Helper()
	settings := s.settings
	var out, errs bytes.Buffer
	if err := runExport(context.Background(), settings, streams{Out: &out, Err: &errs}, ExportFlags{Kind: kind, Format: "csv"}); err != nil {
		s.t.Fatalf("export %s: %v", kind, err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		list = append(list, m)
	}
	return list
}

// lifeWords is what people write and read over the life of one session.
type lifeWords struct {
	line                                    string
	opened, invite, seeYou, early, open, in []string
	missed, ask, held, follow, closed       []string
}

var lives = map[string]lifeWords{
	"zh": {
		line:   "学习 骑手服务案例 | 时间: 周三 19:30 | 范围: <#C900> | 链接: https://example.org/a?x=1&y=2 | 地点: 二楼",
		opened: []string{"已安排学习：骑手服务案例（#s1）", "周三 11月25日 19:30–20:30", "7 天内可以补学", "地点：二楼"},
		invite: []string{"周三 11月25日 19:30 骑手服务案例", "（约 60 分钟）", "材料：点开会记下你打开过。", "打开材料", "我会来", "来不了，我补学", "请假"},
		seeYou: []string{"好的，19:30 见。到时在这条消息里签到。"}, early: []string{"周三 11月25日 19:15 起可以签到"}, open: []string{"签到"},
		in:     []string{"已签到 19:32，1 学时。今年 1/32 学时。"},
		missed: []string{"这次没有看到你签到。可以补到 周三 12月2日 20:30。", "现在补", "请假"},
		ask:    []string{"骑手服务案例：周三 11月25日 19:30 的学习开展了吗？", "签到 1 人，应到 2 人", "已开展", "改期", "没有开展"},
		held:   []string{"记为已开展"}, follow: []string{"周三 11月25日的学习还可以补到 周三 12月2日 20:30，约 20 分钟。", "现在补", "请假"},
		closed: []string{"不能再补了"},
	},
	"en": {
		line:   "study Courier cases | when: Wed 19:30 | for: <#C900> | link: https://example.org/a?x=1&y=2 | where: 2nd floor",
		opened: []string{"Study set up: Courier cases (#s1)", "Wed 25 Nov, 19:30–20:30", "can be made up within 7 days", "Where: 2nd floor"},
		invite: []string{"Wed 25 Nov 19:30: Courier cases", "(about 60 minutes)", "Material: we note when you open it.", "Open the material", "I'll be there", "Can't, I'll make it up", "Ask to be excused"},
		seeYou: []string{"See you at 19:30. Check in here once it starts."}, early: []string{"You can check in from Wed 25 Nov 19:15"}, open: []string{"Check in"},
		in:     []string{"Checked in 19:32, 1 hour. 1 of 32 this year."},
		missed: []string{"We have no check-in from you. You can make it up until Wed 2 Dec 20:30.", "Do it now", "Ask to be excused"},
		ask:    []string{"Courier cases: did the Wed 25 Nov 19:30 session take place?", "Checked in 1 of 2", "Yes", "Moved", "No"},
		held:   []string{"is recorded as held"}, follow: []string{"You can still make up Wed 25 Nov until Wed 2 Dec 20:30, about 20 minutes.", "Do it now", "Ask to be excused"},
		closed: []string{"can't be made up any more"},
	},
}

// One session from the line that sets it up to the day its make-up closes, as
// one member who comes and one who does not see it, and its leader.
func TestTheLifeOfASession(t *testing.T) {
	t.Parallel()
	for lang, w := range lives {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang)
			title := map[string]string{"zh": "骑手服务案例", "en": "Courier cases"}[lang]
			s.plans(w.line, w.opened...)

			s.at("2026-11-24 19:29")
			s.told(wei, title, 0)
			s.at("2026-11-24 19:30") // a day before
			first := s.told(wei, title, 1)
			s.shows(first, w.invite...)
			s.presses(wei, first, "study_attend")
			s.shows(first, w.seeYou...)
			if got := s.exported("attendance"); len(got) != 2 || got[0]["state"] != "due" || got[0]["hours"] != "0.00" {
				t.Errorf("an intention credits nothing: %v", got)
			}

			s.at("2026-11-25 18:30") // an hour before
			second := s.told(wei, title, 2)
			s.buttons(first) // a line by now: the new one has the buttons
			s.presses(wei, sandbox.Message{Channel: second.Channel, TS: second.TS}, "undo")
			s.shows(second, w.invite[len(w.invite)-3])
			s.presses(wei, second, "study_attend")
			s.As(wei).PressValue(second, "study_checkin", "1") // not offered yet: pressed by a program
			s.whispers(wei, second.Channel, w.early...)

			s.at("2026-11-25 19:15")
			s.shows(second, w.open...)
			s.at("2026-11-25 19:32")
			s.presses(wei, second, "study_checkin")
			s.shows(second, w.in...)
			s.told(wei, title, 2)

			s.at("2026-11-25 20:30")
			s.shows(s.told(lei, title, 2), w.missed...)
			s.told(leader, title, 0)
			s.at("2026-11-25 21:30") // an hour after the end
			ask := s.told(leader, title, 1)
			s.shows(ask, w.ask...)
			s.presses(leader, ask, "study_held")
			s.shows(ask, w.held...)
			if got := s.exported("attendance"); got[1]["state"] != "due" {
				t.Errorf("absent before the make-up closed: %v", got[1])
			}

			s.at("2026-11-30 20:29")
			s.told(lei, title, 2)
			s.at("2026-11-30 20:30") // two days before the make-up closes
			follow := s.sees(s.DM(lei), w.follow...)
			s.told(lei, title, 3)
			s.at("2026-12-03 12:00")
			s.shows(follow, w.closed...)
			s.buttons(follow)
			got := s.exported("attendance")
			if got[0]["state"] != "attended" || got[0]["hours"] != "1.00" || got[0]["at"] != "2026-11-25T19:32:00+08:00" || got[0]["late_entry"] != "no" ||
				got[1]["state"] != "absent" || got[1]["hours"] != "0.00" || got[1]["occurrence_start"] != "2026-11-25T19:30:00+08:00" {
				t.Errorf("the record: %v", got)
			}
			if n := len(s.posts(s.DM(lei))); n != 3 {
				t.Errorf("%d messages to who missed it, want two reminders and one follow-up:\n%s", n, texts(s.posts(s.DM(lei))))
			}
		})
	}
}

// A session nobody says was held makes nobody absent, also after the make-up.
func TestNobodyIsAbsentFromWhatWasNotHeld(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Cases | when: Wed 19:30 | for: <#C900> | remind: 1h | makeup: 3d")
	s.at("2026-11-25 18:30")
	reminder := s.told(lei, "Cases", 1)
	s.at("2026-11-25 20:30")
	s.at("2026-11-26 20:30")
	s.at("2026-11-29 12:00")
	s.shows(s.told(lei, "Cases", 2), "can't be made up any more")
	s.buttons(reminder)
	for _, row := range s.exported("attendance") {
		if row["state"] != "due" {
			t.Errorf("%s is %s, want due: nobody said that it was held", row["user_id"], row["state"])
		}
	}
	s.answer(leader, sampleLobby, "study s1 held", "recorded as held")
	s.settles()
	for _, row := range s.exported("attendance") {
		if row["state"] != "absent" {
			t.Errorf("%s is %s, want absent: held, and the make-up is over", row["user_id"], row["state"])
		}
	}
	s.answer(leader, sampleLobby, "study s1 held no", "not held")
}

// A rule reminds once per lead time and occurrence, to its last day; a session
// that is skipped is not reminded of, one that is moved is asked about anew.
func TestARuleRemindsOncePerLeadAndOccurrence(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Reading | when: every Wed and Fri 15:00 | for: <#C900> | until: 2026-12-04 | length: 45m | remind: 1h",
		"every Wed and Fri, 15:00", "next: Wed 25 Nov 15:00, Fri 27 Nov 15:00, Wed 2 Dec 15:00", "until Fri 4 Dec", "about 45 minutes", "counts 0.75 hours")
	s.at("2026-11-25 14:00")
	s.told(wei, "Wed 25 Nov 15:00: Reading", 1)
	s.at("2026-11-25 17:00")
	s.answer(leader, sampleLobby, "study s1 skip", "Fri 27 Nov 15:00 is skipped", "Undo")
	s.at("2026-11-27 16:00")
	s.told(wei, "Fri 27 Nov", 0)
	s.answer(leader, sampleLobby, "study s1 move Thu 10:00", "Wed 2 Dec 15:00 is moved to Thu 3 Dec 10:00")
	s.at("2026-12-02 15:00")
	s.told(wei, "Wed 2 Dec 15:00", 0)
	s.at("2026-12-03 09:00")
	moved := s.told(wei, "Thu 3 Dec 10:00: Reading", 1)
	s.presses(wei, moved, "study_attend")
	s.shows(moved, "See you at 10:00")
	s.answer(leader, sampleLobby, "study s1 move 3 Dec to Thu 16:00", "Thu 3 Dec 10:00 is moved to Thu 3 Dec 16:00")
	again := s.sees(s.DM(wei), "The time changed: Thu 3 Dec 10:00 → Thu 3 Dec 16:00. Can you still come?", "I'll be there")
	if again.TS == moved.TS {
		t.Error("who had said they come has to hear of the new time, not find it in an old message")
	}
	s.at("2026-12-03 15:00")
	s.told(lei, "Thu 3 Dec 16:00", 3) // reminded of 10:00, told of 16:00, reminded of that
	s.at("2026-12-04 14:00")
	s.told(wei, "Fri 4 Dec 15:00: Reading", 1)
	s.at("2026-12-12 12:00")
	for _, user := range []string{wei, lei} {
		for _, m := range s.posts(s.DM(user)) {
			if strings.Contains(m.AllText(), "Wed 9 Dec") || strings.Contains(m.AllText(), "Fri 11 Dec") {
				t.Errorf("%s hears of a session after the last day: %s", user, m.AllText())
			}
		}
	}
	row := s.exported("study")[0]
	want := map[string]string{"study_id": "s1", "title": "Reading", "rule": "FREQ=WEEKLY;BYDAY=WE,FR", "zone": "Asia/Shanghai",
		"start": "2026-11-25T15:00:00+08:00", "length_minutes": "45", "hours": "0.75", "makeup_days": "7", "created_by": leader}
	for column, value := range want {
		if row[column] != value {
			t.Errorf("export study: %s is %q, want %q", column, row[column], value)
		}
	}
}

// prefers saves a person's profile.
func (s *story) prefers(user string, values map[string]any) sandbox.Outcome {
	s.t.Helper()
	s.says(user, sampleLobby, "profile")
	var v sandbox.View
	s.waits("the profile's window", func() bool {
		open, ok := s.As(user).View()
		v = open
		return ok && open.CallbackID == "profile"
	})
	return s.As(user).Submit(v, values)
}

// clocks are the times on Shanghai's wall at which a person was written to
// about something.
func (s *story) clocks(user, what string) []string {
	var out []string
	for _, m := range s.about(user, what) {
		var sec int64
		_, _ = fmt.Sscanf(m.TS, "%d", &sec) // a ts begins with its second
		out = append(out, time.Unix(sec, 0).In(time.FixedZone("CST", 8*3600)).Format("02 15:04"))
	}
	return out
}

// Reminders come inside a member's own windows and never in quiet hours; a lead
// time that does not suit moves earlier; what they are told is what happens.
func TestRemindersComeInsideTheMembersWindows(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	if out := s.prefers(wei, map[string]any{"windows": "10:00-11:00, 14:30-16:30"}); len(out.Errors) > 0 {
		t.Fatal(out.Errors)
	}
	if out := s.prefers(lei, map[string]any{"windows": "14:30-25:00"}); !strings.Contains(out.Errors["windows"], "14:30-25:00") {
		t.Errorf("a window that cannot be: %v", out.Errors)
	}
	s.plans("study Early | when: Wed 07:30 | for: <#C900> | remind: 1d, 1h") // 1h before is 6:30, in the night
	s.plans("study Evening | when: Thu 19:30 | for: <#C900>")
	s.answer(wei, sampleLobby, "study s1", "You will be reminded on Mon 23 Nov 16:15, Tue 24 Nov 16:15")
	s.answer(wei, sampleLobby, "study s2", "You will be reminded on Wed 25 Nov 16:15, Thu 26 Nov 16:15")
	s.answer(lei, sampleLobby, "study s1", "You will be reminded on Tue 24 Nov 7:30, Tue 24 Nov 21:45")
	for _, at := range []string{"23 16:14", "23 16:15", "24 07:29", "24 07:30", "24 16:15", "24 21:45", "25 16:15", "25 19:30", "26 16:15", "26 18:30"} {
		s.at("2026-11-" + at)
	}
	for user, want := range map[string][2][]string{
		wei: {{"23 16:15", "24 16:15"}, {"25 16:15", "26 16:15"}},
		lei: {{"24 07:30", "24 21:45"}, {"25 19:30", "26 18:30"}},
	} {
		for i, what := range []string{"Early", "Evening"} {
			if got := s.clocks(user, what); !slices.Equal(got, want[i]) {
				t.Errorf("%s was reminded of %s at %v, want %v", user, what, got, want[i])
			}
		}
	}
}

// New windows, another zone and a pause move what lies ahead at once.
func TestAChangedProfileMovesWhatLiesAhead(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Evening | when: Wed 19:30 | for: <#C900> | remind: 1h")
	s.answer(wei, sampleLobby, "study s1", "You will be reminded on Wed 25 Nov 18:30")
	s.prefers(wei, map[string]any{"windows": "12:00-13:00"})
	s.answer(wei, sampleLobby, "study s1", "You will be reminded on Wed 25 Nov 12:45")
	u := sampleUser(samplePeople()[5], "en") // moves to Riga, six hours behind
	u.TZ = "Europe/Riga"
	s.UpdateUser(u)
	s.waits("the new zone", func() bool {
		return strings.Contains(s.answer(wei, sampleLobby, "study s1"), "You will be reminded on Wed 25 Nov 12:30 (Europe/Riga)")
	})
	s.prefers(wei, map[string]any{"windows": "8:00-9:00", "pause_until": "2026-11-25"})
	s.answer(wei, sampleLobby, "study s1", "You will be reminded on Wed 25 Nov 8:45 (Europe/Riga)")
	s.prefers(wei, map[string]any{"pause_until": "2026-11-26"})
	s.answer(wei, sampleLobby, "study s1", "You will not be reminded of this one")
	s.at("2026-11-25 19:30")
	s.told(wei, "Evening", 0)
	s.told(lei, "Evening", 1)
}
