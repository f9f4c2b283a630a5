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

// crowd is a call with n people signed up as 装卸 and two as 司机; nothing of it
// is left to be sent.
func (to *town) crowd(n int, spec models.CallSpec) models.Sheet {
	to.t.Helper()
	spec.Need = []models.Need{{Role: "装卸", Least: 1, Most: n}, {Role: "司机", Least: 1, Most: 2}}
	s := to.open(spec)
	for i := range n {
		to.join(fmt.Sprintf("UP%03d", i), s.Roles[0].ID)
	}
	to.join("UD1", s.Roles[1].ID)
	to.join("UD2", s.Roles[1].ID)
	to.join("UW1", s.Roles[1].ID) // waits
	to.svc.pace = Pace{PostsPerMinute: 400}
	to.send()
	return s
}

func (to *town) tell(s models.Sheet, to2 TellTo, text string) Told {
	to.t.Helper()
	out, err := to.svc.TellCall(context.Background(), to.by("UCHEN"), s.Call.ID, to2, text)
	to.must(err)
	return out
}

func (to *town) choose(r models.ReachShown, choice string) models.ReachShown {
	to.t.Helper()
	out, err := to.svc.ChooseReach(context.Background(), to.by("UCHEN"), r.ID, choice)
	to.must(err)
	return out
}

// told are the Slack ids of who has a message of a kind that sounds in the
// outbox or in Slack.
func (to *town) told(prefix string) []string {
	to.t.Helper()
	var out []string
	for _, key := range to.send() {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		m := to.message(key)
		to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
			p, err := tx.Person(m.PersonID)
			out = append(out, p.Slack())
			return err
		}))
	}
	slices.Sort(out)
	return out
}

func (to *town) reachNow(id int64) models.ReachShown {
	to.t.Helper()
	var out models.ReachShown
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		r, err := tx.ReachByID(t.ID, id)
		if err == nil {
			out, err = to.svc.reachShown(tx, t, r)
		}
		return err
	}))
	return out
}

// wallAt puts both clocks at a time on the wall of Shanghai.
func (to *town) wallAt(text string) {
	to.clocks.World.Set(sh(text))
	to.clocks.Machine.Set(sh(text))
}

func TestAMessageToAFewGoesOutAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(3, clinicSpec())
		for name, c := range map[string]struct {
			to   TellTo
			want []string
		}{
			"everybody with a place": {TellTo{Kind: ToComing}, []string{"UD1", "UD2", "UP000", "UP001", "UP002"}},
			"one role":               {TellTo{Kind: ToRole, Role: " 司机"}, []string{"UD1", "UD2"}},
			"who waits":              {TellTo{Kind: ToWaiting}, []string{"UW1"}},
			"one shift":              {TellTo{Kind: ToShift, Shift: s.Shifts[0].ID}, []string{"UD1", "UD2", "UP000", "UP001", "UP002"}},
		} {
			out := to.tell(s, c.to, "带手电 "+name)
			if out.Ask || out.Reach.Total() != len(c.want) {
				t.Errorf("%s: %+v", name, out)
			}
			if diff := cmp.Diff(c.want, to.told("tell:")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			m := to.message(tellKey(s.Call.ID, out.Reach.ID, to.id(c.want[0])))
			if shown, err := to.svc.Telling(t.Context(), m); err != nil || shown.Text != "带手电 "+name || shown.By.Slack() != "UCHEN" {
				t.Errorf("%s: %+v, %v", name, shown, err)
			}
			to.due()
			if r := to.reachNow(out.Reach.ID); r.State != models.ReachDone || r.Sent != len(c.want) || r.Lost != 0 {
				t.Errorf("%s: ended as %+v", name, r)
			}
		}
	})
}

func (to *town) id(slack string) int64 {
	to.t.Helper()
	var id int64
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(t.ID, slack)
		id = p.ID
		return err
	}))
	return id
}

func TestAMessageIsRefusedInWords(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.crowd(2, clinicSpec())
	for _, c := range []struct {
		who, text, want string
		to              TellTo
	}{
		{"UP000", "hello", "error.not_organizer", TellTo{}},
		{"UCHEN", " \n ", "error.tell_nothing", TellTo{}},
		{"UCHEN", strings.Repeat("长", TellMost+1), "error.tell_long", TellTo{}},
		{"UCHEN", "hello", "error.tell_nobody", TellTo{Kind: ToRole, Role: "医生"}},
		{"UCHEN", "hello", "error.tell_nobody", TellTo{Kind: ToUnanswered}},
	} {
		if _, err := to.svc.TellCall(t.Context(), to.by(c.who), s.Call.ID, c.to, c.text); refusal(err) != c.want {
			t.Errorf("%s %+v: %v, want %s", c.who, c.to, err, c.want)
		}
	}
	if told := to.told("tell:"); len(told) != 0 {
		t.Errorf("told all the same: %v", told)
	}
}

func TestManyAreOnlyReachedOnceSomebodyChose(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(60, clinicSpec())
		asked := to.tell(s, TellTo{Kind: ToComing}, "3 号门改 5 号门")
		if !asked.Ask || asked.Reach.People != 62 || asked.Reach.Quiet != 0 || asked.Reach.WaitTo != 0 {
			t.Fatalf("asked %+v", asked.Reach)
		}
		if told := to.told(""); len(told) != 0 {
			t.Fatalf("before the choice were told: %v", told)
		}
		if _, err := to.svc.ChooseReach(t.Context(), to.by("UP001"), asked.Reach.ID, ReachSend); refusal(err) != "error.reach_gone" {
			t.Errorf("somebody else chose: %v", err)
		}
		for _, forged := range []string{ReachWait, ReachUnit, "all"} {
			if _, err := to.svc.ChooseReach(t.Context(), to.by("UCHEN"), asked.Reach.ID, forged); refusal(err) != "error.reach_gone" {
				t.Errorf("%s was not offered: %v", forged, err)
			}
		}
		out := to.choose(asked.Reach, ReachSend)
		if out.State != models.ReachGoing || out.Left != 62 {
			t.Errorf("%+v", out)
		}
		if _, err := to.svc.ChooseReach(t.Context(), to.by("UCHEN"), asked.Reach.ID, ReachSend); refusal(err) != "error.reach_chosen" {
			t.Errorf("chosen twice: %v", err)
		}
		if told := to.told("tell:"); len(told) != 62 {
			t.Errorf("%d told", len(told))
		}
		to.due()
		if r := to.reachNow(out.ID); r.State != models.ReachDone || r.Got != 62 {
			t.Errorf("%+v", r)
		}
	})
}

func TestNobodyHearsOfWhatWasCancelledOrForgotten(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.crowd(60, clinicSpec())
	if out := to.choose(to.tell(s, TellTo{}, "一").Reach, ReachDrop); out.State != models.ReachDropped {
		t.Errorf("%+v", out)
	}
	asked := to.tell(s, TellTo{}, "二")
	clocks := to.clocks
	clocks.Advance(24 * time.Hour)
	if _, err := to.svc.ChooseReach(t.Context(), to.by("UCHEN"), asked.Reach.ID, ReachSend); refusal(err) != "error.reach_gone" {
		t.Errorf("after a day: %v", err)
	}
	to.due()
	if r := to.reachNow(asked.Reach.ID); r.State != models.ReachDropped {
		t.Errorf("%+v", r)
	}
	if told := to.told("tell:"); len(told) != 0 {
		t.Errorf("told: %v", told)
	}
}

func TestTheStopButtonHoldsBackWhatHasNotLeft(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(60, clinicSpec())
		out := to.choose(to.tell(s, TellTo{}, "集合").Reach, ReachSend)
		// Slack has taken twenty, and five are on their way.
		sent := 0
		var hand []models.Message
		for sent < 20 || len(hand) < 5 {
			rows, err := st.ClaimMessages(t.Context(), "test", 1, time.Minute)
			to.must(err)
			if len(rows) != 1 {
				t.Fatal("nothing to claim")
			}
			switch m := rows[0]; {
			case m.Kind != models.MessageTell:
				to.must(st.Settle(t.Context(), m.ID, "test", models.Outcome{Kind: models.OutcomeSent, Version: m.Version, Channel: "D1", TS: "1"}))
			case sent < 20:
				sent++
				to.must(st.Settle(t.Context(), m.ID, "test", models.Outcome{Kind: models.OutcomeSent, Version: m.Version, Channel: "D" + fmt.Sprint(m.ID), TS: "1"}))
			default:
				hand = append(hand, m)
			}
		}
		if _, err := to.svc.StopReach(t.Context(), to.by("UP001"), out.ID); refusal(err) != "error.not_organizer" {
			t.Errorf("a volunteer stopped it: %v", err)
		}
		stopped, err := to.svc.StopReach(t.Context(), to.by("UCHEN"), out.ID)
		to.must(err)
		if stopped.State != models.ReachStopped || stopped.Got != 20 || stopped.Held != 37 || stopped.Left != 5 {
			t.Errorf("stopped at %+v", stopped)
		}
		for _, m := range hand {
			to.must(st.Settle(t.Context(), m.ID, "test", models.Outcome{Kind: models.OutcomeSent, Version: m.Version, Channel: "D" + fmt.Sprint(m.ID), TS: "1"}))
		}
		if told := to.told("tell:"); len(told) != 0 {
			t.Errorf("after the stop were told: %v", told)
		}
		to.due()
		if r := to.reachNow(out.ID); r.Got != 25 || r.Held != 37 || r.Left != 0 || r.EndedAt == 0 {
			t.Errorf("ended as %+v", r)
		}
		if _, err := to.svc.StopReach(t.Context(), to.by("UCHEN"), out.ID); refusal(err) != "error.reach_ended" {
			t.Errorf("stopped twice: %v", err)
		}
		// Sent after all: nobody gets it twice.
		if _, err := to.svc.FreeReach(t.Context(), to.by("UCHEN"), out.ID); err != nil {
			t.Fatal(err)
		}
		if told := to.told("tell:"); len(told) != 37 {
			t.Errorf("the rest is %d", len(told))
		}
		to.due()
		if r := to.reachNow(out.ID); r.State != models.ReachDone || r.Sent != 62 {
			t.Errorf("%+v", r)
		}
	})
}

// With the whole organisation on it, a person of a unit may keep to theirs.
func TestOnlyMyUnit(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(60, clinicSpec())
		to.must(to.svc.Enrol(t.Context(), "T1", []UnitRow{{Name: "城东支部"}, {Name: "一组", Parent: "城东支部"}}, []MemberRow{
			{Slack: "UCHEN", Unit: "城东支部"}, {Slack: "UP001", Unit: "城东支部"}, {Slack: "UP002", Unit: "一组"}}))
		asked := to.tell(s, TellTo{}, "集合")
		if asked.Reach.UnitPeople != 2 {
			t.Fatalf("offered %+v", asked.Reach)
		}
		to.choose(asked.Reach, ReachUnit)
		if diff := cmp.Diff([]string{"UP001", "UP002"}, to.told("tell:")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestWhoMayNoLongerDoItIsRefusedAtTheChoice(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.crowd(60, clinicSpec())
	asked := to.tell(s, TellTo{}, "集合")
	_, _, err := to.svc.GiveRole(t.Context(), to.by("UADMIN"), "UCHEN", models.RoleMember, "")
	to.must(err)
	if _, err := to.svc.ChooseReach(t.Context(), to.by("UCHEN"), asked.Reach.ID, ReachSend); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("sent all the same: %v", err)
	}
	if r := to.reachNow(asked.Reach.ID); r.State != models.ReachAsked {
		t.Errorf("is now %s", r.State)
	}
}

// Ten thousand people are looked at in one go: whom it reaches is known before
// anybody has lost patience.
func TestTenThousandAreCounted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		to.svc.pace = Pace{PostsPerMinute: 400}
		const n = 10_000
		to.wallAt("2026-11-24 05:06")
		err := st.InTx(t.Context(), func(tx *store.Tx) error {
			me, err := to.svc.actor(tx, to.by("UADMIN"), true)
			if err != nil {
				return err
			}
			people := make([]int64, 0, n)
			for i := range n {
				p := models.Person{TenantID: me.Tenant.ID, Name: fmt.Sprint(i), Member: true}
				if i%20 == 0 {
					p.SlackZone = "Europe/London" // evening there
				}
				if err := tx.Save(models.By{TenantID: me.Tenant.ID, Action: "person_add"}, &p); err != nil {
					return err
				}
				people = append(people, p.ID)
			}
			began := time.Now()
			ok, r, err := to.svc.reach(tx, me, reachPlan{Kind: models.ReachAsk, RefID: 1, People: people, Urgent: true, Everybody: true})
			if err != nil {
				return err
			}
			t.Logf("a preview of %d people in %v", n, time.Since(began))
			if ok || r.People != n || r.Quiet != n*19/20 || r.UntilAt.Sub(r.FromAt) != 25*time.Minute {
				t.Errorf("%+v", r)
			}
			// All, and urgent: an organizer may not.
			chen, err := to.svc.actor(tx, to.by("UCHEN"), true)
			if err != nil {
				return err
			}
			if _, _, err := to.svc.reach(tx, chen, reachPlan{Kind: models.ReachAsk, RefID: 1, People: people[:3], Urgent: true, Everybody: true}); refusal(err) != "error.not_admin" {
				t.Errorf("an organizer reached all: %v", err)
			}
			return nil
		})
		to.must(err)
	})
}

// What is pressed while it is paused waits, through a restart too, and whoever
// resumes sees for how long.
func TestAPauseHoldsAMessageToMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.crowd(60, clinicSpec())
		if _, err := to.svc.Pause(t.Context(), to.by("UADMIN"), true); err != nil {
			t.Fatal(err)
		}
		asked := to.tell(s, TellTo{}, "集合")
		if !asked.Reach.Tenant.Paused {
			t.Error("the question does not know of the pause")
		}
		to.choose(asked.Reach, ReachSend)
		again := newTownOver(to)
		if told := again.told("tell:"); len(told) != 0 {
			t.Errorf("told while paused: %v", told)
		}
		held, err := again.svc.Pause(t.Context(), again.by("UADMIN"), false)
		to.must(err)
		if held.Waiting < 62 || held.Until.Sub(models.At(clocks.World.Now())) < 9*time.Second {
			t.Errorf("resumed with %+v", held)
		}
		if told := again.told("tell:"); len(told) != 62 {
			t.Errorf("%d told", len(told))
		}
	})
}

// newTownOver is a new process over the same database.
func newTownOver(to *town) *town {
	svc := New(to.store, Options{Random: to.svc.random, Admins: to.svc.admins, Defaults: to.svc.cfg, Pace: to.svc.pace})
	return &town{t: to.t, svc: svc, store: to.store, clocks: to.clocks, n: to.n + 10000}
}
