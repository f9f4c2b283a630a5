package models

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever was missed: at most one is sent, under a day old; the next time is
// ahead; and it is the rule's own next, so that nothing is doubled or skipped.
func TestFireNeverFloods(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		first := drawNow(t, Zone(zone))
		rrule := rapid.SampledFrom([]string{"", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=MONTHLY"}).Draw(t, "rule")
		r := Reminder{RRule: rrule, Wall: first.In(Zone(zone)).Format("2006-01-02T15:04"), Zone: zone, NextAt: first, State: ReminderActive}
		if rule, ok := r.Rule(); ok {
			next, err := rule.Next(first.Add(-time.Minute).Time(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if len(next) == 0 {
				return
			}
			r.NextAt = At(next[0])
		}
		now := r.NextAt.Add(time.Duration(rapid.IntRange(0, 40*24*60).Draw(t, "late")) * time.Minute)
		f, err := r.Fire(now)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case f.At != 0 && (f.At > now || now.Sub(f.At) > RemindTooLate):
			t.Fatalf("sends what was due %v ago", now.Sub(f.At))
		case f.At != 0 && f.Late != (now.Sub(f.At) > RemindLate):
			t.Fatalf("late %v after %v", f.Late, now.Sub(f.At))
		case (f.At == 0) == (f.Missed == 0):
			t.Fatalf("neither sent nor noted, or both: %+v", f)
		case f.Next != 0 && f.Next <= now:
			t.Fatalf("the next time %v is not ahead of %v", f.Next, now)
		case rrule == "" && f.Next != 0:
			t.Fatal("what happens once happens again")
		case rrule != "" && f.Next == 0:
			t.Fatal("a series without end ended")
		}
		if rule, ok := r.Rule(); ok {
			next, err := rule.Next(now.Time(), 1)
			if err != nil || At(next[0]) != f.Next {
				t.Fatalf("next %v, by the rule %v, %v", f.Next, next, err)
			}
		}
	})
}
