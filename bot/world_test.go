package bot

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheWorldNeverGoesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		machine := time.Unix(1_800_000_000, 0)
		w, err := NewWorld(func() time.Time { return machine }, time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC), 1)
		if err != nil {
			rt.Fatal(err)
		}
		last := w.Now()
		for range rapid.IntRange(1, 40).Draw(rt, "acts") {
			switch rapid.IntRange(0, 3).Draw(rt, "act") {
			case 0:
				w.SetSpeed(rapid.Float64Range(-5, 100000).Draw(rt, "speed"))
			case 1:
				w.Advance(time.Duration(rapid.Int64Range(-1e15, 1e15).Draw(rt, "by")))
			case 2:
				w.Set(last.Add(time.Duration(rapid.Int64Range(-1e15, 1e15).Draw(rt, "to"))))
			case 3:
				machine = machine.Add(time.Duration(rapid.Int64Range(0, 1e12).Draw(rt, "waited")))
			}
			now := w.Now()
			if now.Before(last) {
				rt.Fatalf("from %s back to %s", last, now)
			}
			last = now
		}
	})
}

func TestTheWorldRunsAtItsSpeed(t *testing.T) {
	t.Parallel()
	machine := time.Unix(1_800_000_000, 0)
	start := time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC)
	w, err := NewWorld(func() time.Time { return machine }, start, 60)
	if err != nil {
		t.Fatal(err)
	}
	changes := 0
	w.OnChange(func() { changes++; _ = w.Now() })
	machine = machine.Add(time.Minute)
	if got := w.Now().Sub(start); got != time.Hour {
		t.Errorf("after a minute at 60: %s", got)
	}
	w.SetSpeed(1)
	machine = machine.Add(time.Minute)
	if got := w.Now().Sub(start); got != 61*time.Minute {
		t.Errorf("and one at 1: %s", got)
	}
	if w.Set(start) || !w.Set(start.Add(48*time.Hour)) || changes != 3 {
		t.Errorf("setting: %d changes, now %s", changes, w.Now())
	}
	if _, err := NewWorld(time.Now, start, -1); err == nil {
		t.Error("a world that runs backwards was made")
	}
}

// The real world is the time of day: it follows a machine that slept or whose
// clock was put right, and waits where going back would be needed.
func TestTheRealWorldFollowsTheTimeOfDay(t *testing.T) {
	t.Parallel()
	machine := time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC)
	w, err := NewWorld(func() time.Time { return machine }, time.Time{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		what    string
		by      time.Duration
		set, is time.Duration
	}{
		{what: "a minute passed", by: time.Minute, is: time.Minute},
		{what: "the clock was an hour ahead", by: time.Hour, is: 61 * time.Minute},
		{what: "and is put right", by: -time.Hour, is: 61 * time.Minute},
		{what: "it stands until the time has come", by: 59 * time.Minute, is: 61 * time.Minute},
		{what: "and goes on", by: 2 * time.Minute, is: 62 * time.Minute},
		{what: "something was stored an hour ahead", set: 122 * time.Minute, is: 122 * time.Minute},
		{what: "it stands there too", by: 30 * time.Minute, is: 122 * time.Minute},
		{what: "and goes on with the machine", by: 40 * time.Minute, is: 132 * time.Minute},
	} {
		machine = machine.Add(step.by)
		if step.set != 0 {
			w.Set(time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC).Add(step.set))
		}
		if got := w.Now().Sub(time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC)); got != step.is {
			t.Errorf("%s: %s, want %s", step.what, got, step.is)
		}
	}
	if w.SetSpeed(60); w.Speed() != 60 {
		t.Error("a world in a hurry")
	}
	machine = machine.Add(time.Minute)
	if got := w.Now().Sub(time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC)); got != 192*time.Minute {
		t.Errorf("in a hurry: %s", got)
	}
}
