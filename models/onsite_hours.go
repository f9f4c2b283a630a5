package models

// Evidence is the grade of what shows that somebody served: EvidenceSelf for
// their own check-in on site and the roll, EvidenceRoll for the roll and
// another word of their own, "" when nothing counts. What somebody put on the
// roll about themselves shows nothing.
func (s Signup) Evidence() string {
	switch {
	case s.State != SignupDone || s.RollAt == 0 || s.RollBy == s.PersonID || s.ContestAt != 0:
		return ""
	case s.CheckBy == CheckCode:
		return EvidenceSelf
	case s.CheckBy == CheckButton || s.SaidAt != 0:
		return EvidenceRoll
	}
	return ""
}

// ServedSpan is the time of a sign-up that counts: what the roll confirms, and
// of it, until the person agreed to the roll, only what they showed themselves.
// ok is false when nothing counts. Travel never does: the roll proposes times
// within the shift.
func ServedSpan(s Signup, shift Shift) (from, to Instant, ok bool) {
	if s.Evidence() == "" {
		return 0, 0, false
	}
	from, to = s.RollFrom, s.RollTo
	if s.SaidAt < s.RollAt {
		ownFrom, ownTo := shift.StartAt, shift.EndAt
		if s.CheckBy != CheckRoll {
			ownFrom, ownTo = s.CheckedIn, to
			if s.OutBy == OutSelf {
				ownTo = s.CheckedOut
			}
		}
		from, to = max(from, ownFrom), min(to, ownTo)
	}
	return from, to, to > from
}

// ServedMinutes is how many minutes of a sign-up count; guests never earn any.
func ServedMinutes(s Signup, shift Shift) int {
	from, to, ok := ServedSpan(s, shift)
	if !ok {
		return 0
	}
	return int(to.Sub(from).Minutes())
}

// Minutes is ServedMinutes within this call: a drill earns none.
func (b *Board) Minutes(s *Signup) int {
	if b.Call.Drill {
		return 0
	}
	return ServedMinutes(*s, *b.Shift(s.ShiftID))
}

// AsksYes says whether the roll has something of a person that waits for
// their yes: more than they showed themselves.
func (b *Board) AsksYes(s *Signup) bool {
	if b.Call.Drill || s.State != SignupDone || s.RollAt == 0 || s.RollBy == s.PersonID || s.ContestAt != 0 || s.SaidAt >= s.RollAt {
		return false
	}
	return b.Minutes(s) < int(s.RollTo.Sub(s.RollFrom).Minutes())
}

// Came says whether somebody was there: checked in, or put on the roll.
func (s Signup) Came() bool { return s.State == SignupCheckedIn || s.State == SignupDone }

// Achieved is what a call came to.
type Achieved struct {
	People  int // with a place, guests left out
	Came    int // of them, those who came
	Minutes int // that count
	Served  int // people served, as the roll says
}

// Achieved counts people once however many shifts they had.
func (b *Board) Achieved() Achieved {
	a := Achieved{Served: b.Call.Served}
	people, came := map[int64]bool{}, map[int64]bool{}
	for _, s := range b.Signups {
		if !s.OnRoll() {
			continue
		}
		people[s.PersonID] = true
		if s.Came() {
			came[s.PersonID] = true
		}
		a.Minutes += b.Minutes(s)
	}
	a.People, a.Came = len(people), len(came)
	return a
}
