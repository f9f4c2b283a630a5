package services

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func TestAtNightAMessageIsAskedAboutAndWaits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(3, clinicSpec())
		to.wallAt("2026-11-24 05:06")
		asked := to.tell(s, TellTo{Kind: ToRole, Role: "司机"}, "带手电")
		if !asked.Ask || asked.Reach.People != 2 || asked.Reach.Quiet != 2 || asked.Reach.WaitTo != models.At(sh("2026-11-24 07:00")) {
			t.Fatalf("asked %+v", asked.Reach)
		}
		waits := to.choose(asked.Reach, ReachWait)
		if waits.State != models.ReachWaiting {
			t.Errorf("%+v", waits)
		}
		to.due()
		if told := to.told("tell:"); len(told) != 0 {
			t.Errorf("told at night: %v", told)
		}
		to.wallAt("2026-11-24 07:00")
		to.due()
		if diff := cmp.Diff([]string{"UD1", "UD2"}, to.told("tell:")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		// Called off before its time.
		to.wallAt("2026-11-25 05:06")
		waits = to.choose(to.tell(s, TellTo{}, "带水").Reach, ReachWait)
		if _, err := to.svc.StopReach(t.Context(), to.by("UCHEN"), waits.ID); err != nil {
			t.Fatal(err)
		}
		to.wallAt("2026-11-25 07:00")
		to.due()
		if told := to.told("tell:"); len(told) != 0 {
			t.Errorf("told although it was called off: %v", told)
		}
	})
}

// Sent at night, an ordinary message rests with each of those in quiet hours;
// an urgent call's passes, except to who turned urgent ones off.
func TestWhatPassesAtNight(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		urgent, drill bool
		pass          bool
	}{"an ordinary call": {}, "an urgent one": {urgent: true, pass: true}, "an urgent rehearsal": {urgent: true, drill: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := sqliteTown(t)
			spec := clinicSpec()
			spec.Urgent, spec.Drill = c.urgent, c.drill
			s := to.crowd(3, spec)
			to.wallAt("2026-11-24 05:06")
			out := to.choose(to.tell(s, TellTo{Kind: ToRole, Role: "司机"}, "集合").Reach, ReachSend)
			want := models.QuietWait
			if c.pass {
				want = models.QuietPass
			}
			m := to.message(tellKey(s.Call.ID, out.ID, to.id("UD1")))
			if m.Quiet != want {
				t.Errorf("quiet hours: %s, want %s", m.Quiet, want)
			}
			wait, drop, err := to.svc.Gate(t.Context(), m)
			to.must(err)
			if (wait == 0) != c.pass || drop {
				t.Errorf("waits until %v, dropped %v", wait.Time(), drop)
			}
		})
	}
}

// Who is on site works through the night: what is said to them asks nothing and
// waits for nothing.
func TestThoseOnSiteAreToldAtNight(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		spec := clinicSpec()
		spec.When = []models.Span{{Start: models.At(sh("2026-11-23 20:00")), End: models.At(sh("2026-11-24 06:00"))}}
		s := to.crowd(3, spec)
		to.wallAt("2026-11-23 20:05")
		to.due()
		to.send()
		to.must(st.InTx(t.Context(), func(tx *store.Tx) error {
			rows, err := tx.SignupsOf(s.Call.ID)
			for _, su := range rows {
				if err == nil && su.State == models.SignupConfirmed && su.RoleID == s.Roles[1].ID {
					su.State, su.CheckedIn, su.CheckBy = models.SignupCheckedIn, tx.Now, models.CheckButton
					err = tx.Save(models.By{TenantID: su.TenantID, ActorID: su.PersonID, Action: "signup_check_in"}, su)
				}
			}
			return err
		}))
		to.wallAt("2026-11-24 02:00")
		out := to.tell(s, TellTo{Kind: ToRole, Role: "司机"}, "回来吃饭")
		if out.Ask {
			t.Fatalf("asked %+v", out.Reach)
		}
		m := to.message(tellKey(s.Call.ID, out.Reach.ID, to.id("UD1")))
		if wait, drop, err := to.svc.Gate(t.Context(), m); err != nil || wait != 0 || drop {
			t.Errorf("waits until %v, dropped %v, %v", wait.Time(), drop, err)
		}
		// The others of the call sleep: a message to everybody is asked about.
		if all := to.tell(s, TellTo{}, "回来吃饭"); !all.Ask || all.Reach.Quiet != 3 {
			t.Errorf("asked %+v", all.Reach)
		}
	})
}

// The words of a message are kept as long as those of replies, and then only
// their hash is.
func TestTheWordsOfAMessageAreCleared(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(3, clinicSpec())
		out := to.tell(s, TellTo{}, "门码改成 4321")
		to.told("")
		to.due()
		clocks.Advance(91 * 24 * time.Hour)
		if _, err := to.svc.PurgeCalls(t.Context(), 7*24*time.Hour, 90*24*time.Hour); err != nil {
			t.Fatal(err)
		}
		m := to.message(tellKey(s.Call.ID, out.Reach.ID, to.id("UD1")))
		if shown, err := to.svc.Telling(t.Context(), m); err != nil || shown.Text != "" {
			t.Errorf("%q is still there, %v", shown.Text, err)
		}
		breakage, err := st.Verify(t.Context(), m.TenantID)
		if err != nil || !breakage.OK() {
			t.Errorf("the record does not hold without them: %+v, %v", breakage, err)
		}
	})
}
