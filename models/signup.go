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
//	waitlisted → confirmed      a place came free a day or more ahead, or they
//	                            are on site and one is free
//	waitlisted → offered        later: held for a time, or asked of everybody
//	offered → waitlisted        somebody else was first, or the call was cancelled
//	checked_in → confirmed      the check-in was undone
//	checked_in → done           checked out, or the roll
//	done → checked_in           the check-out, or the roll, was undone
//	done ⇄ no_show              the roll corrected
//	no_show → confirmed         "I couldn't" taken back, or the roll undone
//	"", withdrawn, waitlisted, offered, no_show → checked_in
//	                            came without a place: taken on the roll
//	withdrawn → …               signing up again, or undo
var signupMoves = map[SignupState][]SignupState{
	"":               {SignupConfirmed, SignupWaitlisted, SignupCheckedIn},
	SignupConfirmed:  {SignupCheckedIn, SignupDone, SignupNoShow, SignupWithdrawn},
	SignupWaitlisted: {SignupConfirmed, SignupOffered, SignupCheckedIn, SignupWithdrawn},
	SignupOffered:    {SignupConfirmed, SignupWaitlisted, SignupCheckedIn, SignupWithdrawn},
	SignupCheckedIn:  {SignupDone, SignupNoShow, SignupConfirmed},
	SignupDone:       {SignupNoShow, SignupCheckedIn, SignupConfirmed},
	SignupNoShow:     {SignupDone, SignupCheckedIn, SignupConfirmed},
	SignupWithdrawn:  {SignupConfirmed, SignupWaitlisted, SignupCheckedIn},
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
	ByAsk       = "ask"      // yes to a question put directly
	ByStandby   = "standby"  // a yes on a condition, put on the line because there were enough
	ByHandover  = "handover" // took somebody's place over
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

	CheckBy   string      // how checked in: CheckCode, CheckButton, CheckRoll
	OutBy     string      // how checked out: OutSelf, OutRoll, OutProposed
	RollAt    Instant     // put on the roll, or found not to have come
	RollBy    int64       // by whom
	RollFrom  Instant     // the span the roll confirms
	RollTo    Instant     //
	RollWas   SignupState // before the roll, for undo
	SaidAt    Instant     // own yes: "I was there", or to hours proposed
	MissedAt  Instant     // own word that they could not come
	ContestAt Instant     // says that what the roll has of them is wrong; counts nothing
	WalkIn    bool        // came without a place; fills none
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
		"checked_in": s.CheckedIn, "checked_out": s.CheckedOut, "gone_at": s.GoneAt,
		"check_by": s.CheckBy, "out_by": s.OutBy, "roll_at": s.RollAt, "roll_by": s.RollBy, "roll_from": s.RollFrom,
		"roll_to": s.RollTo, "roll_was": s.RollWas, "said_at": s.SaidAt, "missed_at": s.MissedAt, "contest_at": s.ContestAt,
		"walk_in": s.WalkIn}
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
