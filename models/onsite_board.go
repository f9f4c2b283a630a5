package models

import "time"

// OnsiteLead is how long before a shift checking in begins.
const OnsiteLead = 60 * time.Minute

// CodeLife is how long an on-site code holds: long enough to be read out and
// typed, too short to be passed on to who is not there.
const CodeLife = 5 * time.Minute

// Wrong codes a person may send, and in how long.
const (
	MostTries = 5
	TriesIn   = time.Hour
)

// CheckinOpen says whether now lies between an hour before a shift and its end.
func (s Shift) CheckinOpen(now Instant) bool {
	return s.StartAt.Add(-OnsiteLead) <= now && now < s.EndAt
}

// CheckinOutcome is what became of somebody's check-in.
type CheckinOutcome string

const (
	CheckedIn       CheckinOutcome = "in"
	CheckedInSite   CheckinOutcome = "on_site" // had checked in by button, now by code
	CheckedInBefore CheckinOutcome = "already" // nothing changed
	CheckedInWalk   CheckinOutcome = "walk_in" // has no place: the organizer decides on the roll
)

// OpenShift is the shift somebody checks in to now: of those whose check-in is
// open, the first they have a place in and are not checked in to yet, else the
// first they have a place in, else the one that began last. Nil when none is
// open.
func (b *Board) OpenShift(personID int64) *Shift {
	var mine, other *Shift
	for _, sh := range b.Shifts {
		if !sh.CheckinOpen(b.Now) {
			continue
		}
		su := b.Of(personID, sh.ID)
		switch {
		case su != nil && su.State == SignupConfirmed:
			return sh
		case su != nil && su.Active() && mine == nil:
			mine = sh
		case other == nil || sh.StartAt <= b.Now:
			other = sh
		}
	}
	if mine != nil {
		return mine
	}
	return other
}

// CodeOpen says why no on-site code can be had now, nil when it can.
func (b *Board) CodeOpen() error {
	if b.Call.State == CallCancelled {
		return b.TakesSignups()
	}
	var next Instant
	for _, sh := range b.Shifts {
		if sh.CheckinOpen(b.Now) {
			return nil
		}
		if opens := sh.StartAt.Add(-OnsiteLead); opens > b.Now && (next == 0 || opens < next) {
			next = opens
		}
	}
	if next != 0 {
		return Refuse(CodeConflict, "error.checkin_early", "Number", b.Call.Ref(), "Title", b.Call.Title, "Opens", next)
	}
	return Refuse(CodeConflict, "error.checkin_over", "Number", b.Call.Ref(), "Title", b.Call.Title)
}

// CheckIn notes that somebody with a place is there: by is CheckCode,
// CheckButton or CheckRoll. Who waits and finds a place free has it; who finds
// none is a walk-in, which changes nothing here.
func (b *Board) CheckIn(s *Signup, by string) (CheckinOutcome, error) {
	if err := b.mayCheckIn(s); err != nil {
		return "", err
	}
	switch {
	case s.State == SignupCheckedIn || s.State == SignupDone:
		return b.checkInAgain(s, by)
	case s.Waits() && by == CheckCode && !s.Unchecked && s.Party() <= b.room(s):
		if err := b.move(s, SignupConfirmed); err != nil {
			return "", err
		}
		b.tell(NoticeConfirmed, s)
	case s.State == SignupNoShow && s.Party() <= b.Free(s.RoleID):
		s.MissedAt = 0
	case s.State != SignupConfirmed:
		return CheckedInWalk, nil
	}
	s.CheckedIn, s.CheckBy, s.CheckedOut, s.OutBy, s.AskAgain = b.Now, by, 0, "", 0
	b.tell(NoticeChanged, s)
	return CheckedIn, b.move(s, SignupCheckedIn)
}

// room is how many places somebody may take who waits: what is free, and what
// is held for them.
func (b *Board) room(s *Signup) int {
	if s.State == SignupOffered && !s.Race {
		return b.Role(s.RoleID).Most - b.Taken(s.RoleID)
	}
	return b.Free(s.RoleID)
}

func (b *Board) mayCheckIn(s *Signup) error {
	shift := b.Shift(s.ShiftID)
	switch {
	case b.Call.State == CallCancelled:
		return b.TakesSignups()
	case b.Now < shift.StartAt.Add(-OnsiteLead):
		return Refuse(CodeConflict, "error.checkin_early", "Number", b.Call.Ref(), "Title", b.Call.Title, "Opens", shift.StartAt.Add(-OnsiteLead))
	case b.Now >= shift.EndAt:
		return Refuse(CodeConflict, "error.checkin_over", "Number", b.Call.Ref(), "Title", b.Call.Title)
	}
	return nil
}

// checkInAgain makes a check-in by button one on site, from now on: before
// nothing shows that they were there. Who had left and sends the code is back.
func (b *Board) checkInAgain(s *Signup, by string) (CheckinOutcome, error) {
	if by != CheckCode || s.RollAt != 0 || s.CheckBy == CheckCode && s.State == SignupCheckedIn {
		return CheckedInBefore, nil
	}
	out := CheckedInSite
	if s.CheckBy == CheckCode {
		out = CheckedIn
	} else {
		s.CheckedIn, s.CheckBy = b.Now, CheckCode
	}
	s.CheckedOut, s.OutBy = 0, ""
	b.touch(s)
	b.tell(NoticeChanged, s)
	if s.State == SignupCheckedIn {
		return out, nil
	}
	return out, b.move(s, SignupCheckedIn)
}

// UndoCheckIn takes a check-in back, while nothing followed from it.
func (b *Board) UndoCheckIn(s *Signup) error {
	if s.State != SignupCheckedIn || s.CheckedOut != 0 || s.RollAt != 0 || s.WalkIn || b.Now >= b.Shift(s.ShiftID).EndAt {
		return Refuse(CodeConflict, "error.nothing_to_undo")
	}
	s.CheckedIn, s.CheckBy = 0, ""
	b.tell(NoticeChanged, s)
	return b.move(s, SignupConfirmed)
}

// CheckOut ends somebody's time at out, their own word; again, it corrects it.
// 0 is now, or the time proposed.
func (b *Board) CheckOut(s *Signup, out Instant) error {
	if s.CheckedIn == 0 || s.State != SignupCheckedIn && s.State != SignupDone {
		return Refuse(CodeConflict, "error.not_checked_in", "Number", b.Call.Ref(), "Title", b.Call.Title)
	}
	if s.RollAt != 0 {
		return Refuse(CodeConflict, "error.roll_taken", "Number", b.Call.Ref(), "Title", b.Call.Title)
	}
	if out == 0 {
		out = b.Now
		if s.CheckedOut != 0 && s.OutBy != "" { // the time proposed, or a second press
			out = s.CheckedOut
		}
	}
	if out <= s.CheckedIn || out > b.Now {
		return Refuse(CodeInvalid, "error.checkout_time", "From", s.CheckedIn, "Now", b.Now)
	}
	s.CheckedOut, s.OutBy = out, OutSelf
	b.touch(s)
	b.tell(NoticeChanged, s)
	if s.State == SignupDone {
		return nil
	}
	return b.move(s, SignupDone)
}

// UndoCheckOut brings somebody back on site, while the roll is not taken.
func (b *Board) UndoCheckOut(s *Signup) error {
	if s.State != SignupDone || s.OutBy != OutSelf || s.RollAt != 0 {
		return Refuse(CodeConflict, "error.nothing_to_undo")
	}
	s.CheckedOut, s.OutBy = 0, ""
	if end := b.Shift(s.ShiftID).EndAt; b.Now >= end {
		s.CheckedOut, s.OutBy = end, OutProposed
	}
	b.tell(NoticeChanged, s)
	return b.move(s, SignupCheckedIn)
}

// Propose sets the end of a shift as the time of those who are still checked
// in, and gives who has a place and was not seen, to be asked.
func (b *Board) Propose(shift *Shift) (unseen []*Signup) {
	for _, s := range b.Signups {
		switch {
		case s.ShiftID != shift.ID:
		case s.State == SignupCheckedIn && s.CheckedOut == 0 && s.CheckedIn < shift.EndAt:
			s.CheckedOut, s.OutBy = shift.EndAt, OutProposed
			b.touch(s)
			b.tell(NoticeChanged, s)
		case s.State == SignupConfirmed && s.SaidAt == 0:
			unseen = append(unseen, s)
		}
	}
	return unseen
}

// WasThere is the answer to "were you there?": a yes waits for the roll, a no
// settles it. The latest answer counts, until the roll is taken.
func (b *Board) WasThere(s *Signup, yes bool) error {
	switch {
	case b.Now < b.Shift(s.ShiftID).EndAt && !yes:
		return b.Leave(s)
	case b.Now < b.Shift(s.ShiftID).EndAt: // nobody was there before it is over
		return Refuse(CodeConflict, "error.was_early", "Number", b.Call.Ref(), "Title", b.Call.Title, "End", b.Shift(s.ShiftID).EndAt)
	case s.RollAt != 0 || s.State != SignupConfirmed && (s.State != SignupNoShow || s.MissedAt == 0):
		return Refuse(CodeConflict, "error.roll_taken", "Number", b.Call.Ref(), "Title", b.Call.Title)
	case b.Call.State == CallCancelled:
		return b.TakesSignups()
	}
	b.touch(s)
	b.tell(NoticeChanged, s)
	if yes {
		s.SaidAt, s.MissedAt = b.Now, 0
		if s.State == SignupNoShow {
			return b.move(s, SignupConfirmed)
		}
		return nil
	}
	s.SaidAt, s.MissedAt = 0, b.Now
	if s.State == SignupConfirmed {
		return b.move(s, SignupNoShow)
	}
	return nil
}
