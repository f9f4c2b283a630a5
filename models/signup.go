package models

import "fmt"

// SignupState is where a person stands with one shift.
type SignupState string

const (
	SignupConfirmed  SignupState = "confirmed"
	SignupWaitlisted SignupState = "waitlisted"
	SignupOffered    SignupState = "offered"
	SignupCheckedIn  SignupState = "checked_in"
	SignupDone       SignupState = "done"
	SignupNoShow     SignupState = "no_show"
	SignupWithdrawn  SignupState = "withdrawn"
)

// signupMoves are the only ways a sign-up moves; "" is before it exists.
//
//	waitlisted → confirmed      a place came free a day or more ahead
//	waitlisted → offered        later: held for a time, or asked of everybody
//	offered → waitlisted        somebody else was first, or the call was cancelled
//	done ⇄ no_show              the roll corrected
//	withdrawn → …               signing up again, or undo
var signupMoves = map[SignupState][]SignupState{
	"":               {SignupConfirmed, SignupWaitlisted},
	SignupConfirmed:  {SignupCheckedIn, SignupDone, SignupNoShow, SignupWithdrawn},
	SignupWaitlisted: {SignupConfirmed, SignupOffered, SignupWithdrawn},
	SignupOffered:    {SignupConfirmed, SignupWaitlisted, SignupWithdrawn},
	SignupCheckedIn:  {SignupDone},
	SignupDone:       {SignupNoShow},
	SignupNoShow:     {SignupDone},
	SignupWithdrawn:  {SignupConfirmed, SignupWaitlisted},
}

// MayMove says whether the written table has a move between two states.
func MayMove(from, to SignupState) bool {
	for _, s := range signupMoves[from] {
		if s == to {
			return true
		}
	}
	return false
}

// How somebody came to be signed up.
const (
	ByButton    = "button"
	ByReply     = "reply"
	ByReaction  = "reaction"
	ByModal     = "modal"
	ByOrganizer = "organizer"
)

// Signup is one person's place, or wish for one, in one shift. There is one
// row a person and shift, whatever they change their mind to.
type Signup struct {
	ID         int64
	TenantID   int64 `gorm:"index"`
	CallID     int64 `gorm:"index"`
	ShiftID    int64 `gorm:"uniqueIndex:signups_one"`
	PersonID   int64 `gorm:"uniqueIndex:signups_one"`
	RoleID     int64 `gorm:"index"`
	State      SignupState
	Guests     int // people besides the person
	How        string
	Line       int64       // order in the waiting line; lower is earlier
	Unchecked  bool        // a skill has to be verified before this may move up
	PassedOver bool        // told once that the party does not fit
	OfferUntil Instant     // offered: held until then
	Race       bool        // offered to everybody waiting: the first yes has it, nothing is held
	AskAgain   Instant     // time or place changed then, and they have not answered; 0 = nothing asked
	YesAt      Instant     // said again that they come (reminder, after a move)
	LateMin    int         // said they would be this late
	WasState   SignupState // before withdrawal, for undo
	Lapsed     bool        // withdrawn because an offer was not answered in time
	SignedAt   Instant
	CheckedIn  Instant
	CheckedOut Instant
	GoneAt     Instant // withdrawn
}

func (Signup) TableName() string { return "signups" }

// Party is how many people come with this sign-up.
func (s Signup) Party() int { return 1 + s.Guests }

// Holds says whether the sign-up fills places.
func (s Signup) Holds() bool {
	switch s.State {
	case SignupConfirmed, SignupCheckedIn, SignupDone:
		return true
	}
	return false
}

// Waits says whether the person is in the waiting line.
func (s Signup) Waits() bool { return s.State == SignupWaitlisted || s.State == SignupOffered }

// Active says whether the person means to come: holds a place or waits for one.
func (s Signup) Active() bool { return s.Holds() || s.Waits() }

// Upcoming is active and may still be given up.
func (s Signup) Upcoming() bool { return s.State == SignupConfirmed || s.Waits() }

func (s *Signup) Thing() (string, int64) { return "signup", s.ID }

func (s *Signup) Facts() map[string]any {
	return map[string]any{"call": s.CallID, "shift": s.ShiftID, "person": s.PersonID, "role": s.RoleID,
		"state": s.State, "guests": s.Guests, "how": s.How, "line": s.Line, "unchecked": s.Unchecked,
		"passed_over": s.PassedOver, "offer_until": s.OfferUntil, "race": s.Race, "ask_again": s.AskAgain,
		"yes_at": s.YesAt, "late_min": s.LateMin, "was_state": s.WasState, "lapsed": s.Lapsed, "signed_at": s.SignedAt,
		"checked_in": s.CheckedIn, "checked_out": s.CheckedOut, "gone_at": s.GoneAt}
}

func (s *Signup) Words() map[string]Word { return nil }

// move follows the written table; anything else is a fault of ours.
func (s *Signup) move(to SignupState, now Instant) error {
	if !MayMove(s.State, to) {
		return &Error{Code: CodeInternal, Key: "error.internal", Cause: fmt.Errorf("sign-up %d may not move from %q to %q", s.ID, s.State, to)}
	}
	switch to {
	case SignupOffered:
	case SignupWithdrawn:
		s.Lapsed = false
		s.WasState, s.GoneAt = s.State, now
		s.OfferUntil, s.Race, s.AskAgain = 0, false, 0
	default:
		s.OfferUntil, s.Race, s.GoneAt = 0, false, 0
	}
	s.State = to
	return nil
}

// Kinds of answers that are no sign-up.
const (
	AnswerNo          = "no"
	AnswerLate        = "late"
	AnswerConditional = "conditional"
	AnswerUnclear     = "unclear"
)

// Answer is what somebody replied to a call besides signing up. The latest act
// of a person counts; earlier answers are settled by it.
type Answer struct {
	ID       int64
	TenantID int64 `gorm:"index"`
	CallID   int64 `gorm:"index"`
	PersonID int64 `gorm:"index"`
	Kind     string
	Text     string // in their words; cleared 90 days after the call
	Minutes  int    // late by
	From     string // "09:00" or "+2h" of a condition
	Guests   int    // party asked for with a condition
	Settled  bool   // filed by the organizer, or overtaken by a later act
	FiledBy  int64  // who filed it, 0 = overtaken
	TS       string // the message replied with
	At       Instant
}

func (Answer) TableName() string { return "call_answers" }

func (a *Answer) Thing() (string, int64) { return "answer", a.ID }

func (a *Answer) Facts() map[string]any {
	return map[string]any{"call": a.CallID, "person": a.PersonID, "kind": a.Kind, "minutes": a.Minutes,
		"from": a.From, "guests": a.Guests, "settled": a.Settled, "filed_by": a.FiledBy, "ts": a.TS, "at": a.At}
}

func (a *Answer) Words() map[string]Word {
	if a.Text == "" {
		return nil
	}
	return map[string]Word{"text": {Text: a.Text, Person: a.PersonID}}
}

// Reacted is one emoji a person has on a call's card, so that taking the last
// away can give up what was signed up by it.
type Reacted struct {
	ID       int64
	TenantID int64  `gorm:"index"`
	CallID   int64  `gorm:"uniqueIndex:call_reactions_one"`
	PersonID int64  `gorm:"uniqueIndex:call_reactions_one"`
	Emoji    string `gorm:"uniqueIndex:call_reactions_one"`
}

func (Reacted) TableName() string { return "call_reactions" }
