package models

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Loop is the safety loop of a call as it stands at the board's Now: who is out
// there, and the latest tick of each person.
type Loop struct {
	*Board
	Last map[int64]*Tick // by person
}

// NewLoop is the loop of a board with the latest tick of each person.
func NewLoop(b *Board, latest []*Tick) Loop {
	l := Loop{Board: b, Last: make(map[int64]*Tick, len(latest))}
	for _, t := range latest {
		l.Last[t.PersonID] = t
	}
	return l
}

// Ticks are the latest ticks, the oldest first.
func (l Loop) Ticks() []*Tick {
	return slices.SortedFunc(maps.Values(l.Last), func(a, b *Tick) int { return cmp.Compare(a.ID, b.ID) })
}

// AllHome says whether nobody is out there, and nobody waits for help.
func (l Loop) AllHome() bool {
	for _, t := range l.Last {
		if t.Help() {
			return false
		}
	}
	return len(l.OutThere()) == 0
}

// lateTick is from when a question asked after its time counts from when it was
// really asked: less is the queue, more is an outage, and two questions would
// follow closely.
const lateTick = 2 * time.Minute

// endGap is the least time between a question and the one at the shift's end.
const endGap = 5 * time.Minute

// goesOn is the longest break between two shifts of one person that does not
// count as going home.
const goesOn = time.Hour

// On says whether questions are asked at all: while places may change hands,
// and after a cancelling too, because who is out there still has to get home.
func (l Loop) On() bool {
	return l.Call.SafetyMin > 0 && (l.Call.Live() || l.Call.State == CallCancelled)
}

func (l Loop) every() time.Duration { return time.Duration(l.Call.SafetyMin) * time.Minute }

// Out is the sign-up for which a person is out there now: checked in by
// whatever way, and not home since; nil when they are not. Who checked out and
// has not said that they are home is still out. Who is only on the way there is
// not asked, nor who was written down by the roll after the shift.
func (l Loop) Out(personID int64) *Signup {
	var home Instant
	if last := l.Last[personID]; last != nil {
		home = last.HomeAt
	}
	var out *Signup
	for _, shift := range l.Shifts {
		su := l.Of(personID, shift.ID)
		if su == nil || !l.cameOn(su) {
			continue
		}
		back := su.State == SignupCheckedIn && su.CheckedOut == 0 // after going home their time was ended
		if su.CheckedIn <= home && !back {
			continue
		}
		if out == nil || su.CheckedIn > out.CheckedIn {
			out = su
		}
	}
	return out
}

// cameOn says whether a sign-up brought its person out.
func (l Loop) cameOn(su *Signup) bool {
	if su.CheckedIn == 0 || su.CheckedIn > l.Now || su.State != SignupCheckedIn && su.State != SignupDone {
		return false
	}
	afterwards := su.CheckBy == CheckRoll && su.RollAt >= l.Shift(su.ShiftID).EndAt
	return !afterwards || l.Last[su.PersonID] != nil // who was asked before is not lost by a later roll
}

// OutThere are all who are out, one sign-up a person, in order of check-in.
func (l Loop) OutThere() []*Signup {
	var out []*Signup
	seen := map[int64]bool{}
	for _, su := range l.Signups {
		if seen[su.PersonID] || !l.cameOn(su) {
			continue
		}
		seen[su.PersonID] = true
		if one := l.Out(su.PersonID); one != nil {
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b *Signup) int { return int(max(-1, min(1, a.CheckedIn-b.CheckedIn))) })
	return out
}

// CameOut is how many people were ever out there, and how many of them are home.
func (l Loop) CameOut() (all, home int) {
	seen := map[int64]bool{}
	for _, su := range l.Signups {
		if l.cameOn(su) && !seen[su.PersonID] {
			seen[su.PersonID] = true
			all++
		}
	}
	return all, all - len(l.OutThere())
}

// Until is when somebody who is out there is through with their shifts: those
// that follow within the hour belong to it.
func (l Loop) Until(su *Signup) Instant {
	end := l.Shift(su.ShiftID).EndAt
	for again := true; again; {
		again = false
		for _, sh := range l.Shifts {
			next := l.Of(su.PersonID, sh.ID)
			if next != nil && next.Holds() && sh.EndAt > end && sh.StartAt <= end.Add(goesOn) {
				end, again = sh.EndAt, true
			}
		}
	}
	return end
}

// Seen is the last sign of life of somebody who is out there.
func (l Loop) Seen(su *Signup) Instant {
	seen := su.CheckedIn
	if last := l.Last[su.PersonID]; last != nil {
		seen = max(seen, last.SeenAt)
	}
	return seen
}

// base is what the questions of a sign-up are counted from: the latest one, or
// the check-in.
func (l Loop) base(su *Signup) Instant {
	if last := l.Last[su.PersonID]; last != nil && last.DueAt >= su.CheckedIn {
		return last.DueAt
	}
	return su.CheckedIn
}

// NextAsk is when somebody who is out there is asked next; it may be past. A
// question that is open or a call for help that is dealt with goes on at the
// same pace. Somebody heard of late has a quarter of the interval before the
// next one, and nobody waits longer than one interval after an answer. The end
// of the shift is a question of its own.
func (l Loop) NextAsk(su *Signup) Instant {
	every, base, from := l.every(), l.base(su), l.base(su)
	next := base.Add(every)
	if last := l.Last[su.PersonID]; last != nil && last.DueAt >= su.CheckedIn {
		switch {
		case last.Asks() || last.Help():
			return onGrid(base, every, l.Now+1)
		case last.DoneAt > base:
			from = last.DoneAt
			next = min(onGrid(base, every, max(next, from.Add(every/4))), from.Add(every))
		}
	}
	if end := l.Until(su); from.Add(endGap) <= end && end < next {
		return end
	}
	return next
}

// onGrid is the first of base+every, base+2·every … that is not before at.
func onGrid(base Instant, every time.Duration, at Instant) Instant {
	step := Instant(every.Milliseconds())
	n := max(1, (at-base+step-1)/step)
	return base + n*step
}

// Ask makes the tick of somebody whose time has come.
func (l Loop) Ask(su *Signup, due Instant) *Tick {
	t := l.fresh(su)
	t.DueAt, t.AskedAt = due, l.Now
	if l.Now.Sub(due) > lateTick {
		t.DueAt = l.Now
	}
	l.Last[su.PersonID] = t
	return t
}

// fresh is the next tick of a person, with what is known of them.
func (l Loop) fresh(su *Signup) *Tick {
	t := &Tick{TenantID: su.TenantID, CallID: su.CallID, SignupID: su.ID, PersonID: su.PersonID, Seq: 1,
		DueAt: l.base(su), SeenAt: l.Seen(su)}
	if last := l.Last[su.PersonID]; last != nil {
		t.Seq, t.HomeAt = last.Seq+1, last.HomeAt
	}
	return t
}

// Say takes what is said of somebody who is out there, by themselves or by
// somebody else, and gives the ticks it changed: none when it was known. Safe
// and home end a call for help; help ends nothing.
func (l Loop) Say(su *Signup, answer string, by int64) []*Tick {
	last := l.Last[su.PersonID]
	var out []*Tick
	if last != nil && last.Help() {
		if answer == SafeHelp {
			return nil
		}
		last.DoneAt, last.DoneBy, last.SeenAt = l.Now, by, l.Now
		if out = append(out, last); answer == SafeOK {
			return out
		}
	}
	t := last
	if t == nil || !t.Asks() {
		t = l.fresh(su)
	}
	t.Answer, t.AnsweredAt, t.By, t.SeenAt = answer, l.Now, by, l.Now
	switch answer {
	case SafeHelp:
	case SafeHome:
		t.HomeAt = l.Now
		fallthrough
	default:
		t.DoneAt = l.Now
	}
	l.Last[su.PersonID] = t
	return append(out, t)
}

// Drop ends a question that nobody needs answered any more: the loop was
// switched off, or the person turned out never to have been there. A call for
// help stays open.
func (l Loop) Drop(personID int64) *Tick {
	t := l.Last[personID]
	if t == nil || !t.Asks() {
		return nil
	}
	t.DoneAt = l.Now
	return t
}

// StepAtDue is when an open question goes on to its next stage, 0 when it does
// not. While it is not known to have left for Slack, nobody is blamed: it is 0.
func (t Tick) StepAtDue() Instant {
	if !t.Asks() || t.StepAt == 0 {
		return 0
	}
	switch t.Stage {
	case TickAsked:
		return t.StepAt.Add(TickRepeatAfter)
	case TickRepeated:
		return t.StepAt.Add(TickOrganizerAfter)
	case TickOrganizer:
		return t.StepAt.Add(TickAdminsAfter)
	}
	return 0
}

// stepSlack is how much early or late a step may be taken and still count as on
// time: the queue's beat.
const stepSlack = 30 * time.Second

// Step takes the next stage when its time has come. A step taken late counts
// from now, so that who could not answer during an outage has the full time
// before the next one.
func (t *Tick) Step(now Instant) bool {
	due := t.StepAtDue()
	if due == 0 || now.Add(stepSlack) < due {
		return false
	}
	t.Stage++
	if t.StepAt = due; now.Sub(due) > stepSlack {
		t.StepAt = now
	}
	return true
}

// Shown notes when the question, or its repetition, really left for Slack.
func (t *Tick) Shown(at Instant) {
	if t.ShownAt == 0 {
		t.ShownAt, t.StepAt = at, at
		return
	}
	if t.Stage == TickRepeated && at.Sub(t.StepAt) > stepSlack {
		t.StepAt = at
	}
}

// CannotAsk notes that Slack does not take the question: the organizer is told
// at once that this person could not be asked.
func (t *Tick) CannotAsk(now Instant) {
	t.Unsent, t.Stage, t.StepAt = true, TickOrganizer, now
}

// Deadline is until when an answer is early enough that nobody else is told.
func (t Tick) Deadline() Instant {
	from := t.ShownAt
	if from == 0 {
		from = t.AskedAt
	}
	return from.Add(TickRepeatAfter + TickOrganizerAfter)
}

// GoHome ends what a person is still checked in to. Their own word is a
// check-out; when somebody else says it, the time is proposed, and they or the
// roll confirm it.
func (l Loop) GoHome(personID int64, self bool) error {
	for _, su := range l.Signups {
		if su.PersonID != personID || su.State != SignupCheckedIn || su.CheckedOut != 0 && su.OutBy != OutProposed {
			continue
		}
		if self && su.RollAt == 0 && su.CheckedIn < l.Now {
			if err := l.CheckOut(su, 0); err != nil {
				return err
			}
			continue
		}
		if su.CheckedOut == 0 {
			su.CheckedOut, su.OutBy = max(l.Now, su.CheckedIn+1), OutProposed
			l.touch(su)
		}
	}
	return nil
}
