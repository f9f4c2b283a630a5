package services

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// handed is a clinic with one guide's place, Li's, and Wang waiting.
func handed(t *testing.T, st *store.Store, clocks storetest.Clocks) (*town, models.Sheet, models.Signup) {
	to := newTown(t, st, clocks)
	s := to.open(clinicSpec(models.Need{Role: "引导员", Least: 1, Most: 1}))
	mine := to.join("ULI", s.Roles[0].ID).Signup
	to.join("UWANG", s.Roles[0].ID)
	return to, s, mine
}

func (to *town) handovers(callID int64) (out []models.HandoverState) {
	to.t.Helper()
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.HandoversOf(callID)
		for _, h := range rows {
			out = append(out, h.State)
		}
		return err
	}))
	return out
}

func TestAPlaceMovesOnlyWithTheOthersYes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to, s, mine := handed(t, st, clocks)
		to.send()
		_, asked, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO")
		to.must(err)
		want := map[string]models.SignupState{"ULI": "confirmed", "UWANG": "waitlisted"}
		if diff := cmp.Diff(want, to.states(s.Call.ID)); diff != "" {
			t.Errorf("before the answer (-want +got):\n%s", diff)
		}
		if heard := to.send(); !slices.Equal(heard, []string{handoverKey(s.Call.ID, asked.ID)}) {
			t.Errorf("asking sounded %v", heard)
		}
		if _, _, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UBO"); refusal(err) != "error.handover_open" {
			t.Errorf("a second request: %v", err)
		}
		if _, _, err := to.svc.AnswerHandover(ctx, to.by("UBO"), asked.ID, true); refusal(err) != "error.not_yours" {
			t.Errorf("somebody else's yes: %v", err)
		}
		_, _, err = to.svc.AnswerHandover(ctx, to.by("UZHAO"), asked.ID, true)
		to.must(err)
		want = map[string]models.SignupState{"ULI": "withdrawn", "UWANG": "waitlisted", "UZHAO": "confirmed"}
		if diff := cmp.Diff(want, to.states(s.Call.ID)); diff != "" {
			t.Errorf("after the yes (-want +got):\n%s", diff)
		}
		heard := to.send()
		slices.Sort(heard)
		li, zhao := mine.PersonID, asked.ToID
		if diff := cmp.Diff([]string{signupKey(s.Call.ID, li), signupKey(s.Call.ID, zhao)}, heard); diff != "" {
			t.Errorf("who was told with a sound (-want +got):\n%s", diff)
		}
		_, _, err = to.svc.AnswerHandover(ctx, to.by("UZHAO"), asked.ID, true)
		to.must(err) // pressed twice
		if diff := cmp.Diff([]models.HandoverState{models.HandoverYes}, to.handovers(s.Call.ID)); diff != "" {
			t.Error(diff)
		}
		to.whole()
	})
}

// whole holds the database against its record.
func (to *town) whole() {
	to.t.Helper()
	for {
		n, err := to.store.Seal(context.Background(), 1)
		to.must(err)
		if n == 0 {
			break
		}
	}
	broken, err := to.store.Verify(context.Background(), 1)
	to.must(err)
	if !broken.OK() {
		to.t.Errorf("the record: %+v", broken)
	}
}

func TestANoOrSilenceTellsTheGiverAndKeepsThePlace(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to, s, mine := handed(t, st, clocks)
	_, asked, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO")
	to.must(err)
	to.send()
	_, _, err = to.svc.AnswerHandover(ctx, to.by("UZHAO"), asked.ID, false)
	to.must(err)
	if heard := to.send(); !slices.Contains(heard, signupKey(s.Call.ID, mine.PersonID)) {
		t.Errorf("a no sounded %v", heard)
	}
	_, again, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UBO")
	to.must(err)
	to.send()
	clocks.World.Set(saturday(9, 0).Time())
	to.due()
	if diff := cmp.Diff([]models.HandoverState{models.HandoverNo, models.HandoverLapsed}, to.handovers(s.Call.ID)); diff != "" {
		t.Error(diff)
	}
	if m := to.message(signupKey(s.Call.ID, mine.PersonID)); m.State != models.MessageQueued {
		t.Errorf("the giver is not told that nobody answered: %s", m.State)
	}
	if _, _, err := to.svc.AnswerHandover(ctx, to.by("UBO"), again.ID, true); refusal(err) != "error.handover_over" {
		t.Errorf("a yes after the start: %v", err)
	}
	if to.states(s.Call.ID)["ULI"] != models.SignupConfirmed {
		t.Error("the place did not stay")
	}
}

func TestARequestEndsWithThePlaceItIsAbout(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, end := range map[string]struct {
		do   func(to *town, s models.Sheet, mine models.Signup, asked models.Handover) error
		want models.HandoverState
	}{
		"the giver comes after all": {func(to *town, _ models.Sheet, _ models.Signup, asked models.Handover) error {
			_, _, err := to.svc.TakeHandoverBack(ctx, to.by("ULI"), asked.ID)
			return err
		}, models.HandoverWithdrawn},
		"the giver gives it up": {func(to *town, _ models.Sheet, mine models.Signup, _ models.Handover) error {
			_, err := to.svc.Leave(ctx, to.by("ULI"), mine.ID)
			return err
		}, models.HandoverVoid},
		"the call is cancelled": {func(to *town, s models.Sheet, _ models.Signup, _ models.Handover) error {
			_, err := to.svc.CancelCall(ctx, to.by("UCHEN"), s.Call.ID, "降雨")
			return err
		}, models.HandoverVoid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st, clocks := storetest.New(t)
			to, s, mine := handed(t, st, clocks)
			_, asked, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO")
			to.must(err)
			to.send()
			to.must(end.do(to, s, mine, asked))
			if diff := cmp.Diff([]models.HandoverState{end.want}, to.handovers(s.Call.ID)); diff != "" {
				t.Error(diff)
			}
			if m := to.message(handoverKey(s.Call.ID, asked.ID)); m.State != models.MessageQueued || m.Shown == 0 {
				t.Errorf("the question is not closed in place: %s", m.State)
			}
			if _, _, err := to.svc.AnswerHandover(ctx, to.by("UZHAO"), asked.ID, true); refusal(err) != "error.handover_over" {
				t.Errorf("a late yes: %v", err)
			}
		})
	}
}

func TestAPlainWordAnswersARequest(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to, s, mine := handed(t, st, clocks)
	_, _, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO")
	to.must(err)
	to.send()
	act := to.by("UZHAO")
	act.Direct, act.Channel = true, "DZHAO"
	q, err := to.svc.QuestionFor(ctx, act)
	to.must(err)
	if len(q.Calls) != 1 || q.Calls[0].ID != s.Call.ID || !q.Asked {
		t.Fatalf("what a word of Zhao's answers: %+v", q)
	}
	got, err := to.svc.ReplyToCall(ctx, act, s.Call.ID, Said{Meaning: "yes", Asked: true})
	to.must(err)
	if got.What != HeardHandover || to.states(s.Call.ID)["UZHAO"] != models.SignupConfirmed {
		t.Errorf("a yes in words: %s, %v", got.What, to.states(s.Call.ID))
	}
}

func TestARequestAtNightWaitsUnlessTheShiftIsNear(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, c := range map[string]struct {
		now  models.Instant
		want models.Quiet
	}{
		"two days ahead":         {saturday(9, 0).Add(-58 * time.Hour), models.QuietWait}, // 23:00
		"the night before":       {saturday(9, 0).Add(-4 * time.Hour), models.QuietWait},  // 5:00, quiet until 7:00
		"an hour after daybreak": {saturday(8, 0), models.QuietPass},
	} {
		st, clocks := storetest.New(t)
		to, s, mine := handed(t, st, clocks)
		clocks.World.Set(c.now.Time())
		_, asked, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO")
		to.must(err)
		if m := to.message(handoverKey(s.Call.ID, asked.ID)); m.Quiet != c.want {
			t.Errorf("%s: %s, want %s", name, m.Quiet, c.want)
		}
	}
}

// The yes and the giver's own withdrawal at the same moment: one of them is
// first, and whatever comes of it there is one person in the place.
func TestAYesAndAWithdrawalAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to, s, mine := handed(t, st, clocks)
		_, asked, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO")
		to.must(err)
		var group sync.WaitGroup
		var yes, left error
		group.Go(func() { _, _, yes = to.svc.AnswerHandover(ctx, to.by("UZHAO"), asked.ID, true) })
		group.Go(func() { _, left = to.svc.Leave(ctx, to.by("ULI"), mine.ID) })
		group.Wait()
		to.must(left)
		got := to.states(s.Call.ID)
		switch {
		case yes == nil:
			want := map[string]models.SignupState{"ULI": "withdrawn", "UWANG": "waitlisted", "UZHAO": "confirmed"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the yes was first (-want +got):\n%s", diff)
			}
		case refusal(yes) == "error.handover_over":
			want := map[string]models.SignupState{"ULI": "withdrawn", "UWANG": "confirmed"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the withdrawal was first (-want +got):\n%s", diff)
			}
		default:
			t.Errorf("the yes: %v", yes)
		}
		to.whole()
	})
}

func TestARequestLapsesAtTheNewStart(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to, s, mine := handed(t, st, clocks)
	_, asked, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO")
	to.must(err)
	later := models.CallSpec{When: []models.Span{{Start: saturday(14, 0), End: saturday(16, 0)}}, Zone: "Asia/Shanghai", Set: map[string]bool{"when": true}}
	_, err = to.svc.EditCall(ctx, to.by("UCHEN"), s.Call.ID, later, false)
	to.must(err)
	clocks.World.Set(saturday(13, 0).Time())
	to.due()
	if diff := cmp.Diff([]models.HandoverState{models.HandoverAsked}, to.handovers(s.Call.ID)); diff != "" {
		t.Fatalf("at the old start (-want +got):\n%s", diff)
	}
	_, _, err = to.svc.AnswerHandover(ctx, to.by("UZHAO"), asked.ID, true)
	to.must(err)
}

// The shift moves to when the one who is asked is somewhere else: their yes is
// refused in words meant for them, and the place stays.
func TestAYesToAShiftThatMovedOntoAnother(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to, s, mine := handed(t, st, clocks)
	elsewhere := clinicSpec(models.Need{Role: "引导员", Most: 1})
	elsewhere.When = []models.Span{{Start: saturday(14, 0), End: saturday(16, 0)}}
	other := to.open(elsewhere)
	to.join("UZHAO", other.Roles[0].ID)
	_, asked, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO")
	to.must(err)
	later := models.CallSpec{When: []models.Span{{Start: saturday(15, 0), End: saturday(17, 0)}}, Zone: "Asia/Shanghai", Set: map[string]bool{"when": true}}
	_, err = to.svc.EditCall(ctx, to.by("UCHEN"), s.Call.ID, later, false)
	to.must(err)
	if _, _, err := to.svc.AnswerHandover(ctx, to.by("UZHAO"), asked.ID, true); refusal(err) != "error.overlap" {
		t.Errorf("a yes of somebody who is elsewhere then: %v", err)
	}
	if got := to.states(s.Call.ID); got["ULI"] != models.SignupConfirmed || got["UZHAO"] != "" {
		t.Errorf("the places: %v", got)
	}
	if _, _, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO"); refusal(err) != "error.handover_open" {
		t.Errorf("the request ended by a yes that could not be: %v", err)
	}
}

// Each question makes a sound: nobody is asked for one place over and over.
func TestNobodyIsPesteredToStandIn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to, _, mine := handed(t, st, clocks)
	for range handoverAsks {
		_, asked, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO")
		to.must(err)
		_, _, err = to.svc.TakeHandoverBack(ctx, to.by("ULI"), asked.ID)
		to.must(err)
	}
	if _, _, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UZHAO"); refusal(err) != "error.handover_often" {
		t.Errorf("asked a third time: %v", err)
	}
	_, _, err := to.svc.AskHandover(ctx, to.by("ULI"), mine.ID, "UBO")
	to.must(err)
}
