package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// chooses presses a button that opens a form and fills it in.
func (s *story) chooses(user string, m sandbox.Message, actionID string, values map[string]any) sandbox.Outcome {
	s.t.Helper()
	s.presses(user, m, actionID)
	view, ok := s.As(user).View()
	if !ok {
		s.t.Fatalf("%s opened no form for %s", actionID, user)
	}
	out := s.As(user).Submit(view, values)
	if !out.Acked {
		s.t.Fatalf("%s could not send the form of %s: %s", user, actionID, out.Refused)
	}
	return out
}

// "Handing a place to a named person needs that person's yes."
func TestAPlaceIsHandedToANamedPersonByTheirYes(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		call, giver, taker                            string
		waits, question, no, stays, moved, took, card []string
		panelOpen, panelDone                          []string
	}{
		"zh": {call: "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 装卸 1 | 携伴: 0", giver: "刘洋", taker: "冯雪",
			waits:    []string{"已请 <@U014> 顶班，等回复；在那之前名额还是你的"},
			question: []string{"<@U006> 想请你顶班：装沙袋 · 装卸（#k1）", "周六 11月28日 8:00–12:00，东堤", "不方便没关系"},
			no:       []string{"好的，谢谢告诉我们"}, stays: []string{"<@U014> 顶不了班，名额还是你的：装沙袋"},
			moved: []string{"<@U014> 顶了你的班：装沙袋", "你不用去了"}, took: []string{"已报名：装沙袋 · 装卸"}, card: []string{"1/1", "冯雪", "候补 1 人"},
			panelOpen: []string{"刘洋 请 ", " 顶班，等回复"}, panelDone: []string{"冯雪 顶了 刘洋 的班"}},
		"en": {call: "call Sandbags | when: Sat 8:00-12:00 | where: East dike | need: lifter 1 | guests: 0", giver: "Liu Yang", taker: "Feng Xue",
			waits:    []string{"<@U014> has been asked to stand in; until they answer the place stays yours"},
			question: []string{"<@U006> asks you to stand in: Sandbags · lifter (#k1)", "Sat 28 Nov, 8:00–12:00, East dike", "It's fine to say no"},
			no:       []string{"thanks for letting us know"}, stays: []string{"<@U014> can't stand in; the place stays yours: Sandbags"},
			moved: []string{"<@U014> stands in for you: Sandbags", "You don't need to come"}, took: []string{"You're signed up: Sandbags · lifter"}, card: []string{"1/1", "1 waiting"},
			panelOpen: []string{"asked", "to stand in; no answer yet"}, panelDone: []string{"stands in for"}},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.says(sampleAdmin, sampleCalls, w.call)
			card := s.sees(sampleCalls, "0/1")
			s.presses("U006", card, "call_join")
			s.presses("U010", card, "call_join") // waits, and is not passed over by a stranger but by a person named
			s.gets("U010", "#k1")
			mine := s.gets("U006", "#k1")
			out := s.chooses("U006", mine, "call_handover", map[string]any{"who": "U006"})
			if len(out.Errors) == 0 {
				t.Errorf("asking oneself is answered with %+v", out)
			}
			s.chooses("U006", mine, "call_handover", map[string]any{"who": "U014"})
			s.gets("U006", w.waits...)
			s.gets(sampleAdmin, w.panelOpen...)
			question := s.gets("U014", w.question...)
			s.sees(sampleCalls, w.card[0]) // until the yes it stays
			s.presses("U014", question, "handover_no")
			s.gets("U014", w.no...)
			again := s.gets("U006", w.stays...)
			s.chooses("U006", again, "call_handover", map[string]any{"who": "U014"})
			s.presses("U014", s.gets("U014", w.question...), "handover_yes")
			s.gets("U006", w.moved...)
			s.gets("U014", w.took...)
			s.sees(sampleCalls, w.card...)
			s.gets(sampleAdmin, w.panelDone...)
			s.settles()
			s.allExpected(s.DM("U006"), s.DM("U014"))
		})
	}
}

// The same in words: under the card, in a direct message, by command; and the
// answer in words too.
func TestAPlaceIsHandedOverInWords(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 2")
	card := s.sees(sampleCalls, "0/2")
	s.presses("U006", card, "call_join")
	s.presses("U010", card, "call_join")
	s.gets("U006", "#k1")
	s.As("U006").SayIn(sampleCalls, card.TS, "让 <@U014> 顶我")
	s.whispers("U006", sampleCalls, "已去问 <@U014> 能不能顶")
	s.gets("U014", "想请你顶班")
	s.writes("U014", "可以", "由你去，已告诉 <@U006>")
	s.sees(sampleCalls, "冯雪", "孙磊")
	// Somebody without a place only talks to the others.
	before := len(s.As("U011").Ephemerals(sampleCalls))
	s.As("U011").SayIn(sampleCalls, card.TS, "让 <@U014> 顶我")
	s.settles()
	if got := s.As("U011").Ephemerals(sampleCalls); len(got) != before {
		t.Errorf("talk among others was answered: %s", got[len(got)-1].AllText())
	}
	s.writes("U010", "换人", "装沙袋", "请谁来顶班") // nobody named: whom?
	s.answered("U010", sampleLobby, "招募 k1 顶班 <@U015>", "已去问 <@U015>")
	back := s.gets("U010", "已请 <@U015> 顶班")
	s.gets("U015", "想请你顶班") // who was not asked yet is told nothing
	s.presses("U010", back, "handover_back:2")
	s.gets("U015", "不用人顶班了，谢谢你")
	s.answered("U010", sampleLobby, "招募 k1 顶班 小王", "看不出“小王”是谁", "招募 k1 顶班 @李四")
	s.answered("U011", sampleLobby, "call k1 handover <@U015>", "没有可以转给别人的名额")
}

// "Quiet hours wait … and by the start it lapses."
func TestARequestNobodyAnswersLapsesAtTheStart(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Tue 9:30-12:00 | need: lifter 1 | remind: 30m")
	s.presses("U006", s.sees(sampleCalls, "0/1"), "call_join")
	mine := s.gets("U006", "#k1")
	s.passes(13 * time.Hour) // 23:00
	s.chooses("U006", mine, "call_handover", map[string]any{"who": "U014"})
	s.gets("U006", "has been asked to stand in")
	s.settles()
	for _, m := range s.posts(s.DM("U014")) {
		if strings.Contains(m.AllText(), "stand in") {
			t.Errorf("asked at night: %s", m.AllText())
		}
	}
	s.passes(8*time.Hour + time.Minute)
	s.gets("U014", "asks you to stand in")
	s.passes(2*time.Hour + 30*time.Minute)
	s.gets("U006", "did not answer; the place stays yours: Sandbags")
	s.gets("U014", "has begun; nobody needs to stand in any more")
}
