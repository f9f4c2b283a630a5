package grammar

import (
	"time"
)

// Kinds of When.
const (
	KindInstant = "instant"
	KindRange   = "range"
	KindRule    = "rule"
	KindList    = "list"
)

// Options are what a text is read against. Now and Zone must be set; a nil
// Zone is read as UTC.
type Options struct {
	Now  time.Time
	Zone *time.Location
	// Lang is "zh" or "en": the language of reasons and examples, and how a
	// bare 12/5 is read. Both languages are understood whatever it says.
	Lang string
	// Place is "thread" (default) or "dm": where the bot had asked, a bare
	// "ok" is a yes.
	Place string
	// Tomorrow settles what "tomorrow" means when it is typed between 0:00 and
	// 5:00: "" asks (reason when.which_morning), "today" is this morning,
	// "next" the calendar day after.
	Tomorrow string
	// Clock is the time of day for a date without one ("" asks: when.no_time),
	// Day the day for a time of day without one (zero asks: when.no_day).
	Clock string
	Day   time.Time
	// Roles, when known, lets replies such as "yes driver" or "司机 我来" name a
	// role that is not in the built-in list.
	Roles []string
	// strictRoles leaves out words that only look like a role.
	strictRoles bool
}

// When is a time as it was understood.
//
//	instant  Start
//	range    Start, End (End after Start; Start may be past while End is not)
//	rule     Rule (RRULE without prefix), Wall, Start and End of the first
//	         occurrence from now on, Next with the next three starts
//	list     Items, each of one of the kinds above, in the order typed
//
// All times carry the location of Zone. With a *Reason of key
// when.which_morning, when.which_half, when.which_midnight or when.which_date
// Candidates holds the possible starts and Items the full readings.
type When struct {
	Kind  string
	Start time.Time
	End   time.Time
	// Rule is an RRULE such as FREQ=WEEKLY;BYDAY=WE.
	Rule string
	// Wall is the local wall time of a rule's first occurrence,
	// 2026-11-25T19:30, kept because a rule lives by wall time.
	Wall string
	// Zone is an IANA name.
	Zone       string
	Next       []time.Time
	Items      []When
	Candidates []time.Time
}

// List gives the single times of w: its items, or itself.
func (w When) List() []When {
	if w.Kind == KindList {
		return w.Items
	}
	if w.Kind == "" {
		return nil
	}
	return []When{w}
}

// ParseWhen reads a date with a time, a range, a rule, or several of them. The
// error is always a *Reason.
func ParseWhen(text string, o Options) (When, error) {
	w, reason := parseWhen(text, o)
	if reason != nil {
		reason.Readings = w.Items
		return w, reason
	}
	return w, nil
}

// ParseDay reads a date without a time ("12月31日", "next Friday", "year end")
// and gives the first moment of that day in o.Zone. The error is a *Reason.
func ParseDay(text string, o Options) (time.Time, error) {
	t, reason := parseDay(text, o)
	if reason != nil {
		return t, reason
	}
	return t, nil
}

func parseWhen(text string, o Options) (When, *Reason) {
	w, reason := parseWhenTyped(text, o)
	if !o.Day.IsZero() && bareClock(text, w, reason, o) {
		if on, still := parseWhenTyped(o.Day.Format(time.DateOnly)+" "+text, o); still == nil {
			return on, nil
		}
	}
	if reason != nil && reason.Key == "when.no_time" && o.Clock != "" {
		if full, still := parseWhenTyped(text+" "+o.Clock, o); still == nil {
			return full, nil
		}
	}
	return w, reason
}

// bareClock says whether a text that was read as w names no day: then it means
// another day as soon as it is typed on another.
func bareClock(text string, w When, reason *Reason, o Options) bool {
	if reason != nil {
		return reason.Key == "when.no_day" || reason.Key == "when.past"
	}
	o.Now = o.Now.AddDate(0, 0, 1)
	later, reason := parseWhenTyped(text, o)
	return reason == nil && w.Kind != KindRule && w.Kind != KindList && later.Start.Equal(w.Start.AddDate(0, 0, 1))
}

func parseWhenTyped(text string, o Options) (When, *Reason) {
	w, reason, used := readWhen(text, o)
	if !used || o.Tomorrow != "" {
		return w, reason
	}
	// Between midnight and five, "tomorrow" is this morning to some and the
	// day after to others: both are read, and asked if both can be meant.
	o.Tomorrow = "today"
	early, earlyReason, _ := readWhen(text, o)
	switch {
	case reason != nil:
		if earlyReason == nil {
			return early, nil
		}
		return w, reason
	case earlyReason != nil:
		return w, nil
	}
	both := []When{early, w}
	return When{Zone: w.Zone, Items: both, Candidates: starts(both)}, newReason("when.which_morning", clip(text), o)
}

func starts(items []When) []time.Time {
	var out []time.Time
	for _, w := range items {
		out = append(out, w.List()[0].Start)
	}
	return out
}

// readWhen reads with "tomorrow" settled; used tells that it mattered.
func readWhen(text string, o Options) (w When, reason *Reason, used bool) {
	p := newParser(text, o)
	if len(p.toks) == 0 {
		return When{}, newReason("when.empty", "", o), false
	}
	p.segments()
	if p.err == nil && len(p.toks) == maxTokens {
		p.fail("when.too_many", 0, len(p.toks))
	}
	var items []When
	if p.err == nil {
		items = p.items()
	}
	if p.err == nil && len(items) == 0 {
		p.fail("when.unreadable", 0, len(p.toks))
	}
	if p.err != nil {
		return p.candidates(), p.reason(), p.usedTomorrow
	}
	items = distinct(items)
	if len(items) == 1 {
		return items[0], nil, p.usedTomorrow
	}
	return When{Kind: KindList, Items: items, Zone: p.zone.String()}, nil, p.usedTomorrow
}

// candidates are the readings of an ambiguous text.
func (p *parser) candidates() When {
	if p.err.key == "when.which_date" {
		for _, md := range p.err.readings {
			if day, ok := validDate(p.local.Year(), md[0], md[1]); ok {
				at, _ := p.instant(day, 0, 0, p.zone)
				p.err.items = append(p.err.items, When{Kind: KindInstant, Start: at, Zone: p.zone.String()})
			}
		}
		return When{Candidates: starts(p.err.items)}
	}
	return When{Items: p.err.items, Candidates: starts(p.err.items)}
}

// reason quotes the tokens at fault.
func (p *parser) reason() *Reason {
	from, to := max(p.err.from, 0), min(p.err.to, len(p.toks))
	part := string(p.src.typed)
	if from < to {
		part = p.src.part(p.toks[from].from, p.toks[to-1].to)
	}
	return newReason(p.err.key, clip(part), p.opts)
}

// distinct drops times that were said twice.
func distinct(items []When) []When {
	var out []When
	for _, w := range items {
		double := false
		for _, seen := range out {
			double = double || seen.Kind == w.Kind && seen.Start.Equal(w.Start) && seen.End.Equal(w.End) && seen.Rule == w.Rule
		}
		if !double {
			out = append(out, w)
		}
	}
	return out
}

func parseDay(text string, o Options) (time.Time, *Reason) {
	p := newParser(text, o)
	spec, reason := p.oneDay()
	if reason != nil {
		return time.Time{}, reason
	}
	today := p.today()
	day, bad := p.place(spec, today, func(d date) bool { return !d.Before(today) })
	if bad == nil && day.Before(today) {
		bad = &problem{key: "when.past", from: spec.from, to: spec.to}
	}
	if bad != nil {
		p.err = bad
		return time.Time{}, p.reason()
	}
	at, _ := p.instant(day, 0, 0, p.zone)
	return at, nil
}

// oneDay reads the one day that a text names.
func (p *parser) oneDay() (daySpec, *Reason) {
	var spec daySpec
	for p.i < len(p.toks) && p.err == nil {
		at := p.i
		if p.joint() {
			continue
		}
		p.i = at
		in := p.skip(cIn)
		if s, ok := p.span(); ok && s.clockless() && (p.skip(cAfter) || in) {
			spec = daySpec{kind: dayRelative, n: s.days, mo: s.months, from: at, to: p.i}
			continue
		}
		p.i = at
		days, ok := p.nthDay()
		if !ok {
			days, ok = p.day()
		}
		if ok {
			p.weekdayNote(days)
		}
		switch {
		case !ok || len(days) != 1:
			p.unreadable(at)
		case spec.to == 0:
			spec = days[0]
		case spec.kind == dayWeekday && spec.bare:
			days[0].check = int(spec.weekday) + 1
			spec = days[0]
		default:
			p.unreadable(at)
		}
	}
	if p.err == nil && spec.to == 0 {
		p.fail("when.unreadable", 0, len(p.toks))
	}
	if p.err != nil {
		return spec, p.reason()
	}
	if spec.kind == dayMonthWhole {
		spec = firstOfMonth(spec, -1)
	}
	return spec, nil
}
