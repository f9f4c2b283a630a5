package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

func (o *org) claim(holder string, limit int) []models.Message {
	o.t.Helper()
	got, err := o.s.ClaimMessages(background(), holder, limit, time.Minute)
	if err != nil {
		o.t.Fatal(err)
	}
	return got
}

func (o *org) settle(m models.Message, out models.Outcome) {
	o.t.Helper()
	if err := o.s.Settle(background(), m.ID, m.Holder, out); err != nil {
		o.t.Fatal(err)
	}
}

func (o *org) sent(m models.Message) {
	o.t.Helper()
	o.settle(m, models.Outcome{Kind: models.OutcomeSent, Channel: m.Channel, TS: fmt.Sprintf("%d.1", m.ID), Version: m.Version})
}

func keys(all []models.Message) []string {
	out := []string{}
	for _, m := range all {
		out = append(out, m.Key)
	}
	return out
}

func TestTwoHundredTellOneThingOnce(t *testing.T) {
	each(t, func(o *org) {
		var fresh, queued atomic.Int64
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() {
				err := o.s.InTx(background(), func(tx *store.Tx) error {
					ok, err := tx.Deliver("evt:1")
					if err != nil {
						return err
					}
					if ok {
						fresh.Add(1)
					}
					ok, err = tx.Enqueue(o.post("card:1", "C1"))
					if ok {
						queued.Add(1)
					}
					return err
				})
				if err != nil {
					o.t.Error(err)
				}
			})
		}
		wg.Wait()
		if fresh.Load() != 1 || queued.Load() != 1 {
			o.t.Errorf("acted %d times, queued %d", fresh.Load(), queued.Load())
		}
		if n := o.count("SELECT COUNT(*) FROM messages"); n != 1 {
			o.t.Errorf("%d messages", n)
		}
	})
}

func TestWhatIsQueuedIsWholeAndLeftAloneTheSecondTime(t *testing.T) {
	each(t, func(o *org) {
		m := o.post("card:1", "C1").WithArgs(map[string]int{"shift": 2})
		o.enqueue(m)
		got := o.message("card:1")
		if got.State != models.MessageQueued || got.Version != 1 || got.Op != models.OpPost || len(got.UID) != 32 ||
			got.DueAt == 0 || got.CreatedAt == 0 || string(got.Args) != `{"shift":2}` {
			o.t.Errorf("%+v", got)
		}
		m.Channel = "C2"
		o.do(func(tx *store.Tx) error {
			queued, err := tx.Enqueue(m)
			if queued {
				o.t.Error("the same key was queued twice")
			}
			return err
		})
		if diff := cmp.Diff(got, o.message("card:1")); diff != "" {
			o.t.Error(diff)
		}
	})
}

func TestTouchedWhileItIsBeingSent(t *testing.T) {
	each(t, func(o *org) {
		o.enqueue(o.post("card:1", "C1"))
		m := o.claim("me", 1)[0]
		o.do(func(tx *store.Tx) error { return tx.Touch(o.tenant.ID, "card:1") })
		o.sent(m)
		got := o.message("card:1")
		if got.State != models.MessageQueued || got.Shown != 1 || got.Version != 2 || got.TS == "" || got.SentAt == 0 {
			o.t.Fatalf("%+v", got)
		}
		edit := o.claim("me", 1)
		if len(edit) != 1 || edit[0].Version != 2 {
			o.t.Fatalf("%+v", edit)
		}
		o.sent(edit[0])
		if got := o.message("card:1"); got.State != models.MessageSent || got.Shown != 2 {
			o.t.Errorf("%+v", got)
		}
		o.do(func(tx *store.Tx) error {
			if err := tx.Touch(o.tenant.ID, "no such"); err != nil {
				return err
			}
			return tx.TouchPrefix(o.tenant.ID, "card:")
		})
		if got := o.message("card:1"); got.State != models.MessageQueued || got.Version != 3 {
			o.t.Errorf("%+v", got)
		}
	})
}

func TestWhoLostTheLeaseChangesNothing(t *testing.T) {
	each(t, func(o *org) {
		o.enqueue(o.post("card:1", "C1"))
		slow := o.claim("slow", 1)[0]
		o.c.Machine.Advance(2 * time.Minute)
		fast := o.claim("fast", 1)[0]
		if !fast.Doubt {
			o.t.Error("a post whose claim ran out must be looked for")
		}
		err := o.s.Settle(background(), slow.ID, "slow", models.Outcome{Kind: models.OutcomeDead, Cause: "late"})
		if !errors.Is(err, store.ErrLeaseLost) {
			o.t.Errorf("got %v", err)
		}
		if got := o.message("card:1"); got.State != models.MessageSending || got.Holder != "fast" {
			o.t.Errorf("%+v", got)
		}
		o.sent(fast)
		if got := o.message("card:1"); got.State != models.MessageSent || got.Doubt || got.Attempts != 0 {
			o.t.Errorf("%+v", got)
		}
		// An edit whose claim ran out is simply made again.
		o.do(func(tx *store.Tx) error { return tx.Touch(o.tenant.ID, "card:1") })
		o.claim("slow", 1)
		o.c.Machine.Advance(2 * time.Minute)
		if again := o.claim("fast", 1)[0]; again.Doubt {
			o.t.Error("an edit needs no looking for")
		}
	})
}

func TestEveryOutcome(t *testing.T) {
	each(t, func(o *org) {
		at := models.At(o.c.World.Now())
		o.enqueue(o.post("wait", "C1"), o.post("drop", "C2"), o.post("dead", "C3"), o.post("doubt", "C4"))
		byKey := map[string]models.Message{}
		for _, m := range o.claim("me", 10) {
			byKey[m.Key] = m
		}
		o.settle(byKey["wait"], models.Outcome{Kind: models.OutcomeWait, WaitUntil: at.Add(8 * time.Hour), Channel: "D9"})
		o.settle(byKey["drop"], models.Outcome{Kind: models.OutcomeDropped, Cause: "too late"})
		o.settle(byKey["dead"], models.Outcome{Kind: models.OutcomeDead, Cause: "channel_not_found"})
		o.settle(byKey["doubt"], models.Outcome{Kind: models.OutcomeRetry, Doubt: true, Counted: true, Cause: "timeout"})
		if got := o.message("wait"); got.State != models.MessageQueued || got.DueAt != at.Add(8*time.Hour) || got.Channel != "D9" {
			o.t.Errorf("wait: %+v", got)
		}
		if got := o.message("doubt"); got.State != models.MessageQueued || !got.Doubt || got.Attempts != 1 {
			o.t.Errorf("doubt: %+v", got)
		}
		o.read(func(tx *store.Tx) error {
			got, err := tx.OutboxCounts(o.tenant.ID)
			if diff := cmp.Diff(store.OutboxCounts{Queued: 2, Dead: 1, Dropped: 1}, got); diff != "" {
				o.t.Error(diff)
			}
			return err
		})
		// What Slack shows lives on when there is nothing new to say.
		o.enqueue(o.post("card:1", "C5"))
		for _, m := range o.claim("me", 10) {
			if m.Key == "card:1" {
				o.sent(m)
			}
		}
		o.do(func(tx *store.Tx) error { return tx.Touch(o.tenant.ID, "card:1") })
		for _, m := range o.claim("me", 10) {
			if m.Key == "card:1" {
				o.settle(m, models.Outcome{Kind: models.OutcomeDropped})
			}
		}
		if got := o.message("card:1"); got.State != models.MessageSent || got.Shown != got.Version {
			o.t.Errorf("card: %+v", got)
		}
		if err := o.s.Settle(background(), 1, "me", models.Outcome{Kind: "odd"}); err == nil {
			o.t.Error("an unknown outcome was taken")
		}
	})
}

func TestCancelAndRekey(t *testing.T) {
	each(t, func(o *org) {
		o.enqueue(o.post("call:1:a", "C1"), o.post("call:1:b", "C2"), o.post("call:12:a", "C3"))
		a := o.claim("me", 1)[0]
		o.do(func(tx *store.Tx) error {
			n, err := tx.CancelMessages(o.tenant.ID, "call:1:")
			if n != 1 {
				o.t.Errorf("cancelled %d", n)
			}
			return err
		})
		o.sent(a)
		if got := o.message("call:1:b").State; got != models.MessageDropped {
			o.t.Error(got)
		}
		if got := o.message("call:12:a").State; got != models.MessageQueued {
			o.t.Error(got)
		}
		o.do(func(tx *store.Tx) error {
			if err := tx.Rekey(o.tenant.ID, "call:1:a", "call:1:a:old"); err != nil {
				return err
			}
			queued, err := tx.Enqueue(o.post("call:1:a", "C1"))
			if !queued {
				o.t.Error("the key was not freed")
			}
			return err
		})
		o.read(func(tx *store.Tx) error {
			m, err := tx.MessageAt(o.tenant.ID, "C1", "1.1")
			if m.Key != "call:1:a:old" {
				o.t.Errorf("%+v", m)
			}
			return err
		})
	})
}
