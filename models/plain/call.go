// Package plain is a volunteer call as the contract's sentences tell it: lists
// of names, walked from end to end. It shares nothing with the rules in models
// but the words of their answers, is slow, and is meant to be read beside the
// contract. Tests play random lives of calls on it and under the rules, and
// look for a difference.
package plain

import (
	"fmt"
	"slices"
	"time"

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

// join: never more than the most, guests count, a party that does not fit waits
// whole, one place a person and shift, no overlapping shifts.
func (c *Call) join(person, role int64, guests int, said bool) string {
	r := c.role(role)
	s := c.spot(person, r.shift)
	if s != nil && s.active() {
		return c.joinAgain(s, r, guests, said)
	}
	switch {
	case c.shut() != "":
		return c.shut()
	case c.now >= c.shift(r.shift).end:
		return "error.shift_over"
	case c.tooMany(r, guests) != "":
		return c.tooMany(r, guests)
	case c.overlaps(person, r.shift):
		return "error.overlap"
	}
	if s == nil {
		s = &spot{person: person, shift: r.shift}
		c.spots = append(c.spots, s)
	}
	*s = spot{person: person, shift: r.shift, role: role, guests: guests, state: s.state, unchecked: c.unchecked(person, r)}
	c.toEnd(s, role)
	free := c.free(role)
	if !s.unchecked && 1+guests <= free {
		c.confirm(s)
		c.tell(models.NoticeConfirmed, s)
		return ""
	}
	c.wait(s)
	s.passed = !s.unchecked && guests > 0 && free > 0 // they hear now that it does not fit
	c.tell(models.NoticeWaitlisted, s)
	return ""
}

// unchecked says whether a role wants a verified skill and somebody's is not.
func (c *Call) unchecked(person int64, r *role) bool {
	return r.verified && !c.skill[fmt.Sprint(person, " ", r.name)]
}

func (c *Call) tooMany(r *role, guests int) string {
	switch {
	case guests < 0 || guests > c.guests:
		return "error.too_many_guests"
	case r.most > 0 && 1+guests > r.most:
		return "error.party_too_big"
	}
	return ""
}

func (c *Call) overlaps(person, shift int64) bool {
	a := c.shift(shift)
	for _, s := range c.spots {
		b := c.shift(s.shift)
		if s.person == person && s.active() && s.shift != shift && a.start < b.end && b.start < a.end {
			return true
		}
	}
	return false
}

// joinAgain is a yes of somebody who is in the shift: the latest act wins.
func (c *Call) joinAgain(s *spot, r *role, guests int, said bool) string {
	switch {
	case s.role == r.id && s.state == models.SignupOffered:
		if said && guests != s.guests {
			if no := c.party(s, guests); no != "" {
				return no
			}
		}
		return c.accept(s)
	case s.role == r.id && said && guests != s.guests:
		return c.party(s, guests)
	case s.role == r.id:
		return "" // nothing new, nothing said
	case s.in(models.SignupCheckedIn, models.SignupDone):
		return "error.checked_in"
	case c.shut() != "":
		return c.shut()
	}
	if !said {
		guests = s.guests
	}
	if no := c.tooMany(r, guests); no != "" {
		return no
	}
	fits := 1+guests <= c.free(r.id) && !c.unchecked(s.person, r)
	if s.state == models.SignupConfirmed && !fits {
		return "error.switch_full" // the old place is kept until the new one is there
	}
	s.role, s.guests, s.unchecked, s.passed = r.id, guests, c.unchecked(s.person, r), false
	c.toEnd(s, r.id)
	if fits {
		c.confirm(s)
		c.tell(models.NoticeConfirmed, s)
		return ""
	}
	c.wait(s)
	c.tell(models.NoticeWaitlisted, s)
	return ""
}

// party: a place grows only into what is free; a turn in the line is kept.
func (c *Call) party(s *spot, guests int) string {
	if s.in(models.SignupCheckedIn, models.SignupDone, models.SignupNoShow, models.SignupWithdrawn) {
		return "error.checked_in"
	}
	if no := c.tooMany(c.role(s.role), guests); no != "" {
		return no
	}
	if more := guests - s.guests; more > 0 {
		if c.shut() != "" {
			return c.shut()
		}
		if (s.state == models.SignupConfirmed || s.state == models.SignupOffered && !s.race) && more > c.free(s.role) {
			return "error.party_no_room"
		}
	}
	s.guests, s.passed = guests, false
	c.tell(models.NoticeChanged, s)
	return ""
}

func (c *Call) leave(s *spot) string {
	switch {
	case s.state == models.SignupWithdrawn:
		return ""
	case s.in(models.SignupCheckedIn, models.SignupDone, models.SignupNoShow):
		return "error.checked_in"
	case !c.live():
		return c.shut()
	}
	c.withdraw(s)
	c.tell(models.NoticeWithdrawn, s)
	return ""
}

// undo: a place given back is mine again if still free, else I am first in line.
// Who waited has their turn again; a refused offer rejoins at the end.
func (c *Call) undo(s *spot) string {
	switch {
	case s.state != models.SignupWithdrawn:
		c.tell(models.NoticeChanged, s)
		return ""
	case !c.live():
		return c.shut()
	case c.now >= c.shift(s.shift).end && c.shut() != "":
		return c.shut()
	case c.now >= c.shift(s.shift).end:
		return "error.shift_over"
	case c.overlaps(s.person, s.shift):
		return "error.overlap"
	}
	if s.was == models.SignupConfirmed && 1+s.guests <= c.free(s.role) {
		c.confirm(s)
		c.tell(models.NoticeConfirmed, s)
		return ""
	}
	switch s.was {
	case models.SignupConfirmed:
		c.toFront(s, s.role)
	case models.SignupOffered:
		c.toEnd(s, s.role)
	}
	c.wait(s)
	c.tell(models.NoticeWaitlisted, s)
	return ""
}

// accept: the place is theirs while it is there and the clock runs; else they
// wait where they stood.
func (c *Call) accept(s *spot) string {
	if s.state == models.SignupConfirmed {
		c.tell(models.NoticeChanged, s)
		return ""
	}
	if s.state != models.SignupOffered || !c.live() {
		if c.shut() != "" {
			return c.shut()
		}
		return "error.offer_gone"
	}
	if c.now >= s.until {
		return "error.offer_gone"
	}
	room := c.role(s.role).most - c.taken(s.role, false)
	if s.race { // nothing is held for them, but it may be for others
		room = c.free(s.role)
	}
	if 1+s.guests > room {
		c.wait(s)
		c.tell(models.NoticeTaken, s)
		return ""
	}
	c.confirm(s)
	c.tell(models.NoticeConfirmed, s)
	return ""
}

func (c *Call) decline(s *spot) string {
	if s.state != models.SignupOffered {
		return c.leave(s)
	}
	c.withdraw(s)
	c.tell(models.NoticeWithdrawn, s)
	return ""
}

// check: somebody whose skill was looked at has a free place at once.
func (c *Call) check(s *spot, fine bool) string {
	switch {
	case !s.unchecked || !s.waits():
		return ""
	case !c.live():
		return c.shut()
	case !fine:
		c.withdraw(s)
		c.tell(models.NoticeWithdrawn, s)
		return ""
	}
	s.unchecked = false
	c.skill[fmt.Sprint(s.person, " ", c.role(s.role).name)] = true
	if 1+s.guests <= c.free(s.role) {
		c.confirm(s)
		c.tell(models.NoticePromoted, s)
		return ""
	}
	c.tell(models.NoticeChanged, s)
	return ""
}

// come is "I can still come".
func (c *Call) come(s *spot) string {
	switch {
	case s.state == models.SignupOffered:
		return c.accept(s)
	case !s.active():
		return "error.not_signed_up"
	}
	s.again, s.yes = 0, c.now
	c.tell(models.NoticeChanged, s)
	return ""
}

// need: raised lets people move up, lowered throws nobody out.
func (c *Call) need(name string, least, most int) {
	for _, r := range c.roles {
		if r.name == name {
			r.least, r.most = least, most
		}
	}
}

// moveTo: a start moved by over an hour asks everybody again, who keep their
// place.
func (c *Call) moveTo(when []models.Span) {
	for i := range c.shifts {
		sh := &c.shifts[i]
		far := when[i].Start.Sub(sh.start).Abs() > time.Hour
		sh.start, sh.end = when[i].Start, when[i].End
		for _, s := range c.spots {
			if far && s.shift == sh.id && (s.state == models.SignupConfirmed || s.waits()) {
				if s.again != c.now {
					c.tell(models.NoticeMoved, s)
				}
				s.again, s.yes = c.now, 0
			}
		}
	}
}

// recall takes open offers back: nobody loses their place or turn.
func (c *Call) recall() {
	for _, s := range c.spots {
		if s.state == models.SignupOffered {
			c.wait(s)
		}
	}
}

// lapse: an offer nobody answered in time is withdrawn.
func (c *Call) lapse() {
	for _, s := range c.spots {
		if s.state == models.SignupOffered && c.now >= s.until {
			c.withdraw(s)
			s.lapsed = true
			c.tell(models.NoticeLapsed, s)
		}
	}
}

// settle passes free places on, and says whether the call is filled.
func (c *Call) settle() {
	if c.live() {
		for _, r := range c.roles {
			c.passOn(r)
		}
	}
	if !c.taking() {
		return
	}
	c.state = models.CallFilled
	for _, r := range c.roles {
		if c.taken(r.id, false) < r.most {
			c.state = models.CallOpen
		}
	}
}

// passOn: more than 24 h before the start the next has it at once; later it is
// offered and held; under 3 h everybody waiting is asked, and the first yes has
// it. A party that does not fit is passed over, and told once.
func (c *Call) passOn(r *role) {
	start := c.shift(r.shift).start
	ahead := start.Sub(c.now)
	if ahead <= 0 {
		return
	}
	asked := c.free(r.id) // under 3 h: of this everybody is told
	for _, s := range c.inLine(r.id) {
		free := c.free(r.id)
		party := 1 + s.guests
		switch {
		case ahead < 3*time.Hour && s.state == models.SignupOffered && s.race && party > asked:
			c.wait(s)
			c.tell(models.NoticeTaken, s)
		case s.state != models.SignupWaitlisted || s.unchecked || free == 0:
		case party > free:
			if !s.passed {
				s.passed = true
				c.tell(models.NoticePassed, s)
			}
		case ahead < 3*time.Hour:
			s.state, s.race, s.until = models.SignupOffered, true, start
			c.tell(models.NoticeOffered, s)
		case ahead > 24*time.Hour:
			c.confirm(s)
			c.tell(models.NoticePromoted, s)
		default:
			if until, ok := clock(c.now, start, c.people[s.person]); ok {
				s.state, s.until = models.SignupOffered, until
				c.tell(models.NoticeOffered, s)
			}
		}
	}
}

// clock is until when a place is held: 2 h when more than 12 h are left,
// else 30 minutes, counting the minutes outside quiet hours and, more than 6 h
// ahead, inside windows. ok is false for who cannot be asked before the start.
func clock(now, start models.Instant, times models.Times) (until models.Instant, ok bool) {
	left := 30
	if start.Sub(now) > 12*time.Hour {
		left = 120
	}
	far := start.Sub(now) > 6*time.Hour
	for at := now; at < start; at = at.Add(time.Minute) {
		wall := at.In(times.Zone)
		minute := wall.Hour()*60 + wall.Minute()
		quiet := minute >= times.Rest.Start || minute < times.Rest.End // over midnight
		apart := far && len(times.Windows) > 0
		for _, w := range times.Windows {
			apart = apart && (minute < w.Start || minute >= w.End)
		}
		if quiet || apart {
			continue
		}
		ok = true
		if left == 0 {
			return at, true
		}
		left--
	}
	return start, ok
}

// end is when the last shift is over.
func (c *Call) end() models.Instant {
	end := models.Instant(0)
	for _, s := range c.shifts {
		end = max(end, s.end)
	}
	return end
}

// due does what has become due: the call is done when its last shift is over.
func (c *Call) due() {
	if !c.live() {
		return
	}
	if c.now >= c.end() {
		c.recall()
		c.state = models.CallDone
		return
	}
	c.lapse()
}
