package plain

import (
	"fmt"
	"slices"
	"time"

	"muster/models"
)

// resolve finds to whom and when an act is done; ok is false when it does not
// apply.
func (c *Call) resolve(a Act) (s Step, ok bool) {
	r := c.roles[a.Role]
	s = Step{What: a.What, Person: a.Person, Shift: c.shifts[a.Shift].id, Role: r.id, Guests: a.Guests, Said: a.Yes, Yes: a.Yes,
		Minutes: a.Minutes, Now: c.now}
	switch a.What {
	case "join":
		s.Shift, s.Verified = r.shift, c.skill[fmt.Sprint(a.Person, " ", r.name)]
		if !s.Said {
			s.Guests = 0
		}
		return s, true
	case "time", "lag":
		s.Now = c.now.Add(time.Duration(a.Minutes) * time.Minute)
		if edge, ok := c.edge(); ok && a.Apt {
			s.Now = max(c.now, edge.Add(time.Duration(a.Minutes%3-1)*time.Minute))
		}
		return s, true
	case "restart":
		return s, true
	case "hold": // who is on the call already is not put on a list
		s.Shift = r.shift
		return s, !c.onCall(a.Person) && c.shift(r.shift).start > c.now
	case "close":
		return s, c.taking()
	case "reopen":
		return s, c.state == models.CallClosed || c.state == models.CallCancelled
	case "cancel":
		return s, c.live()
	case "need":
		s.Name, s.Most = r.name, 1+a.Minutes%5
		s.Least, s.Verified = 1+a.Guests%s.Most, r.verified
		return s, c.live() && (r.least != s.Least || r.most != s.Most)
	case "move":
		by := time.Duration(a.Minutes) * time.Minute
		for i, sh := range c.shifts {
			if i == a.Shift {
				sh.start, sh.end = sh.start.Add(by), sh.end.Add(by)
			}
			if sh.end <= c.now || i > 0 && sh.start <= s.When[i-1].Start { // into the past, or past another
				return s, false
			}
			s.When = append(s.When, models.Span{Start: sh.start, End: sh.end})
		}
		return s, c.live() && by != 0
	}
	if apt := c.apt(a); len(apt) > 0 {
		to := apt[int(a.Person)%len(apt)]
		s.Person, s.Shift = to.person, to.shift
	}
	if s.What == "hand" {
		s.To = int64(1 + (a.Minutes+a.Guests)%Crowd)
		if from := c.spot(s.Person, s.Shift); from != nil {
			s.Verified = c.skill[fmt.Sprint(s.To, " ", c.role(from.role).name)]
		}
	}
	return s, c.spot(s.Person, s.Shift) != nil
}

// onCall says whether somebody has a place or a turn anywhere in the call.
func (c *Call) onCall(person int64) bool {
	for _, s := range c.spots {
		if s.person == person && s.active() {
			return true
		}
	}
	return false
}

// apt are those to whom an act can be done.
func (c *Call) apt(a Act) []*spot {
	states := map[string][]models.SignupState{"accept": {models.SignupOffered}, "decline": {models.SignupOffered},
		"undo": {models.SignupWithdrawn}, "leave": {models.SignupConfirmed}, "hand": {models.SignupConfirmed}, "check": {models.SignupWaitlisted},
		"party": {models.SignupConfirmed, models.SignupWaitlisted, models.SignupOffered}}[a.What]
	var out []*spot
	for _, s := range c.spots {
		if a.Apt && s.in(states...) && (a.What != "check" || s.unchecked) {
			out = append(out, s)
		}
	}
	return out
}

// edge is the next time at which something is another way.
func (c *Call) edge() (models.Instant, bool) {
	var at []models.Instant
	for _, s := range c.shifts {
		at = append(at, s.end)
		for _, ahead := range []time.Duration{24, 12, 6, 3, 0} {
			at = append(at, s.start.Add(-ahead*time.Hour))
		}
	}
	for _, s := range c.spots {
		if s.state == models.SignupOffered {
			at = append(at, s.until)
		}
	}
	at = slices.DeleteFunc(at, func(t models.Instant) bool { return t < c.now })
	if len(at) == 0 {
		return 0, false
	}
	return slices.Min(at), true
}

// do does a step, and passes on what came free. It gives the key of the
// refusal, after which the call is worth nothing.
func (c *Call) do(s Step) (refused string) {
	c.told, c.now = nil, s.Now
	switch s.What {
	case "restart", "lag": // late: nobody has looked at what is due
		return ""
	case "time":
		c.due()
	case "join":
		refused = c.join(s.Person, s.Role, s.Guests, s.Said)
	case "hold":
		refused = c.hold(s.Person, s.Role, s.Guests)
	case "close":
		c.state = models.CallClosed
	case "reopen":
		if c.now >= c.end() {
			return "error.call_done"
		}
		c.state = models.CallOpen
	case "cancel":
		c.recall()
		c.state = models.CallCancelled
	case "need":
		c.need(s.Name, s.Least, s.Most)
	case "move":
		c.moveTo(s.When)
	default:
		refused = c.doTo(c.spot(s.Person, s.Shift), s)
	}
	if refused == "" {
		c.settle()
	}
	return refused
}

// doTo does a step to somebody who is on the call.
func (c *Call) doTo(who *spot, s Step) string {
	switch s.What {
	case "leave":
		return c.leave(who)
	case "undo":
		return c.undo(who)
	case "accept":
		return c.accept(who)
	case "decline":
		return c.decline(who)
	case "party":
		return c.party(who, s.Guests)
	case "come":
		return c.come(who)
	case "check":
		return c.check(who, s.Yes)
	case "hand":
		return c.hand(who, s.To)
	case "late":
		who.late = s.Minutes
		c.tell(models.NoticeChanged, who)
		return ""
	}
	panic("no such act: " + s.What)
}
