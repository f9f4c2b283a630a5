package services

import (
	"context"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func TestSomebodyMissingIsHeardOfAgain(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	to.must(to.svc.Meet(ctx, to.by("UADMIN")))
	s, _ := to.onDike(dikeSpec(), "U1")
	to.until(13, 19)
	to.expect("half an hour after the admins were told", []string{"ask U1", "alarm U1 to UCHEN", "alarm U1 to UADMIN"}, to.until(13, 20))
	to.must(second(to.svc.ReachedSafe(ctx, to.by("UADMIN"), to.tick(s.Call.ID, "U1").ID, models.SafeHome)))
	to.expect("reached", nil, to.until(14, 30))
}

// Nobody sees to a call for help: it sounds again each interval for who may,
// not for the buddy on the dike. Once somebody is on it, only for them; when it
// is over, everybody who was alarmed hears it.
func TestACallForHelpSoundsAgainUntilSomebodySeesToIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		ctx := context.Background()
		to.must(to.svc.Meet(ctx, to.by("UADMIN")))
		spec := dikeSpec()
		spec.Buddy = true
		s, ids := to.onDike(spec, "U1", "U2")
		to.saysSafe("U2", ids["U2"], models.SafeHome)
		to.saysSafe("U1", ids["U1"], models.SafeHelp)
		to.expect("at once", []string{"alarm U1 to UADMIN", "alarm U1 to UCHEN"}, to.until(12, 29))
		to.expect("nobody came", []string{"alarm U1 to UADMIN", "alarm U1 to UCHEN"}, to.until(12, 30))
		tick := to.tick(s.Call.ID, "U1")
		if _, err := to.svc.TakeOn(ctx, to.by("U2"), tick.ID); refusal(err) != "error.not_organizer" {
			t.Errorf("a member takes it on: %v", err)
		}
		to.clocks.Advance(5 * time.Minute)
		to.must(second(to.svc.TakeOn(ctx, to.by("UADMIN"), tick.ID)))
		late, err := to.svc.TakeOn(ctx, to.by("UCHEN"), tick.ID)
		to.must(err)
		if !late.Nothing || to.tick(s.Call.ID, "U1").OnBy != to.personID("UADMIN") {
			t.Errorf("two see to it: %+v", late.Tick)
		}
		to.expect("who called knows that somebody comes", []string{"ask U1"}, to.until(13, 4))
		to.expect("only who sees to it is reminded", []string{"alarm U1 to UADMIN"}, to.until(13, 5))
		all, err := to.svc.AllHome(ctx, to.by("UCHEN"), s.Call.ID)
		to.must(err)
		if all.Home != 0 || all.Left != 1 || !to.tick(s.Call.ID, "U1").Help() {
			t.Errorf("all home closed a call for help in passing: %+v", all.Tick)
		}
		to.must(second(to.svc.ReachedSafe(ctx, to.by("UADMIN"), tick.ID, models.SafeOK)))
		to.expect("who may be on the way hears that it is over", []string{"alarm U1 to UCHEN"}, to.until(13, 10))
		to.expect("it is over", []string{"ask U1"}, to.until(13, 30))
		to.whole()
	})
}

func TestAnAlarmGoesToWhoMayStillAct(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	to.must(to.svc.Meet(ctx, to.by("UADMIN")))
	s, ids := to.onDike(dikeSpec(), "U1")
	if _, _, err := to.svc.GiveRole(ctx, to.by("UADMIN"), "UCHEN", models.RoleMember, ""); err != nil {
		t.Fatal(err)
	}
	to.expect("Chen Lin organizes no more", []string{"ask U1", "ask U1", "alarm U1 to UADMIN"}, to.until(12, 49))
	if _, err := to.svc.ReachedSafe(ctx, to.by("UCHEN"), to.tick(s.Call.ID, "U1").ID, models.SafeOK); refusal(err) != "error.not_organizer" {
		t.Errorf("an old button still works: %v", err)
	}
	to.saysSafe("U1", ids["U1"], models.SafeOK)
}
