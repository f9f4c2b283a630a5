package services

import (
	"context"
	"testing"
	"time"

	"muster/models"
)

func TestPrivateDetailsGoAWeekAfterTheCallAndTheRecordStaysWhole(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := to.open(clinicSpec(models.Need{Most: 2}))
	to.reply("U1", s.Call.ID, Said{Meaning: "conditional", Text: "9点以后可以"})
	to.clocks.World.Set(saturday(11, 30).Time())
	to.due()
	const week, quarter = 7 * 24 * time.Hour, 90 * 24 * time.Hour
	purge := func(after time.Duration) {
		t.Helper()
		to.clocks.World.Set(saturday(11, 30).Time().Add(after))
		_, err := to.svc.PurgeCalls(ctx, week, quarter)
		to.must(err)
	}
	if purge(6 * 24 * time.Hour); to.sheet(s.Call.ID).Call.Private == "" {
		t.Error("gone after six days")
	}
	purge(8 * 24 * time.Hour)
	got := to.sheet(s.Call.ID)
	if got.Call.Private != "" || got.Answers[0].Text == "" {
		t.Errorf("after eight days: private %q, words of the reply %q", got.Call.Private, got.Answers[0].Text)
	}
	if purge(91 * 24 * time.Hour); to.sheet(s.Call.ID).Answers[0].Text != "" {
		t.Error("the words of the reply are still there")
	}
	_, err := to.store.Seal(ctx, s.Call.TenantID)
	to.must(err)
	broken, err := to.store.Verify(ctx, s.Call.TenantID)
	if to.must(err); !broken.OK() {
		t.Error(broken)
	}
}

func TestAfterABusyDayTheRecordLeadsToEveryRow(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := to.open(twoRoles())
	first := to.join("U1", s.Roles[0].ID)
	to.join("U2", s.Roles[0].ID)
	to.reply("U3", s.Call.ID, Said{Meaning: "yes", Role: "引导员", Guests: 2, HasGuests: true, Text: "+3 引导员"})
	to.reply("U4", s.Call.ID, Said{Meaning: "no", Text: "没空"})
	_, err := to.svc.Leave(ctx, to.by("U1"), first.Signup.ID)
	to.must(err)
	_, err = to.svc.EditCall(ctx, to.by("UCHEN"), s.Call.ID, models.CallSpec{Need: []models.Need{{Role: "司机", Least: 1, Most: 2}, {Role: "医生"}},
		Where: "二楼", Set: map[string]bool{"need": true, "where": true}}, false)
	to.must(err)
	_, err = to.svc.UndoLeave(ctx, to.by("U1"), first.Signup.ID)
	to.must(err)
	for _, at := range []models.Instant{saturday(9, 0) - 20*3600_000, saturday(6, 30), saturday(9, 0), saturday(12, 0)} {
		to.clocks.World.Set(at.Time())
		to.due()
		to.send()
	}
	_, err = to.store.Seal(ctx, s.Call.TenantID)
	to.must(err)
	broken, err := to.store.Verify(ctx, s.Call.TenantID)
	if to.must(err); !broken.OK() {
		t.Error(broken)
	}
	if got := to.sheet(s.Call.ID); got.Call.State != models.CallDone || len(got.Roles) != 3 {
		t.Errorf("%s, %d roles", got.Call.State, len(got.Roles))
	}
}
