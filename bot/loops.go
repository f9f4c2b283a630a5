package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"
)

// Job is something that looks, again and again, whether there is work. RunOnce
// does it; the loop only calls it. Every is machine time: a hurried world is
// noticed at the next look.
type Job struct {
	Name    string
	Every   time.Duration
	RunOnce func(ctx context.Context) error
}

// Loops is the heartbeat: gocron ticks, what is due is rows.
type Loops struct {
	log     *slog.Logger
	metrics *Metrics
	jobs    []*beat
	byName  map[string]*beat
}

// beat is one job with its nudges. It never runs twice at one time.
type beat struct {
	Job
	nudge   chan struct{} // one waiting nudge is enough: the next run sees it all
	free    chan struct{} // holds one token while no run is under way
	failing bool          // the last run failed; only a run touches it
}

// NewLoops prepares the jobs; a name twice is a mistake in the program.
func NewLoops(log *slog.Logger, metrics *Metrics, jobs ...Job) *Loops {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	l := &Loops{log: log, metrics: metrics, byName: map[string]*beat{}}
	for _, j := range jobs {
		if l.byName[j.Name] != nil {
			panic("two jobs called " + j.Name)
		}
		b := &beat{Job: j, nudge: make(chan struct{}, 1), free: make(chan struct{}, 1)}
		b.free <- struct{}{}
		l.jobs, l.byName[j.Name] = append(l.jobs, b), b
	}
	return l
}

// Run beats until ctx ends, then waits for the runs under way, drain at most.
func (l *Loops) Run(ctx context.Context, drain time.Duration) error {
	cron, err := gocron.NewScheduler(gocron.WithStopTimeout(drain))
	if err != nil {
		return fmt.Errorf("start the scheduler: %w", err)
	}
	var nudged sync.WaitGroup
	for _, b := range l.jobs {
		// A run that takes longer than its pause is not started a second time.
		_, err := cron.NewJob(gocron.DurationJob(b.Every), gocron.NewTask(func() { l.run(ctx, b) }),
			gocron.WithName(b.Name), gocron.WithSingletonMode(gocron.LimitModeReschedule), gocron.WithStartAt(gocron.WithStartImmediately()))
		if err != nil {
			return errors.Join(fmt.Errorf("schedule %s: %w", b.Name, err), cron.Shutdown())
		}
	}
	cron.Start()
	for _, b := range l.jobs {
		nudged.Go(func() {
			for {
				select {
				case <-b.nudge:
					l.run(ctx, b)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	<-ctx.Done()
	// gocron spins on the clock while a run is under way at its end, so the
	// runs are waited for here.
	late := l.drain(drain)
	if late == nil {
		nudged.Wait()
	}
	if err := cron.Shutdown(); err != nil {
		return errors.Join(late, fmt.Errorf("stop the scheduler: %w", err))
	}
	return late
}

// drain waits until no run is under way; nothing starts any more.
func (l *Loops) drain(most time.Duration) error {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for _, b := range l.jobs {
		select {
		case <-b.free:
			b.free <- struct{}{}
		case <-timer.C:
			return fmt.Errorf("the loop %s did not end within %s", b.Name, most)
		}
	}
	return nil
}

// Nudge makes a job look now instead of at its next beat; an unknown name is
// left alone. It never blocks.
func (l *Loops) Nudge(name string) {
	if b := l.byName[name]; b != nil {
		select {
		case b.nudge <- struct{}{}:
		default:
		}
	}
}

// NudgeAll makes every job look now: the world's clock was moved.
func (l *Loops) NudgeAll() {
	for _, b := range l.jobs {
		l.Nudge(b.Name)
	}
}

// run does one run; a panic or an error costs this run only. A fault that lasts
// is logged when it begins and when it ends, not four times a second.
func (l *Loops) run(ctx context.Context, b *beat) {
	select {
	case <-b.free:
	case <-ctx.Done():
		return
	}
	defer func() { b.free <- struct{}{} }()
	if ctx.Err() != nil {
		return
	}
	err := guarded(ctx, b.RunOnce)
	switch {
	case err == nil:
		if b.failing {
			l.log.Info("a loop works again", "loop", b.Name)
		}
		b.failing = false
		l.metrics.Count("muster_loop_runs_total", "loop", b.Name, "outcome", "done")
	case ctx.Err() != nil: // asked to stop in the middle
	default:
		if !b.failing {
			attrs := []any{"loop", b.Name, "cause", err}
			var p *panicError
			if errors.As(err, &p) {
				attrs = append(attrs, "stack", p.stack)
			}
			l.log.Error("a loop failed", attrs...)
		}
		b.failing = true
		l.metrics.Count("muster_loop_runs_total", "loop", b.Name, "outcome", "failed")
	}
}

func guarded(ctx context.Context, fn func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{value: fmt.Sprint(p), stack: string(debug.Stack())}
		}
	}()
	return fn(ctx)
}
