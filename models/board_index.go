package models

import (
	"cmp"
	"slices"
	"sort"
)

// What makes a board with a thousand people on it as quick as one with ten:
// where each person's row is, and what each role comes to, kept from one
// decision to the next. Neither knows a rule; both say what a walk over all
// rows would say.

// spot is what there is one sign-up of.
type spot struct{ person, shift int64 }

// places say where in Board.Signups a person's row is. They cover the rows up
// to n; what came later is walked. Rows never leave a board or change person
// and shift, so that boards share them.
type places struct {
	n  int
	at map[spot]int32
}

// tally is what a role comes to.
type tally struct {
	taken, held int
	first, last int64   // order numbers in use; both 0 when nobody was ever in it
	any         bool    // somebody was in it once
	line        []int32 // who waits, in order, as positions in Board.Signups
}

// walkAtMost is how many rows past the index are walked before it is made anew:
// that costs some hundred steps a row, so it pays to do it seldom.
const walkAtMost = 64

func (b *Board) indexed() *places {
	p := &places{n: len(b.Signups), at: make(map[spot]int32, len(b.Signups))}
	for i, s := range b.Signups {
		p.at[spot{s.PersonID, s.ShiftID}] = int32(i)
	}
	return p
}

// where is the position of a person's row for a shift, -1 when there is none.
func (b *Board) where(personID, shiftID int64) int {
	from := 0
	if b.places != nil && b.places.n <= len(b.Signups) {
		if i, ok := b.places.at[spot{personID, shiftID}]; ok {
			return int(i)
		}
		from = b.places.n
	}
	for i := from; i < len(b.Signups); i++ {
		if s := b.Signups[i]; s.PersonID == personID && s.ShiftID == shiftID {
			return i
		}
	}
	return -1
}

// byID finds a row; those the index covers were loaded in the order of their ids.
func (b *Board) byID(id int64) *Signup {
	from := 0
	if b.places != nil && b.places.n <= len(b.Signups) {
		from = b.places.n
		i := sort.Search(from, func(i int) bool { return b.Signups[i].ID >= id })
		if i < from && b.Signups[i].ID == id {
			return b.Signups[i]
		}
	}
	for _, s := range b.Signups[from:] {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// of is the tally of a role as things stand. It is counted anew after touch,
// which whoever changes a row calls before asking again.
func (b *Board) of(roleID int64) *tally {
	if b.tallies == nil || b.counted != len(b.Signups) {
		b.count()
	}
	if t := b.tallies[roleID]; t != nil {
		return t
	}
	return &tally{}
}

func (b *Board) count() {
	all := make(map[int64]*tally, len(b.Roles))
	for i, s := range b.Signups {
		t := all[s.RoleID]
		if t == nil {
			t = &tally{first: s.Line, last: max(0, s.Line)}
			all[s.RoleID] = t
		}
		t.any = true
		t.first, t.last = min(t.first, s.Line), max(t.last, s.Line)
		switch {
		case s.Holds():
			if !s.WalkIn { // came without a place, and fills none
				t.taken += s.Party()
			}
		case s.Waits():
			t.line = append(t.line, int32(i))
			if s.State == SignupOffered && !s.Race {
				t.held += s.Party()
			}
		}
	}
	before := func(x, y int32) int {
		a, b := b.Signups[x], b.Signups[y]
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.ID, b.ID))
	}
	for _, t := range all {
		if !slices.IsSortedFunc(t.line, before) { // mostly people wait in the order they came
			slices.SortFunc(t.line, before)
		}
	}
	b.tallies, b.counted = all, len(b.Signups)
}

// Copy is a board to decide on: its rows may be changed, b's stay as they are.
func (b *Board) Copy() *Board {
	c := *b
	c.changed, c.notices, c.TimesOf = nil, nil, nil
	call := *b.Call
	c.Call = &call
	c.Shifts, c.Roles, c.Signups = copies(b.Shifts), copies(b.Roles), copies(b.Signups)
	return &c
}

// copies are the same values in one new block.
func copies[T any](from []*T) []*T {
	block, to := make([]T, len(from)), make([]*T, len(from))
	for i, v := range from {
		block[i] = *v
		to[i] = &block[i]
	}
	return to
}

// Shared is b ready to be read by several at once and never changed again: all
// that is counted is counted now.
func (b *Board) Shared() *Board {
	c := *b
	c.changed, c.notices, c.TimesOf = nil, nil, nil
	if c.places == nil || len(c.Signups)-c.places.n > walkAtMost {
		c.places = c.indexed()
	}
	c.count()
	return &c
}

// With is a shared board after rows were written: those it has are replaced,
// the others come last. call is the call as it was written, nil when it was not.
// Nothing of b changes.
func (b *Board) With(call *Call, rows []Signup) *Board {
	c := *b
	if call != nil {
		written := *call
		c.Call = &written
	}
	c.Signups = slices.Grow(slices.Clone(b.Signups), 1)
	for _, row := range rows {
		if i := c.where(row.PersonID, row.ShiftID); i >= 0 {
			c.Signups[i] = &row
		} else {
			c.Signups = append(c.Signups, &row)
		}
	}
	return c.Shared()
}
