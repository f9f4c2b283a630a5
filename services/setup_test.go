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

// orphan is an organisation that nobody administers yet.
func orphan(t *testing.T, st *store.Store, clocks storetest.Clocks) (*town, string) {
	to := newTown(t, st, clocks)
	to.svc = New(st, Options{Random: to.svc.random, Defaults: to.svc.cfg})
	code, err := to.svc.SetupCode(context.Background(), "T1")
	to.must(err)
	return to, code
}

func TestWhoBringsTheCodeIsTheFirstAdmin(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to, code := orphan(t, st, clocks)
		if len(code) != 8 || strings.ContainsAny(code, "0O1I") {
			t.Errorf("code %q", code)
		}
		again, err := to.svc.SetupCode(ctx, "T1")
		to.must(err)
		if again != code {
			t.Error("a restart made another code: the first printed one would be lost")
		}
		if err := to.svc.ClaimAdmin(ctx, to.by("UX"), "WRONG234"); refusal(err) != "setup.wrong_code" {
			t.Errorf("a wrong code: %v", err)
		}
		to.must(to.svc.ClaimAdmin(ctx, to.by("UWANG"), " `"+strings.ToLower(code)+"` "))
		me, _, err := to.svc.WhoActs(ctx, to.by("UWANG"))
		to.must(err)
		if !me.Rights.Admin() {
			t.Error("Wang is not admin")
		}
		if err := to.svc.ClaimAdmin(ctx, to.by("ULI"), code); refusal(err) != "setup.wrong_code" {
			t.Errorf("a used code: %v", err)
		}
		if code, err := to.svc.SetupCode(ctx, "T1"); err != nil || code != "" {
			t.Errorf("there is an admin, and a code %q %v", code, err)
		}
	})
}

func TestACodeCannotBeGuessed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to, code := orphan(t, st, clocks)
	for range 5 {
		if err := to.svc.ClaimAdmin(ctx, to.by("UBAD"), "AAAAAAAA"); refusal(err) != "setup.wrong_code" {
			t.Fatalf("a wrong code: %v", err)
		}
	}
	to.svc = New(st, Options{Random: to.svc.random, Defaults: to.svc.cfg}) // a restart forgets nothing
	if err := to.svc.ClaimAdmin(ctx, to.by("UBAD"), code); refusal(err) != "setup.too_often" {
		t.Errorf("the sixth try, the right one by chance: %v", err)
	}
	to.clocks.Advance(59 * time.Minute)
	if err := to.svc.ClaimAdmin(ctx, to.by("UBAD"), code); refusal(err) != "setup.too_often" {
		t.Errorf("within the hour: %v", err)
	}
	to.must(to.svc.ClaimAdmin(ctx, to.by("UGOOD"), code)) // nobody is locked out by another
}

func TestSettingsNameAdminsFromTheStart(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to := newTown(t, st, clocks) // UADMIN has not done anything yet, and has no row
	if _, _, _, err := to.svc.SetupNow(ctx, to.by("UADMIN")); err != nil {
		t.Errorf("their very first command: %v", err)
	}
	if code, err := to.svc.SetupCode(ctx, "T1"); err != nil || code != "" {
		t.Errorf("a code was printed: %q %v", code, err)
	}
	if _, _, _, err := to.svc.SetupNow(ctx, to.by("ULI")); refusal(err) != "error.not_admin" {
		t.Errorf("a member: %v", err)
	}
	other := New(st, Options{Admins: []string{"T1:UWANG", "T2:ULI"}, Random: to.svc.random, Defaults: to.svc.cfg})
	for who, want := range map[string]bool{"UWANG": true, "ULI": false, "UADMIN": false} {
		me, _, err := other.WhoActs(ctx, to.by(who))
		to.must(err)
		if me.Rights.Admin() != want {
			t.Errorf("%s is admin: %v", who, me.Rights.Admin())
		}
	}
}

// Somebody without a row leads nothing: row 0 is not who leads the units that
// nobody leads.
func TestAStrangerHasNoRights(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	to.must(to.svc.Enrol(context.Background(), "T1", []UnitRow{{Name: "没有负责人的支部"}}, nil))
	me, _, err := to.svc.WhoActs(context.Background(), to.by("USTRANGER"))
	to.must(err)
	if me.Rights.Leader(0) || me.Rights.Organizer(0) || me.Rights.Admin() || len(me.Rights.Leads) > 0 {
		t.Errorf("%+v", me.Rights)
	}
}

func TestSetupSetsOrganisationAndChannel(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		in := Setup{Lang: "en", Zone: "Europe/Riga", CallChannel: "CC", SummaryChannel: "CS", QuietStart: 21 * 60, QuietEnd: 6 * 60,
			MemberTarget: 20 * 60, LeaderTarget: 40 * 60, Organizers: []string{"UNEW", "UCHEN"}, Channel: "CHERE", ChannelLang: "zh"}
		if err := to.svc.SaveSetup(ctx, to.by("UCHEN"), in); refusal(err) != "error.not_admin" {
			t.Errorf("an organizer set up: %v", err)
		}
		to.must(to.svc.SaveSetup(ctx, to.by("UADMIN"), in))
		here := to.by("UADMIN")
		here.Channel = "CHERE"
		me, channel, organizers, err := to.svc.SetupNow(ctx, here)
		to.must(err)
		want := models.Tenant{ID: me.Tenant.ID, ExternalID: "T1", Lang: "en", Zone: "Europe/Riga", CallChannel: "CC", SummaryChannel: "CS", QuietStart: 21 * 60,
			QuietEnd: 6 * 60, MemberTarget: 20 * 60, LeaderTarget: 40 * 60, CreatedAt: me.Tenant.CreatedAt}
		if diff := cmp.Diff(want, me.Tenant); diff != "" {
			t.Error(diff)
		}
		if channel.Lang != "zh" || channel.Zone != "" {
			t.Errorf("the channel: %+v", channel)
		}
		if diff := cmp.Diff([]string{"UCHEN", "UNEW"}, organizers); diff != "" {
			t.Error(diff)
		}
		for name, bad := range map[string]func(*Setup){
			"a zone that is none":      func(s *Setup) { s.Zone = "Mars/Base" },
			"no zone":                  func(s *Setup) { s.Zone = "" },
			"the machine's zone":       func(s *Setup) { s.Zone = "Local" },
			"a language that is none":  func(s *Setup) { s.Lang = "fr" },
			"a channel's zone as well": func(s *Setup) { s.ChannelZone = "../etc/passwd" },
			"quiet hours past the day": func(s *Setup) { s.QuietEnd = 3000 },
		} {
			wrong := in
			bad(&wrong)
			if err := to.svc.SaveSetup(ctx, to.by("UADMIN"), wrong); models.CodeOf(err) != models.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Quiet hours that the organisation sets later move what was planned by the
// old ones, and who set their own keeps them.
func TestNewQuietHoursMoveRemindersAhead(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	b.svc = New(b.st, Options{Random: b.svc.random, Admins: []string{"Uadmin"}, Defaults: b.svc.cfg})
	own := [2]int{23 * 60, 5 * 60}
	if _, err := b.svc.SaveProfile(t.Context(), b.act("Uwang"), Profile{QuietStart: &own[0], QuietEnd: &own[1]}); err != nil {
		t.Fatal(err)
	}
	in := lesson("2026-11-25 22:00")
	in.Leads = []int{60}
	b.open(in)
	me, _, _, err := b.svc.SetupNow(t.Context(), b.act("Uadmin"))
	if err != nil {
		t.Fatal(err)
	}
	s := Setup{Lang: "zh", Zone: me.Tenant.Zone, QuietStart: 20 * 60, QuietEnd: 7 * 60, MemberTarget: 60, LeaderTarget: 60}
	if err := b.svc.SaveSetup(t.Context(), b.act("Uadmin"), s); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 22:00"))
	b.expect("Uchen", "11-25 19:45 study")
	b.expect("Uwang", "11-25 21:00 study")
}
