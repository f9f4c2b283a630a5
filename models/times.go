package models

import (
	"slices"
	"time"
)

// Times is when somebody may be reminded: inside a window, if there are any,
// and never in the quiet hours, by the wall of their zone.
type Times struct {
	Rest    Rest
	Windows []Window
	Zone    *time.Location
}

// TimesOf gathers a person's times from person, unit and tenant.
func TimesOf(p Person, u Unit, t Tenant) Times {
	return Times{Rest: RestOf(p, u, t), Windows: WindowsOf(p, u), Zone: p.Location(t)}
}

// Suit says whether at is one of the times.
func (s Times) Suit(at Instant) bool {
	return !InRest(at, s.Rest, s.Zone) && InWindows(at, s.Windows, s.Zone)
}

// Plan is PlanLeads for these times.
func (s Times) Plan(start Instant, leads []time.Duration, now Instant) []Planned {
	return PlanLeads(start, leads, s.Rest, s.Windows, s.Zone, now)
}

// Last is the latest time after now that is not after want: want itself when
// it suits, else a little before the end of the last span that suits.
func (s Times) Last(now, want Instant) (Instant, bool) {
	if want <= now {
		return 0, false
	}
	if s.Suit(want) {
		return want, true
	}
	from := max(now, want.Add(-reachBack))
	end := want
	for _, b := range s.breaks(from, want) {
		// b, end is the stretch looked at, from late to early; a stretch is all
		// one or all the other because every change is a break.
		if !s.Suit(b) {
			end = b
			continue
		}
		start := s.runStart(b, from)
		margin := min(leadMargin, end.Sub(start)/2)
		if at := end.Add(-margin); at > now {
			return at, true
		}
		return 0, false
	}
	return 0, false
}

// Next is the first time from `from` on and before `before`: from itself when
// it suits, else the start of the next span that does.
func (s Times) Next(from, before Instant) (Instant, bool) {
	if from >= before {
		return 0, false
	}
	if s.Suit(from) {
		return from, true
	}
	breaks := s.breaks(from, before)
	for i := len(breaks) - 1; i >= 0; i-- {
		if b := breaks[i]; b < before && s.Suit(b) {
			return b, true
		}
	}
	return 0, false
}

// Starts gives the beginnings of the spans in (from, before), at most n: the
// moments to which something may be put off.
func (s Times) Starts(from, before Instant, n int) []Instant {
	var out []Instant
	breaks := s.breaks(from, before)
	suits := s.Suit(from)
	for i := len(breaks) - 1; i >= 0 && len(out) < n; i-- {
		b := breaks[i]
		now := s.Suit(b)
		if now && !suits && b > from && b < before {
			out = append(out, b)
		}
		suits = now
	}
	return out
}

// runStart walks back from b over breaks that change nothing (a clock change
// in the middle of a window) to where the span begins, not before from.
func (s Times) runStart(b, from Instant) Instant {
	start := b
	for _, c := range s.breaks(from, b) {
		if !s.Suit(c) {
			return start
		}
		start = c
	}
	return start
}

// breaks lists, latest first and without repeats, every instant in [from, to)
// at which the answer of Suit can change, and from itself.
func (s Times) breaks(from, to Instant) []Instant {
	if from >= to {
		return nil
	}
	minutes := []int{s.Rest.Start, s.Rest.End}
	for _, w := range s.Windows {
		minutes = append(minutes, w.Start, w.End)
	}
	minutes = append(minutes, 0) // windows change with the weekday
	slices.Sort(minutes)
	minutes = slices.Compact(minutes)
	out := []Instant{from}
	add := func(at Instant) {
		if from < at && at < to {
			out = append(out, at)
		}
	}
	// Days are counted in UTC, where every day has its midnight.
	for day := midnight(from, s.Zone).AddDate(0, 0, -1); !day.After(midnight(to, s.Zone)); day = day.AddDate(0, 0, 1) {
		for _, m := range minutes {
			at, _ := LocalInstant(day.Add(time.Duration(m)*time.Minute), s.Zone)
			add(At(at))
			if again, ok := repeated(at); ok {
				add(At(again))
			}
		}
	}
	for t := from.In(s.Zone); ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || At(end) >= to {
			break
		}
		add(At(end))
		t = end
	}
	slices.Sort(out)
	out = slices.Compact(out)
	slices.Reverse(out)
	return out
}

// midnight is the local date of at as a UTC midnight, for counting days.
func midnight(at Instant, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// repeated is the second instant with the same wall reading as t, when a clock
// change puts the clock back over it.
func repeated(t time.Time) (time.Time, bool) {
	_, end := t.ZoneBounds()
	if end.IsZero() || end.Sub(t) > 3*time.Hour {
		return time.Time{}, false
	}
	_, before := t.Zone()
	_, after := end.Zone()
	again := t.Add(time.Duration(before-after) * time.Second)
	if before <= after || again.Before(end) {
		return time.Time{}, false
	}
	return again, true
}
