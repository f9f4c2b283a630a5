package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// full posts a call with one place, taken by U006, and three who wait in order:
// U010, U011, U013.
func (s *story) full(line string) sandbox.Message {
	s.t.Helper()
	s.says(sampleAdmin, sampleCalls, line)
	card := s.sees(sampleCalls, "0/1")
	s.presses("U006", card, "call_join")
	s.sees(sampleCalls, "1/1")
	for _, user := range []string{"U010", "U011", "U013"} {
		s.presses(user, card, "call_join")
	}
	return card
}

// "Waitlist, in order, each told their place. A place that comes free more than
// 24 h before the start goes to the next at once, and they are told."
func TestAFreePlaceADayAheadGoesToTheNextAtOnce(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		call                               string
		first, second, third, turn, waits3 []string
		again, undone, already             string
	}{
		"zh": {"招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 装卸 1", []string{"候补第 1 位"}, []string{"候补第 2 位"}, []string{"候补第 3 位"},
			[]string{"轮到你了", "装沙袋"}, []string{"已满，候补 3 人"}, "候补第 1 位", "名额已经让出去了，你现在候补第 1 位", "你已经在候补第 2 位"},
		"en": {"call Sandbags | when: Sat 8:00-12:00 | where: East dike | need: lifter 1", []string{"first on the waiting list"}, []string{"second on the waiting list"}, []string{"third on the waiting list"},
			[]string{"It's your turn", "Sandbags"}, []string{"full, 3 waiting"}, "first on the waiting list", "The place has been given away; you are first on the waiting list", "second on the waiting list already"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			card := s.full(w.call)
			s.gets("U010", w.first...)
			s.gets("U011", w.second...)
			s.gets("U013", w.third...)
			s.sees(sampleCalls, w.waits3...)
			gone := s.gets("U006", "#k1")
			s.presses("U006", gone, "call_leave")
			s.gets("U010", w.turn...)
			s.gets("U011", w.first...)
			s.gets("U013", w.second...)
			s.presses("U006", gone, "undo") // first in line again, not thrown to the end
			s.whispers("U006", s.DM("U006"), w.undone)
			s.gets("U006", w.again)
			s.gets("U011", w.second...)
			s.presses("U011", card, "call_join") // nothing changes by pressing again
			s.whispers("U011", sampleCalls, w.already)
		})
	}
}

// "Later it is offered, and held: for 2 h when more than 12 h are left …; a
// refused or lapsed offer is withdrawn and may rejoin at the end."
func TestALaterPlaceIsOfferedAndHeld(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	card := s.full("call Sandbags | when: Tue 8:00-12:00 | where: East dike | need: lifter 1") // tomorrow: 22 h ahead
	s.presses("U006", s.gets("U006", "#k1"), "call_leave")
	offer := s.gets("U010", "A place has opened", "Sandbags", "Tue 24 Nov, 8:00–12:00", "until Mon 12:00")
	s.gets("U011", "second on the waiting list")
	s.sees(sampleCalls, "0/1", "waiting")
	s.presses("U014", card, "call_join") // held for U010: nobody jumps the line
	s.gets("U014", "fourth on the waiting list")
	s.presses("U010", offer, "offer_decline")
	s.gets("U010", "You gave up")
	s.gets("U011", "A place has opened", "until Mon 12:00")
	s.passes(2*time.Hour + time.Minute)
	s.gets("U011", "The time was up")
	next := s.gets("U013", "A place has opened", "until Mon 14:01")
	s.presses("U011", card, "call_join")
	s.gets("U011", "third on the waiting list")
	s.presses("U013", next, "offer_accept")
	s.gets("U013", "signed up")
	s.sees(sampleCalls, "1/1")
	s.As("U010").Press(offer, "offer_accept") // an old button changes nothing and says so
	s.whispers("U010", s.DM("U010"), "no longer held")
	s.sees(sampleCalls, "1/1")
}

// "Under 3 h everybody waiting is asked at once and the first yes has it."
func TestUnderThreeHoursTheFirstYesHasIt(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	s.full("招募 装沙袋 | 时间: 今天 12:30-15:00 | 地点: 东堤 | 需要: 装卸 1")
	s.presses("U006", s.gets("U006", "#k1"), "call_leave")
	one := s.gets("U011", "空出名额", "先答应的人去")
	two := s.gets("U013", "空出名额")
	three := s.gets("U010", "空出名额")
	s.presses("U013", two, "offer_accept")
	s.gets("U013", "已报名")
	s.As("U011").Press(one, "offer_accept")
	s.whispers("U011", s.DM("U011"), "不再保留")
	s.gets("U010", "候补第 1 位")
	s.As("U010").Press(three, "offer_accept")
	s.whispers("U010", s.DM("U010"), "不再保留")
	s.sees(sampleCalls, "1/1", "候补 2 人")
	s.gets(sampleAdmin, "装沙袋") // the panel; leaving late made a sound
	n := 0
	for _, m := range s.posts(s.DM(sampleAdmin)) {
		if strings.Contains(m.AllText(), "#k1") {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d panels, want the first and one that sounds because somebody left late", n)
	}
}

// "At night: moved now, told in the morning."
func TestMovedUpAtNightToldInTheMorning(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"), startingAt(monday.Add(13*time.Hour+30*time.Minute))) // 23:30
	s.full("call Sandbags | when: Sat 8:00-12:00 | need: lifter 1")
	s.gets("U010", "first on the waiting list")
	s.presses("U006", s.gets("U006", "#k1"), "call_leave")
	s.sees(sampleCalls, "1/1", "2 waiting")
	s.settles()
	if all := s.posts(s.DM("U010")); len(all) != 1 {
		t.Errorf("U010 was woken:\n%s", texts(all))
	}
	s.passes(7*time.Hour + 31*time.Minute)
	s.gets("U010", "It's your turn")
}

// "A party that does not fit is passed over, and told once"; guests count, and
// no more than the call allows.
func TestPartiesOnTheWaitingList(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 3 | guests: 2")
	card := s.sees(sampleCalls, "0/3")
	s.presses("U006", card, "call_join")
	s.replies("U010", card, "+2", "white_check_mark")
	s.sees(sampleCalls, "3/3", "+1")
	s.replies("U011", card, "+2", "hourglass_flowing_sand")
	s.gets("U011", "first on the waiting list", "with 1 more")
	s.replies("U013", card, "+1", "hourglass_flowing_sand")
	s.As("U014").SayIn(card.Channel, card.TS, "+4")
	s.whispers("U014", sampleCalls, "2 guests")
	s.presses("U006", s.gets("U006", "#k1"), "call_leave")
	s.gets("U013", "It's your turn")
	s.gets("U011", "too few for the 2 of you", "first on the waiting list")
	s.replies("U010", card, "-1", "wave") // two places at once
	s.gets("U011", "It's your turn", "with 1 more")
	s.sees(sampleCalls, "3/3", "_full_")
}

// Overlapping shifts are refused with the name of the other; one place a person
// and shift.
func TestOverlappingShiftsAreRefusedByName(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, "C001", "call Sandbags | when: Sat 8:00-12:00 | need: lifter 2, driver 2")
	s.says(sampleAdmin, "C002", "call Clinic | when: Sat 11:00-13:00, Sun 11:00-13:00 | need: guide 2")
	bags, clinic := s.sees("C001", "Sandbags"), s.sees("C002", "Clinic")
	s.presses("U006", bags, "call_join:lifter")
	s.sees("C001", "lifter 1/2")
	s.presses("U006", clinic, "call_join:guide")
	s.whispers("U006", "C002", "#k1", "Sandbags")
	s.replies("U006", clinic, "+1", "white_check_mark") // Sunday is the one open to them
	s.sees("C002", "Sun 29 Nov 11:00 guide 1/2")
	s.presses("U006", bags, "call_join:driver") // another role of the same shift is a change
	s.sees("C001", "lifter 0/2 driver 1/2")
	s.replies("U006", bags, "out", "wave")
	s.presses("U006", clinic, "call_join:guide")
	s.sees("C002", "Sat 28 Nov 11:00 guide 1/2")
}

// "A lowered need throws nobody out without asking"; a raised one moves people
// up.
func TestAnotherNeed(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.full("call Sandbags | when: Sat 8:00-12:00 | where: East dike | need: lifter 1")
	s.answered(sampleAdmin, sampleCalls, "call k1 edit need: 3", "lifter 3")
	s.sees(sampleCalls, "3/3", "full, 1 waiting")
	s.gets("U010", "It's your turn")
	s.answered(sampleAdmin, sampleCalls, "call k1 edit need: lifter 2", "lifter 2")
	s.sees(sampleCalls, "3/2")
	s.gets("U013", "first on the waiting list")
	s.presses("U006", s.gets("U006", "#k1"), "call_leave")
	s.sees(sampleCalls, "2/2", "full, 1 waiting") // one too many is gone; nobody moves up
}

// "A start moved by over an hour or another place asks everyone again, keeping
// their place until then"; a smaller move asks nobody.
func TestAMovedStartAsksAgain(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | where: East dike | need: lifter 2")
	card := s.sees(sampleCalls, "0/2")
	s.presses("U006", card, "call_join")
	s.presses("U010", card, "call_join")
	s.gets("U010", "signed up")
	s.answered(sampleAdmin, sampleCalls, "call k1 edit when: Sat 8:30-12:00", "8:30–12:00")
	s.gets("U006", "8:30–12:00")
	s.gets("U010", "8:30–12:00")
	if all := s.posts(s.DM("U006")); len(all) != 1 {
		t.Errorf("half an hour asked again:\n%s", texts(all))
	}
	s.answered(sampleAdmin, sampleCalls, "call k1 edit when: Sat 14:00-18:00 | where: West dike", "14:00–18:00", "West dike", "asked again")
	asked := s.gets("U006", "Can you still come?", "8:30 → 14:00", "West dike")
	other := s.gets("U010", "Can you still come?")
	s.sees(sampleCalls, "2/2", "West dike")
	s.presses("U006", asked, "call_confirm")
	s.gets("U006", "You said you'll come")
	s.presses("U010", other, "call_leave")
	s.sees(sampleCalls, "1/2")
}

// "Held: for 2 h when more than 12 h are left, else for 30 minutes, the clock
// resting in quiet hours"; "a refused or lapsed offer is withdrawn and may rejoin
// at the end".
func TestTheClockOfAnOfferRestsAtNight(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ call, first, second, last string }{
		"zh": {"招募 装沙袋 | 时间: 明天 14:30-16:00 | 地点: 东堤 | 需要: 装卸 1", "为你保留到周二 8:00", "为你保留到周二 8:30", "候补第 3 位"},
		"en": {"call Sandbags | when: tomorrow 14:30-16:00 | where: East dike | need: lifter 1", "holding it for you until Tue 8:00", "holding it for you until Tue 8:30", "third on the waiting list"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang), startingAt(time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC))) // 21:00
			card := s.full(w.call)
			s.presses("U006", s.gets("U006", "#k1"), "call_leave")
			s.gets("U010", w.first)
			s.at("2026-11-24 07:59")
			s.gets("U010", w.first) // the night did not count
			s.at("2026-11-24 08:00")
			s.gets("U011", w.second)
			s.presses("U010", card, "call_join") // and stands at the end: behind U011, who is offered it, and U013
			s.gets("U010", w.last)
		})
	}
}
