package models

import (
	"slices"
	"time"
)

// Board is everything of one call, as it stands at Now: the rules about places
// read it and change it, and note what they changed. It belongs to one
// decision and is thrown away after it.
type Board struct {
	Call    *Call
	Shifts  []*Shift
	Roles   []*Role
	Signups []*Signup // one a person and shift, withdrawn ones too
	Now     Instant
	// TimesOf says when a person may be asked. It is only called for those
	// whose turn it is.
	TimesOf func(personID int64) Times

	changed []*Signup
	notices []Notice
	places  *places          // where rows are; shared between boards, never changed
	tallies map[int64]*tally // by role; nil = to be counted
	counted int              // how many rows they count
}

// NoticeKind is something a person has to be told about their sign-up.
type NoticeKind string

const (
	NoticeConfirmed  NoticeKind = "confirmed"  // has a place by their own act
	NoticeWaitlisted NoticeKind = "waitlisted" // waits, by their own act
	NoticePromoted   NoticeKind = "promoted"   // moved up
	NoticeOffered    NoticeKind = "offered"    // a place is held for them, or open to the first
	NoticeHeld       NoticeKind = "held"       // a place is held: they were put on a list
	NoticeTaken      NoticeKind = "taken"      // the place they were asked about has gone
	NoticePassed     NoticeKind = "passed"     // the party does not fit; told once
	NoticeLapsed     NoticeKind = "lapsed"     // did not answer in time
	NoticeWithdrawn  NoticeKind = "withdrawn"  // gave it up
	NoticeChanged    NoticeKind = "changed"    // party, lateness: their message shows it
	NoticeMoved      NoticeKind = "moved"      // time or place changed, asked again
	NoticeHanded     NoticeKind = "handed"     // gave it to somebody by name, who said yes
	NoticeTookOver   NoticeKind = "took_over"  // took somebody's place over
)

// Notice is one thing to tell.
type Notice struct {
	Kind   NoticeKind
	Signup *Signup
}

// Changed gives the sign-ups changed since the board was loaded, each once, in
// the order of change.
func (b *Board) Changed() []*Signup { return b.changed }

// Notices gives what is to be told, in order.
func (b *Board) Notices() []Notice { return b.notices }

// Role, Shift and Signup find a row by id, nil when it is not of this call.
func (b *Board) Role(id int64) *Role {
	for _, r := range b.Roles {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Shift finds a shift by id.
func (b *Board) Shift(id int64) *Shift {
	for _, s := range b.Shifts {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Signup finds a sign-up by id.
func (b *Board) Signup(id int64) *Signup { return b.byID(id) }

// Of is the sign-up of a person for a shift, nil when there never was one.
func (b *Board) Of(personID, shiftID int64) *Signup {
	if i := b.where(personID, shiftID); i >= 0 {
		return b.Signups[i]
	}
	return nil
}

// Mine are a person's active sign-ups in this call, by start.
func (b *Board) Mine(personID int64) []*Signup {
	var out []*Signup
	for _, shift := range b.Shifts {
		if s := b.Of(personID, shift.ID); s != nil && s.Active() {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(x, y *Signup) int { return b.Shift(x.ShiftID).Seq - b.Shift(y.ShiftID).Seq })
	return out
}

// RolesOf are the roles of a shift, in order.
func (b *Board) RolesOf(shiftID int64) []*Role {
	var out []*Role
	for _, r := range b.Roles {
		if r.ShiftID == shiftID {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(x, y *Role) int { return x.Seq - y.Seq })
	return out
}

// Taken is how many people have places in a role, guests included; who came
// without one fills none.
func (b *Board) Taken(roleID int64) int { return b.of(roleID).taken }

// Held is how many places are kept for people who were offered them.
func (b *Board) Held(roleID int64) int { return b.of(roleID).held }

// Free is how many places a new sign-up may take, never below 0.
func (b *Board) Free(roleID int64) int {
	return max(0, b.Role(roleID).Most-b.Taken(roleID)-b.Held(roleID))
}

// Waiting are those in the line of a role, in order, those with an offer
// included.
func (b *Board) Waiting(roleID int64) []*Signup {
	line := b.of(roleID).line
	if len(line) == 0 {
		return nil
	}
	out := make([]*Signup, len(line))
	for i, at := range line {
		out[i] = b.Signups[at]
	}
	return out
}

// Waits is how many are in the line of a role.
func (b *Board) Waits(roleID int64) int { return len(b.of(roleID).line) }

// Front is the beginning of a role's line, at most n of it: whose sign-ups they
// are, in order.
func (b *Board) Front(roleID int64, n int) []*Signup {
	line := b.of(roleID).line
	out := make([]*Signup, 0, min(n, len(line)))
	for _, at := range line[:min(n, len(line))] {
		out = append(out, b.Signups[at])
	}
	return out
}

// Position is the place of a waiting sign-up in its line, from 1; 0 when it
// does not wait.
func (b *Board) Position(s *Signup) int {
	if s == nil {
		return 0
	}
	for i, at := range b.of(s.RoleID).line {
		if b.Signups[at] == s {
			return i + 1
		}
	}
	return 0
}

// Start and End are the call's first start and last end.
func (b *Board) Start() Instant {
	var start Instant
	for _, s := range b.Shifts {
		if start == 0 || s.StartAt < start {
			start = s.StartAt
		}
	}
	return start
}

// End is when the last shift ends.
func (b *Board) End() Instant {
	var end Instant
	for _, s := range b.Shifts {
		end = max(end, s.EndAt)
	}
	return end
}

// Full says whether every role of every shift is at its most.
func (b *Board) Full() bool {
	for _, r := range b.Roles {
		if b.Taken(r.ID) < r.Most {
			return false
		}
	}
	return len(b.Roles) > 0
}

// AtRisk says whether a role has fewer than its least.
func (b *Board) AtRisk(r *Role) bool { return b.Taken(r.ID) < r.Least }

// Settle brings the call to rest after a change: places that are free go to
// those who wait, and open and filled follow the numbers. It tells whether the
// call itself changed.
func (b *Board) Settle() (bool, error) {
	if b.Call.Live() {
		for _, r := range b.Roles {
			if err := b.promote(r); err != nil {
				return false, err
			}
		}
	}
	if !b.Call.Taking() {
		return false, nil
	}
	want := CallOpen
	if b.Full() {
		want = CallFilled
	}
	if want == b.Call.State {
		return false, nil
	}
	b.Call.State = want
	if want == CallFilled && b.Call.FilledAt == 0 {
		b.Call.FilledAt = b.Now
	}
	return true, nil
}

// touch notes that a row is another one now: what is counted is counted anew.
// A rule that changes a row touches it before it asks the board again.
func (b *Board) touch(s *Signup) {
	b.recount()
	if !slices.Contains(b.changed, s) {
		b.changed = append(b.changed, s)
	}
}

// recount has everything counted anew when it is next asked for.
func (b *Board) recount() { b.tallies = nil }

func (b *Board) tell(kind NoticeKind, s *Signup) { b.notices = append(b.notices, Notice{kind, s}) }

func (b *Board) move(s *Signup, to SignupState) error {
	if err := s.move(to, b.Now); err != nil {
		return err
	}
	b.touch(s)
	return nil
}

// endOfLine and headOfLine give the next order numbers of a role's line.
func (b *Board) endOfLine(roleID int64) int64 { return b.of(roleID).last + 1 }

func (b *Board) headOfLine(roleID int64) int64 {
	if t := b.of(roleID); t.any {
		return t.first - 1
	}
	return 0
}

// Ahead is how long until a shift starts.
func (b *Board) ahead(roleID int64) time.Duration {
	return b.Shift(b.Role(roleID).ShiftID).StartAt.Sub(b.Now)
}

// RiskAhead is from when before its start a role below its least is a matter
// to speak of, and leaving is leaving late: a day is what is left to find
// others. A call posted for next week is not at risk because it is new.
const RiskAhead = 24 * time.Hour
