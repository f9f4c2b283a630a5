package services

import (
	"fmt"
	"slices"
	"testing"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func TestCancellingACallOfManyIsAskedAboutFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(60, clinicSpec())
		asked, err := to.svc.CancelCall(t.Context(), to.by("UCHEN"), s.Call.ID, "降雨")
		to.must(err)
		if asked.Reach.ID == 0 || asked.Reach.People != 63 || asked.Reach.UnitID != 0 {
			t.Fatalf("asked %+v", asked.Reach)
		}
		if now := to.sheet(s.Call.ID); now.Call.State == models.CallCancelled {
			t.Fatal("cancelled before it was chosen")
		}
		to.join("UP999", s.Roles[1].ID) // joins meanwhile, and must hear of it too
		to.send()
		to.choose(asked.Reach, ReachSend)
		if now := to.sheet(s.Call.ID); now.Call.State != models.CallCancelled || now.Call.Reason != "降雨" {
			t.Errorf("the call is %s: %s", now.Call.State, now.Call.Reason)
		}
		if told := to.told("signup:"); len(told) != 64 || !slices.Contains(told, "UP999") {
			t.Errorf("%d told: %v", len(told), told)
		}
		// Taken back, many are told again, and again it is asked.
		back, err := to.svc.UndoCall(t.Context(), to.by("UCHEN"), s.Call.ID, models.CallCancelled)
		to.must(err)
		if back.Reach.ID == 0 || to.sheet(s.Call.ID).Call.State != models.CallCancelled {
			t.Fatalf("asked %+v", back.Reach)
		}
		to.choose(back.Reach, ReachSend)
		if now := to.sheet(s.Call.ID); !now.Call.Live() {
			t.Errorf("the call is %s", now.Call.State)
		}
		if told := to.told("signup:"); len(told) != 64 {
			t.Errorf("%d told", len(told))
		}
	})
}

func TestAnAskedCancellingThatSomebodyElseDidIsMoot(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.crowd(60, clinicSpec())
	mine, err := to.svc.CancelCall(t.Context(), to.by("UCHEN"), s.Call.ID, "降雨")
	to.must(err)
	theirs, err := to.svc.CancelCall(t.Context(), to.by("UADMIN"), s.Call.ID, "大风")
	to.must(err)
	if _, err := to.svc.ChooseReach(t.Context(), to.by("UADMIN"), theirs.Reach.ID, ReachSend); err != nil {
		t.Fatal(err)
	}
	to.send()
	if _, err := to.svc.ChooseReach(t.Context(), to.by("UCHEN"), mine.Reach.ID, ReachSend); refusal(err) != "error.reach_moot" {
		t.Errorf("%v", err)
	}
	if told := to.told("signup:"); len(told) != 0 {
		t.Errorf("told twice: %v", told)
	}
}

// A few people at night, a shift at six: they are told at once, or they stand
// in the rain.
func TestACancellingAtNightOfWhatBeginsSoonPasses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(3, clinicSpec()) // Saturday 9:00
		to.wallAt("2026-11-28 05:06")
		to.due()
		to.send()
		out, err := to.svc.CancelCall(t.Context(), to.by("UCHEN"), s.Call.ID, "降雨")
		to.must(err)
		if out.Reach.ID != 0 {
			t.Fatalf("asked %+v", out.Reach)
		}
		m := to.message(signupKey(s.Call.ID, to.id("UP000")))
		if m.Quiet != models.QuietWait { // nine o'clock is not before seven plus two
			t.Errorf("quiet: %s", m.Quiet)
		}
		if _, err := to.svc.ReopenCall(t.Context(), to.by("UCHEN"), s.Call.ID); err != nil {
			t.Fatal(err)
		}
		soon := clinicSpec()
		soon.When = []models.Span{{Start: saturday(8, 30), End: saturday(11, 0)}}
		soon.Title = "早班"
		soon.Need = []models.Need{{Role: "司机", Least: 1, Most: 60}}
		early := to.open(soon)
		for i := range 55 {
			to.join(fmt.Sprintf("UE%03d", i), early.Roles[0].ID)
		}
		to.send()
		asked, err := to.svc.CancelCall(t.Context(), to.by("UCHEN"), early.Call.ID, "降雨")
		to.must(err)
		if asked.Reach.ID == 0 || asked.Reach.WaitTo != 0 {
			t.Fatalf("waiting is offered although it begins at 8:30: %+v", asked.Reach)
		}
		to.choose(asked.Reach, ReachSend)
		if m := to.message(signupKey(early.Call.ID, to.id("UE000"))); m.Quiet != models.QuietPass {
			t.Errorf("quiet: %s", m.Quiet)
		}
	})
}

func TestMovingACallOfManyIsAskedAboutFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(60, clinicSpec())
		spec := models.CallSpec{Where: "城西公园", Set: map[string]bool{"where": true}}
		asked, err := to.svc.EditCall(t.Context(), to.by("UCHEN"), s.Call.ID, spec, false)
		to.must(err)
		if asked.Reach.ID == 0 || to.sheet(s.Call.ID).Call.Place != "绿城社区" {
			t.Fatalf("asked %+v, the place is %s", asked.Reach, to.sheet(s.Call.ID).Call.Place)
		}
		to.choose(asked.Reach, ReachSend)
		if place := to.sheet(s.Call.ID).Call.Place; place != "城西公园" {
			t.Errorf("the place is %s", place)
		}
		if told := to.told("signup:"); len(told) < 62 {
			t.Errorf("%d told", len(told))
		}
		// What asks nobody anew asks nothing here.
		quiet, err := to.svc.EditCall(t.Context(), to.by("UCHEN"), s.Call.ID, models.CallSpec{Bring: "水", Set: map[string]bool{"bring": true}}, false)
		to.must(err)
		if quiet.Reach.ID != 0 {
			t.Errorf("asked %+v", quiet.Reach)
		}
	})
}
