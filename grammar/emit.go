package grammar

import "time"

// emitInstant gives an absolute time: now, in 2 hours, an RFC 3339 instant;
// with an end where one was said.
func (p *parser) emitInstant(s *segment, zone *time.Location) []When {
	var start time.Time
	switch {
	case len(s.stamps) > 0:
		start = s.stamps[0].In(zone)
	case s.now:
		start = p.now.In(zone)
	default:
		start = p.later(*s.offset).In(zone)
	}
	var end time.Time
	switch {
	case len(s.stamps) > 1:
		end = s.stamps[1].In(zone)
	case len(s.clocks) > 0:
		end = p.endAfter(start, s.clocks[0], zone)
	case s.length != nil:
		end = addSpan(start, *s.length)
	}
	if p.err != nil {
		return nil
	}
	if len(s.clocks) > 1 || len(s.clocks) == 1 && len(s.stamps) > 1 {
		p.fail("when.unreadable", s.from, s.to)
		return nil
	}
	return []When{p.finishTime(start, end, s)}
}

// later is now and a span on, by the calendar for days and months.
func (p *parser) later(s span) time.Time {
	return p.local.AddDate(0, s.months, s.days).Add(s.dur)
}

func addSpan(t time.Time, s span) time.Time { return t.AddDate(0, s.months, s.days).Add(s.dur) }

// endAfter places the end of a range whose start is already an instant.
func (p *parser) endAfter(start time.Time, c clockSpan, zone *time.Location) time.Time {
	day := dateOf(start.In(zone))
	if !c.ranged {
		p.fail("when.unreadable", c.start.from, c.start.to)
		return time.Time{}
	}
	minute, f := c.end.minute()
	if f != nil && f.key == "when.which_half" && c.endDay == nil {
		from := start.Hour()*60 + start.Minute()
		_, minute, f = settleEnd(clock{h: from / 60, m: from % 60}, c.end)
	}
	if f != nil {
		p.fault(f, c.end, nil)
		return time.Time{}
	}
	if c.endDay != nil {
		d, bad := p.place(*c.endDay, day, func(d date) bool { return !d.Before(day) })
		if bad != nil {
			p.err = bad
			return time.Time{}
		}
		day = d
	} else if startMinute := start.Hour()*60 + start.Minute(); minute <= startMinute {
		minute += dayMinutes
	}
	return p.clockInstant(day, minute, c.end, zone)
}

// clockInstant refuses a reading that a clock change skips.
func (p *parser) clockInstant(day date, minute int, c clock, zone *time.Location) time.Time {
	t, exists := p.instant(day, minute, c.s, zone)
	if !exists {
		p.fail("when.no_such_time", c.from, c.to)
	}
	return t
}

// finishTime checks a time against now and gives it its kind.
func (p *parser) finishTime(start, end time.Time, s *segment) When {
	w := When{Kind: KindInstant, Start: start, Zone: zoneName(start.Location(), p.zone)}
	if w.Zone == p.zone.String() && start.Location().String() != w.Zone {
		start = start.In(p.zone)
		w.Start = start
	}
	if !end.IsZero() {
		w.Kind, w.End = KindRange, end.In(start.Location())
		if !end.After(start) {
			p.fail("when.end_before_start", s.from, s.to)
		}
	}
	if !p.ahead(w) {
		p.fail("when.past", s.from, s.to)
	}
	return w
}

// zoneName is the IANA name of a location; a bare offset has none and is shown
// in the organisation's zone.
func zoneName(loc, fallback *time.Location) string {
	if name := loc.String(); name != "" && name != "Local" {
		return name
	}
	return fallback.String()
}

// ahead tells whether w is not past: a range may be under way.
func (p *parser) ahead(w When) bool {
	if w.Kind == KindRange {
		return w.End.After(p.now)
	}
	return !w.Start.Before(p.now)
}

// emitDay places one day and the clocks on it.
func (p *parser) emitDay(d daySpec, c clockSpan, s *segment, zone *time.Location) (When, date) {
	if p.err != nil {
		return When{}, date{}
	}
	c = p.stillAhead(c, s, d)
	if bad := p.badClock(c, s, d); bad {
		return When{}, date{}
	}
	today := dateOf(p.now.In(zone))
	fits := func(day date) bool {
		w, ok := p.tryDay(day, c, s, zone)
		if !ok { // skipped by a clock change: said as such, not moved a week
			return !day.Before(today)
		}
		return p.ahead(w)
	}
	p.lookBack = true
	day, bad := p.place(d, today, fits)
	p.lookBack = false
	if bad != nil {
		if bad.key == "when.past" {
			bad.from, bad.to = s.from, s.to
		}
		p.err = bad
		return When{}, date{}
	}
	return p.onDay(day, c, s, zone), day
}

// onDay gives the time on a known day.
func (p *parser) onDay(day date, c clockSpan, s *segment, zone *time.Location) When {
	w, ok := p.tryDay(day, c, s, zone)
	if !ok && p.err == nil {
		p.skipped(day, c, zone)
	}
	if p.err != nil {
		return When{}
	}
	return p.finishTime(w.Start, w.End, s)
}

// skipped says which of the two clocks does not exist, or that the end is not
// after the start.
func (p *parser) skipped(day date, c clockSpan, zone *time.Location) {
	a, _, _ := p.minutes(c)
	if _, exists := p.instant(day, a, c.start.s, zone); !exists {
		p.fail("when.no_such_time", c.start.from, c.start.to)
		return
	}
	if c.endDay != nil {
		if _, bad := p.place(*c.endDay, day, func(d date) bool { return !d.Before(day) }); bad != nil {
			p.err = bad
			return
		}
	}
	p.fail("when.no_such_time", c.end.from, c.end.to)
}

// minutes gives start and end of c in minutes of its day; end -1 if none.
func (p *parser) minutes(c clockSpan) (start, end int, f *fault) {
	if !c.ranged {
		start, f = c.start.minute()
		return start, -1, f
	}
	if c.endDay == nil {
		return settle(c.start, c.end)
	}
	start, f = c.start.minute()
	if f != nil {
		return 0, 0, f
	}
	end, f = c.end.minute()
	// After an evening start, 次日2点 is two in the morning.
	if f != nil && len(f.readings) > 0 && start >= 18*60 {
		end, f = f.readings[0][0], nil
	}
	return start, end, f
}

// tryDay builds the time on a day; false where it does not exist.
func (p *parser) tryDay(day date, c clockSpan, s *segment, zone *time.Location) (When, bool) {
	a, b, f := p.minutes(c)
	if f != nil {
		return When{}, false
	}
	start, ok := p.instant(day, a, c.start.s, zone)
	if !ok {
		return When{}, false
	}
	w := When{Kind: KindInstant, Start: start}
	switch {
	case c.ranged:
		endDay := day
		if c.endDay != nil {
			d, bad := p.place(*c.endDay, day, func(d date) bool { return !d.Before(day) })
			if bad != nil {
				return When{}, false
			}
			endDay = d
		}
		w.Kind = KindRange
		w.End, ok = p.instant(endDay, b, c.end.s, zone)
	case s.length != nil:
		w.Kind, w.End = KindRange, addSpan(start, *s.length)
	}
	return w, ok
}

// badClock notes what is wrong with the clocks themselves.
func (p *parser) badClock(c clockSpan, s *segment, d daySpec) bool {
	_, _, f := p.minutes(c)
	if f == nil {
		// Midnight of a day is its beginning to some and its end to others.
		if c.start.mid && c.start.word && len(s.days) > 0 && !d.today() && !c.ranged && s.part == noPart && c.start.part == noPart {
			f = &fault{key: "when.which_midnight", readings: [][2]int{{0, -1}, {dayMinutes, -1}}}
		} else {
			return false
		}
	}
	at := c.start
	if c.ranged {
		if _, own := c.start.minute(); own == nil || own.key != f.key {
			at = c.end
		}
		if len(f.readings) > 0 || f.key == "when.end_before_start" {
			at.from, at.to = c.start.from, max(c.end.to, c.start.to)
		}
	}
	var on func(start, end int) (When, bool)
	if c.endDay == nil {
		on = func(start, end int) (When, bool) { return p.reading(d, s, start, end) }
	}
	p.fault(f, at, on)
	return true
}

// stillAhead settles 今天3点 and "today 2-4" where only one of the two halves of
// the day is still to come.
func (p *parser) stillAhead(c clockSpan, s *segment, d daySpec) clockSpan {
	_, _, f := p.minutes(c)
	if f == nil || f.key != "when.which_half" || c.endDay != nil || !d.today() {
		return c
	}
	var ahead [][2]int
	for _, r := range f.readings {
		if _, ok := p.reading(d, s, r[0], r[1]); ok {
			ahead = append(ahead, r)
		}
	}
	switch len(ahead) {
	case 0:
		p.fail("when.past", s.from, s.to)
		return c
	case 2:
		return c
	}
	for i, end := range []*clock{&c.start, &c.end} {
		if ahead[0][i] >= 0 {
			from, to := end.from, end.to
			*end = exact(ahead[0][i])
			end.from, end.to = from, to
		}
	}
	return c
}

// fault notes a clock's fault, with its possible readings.
func (p *parser) fault(f *fault, c clock, on func(start, end int) (When, bool)) {
	p.fail(f.key, c.from, c.to)
	if on == nil || p.err.key != f.key {
		return
	}
	for _, r := range f.readings {
		if w, ok := on(r[0], r[1]); ok {
			p.err.items = append(p.err.items, w)
		}
	}
}

// reading is one of the possible meanings of an ambiguous clock.
func (p *parser) reading(d daySpec, s *segment, start, end int) (When, bool) {
	zone := s.zone
	if zone == nil {
		zone = p.zone
	}
	c := clockSpan{start: exact(start), ranged: end >= 0}
	if c.ranged {
		c.end = exact(end)
	}
	build := func(day date) (When, bool) {
		at, ok := p.instant(day, start, 0, zone)
		w := When{Kind: KindInstant, Start: at, Zone: zoneName(zone, p.zone)}
		if ok && c.ranged {
			w.Kind = KindRange
			w.End, ok = p.instant(day, end, 0, zone)
		} else if ok && s.length != nil {
			w.Kind, w.End = KindRange, addSpan(at, *s.length)
		}
		return w, ok && p.ahead(w)
	}
	fits := func(day date) bool { _, ok := build(day); return ok }
	day, bad := p.place(d, dateOf(p.now.In(zone)), fits)
	if bad != nil {
		return When{}, false
	}
	return build(day)
}

func exact(minute int) clock { return clock{h: minute / 60, m: minute % 60, word: true} }
