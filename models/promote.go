package models

import "time"

// How near the start decides how a free place is passed on (SURFACE: a day
// before, at once; then by an offer with a clock; in the last three hours
// everybody waiting is asked and the first yes has it).
const (
	promoteAtOnce = 24 * time.Hour
	raceWithin    = 3 * time.Hour
	longHoldFrom  = 12 * time.Hour
	longHold      = 2 * time.Hour
	shortHold     = 30 * time.Minute
	windowsFrom   = 6 * time.Hour // nearer than this, only quiet hours stop the clock
)

// RaceAt is when everybody waiting for a shift starts to be asked at once.
func RaceAt(start Instant) Instant { return start.Add(-raceWithin) }

// AnyHourAt is from when an offer's clock no longer waits for windows.
func AnyHourAt(start Instant) Instant { return start.Add(-windowsFrom) }

// promote passes the free places of a role on to those who wait.
func (b *Board) promote(r *Role) error {
	ahead := b.ahead(r.ID)
	if ahead <= 0 {
		return nil
	}
	if ahead < raceWithin {
		return b.race(r)
	}
	for _, s := range b.Waiting(r.ID) {
		free := b.Free(r.ID)
		if free == 0 {
			return nil
		}
		if s.State != SignupWaitlisted || s.Unchecked {
			continue
		}
		if s.Party() > free {
			b.passOver(s)
			continue
		}
		// A yes on a condition is no yes to this place: it is offered.
		if ahead > promoteAtOnce && s.How != ByStandby {
			if err := b.move(s, SignupConfirmed); err != nil {
				return err
			}
			b.tell(NoticePromoted, s)
			continue
		}
		until, ok := OfferUntil(b.Now, b.Shift(r.ShiftID).StartAt, b.TimesOf(s.PersonID))
		if !ok {
			continue // cannot be asked before the start: skipped, the turn is kept
		}
		if err := b.move(s, SignupOffered); err != nil {
			return err
		}
		s.OfferUntil = until
		b.tell(NoticeOffered, s)
	}
	return nil
}

// race asks everybody who waits and fits; nothing is held. When no place is
// left, those who were asked wait again where they stood.
func (b *Board) race(r *Role) error {
	free := b.Free(r.ID)
	for _, s := range b.Waiting(r.ID) {
		switch {
		case s.State == SignupOffered && s.Race && s.Party() > free:
			if err := b.move(s, SignupWaitlisted); err != nil {
				return err
			}
			b.tell(NoticeTaken, s)
		case s.State != SignupWaitlisted || s.Unchecked || free == 0:
		case s.Party() > free:
			b.passOver(s)
		default:
			if err := b.move(s, SignupOffered); err != nil {
				return err
			}
			s.Race, s.OfferUntil = true, b.Shift(r.ShiftID).StartAt
			b.tell(NoticeOffered, s)
		}
	}
	return nil
}

func (b *Board) passOver(s *Signup) {
	if s.PassedOver {
		return
	}
	s.PassedOver = true
	b.touch(s)
	b.tell(NoticePassed, s)
}

// OfferUntil is how long a place is held for somebody asked at now: two hours
// when more than twelve are left, else half an hour. The clock rests in their
// quiet hours and, more than six hours ahead, outside their windows. ok is
// false when they cannot be asked before the start.
func OfferUntil(now, start Instant, times Times) (until Instant, ok bool) {
	hold := shortHold
	if start.Sub(now) > longHoldFrom {
		hold = longHold
	}
	if start.Sub(now) <= windowsFrom {
		times.Windows = nil
	}
	at, ok := times.Next(now, start)
	if !ok {
		return 0, false
	}
	// A day of minutes at most: offers are only made within a day of the start.
	for left := hold; at < start; at = at.Add(time.Minute) {
		if !times.Suit(at) {
			continue
		}
		if left <= 0 {
			return at, true
		}
		left -= time.Minute
	}
	return start, true
}

// Accept is a yes to an offer: the place is theirs if it is still there, else
// they wait where they stood.
func (b *Board) Accept(s *Signup) error {
	if s.State == SignupConfirmed {
		b.tell(NoticeChanged, s)
		return nil
	}
	if s.State != SignupOffered || !b.Call.Live() {
		if err := b.TakesSignups(); err != nil {
			return err
		}
		return Refuse(CodeConflict, "error.offer_gone", "Number", b.Call.Ref(), "Title", b.Call.Title)
	}
	if b.Now >= s.OfferUntil {
		return Refuse(CodeConflict, "error.offer_gone", "Number", b.Call.Ref(), "Title", b.Call.Title)
	}
	room := b.Role(s.RoleID).Most - b.Taken(s.RoleID)
	if s.Race {
		room = b.Free(s.RoleID)
	}
	if s.Party() > room {
		b.tell(NoticeTaken, s)
		return b.move(s, SignupWaitlisted)
	}
	b.tell(NoticeConfirmed, s)
	return b.move(s, SignupConfirmed)
}

// Decline is a no to an offer: withdrawn, and free to join again at the end.
func (b *Board) Decline(s *Signup) error {
	if s.State != SignupOffered {
		return b.Leave(s)
	}
	b.tell(NoticeWithdrawn, s)
	return b.move(s, SignupWithdrawn)
}

// Lapse withdraws every offer whose time is over.
func (b *Board) Lapse() error {
	for _, s := range b.Signups {
		if s.State != SignupOffered || b.Now < s.OfferUntil {
			continue
		}
		if err := b.move(s, SignupWithdrawn); err != nil {
			return err
		}
		s.Lapsed = true
		b.tell(NoticeLapsed, s)
	}
	return nil
}

// Recall takes open offers back without losing anybody's turn: the call was
// cancelled.
func (b *Board) Recall() error {
	for _, s := range b.Signups {
		if s.State == SignupOffered {
			if err := b.move(s, SignupWaitlisted); err != nil {
				return err
			}
		}
	}
	return nil
}
