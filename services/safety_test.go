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

// dikeDay is a relief call today, 12:00 to 15:00, with a safety question every
// half hour. It is ten o'clock; the organizer is Chen Lin.
func dikeSpec() models.CallSpec {
	every := 30 * time.Minute
	at := func(hour int) models.Instant {
		return models.At(time.Date(2026, 11, 23, hour, 0, 0, 0, models.Zone("Asia/Shanghai")))
	}
	return models.CallSpec{Title: "东堤装沙袋", Kind: models.CallRelief, When: []models.Span{{Start: at(12), End: at(15)}}, Where: "东堤 3 号门",
		Need: []models.Need{{Role: "装卸", Least: 2, Most: 6}}, Safety: &every, Urgent: true, Zone: "Asia/Shanghai", Set: map[string]bool{"urgent": true}}
}

// until lets the clock go on to a time of today, a minute at a time, with
// everything due done and everything said sent; it gives what sounded.
func (to *town) until(hour, minute int) (sounded []string) {
	to.t.Helper()
	until := time.Date(2026, 11, 23, hour, minute, 0, 0, models.Zone("Asia/Shanghai"))
	for {
		to.due()
		sounded = append(sounded, to.send()...)
		left := until.Sub(to.clocks.World.Now())
		if left <= 0 {
			return to.named(sounded)
		}
		to.clocks.Advance(min(time.Minute, left))
	}
}

// named are the messages of the loop among keys, with names for numbers: "ask
// U1", "alarm U1 to UCHEN".
func (to *town) named(keys []string) []string {
	to.t.Helper()
	var out []string
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		name := func(id int64) string {
			p, err := tx.Person(id)
			if err != nil {
				return err.Error()
			}
			return p.Slack()
		}
		for _, k := range keys {
			var a, b int64
			switch {
			case strings.HasPrefix(k, "safe:"):
				_, _ = fmt.Sscanf(k, "safe:%d:%d", &a, &b)
				out = append(out, "ask "+name(b))
			case strings.HasPrefix(k, "alarm:"):
				_, _ = fmt.Sscanf(k, "alarm:%d:%d", &a, &b)
				tick, err := tx.Tick(t.ID, a)
				if err != nil {
					return err
				}
				out = append(out, "alarm "+name(tick.PersonID)+" to "+name(b))
			}
		}
		return nil
	}))
	return out
}

// onDike posts the call, and people sign up and are there from 12:00.
func (to *town) onDike(spec models.CallSpec, users ...string) (models.Sheet, map[string]int64) {
	to.t.Helper()
	s := to.open(spec)
	ids := map[string]int64{}
	for _, u := range users {
		ids[u] = to.join(u, s.Roles[0].ID).Signup.ID
	}
	to.until(12, 0)
	for _, u := range users {
		_, err := to.svc.CheckInByButton(context.Background(), to.by(u), ids[u])
		to.must(err)
	}
	return s, ids
}

func (to *town) saysSafe(user string, id int64, answer string) Safe {
	to.t.Helper()
	out, err := to.svc.SaySafe(context.Background(), to.by(user), id, answer)
	to.must(err)
	return out
}

func (to *town) expect(what string, want, got []string) {
	to.t.Helper()
	slices.Sort(want)
	slices.Sort(got)
	if len(want)+len(got) == 0 {
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		to.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAMissedTickGoesFromTheOrganizerToTheAdmins(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		_, err := to.svc.MayCall(context.Background(), to.by("UADMIN"))
		to.must(err)
		s, ids := to.onDike(dikeSpec(), "U1", "U2")
		to.must(to.svc.Meet(context.Background(), to.by("UADMIN")))
		to.expect("nobody is asked at once", nil, to.until(12, 29))
		to.expect("at 12:30", []string{"ask U1", "ask U2"}, to.until(12, 30))
		to.saysSafe("U2", ids["U2"], models.SafeOK)
		to.expect("before five minutes", nil, to.until(12, 34))
		to.expect("repeated", []string{"ask U1"}, to.until(12, 35))
		to.expect("nothing between", nil, to.until(12, 39))
		to.expect("the organizer", []string{"alarm U1 to UCHEN"}, to.until(12, 40))
		to.expect("nothing between", nil, to.until(12, 49))
		to.expect("the admins", []string{"alarm U1 to UADMIN"}, to.until(12, 50))
		to.expect("only the other one is asked anew", []string{"ask U2"}, to.until(13, 0))
		to.saysSafe("U2", ids["U2"], models.SafeOK)
		tick := to.tick(s.Call.ID, "U1")
		if tick.Stage != models.TickAdmins || !tick.Missed() {
			t.Errorf("%+v", tick)
		}
		out, err := to.svc.ReachedSafe(context.Background(), to.by("UCHEN"), tick.ID, models.SafeOK)
		to.must(err)
		if out.Nothing || out.Tick.By == out.Tick.PersonID || out.Tick.Answer != models.SafeOK {
			t.Errorf("%+v", out.Tick)
		}
		again, err := to.svc.ReachedSafe(context.Background(), to.by("UADMIN"), tick.ID, models.SafeOK)
		to.must(err)
		if !again.Nothing {
			t.Error("reached twice")
		}
		for _, reader := range []string{"UCHEN", "UADMIN"} {
			if m := to.message(alarmKey(tick.ID, to.personID(reader))); m.State != models.MessageQueued {
				t.Errorf("the alarm to %s does not close: %s", reader, m.State)
			}
		}
		if _, err := to.svc.ReachedSafe(context.Background(), to.by("U2"), tick.ID, models.SafeOK); refusal(err) != "error.not_organizer" {
			t.Errorf("a bystander closed it: %v", err)
		}
	})
}

func (to *town) personID(user string) (id int64) {
	to.t.Helper()
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(t.ID, user)
		id = p.ID
		return err
	}))
	return id
}

// tick is the latest of a person.
func (to *town) tick(callID int64, user string) models.Tick {
	to.t.Helper()
	for _, tk := range to.sheet(callID).Ticks {
		if tk.PersonID == to.personID(user) {
			return *tk
		}
	}
	to.t.Fatalf("%s was never asked", user)
	return models.Tick{}
}

func TestHelpGoesToAllAtOnceAndStaysOpen(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	to.must(to.svc.Meet(context.Background(), to.by("UADMIN")))
	spec := dikeSpec()
	spec.Buddy = true
	s, ids := to.onDike(spec, "U1", "U2")
	to.saysSafe("U1", ids["U1"], models.SafeHelp)
	to.expect("who is told", []string{"alarm U1 to UADMIN", "alarm U1 to UCHEN", "alarm U1 to U2"}, to.until(12, 0))
	if m := to.message(alarmKey(to.tick(s.Call.ID, "U1").ID, to.personID("UCHEN"))); m.Priority != models.PriorityUrgent || m.Quiet != models.QuietPass {
		t.Errorf("%+v", m)
	}
	to.expect("who needs help is not asked whether they are safe, and heard of again", []string{"ask U2", "ask U2", "alarm U1 to UADMIN", "alarm U1 to UCHEN"},
		to.until(12, 35))
	tick := to.tick(s.Call.ID, "U1")
	out, err := to.svc.ReachedSafe(context.Background(), to.by("U2"), tick.ID, models.SafeOK)
	to.must(err)
	if !out.Back || to.tick(s.Call.ID, "U1").DoneBy != to.personID("U2") {
		t.Errorf("%+v", out.Tick)
	}
	to.saysSafe("U1", ids["U1"], models.SafeHelp)
	if got := to.saysSafe("U1", ids["U1"], models.SafeOK); !got.Back || got.Tick.Help() {
		t.Errorf("a call for help was not taken back: %+v", got.Tick)
	}
	if _, err := to.svc.SaySafe(context.Background(), to.by("U2"), ids["U1"], models.SafeOK); refusal(err) != "error.not_yours" {
		t.Errorf("somebody else's button: %v", err)
	}
}

func TestACallIsDoneWhenTheLastOneIsHome(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s, ids := to.onDike(dikeSpec(), "U1", "U2", "U3")
		for hour, minute := 12, 30; hour < 15; hour, minute = hour+minute/30, 30-minute {
			to.until(hour, minute)
			for u, id := range ids {
				to.saysSafe(u, id, models.SafeOK)
			}
		}
		to.expect("at the end everybody is asked", []string{"ask U1", "ask U2", "ask U3"}, to.until(15, 1))
		to.saysSafe("U1", ids["U1"], models.SafeHome)
		to.saysSafe("U2", ids["U2"], models.SafeOK)
		if got := to.sheet(s.Call.ID).Call.State; got != models.CallOpen {
			t.Fatalf("the call is %s with two people out there", got)
		}
		got := to.until(15, 31)
		if !slices.Contains(got, "ask U2") || slices.Contains(got, "ask U1") {
			t.Error("after the end:", got)
		}
		to.saysSafe("U2", ids["U2"], models.SafeHome)
		home, err := to.svc.MarkHome(context.Background(), to.by("UCHEN"), ids["U3"])
		to.must(err)
		if home.Tick.By != to.personID("UCHEN") {
			t.Errorf("%+v", home.Tick)
		}
		to.until(15, 32)
		if got := to.sheet(s.Call.ID).Call.State; got != models.CallDone {
			t.Errorf("everybody is home and the call is %s", got)
		}
		to.expect("nobody is asked any more", nil, to.until(17, 0))
		for _, su := range to.sheet(s.Call.ID).Signups {
			if want := map[bool]string{true: models.OutProposed, false: models.OutSelf}[su.ID == ids["U3"]]; su.OutBy != want {
				t.Errorf("sign-up %d was ended by %q", su.ID, su.OutBy)
			}
		}
	})
}

func TestTheOrganizerSendsEverybodyHomeAndTheLoopEnds(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s, _ := to.onDike(dikeSpec(), "U1", "U2")
	to.until(15, 1)
	if _, err := to.svc.AllHome(context.Background(), to.by("U1"), s.Call.ID); refusal(err) != "error.not_organizer" {
		t.Errorf("a member: %v", err)
	}
	out, err := to.svc.AllHome(context.Background(), to.by("UCHEN"), s.Call.ID)
	to.must(err)
	to.until(15, 2)
	if out.Home != 2 || to.sheet(s.Call.ID).Call.State != models.CallDone {
		t.Errorf("%d home, %s", out.Home, to.sheet(s.Call.ID).Call.State)
	}
}

func TestTheLoopGoesOnAfterACancellingAndEndsWhenSwitchedOff(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s, ids := to.onDike(dikeSpec(), "U1", "U2")
	_, err := to.svc.CancelCall(context.Background(), to.by("UCHEN"), s.Call.ID, "降雨")
	to.must(err)
	to.expect("who is out there still has to get home", []string{"ask U1", "ask U2"}, to.until(12, 30))
	to.saysSafe("U1", ids["U1"], models.SafeHome)
	to.expect("the other one", []string{"ask U2", "alarm U2 to UCHEN"}, to.until(12, 41))

	to = sqliteTown(t)
	s, _ = to.onDike(dikeSpec(), "U1")
	to.until(12, 30)
	none := time.Duration(0)
	_, err = to.svc.EditCall(context.Background(), to.by("UCHEN"), s.Call.ID, models.CallSpec{Safety: &none, Set: map[string]bool{"safety": true}}, false)
	to.must(err)
	to.expect("switched off", nil, to.until(14, 0))
	if tick := to.tick(s.Call.ID, "U1"); tick.Asks() || tick.Answer != "" {
		t.Errorf("%+v", tick)
	}
	to.until(15, 1)
	if got := to.sheet(s.Call.ID).Call.State; got != models.CallDone {
		t.Error(got)
	}
}

func TestNobodyIsAccusedWhileSlackTakesNothing(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s, ids := to.onDike(dikeSpec(), "U1")
	to.until(12, 29)
	for range 60 { // an hour in which nothing can be sent
		to.clocks.Advance(time.Minute)
		to.due()
	}
	tick := to.tick(s.Call.ID, "U1")
	if tick.Stage != models.TickAsked || tick.Seq != 1 {
		t.Errorf("%+v", tick)
	}
	to.expect("then the question is asked once", []string{"ask U1"}, to.until(13, 33))
	to.expect("and repeated five minutes after it left", []string{"ask U1"}, to.until(13, 35))
	to.saysSafe("U1", ids["U1"], models.SafeOK)
	to.expect("that was all", nil, to.until(13, 55))
}

func TestWhileTheBotWasAwayNobodyIsAskedTwice(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s, ids := to.onDike(dikeSpec(), "U1")
	to.until(12, 30)
	to.saysSafe("U1", ids["U1"], models.SafeOK)
	to.clocks.Advance(95 * time.Minute) // 14:05
	to.expect("one question", []string{"ask U1"}, to.until(14, 6))
	if tick := to.tick(s.Call.ID, "U1"); tick.Seq != 2 || tick.DueAt != tick.AskedAt {
		t.Errorf("%+v", tick)
	}
}

func TestAQuestionThatSlackRefusesGoesToTheOrganizerAsSuch(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s, _ := to.onDike(dikeSpec(), "U1")
	to.until(12, 29)
	to.clocks.Advance(time.Minute)
	to.due()
	ctx := context.Background()
	rows, err := to.store.ClaimMessages(ctx, "test", 100, time.Minute)
	to.must(err)
	for _, m := range rows {
		o := models.Outcome{Kind: models.OutcomeSent, Version: m.Version, Channel: "D1", TS: fmt.Sprintf("1.%d", m.ID)}
		if m.Kind == models.MessageSafe {
			o = models.Outcome{Kind: models.OutcomeDead, Cause: "user_disabled"}
		}
		to.must(to.store.Settle(ctx, m.ID, "test", o))
	}
	to.expect("the organizer", []string{"alarm U1 to UCHEN"}, to.until(12, 36))
	if tick := to.tick(s.Call.ID, "U1"); !tick.Unsent || tick.Stage != models.TickOrganizer {
		t.Errorf("%+v", tick)
	}
}

func TestADrillAsksNobodyAtNight(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	spec := dikeSpec()
	spec.Drill = true
	spec.When[0].Start, spec.When[0].End = spec.When[0].Start.Add(9*time.Hour), spec.When[0].End.Add(9*time.Hour) // 21:00-24:00
	s := to.open(spec)
	id := to.join("U1", s.Roles[0].ID).Signup.ID
	to.until(21, 0)
	_, err := to.svc.CheckInByButton(context.Background(), to.by("U1"), id)
	to.must(err)
	to.expect("in the evening", []string{"ask U1"}, to.until(21, 30))
	to.saysSafe("U1", id, models.SafeOK)
	to.expect("at night", nil, to.until(23, 59))
	to.clocks.Advance(7*time.Hour + 2*time.Minute)
	to.due()
	to.expect("in the morning", []string{"ask U1"}, to.named(to.send()))
}
