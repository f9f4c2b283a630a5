package models

// RollEntry is what the roll says of one person in one shift. From and To are
// 0 for what is proposed.
type RollEntry struct {
	Came     bool
	From, To Instant
}

// OnRoll says whether a sign-up belongs on the roll: a place, or what became
// of one.
func (s Signup) OnRoll() bool { return s.Holds() || s.State == SignupNoShow }

// Decided says whether nothing is left for the roll to say: put on it, or they
// said themselves that they could not come.
func (s Signup) Decided() bool { return s.RollAt != 0 || s.State == SignupNoShow }

// ByCode says whether the roll may take somebody as they stand: checked in
// with the on-site code.
func (s Signup) ByCode() bool { return s.CheckBy == CheckCode && s.CheckedIn != 0 && s.OnRoll() }

// Roll lists whom the roll of a shift is about, by arrival.
func (b *Board) Roll(shiftID int64) []*Signup {
	var out []*Signup
	for _, s := range b.Signups {
		if s.ShiftID == shiftID && s.OnRoll() {
			out = append(out, s)
		}
	}
	return out
}

// Undecided counts those of shifts that are over about whom the roll says
// nothing yet; all says whether every shift is over.
func (b *Board) Undecided() (n int, all bool) {
	all = true
	for _, sh := range b.Shifts {
		if sh.EndAt > b.Now {
			all = false
			continue
		}
		for _, s := range b.Roll(sh.ID) {
			if !s.Decided() {
				n++
			}
		}
	}
	return n, all
}

// RollTaken says whether the roll is taken: every shift is over and everybody
// who had a place stands on it one way or the other.
func (b *Board) RollTaken() bool {
	n, all := b.Undecided()
	return n == 0 && all
}

// Times are what the roll proposes of somebody: their own times within the
// shift, else the shift's.
func (b *Board) Times(s *Signup) (from, to Instant) {
	sh := b.Shift(s.ShiftID)
	if s.RollAt != 0 && s.RollTo > s.RollFrom {
		return s.RollFrom, s.RollTo
	}
	from, to = sh.StartAt, sh.EndAt
	if s.CheckedIn > from && s.CheckedIn < to {
		from = s.CheckedIn
	}
	if s.CheckedOut > from && s.CheckedOut < to {
		to = s.CheckedOut
	}
	return from, to
}

// PutOnRoll writes what the roll says. Before a shift is over it only notes
// that somebody has come. by is who says so; what somebody says of themselves
// stands there and proves nothing.
func (b *Board) PutOnRoll(s *Signup, e RollEntry, by int64) error {
	sh := b.Shift(s.ShiftID)
	switch {
	case b.Call.State == CallCancelled:
		return b.TakesSignups()
	case !s.OnRoll():
		return Refuse(CodeConflict, "error.not_on_roll", "Number", b.Call.Ref(), "Title", b.Call.Title)
	case b.Now < sh.StartAt.Add(-OnsiteLead):
		return Refuse(CodeConflict, "error.roll_early", "Number", b.Call.Ref(), "Title", b.Call.Title, "Opens", sh.StartAt.Add(-OnsiteLead))
	case b.Now < sh.EndAt && s.OutBy != OutSelf:
		return b.arrived(s, e)
	}
	from, to := b.Times(s)
	if e.From != 0 {
		from = e.From
	}
	if e.To != 0 {
		to = e.To
	}
	if e.Came && (to <= from || to > b.Now || to.Sub(from) > mostServed) {
		return Refuse(CodeInvalid, "error.roll_times", "From", from, "To", to)
	}
	if s.ContestAt != 0 && s.RollBy == by && s.says(e.Came, from, to) {
		return nil // who is contradicted does not settle it by saying it again
	}
	if s.RollAt == 0 {
		s.RollWas = s.State
	}
	s.RollAt, s.RollBy, s.ContestAt = b.Now, by, 0
	b.touch(s)
	b.tell(NoticeChanged, s)
	if !e.Came {
		return b.notCome(s)
	}
	if s.CheckedIn == 0 || s.CheckBy == CheckRoll {
		s.CheckedIn, s.CheckBy = from, CheckRoll
	}
	if s.OutBy != OutSelf {
		s.CheckedOut, s.OutBy = to, OutRoll
	}
	s.RollFrom, s.RollTo, s.MissedAt = from, to, 0
	if s.State == SignupDone {
		return nil
	}
	return b.move(s, SignupDone)
}

// says tells whether the roll says just this of somebody already.
func (s Signup) says(came bool, from, to Instant) bool {
	return s.RollAt != 0 && s.Came() == came && (!came || s.RollFrom == from && s.RollTo == to)
}

// mostServed bounds one line of the roll: longer is a date mistyped.
const mostServed = 36 * 60 * 60 * 1e9

func (b *Board) arrived(s *Signup, e RollEntry) error {
	if !e.Came {
		return Refuse(CodeConflict, "error.roll_running", "Number", b.Call.Ref(), "Title", b.Call.Title, "End", b.Shift(s.ShiftID).EndAt)
	}
	out, err := b.CheckIn(s, CheckRoll)
	if err == nil && out == CheckedIn && e.From != 0 && e.From < b.Now {
		s.CheckedIn = e.From
	}
	return err
}

func (b *Board) notCome(s *Signup) error {
	if s.CheckBy == CheckRoll {
		s.CheckedIn, s.CheckBy = 0, ""
	}
	if s.OutBy != OutSelf {
		s.CheckedOut, s.OutBy = 0, ""
	}
	s.RollFrom, s.RollTo = 0, 0
	if s.State == SignupNoShow {
		return nil
	}
	return b.move(s, SignupNoShow)
}

// UndoRoll takes back what the roll says of somebody.
func (b *Board) UndoRoll(s *Signup) error {
	if s.RollAt == 0 {
		return nil
	}
	was := s.RollWas
	if s.CheckBy == CheckRoll && was == SignupConfirmed {
		s.CheckedIn, s.CheckBy = 0, ""
	}
	if s.OutBy == OutRoll {
		s.CheckedOut, s.OutBy = 0, ""
		if s.CheckedIn != 0 {
			s.CheckedOut, s.OutBy = b.Shift(s.ShiftID).EndAt, OutProposed
		}
	}
	s.RollAt, s.RollBy, s.RollFrom, s.RollTo, s.RollWas, s.ContestAt = 0, 0, 0, 0, "", 0
	b.backOnSite(s, was)
	b.touch(s)
	b.tell(NoticeChanged, s)
	if was == s.State || was == "" {
		return nil
	}
	return b.move(s, was)
}

// backOnSite gives somebody who was there before the roll their times again
// that "didn't come" had taken off: who is checked in has a check-in, and after
// the shift a proposed end, or the safety loop would look for them.
func (b *Board) backOnSite(s *Signup, was SignupState) {
	if was != SignupCheckedIn {
		return
	}
	sh := b.Shift(s.ShiftID)
	if s.CheckedIn == 0 {
		s.CheckedIn, s.CheckBy = sh.StartAt, CheckRoll
	}
	if s.CheckedOut == 0 && b.Now >= sh.EndAt {
		s.CheckedOut, s.OutBy = max(sh.EndAt, s.CheckedIn+1), OutProposed
	}
}

// TakeWalkIn puts somebody who came without a place on the roll, in a role:
// from when they sent the code (at), or 0 when the organizer names them. They
// fill no place, so the most is never passed.
func (b *Board) TakeWalkIn(personID int64, role *Role, at Instant, clash *Clash) (*Signup, error) {
	sh := b.Shift(role.ShiftID)
	s := b.Of(personID, sh.ID)
	switch {
	case s != nil && s.Holds():
		return s, nil
	case b.Call.State == CallCancelled:
		return nil, b.TakesSignups()
	case clash != nil:
		return nil, Refuse(CodeConflict, "error.overlap", "Number", clash.number(), "Title", clash.Title)
	case b.Now < sh.StartAt.Add(-OnsiteLead):
		return nil, Refuse(CodeConflict, "error.roll_early", "Number", b.Call.Ref(), "Title", b.Call.Title, "Opens", sh.StartAt.Add(-OnsiteLead))
	}
	for _, other := range b.Mine(personID) {
		if o := b.Shift(other.ShiftID); other.Holds() && o.Overlaps(*sh) {
			return nil, Refuse(CodeConflict, "error.overlap", "Number", b.Call.Ref(), "Title", b.Call.Title)
		}
	}
	if s == nil {
		s = &Signup{TenantID: b.Call.TenantID, CallID: b.Call.ID, ShiftID: sh.ID, PersonID: personID}
		b.Signups = append(b.Signups, s)
	}
	*s = Signup{ID: s.ID, TenantID: s.TenantID, CallID: s.CallID, ShiftID: s.ShiftID, PersonID: personID, State: s.State,
		RoleID: role.ID, How: ByOrganizer, SignedAt: b.Now, WalkIn: true}
	s.CheckedIn, s.CheckBy = at, CheckCode
	if at == 0 {
		s.CheckedIn, s.CheckBy = min(max(b.Now, sh.StartAt), sh.EndAt-1), CheckRoll
		if b.Now >= sh.EndAt {
			s.CheckedIn = sh.StartAt
		}
	}
	if b.Now >= sh.EndAt {
		s.CheckedOut, s.OutBy = sh.EndAt, OutProposed
	}
	b.tell(NoticeConfirmed, s)
	return s, b.move(s, SignupCheckedIn)
}

// Confirm is the person's yes to what the roll has of them.
func (b *Board) Confirm(s *Signup) error {
	if s.RollAt == 0 || s.State != SignupDone {
		return Refuse(CodeConflict, "error.nothing_to_confirm", "Number", b.Call.Ref(), "Title", b.Call.Title)
	}
	s.SaidAt, s.ContestAt = b.Now, 0
	b.touch(s)
	b.tell(NoticeChanged, s)
	return nil
}

// Contest is the person's word that the roll is wrong about them; nothing of
// it counts until somebody corrects it or they agree after all.
func (b *Board) Contest(s *Signup) error {
	if s.RollAt == 0 || !s.OnRoll() {
		return Refuse(CodeConflict, "error.nothing_to_confirm", "Number", b.Call.Ref(), "Title", b.Call.Title)
	}
	s.ContestAt = b.Now
	b.touch(s)
	b.tell(NoticeChanged, s)
	return nil
}
