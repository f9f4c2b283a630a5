package grammar

import "time"

// span is a length of time: calendar months and days, and a duration.
type span struct {
	months, days int
	dur          time.Duration
}

// clockless tells whether s says nothing below a day.
func (s span) clockless() bool { return s.dur == 0 }

func (s span) add(unit int, n float64) (span, bool) {
	whole := n == float64(int(n))
	const most = 1_000_000
	if n < 0 || n > most {
		return s, false
	}
	switch unit {
	case uSecond:
		s.dur += time.Duration(n * float64(time.Second))
	case uMinute:
		s.dur += time.Duration(n * float64(time.Minute))
	case uHour:
		s.dur += time.Duration(n * float64(time.Hour))
	case uDay:
		if !whole {
			s.dur += time.Duration(n * float64(24*time.Hour))
			return s, true
		}
		s.days += int(n)
	case uWeek:
		s.days += int(n * 7)
		return s, whole
	case uMonth:
		s.months += int(n)
		return s, whole
	case uQuarter:
		s.months += int(n * 3)
		return s, whole
	case uYear:
		s.months += int(n * 12)
		return s, whole
	}
	return s, true
}

// flat is s as a duration, a day as 24 hours; months cannot be flat.
func (s span) flat() (time.Duration, bool) {
	return s.dur + time.Duration(s.days)*24*time.Hour, s.months == 0
}

// span reads 2 hours, 一个半小时, half an hour, 1h30m, 两周.
func (p *parser) span() (span, bool) {
	start := p.i
	var total span
	found := false
	for {
		at := p.i
		if found {
			for p.tok(0).is(cSep) || p.tok(0).raw == "零" {
				p.i++
			}
		}
		n, unit, ok := p.amount()
		if !ok {
			p.i = at
			break
		}
		sum, ok := total.add(unit, n)
		if !ok {
			p.i = start
			return span{}, false
		}
		total, found = sum, true
		// 1h30: a bare number after hours is minutes.
		if m, ok := p.tok(0).whole(); ok && unit == uHour && p.tok(0).glued && p.tok(-1).raw == "h" && m < 60 && !p.tok(1).is(cUnit) {
			total.dur += time.Duration(m) * time.Minute
			p.i++
		}
	}
	if !found {
		p.i = start
	}
	return total, found
}

// amount reads a number and its unit; a half may stand in three places.
func (p *parser) amount() (n float64, unit int, ok bool) {
	for p.tok(0).is(cFill) && p.tok(0).raw != "a" && p.tok(0).raw != "an" {
		p.i++
	}
	half := 0.0
	switch t := p.tok(0); {
	case t.is(cHalf):
		n = 0.5
		p.i++
		p.skip(cPiece)
	case t.is(cQuarter) && p.tok(1).raw == "of": // a quarter of an hour
		n = 0.25
		p.i += 2
	case t.kind == tNum && !t.ord:
		n = t.num
		p.i++
		if p.skip(cPiece) || p.tok(0).is(cHalf) {
			if p.skip(cHalf) {
				half = 0.5
			}
		}
		if p.tok(0).is(cSep) && p.tok(1).is(cHalf) { // two and a half hours
			p.i += 2
			half = 0.5
		}
	case t.is(cPiece) && !hasHan(t.raw): // a couple of hours
		n = 2
		p.i++
	case t.raw == "a" || t.raw == "an":
		n = 1
		p.i++
	default:
		return 0, 0, false
	}
	if p.tok(0).raw == "of" || p.tok(0).raw == "an" || p.tok(0).raw == "a" {
		p.i++
	}
	unit, scale, ok := p.unit()
	if !ok {
		return 0, 0, false
	}
	if p.tok(0).is(cHalf) && half == 0 && unit == uHour && !p.tok(1).is(cUnit) && !p.tok(1).is(cPiece) { // 一小时半
		p.i++
		half = 0.5
	} else if p.tok(0).is(cSep) && p.tok(1).is(cHalf) && !p.tok(2).is(cUnit) { // an hour and a half
		p.i += 2
		half = 0.5
	}
	return (n + half) * scale, unit, true
}

// unit reads a unit of length; 刻 is fifteen minutes, 日 only before 后.
func (p *parser) unit() (unit int, scale float64, ok bool) {
	t := p.tok(0)
	switch {
	case t.is(cUnit):
		p.i++
		return t.word.val, float64(max(t.word.n, 1)), true
	case t.is(cKe) && t.raw == "刻钟":
		p.i++
		return uMinute, 15, true
	case t.is(cMinute) && !p.tok(-2).is(cOclock):
		p.i++
		return uMinute, 1, true
	case t.is(cYearMark):
		p.i++
		return uYear, 1, true
	case t.is(cDayMark) && t.raw == "日" && p.tok(1).is(cAfter):
		p.i++
		return uDay, 1, true
	case t.is(cQuarter) && p.tok(-1).is(cHalf):
		return 0, 0, false
	}
	return 0, 0, false
}

// ParseDuration reads a length of time ("90m", "1.5h", "一个半小时", "2 days").
// A day counts as 24 hours.
func ParseDuration(text string) (time.Duration, bool) {
	p := newParser(text, Options{Now: time.Unix(0, 0)})
	s, ok := p.span()
	if !ok || p.i != len(p.toks) {
		return 0, false
	}
	return s.flat()
}
