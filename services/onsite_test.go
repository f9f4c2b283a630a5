package services

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// clinicDay is the free clinic on Saturday with Zhang San, Li Si and Wang Wu
// signed up, seen on the day at an hour.
func clinicDay(t *testing.T, to *town, hour, minute int) models.Sheet {
	t.Helper()
	s := to.open(clinicSpec(models.Need{Role: "医生", Most: 2}, models.Need{Role: "引导员", Most: 4}))
	for _, user := range []string{"UZHANG", "ULI", "UWANG"} {
		to.join(user, s.Roles[1].ID)
	}
	to.moment(saturday(hour, minute))
	return to.sheet(s.Call.ID)
}

// moment moves the clock on and does what became due.
func (to *town) moment(when models.Instant) {
	to.t.Helper()
	to.send()
	to.clocks.World.Set(when.Time())
	to.must(to.svc.RunDues(context.Background()))
}

// placeOf is the only sign-up of somebody in a call.
func (to *town) placeOf(callID int64, user string) models.Signup {
	to.t.Helper()
	var out models.Signup
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		p, err := tx.PersonBySlack(1, user)
		if err != nil {
			return err
		}
		rows, err := tx.SignupsOf(callID)
		for _, su := range rows {
			if su.PersonID == p.ID {
				out = *su
			}
		}
		return err
	}))
	return out
}

// why is why somebody's message about a call was sent.
func (to *town) why(callID int64, user string) string {
	to.t.Helper()
	return models.SignupArgsOf(to.message(signupKey(callID, to.placeOf(callID, user).PersonID))).Why
}

func (to *town) code(callID int64) string {
	to.t.Helper()
	c, _, err := to.svc.NewCode(context.Background(), to.by("UCHEN"), callID)
	to.must(err)
	return c.Code
}

func (to *town) sends(user, code string) Checked {
	to.t.Helper()
	out, err := to.svc.CheckInByCode(context.Background(), to.by(user), code)
	to.must(err)
	return out
}

func TestAFreeClinicFromTheCodeToTheThanks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		ctx := context.Background()
		s := clinicDay(t, to, 8, 30)
		id := s.Call.ID
		code := to.code(id)
		if got := to.sends("UZHANG", code); got.Outcome != models.CheckedIn || got.Signup.CheckBy != models.CheckCode {
			t.Fatalf("%+v", got)
		}
		if got, err := to.svc.CheckInByButton(ctx, to.by("ULI"), to.placeOf(id, "ULI").ID); err != nil || got.Signup.CheckBy != models.CheckButton {
			t.Fatalf("%+v %v", got, err)
		}
		if got := to.sends("UZHAO", code); got.Outcome != models.CheckedInWalk {
			t.Errorf("somebody without a place: %s", got.Outcome)
		}
		walkIns := to.sheet(id).WalkIns
		if len(walkIns) != 1 {
			t.Fatalf("%d walk-ins on the panel", len(walkIns))
		}
		if _, err := to.svc.DecideWalkIn(ctx, to.by("UCHEN"), walkIns[0].ID, s.Roles[1].ID, true); err != nil {
			t.Fatal(err)
		}

		to.moment(saturday(11, 30))
		if su := to.placeOf(id, "UZHANG"); su.OutBy != models.OutProposed || su.CheckedOut != saturday(11, 30) {
			t.Errorf("proposed: %+v", su)
		}
		if why := to.why(id, "UWANG"); why != models.WhyUnseen {
			t.Errorf("Wang Wu was not asked but told %q", why)
		}
		if _, err := to.svc.WasThere(ctx, to.by("UWANG"), to.placeOf(id, "UWANG").ID, false); err != nil {
			t.Fatal(err)
		}
		to.moment(saturday(12, 31))
		panel := to.message(panelKey(id))
		if panel.State != models.MessageQueued || panel.Shown != 0 {
			t.Errorf("the organizer is not told to take the roll: %+v", panel)
		}
		served := 86
		out, err := to.svc.TakeRoll(ctx, to.by("UCHEN"), id, RollPage{AllCode: true, People: []string{"ULI"}, Served: &served,
			Goods: []models.Goods{{Item: "口罩", Number: 100, Value: 5000}}})
		if err != nil {
			t.Fatal(err)
		}
		want := models.Achieved{People: 4, Came: 3, Minutes: 150 * 3, Served: 86}
		if diff := cmp.Diff(want, out.Sheet.Achieved()); diff != "" {
			t.Error("achieved (-want +got):", diff)
		}
		states := map[string]models.SignupState{"UZHANG": models.SignupDone, "ULI": models.SignupDone, "UWANG": models.SignupNoShow, "UZHAO": models.SignupDone}
		if diff := cmp.Diff(states, to.states(id)); diff != "" {
			t.Error(diff)
		}
		if a, b := to.why(id, "UZHANG"), to.why(id, "UZHAO"); a != models.WhyThanks || b != models.WhyThanks {
			t.Errorf("those who came were told %q and %q", a, b)
		}
		to.whole()
	})
}

func TestFiveWrongCodesAnHourAreEnough(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := clinicDay(t, to, 8, 30)
		for left := 4; left >= 0; left-- {
			if got := to.sends("UZHANG", "222222"); got.Outcome != CodeWrong || got.Left != left {
				t.Errorf("%s, %d left; want %d", got.Outcome, got.Left, left)
			}
		}
		if got := to.sends("UZHANG", to.code(s.Call.ID)); got.Outcome != CodeLocked || got.Until != saturday(9, 30) {
			t.Errorf("the right code after five wrong ones: %s until %v", got.Outcome, got.Until.Time())
		}
		to.moment(saturday(9, 31))
		if got := to.sends("UZHANG", to.code(s.Call.ID)); got.Outcome != models.CheckedIn {
			t.Errorf("an hour later: %s", got.Outcome)
		}
	})
}

func TestACodeHoldsFiveMinutesAndOnlyForItsOwnWorkspace(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := clinicDay(t, to, 8, 30)
	code := to.code(s.Call.ID)
	act := to.by("UZHANG")
	act.Team = "T2"
	if got, err := to.svc.CheckInByCode(context.Background(), act, code); err != nil || got.Outcome != CodeWrong {
		t.Errorf("in another workspace: %s %v", got.Outcome, err)
	}
	to.moment(saturday(8, 35))
	if got := to.sends("UZHANG", code); got.Outcome != CodeWrong {
		t.Errorf("after five minutes: %s", got.Outcome)
	}
	if _, _, err := to.svc.NewCode(context.Background(), to.by("UZHANG"), s.Call.ID); refusal(err) != "error.not_organizer" {
		t.Errorf("a member made a code: %v", err)
	}
	to.moment(saturday(11, 30))
	if _, _, err := to.svc.NewCode(context.Background(), to.by("UCHEN"), s.Call.ID); refusal(err) != "error.checkin_over" {
		t.Errorf("a code for a call that is over: %v", err)
	}
}

func TestTheRollAloneAsksForAYesAndCountsNothingBefore(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := clinicDay(t, to, 12, 0)
	id := s.Call.ID
	if _, err := to.svc.TakeRoll(ctx, to.by("UZHANG"), id, RollPage{AllCode: true}); refusal(err) != "error.not_organizer" {
		t.Errorf("a member took the roll: %v", err)
	}
	out, err := to.svc.TakeRoll(ctx, to.by("UCHEN"), id, RollPage{People: []string{"UZHANG", "ULI"}, Absent: []string{"UWANG"}})
	to.must(err)
	if out.Sheet.Achieved().Minutes != 0 || !out.Sheet.RollTaken() {
		t.Errorf("%+v", out.Sheet.Achieved())
	}
	to.must(second(to.svc.ConfirmHours(ctx, to.by("UZHANG"), to.placeOf(id, "UZHANG").ID)))
	to.must(second(to.svc.ContestHours(ctx, to.by("ULI"), to.placeOf(id, "ULI").ID)))
	if got := to.sheet(id).Achieved().Minutes; got != 150 {
		t.Errorf("%d minutes count", got)
	}
	told := false
	for _, key := range to.send() {
		told = told || strings.HasPrefix(key, "contest:")
	}
	if !told {
		t.Error("nobody was told that Li Si contests")
	}
	if _, err := to.svc.ConfirmHours(ctx, to.by("UWANG"), to.placeOf(id, "UZHANG").ID); refusal(err) != "error.not_yours" {
		t.Errorf("somebody confirmed another's hours: %v", err)
	}
	if _, err := to.svc.UndoRoll(ctx, to.by("UCHEN"), id, 0); err != nil {
		t.Fatal(err)
	}
	if got := to.sheet(id); got.Achieved().Minutes != 0 || got.RollTaken() {
		t.Errorf("the roll was not taken back: %+v", to.states(id))
	}
}

func TestNobodyRollsOnlyThemselves(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := to.open(clinicSpec(models.Need{Role: "引导员", Most: 4}))
	id := s.Call.ID
	to.join("UCHEN", s.Roles[0].ID)
	to.moment(saturday(8, 30))
	to.sends("UCHEN", to.code(id))
	to.moment(saturday(12, 0))
	out, err := to.svc.TakeRoll(ctx, to.by("UCHEN"), id, RollPage{AllCode: true})
	to.must(err)
	if !out.Own || out.Sheet.Achieved().Minutes != 0 {
		t.Errorf("own %v, %+v", out.Own, out.Sheet.Achieved())
	}
	su := to.placeOf(id, "UCHEN")
	if _, err := to.svc.TakeRoll(ctx, to.by("UADMIN"), id, RollPage{Lines: []RollLine{{su.ID, models.RollEntry{Came: true}}}}); err != nil {
		t.Fatal(err)
	}
	if got := to.sheet(id).Achieved().Minutes; got != 150 {
		t.Errorf("confirmed by an admin, %d minutes count", got)
	}
}

func TestThanksWaitADayForARollThatIsNotTaken(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := clinicDay(t, to, 8, 30)
	id := s.Call.ID
	to.sends("UZHANG", to.code(id))
	to.moment(saturday(20, 0))
	if why := to.why(id, "UZHANG"); why == models.WhyThanks {
		t.Error("thanked before the roll")
	}
	to.moment(saturday(11, 31).Add(24 * time.Hour))
	if why := to.why(id, "UZHANG"); why != models.WhyThanks {
		t.Errorf("a day later Zhang San was told %q", why)
	}
	if m := to.message(signupKey(id, to.placeOf(id, "UZHANG").PersonID)); m.Quiet != models.QuietWait {
		t.Error("thanks do not wait for the end of quiet hours")
	}
}

func TestGoodsWrittenAgainAreCorrectedAndZeroTakesThemOff(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := clinicDay(t, to, 12, 0)
	goods := func(number int, value int64) []models.Goods {
		return []models.Goods{{Item: "口罩", Number: number, Value: value}}
	}
	for _, page := range []RollPage{{Goods: goods(100, 5000)}, {Goods: goods(120, 6000)}} {
		if _, err := to.svc.TakeRoll(ctx, to.by("UCHEN"), s.Call.ID, page); err != nil {
			t.Fatal(err)
		}
	}
	got := to.sheet(s.Call.ID).Goods
	if len(got) != 1 || got[0].Number != 120 || got[0].Value != 6000 {
		t.Errorf("%+v", got)
	}
	drawn := to.sheet(s.Call.ID).Now
	to.clocks.Advance(time.Minute)
	to.must(second(to.svc.TakeRoll(ctx, to.by("UADMIN"), s.Call.ID, RollPage{Goods: []models.Goods{{Item: "水", Number: 40}}})))
	to.must(second(to.svc.TakeRoll(ctx, to.by("UCHEN"), s.Call.ID, RollPage{Goods: goods(120, 6000), AllGoods: drawn})))
	if got := to.sheet(s.Call.ID).Goods; len(got) != 2 {
		t.Errorf("a form drawn before took off what was written meanwhile: %+v", got)
	}
	to.must(second(to.svc.TakeRoll(ctx, to.by("UCHEN"), s.Call.ID, RollPage{Goods: []models.Goods{{Item: "水", Number: 0}}})))
	to.must(second(to.svc.TakeRoll(ctx, to.by("UCHEN"), s.Call.ID, RollPage{Goods: goods(0, 0)})))
	if got := to.sheet(s.Call.ID).Goods; len(got) != 0 {
		t.Errorf("taken off: %+v", got)
	}
	to.whole()
}

func TestAnOldRollIsEnteredLate(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := clinicDay(t, to, 12, 0)
	to.moment(saturday(12, 0).Add(72 * time.Hour))
	to.must(second(to.svc.TakeRoll(ctx, to.by("UCHEN"), s.Call.ID, RollPage{People: []string{"UZHANG"}})))
	_, err := to.store.Seal(ctx, 1)
	to.must(err)
	late := false
	to.must(to.store.Read(ctx, func(tx *store.Tx) error {
		entries, err := tx.SealedAfter(1, 0, 0, saturday(11, 30).Add(96*time.Hour), 1000)
		for _, e := range entries {
			late = late || e.Action == "roll_take" && e.Late && e.At == saturday(11, 30)
		}
		return err
	}))
	if !late {
		t.Error("the roll of three days ago is not shown as late")
	}
}

func second[T any](_ T, err error) error { return err }
