package services

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func TestOrganizerPostsACallAndAMemberSignsUp(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Role: "医生", Least: 2, Most: 2}, models.Need{Role: "引导员", Least: 4, Most: 4}))
	if s.Call.Ref() != "k1" || s.Call.Channel != "CCALLS" || s.Call.State != models.CallOpen {
		t.Fatalf("%+v", s.Call)
	}
	if diff := cmp.Diff([]string{"card:1", "panel:1"}, to.send()); diff != "" {
		t.Error("what sounded:", diff)
	}
	got := to.join("UWANG", s.Roles[0].ID)
	if got.Outcome != models.Joined || got.Sheet.Taken(s.Roles[0].ID) != 1 {
		t.Errorf("%s, taken %d", got.Outcome, got.Sheet.Taken(s.Roles[0].ID))
	}
	if m := to.message("card:1"); m.State != models.MessageQueued || m.Shown == 0 {
		t.Errorf("the card is not to be edited: %s", m.State)
	}
	dm := to.message(signupKey(1, got.Signup.PersonID))
	if dm.Quiet != models.QuietPass || dm.PersonID != got.Signup.PersonID {
		t.Errorf("%+v", dm)
	}
	if _, err := to.svc.OpenCall(context.Background(), to.by("UWANG"), clinicSpec(models.Need{Most: 1}), OpenHow{}); refusal(err) != "error.not_organizer" {
		t.Errorf("a member posted a call: %v", err)
	}
}

func TestTheSameDeliveryJoinsOnce(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 2}))
	act := to.by("UWANG")
	for i := range 4 {
		_, err := to.svc.Join(context.Background(), act, s.Roles[0].ID, -1, models.ByButton)
		if want := i > 0; errors.Is(err, models.ErrRepeat) != want {
			t.Errorf("delivery %d: %v", i, err)
		}
	}
	if got := to.sheet(s.Call.ID).Taken(s.Roles[0].ID); got != 1 {
		t.Errorf("taken %d", got)
	}
}

func TestFiftyPeopleRaceForTheLastPlace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.open(clinicSpec(models.Need{Role: "医生", Least: 1, Most: 1}))
		var wg sync.WaitGroup
		errs := make([]error, 50)
		for i := range errs {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				_, errs[i] = to.svc.Join(ctx, to.by(fmt.Sprintf("U%03d", i)), s.Roles[0].ID, -1, models.ByButton)
			})
		}
		wg.Wait()
		to.must(errors.Join(errs...))
		got := to.sheet(s.Call.ID)
		if got.Taken(s.Roles[0].ID) != 1 || len(got.Waiting(s.Roles[0].ID)) != 49 || got.Call.State != models.CallFilled {
			t.Fatalf("taken %d, waiting %d, %s", got.Taken(s.Roles[0].ID), len(got.Waiting(s.Roles[0].ID)), got.Call.State)
		}
		var last *models.Signup
		for _, su := range got.Waiting(s.Roles[0].ID) {
			if last != nil && (su.ID < last.ID || su.Line <= last.Line) {
				t.Errorf("sign-up %d stands behind %d", su.ID, last.ID)
			}
			last = su
		}
	})
}

func TestAPlaceGivenUpDaysAheadGoesToTheNextWhoIsTold(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 1}))
	first, second := to.join("U1", s.Roles[0].ID), to.join("U2", s.Roles[0].ID)
	if second.Position != 1 || second.Outcome != models.JoinedWaits {
		t.Fatalf("%+v", second)
	}
	to.send()
	left, err := to.svc.Leave(context.Background(), to.by("U1"), first.Signup.ID)
	to.must(err)
	if left.Signup.State != models.SignupWithdrawn {
		t.Error(left.Signup.State)
	}
	if diff := cmp.Diff(map[string]models.SignupState{"U1": models.SignupWithdrawn, "U2": models.SignupConfirmed}, to.states(s.Call.ID)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{signupKey(1, second.Signup.PersonID)}, to.send()); diff != "" {
		t.Error("what sounded:", diff)
	}
	back, err := to.svc.UndoLeave(context.Background(), to.by("U1"), first.Signup.ID)
	to.must(err)
	if back.Position != 1 {
		t.Errorf("undo: position %d", back.Position)
	}
	if _, err := to.svc.Leave(context.Background(), to.by("U1"), second.Signup.ID); refusal(err) != "error.not_yours" {
		t.Errorf("somebody else's place was given up: %v", err)
	}
}

func TestAnOfferLapsesAndPassesOn(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 1}))
	first, second, third := to.join("U1", s.Roles[0].ID), to.join("U2", s.Roles[0].ID), to.join("U3", s.Roles[0].ID)
	to.clocks.World.Set(saturday(9, 0).Add(-20 * time.Hour).Time()) // Friday 13:00
	to.due()
	to.send()
	_, err := to.svc.Leave(context.Background(), to.by("U1"), first.Signup.ID)
	to.must(err)
	offer := to.sheet(s.Call.ID).Signup(second.Signup.ID)
	if offer.State != models.SignupOffered || offer.OfferUntil != saturday(9, 0).Add(-18*time.Hour) {
		t.Fatalf("%s until %v", offer.State, offer.OfferUntil.Time())
	}
	sounded := to.send()
	if diff := cmp.Diff([]string{signupKey(1, second.Signup.PersonID), panelKey(1)}, sounded); diff != "" {
		t.Error("what sounded (the organizer hears of who leaves late):", diff)
	}
	to.clocks.World.Set(offer.OfferUntil.Time())
	to.due()
	if diff := cmp.Diff(map[string]models.SignupState{"U1": models.SignupWithdrawn, "U2": models.SignupWithdrawn, "U3": models.SignupOffered}, to.states(s.Call.ID)); diff != "" {
		t.Error(diff)
	}
	got, err := to.svc.Accept(context.Background(), to.by("U3"), third.Signup.ID)
	to.must(err)
	if got.Signup.State != models.SignupConfirmed || got.Missed {
		t.Errorf("%+v", got.Signup)
	}
}

func TestThreeHoursBeforeEverybodyWaitingIsAsked(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 1}))
	first, second, third := to.join("U1", s.Roles[0].ID), to.join("U2", s.Roles[0].ID), to.join("U3", s.Roles[0].ID)
	to.clocks.World.Set(saturday(7, 0).Time())
	to.due()
	_, err := to.svc.Leave(context.Background(), to.by("U1"), first.Signup.ID)
	to.must(err)
	won, err := to.svc.Accept(context.Background(), to.by("U3"), third.Signup.ID)
	to.must(err)
	if won.Signup.State != models.SignupConfirmed {
		t.Error(won.Signup.State)
	}
	_, err = to.svc.Accept(context.Background(), to.by("U2"), second.Signup.ID)
	if refusal(err) != "error.offer_gone" {
		t.Errorf("second yes: %v", err)
	}
	if got := to.states(s.Call.ID)["U2"]; got != models.SignupWaitlisted {
		t.Error(got)
	}
}

func TestRemindersComeOnceEachAndNotToWhoLeft(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Least: 2, Most: 2}))
	stays, leaves := to.join("U1", s.Roles[0].ID), to.join("U2", s.Roles[0].ID)
	_, err := to.svc.Leave(context.Background(), to.by("U2"), leaves.Signup.ID)
	to.must(err)
	to.send()
	to.clocks.World.Set(saturday(9, 0).Add(-24 * time.Hour).Time())
	to.due()
	if diff := cmp.Diff([]string{panelKey(1), signupKey(1, stays.Signup.PersonID)}, to.send()); diff != "" {
		t.Error("a day before (the panel: one place is below the least):", diff)
	}
	to.clocks.World.Set(saturday(8, 0).Time())
	to.due()
	if diff := cmp.Diff([]string{signupKey(1, stays.Signup.PersonID)}, to.send()); diff != "" {
		t.Error("an hour before:", diff)
	}
	got, err := to.svc.ConfirmSignup(context.Background(), to.by("U1"), stays.Signup.ID)
	to.must(err)
	if got.Signup.YesAt == 0 {
		t.Error("the confirmation was not kept")
	}
}

func TestACallEndsDoneAndClosesInTime(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	spec := clinicSpec(models.Need{Most: 2})
	spec.Close = &models.Limit{Before: 2 * time.Hour}
	s := to.open(spec)
	to.join("U1", s.Roles[0].ID)
	to.clocks.World.Set(saturday(7, 0).Time())
	to.due()
	if got := to.sheet(s.Call.ID).Call.State; got != models.CallClosed {
		t.Errorf("two hours before: %s", got)
	}
	if _, err := to.svc.Join(context.Background(), to.by("U2"), s.Roles[0].ID, -1, models.ByButton); refusal(err) != "error.call_closed" {
		t.Errorf("joined a closed call: %v", err)
	}
	to.clocks.World.Set(saturday(11, 30).Time())
	to.due()
	got := to.sheet(s.Call.ID)
	if got.Call.State != models.CallDone || got.Achieved().People != 1 {
		t.Errorf("%s %+v", got.Call.State, got.Achieved())
	}
}

func TestCancelTellsEverybodyAndUndoBringsItBack(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 1}))
	one, two := to.join("U1", s.Roles[0].ID), to.join("U2", s.Roles[0].ID)
	to.send()
	ctx := context.Background()
	if _, err := to.svc.CancelCall(ctx, to.by("UCHEN"), s.Call.ID, " "); refusal(err) != "error.call_no_reason" {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := to.svc.CancelCall(ctx, to.by("U1"), s.Call.ID, "rain"); refusal(err) != "error.not_organizer" {
		t.Errorf("by a member: %v", err)
	}
	out, err := to.svc.CancelCall(ctx, to.by("UADMIN"), s.Call.ID, "降雨")
	to.must(err)
	if out.Concerned != 2 || out.Sheet.Call.State != models.CallCancelled {
		t.Errorf("%d %s", out.Concerned, out.Sheet.Call.State)
	}
	told := to.send()
	if len(told) != 3 { // both people, and a note to the creator
		t.Errorf("told %v", told)
	}
	_, err = to.svc.ReopenCall(ctx, to.by("UCHEN"), s.Call.ID)
	to.must(err)
	if diff := cmp.Diff(map[string]models.SignupState{"U1": models.SignupConfirmed, "U2": models.SignupWaitlisted}, to.states(s.Call.ID)); diff != "" {
		t.Error(diff)
	}
	if m := to.message(signupKey(1, one.Signup.PersonID)); m.State != models.MessageQueued || m.Shown != 0 {
		t.Error("who had been told not to come was not told that it takes place")
	}
	_ = two
}

func TestOverlappingCallsAreRefusedByName(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	one := to.open(clinicSpec(models.Need{Most: 2}))
	spec := clinicSpec(models.Need{Most: 2})
	spec.When = []models.Span{{Start: saturday(11, 0), End: saturday(13, 0)}}
	two := to.open(spec)
	to.join("U1", one.Roles[0].ID)
	_, err := to.svc.Join(context.Background(), to.by("U1"), two.Roles[0].ID, -1, models.ByButton)
	var e *models.Error
	if !errors.As(err, &e) || e.Key != "error.overlap" || e.Args["Number"] != "k1" {
		t.Errorf("%v", err)
	}
}

func TestForgedAndForeignButtonsChangeNothing(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 2}))
	ctx := context.Background()
	foreign := to.by("U9")
	foreign.Team = "T2"
	if _, err := to.svc.Join(ctx, foreign, s.Roles[0].ID, -1, models.ByButton); refusal(err) != "error.role_gone" {
		t.Errorf("from another workspace: %v", err)
	}
	if _, err := to.svc.Join(ctx, to.by("U1"), 4711, -1, models.ByButton); refusal(err) != "error.role_gone" {
		t.Errorf("an invented id: %v", err)
	}
	if _, err := to.svc.CloseCall(ctx, to.by("U1"), s.Call.ID); refusal(err) != "error.not_organizer" {
		t.Errorf("a member closed: %v", err)
	}
	if got := to.states(s.Call.ID); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// An organizer of one unit does not call another's people, and hears who does.
func TestACallForAnotherUnitIsItsOrganizers(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to := newTown(t, st, clocks)
	_, faults := to.importUnits(false, unitLine(2, func(u *models.UnitLine) { u.Name = "城东" }),
		unitLine(3, func(u *models.UnitLine) { u.Name, u.Parent = "一队", "城东" }), unitLine(4, func(u *models.UnitLine) { u.Name, u.Parent = "二队", "城东" }))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	to.svc = New(st, Options{Admins: []string{"UADMIN"}, Random: to.svc.random, Defaults: to.svc.cfg})
	for who, unit := range map[string]string{"UONE": "一队", "UTWO": "二队", "UEAST": "城东", "UCHEN": "一队"} {
		if who == "UCHEN" { // organizes everything else
			_, _, err := to.svc.GiveRole(ctx, to.by("UADMIN"), who, models.RoleMember, "")
			to.must(err)
		}
		_, _, err := to.svc.GiveRole(ctx, to.by("UADMIN"), who, models.RoleOrganizer, unit)
		to.must(err)
	}
	spec := clinicSpec(models.Need{Most: 1})
	spec.For = "二队"
	for who, want := range map[string]string{"UONE": "error.not_unit_call", "UTWO": "", "UEAST": "", "ULI": "error.not_organizer"} {
		_, err := to.svc.OpenCall(ctx, to.by(who), spec, OpenHow{})
		if want == "" && err != nil || want != "" && refusal(err) != want {
			t.Errorf("%s: %v, want %q", who, err, want)
		}
		if who == "UONE" && refusalArgs(err)["Who"] != tags([]models.Person{to.personOf("UEAST"), to.personOf("UTWO")}) {
			t.Errorf("who may: %v", refusalArgs(err))
		}
	}
}
