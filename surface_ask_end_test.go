package main

import (
	"strings"
	"sync"
	"testing"
	"time"

	"muster/services"
)

// "When exhausted, the organizer is told who was reached, who has do-not-disturb
// on, whose phone number they may use, and what to widen."
func TestNobodyIsLeftToAsk(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		call, over, reached, dnd, phones, left, widen, past string
		asking, number                                      []string
	}{
		"zh": {"招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 2 | 技能: lifting | 询问: 每 10 分钟 5 人", "能问的人都问过了，装卸还差 2 人。", "1 人来不了（郑凯），2 人还没回复（",
			"开着 Slack 免打扰的：孙磊", "留了电话的：刘洋", "人没有所需的技能", "不限技能，多", "这条说的情况已经过去", []string{"已经私信去问：装卸 5 人"}, []string{"刘洋", "138 0000 0000"}},
		"en": {"call Sandbags | when: Sat 8:00-12:00 | need: lifter 2 | skill: lifting | ask: 5 every 10m", "everyone who could be asked was. lifter: 2 missing.", "1 no (郑凯), 2 not answered (",
			"Slack's do-not-disturb on: 孙磊", "left a phone number: 刘洋", "without the skill", "Without the skill:", "this has passed", []string{"5 for lifter"}, []string{"刘洋", "138 0000 0000"}},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.lifters("U010", "U013")
			s.knows("U006", services.Profile{Skills: []string{"lifting"}, Phone: "138 0000 0000"})
			s.SetDND("U010", true)
			s.says(sampleAdmin, sampleCalls, w.call)
			card := s.sees(sampleCalls, "0/2")
			s.presses("U013", s.gets("U013", "lifting"), "ask_no")
			s.settles()
			s.passes(10 * time.Minute)
			s.settles()
			over := s.gets(sampleAdmin, w.over, w.reached, w.dnd, w.phones, w.left)
			s.settles()
			s.passes(time.Hour)
			s.settles()
			if n := len(s.about(sampleAdmin, w.over)); n != 1 {
				t.Fatalf("told %d times", n)
			}

			// The numbers, for who may have them; then wider.
			s.presses(sampleAdmin, over, "call_ask_phones")
			s.whispers(sampleAdmin, s.DM(sampleAdmin), w.number...)
			if b, ok := over.Button("call_ask_widen"); !ok || !strings.Contains(b.Text, w.widen) {
				t.Errorf("%+v", over.Buttons())
			}
			s.presses(sampleAdmin, over, "call_ask_widen")
			s.whispers(sampleAdmin, s.DM(sampleAdmin), w.asking...)
			s.settles()
			if n := len(s.questioned()); n != 8 {
				t.Errorf("%d were asked, want the three and five more", n)
			}
			// Two come: what was said before no longer holds, and says so.
			s.presses("U020", card, "call_join")
			s.presses("U021", card, "call_join")
			s.sees(sampleCalls, "2/2")
			s.settles()
			if m := s.gets(sampleAdmin, w.past); len(m.Buttons()) > 0 {
				t.Errorf("%+v", m.Buttons())
			}
		})
	}
}

// A role that was full, and of which a place comes free when nobody is left to
// ask, is news again.
func TestNobodyIsLeftASecondTime(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.lifters("U010")
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 2 | skill: lifting | ask: 5 every 10m")
	card := s.sees(sampleCalls, "0/2")
	s.presses("U010", s.gets("U010", "lifting"), "ask_yes")
	s.gets(sampleAdmin, "everyone who could be asked was. lifter: 1 missing.")
	s.presses("U020", card, "call_join")
	s.sees(sampleCalls, "2/2")
	s.gets(sampleAdmin, "this has passed")
	s.settles()
	s.As("U020").SayIn(card.Channel, card.TS, "can't make it")
	s.sees(sampleCalls, "1/2")
	s.gets(sampleAdmin, "everyone who could be asked was. lifter: 1 missing.")
	s.gets(sampleAdmin, "this has passed")
}

// "Urgent passes quiet hours, ordinary never does": and urgent not for who opted
// out of it.
func TestAskingAtNight(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"), startingAt(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC))) // 23:30
	s.knows("U010", services.Profile{Skills: []string{"lifting"}})
	s.knows("U006", services.Profile{Skills: []string{"lifting"}, OptOuts: []string{"urgent"}})
	s.says(sampleAdmin, sampleCalls, "call Clinic | when: Sat 14:00-16:00 | need: guide 1 | skill: lifting | ask: 1 every 10m")
	s.sees(sampleCalls, "#k1")
	s.settles()
	s.passes(time.Hour)
	s.settles()
	if all := s.questioned(); len(all) > 0 {
		t.Fatalf("an ordinary call asked %v at night", all)
	}
	s.says(sampleAdmin, sampleCalls, "call Sandbags | kind: relief | urgent: yes | when: Tue 8:00-12:00 | need: lifter 1 | skill: lifting")
	s.settles()
	if all := s.questioned(); len(all) > 0 {
		t.Fatalf("%v were woken before the organizer chose to", all)
	}
	var choice string
	for _, m := range append(s.As(sampleAdmin).Ephemerals(sampleCalls), s.posts(s.DM(sampleAdmin))...) {
		if _, ok := m.Button("reach_send"); ok {
			choice = m.TS
			s.presses(sampleAdmin, m, "reach_send")
		}
	}
	if choice == "" {
		t.Fatalf("nothing was asked: %s", texts(s.As(sampleAdmin).Ephemerals(sampleCalls)))
	}
	s.gets("U010", "Sandbags", "URGENT", "Why you")
	s.settles()
	if all := s.questionsTo("U006"); len(all) > 0 {
		t.Error("who opted out of urgent calls was woken")
	}
	s.passes(7 * time.Hour) // 7:30
	s.settles()
	s.gets("U006", "Clinic", "Why you")
}

// A question is answered in words too: with a party, and where two questions
// are open it is asked which is meant.
func TestAQuestionAnsweredInWords(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ yes, which string }{
		"zh": {"能来", "#k1"},
		"en": {"count me in", "#k1"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.lifters("U010")
			s.says(sampleAdmin, "C001", "call Sandbags | when: Sat 8:00-12:00 | need: lifter 3, driver 2 | skill: lifting | ask: 5 every 2h")
			s.gets("U010", "Sandbags", "lifter")
			s.says(sampleAdmin, "C002", "call Clinic | when: Sun 8:00-12:00 | need: guide 1 | skill: lifting | ask: 5 every 2h")
			s.gets("U010", "Clinic")
			s.settles()
			asked := s.writes("U010", w.yes, "#k1", "#k2")
			s.sees("C001", "0/3")
			for _, b := range asked.Buttons() {
				if strings.Contains(b.Text, "#k2") {
					s.presses("U010", asked, b.ActionID)
				}
			}
			s.sees("C002", "1/1")
			s.sees("C001", "0/3")
			s.settles()
			if n := len(s.questionsTo("U010")); n != 1 {
				t.Errorf("%d questions are open, want that of #k1", n)
			}
			// A party of three, for the role that the question was about.
			s.writes("U010", "+3", "")
			s.sees("C001", "3/3", "0/2")
			s.settles()
			if n := len(s.questionsTo("U010")); n != 0 {
				t.Errorf("%d questions are open", n)
			}
		})
	}
}

// "Never more confirmed than the most, whatever happens at once": and a press
// that is repeated acts once.
func TestTwoYesForTheLastPlaceAtOnce(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.lifters("U010", "U006")
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 1 | skill: lifting | ask: 2 every 10m")
	mine, other := s.gets("U010", "Why you"), s.gets("U006", "Why you")
	// Two yes for the last place, at once, each pressed twice.
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { s.As("U010").Press(mine, "ask_yes") })
		all.Go(func() { s.As("U006").Press(other, "ask_yes") })
	}
	all.Wait()
	s.sees(sampleCalls, "1/1")
	s.settles()
	in, waits := 0, 0
	for _, row := range s.exported("signups") {
		switch {
		case row["state"] == "confirmed":
			in++
		case row["state"] == "waitlisted" && row["position"] == "1":
			waits++
		}
	}
	if in != 1 || waits != 1 {
		t.Errorf("%d confirmed, %d on standby", in, waits)
	}
}

// "Who might act on old words gets a new message": who had said later hears of a
// cancelling by a message of its own, and that it is on again; what they said
// still waits for the organizer.
func TestACancelledCallTellsWhoSaidLater(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ call, ask, off, dm, on, offer string }{
		"zh": {"招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 1 | 技能: lifting", "招募 k1 询问 2", "招募 k1 取消 降雨", "取消了：降雨。", "照常进行", "能去，但要晚点"},
		"en": {"call Sandbags | when: Sat 8:00-12:00 | need: lifter 1 | skill: lifting", "call k1 ask 2", "call k1 cancel rain", "is cancelled: rain.", "takes place after all", "Yes, but later"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.lifters("U010", "U006")
			s.says(sampleAdmin, sampleCalls, w.call)
			s.sees(sampleCalls, "0/1")
			s.answered(sampleAdmin, sampleCalls, w.ask)
			s.gets("U006", "#k1")
			s.presses("U010", s.gets("U010", "#k1"), "ask_later")
			s.gets(sampleAdmin, w.offer)
			s.settles()
			s.passes(time.Minute)
			before := len(s.posts(s.DM("U010")))
			done := s.answered(sampleAdmin, sampleCalls, w.off)
			s.next("U010", before, w.off, []string{w.dm})
			s.settles()
			if n := len(s.posts(s.DM("U010"))); n != before+1 {
				t.Fatalf("%d new messages, want one:\n%s", n-before, texts(s.posts(s.DM("U010"))))
			}
			s.passes(time.Minute)
			s.presses(sampleAdmin, done, "undo")
			s.next("U010", before+1, "undo", []string{w.on})
			s.settles()
			for _, user := range []string{"U006", "U010"} { // both can answer again
				ok := false
				for _, m := range s.posts(s.DM(user)) {
					_, yes := m.Button("ask_yes")
					ok = ok || yes
				}
				if !ok {
					t.Errorf("%s cannot answer any more:\n%s", user, texts(s.posts(s.DM(user))))
				}
			}
			s.gets(sampleAdmin, w.offer)
		})
	}
}

// Closing sign-up tells who had said later too: their condition was not taken.
func TestAClosedCallTellsWhoSaidLater(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.lifters("U010")
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 1 | skill: lifting | ask: 1 every 10m | close: Fri 12:00")
	s.presses("U010", s.gets("U010", "Why you"), "ask_later")
	s.settles()
	before := len(s.posts(s.DM("U010")))
	s.at("2026-11-27 12:00") // by itself
	s.gets("U010", "sign-up has ended before what you said was taken. Please don't set out")
	if n := len(s.about("U010", "don't set out")); n != 1 || before > n {
		t.Errorf("told %d times", n)
	}
	s.answered(sampleAdmin, sampleCalls, "call k1 reopen", "#k1")
	s.gets("U010", "sign-up is open again")
	s.settles()
	for _, m := range s.posts(s.DM("U010")) {
		if _, ok := m.Button("ask_yes"); ok {
			s.presses("U010", m, "ask_yes")
		}
	}
	s.sees(sampleCalls, "1/1")
}
