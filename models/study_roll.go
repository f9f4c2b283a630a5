package models

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"time"
)

// StudyCode is a code that says who sends it is at a session.
type StudyCode struct {
	ID           int64
	TenantID     int64
	OccurrenceID int64
	Code         string
	ByID         int64
	MadeAt       Instant
	UntilAt      Instant
}

func (StudyCode) TableName() string { return "study_codes" }

// Ref is the study's number as people write it: s7.
func (s Study) Ref() string { return NumberStudy + strconv.Itoa(s.Number) }

// lateGrace is up to how many minutes after the start nobody is called late:
// finding a chair and typing a code take that long.
const lateGrace = 5

// absentAfter is how long after the end of a session that cannot be made up the
// leader may still write who was there before anybody counts as absent.
const absentAfter = 24 * time.Hour

// lateBy is how many minutes after start an arrival was, 0 within the grace.
func lateBy(start, at Instant) int {
	if m := int(at.Sub(start) / time.Minute); m > lateGrace {
		return m
	}
	return 0
}

// OpenSlot is the time of an occurrence whose check-in is open now, the one
// somebody chose first; ok is false when none is.
func (o Occurrence) OpenSlot(s Study, chosen int, now Instant) (slot int, ok bool) {
	if start, end := o.Times(s, chosen); CheckInOpen(start, end, now) {
		return chosen, true
	}
	for slot := 0; slot <= len(s.Slots); slot++ {
		if start, end := o.Times(s, slot); CheckInOpen(start, end, now) {
			return slot, true
		}
	}
	return 0, false
}

// FirstStart is the start of the earliest of all its times.
func (o Occurrence) FirstStart(s Study) Instant {
	first := o.Start
	for slot := 1; slot <= len(s.Slots); slot++ {
		if start, _ := o.Times(s, slot); start < first {
			first = start
		}
	}
	return first
}

// AbsentFrom is when who is still due at a held session becomes absent.
func (o Occurrence) AbsentFrom(s Study) Instant {
	return max(o.MakeupUntil(s), o.LastEnd(s).Add(absentAfter))
}

// CodeOpen says why no check-in code can be had now, nil when it can.
func (o Occurrence) CodeOpen(s Study, now Instant) *Error {
	_, open := o.OpenSlot(s, 0, now)
	opens := o.FirstStart(s).Add(-CheckInLead)
	switch {
	case !s.Meets():
		return Refuse(CodeConflict, "error.study_no_meeting")
	case s.State == StudyCancelled || o.Off():
		return Refuse(CodeConflict, "error.study_skipped")
	case open:
		return nil
	case now < opens:
		return Refuse(CodeConflict, "error.study_too_early", "Opens", opens)
	}
	return Refuse(CodeConflict, "error.study_code_over")
}

// RollOpen says why there is no roll of it now, nil when there is one.
func (o Occurrence) RollOpen(s Study, now Instant) *Error {
	opens := o.FirstStart(s).Add(-CheckInLead)
	switch {
	case !s.Meets():
		return Refuse(CodeConflict, "error.study_no_meeting")
	case s.State == StudyCancelled || o.State == OccurrenceSkipped:
		return Refuse(CodeConflict, "error.study_skipped")
	case o.State == OccurrenceNotHeld:
		return Refuse(CodeConflict, "error.study_roll_not_held")
	case now < opens:
		return Refuse(CodeConflict, "error.study_roll_early", "Opens", opens)
	}
	return nil
}

// WantsRoll says whether a held session still has its roll to be taken: a code
// showed that it took place, or the roll was only begun while it ran.
func (o Occurrence) WantsRoll() bool {
	if o.State != OccurrenceHeld {
		return false
	}
	return o.RollAt == 0 && o.SettledBy == 0 || o.RollAt != 0 && o.RollAt < o.End
}

// What the roll says of a member.
const (
	RollCame    = "came"
	RollLate    = "late"
	RollExcused = "excused"
	RollMissed  = "missed" // not there: stays due, and can be made up
)

// StudyMark is one line of a session's roll.
type StudyMark struct {
	Said    string
	LateMin int    // of RollLate; 0 = as they checked in
	Note    string // why, or what else is to be kept
}

// Marked is what the roll has of a member as its form shows it; nothing is said
// of who is to be looked at.
func (a Attendance) Marked() StudyMark {
	m := StudyMark{Note: a.Note}
	switch {
	case a.State == AttendanceAttended && a.LateMin > 0:
		m.Said, m.LateMin = RollLate, a.LateMin
	case a.State == AttendanceAttended:
		m.Said = RollCame
	case a.State == AttendanceExcused:
		m.Said = RollExcused
	case a.RollAt != 0:
		m.Said = RollMissed
	}
	return m
}

// ToLookAt says whether somebody has to look at a member one by one: nothing is
// known of them, or only what they say themselves, or they say it is wrong.
func (a Attendance) ToLookAt() bool {
	switch {
	case a.ContestAt != 0:
		return true
	case a.RollAt != 0:
		return false
	}
	return a.State == AttendanceDue || a.State == AttendanceAbsent || a.State == AttendanceAttended && a.How == HowSelf
}

// MostNote is the longest note of a roll, in characters.
const MostNote = 300

// PutOnRoll writes what the roll says of a member. changed is false when it
// says so already. by is who says it, never the member.
func (a *Attendance) PutOnRoll(o Occurrence, s Study, m StudyMark, by int64, now Instant) (changed bool, refusal *Error) {
	if refusal := a.mayPut(o, s, m, by, now); refusal != nil {
		return false, refusal
	}
	next := *a
	start, _ := o.Times(s, a.Slot)
	switch m.Said {
	case RollCame, RollLate:
		next.arrived(start, s, m, now)
	case RollExcused:
		next.State, next.SettledBy, next.How, next.At, next.EnteredAt, next.Credit, next.LateMin = AttendanceExcused, by, "", 0, 0, 0, 0
	case RollMissed:
		if a.State != AttendanceAbsent {
			next.State = AttendanceDue
		}
		next.SettledBy, next.How, next.At, next.EnteredAt, next.Credit, next.LateMin = 0, "", 0, 0, 0, 0
	}
	if m.Note != "" {
		next.Note = m.Note
	}
	if next.Intent == IntentExcuse && m.Said != RollExcused {
		next.Intent = IntentNone // answered: the roll says otherwise
	}
	same := a.RollAt != 0 && next.outcome() == a.outcome() && next.Note == a.Note
	if same && (a.ContestAt == 0 || a.RollBy == by) {
		return false, nil // who is contradicted does not settle it by saying it again
	}
	next.RollBy, next.RollAt, next.ContestAt, next.Before = by, now, 0, nil
	*a = next
	return true, nil
}

// outcome is what of a roll's line can be the same twice.
func (a Attendance) outcome() string { return fmt.Sprint(a.State, a.How, a.LateMin) }

func (a *Attendance) mayPut(o Occurrence, s Study, m StudyMark, by int64, now Instant) *Error {
	if refusal := o.RollOpen(s, now); refusal != nil {
		return refusal
	}
	start, end := o.Times(s, a.Slot)
	switch length := int(end.Sub(start) / time.Minute); {
	case by == a.PersonID:
		return Refuse(CodeForbidden, "error.study_roll_own")
	case a.State == AttendanceMadeUp:
		return Refuse(CodeConflict, "error.study_roll_made_up")
	case now < start.Add(-CheckInLead) && m.Said != RollExcused:
		return Refuse(CodeConflict, "error.study_roll_early", "Opens", start.Add(-CheckInLead))
	case m.Said == RollMissed && now < end:
		return Refuse(CodeConflict, "error.study_roll_running", "End", end)
	case m.Said == RollLate && m.LateMin == 0 && a.LateMin == 0:
		return Refuse(CodeInvalid, "error.study_roll_minutes", "Part", "")
	case m.LateMin < 0 || m.LateMin > length:
		return Refuse(CodeInvalid, "error.study_roll_minutes", "Part", strconv.Itoa(m.LateMin))
	case m.Said == RollExcused && m.Note == "" && a.Note == "" && a.Reason == "":
		return Refuse(CodeInvalid, "error.study_roll_reason")
	case len([]rune(m.Note)) > MostNote:
		return Refuse(CodeInvalid, "error.study_roll_note", "Most", MostNote)
	}
	return nil
}

// arrived notes that the member was there. Their own check-in stays theirs: the
// roll only confirms it, and says how late it was if it says so.
func (a *Attendance) arrived(start Instant, s Study, m StudyMark, now Instant) {
	a.SettledBy = 0
	if a.State == AttendanceAttended && (a.How == HowSelf || a.How == HowOnsite) {
		if m.LateMin > 0 {
			a.LateMin = m.LateMin
		}
		a.Credit = s.Credit
		return
	}
	late := m.LateMin
	if m.Said == RollLate && late == 0 {
		late = a.LateMin
	}
	at := min(start.Add(time.Duration(late)*time.Minute), now)
	a.State, a.How, a.LateMin, a.Credit = AttendanceAttended, HowRoll, late, s.Credit
	if a.At != at || a.EnteredAt == 0 {
		a.At, a.EnteredAt = at, now
	}
}

// Contest is the member's word that the roll is wrong about them: it credits
// nothing until somebody settles it.
func (a *Attendance) Contest(now Instant) *Error {
	if a.RollAt == 0 || a.State == AttendanceMadeUp {
		return Refuse(CodeConflict, "error.study_roll_nothing")
	}
	if a.ContestAt == 0 {
		a.ContestAt, a.Credit, a.Before = now, 0, nil
	}
	return nil
}

// Agree takes the member's word back.
func (a *Attendance) Agree(s Study) *Error {
	if a.ContestAt == 0 {
		return Refuse(CodeConflict, "error.study_roll_nothing")
	}
	a.ContestAt = 0
	if a.State == AttendanceAttended {
		a.Credit = s.Credit
	}
	return nil
}

// LateEntry says whether what stands of the member was entered more than a day
// after it took place.
func (a Attendance) LateEntry(o Occurrence) bool {
	if a.State == AttendanceAttended || a.State == AttendanceMadeUp {
		return a.Late()
	}
	return a.RollAt != 0 && Late(o.End, a.RollAt)
}

// Stamp changes with everything that the roll shows of a member: a line of a
// page that was drawn before it changed is not written.
func (a Attendance) Stamp() string {
	h := fnv.New32a()
	fmt.Fprint(h, a.State, "|", a.Intent, "|", a.How, "|", a.Slot, "|", a.At, "|", a.LateMin, "|", a.RollAt, "|", a.ContestAt)
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// StudyTally is how a session's people stand.
type StudyTally struct {
	Expected  int // those it is for, who came from elsewhere not counted
	Onsite    int // checked in with the code
	Self      int // by button, without it
	Roll      int // by the leader's word
	Late      int // of those three
	WalkIns   int // of those three, from elsewhere
	MadeUp    int
	Excused   int
	Asked     int // want to be excused and have no answer
	Missing   int // due or absent
	Unseen    int // of those missing, about whom the roll says nothing yet
	Contested int
}

// There is how many were there.
func (t StudyTally) There() int { return t.Onsite + t.Self + t.Roll }
