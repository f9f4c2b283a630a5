package models

// HoursOf are the ledger's rows of one sign-up.
func (s Sheet) HoursOf(signupID int64) (rows []Hour) {
	for _, h := range s.Hours {
		if h.SignupID == signupID {
			rows = append(rows, h)
		}
	}
	return rows
}

// Minutes are those of a sign-up that count by the ledger; by the roll alone
// where the ledger has nothing yet.
func (s Sheet) Minutes(su *Signup) int {
	rows := s.HoursOf(su.ID)
	if len(rows) == 0 {
		return s.Board.Minutes(su)
	}
	n := 0
	for _, h := range rows {
		if h.State == HoursCounted {
			n += h.Minutes
		}
	}
	return n
}

// Achieved is what the call came to, its hours by the ledger.
func (s Sheet) Achieved() Achieved {
	a := s.Board.Achieved()
	a.Minutes = 0
	for _, su := range s.Signups {
		if su.OnRoll() {
			a.Minutes += s.Minutes(su)
		}
	}
	return a
}

// HoursDecided says whether somebody decided on all that is contested of a
// sign-up.
func (s Sheet) HoursDecided(signupID int64) bool {
	rows := s.HoursOf(signupID)
	for _, h := range rows {
		if h.State == HoursContested {
			return false
		}
	}
	return len(rows) > 0
}

// HoursHeld is the first row of a sign-up that waits for another's word, was
// refused, or was decided on; nil when there is none.
func (s Sheet) HoursHeld(signupID int64) *Hour {
	for _, h := range s.HoursOf(signupID) {
		if h.AwaitsOther() || h.State == HoursRefused || h.Verdict != "" && (h.State == HoursCounted || h.State == HoursPending) {
			return &h
		}
	}
	return nil
}
