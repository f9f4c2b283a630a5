package main

import (
	"slices"
	"testing"
	"time"

	"muster/services"
)

// A wave survives a restart, and a clock that jumps over several waves sends
// one, not all that were missed.
func TestTheBotIsDownForThreeHoursInAWave(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.lifters("U006", "U010", "U013", "U017")
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 1 | skill: lifting | ask: 1 every 10m")
	s.sees(sampleCalls, "0/1")
	s.settles()
	first := s.questioned()
	if len(first) != 1 {
		t.Fatalf("%v", first)
	}
	s.halt()
	s.passes(3 * time.Hour)
	s.begin()
	s.waits("the next wave", func() bool { return len(s.questioned()) == 2 })
	s.settles()
	if all := s.questioned(); len(all) != 2 {
		t.Fatalf("%v were asked after three hours down, want one more", all)
	}
	s.passes(10 * time.Minute)
	s.settles()
	for _, user := range s.questioned() {
		if n := len(s.about(user, "Why you")); n != 1 {
			t.Errorf("%s was asked %d times", user, n)
		}
	}
	s.presses(first[0], s.questionsTo(first[0])[0], "ask_yes") // three hours late is still a yes
	s.sees(sampleCalls, "1/1")
}

// "A lowered need throws nobody out"; a raised one goes on asking; closing ends
// the questions and reopening opens them again in place.
func TestACallThatChangesInTheMiddleOfAWave(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.lifters("U006", "U010", "U013", "U017")
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 2 | skill: lifting | ask: 2 every 10m")
	s.sees(sampleCalls, "0/2")
	s.settles()
	asked := s.questioned()
	s.presses(asked[0], s.questionsTo(asked[0])[0], "ask_yes")
	s.sees(sampleCalls, "1/2")
	s.answered(sampleAdmin, sampleCalls, "call k1 edit need: lifter 1", "#k1")
	s.sees(sampleCalls, "1/1")
	s.gets(asked[1], "We have enough people now, thank you.")
	s.settles()
	s.answered(sampleAdmin, sampleCalls, "call k1 edit need: lifter 3", "#k1")
	s.sees(sampleCalls, "1/3")
	s.settles()
	last := s.questioned()
	if len(last) != 2 || slices.Contains(last, asked[0]) || slices.Contains(last, asked[1]) {
		t.Fatalf("%v were asked before, %v after the need was raised", asked, last)
	}
	s.answered(sampleAdmin, sampleCalls, "call k1 close", "#k1")
	s.gets(last[0], "Sign-up has ended, thank you.")
	s.answered(sampleAdmin, sampleCalls, "call k1 reopen", "#k1")
	s.gets(last[0], "Why you", "2 more needed: lifter")
	s.settles()
	if n := len(s.about(last[0], "#k1")); n != 1 {
		t.Errorf("%s has %d messages: it reopens in place", last[0], n)
	}
	s.presses(last[0], s.questionsTo(last[0])[0], "ask_yes")
	s.sees(sampleCalls, "2/3")
	s.says(sampleAdmin, sampleCalls, "call k1 cancel rain")
	for _, m := range s.As(sampleAdmin).Ephemerals(sampleCalls) {
		if _, ok := m.Button("call_cancel"); ok {
			s.presses(sampleAdmin, m, "call_cancel")
		}
	}
}

// Roles and shifts: a starred role asks only those whose skill somebody
// verified; of two shifts nobody is asked about both at once.
func TestVerifiedRolesAndTwoShiftsInWaves(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.lifters("U006", "U010", "U013")
	s.says(sampleAdmin, sampleCalls, "call Clinic | when: Sat 8:00-10:00, Sat 14:00-16:00 | need: lifting 1 | skill: lifting | ask: 1 every 10m")
	s.sees(sampleCalls, "#k1")
	s.settles()
	for range 3 {
		for _, user := range s.questioned("#k1") {
			if n := len(s.questionsTo(user)); n > 1 {
				t.Errorf("%s has %d questions of one call", user, n)
			}
		}
		s.passes(10 * time.Minute)
		s.settles()
	}
	if n := len(s.questioned("#k1")); n != 3 {
		t.Errorf("%d of three were asked", n)
	}
	s.knows("U020", services.Profile{Skills: []string{"doctor"}})
	s.knows("U021", services.Profile{Skills: []string{"doctor"}})
	s.says(sampleAdmin, sampleLobby, "profile <@U020>")
	shown := s.whispers(sampleAdmin, sampleLobby, "doctor")
	s.presses(sampleAdmin, shown, "skill_verify")
	if out := s.fills(sampleAdmin, "skill", map[string]any{"other_skill": "doctor"}); len(out.Errors) > 0 {
		t.Fatal(out.Errors)
	}
	s.settles()
	s.says(sampleAdmin, sampleCalls, "call Ward | when: Sun 8:00-10:00 | need: doctor* 2 | ask: 9 every 10m")
	s.gets("U020", "Ward", "doctor")
	s.settles()
	if all := s.questioned("Ward"); !slices.Equal(all, []string{"U020"}) {
		t.Errorf("%v were asked for a verified role", all)
	}
}

// `call k12 ask …` and its buttons: a wave now, another plan, pause, go on, stop;
// in both languages, and only by who may.
func TestTheOrganizerSaysHowToAsk(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		call, who                              string
		ask2, plan, auto, pause, resume, stop  string
		odd, noRole                            string
		asked2, planned, autoed, paused, going string
		stopped, oddly, noRoled                string
	}{
		"zh": {"招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 3 | 技能: lifting", "只有组织者",
			"招募 k1 询问 2", "招募 k1 询问 每 10 分钟 2 人", "招募 k1 询问 自动", "招募 k1 询问 暂停", "招募 k1 询问 继续", "招募 k1 询问 停止", "招募 k1 询问 乱七八糟", "招募 k1 询问 5 司机",
			"已经私信去问：装卸 2 人", "每 10 分钟问 2 人", "按过去的回复率", "暂停询问", "继续询问", "不再直接询问", "看不懂“乱七八糟”", "没有“司机”这个角色"},
		"en": {"call Sandbags | when: Sat 8:00-12:00 | need: lifter 3 | skill: lifting", "Only organizers",
			"call k1 ask 2", "call k1 ask 2 every 10m", "call k1 ask auto", "call k1 ask pause", "call k1 ask resume", "call k1 ask stop", "call k1 ask gibberish", "call k1 ask 5 driver",
			"Asking by direct message: 2 for lifter.", "2 people are asked every 10 minutes", "by how many usually say yes", "is paused", "goes on", "No more asking", "I can't read “gibberish”", "has no role “driver”"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.lifters("U006", "U010", "U013", "U017", "U020", "U021", "U022")
			s.says(sampleAdmin, sampleCalls, w.call)
			s.sees(sampleCalls, "0/3")
			asked := func(n int) {
				t.Helper()
				s.settles()
				if all := s.questioned(); len(all) != n {
					t.Fatalf("%v have a question, want %d", all, n)
				}
			}
			s.answered("U006", sampleCalls, w.ask2, w.who)
			s.answered(sampleAdmin, sampleCalls, w.odd, w.oddly)
			s.answered(sampleAdmin, sampleCalls, w.noRole, w.noRoled)
			asked(0)
			s.answered(sampleAdmin, sampleCalls, w.ask2, w.asked2)
			asked(2)
			s.passes(time.Hour) // one wave was asked for, and no more
			asked(2)
			s.answered(sampleAdmin, sampleCalls, w.plan)
			asked(4)
			s.answered(sampleAdmin, sampleCalls, w.pause, w.paused)
			s.passes(time.Hour)
			asked(4)
			s.answered(sampleAdmin, sampleCalls, w.resume, w.going)
			asked(6)
			s.answered(sampleAdmin, sampleCalls, w.pause, w.paused)
			s.answered(sampleAdmin, sampleCalls, w.resume, w.going)
			asked(6) // the wave keeps its time to answer
			s.answered(sampleAdmin, sampleCalls, w.stop, w.stopped)
			s.passes(time.Hour)
			asked(6)
			for _, m := range s.questionsTo("U006") { // and can still be answered
				s.presses("U006", m, "ask_yes")
				s.sees(sampleCalls, "1/3")
			}
			s.answered(sampleAdmin, sampleCalls, w.auto)
		})
	}
}

// A list that holds the places comes first; who was asked and says yes then
// waits in line, and a place that is not taken is asked for again.
func TestAChainListWhileWavesRun(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.lifters("U006", "U010", "U013")
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 1 | skill: lifting | ask: 1 every 10m")
	card := s.sees(sampleCalls, "0/1")
	s.waits("who is in the channel", func() bool { return len(s.Calls("users.info")) > 14 })
	s.settles()
	first := s.questioned()
	s.As(sampleAdmin).SayIn(card.Channel, card.TS, "#接龙\n1. 周涛 lifter\n2. 何勇 lifter")
	s.presses(sampleAdmin, s.whispers(sampleAdmin, sampleCalls, "sign-up list", "周涛"), "chain_apply")
	held := s.gets("U011", "without your own yes")
	s.settles()
	s.passes(30 * time.Minute)
	s.settles()
	if now := s.questioned(); len(now) != 1 {
		t.Errorf("%v were asked while the place is held for another", now)
	}
	s.presses(first[0], s.questionsTo(first[0])[0], "ask_yes")
	s.sees(sampleCalls, "0/1")
	s.presses("U011", held, "offer_accept")
	s.sees(sampleCalls, "1/1")
}
