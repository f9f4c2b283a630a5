package bot

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestLoopsSurviveFaultsAndDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var good, bad, broken atomic.Int64
		var running atomic.Bool
		metrics := NewMetrics()
		l := NewLoops(slog.New(slog.NewTextHandler(&log, nil)), metrics,
			Job{Name: "good", Every: 250 * time.Millisecond, RunOnce: func(context.Context) error { good.Add(1); return nil }},
			Job{Name: "bad", Every: time.Second, RunOnce: func(context.Context) error { bad.Add(1); panic("nil map") }},
			Job{Name: "broken", Every: time.Second, RunOnce: func(context.Context) error { broken.Add(1); return errors.New("no database") }},
			Job{Name: "slow", Every: time.Second, RunOnce: func(context.Context) error {
				running.Store(true)
				defer running.Store(false)
				return pause(context.Background(), 700*time.Millisecond)
			}})
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() {
			if err := l.Run(ctx, 10*time.Second); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(10*time.Second + 100*time.Millisecond) // fake time
		cancel()
		done.Wait()
		if running.Load() {
			t.Error("a run was cut off")
		}
		if good.Load() < 39 || bad.Load() < 10 || broken.Load() < 10 {
			t.Errorf("runs: good %d, bad %d, broken %d", good.Load(), bad.Load(), broken.Load())
		}
		if n := strings.Count(log.String(), "nil map") + strings.Count(log.String(), "no database"); n != 2 {
			t.Errorf("a fault that lasts is logged once, got:\n%s", log.String())
		}
		if n := metrics.Counted("muster_loop_runs_total", "loop", "bad", "outcome", "failed"); n != float64(bad.Load()) {
			t.Errorf("counted %v", n)
		}
	})
}

func TestANudgeDoesNotWaitForTheBeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		l := NewLoops(nil, nil, Job{Name: "send", Every: time.Hour, RunOnce: func(context.Context) error { runs.Add(1); return nil }})
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { _ = l.Run(ctx, time.Second) })
		synctest.Wait()
		l.Nudge("send")
		l.Nudge("unknown")
		synctest.Wait()
		l.NudgeAll()
		synctest.Wait()
		if runs.Load() != 3 { // at the start, and two nudges
			t.Errorf("%d runs", runs.Load())
		}
		cancel()
		done.Wait()
	})
}

func TestAHurriedWorldIsNoticedAtTheNextLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		world, err := NewWorld(time.Now, time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC), 1)
		if err != nil {
			t.Fatal(err)
		}
		due := world.Now().Add(24 * time.Hour)
		var acted atomic.Int64
		l := NewLoops(nil, nil, Job{Name: "due", Every: 250 * time.Millisecond, RunOnce: func(context.Context) error {
			if acted.Load() == 0 && !world.Now().Before(due) {
				acted.Store(time.Now().UnixMilli())
			}
			return nil
		}})
		world.OnChange(l.NudgeAll)
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { _ = l.Run(ctx, time.Second) })
		time.Sleep(time.Second)
		world.SetSpeed(86400)
		start := time.Now()
		time.Sleep(3 * time.Second)
		if took := acted.Load() - start.UnixMilli(); acted.Load() == 0 || took > 1300 {
			t.Errorf("a day at a day a second was noticed after %d ms", took)
		}
		cancel()
		done.Wait()
	})
}
