package models

import "encoding/json"

// How somebody was checked in. Only the code tells that they were on site.
const (
	CheckCode   = "code"
	CheckButton = "button"
	CheckRoll   = "roll"
)

// How somebody was checked out. What is proposed counts nothing until the
// person or the roll says so.
const (
	OutSelf     = "self"
	OutRoll     = "roll"
	OutProposed = "proposed"
)

// Grades of the evidence for hours (what SURFACE calls a grade).
const (
	EvidenceSelf = "self_and_roll"  // own check-in with the on-site code, and the roll
	EvidenceRoll = "roll_confirmed" // on the roll, and the person's own word that is no code
)

// OnSite says whether somebody is there now: checked in, not yet out.
func (s Signup) OnSite(now Instant, shift Shift) bool {
	return s.State == SignupCheckedIn && s.CheckedIn != 0 && s.CheckedIn <= now && (s.CheckedOut == 0 || s.OutBy == OutProposed)
}

// Goods are one line of what was handed out at a call.
type Goods struct {
	ID       int64
	TenantID int64 `gorm:"index"`
	CallID   int64 `gorm:"index"`
	Item     string
	Number   int
	Value    int64 // cents, of all of them together; 0 = not given
	ByID     int64 // who wrote it down
	At       Instant
}

func (Goods) TableName() string { return "call_goods" }

func (g *Goods) Thing() (string, int64) { return "goods", g.ID }

func (g *Goods) Facts() map[string]any {
	return map[string]any{"call": g.CallID, "number": g.Number, "value": g.Value, "by": g.ByID, "at": g.At}
}

func (g *Goods) Words() map[string]Word { return map[string]Word{"item": {Text: g.Item}} }

// States of a walk-in's wish.
const (
	WalkInAsked   = "asked"
	WalkInTaken   = "taken"
	WalkInRefused = "refused"
)

// WalkIn is somebody who sent a call's on-site code without having a place:
// the organizer takes them on the roll, or does not.
type WalkIn struct {
	ID       int64
	TenantID int64 `gorm:"index"`
	CallID   int64 `gorm:"index"`
	ShiftID  int64 `gorm:"uniqueIndex:call_walkins_one"`
	PersonID int64 `gorm:"uniqueIndex:call_walkins_one"`
	State    string
	At       Instant // when the code came: their check-in, when they are taken
	ByID     int64   // who decided
}

func (WalkIn) TableName() string { return "call_walkins" }

func (w *WalkIn) Thing() (string, int64) { return "walkin", w.ID }

func (w *WalkIn) Facts() map[string]any {
	return map[string]any{"call": w.CallID, "shift": w.ShiftID, "person": w.PersonID, "state": w.State, "at": w.At, "by": w.ByID}
}

func (w *WalkIn) Words() map[string]Word { return nil }

// OnsiteCode is a code that says who sends it is on site.
type OnsiteCode struct {
	ID       int64
	TenantID int64
	CallID   int64
	Code     string
	ByID     int64
	MadeAt   Instant
	UntilAt  Instant
}

func (OnsiteCode) TableName() string { return "call_codes" }

// CheckinTry is one wrong code; only their number in an hour matters.
type CheckinTry struct {
	ID       int64
	TenantID int64
	PersonID int64
	At       Instant
}

func (CheckinTry) TableName() string { return "checkin_tries" }

// SignupArgsOf reads why a message about somebody's places was sent.
func SignupArgsOf(m Message) SignupArgs {
	var args SignupArgs
	if len(m.Args) > 0 && json.Unmarshal(m.Args, &args) != nil {
		return SignupArgs{} // not written by us: nothing is known of it
	}
	return args
}

// ContestArgs say who took the roll that is said to be wrong.
type ContestArgs struct {
	Person int64 `json:"person"`
}
