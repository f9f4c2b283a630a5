package services

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// What Slack never got counts as not delivered, and minutes from when it had it.
func TestAReportTellsWhoWasReached(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		spec := clinicSpec(models.Need{Role: "装卸", Least: 2, Most: 2})
		spec.Drill = true
		s := to.open(spec)
		to.send()
		ask := func(user string, state models.AskState, answered time.Duration) {
			to.must(st.InTx(ctx, func(tx *store.Tx) error {
				p, err := tx.EnsurePerson(s.Call.TenantID, user)
				if err != nil {
					return err
				}
				q := models.Ask{TenantID: p.TenantID, CallID: s.Call.ID, ShiftID: s.Shifts[0].ID, RoleID: s.Roles[0].ID, PersonID: p.ID, State: state, AskedAt: tx.Now}
				if answered > 0 {
					q.AnsweredAt = tx.Now.Add(answered)
				}
				if err := tx.Save(models.By{TenantID: p.TenantID, Action: "ask"}, &q); err != nil {
					return err
				}
				_, err = tx.Enqueue(models.Message{TenantID: p.TenantID, Key: fmt.Sprintf("ask:%d:%d", s.Call.ID, p.ID), Kind: models.MessageAsk, SubjectID: q.ID, PersonID: p.ID})
				return err
			}))
		}
		clocks.Advance(time.Minute)
		ask("UYES", models.AskYes, 3*time.Minute)
		ask("UNO", models.AskNo, 90*time.Second)
		ask("USILENT", models.AskSilent, 0)
		to.send()
		ask("UUNSENT", models.AskUnsent, 0) // never leaves the outbox
		rep, err := to.svc.CallReport(ctx, to.by("UCHEN"), s.Call.ID)
		to.must(err)
		var got []string
		for _, r := range rep.Responses {
			p := rep.Sheet.Person(r.PersonID)
			got = append(got, fmt.Sprintf("%s %s %d", p.Slack(), r.State, r.Minutes()))
		}
		if diff := cmp.Diff([]string{"UYES yes 3", "UNO no 2", "USILENT none 0", "UUNSENT undelivered 0"}, got); diff != "" {
			t.Errorf("the reach list (-want +got):\n%s", diff)
		}
		if _, err := to.svc.CallReport(ctx, to.by("ULI"), s.Call.ID); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member read it: %v", err)
		}
		if _, err := to.svc.SendCurve(ctx, to.by("ULI"), s.Call.ID); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member had it drawn: %v", err)
		}
		_, err = to.svc.PostCurve(ctx, to.by("UCHEN"), s.Call.ID)
		to.must(err)
		if _, err := to.svc.PostCurve(ctx, to.by("UCHEN"), s.Call.ID); refusal(err) != "error.report_posted" {
			t.Errorf("posted twice: %v", err)
		}
		if m := to.message(curveKey(s.Call.ID) + ":channel"); m.Channel != s.Call.Channel || m.ThreadTS == "" || m.PersonID != 0 {
			t.Errorf("the picture goes to %s under %q", m.Channel, m.ThreadTS)
		}
	})
}

// A report dropped because the call was opened again comes with the next close.
func TestADrillClosedAgainReportsAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	spec := clinicSpec(models.Need{Role: "装卸", Least: 1, Most: 1})
	spec.Drill = true
	s := to.open(spec)
	_, err := to.svc.CloseCall(ctx, to.by("UCHEN"), s.Call.ID)
	to.must(err)
	rows, err := to.store.ClaimMessages(ctx, "test", 100, time.Minute)
	to.must(err)
	for _, m := range rows {
		to.must(to.store.Settle(ctx, m.ID, "test", models.Outcome{Kind: models.OutcomeDropped}))
	}
	_, err = to.svc.ReopenCall(ctx, to.by("UCHEN"), s.Call.ID)
	to.must(err)
	_, err = to.svc.CloseCall(ctx, to.by("UCHEN"), s.Call.ID)
	to.must(err)
	for _, key := range []string{reportKey(s.Call.ID), curveKey(s.Call.ID)} {
		if m := to.message(key); m.State != models.MessageQueued {
			t.Errorf("%s is %s", key, m.State)
		}
	}
}

// A drill reports once, when it is closed, to its creator and by day; a real
// call reports when somebody asks.
func TestOnlyADrillReportsByItself(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, drill := range []bool{true, false} {
		to := sqliteTown(t)
		spec := clinicSpec(models.Need{Role: "装卸", Least: 1, Most: 1})
		spec.Drill = drill
		s := to.open(spec)
		to.join("ULI", s.Roles[0].ID)
		to.send()
		for range 2 { // closed, opened again, closed
			_, err := to.svc.CloseCall(ctx, to.by("UCHEN"), s.Call.ID)
			to.must(err)
			_, err = to.svc.ReopenCall(ctx, to.by("UCHEN"), s.Call.ID)
			to.must(err)
		}
		n := 0
		to.must(to.store.Read(ctx, func(tx *store.Tx) error {
			for _, key := range []string{reportKey(s.Call.ID), curveKey(s.Call.ID), reachListKey(s.Call.ID)} {
				m, err := tx.MessageByKey(s.Call.TenantID, key)
				if ignoreMissing(err) != nil {
					return err
				}
				if err == nil {
					n++
					if m.PersonID != s.Call.CreatorID || m.Quiet != models.QuietWait {
						t.Errorf("%s goes to %d and %ss at night", key, m.PersonID, m.Quiet)
					}
				}
			}
			return nil
		}))
		if want := map[bool]int{true: 3, false: 0}[drill]; n != want {
			t.Errorf("drill %v: %d messages, want %d", drill, n, want)
		}
	}
}
