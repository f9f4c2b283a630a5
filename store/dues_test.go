package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

func (o *org) plan(key string, at models.Instant) {
	o.t.Helper()
	o.do(func(tx *store.Tx) error {
		return tx.Plan(models.Due{TenantID: o.tenant.ID, Key: key, Kind: "remind", RefID: 1, DueAt: at})
	})
}

// tick does what is due and says which keys it did.
func (o *org) tick(fn func(tx *store.Tx, d models.Due) error) (done []string, n int, err error) {
	done = []string{}
	n, err = o.s.ClaimDue(background(), 100, store.DueRules{One: func(tx *store.Tx, d models.Due) error {
		done = append(done, d.Key)
		if fn == nil {
			return nil
		}
		return fn(tx, d)
	}})
	return done, n, err
}

func TestWhatIsDueIsDoneOnceInOrder(t *testing.T) {
	each(t, func(o *org) {
		now := models.At(o.c.World.Now())
		o.plan("b", now)
		o.plan("a", now.Add(-time.Hour))
		o.plan("tomorrow", now.Add(24*time.Hour))
		o.plan("moved", now)
		o.plan("moved", now.Add(time.Hour))
		done, n, err := o.tick(nil)
		if diff := cmp.Diff([]string{"a", "b"}, done); diff != "" || n != 2 || err != nil {
			o.t.Error(diff, n, err)
		}
		if done, _, _ := o.tick(nil); len(done) != 0 {
			o.t.Errorf("done again: %v", done)
		}
		o.c.World.Advance(time.Hour)
		if done, _, _ := o.tick(nil); len(done) != 1 || done[0] != "moved" {
			o.t.Errorf("an hour later: %v", done)
		}
	})
}

func TestARecurringDueIsPlannedAnew(t *testing.T) {
	each(t, func(o *org) {
		now := models.At(o.c.World.Now())
		o.plan("weekly", now)
		_, _, err := o.tick(func(tx *store.Tx, d models.Due) error {
			d.DueAt = d.DueAt.Add(7 * 24 * time.Hour)
			return tx.Plan(d)
		})
		if err != nil {
			o.t.Fatal(err)
		}
		o.read(func(tx *store.Tx) error {
			d, err := tx.DueByKey(o.tenant.ID, "weekly")
			if d.DueAt != now.Add(7*24*time.Hour) {
				o.t.Errorf("next at %v", d.DueAt.Time())
			}
			return err
		})
	})
}

func TestOneFailingDueLetsTheOthersGoOn(t *testing.T) {
	each(t, func(o *org) {
		now := models.At(o.c.World.Now())
		for _, key := range []string{"a", "fails", "panics", "z"} {
			o.plan(key, now)
		}
		broken := errors.New("no such zone")
		act := func(tx *store.Tx, d models.Due) error {
			if _, err := tx.Enqueue(o.post("msg:"+d.Key, "C1")); err != nil {
				return err
			}
			switch d.Key {
			case "fails":
				return broken
			case "panics":
				panic("nil rule")
			}
			return nil
		}
		_, n, err := o.tick(act)
		if n != 2 || !errors.Is(err, broken) || !strings.Contains(err.Error(), "panic: nil rule") {
			o.t.Errorf("%d done, %v", n, err)
		}
		if got := o.count("SELECT COUNT(*) FROM messages"); got != 2 {
			o.t.Errorf("%d messages: what failed must leave none", got)
		}
		if done, _, _ := o.tick(act); len(done) != 0 {
			o.t.Errorf("tried again at once: %v", done)
		}
		o.c.Machine.Advance(2 * time.Second)
		if done, _, _ := o.tick(nil); len(done) != 2 {
			o.t.Errorf("after a pause: %v", done)
		}
		if got := o.count("SELECT COUNT(*) FROM dues"); got != 0 {
			o.t.Errorf("%d rows left", got)
		}
	})
}

func TestADueTakenBackByTheOneBeforeItIsNotDone(t *testing.T) {
	each(t, func(o *org) {
		now := models.At(o.c.World.Now())
		o.plan("call:1:close", now)
		o.plan("call:1:remind", now.Add(time.Millisecond))
		o.plan("call:1:start", now.Add(2*time.Millisecond))
		o.plan("call:12:remind", now.Add(3*time.Millisecond))
		o.c.World.Advance(time.Second)
		done, n, err := o.tick(func(tx *store.Tx, d models.Due) error {
			if d.Key != "call:1:close" {
				return nil
			}
			if err := tx.Plan(models.Due{TenantID: o.tenant.ID, Key: "call:1:start", Kind: "x", DueAt: now.Add(time.Hour)}); err != nil {
				return err
			}
			gone, err := tx.Unplan(o.tenant.ID, "call:1:remind")
			if gone != 1 {
				err = fmt.Errorf("unplanned %d: %w", gone, err)
			}
			return err
		})
		if diff := cmp.Diff([]string{"call:1:close", "call:12:remind"}, done); diff != "" || n != 2 || err != nil {
			o.t.Error(diff, n, err)
		}
	})
}

func TestTwoTickersDoNothingTwice(t *testing.T) {
	each(t, func(o *org) {
		now := models.At(o.c.World.Now())
		o.do(func(tx *store.Tx) error {
			for i := range 100 {
				if err := tx.Plan(models.Due{TenantID: o.tenant.ID, Key: fmt.Sprint(i), Kind: "x", DueAt: now}); err != nil {
					return err
				}
			}
			return nil
		})
		other := reopen(o)
		results := make(chan int, 2)
		for _, s := range []*store.Store{o.s, other} {
			go func() {
				total := 0
				for {
					n, err := s.ClaimDue(background(), 10, store.DueRules{One: func(tx *store.Tx, d models.Due) error {
						return tx.Note(o.by("did"), "due", d.ID, nil, nil)
					}})
					total += n
					if err != nil {
						o.t.Error(err)
					}
					if n == 0 {
						results <- total
						return
					}
				}
			}()
		}
		if sum := <-results + <-results; sum != 100 {
			o.t.Errorf("100 due, %d done", sum)
		}
		if got := o.count("SELECT COUNT(DISTINCT thing_id) FROM entries WHERE action = 'did'"); got != 100 {
			o.t.Errorf("%d different ones", got)
		}
	})
}

func TestLookupsAreHandedOutOnceAndComeBack(t *testing.T) {
	each(t, func(o *org) { // the person of the organisation is wanted already
		claim := func() []models.Lookup {
			got, err := o.s.ClaimLookups(background(), 10, time.Minute)
			if err != nil {
				o.t.Fatal(err)
			}
			return got
		}
		first := claim()
		if len(first) != 1 || first[0].Ref != "U1" || first[0].Kind != models.LookupPerson {
			o.t.Fatalf("%+v", first)
		}
		if again := claim(); len(again) != 0 {
			o.t.Errorf("handed out twice: %+v", again)
		}
		o.c.Machine.Advance(time.Minute)
		if again := claim(); len(again) != 1 {
			o.t.Error("lost with its reader")
		}
		retry := o.c.Machine.Now().Add(30 * time.Second).UnixMilli()
		o.do(func(tx *store.Tx) error { return tx.LookupRetry(first[0].ID, retry, true) })
		if early := claim(); len(early) != 0 {
			o.t.Error("tried again too early")
		}
		o.c.Machine.Advance(30 * time.Second)
		if got := claim(); len(got) != 1 || got[0].Attempts != 1 {
			o.t.Errorf("%+v", got)
		}
		o.do(func(tx *store.Tx) error { return tx.LookupDone(first[0].ID) })
		o.c.Machine.Advance(time.Hour)
		if got := claim(); len(got) != 0 {
			o.t.Errorf("%+v", got)
		}
	})
}

func TestALeaseHasOneHolder(t *testing.T) {
	each(t, func(o *org) {
		take := func(holder string) bool {
			held, err := o.s.Lease(background(), "daily", holder, time.Minute)
			if err != nil {
				o.t.Fatal(err)
			}
			return held
		}
		if !take("a") || take("b") {
			o.t.Error("a holds it, and b may not")
		}
		if !take("a") {
			o.t.Error("a may renew it")
		}
		o.c.Machine.Advance(time.Minute)
		if !take("b") || take("a") {
			o.t.Error("b takes over when a is silent")
		}
		if err := o.s.Release(background(), "daily", "a"); err != nil || take("a") {
			o.t.Error("a gave back what was b's")
		}
		if err := o.s.Release(background(), "daily", "b"); err != nil || !take("a") {
			o.t.Error("b gave it back")
		}
	})
}

func TestAPurgeTakesWhatWasKeptLongEnough(t *testing.T) {
	each(t, func(o *org) {
		day := 24 * time.Hour
		o.enqueue(o.post("old", "C1").WithArgs(map[string]int{"n": 1}), o.post("waits", "C1").WithArgs(map[string]int{"n": 1}))
		o.sent(o.claim("me", 1)[0])
		deliver := func(key string) {
			o.do(func(tx *store.Tx) error { _, err := tx.Deliver(key); return err })
		}
		for i := range 1500 {
			if i%500 == 0 {
				deliver(fmt.Sprintf("old:%d", i))
			}
		}
		o.c.Advance(91 * day)
		deliver("new")
		o.enqueue(o.post("new", "C9").WithArgs(map[string]int{"n": 1}))
		got, err := o.s.Purge(background(), store.Keep{Deliveries: 7 * day, Messages: 90 * day})
		if err != nil || got.Deliveries != 3 || got.Messages != 1 {
			o.t.Errorf("%+v %v", got, err)
		}
		if m := o.message("old"); len(m.Args) != 0 || m.TS == "" || m.UID == "" {
			o.t.Errorf("ids stay, the rest goes: %+v", m)
		}
		if m := o.message("waits"); len(m.Args) == 0 {
			o.t.Error("what still waits was emptied")
		}
		if again, err := o.s.Purge(background(), store.Keep{Deliveries: 7 * day, Messages: 90 * day}); err != nil || again != (store.Purged{}) {
			o.t.Errorf("the second purge took %+v %v", again, err)
		}
	})
}
