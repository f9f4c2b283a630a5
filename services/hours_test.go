package services

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// hoursOf are the rows of somebody's ledger, oldest first: minutes and state,
// and whose word is missing.
func (to *town) hoursOf(user string) (out []models.Hour) {
	to.t.Helper()
	id := to.id(user)
	to.must(to.store.Read(to.t.Context(), func(tx *store.Tx) error {
		var err error
		out, err = tx.HoursOf(1, id, 0, math.MaxInt64)
		return err
	}))
	for i := range len(out) / 2 {
		out[i], out[len(out)-1-i] = out[len(out)-1-i], out[i]
	}
	return out
}

func (to *town) stand(step, user string, want ...string) {
	to.t.Helper()
	var got []string
	for _, h := range to.hoursOf(user) {
		line := fmt.Sprintf("%d %s", h.Minutes, h.State)
		if h.State == models.HoursPending {
			line += " " + h.Needs
		}
		got = append(got, line)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		to.t.Errorf("%s (-want +got): %s", step, diff)
	}
}

// rolled is the clinic on Saturday over, with everybody named put on the roll
// by Chen Lin; Zhang San checked in on site.
func rolled(t *testing.T, to *town, when models.Instant, spec models.CallSpec, users ...string) int64 {
	t.Helper()
	s := to.open(spec)
	for _, user := range append([]string{"UZHANG"}, users...) {
		to.join(user, s.Roles[0].ID)
	}
	to.moment(spec.When[0].Start.Add(-30 * time.Minute))
	to.sends("UZHANG", to.code(s.Call.ID))
	to.moment(when)
	_, err := to.svc.TakeRoll(t.Context(), to.by("UCHEN"), s.Call.ID, RollPage{AllCode: true, People: users})
	to.must(err)
	return s.Call.ID
}

func TestHoursFollowTheRollTheYesAndTheContest(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		ctx := t.Context()
		id := rolled(t, to, saturday(12, 0), clinicSpec(models.Need{Role: "引导员", Most: 4}), "ULI", "UWANG")
		to.stand("own check-in and the roll", "UZHANG", "150 counted")
		to.stand("the roll alone", "ULI", "150 pending yes")
		to.must(second(to.svc.ConfirmHours(ctx, to.by("ULI"), to.placeOf(id, "ULI").ID)))
		to.stand("and their yes", "ULI", "150 counted")
		to.clocks.Advance(time.Minute)
		to.must(second(to.svc.ContestHours(ctx, to.by("UZHANG"), to.placeOf(id, "UZHANG").ID)))
		to.must(second(to.svc.ContestHours(ctx, to.by("UWANG"), to.placeOf(id, "UWANG").ID)))
		to.stand("contested", "UZHANG", "150 contested")
		row := to.hoursOf("UZHANG")[0]
		for _, user := range []string{"UCHEN", "UZHANG", "ULI"} { // who entered it, themselves, a stranger
			if _, err := to.svc.DecideHours(ctx, to.by(user), row.ID, true); refusal(err) != "hours.not_you" {
				t.Errorf("%s decided: %v", user, err)
			}
		}
		if _, err := to.svc.DecideHours(ctx, to.by("UADMIN"), row.ID+1000, true); refusal(err) != "error.not_yours" {
			t.Errorf("hours that do not exist: %v", err)
		}
		to.clocks.Advance(time.Minute)
		got, err := to.svc.DecideHours(ctx, to.by("UADMIN"), row.ID, true)
		to.must(err)
		if got.State != models.HoursCounted || got.By.ID != to.id("UADMIN") || got.ConfirmedBy != got.By.ID {
			t.Errorf("decided: %+v", got.Hour)
		}
		if _, err := to.svc.DecideHours(ctx, to.by("UADMIN"), row.ID, false); refusal(err) != "hours.settled" {
			t.Errorf("decided twice: %v", err)
		}
		told := false
		for _, key := range to.send() {
			told = told || strings.HasPrefix(key, fmt.Sprintf("hours:told:%d:", row.ID))
		}
		if !told {
			t.Error("Zhang San was not told")
		}
		to.must(second(to.svc.DecideHours(ctx, to.by("UADMIN"), to.hoursOf("UWANG")[0].ID, true)))
		to.stand("who never agreed still has to", "UWANG", "150 pending yes")
		book, err := to.svc.HoursBook(ctx, to.by("ULI"), 0)
		to.must(err)
		if book.Counted != 150 || book.Ever != 150 || book.Waiting != 0 || len(book.Rows) != 1 || book.Rows[0].Call.ID != id {
			t.Errorf("Li Si's book: %+v", book)
		}
		to.must(second(to.svc.UndoRoll(ctx, to.by("UCHEN"), id, 0)))
		to.stand("the roll taken back", "ULI", "0 refused")
		to.whole()
	})
}

func TestARollEnteredLateNeedsTheOwnYesAndAnothersWord(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := t.Context()
	to.give("UWANG", models.RoleOrganizer, "") // who never did anything cannot be asked
	id := rolled(t, to, saturday(12, 0).Add(72*time.Hour), clinicSpec(models.Need{Role: "引导员", Most: 4}), "ULI")
	to.stand("checked in in time", "UZHANG", "150 counted")
	to.must(second(to.svc.ConfirmHours(ctx, to.by("ULI"), to.placeOf(id, "ULI").ID)))
	to.stand("entered late", "ULI", "150 pending second")
	row := to.hoursOf("ULI")[0]
	if m := to.message(approveKey(row.ID, to.id("UADMIN"))); m.Kind != models.MessageHoursApprove {
		t.Errorf("%+v", m)
	}
	for _, user := range []string{"UCHEN", "ULI", "UZHANG"} {
		if _, err := to.svc.SayOfHours(ctx, to.by(user), row.ID, true); refusal(err) != "hours.not_you" {
			t.Errorf("%s approved: %v", user, err)
		}
	}
	to.must(second(to.svc.SayOfHours(ctx, to.by("UADMIN"), row.ID, true)))
	to.stand("approved", "ULI", "150 counted")
	if h := to.hoursOf("ULI")[0]; h.Grade != models.EvidenceLate || !h.Late || h.ConfirmedBy != to.id("UADMIN") || h.AskedAt != 0 {
		t.Errorf("%+v", h)
	}
	to.whole()
}

func TestNineHoursAreForTheOrganizerOfTheUnitAbove(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := t.Context()
	to.importUnits(false, unitLine(2, func(u *models.UnitLine) { u.Name = "城东总支" }),
		unitLine(3, func(u *models.UnitLine) { u.Name, u.Parent = "一支部", "城东总支" }))
	to.importMembers(false, member(2, func(m *models.MemberLine) { m.Slack, m.Unit = "UZHANG", "一支部" }))
	to.give("UZHAO", models.RoleOrganizer, "城东总支")
	spec := clinicSpec(models.Need{Role: "引导员", Most: 4})
	spec.When = []models.Span{{Start: saturday(9, 0), End: saturday(18, 0)}}
	rolled(t, to, saturday(18, 30), spec)
	to.stand("nine hours", "UZHANG", "540 pending second")
	row := to.hoursOf("UZHANG")[0]
	if m := to.message(approveKey(row.ID, to.id("UZHAO"))); m.Kind != models.MessageHoursApprove {
		t.Errorf("%+v", m)
	}
	shown, err := to.svc.HourAsked(ctx, to.message(approveKey(row.ID, to.id("UZHAO"))))
	to.must(err)
	if !shown.May || shown.Total != 540 || shown.EnteredBy.ID != to.id("UCHEN") {
		t.Errorf("%+v", shown)
	}
	to.must(second(to.svc.SayOfHours(ctx, to.by("UZHAO"), row.ID, false)))
	to.stand("refused", "UZHANG", "540 refused")
	if _, err := to.svc.SayOfHours(ctx, to.by("UADMIN"), row.ID, true); refusal(err) != "hours.settled" {
		t.Errorf("after it was refused: %v", err)
	}
	to.whole()
}

func TestHoursOfBeforeTheLedgerAreCaughtUpOnce(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	rolled(t, to, saturday(12, 0), clinicSpec(models.Need{Role: "引导员", Most: 4}), "ULI")
	for _, user := range []string{"UZHANG", "ULI"} {
		row := to.hoursOf(user)[0]
		to.must(to.store.InTx(t.Context(), func(tx *store.Tx) error { return tx.Remove(models.By{TenantID: 1, Action: "hours_settle"}, &row) }))
	}
	for _, want := range []int{2, 0} {
		if n, err := to.svc.CatchUpHours(t.Context()); err != nil || n != want {
			t.Errorf("caught up with %d, want %d: %v", n, want, err)
		}
	}
	to.stand("as they were", "UZHANG", "150 counted")
	to.stand("as they were", "ULI", "150 pending yes")
	to.whole()
}

func TestOnlyWhatHoursDependOnIsLookedAt(t *testing.T) {
	t.Parallel()
	was := models.Signup{ID: 1, State: models.SignupConfirmed}
	checked := was
	checked.State, checked.CheckBy, checked.CheckedIn = models.SignupCheckedIn, models.CheckCode, 5
	done := checked
	done.State, done.RollAt, done.RollBy = models.SignupDone, 9, 2
	said, seen := done, done
	said.SaidAt, seen.Guests = 10, 2
	for name, c := range map[string]struct {
		was, now models.Signup
		want     bool
	}{"checked in": {was, checked, false}, "put on the roll": {checked, done, true}, "said yes": {done, said, true}, "guests": {done, seen, false}, "roll taken back": {done, checked, true}} {
		if got := servedOtherwise(&c.was, &c.now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
