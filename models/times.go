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

// PlanAgain is Plan for somebody to whom more was promised: waiting are lead
// times whose own moment has gone by while their reminder waits for a later one
// (for a window, or to come in one with another). They come at the next time
// that suits, or with the next of the others when that is near.
func (s Times) PlanAgain(start Instant, leads, waiting []time.Duration, now Instant) []Planned {
	planned := s.Plan(start, leads, now)
	if len(waiting) == 0 {
		return planned
	}
	waiting = slices.Clone(waiting)
	slices.Sort(waiting)
	slices.Reverse(waiting)
	before := start.Add(-LeadTooShort)
	at, ok := s.Next(now, before)
	if !ok {
		at, ok = Times{Rest: s.Rest, Zone: s.Zone}.Next(now, before)
	}
	switch {
	case len(planned) > 0 && (!ok || planned[0].At.Sub(at) < leadMeet):
		planned[0].Leads = append(waiting, planned[0].Leads...)
	case ok:
		planned = slices.Insert(planned, 0, Planned{At: at, Leads: waiting})
	}
	return planned
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

// Snoozed is where a reminder that was put off to at belongs in these times: at
// itself when it suits and lies before start with room to come, else the next
// time that does, else the last before; 0 when there is none.
func (s Times) Snoozed(at, now, start Instant) Instant {
	if MaySnooze(at, now, start, s) {
		return at
	}
	if next, ok := s.Next(max(at, now+1), start.Add(-snoozeBefore)); ok {
		return next
	}
	if last, ok := s.Last(now, min(at, start.Add(-snoozeBefore))); ok {
		return last
	}
	return 0
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

// Opens is the window that begins at this moment; nil when none does.
func (s Times) Opens(at Instant) *Window {
	t := at.In(s.Zone)
	for _, w := range s.Windows {
		if w.Start == wallMinute(t) && w.on(t.Weekday()) && t.Second() == 0 {
			return &w
		}
	}
	return nil
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
