package models

// What a reader sees of the safety loop.

// Looped says whether a person is asked from time to time.
func (s Sheet) Looped(personID int64) bool {
	l := NewLoop(s.Board, s.Ticks)
	return l.On() && l.Out(personID) != nil
}

// NextTick is when a person is asked next, the first of all for 0; 0 when
// nobody is.
func (s Sheet) NextTick(personID int64) Instant {
	l := NewLoop(s.Board, s.Ticks)
	var next Instant
	for _, su := range l.OutThere() {
		if personID != 0 && su.PersonID != personID {
			continue
		}
		if at := l.NextAsk(su); next == 0 || at < next {
			next = at
		}
	}
	return next
}

// ShiftOver says whether somebody who is out there is through with their
// shifts.
func (s Sheet) ShiftOver(signupID int64) bool {
	su := s.Signup(signupID)
	return su != nil && NewLoop(s.Board, s.Ticks).Until(su) <= s.Now
}
