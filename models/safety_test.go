package models

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// dikeLoop is a relief call on Tuesday 24 November 2026, 8:00 to 12:00, with a
// question every half hour, and people 1, 2, … checked in at 8:00.
func dikeLoop(people int) Loop {
	b := &Board{Call: &Call{ID: 1, State: CallOpen, SafetyMin: 30, Kind: CallRelief, CreatorID: 100},
		Shifts: []*Shift{{ID: 1, CallID: 1, Seq: 1, StartAt: dike(8, 0), EndAt: dike(12, 0)}},
		Roles:  []*Role{{ID: 1, ShiftID: 1, Most: 50}}, Now: dike(8, 0)}
	for i := range people {
		b.Signups = append(b.Signups, &Signup{ID: int64(10 + i), ShiftID: 1, RoleID: 1, PersonID: int64(1 + i), State: SignupCheckedIn,
			CheckedIn: dike(8, 0), CheckBy: CheckCode})
	}
	return NewLoop(b, nil)
}

func dike(hour, minute int) Instant {
	return At(time.Date(2026, 11, 24, hour, minute, 0, 0, Zone("Asia/Shanghai")))
}

func (l Loop) at(hour, minute int) Loop { l.Board.Now = dike(hour, minute); return l }

func clockOf(i Instant) string { return i.In(Zone("Asia/Shanghai")).Format("15:04") }

func TestWhoIsOutThere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		su   Signup
		last *Tick
		out  bool
	}{
		{name: "has a place and was not seen", su: Signup{State: SignupConfirmed}},
		{name: "is on the way", su: Signup{State: SignupConfirmed, LateMin: 20}},
		{name: "checked in by code", su: Signup{State: SignupCheckedIn, CheckedIn: dike(8, 0), CheckBy: CheckCode}, out: true},
		{name: "checked in by button", su: Signup{State: SignupCheckedIn, CheckedIn: dike(8, 0), CheckBy: CheckButton}, out: true},
		{name: "put on the roll during the shift", su: Signup{State: SignupCheckedIn, CheckedIn: dike(8, 0), CheckBy: CheckRoll, RollAt: dike(8, 30)}, out: true},
		{name: "checked out and not home", su: Signup{State: SignupDone, CheckedIn: dike(8, 0), CheckedOut: dike(9, 0), OutBy: OutSelf, CheckBy: CheckCode}, out: true},
		{name: "a time is proposed", su: Signup{State: SignupCheckedIn, CheckedIn: dike(8, 0), CheckedOut: dike(12, 0), OutBy: OutProposed, CheckBy: CheckCode}, out: true},
		{name: "said home", su: Signup{State: SignupDone, CheckedIn: dike(8, 0), CheckedOut: dike(9, 0), OutBy: OutSelf}, last: &Tick{HomeAt: dike(9, 0)}},
		{name: "came back after going home", su: Signup{State: SignupCheckedIn, CheckedIn: dike(8, 0), CheckBy: CheckCode}, last: &Tick{HomeAt: dike(9, 0)}, out: true},
		{name: "written down by the roll afterwards", su: Signup{State: SignupDone, CheckedIn: dike(8, 0), CheckedOut: dike(12, 0), OutBy: OutRoll, CheckBy: CheckRoll, RollAt: dike(13, 0)}},
		{name: "asked before, then on a later roll", su: Signup{State: SignupDone, CheckedIn: dike(8, 0), CheckedOut: dike(12, 0), OutBy: OutRoll, CheckBy: CheckRoll, RollAt: dike(13, 0)}, last: &Tick{AskedAt: dike(9, 0)}, out: true},
		{name: "no-show", su: Signup{State: SignupNoShow, CheckedIn: dike(8, 0)}},
		{name: "gave the place up", su: Signup{State: SignupWithdrawn, CheckedIn: dike(8, 0)}},
	} {
		l := dikeLoop(0).at(14, 0)
		c.su.ID, c.su.ShiftID, c.su.PersonID = 10, 1, 1
		l.Signups = append(l.Signups, &c.su)
		if c.last != nil {
			c.last.PersonID = 1
			l.Last[1] = c.last
		}
		if got := l.Out(1) != nil; got != c.out {
			t.Errorf("who %s: out there %v", c.name, got)
		}
	}
}

func TestWhenSomebodyIsAskedNext(t *testing.T) {
	t.Parallel()
	tick := func(h, m int) Tick { return Tick{DueAt: dike(h, m), AskedAt: dike(h, m)} }
	done := func(t Tick, h, m int) *Tick {
		t.Answer, t.AnsweredAt, t.DoneAt = SafeOK, dike(h, m), dike(h, m)
		return &t
	}
	open := tick(9, 0)
	help := tick(9, 0)
	help.Answer, help.AnsweredAt = SafeHelp, dike(9, 1)
	for _, c := range []struct {
		name string
		last *Tick
		now  Instant
		want string
	}{
		{"half an hour after the check-in", nil, dike(8, 1), "08:30"},
		{"half an hour after the last question", done(tick(8, 30), 8, 31), dike(8, 40), "09:00"},
		{"heard of late, so not at once", done(tick(8, 30), 8, 58), dike(8, 58), "09:28"},
		{"heard of late, with time enough", done(tick(8, 30), 8, 50), dike(8, 50), "09:00"},
		{"after the bot was away, at once", done(tick(8, 30), 8, 31), dike(10, 10), "09:00"},
		{"at the shift's end", done(tick(11, 45), 11, 46), dike(11, 50), "12:00"},
		{"not just after an answer before the end", done(tick(11, 30), 11, 58), dike(11, 58), "12:28"},
		{"an open question goes on at its pace", &open, dike(10, 10), "10:30"},
		{"so does a call for help", &help, dike(10, 30), "11:00"},
		{"after the end as before", done(tick(12, 0), 12, 3), dike(12, 4), "12:30"},
	} {
		l := dikeLoop(1)
		l.Now = c.now
		if c.last != nil {
			c.last.PersonID = 1
			l.Last[1] = c.last
		}
		if got := clockOf(l.NextAsk(l.Signups[0])); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAShiftThatFollowsBelongsToIt(t *testing.T) {
	t.Parallel()
	l := dikeLoop(1)
	l.Shifts = append(l.Shifts, &Shift{ID: 2, Seq: 2, StartAt: dike(12, 30), EndAt: dike(16, 0)}, &Shift{ID: 3, Seq: 3, StartAt: dike(18, 0), EndAt: dike(20, 0)})
	for _, shift := range []int64{2, 3} {
		l.Signups = append(l.Signups, &Signup{ID: 20 + shift, ShiftID: shift, PersonID: 1, State: SignupConfirmed})
	}
	if got := clockOf(l.Until(l.Signups[0])); got != "16:00" {
		t.Errorf("through with it at %s", got)
	}
}

// A missed question is repeated after 5 minutes, goes to the organizer after
// 10 and to the admins after 20; an outage gives the time back.
func TestTheStagesOfAMissedQuestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		looks []int // minutes after 10:00 at which the bot looks
		shown int
		want  map[int]int // stage -> minute
	}{
		{"in time", []int{5, 10, 20, 30}, 0, map[int]int{1: 5, 2: 10, 3: 20}},
		{"looked every minute", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 19, 20, 21}, 0, map[int]int{1: 5, 2: 10, 3: 20}},
		{"the question left four minutes late", []int{5, 9, 10, 14, 20, 24}, 4, map[int]int{1: 9, 2: 14, 3: 24}},
		{"the bot was away for an hour", []int{65, 66, 70, 75, 80, 90}, 0, map[int]int{1: 65, 2: 70, 3: 80}},
	} {
		tick := Tick{AskedAt: dike(10, 0)}
		tick.Shown(dike(10, 0).Add(time.Duration(c.shown) * time.Minute))
		got := map[int]int{}
		for _, m := range c.looks {
			for tick.Step(dike(10, 0).Add(time.Duration(m) * time.Minute)) {
				got[tick.Stage] = m
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

func TestNobodyIsBlamedForAQuestionThatNeverLeft(t *testing.T) {
	t.Parallel()
	tick := Tick{AskedAt: dike(10, 0)}
	if tick.Step(dike(15, 0)) || tick.Stage != TickAsked {
		t.Errorf("stage %d", tick.Stage)
	}
	tick.CannotAsk(dike(15, 0))
	if !tick.Missed() || !tick.Unsent || tick.Step(dike(15, 5)) || !tick.Step(dike(15, 10)) || tick.Stage != TickAdmins {
		t.Errorf("%+v", tick)
	}
}

func TestHelpStaysOpenUntilItIsDealtWith(t *testing.T) {
	t.Parallel()
	l := dikeLoop(1).at(9, 0)
	su := l.Signups[0]
	l.Ask(su, dike(9, 0))
	if got := l.Say(su, SafeHelp, 1); len(got) != 1 || !got[0].Help() || got[0].Asks() || l.AllHome() {
		t.Fatalf("%+v", got)
	}
	if got := l.Say(su, SafeHelp, 1); got != nil {
		t.Error("a second press is a second call for help")
	}
	l = l.at(9, 20)
	got := l.Say(su, SafeOK, 100)
	if len(got) != 1 || got[0].Answer != SafeHelp || got[0].DoneBy != 100 || got[0].Help() || got[0].SeenAt != dike(9, 20) {
		t.Errorf("%+v", got)
	}
	if next := clockOf(l.NextAsk(su)); next != "09:30" {
		t.Error("asked again at", next)
	}
	l.Say(su, SafeHelp, 1)
	got = l.Say(su, SafeHome, 1)
	if len(got) != 2 || got[0].Help() || got[1].Answer != SafeHome || l.Out(1) == nil {
		t.Errorf("%+v", got)
	}
	if err := l.GoHome(1, true); err != nil || l.Out(1) != nil || su.OutBy != OutSelf || !l.AllHome() {
		t.Errorf("%v: %+v", err, su)
	}
}

func TestGoingHomeEndsWhatOneIsCheckedInTo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		self bool
		now  Instant
		out  Instant
		by   string
	}{
		{"their own word", true, dike(10, 0), dike(10, 0), OutSelf},
		{"an organizer's word is a proposal", false, dike(10, 0), dike(10, 0), OutProposed},
		{"in the moment of checking in", true, dike(8, 0), dike(8, 0) + 1, OutProposed},
	} {
		l := dikeLoop(1)
		l.Now = c.now
		l.Say(l.Signups[0], SafeHome, 1)
		if err := l.GoHome(1, c.self); err != nil {
			t.Fatal(err)
		}
		if su := l.Signups[0]; su.CheckedOut != c.out || su.OutBy != c.by || l.Out(1) != nil {
			t.Errorf("%s: out %s by %s, still out %v", c.name, clockOf(su.CheckedOut), su.OutBy, l.Out(1) != nil)
		}
	}
}

// However time jumps and whoever says what: stages come in order and each once,
// none after an answer; one question is open at a time; everybody out there is
// asked in the end; what is dropped or answered stays so.
func TestTheLoopHoldsWhateverHappens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := dikeLoop(rapid.IntRange(1, 4).Draw(t, "people"))
		l.Call.SafetyMin = rapid.SampledFrom([]int{1, 5, 15, 30, 60}).Draw(t, "every")
		stages := map[string]int{} // of a tick
		closed := map[string]bool{}
		name := func(tk *Tick) string { return fmt.Sprintf("%d/%d", tk.PersonID, tk.Seq) }
		for range rapid.IntRange(1, 80).Draw(t, "acts") {
			l.Now = l.Now.Add(time.Duration(rapid.IntRange(0, 1800).Draw(t, "seconds")) * time.Second)
			for _, tk := range l.Ticks() {
				if tk.Asks() && tk.StepAt == 0 && rapid.Bool().Draw(t, "it left") {
					tk.Shown(l.Now)
				}
				for tk.Step(l.Now) {
					if closed[name(tk)] || tk.Stage != stages[name(tk)]+1 {
						t.Fatalf("tick %s goes to stage %d after %d, closed %v", name(tk), tk.Stage, stages[name(tk)], closed[name(tk)])
					}
					stages[name(tk)] = tk.Stage
				}
			}
			for _, su := range l.OutThere() {
				last := l.Last[su.PersonID]
				next := l.NextAsk(su)
				if (last == nil || !last.Asks() && !last.Help()) && next > max(l.Now, l.Seen(su)).Add(l.every()) {
					t.Fatalf("person %d waits until %s at %s", su.PersonID, clockOf(next), clockOf(l.Now))
				}
				if last != nil && (last.Asks() || last.Help()) || next > l.Now {
					continue
				}
				if tk := l.Ask(su, next); last != nil && tk.Seq != last.Seq+1 {
					t.Fatalf("tick %d follows %d", tk.Seq, last.Seq)
				}
			}
			if len(l.Signups) == 0 || rapid.Bool().Draw(t, "quiet") {
				continue
			}
			su := rapid.SampledFrom(l.Signups).Draw(t, "who")
			if l.Out(su.PersonID) == nil {
				continue
			}
			answer := rapid.SampledFrom([]string{SafeOK, SafeHelp, SafeHome}).Draw(t, "says")
			for _, tk := range l.Say(su, answer, rapid.SampledFrom([]int64{su.PersonID, 100}).Draw(t, "by")) {
				closed[name(tk)] = true
				if tk.Asks() {
					t.Fatalf("%s still asks after %s", name(tk), answer)
				}
			}
			if answer == SafeHome {
				if err := l.GoHome(su.PersonID, true); err != nil || l.Out(su.PersonID) != nil {
					t.Fatalf("home and still out: %v", err)
				}
			}
		}
	})
}
