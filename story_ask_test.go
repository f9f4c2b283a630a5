package main

import (
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/services"
)

// knows writes what somebody says of themselves into their profile.
func (s *story) knows(user string, p services.Profile) {
	s.t.Helper()
	p.Lang = ""
	if _, err := s.app.svc.SaveProfile(s.t.Context(), services.Act{Team: s.TeamID(), User: user, Channel: s.DM(user), Direct: true}, p); err != nil {
		s.t.Fatalf("profile of %s: %v", user, err)
	}
}

// dikeWords are the flood's in both languages.
type dikeWords struct {
	lang, skill, area, line string
	posted, question, why   []string
	asks, silent, later     string
	when, taken, enough     string
	standDown               []string
	panel                   []string
}

func dikes() []dikeWords {
	return []dikeWords{{
		lang: "zh", skill: "装卸", area: "城东片区",
		line:     "招募 东堤装沙袋 | 类型: 应急 | 时间: 明天 8:00-12:00 | 地点: 城东 东堤 3 号门 | 需要: 装卸 2 | 紧急: 是 | 询问: 2 每 10 分钟",
		posted:   []string{"直接询问：先问 装卸 2 人", "每 10 分钟问 2 人"},
		question: []string{"东堤装沙袋", "周二 11月24日 8:00–12:00", "城东 东堤 3 号门", "还差装卸 2 人", "发起：<@U001>"},
		why:      []string{"为什么问你：你的资料里写了会装卸、城东片区、周二上午有空。不方便没关系。"},
		asks:     "我去", silent: "还没有回复：孙磊", later: "能去，但要晚点", when: "大概几点能到", taken: "9点以后可以",
		enough:    "人手已经够了，谢谢你。",
		standDown: []string{"人手已经够了，谢谢你，请先不要出发。你是候补第 1 位，需要时再找你。", "东堤装沙袋"},
		panel:     []string{"装卸 2/2", "2 人能来", "1 人候补", "1 人来不了", "人够了"},
	}, {
		lang: "en", skill: "lifting", area: "East district",
		line:     "call Sandbags | kind: relief | when: tomorrow 8:00-12:00 | where: East dike, gate 3 | need: lifting 2 | urgent: yes | ask: 2 every 10m",
		posted:   []string{"Asking directly: 2 for lifting first", "2 people are asked every 10 minutes"},
		question: []string{"Sandbags", "East dike, gate 3", "Tue 24 Nov, 8:00–12:00", "2 more needed: lifting", "Called by <@U001>"},
		why:      []string{"Why you: your profile says lifting, East district, free Tuesday mornings. It's fine to say no."},
		asks:     "I'll come", silent: "Not yet answered: 孙磊", later: "Yes, but later", when: "When could you be there", taken: "yes after 9",
		enough:    "We have enough people now, thank you.",
		standDown: []string{"We have enough people now, thank you. Please don't set out. You're first on standby; we'll message you if that changes.", "Sandbags"},
		panel:     []string{"lifting 2/2", "2 yes", "1 on standby", "1 no", "enough people"},
	}}
}

// A flood, and people asked in waves: one declines and the next is asked at
// once, one says nothing and the next wave goes out, one can come only later;
// when the places are taken everybody open is told, and who might set out is
// told anew.
func TestAFloodIsFilledInWaves(t *testing.T) {
	t.Parallel()
	for _, d := range dikes() {
		t.Run(d.lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(d.lang))
			tuesdays := []models.Window{{Days: []time.Weekday{time.Tuesday}, Start: 7 * 60, End: 13 * 60}}
			s.knows("U010", services.Profile{Skills: []string{d.skill}, Areas: []string{d.area}, Free: tuesdays})
			s.knows("U006", services.Profile{Skills: []string{d.skill}, Areas: []string{d.area}})
			s.knows("U013", services.Profile{Skills: []string{d.skill}})
			s.knows("U017", services.Profile{Areas: []string{d.area}})
			s.answered(sampleAdmin, sampleCalls, d.line, append(d.posted, "#k1")...)
			s.sees(sampleCalls, "0/2")

			// The two who fit best are asked, each with their own reasons.
			first := s.gets("U010", append(d.question, d.why...)...)
			if b, ok := first.Button("ask_yes"); !ok || b.Text != d.asks {
				t.Errorf("the question has no button %q: %+v", d.asks, first.Buttons())
			}
			second := s.gets("U006", d.area)
			s.settles()
			s.nothingAsked("U013", "U017")

			// A no moves on at once.
			s.presses("U006", second, "ask_no")
			third := s.gets("U013", d.skill)
			s.settles()
			s.nothingAsked("U017")

			// Silence moves on at the end of the wave; nobody is asked twice.
			s.passes(11 * time.Minute)
			s.settles()
			fourth := s.gets("U017", d.area)
			s.gets(sampleAdmin, d.silent)
			asked := 0
			for _, m := range s.posts(s.DM("U010")) {
				if _, has := m.Button("ask_yes"); has {
					asked++
				}
			}
			if asked != 1 {
				t.Errorf("who was silent was asked %d times", asked)
			}

			// One can come, but later; it is kept for the organizer.
			s.presses("U017", fourth, "ask_later")
			s.whispers("U017", s.DM("U017"), d.when)
			s.writes("U017", d.taken, d.taken)
			s.gets(sampleAdmin, d.taken)

			// Two say yes: one by the button, the silent one by plain words.
			s.presses("U013", third, "ask_yes")
			s.sees(sampleCalls, "1/2")
			s.writes("U010", "+1", "")
			s.sees(sampleCalls, "2/2")
			s.settles()

			// Enough: who might set out is told anew, who had not answered in place.
			s.gets("U017", d.standDown...)
			open := 0
			for _, p := range samplePeople() {
				for _, m := range s.posts(s.DM(p.ID)) {
					if _, waits := m.Button("ask_later"); waits {
						t.Errorf("%s has a question that is still open: %s", p.ID, m.AllText())
					}
					if strings.HasPrefix(m.Text, d.enough) && p.ID != "U017" {
						open++
					}
				}
			}
			if open == 0 {
				t.Error("nobody open was told that there are enough people")
			}
			s.gets(sampleAdmin, d.panel...)
		})
	}
}

// nothingAsked fails when somebody has a question.
func (s *story) nothingAsked(users ...string) {
	s.t.Helper()
	for _, u := range users {
		for _, m := range s.posts(s.DM(u)) {
			if _, asked := m.Button("ask_yes"); asked {
				s.t.Errorf("%s was asked: %s", u, m.AllText())
			}
		}
	}
}
