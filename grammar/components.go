package grammar

import "time"

// offsetWord reads in 2 hours, 两小时后, 再过20分钟, an hour from now.
func (p *parser) offsetWord() bool {
	start := p.i
	in := p.skip(cIn)
	s, ok := p.span()
	if !ok {
		return false
	}
	p.skip(cFill)
	after := p.skip(cAfter)
	if p.skip(cNow) {
		after = true
	}
	if !in && p.tok(0).is(cBefore) {
		p.fail("when.past", start, p.i+1)
		return true
	}
	if !in && !after || p.tok(0).is(cBefore) || p.cur.offset != nil || p.cur.now && !after {
		return false
	}
	p.cur.now = false // 从现在起两小时后
	p.skip(cFill)
	if !s.clockless() {
		p.cur.offset = &s
		p.cur.dayAt, p.cur.clockAt = start+1, start+1
		p.skip(cBegin)
		if p.rangeSign(false) {
			return p.endClock()
		}
		return true
	}
	if len(p.cur.days) > 0 && !(len(p.cur.days) == 1 && p.cur.days[0].kind == dayWeekday) {
		return false
	}
	return p.offsetDay(s, start)
}

// offsetDay places "in 3 days", and "两周后的周三" in the week that it names.
func (p *parser) offsetDay(s span, start int) bool {
	d := daySpec{kind: dayRelative, n: s.days, mo: s.months, from: start, to: p.i}
	if len(p.cur.days) == 1 { // Wednesday in two weeks
		if s.months > 0 || s.days%7 != 0 {
			return false
		}
		p.cur.days[0].bare, p.cur.days[0].n = false, s.days/7
		return true
	}
	if p.tok(0).is(cWeekday) && s.months == 0 && s.days%7 == 0 {
		days, _ := p.weekdays()
		for i := range days {
			days[i].bare, days[i].n = false, s.days/7
		}
		p.addDays(days, start)
		return true
	}
	p.addDays([]daySpec{d}, start)
	return true
}

// addDays takes days in. Two dates side by side, without a comma, are no list
// and no date: 两个月后的5号.
func (p *parser) addDays(days []daySpec, tok int) {
	if n := len(p.cur.days); n == 1 && len(days) == 1 && (p.cur.days[0].kind == dayRelative && days[0].kind == dayMonth || // 明天（11月24日）
		p.cur.every == nil && sameDay(p.cur.days[0], days[0])) {
		days[0].sameAs = &p.cur.days[0]
		p.cur.days = nil
	} else if n > 0 && p.cur.days[n-1].kind != dayWeekday && days[0].kind != dayWeekday {
		p.fail("when.unreadable", p.cur.days[n-1].from, p.i)
	}
	p.cur.days = append(p.cur.days, days...)
	if p.cur.dayAt == 0 {
		p.cur.dayAt = tok + 1
	}
	if len(p.cur.days) > maxItems {
		p.fail("when.too_many", p.cur.days[0].from, p.i)
	}
}

// dayComponent reads days, a range of days too.
func (p *parser) dayComponent() bool {
	start := p.i
	if days, ok := p.nthDay(); ok {
		p.addDays(days, start)
		return true
	}
	days, ok := p.day()
	if !ok {
		return false
	}
	if p.tok(0).is(cWeekday) && p.tok(0).word.plural {
		return false
	}
	p.weekdayNote(days)
	days = p.afterDay(days)
	p.splitHere(days)
	p.addDays(days, start)
	if len(days) == 1 && p.rangeSign(false) && p.err == nil {
		p.dayRange(days[0])
	}
	return true
}

// afterDay reads 元旦后第一个工作日.
func (p *parser) afterDay(days []daySpec) []daySpec {
	at := p.i
	if len(days) != 1 || !p.skip(cAfter) {
		return days
	}
	p.fillers()
	nths, ok := p.nths()
	if !ok || len(nths) != 1 {
		p.i = at
		return days
	}
	return []daySpec{{kind: dayAfter, nth: nths[0], base: &days[0], from: days[0].from, to: p.i}}
}

// splitHere ends a segment that is whole where another day begins without a
// comma: 周六 9:00-11:00 周日 14:00-16:00. A date behind a weekday and its clock
// is still the same day.
func (p *parser) splitHere(days []daySpec) {
	s := p.cur
	if len(s.days) == 0 || len(s.clocks) == 0 || s.every != nil || p.everAhead || s.clockFirst() {
		return
	}
	if s.onlyBareWeekdays() && (days[0].kind != dayWeekday || len(s.days) > 1) {
		return
	}
	p.finish("")
	p.segs[len(p.segs)-1].to, p.cur.from = days[0].from, days[0].from
}

// weekdayNote reads the （周六） behind a date.
func (p *parser) weekdayNote(days []daySpec) {
	if len(days) != 1 || !p.tok(0).punct("(") || !p.tok(1).is(cWeekday) || !p.tok(2).punct(")") {
		return
	}
	days[0].check = p.tok(1).word.val + 1
	p.i += 3
}

// dayRange reads the second day of 12月5日至7日 where no clock stands between.
func (p *parser) dayRange(first daySpec) {
	at := p.i
	p.i++
	last, ok := p.day()
	if ok {
		p.weekdayNote(last)
	}
	if !ok || len(last) != 1 || p.cur.every != nil && p.cur.every.unit != uWeek && p.cur.every.unit >= 0 {
		p.i = at
		return
	}
	if first.kind == dayMonth && last[0].kind == dayOfMonth && last[0].bare {
		last[0].kind, last[0].mo, last[0].y = dayMonth, first.mo, first.y
	}
	p.cur.days[len(p.cur.days)-1].to = p.i
	run := last[0]
	run.from = first.from
	p.cur.rangeTo(run)
}

// rangeTo marks that the last day goes on to another day.
func (s *segment) rangeTo(last daySpec) {
	s.days = append(s.days, last)
	s.days[len(s.days)-2].runs = true
}

// clockComponent reads a clock or a range of clocks.
func (p *parser) clockComponent() bool {
	start := p.i
	a, ok := p.clock()
	if !ok {
		return false
	}
	span := clockSpan{start: a}
	p.rangeEnd(&span)
	if n := len(p.cur.clocks); n > 0 {
		last := &p.cur.clocks[n-1]
		if last.ranged && span.ranged && len(p.cur.days) > 0 { // 周六 9:00-11:00 14:00-16:00
			p.finish("")
			p.cur.clocks, p.cur.clockAt = []clockSpan{span}, start+1
			return true
		}
		if last.ranged || !span.ranged && !p.tok(0).is(cFinish) {
			return false
		}
		if !span.ranged { // 9:00开始 11:00结束
			last.end, last.ranged = a, true
			p.i++
			return true
		}
		return false
	}
	if !span.ranged && p.tok(0).is(cFinish) && p.endsPrevious(a) {
		p.i++
		return true
	}
	p.cur.clocks = append(p.cur.clocks, span)
	if p.cur.clockAt == 0 {
		p.cur.clockAt = start + 1
	}
	return true
}

// endsPrevious makes a clock the end of the time before: 9点开始，11点结束.
func (p *parser) endsPrevious(end clock) bool {
	if !p.cur.empty() || len(p.segs) == 0 {
		return false
	}
	before := p.segs[len(p.segs)-1]
	if len(before.clocks) != 1 || before.clocks[0].ranged {
		return false
	}
	before.clocks[0].end, before.clocks[0].ranged = end, true
	return true
}

// rangeEnd reads "-11:00", "到次日凌晨2点", "to Sun 17:00", "and 11" after
// between.
func (p *parser) rangeEnd(s *clockSpan) {
	at := p.i
	between := at >= 2 && p.betweenBehind(s.start.from)
	p.skip(cBegin)
	if p.skipPunct(",") {
		for p.skip(cFill) {
		}
	}
	if !p.rangeSign(true) && !(between && p.tok(0).is(cSep)) {
		p.i = at
		return
	}
	p.i++
	for p.tok(0).punct("->") || p.tok(0).is(cFill) {
		p.i++
	}
	p.inRange = true
	defer func() { p.inRange = false }()
	keep := p.cur.part
	if days, ok := p.day(); ok && len(days) == 1 {
		s.endDay = &days[0]
		p.fillers()
		p.skipPunct(",")
	} else if p.skip(cNextDay) {
		s.endDay = &daySpec{kind: dayNextDay, from: p.i - 1, to: p.i}
		p.fillers()
	}
	endPart := p.cur.part
	p.cur.part = noPart
	if s.endDay != nil && endPart != keep {
		p.cur.part = endPart // 到明晚8点
	}
	c, ok := p.clock()
	p.cur.part = keep
	if !ok {
		s.endDay = nil
		p.i = at
		return
	}
	s.end, s.ranged = c, true
	if s.endDay == nil && p.skip(cNextDay) { // 22:00 to 6:00 next day
		s.endDay = &daySpec{kind: dayNextDay, from: p.i - 1, to: p.i}
	}
	p.skip(cFinish)
}

func (p *parser) betweenBehind(clockAt int) bool {
	return clockAt > 0 && p.toks[clockAt-1].is(cBetween)
}

// partWord reads a part of the day that stands apart from its clock.
func (p *parser) partWord() bool {
	t := p.tok(0)
	if !t.is(cPart) || p.cur.part != noPart && p.cur.part != t.word.part {
		return false
	}
	p.cur.setPart(t.word.part, p.i)
	p.cur.partHan = hasHan(t.raw)
	p.i++
	return true
}

// lengthWord reads "for 2 hours", "2小时" after a time.
func (p *parser) lengthWord() bool {
	p.skip(cTotal)
	s, ok := p.span()
	if !ok || s.clockless() || s.months > 0 || p.cur.length != nil || p.tok(0).is(cBefore) || p.tok(0).raw == "内" {
		return false
	}
	p.cur.length = &s
	return true
}

// zoneWord reads UTC, UTC+8, 北京时间, Europe/Riga.
func (p *parser) zoneWord() bool {
	t := p.tok(0)
	if t.is(cZone) {
		p.i++
		loc, err := time.LoadLocation(t.word.name)
		if err != nil {
			return false
		}
		if p.tok(0).punct("+-") && t.word.name == "UTC" {
			h, ok := p.tok(1).whole()
			if !ok || h > 14 {
				return false
			}
			if p.tok(0).raw == "-" {
				h = -h
			}
			loc = time.FixedZone("", h*3600)
			p.i += 2
		}
		p.cur.zone = loc
		return true
	}
	return false
}
