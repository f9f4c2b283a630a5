package services

import (
	"fmt"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// A lesson of sixty, of whom all were reminded, is moved, and the next one
// skipped: who leads sees how many that reaches before any of it is done.
func TestASessionOfManyIsMovedAndTakenBackOnlyWhenChosen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := newBranchOn(t, st, clocks)
		b.svc.pace = Pace{PostsPerMinute: 400}
		members := make([]MemberRow, 58)
		for i := range members {
			members[i] = MemberRow{Slack: fmt.Sprintf("UM%02d", i), Name: fmt.Sprint(i), Unit: "城东支部", Duty: "member"}
		}
		if err := b.svc.Enrol(t.Context(), "T1", nil, members); err != nil {
			t.Fatal(err)
		}
		plan := b.open(lesson("2026-11-25 19:30"))
		n := plan.Study.Number
		b.until(sh("2026-11-24 20:00")) // a day before: all were told
		moved, err := b.svc.MoveStudy(t.Context(), b.act("Uchen"), n, time.Time{}, sh("2026-11-26 19:30"), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if moved.Reach.ID == 0 || moved.Reach.People < 51 || moved.After.Start != models.At(sh("2026-11-25 19:30")) {
			t.Fatalf("asked %+v, starts %v", moved.Reach.Reach, moved.After.Start.In(models.Zone("Asia/Shanghai")))
		}
		before := len(b.sent)
		b.beat()
		if len(b.sent) != before {
			t.Errorf("told before it was chosen: %v", b.sent[before:])
		}
		out, err := b.svc.ChooseReach(t.Context(), b.act("Uchen"), moved.Reach.ID, ReachSend)
		if err != nil || out.State != models.ReachGoing {
			t.Fatal(out.State, err)
		}
		b.beat()
		told := 0
		for _, s := range b.sent[before:] {
			if s.Kind == models.MessageStudy {
				told++
			}
		}
		if told != moved.Reach.People {
			t.Errorf("%d told of %d", told, moved.Reach.People)
		}
		b.clocks.Advance(2 * time.Minute)
		b.beat()
		shown, err := b.svc.ReachOf(t.Context(), b.message(models.ReachKey(out.ID)))
		if err != nil || shown.State != models.ReachDone || shown.Got != told {
			t.Errorf("ended as %s with %d, %v", shown.State, shown.Got, err)
		}
		if a := b.attendance("Uwang", plan.Study.ID, sh("2026-11-25 19:30")); a.Intent != models.IntentNone {
			t.Errorf("after the move %s stands, want asked anew", a.Intent)
		}
		// Nobody has said that they come to the new time: taking it back edits, and
		// asks nothing.
		_, asked, err := b.svc.CancelStudy(t.Context(), b.act("Uchen"), plan.Study.ID, false)
		if err != nil || asked.ID != 0 {
			t.Errorf("asked %+v, %v", asked.Reach, err)
		}
	})
}

func (b *branch) message(key string) (m models.Message) {
	b.t.Helper()
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		m, err = tx.MessageByKey(t.ID, key)
		return err
	})
	if err != nil {
		b.t.Fatalf("%s: %v", key, err)
	}
	return m
}
