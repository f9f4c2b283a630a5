package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

func TestUrgentFirstThenTheOldest(t *testing.T) {
	each(t, func(o *org) {
		at := models.At(o.c.World.Now())
		row := func(key, channel string, p models.Priority, due models.Instant) models.Message {
			m := o.post(key, channel)
			m.Priority, m.DueAt = p, due
			return m
		}
		o.enqueue(row("digest", "C1", models.PriorityDigest, at), row("later", "C2", models.PriorityUrgent, at.Add(time.Hour)),
			row("answer2", "C3", models.PriorityAnswer, at), row("answer1", "C4", models.PriorityAnswer, at-5),
			row("urgent", "C5", models.PriorityUrgent, at))
		if diff := cmp.Diff([]string{"urgent", "answer1", "answer2", "digest"}, keys(o.claim("me", 10))); diff != "" {
			o.t.Error(diff)
		}
		o.c.World.Advance(time.Hour)
		if diff := cmp.Diff([]string{"later"}, keys(o.claim("me", 10))); diff != "" {
			o.t.Error(diff)
		}
	})
}

func TestOneConversationIsToldInOrder(t *testing.T) {
	each(t, func(o *org) {
		thread := o.post("c", "C1")
		thread.ThreadTS = "1.0"
		o.enqueue(o.post("a", "C1"), o.post("b", "C1"), thread)
		first := o.claim("me", 10)
		if diff := cmp.Diff([]string{"a", "c"}, keys(first)); diff != "" {
			o.t.Fatal(diff)
		}
		if got := o.claim("other", 10); len(got) != 0 {
			o.t.Fatalf("b overtakes a that is being sent: %v", keys(got))
		}
		// Slack says 429 for the channel: b still waits behind a, the thread goes on.
		retry := o.c.Machine.Now().Add(5 * time.Second).UnixMilli()
		o.settle(first[0], models.Outcome{Kind: models.OutcomeRetry, RetryMS: retry, Cause: "ratelimited"})
		if got := o.claim("me", 10); len(got) != 0 {
			o.t.Fatalf("b overtakes a that waits: %v", keys(got))
		}
		o.c.Machine.Advance(5 * time.Second)
		again := o.claim("me", 10)
		if len(again) != 1 || again[0].Key != "a" || again[0].Attempts != 0 {
			o.t.Fatalf("%+v", again)
		}
		o.sent(again[0])
		if diff := cmp.Diff([]string{"b"}, keys(o.claim("me", 10))); diff != "" {
			o.t.Error(diff)
		}
	})
}

func TestAPoisonedRowDoesNotSilenceItsChannel(t *testing.T) {
	each(t, func(o *org) {
		o.enqueue(o.post("poison", "C1"), o.post("fine", "C1"))
		for range 3 {
			got := o.claim("me", 10)
			if diff := cmp.Diff([]string{"poison"}, keys(got)); diff != "" {
				o.t.Fatal(diff)
			}
			o.settle(got[0], models.Outcome{Kind: models.OutcomeRetry, Counted: true, Cause: "internal_error",
				RetryMS: o.c.Machine.Now().Add(time.Second).UnixMilli()})
			if o.message("poison").Attempts < 3 {
				o.c.Machine.Advance(time.Second)
			}
		}
		if diff := cmp.Diff([]string{"fine"}, keys(o.claim("me", 10))); diff != "" {
			o.t.Error(diff)
		}
	})
}

func TestABusyChannelDoesNotFillTheBatch(t *testing.T) {
	each(t, func(o *org) {
		o.do(func(tx *store.Tx) error {
			for i := range 3000 { // each in a thread of its own: order holds none of them back
				m := o.post(fmt.Sprintf("busy:%d", i), "C1")
				m.ThreadTS = fmt.Sprintf("%d.0", i)
				if _, err := tx.Enqueue(m); err != nil {
					return err
				}
			}
			for i := range 5 {
				if _, err := tx.Enqueue(o.post(fmt.Sprintf("quiet:%d", i), fmt.Sprintf("D%d", i))); err != nil {
					return err
				}
			}
			return nil
		})
		got := o.claim("me", 50)
		if diff := cmp.Diff([]string{"busy:0", "busy:1", "busy:2", "quiet:0", "quiet:1", "quiet:2", "quiet:3", "quiet:4"}, keys(got)); diff != "" {
			o.t.Error(diff)
		}
		if got := o.claim("other", 50); len(got) != 0 {
			o.t.Errorf("the busy channel has its share: %v", keys(got))
		}
	})
}

func TestALongConversationDoesNotHideTheOthers(t *testing.T) {
	each(t, func(o *org) {
		o.do(func(tx *store.Tx) error {
			for i := range 5000 {
				m := o.post(fmt.Sprintf("long:%d", i), "C1")
				if i%2 == 0 {
					m.PersonID, m.Channel = o.mei.ID, ""
				}
				if _, err := tx.Enqueue(m); err != nil {
					return err
				}
			}
			_, err := tx.Enqueue(o.post("other", "C2"))
			return err
		})
		if diff := cmp.Diff([]string{"long:0", "long:1", "other"}, keys(o.claim("me", 50))); diff != "" {
			o.t.Error(diff)
		}
	})
}

func TestOneOrganisationDoesNotStarveAnother(t *testing.T) {
	each(t, func(o *org) {
		o.do(func(tx *store.Tx) error {
			small, err := tx.EnsureTenant("T2", models.Tenant{})
			if err != nil {
				return err
			}
			held, err := tx.EnsureTenant("T3", models.Tenant{Paused: true})
			if err != nil {
				return err
			}
			for i := range 100 {
				m := o.post(fmt.Sprintf("big:%d", i), fmt.Sprintf("C%d", i))
				m.Priority = models.PriorityUrgent
				if _, err := tx.Enqueue(m); err != nil {
					return err
				}
			}
			m := o.post("small", "C1")
			m.TenantID, m.Priority = small.ID, models.PriorityDigest
			if _, err := tx.Enqueue(m); err != nil {
				return err
			}
			m.TenantID, m.Key = held.ID, "held"
			_, err = tx.Enqueue(m)
			return err
		})
		got := keys(o.claim("me", 10))
		if len(got) != 10 || got[9] != "small" {
			o.t.Errorf("claimed %v", got)
		}
	})
}

func TestTwoSendersNeverGetTheSameMessage(t *testing.T) {
	each(t, func(o *org) {
		o.do(func(tx *store.Tx) error {
			for i := range 100 {
				if _, err := tx.Enqueue(o.post(fmt.Sprintf("m:%d", i), fmt.Sprintf("C%d", i%50))); err != nil {
					return err
				}
			}
			return nil
		})
		other := reopen(o)
		var mu sync.Mutex
		seen := map[int64]int{}
		var wg sync.WaitGroup
		for i, s := range []*store.Store{o.s, other, o.s, other} {
			holder := fmt.Sprintf("sender%d", i)
			wg.Go(func() {
				for empty := 0; empty < 20; {
					got, err := s.ClaimMessages(background(), holder, 7, time.Minute)
					if err != nil {
						o.t.Error(err)
						return
					}
					if len(got) == 0 {
						empty++
					}
					for _, m := range got {
						mu.Lock()
						seen[m.ID]++
						mu.Unlock()
						if err := s.Settle(background(), m.ID, holder, models.Outcome{Kind: models.OutcomeSent, TS: "1", Version: 1}); err != nil {
							o.t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		for id, n := range seen {
			if n != 1 {
				o.t.Errorf("message %d was handed out %d times", id, n)
			}
		}
		if len(seen) != 100 {
			o.t.Errorf("%d of 100 were sent", len(seen))
		}
	})
}

// The machine's clock was a day ahead, and is put right: what was claimed or
// told to wait meanwhile does not wait for a day.
func TestAClockSetBackHoldsNothingUp(t *testing.T) {
	each(t, func(o *org) {
		o.c.Machine.Advance(24 * time.Hour)
		o.enqueue(o.post("claimed", "C1"), o.post("waits", "C2"), o.post("settled", "C3"))
		for _, m := range o.claim("ahead", 10) {
			if m.Key == "waits" {
				o.settle(m, models.Outcome{Kind: models.OutcomeRetry, RetryMS: o.c.Machine.Now().Add(time.Minute).UnixMilli()})
			}
			if m.Key == "settled" {
				o.sent(m)
			}
		}
		if held, err := o.s.Lease(background(), "seal:1", "ahead", 30*time.Second); err != nil || !held {
			o.t.Fatal(held, err)
		}
		if _, err := o.s.ClaimLookups(background(), 10, time.Minute); err != nil {
			o.t.Fatal(err)
		}
		o.c.Machine.Advance(-24 * time.Hour)
		got := o.claim("right", 10)
		if diff := cmp.Diff([]string{"claimed", "waits"}, keys(got)); diff != "" {
			o.t.Fatal(diff)
		}
		if !got[0].Doubt {
			o.t.Error("what somebody had claimed may have been posted")
		}
		if held, err := o.s.Lease(background(), "seal:1", "right", 30*time.Second); err != nil || !held {
			o.t.Error("the lease waits for the wrong clock", err)
		}
		if again, err := o.s.ClaimLookups(background(), 10, time.Minute); err != nil || len(again) != 1 {
			o.t.Errorf("the lookup waits for the wrong clock: %v, %v", again, err)
		}
	})
}
