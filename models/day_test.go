package models

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A day's reminders, as people would list them.
func TestWhatFallsTogetherOnOneDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		now     string
		heard   int
		windows []Window
		items   []string
		want    []string // when, and which
	}{
		{"three come one by one", "2026-11-24 20:00", 0, courier, []string{"2026-11-25 10:15", "2026-11-25 15:00", "2026-11-25 16:15"}, nil},
		{"four come together, at the first window of the day", "2026-11-24 20:00", 0, courier,
			[]string{"2026-11-25 10:15", "2026-11-25 15:00", "2026-11-25 16:15", "2026-11-25 16:15"}, []string{"2026-11-25 10:00 0123"}},
		{"without windows, when the quiet hours end", "2026-11-24 20:00", 0, nil,
			[]string{"2026-11-25 08:00", "2026-11-25 12:00", "2026-11-25 18:30", "2026-11-25 19:30"}, []string{"2026-11-25 07:00 0123"}},
		{"other days have their own", "2026-11-24 20:00", 0, courier,
			[]string{"2026-11-25 10:15", "2026-11-25 15:00", "2026-11-26 15:00", "2026-11-26 16:15"}, nil},
		{"what comes before the first window cannot wait", "2026-11-24 20:00", 0, courier,
			[]string{"2026-11-25 08:00", "2026-11-25 10:15", "2026-11-25 15:00", "2026-11-25 16:15"}, []string{"2026-11-25 10:00 123"}},
		{"with two heard already, the next two come together, at the first of them", "2026-11-25 12:00", 2, courier,
			[]string{"2026-11-25 15:00", "2026-11-25 16:15"}, []string{"2026-11-25 15:00 01"}},
		{"with one heard, two more make three", "2026-11-25 12:00", 1, courier, []string{"2026-11-25 15:00", "2026-11-25 16:15"}, nil},
		{"one alone is itself", "2026-11-25 12:00", 9, courier, []string{"2026-11-25 15:00"}, nil},
		{"four that were missed come at once, in one", "2026-11-25 15:00", 0, courier,
			[]string{"2026-11-22 10:15", "2026-11-23 15:00", "2026-11-24 16:15", "2026-11-25 10:15"}, []string{"2026-11-25 15:00 0123"}},
		{"what is missed is left alone in quiet hours", "2026-11-25 23:00", 0, courier,
			[]string{"2026-11-22 10:15", "2026-11-23 15:00", "2026-11-24 16:15", "2026-11-25 10:15"}, nil},
		{"two that were missed come in one", "2026-11-25 15:00", 0, courier,
			[]string{"2026-11-24 16:15", "2026-11-25 10:15", "2026-11-25 16:00"}, []string{"2026-11-25 15:00 01"}},
		{"a few minutes are not missed", "2026-11-25 15:00", 0, courier, []string{"2026-11-25 14:50", "2026-11-25 14:55"}, nil},
		{"what was heard yesterday does not count tomorrow", "2026-11-24 20:00", 9, courier, []string{"2026-11-25 15:00", "2026-11-25 16:15"}, nil},
		{"where nothing suits, at the first of them", "2026-11-25 17:00", 0, courier[:1],
			[]string{"2026-11-25 17:30", "2026-11-25 18:00", "2026-11-25 18:30", "2026-11-25 19:00"}, []string{"2026-11-25 17:30 0123"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			const zone = "Asia/Shanghai"
			s := Times{Rest: night, Windows: c.windows, Zone: Zone(zone)}
			var items []DayItem
			for i, wall := range c.items {
				items = append(items, DayItem{ID: int64(i), Of: int64(i), At: at(t, zone, wall)})
			}
			now := at(t, zone, c.now)
			var got []string
			for _, g := range s.Gather(items, func(from, to Instant) int {
				if from > now || to <= now {
					t.Errorf("asked what was heard from %s", show(from, zone))
				}
				return c.heard
			}, now) {
				line := show(g.At, zone) + " "
				for _, i := range g.Items {
					line += string(rune('0' + i.ID))
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("together (-want +got):\n%s", diff)
			}
		})
	}
}

// drawDay is somebody's reminders of some days as they come by themselves, a few
// of them overdue, and how many they heard of today.
func drawDay(t *rapid.T) (s Times, items []DayItem, heard int, now Instant) {
	s = drawTimes(t)
	now = drawNow(t, s.Zone)
	for i := range rapid.IntRange(0, 12).Draw(t, "items") {
		start := now.Add(time.Duration(rapid.IntRange(1, 3*24*60).Draw(t, "ahead")) * time.Minute)
		lead := time.Duration(rapid.SampledFrom([]int{0, 10, 60, 180, 1440}).Draw(t, "lead")) * time.Minute
		at, ok := PlanLead(start, lead, s.Rest, s.Windows, s.Zone, now)
		if rapid.IntRange(0, 9).Draw(t, "overdue") == 0 {
			at, ok = now.Add(-time.Duration(rapid.IntRange(0, 3*24*60).Draw(t, "late"))*time.Minute), true
		}
		if ok {
			items = append(items, DayItem{ID: int64(i + 1), Of: int64(rapid.IntRange(1, 12).Draw(t, "of")), At: at})
		}
	}
	return s, items, rapid.IntRange(0, 5).Draw(t, "heard"), now
}

// Whatever falls together: nothing twice, nothing later than by itself, nothing
// in quiet hours, nothing out of a window that was in one, only what shares a
// day, and only where it would be more than three, or is late.
func TestADayComesTogetherAsPromised(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, items, heard, now := drawDay(t)
		groups := s.Gather(items, func(_, _ Instant) int { return heard }, now)
		seen := map[int64]bool{}
		for _, g := range groups {
			from, to := LocalDay(g.At, s.Zone)
			total, late := 0, 0
			for _, i := range items {
				if at := max(i.At, now); from <= at && at < to {
					total++
				}
				if now.Sub(i.At) > RemindLate {
					late++
				}
			}
			if from <= now && now < to {
				total += heard
			}
			switch {
			case total <= DayMost && (g.At != now || len(g.Items) != late):
				t.Fatalf("%d on a day were gathered, %d late", total, late)
			case g.of() < 2:
				t.Fatalf("a message of the day about one: %v", g.Items)
			case g.At < now:
				t.Fatalf("%v is past", g.At.In(s.Zone))
			case InRest(g.At, s.Rest, s.Zone):
				t.Fatalf("%v is in quiet hours", g.At.In(s.Zone))
			}
			for _, i := range g.Items {
				at := max(i.At, now)
				switch {
				case seen[i.ID]:
					t.Fatalf("%d is told twice", i.ID)
				case at < from || at >= to:
					t.Fatalf("%v is told on the day of %v", at.In(s.Zone), g.At.In(s.Zone))
				case g.At > at:
					t.Fatalf("%v moved later, to %v", at.In(s.Zone), g.At.In(s.Zone))
				case s.Suit(at) && !s.Suit(g.At):
					t.Fatalf("%v left its window for %v", at.In(s.Zone), g.At.In(s.Zone))
				}
				seen[i.ID] = true
			}
		}
		if again := s.Gather(items, func(_, _ Instant) int { return heard }, now); !cmp.Equal(groups, again) {
			t.Fatalf("decided once %v, once %v", groups, again)
		}
	})
}

// A day in which all can wait has at most three messages more than it brought
// already, and one when they were more than three.
func TestAFullDayIsOneMessage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, items, heard, now := drawDay(t)
		groups := s.Gather(items, func(_, _ Instant) int { return heard }, now)
		for day := range 4 {
			from, to := LocalDay(now.Add(time.Duration(day)*24*time.Hour), s.Zone)
			first, ok := s.Next(from, to)
			var there []DayItem
			canWait := ok && first > now
			for _, i := range items {
				if at := max(i.At, now); from <= at && at < to {
					there = append(there, i)
					canWait = canWait && at >= first
				}
			}
			if !canWait || len(there) <= DayMost || (Gathered{Items: there}).of() < 2 {
				continue
			}
			i := slices.IndexFunc(groups, func(g Gathered) bool { return from <= g.At && g.At < to })
			if i < 0 || len(groups[i].Items) != len(there) || groups[i].At != first {
				t.Fatalf("%d reminders from %v on: %v", len(there), first.In(s.Zone), groups)
			}
		}
	})
}
