package services

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// personOf is somebody's row.
func (to *town) personOf(who string) models.Person {
	to.t.Helper()
	me, _, err := to.svc.WhoActs(context.Background(), to.by(who))
	to.must(err)
	return me.Person
}

// greeting is somebody's first contact: when it is due and where it stands,
// "" when there is none.
func (to *town) greeting(who string) string {
	to.t.Helper()
	out := ""
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		p, err := tx.PersonBySlack(1, who)
		if err != nil {
			return ignoreMissing(err)
		}
		m, err := tx.MessageByKey(1, models.GreetKey(p.ID))
		if err == nil {
			out = m.DueAt.In(models.Zone("Asia/Shanghai")).Format("15:04") + " " + string(m.State)
		}
		return ignoreMissing(err)
	}))
	return out
}

func TestWhoUsesMusterFirstIsGreetedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		s := to.open(clinicSpec(models.Need{Most: 5}))
		to.join("U1", s.Roles[0].ID)
		if got := to.greeting("U1"); got != "10:02 queued" {
			t.Errorf("after a first sign-up: %q", got)
		}
		to.must(to.svc.Meet(ctx, to.by("U2"))) // Home, help, their own list
		if got := to.greeting("U2"); got != "10:02 queued" {
			t.Errorf("after looking: %q", got)
		}
		p := to.personOf("U2")
		if !p.Member || p.GreetedAt == 0 {
			t.Errorf("who used Muster is a member: %+v", p)
		}
		to.at("2026-11-23 12:00")
		to.send()
		for range 3 {
			to.must(to.svc.Meet(ctx, to.by("U1")))
			_, err := to.svc.SetLang(ctx, to.by("U1"), "en")
			to.must(err)
		}
		if m := to.message(models.GreetKey(to.personOf("U1").ID)); m.Shown != 1 || m.Quiet != models.QuietWait || m.Priority != models.PriorityReminder {
			t.Errorf("%+v", m)
		}
	})
}

func TestWhoIsNotGreeted(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	// Being listed in a channel, put on a unit, or given a role is no use of Muster.
	to.must(to.svc.LearnChannel(ctx, models.Lookup{TenantID: 1, Kind: models.LookupMembers, Ref: "C1"}, ChannelFacts{Name: "lobby", BotIn: true, Members: []string{"ULISTED"}}))
	to.must(to.svc.Enrol(ctx, "T1", nil, []MemberRow{{Slack: "UENROLLED", Name: "王敏"}}))
	_, _, err := to.svc.GiveRole(ctx, to.by("UADMIN"), "UORG", models.RoleOrganizer, "")
	to.must(err)
	// Setting the organisation up is not either.
	to.svc = New(to.store, Options{Admins: []string{"USETUP"}, Random: to.svc.random, Defaults: to.svc.cfg})
	me, _, _, err := to.svc.SetupNow(ctx, to.by("USETUP"))
	to.must(err)
	to.must(to.svc.SaveSetup(ctx, to.by("USETUP"), Setup{Lang: "zh", Zone: me.Tenant.Zone}))
	for _, facts := range []PersonFacts{{Slack: "UBOT", Bot: true}, {Slack: "UGUEST", Guest: true}, {Slack: "UGONE", Gone: true}} {
		to.must(to.store.InTx(ctx, func(tx *store.Tx) error { _, err := tx.EnsurePerson(1, facts.Slack); return err }))
		to.must(to.svc.LearnPerson(ctx, models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: facts.Slack}, facts))
		to.must(to.svc.Meet(ctx, to.by(facts.Slack)))
	}
	// What is refused is no use either, and leaves nothing behind.
	if _, err := to.svc.PreviewSummary(ctx, to.by("UREFUSED"), SummaryAsk{Kind: models.PeriodWeek}); err == nil {
		t.Error("a member read the summary")
	}
	for _, who := range []string{"ULISTED", "UENROLLED", "UORG", "USETUP", "UBOT", "UGUEST", "UGONE", "UREFUSED"} {
		if got := to.greeting(who); got != "" {
			t.Errorf("%s was greeted: %s", who, got)
		}
	}
}

// Who comes at night is greeted in the morning of their own zone.
func TestGreetedByDay(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	b.clocks.World.Set(sh("2026-11-23 23:30"))
	if err := b.svc.Meet(t.Context(), b.act("Uli")); err != nil {
		t.Fatal(err)
	}
	greeted := models.Instant(0)
	for range 48 {
		rows, err := b.st.ClaimMessages(t.Context(), "test", 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range rows {
			wait, drop, err := b.svc.Gate(t.Context(), m)
			if err != nil || drop {
				t.Fatal(drop, err)
			}
			out := models.Outcome{Kind: models.OutcomeWait, WaitUntil: wait}
			if wait == 0 {
				greeted = models.At(b.clocks.World.Now())
				out = models.Outcome{Kind: models.OutcomeSent, Channel: "D1", TS: "1.0", Version: m.Version}
			}
			if err := b.st.Settle(t.Context(), m.ID, "test", out); err != nil {
				t.Fatal(err)
			}
		}
		b.clocks.Advance(15 * 60 * 1e9)
	}
	if greeted != models.At(sh("2026-11-24 07:00")) {
		t.Errorf("greeted at %v", greeted.In(models.Zone("Asia/Shanghai")))
	}
}

func TestAPressSetsTheTime(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.Leads = []int{60}
	b.open(in)
	me, err := b.svc.ChooseWindow(ctx, b.act("Uwang"), 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]models.Window{{Start: 870, End: 990}}, me.Person.Windows); diff != "" {
		t.Error(diff)
	}
	for _, forged := range []int{-1, 3, 99} {
		if _, err := b.svc.ChooseWindow(ctx, b.act("Uwang"), forged); models.CodeOf(err) != models.CodeInvalid {
			t.Errorf("time %d was taken: %v", forged, err)
		}
	}
	b.until(sh("2026-11-25 19:30"))
	b.expect("Uwang", "11-25 16:15 study") // 18:30 moved into the window
}
