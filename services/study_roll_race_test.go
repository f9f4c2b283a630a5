package services

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// Two hundred members check in at once with one code: nobody twice, held once,
// and the record leads to what is there.
func TestTwoHundredCheckInAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := newBranchOn(t, st, clocks)
		rows := make([]MemberRow, 200)
		for i := range rows {
			rows[i] = MemberRow{Slack: fmt.Sprintf("UM%03d", i), Name: fmt.Sprintf("成员%03d", i), Unit: "城东支部", Duty: "member"}
		}
		if err := b.svc.Enrol(t.Context(), "T1", []UnitRow{{Name: "城东支部", Type: "branch", Leader: "Uchen"}}, rows); err != nil {
			t.Fatal(err)
		}
		plan := b.open(lesson("2026-11-25 19:30"))
		b.until(sh("2026-11-25 19:25"))
		code := b.codeOf(plan.Study)
		var wg sync.WaitGroup
		errs := make([]error, 2*len(rows))
		for i := range errs { // everybody twice, as two devices would
			act := b.act(rows[i%len(rows)].Slack)
			wg.Add(1)
			go func() {
				defer wg.Done()
				_, errs[i] = b.svc.CheckInByCode(context.Background(), act, code)
			}()
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		o := b.occurrence(plan.Study)
		held, came := 0, 0
		err := st.Read(t.Context(), func(tx *store.Tx) error {
			tally, err := tx.StudyTally(o.ID)
			came = tally.Onsite
			if err != nil {
				return err
			}
			held, err = tx.Entries(o.TenantID, "occurrence", o.ID, "study_held_code")
			return err
		})
		if err != nil || came != len(rows) || held != 1 {
			t.Errorf("%v: %d came, held %d times", err, came, held)
		}
		b.whole()
	})
}

// Buttons pressed with rows that are not one's own, by a member, by somebody of
// another workspace, or by a leader of yesterday: nothing changes.
func TestForgedPressesOnTheRollChangeNothing(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "20:35")
	o := b.occurrence(plan.Study)
	li := b.attendance("Uli", plan.Study.ID, lessonStart)
	b.roll("Uchen", plan.Study, StudyRollPage{Lines: []StudyRollLine{said("Uli", models.RollCame, 0, "")}})
	before := fmt.Sprint(b.attendance("Uli", plan.Study.ID, lessonStart), b.attendance("Uwang", plan.Study.ID, lessonStart), b.occurrence(plan.Study))
	abroad := b.act("Uchen")
	abroad.Team = "T2"
	page := StudyRollPage{Lines: []StudyRollLine{{AttendanceID: li.ID, Mark: models.StudyMark{Said: models.RollMissed}}}}
	for name, do := range map[string]func(Act) error{
		"code": func(a Act) error { return errOf(b.svc.NewStudyCode(t.Context(), a, o.ID)) },
		"who":  func(a Act) error { return errOf(b.svc.StudyWho(t.Context(), a, o.ID)) },
		"roll": func(a Act) error { return errOf(b.svc.TakeStudyRoll(t.Context(), a, o.ID, page)) },
		"see the roll": func(a Act) error {
			return errOf(b.svc.StudyRollSheet(t.Context(), a, o.ID, RollOf{}, 40))
		},
		"held":     func(a Act) error { return errOf(b.svc.HeldOccurrence(t.Context(), a, o.ID, false)) },
		"contest":  func(a Act) error { return errOf(b.svc.ContestStudyRoll(t.Context(), a, li.ID)) },
		"agree":    func(a Act) error { return errOf(b.svc.AgreeStudyRoll(t.Context(), a, li.ID)) },
		"excuse":   func(a Act) error { return errOf(b.svc.DecideExcuse(t.Context(), a, li.ID, true, "")) },
		"no row":   func(a Act) error { return errOf(b.svc.TakeStudyRoll(t.Context(), a, 0, page)) },
		"no row 2": func(a Act) error { return errOf(b.svc.NewStudyCode(t.Context(), a, -1)) },
	} {
		for who, act := range map[string]Act{"a member": b.act("Uwang"), "a stranger": b.act("Unew"), "another branch's leader": b.act("Uhe"), "another workspace": abroad} {
			act.Delivery = "" // each try is its own
			if err := do(act); models.CodeOf(err) == "" || models.CodeOf(err) == models.CodeInternal {
				t.Errorf("%s by %s: %v", name, who, err)
			}
		}
	}
	// A line of another session is not written on this page.
	other := b.open(lesson("2026-11-27 19:30"))
	out, err := b.svc.TakeStudyRoll(t.Context(), b.act("Uchen"), o.ID, StudyRollPage{Lines: []StudyRollLine{
		{AttendanceID: b.attendance("Uli", other.Study.ID, sh("2026-11-27 19:30")).ID, Mark: models.StudyMark{Said: models.RollCame}},
		{AttendanceID: 99999, Mark: models.StudyMark{Said: models.RollCame}}}})
	if err != nil || len(out.Skipped) != 2 || len(out.Said) != 0 {
		t.Errorf("lines of elsewhere: %v, %+v", err, out.Skipped)
	}
	if after := fmt.Sprint(b.attendance("Uli", plan.Study.ID, lessonStart), b.attendance("Uwang", plan.Study.ID, lessonStart), b.occurrence(plan.Study)); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}
