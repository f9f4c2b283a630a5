package models

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Placed is where one occurrence of a study takes place once holidays are
// considered.
type Placed struct {
	RuleStart time.Time // where the rule puts it: its identity
	Start     time.Time // when it takes place; RuleStart when it does not
	Off       bool      // it does not take place
	Holiday   string    // the day off that moved or skipped it, "" = none
	Taken     time.Time // skipped because the series has an occurrence on that day already; zero = not so
	Known     Known     // how much is known of the year that decided
}

// Moved says that it takes place at another time than the rule's.
func (p Placed) Moved() bool { return !p.Off && !p.Start.Equal(p.RuleStart) }

// Placing says where the occurrences of a study lie. Hand are its occurrences
// that somebody placed: they lie where they were put, and holidays move no
// other onto their day.
type Placing struct {
	Study    Study
	Calendar Calendar
	Hand     []Occurrence
}

// farthestWorkday bounds the search for a working day in days: longer than any
// holiday, and than a school's summer.
const farthestWorkday = 92

// Next gives up to n occurrences whose place in the rule is after `after`, in
// the order of the rule, those that do not take place among them.
func (p Placing) Next(after Instant, n int) ([]Placed, error) {
	days, err := p.ruleDays(after, n)
	if err != nil {
		return nil, err
	}
	out := make([]Placed, 0, len(days))
	for _, day := range days {
		at, err := p.place(day)
		if err != nil {
			return nil, err
		}
		out = append(out, at)
	}
	return out, nil
}

// At is where the occurrence lies that the rule puts at ruleStart; ok is false
// when the rule has none there.
func (p Placing) At(ruleStart Instant) (at Placed, ok bool, err error) {
	next, err := p.Next(ruleStart-1, 1)
	if err != nil || len(next) == 0 || At(next[0].RuleStart) != ruleStart {
		return Placed{}, false, err
	}
	return next[0], true, nil
}

// Heeds says whether holidays matter to where it lies.
func (s Study) Heeds() bool { return s.Holiday != "" && s.Holiday != HolidayKeep }

// workdays says whether a rule is of working days: every one of them, or the
// nth of a month.
func (p Placing) workdays() (every, nth bool) {
	if !p.Study.Heeds() {
		return false, false
	}
	part := map[string]string{}
	for kv := range strings.SplitSeq(p.Study.RRule, ";") {
		k, v, _ := strings.Cut(kv, "=")
		part[k] = v
	}
	if part["BYDAY"] != "MO,TU,WE,TH,FR" {
		return false, false
	}
	single := part["INTERVAL"] == "" || part["INTERVAL"] == "1"
	return part["FREQ"] == "WEEKLY" && single && part["COUNT"] == "",
		part["FREQ"] == "MONTHLY" && part["BYSETPOS"] != "" && !strings.Contains(part["BYSETPOS"], ",")
}

// ruleDays are the rule's own times; of a rule of all working days also the
// weekend days that are worked.
func (p Placing) ruleDays(after Instant, n int) ([]time.Time, error) {
	times, err := p.Study.Next(after, n)
	every, _ := p.workdays()
	if err != nil || !every || n < 1 {
		return times, err
	}
	rule, _ := p.Study.Rule()
	zone := Zone(p.Study.Zone)
	_, until, err := rule.option(zone)
	if err != nil {
		return nil, err
	}
	first, err := time.Parse(WallLayout, rule.Wall)
	if err != nil {
		return nil, fmt.Errorf("%w: first occurrence %q: %w", ErrRule, rule.Wall, err)
	}
	// Between the last working day of a rule and its end there is at most a weekend.
	last := laterOf(first, clockReading(after.In(zone))).AddDate(0, 0, 3)
	if len(times) > 0 {
		last = clockReading(times[len(times)-1]).AddDate(0, 0, 3)
	}
	for day := laterOf(first, clockReading(after.In(zone)).AddDate(0, 0, -1)); !day.After(last); day = day.AddDate(0, 0, 1) {
		if kind, _, _ := p.Calendar.DayOf(day); kind != DayWork || weekday(day) {
			continue
		}
		t := p.onDay(day, first, zone)
		if At(t) > after && (until.IsZero() || !t.After(until)) && !t.Before(p.Study.Start.Time()) {
			times = append(times, t)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times[:min(n, len(times))], nil
}

// onDay is the instant of a clock reading on a date in zone.
func (p Placing) onDay(date, clock time.Time, zone *time.Location) time.Time {
	t, _ := LocalInstant(time.Date(date.Year(), date.Month(), date.Day(), clock.Hour(), clock.Minute(), 0, 0, time.UTC), zone)
	return t
}

// place moves or skips one occurrence of the rule.
func (p Placing) place(t time.Time) (Placed, error) {
	at := Placed{RuleStart: t, Start: t}
	for _, o := range p.Hand {
		if o.RuleStart == At(t) {
			at.Start, at.Off, at.Known = o.Start.In(t.Location()), o.Off(), KnownFull
			return at, nil
		}
	}
	if !p.Study.Heeds() {
		at.Known = KnownFull
		return at, nil
	}
	var kind DayKind
	kind, at.Holiday, at.Known = p.Calendar.DayOf(t)
	if _, nth := p.workdays(); nth {
		return p.placeNth(at)
	}
	if kind != DayOff {
		at.Holiday = ""
		return at, nil
	}
	if p.Study.Holiday == HolidaySkip {
		at.Off = true
		return at, nil
	}
	return p.placeNear(at)
}

// placeNear moves an occurrence off a day off to the nearest working day, if
// the series has nothing there.
func (p Placing) placeNear(at Placed) (Placed, error) {
	step := 1
	if p.Study.Holiday == HolidayBefore {
		step = -1
	}
	zone := at.RuleStart.Location()
	from := clockReading(at.RuleStart)
	for n := step; n*step <= farthestWorkday; n += step {
		day := from.AddDate(0, 0, n)
		_, _, known := p.Calendar.DayOf(day)
		if known == KnownNot { // whether people work then is not known
			at.Known = known
			break
		}
		at.Known = min(at.Known, known)
		if !p.Calendar.Works(day) {
			continue
		}
		taken, err := p.taken(day, from, step)
		if err != nil {
			return at, err
		}
		if taken {
			at.Off, at.Taken = true, p.onDay(day, from, zone)
			return at, nil
		}
		at.Start = p.onDay(day, from, zone)
		return at, nil
	}
	at.Off = true
	return at, nil
}

// taken says whether the series has an occurrence on the working day `day`
// already: the rule's own, one that somebody put there, or one that the rule
// has before the one on `from` and that moves there too.
func (p Placing) taken(day, from time.Time, step int) (bool, error) {
	zone := Zone(p.Study.Zone)
	date := day.Format(time.DateOnly)
	for _, o := range p.Hand {
		if !o.Off() && o.Start.In(zone).Format(time.DateOnly) == date {
			return true, nil
		}
	}
	first, last := day, from
	if step > 0 { // who is first moves there: look where the run of days off begins
		first, last = from, day
		for n := 1; n <= farthestWorkday && !p.Calendar.Works(from.AddDate(0, 0, -n)); n++ {
			first = from.AddDate(0, 0, -n)
		}
	}
	low, _ := LocalInstant(time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, time.UTC), zone)
	fixed := map[Instant]bool{}
	for _, o := range p.Hand {
		fixed[o.RuleStart] = true
	}
	self := from.Format(time.DateOnly)
	times, err := p.ruleDays(At(low)-1, int(last.Sub(first)/(24*time.Hour))+2) // at most one a day
	if err != nil {
		return false, err
	}
	for _, t := range times {
		on := t.In(zone).Format(time.DateOnly)
		kind, _, _ := p.Calendar.DayOf(t.In(zone))
		switch {
		case on > last.Format(time.DateOnly):
			return false, nil
		case fixed[At(t)]: // lies where it was put
		case on == date:
			return true, nil
		case kind == DayOff && on < self:
			return true, nil
		}
	}
	return false, nil
}

// placeNth puts an occurrence of `the nth working day of the month` on the nth
// official one.
func (p Placing) placeNth(at Placed) (Placed, error) {
	at.Holiday = ""
	rule, _ := p.Study.Rule()
	opt, _, err := rule.option(at.RuleStart.Location())
	if err != nil || len(opt.Bysetpos) == 0 || at.Known == KnownNot {
		return at, err
	}
	nth, from := opt.Bysetpos[0], clockReading(at.RuleStart)
	day, step := time.Date(from.Year(), from.Month(), 1, from.Hour(), from.Minute(), 0, 0, time.UTC), 1
	if nth < 0 {
		day, step, nth = day.AddDate(0, 1, -1), -1, -nth
	}
	for ; day.Month() == from.Month(); day = day.AddDate(0, 0, step) {
		if kind, name, _ := p.Calendar.DayOf(day); at.Holiday == "" && (kind == DayOff && weekday(day) || kind == DayWork && !weekday(day)) {
			at.Holiday = name
		}
		if !p.Calendar.Works(day) {
			continue
		}
		if nth--; nth == 0 {
			at.Start = p.onDay(day, from, at.RuleStart.Location())
			if !at.Moved() {
				at.Holiday = ""
			}
			return at, nil
		}
	}
	at.Off = true // the month has fewer
	return at, nil
}
