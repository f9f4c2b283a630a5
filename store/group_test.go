package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/store"
)

// crowd has n people decide at once, while somebody else holds the writer's
// place, and gives what became of each.
func (o *org) crowd(n int, ctx func(i int) context.Context, fn func(i int, tx *store.Tx) error, meanwhile func()) []error {
	o.t.Helper()
	held, free := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if err := o.s.InTx(background(), func(*store.Tx) error { close(held); <-free; return nil }); err != nil {
			o.t.Error(err)
		}
	})
	<-held
	out := make([]error, n)
	for i := range n {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					out[i] = fmt.Errorf("panicked: %v", p)
				}
			}()
			out[i] = o.s.InTx(ctx(i), func(tx *store.Tx) error { return fn(i, tx) })
		})
	}
	for until := time.Now().Add(10 * time.Second); o.s.Waiting() < n; runtime.Gosched() {
		if time.Now().After(until) {
			o.t.Fatalf("%d of %d came to wait", o.s.Waiting(), n)
		}
	}
	if meanwhile != nil {
		meanwhile()
	}
	close(free)
	all.Wait()
	return out
}

func patient(int) context.Context { return background() }

func TestWhoWaitsTogetherIsWrittenTogetherAndFailsAlone(t *testing.T) {
	each(t, func(o *org) {
		full := errors.New("no place left")
		var mu sync.Mutex
		last := models.Instant(0)
		out := o.crowd(150, patient, func(i int, tx *store.Tx) error {
			mu.Lock()
			if tx.Now < last {
				o.t.Error("time went back within a group")
			}
			last = tx.Now
			mu.Unlock()
			if _, err := tx.Deliver(fmt.Sprintf("evt:%d", i)); err != nil {
				return err
			}
			u := models.Unit{TenantID: o.tenant.ID, Name: fmt.Sprintf("第%d组", i), Type: "team"}
			if err := tx.Save(o.by("unit_add"), &u); err != nil {
				return err
			}
			switch i % 10 {
			case 3:
				return full
			case 7:
				panic("nil map")
			}
			return nil
		}, nil)
		for i, err := range out {
			stored := o.count("SELECT COUNT(*) FROM deliveries WHERE key = ?", fmt.Sprintf("evt:%d", i))
			switch {
			case i%10 == 3 && (!errors.Is(err, full) || stored != 0), i%10 == 7 && (err == nil || !strings.Contains(err.Error(), "nil map") || stored != 0):
				t.Errorf("%d failed and left %d: %v", i, stored, err)
			case i%10 != 3 && i%10 != 7 && (err != nil || stored != 1):
				t.Errorf("%d is stored %d times: %v", i, stored, err)
			}
		}
		if n := o.count("SELECT COUNT(*) FROM units"); n != 120 {
			t.Errorf("%d units", n)
		}
		o.seal()
		if b := o.verify(); b != (store.Break{}) {
			t.Errorf("the record: %+v", b)
		}
	})
}

func TestWhoGivesUpWaitingHasDecidedNothing(t *testing.T) {
	each(t, func(o *org) {
		ctx, giveUp := context.WithCancel(background())
		out := o.crowd(20, func(i int) context.Context {
			if i%2 == 1 {
				return ctx
			}
			return background()
		}, func(i int, tx *store.Tx) error {
			_, err := tx.Deliver(fmt.Sprintf("evt:%d", i))
			return err
		}, giveUp)
		for i, err := range out {
			stored := o.count("SELECT COUNT(*) FROM deliveries WHERE key = ?", fmt.Sprintf("evt:%d", i))
			if i%2 == 1 && (!errors.Is(err, context.Canceled) || stored != 0) || i%2 == 0 && (err != nil || stored != 1) {
				t.Errorf("%d: %d stored, %v", i, stored, err)
			}
		}
	})
}

func TestACommitThatFailsIsToldToAllOfItsGroup(t *testing.T) {
	each(t, func(o *org) {
		if o.s.Dialect() != "sqlite" {
			return // a disk that is full cannot be had there
		}
		size := o.count("PRAGMA page_count")
		out := o.crowd(8, patient, func(i int, tx *store.Tx) error {
			if i == 0 {
				if err := tx.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", size)); err != nil {
					return err
				}
			}
			_, err := tx.Deliver(strings.Repeat("x", 1<<18) + fmt.Sprint(i))
			return err
		}, nil)
		for i, err := range out { // those who came before the disk was full are stored
			stored := o.count("SELECT COUNT(*) FROM deliveries WHERE key = ?", strings.Repeat("x", 1<<18)+fmt.Sprint(i))
			if i == 0 && err == nil || (err == nil) != (stored == 1) {
				t.Errorf("%d is stored %d times and told: %v", i, stored, err)
			}
		}
	})
}
