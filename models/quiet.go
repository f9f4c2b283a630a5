package models

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Window is a span of local wall time on some weekdays. Start and End are
// minutes after local midnight; End <= Start runs over midnight, and the days
// are those on which it starts.
type Window struct {
	Days  []time.Weekday `json:"days,omitempty"` // empty = every day
	Start int            `json:"start"`
	End   int            `json:"end"`
}

// Text is a window as exports and imports write it: "Mon Tue 9:00-11:30".
func (w Window) Text() string {
	var b strings.Builder
	for _, d := range w.Days {
		b.WriteString(d.String()[:3] + " ")
	}
	fmt.Fprintf(&b, "%d:%02d-%d:%02d", w.Start/60, w.Start%60, w.End/60, w.End%60)
	return b.String()
}

// Rest is somebody's quiet hours: minutes after local midnight, over midnight
// when End < Start. Start == End is no quiet hours at all.
type Rest struct{ Start, End int }

// RestOf is a person's quiet hours: their own, else their unit's, else the
// tenant's. A unit of zero value is no unit.
func RestOf(p Person, u Unit, t Tenant) Rest {
	switch {
	case p.QuietStart != nil && p.QuietEnd != nil:
		return Rest{*p.QuietStart, *p.QuietEnd}
	case u.QuietStart != nil && u.QuietEnd != nil:
		return Rest{*u.QuietStart, *u.QuietEnd}
	}
	return Rest{t.QuietStart, t.QuietEnd}
}

// WindowsOf is when reminders suit a person: their own windows, else their
// unit's, else none, which means any time outside quiet hours.
func WindowsOf(p Person, u Unit) []Window {
	if len(p.Windows) > 0 {
		return p.Windows
	}
	return u.Windows
}

// InRest says whether at lies in the quiet hours on the wall of zone. The hour
// that a clock change repeats counts by its wall reading both times.
func InRest(at Instant, rest Rest, zone *time.Location) bool {
	return within(wallMinute(at.In(zone)), rest.Start, rest.End)
}

// InWindows says whether at lies in one of the windows; no windows is always.
func InWindows(at Instant, windows []Window, zone *time.Location) bool {
	if len(windows) == 0 {
		return true
	}
	t := at.In(zone)
	minute, day := wallMinute(t), t.Weekday()
	for _, w := range windows {
		if w.holds(day, minute) {
			return true
		}
	}
	return false
}

// EndOfRest is the first instant from at on that is not in the quiet hours; at
// itself when it is not in them.
func EndOfRest(at Instant, rest Rest, zone *time.Location) Instant {
	if !InRest(at, rest, zone) {
		return at
	}
	free := Times{Rest: rest, Zone: zone}
	// Two days see the end of any quiet hours, also where a clock change
	// repeats an hour of them.
	if next, ok := free.Next(at, at.Add(48*time.Hour)); ok {
		return next
	}
	return at
}

// Planned is one reminder that will be sent: at what instant, and for which
// lead times it stands (two that meet become one).
type Planned struct {
	At    Instant
	Leads []time.Duration
}

// leadMargin keeps a moved reminder this far ahead of the end of the span it
// was moved into: a queue of a thousand messages is through in that time at
// 400 a minute, and the reader still has a moment.
const leadMargin = 15 * time.Minute

// leadMeet is how close two reminders may come after a move before they are
// one and the same to the reader.
const leadMeet = 30 * time.Minute

// reachBack is how far a lead time may be moved to reach a window: a window on
// one weekday comes round within eight days.
const reachBack = 8 * 24 * time.Hour

// LeadTooShort is how long before the start a reminder still lets somebody come.
const LeadTooShort = 10 * time.Minute

// PlanLead says when the reminder that was asked for lead before start will be
// sent: at that very instant when it suits, else earlier. Only where no window
// is left before it but one begins before the start does it wait for that one;
// where none does either, the quiet hours alone decide, and of them it is never
// later. ok is false when that instant, or every one that would do, is already
// past at now.
func PlanLead(start Instant, lead time.Duration, rest Rest, windows []Window, zone *time.Location, now Instant) (at Instant, ok bool) {
	want := start.Add(-lead)
	if want <= now {
		return 0, false
	}
	if at, ok := (Times{Rest: rest, Windows: windows, Zone: zone}).Last(now, want); ok {
		return at, true
	}
	if len(windows) == 0 {
		return 0, false
	}
	if at, ok := (Times{Rest: rest, Windows: windows, Zone: zone}).Next(want, start.Add(-LeadTooShort)); ok {
		return at, true
	}
	return Times{Rest: rest, Zone: zone}.Last(now, want)
}

// PlanLeads plans several lead times: in order of time, each lead once, those
// that a move brought within half an hour of another joined with it at the
// later of the two instants. Lead times that cannot be kept are left out.
func PlanLeads(start Instant, leads []time.Duration, rest Rest, windows []Window, zone *time.Location, now Instant) []Planned {
	sorted := slices.Clone(leads)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	sorted = slices.Compact(sorted)
	var out []Planned
	movedBefore := false
	for _, lead := range sorted {
		at, ok := PlanLead(start, lead, rest, windows, zone, now)
		if !ok {
			continue
		}
		moved := at != start.Add(-lead)
		if n := len(out); n > 0 && (moved || movedBefore) && at.Sub(out[n-1].At) < leadMeet {
			out[n-1].At = max(at, out[n-1].At)
			out[n-1].Leads = append(out[n-1].Leads, lead)
		} else {
			out = append(out, Planned{At: at, Leads: []time.Duration{lead}})
		}
		movedBefore = moved
	}
	return out
}

func wallMinute(t time.Time) int { return t.Hour()*60 + t.Minute() }

// within says whether minute lies in [start, end), which may run over midnight.
func within(minute, start, end int) bool {
	if start <= end {
		return start <= minute && minute < end
	}
	return minute >= start || minute < end
}

func (w Window) on(day time.Weekday) bool { return len(w.Days) == 0 || slices.Contains(w.Days, day) }

func (w Window) holds(day time.Weekday, minute int) bool {
	if w.Start < w.End {
		return w.on(day) && w.Start <= minute && minute < w.End
	}
	return w.on(day) && minute >= w.Start || w.on((day+6)%7) && minute < w.End
}
