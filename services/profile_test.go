package services

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func TestAProfileIsKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		quiet := [2]int{23 * 60, 6 * 60}
		windows := []models.Window{{Start: 600, End: 660}, {Days: nil, Start: 1320, End: 1440}}
		_, err := to.svc.SaveProfile(ctx, to.by("ULI"), Profile{Lang: "en", Zone: "Europe/Riga", Windows: windows, QuietStart: &quiet[0], QuietEnd: &quiet[1],
			PauseUntil: models.At(sh("2026-12-01 00:00")), OptOuts: []string{"call", "made up", "urgent"}, Skills: []string{"急救", "急救", "Driving"},
			Areas: []string{"城东"}, Free: windows[:1], Phone: "138"})
		to.must(err)
		got := to.personOf("ULI")
		want := models.Person{TenantID: got.TenantID, SlackID: got.SlackID, Member: true, Duty: "member", Lang: "en", ZoneOwn: "Europe/Riga", Windows: windows,
			QuietStart: &quiet[0], QuietEnd: &quiet[1], PauseUntil: models.At(sh("2026-12-01 00:00")), OptOuts: []string{"call", "urgent"},
			Skills: []models.Skill{{Name: "急救"}, {Name: "Driving"}}, Areas: []string{"城东"}, Free: windows[:1], Phone: "138"}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(models.Person{}, "ID", "CreatedAt", "GreetedAt")); diff != "" {
			t.Error(diff)
		}
		// Emptied again, it follows unit, Slack and organisation.
		_, err = to.svc.SaveProfile(ctx, to.by("ULI"), Profile{})
		to.must(err)
		got = to.personOf("ULI")
		if got.Lang != "" || got.ZoneOwn != "" || got.QuietStart != nil || len(got.Windows)+len(got.OptOuts)+len(got.Skills) != 0 || got.PauseUntil != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// What somebody else verified stays verified while the skill is named.
func TestAVerifiedSkillStaysVerified(t *testing.T) {
	t.Parallel()
	had := []models.Skill{{Name: "doctor", VerifiedBy: 7}, {Name: "driver"}}
	got := mergeSkills(had, []string{"Doctor", "guide", "doctor"})
	if diff := cmp.Diff([]models.Skill{{Name: "Doctor", VerifiedBy: 7}, {Name: "guide"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAProfileThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	for name, c := range map[string]struct {
		in  Profile
		key string
	}{
		"a language":      {Profile{Lang: "fr"}, "profile.bad_lang"},
		"a zone":          {Profile{Zone: "Mars/Base"}, "setup.bad_zone"},
		"a long skill":    {Profile{Skills: []string{strings.Repeat("急", 61)}}, "profile.too_long"},
		"too many areas":  {Profile{Areas: make([]string, 31)}, "profile.too_long"},
		"a long number":   {Profile{Phone: strings.Repeat("1", 61)}, "profile.too_long"},
		"the machine's":   {Profile{Zone: "Local"}, "setup.bad_zone"},
		"another's files": {Profile{Zone: "../../etc/passwd"}, "setup.bad_zone"},
	} {
		if _, err := to.svc.SaveProfile(context.Background(), to.by("ULI"), c.in); refusal(err) != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := to.svc.SetLang(context.Background(), to.by("ULI"), "tlh"); refusal(err) != "profile.bad_lang" {
		t.Error(err)
	}
}

// A pause silences what is to remind, and nothing that answers an act.
func TestAPauseIsAskedAtTheGate(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	until := models.At(sh("2026-11-26 00:00"))
	_, err := to.svc.SaveProfile(ctx, to.by("ULI"), Profile{PauseUntil: until})
	to.must(err)
	p := to.personOf("ULI")
	for _, c := range []struct {
		name string
		m    models.Message
		wait models.Instant
		drop bool
	}{
		{"a reminder waits for its end, and the morning after", models.Message{Priority: models.PriorityReminder, Quiet: models.QuietWait}, models.At(sh("2026-11-26 07:00")), false},
		{"one that would come too late is dropped", models.Message{Priority: models.PriorityReminder, Quiet: models.QuietWait, ExpiresAt: models.At(sh("2026-11-26 06:00"))}, models.At(sh("2026-11-26 07:00")), true},
		{"an answer goes out", models.Message{Priority: models.PriorityAnswer, Quiet: models.QuietWait}, 0, false},
		{"what passes quiet hours passes a pause", models.Message{Priority: models.PriorityReminder, Quiet: models.QuietPass}, 0, false},
		{"an edit makes no sound", models.Message{Priority: models.PriorityReminder, Quiet: models.QuietWait, Shown: 1}, 0, false},
		{"what expired is dropped", models.Message{Priority: models.PriorityAnswer, Quiet: models.QuietPass, ExpiresAt: models.At(sh("2026-11-23 10:00"))}, 0, true},
	} {
		c.m.TenantID, c.m.PersonID = 1, p.ID
		wait, drop, err := to.svc.Gate(ctx, c.m)
		if err != nil || wait != c.wait || drop != c.drop {
			t.Errorf("%s: until %v, dropped %v, %v", c.name, wait.Time(), drop, err)
		}
	}
	to.at("2026-11-23 23:00")
	for name, c := range map[string]struct {
		m    models.Message
		wait models.Instant
		drop bool
	}{
		"an answer at night waits": {models.Message{PersonID: p.ID, Priority: models.PriorityAnswer, Quiet: models.QuietWait}, models.At(sh("2026-11-24 07:00")), false},
		"a channel never sleeps":   {models.Message{Channel: "C1", Priority: models.PriorityDigest, Quiet: models.QuietWait}, 0, false},
		"nobody is there":          {models.Message{PersonID: 999, Quiet: models.QuietWait}, 0, true},
	} {
		c.m.TenantID = 1
		wait, drop, err := to.svc.Gate(ctx, c.m)
		if err != nil || wait != c.wait || drop != c.drop {
			t.Errorf("%s: until %v, dropped %v, %v", name, wait.Time(), drop, err)
		}
	}
}

func TestPauseHoldsEverything(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		if _, err := to.svc.Pause(ctx, to.by("UCHEN"), true); refusal(err) != "error.not_admin" {
			t.Errorf("an organizer paused: %v", err)
		}
		held, err := to.svc.Pause(ctx, to.by("UADMIN"), true)
		if err != nil || !held.Changed {
			t.Fatal(held, err)
		}
		s := to.open(clinicSpec(models.Need{Most: 5})) // answers are still taken
		to.join("U1", s.Roles[0].ID)
		if sent := to.send(); len(sent) != 0 {
			t.Errorf("sent while paused: %v", sent)
		}
		held, err = to.svc.Pause(ctx, to.by("UADMIN"), true)
		if err != nil || held.Changed || held.Waiting == 0 {
			t.Errorf("paused again: %+v, %v", held, err)
		}
		if held, err = to.svc.Pause(ctx, to.by("UADMIN"), false); err != nil || !held.Changed {
			t.Error(held, err)
		}
		if sent := to.send(); len(sent) < 2 {
			t.Errorf("sent after it: %v", sent)
		}
	})
}
