package services

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// Buttons pressed with rows that are not one's own: somebody else's place, an
// organizer's button by a member, by somebody of another workspace, or by an
// organizer of yesterday. Nothing of it may change anything.
func TestForgedPressesOnSiteChangeNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		ctx := context.Background()
		to.must(to.svc.Meet(ctx, to.by("UADMIN")))
		s, ids := to.onDike(dikeSpec(), "U1", "U2")
		to.until(12, 45) // U1 and U2 were asked, and the organizer told
		call, place, tick := s.Call.ID, ids["U1"], to.tick(s.Call.ID, "U1")
		to.join("U3", s.Roles[0].ID)
		r := to.tell(s, TellTo{Kind: ToComing}, "请到 3 号门")
		if _, _, err := to.svc.GiveRole(ctx, to.by("UADMIN"), "UCHEN", models.RoleMember, ""); err != nil {
			t.Fatal(err)
		}
		before := to.facts(call)
		own := map[string]func(Act) error{
			"check in": func(a Act) error { return errOf(to.svc.CheckInByButton(ctx, a, place)) }, "undo check-in": func(a Act) error { return errOf(to.svc.UndoCheckIn(ctx, a, place)) },
			"check out": func(a Act) error { return errOf(to.svc.CheckOut(ctx, a, place, 0)) }, "undo check-out": func(a Act) error { return errOf(to.svc.UndoCheckOut(ctx, a, place)) },
			"was there": func(a Act) error { return errOf(to.svc.WasThere(ctx, a, place, false)) }, "hours yes": func(a Act) error { return errOf(to.svc.ConfirmHours(ctx, a, place)) },
			"hours no": func(a Act) error { return errOf(to.svc.ContestHours(ctx, a, place)) }, "safe": func(a Act) error { return errOf(to.svc.SaySafe(ctx, a, place, models.SafeOK)) },
			"help": func(a Act) error { return errOf(to.svc.SaySafe(ctx, a, place, models.SafeHelp)) }, "home": func(a Act) error { return errOf(to.svc.SaySafe(ctx, a, place, models.SafeHome)) },
		}
		organizers := map[string]func(Act) error{
			"code": func(a Act) error { _, _, err := to.svc.NewCode(ctx, a, call); return err }, "roll": func(a Act) error { return errOf(to.svc.TakeRoll(ctx, a, call, RollPage{AllCode: true})) },
			"undo roll": func(a Act) error { return errOf(to.svc.UndoRoll(ctx, a, call, 0)) }, "see the roll": func(a Act) error { return errOf(to.svc.RollSheet(ctx, a, call)) },
			"reached": func(a Act) error { return errOf(to.svc.ReachedSafe(ctx, a, tick.ID, models.SafeOK)) }, "unseen": func(a Act) error { return errOf(to.svc.NotSeen(ctx, a, tick.ID)) },
			"on it": func(a Act) error { return errOf(to.svc.TakeOn(ctx, a, tick.ID)) }, "mark home": func(a Act) error { return errOf(to.svc.MarkHome(ctx, a, place)) },
			"all home": func(a Act) error { return errOf(to.svc.AllHome(ctx, a, call)) }, "phone": func(a Act) error { return errOf(to.svc.PhoneOf(ctx, a, tick.ID)) },
			"tell": func(a Act) error { return errOf(to.svc.TellCall(ctx, a, call, TellTo{Kind: ToComing}, "都回家")) },
		}
		abroad := to.by("UADMIN")
		abroad.Team = "T2"
		for name, do := range own {
			for who, act := range map[string]Act{"another": to.by("U2"), "the organizer": to.by("UADMIN"), "another workspace": abroad} {
				if err := do(act); models.CodeOf(err) == "" || models.CodeOf(err) == models.CodeInternal {
					t.Errorf("%s by %s: %v", name, who, err)
				}
			}
		}
		for name, do := range organizers {
			for who, act := range map[string]Act{"a member on site": to.by("U2"), "a stranger": to.by("UNEW"), "the organizer of yesterday": to.by("UCHEN"), "another workspace": abroad} {
				if err := do(act); models.CodeOf(err) == "" || models.CodeOf(err) == models.CodeInternal {
					t.Errorf("%s by %s: %v", name, who, err)
				}
			}
		}
		if err := errOf(to.svc.Pause(ctx, to.by("UCHEN"), true)); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member paused everything: %v", err)
		}
		for who, act := range map[string]Act{"a member": to.by("U2"), "another workspace": abroad} {
			if err := errOf(to.svc.StopReach(ctx, act, r.Reach.ID)); models.CodeOf(err) == "" {
				t.Errorf("%s stopped a message to many", who)
			}
		}
		if after := to.facts(call); after != before {
			t.Errorf("something changed:\n%s\n%s", before, after)
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

// facts are the sign-ups and ticks of a call, to be compared.
func (to *town) facts(callID int64) string {
	to.t.Helper()
	s := to.sheet(callID)
	out := ""
	for _, su := range s.Signups {
		out += string(encode(su.Facts())) + "\n"
	}
	for _, tick := range s.Ticks {
		out += string(encode(tick.Facts())) + "\n"
	}
	return out
}

// Two organizers take the roll of two hundred at once, with different words of
// the same people: each page stands as a whole, the later one wins, the record
// leads to what is there.
func TestTwoRollsAtOnceStandAsAWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		ctx := context.Background()
		s := to.open(clinicSpec(models.Need{Role: "引导员", Most: 300}))
		for i := range 200 {
			to.join("UR"+string(rune('A'+i/26))+string(rune('A'+i%26)), s.Roles[0].ID)
		}
		to.moment(saturday(12, 0))
		page := func(came bool) RollPage {
			var p RollPage
			for _, su := range to.sheet(s.Call.ID).Signups {
				p.Lines = append(p.Lines, RollLine{su.ID, models.RollEntry{Came: came}})
			}
			return p
		}
		pages := []RollPage{page(true), page(false)}
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, user := range []string{"UCHEN", "UADMIN"} {
			wg.Add(1)
			go func() {
				defer wg.Done()
				_, errs[i] = to.svc.TakeRoll(ctx, to.by(user), s.Call.ID, pages[i])
			}()
		}
		wg.Wait()
		to.must(errors.Join(errs...))
		got := map[models.SignupState]int{}
		for _, state := range to.states(s.Call.ID) {
			got[state]++
		}
		if len(got) != 1 {
			t.Errorf("half of one page and half of the other: %v", got)
		}
		to.whole()
	})
}

// A cancelled call checks nobody in, by whatever way, and those who are there
// still check out.
func TestACancelledCallChecksNobodyInButOut(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := clinicDay(t, to, 8, 30)
	id := s.Call.ID
	code := to.code(id)
	to.sends("UZHANG", code)
	to.must(errOf(to.svc.CancelCall(ctx, to.by("UCHEN"), id, "降雨")))
	if _, err := to.svc.CheckInByCode(ctx, to.by("ULI"), code); refusal(err) != "error.call_cancelled" {
		t.Errorf("by code: %v", err)
	}
	if _, err := to.svc.CheckInByButton(ctx, to.by("ULI"), to.placeOf(id, "ULI").ID); refusal(err) != "error.call_cancelled" {
		t.Errorf("by button: %v", err)
	}
	if _, err := to.svc.TakeRoll(ctx, to.by("UCHEN"), id, RollPage{People: []string{"ULI"}}); refusal(err) != "error.call_cancelled" {
		t.Errorf("by the roll: %v", err)
	}
	to.clocks.Advance(time.Minute)
	to.must(errOf(to.svc.CheckOut(ctx, to.by("UZHANG"), to.placeOf(id, "UZHANG").ID, 0)))
}

// The roll is taken back by the button of its own page: pressed twice, or after
// another page, it takes nothing else back.
func TestAnUndoneRollTakesNoEarlierPageAlong(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := clinicDay(t, to, 12, 0)
	id := s.Call.ID
	first, err := to.svc.TakeRoll(ctx, to.by("UCHEN"), id, RollPage{People: []string{"UZHANG"}})
	to.must(err)
	to.clocks.Advance(time.Minute)
	second, err := to.svc.TakeRoll(ctx, to.by("UCHEN"), id, RollPage{People: []string{"ULI"}})
	to.must(err)
	to.must(errOf(to.svc.UndoRoll(ctx, to.by("UCHEN"), id, second.Sheet.Now)))
	if err := errOf(to.svc.UndoRoll(ctx, to.by("UCHEN"), id, second.Sheet.Now)); refusal(err) != "error.nothing_to_undo" {
		t.Errorf("a second press: %v", err)
	}
	if to.placeOf(id, "UZHANG").RollAt == 0 || to.placeOf(id, "ULI").RollAt != 0 {
		t.Error("another page was taken back")
	}
	to.must(errOf(to.svc.UndoRoll(ctx, to.by("UCHEN"), id, first.Sheet.Now)))
}

// Who is noted as there while the shift runs can be taken back too.
func TestSomebodyNotedAsThereByMistake(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := clinicDay(t, to, 9, 30)
	id := s.Call.ID
	out, err := to.svc.TakeRoll(ctx, to.by("UCHEN"), id, RollPage{People: []string{"UZHANG"}})
	to.must(err)
	if su := to.placeOf(id, "UZHANG"); su.State != models.SignupCheckedIn {
		t.Fatalf("%+v", su)
	}
	to.must(errOf(to.svc.UndoRoll(ctx, to.by("UCHEN"), id, out.Sheet.Now)))
	if su := to.placeOf(id, "UZHANG"); su.State != models.SignupConfirmed || su.CheckedIn != 0 {
		t.Errorf("%+v", su)
	}
}

// Who took the roll is not the only one to hear that it is said to be wrong.
func TestAContestGoesToSomebodyWhoDidNotTakeTheRoll(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	to.must(to.svc.Meet(ctx, to.by("UADMIN")))
	s := clinicDay(t, to, 12, 0)
	id := s.Call.ID
	to.must(errOf(to.svc.TakeRoll(ctx, to.by("UCHEN"), id, RollPage{Absent: []string{"UZHANG"}})))
	for range 2 { // a double click
		to.must(errOf(to.svc.ContestHours(ctx, to.by("UZHANG"), to.placeOf(id, "UZHANG").ID)))
	}
	told := to.told("contest:")
	if len(told) != 2 || told[0] != "UADMIN" || told[1] != "UCHEN" {
		t.Errorf("told: %v", told)
	}
}

// A page of the roll was drawn, then Li Si gave his place up and Wang Wu too;
// Li Si came all the same. The page counts as a whole.
func TestAPageOfTheRollOutlivesAPlaceGivenUp(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := clinicDay(t, to, 11, 0)
	id := s.Call.ID
	var page RollPage
	for user, came := range map[string]bool{"UZHANG": true, "ULI": true, "UWANG": false} {
		page.Lines = append(page.Lines, RollLine{to.placeOf(id, user).ID, models.RollEntry{Came: came}})
	}
	for _, user := range []string{"ULI", "UWANG"} {
		to.must(errOf(to.svc.Leave(ctx, to.by(user), to.placeOf(id, user).ID)))
	}
	to.moment(saturday(12, 0))
	to.must(errOf(to.svc.TakeRoll(ctx, to.by("UCHEN"), id, page)))
	got := to.states(id)
	if got["UZHANG"] != models.SignupDone || got["ULI"] != models.SignupDone || got["UWANG"] != models.SignupWithdrawn || !to.placeOf(id, "ULI").WalkIn {
		t.Errorf("%v", got)
	}
	to.whole()
}
