package grammar

import (
	"time"
)

type dayKind uint8

const (
	dayRelative   dayKind = iota // n days from today
	dayMonth                     // a day of a month, year 0 if not said
	dayOfMonth                   // the 5th; month n from this one, or -1 if not said
	dayWeekday                   // weekday; bare or in the week n from this one
	dayWeek                      // a week without a day
	dayNth                       // the nth weekday of a month
	dayNextDay                   // the day after the start
	dayWeekend                   // a weekend without a day
	dayMonthWhole                // a month without a day
	dayAfter                     // the nth weekday after another day
	dayLunar                     // a day of the Chinese calendar, month 0 if not said, d -1: the last
	dayTerm                      // a solar term, d its place in lunarTerms
)

// daySpec is a day as it was said, before it is given a place in the calendar.
type daySpec struct {
	kind     dayKind
	n        int
	bare     bool // weekday without a week; day without a month
	weekday  time.Weekday
	y, mo, d int // d -1: the last day
	yearRel  bool
	nth      nthDay
	base     *daySpec // of dayAfter
	tomorrow bool
	leap     bool     // of dayLunar: the leap month
	check    int      // weekday+1 that the day must be, 0 for any
	sameAs   *daySpec // said twice, as in 明天（11月24日）
	runs     bool     // goes on to the next day in the list
	from, to int      // tokens
}

// nthDay is the nth of a kind of day in a month: nth 1.. or -1.. of what.
type nthDay struct {
	nth  int
	what time.Weekday
	// workday: Monday to Friday; day: any day.
	workday, day bool
}

// concrete tells whether d needs no search for the next one.
func (d daySpec) concrete() bool { return d.kind != dayWeekday || !d.bare }

// today tells whether d is today: its morning may be past.
func (d daySpec) today() bool { return d.kind == dayRelative && d.n == 0 && d.mo == 0 }

// day reads one day, or several of one kind ("周六、周日", "Dec 5 and 6").
func (p *parser) day() ([]daySpec, bool) {
	start := p.i
	readers := [...]func() ([]daySpec, bool){
		p.lunarDay, p.isoDay, p.slashDay, p.hanMonthDay, p.englishMonthDay, p.relativeMonthDay,
		p.dotDay, p.markedDay, p.relativeDay, p.weekdays, p.edgeDay, p.feastDay,
	}
	for _, read := range readers {
		p.i = start
		if days, ok := read(); ok {
			for i := range days {
				if days[i].to == 0 {
					days[i].from, days[i].to = start, p.i
				}
			}
			return days, true
		}
	}
	p.i = start
	return nil, false
}

func one(d daySpec) ([]daySpec, bool) { return []daySpec{d}, true }

func (p *parser) isoDay() ([]daySpec, bool) {
	if t := p.tok(0); t.kind == tDate {
		p.i++
		p.skip(cDayMark)
		return one(daySpec{kind: dayMonth, y: t.y, mo: t.mo, d: t.d})
	}
	return nil, false
}

// slashDay reads 12/5: month first in Chinese, asked in English. 28/11 can only
// be one of the two in either.
func (p *parser) slashDay() ([]daySpec, bool) {
	t := p.tok(0)
	if t.kind != tSlash {
		return nil, false
	}
	p.i++
	m, d := t.mo, t.d
	switch {
	case m > 12 && d <= 12:
		m, d = d, m
	case !p.chinese && m <= 12 && d <= 12 && m != d:
		p.fail("when.which_date", p.i-1, p.i)
		p.err.readings = [][2]int{{m, d}, {d, m}}
	}
	return one(daySpec{kind: dayMonth, y: t.y, mo: m, d: d})
}

// hanMonthDay reads [2026年|明年]12月5日, with 5-7日 and 5日、6日.
func (p *parser) hanMonthDay() ([]daySpec, bool) {
	y, yearRel := 0, false
	if n, ok := p.tok(0).whole(); ok && p.tok(1).is(cYearMark) {
		y = n
		if y < 100 {
			y += 2000
		}
		p.i += 2
	} else if p.tok(0).is(cYearRel) {
		y, yearRel = p.local.Year()+p.tok(0).word.val, true
		p.i++
		p.skip(cFill)
	}
	m, ok := p.tok(0).whole()
	if !ok {
		return nil, false
	}
	if p.tok(1).is(cMonthEnd) {
		p.i += 2
		return one(daySpec{kind: dayMonth, y: y, mo: m, d: -1, yearRel: yearRel})
	}
	if !p.tok(1).is(cMonthMark) {
		return nil, false
	}
	p.i += 2
	p.skip(cFill)
	base := daySpec{kind: dayMonth, y: y, mo: m, yearRel: yearRel}
	if p.tok(0).is(cLastDay) {
		p.i++
		base.d = -1
		return one(base)
	}
	if nths, ok := p.nths(); ok {
		return nthDays(nths, base), true
	}
	if days, ok := p.dayNumbers(base, true); ok {
		return days, true
	}
	base.kind = dayMonthWhole
	return one(base)
}

// dayNumbers reads "5日", "5", "5-7日", "5日、6日和8日" after a month.
func (p *parser) dayNumbers(base daySpec, han bool) ([]daySpec, bool) {
	d, ok := p.tok(0).whole()
	if !ok || p.tok(1).is(cOclock) {
		return nil, false
	}
	base.d = d
	days := []daySpec{base}
	p.i++
	marked := p.skip(cDayMark) || p.tok(-1).ord
	if end, n, ok := p.dayRangeEnd(han, marked); ok {
		p.i += n
		for d++; d <= end && len(days) < maxItems; d++ {
			base.d = d
			days = append(days, base)
		}
		return days, true
	}
	for {
		d, n, ok := p.moreDays(han)
		if !ok {
			return days, true
		}
		p.i += n
		base.d = d
		days = append(days, base)
	}
}

// dayRangeEnd looks for "-7日" or "-7" after a day number. A bare number may
// be an hour instead: 12月5日 9-11 has been cut before, 12月5-7 is days.
func (p *parser) dayRangeEnd(han, marked bool) (end, taken int, ok bool) {
	if !p.tok(0).is(cTo) && !p.tok(0).punct("-~") {
		return 0, 0, false
	}
	end, ok = p.tok(1).whole()
	if !ok || end > 31 || p.tok(2).is(cMonthMark) || p.tok(2).is(cMonth) && han {
		return 0, 0, false
	}
	switch {
	case p.tok(2).is(cDayMark):
		return end, 3, true
	case p.tok(1).ord, !marked && !p.clockWord(2):
		return end, 2, true
	}
	return 0, 0, false
}

// clockWord tells whether the token makes the number before it an hour.
func (p *parser) clockWord(ahead int) bool {
	t := p.tok(ahead)
	return t.is(cOclock) || t.is(cAmPm) || t.is(cPart)
}

// moreDays looks for ", 6日" or "and 6" after a day number.
func (p *parser) moreDays(han bool) (d, taken int, ok bool) {
	if !p.separator(0) {
		return 0, 0, false
	}
	d, ok = p.tok(1).whole()
	if !ok || d > 31 || p.clockWord(2) || p.tok(2).punct("-~") || p.tok(2).is(cTo) {
		return 0, 0, false
	}
	if p.tok(2).is(cDayMark) {
		return d, 3, true
	}
	word := p.tok(0).is(cSep) || p.tok(1).ord
	switch {
	case han && p.laterMark(1):
		return d, 2, true
	case !han && (word || p.separator(2) || p.tok(2).kind == tClock) && !p.tok(2).is(cMonth) && !p.tok(2).is(cUnit):
		return d, 2, true
	}
	return 0, 0, false
}

// laterMark tells whether a chain "5、6、7日" ends in a day mark.
func (p *parser) laterMark(ahead int) bool {
	for i := ahead; ; i += 2 {
		if _, ok := p.tok(i).whole(); !ok {
			return false
		}
		if p.tok(i + 1).is(cDayMark) {
			return true
		}
		if !p.separator(i + 1) {
			return false
		}
	}
}

// dotDay reads 12.5 and 12-5 before a clock, as Chinese writes dates.
func (p *parser) dotDay() ([]daySpec, bool) {
	t := p.tok(0)
	if !p.chinese || t.kind != tNum || t.han || t.ord {
		return nil, false
	}
	m, d, n := 0, 0, 1
	if dot := indexByte(t.raw, '.'); dot > 0 && !p.tok(1).is(cUnit) && !p.tok(1).is(cPiece) {
		m, d = toInt(t.raw[:dot]), toInt(t.raw[dot+1:])
	} else if day, ok := p.tok(2).whole(); ok && p.tok(1).punct("-") && p.clockAhead(3) {
		m, _ = t.whole()
		d, n = day, 3
	} else {
		return nil, false
	}
	if m < 1 || m > 12 || d < 1 {
		return nil, false
	}
	p.i += n
	p.skip(cDayMark)
	return one(daySpec{kind: dayMonth, mo: m, d: d})
}

// clockAhead tells whether a certain clock reading follows.
func (p *parser) clockAhead(ahead int) bool {
	t, u := p.tok(ahead), p.tok(ahead+1)
	return t.kind == tClock || t.is(cPart) || t.kind == tNum && (u.is(cOclock) || u.is(cAmPm))
}

func indexByte(s string, c byte) int {
	for i := range len(s) {
		if s[i] == c {
			return i
		}
	}
	return -1
}
