package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/sandbox"
)

// courierWords is what a courier writes and reads in a week.
type courierWords struct {
	plan, busy, off    string // study lines: the week's session, a busy day's (title, clock), Sunday's
	titles             []string
	windows            string
	told               string
	later, at, again   string
	missed, held       string
	day                []string
	dayTold            string
	attend, checkedIn  string
	makeup, makeupSaid string
	paused, none       string
	follow             []string
	made               string
	fewer, choice      string
	taken, undo        string
	undone, what       string
	week               []string
}

var couriers = map[string]courierWords{
	"zh": {
		plan: "学习 雨天骑行 | 时间: 周三 19:30 | 范围: <#C900> | 提前: 1d, 1h", busy: "学习 %s | 时间: 周五 %s | 范围: <#C900> | 提前: 1h | 时长: 30m",
		off: "学习 谈心 | 时间: 周日 19:30 | 范围: <#C900> | 提前: 1d, 1h", titles: []string{"党课", "案例", "读书", "总结"},
		windows: "10:00-11:00, 14:30-16:30", told: "会在 周二 11月24日 16:15、周三 11月25日 16:15 提醒你",
		later: "晚点提醒", at: "周三 11月25日 10:00（时段 10:00–11:00）", again: "会在 周三 11月25日 10:00 再提醒你。",
		missed: "这次没有看到你签到。可以补到 周三 12月2日 20:30。", held: "记为已开展",
		day:     []string{"周五 11月27日的学习提醒，共 4 项", "12:00 *党课*", "15:45 *案例*", "17:30 *读书*", "18:00 *总结*"},
		dayTold: "会在 周五 11月27日 10:00 提醒你", attend: "好的，12:00 见。到时在这条消息里签到。", checkedIn: "已签到 11:50，0.5 学时。",
		makeup: "来不了，我补学", makeupSaid: "好的，谢谢告诉我们。可以补到", paused: "周一 11月30日 以前不发提醒", none: "这一次不会再提醒你",
		follow: []string{"雨天骑行", "周三 11月25日的学习还可以补到 周三 12月2日 20:30"}, made: "已补学，1 学时。今年 1.5/32 学时。",
		fewer: "少提醒一点", choice: "每次学习只提醒一次", undo: "撤销", what: "雨天骑行", taken: "好的，每次学习只在最后提醒一次。", undone: "好的，照原来的提醒你。",
		week: []string{"23 10:00 已保存。提醒时间：10:00–11:00", "23 10:02 你好，我是 Muster", "24 16:15 周三 11月25日 19:30 雨天骑行", "25 10:00 周三 11月25日 19:30 雨天骑行", "25 16:15 周三 11月25日 19:30 雨天骑行",
			"27 10:00 周五 11月27日的学习提醒，共 4 项", "27 20:00 已保存。提醒时间：10:00–11:00", "30 16:15 周三 11月25日 19:30 雨天骑行 已补学", "30 16:15 已补学，1 学时。"},
	},
	"en": {
		plan: "study Riding in the rain | when: Wed 19:30 | for: <#C900> | remind: 1d, 1h", busy: "study %s | when: Fri %s | for: <#C900> | remind: 1h | length: 30m",
		off: "study Talk | when: Sun 19:30 | for: <#C900> | remind: 1d, 1h", titles: []string{"Lesson", "Cases", "Reading", "Review"},
		windows: "10:00-11:00, 14:30-16:30", told: "You will be reminded on Tue 24 Nov 16:15, Wed 25 Nov 16:15",
		later: "Remind me later", at: "Wed 25 Nov 10:00 (window 10:00–11:00)", again: "I'll remind you again on Wed 25 Nov 10:00.",
		missed: "We have no check-in from you. You can make it up until Wed 2 Dec 20:30.", held: "recorded as held",
		day:     []string{"Study reminders of Fri 27 Nov, 4 in all", "12:00: *Lesson*", "15:45: *Cases*", "17:30: *Reading*", "18:00: *Review*"},
		dayTold: "You will be reminded on Fri 27 Nov 10:00", attend: "See you at 12:00. Check in here once it starts.", checkedIn: "Checked in 11:50, 0.5 hours.",
		makeup: "Can't, I'll make it up", makeupSaid: "Got it, thanks for letting us know. You can make it up until", paused: "No reminders before Mon 30 Nov", none: "You will not be reminded of this one",
		follow: []string{"Riding in the rain", "You can still make up Wed 25 Nov until Wed 2 Dec 20:30"}, made: "Made up, 1 hour. 1.5 of 32 this year.",
		fewer: "Fewer reminders", choice: "One reminder a session", undo: "Undo", what: "Riding in the rain", taken: "OK, one reminder a session from now on, the last one.", undone: "OK, reminders come as before.",
		week: []string{"23 10:00 Saved. Reminders: 10:00–11:00", "23 10:02 Hello, I'm Muster", "24 16:15 Wed 25 Nov 19:30: Riding in the rain", "25 10:00 Wed 25 Nov 19:30: Riding in the rain", "25 16:15 Wed 25 Nov 19:30: Riding in the rain",
			"27 10:00 Study reminders of Fri 27 Nov, 4 in all", "27 20:00 Saved. Reminders: 10:00–11:00", "30 16:15 Wed 25 Nov 19:30: Riding in the rain Made up", "30 16:15 Made up, 1 hour."},
	},
}

// everything is every message of the bot to somebody, with its time on
// Shanghai's wall.
func (s *story) everything(user string) (out []string) {
	s.t.Helper()
	for _, m := range s.posts(s.DM(user)) {
		var sec int64
		_, _ = fmt.Sscanf(m.TS, "%d", &sec) // a ts begins with its second
		out = append(out, time.Unix(sec, 0).In(time.FixedZone("CST", 8*3600)).Format("02 15:04 ")+strings.ReplaceAll(m.Text, "\n", " / "))
	}
	return out
}

// rowOf is the id of the n-th button of an action in a message of the day.
func rowOf(t *testing.T, m sandbox.Message, action string, n int) string {
	t.Helper()
	for _, b := range m.Buttons() {
		if name, _, _ := strings.Cut(b.ActionID, ":"); name == action {
			if n--; n < 0 {
				return b.ActionID
			}
		}
	}
	t.Fatalf("no button %s in %q", action, m.AllText())
	return ""
}

// A courier can read at 10:00-11:00 and 14:30-16:30, and at no other time a
// message comes, in a week in which one reminder is put off, a session missed,
// followed up once and made up, four sessions fall on one day, and two days are
// paused.
func TestACouriersWeek(t *testing.T) {
	t.Parallel()
	for lang, w := range couriers {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang)
			if out := s.prefers(wei, map[string]any{"windows": w.windows}); len(out.Errors) > 0 {
				t.Fatal(out.Errors)
			}
			s.gets(wei, "10:00–11:00")
			s.at("2026-11-23 10:02")
			s.plans(w.plan)
			s.answer(wei, sampleLobby, "study s1", w.told)
			s.courierPutsOff(w)
			s.courierMisses(w)
			s.courierBusyDay(w)
			s.courierPauses(w)
			s.at("2026-11-30 16:15")
			follow := s.sees(s.DM(wei), w.follow...)
			s.presses(wei, follow, "study_makeup")
			s.sends(wei, map[string]any{"reflection": strings.Repeat("雨天路滑要慢，slow down. ", 5)})
			s.shows(follow, w.made)
			s.waits("the answer to the form", func() bool { return len(s.posts(s.DM(wei))) == len(w.week) })
			s.halt() // whatever is remembered is in the database
			s.begin()
			s.at("2026-11-30 22:00")
			got := s.everything(wei)
			for i := range got {
				if i < len(w.week) && strings.HasPrefix(got[i], w.week[i]) {
					got[i] = w.week[i]
				}
			}
			if diff := cmp.Diff(w.week, got); diff != "" {
				t.Errorf("all that the courier heard in the week (-want +got):\n%s", diff)
			}
		})
	}
}

// courierPutsOff puts Tuesday's reminder off to the next morning: offered are
// times of their own, by name.
func (s *story) courierPutsOff(w courierWords) {
	s.t.Helper()
	s.at("2026-11-24 16:15")
	first := s.sees(s.DM(wei), w.what)
	s.press(wei, first, w.fewer)
	s.press(wei, s.whispers(wei, first.Channel, w.choice), w.choice)
	s.press(wei, s.whispers(wei, first.Channel, w.taken), w.undo)
	s.whispers(wei, first.Channel, w.undone)
	s.press(wei, first, w.later)
	s.press(wei, s.whispers(wei, first.Channel, w.at), w.at)
	s.shows(first, w.again)
}

// courierMisses is Wednesday: put off to 10:00, reminded at 16:15, not there.
func (s *story) courierMisses(w courierWords) {
	s.t.Helper()
	s.at("2026-11-25 10:00")
	s.at("2026-11-25 16:15")
	last := s.posts(s.DM(wei))
	s.at("2026-11-25 20:30")
	s.shows(last[len(last)-1], w.missed)
	s.at("2026-11-25 21:30")
	ask := s.posts(s.DM(leader))
	s.presses(leader, ask[len(ask)-1], "study_held")
	s.settles()
}

// courierBusyDay is Friday: four sessions, one message, answered in it.
func (s *story) courierBusyDay(w courierWords) {
	s.t.Helper()
	s.at("2026-11-26 12:00")
	for i, clock := range []string{"12:00", "15:45", "17:30", "18:00"} {
		s.answer(leader, sampleLobby, fmt.Sprintf(w.busy, w.titles[i], clock), w.titles[i])
		s.settles()
	}
	s.answer(wei, sampleLobby, "study s4", w.dayTold)
	s.at("2026-11-27 10:00")
	day := s.sees(s.DM(wei), w.day...)
	s.presses(wei, day, rowOf(s.t.(*testing.T), day, "study_attend", 0))
	s.shows(day, w.attend)
	s.press(wei, day, w.makeup) // the first there is: of the one they come to
	s.at("2026-11-27 11:50")
	now, _ := s.Message(day.Channel, day.TS)
	s.presses(wei, day, rowOf(s.t.(*testing.T), now, "study_checkin", 0))
	s.shows(day, w.checkedIn)
	now, _ = s.Message(day.Channel, day.TS)
	s.presses(wei, day, rowOf(s.t.(*testing.T), now, "study_makeup", 0))
	s.shows(day, w.makeupSaid)
	s.at("2026-11-27 20:00")
}

// courierPauses is the weekend: paused to Monday, nothing of Sunday's session.
func (s *story) courierPauses(w courierWords) {
	s.t.Helper()
	s.answer(leader, sampleLobby, w.off)
	s.settles()
	if out := s.prefers(wei, map[string]any{"pause_until": "2026-11-30"}); len(out.Errors) > 0 {
		s.t.Fatal(out.Errors)
	}
	s.gets(wei, w.paused)
	s.answer(wei, sampleLobby, "study s6", w.none)
	for _, at := range []string{"28 10:00", "28 16:15", "29 16:15", "29 20:30"} {
		s.at("2026-11-" + at)
	}
}
