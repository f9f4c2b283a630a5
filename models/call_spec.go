package models

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Limits of a call, our own: what a card and its buttons can bear, and what
// nobody means. Texts are cut where they are shown, not here.
const (
	MaxShifts  = 60
	MaxRoles   = 30
	MaxPairs   = 200
	MaxPlaces  = 10000
	MaxCallTxt = 10000
)

// DefaultGuests is how many guests a person may bring when nothing was said.
const DefaultGuests = 3

// DefaultShift is how long a shift is taken to last when only a start is given.
const DefaultShift = 2 * time.Hour

// Span is from when to when; End 0 when only a start was said.
type Span struct{ Start, End Instant }

// Need is how many are wanted in a role of each shift.
type Need struct {
	Role        string
	Least, Most int
	Verified    bool
}

// Limit is an instant, or (At zero) a time before the first start.
type Limit struct {
	At     Instant
	Before time.Duration
}

// Of is the limit for a call that starts then.
func (l *Limit) Of(start Instant) Instant {
	switch {
	case l == nil:
		return 0
	case l.At != 0:
		return l.At
	}
	return start.Add(-l.Before)
}

// CallSpec is what somebody wrote about a call, understood but not yet posted.
// Set holds the English keys that were given; in an edit only those count.
type CallSpec struct {
	Title   string
	Kind    string
	When    []Span
	Where   string
	Need    []Need
	Skill   []string
	Bring   string
	Private string
	Opens   *Limit
	Close   *Limit
	Guests  *int
	Urgent  bool
	Drill   bool
	Buddy   bool
	Ask     string
	Safety  *time.Duration
	For     string
	Remind  []time.Duration
	Zone    string
	Set     map[string]bool
}

// DefaultReminders are the lead times when none were given, in minutes.
var DefaultReminders = []int{24 * 60, 60}

// defaultSafety is the time between ticks of a relief call.
const defaultSafety = 60

// NewCall makes the rows of a call from what was written: the call, its shifts
// and, for each shift, its roles (ShiftID holds the shift's Seq until stored).
func NewCall(spec CallSpec, now Instant) (Call, []Shift, []Role, error) {
	if err := spec.check(now); err != nil {
		return Call{}, nil, nil, err
	}
	shifts := spec.shifts()
	c := Call{Title: strings.TrimSpace(spec.Title), Kind: spec.Kind, State: CallOpen, Place: spec.Where, Bring: spec.Bring,
		Private: spec.Private, Skills: spec.Skill, GuestsMax: DefaultGuests, Urgent: spec.Urgent, Drill: spec.Drill,
		Buddy: spec.Buddy, Ask: spec.Ask, Zone: spec.Zone, Remind: DefaultReminders, CreatedAt: now}
	if c.Kind == "" {
		c.Kind = CallCare
	}
	if spec.Guests != nil {
		c.GuestsMax = *spec.Guests
	}
	if c.Urgent && c.Ask == "" && !spec.Set["ask"] {
		c.Ask = "auto"
	}
	if c.Kind == CallRelief {
		c.SafetyMin = defaultSafety
	}
	if spec.Safety != nil {
		c.SafetyMin = int(*spec.Safety / time.Minute)
	}
	if spec.Set["remind"] {
		c.Remind = leadMinutes(spec.Remind)
	}
	start := shifts[0].StartAt
	c.OpensAt, c.ClosesAt = spec.Opens.Of(start), spec.Close.Of(start)
	if err := c.checkLimits(shifts, now); err != nil {
		return Call{}, nil, nil, err
	}
	var roles []Role
	for _, s := range shifts {
		for i, n := range spec.needs() {
			roles = append(roles, Role{ShiftID: int64(s.Seq), Seq: i + 1, Name: n.Role, Least: n.Least, Most: n.Most, Verified: n.Verified})
		}
	}
	return c, shifts, roles, nil
}

func (spec CallSpec) check(now Instant) error {
	if strings.TrimSpace(spec.Title) == "" {
		return refuseField("title", "error.call_no_title")
	}
	if len([]rune(spec.Title)) > MaxCallTxt {
		return refuseField("title", "error.call_too_long", "Max", MaxCallTxt)
	}
	if len(spec.When) == 0 {
		return refuseField("when", "error.call_no_when")
	}
	if len(spec.When) > MaxShifts {
		return refuseField("when", "error.call_shifts", "Max", MaxShifts)
	}
	for _, s := range spec.shifts() {
		if s.EndAt <= now {
			return refuseField("when", "error.call_past")
		}
		if s.EndAt <= s.StartAt {
			return refuseField("when", "error.call_backwards")
		}
	}
	if err := checkNeeds(spec.needs(), len(spec.When)); err != nil {
		return err
	}
	if spec.Guests != nil && (*spec.Guests < 0 || *spec.Guests > 100) {
		return refuseField("guests", "error.call_guests")
	}
	return nil
}

func checkNeeds(needs []Need, shifts int) error {
	if len(needs) == 0 {
		return refuseField("need", "error.call_no_need")
	}
	if len(needs) > MaxRoles || len(needs)*shifts > MaxPairs {
		return refuseField("need", "error.call_roles", "Max", MaxPairs)
	}
	seen := map[string]bool{}
	for _, n := range needs {
		if n.Most < 1 || n.Most > MaxPlaces || n.Least < 0 || n.Least > n.Most {
			return refuseField("need", "error.call_need", "Part", fmt.Sprintf("%s %d", n.Role, n.Most))
		}
		if seen[FoldName(n.Role)] {
			return refuseField("need", "error.call_role_twice", "Part", n.Role)
		}
		seen[FoldName(n.Role)] = true
	}
	return nil
}

func (c Call) checkLimits(shifts []Shift, now Instant) error {
	var end Instant
	for _, s := range shifts {
		end = max(end, s.EndAt)
	}
	if c.ClosesAt != 0 && c.ClosesAt <= now {
		return refuseField("close", "error.call_close_past")
	}
	if c.ClosesAt != 0 && c.ClosesAt > end {
		return refuseField("close", "error.call_close_late")
	}
	if c.OpensAt != 0 && (c.OpensAt >= end || c.ClosesAt != 0 && c.OpensAt >= c.ClosesAt) {
		return refuseField("opens", "error.call_opens_late")
	}
	return nil
}

func refuseField(field, key string, pairs ...any) error {
	e := Refuse(CodeInvalid, key, pairs...)
	e.Field = field
	return e
}

// shifts are the spans in order of start, numbered, with an end.
func (spec CallSpec) shifts() []Shift {
	out := make([]Shift, 0, len(spec.When))
	for _, w := range spec.When {
		if w.End == 0 {
			w.End = w.Start.Add(DefaultShift)
		}
		out = append(out, Shift{StartAt: w.Start, EndAt: w.End})
	}
	slices.SortStableFunc(out, func(a, b Shift) int { return int(max(-1, min(1, a.StartAt-b.StartAt))) })
	for i := range out {
		out[i].Seq = i + 1
	}
	return out
}

func (spec CallSpec) needs() []Need {
	out := slices.Clone(spec.Need)
	for i := range out {
		out[i].Role = strings.TrimSpace(out[i].Role)
	}
	return out
}

func leadMinutes(leads []time.Duration) []int {
	out := []int{}
	for _, d := range leads {
		if m := int(d / time.Minute); m > 0 && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

// Leads are the call's lead times.
func (c Call) Leads() []time.Duration {
	out := make([]time.Duration, len(c.Remind))
	for i, m := range c.Remind {
		out[i] = durationOf(m)
	}
	return out
}

func durationOf(minutes int) time.Duration { return time.Duration(minutes) * time.Minute }

// RemindersOf are the moments at which somebody with a place is reminded of a
// shift: the lead times, moved earlier out of their quiet hours.
func RemindersOf(c Call, s Shift, times Times, now Instant) []Instant {
	times.Windows = nil // a shift is a promise given; only quiet hours move its reminders
	var out []Instant
	for _, p := range times.Plan(s.StartAt, c.Leads(), now) {
		out = append(out, p.At)
	}
	return out
}
