package models

import (
	"strconv"
	"strings"
	"time"
)

// Kinds of calls.
const (
	CallRelief = "relief"
	CallCare   = "care"
	CallDuty   = "duty"
)

// CallState is what a call is at.
//
//	open ⇄ filled       every role of every shift at its most, or no longer
//	open, filled → closed → open, filled     by closing time or a press; reopen
//	open, filled, closed → cancelled → back  with a reason; undo
//	open, filled, closed → done              when the last shift has ended
type CallState string

const (
	CallOpen      CallState = "open"
	CallFilled    CallState = "filled"
	CallClosed    CallState = "closed"
	CallCancelled CallState = "cancelled"
	CallDone      CallState = "done"
)

// Call is a volunteer call: what, where, for whom. When and who is needed are
// its shifts and roles.
type Call struct {
	ID        int64
	TenantID  int64 `gorm:"uniqueIndex:calls_number"`
	Number    int   `gorm:"uniqueIndex:calls_number"` // shown as k12
	Title     string
	Kind      string // relief, care, duty
	State     CallState
	Place     string   // where
	Bring     string   // supplies, shown to those who sign up
	Private   string   // shown to those confirmed only
	Skills    []string `gorm:"serializer:json"` // needed to be asked directly
	GuestsMax int      // most guests a person may bring
	OpensAt   Instant  // 0 = at once
	ClosesAt  Instant  // 0 = with the last shift
	Urgent    bool
	Drill     bool
	Buddy     bool
	Ask       string  // "" nobody is asked directly, "auto", or "5 every 10m"
	SafetyMin int     // minutes between two safety ticks, 0 = none
	Audience  string  // an Audience as text: "all", "unit:3", "channel:C1"
	UnitID    int64   // whose call it is, 0 = the whole organisation's
	Channel   string  // Slack channel of the card
	Zone      string  // IANA zone the times were meant in
	Remind    []int   `gorm:"serializer:json"` // lead times in minutes, longest first
	Reason    string  // why it was cancelled
	HoldUntil Instant // the card waits until then (asked for in quiet hours), 0 = at once
	CreatorID int64   // person
	CreatedAt Instant
	FilledAt  Instant // first time it was filled; 0 = never
	ClosedAt  Instant
	EndedAt   Instant // cancelled or done
	Served    int     // people served, as the roll says
}

func (Call) TableName() string { return "calls" }

// Ref is the short number shown everywhere: k12.
func (c Call) Ref() string { return NumberCall + strconv.Itoa(c.Number) }

// Location is the zone the call's times are written in.
func (c Call) Location() *time.Location { return Zone(c.Zone) }

// Taking says whether sign-ups are taken in this state at all.
func (c Call) Taking() bool { return c.State == CallOpen || c.State == CallFilled }

// Live says whether places can still change hands.
func (c Call) Live() bool { return c.Taking() || c.State == CallClosed }

func (c *Call) Thing() (string, int64) { return "call", c.ID }

func (c *Call) Facts() map[string]any {
	return map[string]any{"number": c.Number, "kind": c.Kind, "state": c.State, "guests_max": c.GuestsMax,
		"opens_at": c.OpensAt, "closes_at": c.ClosesAt, "urgent": c.Urgent, "drill": c.Drill, "buddy": c.Buddy,
		"ask": c.Ask, "safety_min": c.SafetyMin, "audience": c.Audience, "unit": c.UnitID, "channel": c.Channel,
		"zone": c.Zone, "remind": c.Remind, "hold_until": c.HoldUntil, "creator": c.CreatorID,
		"served": c.Served, "created_at": c.CreatedAt, "filled_at": c.FilledAt, "closed_at": c.ClosedAt, "ended_at": c.EndedAt}
}

func (c *Call) Words() map[string]Word {
	words := map[string]Word{"title": {Text: c.Title}}
	for name, text := range map[string]string{"where": c.Place, "bring": c.Bring, "private": c.Private,
		"reason": c.Reason, "skills": strings.Join(c.Skills, ";")} {
		if text != "" {
			words[name] = Word{Text: text}
		}
	}
	return words
}

// Shift is one span of time of a call.
type Shift struct {
	ID       int64
	TenantID int64 `gorm:"index"`
	CallID   int64 `gorm:"index"`
	Seq      int   // 1, 2, 3 … by start
	StartAt  Instant
	EndAt    Instant // after StartAt
}

func (Shift) TableName() string { return "call_shifts" }

func (s *Shift) Thing() (string, int64) { return "shift", s.ID }

func (s *Shift) Facts() map[string]any {
	return map[string]any{"call": s.CallID, "seq": s.Seq, "start_at": s.StartAt, "end_at": s.EndAt}
}

func (s *Shift) Words() map[string]Word { return nil }

// Overlaps says whether two spans share a moment; touching ends do not.
func (s Shift) Overlaps(t Shift) bool { return s.StartAt < t.EndAt && t.StartAt < s.EndAt }

// Role is who is needed in one shift: a row for each (shift, role). Its id is
// the value of the join button.
type Role struct {
	ID       int64
	TenantID int64  `gorm:"index"`
	CallID   int64  `gorm:"index"`
	ShiftID  int64  `gorm:"index"`
	Seq      int    // order in the call
	Name     string // "" when only a number of people is needed
	Least    int    // below it the shift is at risk
	Most     int    // never more confirmed than this, guests included
	Verified bool   // only those whose skill was verified; others wait for a check
}

func (Role) TableName() string { return "call_roles" }

func (r *Role) Thing() (string, int64) { return "role", r.ID }

func (r *Role) Facts() map[string]any {
	return map[string]any{"call": r.CallID, "shift": r.ShiftID, "seq": r.Seq, "least": r.Least, "most": r.Most,
		"verified": r.Verified}
}

func (r *Role) Words() map[string]Word { return map[string]Word{"name": {Text: r.Name}} }

// Draft is a call not yet posted because something was asked back. It belongs
// to the one who wrote it and goes with the answer, or after a day.
type Draft struct {
	ID        int64
	TenantID  int64 `gorm:"index"`
	PersonID  int64
	Text      string      // as typed, when the time has to be read anew
	Spec      *CallSpec   `gorm:"serializer:json"`
	Study     *StudyDraft `gorm:"serializer:json"` // of a study instead
	Proof     []Proof     `gorm:"serializer:json"` // of a make-up instead: files that were sent before it was said for which
	Channel   string      // where it was typed
	Direct    bool
	CreatedAt Instant // the now it was typed at
}

func (Draft) TableName() string { return "call_drafts" }

// FoldName makes names of roles comparable: case, width and spaces ignored.
func FoldName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ', r == '\t', r == '\u3000':
			return -1
		case r >= 0xFF01 && r <= 0xFF5E: // full-width forms of ASCII
			r -= 0xFEE0
		}
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, strings.ToLower(s))
}
