package services

import (
	"testing"

	"muster/models"
	"muster/store"
)

// Asked an hour after the end, once more the next day in the leader's own time,
// then it is among the records that are missing.
func TestTheLeaderIsAskedTwiceAndNoMore(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	evening(t, b, "19:30")
	if _, err := b.svc.SaveProfile(t.Context(), b.act("Uchen"), Profile{Windows: []models.Window{{Start: 12 * 60, End: 13 * 60}, {Start: 21 * 60, End: 22 * 60}}}); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-30 12:00"))
	b.expect("Uchen", "11-24 19:30 study", "11-25 18:30 study", "11-25 21:30 study_ask", "11-26 21:30 study_ask")
	var missing []models.Occurrence
	err := b.st.Read(t.Context(), func(tx *store.Tx) (err error) {
		missing, err = tx.OccurrencesWithoutRecord(1, 0, tx.Now.Add(-models.AskLeaderAfter), nil, 10)
		return err
	})
	if err != nil || len(missing) != 1 {
		t.Errorf("records missing: %d, %v", len(missing), err)
	}
}

// A session is not said to have not taken place while somebody was there; once
// the roll corrects that, it is.
func TestNotHeldOnlyWhenNobodyWasThere(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "19:40")
	li := b.attendance("Uli", plan.Study.ID, lessonStart)
	if _, err := b.svc.CheckIn(t.Context(), b.act("Uli"), li.ID); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 21:40"))
	if _, err := b.svc.HeldStudy(t.Context(), b.act("Uchen"), plan.Study.Number, false); refusal(err) != "error.study_was_attended" {
		t.Errorf("not held though somebody was there: %v", err)
	}
	b.roll("Uchen", plan.Study, StudyRollPage{Lines: []StudyRollLine{said("Uli", models.RollMissed, 0, "点错了")}})
	if _, err := b.svc.HeldStudy(t.Context(), b.act("Uchen"), plan.Study.Number, false); err != nil {
		t.Errorf("not held once that was corrected: %v", err)
	}
	b.until(sh("2026-12-05 12:00"))
	for _, who := range []string{"Uli", "Uwang"} {
		if a := b.attendance(who, plan.Study.ID, lessonStart); a.State != models.AttendanceDue {
			t.Errorf("%s is %s from what was not held", who, a.State)
		}
	}
}

// Without a leader who may still lead, whoever opened it is asked, else an
// organizer, else an admin.
func TestWhoAnswersForASession(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "19:30")
	b.admin("Uadmin")
	answers := func(not string) string {
		t.Helper()
		who := ""
		err := b.st.Read(t.Context(), func(tx *store.Tx) error {
			p, err := tx.PersonBySlack(plan.Study.TenantID, not)
			if ignoreMissing(err) != nil {
				return err
			}
			to, err := b.svc.answersFor(tx, plan.Study, p.ID)
			who = to.Slack()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return who
	}
	if got := answers("nobody"); got != "Uchen" {
		t.Errorf("%s answers for it, want its unit's leader", got)
	}
	if got := answers("Uchen"); got != "Uadmin" {
		t.Errorf("%s answers in the leader's own matter, want an admin", got)
	}
}

// A roll that was only begun while it ran is asked for an hour after the end,
// once; who is left to be looked at stands in it.
func TestARollBegunWhileItRanIsAskedFor(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "19:45")
	b.roll("Uchen", plan.Study, StudyRollPage{Lines: []StudyRollLine{said("Uli", models.RollCame, 0, "")}})
	if a := b.attendance("Uli", plan.Study.ID, lessonStart); a.At != models.At(lessonStart) || a.How != models.HowRoll {
		t.Errorf("noted while it ran: %+v", a)
	}
	b.until(sh("2026-11-28 12:00"))
	b.expect("Uchen", "11-24 19:30 study", "11-25 18:30 study", "11-25 21:30 study_ask")
}
