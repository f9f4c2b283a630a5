package plain

import (
	"time"

	"muster/models"
)

// What organizers and time do, and how places are passed on.

// hold: who is put on a list has a place held until a day before the start;
// nearer than that, as long as an offer. It is their own yes that takes it.
func (c *Call) hold(person, role int64, guests int) string {
	r := c.role(role)
	start := c.shift(r.shift).start
	switch {
	case c.shut() != "":
		return c.shut()
	case c.tooMany(r, guests) != "":
		return c.tooMany(r, guests)
	case 1+guests > c.free(role):
		return "error.party_no_room"
	}
	s := c.spot(person, r.shift)
	if s == nil {
		s = &spot{person: person, shift: r.shift}
		c.spots = append(c.spots, s)
	}
	until := start.Add(-24 * time.Hour)
	if until.Sub(c.now) <= 2*time.Hour { // not even as long as an offer
		until, _ = clock(c.now, start, c.people[person])
	}
	*s = spot{person: person, shift: r.shift, role: role, guests: guests, state: models.SignupOffered, until: until}
	c.toEnd(s, role)
	c.tell(models.NoticeHeld, s)
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
