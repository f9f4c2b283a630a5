// Package plain is a volunteer call as the contract's sentences tell it: lists
// of names, walked from end to end. It shares nothing with the rules in models
// but the words of their answers, is slow, and is meant to be read beside the
// contract. Tests play random lives of calls on it and under the rules, and
// look for a difference.
package plain

import (
	"fmt"
	"slices"

	"muster/models"
)

// Call is one call and everybody on it.
type Call struct {
	now    models.Instant
	state  models.CallState
	guests int // most a person may bring
	shifts []shift
	roles  []*role
	spots  []*spot
	people map[int64]models.Times
	skill  map[string]bool // "person name of role": somebody else vouched for it
	told   []string        // notices of the last act
}

type shift struct {
	id         int64
	start, end models.Instant
}

type role struct {
	id, shift   int64
	name        string
	least, most int
	verified    bool
	line        []*spot // everybody who ever stood in it, in order
}

// spot is what a person is for one shift.
type spot struct {
	person, shift, role int64
	state               models.SignupState
	guests              int
	until               models.Instant // of an offer
	race, unchecked     bool
	passed, lapsed      bool
	again, yes          models.Instant
	was                 models.SignupState
	late                int
}

func (c *Call) shift(id int64) shift {
	for _, s := range c.shifts {
		if s.id == id {
			return s
		}
	}
	panic("no such shift")
}

func (c *Call) role(id int64) *role {
	for _, r := range c.roles {
		if r.id == id {
			return r
		}
	}
	panic("no such role")
}

func (c *Call) spot(person, shift int64) *spot {
	for _, s := range c.spots {
		if s.person == person && s.shift == shift {
			return s
		}
	}
	return nil
}

func (s *spot) in(states ...models.SignupState) bool { return slices.Contains(states, s.state) }

func (s *spot) waits() bool { return s.in(models.SignupWaitlisted, models.SignupOffered) }
func (s *spot) active() bool {
	return s.in(models.SignupConfirmed, models.SignupCheckedIn, models.SignupDone) || s.waits()
}

// taken counts the people with places in a role, guests included; kept also
// those for whom one is held.
func (c *Call) taken(role int64, kept bool) int {
	n := 0
	for _, s := range c.spots {
		if s.role == role && (s.in(models.SignupConfirmed, models.SignupCheckedIn, models.SignupDone) || kept && s.state == models.SignupOffered && !s.race) {
			n += 1 + s.guests
		}
	}
	return n
}

func (c *Call) free(role int64) int { return max(0, c.role(role).most-c.taken(role, true)) }

// inLine are those who wait for a role, in order.
func (c *Call) inLine(role int64) []*spot {
	var out []*spot
	for _, s := range c.role(role).line {
		if s.role == role && s.waits() {
			out = append(out, s)
		}
	}
	return out
}

func (c *Call) toEnd(s *spot, role int64) {
	c.outOfLines(s)
	c.role(role).line = append(c.role(role).line, s)
}

func (c *Call) toFront(s *spot, role int64) {
	c.outOfLines(s)
	c.role(role).line = slices.Insert(c.role(role).line, 0, s)
}

func (c *Call) outOfLines(s *spot) {
	for _, r := range c.roles {
		r.line = slices.DeleteFunc(r.line, func(x *spot) bool { return x == s })
	}
}

func (c *Call) tell(kind models.NoticeKind, s *spot) {
	c.told = append(c.told, fmt.Sprintf("%s %d/%d", kind, s.person, s.shift))
}

func (c *Call) live() bool   { return c.taking() || c.state == models.CallClosed }
func (c *Call) taking() bool { return c.state == models.CallOpen || c.state == models.CallFilled }

// shut says why nobody can sign up now, "" when they can.
func (c *Call) shut() string {
	return map[models.CallState]string{models.CallCancelled: "error.call_cancelled", models.CallDone: "error.call_done", models.CallClosed: "error.call_closed"}[c.state]
}

func (c *Call) confirm(s *spot) {
	s.state, s.until, s.race = models.SignupConfirmed, 0, false
}

func (c *Call) wait(s *spot) { s.state, s.until, s.race = models.SignupWaitlisted, 0, false }

func (c *Call) withdraw(s *spot) {
	s.was, s.state, s.until, s.race, s.again, s.lapsed = s.state, models.SignupWithdrawn, 0, false, 0, false
}
