package bot

import (
	"fmt"
	"sync"
	"time"

	"muster/models"
)

// World is the clock that decides what is due and what is recorded, and never
// goes back: what was recorded stays in the past. The real one is the machine's
// time of day; a pretend one starts where it is told and runs at a speed.
type World struct {
	machine models.Clock

	mu      sync.Mutex
	real    bool      // follows the machine's time of day, also when that is put right
	floor   time.Time // the latest time told; a real world stands still below it
	base    time.Time // world time at mark
	mark    time.Time // machine time of the last change
	speed   float64
	watches []func()
}

// NewWorld starts a world clock. A zero start means machine time, at speed 1 the
// real world; speed is pretend seconds in a real one and must be at least 0 (0
// stands still).
func NewWorld(machine models.Clock, start time.Time, speed float64) (*World, error) {
	if speed < 0 {
		return nil, fmt.Errorf("clock speed %g: a world cannot run backwards", speed)
	}
	now := machine()
	real := start.IsZero() && speed == 1
	if start.IsZero() {
		start = now
	}
	return &World{machine: machine, real: real, base: start, mark: now, speed: speed}, nil
}

// Now is world time, in UTC.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now()
}

// now is world time; mu is held. Spans since a mark would leave out the hours
// that a machine slept and every correction of its clock, so the real world asks
// for the time of day each time.
func (w *World) now() time.Time {
	if w.real {
		if now := w.machine().Round(0).UTC(); now.After(w.floor) {
			w.floor = now
		}
		return w.floor
	}
	passed := w.machine().Sub(w.mark)
	return w.base.Add(time.Duration(float64(passed) * w.speed)).UTC()
}

// Speed is pretend seconds in a real one.
func (w *World) Speed() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.speed
}

// SetSpeed changes the speed from now on; negative ones count as 0. The world is
// a pretend one from then on.
func (w *World) SetSpeed(speed float64) {
	w.change(func(now time.Time) time.Time {
		w.real, w.speed = false, max(speed, 0)
		return now
	})
}

// Advance moves the world forward by d; a negative d does nothing. The world is
// a pretend one from then on.
func (w *World) Advance(d time.Duration) {
	w.change(func(now time.Time) time.Time {
		w.real = false
		return now.Add(max(d, 0))
	})
}

// Set moves the world to t and says whether it did: a t before now is refused.
// The real world stands still at t until the machine's clock has come there: a
// clock that was once an hour ahead must not make Muster an hour early for ever.
func (w *World) Set(t time.Time) bool {
	moved := false
	w.change(func(now time.Time) time.Time {
		if t.Before(now) {
			return now
		}
		moved = true
		return t
	})
	return moved
}

func (w *World) change(fn func(now time.Time) time.Time) {
	w.mu.Lock()
	next := fn(w.now())
	// fn may have changed the speed, so the span since the mark was counted
	// with the old one before it ran; from here the new one holds.
	w.base, w.mark, w.floor = next, w.machine(), next
	watches := append([]func(){}, w.watches...)
	w.mu.Unlock()
	for _, f := range watches {
		f()
	}
}

// OnChange calls f after each change: what waits for world time looks again.
func (w *World) OnChange(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watches = append(w.watches, f)
}
