package models

// The two ledgers, which never mix (SURFACE 7).
const (
	LedgerVolunteer = "volunteer"
	LedgerStudy     = "study"
)

// States of hours; only HoursCounted is in any total.
const (
	HoursPending   = "pending"   // somebody's word is still missing: Needs says whose
	HoursCounted   = "counted"   //
	HoursContested = "contested" // the person says it is wrong, and nobody has decided yet
	HoursRefused   = "refused"   // decided against, overlapping, or without any evidence left
)

// EvidenceLate is the grade of what was entered late and approved by another.
const EvidenceLate = "late_approved"

// Whose word hours wait for.
const (
	NeedsYes    = "yes"    // the person's own
	NeedsSecond = "second" // a second person's: over 8 h a day, or entered late
	NeedsAdmin  = "admin"  // an admin's: over 12 h a day
)

// Hour is one stretch of time that somebody served, within one day of the
// organisation's: a sign-up past midnight has several. It holds what the
// sign-up leads to, and what others said about it.
type Hour struct {
	ID          int64
	TenantID    int64   `gorm:"index"`
	PersonID    int64   `gorm:"index"`
	SignupID    int64   `gorm:"uniqueIndex:hours_part"`
	Day         Instant `gorm:"uniqueIndex:hours_part"` // first midnight of the organisation's day
	CallID      int64
	FromAt      Instant
	ToAt        Instant
	Minutes     int    // whole minutes of FromAt to ToAt
	Grade       string // EvidenceSelf, EvidenceRoll, EvidenceLate
	State       string
	Needs       string // while pending: whose word is missing
	Late        bool   // entered more than a day after it was served
	EnteredAt   Instant
	EnteredBy   int64 // who put it on the roll; never their own hours
	ConfirmedBy int64 // whose word made it count: the second person, else who took the roll
	ConfirmedAt Instant
	ApprovedMin int // minutes of that day a second person approved, 0 = none asked
	ContestAt   Instant
	DecidedBy   int64
	DecidedAt   Instant
}

func (Hour) TableName() string { return "hours" }

func (h *Hour) Thing() (string, int64) { return "hours", h.ID }

func (h *Hour) Facts() map[string]any {
	return map[string]any{"person": h.PersonID, "signup": h.SignupID, "day": h.Day, "call": h.CallID, "from": h.FromAt, "to": h.ToAt,
		"minutes": h.Minutes, "grade": h.Grade, "state": h.State, "needs": h.Needs, "late": h.Late, "entered_at": h.EnteredAt,
		"entered_by": h.EnteredBy, "confirmed_by": h.ConfirmedBy, "confirmed_at": h.ConfirmedAt, "approved_min": h.ApprovedMin,
		"contest_at": h.ContestAt, "decided_by": h.DecidedBy, "decided_at": h.DecidedAt}
}

func (h *Hour) Words() map[string]Word { return nil }
