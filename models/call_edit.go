package models

import (
	"slices"
	"time"
)

// askAgainOver is the move of a start from which everybody is asked again.
const askAgainOver = time.Hour

// Edited is what an edit changed besides the call itself.
type Edited struct {
	Keys      []string // English keys that really changed, in the order of the card
	NewShifts []*Shift
	NewRoles  []*Role // ShiftID set, or (negative) minus the Seq of a new shift
	Shifts    []*Shift
	Roles     []*Role
	Dropped   []*Role // roles nobody is in, to be removed
	WasStart  Instant // first start before, when it moved
}

// Edit applies what was written to the call. Raised needs let people move up
// (Settle does), lowered needs throw nobody out. A start moved by over an hour
// or another place asks everybody again, who keep their place until then.
func (b *Board) Edit(spec CallSpec) (Edited, error) {
	var e Edited
	c := b.Call
	if !c.Live() {
		return e, b.TakesSignups()
	}
	edits := []func(CallSpec, *Edited) error{b.editWords, b.editWhen, b.editNeed, b.editLimits}
	for _, edit := range edits {
		if err := edit(spec, &e); err != nil {
			return e, err
		}
	}
	return e, nil
}

func (b *Board) editWords(spec CallSpec, e *Edited) error {
	c := b.Call
	text := func(key string, to *string, value string) bool {
		if !spec.Set[key] || *to == value {
			return false
		}
		*to = value
		e.Keys = append(e.Keys, key)
		return true
	}
	if spec.Set["title"] && spec.Title == "" {
		return refuseField("title", "error.call_no_title")
	}
	if spec.Set["for"] { // who was asked, or reads the card, has read it
		return refuseField("for", "error.call_for_fixed")
	}
	text("title", &c.Title, spec.Title)
	text("kind", &c.Kind, spec.Kind)
	if text("where", &c.Place, spec.Where) {
		b.askEverybody(0)
	}
	text("bring", &c.Bring, spec.Bring)
	text("private", &c.Private, spec.Private)
	text("ask", &c.Ask, spec.Ask)
	flag := func(key string, to *bool, value bool) {
		if spec.Set[key] && *to != value {
			*to = value
			e.Keys = append(e.Keys, key)
		}
	}
	flag("urgent", &c.Urgent, spec.Urgent)
	flag("buddy", &c.Buddy, spec.Buddy)
	if spec.Set["urgent"] && c.Urgent && !spec.Set["ask"] && c.Ask == "" { // urgent implies asking
		c.Ask = AskAuto
		e.Keys = append(e.Keys, "ask")
	}
	if spec.Set["drill"] && spec.Drill != c.Drill {
		// Somebody may be on their way by the old words: a drill that turns
		// real (or the other way round) is a new call.
		return refuseField("drill", "error.call_drill_fixed")
	}
	if spec.Set["skill"] && !slices.Equal(c.Skills, spec.Skill) {
		c.Skills = spec.Skill
		e.Keys = append(e.Keys, "skill")
	}
	return nil
}

func (b *Board) editWhen(spec CallSpec, e *Edited) error {
	if !spec.Set["when"] {
		return nil
	}
	if len(spec.When) == 0 || len(spec.When) > MaxShifts {
		return refuseField("when", "error.call_shifts", "Max", MaxShifts)
	}
	next := spec.shifts()
	for _, s := range next {
		if s.EndAt <= b.Now {
			return refuseField("when", "error.call_past")
		}
		if s.EndAt <= s.StartAt {
			return refuseField("when", "error.call_backwards")
		}
	}
	if len(next) < len(b.Shifts) {
		// Which of the shifts is meant to go is a guess, and people are in them.
		return refuseField("when", "error.call_fewer_shifts", "Max", len(b.Shifts))
	}
	before := b.Start()
	for i, s := range b.Shifts {
		if s.StartAt == next[i].StartAt && s.EndAt == next[i].EndAt {
			continue
		}
		moved := next[i].StartAt.Sub(s.StartAt).Abs() > askAgainOver
		s.StartAt, s.EndAt = next[i].StartAt, next[i].EndAt
		e.Shifts = append(e.Shifts, s)
		if moved {
			b.askEverybody(s.ID)
		}
	}
	for _, s := range next[len(b.Shifts):] {
		shift := &Shift{TenantID: b.Call.TenantID, CallID: b.Call.ID, Seq: s.Seq, StartAt: s.StartAt, EndAt: s.EndAt}
		e.NewShifts = append(e.NewShifts, shift)
		for _, r := range b.RolesOf(b.Shifts[0].ID) {
			e.NewRoles = append(e.NewRoles, &Role{TenantID: r.TenantID, CallID: r.CallID, ShiftID: -int64(s.Seq), Seq: r.Seq,
				Name: r.Name, Least: r.Least, Most: r.Most, Verified: r.Verified})
		}
	}
	if len(e.Shifts)+len(e.NewShifts) > 0 {
		e.Keys = append(e.Keys, "when")
	}
	if b.Start() != before {
		e.WasStart = before
	}
	return nil
}

// askEverybody asks those with a place (in one shift, or with 0 in every one
// not begun) whether they can still come.
func (b *Board) askEverybody(shiftID int64) {
	for _, s := range b.Signups {
		if !s.Active() || !s.Upcoming() || shiftID != 0 && s.ShiftID != shiftID || b.Shift(s.ShiftID).StartAt <= b.Now && shiftID == 0 {
			continue
		}
		again := s.AskAgain == b.Now
		s.AskAgain, s.YesAt = b.Now, 0
		b.touch(s)
		if !again {
			b.tell(NoticeMoved, s)
		}
	}
}

func (b *Board) editNeed(spec CallSpec, e *Edited) error {
	if !spec.Set["need"] {
		return nil
	}
	spec.Need = b.bareNeed(spec.Need)
	keep := []Need{}
	for _, n := range spec.needs() {
		if n.Most > 0 {
			keep = append(keep, n)
		}
	}
	if len(keep) > 0 || len(spec.Need) == 0 {
		if err := checkNeeds(keep, len(b.Shifts)+len(e.NewShifts)); err != nil {
			return err
		}
	}
	changed := false
	for i, n := range spec.needs() {
		found := false
		for _, r := range slices.Concat(b.Roles, e.NewRoles) {
			if FoldName(r.Name) != FoldName(n.Role) {
				continue
			}
			found = true
			if r.Least == n.Least && r.Most == n.Most && r.Verified == n.Verified {
				continue
			}
			r.Least, r.Most, r.Verified = n.Least, n.Most, n.Verified
			changed = true
			if r.ID != 0 {
				e.Roles = append(e.Roles, r)
			}
		}
		if found || n.Most == 0 {
			continue
		}
		changed = true
		b.newRole(n, 1000+i, e)
	}
	b.dropEmpty(e)
	if len(b.Roles)+len(e.NewRoles) == len(e.Dropped) {
		return refuseField("need", "error.call_no_need")
	}
	if changed {
		e.Keys = append(e.Keys, "need")
	}
	return nil
}

// bareNeed reads a number alone as the number of the only role there is.
func (b *Board) bareNeed(needs []Need) []Need {
	if len(needs) != 1 || needs[0].Role != "" || len(b.Roles) == 0 {
		return needs
	}
	only := b.Roles[0]
	for _, r := range b.Roles {
		if FoldName(r.Name) != FoldName(only.Name) {
			return needs
		}
	}
	n := needs[0]
	n.Role, n.Verified = only.Name, only.Verified
	return []Need{n}
}

func (b *Board) newRole(n Need, seq int, e *Edited) {
	add := func(shiftID int64) {
		e.NewRoles = append(e.NewRoles, &Role{TenantID: b.Call.TenantID, CallID: b.Call.ID, ShiftID: shiftID, Seq: seq,
			Name: n.Role, Least: n.Least, Most: n.Most, Verified: n.Verified})
	}
	for _, s := range b.Shifts {
		add(s.ID)
	}
	for _, s := range e.NewShifts {
		add(-int64(s.Seq))
	}
}

// dropEmpty marks roles set to 0 that nobody was ever in; one with people stays
// at 0 and throws nobody out.
func (b *Board) dropEmpty(e *Edited) {
	for _, r := range e.Roles {
		used := slices.ContainsFunc(b.Signups, func(s *Signup) bool { return s.RoleID == r.ID })
		if r.Most == 0 && !used {
			e.Dropped = append(e.Dropped, r)
		}
	}
	e.Roles = slices.DeleteFunc(e.Roles, func(r *Role) bool { return slices.Contains(e.Dropped, r) })
	e.NewRoles = slices.DeleteFunc(e.NewRoles, func(r *Role) bool { return r.Most == 0 })
}

func (b *Board) editLimits(spec CallSpec, e *Edited) error {
	c := b.Call
	before := *c
	if spec.Set["guests"] && spec.Guests != nil {
		if *spec.Guests < 0 || *spec.Guests > 100 {
			return refuseField("guests", "error.call_guests")
		}
		c.GuestsMax = *spec.Guests
	}
	if spec.Set["opens"] {
		c.OpensAt = spec.Opens.Of(b.Start())
	}
	switch {
	case spec.Set["close"]:
		c.ClosesAt = spec.Close.Of(b.Start())
	case e.WasStart != 0 && c.ClosesAt != 0: // it keeps its distance to the start
		if moved := c.ClosesAt.Add(b.Start().Sub(e.WasStart)); moved > b.Now {
			c.ClosesAt = moved
		}
	}
	if spec.Set["remind"] {
		c.Remind = leadMinutes(spec.Remind)
	}
	if spec.Set["safety"] && spec.Safety != nil {
		c.SafetyMin = int(*spec.Safety / time.Minute)
	}
	for _, k := range []struct {
		key     string
		changed bool
	}{
		{"guests", before.GuestsMax != c.GuestsMax}, {"opens", before.OpensAt != c.OpensAt},
		{"close", before.ClosesAt != c.ClosesAt}, {"remind", !slices.Equal(before.Remind, c.Remind)},
		{"safety", before.SafetyMin != c.SafetyMin},
	} {
		if k.changed {
			e.Keys = append(e.Keys, k.key)
		}
	}
	if !spec.Set["opens"] && !spec.Set["close"] {
		return nil
	}
	var shifts []Shift
	for _, s := range slices.Concat(b.Shifts, e.NewShifts) {
		shifts = append(shifts, *s)
	}
	return c.checkLimits(shifts, b.Now)
}
