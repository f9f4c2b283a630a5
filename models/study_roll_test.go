package models

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// From the sixth minute on somebody is late; the code after the button is on
// site from then and as late as the button was.
func TestWhoCheckedInLate(t *testing.T) {
	t.Parallel()
	s, o, start := meeting()
	for minutes, want := range map[int]int{-15: 0, 0: 0, 5: 0, 6: 6, 59: 59} {
		a := Attendance{PersonID: 5, State: AttendanceDue}
		out, err := a.CheckIn(o, s, HowSelf, start.Add(time.Duration(minutes)*time.Minute))
		if err != nil || out != CheckedIn || a.LateMin != want || a.How != HowSelf {
			t.Errorf("at %d: %v, %s, late %d", minutes, err, out, a.LateMin)
		}
	}
	a := Attendance{PersonID: 5, State: AttendanceDue}
	_, _ = a.CheckIn(o, s, HowSelf, start.Add(8*time.Minute))
	out, err := a.CheckIn(o, s, HowOnsite, start.Add(20*time.Minute))
	if err != nil || out != CheckedInSite || a.How != HowOnsite || a.LateMin != 8 || a.At != start.Add(8*time.Minute) {
		t.Errorf("the code after the button: %v, %s, %+v", err, out, a)
	}
	if out, err := a.CheckIn(o, s, HowOnsite, start.Add(30*time.Minute)); err != nil || out != CheckedInBefore {
		t.Errorf("the same code again: %v, %s", err, out)
	}
	if err := a.Undo(); err != nil || a.State != AttendanceDue || a.LateMin != 0 || a.At != 0 {
		t.Errorf("undone: %v, %+v", err, a)
	}
}

func TestWhatTheRollMaySay(t *testing.T) {
	t.Parallel()
	s, o, start := meeting()
	during, after := start.Add(10*time.Minute), o.End.Add(time.Hour)
	due := Attendance{PersonID: 5, State: AttendanceDue}
	self := Attendance{PersonID: 5, State: AttendanceAttended, How: HowSelf, At: start.Add(8 * time.Minute), EnteredAt: start.Add(8 * time.Minute), LateMin: 8, Credit: 60}
	madeUp := Attendance{PersonID: 5, State: AttendanceMadeUp, At: after, EnteredAt: after, Credit: 60}
	asked := Attendance{PersonID: 5, State: AttendanceDue, Intent: IntentExcuse, Reason: "孩子发烧"}
	for name, c := range map[string]struct {
		was   Attendance
		mark  StudyMark
		by    int64
		now   Instant
		want  string // key of the refusal
		state string
		late  int
		how   string
	}{
		"came":                       {due, StudyMark{Said: RollCame}, 9, after, "", AttendanceAttended, 0, HowRoll},
		"came, while it runs":        {due, StudyMark{Said: RollCame}, 9, during, "", AttendanceAttended, 0, HowRoll},
		"late":                       {due, StudyMark{Said: RollLate, LateMin: 20}, 9, after, "", AttendanceAttended, 20, HowRoll},
		"late, nobody knows by what": {due, StudyMark{Said: RollLate}, 9, after, "error.study_roll_minutes", AttendanceDue, 0, ""},
		"late as they checked in":    {self, StudyMark{Said: RollLate}, 9, after, "", AttendanceAttended, 8, HowSelf},
		"later than it is long":      {due, StudyMark{Said: RollLate, LateMin: 61}, 9, after, "error.study_roll_minutes", AttendanceDue, 0, ""},
		"self-reported and there":    {self, StudyMark{Said: RollCame}, 9, after, "", AttendanceAttended, 8, HowSelf},
		"self-reported and not":      {self, StudyMark{Said: RollMissed}, 9, after, "", AttendanceDue, 0, ""},
		"not there, while it runs":   {due, StudyMark{Said: RollMissed}, 9, during, "error.study_roll_running", AttendanceDue, 0, ""},
		"excused":                    {due, StudyMark{Said: RollExcused, Note: "加班"}, 9, after, "", AttendanceExcused, 0, ""},
		"excused, nobody knows why":  {due, StudyMark{Said: RollExcused}, 9, after, "error.study_roll_reason", AttendanceDue, 0, ""},
		"excused as they asked":      {asked, StudyMark{Said: RollExcused}, 9, after, "", AttendanceExcused, 0, ""},
		"made up":                    {madeUp, StudyMark{Said: RollCame}, 9, after, "error.study_roll_made_up", AttendanceMadeUp, 0, ""},
		"oneself":                    {due, StudyMark{Said: RollCame}, 5, after, "error.study_roll_own", AttendanceDue, 0, ""},
		"excusing oneself":           {asked, StudyMark{Said: RollExcused}, 5, after, "error.study_roll_own", AttendanceDue, 0, ""},
		"too early":                  {due, StudyMark{Said: RollCame}, 9, start.Add(-16 * time.Minute), "error.study_roll_early", AttendanceDue, 0, ""},
		"a long story":               {due, StudyMark{Said: RollCame, Note: strings.Repeat("长", MostNote+1)}, 9, after, "error.study_roll_note", AttendanceDue, 0, ""},
	} {
		a := c.was
		changed, err := a.PutOnRoll(o, s, c.mark, c.by, c.now)
		got := ""
		if err != nil {
			got = err.Key
		}
		if got != c.want || a.State != c.state || a.LateMin != c.late || a.How != c.how || changed != (c.want == "") {
			t.Errorf("%s: %q, changed %v, %+v", name, got, changed, a)
		}
		if want := map[bool]int{true: 60}[a.State == AttendanceAttended || a.State == AttendanceMadeUp]; a.Credit != want {
			t.Errorf("%s: credit %d, want %d", name, a.Credit, want)
		}
	}
	off := o
	off.State = OccurrenceNotHeld
	if _, err := (&Attendance{PersonID: 5, State: AttendanceDue}).PutOnRoll(off, s, StudyMark{Said: RollCame}, 9, after); err == nil || err.Key != "error.study_roll_not_held" {
		t.Errorf("the roll of what was not held: %v", err)
	}
}

// Who is contradicted does not settle it by saying it again; a change does, or
// another's word, or the member's own.
func TestAContestedLineOfTheRoll(t *testing.T) {
	t.Parallel()
	s, o, _ := meeting()
	now := o.End.Add(time.Hour)
	put := func(a *Attendance, said string, by int64) bool {
		t.Helper()
		changed, err := a.PutOnRoll(o, s, StudyMark{Said: said}, by, now)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	contested := func() *Attendance {
		t.Helper()
		a := &Attendance{PersonID: 5, State: AttendanceDue}
		put(a, RollCame, 9)
		if err := a.Contest(now); err != nil || a.Credit != 0 || a.ContestAt == 0 {
			t.Fatalf("contested: %v, %+v", err, a)
		}
		return a
	}
	a := contested()
	if put(a, RollCame, 9) || a.ContestAt == 0 || a.Credit != 0 {
		t.Errorf("the same by the same: %+v", a)
	}
	if !put(a, RollCame, 8) || a.ContestAt != 0 || a.Credit != 60 {
		t.Errorf("the same by another: %+v", a)
	}
	if a = contested(); !put(a, RollMissed, 9) || a.ContestAt != 0 || a.State != AttendanceDue || a.Credit != 0 {
		t.Errorf("corrected: %+v", a)
	}
	if a = contested(); a.Agree(s) != nil || a.ContestAt != 0 || a.Credit != 60 {
		t.Errorf("agreed after all: %+v", a)
	}
	if err := a.Agree(s); err == nil {
		t.Error("there is nothing to agree to")
	}
	o.State = OccurrenceHeld
	b := &Attendance{PersonID: 5, State: AttendanceDue}
	put(b, RollMissed, 9)
	_ = b.Contest(now)
	if b.MarkAbsent(o) {
		t.Error("absent while it is contested")
	}
	if fresh := (&Attendance{PersonID: 5, State: AttendanceDue}); fresh.Contest(now) == nil {
		t.Error("contested what nobody said")
	}
}

// A line entered more than a day after the session is late, and one's own
// check-in stays what it was when the roll confirms it later.
func TestWhatIsEnteredLate(t *testing.T) {
	t.Parallel()
	s, o, start := meeting()
	late := o.End.Add(25 * time.Hour)
	for name, c := range map[string]struct {
		was  Attendance
		said string
		now  Instant
		want bool
	}{
		"the same evening":              {Attendance{State: AttendanceDue}, RollCame, o.End.Add(time.Hour), false},
		"two days later":                {Attendance{State: AttendanceDue}, RollCame, late, true},
		"not there, two days later":     {Attendance{State: AttendanceDue}, RollMissed, late, true},
		"own check-in, confirmed later": {Attendance{State: AttendanceAttended, How: HowSelf, At: start, EnteredAt: start}, RollCame, late, false},
	} {
		a := c.was
		a.PersonID = 5
		if _, err := a.PutOnRoll(o, s, StudyMark{Said: c.said}, 9, c.now); err != nil {
			t.Fatal(err)
		}
		if got := a.LateEntry(o); got != c.want {
			t.Errorf("%s: late %v", name, got)
		}
	}
}

// Whatever is said in whatever order: the credit follows the state, nobody says
// anything of themselves, saying the same twice changes nothing, and what
// changed is not what the stamp of before allows to be written.
func TestTheRollHoldsInAnyOrder(t *testing.T) {
	t.Parallel()
	s, o, start := meeting()
	rapid.Check(t, func(t *rapid.T) {
		a := Attendance{PersonID: 5, State: AttendanceDue}
		now := start.Add(-20 * time.Minute)
		for range rapid.IntRange(1, 15).Draw(t, "acts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "minutes")) * time.Minute)
			before, stamp := a, a.Stamp()
			switch rapid.IntRange(0, 5).Draw(t, "act") {
			case 0:
				_, _ = a.CheckIn(o, s, rapid.SampledFrom([]string{HowSelf, HowOnsite}).Draw(t, "how"), now)
			case 1:
				_ = a.Contest(now)
			case 2:
				_ = a.Agree(s)
			case 3:
				_ = a.Intend(o, s, IntentExcuse, now)
			default:
				m := StudyMark{Said: rapid.SampledFrom([]string{RollCame, RollLate, RollExcused, RollMissed}).Draw(t, "said"),
					LateMin: rapid.IntRange(0, 70).Draw(t, "late"), Note: rapid.SampledFrom([]string{"", "加班"}).Draw(t, "note")}
				by := int64(rapid.IntRange(5, 7).Draw(t, "by"))
				changed, err := a.PutOnRoll(o, s, m, by, now)
				if by == a.PersonID && err == nil {
					t.Fatal("said something of oneself")
				}
				if again, _ := a.PutOnRoll(o, s, m, by, now); changed && again {
					t.Fatalf("%+v twice changed something twice: %+v", m, a)
				}
			}
			if credited := a.Credit > 0; credited != (a.State == AttendanceAttended && a.ContestAt == 0) {
				t.Fatalf("credit %d in state %s, contested %d", a.Credit, a.State, a.ContestAt)
			}
			if a.State != before.State && a.Stamp() == stamp {
				t.Fatalf("%s became %s and the stamp is the same", before.State, a.State)
			}
			if a.State != AttendanceAttended && a.LateMin != 0 {
				t.Fatalf("late without being there: %+v", a)
			}
		}
	})
}
