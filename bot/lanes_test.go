package bot

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestLanesKeepOrderOfAKeyAndRunOthersBeside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(4, 100)
		var mu sync.Mutex
		var order []int
		start := time.Now()
		for i := range 10 {
			l.submit("slow", func() {
				_ = pause(context.Background(), time.Second)
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			})
		}
		var quick time.Duration
		l.submit("quick", func() { quick = time.Since(start) })
		if err := l.close(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, got := range order {
			if i != got {
				t.Fatalf("out of order: %v", order)
			}
		}
		if quick > time.Second || time.Since(start) != 10*time.Second {
			t.Errorf("quick after %s, all after %s", quick, time.Since(start))
		}
		if l.submit("late", func() {}) {
			t.Error("closed lanes took a job")
		}
	})
}

func TestLanesAreBoundedAndClosingHasAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(1, 3)
		taken := 0
		for range 10 {
			if l.submit("k", func() { _ = pause(context.Background(), time.Hour) }) {
				taken++
			}
		}
		if taken != 3 {
			t.Errorf("%d taken", taken)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if l.close(ctx) == nil {
			t.Error("closed before the jobs were done")
		}
		if err := l.close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
