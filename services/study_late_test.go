package services

import (
	"testing"
	"time"

	"muster/models"
	"muster/store"
)

// The roll of Wednesday, taken on Saturday: what it says is entered late, with
// both times, and what was absent by then is corrected.
func TestARollTakenDaysLater(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.Makeup = 1
	plan := b.open(in)
	b.until(sh("2026-11-25 19:40"))
	if _, err := b.sends("Uchen", b.codeOf(plan.Study)); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-28 10:00"))
	if a := b.attendance("Uli", plan.Study.ID, lessonStart); a.State != models.AttendanceAbsent {
		t.Fatalf("%s before the roll, want absent: a code was used and the make-up has closed", a.State)
	}
	out := b.roll("Uchen", plan.Study, StudyRollPage{Lines: []StudyRollLine{said("Uli", models.RollCame, 0, "签在纸上")}})
	if out.Said[models.RollCame] != 1 {
		t.Fatalf("%+v", out.Skipped)
	}
	a, o := b.attendance("Uli", plan.Study.ID, lessonStart), b.occurrence(plan.Study)
	if a.State != models.AttendanceAttended || a.At != models.At(lessonStart) || a.EnteredAt != models.At(sh("2026-11-28 10:00")) || !a.LateEntry(o) || a.Credit != 60 {
		t.Errorf("entered late: %+v", a)
	}
	if own := b.attendance("Uchen", plan.Study.ID, lessonStart); own.LateEntry(o) {
		t.Errorf("their own check-in was in time: %+v", own)
	}
	b.whole()
	late := 0
	err := b.st.Read(t.Context(), func(tx *store.Tx) error {
		entries, err := tx.SealedAfter(1, 0, 0, 0, 10000)
		for _, e := range entries {
			if e.Action == "study_roll_came" && e.Late && e.At == o.End {
				late++
			}
		}
		return err
	})
	if err != nil || late != 1 {
		t.Errorf("%v: %d late entries of the roll in the record, want 1", err, late)
	}
}

// What cannot be made up leaves the leader a day for the roll before anybody is
// absent, also while it still runs.
func TestNobodyIsAbsentWhileTheRollCanBeTaken(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.Makeup = 0
	plan := b.open(in)
	b.until(sh("2026-11-25 19:20"))
	if _, err := b.sends("Uchen", b.codeOf(plan.Study)); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{"2026-11-25 19:45", models.AttendanceDue}, {"2026-11-26 20:15", models.AttendanceDue}, {"2026-11-26 20:45", models.AttendanceAbsent}} {
		b.until(sh(c[0]))
		if a := b.attendance("Uwang", plan.Study.ID, lessonStart); a.State != c[1] {
			t.Errorf("%s at %s, want %s", a.State, c[0], c[1])
		}
	}
}

// A code used at one of its times holds the session; who chose another time is
// still reminded of it and checks in then.
func TestACodeAtOneOfItsTimes(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.Slots = []models.Slot{{Days: 1, Minute: 10 * 60, Length: 60}}
	plan := b.open(in)
	b.until(sh("2026-11-25 12:00"))
	wang := b.attendance("Uwang", plan.Study.ID, lessonStart)
	b.until(sh("2026-11-25 19:45"))
	if _, err := b.sends("Uli", b.codeOf(plan.Study)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.ChooseSlot(t.Context(), b.act("Uwang"), wang.ID, 1); err != nil {
		t.Errorf("the other time is chosen while the first runs: %v", err)
	}
	b.until(sh("2026-11-26 09:50"))
	b.expect("Uwang", "11-24 19:30 study", "11-25 18:30 study", "11-26 09:00 study")
	in2, err := b.sends("Uwang", b.codeOf(plan.Study))
	if err != nil || in2.Outcome != models.CheckedIn || in2.Study.Attendance.Slot != 1 || in2.Study.Attendance.LateMin != 0 {
		t.Errorf("by code at the other time: %v, %+v", err, in2)
	}
	// Who chose the first and comes to the second is there all the same.
	if _, err := b.sends("Uchen", "234567"); err != nil {
		t.Error(err)
	}
	if a := b.attendance("Uchen", plan.Study.ID, lessonStart); a.State != models.AttendanceAttended || a.Slot != 1 {
		t.Errorf("%+v", a)
	}
}

// Home shows who leads a session that its check-in is open, and nobody else.
func TestASessionThatIsOnStandsOnHome(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "19:20")
	for who, want := range map[string]int{"Uchen": 1, "Uli": 0, "Uhe": 0} {
		o, err := b.svc.HomeOf(t.Context(), b.act(who))
		if err != nil {
			t.Fatal(err)
		}
		on := 0
		for _, h := range o.Hands {
			if h.Kind == models.HandOn && h.Study.ID == plan.Study.ID {
				on++
			}
		}
		if on != want {
			t.Errorf("%s sees %d sessions that are on, want %d", who, on, want)
		}
	}
}

// Where nothing can be made up, what can still be done (ask to be excused, mark
// as read) stays a day; then the message is edited once more and the buttons go.
func TestButtonsGoWhereNothingCanBeMadeUp(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.Makeup = 0
	plan := b.open(in)
	b.until(sh("2026-11-25 22:00"))
	key := models.StudyKey(b.occurrence(plan.Study).ID, b.attendance("Uli", plan.Study.ID, lessonStart).PersonID)
	b.until(sh("2026-11-26 20:15"))
	open := b.messageAt(key).Version
	b.until(sh("2026-11-26 20:45"))
	if closed := b.messageAt(key); closed.Version == open || closed.Shown != closed.Version {
		t.Errorf("version %d before it closed, %d after, %d shown: the buttons stay", open, closed.Version, closed.Shown)
	}
}

// A series of years that has an end goes on to it, however many of its times
// have gone by.
func TestALongSeriesEndsWithItsLastSession(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.RRule, in.Until = "FREQ=DAILY", sh("2026-11-28 23:00")
	plan := b.open(in)
	err := b.st.InTx(t.Context(), func(tx *store.Tx) error {
		for n := range 1001 { // three years of it
			start := models.At(sh("2023-01-01 19:30").AddDate(0, 0, n))
			o := models.Occurrence{TenantID: 1, StudyID: plan.Study.ID, RuleStart: start, Start: start, End: start + 3600_000, State: models.OccurrenceHeld}
			if err := tx.Save(models.By{TenantID: 1, Action: "occurrence_plan"}, &o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-27 12:00"))
	var st models.Study
	if err := b.st.Read(t.Context(), func(tx *store.Tx) (err error) { st, err = tx.Study(1, plan.Study.ID); return err }); err != nil {
		t.Fatal(err)
	}
	if st.State != models.StudyActive {
		t.Errorf("%s with two sessions ahead", st.State)
	}
}

// What was moved by an earlier Muster, which did not note by whom, stays where
// it was moved when the series changes.
func TestAMoveOfAnEarlierMusterStays(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.RRule = "FREQ=WEEKLY;BYDAY=WE"
	plan := b.open(in)
	if _, err := b.svc.MoveOccurrence(t.Context(), b.act("Uchen"), b.occurrence(plan.Study).ID, sh("2026-11-27 18:00"), time.Time{}); err != nil {
		t.Fatal(err)
	}
	old := b.occurrence(plan.Study)
	old.ByHand = false
	err := b.st.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.Save(models.By{TenantID: 1, Action: "study_move"}, &old)
	})
	if err != nil {
		t.Fatal(err)
	}
	edit := StudyEdit{NewStudy: NewStudy{Holiday: models.HolidayAfter}, Set: map[string]bool{"holidays": true}}
	if _, err := b.svc.EditStudy(t.Context(), b.act("Uchen"), plan.Study.Number, edit); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-24 12:00"))
	if o := b.occurrence(plan.Study); o.Start != old.Start || o.State != models.OccurrenceMoved || !o.ByHand {
		t.Errorf("it lies at %s, %s, by hand %v", o.Start.Time(), o.State, o.ByHand)
	}
	b.whole()
}
