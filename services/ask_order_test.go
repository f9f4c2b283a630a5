package services

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

func TestNobodyIsAskedAtNightUnlessItIsUrgent(t *testing.T) {
	t.Parallel()
	night := time.Date(2026, 11, 23, 23, 0, 0, 0, models.Zone("Asia/Shanghai"))
	morning := models.At(time.Date(2026, 11, 24, 7, 0, 0, 0, models.Zone("Asia/Shanghai")))
	t.Run("ordinary", func(t *testing.T) {
		t.Parallel()
		to := sqliteTown(t)
		wavePeople(to, 5, 0)
		to.clocks.World.Set(night)
		s := to.open(waveSpec(1, "auto"))
		if n := len(to.asks(s.Call.ID)); n != 0 {
			t.Fatalf("%d asked at night", n)
		}
		if run := to.run(s.Call.ID); run.State != models.RunRunning || run.NextAt != morning || run.Left[models.LeftQuiet] != 5 {
			t.Errorf("%+v", run)
		}
		to.clocks.World.Set(morning.Time())
		to.due()
		if n := len(to.in(s.Call.ID, models.AskOpen)); n != 3 {
			t.Errorf("%d asked in the morning, want 3", n)
		}
	})
	t.Run("urgent", func(t *testing.T) {
		t.Parallel()
		to := sqliteTown(t)
		wavePeople(to, 5, 0)
		to.clocks.World.Set(night)
		spec := waveSpec(1, "")
		spec.Urgent, spec.Set = true, map[string]bool{"urgent": true}
		out, err := to.svc.OpenCall(context.Background(), to.by("UCHEN"), spec, OpenHow{})
		to.must(err)
		if out.Reach.ID == 0 || out.Reach.Quiet != 3 || len(out.Sheet.Asks) != 0 {
			t.Fatalf("the night is woken without a question: %+v, %d asked", out.Reach, len(out.Sheet.Asks))
		}
		if run := to.run(out.Sheet.Call.ID); run.State != models.RunPaused {
			t.Errorf("%+v", run)
		}
		_, err = to.svc.ChooseReach(context.Background(), to.by("UCHEN"), out.Reach.ID, ReachSend)
		to.must(err)
		if n := len(to.in(out.Sheet.Call.ID, models.AskOpen)); n != 3 {
			t.Fatalf("%d asked, want 3", n)
		}
		if m := to.message(questionKey(out.Sheet.Call.ID, to.askRows(out.Sheet.Call.ID)[0].PersonID)); m.Quiet != models.QuietPass ||
			m.Priority != models.PriorityUrgent || m.ReachID != out.Reach.ID {
			t.Errorf("%+v", m)
		}
	})
	t.Run("a drill", func(t *testing.T) {
		t.Parallel()
		to := sqliteTown(t)
		wavePeople(to, 5, 0)
		to.clocks.World.Set(night)
		spec := waveSpec(1, "")
		spec.Urgent, spec.Drill, spec.Set = true, true, map[string]bool{"urgent": true, "drill": true}
		s := to.open(spec)
		to.due()
		if n := len(to.asks(s.Call.ID)); n != 0 {
			t.Errorf("a rehearsal asked %d at night", n)
		}
	})
}

func TestTheOrganizerHearsOnceThatNobodyIsLeft(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 3, 1)
	spec := waveSpec(2, "5 every 10m")
	spec.Skill = []string{"装卸"}
	s := to.open(spec)
	to.send()
	if diff := cmp.Diff([]string{"U1"}, to.in(s.Call.ID, models.AskOpen)); diff != "" {
		t.Fatal("only those with the skill:", diff)
	}
	to.later(10 * time.Minute)
	sounded := to.send()
	if diff := cmp.Diff([]string{"askover:1"}, sounded); diff != "" {
		t.Error("what sounded:", diff)
	}
	run := to.run(s.Call.ID)
	if run.State != models.RunExhausted || run.Left[models.LeftSkill] != 2 || run.Left[models.LeftAsked] != 1 {
		t.Errorf("%+v", run)
	}
	to.later(time.Hour)
	to.join("U2", s.Roles[0].ID)
	if sounded := to.send(); slices.Contains(sounded, "askover:1") {
		t.Error("told twice:", sounded)
	}
	// The numbers of those who did not answer, for who may use them only.
	to.must(to.store.InTx(context.Background(), func(tx *store.Tx) error {
		p, err := tx.PersonBySlack(1, "U1")
		if err != nil {
			return err
		}
		p.Phone = "138 0000 0000"
		return tx.Save(models.By{TenantID: 1, Action: "profile_save"}, &p)
	}))
	if _, _, err := to.svc.AskPhones(context.Background(), to.by("U3"), s.Call.ID); refusal(err) != "error.not_organizer" {
		t.Errorf("a member read numbers: %v", err)
	}
	_, people, err := to.svc.AskPhones(context.Background(), to.by("UCHEN"), s.Call.ID)
	to.must(err)
	if len(people) != 1 || people[0].Phone != "138 0000 0000" {
		t.Errorf("%+v", people)
	}
	// Widened, it goes on.
	got, err := to.svc.AskWiden(context.Background(), to.by("UCHEN"), s.Call.ID)
	to.must(err)
	if diff := cmp.Diff([]string{"U3"}, to.in(s.Call.ID, models.AskOpen)); diff != "" {
		t.Error(diff, got.Asked)
	}
	to.verify()
}

func TestTheOrganizerAsksMorePausesAndStops(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 20, 0)
	s := to.open(waveSpec(4, ""))
	if n := len(to.asks(s.Call.ID)); n != 0 {
		t.Fatalf("%d asked although nobody said so", n)
	}
	if _, err := to.svc.AskMore(ctx, to.by("U5"), s.Call.ID, 2, ""); refusal(err) != "error.not_organizer" {
		t.Errorf("a member asked: %v", err)
	}
	if _, err := to.svc.AskMore(ctx, to.by("UCHEN"), s.Call.ID, 2, "厨师"); refusal(err) != "error.ask_role" {
		t.Errorf("a role that is not there: %v", err)
	}
	// One wave, and no more by itself.
	got, err := to.svc.AskMore(ctx, to.by("UCHEN"), s.Call.ID, 3, "装卸")
	to.must(err)
	if got.Asked[s.Roles[0].ID] != 3 {
		t.Errorf("asked %v", got.Asked)
	}
	to.send()
	to.later(30 * time.Minute)
	if n := len(to.asks(s.Call.ID)); n != 3 {
		t.Errorf("%d asked, want the 3 that were ordered", n)
	}
	if run := to.run(s.Call.ID); run.State != models.RunStopped {
		t.Errorf("%+v", run)
	}
	to.send()
	// On its own from now on.
	_, err = to.svc.PlanAsk(ctx, to.by("UCHEN"), s.Call.ID, "2 every 10m")
	to.must(err)
	if n := len(to.asks(s.Call.ID)); n != 5 {
		t.Errorf("%d asked, want 5", n)
	}
	_, err = to.svc.PauseAsk(ctx, to.by("UCHEN"), s.Call.ID, true)
	to.must(err)
	if n := len(to.in(s.Call.ID, models.AskUnsent)); n != 2 {
		t.Errorf("%d were held back by the pause, want 2", n)
	}
	to.later(30 * time.Minute)
	if n := len(to.in(s.Call.ID, models.AskOpen)); n != 0 {
		t.Errorf("%d asked while paused", n)
	}
	_, err = to.svc.PauseAsk(ctx, to.by("UCHEN"), s.Call.ID, false)
	to.must(err)
	to.send()
	if n := len(to.in(s.Call.ID, models.AskOpen)); n != 2 {
		t.Errorf("%d asked after the pause, want 2", n)
	}
	_, err = to.svc.PlanAsk(ctx, to.by("UCHEN"), s.Call.ID, "")
	to.must(err)
	before := len(to.asks(s.Call.ID))
	to.later(time.Hour)
	if n := len(to.asks(s.Call.ID)); n != before {
		t.Errorf("%d more asked after the stop", n-before)
	}
	// Who has the question can still answer.
	open := to.in(s.Call.ID, models.AskOpen)
	if got := to.answers(open[0], to.askOf(s.Call.ID, open[0]), "yes"); got.Joining.Outcome != models.Joined {
		t.Errorf("%+v", got.Joining)
	}
}

func TestACancelledCallClosesItsQuestionsAndUndoOpensThem(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 4, 0)
	s := to.open(waveSpec(2, "2 every 10m"))
	to.send()
	_, err := to.svc.CancelCall(ctx, to.by("UCHEN"), s.Call.ID, "雨停了")
	to.must(err)
	if n := len(to.in(s.Call.ID, models.AskClosed)); n != 2 {
		t.Fatalf("%d closed, want 2", n)
	}
	if run := to.run(s.Call.ID); run.State != models.RunStopped {
		t.Errorf("%+v", run)
	}
	q := to.askRows(s.Call.ID)[0]
	if _, err := to.svc.AskYes(ctx, to.by(q.slack), q.ID); refusal(err) != "error.call_cancelled" {
		t.Errorf("a yes to a cancelled call: %v", err)
	}
	_, err = to.svc.UndoCall(ctx, to.by("UCHEN"), s.Call.ID, models.CallCancelled)
	to.must(err)
	if n := len(to.in(s.Call.ID, models.AskSilent)); n != 2 {
		t.Errorf("%d can be answered again, want 2", n)
	}
	if run := to.run(s.Call.ID); run.State != models.RunRunning {
		t.Errorf("%+v", run)
	}
}

func TestRaisedNeedsAskAgainAndLoweredOnesClose(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 10, 0)
	s := to.open(waveSpec(1, "2 every 10m"))
	to.send()
	edit := func(n int) {
		t.Helper()
		_, err := to.svc.EditCall(ctx, to.by("UCHEN"), s.Call.ID, models.CallSpec{Need: []models.Need{{Role: "装卸", Least: n, Most: n}},
			Set: map[string]bool{"need": true}}, false)
		to.must(err)
		to.send()
	}
	first := to.in(s.Call.ID, models.AskOpen)
	to.answers(first[0], to.askOf(s.Call.ID, first[0]), "yes")
	edit(3)
	if n := len(to.in(s.Call.ID, models.AskOpen)); n != 2 {
		t.Errorf("%d asked for the two places more, want 2", n)
	}
	edit(1)
	if n := len(to.in(s.Call.ID, models.AskOpen)); n != 0 {
		t.Errorf("%d questions are open although nobody is missing", n)
	}
}

func TestACallForAChannelWaitsForItsMembers(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(waveSpec(1, "auto"))
	if run := s.Runs[0]; run.Wave != 0 || run.State != models.RunRunning {
		t.Fatalf("%+v", run)
	}
	if _, err := to.svc.AskMore(context.Background(), to.by("UCHEN"), s.Call.ID, 2, ""); refusal(err) != "error.ask_members" {
		t.Errorf("more are asked of nobody known: %v", err)
	}
	wavePeople(to, 5, 0)
	to.must(to.store.InTx(context.Background(), func(tx *store.Tx) error { return to.svc.AudienceChanged(tx, 1, "CCALLS") }))
	to.due()
	if n := len(to.in(s.Call.ID, models.AskOpen)); n != 3 {
		t.Errorf("%d asked once the members are known, want 3", n)
	}
}

func TestManyAreAskedOnlyAfterAChoice(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 90, 0)
	out, err := to.svc.OpenCall(context.Background(), to.by("UCHEN"), waveSpec(60, "auto"), OpenHow{})
	to.must(err)
	if out.Reach.ID == 0 || out.Reach.People != 60 || len(out.Sheet.Asks) != 0 {
		t.Fatalf("%+v, %d asked", out.Reach.Reach, len(out.Sheet.Asks))
	}
	_, err = to.svc.ChooseReach(context.Background(), to.by("UCHEN"), out.Reach.ID, ReachDrop)
	to.must(err)
	to.due()
	if n := len(to.asks(1)); n != 0 {
		t.Errorf("%d asked although it was dropped", n)
	}
	again, err := to.svc.PauseAsk(context.Background(), to.by("UCHEN"), 1, false)
	to.must(err)
	if n := len(to.asks(1)); n != 0 || again.Reach.ID == 0 {
		t.Fatalf("%d asked without a choice", n)
	}
	_, err = to.svc.ChooseReach(context.Background(), to.by("UCHEN"), again.Reach.ID, ReachSend)
	to.must(err)
	if n := len(to.in(1, models.AskOpen)); n != 60 {
		t.Errorf("%d asked after all, want 60", n)
	}
}

func TestUrgentInTheNightIsAskedAboutWhenItIsEdited(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 5, 0)
	to.clocks.World.Set(time.Date(2026, 11, 23, 23, 0, 0, 0, models.Zone("Asia/Shanghai")))
	s := to.open(waveSpec(1, "auto"))
	out, err := to.svc.EditCall(ctx, to.by("UCHEN"), s.Call.ID, models.CallSpec{Urgent: true, Set: map[string]bool{"urgent": true}}, false)
	to.must(err)
	if out.Reach.ID == 0 || len(out.Keys) == 0 || !to.sheet(s.Call.ID).Call.Urgent || len(to.asks(s.Call.ID)) != 0 {
		t.Fatalf("%+v", out)
	}
	_, err = to.svc.ChooseReach(ctx, to.by("UCHEN"), out.Reach.ID, ReachSend)
	to.must(err)
	if n := len(to.in(s.Call.ID, models.AskOpen)); n != 3 {
		t.Errorf("%d asked, want 3", n)
	}
}

func TestTheStopButtonHoldsTheWaveAndSendingTheRestAsksOn(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 90, 0)
	out, err := to.svc.OpenCall(ctx, to.by("UCHEN"), waveSpec(60, "60 every 10m"), OpenHow{})
	to.must(err)
	_, err = to.svc.ChooseReach(ctx, to.by("UCHEN"), out.Reach.ID, ReachSend)
	to.must(err)
	_, err = to.svc.StopReach(ctx, to.by("UCHEN"), out.Reach.ID)
	to.must(err)
	for _, key := range to.send() {
		if strings.HasPrefix(key, "ask:") {
			t.Errorf("%s went out after the stop", key)
		}
	}
	to.later(time.Hour)
	if run := to.run(1); run.State != models.RunPaused || len(to.in(1, models.AskOpen)) != 0 {
		t.Errorf("%+v, %d open", run, len(to.in(1, models.AskOpen)))
	}
	_, err = to.svc.FreeReach(ctx, to.by("UCHEN"), out.Reach.ID)
	to.must(err)
	asked := map[string]int{}
	for _, key := range to.send() {
		if strings.HasPrefix(key, "ask:") {
			asked[key]++
		}
	}
	if open := len(to.in(1, models.AskOpen)); len(asked) != 60 || open != 60 {
		t.Errorf("%d were asked, %d are open, want 60", len(asked), open)
	}
}

func TestARaisedNeedThatWouldAskManyIsAskedAbout(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 120, 0)
	s := to.open(waveSpec(2, "auto"))
	to.send()
	before := len(to.asks(s.Call.ID))
	out, err := to.svc.EditCall(ctx, to.by("UCHEN"), s.Call.ID, models.CallSpec{Need: []models.Need{{Role: "装卸", Least: 2, Most: 80}},
		Set: map[string]bool{"need": true}}, false)
	to.must(err)
	if out.Reach.ID == 0 || len(out.Keys) == 0 || to.sheet(s.Call.ID).Roles[0].Most != 80 {
		t.Fatalf("the edit stands, and asks: %+v", out.Reach)
	}
	to.later(time.Hour)
	if n := len(to.asks(s.Call.ID)); n != before {
		t.Fatalf("%d more were asked without a choice", n-before)
	}
	_, err = to.svc.ChooseReach(ctx, to.by("UCHEN"), out.Reach.ID, ReachSend)
	to.must(err)
	to.due()
	if n := len(to.asks(s.Call.ID)); n <= before+models.ReachAskOver {
		t.Errorf("%d more were asked after the choice", n-before)
	}
}
