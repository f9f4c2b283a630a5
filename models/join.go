package models

// Clash is another place of the same person that overlaps.
type Clash struct {
	Number int
	Title  string
}

// Wish is somebody's wish for a place.
type Wish struct {
	PersonID  int64
	RoleID    int64
	Guests    int
	HasGuests bool // the size was said: an existing party is changed to it
	How       string
	Verified  bool   // their skill for the role was verified by somebody else
	Clash     *Clash // a place in another call at the same time
}

// JoinOutcome is what became of a wish.
type JoinOutcome string

const (
	Joined       JoinOutcome = "joined"
	JoinedWaits  JoinOutcome = "waits"    // full, or the party does not fit
	JoinedCheck  JoinOutcome = "check"    // waits until the skill is checked
	JoinedBefore JoinOutcome = "already"  // nothing changed
	JoinedParty  JoinOutcome = "party"    // the party is now another size
	JoinedSwitch JoinOutcome = "switched" // another role of the same shift
	JoinedAccept JoinOutcome = "accepted" // said yes to an offer
)

// Join gives a place, or one in the line. It never goes over the most: a party
// that does not fit waits as a whole.
func (b *Board) Join(w Wish) (*Signup, JoinOutcome, error) {
	role := b.Role(w.RoleID)
	if role == nil {
		return nil, "", Refuse(CodeNotFound, "error.role_gone", "Number", b.Call.Ref())
	}
	shift := b.Shift(role.ShiftID)
	mine := b.Of(w.PersonID, shift.ID)
	if mine != nil && mine.Active() {
		return b.joinAgain(mine, role, w)
	}
	if err := b.mayJoin(role, shift, w); err != nil {
		return nil, "", err
	}
	if mine == nil {
		mine = &Signup{TenantID: b.Call.TenantID, CallID: b.Call.ID, ShiftID: shift.ID, PersonID: w.PersonID}
		b.Signups = append(b.Signups, mine)
	}
	mine.RoleID = 0 // counted nowhere until it has its place in the new line
	b.recount()
	line := b.endOfLine(role.ID)
	*mine = Signup{ID: mine.ID, TenantID: mine.TenantID, CallID: mine.CallID, ShiftID: mine.ShiftID, PersonID: mine.PersonID,
		State: mine.State, RoleID: role.ID, Guests: w.Guests, How: w.How, Line: line, SignedAt: b.Now,
		Unchecked: role.Verified && !w.Verified}
	if !mine.Unchecked && mine.Party() <= b.Free(role.ID) {
		if err := b.move(mine, SignupConfirmed); err != nil {
			return nil, "", err
		}
		b.tell(NoticeConfirmed, mine)
		return mine, Joined, nil
	}
	if err := b.move(mine, SignupWaitlisted); err != nil {
		return nil, "", err
	}
	b.tell(NoticeWaitlisted, mine)
	if mine.Unchecked {
		return mine, JoinedCheck, nil
	}
	// Somebody who was told at once that the party waits has been told.
	mine.PassedOver = mine.Party() > 1 && b.Free(role.ID) > 0
	return mine, JoinedWaits, nil
}

// mayJoin says why not, nil when a new sign-up is welcome.
func (b *Board) mayJoin(role *Role, shift *Shift, w Wish) error {
	if err := b.TakesSignups(); err != nil {
		return err
	}
	if b.Now >= shift.EndAt {
		return Refuse(CodeConflict, "error.shift_over", "Number", b.Call.Ref())
	}
	if err := b.partyFits(role, w.Guests); err != nil {
		return err
	}
	if w.Clash != nil {
		return Refuse(CodeConflict, "error.overlap", "Number", w.Clash.number(), "Title", w.Clash.Title)
	}
	for _, s := range b.Mine(w.PersonID) {
		if other := b.Shift(s.ShiftID); other.ID != shift.ID && other.Overlaps(*shift) {
			return Refuse(CodeConflict, "error.overlap", "Number", b.Call.Ref(), "Title", b.Call.Title)
		}
	}
	return nil
}

func (c Clash) number() string { return Call{Number: c.Number}.Ref() }

// TakesSignups says why the call takes no sign-ups now, nil when it does.
func (b *Board) TakesSignups() error {
	c := b.Call
	switch {
	case c.State == CallCancelled:
		return Refuse(CodeConflict, "error.call_cancelled", "Number", c.Ref(), "Title", c.Title)
	case c.State == CallDone:
		return Refuse(CodeConflict, "error.call_done", "Number", c.Ref(), "Title", c.Title)
	case c.State == CallClosed || c.ClosesAt != 0 && b.Now >= c.ClosesAt:
		return Refuse(CodeConflict, "error.call_closed", "Number", c.Ref(), "Title", c.Title)
	case b.Now < c.OpensAt:
		return Refuse(CodeConflict, "error.call_not_open", "Number", c.Ref(), "Title", c.Title)
	}
	return nil
}

// partyFits refuses what could never be given: more guests than the call
// allows, a party larger than the role.
func (b *Board) partyFits(role *Role, guests int) error {
	if guests < 0 || guests > b.Call.GuestsMax {
		return Refuse(CodeInvalid, "error.too_many_guests", "Number", b.Call.Ref(), "Max", b.Call.GuestsMax)
	}
	if 1+guests > role.Most && role.Most > 0 {
		return Refuse(CodeInvalid, "error.party_too_big", "Number", b.Call.Ref(), "Max", role.Most)
	}
	return nil
}

// joinAgain is a yes of somebody who is in this shift already: an offer
// accepted, another role, another party, or nothing new.
func (b *Board) joinAgain(mine *Signup, role *Role, w Wish) (*Signup, JoinOutcome, error) {
	if mine.State == SignupOffered && mine.RoleID == role.ID {
		if w.HasGuests && w.Guests != mine.Guests {
			if err := b.SetParty(mine, w.Guests); err != nil {
				return mine, "", err
			}
		}
		if err := b.Accept(mine); err != nil {
			return mine, "", err
		}
		return mine, JoinedAccept, nil
	}
	if mine.RoleID != role.ID {
		return b.switchRole(mine, role, w)
	}
	if w.HasGuests && w.Guests != mine.Guests {
		return mine, JoinedParty, b.SetParty(mine, w.Guests)
	}
	return mine, JoinedBefore, nil
}

// switchRole moves somebody to another role of the same shift. A place that is
// held is only given up for another place, never for a wait.
func (b *Board) switchRole(mine *Signup, role *Role, w Wish) (*Signup, JoinOutcome, error) {
	if !mine.Upcoming() {
		return nil, "", Refuse(CodeConflict, "error.checked_in", "Number", b.Call.Ref())
	}
	if err := b.TakesSignups(); err != nil {
		return nil, "", err
	}
	guests := mine.Guests
	if w.HasGuests {
		guests = w.Guests
	}
	if err := b.partyFits(role, guests); err != nil {
		return nil, "", err
	}
	unchecked := role.Verified && !w.Verified
	fits := !unchecked && 1+guests <= b.Free(role.ID)
	if mine.State == SignupConfirmed && !fits {
		return nil, "", Refuse(CodeConflict, "error.switch_full", "Number", b.Call.Ref(), "Role", role.Name)
	}
	line := b.endOfLine(role.ID)
	mine.RoleID, mine.Guests, mine.Unchecked, mine.Line, mine.PassedOver = role.ID, guests, unchecked, line, false
	b.touch(mine)
	switch {
	case mine.State == SignupConfirmed:
		b.tell(NoticeConfirmed, mine)
		return mine, JoinedSwitch, nil
	case fits:
		b.tell(NoticeConfirmed, mine)
		return mine, JoinedSwitch, b.move(mine, SignupConfirmed)
	case mine.State == SignupOffered:
		b.tell(NoticeWaitlisted, mine)
		return mine, JoinedWaits, b.move(mine, SignupWaitlisted)
	}
	b.tell(NoticeWaitlisted, mine)
	return mine, JoinedWaits, nil
}

// SetParty changes how many come along. A confirmed party only grows into free
// places; a waiting one keeps its turn.
func (b *Board) SetParty(s *Signup, guests int) error {
	if !s.Upcoming() {
		return Refuse(CodeConflict, "error.checked_in", "Number", b.Call.Ref())
	}
	role := b.Role(s.RoleID)
	if err := b.partyFits(role, guests); err != nil {
		return err
	}
	more := guests - s.Guests
	if more > 0 {
		if err := b.TakesSignups(); err != nil {
			return err
		}
		holds := s.State == SignupConfirmed || s.State == SignupOffered && !s.Race
		if holds && more > b.Free(role.ID) {
			return Refuse(CodeConflict, "error.party_no_room", "Number", b.Call.Ref(), "Max", b.Free(role.ID))
		}
	}
	s.Guests, s.PassedOver = guests, false
	b.touch(s)
	b.tell(NoticeChanged, s)
	return nil
}

// Leave gives up a place or a turn in the line.
func (b *Board) Leave(s *Signup) error {
	if s.State == SignupWithdrawn {
		return nil
	}
	if !s.Upcoming() {
		return Refuse(CodeConflict, "error.checked_in", "Number", b.Call.Ref())
	}
	if !b.Call.Live() {
		return b.TakesSignups()
	}
	if err := b.move(s, SignupWithdrawn); err != nil {
		return err
	}
	b.tell(NoticeWithdrawn, s)
	return nil
}

// Undo takes a withdrawal back: the place is the person's again if it is still
// free, else they are first in line. Who waited has their old turn again.
func (b *Board) Undo(s *Signup, clash *Clash) error {
	if s.State != SignupWithdrawn {
		b.tell(NoticeChanged, s)
		return nil
	}
	role := b.Role(s.RoleID)
	if role == nil || !b.Call.Live() || b.Now >= b.Shift(s.ShiftID).EndAt {
		if err := b.TakesSignups(); err != nil {
			return err
		}
		return Refuse(CodeConflict, "error.shift_over", "Number", b.Call.Ref())
	}
	if clash != nil {
		return Refuse(CodeConflict, "error.overlap", "Number", clash.number(), "Title", clash.Title)
	}
	for _, other := range b.Mine(s.PersonID) {
		if b.Shift(other.ShiftID).Overlaps(*b.Shift(s.ShiftID)) {
			return Refuse(CodeConflict, "error.overlap", "Number", b.Call.Ref(), "Title", b.Call.Title)
		}
	}
	had := s.WasState == SignupConfirmed
	if had && s.Party() <= b.Free(role.ID) {
		b.tell(NoticeConfirmed, s)
		return b.move(s, SignupConfirmed)
	}
	switch s.WasState {
	case SignupConfirmed:
		s.Line = b.headOfLine(role.ID)
	case SignupOffered: // a refused offer may join again at the end
		s.Line = b.endOfLine(role.ID)
	}
	b.tell(NoticeWaitlisted, s)
	return b.move(s, SignupWaitlisted)
}

// Check settles a sign-up that waited for its skill to be verified: it is in
// the line like any other now, or withdrawn.
func (b *Board) Check(s *Signup, fine bool) error {
	if !s.Unchecked || !s.Waits() {
		return nil
	}
	if !b.Call.Live() {
		return b.TakesSignups()
	}
	if !fine {
		b.tell(NoticeWithdrawn, s)
		return b.move(s, SignupWithdrawn)
	}
	s.Unchecked = false
	b.touch(s)
	// The check is what they waited for, so a free place is theirs at once,
	// however near the start is.
	if s.Party() <= b.Free(s.RoleID) {
		b.tell(NoticePromoted, s)
		return b.move(s, SignupConfirmed)
	}
	b.tell(NoticeChanged, s)
	return nil
}

// ComeAgain is a yes to "can you still come?" and to a reminder.
func (b *Board) ComeAgain(s *Signup) error {
	if s.State == SignupOffered {
		return b.Accept(s)
	}
	if !s.Active() {
		return Refuse(CodeConflict, "error.not_signed_up", "Number", b.Call.Ref(), "Title", b.Call.Title)
	}
	s.AskAgain, s.YesAt = 0, b.Now
	b.touch(s)
	b.tell(NoticeChanged, s)
	return nil
}

// SetLate notes by how many minutes somebody will be late; 0 = on the way.
func (b *Board) SetLate(s *Signup, minutes int) {
	s.LateMin = minutes
	b.touch(s)
	b.tell(NoticeChanged, s)
}
