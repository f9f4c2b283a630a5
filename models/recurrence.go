package models

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// WallLayout is how a rule's first wall time is written.
const WallLayout = "2006-01-02T15:04"

// ErrRule is wrapped by every error of a Rule that cannot be read.
var ErrRule = errors.New("recurrence rule")

// Rule is a recurrence that lives by wall time: the same clock reading in Zone
// on each of its days, through both clock changes.
type Rule struct {
	// RRULE without prefix, e.g. FREQ=WEEKLY;BYDAY=WE. DAILY, WEEKLY, MONTHLY
	// or YEARLY; one occurrence a day. Also of the Chinese calendar (lunar.go).
	RRULE string
	// Wall is the first occurrence's local wall time, 2026-11-25T19:30.
	Wall string
	// Zone is an IANA name.
	Zone string
	// Until is the last moment an occurrence may start; zero for no end.
	Until time.Time
}

// horizonYears bounds the search for a rule that never happens (31 February):
// eight years is the longest wait between two 29ths of February.
const horizonYears = 12

// Next gives up to n occurrences that start after the instant after, in order,
// in the rule's zone. It gives fewer when the rule ends.
func (r Rule) Next(after time.Time, n int) ([]time.Time, error) {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return nil, fmt.Errorf("%w: zone %q: %w", ErrRule, r.Zone, err)
	}
	if isLunar(r.RRULE) {
		return r.nextLunar(zone, after, n)
	}
	opt, until, err := r.option(zone)
	if err != nil {
		return nil, err
	}
	// The search runs on clock readings, as if there were one zone without
	// changes; only what it finds is turned into instants. Two days are more
	// than any gap plus any offset.
	from := clockReading(after.In(zone)).Add(-48 * time.Hour)
	rebaseRule(&opt, from)
	opt.Until = laterOf(from, opt.Dtstart).AddDate(horizonYears+ruleYears(opt), 0, 0)
	set, err := rrule.NewRRule(opt)
	if err != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrRule, r.RRULE, err)
	}
	var found []time.Time
	lastDay := ""
	next := set.Iterator()
	for len(found) < n {
		wall, ok := next()
		if !ok {
			break
		}
		t, _ := LocalInstant(wall, zone)
		if !until.IsZero() && t.After(until) {
			break
		}
		day := t.Format(time.DateOnly)
		if day == lastDay {
			continue
		}
		lastDay = day
		if t.After(after) {
			found = append(found, t)
		}
	}
	return found, nil
}

// option parses the rule. The end is kept apart: it is an instant, and the
// search is by clock readings.
func (r Rule) option(zone *time.Location) (rrule.ROption, time.Time, error) {
	text, until, err := splitUntil(r.RRULE, zone)
	if err != nil {
		return rrule.ROption{}, until, err
	}
	opt, err := rrule.StrToROption(text)
	if err != nil {
		return rrule.ROption{}, until, fmt.Errorf("%w: %q: %w", ErrRule, r.RRULE, err)
	}
	if opt.Freq > rrule.DAILY {
		return rrule.ROption{}, until, fmt.Errorf("%w: %q: more often than daily", ErrRule, r.RRULE)
	}
	if len(opt.Byhour)+len(opt.Byminute)+len(opt.Bysecond) > 0 {
		return rrule.ROption{}, until, fmt.Errorf("%w: %q: the time belongs in the first occurrence", ErrRule, r.RRULE)
	}
	wall, err := time.ParseInLocation(WallLayout, r.Wall, time.UTC)
	if err != nil {
		return rrule.ROption{}, until, fmt.Errorf("%w: first occurrence %q: %w", ErrRule, r.Wall, err)
	}
	opt.Dtstart = wall
	if opt.Interval < 1 {
		opt.Interval = 1
	}
	if !r.Until.IsZero() && (until.IsZero() || r.Until.Before(until)) {
		until = r.Until
	}
	return *opt, until, nil
}

// splitUntil takes UNTIL out of an RRULE. A date alone means all of that day
// in zone, as people mean it.
func splitUntil(text string, zone *time.Location) (string, time.Time, error) {
	var until time.Time
	var kept []string
	for part := range strings.SplitSeq(text, ";") {
		value, ok := strings.CutPrefix(part, "UNTIL=")
		if !ok {
			kept = append(kept, part)
			continue
		}
		var err error
		switch len(value) {
		case len("20261231"):
			until, err = time.ParseInLocation("20060102", value, zone)
			until = until.AddDate(0, 0, 1).Add(-time.Nanosecond)
		case len("20261231T155959"):
			until, err = time.ParseInLocation("20060102T150405", value, zone)
		default:
			until, err = time.Parse("20060102T150405Z", value)
		}
		if err != nil {
			return "", until, fmt.Errorf("%w: %q: %w", ErrRule, text, err)
		}
	}
	return strings.Join(kept, ";"), until, nil
}

// rebaseRule moves the start of the search to a whole number of intervals before
// from: the library walks from the start, which takes 300 µs after ten years
// of days. A rule with COUNT is walked from its start, because it is counted.
func rebaseRule(opt *rrule.ROption, from time.Time) {
	start := opt.Dtstart
	if opt.Count > 0 || !start.Before(from) {
		return
	}
	days := int(from.Sub(start).Hours() / 24)
	switch opt.Freq {
	case rrule.DAILY:
		opt.Dtstart = start.AddDate(0, 0, days/opt.Interval*opt.Interval)
	case rrule.WEEKLY:
		if len(opt.Byweekday) == 0 {
			opt.Byweekday = []rrule.Weekday{ruleWeekdays[start.Weekday()]}
		}
		week := 7 * opt.Interval
		opt.Dtstart = start.AddDate(0, 0, days/week*week)
	case rrule.MONTHLY:
		pinDay(opt, start)
		months := (from.Year()-start.Year())*12 + int(from.Month()) - int(start.Month())
		first := start.AddDate(0, 0, 1-start.Day())
		if months = months / opt.Interval * opt.Interval; months > 0 {
			opt.Dtstart = first.AddDate(0, months, 0)
		}
	case rrule.YEARLY:
		if len(opt.Bymonth) == 0 && len(opt.Byweekno) == 0 && len(opt.Byyearday) == 0 {
			opt.Bymonth = []int{int(start.Month())}
		}
		pinDay(opt, start)
		years := (from.Year() - start.Year()) / opt.Interval * opt.Interval
		if years > 0 {
			first := start.AddDate(0, 0, 1-start.YearDay())
			opt.Dtstart = first.AddDate(years, 0, 0)
		}
	}
}

// pinDay writes down the day that the library would take from the start, as
// the start is about to move.
func pinDay(opt *rrule.ROption, start time.Time) {
	if len(opt.Bymonthday) == 0 && len(opt.Byweekday) == 0 && len(opt.Byweekno) == 0 &&
		len(opt.Byyearday) == 0 && len(opt.Byeaster) == 0 {
		opt.Bymonthday = []int{start.Day()}
	}
}

var ruleWeekdays = [...]rrule.Weekday{rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA}

// ruleYears is how many years one interval of the rule takes, at most.
func ruleYears(opt rrule.ROption) int {
	perYear := map[rrule.Frequency]int{rrule.DAILY: 365, rrule.WEEKLY: 52, rrule.MONTHLY: 12, rrule.YEARLY: 1}
	return min(8*opt.Interval/perYear[opt.Freq], 1000)
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// clockReading is the wall time of t, written as UTC.
func clockReading(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// LocalInstant finds the instant of a wall time (the clock fields of wall, its
// location ignored) in zone. A doubled time is its first; a time that a clock
// change skips moves forward by the length of the gap, and exists is false.
func LocalInstant(wall time.Time, zone *time.Location) (t time.Time, exists bool) {
	want := clockReading(wall)
	t = time.Date(want.Year(), want.Month(), want.Day(), want.Hour(), want.Minute(), want.Second(), 0, zone)
	if got := clockReading(t); !got.Equal(want) {
		// time.Date answers with the offset of either side of the gap: an
		// answer before the wanted reading is one gap too early on each side.
		if got.Before(want) {
			t = t.Add(want.Sub(got))
		}
		return t, false
	}
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return t, true
	}
	_, now := t.Zone()
	_, before := start.Add(-time.Second).Zone()
	first := t.Add(time.Duration(now-before) * time.Second)
	if first.Before(start) && clockReading(first).Equal(want) {
		return first, true
	}
	return t, true
}
