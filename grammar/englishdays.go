package grammar

// englishMonthDay reads Dec 5, December 5th 2026, 5 December, the 5th of Dec.
func (p *parser) englishMonthDay() ([]daySpec, bool) {
	p.article()
	base := daySpec{kind: dayMonth}
	if p.tok(0).is(cYearRel) && p.tok(1).is(cMonth) { // next year March 8
		base.y, base.yearRel = p.local.Year()+p.tok(0).word.val, true
		p.i++
	}
	if t := p.tok(0); t.is(cMonth) {
		base.mo = t.word.val
		p.i++
		p.skipPunct(".,")
		p.article()
		if y, ok := p.yearNumber(0); ok && !p.tok(1).is(cDayMark) {
			p.i++
			base.y, base.kind = y, dayMonthWhole
			return one(base)
		}
		if _, ok := p.tok(0).whole(); !ok || p.tok(1).is(cOclock) || p.tok(1).is(cAmPm) {
			base.kind = dayMonthWhole
			return one(base)
		}
		days, ok := p.dayNumbers(base, false)
		if base.y == 0 {
			p.year(days)
		}
		return days, ok
	}
	if d, ok := p.tok(0).whole(); ok && p.tok(1).punct("-") && p.tok(2).is(cMonth) { // 5-Dec-2026
		base.d, base.mo = d, p.tok(2).word.val
		p.i += 3
		if y, ok := p.yearNumber(1); ok && p.tok(0).punct("-") {
			base.y = y
			p.i += 2
		}
		return one(base)
	}
	return p.dayFirst(base)
}

// dayFirst reads 5 December, 5-7 Dec, 5th and 6th of December.
func (p *parser) dayFirst(base daySpec) ([]daySpec, bool) {
	var numbers []int
	ranged := false
	for {
		d, ok := p.tok(0).whole()
		if !ok || p.tok(0).raw == "" || d > 99 {
			return nil, false
		}
		numbers = append(numbers, d)
		p.i++
		if p.tok(0).punct("-~") || p.tok(0).is(cTo) {
			ranged = true
		} else if !p.separator(0) {
			break
		}
		p.i++
		p.article()
	}
	p.article()
	if !p.tok(0).is(cMonth) {
		return nil, false
	}
	base.mo = p.tok(0).word.val
	p.i++
	p.skipPunct(".")
	if ranged && len(numbers) == 2 {
		for d := numbers[0] + 1; d < numbers[1] && len(numbers) < maxItems; d++ {
			numbers = append(numbers, d)
		}
		last := numbers[1]
		numbers = append(append(numbers[:1:1], numbers[2:]...), last)
	}
	var days []daySpec
	for _, d := range numbers {
		base.d = d
		days = append(days, base)
	}
	p.year(days)
	return days, true
}

// yearNumber gives the four-digit year at the token, if it is a likely one.
func (p *parser) yearNumber(ahead int) (int, bool) {
	y, ok := p.tok(ahead).whole()
	const nearest, farthest = 2000, 2199
	return y, ok && y >= nearest && y <= farthest && !p.tok(ahead).spelled
}

// year takes ", 2026" after a month and day.
func (p *parser) year(days []daySpec) {
	ahead := 0
	if p.tok(0).punct(",") {
		ahead = 1
	}
	y, ok := p.yearNumber(ahead)
	rel := p.tok(ahead).is(cYearRel)
	if !ok && !rel {
		return
	}
	if rel {
		y = p.local.Year() + p.tok(ahead).word.val
	}
	p.i += ahead + 1
	for i := range days {
		days[i].y, days[i].yearRel = y, rel
	}
}

// relativeMonthDay reads 下个月5号, 本月底, the 5th of next month.
func (p *parser) relativeMonthDay() ([]daySpec, bool) {
	base := daySpec{kind: dayOfMonth}
	if n, ok := p.relativeMonth(); ok {
		base.n = n
		p.skip(cFill)
		if nths, ok := p.nths(); ok {
			base.n = n
			return nthDays(nths, base), true
		}
		p.article()
		if p.tok(0).is(cMonthEnd) || p.tok(0).is(cLastDay) || p.tok(0).raw == "底" || p.tok(0).raw == "末" {
			p.i++
			base.d = -1
			return one(base)
		}
		if days, ok := p.dayNumbers(base, true); ok {
			return days, true
		}
		base.kind = dayMonthWhole
		return one(base)
	}
	if p.tok(0).is(cRel) && p.tok(1).is(cMonthEnd) {
		base.n, base.d = p.tok(0).word.val, -1
		p.i += 2
		return one(base)
	}
	p.article()
	t := p.tok(0)
	d, ok := t.whole()
	if !ok || !t.ord {
		return nil, false
	}
	p.i++
	p.article()
	n, ok := p.relativeMonth()
	if !ok {
		return nil, false
	}
	base.n, base.d = n, d
	return one(base)
}

// relativeMonth reads 下个月, this month: months from this one.
func (p *parser) relativeMonth() (int, bool) {
	t, u := p.tok(0), p.tok(1)
	if t.is(cRel) && t.word.n == 0 && (u.is(cMonthMark) || u.is(cUnit) && u.word.val == uMonth) {
		p.i += 2
		return t.word.val, true
	}
	if p.tok(-1).raw == "the" && t.is(cUnit) && t.word.val == uMonth && t.raw == "month" {
		p.i++
		return 0, true
	}
	if t.is(cFill) && t.raw == "the" && u.is(cUnit) && u.word.val == uMonth {
		p.i += 2
		return 0, true
	}
	return 0, false
}
