package grammar

import (
	"strings"
	"time"

	"muster/models"
)

// Days of the Chinese calendar: 农历八月十五, 腊月廿三, 除夕, lunar 8-15,
// Mid-Autumn. A month said as a plain number is the ordinary month, never the
// leap one; the 30th of a month of 29 days is its last day.

// Values of daySpec.n for a lunar day whose year is not the lunar one.
const lunarFeast = 1

// lunarTerms are the solar terms that are days people name; they move by the
// sun and so cannot be a rule of either calendar.
var lunarTerms = []string{models.TermQingming, models.TermDongzhi}

func (l *lexicon) addLunar() {
	l.add(word{class: cLunar}, "农历|阴历|旧历|夏历|lunar|lunar calendar|chinese calendar|in the lunar calendar")
	l.add(word{class: cLeap}, "闰|leap")
	l.add(word{class: cLunarMonth, val: 1}, "正月|大年")
	l.add(word{class: cLunarMonth, val: 11}, "冬月")
	l.add(word{class: cLunarMonth, val: 12}, "腊月")
	ones := []rune("一二三四五六七八九")
	for i, r := range ones {
		l.add(word{class: cLunarDay, val: i + 1}, "初"+string(r))
		l.add(word{class: cLunarDay, val: 21 + i}, "廿"+string(r))
	}
	l.add(word{class: cLunarDay, val: 10}, "初十")
	l.add(word{class: cLunarDay, val: 20}, "廿|廿十")
	l.add(word{class: cLunarDay, val: 30}, "卅")
	for day, spellings := range map[int]string{
		101: "春节|年初一|spring festival|chinese new year|lunar new year", 115: "元宵|元宵节|lantern festival", 202: "龙抬头",
		505: "端午|端午节|dragon boat festival|dragon boat", 707: "七夕|七夕节|qixi|qixi festival", 715: "中元|中元节",
		815: "中秋|中秋节|mid-autumn|mid autumn|mid-autumn festival|mid autumn festival|moon festival",
		909: "重阳|重阳节|double ninth|double ninth festival|chongyang|chongyang festival", 1208: "腊八|腊八节|laba festival",
		1299: "除夕|除夕夜|大年三十|年三十|年三十晚|大年夜|chinese new year's eve|lunar new year's eve|chinese new years eve",
	} {
		l.add(word{class: cLunarFeast, val: day}, spellings)
	}
	l.add(word{class: cTerm, val: 0}, "清明|清明节|qingming|qingming festival|tomb sweeping day")
	l.add(word{class: cTerm, val: 1}, "冬至|winter solstice|dongzhi|dongzhi festival")
}

// lunarWord reads a 农历 that stands before 每年 or 每月.
func (p *parser) lunarWord() bool {
	if !p.tok(0).is(cLunar) || !p.tok(1).is(cEvery) && !p.tok(1).is(cFreq) {
		return false
	}
	p.cur.lunar = true
	p.i++
	return true
}

// lunarDay reads one day of the Chinese calendar, or several of one month:
// 农历八月十五, 正月初一, 农历初一、十五, lunar 8-15, the 15th of the 8th lunar month.
func (p *parser) lunarDay() ([]daySpec, bool) {
	base := daySpec{kind: dayLunar}
	p.article()
	p.lunarYear(&base)
	if t := p.tok(0); t.is(cLunarFeast) || t.is(cTerm) {
		return p.feastOf(base)
	}
	said := p.skip(cLunar)
	if said {
		p.lunarYear(&base)
	}
	if t := p.tok(0); said && t.is(cLunarFeast) {
		return p.feastOf(base)
	}
	if said && p.tok(0).kind == tDate { // lunar 2027-8-15
		t := p.tok(0)
		base.y, base.mo, base.d = t.y, t.mo, t.d
		p.i++
		return one(base)
	}
	said = said || p.cur.lunar
	base.leap = p.skip(cLeap)
	days, ok := p.lunarMonthDay(base, said)
	if !ok {
		return nil, false
	}
	for _, d := range days {
		if d.mo > 12 || d.d > 30 || d.d == 0 {
			p.fail("when.no_such_time", p.i-1, p.i)
		}
	}
	return days, true
}

// lunarYear reads 2027年 or 明年.
func (p *parser) lunarYear(base *daySpec) {
	if n, ok := p.tok(0).whole(); ok && p.tok(1).is(cYearMark) {
		base.y = n
		p.i += 2
	} else if p.tok(0).is(cYearRel) {
		base.y = p.local.Year() + p.tok(0).word.val
		p.i++
	}
	p.fillers()
}

// sameDay tells whether b says the day a once more: 9月25日中秋节, 正月十五元宵节.
func sameDay(a, b daySpec) bool {
	lunar := func(d daySpec) bool { return d.kind == dayLunar || d.kind == dayTerm }
	return lunar(a) && (lunar(b) || b.kind == dayMonth) || lunar(b) && a.kind == dayMonth
}

func (p *parser) feastOf(base daySpec) ([]daySpec, bool) {
	t := p.tok(0)
	p.i++
	base.n = lunarFeast
	if t.is(cTerm) {
		base.kind, base.d = dayTerm, t.word.val
		return one(base)
	}
	base.mo, base.d = t.word.val/100, t.word.val%100
	if base.d == 99 {
		base.d = -1
	}
	return one(base)
}

// lunarMonthDay reads month and day, or the day alone; said tells that the
// calendar was named, without which only the calendar's own words count.
func (p *parser) lunarMonthDay(base daySpec, said bool) ([]daySpec, bool) {
	t, next := p.tok(0), p.tok(1)
	month, isNumber := t.whole()
	switch {
	case t.is(cLunarMonth):
		base.mo = t.word.val
		p.i++
		return p.lunarNumbers(base, true)
	case isNumber && next.is(cMonthMark) && (said || base.leap || p.tok(2).is(cLunarDay)):
		base.mo = month
		p.i += 2
		return p.lunarNumbers(base, true)
	case said && t.kind == tSlash && t.y == 0:
		base.mo, base.d = t.mo, t.d
		p.i++
		return one(base)
	case said && isNumber && next.punct("-") && p.tok(2).kind == tNum:
		d, ok := p.tok(2).whole()
		base.mo, base.d = month, d
		p.i += 3
		return []daySpec{base}, ok
	case said && t.is(cUnit) && t.word.val == uMonth: // lunar month 8 day 15
		return p.lunarSpelled(base)
	case said && t.is(cMonth): // lunar August has no meaning
		return nil, false
	}
	if !said && isNumber {
		return p.lunarOf(base)
	}
	return p.lunarNumbers(base, said)
}

// lunarNumbers reads 十五, 初一、十五, 廿三日 after a month, or alone.
func (p *parser) lunarNumbers(base daySpec, said bool) ([]daySpec, bool) {
	var days []daySpec
	for {
		at := p.i
		if len(days) > 0 {
			if !p.separator(0) {
				return days, true
			}
			p.i++
			p.skip(cLunar)
			p.article()
		}
		d, ok := p.lunarNumber(said)
		if !ok {
			p.i = at
			return days, len(days) > 0
		}
		said = said || p.tok(-1).is(cLunarDay)
		base.d = d
		days = append(days, base)
	}
}

// lunarNumber reads one day of the month.
func (p *parser) lunarNumber(said bool) (int, bool) {
	if t := p.tok(0); t.is(cLunarDay) {
		p.i++
		p.skip(cDayMark)
		return t.word.val, true
	}
	if said && p.tok(0).is(cLastDay) {
		p.i++
		return -1, true
	}
	d, ok := p.tok(0).whole()
	if !said || !ok || p.tok(1).is(cOclock) || p.tok(1).is(cAmPm) || p.tok(1).is(cUnit) || p.tok(1).is(cMonthMark) || p.tok(1).is(cPiece) || p.tok(1).is(cCount) {
		return 0, false
	}
	p.i++
	p.skip(cDayMark)
	return d, true
}

// lunarSpelled reads "month 8 day 15" behind lunar.
func (p *parser) lunarSpelled(base daySpec) ([]daySpec, bool) {
	p.i++
	m, ok := p.tok(0).whole()
	if !ok {
		return nil, false
	}
	p.i++
	p.skipPunct(",")
	if u := p.tok(0); u.is(cUnit) && u.word.val == uDay {
		p.i++
	}
	base.mo = m
	return p.lunarNumbers(base, true)
}

// lunarOf reads "15th of the 8th lunar month", and the "1st" of "1st of every
// lunar month".
func (p *parser) lunarOf(base daySpec) ([]daySpec, bool) {
	var ok bool
	if base.d, ok = p.tok(0).whole(); !ok {
		return nil, false
	}
	p.i++
	here := p.i
	p.fillers()
	lunarMonth := func(ahead int) bool {
		return p.tok(ahead).is(cLunar) && p.tok(ahead+1).is(cUnit) && p.tok(ahead+1).word.val == uMonth
	}
	if p.tok(0).is(cEvery) && lunarMonth(1) {
		p.i = here
		return one(base)
	}
	if base.mo, ok = p.tok(0).whole(); !ok || !lunarMonth(1) {
		return nil, false
	}
	p.i += 3
	return one(base)
}

// placeLunar finds the day: a date just gone by is past, as in the other
// calendar; longer ago means the next.
func (p *parser) placeLunar(spec daySpec, from date, fits func(date) bool) (date, string) {
	first, last := models.LunarYear(from)-1, models.LunarYear(from)+2
	switch {
	case spec.y > 0 && spec.n == lunarFeast: // 2027年除夕 is the one in 2027
		first, last = spec.y-1, spec.y
	case spec.y > 0:
		first, last = spec.y, spec.y
	case spec.leap: // a leap month comes back after decades
		last += 100
	}
	past := false
	for year := first; year <= last; year++ {
		for _, d := range p.lunarDays(year, spec) {
			switch {
			case spec.y > 0 && spec.n == lunarFeast && d.Year() != spec.y:
			case spec.y > 0, fits(d) && !past:
				return d, ""
			case fits(d):
				return date{}, "when.past"
			case spec.mo > 0 && !spec.leap:
				past = from.Sub(d) >= 0 && from.Sub(d) <= pastMonth*24*time.Hour
			}
		}
	}
	return date{}, "when.no_such_time"
}

func (p *parser) lunarDays(year int, spec daySpec) []date {
	if spec.kind == dayTerm {
		if d, ok := models.SolarTerm(year, lunarTerms[spec.d]); ok {
			return []date{d}
		}
		return nil
	}
	return models.LunarDays(year, spec.mo, spec.leap, spec.d)
}

// dayNumber tells whether d is a day of any month by its number.
func (d daySpec) dayNumber() bool {
	return d.kind == dayNth && d.nth.day || d.kind == dayOfMonth && d.d >= -1 && d.d <= 30
}

func (d daySpec) number() int {
	if d.kind == dayNth {
		return d.nth.nth
	}
	return d.d
}

// addLunar takes a day of the Chinese calendar into a rule.
func (r *ruleParts) addLunar(d daySpec) (key string) {
	if d.kind == dayTerm || d.leap {
		return "when.no_rule"
	}
	if d.y > 0 || len(r.days) > 0 || !r.lunar && len(r.months)+len(r.monthDays) > 0 {
		return "when.unreadable"
	}
	r.lunar = true
	if d.mo > 0 {
		r.months = append(r.months, d.mo)
	}
	r.monthDays = append(r.monthDays, d.d)
	return ""
}

// scale is how a rule of the Chinese calendar begins. The 30th of a month of 29
// days is its last.
func (r ruleParts) scale() string {
	if !r.lunar {
		return ""
	}
	for _, d := range r.monthDays {
		if d == 30 {
			return "RSCALE=CHINESE;SKIP=BACKWARD;"
		}
	}
	return "RSCALE=CHINESE;"
}

// monthBegins keeps 月初 from being read in 每月初一.
func monthBegins(rs []rune, n int) bool {
	w := string(rs[:n])
	return (w == "月初" || w == "年初") && n < len(rs) && strings.ContainsRune("一二三四五六七八九十", rs[n])
}
