package services

import (
	"testing"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// asksRecord has somebody ask for their activity record and gives its code.
func (to *town) asksRecord(user string, year int) models.ActivityRecord {
	to.t.Helper()
	to.must(to.svc.AskActivity(to.t.Context(), to.by(user), year))
	var out models.ActivityRecord
	to.must(to.store.Read(to.t.Context(), func(tx *store.Tx) error {
		tenant, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(tenant.ID, user)
		if err != nil {
			return err
		}
		all, err := tx.ActivityRecordsOf(tenant.ID, p.ID)
		if err == nil {
			out = all[0]
		}
		return err
	}))
	return out
}

func (to *town) checks(code string) models.Activity {
	to.t.Helper()
	a, ok, err := to.svc.CheckActivity(to.t.Context(), code)
	if err != nil || !ok {
		to.t.Fatalf("code %q: %v %v", code, ok, err)
	}
	return a
}

// hasServed puts hours that count into the ledger, of a day in November.
func (to *town) hasServed(user string, call int64, signup int64, day, minutes int) models.Hour {
	to.t.Helper()
	var h models.Hour
	to.must(to.store.InTx(to.t.Context(), func(tx *store.Tx) error {
		tenant, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.EnsurePerson(tenant.ID, user)
		if err != nil {
			return err
		}
		midnight := saturday(0, 0) - models.Instant(28-day)*86_400_000
		h = models.Hour{TenantID: tenant.ID, PersonID: p.ID, SignupID: signup, CallID: call, Day: midnight, FromAt: midnight + 9*3_600_000,
			ToAt: midnight + 9*3_600_000 + models.Instant(minutes)*60_000, Minutes: minutes, Grade: models.EvidenceSelf, State: models.HoursCounted}
		return tx.Save(models.By{TenantID: tenant.ID, Action: "hours_settle"}, &h)
	}))
	return h
}

func TestAnActivityRecordIsCheckedByItsCode(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		sheet := to.open(clinicSpec(models.Need{Role: "医生", Most: 1}))
		first := to.hasServed("ULI", sheet.Call.ID, 901, 20, 150)
		a := to.asksRecord("ULI", 0)
		if a.Minutes != 150 || a.Ever != 150 || len(a.HourIDs) != 1 || len(a.Code) != 12 || a.Sum == "" {
			t.Fatalf("%+v", a)
		}
		if got := to.checks(models.ShownActivityCode(a.Code)); !got.Matches() || got.Hours[0].Title != "社区爱心义诊" {
			t.Errorf("%+v", got)
		}
		to.hasServed("ULI", sheet.Call.ID, 902, 21, 60)
		if !to.checks(a.Code).Matches() {
			t.Error("hours that were added later make it false")
		}
		to.must(st.InTx(t.Context(), func(tx *store.Tx) error {
			first.State, first.Minutes = models.HoursRefused, 0
			return tx.Save(models.By{TenantID: first.TenantID, Action: "hours_settle"}, &first)
		}))
		if to.checks(a.Code).Matches() {
			t.Error("it lists hours that do not count any more, and matches")
		}
		if again := to.asksRecord("ULI", 2026); again.Minutes != 60 || again.Code == a.Code || !to.checks(again.Code).Matches() {
			t.Errorf("%+v", again)
		}
		if err := to.svc.AskActivity(t.Context(), to.by("ULI"), 2027); models.CodeOf(err) != models.CodeInvalid {
			t.Errorf("a year that has not begun: %v", err)
		}
		for _, wrong := range []string{"", "ABCD-EFGH-JKLM", a.Code + "A", a.Code[:11]} {
			if _, ok, err := to.svc.CheckActivity(t.Context(), wrong); ok || err != nil {
				t.Errorf("%q: %v %v", wrong, ok, err)
			}
		}
		to.must(st.InTx(t.Context(), func(tx *store.Tx) error {
			return tx.WithdrawActivityRecords(models.By{TenantID: a.TenantID, Action: "forget"}, a.PersonID)
		}))
		if got := to.checks(a.Code); got.Matches() || got.WithdrawnAt == 0 || got.Name != "" {
			t.Errorf("forgotten: %+v", got)
		}
	})
}

func TestAnActivityRecordIsPrintedAsItStandsWhenItGoesOut(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	sheet := to.open(clinicSpec(models.Need{Role: "医生", Most: 1}))
	h := to.hasServed("ULI", sheet.Call.ID, 901, 20, 150)
	a := to.asksRecord("ULI", 0)
	to.must(to.store.InTx(t.Context(), func(tx *store.Tx) error {
		h.Minutes, h.ToAt = 120, h.FromAt+120*60_000
		return tx.Save(models.By{TenantID: h.TenantID, Action: "hours_settle"}, &h)
	}))
	m := models.Message{TenantID: a.TenantID, SubjectID: a.ID, PersonID: a.PersonID}
	got, ok, err := to.svc.ActivityToSend(t.Context(), m)
	if err != nil || !ok || !got.Matches() || got.Minutes != 120 || got.Code != a.Code {
		t.Errorf("%v %v %+v", ok, err, got)
	}
	m.PersonID++ // nobody else's
	if _, ok, err := to.svc.ActivityToSend(t.Context(), m); ok || err != nil {
		t.Errorf("somebody else's: %v %v", ok, err)
	}
}
