package grammar

import (
	"slices"
	"time"
)

// items joins the segments to times.
func (p *parser) items() []When {
	segs := joinModifiers(p.segs)
	var out []When
	var pending, last *segment
	for i := 0; i < len(segs) && p.err == nil; i++ {
		s := segs[i]
		if pending != nil {
			s = p.merge(pending, s)
			pending = nil
		}
		if !s.timed() {
			if last != nil && last.clockFirst() && s.hasDay() && s.every == nil {
				s.clocks, s.clockAt, s.dayAt = last.clocks, 1, 2
			} else {
				pending = s
				continue
			}
		}
		if !s.hasDay() && len(s.stamps) == 0 {
			if last != nil {
				s = inherit(last, s)
			} else if i+1 < len(segs) && !segs[i+1].timed() && segs[i+1].hasDay() {
				s = p.merge(segs[i+1], s)
				s.clockAt, s.dayAt = 1, 2
				i++
			}
		}
		if i+1 < len(segs) && s.sep == "," && s.onlyBareWeekdays() && len(s.days) == 1 && segs[i+1].oneDate() {
			day := segs[i+1].days[0] // Fri 19:30, Dec 4
			day.check = int(s.days[0].weekday) + 1
			s.days = []daySpec{day}
			i++
		}
		if last != nil && s.every == nil {
			p.goOn(last, s)
		}
		if last != nil && last.every != nil && s.every == nil && s.onlyBareWeekdays() {
			e := *last.every
			s.every, s.begin, s.until, s.times, s.lasts = &e, last.begin, last.until, last.times, last.lasts
		}
		more := p.emit(s)
		out = append(out, more...)
		if last = s; len(more) > 0 && s.every == nil && !s.onlyBareWeekdays() {
			p.after = dateOf(more[len(more)-1].Start)
		}
		if len(out) > maxItems {
			p.fail("when.too_many", 0, len(p.toks))
		}
	}
	if p.err == nil && pending != nil {
		p.noTime(pending)
	}
	return out
}

// oneDate tells whether the segment is a single date and nothing else.
func (s *segment) oneDate() bool {
	return len(s.days) == 1 && s.days[0].kind == dayMonth && !s.timed() && s.every == nil && s.part == noPart
}

// goOn gives a bare day of the month the month of the time before it: 1月5日
// 9:00，6日 9:00.
func (p *parser) goOn(last, s *segment) {
	if len(last.days) == 0 {
		return
	}
	before := last.days[len(last.days)-1]
	for i, d := range s.days {
		if d.kind != dayOfMonth || !d.bare {
			continue
		}
		switch {
		case before.kind == dayMonth:
			s.days[i].kind, s.days[i].mo, s.days[i].y = dayMonth, before.mo, before.y
		case before.kind == dayOfMonth:
			s.days[i].bare, s.days[i].n = before.bare, before.n
		}
	}
}

// timed tells whether the segment says a time and not only a day.
func (s *segment) timed() bool {
	return len(s.clocks) > 0 || s.now || s.offset != nil || len(s.stamps) > 0
}

func (s *segment) clockFirst() bool { return s.clockAt > 0 && s.clockAt < s.dayAt }

// modifier tells whether the segment only says more about a neighbour.
func (s *segment) modifier() bool { return len(s.days) == 0 && !s.timed() }

func (s *segment) onlyBareWeekdays() bool {
	for _, d := range s.days {
		if d.kind != dayWeekday || !d.bare {
			return false
		}
	}
	return len(s.days) > 0
}

// joinModifiers puts "every week", "until May", "2 hours" to the times that
// they are about: those before them, else those after.
func joinModifiers(segs []*segment) []*segment {
	var out []*segment
	var waiting *segment
	for _, s := range segs {
		switch {
		case s.modifier() && len(out) > 0 && out[len(out)-1].timed():
			out[len(out)-1].take(s)
		case s.modifier():
			if waiting == nil {
				waiting = s
			} else {
				waiting.take(s)
			}
		default:
			if waiting != nil {
				s.take(waiting)
				waiting = nil
			}
			out = append(out, s)
		}
	}
	if waiting != nil {
		out = append(out, waiting)
	}
	return out
}

// take adds what m says where s says nothing.
func (s *segment) take(m *segment) {
	if s.every == nil {
		s.every = m.every
	} else if m.every != nil {
		s.every.interval = max(s.every.interval, m.every.interval)
		if s.every.unit < 0 {
			s.every.unit = m.every.unit
		}
	}
	if s.begin == nil {
		s.begin = m.begin
	}
	if s.until == nil {
		s.until = m.until
	}
	if s.times == 0 {
		s.times = m.times
	}
	if s.lasts == nil {
		s.lasts = m.lasts
	}
	if s.length == nil {
		s.length = m.length
	}
	if s.zone == nil {
		s.zone = m.zone
	}
	if s.part == noPart && m.part != noPart {
		s.part, s.partHan = m.part, m.partHan
		for i := range s.clocks {
			if s.clocks[i].start.part == noPart {
				s.clocks[i].start.part, s.clocks[i].start.partHan = m.part, m.partHan
			}
		}
	}
	s.from, s.to = min(s.from, m.from), max(s.to, m.to)
}

// merge joins a segment of days alone with the one after it: "Sat, Sun 9-11",
// "Friday, 4 Dec, 19:30".
func (p *parser) merge(a, b *segment) *segment {
	out := *b
	out.take(a)
	switch {
	case len(a.days) == 1 && len(b.days) > 0 && a.days[0].kind == dayWeekday && a.days[0].bare && a.sep == "," &&
		b.days[0].concrete() && b.days[0].kind != dayWeekday && a.every == nil:
		out.days = append([]daySpec(nil), b.days...)
		out.days[0].check = int(a.days[0].weekday) + 1
	default:
		out.days = append(append([]daySpec(nil), a.days...), b.days...)
	}
	return &out
}

// inherit gives a time without a day the days of the one before.
func inherit(last, s *segment) *segment {
	out := *s
	out.days, out.every, out.begin, out.until, out.times, out.lasts = last.days, last.every, last.begin, last.until, last.times, last.lasts
	if out.zone == nil {
		out.zone = last.zone
	}
	return &out
}

// noTime is a day without a time.
func (p *parser) noTime(s *segment) {
	key := "when.no_time"
	for _, d := range s.days {
		switch d.kind {
		case dayMonth: // 30 February is worse than no time
			if _, bad := p.place(d, p.today(), func(date) bool { return true }); bad != nil && bad.key == "when.no_such_time" {
				p.fail(bad.key, d.from, d.to)
				return
			}
		case dayRelative:
			if d.n < 0 {
				key = "when.past"
			}
		}
	}
	p.fail(key, s.from, s.to)
}

// emit gives the times of one complete segment.
func (p *parser) emit(s *segment) []When {
	zone := s.zone
	if zone == nil {
		zone = p.zone
	}
	switch {
	case len(s.stamps) > 0, s.now, s.offset != nil:
		if len(s.days) > 0 || s.every != nil {
			p.fail("when.unreadable", s.from, s.to)
			return nil
		}
		return p.emitInstant(s, zone)
	case s.every != nil && !s.dailyRun():
		return p.emitRule(s, zone)
	case s.until != nil || s.begin != nil || s.times > 0 || s.lasts != nil:
		p.fail("when.unreadable", s.from, s.to)
		return nil
	}
	days := p.checked(s)
	var out []When
	for i := 0; i < len(days) && p.err == nil; i++ {
		for _, c := range s.clocks {
			if days[i].runs && i+1 < len(days) {
				out = append(out, p.emitRun(days[i], days[i+1], c, s, zone)...)
				continue
			}
			if i > 0 && days[i-1].runs {
				continue
			}
			if i > 0 && days[i].kind == dayWeekday && days[i].bare && days[i].d > 0 && len(out) >= i {
				out = append(out, p.follow(days[i], days[i-days[i].d], c, s, zone)...)
				continue
			}
			w, _ := p.emitDay(days[i], c, s, zone)
			out = append(out, w)
		}
	}
	return out
}

// dailyRun: 24日到26日每天9:00 is three times and not a rule.
func (s *segment) dailyRun() bool {
	weekday := slices.ContainsFunc(s.days, func(d daySpec) bool { return d.kind == dayWeekday })
	return len(s.days) > 1 && !weekday && s.every.unit == uDay && s.every.interval == 1
}

// follow places a later day of 周一到周五: days after the first of the run.
func (p *parser) follow(d, first daySpec, c clockSpan, s *segment, zone *time.Location) []When {
	_, day := p.emitDay(first, c, s, zone)
	if p.err != nil {
		return nil
	}
	return []When{p.onDay(day.AddDate(0, 0, d.d), c, s, zone)}
}

// emitRun gives one time for each day from first to last.
func (p *parser) emitRun(first, last daySpec, c clockSpan, s *segment, zone *time.Location) []When {
	w, day := p.emitDay(first, c, s, zone)
	if p.err != nil {
		return nil
	}
	end, bad := p.place(last, day, func(d date) bool { return !d.Before(day) })
	const longest = 31
	switch n := int(end.Sub(day).Hours() / 24); {
	case bad != nil:
		p.err = bad
		return nil
	case n < 1:
		p.fail("when.end_before_start", first.from, last.to)
		return nil
	case n > longest:
		p.fail("when.too_many", first.from, last.to)
		return nil
	}
	out := []When{w}
	for d := day.AddDate(0, 0, 1); !d.After(end) && p.err == nil; d = d.AddDate(0, 0, 1) {
		out = append(out, p.onDay(d, c, s, zone))
	}
	return out
}

// checked folds weekdays that stand beside dates into them: 周六 11月28日.
func (p *parser) checked(s *segment) []daySpec {
	if len(s.days) == 0 {
		return []daySpec{{kind: dayRelative, from: s.from, to: s.to}}
	}
	var dates, weekdays []daySpec
	exact := slices.ContainsFunc(s.days, func(d daySpec) bool { return d.kind == dayMonth })
	for _, d := range s.days {
		if d.kind == dayWeekday && (d.bare || exact) {
			weekdays = append(weekdays, d)
		} else {
			dates = append(dates, d)
		}
	}
	if len(dates) == 0 || len(weekdays) == 0 || p.apart(s) {
		return s.days
	}
	if len(dates) == 2 && dates[0].kind == dayRelative && dates[1].kind == dayMonth { // tomorrow (Tue 24 Nov)
		dates[1].sameAs = &dates[0]
		dates = dates[1:]
	}
	if len(dates) != len(weekdays) {
		p.fail("when.unreadable", weekdays[0].from, weekdays[0].to)
		return nil
	}
	for i := range dates {
		dates[i].check = int(weekdays[i].weekday) + 1
		if !weekdays[i].bare { // 下周六（12月5日）
			dates[i].sameAs = &weekdays[i]
		}
	}
	return dates
}

// apart tells whether the days come from a list with separators, and so are
// different days: 周六和12月6日.
func (p *parser) apart(s *segment) bool {
	lo, hi := len(p.toks), 0
	for _, d := range s.days {
		lo, hi = min(lo, d.from), max(hi, d.to)
	}
	for i := lo; i < hi && i < len(p.toks); i++ {
		if t := p.toks[i]; t.punct("、&+") || t.is(cSep) {
			return true
		}
	}
	return false
}
