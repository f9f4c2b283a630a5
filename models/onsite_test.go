package models

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// onSite is the free clinic with Zhang San (person 1) signed up, seen at a
// moment relative to its start.
func onSite(t *testing.T, after time.Duration) (*Board, *Signup) {
	t.Helper()
	b := clinic(48*time.Hour, 4)
	s, _ := join(t, b, 1, 1, 0)
	b.Now = saturday.Add(after)
	return b, s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCheckingInBeginsAnHourBeforeAndEndsWithTheShift(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		after time.Duration
		want  string
	}{
		{-61 * time.Minute, "error.checkin_early"}, {-60 * time.Minute, ""}, {0, ""}, {149 * time.Minute, ""}, {150 * time.Minute, "error.checkin_over"},
	} {
		b, s := onSite(t, c.after)
		out, err := b.CheckIn(s, CheckCode)
		if key(err) != c.want || err == nil && (out != CheckedIn || s.State != SignupCheckedIn || s.CheckedIn != b.Now) {
			t.Errorf("%v after the start: %v %v %+v", c.after, out, err, s)
		}
	}
}

func TestACodeAfterTheButtonMakesItOnSiteFromThen(t *testing.T) {
	t.Parallel()
	b, s := onSite(t, -50*time.Minute)
	_, err := b.CheckIn(s, CheckButton)
	must(t, err)
	if out, err := b.CheckIn(s, CheckButton); err != nil || out != CheckedInBefore {
		t.Errorf("pressed twice: %v %v", out, err)
	}
	b.Now = saturday.Add(5 * time.Minute)
	out, err := b.CheckIn(s, CheckCode)
	if err != nil || out != CheckedInSite || s.CheckBy != CheckCode || s.CheckedIn != b.Now {
		t.Errorf("%v %v %+v", out, err, s)
	}
	if out, err := b.CheckIn(s, CheckCode); err != nil || out != CheckedInBefore {
		t.Errorf("the code twice: %v %v", out, err)
	}
}

func TestWhoWaitsAndStandsThereTakesAFreePlaceAndNeverAFullOne(t *testing.T) {
	t.Parallel()
	b := clinic(2*time.Hour, 1)
	first, _ := join(t, b, 1, 1, 0)
	second, _ := join(t, b, 2, 1, 0)
	b.Now = saturday.Add(-30 * time.Minute)
	if out, err := b.CheckIn(second, CheckCode); err != nil || out != CheckedInWalk || second.State != SignupWaitlisted {
		t.Fatalf("full: %v %v %s", out, err, second.State)
	}
	must(t, b.Leave(first))
	settle(t, b)
	if out, err := b.CheckIn(second, CheckCode); err != nil || out != CheckedIn || second.State != SignupCheckedIn {
		t.Errorf("free: %v %v %s", out, err, second.State)
	}
}

func TestAWalkInFillsNoPlaceAndIsCountedAmongThoseWhoCame(t *testing.T) {
	t.Parallel()
	b := clinic(2*time.Hour, 1)
	join(t, b, 1, 1, 0)
	b.Now = saturday.Add(time.Minute)
	s, err := b.TakeWalkIn(9, b.Role(1), b.Now, nil)
	must(t, err)
	if s.State != SignupCheckedIn || s.CheckBy != CheckCode || !s.WalkIn || b.Taken(1) != 1 {
		t.Errorf("%+v, taken %d", s, b.Taken(1))
	}
	if got := b.Achieved(); got.Came != 1 || got.People != 2 {
		t.Errorf("achieved %+v", got)
	}
	if _, err := b.TakeWalkIn(8, b.Role(1), 0, &Clash{Number: 3, Title: "东堤"}); key(err) != "error.overlap" {
		t.Errorf("a walk-in with a place elsewhere at the time: %v", err)
	}
}

func TestCheckOutAndItsUndo(t *testing.T) {
	t.Parallel()
	b, s := onSite(t, -10*time.Minute)
	if err := b.CheckOut(s, 0); key(err) != "error.not_checked_in" {
		t.Errorf("before checking in: %v", err)
	}
	_, err := b.CheckIn(s, CheckCode)
	must(t, err)
	b.Now = saturday.Add(time.Hour)
	must(t, b.CheckOut(s, 0))
	if s.State != SignupDone || s.OutBy != OutSelf || s.OnSite(b.Now, *b.Shifts[0]) {
		t.Errorf("%+v", s)
	}
	must(t, b.UndoCheckOut(s))
	if s.State != SignupCheckedIn || s.CheckedOut != 0 || !s.OnSite(b.Now, *b.Shifts[0]) {
		t.Errorf("undone: %+v", s)
	}
	must(t, b.UndoCheckIn(s))
	if s.State != SignupConfirmed || s.CheckedIn != 0 || s.CheckBy != "" {
		t.Errorf("check-in undone: %+v", s)
	}
}

func TestTheEndOnlyProposesATimeAndCountsNothing(t *testing.T) {
	t.Parallel()
	b, s := onSite(t, -8*time.Minute)
	_, err := b.CheckIn(s, CheckCode)
	must(t, err)
	absent, _ := join(t, b, 2, 1, 0)
	b.Now = b.Shifts[0].EndAt
	unseen := b.Propose(b.Shifts[0])
	if len(unseen) != 1 || unseen[0] != absent || s.State != SignupCheckedIn || s.OutBy != OutProposed || s.CheckedOut != b.Shifts[0].EndAt {
		t.Fatalf("%v %+v", unseen, s)
	}
	if b.Minutes(s) != 0 || s.Evidence() != "" {
		t.Error("a proposal counted")
	}
	b.Now = b.Now.Add(10 * time.Minute)
	must(t, b.CheckOut(s, 0)) // "8:52–11:30, right?" "Yes"
	if s.State != SignupDone || s.OutBy != OutSelf || s.CheckedOut != b.Shifts[0].EndAt || b.Minutes(s) != 0 {
		t.Errorf("%+v", s)
	}
	must(t, b.PutOnRoll(s, RollEntry{Came: true}, 7))
	if b.Minutes(s) != 150 || s.Evidence() != EvidenceSelf {
		t.Errorf("%d minutes, %q: travel before the start is left out", b.Minutes(s), s.Evidence())
	}
}

func TestWhatShowsThatSomebodyServed(t *testing.T) {
	t.Parallel()
	start, end := saturday, saturday.Add(150*time.Minute)
	shift := Shift{StartAt: start, EndAt: end}
	at := func(minutes int) Instant { return start.Add(time.Duration(minutes) * time.Minute) }
	done := func(change func(*Signup)) Signup {
		s := Signup{PersonID: 1, State: SignupDone, CheckBy: CheckCode, CheckedIn: at(-8), CheckedOut: end, OutBy: OutSelf,
			RollAt: at(200), RollBy: 7, RollFrom: start, RollTo: end}
		change(&s)
		return s
	}
	for _, c := range []struct {
		what    string
		s       Signup
		grade   string
		minutes int
	}{
		{"own code and the roll", done(func(*Signup) {}), EvidenceSelf, 150},
		{"came late, left early, by their own times", done(func(s *Signup) { s.CheckedIn, s.CheckedOut = at(10), at(130) }), EvidenceSelf, 120},
		{"the roll has less than they say", done(func(s *Signup) { s.RollTo = at(60) }), EvidenceSelf, 60},
		{"the roll has more than they showed", done(func(s *Signup) { s.CheckedIn, s.RollTo = at(30), at(180); s.CheckedOut = at(150) }), EvidenceSelf, 120},
		{"and they agreed to it", done(func(s *Signup) { s.CheckedIn, s.RollTo, s.SaidAt = at(30), at(180), at(210) }), EvidenceSelf, 180},
		{"button and the roll", done(func(s *Signup) { s.CheckBy = CheckButton }), EvidenceRoll, 150},
		{"the roll alone", done(func(s *Signup) { s.CheckBy, s.CheckedIn = CheckRoll, start }), "", 0},
		{"the roll and their yes", done(func(s *Signup) { s.CheckBy, s.SaidAt = CheckRoll, at(210) }), EvidenceRoll, 150},
		{"said they were there, then the roll, longer than the shift", done(func(s *Signup) { s.CheckBy, s.SaidAt, s.RollTo = CheckRoll, at(160), at(180) }), EvidenceRoll, 150},
		{"put on the roll by themselves", done(func(s *Signup) { s.RollBy = 1 }), "", 0},
		{"no roll", done(func(s *Signup) { s.RollAt, s.RollBy = 0, 0 }), "", 0},
		{"contested", done(func(s *Signup) { s.ContestAt = at(220) }), "", 0},
		{"did not come", done(func(s *Signup) { s.State = SignupNoShow }), "", 0},
		{"guests earn nothing more", done(func(s *Signup) { s.Guests = 3 }), EvidenceSelf, 150},
	} {
		if got := c.s.Evidence(); got != c.grade {
			t.Errorf("%s: grade %q, want %q", c.what, got, c.grade)
		}
		if got := ServedMinutes(c.s, shift); got != c.minutes {
			t.Errorf("%s: %d minutes, want %d", c.what, got, c.minutes)
		}
	}
}

func TestTheRollIsCorrectedAndTakenBack(t *testing.T) {
	t.Parallel()
	b, s := onSite(t, time.Hour)
	if err := b.PutOnRoll(s, RollEntry{}, 7); key(err) != "error.roll_running" {
		t.Errorf("not come, while the shift runs: %v", err)
	}
	must(t, b.PutOnRoll(s, RollEntry{Came: true}, 7))
	if s.State != SignupCheckedIn || s.CheckBy != CheckRoll || s.RollAt != 0 {
		t.Errorf("arrived: %+v", s)
	}
	b.Now = saturday.Add(4 * time.Hour)
	must(t, b.PutOnRoll(s, RollEntry{}, 7))
	if s.State != SignupNoShow || s.CheckedIn != 0 || b.Minutes(s) != 0 {
		t.Errorf("not come: %+v", s)
	}
	must(t, b.PutOnRoll(s, RollEntry{Came: true, To: saturday.Add(time.Hour)}, 7))
	if s.State != SignupDone || s.RollTo != saturday.Add(time.Hour) || !b.AsksYes(s) {
		t.Errorf("came after all: %+v", s)
	}
	if err := b.PutOnRoll(s, RollEntry{Came: true, To: b.Now.Add(time.Hour)}, 7); key(err) != "error.roll_times" {
		t.Errorf("until a time that lies ahead: %v", err)
	}
	must(t, b.Confirm(s))
	if b.AsksYes(s) || b.Minutes(s) != 60 {
		t.Errorf("agreed: %+v", s)
	}
	must(t, b.Contest(s))
	if b.Minutes(s) != 0 {
		t.Error("what is contested counted")
	}
	must(t, b.UndoRoll(s))
	if s.RollAt != 0 || s.ContestAt != 0 || s.State != SignupCheckedIn {
		t.Errorf("taken back: %+v", s)
	}
}

func TestWereYouThere(t *testing.T) {
	t.Parallel()
	b, s := onSite(t, 4*time.Hour)
	must(t, b.WasThere(s, false))
	if s.State != SignupNoShow || !s.Decided() {
		t.Errorf("couldn't: %+v", s)
	}
	must(t, b.WasThere(s, true))
	if s.State != SignupConfirmed || s.SaidAt != b.Now || s.Decided() || b.RollTaken() {
		t.Errorf("was there after all: %+v", s)
	}
	must(t, b.PutOnRoll(s, RollEntry{Came: true}, 7))
	if !b.RollTaken() || b.Minutes(s) != 150 || s.Evidence() != EvidenceRoll {
		t.Errorf("on the roll: %+v", s)
	}
	if err := b.WasThere(s, false); key(err) != "error.roll_taken" {
		t.Errorf("after the roll: %v", err)
	}
}

func TestADrillEarnsNoHours(t *testing.T) {
	t.Parallel()
	b, s := onSite(t, 0)
	_, err := b.CheckIn(s, CheckCode)
	must(t, err)
	b.Call.Drill = true
	b.Now = saturday.Add(3 * time.Hour)
	must(t, b.PutOnRoll(s, RollEntry{Came: true}, 7))
	if b.Minutes(s) != 0 || b.Achieved().Minutes != 0 || b.AsksYes(s) {
		t.Errorf("%d minutes", b.Minutes(s))
	}
}

func TestCodesCanBeReadOutAndTyped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 6, 6).Draw(t, "random")
		code := DrawCode(func(b []byte) { copy(b, raw) })
		if len(code) != 6 || strings.ContainsAny(code, "0O1I") || strings.Trim(code, codeLetters) != "" || !strings.ContainsAny(code, "23456789") {
			t.Fatalf("code %q", code)
		}
	})
}

// Whatever people and organizers do on site and after: the most is never
// passed, nothing counts without the roll and an own act, never more than the
// roll confirms, and what is counted lies in one span.
func TestOnSiteRulesHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := clinic(2*time.Hour, 2, 1)
		b.Now = saturday.Add(-2 * time.Hour)
		for range rapid.IntRange(5, 40).Draw(t, "acts") {
			onSiteStep(t, b)
			number(b)
			if _, err := b.Settle(); err != nil {
				t.Fatal(err)
			}
			for _, r := range b.Roles {
				if b.Taken(r.ID) > r.Most {
					t.Fatalf("role %d: %d of %d", r.ID, b.Taken(r.ID), r.Most)
				}
			}
			for _, s := range b.Signups {
				holdsOnSite(t, b, s)
			}
		}
	})
}

func onSiteStep(t *rapid.T, b *Board) {
	person := rapid.Int64Range(1, 6).Draw(t, "person")
	s := b.Of(person, 1)
	var err error
	act := rapid.SampledFrom([]string{"wait", "join", "leave", "code", "button", "out", "propose", "was", "missed", "came", "absent", "walk",
		"confirm", "contest", "undo roll", "undo in", "undo out"}).Draw(t, "act")
	switch {
	case act == "wait":
		b.Now = b.Now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute)
		if end := b.Shifts[0].EndAt; b.Now >= end {
			b.Propose(b.Shifts[0])
		}
	case act == "join":
		_, _, err = b.Join(Wish{PersonID: person, RoleID: rapid.Int64Range(1, 2).Draw(t, "role"), Guests: rapid.IntRange(0, 1).Draw(t, "guests")})
	case act == "walk":
		_, err = b.TakeWalkIn(person, b.Role(rapid.Int64Range(1, 2).Draw(t, "role")), 0, nil)
	case s == nil:
	default:
		err = onSiteAct(t, b, s, act)
	}
	if CodeOf(err) == CodeInternal {
		t.Fatalf("%s: %v", act, err)
	}
}

func onSiteAct(t *rapid.T, b *Board, s *Signup, act string) error {
	by := rapid.Int64Range(1, 7).Draw(t, "by")
	var err error
	switch act {
	case "leave":
		err = b.Leave(s)
	case "code":
		_, err = b.CheckIn(s, CheckCode)
	case "button":
		_, err = b.CheckIn(s, CheckButton)
	case "out":
		err = b.CheckOut(s, 0)
	case "was", "missed":
		err = b.WasThere(s, act == "was")
	case "came", "absent":
		err = b.PutOnRoll(s, RollEntry{Came: act == "came"}, by)
	case "confirm":
		err = b.Confirm(s)
	case "contest":
		err = b.Contest(s)
	case "undo roll":
		err = b.UndoRoll(s)
	case "undo in":
		err = b.UndoCheckIn(s)
	case "undo out":
		err = b.UndoCheckOut(s)
	}
	return err
}

func holdsOnSite(t *rapid.T, b *Board, s *Signup) {
	minutes, own := b.Minutes(s), s.CheckBy == CheckCode || s.CheckBy == CheckButton || s.SaidAt != 0
	switch {
	case minutes < 0, minutes > 0 && (s.RollAt == 0 || s.RollBy == s.PersonID || !own || s.ContestAt != 0 || s.State != SignupDone),
		minutes > int(s.RollTo.Sub(s.RollFrom).Minutes()):
		t.Fatalf("%d minutes from %+v", minutes, s)
	case s.State == SignupCheckedIn && s.CheckedIn == 0, s.CheckedOut != 0 && s.CheckedOut <= s.CheckedIn:
		t.Fatalf("times of %+v", s)
	case (s.State == SignupConfirmed || s.Waits()) && s.CheckedIn != 0:
		t.Fatalf("checked in and not: %+v", s)
	}
	if diff := cmp.Diff(s.Came(), s.State == SignupCheckedIn || s.State == SignupDone); diff != "" {
		t.Fatal(diff)
	}
}

// "Didn't come", taken back: who had been noted as there is there again, with
// the end proposed, and not lost to the safety loop.
func TestWhoWasThereComesBackWhenTheRollIsTakenBack(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]string{"noted by the organizer": CheckRoll, "by button": CheckButton} {
		b := dikeLoop(1).Board
		s, end := b.Signups[0], b.Shifts[0].EndAt
		s.CheckBy, s.CheckedOut, s.OutBy = by, end, OutProposed
		b.Now = end.Add(time.Minute)
		must(t, b.PutOnRoll(s, RollEntry{}, 100))
		must(t, b.UndoRoll(s))
		if s.State != SignupCheckedIn || s.CheckedIn == 0 || s.CheckBy != by || s.CheckedOut != end || s.OutBy != OutProposed {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// Who is contradicted may change the roll, not repeat it: that is for somebody else.
func TestAContradictionIsSettledByAnotherOrByAChange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by      int64
		entry   RollEntry
		settled bool
	}{
		"the same by the same":      {100, RollEntry{Came: true}, false},
		"the same by another":       {101, RollEntry{Came: true}, true},
		"another time, by the same": {100, RollEntry{Came: true, From: dike(8, 0), To: dike(11, 0)}, true},
		"not come, by the same":     {100, RollEntry{}, true},
	} {
		b := dikeLoop(1).Board
		s := b.Signups[0]
		b.Now = b.Shifts[0].EndAt.Add(time.Hour)
		must(t, b.PutOnRoll(s, RollEntry{Came: true}, 100))
		must(t, b.Contest(s))
		must(t, b.PutOnRoll(s, c.entry, c.by))
		if (s.ContestAt == 0) != c.settled {
			t.Errorf("%s: settled %v", name, s.ContestAt == 0)
		}
	}
}

func TestNobodySaysThatTheyWereThereBeforeItIsOver(t *testing.T) {
	t.Parallel()
	b := dikeLoop(1).Board
	s := b.Signups[0]
	s.State, s.CheckedIn, s.CheckBy = SignupConfirmed, 0, ""
	if err := b.WasThere(s, true); err == nil || s.SaidAt != 0 {
		t.Errorf("%v: %+v", err, s)
	}
}

// The night the clocks change: a shift from 22:00 to 6:00 in Berlin is nine
// hours in October and seven in March, whatever the wall says.
func TestHoursOfANightInWhichTheClocksChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone    string
		y, m, d int
		hours   int
	}{
		{"Europe/Berlin", 2026, 10, 24, 9}, {"Europe/Berlin", 2027, 3, 27, 7}, {"America/New_York", 2026, 10, 31, 9}, {"America/New_York", 2027, 3, 13, 7},
		{"Asia/Shanghai", 2026, 10, 24, 8},
	} {
		at := func(day, hour int) Instant {
			return At(time.Date(c.y, time.Month(c.m), day, hour, 0, 0, 0, Zone(c.zone)))
		}
		b := dikeLoop(1).Board
		s := b.Signups[0]
		b.Shifts[0].StartAt, b.Shifts[0].EndAt = at(c.d, 22), at(c.d+1, 6)
		s.CheckedIn, s.CheckBy = at(c.d, 21), CheckCode
		b.Now = at(c.d+1, 7)
		must(t, b.PutOnRoll(s, RollEntry{Came: true}, 100))
		if got := b.Minutes(s); got != c.hours*60 {
			t.Errorf("%s %d-%d: %d minutes", c.zone, c.y, c.m, got)
		}
	}
}
