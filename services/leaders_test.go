package services

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// agrees has people say that they may be named, or no longer.
func (to *town) agrees(yes bool, users ...string) {
	to.t.Helper()
	for _, user := range users {
		to.writesProfile(user, map[string]bool{"leaderboard": true}, Profile{Leaderboard: yes})
	}
}

// named are who a summary names, with their rank and minutes.
func (to *town) ranked(s SummaryShown) (out []string) {
	for _, l := range s.Now.Leaders {
		if p, ok := s.Leaders[l.PersonID]; ok {
			out = append(out, fmt.Sprintf("%d %s %d", l.Rank, p.Slack(), l.Minutes))
		}
	}
	return out
}

func TestOnlyWhoAgreedIsNamed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		sheet := to.open(clinicSpec(models.Need{Role: "医生", Most: 1}))
		for i, user := range []string{"UA", "UB", "UC", "UD", "UE"} {
			to.hasServed(user, sheet.Call.ID, int64(901+i), 20, []int{600, 150, 150, 90, 30}[i])
		}
		pending := to.hasServed("UD", sheet.Call.ID, 990, 21, 480)
		to.must(st.InTx(t.Context(), func(tx *store.Tx) error {
			pending.State, pending.Needs = models.HoursPending, models.NeedsYes
			return tx.Save(models.By{TenantID: pending.TenantID, Action: "hours_settle"}, &pending)
		}))
		month := func(kind string) SummaryShown {
			t.Helper()
			shown, err := to.svc.PreviewSummary(t.Context(), to.by("UCHEN"), SummaryAsk{Kind: kind})
			to.must(err)
			return shown
		}
		expect := func(step string, got SummaryShown, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, to.ranked(got)); diff != "" {
				t.Errorf("%s: %s", step, diff)
			}
		}
		expect("nobody agreed", month(models.PeriodMonth))
		to.agrees(true, "UB", "UC", "UX")
		expect("two with hours agreed", month(models.PeriodMonth))
		to.agrees(true, "UD")
		shown := month(models.PeriodMonth)
		expect("three agreed: who has the most is not among them", shown, "1 UB 150", "1 UC 150", "3 UD 90")
		expect("a year names them too", month(models.PeriodYear), "1 UB 150", "1 UC 150", "3 UD 90")
		expect("a day does not", month(models.PeriodDay))

		_, err := to.svc.PostSummary(t.Context(), to.by("UCHEN"), shown.Posting.ID, "CSUM")
		to.must(err)
		to.agrees(true, "UE")
		to.agrees(false, "UC")
		posted, err := to.svc.SummaryByPosting(t.Context(), shown.Posting.ID)
		to.must(err)
		expect("what was posted keeps its numbers, and names nobody who withdrew", posted, "1 UB 150", "3 UD 90")
		expect("the next has them no more", month(models.PeriodMonth), "1 UB 150", "2 UD 90", "3 UE 30")

		to.must(st.InTx(t.Context(), func(tx *store.Tx) error {
			p, err := tx.Person(to.id("UB"))
			if err != nil {
				return err
			}
			return tx.ForgetPerson(models.By{TenantID: p.TenantID, ActorID: p.ID, Action: "forget"}, p)
		}))
		expect("forgotten: too few are left", month(models.PeriodMonth))
	})
}

func TestACopyOfWhatIsKeptSaysWhetherIAgreed(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	to.agrees(true, "UB")
	to.must(to.store.Read(t.Context(), func(tx *store.Tx) error {
		kinds, err := tx.CopyOf(to.id("UB"))
		for _, k := range kinds {
			if k.Kind == "person" && fmt.Sprint(k.Rows[0]["leaderboard"]) != "true" && fmt.Sprint(k.Rows[0]["leaderboard"]) != "1" {
				t.Errorf("%v", k.Rows[0])
			}
		}
		return err
	}))
}
