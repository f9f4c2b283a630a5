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
	Minutes     int    // whole minutes of FromAt to ToAt; 0 once nothing shows them any more
	Grade       string // EvidenceSelf, EvidenceRoll, EvidenceLate
	State       string
	Needs       string // whose word is missing; NeedsYes stays until the person gave it
	Late        bool   // entered more than a day after it was served
	EnteredAt   Instant
	EnteredBy   int64 // who put it on the roll; never their own hours
	ConfirmedBy int64 // whose word made it count: the second person, else who took the roll
	ConfirmedAt Instant
	ApprovedMin int // minutes the day may come to with it, as somebody else approved; 0 = nobody did
	ApprovedBy  int64
	AskedAt     Instant // when somebody else was asked for their word; 0 = nobody yet
	Why         string  // refused: RefusedOverlap, RefusedDecided, RefusedGone
	Verdict     string  // decided: VerdictCounts, VerdictRefused
	ContestAt   Instant
	DecidedBy   int64
	DecidedAt   Instant
}

func (Hour) TableName() string { return "hours" }

func (h *Hour) Thing() (string, int64) { return "hours", h.ID }

func (h *Hour) Facts() map[string]any {
	return map[string]any{"person": h.PersonID, "signup": h.SignupID, "day": h.Day, "call": h.CallID, "from": h.FromAt, "to": h.ToAt,
		"minutes": h.Minutes, "grade": h.Grade, "state": h.State, "needs": h.Needs, "late": h.Late, "entered_at": h.EnteredAt,
		"entered_by": h.EnteredBy, "confirmed_by": h.ConfirmedBy, "confirmed_at": h.ConfirmedAt, "approved_min": h.ApprovedMin, "approved_by": h.ApprovedBy, "asked_at": h.AskedAt, "why": h.Why, "verdict": h.Verdict,
		"contest_at": h.ContestAt, "decided_by": h.DecidedBy, "decided_at": h.DecidedAt}
}

func (h *Hour) Words() map[string]Word { return nil }

// MessageHoursApprove asks a second person, or an admin, for their word about
// somebody's hours; SubjectID hours.
const MessageHoursApprove MessageKind = "hours_approve"

// HourShown is a row of the ledger with what it is about.
type HourShown struct {
	Hour
	Call      Call
	Shift     Shift
	Person    Person
	EnteredBy Person
	By        Person // who approved or decided, zero = nobody yet
	Total     int    // minutes the day comes to with it
	May       bool   // the reader may still say their word
}

// HoursBook is a person's own ledgers of a year.
type HoursBook struct {
	Tenant  Tenant
	Person  Person
	Now     Instant
	Year    Period
	Rows    []HourShown // newest first
	Counted int         // minutes of volunteer hours this year that count
	Waiting int         // minutes that wait for somebody's word
	Ever    int         // minutes that count in all years
	Stars   int
	Study   int // minutes of the study ledger this year
}

// AwaitsOther says whether somebody else's word is missing.
func (h Hour) AwaitsOther() bool { return h.State == HoursPending && h.Needs != NeedsYes }
