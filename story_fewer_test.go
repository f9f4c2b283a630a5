package main

import "testing"

// Four are signed up and two are enough: nobody is thrown out. The organizer
// may ask who would step back, and who does not answer keeps their place.
func TestFewerAreNeeded(t *testing.T) {
	for lang, w := range map[string]struct{ line, edit, over, asked, question, stay, thanks string }{
		"zh": {"招募 东堤装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 装卸 4", "call k1 edit 需要: 装卸 2",
			"多 2 人", "已问 4 人", "你愿意让出名额吗？", "我会来", "已报名"},
		"en": {"call Sandbags | when: Sat 8:00-12:00 | where: East dike | need: lifter 4", "call k1 edit need: lifter 2",
			"2 more than needed", "Asked 4 people", "Would you step back?", "You said you'll come", "signed up"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.says(sampleAdmin, sampleCalls, w.line)
			card := s.sees(sampleCalls, "0/4")
			people := []string{"U006", "U010", "U013", "U014"}
			for _, who := range people {
				s.presses(who, card, "call_join")
			}
			s.sees(sampleCalls, "4/4")
			s.answered(sampleAdmin, sampleCalls, w.edit, w.over)
			s.sees(sampleCalls, "4/2")
			panel := s.gets(sampleAdmin, "4/2", w.over)
			s.presses(sampleAdmin, panel, "call_fewer:1")
			s.gets("U014", w.question)
			s.presses("U006", s.gets("U006", w.question), "call_confirm")
			s.presses("U010", s.gets("U010", w.question), "call_leave")
			s.presses("U013", s.gets("U013", w.question), "call_leave")
			s.sees(sampleCalls, "2/2")
			s.gets("U014", w.thanks) // never answered: the place is theirs and nothing is asked any more
			s.gets("U006", w.thanks)
		})
	}
}
