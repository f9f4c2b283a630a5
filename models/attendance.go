package models

// Attendance states. Until the leader says a session was held, or a code was
// used, members stay due.
const (
	AttendanceDue      = "due"
	AttendanceAttended = "attended"
	AttendanceMadeUp   = "made_up"
	AttendanceExcused  = "excused"
	AttendanceAbsent   = "absent"
)

// Intents: what a member said before. They credit nothing.
const (
	IntentNone   = ""
	IntentAttend = "attend"
	IntentMakeup = "makeup"
	IntentExcuse = "excuse" // asked to be excused, not yet answered
)

// How a member came to be attended.
const (
	HowSelf   = "self"   // by button, without the code: self-reported
	HowOnsite = "onsite" // with the code on site
	HowRoll   = "roll"   // put on the roll by the leader
	HowDone   = "done"   // material, by button
)

// Attendance is one member's account of one occurrence.
type Attendance struct {
	ID           int64
	TenantID     int64
	StudyID      int64 `gorm:"index"`
	OccurrenceID int64 `gorm:"uniqueIndex:attendances_one"`
	PersonID     int64 `gorm:"uniqueIndex:attendances_one"`
	State        string
	Intent       string
	Slot         int     // 0 main time, n the n-th alternative
	How          string  // how attended
	At           Instant // when attended, done or made up
	EnteredAt    Instant // when that was entered
	Credit       int     // study minutes credited
	SettledBy    int64   // who excused
	Reason       string  // asked to be excused because, or the reflection of a make-up
	Before       *Marked `gorm:"column:undo;serializer:json"` // what Undo goes back to; nil = nothing to undo

	OpenedAt Instant // when the member opened the material, by their own click
	Proof    []Proof `gorm:"serializer:json"` // voice messages and photos handed in with a make-up
	Score    int     // right answers of the last try at the quiz
	Tries    int     // tries at the quiz

	ReturnedAt   Instant // when the leader last gave the make-up back
	ReturnedBy   int64
	ReturnReason string  // the leader's words
	HandedAt     Instant // when the make-up that was given back had been handed in
	OpenUntil    Instant // a make-up given back stays open at least until then
	Answer       string  // the leader's words to a request to be excused
	LeaveID      int64   // the leave that excuses, 0 = none

	WalkIn    bool    // not in the audience: came from elsewhere
	LateMin   int     // minutes after the start; 0 = in time
	RollBy    int64   // who last wrote about the member on the roll, 0 = nobody
	RollAt    Instant // when
	ContestAt Instant // when the member said that the roll is wrong about them; 0 = not, or settled
	Note      string  // what the roll says beside it, for example why excused

	// What follows is bookkeeping of reminders, no fact about the member, and
	// changes without an entry in the record.
	Reminded   []int   `gorm:"serializer:json"` // lead times in minutes that were used
	SnoozedTo  Instant // put off until; 0 = not
	DayID      int64   // the message of the day that shows it now; 0 = one of its own
	FollowedAt Instant // when the one follow-up went out; 0 = not
}

// Marked is the part of an attendance that acts change and Undo gives back.
type Marked struct {
	State  string  `json:"state"`
	Intent string  `json:"intent,omitempty"`
	Slot   int     `json:"slot,omitempty"`
	How    string  `json:"how,omitempty"`
	At     Instant `json:"at,omitempty"`
	Credit int     `json:"credit,omitempty"`
	Late   int     `json:"late,omitempty"`
}

func (a *Attendance) Thing() (string, int64) { return "attendance", a.ID }

func (a *Attendance) Facts() map[string]any {
	return map[string]any{"study": a.StudyID, "occurrence": a.OccurrenceID, "person": a.PersonID, "state": a.State,
		"entered_at": a.EnteredAt, "intent": a.Intent, "slot": a.Slot, "how": a.How, "at": a.At, "credit": a.Credit, "settled_by": a.SettledBy,
		"opened_at": a.OpenedAt, "proof": proofNames(a.Proof), "score": a.Score, "tries": a.Tries, "returned_at": a.ReturnedAt,
		"returned_by": a.ReturnedBy, "handed_at": a.HandedAt, "open_until": a.OpenUntil, "leave": a.LeaveID,
		"walk_in": a.WalkIn, "late_min": a.LateMin, "roll_by": a.RollBy, "roll_at": a.RollAt, "contest_at": a.ContestAt}
}

func (a *Attendance) Words() map[string]Word {
	words := map[string]Word{}
	if a.Reason != "" {
		words["reason"] = Word{Text: a.Reason, Person: a.PersonID}
	}
	if a.Note != "" {
		words["note"] = Word{Text: a.Note, Person: a.PersonID}
	}
	if a.ReturnReason != "" {
		words["returned"] = Word{Text: a.ReturnReason, Person: a.PersonID} // said of the member, and forgotten with them
	}
	if a.Answer != "" {
		words["answer"] = Word{Text: a.Answer, Person: a.PersonID}
	}
	return words
}

// Late says whether the attendance was entered more than a day after.
func (a *Attendance) Late() bool { return a.At != 0 && Late(a.At, a.EnteredAt) }

// Settled says that nothing more is asked of the member.
func (a *Attendance) Settled() bool { return a.State != AttendanceDue }

// CheckInOpen says whether now lies between 15 minutes before start and end.
func CheckInOpen(start, end, now Instant) bool { return start.Add(-CheckInLead) <= now && now < end }

// mark keeps what was for Undo.
func (a *Attendance) mark() {
	a.Before = &Marked{State: a.State, Intent: a.Intent, Slot: a.Slot, How: a.How, At: a.At, Credit: a.Credit, Late: a.LateMin}
}

// Intend records what the member means to do. Only before the end, only while
// nothing is settled, only for something that takes place.
func (a *Attendance) Intend(o Occurrence, s Study, intent string, now Instant) *Error {
	_, end := o.Times(s, a.Slot)
	switch {
	case o.State == OccurrenceSkipped:
		return Refuse(CodeConflict, "error.study_skipped")
	case a.State != AttendanceDue:
		return Refuse(CodeConflict, "error.study_settled")
	case intent == IntentAttend && now >= end:
		return Refuse(CodeConflict, "error.study_over")
	case intent == IntentMakeup && a.MakeupUntil(o, s) == 0:
		return Refuse(CodeConflict, "error.study_no_makeup")
	case intent == IntentMakeup && now >= a.MakeupUntil(o, s):
		return Refuse(CodeConflict, "error.study_makeup_over")
	case intent == IntentExcuse && now >= a.Closes(o, s):
		return Refuse(CodeConflict, "error.study_excuse_over")
	}
	a.mark()
	a.Intent = intent
	return nil
}

// Choose picks a slot; before its start, while nothing is settled.
func (a *Attendance) Choose(o Occurrence, s Study, slot int, now Instant) *Error {
	start, _ := o.Times(s, slot)
	switch {
	case slot < 0 || slot > len(s.Slots):
		return Refuse(CodeInvalid, "error.study_no_slot")
	case o.Off(): // held by a code used at another of its times is no obstacle
		return Refuse(CodeConflict, "error.study_skipped")
	case a.State != AttendanceDue:
		return Refuse(CodeConflict, "error.study_settled")
	case now >= start:
		return Refuse(CodeConflict, "error.study_started")
	}
	a.mark()
	a.Slot, a.Intent = slot, IntentAttend
	return nil
}

// CheckIn marks the member as there, from 15 minutes before the start to the
// end. how is HowSelf or HowOnsite. The code after the button makes it on site
// and leaves when they came; the same again changes nothing.
func (a *Attendance) CheckIn(o Occurrence, s Study, how string, now Instant) (CheckinOutcome, *Error) {
	start, end := o.Times(s, a.Slot)
	switch {
	case !s.Meets():
		return "", Refuse(CodeConflict, "error.study_no_meeting")
	case o.Off():
		return "", Refuse(CodeConflict, "error.study_skipped")
	case a.State == AttendanceMadeUp:
		return "", Refuse(CodeConflict, "error.study_settled")
	case now < start.Add(-CheckInLead):
		return "", Refuse(CodeConflict, "error.study_too_early", "Opens", start.Add(-CheckInLead))
	case now >= end:
		return "", Refuse(CodeConflict, "error.study_over")
	case a.State == AttendanceAttended && how == HowOnsite && a.How != HowOnsite:
		a.How, a.ContestAt, a.Credit = HowOnsite, 0, s.Credit
		return CheckedInSite, nil
	case a.State == AttendanceAttended:
		return CheckedInBefore, nil
	}
	a.mark()
	a.State, a.How, a.At, a.EnteredAt, a.Credit = AttendanceAttended, how, now, now, s.Credit
	a.LateMin, a.SettledBy = lateBy(start, now), 0
	a.RollBy, a.RollAt, a.ContestAt = 0, 0, 0 // what was said of them before they came
	return CheckedIn, nil
}

// Done marks material, or a reminder without a meeting, as done; until the
// make-up closes, or with none a day after it was due.
func (a *Attendance) Done(o Occurrence, s Study, now Instant) *Error {
	switch {
	case s.Meets():
		return Refuse(CodeConflict, "error.study_needs_checkin")
	case o.State == OccurrenceSkipped:
		return Refuse(CodeConflict, "error.study_skipped")
	case a.State != AttendanceDue && a.State != AttendanceAbsent:
		return Refuse(CodeConflict, "error.study_settled")
	case now >= a.Closes(o, s):
		return Refuse(CodeConflict, "error.study_makeup_over")
	}
	a.mark()
	a.State, a.How, a.At, a.EnteredAt, a.Credit = AttendanceAttended, HowDone, now, now, s.Credit
	return nil
}

// Excuse answers a request to be excused with a yes; by never is the member.
func (a *Attendance) Excuse(by int64) *Error {
	switch {
	case by == a.PersonID:
		return Refuse(CodeForbidden, "error.study_own_excuse")
	case a.State != AttendanceDue && a.State != AttendanceAbsent:
		return Refuse(CodeConflict, "error.study_settled")
	}
	a.mark()
	a.State, a.SettledBy = AttendanceExcused, by
	return nil
}

// MarkAbsent settles who is still due once a held session cannot be made up
// any more; it says whether anything changed.
func (a *Attendance) MarkAbsent(o Occurrence) bool {
	if a.State != AttendanceDue || o.State != OccurrenceHeld || a.ContestAt != 0 {
		return false
	}
	a.State, a.Before = AttendanceAbsent, nil
	return true
}

// Undo goes back to before the member's last act.
func (a *Attendance) Undo() *Error {
	if a.Before == nil {
		return Refuse(CodeConflict, "error.nothing_to_undo")
	}
	b := *a.Before
	if a.State == AttendanceMadeUp { // what was handed in is taken back with it
		a.Proof = nil
	}
	a.State, a.Intent, a.Slot, a.How, a.At, a.Credit, a.LateMin = b.State, b.Intent, b.Slot, b.How, b.At, b.Credit, b.Late
	a.Before, a.SettledBy = nil, 0
	if a.At == 0 {
		a.EnteredAt = 0
	}
	if a.State == AttendanceDue && a.Intent != IntentExcuse {
		a.Reason = ""
	}
	return nil
}

// StudyTarget is a year's study minutes for a duty; the tenant's own figures
// when set.
func StudyTarget(t Tenant, duty string) int {
	if duty == DutyLeader {
		if t.LeaderTarget > 0 {
			return t.LeaderTarget
		}
		return 56 * 60
	}
	if t.MemberTarget > 0 {
		return t.MemberTarget
	}
	return 32 * 60
}

// Duties a study target is kept for.
const (
	DutyMember = "member"
	DutyLeader = "leader"
)
