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
