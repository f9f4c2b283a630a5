package grammar

// clock is a time of day as it was said.
type clock struct {
	h, m, s int
	part    dayPart
	partHan bool // the part was said in Chinese, for this clock alone
	loose   bool // "3", "3点": no colon, so 3 may be 15
	word    bool // noon, midnight: no number
	mid     bool // midnight: the one before or after?
	// night: am after "tonight", so after midnight.
	night    bool
	from, to int
}

// noHour is an hour that no clock has.
const noHour = 99

// minutes of a day; a clock may point past its end.
const (
	noonMinute = 12 * 60
	dayMinutes = 24 * 60
)

// clock reads a time of day. A part of the day in front or behind is taken in;
// standing alone, only noon and midnight are times.
func (p *parser) clock() (clock, bool) {
	start := p.i
	c := clock{from: start}
	if p.tok(0).is(cPart) {
		c.part, c.partHan = p.tok(0).word.part, hasHan(p.tok(0).raw)
		p.i++
		for p.skip(cFill) {
		}
		p.skipPunct(",")
	} else {
		for p.tok(0).is(cFill) {
			p.i++
		}
	}
	if !p.clockNumber(&c) {
		p.i = start
		return p.clockWordOnly()
	}
	p.clockTail(&c)
	c.to = p.i
	if c.part == noPart && p.cur.part != noPart {
		c.part, c.partHan = p.cur.part, p.cur.partHan
	} else if (c.part == pAM || c.part == pPM) && c.part == pAM && (p.cur.part == pEvening || p.cur.part == pNight) && c.h%12 < 6 {
		c.night = true
	}
	return c, true
}

// clockWordOnly reads noon, 中午, midnight, 零点 without a number.
func (p *parser) clockWordOnly() (clock, bool) {
	for p.tok(0).is(cFill) {
		p.i++
	}
	c := clock{from: p.i, to: p.i + 1, word: true}
	t := p.tok(0)
	switch {
	case t.is(cPart) && t.word.part == pNoon:
		c.h = 12
	case t.is(cMidnight):
		c.mid = true
		p.i++
		if p.clockNumber(&c) { // 午夜12点
			if c.word = c.h%12 == 0 && c.m == 0; c.word {
				c.h = 0
			} else {
				c.part = pNight
			}
			c.to = p.i
			return c, true
		}
		p.i--
	default:
		p.i = c.from
		return clock{}, false
	}
	p.i++
	p.skip(cSharp)
	return c, true
}

// clockNumber reads the digits: 19:30, 9点半, half past 7, 9 (where a number
// can be an hour).
func (p *parser) clockNumber(c *clock) bool {
	t := p.tok(0)
	switch {
	case t.kind == tClock:
		c.h, c.m, c.s = t.h, t.m, t.s
		p.i++
		return true
	case t.is(cPast), t.is(cShort) && t.word.val > 0:
		return p.pastHour(c)
	case t.is(cShort):
		return p.shortOf(c)
	}
	h, ok := t.whole()
	if !ok && p.dottedClock(c) {
		return true
	}
	if !ok || t.ord {
		return false
	}
	next := p.tok(1)
	switch {
	case next.is(cOclock):
		c.h, c.loose = h, !(t.raw[0] == '0' && len(t.raw) == 2) && h != 0
		p.i += 2
		p.hanMinutes(c)
		return true
	case next.is(cAmPm):
		if c.h = h; h > 12 || h == 0 && next.word.part == pPM {
			c.h = noHour // 13pm
		}
		p.i++
		return true
	case t.fourDigits() && !next.is(cYearMark) && !next.is(cUnit):
		if p.cur.hasDay() || p.inRange || next.is(cAmPm) || p.tok(2).fourDigits() {
			c.h, c.m = h/100, h%100
			p.i++
			return true
		}
		return false
	case t.spelled && next.spelled && next.num >= 10 && next.num < 60 && !next.ord:
		c.h, c.m, c.loose = h, int(next.num), true
		p.i += 2
		return true
	}
	if !p.bareHour(h) {
		return false
	}
	c.h, c.loose = h, true
	p.i++
	return true
}

// dottedClock reads the 9.30 of "tomorrow 9.30". In Chinese it is a date.
func (p *parser) dottedClock(c *clock) bool {
	t := p.tok(0)
	dot := indexByte(t.raw, '.')
	if p.chinese || t.kind != tNum || dot < 1 || dot > 2 || len(t.raw) != dot+3 || !p.cur.hasDay() && !p.inRange || p.tok(1).is(cUnit) {
		return false
	}
	c.h, c.m = toInt(t.raw[:dot]), toInt(t.raw[dot+1:])
	p.i++
	return true
}

// fourDigits: 0930 and 1930 are clocks where a day is said.
func (t token) fourDigits() bool {
	return t.kind == tNum && len(t.raw) == 4 && !t.han && !t.spelled && !t.ord && indexByte(t.raw, '.') < 0
}

// bareHour tells whether a number alone can be an hour here: something else
// must already say that this is a time.
func (p *parser) bareHour(h int) bool {
	t, next := p.tok(0), p.tok(1)
	if h > 24 || t.kind != tNum || len(t.raw) > 2 && !t.han && !t.spelled || next.kind == tSlash {
		return false
	}
	switch next.class() {
	case cDayMark, cMonthMark, cYearMark, cUnit, cPiece, cMonth, cCount, cHalf:
		return false
	}
	if next.is(cPart) && p.i > 0 {
		return true
	}
	if next.punct("-~") || next.is(cTo) {
		if e, ok := p.tok(2).whole(); ok && e <= 24 && !p.tok(2).ord {
			return p.cur.hasDay() || p.inRange || p.hadClock() || p.clockWord(3) || p.dayLater(3)
		}
		return p.cur.hasDay() || p.tok(2).kind == tClock
	}
	return p.cur.hasDay() || p.hadClock() || p.inRange || p.cur.part != noPart || p.partBefore() || p.tok(-1).raw == "at" || p.tok(-1).is(cBetween)
}

// hadClock tells whether an earlier item of the list said a day or a clock:
// 9-11, 14-16.
func (p *parser) hadClock() bool {
	return len(p.cur.clocks) == 0 && len(p.segs) > 0
}

// dayLater tells whether a day is still to come before the next comma.
func (p *parser) dayLater(ahead int) bool {
	for k := ahead; p.i+k < len(p.toks) && !p.separator(k); k++ {
		if t := p.tok(k); t.is(cRelDay) || t.is(cWeekday) || t.kind == tDate || t.is(cMonth) {
			return true
		}
	}
	return false
}

func (p *parser) partBefore() bool { return p.i > 0 && p.tok(-1).is(cPart) }

// hanMinutes reads what follows 点: 半, 一刻, 15分, 05, 整.
func (p *parser) hanMinutes(c *clock) {
	t := p.tok(0)
	switch {
	case t.is(cHalf) && hasHan(t.raw):
		c.m = 30
		p.i++
		return
	case t.is(cSharp):
		p.i++
		return
	}
	n, ok := t.whole()
	if !ok || t.ord {
		return
	}
	switch next := p.tok(1); {
	case next.is(cKe):
		c.m = n * 15
		p.i += 2
	case next.is(cMinute):
		c.m = n
		p.i += 2
	case !p.numberTail(1) && t.glued && (len(t.raw) == 2 || t.han):
		c.m = n
		p.i++
	}
	p.skip(cSharp)
}

// pastHour reads half past 7, quarter to 8.
func (p *parser) pastHour(c *clock) bool {
	t := p.tok(0)
	h, ok := p.tok(1).whole()
	if !ok || h < 1 || h > 23 {
		return false
	}
	c.h, c.m, c.loose = h, t.word.val, true
	if t.is(cShort) {
		c.h, c.m = h-1, 60-t.word.val
		if c.h == 0 {
			c.h = 12
		}
	}
	p.i += 2
	p.skip(cOclock)
	return true
}

// shortOf reads 差一刻九点, 差5分8点.
func (p *parser) shortOf(c *clock) bool {
	n, ok := p.tok(1).whole()
	if !ok {
		return false
	}
	k := 2
	switch {
	case p.tok(2).is(cKe):
		n *= 15
		k++
	case p.tok(2).is(cMinute), p.tok(2).is(cUnit) && p.tok(2).word.val == uMinute:
		k++
	}
	h, ok := p.tok(k).whole()
	if !ok || !p.tok(k+1).is(cOclock) || h < 1 || n <= 0 || n >= 60 {
		return false
	}
	c.h, c.m, c.loose = h-1, 60-n, true
	p.i += k + 2
	return true
}

// clockTail reads am, pm, o'clock, sharp, "in the evening" behind the digits.
func (p *parser) clockTail(c *clock) {
	for {
		t := p.tok(0)
		switch {
		case t.is(cAmPm):
			if t.word.part == pAM || t.word.part == pPM {
				c.part, c.loose, c.partHan = t.word.part, false, false
			}
			p.i++
		case t.is(cSharp), t.is(cOclock) && !hasHan(t.raw) && c.from < p.i:
			p.i++
		case t.is(cPart) && c.part == noPart && !p.clockAhead(1) && p.cur.part == noPart && p.tok(1).kind != tNum:
			c.part = t.word.part
			p.i++
		default:
			return
		}
	}
}
