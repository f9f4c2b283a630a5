package services

import (
	"context"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// Who acts for the first time is asked for once; a channel nobody has looked
// at, and a private one the bot is not in, before a card goes there.
func TestWhatHasToBeKnownBeforehand(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		rows, err := to.svc.Unknown(ctx, to.by("UNEW"), []string{"CNEW"})
		to.must(err)
		if len(rows) != 2 || rows[0].Ref != "UNEW" || rows[1].Ref != "CNEW" {
			t.Fatalf("%+v", rows)
		}
		to.must(to.svc.LearnPerson(ctx, rows[0], PersonFacts{Slack: "UNEW", Name: "新人", Locale: "zh-CN"}))
		if p := to.personOf("UNEW"); p.Name != "新人" || p.KnownAt == 0 {
			t.Errorf("%+v", p)
		}
		if claimed, err := to.svc.ClaimLookups(ctx, 10, time.Minute); err != nil || len(claimed) != 1 || claimed[0].Ref != "UCHEN" {
			t.Errorf("the background asks for %+v too (%v)", claimed, err)
		}
		to.must(to.svc.LearnChannel(ctx, rows[1], ChannelFacts{Slack: "CNEW", Missing: true}))
		rows, err = to.svc.Unknown(ctx, to.by("UNEW"), []string{"CNEW"})
		to.must(err)
		if len(rows) != 1 || rows[0].Ref != "CNEW" {
			t.Errorf("what Slack does not show us is private: %+v", rows)
		}
		spec := clinicSpec(models.Need{Most: 2})
		act := to.by("UCHEN")
		act.Channel = "CNEW"
		out, err := to.svc.OpenCall(ctx, act, spec, OpenHow{})
		to.must(err)
		if out.Ask != AskInvite {
			t.Errorf("%+v", out)
		}
	})
}

// Slack did not answer in time who somebody was; they turn out to be a guest.
func TestAGuestFoundOutLaterLosesThePlace(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := to.open(clinicSpec(models.Need{Most: 1}))
	to.join("UGUEST", s.Roles[0].ID)
	to.join("UNEXT", s.Roles[0].ID)
	to.must(to.svc.LearnPerson(ctx, models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: "UGUEST"}, PersonFacts{Slack: "UGUEST", Name: "访客", Guest: true}))
	if got := to.states(s.Call.ID); got["UGUEST"] != models.SignupWithdrawn || got["UNEXT"] != models.SignupConfirmed {
		t.Errorf("%v", got)
	}
}
