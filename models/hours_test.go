package models

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// hoursDay is Saturday 28 Nov 2026 at an hour and minute in Shanghai; an hour
// over 24 is of the days after.
func hoursDay(hour, minute int) Instant {
	return At(time.Date(2026, 11, 28, hour, minute, 0, 0, Zone("Asia/Shanghai")))
}

// tookPart is a sign-up of person 1 as person 9 put it on the roll an hour after
// its end, with the person's own check-in on site.
func tookPart(id int64, from, to Instant, change ...func(*Signup)) Signup {
	s := Signup{ID: id, TenantID: 1, CallID: id, ShiftID: id, PersonID: 1, State: SignupDone, CheckBy: CheckCode, CheckedIn: from,
		OutBy: OutSelf, CheckedOut: to, RollFrom: from, RollTo: to, RollAt: to.Add(time.Hour), RollBy: 9}
	for _, f := range change {
		f(&s)
	}
	return s
}

// ledger keeps rows as a database would.
type ledger struct {
	rows []Hour
	now  Instant
}

func (l *ledger) keep(changed []*Hour) {
	for _, h := range changed {
		if h.AwaitsOther() && h.AskedAt == 0 {
			h.AskedAt = l.now
		}
		if h.ID == 0 {
			h.ID = int64(len(l.rows) + 1)
			l.rows = append(l.rows, *h)
			continue
		}
		l.rows[h.ID-1] = *h
	}
}

func (l *ledger) put(s Signup) {
	shift := Shift{StartAt: s.RollFrom, EndAt: s.RollTo}
	if s.RollAt == 0 {
		shift = Shift{StartAt: s.CheckedIn, EndAt: s.CheckedOut}
	}
	l.keep(SettleHours(s.ID, ClaimsOf(s, shift, false, Zone("Asia/Shanghai")), slices.Clone(l.rows)))
}

// say is somebody else's word about a row.
func (l *ledger) say(i int, by int64, change func(*Hour)) {
	h := l.rows[i]
	change(&h)
	l.rows[i] = h
	l.keep(SettleHours(0, nil, slices.Clone(l.rows)))
}

func (l *ledger) approve(i int, by int64) {
	l.say(i, by, func(h *Hour) { h.ApprovedMin, h.ApprovedBy = h.Total(l.rows), by })
}

func (l *ledger) want(t *testing.T, step string, want ...string) {
	t.Helper()
	var got []string
	for _, h := range l.rows {
		s := h.State
		switch {
		case h.State == HoursPending:
			s += " " + h.Needs
		case h.State == HoursRefused:
			s += " " + h.Why
		}
		got = append(got, s)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", step, got, want)
	}
}

func TestWhatASignUpLeadsTo(t *testing.T) {
	t.Parallel()
	morning, noon := hoursDay(9, 0), hoursDay(11, 30)
	rollOnly := func(s *Signup) { s.CheckBy = CheckRoll }
	for name, c := range map[string]struct {
		change func(*Signup)
		drill  bool
		state  string
		needs  string
		grade  string
	}{
		"own check-in and the roll":    {func(*Signup) {}, false, HoursCounted, "", EvidenceSelf},
		"the roll alone":               {rollOnly, false, HoursPending, NeedsYes, EvidenceRoll},
		"the roll and their yes":       {func(s *Signup) { rollOnly(s); s.SaidAt = s.RollAt + 1 }, false, HoursCounted, "", EvidenceRoll},
		"entered a day and more later": {func(s *Signup) { rollOnly(s); s.RollAt = noon.Add(25 * time.Hour); s.SaidAt = s.RollAt + 1 }, false, HoursCounted, "", EvidenceLate},
		"late, but checked in in time": {func(s *Signup) { s.RollAt = noon.Add(25 * time.Hour) }, false, HoursCounted, "", EvidenceSelf},
		"contested":                    {func(s *Signup) { s.ContestAt = s.RollAt + 1 }, false, HoursContested, "", EvidenceSelf},
		"contested, never agreed to":   {func(s *Signup) { rollOnly(s); s.ContestAt = s.RollAt + 1 }, false, HoursContested, NeedsYes, EvidenceRoll},
		"a drill":                      {func(*Signup) {}, true, "", "", ""},
		"put on the roll by oneself":   {func(s *Signup) { s.RollBy = s.PersonID }, false, "", "", ""},
		"checked in, no roll":          {func(s *Signup) { s.State, s.RollAt = SignupCheckedIn, 0 }, false, "", "", ""},
		"did not come":                 {func(s *Signup) { s.State = SignupNoShow }, false, "", "", ""},
		"with guests":                  {func(s *Signup) { s.Guests = 3 }, false, HoursCounted, "", EvidenceSelf},
	} {
		got := ClaimsOf(tookPart(1, morning, noon, c.change), Shift{StartAt: morning, EndAt: noon}, c.drill, Zone("Asia/Shanghai"))
		if c.state == "" {
			if len(got) != 0 {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].State != c.state || got[0].Needs != c.needs || got[0].Grade != c.grade || got[0].Minutes != 150 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestANightIsSplitAtTheOrganisationsMidnight(t *testing.T) {
	t.Parallel()
	from, to := hoursDay(22, 0), hoursDay(26, 30)
	got := ClaimsOf(tookPart(1, from, to), Shift{StartAt: from, EndAt: to}, false, Zone("Asia/Shanghai"))
	if len(got) != 2 || got[0].Minutes != 120 || got[1].Minutes != 150 || got[0].Day != hoursDay(0, 0) || got[1].Day != hoursDay(24, 0) || got[1].FromAt != hoursDay(24, 0) {
		t.Errorf("%+v", got)
	}
}

func TestOverEightHoursWaitForASecondPersonAndOverTwelveForAnAdmin(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	l.put(tookPart(1, hoursDay(6, 0), hoursDay(13, 0)))
	l.put(tookPart(2, hoursDay(13, 0), hoursDay(14, 0)))
	l.want(t, "eight hours", "counted", "counted")
	l.put(tookPart(3, hoursDay(14, 0), hoursDay(17, 0)))
	l.put(tookPart(4, hoursDay(17, 0), hoursDay(19, 0)))
	l.want(t, "thirteen hours", "counted", "counted", "pending second", "pending admin")
	l.approve(2, 7)
	l.approve(3, 8)
	l.want(t, "approved", "counted", "counted", "counted", "counted")
	l.put(tookPart(4, hoursDay(17, 0), hoursDay(18, 30), func(s *Signup) { s.RollAt += 60_000 }))
	l.want(t, "shorter than approved", "counted", "counted", "counted", "counted")
	l.put(tookPart(4, hoursDay(17, 0), hoursDay(21, 0), func(s *Signup) { s.RollAt += 120_000 }))
	l.want(t, "longer than approved", "counted", "counted", "counted", "pending admin")
	l.put(tookPart(1, hoursDay(6, 0), hoursDay(13, 0), func(s *Signup) { s.State = SignupNoShow }))
	if h := l.rows[0]; h.State != HoursRefused || h.Why != RefusedGone || h.Minutes != 0 {
		t.Errorf("the roll was corrected to absent: %+v", h)
	}
	if h := l.rows[3]; h.State != HoursCounted {
		t.Errorf("with seven hours less, eight are left: %+v", h)
	}
}

func TestOfTwoAtTheSameTimeTheOneEnteredFirstStands(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	l.put(tookPart(1, hoursDay(9, 0), hoursDay(11, 0)))
	l.put(tookPart(2, hoursDay(8, 0), hoursDay(10, 0), func(s *Signup) { s.RollAt = hoursDay(13, 0) }))
	l.want(t, "overlap", "counted", "refused overlap")
	l.put(tookPart(3, hoursDay(7, 0), hoursDay(8, 30), func(s *Signup) { s.RollAt, s.CheckBy = hoursDay(14, 0), CheckRoll }))
	l.want(t, "what is refused takes nobody's time", "counted", "refused overlap", "pending yes")
	l.put(tookPart(1, hoursDay(9, 0), hoursDay(11, 0), func(s *Signup) { s.ContestAt = hoursDay(15, 0) }))
	l.want(t, "the first is contested", "contested", "counted", "refused overlap")
	l.put(tookPart(2, hoursDay(8, 0), hoursDay(10, 0), func(s *Signup) { s.State = SignupNoShow }))
	l.want(t, "whose yes was missing still has to give it", "contested", "refused gone", "pending yes")
}

func TestWhatIsContestedIsDecidedOnce(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	contested := func(s *Signup) { s.ContestAt = s.RollAt + 60_000 }
	rollOnly := func(s *Signup) { s.CheckBy = CheckRoll; contested(s) }
	decide := func(v string) func(*Hour) {
		return func(h *Hour) { h.Verdict, h.DecidedBy, h.DecidedAt = v, 8, hoursDay(40, 0) }
	}
	l.put(tookPart(1, hoursDay(9, 0), hoursDay(10, 0), contested))
	l.put(tookPart(2, hoursDay(10, 0), hoursDay(11, 0), contested))
	l.put(tookPart(3, hoursDay(11, 0), hoursDay(12, 0), rollOnly))
	l.want(t, "contested", "contested", "contested", "contested")
	l.say(0, 8, decide(VerdictCounts))
	l.say(1, 8, decide(VerdictRefused))
	l.say(2, 8, decide(VerdictCounts))
	l.want(t, "decided", "counted", "refused decided", "pending yes")
	if l.rows[0].ConfirmedBy != 8 {
		t.Errorf("counted by the word of %d", l.rows[0].ConfirmedBy)
	}
	l.put(tookPart(1, hoursDay(9, 0), hoursDay(10, 0), func(s *Signup) { s.ContestAt = hoursDay(41, 0) }))
	l.want(t, "contested anew", "contested", "refused decided", "pending yes")
	l.put(tookPart(2, hoursDay(10, 0), hoursDay(11, 0), func(s *Signup) { s.RollAt = hoursDay(42, 0) }))
	l.want(t, "entered anew", "contested", "counted", "pending yes")
}

func TestWhatIsEnteredLateWaitsForTheOwnYesAndThenForAnother(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	late := func(s *Signup) { s.CheckBy, s.RollAt = CheckRoll, hoursDay(60, 0) }
	l.put(tookPart(1, hoursDay(9, 0), hoursDay(10, 0), late))
	l.want(t, "entered", "pending yes")
	l.put(tookPart(1, hoursDay(9, 0), hoursDay(10, 0), late, func(s *Signup) { s.SaidAt = hoursDay(61, 0) }))
	l.want(t, "their yes", "pending second")
	l.approve(0, 7)
	l.want(t, "approved", "counted")
	if h := l.rows[0]; h.Grade != EvidenceLate || !h.Late {
		t.Errorf("%+v", h)
	}
}

// TestWhateverHappensTheLedgerKeepsItsRules holds over random sign-ups,
// corrections, contests and words of others.
func TestWhateverHappensTheLedgerKeepsItsRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		l, signups := &ledger{}, map[int64]Signup{}
		for step := range rapid.IntRange(1, 25).Draw(r, "steps") {
			l.now = hoursDay(80, step)
			if i := rapid.IntRange(-1, len(l.rows)-1).Draw(r, "row"); i >= 0 && rapid.Bool().Draw(r, "word") {
				historyWord(r, l, i)
			} else {
				id := rapid.Int64Range(1, 5).Draw(r, "sign-up")
				signups[id] = historySignup(r, id, l.now)
				l.put(signups[id])
			}
			historyHolds(r, l, signups)
		}
	})
}

func historySignup(r *rapid.T, id int64, now Instant) Signup {
	from := hoursDay(0, 30*rapid.IntRange(0, 60).Draw(r, "from"))
	s := tookPart(id, from, from.Add(time.Duration(rapid.IntRange(0, 30).Draw(r, "half hours"))*30*time.Minute))
	s.CheckBy = rapid.SampledFrom([]string{CheckCode, CheckButton, CheckRoll}).Draw(r, "checked in by")
	s.State = rapid.SampledFrom([]SignupState{SignupDone, SignupDone, SignupDone, SignupNoShow, SignupCheckedIn}).Draw(r, "state")
	s.RollBy = rapid.SampledFrom([]int64{9, 9, 9, 1}).Draw(r, "by")
	s.RollAt = rapid.SampledFrom([]Instant{s.RollAt, now, 0}).Draw(r, "roll")
	if s.RollAt != 0 {
		s.SaidAt = rapid.SampledFrom([]Instant{0, now}).Draw(r, "said")
		s.ContestAt = rapid.SampledFrom([]Instant{0, 0, now}).Draw(r, "contested")
	}
	return s
}

func historyWord(r *rapid.T, l *ledger, i int) {
	switch h := l.rows[i]; {
	case h.AwaitsOther() && rapid.Bool().Draw(r, "approve"):
		l.approve(i, 7)
	case h.AwaitsOther():
		l.say(i, 7, func(h *Hour) { h.Verdict, h.DecidedBy, h.DecidedAt = VerdictRefused, 7, l.now })
	case h.State == HoursContested:
		v := rapid.SampledFrom([]string{VerdictCounts, VerdictRefused}).Draw(r, "verdict")
		l.say(i, 7, func(h *Hour) { h.Verdict, h.DecidedBy, h.DecidedAt = v, 7, l.now })
	}
}

func historyHolds(r *rapid.T, l *ledger, signups map[int64]Signup) {
	day := map[Instant][]Hour{}
	for _, h := range l.rows {
		s := signups[h.SignupID]
		own := s.CheckBy != CheckRoll || s.SaidAt != 0
		if h.State == HoursCounted && (!own || s.State != SignupDone || s.RollAt == 0 || s.RollBy == s.PersonID) {
			r.Fatalf("counts without evidence: %+v of %+v", h, s)
		}
		if h.State == HoursCounted && h.Grade == EvidenceLate && h.ApprovedBy == 0 {
			r.Fatalf("late, and nobody approved: %+v", h)
		}
		if h.State == HoursCounted && h.ContestAt != 0 && h.Verdict != VerdictCounts {
			r.Fatalf("counts although contested: %+v", h)
		}
		if h.Why != RefusedGone && (h.Minutes != int(h.ToAt.Sub(h.FromAt).Minutes()) || h.FromAt < h.Day || h.ToAt > h.Day.Add(24*time.Hour)) {
			r.Fatalf("not its time of its day: %+v", h)
		}
		if h.State == HoursCounted || h.State == HoursPending {
			day[h.Day] = append(day[h.Day], h)
		}
	}
	for _, rows := range day {
		slices.SortFunc(rows, func(a, b Hour) int { return int(a.FromAt - b.FromAt) })
		total := 0
		for i, h := range rows {
			if i > 0 && rows[i-1].ToAt > h.FromAt {
				r.Fatalf("two at the same time: %+v and %+v", rows[i-1], h)
			}
			if h.Needs == NeedsYes {
				continue
			}
			if total += h.Minutes; h.State == HoursCounted && total > 480 && h.ApprovedMin < total {
				r.Fatalf("%d minutes in a day, %d approved: %+v", total, h.ApprovedMin, h)
			}
		}
	}
	if again := SettleHours(0, nil, slices.Clone(l.rows)); len(again) > 0 {
		r.Fatalf("not at rest: %+v", *again[0])
	}
}
