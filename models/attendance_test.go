package models

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func meeting() (Study, Occurrence, Instant) {
	start := At(time.Date(2026, 11, 25, 11, 30, 0, 0, time.UTC))
	s := Study{State: StudyActive, Length: 60, Credit: 60, MakeupDays: 7, Zone: "Asia/Shanghai"}
	return s, Occurrence{ID: 3, State: OccurrencePlanned, RuleStart: start, Start: start, End: start.Add(time.Hour)}, start
}

// Check-in is open from 15 minutes before the start to the end.
func TestCheckInWindow(t *testing.T) {
	t.Parallel()
	s, o, start := meeting()
	for _, c := range []struct {
		off  time.Duration
		want string
	}{
		{-16 * time.Minute, "error.study_too_early"}, {-15*time.Minute - time.Millisecond, "error.study_too_early"},
		{-15 * time.Minute, ""}, {0, ""}, {time.Hour - time.Millisecond, ""}, {time.Hour, "error.study_over"}, {48 * time.Hour, "error.study_over"},
	} {
		a := Attendance{PersonID: 5, State: AttendanceDue}
		_, err := a.CheckIn(o, s, HowSelf, start.Add(c.off))
		got := ""
		if err != nil {
			got = err.Key
		}
		if got != c.want {
			t.Errorf("%v after the start: %q, want %q", c.off, got, c.want)
		}
		if want := 60; err == nil && (a.Credit != want || a.State != AttendanceAttended) {
			t.Errorf("%v: credit %d, state %s", c.off, a.Credit, a.State)
		}
	}
}

// What may be done in which state, as one table.
func TestAttendanceTransitions(t *testing.T) {
	t.Parallel()
	s, o, start := meeting()
	long := strings.Repeat("字", ReflectionMin)
	acts := map[string]func(a *Attendance) *Error{
		"attend": func(a *Attendance) *Error { return a.Intend(o, s, IntentAttend, start) },
		"makeup": func(a *Attendance) *Error {
			_, err := a.MakeUp(o, s, Handed{Words: long}, start.Add(48*time.Hour))
			return err
		},
		"checkin": func(a *Attendance) *Error {
			out, err := a.CheckIn(o, s, HowSelf, start)
			if out == CheckedInBefore {
				return Refuse(CodeConflict, "nothing changed")
			}
			return err
		},
		"excuse": func(a *Attendance) *Error { return a.Excuse(9) },
	}
	allowed := map[string]string{
		AttendanceDue: "attend makeup checkin excuse", AttendanceAttended: "", AttendanceMadeUp: "",
		AttendanceExcused: "checkin", AttendanceAbsent: "makeup checkin excuse",
	}
	for state, may := range allowed {
		for name, act := range acts {
			a := Attendance{PersonID: 5, State: state}
			if got, want := act(&a) == nil, strings.Contains(may, name); got != want {
				t.Errorf("%s when %s: allowed %v, want %v", name, state, got, want)
			}
		}
	}
	self := Attendance{PersonID: 5, State: AttendanceDue}
	if err := self.Excuse(5); err == nil || err.Code != CodeForbidden {
		t.Error("somebody excused themselves")
	}
	short := Attendance{PersonID: 5, State: AttendanceDue}
	if _, err := short.MakeUp(o, s, Handed{Words: long[:len(long)-3]}, start.Add(48*time.Hour)); err == nil || err.Field != "reflection" {
		t.Error("29 characters are taken for a reflection")
	}
}

// An intention is not attendance: nothing before check-in credits anything,
// and undo always leads back to what was before.
func TestUndoGoesBackAndIntentionsCreditNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, o, start := meeting()
		s.Slots = []Slot{{Days: 1, Minute: 600, Length: 60}}
		a := Attendance{PersonID: 5, State: AttendanceDue}
		now := start.Add(-26 * time.Hour)
		for range rapid.IntRange(1, 12).Draw(t, "acts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "minutes")) * time.Minute)
			before := a
			var err *Error
			switch rapid.SampledFrom([]string{"attend", "later", "ask", "slot", "in", "absent"}).Draw(t, "act") {
			case "attend":
				err = a.Intend(o, s, IntentAttend, now)
			case "later":
				err = a.Intend(o, s, IntentMakeup, now)
			case "ask":
				err = a.Intend(o, s, IntentExcuse, now)
			case "slot":
				err = a.Choose(o, s, rapid.IntRange(-1, 2).Draw(t, "slot"), now)
			case "in":
				_, err = a.CheckIn(o, s, HowSelf, now)
			case "absent":
				if a.MarkAbsent(o) {
					t.Fatal("absent from what nobody said was held")
				}
				continue
			}
			if (a.Credit > 0) != (a.State == AttendanceAttended) {
				t.Fatalf("credit %d in state %s", a.Credit, a.State)
			}
			if err != nil {
				if a.State != before.State || a.Intent != before.Intent || a.Slot != before.Slot {
					t.Fatal("a refused act changed something")
				}
				continue
			}
			if rapid.Bool().Draw(t, "undo") {
				if err := a.Undo(); err != nil {
					t.Fatal(err)
				}
				if a.State != before.State || a.Intent != before.Intent || a.Slot != before.Slot || a.Credit != before.Credit || a.At != before.At {
					t.Fatalf("undone to %+v, was %+v", a, before)
				}
				if err := a.Undo(); err == nil {
					t.Fatal("undone twice")
				}
			}
		}
	})
}

// Material has no check-in, and is done until its make-up closes.
func TestMaterialIsDone(t *testing.T) {
	t.Parallel()
	s, o, start := meeting()
	s.Length, o.End = 0, o.Start
	a := Attendance{PersonID: 5, State: AttendanceDue}
	if _, err := a.CheckIn(o, s, HowSelf, start); err == nil {
		t.Error("checked in to what has no meeting")
	}
	if err := a.Done(o, s, start.Add(7*24*time.Hour)); err == nil {
		t.Error("done after the make-up closed")
	}
	if err := a.Done(o, s, start.Add(-time.Hour)); err != nil || a.State != AttendanceAttended || a.Credit != 60 {
		t.Errorf("done: %v, %s, %d", err, a.State, a.Credit)
	}
	b := Attendance{PersonID: 5, State: AttendanceDue}
	s.Length = 60
	if err := b.Done(o, s, start); err == nil {
		t.Error("a meeting was marked as done without check-in")
	}
}

// An alternative time keeps its wall reading over a clock change.
func TestSlotsKeepTheWall(t *testing.T) {
	t.Parallel()
	zone := Zone("Europe/Riga")
	main := At(time.Date(2026, 10, 24, 19, 30, 0, 0, zone)) // the day before summer time ends
	s := Study{Zone: "Europe/Riga", Length: 60, Slots: []Slot{{Days: 1, Minute: 10 * 60, Length: 90}}}
	o := Occurrence{Start: main, End: main.Add(time.Hour)}
	start, end := o.Times(s, 1)
	if got := start.In(zone).Format("2006-01-02 15:04"); got != "2026-10-25 10:00" || end.Sub(start) != 90*time.Minute {
		t.Errorf("the other time is %s for %v", got, end.Sub(start))
	}
	if o.LastEnd(s) != end {
		t.Error("the last end is not that of the later time")
	}
}

func TestYearTargets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		t    Tenant
		duty string
		want int
	}{{Tenant{}, "", 32 * 60}, {Tenant{}, DutyMember, 32 * 60}, {Tenant{}, DutyLeader, 56 * 60},
		{Tenant{MemberTarget: 600, LeaderTarget: 900}, DutyMember, 600}, {Tenant{MemberTarget: 600, LeaderTarget: 900}, DutyLeader, 900}} {
		if got := StudyTarget(c.t, c.duty); got != c.want {
			t.Errorf("%q: %d, want %d", c.duty, got, c.want)
		}
	}
}
