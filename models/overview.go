package models

import "slices"

// Overview is what concerns one person now: what `me`, the bare command and
// the Home tab show.
type Overview struct {
	Tenant Tenant
	Person Person
	Now    Instant
	Unit   Unit // zero = none

	Shifts []MyShift  // active sign-ups that have not ended, by start
	Study  []MyStudy  // what is still to do, by start
	Waits  []Waiting  // what waits for the person's answer besides shifts and study, the most pressing first
	Calls  []OpenCall // open calls for this person, not joined yet and free of clashes: those that fit first, then by start
	Remind int        // reminders of one's own under way

	StudyMinutes int         // this year
	Target       int         // minutes a year
	Year         YearAccount // the same in full
	Forecast     Forecast    // how it will end
	Hours        HoursBook   // the volunteer ledger this year, without its rows

	Risk        []OpenCall  // of calls the person manages: those with a role below its least
	Managed     []Sheet     // calls the person manages in which something waits for a hand, by start; only on request
	Hands       []StudyHand // what waits for the person's hand in the study they lead; only on request
	CanOrganize bool
	CanLead     bool // leads a unit or organizes: may plan study
	CanAdmin    bool
}

// MyShift is one sign-up of the person.
type MyShift struct {
	Signup Signup
	Call   Call
	Shift  Shift
	Role   Role
	Place  int    // place in the waiting line, 0 = not waiting
	Sheet  *Sheet // the call as the person sees it; only on request
}

// Waiting is one question to the person that waits for an answer. Exactly one
// of what follows Sheet is set.
type Waiting struct {
	Sheet    *Sheet
	Ask      *Ask      // can you come?
	Handover *Handover // will you take over?
	Tick     *Tick     // are you safe?
	Signup   *Signup   // a shift that is over: were you there, is the time right?
}

// MyStudy is one attendance still to do.
type MyStudy struct {
	Attendance Attendance
	Occurrence Occurrence
	Study      Study
}

// StudyHand is something in a study that waits for the hand of who leads it.
type StudyHand struct {
	Kind       StudyHandKind
	Study      Study
	Occurrence Occurrence
	Attendance Attendance // HandExcuse: whose
	Person     Person     // HandExcuse: who
	N          int        // HandMakeups: how many; HandDuties: how many have no plan
	Unit       Unit       // HandDuties: whose
	Missing    int        // HandDuties: how many periods have no record
}

// StudyHandKind says what waits.
type StudyHandKind string

const (
	HandOn      StudyHandKind = "on"      // its check-in is open: the code, who is in, the roll
	HandExcuse  StudyHandKind = "excuse"  // somebody asks to be excused
	HandRecord  StudyHandKind = "record"  // nobody said whether it was held
	HandMakeups StudyHandKind = "makeups" // make-ups were handed in
	HandDuties  StudyHandKind = "duties"  // a unit's duties near their end without a plan, or past without a record
)

// OpenCall is a call with what it still needs.
type OpenCall struct {
	Call  Call
	Start Instant // first shift not over
	End   Instant
	Short int // free places
	Below int // places missing to the least

	Open int64    // the one (shift, role) in which a place is free for the person, 0 when there are several
	Role string   // its name
	Why  []string // what of their profile fits: "skill:装卸", "area:城东", "free"
	Fit  int      // FitNot, FitOpen or FitWell
}

// Fits of an open call, as its list is ordered.
const (
	FitNot  = -1 // lacks a skill that is asked for, or gave other hours
	FitOpen = 0
	FitWell = 1 // something in the profile speaks for it
)

// FitOf looks for the free (shift, role) of a call that fits a person best.
// open is false when every free one clashes with a place of theirs; busy are
// the spans of those.
func FitOf(b *Board, unit Unit, who Candidate, busy []Shift) (fit OpenCall, open bool) {
	best, n := 0, 0
	for _, r := range b.Roles {
		sh := b.Shift(r.ShiftID)
		if sh.EndAt <= b.Now || b.Free(r.ID) <= 0 || slices.ContainsFunc(busy, sh.Overlaps) {
			continue
		}
		n++
		fit.Open, fit.Role = r.ID, r.Name
		if fit.Start == 0 || sh.StartAt < fit.Start {
			fit.Start = sh.StartAt
		}
		w := Wanted{Call: b.Call, Shift: sh, Role: r, Unit: unit, Now: b.Now}
		free := w.free(who)
		why := w.why(who.Person, free)
		score := 1 + 4*w.skill(who.Person) + 2*w.area(who.Person) + free
		if score <= best {
			continue
		}
		best, fit.Why, fit.Fit = score, why, FitOpen
		lacks := !hasAllSkills(who.Person, b.Call.Skills) || r.Verified && !who.Person.Vouched(r.Name, max(b.Now, sh.StartAt))
		switch {
		case lacks || free == 0:
			fit.Fit = FitNot
		case len(why) > 0:
			fit.Fit = FitWell
		}
	}
	if n != 1 {
		fit.Open, fit.Role = 0, ""
	}
	return fit, n > 0
}

// NeedsHand says whether something in a call waits for who manages it: answers
// not filed, skills to check, people who came without a place, a roll not
// taken, a place being handed over, people out there.
func (s Sheet) NeedsHand() bool {
	if s.Manages && s.Call.Live() && (len(s.Unfiled()) > 0 || len(s.Unchecked()) > 0 || len(s.Handing()) > 0) {
		return true
	}
	left, _ := s.Undecided()
	return s.Rolls && (len(s.WalkIns) > 0 || left > 0 && !s.Call.Drill && s.Call.State != CallCancelled) ||
		s.Manages && len(NewLoop(s.Board, s.Ticks).Pending()) > 0
}

// MayNeedHand says whether the board alone gives reason to look closer: a skill
// to check, a roll not taken, somebody checked in to a call that asks whether
// they are safe.
func (b *Board) MayNeedHand() bool {
	if left, _ := b.Undecided(); left > 0 {
		return true
	}
	return slices.ContainsFunc(b.Signups, func(s *Signup) bool {
		return s.Waits() && s.Unchecked || b.Call.SafetyMin > 0 && s.CheckedIn != 0
	})
}

// Unfiled are the answers that wait for the organizer: conditions and words
// that could not be read.
func (s Sheet) Unfiled() []*Answer {
	var out []*Answer
	for _, a := range s.Answers {
		if a.Kind == AnswerConditional || a.Kind == AnswerUnclear {
			out = append(out, a)
		}
	}
	return out
}

// Unchecked are those who wait for the check of their skill.
func (s Sheet) Unchecked() []*Signup {
	var out []*Signup
	for _, su := range s.Signups {
		if su.Waits() && su.Unchecked {
			out = append(out, su)
		}
	}
	return out
}

// Handing are the places that somebody was asked to take over and has not
// answered.
func (s Sheet) Handing() []*Handover {
	var out []*Handover
	for _, h := range s.Handovers {
		if h.Open() {
			out = append(out, h)
		}
	}
	return out
}

// Pending are those out there, and those who called for help and wait; nobody
// when the loop does not ask.
func (l Loop) Pending() []int64 {
	if l.Call.SafetyMin == 0 {
		return nil
	}
	var out []int64
	for _, su := range l.OutThere() {
		out = append(out, su.PersonID)
	}
	for _, t := range l.Ticks() {
		if t.Help() && !slices.Contains(out, t.PersonID) {
			out = append(out, t.PersonID)
		}
	}
	return out
}
