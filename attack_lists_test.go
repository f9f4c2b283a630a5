package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox"
	"muster/services"
)

// One hostile text through what was built around a call: pasted lists, stand-ins,
// templates, copies, calendars, curves, units and skills. The sandbox complains
// of each limit broken, at the story's end.
func TestHostileWordsInListsTemplatesAndUnits(t *testing.T) {
	t.Parallel()
	for name, words := range hostileTexts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, withSandbox(func(o *sandbox.Options) { o.Limits = &sandbox.Limits{Off: true} }), withPeople(func(w *sandbox.World) {
				for _, i := range []int{0, 5} { // the organizer and a member are called so
					u := sampleUser(samplePeople()[i], "zh")
					u.RealName = words
					w.UpdateUser(u)
				}
			}))
			cut := string([]rune(words)[:min(len([]rune(words)), 60)])
			err := s.app.svc.Enrol(t.Context(), s.TeamID(), []services.UnitRow{{Name: words, Leader: sampleAdmin}, {Name: "b " + cut}},
				[]services.MemberRow{{Slack: "U006", Name: words, Unit: words, Skills: []string{cut}, Areas: []string{cut}}})
			if err != nil {
				t.Fatal(err)
			}
			s.hostileLists(words)
			s.types(sampleAdmin, sampleLobby, "unit list")
			s.types(sampleAdmin, sampleLobby, "unit gaps")
			s.types(sampleAdmin, sampleLobby, "unit "+words)
			s.types(sampleAdmin, sampleLobby, "profile <@U006>")
			s.hurries("the card of a member", func() bool {
				for _, m := range s.As(sampleAdmin).Ephemerals(sampleLobby) {
					if _, ok := m.Button("skill_verify"); ok {
						s.pushes(sampleAdmin, m, "skill_verify")
						return true
					}
				}
				return false
			})
			if form, ok := s.As(sampleAdmin).View(); ok && form.CallbackID == "skill" {
				s.As(sampleAdmin).Submit(form, map[string]any{"other_skill": cut, "skill_until": "2026-12-31"})
			}
			s.passes(5 * time.Hour)
			s.rests()
			s.nothingLive()
			for _, line := range strings.Split(s.logs.String(), "\n") {
				if strings.Contains(line, "level=ERROR") {
					t.Errorf("the log says: %.300s", line)
				}
			}
		})
	}
}

func (s *story) hostileLists(words string) {
	s.t.Helper()
	s.types(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 8:00-12:00, 周六 14:00-16:00 | 地点: 绿城 | 需要: 引导员 3 | 询问: 5 每 10 分钟")
	card := s.sees(sampleCalls, "#k1")
	for _, b := range card.Buttons() {
		if strings.HasPrefix(b.ActionID, "call_join") {
			s.pushes("U006", card, b.ActionID)
			break
		}
	}
	one := strings.ReplaceAll(words, "\n", " ")
	s.As(sampleAdmin).SayIn(sampleCalls, card.TS, "#接龙 "+one+"\n1. "+one+"\n2. 孙磊 "+one+"\n3. 孙磊（"+one+"） +1 引导员\n4. <@U011> 引导员 "+one)
	s.hurries("the list read", func() bool {
		for _, m := range s.As(sampleAdmin).Ephemerals(sampleCalls) {
			if strings.Contains(m.AllText(), "接龙") {
				for _, b := range m.Buttons() {
					s.pushes(sampleAdmin, m, b.ActionID)
				}
				return true
			}
		}
		return len(words) > 5000 // no list any more
	})
	for _, line := range []string{"call k1 template " + words, "call k1 template 周末", "call template " + words, "call template " + words + " | when: next Sat 9:00-11:00",
		"call template 周末 | when: next Sat 9:00-11:00 | where: " + words + " | need: " + one + " 2", "call k1 copy", "call k1 copy when: next Sun 9:00-11:00 | title: " + words,
		"call k1 copy " + words, "call k1 curve", "call k1 handover " + words} {
		s.types(sampleAdmin, sampleLobby, line)
	}
	for _, line := range []string{"call k1 handover " + words, "call k1 handover <@U014>", "call k1 calendar", "profile skills: " + words, "me"} {
		s.types("U006", sampleLobby, line)
	}
	s.As("U006").DM("让 <@U014> 顶我 " + words)
}
