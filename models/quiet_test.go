package models

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// six zones: without clock changes, with both in each hemisphere, with half an
// hour, with a change at midnight.
var zones = []string{"Asia/Shanghai", "Europe/Riga", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago"}

func at(t *testing.T, zone, wall string) Instant {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", wall, Zone(zone))
	if err != nil {
		t.Fatal(err)
	}
	return At(v)
}

func show(i Instant, zone string) string { return i.In(Zone(zone)).Format("2006-01-02 15:04") }

var (
	night   = Rest{22 * 60, 7 * 60}
	courier = []Window{{Start: 10 * 60, End: 11 * 60}, {Start: 14*60 + 30, End: 16*60 + 30}}
)

// A lead time is kept where it suits and else moves earlier.
func TestLeadTimesOfACourier(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		now     string
		start   string
		leads   []time.Duration
		rest    Rest
		windows []Window
		want    []string
	}{
		{"a day and an hour, any time by day", "2026-11-23 10:00", "2026-11-25 19:30",
			[]time.Duration{24 * time.Hour, time.Hour}, night, nil, []string{"2026-11-24 19:30", "2026-11-25 18:30"}},
		{"the courier's windows bring both forward", "2026-11-23 10:00", "2026-11-25 19:30",
			[]time.Duration{24 * time.Hour, time.Hour}, night, courier, []string{"2026-11-24 16:15", "2026-11-25 16:15"}},
		{"a lead time inside a window stays", "2026-11-23 10:00", "2026-11-25 15:30",
			[]time.Duration{24 * time.Hour, time.Hour}, night, courier, []string{"2026-11-24 15:30", "2026-11-25 14:30"}},
		{"an early session is told of the evening before", "2026-11-23 10:00", "2026-11-25 07:30",
			[]time.Duration{time.Hour}, night, nil, []string{"2026-11-24 21:45"}},
		{"two that meet there become one", "2026-11-23 10:00", "2026-11-25 07:30",
			[]time.Duration{2 * time.Hour, time.Hour}, night, nil, []string{"2026-11-24 21:45"}},
		{"those already past at posting are left out", "2026-11-25 10:00", "2026-11-25 19:30",
			[]time.Duration{24 * time.Hour, time.Hour}, night, nil, []string{"2026-11-25 18:30"}},
		{"posted in the night for the early morning: it can only be later, so it is left out", "2026-11-24 23:00", "2026-11-25 07:30",
			[]time.Duration{time.Hour}, night, nil, nil},
		{"no window left before the lead time: by day it comes all the same", "2026-11-25 17:00", "2026-11-25 19:30",
			[]time.Duration{time.Hour}, night, courier, []string{"2026-11-25 18:30"}},
		{"no window left before the lead time, but one before the start: it waits for that", "2026-11-25 12:00", "2026-11-25 15:00",
			[]time.Duration{2 * time.Hour, time.Hour}, night, courier, []string{"2026-11-25 14:30"}},
		{"only Saturdays suit: it goes back to Saturday", "2026-11-20 10:00", "2026-11-25 19:30",
			[]time.Duration{time.Hour}, night, []Window{{Days: []time.Weekday{time.Saturday}, Start: 9 * 60, End: 12 * 60}}, []string{"2026-11-21 11:45"}},
		{"windows wholly inside quiet hours: the quiet hours win", "2026-11-23 10:00", "2026-11-25 19:30",
			[]time.Duration{time.Hour}, night, []Window{{Start: 22 * 60, End: 23 * 60}}, []string{"2026-11-25 18:30"}},
		{"no quiet hours at all", "2026-11-23 10:00", "2026-11-25 03:00",
			[]time.Duration{time.Hour}, Rest{}, nil, []string{"2026-11-25 02:00"}},
		{"both a quarter and half an hour, asked for and unmoved, stay two", "2026-11-23 10:00", "2026-11-25 19:30",
			[]time.Duration{30 * time.Minute, 15 * time.Minute}, night, nil, []string{"2026-11-25 19:00", "2026-11-25 19:15"}},
		{"a window over midnight, of its first day", "2026-11-23 10:00", "2026-11-25 06:00",
			[]time.Duration{time.Hour}, Rest{}, []Window{{Days: []time.Weekday{time.Tuesday}, Start: 23 * 60, End: 60}}, []string{"2026-11-25 00:45"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			const zone = "Asia/Shanghai"
			got := PlanLeads(at(t, zone, c.start), c.leads, c.rest, c.windows, Zone(zone), at(t, zone, c.now))
			var when []string
			for _, p := range got {
				when = append(when, show(p.At, zone))
			}
			if diff := cmp.Diff(c.want, when); diff != "" {
				t.Errorf("reminders (-want +got):\n%s", diff)
			}
		})
	}
}

// Quiet hours follow the wall through both clock changes.
func TestQuietHoursEndByTheWall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, at, want string }{
		{"Asia/Shanghai", "2026-11-25 23:00", "2026-11-26 07:00"},
		{"Asia/Shanghai", "2026-11-25 03:00", "2026-11-25 07:00"},
		{"Asia/Shanghai", "2026-11-25 12:00", "2026-11-25 12:00"},
		{"Europe/Riga", "2026-03-28 23:00", "2026-03-29 07:00"},      // an hour shorter
		{"Europe/Riga", "2026-10-24 23:00", "2026-10-25 07:00"},      // an hour longer
		{"America/New_York", "2026-11-01 00:30", "2026-11-01 07:00"}, // 01:00 comes twice
	} {
		if got := show(EndOfRest(at(t, c.zone, c.at), night, Zone(c.zone)), c.zone); got != c.want {
			t.Errorf("%s %s: quiet hours end %s, want %s", c.zone, c.at, got, c.want)
		}
	}
	// Quiet hours that end in the hour a clock change skips end with the skip.
	spring := Rest{22 * 60, 2*60 + 30}
	if got := show(EndOfRest(at(t, "America/New_York", "2026-03-08 00:30"), spring, Zone("America/New_York")), "America/New_York"); got != "2026-03-08 03:00" {
		t.Errorf("an end that does not exist: %s, want 03:00, the first wall time after it", got)
	}
}

func TestRestOfPersonThenUnitThenTenant(t *testing.T) {
	t.Parallel()
	n := func(i int) *int { return &i }
	tenant := Tenant{QuietStart: 22 * 60, QuietEnd: 7 * 60}
	unit := Unit{QuietStart: n(23 * 60), QuietEnd: n(8 * 60), Windows: courier}
	own := Person{QuietStart: n(0), QuietEnd: n(6 * 60), Windows: courier[:1]}
	for _, c := range []struct {
		p       Person
		u       Unit
		rest    Rest
		windows int
	}{{Person{}, Unit{}, night, 0}, {Person{}, unit, Rest{23 * 60, 8 * 60}, 2}, {own, unit, Rest{0, 6 * 60}, 1}} {
		if got := RestOf(c.p, c.u, tenant); got != c.rest {
			t.Errorf("quiet hours %v, want %v", got, c.rest)
		}
		if got := WindowsOf(c.p, c.u); len(got) != c.windows {
			t.Errorf("%d windows, want %d", len(got), c.windows)
		}
	}
}

// drawTimes is somebody's times in one of six zones.
func drawTimes(t *rapid.T) Times {
	minute := rapid.IntRange(0, 24*60-1)
	s := Times{Zone: Zone(rapid.SampledFrom(zones).Draw(t, "zone")), Rest: Rest{minute.Draw(t, "rest start"), minute.Draw(t, "rest end")}}
	for range rapid.IntRange(0, 3).Draw(t, "windows") {
		w := Window{Start: minute.Draw(t, "start"), End: minute.Draw(t, "end")}
		for day := time.Sunday; day <= time.Saturday; day++ {
			if rapid.Bool().Draw(t, "on") {
				w.Days = append(w.Days, day)
			}
		}
		s.Windows = append(s.Windows, w)
	}
	return s
}

// drawNow is a moment of 2026, often within two days of a clock change.
func drawNow(t *rapid.T, zone *time.Location) Instant {
	if rapid.Bool().Draw(t, "near a change") {
		_, change := time.Date(2026, time.Month(rapid.SampledFrom([]int{1, 7}).Draw(t, "half")), 1, 0, 0, 0, 0, zone).ZoneBounds()
		if change.Year() == 2026 {
			return At(change).Add(time.Duration(rapid.IntRange(-48*60, 48*60).Draw(t, "minutes off")) * time.Minute)
		}
	}
	return At(time.Date(2026, 1, 1, 0, rapid.IntRange(0, 525000).Draw(t, "minute of the year"), 0, 0, time.UTC))
}

// Never in the past, never in quiet hours, inside a window if one is left before
// the start, and never later than asked unless that is the only way to a window.
func TestALeadTimeMovesEarlierNeverLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawTimes(t)
		now := drawNow(t, s.Zone)
		start := now.Add(time.Duration(rapid.IntRange(1, 10*24*60).Draw(t, "ahead")) * time.Minute)
		lead := time.Duration(rapid.IntRange(0, 3*24*60).Draw(t, "lead")) * time.Minute
		got, ok := PlanLead(start, lead, s.Rest, s.Windows, s.Zone, now)
		want := start.Add(-lead)
		window := false // one is left, minute by minute, without the arithmetic under test
		free := false
		for i := want; i > now && i > want.Add(-reachBack); i = i.Add(-time.Minute) {
			window = window || s.Suit(i)
			free = free || !InRest(i, s.Rest, s.Zone)
			if window {
				break
			}
		}
		later := false
		for i := want; len(s.Windows) > 0 && want > now && i < start.Add(-LeadTooShort); i = i.Add(time.Minute) {
			later = later || s.Suit(i)
		}
		switch {
		case !ok && (window || free || later):
			t.Fatalf("left out although there was time for it")
		case !ok:
			return
		case got > want && (window || !later) || got >= start && got > want || got <= now:
			t.Fatalf("planned for %v, asked for %v, now %v", got.In(s.Zone), want.In(s.Zone), now.In(s.Zone))
		case InRest(got, s.Rest, s.Zone):
			t.Fatalf("%v is in quiet hours", got.In(s.Zone))
		case (window || later) && !InWindows(got, s.Windows, s.Zone):
			t.Fatalf("%v is outside the windows although one is left", got.In(s.Zone))
		case s.Suit(want) && got != want:
			t.Fatalf("moved to %v although %v suits", got.In(s.Zone), want.In(s.Zone))
		}
	})
}

// Each lead time is in at most one reminder, reminders are in order, and none
// is lost that could be kept.
func TestEveryLeadTimeHasOneReminder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawTimes(t)
		now := drawNow(t, s.Zone)
		start := now.Add(time.Duration(rapid.IntRange(1, 6*24*60).Draw(t, "ahead")) * time.Minute)
		var leads []time.Duration
		for range rapid.IntRange(0, 4).Draw(t, "leads") {
			leads = append(leads, time.Duration(rapid.SampledFrom([]int{10, 30, 60, 120, 600, 1440, 2880}).Draw(t, "lead"))*time.Minute)
		}
		seen := map[time.Duration]bool{}
		last := now
		for _, p := range s.Plan(start, leads, now) {
			if p.At <= last {
				t.Fatalf("reminders not in order: %v after %v", p.At, last)
			}
			last = p.At
			for _, lead := range p.Leads {
				if seen[lead] {
					t.Fatalf("lead time %v twice", lead)
				}
				seen[lead] = true
			}
		}
		for _, lead := range leads {
			if _, ok := PlanLead(start, lead, s.Rest, s.Windows, s.Zone, now); ok != seen[lead] {
				t.Fatalf("lead time %v: can be kept %v, is kept %v", lead, ok, seen[lead])
			}
		}
	})
}

// The first time that suits is the first: nothing suits before it.
func TestNextIsTheFirstThatSuits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawTimes(t)
		now := drawNow(t, s.Zone)
		before := now.Add(time.Duration(rapid.IntRange(1, 3*24*60).Draw(t, "span")) * time.Minute)
		got, ok := s.Next(now, before)
		want, found := Instant(0), false
		for i := now; i < before; i = i.Add(time.Minute) {
			if s.Suit(i) {
				want, found = i, true
				break
			}
		}
		if ok != found || ok && got != want {
			t.Fatalf("next %v %v, minute by minute %v %v", got.In(s.Zone), ok, want.In(s.Zone), found)
		}
	})
}

// A snooze lies ahead, before the end, and where it suits.
func TestSnoozeTimesSuit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawTimes(t)
		now := drawNow(t, s.Zone)
		end := now.Add(time.Duration(rapid.IntRange(1, 3*24*60).Draw(t, "ahead")) * time.Minute)
		times := SnoozeTimes(now, end, s)
		for i, offer := range times {
			at := offer.At
			if !MaySnooze(at, now, end, s) || i > 0 && at.Sub(times[i-1].At) < snoozeApart {
				t.Fatalf("snooze to %v: now %v, end %v", at.In(s.Zone), now.In(s.Zone), end.In(s.Zone))
			}
			if at%(5*60*1000) != 0 && !slices.Contains(s.Starts(now, end, 10), at) {
				t.Fatalf("%v is neither on the five minutes nor the beginning of a time", at.In(s.Zone))
			}
			if offer.In != nil && offer.In.Start != wallMinute(at.In(s.Zone)) {
				t.Fatalf("%v is named after %v", at.In(s.Zone), offer.In.Text())
			}
		}
		if len(times) > 5 {
			t.Fatalf("%d choices", len(times))
		}
	})
}
