package services

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// wavePeople makes a town whose call channel has members 1 to n, known by Slack ids U1
// to Un, of whom the first `lifters` can lift.
func wavePeople(to *town, n, lifters int) {
	to.t.Helper()
	to.must(to.store.InTx(context.Background(), func(tx *store.Tx) error {
		tenant, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		room, err := tx.EnsureChannel(tenant.ID, "CCALLS")
		if err != nil {
			return err
		}
		var ids []int64
		for i := range n {
			p, err := tx.EnsurePerson(tenant.ID, fmt.Sprintf("U%d", i+1))
			if err != nil {
				return err
			}
			if i < lifters {
				p.Skills = []models.Skill{{Name: "装卸"}}
			}
			p.KnownAt, p.Member, p.Name = tx.Now, true, fmt.Sprintf("人%d", i+1)
			if err := tx.Save(models.By{TenantID: tenant.ID, ActorID: p.ID, Action: "profile_save"}, &p); err != nil {
				return err
			}
			ids = append(ids, p.ID)
		}
		room.MembersAt, room.BotIn = tx.Now, true
		if err := tx.SaveChannel(&room); err != nil {
			return err
		}
		return tx.SetChannelMembers(room.ID, ids)
	}))
}

func waveSpec(need int, ask string) models.CallSpec {
	start := models.At(time.Date(2026, 11, 24, 8, 0, 0, 0, models.Zone("Asia/Shanghai")))
	return models.CallSpec{Title: "东堤装沙袋", Kind: models.CallCare, When: []models.Span{{Start: start, End: start.Add(4 * time.Hour)}},
		Where: "东堤 3 号门", Need: []models.Need{{Role: "装卸", Least: need, Most: need}}, Ask: ask, Zone: "Asia/Shanghai",
		Set: map[string]bool{"ask": true}}
}

// asks are the questions of a call by Slack id.
func (to *town) asks(callID int64) map[string]models.AskState {
	to.t.Helper()
	out := map[string]models.AskState{}
	for _, q := range to.askRows(callID) {
		out[q.slack] = q.State
	}
	return out
}

type askRow struct {
	models.Ask
	slack string
}

func (to *town) askRows(callID int64) []askRow {
	to.t.Helper()
	var out []askRow
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.AsksOf(callID)
		for _, q := range rows {
			p, err := tx.Person(q.PersonID)
			if err != nil {
				return err
			}
			out = append(out, askRow{*q, p.Slack()})
		}
		return err
	}))
	return out
}

// in lists whose question is in a state, sorted.
func (to *town) in(callID int64, state models.AskState) []string {
	to.t.Helper()
	var out []string
	for who, s := range to.asks(callID) {
		if s == state {
			out = append(out, who)
		}
	}
	slices.Sort(out)
	return out
}

func (to *town) askOf(callID int64, user string) models.Ask {
	to.t.Helper()
	for _, q := range to.askRows(callID) {
		if q.slack == user {
			return q.Ask
		}
	}
	to.t.Fatalf("%s was not asked", user)
	return models.Ask{}
}

func (to *town) run(callID int64) *models.Run {
	to.t.Helper()
	runs := to.sheet(callID).Runs
	if len(runs) != 1 {
		to.t.Fatalf("%d runs", len(runs))
	}
	return runs[0]
}

// later lets world time go on and does what is due then.
func (to *town) later(d time.Duration) {
	to.t.Helper()
	to.clocks.Advance(d)
	to.due()
}

func (to *town) answers(user string, q models.Ask, answer string) AskAnswered {
	to.t.Helper()
	ctx, act := context.Background(), to.by(user)
	var out AskAnswered
	var err error
	switch answer {
	case "yes":
		out, err = to.svc.AskYes(ctx, act, q.ID)
	case "no":
		out, err = to.svc.AskNo(ctx, act, q.ID)
	default:
		out, err = to.svc.AskLater(ctx, act, q.ID, answer)
	}
	to.must(err)
	return out
}

func TestPeopleAreAskedWaveAfterWave(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		wavePeople(to, 12, 3)
		s := to.open(waveSpec(2, "3 every 10m"))
		if diff := cmp.Diff([]string{"U1", "U2", "U3"}, to.in(s.Call.ID, models.AskOpen)); diff != "" {
			t.Fatal("the skilled are asked first:", diff)
		}
		if run := s.Runs[0]; run.Pool != 12 || run.Wave != 1 || run.NextAt != s.Now.Add(10*time.Minute) {
			t.Errorf("%+v", run)
		}
		if n := len(to.send()); n != 5 {
			t.Errorf("%d messages sounded, want card, panel and three questions", n)
		}

		// A no moves on at once, to one more and not to three.
		to.answers("U1", to.askOf(s.Call.ID, "U1"), "no")
		if got := len(to.in(s.Call.ID, models.AskOpen)); got != 3 {
			t.Errorf("%d are open after a no, want 3", got)
		}
		to.send()

		// Silence moves on at the end of the wave; the silent may still answer.
		to.later(9 * time.Minute)
		if n := len(to.asks(s.Call.ID)); n != 4 {
			t.Errorf("%d asked before the wave has ended", n)
		}
		to.later(time.Minute)
		if silent, open := to.in(s.Call.ID, models.AskSilent), to.in(s.Call.ID, models.AskOpen); len(silent) != 3 || len(open) != 3 {
			t.Errorf("silent %v, open %v", silent, open)
		}
		if got := to.answers("U2", to.askOf(s.Call.ID, "U2"), "yes"); got.Joining.Outcome != models.Joined {
			t.Errorf("a silent one said yes: %s", got.Joining.Outcome)
		}

		// Filled: what is not sent is not sent, what is open is closed.
		to.answers("U3", to.askOf(s.Call.ID, "U3"), "yes")
		states := map[models.AskState]int{}
		for _, state := range to.asks(s.Call.ID) {
			states[state]++
		}
		want := map[models.AskState]int{models.AskYes: 2, models.AskNo: 1, models.AskClosed: 1, models.AskUnsent: 3}
		if diff := cmp.Diff(want, states); diff != "" {
			t.Error(diff)
		}
		for _, key := range to.send() {
			if strings.HasPrefix(key, "ask:") {
				t.Error("a question went out after all:", key)
			}
		}
		if run := to.run(s.Call.ID); run.State != models.RunFilled || run.NextAt != 0 {
			t.Errorf("%+v", run)
		}

		// A late yes waits.
		late := ""
		for who, state := range to.asks(s.Call.ID) {
			if state == models.AskClosed {
				late = who
			}
		}
		if got := to.answers(late, to.askOf(s.Call.ID, late), "yes"); !got.Standby || got.Joining.Position != 1 {
			t.Errorf("a late yes: %+v", got.Joining)
		}
		to.verify()
	})
}

// verify holds every row against the record.
func (to *town) verify() {
	to.t.Helper()
	ctx := context.Background()
	to.must(to.store.InTx(ctx, func(*store.Tx) error { return nil }))
	for {
		n, err := to.store.Seal(ctx, 1)
		to.must(err)
		if n == 0 {
			break
		}
	}
	b, err := to.store.Verify(ctx, 1)
	to.must(err)
	if !b.OK() {
		to.t.Errorf("the record: %+v", b)
	}
}

func TestAPlaceThatComesFreeIsAskedForAgain(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 8, 0)
	s := to.open(waveSpec(1, "2 every 10m"))
	asked := to.in(s.Call.ID, models.AskOpen)
	to.send()
	to.answers(asked[0], to.askOf(s.Call.ID, asked[0]), "yes")
	su := to.sheet(s.Call.ID).Signups[0]
	if got := to.in(s.Call.ID, models.AskClosed); len(got) != 1 {
		t.Fatalf("closed: %v", got)
	}
	_, err := to.svc.Leave(context.Background(), to.by(asked[0]), su.ID)
	to.must(err)
	open := to.in(s.Call.ID, models.AskOpen)
	if len(open) != 2 || slices.Contains(open, asked[0]) || slices.Contains(open, asked[1]) {
		t.Errorf("asked again: %v, after %v", open, asked)
	}
}

func TestThoseWhoWaitComeBeforeThoseWhoAreAsked(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 8, 0)
	s := to.open(waveSpec(1, "2 every 10m"))
	to.send()
	first := to.join("UX1", s.Roles[0].ID)
	to.join("UX2", s.Roles[0].ID)
	before := len(to.asks(s.Call.ID))
	_, err := to.svc.Leave(context.Background(), to.by("UX1"), first.Signup.ID)
	to.must(err)
	if got := to.states(s.Call.ID)["UX2"]; got != models.SignupOffered {
		t.Fatalf("who waits is %s", got)
	}
	to.later(20 * time.Minute)
	if n := len(to.asks(s.Call.ID)); n != before {
		t.Errorf("%d more were asked while the place is held", n-before)
	}
	to.later(3 * time.Hour) // the offer lapses
	if n := len(to.in(s.Call.ID, models.AskOpen)); n == 0 {
		t.Error("nobody is asked although nobody waits any more")
	}
}

func TestLaterIsKeptForTheOrganizerAndStandsDownWhenFilled(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 6, 0)
	s := to.open(waveSpec(1, "3 every 10m"))
	asked := to.in(s.Call.ID, models.AskOpen)
	to.send()
	got := to.answers(asked[0], to.askOf(s.Call.ID, asked[0]), "能去，但要晚点")
	if got.What != HeardConditional || got.Standby {
		t.Errorf("%+v", got)
	}
	answers := to.sheet(s.Call.ID).Answers
	if len(answers) != 1 || answers[0].Kind != models.AnswerConditional || answers[0].Text != "能去，但要晚点" {
		t.Fatalf("%+v", answers)
	}
	q := to.askOf(s.Call.ID, asked[0])
	if q.State != models.AskLater || !q.Late {
		t.Errorf("%+v", q)
	}
	to.send()
	to.answers(asked[1], to.askOf(s.Call.ID, asked[1]), "yes")
	states := to.states(s.Call.ID)
	if states[asked[0]] != models.SignupWaitlisted {
		t.Errorf("who would have come later is %q", states[asked[0]])
	}
	key := signupKey(s.Call.ID, q.PersonID)
	if !slices.Contains(to.send(), key) {
		t.Error("they were not told anew that they must not set out")
	}
	if m := to.message(key); !strings.Contains(string(m.Args), models.WhyStandby) {
		t.Errorf("they were told %s", m.Args)
	}
	// A place free again is offered to them: a yes on a condition is no yes to it.
	su := to.sheet(s.Call.ID).Of(to.askOf(s.Call.ID, asked[1]).PersonID, s.Shifts[0].ID)
	_, err := to.svc.Leave(context.Background(), to.by(asked[1]), su.ID)
	to.must(err)
	if got := to.states(s.Call.ID)[asked[0]]; got != models.SignupOffered {
		t.Errorf("standby became %s", got)
	}
}

func TestTheOrganizerFilesALateYesIntoTheRoleAskedFor(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 4, 0)
	spec := waveSpec(1, "1 every 10m")
	spec.Need = append(spec.Need, models.Need{Role: "司机", Least: 1, Most: 1})
	s := to.open(spec)
	if n := len(to.in(s.Call.ID, models.AskOpen)); n != 2 {
		t.Fatalf("%d asked, want one a role", n)
	}
	rows := to.askRows(s.Call.ID)
	to.answers(rows[1].slack, rows[1].Ask, "later")
	answer := to.sheet(s.Call.ID).Answers[0]
	got, err := to.svc.FileAnswer(context.Background(), to.by("UCHEN"), answer.ID, true, 0)
	to.must(err)
	if got.Joining.Signup.RoleID != rows[1].RoleID || got.Joining.Outcome != models.Joined {
		t.Errorf("filed into %+v", got.Joining.Signup)
	}
	if q := to.askOf(s.Call.ID, rows[1].slack); q.State != models.AskYes || !q.Late {
		t.Errorf("%+v", q)
	}
}

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

func TestAQuestionBelongsToThePersonAsked(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 4, 0)
	s := to.open(waveSpec(1, "1 every 10m"))
	who := to.in(s.Call.ID, models.AskOpen)[0]
	q := to.askOf(s.Call.ID, who)
	other := "U1"
	if who == "U1" {
		other = "U2"
	}
	for name, press := range map[string]func(id int64) error{
		"yes":   func(id int64) error { _, err := to.svc.AskYes(ctx, to.by(other), id); return err },
		"no":    func(id int64) error { _, err := to.svc.AskNo(ctx, to.by(other), id); return err },
		"later": func(id int64) error { _, err := to.svc.AskLater(ctx, to.by(other), id, "later"); return err },
	} {
		for _, id := range []int64{q.ID, 0, 999} {
			if err := press(id); refusal(err) != "error.not_yours" {
				t.Errorf("%s with question %d: %v", name, id, err)
			}
		}
	}
	act := to.by(who)
	_, err := to.svc.AskYes(ctx, act, q.ID)
	to.must(err)
	if _, err := to.svc.AskYes(ctx, act, q.ID); models.CodeOf(err) != models.CodeRepeat {
		t.Errorf("the same press twice: %v", err)
	}
	if n := to.sheet(s.Call.ID).Taken(s.Roles[0].ID); n != 1 {
		t.Errorf("taken %d", n)
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

// What a person's plain words in a direct message answer.
func TestPlainWordsAnswerTheQuestion(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 4, 0)
	spec := waveSpec(2, "1 every 10m")
	spec.Need = append(spec.Need, models.Need{Role: "司机", Least: 1, Most: 1})
	s := to.open(spec)
	to.send()
	q := to.askRows(s.Call.ID)[0]
	direct := func() Act {
		act := to.by(q.slack)
		act.Channel, act.Direct = fmt.Sprintf("D%d", q.PersonID), true
		return act
	}
	found, err := to.svc.QuestionFor(ctx, direct())
	to.must(err)
	if len(found.Calls) != 1 || !found.Asked {
		t.Fatalf("%+v", found)
	}
	got, err := to.svc.ReplyToCall(ctx, direct(), s.Call.ID, Said{Meaning: "none", Text: "看情况吧", Asked: true})
	to.must(err)
	if got.What != HeardUnclear || to.askOf(s.Call.ID, q.slack).State != models.AskOpen {
		t.Errorf("unclear words: %+v", got.What)
	}
	got, err = to.svc.ReplyToCall(ctx, direct(), s.Call.ID, Said{Meaning: saidLate, Minutes: 20, Text: "晚到20分钟", Asked: true})
	to.must(err)
	if got.What != HeardConditional || to.askOf(s.Call.ID, q.slack).State != models.AskLater {
		t.Errorf("late, without a place: %+v", got.What)
	}
	got, err = to.svc.ReplyToCall(ctx, direct(), s.Call.ID, Said{Meaning: saidYes, Text: "我去", Asked: true})
	to.must(err)
	if got.What != HeardJoined || got.Joining.Signup.RoleID != q.RoleID {
		t.Errorf("a yes is for what was asked: %s %+v", got.What, got.Joining.Signup)
	}
}

func TestACallForAChannelWaitsForItsMembers(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(waveSpec(1, "auto"))
	if run := s.Runs[0]; run.Wave != 0 || run.State != models.RunRunning {
		t.Fatalf("%+v", run)
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

func TestTheEndOfACallEndsEveryQuestion(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 9, 0)
	s := to.open(waveSpec(3, "3 every 30m"))
	to.send()
	open := to.in(s.Call.ID, models.AskOpen)
	to.answers(open[0], to.askOf(s.Call.ID, open[0]), "yes")
	to.answers(open[1], to.askOf(s.Call.ID, open[1]), "later")
	for range 60 {
		to.later(30 * time.Minute)
		to.send()
	}
	for who, state := range to.asks(s.Call.ID) {
		if state == models.AskOpen || state == models.AskSilent || state == models.AskLater {
			t.Errorf("the call is over and %s has a question %s", who, state)
		}
	}
	if got := to.sheet(s.Call.ID).Call.State; got != models.CallDone {
		t.Error(got)
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

func TestWhoSaidLaterIsAskedAnewWhenTheCallMoves(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 4, 0)
	s := to.open(waveSpec(2, "2 every 10m"))
	to.send()
	q := to.askRows(s.Call.ID)[0]
	to.answers(q.slack, q.Ask, "later")
	to.send()
	_, err := to.svc.EditCall(ctx, to.by("UCHEN"), s.Call.ID, models.CallSpec{Where: "西堤", Set: map[string]bool{"where": true}}, false)
	to.must(err)
	if got := to.askOf(s.Call.ID, q.slack).State; got != models.AskOpen {
		t.Errorf("who said later is %s", got)
	}
	if sounded := to.send(); !slices.Contains(sounded, questionKey(s.Call.ID, q.PersonID)) {
		t.Errorf("they were not asked anew: %v", sounded)
	}
	if n := len(to.sheet(s.Call.ID).Answers); n != 0 {
		t.Errorf("%d old answers still count", n)
	}
}

func TestAWaveWaitsUntilTheOneBeforeHasGoneOut(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 9, 0)
	s := to.open(waveSpec(1, "2 every 10m"))
	to.later(time.Hour) // Slack is away: nothing goes out
	if n := len(to.asks(s.Call.ID)); n != 2 {
		t.Errorf("%d asked although the first two were never sent", n)
	}
	to.send()
	to.later(2 * time.Minute)
	if n := len(to.asks(s.Call.ID)); n != 4 {
		t.Errorf("%d asked, want 4", n)
	}
}
