package grammar

import "time"

// everyWord reads every, every 2 weeks, 每两周, 每, 隔周, weekly, daily.
func (p *parser) everyWord() bool {
	t := p.tok(0)
	switch {
	case t.is(cFreq):
		p.i++
		p.setEvery(t.word.val, t.word.n, p.i-1)
		p.once()
		return true
	case t.is(cEvery):
		return p.everyUnit(t)
	case t.raw == "a" && p.cur.every == nil && p.tok(1).is(cUnit):
		return false
	}
	return p.onceAUnit()
}

func (p *parser) setEvery(unit, interval, tok int) {
	e := p.cur.every
	if e == nil {
		p.cur.every = &everySpec{unit: unit, interval: interval, tok: tok, fixed: true}
		return
	}
	if e.unit >= 0 && e.fixed && unit != e.unit && !(e.unit == uDay || unit == uDay) {
		p.fail("when.unreadable", tok, p.i)
		return
	}
	if unit == uDay && e.unit == uWeek { // 周一到周五每天, every weekday daily
		return
	}
	e.unit, e.fixed = unit, true
	e.interval = max(e.interval, interval)
}

// everyUnit reads what follows every.
func (p *parser) everyUnit(t token) bool {
	tok := p.i
	interval := t.word.val
	p.i++
	p.fillers()
	n := 1
	if v, ok := p.tok(0).whole(); ok && p.everyCount() {
		n = v
		p.i++
		p.skip(cPiece)
		if interval == 0 { // 每隔一天 is every second day; 每隔两天 is disputed
			if n != 1 {
				p.fail("when.which_rule", tok, p.i+1)
				return true
			}
			n = 2
		}
		interval = max(interval, 1) * n
	} else if interval == 0 {
		interval = 2
	}
	if interval > 366 || interval < 1 {
		p.fail("when.unreadable", tok, p.i)
		return true
	}
	if p.skip(cLunar) { // every lunar month
		p.cur.lunar = true
	}
	u := p.tok(0)
	switch {
	case u.is(cMonthMark):
		p.i++
		p.setEvery(uMonth, interval, tok)
	case u.is(cQuarter):
		p.i++
		p.setEvery(uQuarter, interval, tok)
	case u.is(cUnit) && !p.weekNumber():
		if u.word.val < uDay {
			p.fail("when.too_often", tok, p.i+1)
			return true
		}
		p.i++
		p.setEvery(u.word.val, interval*max(u.word.n, 1), tok)
	case u.is(cRel), u.is(cRelDay):
		return false
	default:
		if n == 2 && p.tok(-1).ord && u.is(cWeekday) {
			p.secondWeekday(tok)
			return true
		}
		p.makeBareEvery(interval, tok)
	}
	p.once()
	return true
}

// secondWeekday: "every second Tuesday" is every other one to some and the
// second of the month to others, unless the month is named.
func (p *parser) secondWeekday(tok int) {
	p.i++
	named := p.monthFollows()
	p.i -= 2
	if !named {
		p.fail("when.which_rule", tok, p.i+2)
		return
	}
	p.makeBareEvery(1, tok)
}

func (p *parser) makeBareEvery(interval, tok int) {
	if e := p.cur.every; e != nil {
		e.interval = max(e.interval, interval)
		return
	}
	p.cur.every = &everySpec{unit: -1, interval: interval, tok: tok}
}

// everyCount tells whether the number after every counts units (每2周, every
// second week) and is not a day (every 5th) or a month (每12月).
func (p *parser) everyCount() bool {
	t, next := p.tok(0), p.tok(1)
	switch {
	case next.is(cUnit), next.is(cPiece):
		return true
	case t.ord:
		return t.num == 2 && next.is(cWeekday)
	case next.is(cWeekday), next.is(cMonthMark) && !p.tok(2).isNumOrNth():
		return !t.ord
	case next.is(cYearMark):
		return true
	}
	return false
}

func (t token) isNumOrNth() bool { return t.kind == tNum }

// once skips 一次, once.
func (p *parser) once() {
	if n, ok := p.tok(0).whole(); ok && p.tok(1).is(cCount) {
		if n != 1 {
			p.fail("when.too_often", p.i, p.i+2)
			return
		}
		p.i += 2
	}
	p.skipPunct(":")
}

// onceAUnit reads 一周一次, once a week, 两周一次.
func (p *parser) onceAUnit() bool {
	tok := p.i
	if p.tok(0).raw == "once" {
		p.i++
	}
	n, unit, ok := p.amount()
	if !ok || unit < uDay || n != float64(int(n)) || n < 1 {
		return false
	}
	han := p.tok(0).kind == tNum && p.tok(0).num == 1 && p.tok(1).is(cCount)
	if !han && p.toks[tok].raw != "once" {
		return false
	}
	if unit == uWeek && int(n)%7 == 0 {
		n /= 7
	}
	p.setEvery(unit, int(n), tok)
	p.once()
	return true
}

// ruleEnd reads until Dec 31, 到12月31日为止, for 10 weeks.
func (p *parser) ruleEnd() bool {
	t := p.tok(0)
	if !p.everAhead && !p.ruleSoFar() {
		return false
	}
	if t.is(cTotal) {
		p.i++
		if s, ok := p.span(); ok && s.clockless() && p.cur.lasts == nil {
			p.cur.lasts = &s
			return true
		}
		return false
	}
	led := t.is(cTo) || t.is(cUntil)
	if led {
		p.i++
	}
	p.fillers()
	days, ok := p.day()
	if !led && !p.tok(0).is(cFinish) { // 12月31日为止
		return false
	}
	if !ok || len(days) != 1 || p.clockAhead(0) || p.tok(0).is(cFill) && p.clockAhead(1) || p.cur.until != nil {
		return false
	}
	p.cur.until = &days[0]
	p.skip(cFinish)
	return true
}

func (p *parser) ruleSoFar() bool {
	if p.cur.every != nil {
		return true
	}
	for _, s := range p.segs {
		if s.every != nil {
			return true
		}
	}
	return false
}

// ruleBegin reads from Dec 1, 从12月1日起, starting next Wednesday.
func (p *parser) ruleBegin() bool {
	t := p.tok(0)
	if !p.everAhead || p.cur.begin != nil {
		return false
	}
	from := p.skip(cFrom)
	p.fillers()
	if !from && !t.is(cRelDay) && t.kind != tNum && t.kind != tDate && !t.is(cMonth) && !t.is(cRel) {
		return false
	}
	days, ok := p.day()
	if !ok || len(days) != 1 {
		return false
	}
	begin := p.skip(cBegin)
	if !from && !begin || p.rangeSign(false) && !begin {
		return false
	}
	if from && !begin && days[0].kind == dayWeekday && days[0].bare {
		// "from Monday to Friday" names the days of the rule.
		if p.cur.every == nil && p.tok(0).is(cTo) {
			return false
		}
	}
	p.cur.begin = &days[0]
	return true
}

// count reads "10 times", 共8次.
func (p *parser) count() bool {
	if !p.everAhead {
		return false
	}
	total := p.skip(cTotal)
	n, ok := p.tok(0).whole()
	if !ok || !p.tok(1).is(cCount) || !total && hasHan(p.tok(1).raw) || n < 1 || n > 1000 {
		return false
	}
	p.cur.times = n
	p.i += 2
	return true
}

// workdayWord reads workdays, 工作日: a rule without every.
func (p *parser) workdayWord() bool {
	if !p.tok(0).is(cWorkdays) {
		return false
	}
	tok := p.i
	p.i++
	e := p.cur.every
	if e != nil && e.fixed && (e.unit > uWeek || e.interval > 1) || len(p.cur.days) > 0 {
		return false
	}
	p.cur.every = &everySpec{unit: uWeek, interval: 1, tok: tok, fixed: true}
	var days []daySpec
	for d := time.Monday; d <= time.Friday; d++ {
		days = append(days, daySpec{kind: dayWeekday, bare: true, weekday: d, from: tok, to: p.i})
	}
	p.addDays(days, tok)
	return true
}
