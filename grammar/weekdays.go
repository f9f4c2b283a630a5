package grammar

import (
	"strings"
	"time"
)

// weekdays reads one or several days of the week, with their week: 周五,
// 下周一、三, next Fri and Sat, Friday next week, 周一到周五.
func (p *parser) weekdays() ([]daySpec, bool) {
	week := daySpec{kind: dayWeekday, bare: true}
	weekSaid := p.week(&week)
	first, ok := p.weekday()
	if !ok {
		if days, ok := p.weekend(week); ok {
			return days, true
		}
		if weekSaid && !week.bare {
			week.kind = dayWeek
			return one(week)
		}
		return nil, false
	}
	days := p.moreWeekdays(first, week)
	if week.bare && !weekSaid {
		at := p.i
		for p.skip(cFill) {
		}
		var later daySpec
		if p.week(&later) && later.to != 0 { // Friday next week
			for i := range days {
				days[i].bare, days[i].n, days[i].to = false, later.n, p.i
			}
		} else {
			p.i = at
		}
	}
	return days, true
}

// week reads 下周, next, this coming; spec.to is set where the word week was.
func (p *parser) week(spec *daySpec) bool {
	start := p.i
	p.article()
	t := p.tok(0)
	if !t.is(cRel) && !(t.is(cNth) && t.raw == "last") {
		p.i = start
		return false
	}
	spec.n, spec.bare = t.word.val, t.word.n == 1
	p.i++
	if t.word.plural { // the week after next
		spec.to = p.i
		p.fillers()
		return true
	}
	if u := p.tok(0); u.is(cUnit) && u.word.val == uWeek {
		p.i++
		spec.to = p.i
		p.fillers()
		return true
	}
	if !p.tok(0).is(cWeekday) && !p.tok(0).is(cWeekend) && !p.weekNumber() {
		p.i = start
		return false
	}
	return true
}

// weekday reads one day of the week; 周5 and 星期5 too.
func (p *parser) weekday() (time.Weekday, bool) {
	t := p.tok(0)
	if t.is(cWeekday) {
		p.i++
		p.skipPunct(".")
		if t.word.plural {
			p.cur.makeEvery(uWeek, 1, p.i-1)
		}
		return time.Weekday(t.word.val), true
	}
	if p.weekNumber() {
		p.i += 2
		d, _ := p.tok(-1).whole()
		return time.Weekday(d % 7), true
	}
	return 0, false
}

// weekNumber looks for 周5.
func (p *parser) weekNumber() bool {
	t, n := p.tok(0), p.tok(1)
	if !t.is(cUnit) || t.word.val != uWeek || !hasHan(t.raw) || p.tok(-1).kind == tNum && p.i > 0 {
		return false
	}
	d, ok := n.whole()
	return ok && n.glued && !n.han && !n.ord && d >= 1 && d <= 7 && !p.numberTail(2)
}

// numberTail tells whether the token makes the number before it something else
// than a weekday.
func (p *parser) numberTail(ahead int) bool {
	t := p.tok(ahead)
	if t.kind != tWord {
		return false
	}
	switch t.word.class {
	case cOclock, cMonthMark, cDayMark, cYearMark, cUnit, cPiece, cCount, cMinute, cAmPm:
		return true
	}
	return false
}

// moreWeekdays reads what follows the first: 、三、五 / and Sat / 到周五.
func (p *parser) moreWeekdays(first time.Weekday, week daySpec) []daySpec {
	start := p.i - 1
	days := []time.Weekday{first}
	if last, ok := p.weekdayRange(); ok {
		for d := first; d != last; {
			d = (d + 1) % 7
			days = append(days, d)
		}
		return p.consecutive(days, week, start)
	}
	for {
		more, ok := p.anotherWeekday()
		if !ok {
			break
		}
		days = append(days, more...)
	}
	specs := make([]daySpec, len(days))
	for i, d := range days {
		specs[i] = week
		specs[i].weekday, specs[i].from, specs[i].to = d, start, p.i
	}
	return specs
}

// consecutive numbers the days of 周一到周五 from the first, so that they stay
// together in one week.
func (p *parser) consecutive(days []time.Weekday, week daySpec, start int) []daySpec {
	specs := make([]daySpec, len(days))
	for i, d := range days {
		specs[i] = week
		specs[i].weekday, specs[i].from, specs[i].to = d, start, p.i
		if week.bare {
			specs[i].d = i // days after the first
		}
	}
	return specs
}

func (p *parser) weekdayRange() (time.Weekday, bool) {
	at := p.i
	if !p.tok(0).is(cTo) && !p.tok(0).punct("-~") {
		return 0, false
	}
	p.i++
	if d, ok := p.weekday(); ok && p.tok(0).kind != tClock {
		return d, true
	} else if ok && p.tok(0).kind == tClock {
		return d, true
	}
	p.i = at + 1
	if t := p.tok(0); t.han || t.kind == tNum && hasHan(p.tok(-2).raw) && p.tok(-2).is(cWeekday) {
		if d, ok := t.whole(); ok && d >= 1 && d <= 6 && !p.numberTail(1) {
			p.i++
			return time.Weekday(d), true
		}
	}
	if t := p.tok(0); t.is(cDayMark) || t.is(cUnit) && t.raw == "天" {
		p.i++
		return time.Sunday, true
	}
	p.i = at
	return 0, false
}

// anotherWeekday reads one more of a list: ", Sat", "和周六", "三五".
func (p *parser) anotherWeekday() ([]time.Weekday, bool) {
	at := p.i
	separated := 0
	for p.separator(0) || p.tok(0).punct("/") {
		p.i++
		separated++
	}
	if p.tok(0).is(cWeekday) && (separated > 0 || hasHan(p.tok(0).raw)) {
		d, _ := p.weekday()
		return []time.Weekday{d}, true
	}
	if han := p.tok(at - p.i - 1); hasHan(han.raw) {
		if days := p.hanWeekdays(); len(days) > 0 {
			return days, true
		}
	}
	p.i = at
	return nil, false
}

const hanWeek = "日一二三四五六"

// hanWeekdays reads the bare 三五 or 日 of 周一三五 and 周三、日; an hour at the
// end of the run (周一三五七点) is left.
func (p *parser) hanWeekdays() []time.Weekday {
	t := p.tok(0)
	if t.is(cDayMark) && t.raw == "日" || t.is(cUnit) && t.raw == "天" {
		p.i++
		return []time.Weekday{time.Sunday}
	}
	if !t.han {
		return nil
	}
	rs := []rune(t.raw)
	keep := len(rs)
	if p.numberTail(1) {
		if !p.tok(1).is(cOclock) {
			return nil
		}
		keep = hourSuffix(rs)
	}
	var days []time.Weekday
	for _, r := range rs[:keep] {
		i := strings.IndexRune(hanWeek, r)
		if i <= 0 {
			return nil
		}
		days = append(days, time.Weekday(i/len("日")))
	}
	if len(days) == 0 {
		return nil
	}
	if keep == len(rs) {
		p.i++
		return days
	}
	rest := &p.toks[p.i]
	v, _ := hanValue(rs[keep:])
	rest.num, rest.raw, rest.from = float64(v), string(rs[keep:]), rest.from+keep
	return days
}

// hourSuffix finds where the hour begins in a run of numerals before 点.
func hourSuffix(rs []rune) int {
	for i := range rs {
		positional := len(rs)-i > 1
		for _, r := range rs[i:] {
			if r == '十' {
				positional = false
			}
		}
		v, n := hanValue(rs[i:])
		if n == len(rs)-i && v <= 24 && !positional {
			return i
		}
	}
	return len(rs)
}

// weekend reads 周末; 周六日 and weekends name both days.
func (p *parser) weekend(week daySpec) ([]daySpec, bool) {
	t := p.tok(0)
	if !t.is(cWeekend) {
		return nil, false
	}
	p.i++
	if t.word.plural {
		p.cur.makeEvery(uWeek, 1, p.i-1)
	}
	both := t.word.plural || strings.ContainsAny(t.raw, "六双") || p.cur.every != nil
	if !both {
		week.kind = dayWeekend
		return one(week)
	}
	sat, sun := week, week
	sat.weekday, sun.weekday = time.Saturday, time.Sunday
	if week.bare {
		sun.d = 1
	}
	return []daySpec{sat, sun}, true
}

// nthDay reads nths and the month they are in.
func (p *parser) nthDay() ([]daySpec, bool) {
	nths, ok := p.nths()
	if !ok {
		return nil, false
	}
	base := daySpec{bare: true}
	at := p.i
	if p.tok(0).raw == "after" && len(nths) == 1 { // first Monday after Christmas
		p.i++
		if days, ok := p.day(); ok && len(days) == 1 {
			return one(daySpec{kind: dayAfter, nth: nths[0], base: &days[0]})
		}
		p.i = at
	}
	for p.skip(cFill) || p.skip(cIn) {
	}
	if n, ok := p.relativeMonth(); ok {
		base.n, base.bare = n, false
	} else if t := p.tok(0); t.is(cMonth) {
		base.mo, base.bare = t.word.val, false
		p.i++
		if y, ok := p.yearNumber(0); ok {
			base.y = y
			p.i++
		}
	} else if t := p.tok(0); t.is(cUnit) && t.word.val == uMonth { // of the month
		base.bare = false
		p.i++
	} else {
		p.i = at
	}
	return nthDays(nths, base), true
}
