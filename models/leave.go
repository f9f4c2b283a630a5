package models

import "time"

// Leave states.
const (
	LeaveAsked   = "asked"
	LeaveGiven   = "given"
	LeaveRefused = "refused"
	LeaveEnded   = "ended" // by the member: back earlier, or the request taken back
)

// LeaveMost is how long one request may cover: longer is a matter for the
// year's target, not for single sessions.
const LeaveMost = 183 * 24 * time.Hour

// Leave is a request to be excused from every session of a unit until a day,
// a stay in hospital for example. It is asked from one session and decided
// with it.
//
//	asked ──yes──▶ given ──back earlier──▶ ended
//	  │└──no──▶ refused
//	  └──taken back──▶ ended
type Leave struct {
	ID           int64
	TenantID     int64
	PersonID     int64
	UnitID       int64 // whose sessions; 0 = those of no unit
	AttendanceID int64 `gorm:"index"` // where it was asked
	FromAt       Instant
	UntilAt      Instant // sessions that start in [FromAt, UntilAt)
	State        string
	AskedAt      Instant
	DecidedBy    int64
	DecidedAt    Instant
	EndedAt      Instant
}

func (Leave) TableName() string { return "study_leaves" }

func (l *Leave) Thing() (string, int64) { return "leave", l.ID }

func (l *Leave) Facts() map[string]any {
	return map[string]any{"person": l.PersonID, "unit": l.UnitID, "attendance": l.AttendanceID, "from": l.FromAt, "until": l.UntilAt,
		"state": l.State, "asked_at": l.AskedAt, "decided_by": l.DecidedBy, "decided_at": l.DecidedAt, "ended_at": l.EndedAt}
}

func (l *Leave) Words() map[string]Word { return nil }

// Covers says whether a session that starts then falls under it.
func (l Leave) Covers(start Instant) bool { return l.FromAt <= start && start < l.UntilAt }

// NewLeave is a request from one session to the end of a day, on the wall of
// zone; day is at its midnight.
func NewLeave(a Attendance, o Occurrence, s Study, day time.Time, zone *time.Location, now Instant) (Leave, *Error) {
	start, _ := o.Times(s, a.Slot)
	until := At(time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, zone))
	switch {
	case until <= start:
		return Leave{}, fieldFault("until", Refuse(CodeInvalid, "error.leave_before"))
	case until > now.Add(LeaveMost):
		return Leave{}, fieldFault("until", Refuse(CodeInvalid, "error.leave_long"))
	}
	return Leave{TenantID: a.TenantID, PersonID: a.PersonID, UnitID: s.UnitID, AttendanceID: a.ID, FromAt: min(start, o.Start), UntilAt: until,
		State: LeaveAsked, AskedAt: now}, nil
}

// Decide answers the request; by never is the member.
func (l *Leave) Decide(by int64, yes bool, now Instant) *Error {
	switch {
	case by == l.PersonID:
		return Refuse(CodeForbidden, "error.study_own_excuse")
	case l.State != LeaveAsked:
		return Refuse(CodeConflict, "error.study_excuse_settled")
	}
	l.State, l.DecidedBy, l.DecidedAt = LeaveRefused, by, now
	if yes {
		l.State = LeaveGiven
	}
	return nil
}

// End ends a leave before its day.
func (l *Leave) End(now Instant) *Error {
	if l.State != LeaveAsked && l.State != LeaveGiven || now >= l.UntilAt {
		return Refuse(CodeConflict, "error.leave_over")
	}
	l.State, l.EndedAt = LeaveEnded, now
	return nil
}

// GoOnLeave excuses from one session by a leave that was given; it says
// whether anything changed.
func (a *Attendance) GoOnLeave(l Leave) bool {
	if a.State != AttendanceDue && a.State != AttendanceAbsent || l.State != LeaveGiven {
		return false
	}
	a.State, a.SettledBy, a.LeaveID, a.Before = AttendanceExcused, l.DecidedBy, l.ID, nil
	return true
}

// BackFromLeave makes a session due again that a leave had excused from; not
// once it is over.
func (a *Attendance) BackFromLeave(o Occurrence, s Study, now Instant) bool {
	if _, end := o.Times(s, a.Slot); a.LeaveID == 0 || a.State != AttendanceExcused || now >= end {
		return false
	}
	a.State, a.Intent, a.SettledBy, a.LeaveID, a.Before = AttendanceDue, IntentNone, 0, 0, nil
	return true
}
