package services

import (
	"context"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func TestBuddiesAreNamedADayBeforeAndGapsAreFilled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		spec := clinicSpec(models.Need{Role: "引导员", Least: 1, Most: 8})
		spec.Buddy = true
		s := to.open(spec)
		ids := map[string]int64{}
		for _, u := range []string{"U1", "U2", "U3", "U4"} {
			ids[u] = to.join(u, s.Roles[0].ID).Signup.ID
		}
		if got := to.sheet(s.Call.ID).Buddies; len(got) != 0 {
			t.Fatalf("five days before there are %d buddies", len(got))
		}
		to.clocks.Advance(4*24*time.Hour - 61*time.Minute)
		to.due()
		if got := to.sheet(s.Call.ID).Buddies; len(got) != 0 {
			t.Fatal("named too early")
		}
		to.clocks.Advance(2 * time.Minute)
		to.due()
		pairs := to.sheet(s.Call.ID)
		if len(pairs.Buddies) != 4 || len(pairs.BuddiesOf(to.personID("U1"))) != 1 {
			t.Fatalf("%+v", pairs.Buddies)
		}
		lost := pairs.BuddiesOf(to.personID("U1"))[0].PersonID
		var left string
		for u := range ids {
			if to.personID(u) == lost {
				left = u
			}
		}
		_, err := to.svc.Leave(context.Background(), to.by(left), ids[left])
		to.must(err)
		now := to.sheet(s.Call.ID)
		if len(now.BuddiesOf(to.personID("U1"))) != 2 || len(now.Buddies) != 3 {
			t.Errorf("after %s left: %+v", left, now.Buddies)
		}
		to.join("U5", s.Roles[0].ID)
		now = to.sheet(s.Call.ID)
		if len(now.BuddiesOf(to.personID("U5"))) != 1 || len(now.Buddies) != 4 {
			t.Errorf("after U5 came: %+v", now.Buddies)
		}
	})
}
