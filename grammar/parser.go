package grammar

import (
	"slices"
	"time"
)

// maxItems bounds the times that one text can name.
const maxItems = 60

// parser reads the tokens of a time phrase into segments: the stretches
// between commas. Joining them to items comes after (items.go).
type parser struct {
	src     source
	toks    []token
	i       int
	opts    Options
	zone    *time.Location
	now     time.Time
	local   time.Time
	chinese bool
	// everAhead: the text has a word such as every, so "last Friday" may be
	// one of a month.
	everAhead bool
	inRange   bool
	cur       *segment
	segs      []*segment
	err       *problem
	// after is the day of the last time with a certain date: a bare weekday
	// behind it is looked for from there on.
	after date
	// lookBack: a date without a year may be of the month just gone by.
	lookBack bool
	// usedTomorrow: the answer hangs on what "tomorrow" means after midnight.
	usedTomorrow bool
}

// problem is a reason in the making: tokens [from, to) are at fault.
type problem struct {
	key      string
	from, to int
	// readings are the possible values of what is ambiguous: month and day, or
	// start and end minute.
	readings [][2]int
	items    []When
}

// segment is what one stretch says.
type segment struct {
	days    []daySpec
	clocks  []clockSpan
	every   *everySpec
	part    dayPart
	partHan bool
	partTok int
	offset  *span
	now     bool
	stamps  []time.Time
	length  *span
	until   *daySpec
	begin   *daySpec
	times   int   // at most so many occurrences
	lasts   *span // a rule for so long
	zone    *time.Location
	lunar   bool // 农历 was said before 每月
	// dayAt and clockAt are the tokens of the first day and clock, 0 if none.
	dayAt, clockAt int
	sep            string // the sign that ended it
	from, to       int
}

// clockSpan is a clock or a range of two; endDay is set where the end names
// its own day.
type clockSpan struct {
	start, end clock
	ranged     bool
	endDay     *daySpec
}

// everySpec says that the segment is a rule.
type everySpec struct {
	unit     int // -1 if not said
	interval int
	tok      int
	fixed    bool // a unit was said in so many words
}

func (s *segment) hasDay() bool {
	return len(s.days) > 0 || s.every != nil || s.now || s.offset != nil
}

func (s *segment) empty() bool {
	return !s.hasDay() && len(s.clocks) == 0 && len(s.stamps) == 0 && s.length == nil && s.until == nil &&
		s.begin == nil && s.part == noPart && s.times == 0 && s.lasts == nil
}

func (s *segment) setPart(part dayPart, tok int) {
	s.part, s.partTok = part, tok
	s.partHan = true
}

func (s *segment) makeEvery(unit, interval, tok int) {
	if s.every == nil {
		s.every = &everySpec{unit: unit, interval: interval, tok: tok}
	}
}

func newParser(text string, o Options) *parser {
	p := &parser{src: newSource(text), opts: o, zone: o.Zone}
	if p.zone == nil {
		p.zone = time.UTC
	}
	// Below a second nobody means anything, and an answer in whole seconds
	// must not lie before now.
	p.now = o.Now.Truncate(time.Second)
	p.local = p.now.In(p.zone)
	p.toks = p.src.tokens(timeWords)
	p.chinese = o.Lang != "en" || hasHan(text)
	p.cur = &segment{}
	for _, t := range p.toks {
		if t.is(cEvery) || t.is(cFreq) || t.kind == tWord && t.word.plural && t.is(cWeekday) {
			p.everAhead = true
		}
	}
	return p
}

// tok is the token ahead of (or behind) the current one; a zero token beyond
// the ends.
func (p *parser) tok(ahead int) token {
	if i := p.i + ahead; i >= 0 && i < len(p.toks) {
		return p.toks[i]
	}
	return token{}
}

func (t token) class() class {
	if t.kind == tWord {
		return t.word.class
	}
	return noClass
}

func (p *parser) skip(c class) bool {
	if p.tok(0).is(c) {
		p.i++
		return true
	}
	return false
}

func (p *parser) skipPunct(signs string) bool {
	if p.tok(0).punct(signs) {
		p.i++
		return true
	}
	return false
}

// article skips the, on.
func (p *parser) article() {
	for t := p.tok(0); t.is(cFill) && (t.raw == "the" || t.raw == "on" || t.raw == "of"); t = p.tok(0) {
		p.i++
	}
}

func (p *parser) fillers() {
	for p.tok(0).is(cFill) {
		p.i++
	}
}

// separator tells whether the token parts two items of a list.
func (p *parser) separator(ahead int) bool {
	t := p.tok(ahead)
	return t.punct(",、;&+\n") || t.is(cSep)
}

// fail notes the first problem.
func (p *parser) fail(key string, from, to int) {
	if p.err == nil {
		p.err = &problem{key: key, from: from, to: to}
	}
}

// segments reads the whole text; p.err is set where it cannot.
func (p *parser) segments() {
	for p.i < len(p.toks) && p.err == nil {
		if p.separator(0) || p.tok(0).punct("/") && p.cur.hasDay() {
			p.finish(p.tok(0).raw)
			p.i++
			continue
		}
		at := p.i
		if !p.component() || p.i == at {
			p.unreadable(at)
			return
		}
	}
	p.finish("")
}

// finish closes the current segment.
func (p *parser) finish(sep string) {
	p.cur.sep, p.cur.to = sep, p.i
	p.cur.latePart()
	if !p.cur.empty() {
		p.segs = append(p.segs, p.cur)
	} else if len(p.segs) > 0 && sep != "" && p.segs[len(p.segs)-1].sep == "," {
		p.segs[len(p.segs)-1].sep = sep // ", and"
	}
	p.cur = &segment{from: p.i + 1}
}

// latePart gives a clock the part of the day that was said after it: 7:30
// tomorrow evening.
func (s *segment) latePart() {
	for i := range s.clocks {
		c := &s.clocks[i]
		if s.part == noPart || s.partTok < max(c.start.to, c.end.to) || c.start.part != noPart || c.end.part != noPart || c.endDay != nil {
			continue
		}
		if c.ranged {
			c.end.part = s.part
		} else {
			c.start.part = s.part
		}
	}
}

// unreadable quotes from the token at fault to the next one that is known.
func (p *parser) unreadable(at int) {
	end := at + 1
	if t := p.toks[at]; t.is(cUnit) && end < len(p.toks) && p.toks[end].glued && p.toks[end].kind == tNum {
		end++ // 周八
	}
	for end < len(p.toks) && (p.toks[end].kind == tOther || p.toks[end].kind == tPunct && !p.toks[end].punct(",、;|") && end+1 < len(p.toks) && p.toks[end+1].kind == tOther) {
		end++
	}
	p.fail("when.unreadable", at, end)
}

// component reads one part of a segment.
func (p *parser) component() bool {
	t := p.tok(0)
	switch {
	case t.kind == tStamp:
		return p.stamp()
	case t.is(cNow), t.is(cAfter) && t.raw == "from now":
		return p.nowWord()
	case t.is(cOften):
		p.fail("when.too_often", p.i, len(p.toks))
		return true
	case t.is(cVague):
		key := "when.no_time"
		if slices.ContainsFunc(p.toks, func(t token) bool { return t.kind == tClock || t.is(cOclock) }) {
			key = "when.no_day" // 改天 9:00
		}
		p.fail(key, p.i, p.i+1)
		p.i++
		return true
	}
	readers := [...]func() bool{
		p.lunarWord, p.everyWord, p.ruleEnd, p.ruleBegin, p.offsetWord, p.count, p.dayComponent,
		p.workdayWord, p.clockComponent, p.partWord, p.lengthWord, p.zoneWord, p.joint,
	}
	at := p.i
	for _, read := range readers {
		p.i = at
		if read() {
			return true
		}
		if p.err != nil {
			return true
		}
	}
	p.i = at
	return false
}

// stamp reads an RFC 3339 instant, or a range of two.
func (p *parser) stamp() bool {
	if p.cur.hasDay() || len(p.cur.stamps) > 0 {
		return false
	}
	p.cur.stamps = append(p.cur.stamps, p.tok(0).at)
	p.i++
	if p.rangeSign(true) {
		at := p.i
		p.i++
		if p.tok(0).kind == tStamp {
			p.cur.stamps = append(p.cur.stamps, p.tok(0).at)
			p.i++
			return true
		}
		p.i = at
		return p.endClock()
	}
	return true
}

// rangeSign tells whether a sign or word joins two ends of a range here.
func (p *parser) rangeSign(slash bool) bool {
	t := p.tok(0)
	return t.punct("-~") || t.is(cTo) || slash && t.punct("/")
}

// nowWord reads now, 现在, "now until 12:00".
func (p *parser) nowWord() bool {
	if p.cur.hasDay() {
		return false
	}
	p.cur.now = true
	p.cur.dayAt, p.cur.clockAt = p.i+1, p.i+1
	p.i++
	p.skip(cBegin)
	p.skip(cFill)
	if p.rangeSign(false) {
		return p.endClock()
	}
	return true
}

// endClock reads the end of a range whose start is an instant.
func (p *parser) endClock() bool {
	at := p.i
	p.i++
	for p.tok(0).punct("-") {
		p.i++
	}
	p.inRange = true
	defer func() { p.inRange = false }()
	var endDay *daySpec
	if days, ok := p.day(); ok {
		endDay = &days[0]
		p.fillers()
		p.skipPunct(",")
	}
	c, ok := p.clock()
	if !ok {
		p.i = at
		return false
	}
	p.cur.clocks = append(p.cur.clocks, clockSpan{end: c, ranged: true, endDay: endDay})
	p.skip(cFinish)
	return true
}

// joint skips words that say nothing: at, on, brackets, 开始.
func (p *parser) joint() bool {
	t := p.tok(0)
	switch {
	case t.is(cFill), t.is(cFrom), t.is(cBetween), t.is(cBegin), t.is(cFinish), t.is(cSharp),
		t.punct("()\"'.:*_!@"), t.kind == tPunct && isEmoji(p.src.typed[t.from]), t.is(cTotal) && p.spanAhead():
		p.i++
		return true
	case p.daysCounted():
		p.i += 2
		return true
	case t.is(cNth) && t.raw == "last":
		p.fail("when.past", p.i, p.i+2)
		return true
	}
	return false
}

// daysCounted: 周六周日两天 says again how many there are.
func (p *parser) daysCounted() bool {
	n, ok := p.tok(0).whole()
	return ok && n > 1 && n == len(p.cur.days) && p.tok(1).is(cUnit) && p.tok(1).word.val == uDay
}

func (p *parser) spanAhead() bool {
	at := p.i
	defer func() { p.i = at }()
	p.i++
	_, ok := p.span()
	return ok
}
