package grammar

import "time"

// nths reads the nth day of a month: 第一、三个周六, last Friday, 最后一天.
func (p *parser) nths() ([]nthDay, bool) {
	at := p.i
	p.article()
	if p.tok(0).is(cLastDay) {
		p.i++
		return []nthDay{{nth: -1, day: true}}, true
	}
	numbers := p.nthNumbers()
	if len(numbers) == 0 {
		p.i = at
		return nil, false
	}
	what := nthDay{}
	t := p.tok(0)
	switch {
	case t.is(cWeekday):
		what.what = time.Weekday(t.word.val)
		p.i++
		p.skipPunct(".")
	case t.is(cWorkdays):
		what.workday = true
		p.i++
	case t.is(cUnit) && t.word.val == uDay:
		what.day = true
		p.i++
	case p.weekNumber():
		d, _ := p.tok(1).whole()
		what.what = time.Weekday(d % 7)
		p.i += 2
	default:
		p.i = at
		return nil, false
	}
	if p.toks[at].raw == "last" && !p.everAhead && !p.monthFollows() && !what.day && !what.workday {
		p.i = at
		return nil, false
	}
	out := make([]nthDay, len(numbers))
	for i, n := range numbers {
		out[i] = what
		out[i].nth = n
	}
	return out, true
}

// nthNumbers reads 第一、三个 or first and third.
func (p *parser) nthNumbers() []int {
	var numbers []int
	for {
		at := p.i
		if len(numbers) > 0 {
			for p.separator(0) {
				p.i++
			}
			p.article()
		}
		t := p.tok(0)
		switch n, ok := p.tok(1).whole(); {
		case t.is(cNth) && t.word.val != 0:
			numbers = append(numbers, t.word.val)
			p.i++
		case t.is(cNth) && ok:
			if t.raw == "倒数第" {
				n = -n
			}
			numbers = append(numbers, n)
			p.i += 2
		case t.kind == tNum && (t.ord || t.han && len(numbers) > 0 && p.i > at):
			numbers = append(numbers, int(t.num))
			p.i++
		default:
			p.i = at
			return numbers
		}
		p.skip(cPiece)
		p.skip(cFill)
	}
}

// monthFollows tells whether "of the month", "in December" comes next.
func (p *parser) monthFollows() bool {
	for k := 0; k < 4; k++ {
		t := p.tok(k)
		if t.is(cMonth) || t.is(cMonthMark) || t.is(cUnit) && t.word.val == uMonth {
			return true
		}
		if !t.is(cFill) && !t.is(cIn) && !t.is(cRel) && !t.is(cEvery) {
			return false
		}
	}
	return false
}

// nthDays places nths in the month that base names.
func nthDays(nths []nthDay, base daySpec) []daySpec {
	out := make([]daySpec, len(nths))
	for i, n := range nths {
		out[i] = base
		out[i].kind, out[i].nth = dayNth, n
	}
	return out
}
