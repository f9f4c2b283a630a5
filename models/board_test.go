package models

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// saturday is 2026-11-28 09:00 in Shanghai, the free clinic's start.
var saturday = At(time.Date(2026, 11, 28, 1, 0, 0, 0, time.UTC))

// clinic is a call with one shift and the roles given, ahead before its start.
func clinic(ahead time.Duration, most ...int) *Board {
	b := &Board{Call: &Call{ID: 1, Number: 12, Title: "社区爱心义诊", State: CallOpen, GuestsMax: 3, Zone: "Asia/Shanghai"},
		Shifts: []*Shift{{ID: 1, CallID: 1, Seq: 1, StartAt: saturday, EndAt: saturday.Add(150 * time.Minute)}},
		Now:    saturday.Add(-ahead)}
	for i, n := range most {
		b.Roles = append(b.Roles, &Role{ID: int64(i + 1), CallID: 1, ShiftID: 1, Seq: i + 1, Name: string(rune('a' + i)), Least: n, Most: n})
	}
	b.TimesOf = func(int64) Times {
		return Times{Rest: Rest{22 * 60, 7 * 60}, Zone: Zone("Asia/Shanghai")}
	}
	return b
}

// number gives new rows an id, as storing them would.
func number(b *Board) {
	for i, s := range b.Signups {
		if s.ID == 0 {
			s.ID = int64(i + 1)
		}
	}
}

func join(t *testing.T, b *Board, person int64, role int64, guests int) (*Signup, JoinOutcome) {
	t.Helper()
	s, o, err := b.Join(Wish{PersonID: person, RoleID: role, Guests: guests, How: ByButton})
	if err != nil {
		t.Fatalf("person %d: %v", person, err)
	}
	number(b)
	if _, err := b.Settle(); err != nil {
		t.Fatal(err)
	}
	return s, o
}

func settle(t *testing.T, b *Board) {
	t.Helper()
	if _, err := b.Settle(); err != nil {
		t.Fatal(err)
	}
}

func key(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

func TestThirdPersonForTwoPlacesWaits(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 2)
	_, first := join(t, b, 1, 1, 0)
	_, second := join(t, b, 2, 1, 0)
	s, third := join(t, b, 3, 1, 0)
	if diff := cmp.Diff([]JoinOutcome{Joined, Joined, JoinedWaits}, []JoinOutcome{first, second, third}); diff != "" {
		t.Error(diff)
	}
	if b.Position(s) != 1 || b.Call.State != CallFilled || b.Call.FilledAt != b.Now {
		t.Errorf("position %d, call %s, filled at %d", b.Position(s), b.Call.State, b.Call.FilledAt)
	}
}

func TestPartyThatDoesNotFitWaitsWholeAndASingleGoesIn(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 3)
	join(t, b, 1, 1, 1)
	party, outcome := join(t, b, 2, 1, 1)
	if outcome != JoinedWaits || b.Taken(1) != 2 {
		t.Fatalf("party: %s, taken %d", outcome, b.Taken(1))
	}
	if _, outcome = join(t, b, 3, 1, 0); outcome != Joined {
		t.Errorf("single: %s", outcome)
	}
	if !party.PassedOver {
		t.Error("the party was not marked as told")
	}
}

func TestSecondYesChangesNothingAndAPartyGrowsOnlyIntoFreePlaces(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 3)
	join(t, b, 1, 1, 0)
	if _, outcome := join(t, b, 1, 1, 0); outcome != JoinedBefore {
		t.Errorf("second yes: %s", outcome)
	}
	join(t, b, 2, 1, 0)
	_, outcome, err := b.Join(Wish{PersonID: 1, RoleID: 1, Guests: 1, HasGuests: true})
	if err != nil || outcome != JoinedParty || b.Taken(1) != 3 {
		t.Errorf("+2: %s %v, taken %d", outcome, err, b.Taken(1))
	}
	_, _, err = b.Join(Wish{PersonID: 1, RoleID: 1, Guests: 2, HasGuests: true})
	if key(err) != "error.party_no_room" || b.Taken(1) != 3 {
		t.Errorf("+3: %v, taken %d", err, b.Taken(1))
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Board)
		wish   Wish
		want   string
	}{
		"closed":          {func(b *Board) { b.Call.State = CallClosed }, Wish{}, "error.call_closed"},
		"closing time":    {func(b *Board) { b.Call.ClosesAt = b.Now }, Wish{}, "error.call_closed"},
		"cancelled":       {func(b *Board) { b.Call.State = CallCancelled }, Wish{}, "error.call_cancelled"},
		"not open yet":    {func(b *Board) { b.Call.OpensAt = b.Now + 1 }, Wish{}, "error.call_not_open"},
		"too many guests": {func(*Board) {}, Wish{Guests: 4}, "error.too_many_guests"},
		"party too big":   {func(*Board) {}, Wish{Guests: 2}, "error.party_too_big"},
		"elsewhere":       {func(*Board) {}, Wish{Clash: &Clash{Number: 9, Title: "Sandbags"}}, "error.overlap"},
		"over":            {func(b *Board) { b.Now = saturday.Add(150 * time.Minute) }, Wish{}, "error.shift_over"},
		"no such role":    {func(*Board) {}, Wish{RoleID: 77}, "error.role_gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := clinic(100*time.Hour, 2)
			c.change(b)
			w := c.wish
			w.PersonID = 1
			if w.RoleID == 0 {
				w.RoleID = 1
			}
			if _, _, err := b.Join(w); key(err) != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if len(b.Signups) != 0 {
				t.Error("something was recorded")
			}
		})
	}
}

func TestOverlappingShiftsOfOneCallAreRefused(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 2)
	b.Shifts = append(b.Shifts, &Shift{ID: 2, CallID: 1, Seq: 2, StartAt: saturday.Add(time.Hour), EndAt: saturday.Add(4 * time.Hour)},
		&Shift{ID: 3, CallID: 1, Seq: 3, StartAt: saturday.Add(150 * time.Minute), EndAt: saturday.Add(5 * time.Hour)})
	b.Roles = append(b.Roles, &Role{ID: 2, ShiftID: 2, Most: 2}, &Role{ID: 3, ShiftID: 3, Most: 2})
	join(t, b, 1, 1, 0)
	if _, _, err := b.Join(Wish{PersonID: 1, RoleID: 2}); key(err) != "error.overlap" {
		t.Errorf("overlapping shift: %v", err)
	}
	if _, outcome := join(t, b, 1, 3, 0); outcome != Joined {
		t.Errorf("the shift that begins when the first ends: %s", outcome)
	}
}

func TestADayAheadTheNextMovesUpAtOnce(t *testing.T) {
	t.Parallel()
	b := clinic(25*time.Hour, 1)
	first, _ := join(t, b, 1, 1, 0)
	second, _ := join(t, b, 2, 1, 0)
	third, _ := join(t, b, 3, 1, 0)
	if err := b.Leave(first); err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if second.State != SignupConfirmed || third.State != SignupWaitlisted || b.Position(third) != 1 {
		t.Errorf("second %s, third %s at %d", second.State, third.State, b.Position(third))
	}
}

func TestOfferClock(t *testing.T) {
	t.Parallel()
	shanghai := Zone("Asia/Shanghai")
	night := Times{Rest: Rest{22 * 60, 7 * 60}, Zone: shanghai}
	evenings := Times{Rest: night.Rest, Windows: []Window{{Start: 19 * 60, End: 20 * 60}}, Zone: shanghai}
	sat := func(h, m int) Instant { return At(time.Date(2026, 11, 28, h, m, 0, 0, shanghai)) }
	fri := func(h, m int) Instant { return At(time.Date(2026, 11, 27, h, m, 0, 0, shanghai)) }
	for name, c := range map[string]struct {
		now, start Instant
		times      Times
		want       Instant
		ok         bool
	}{
		"two hours when over twelve are left":  {fri(12, 30), sat(9, 0), night, fri(14, 30), true},
		"half an hour later":                   {fri(21, 10), sat(9, 0), night, fri(21, 40), true},
		"the clock rests at night":             {fri(21, 50), sat(9, 0), night, sat(7, 20), true},
		"no window before the start":           {fri(20, 30), sat(18, 30), evenings, 0, false},
		"in the window it runs":                {fri(19, 0), sat(12, 0), evenings, sat(12, 0), true},
		"near the start windows do not matter": {sat(8, 0), sat(12, 0), evenings, sat(8, 30), true},
		"asleep until the start":               {fri(22, 30), sat(6, 30), night, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := OfferUntil(c.now, c.start, c.times)
			if got != c.want || ok != c.ok {
				t.Errorf("got %v %v, want %v %v", got.In(shanghai), ok, c.want.In(shanghai), c.ok)
			}
		})
	}
}

func TestOfferIsHeldThenLapsesToTheNext(t *testing.T) {
	t.Parallel()
	b := clinic(20*time.Hour, 1) // Friday 13:00
	first, _ := join(t, b, 1, 1, 0)
	second, _ := join(t, b, 2, 1, 0)
	third, _ := join(t, b, 3, 1, 0)
	if err := b.Leave(first); err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if second.State != SignupOffered || second.OfferUntil != b.Now.Add(2*time.Hour) || third.State != SignupWaitlisted {
		t.Fatalf("second %s until %v, third %s", second.State, second.OfferUntil.Time(), third.State)
	}
	if _, outcome := join(t, b, 4, 1, 0); outcome != JoinedWaits {
		t.Errorf("a newcomer took the place that is held: %s", outcome)
	}
	b.Now = second.OfferUntil
	if err := b.Accept(second); key(err) != "error.offer_gone" {
		t.Errorf("too late a yes: %v", err)
	}
	if err := b.Lapse(); err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if second.State != SignupWithdrawn || !second.Lapsed || third.State != SignupOffered {
		t.Errorf("second %s, third %s", second.State, third.State)
	}
	if err := b.Accept(third); err != nil || third.State != SignupConfirmed {
		t.Errorf("third's yes: %v, %s", err, third.State)
	}
}

func TestUnderThreeHoursTheFirstYesHasIt(t *testing.T) {
	t.Parallel()
	b := clinic(2*time.Hour, 1)
	first, _ := join(t, b, 1, 1, 0)
	second, _ := join(t, b, 2, 1, 0)
	third, _ := join(t, b, 3, 1, 0)
	if err := b.Leave(first); err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if !second.Race || !third.Race || second.State != SignupOffered || third.State != SignupOffered {
		t.Fatalf("not everybody was asked: %+v %+v", second, third)
	}
	if err := b.Accept(third); err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if third.State != SignupConfirmed || second.State != SignupWaitlisted || b.Position(second) != 1 {
		t.Errorf("third %s, second %s", third.State, second.State)
	}
	if err := b.Accept(second); key(err) != "error.offer_gone" {
		t.Errorf("second's late yes: %v", err)
	}
}

func TestAPlaceGivenBackIsMineAgainElseIAmFirstInLine(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 1)
	first, _ := join(t, b, 1, 1, 0)
	if err := errors.Join(b.Leave(first), b.Undo(first, nil)); err != nil || first.State != SignupConfirmed {
		t.Fatalf("undo: %v, %s", err, first.State)
	}
	join(t, b, 2, 1, 0)
	third, _ := join(t, b, 3, 1, 0)
	if err := b.Leave(first); err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if err := b.Undo(first, nil); err != nil {
		t.Fatal(err)
	}
	if first.State != SignupWaitlisted || b.Position(first) != 1 || b.Position(third) != 2 {
		t.Errorf("first %s at %d, third at %d", first.State, b.Position(first), b.Position(third))
	}
}

func TestRaisedNeedMovesUpLoweredThrowsNobodyOut(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 2)
	for person := int64(1); person <= 4; person++ {
		join(t, b, person, 1, 0)
	}
	need := func(n int) {
		t.Helper()
		if _, err := b.Edit(CallSpec{Need: []Need{{Role: "a", Least: n, Most: n}}, Set: map[string]bool{"need": true}}); err != nil {
			t.Fatal(err)
		}
		settle(t, b)
	}
	need(3)
	if b.Taken(1) != 3 || b.Call.State != CallFilled {
		t.Errorf("raised: %d taken, %s", b.Taken(1), b.Call.State)
	}
	need(1)
	if b.Taken(1) != 3 || len(b.Waiting(1)) != 1 {
		t.Errorf("lowered: %d taken, %d wait", b.Taken(1), len(b.Waiting(1)))
	}
}

func TestMovedByOverAnHourAsksAgainAndKeepsPlaces(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 1)
	s, _ := join(t, b, 1, 1, 0)
	move := func(by time.Duration) {
		t.Helper()
		at := b.Shifts[0].StartAt.Add(by)
		if _, err := b.Edit(CallSpec{When: []Span{{Start: at, End: at.Add(2 * time.Hour)}}, Set: map[string]bool{"when": true}}); err != nil {
			t.Fatal(err)
		}
	}
	if move(time.Hour); s.AskAgain != 0 {
		t.Error("asked again for an hour")
	}
	if move(61 * time.Minute); s.AskAgain == 0 || s.State != SignupConfirmed {
		t.Errorf("asked %v, %s", s.AskAgain, s.State)
	}
	if err := b.ComeAgain(s); err != nil || s.AskAgain != 0 || s.YesAt != b.Now {
		t.Errorf("yes again: %v %+v", err, s)
	}
}

func TestOnlyTheVerifiedTakeAPlaceAtOnce(t *testing.T) {
	t.Parallel()
	b := clinic(2*time.Hour, 2)
	b.Roles[0].Verified = true
	s, outcome := join(t, b, 1, 1, 0)
	if outcome != JoinedCheck || s.State != SignupWaitlisted || b.Taken(1) != 0 {
		t.Fatalf("%s %s", outcome, s.State)
	}
	if err := b.Check(s, true); err != nil || s.State != SignupConfirmed {
		t.Errorf("checked: %v %s", err, s.State)
	}
	if _, o, err := b.Join(Wish{PersonID: 2, RoleID: 1, Verified: true}); err != nil || o != Joined {
		t.Errorf("a verified doctor: %v %s", err, o)
	}
}

func TestTransitionTable(t *testing.T) {
	t.Parallel()
	states := []SignupState{SignupConfirmed, SignupWaitlisted, SignupOffered, SignupCheckedIn, SignupDone, SignupNoShow, SignupWithdrawn}
	allowed := 0
	for _, from := range append([]SignupState{""}, states...) {
		for _, to := range states {
			s := Signup{State: from}
			err := s.move(to, 1)
			if (err == nil) != MayMove(from, to) {
				t.Errorf("%s → %s: %v", from, to, err)
			}
			if err == nil {
				allowed++
			}
		}
	}
	if allowed != 27 {
		t.Errorf("%d moves are allowed; the written table has 27", allowed)
	}
}

// TestFirstComeFirstServed: of parties of one, whoever came earlier never
// waits while a later one has got a place.
func TestFirstComeFirstServed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := clinic(100*time.Hour, rapid.IntRange(1, 4).Draw(t, "most"))
		var came []*Signup
		for person := int64(1); person <= 10; person++ {
			s, _, err := b.Join(Wish{PersonID: person, RoleID: 1})
			if err != nil {
				t.Fatal(err)
			}
			came = append(came, s)
			number(b)
			if rapid.Bool().Draw(t, "somebody leaves") {
				gone := rapid.SampledFrom(came).Draw(t, "who")
				if err := b.Leave(gone); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := b.Settle(); err != nil {
				t.Fatal(err)
			}
			waits := false
			for _, s := range came {
				if s.State == SignupWaitlisted {
					waits = true
				}
				if waits && s.State == SignupConfirmed {
					t.Fatalf("person %d has a place, somebody before them waits", s.PersonID)
				}
			}
		}
	})
}
