package plain

import (
	"fmt"

	"muster/models"
)

// What people do about their own places.

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

// hand: a place given to somebody by name, who has said yes, is theirs, and only
// theirs: guests do not come along.
func (c *Call) hand(s *spot, to int64) string {
	r := c.role(s.role)
	has := c.spot(to, s.shift)
	switch {
	case c.state == models.CallCancelled || c.state == models.CallDone:
		return c.shut()
	case s.state != models.SignupConfirmed:
		return "error.handover_no_place"
	case c.now >= c.shift(s.shift).start:
		return "error.handover_begun"
	case to == s.person:
		return "error.handover_self"
	case has != nil && has.active() && !has.waits():
		return "error.handover_has"
	case c.unchecked(to, r):
		return "error.handover_skill"
	case c.overlaps(to, s.shift):
		return "error.handover_busy"
	}
	if has == nil {
		has = &spot{person: to, shift: s.shift}
		c.spots = append(c.spots, has)
	}
	c.withdraw(s)
	*has = spot{person: to, shift: s.shift, role: s.role, state: models.SignupConfirmed, yes: c.now}
	c.toEnd(has, s.role)
	c.tell(models.NoticeHanded, s)
	c.tell(models.NoticeTookOver, has)
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
