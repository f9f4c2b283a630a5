package main

import (
	"slices"
	"testing"
)

type zoneWords struct {
	plan, daily, title, tea string
	told, moved, again      []string
	session, seen, checked  string
}

var zoneStories = map[string]zoneWords{
	"zh": {
		plan: "学习 案例讨论 | 时间: 周四 19:30 | 范围: <#C900> | 提前: 1d, 1h", daily: "提醒 我 每天 9:00 喝水", title: "案例讨论", tea: "喝水",
		told: []string{"会在 周三 11月25日 16:15、周四 11月26日 16:15 提醒你"}, moved: []string{"会在 周三 11月25日 10:45（Europe/Berlin）、周四 11月26日 10:45（Europe/Berlin）"},
		again: []string{"会在 周三 11月25日 16:15（America/New_York）"}, session: "周四 11月26日 19:30", seen: "11月26日", checked: "已签到",
	},
	"en": {
		plan: "study Case talk | when: Thu 19:30 | for: <#C900> | remind: 1d, 1h", daily: "remind me to drink water every day 9:00", title: "Case talk", tea: "drink water",
		told: []string{"You will be reminded on Wed 25 Nov 16:15, Thu 26 Nov 16:15"}, moved: []string{"You will be reminded on Wed 25 Nov 10:45 (Europe/Berlin), Thu 26 Nov 10:45 (Europe/Berlin)"},
		again: []string{"You will be reminded on Wed 25 Nov 16:15 (America/New_York)"}, session: "Thu 26 Nov 19:30", seen: "26 Nov", checked: "Checked in",
	},
}

// movesTo is somebody who changes their zone in Slack: from then on they are
// told this about the study.
func (s *story) movesTo(user, lang, zone string, words []string) {
	s.t.Helper()
	for _, p := range samplePeople() {
		if u := sampleUser(p, lang); u.ID == user {
			u.TZ = zone
			s.UpdateUser(u)
		}
	}
	s.waits("the new zone", func() bool { return hasAll(s.answer(user, sampleLobby, "study s1"), words) })
}

// A member with windows of their own goes from Shanghai to Berlin and on to New
// York, by what Slack says of them. What they will be told of moves to the new
// wall, and so does what they are told about it; the session stays where it is,
// and the others hear nothing of it.
func TestAMemberWhoChangesZone(t *testing.T) {
	t.Parallel()
	for lang, w := range zoneStories {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, atAnyPace())
			if out := s.prefers(wei, map[string]any{"windows": "10:00-11:00, 14:30-16:30"}); len(out.Errors) > 0 {
				t.Fatal(out.Errors)
			}
			s.gets(wei, "10:00–11:00")
			s.plans(w.plan)
			s.says(wei, sampleLobby, w.daily)
			s.settles()
			s.answer(wei, sampleLobby, "study s1", w.told...)
			s.movesTo(wei, lang, "Europe/Berlin", w.moved) // seven hours behind
			s.at("2026-11-24 09:00")                       // two in the night there
			s.told(wei, w.tea, 0)
			s.at("2026-11-24 16:00") // nine in the morning there
			s.told(wei, w.tea, 1)
			s.at("2026-11-25 16:15")
			s.told(wei, w.tea, 2)
			s.told(wei, w.title, 0)
			s.at("2026-11-25 17:45")
			first := s.told(wei, w.title, 1)
			s.shows(first, w.seen)

			s.halt() // the zone, and what moved with it, is in the database
			s.begin()
			s.movesTo(wei, lang, "America/New_York", w.again) // thirteen hours behind: the session is at 6:30
			s.at("2026-11-25 19:30")                          // who stayed is told
			s.at("2026-11-26 05:14")
			s.told(wei, w.title, 1)
			s.at("2026-11-26 05:15")
			last := s.told(wei, w.title, 2)
			s.at("2026-11-26 18:30")
			s.told(wei, w.title, 2)
			if got := s.clocks(lei, w.title); !slices.Equal(got, []string{"25 19:30", "26 18:30"}) {
				t.Errorf("who stayed was reminded at %v", got)
			}
			s.shows(s.told(lei, w.title, 2), w.session)
			s.at("2026-11-26 19:31")
			s.presses(wei, last, "study_checkin")
			s.shows(last, w.checked)
			if start := s.exported("study")[0]["start"]; start != "2026-11-26T19:30:00+08:00" {
				t.Errorf("the session begins at %s", start)
			}
			if got := s.clocks(wei, w.title); !slices.Equal(got, []string{"25 17:45", "26 05:15"}) {
				t.Errorf("who moved was reminded at %v", got)
			}
		})
	}
}
