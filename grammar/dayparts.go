package grammar

// markedDay reads 5号, 5日和20日, the 5th.
func (p *parser) markedDay() ([]daySpec, bool) {
	p.article()
	base := daySpec{kind: dayOfMonth, bare: true}
	t := p.tok(0)
	if _, ok := t.whole(); !ok {
		return nil, false
	}
	switch {
	case t.ord && !p.tok(1).is(cWeekday):
		return p.dayNumbers(base, false)
	case p.tok(1).is(cDayMark) && !p.tok(2).is(cAfter), p.laterMark(0):
		return p.dayNumbers(base, true)
	case p.tok(1).punct("-~") || p.tok(1).is(cTo):
		if _, ok := p.tok(2).whole(); ok && p.tok(3).is(cDayMark) {
			return p.dayNumbers(base, true)
		}
	case p.cur.every != nil && p.cur.every.unit == uMonth && !p.clockWord(1) && t.kind == tNum && !p.tok(1).is(cUnit) && !p.tok(1).is(cPiece):
		p.i++
		base.d, _ = t.whole()
		return one(base) // monthly 1 09:00
	}
	return nil, false
}

// relativeDay reads 今天, tomorrow, 明晚.
func (p *parser) relativeDay() ([]daySpec, bool) {
	t := p.tok(0)
	if !t.is(cRelDay) {
		return nil, false
	}
	p.i++
	if t.word.part != noPart {
		p.cur.setPart(t.word.part, p.i-1)
	}
	return one(daySpec{kind: dayRelative, n: t.word.val, tomorrow: t.word.val == 1})
}

// edgeDay reads 月底, end of next month, 年底.
func (p *parser) edgeDay() ([]daySpec, bool) {
	t := p.tok(0)
	switch {
	case t.is(cMonthEnd):
		p.i++
		return one(daySpec{kind: dayOfMonth, n: t.word.val, d: -1})
	case t.is(cYearEnd):
		p.i++
		return one(daySpec{kind: dayMonth, y: p.local.Year(), yearRel: true, mo: 12, d: 31})
	}
	return nil, false
}

// feastDay reads 元旦, Christmas Eve, with a year in front or behind.
func (p *parser) feastDay() ([]daySpec, bool) {
	spec := daySpec{kind: dayMonth}
	if n, ok := p.tok(0).whole(); ok && p.tok(1).is(cYearMark) {
		spec.y = n
		p.i += 2
	} else if p.tok(0).is(cYearRel) {
		spec.y, spec.yearRel = p.local.Year()+p.tok(0).word.val, true
		p.i++
	}
	t := p.tok(0)
	if !t.is(cFeast) {
		return nil, false
	}
	p.i++
	spec.mo, spec.d = t.word.val/100, t.word.val%100
	days := []daySpec{spec}
	if spec.y == 0 {
		p.year(days)
	}
	return days, true
}
