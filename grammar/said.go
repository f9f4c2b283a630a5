package grammar

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// said is a reply in plain spelling (folded, without apostrophes and emoji),
// each rune with its place in what was typed.
type said struct {
	typed []rune
	rs    []rune
	at    []int
	asked bool
}

var emojiCode = regexp.MustCompile(`:(?:[a-z][a-z0-9_+\-]*|\+1|-1):`)

func newSaid(text string) said {
	src := newSource(text)
	s := said{typed: src.typed}
	skip := map[int]bool{}
	for _, m := range emojiCode.FindAllStringIndex(string(src.folded), -1) {
		from := len([]rune(string(src.folded)[:m[0]]))
		for k := range len([]rune(string(src.folded)[m[0]:m[1]])) {
			skip[from+k] = true
		}
	}
	for i, r := range src.folded {
		switch {
		case r == '?':
			s.asked = true
		case src.typed[i] == '➕' || r == '＋':
			r = '+'
		case src.typed[i] == '➖':
			r = '-'
		}
		if r == '\'' || r == '\u2019' || skip[i] || isEmoji(src.typed[i]) {
			continue
		}
		switch {
		case r == '\n' || r == '\t':
			r = ','
		case r == '(' || r == ')':
			r = ' '
		}
		s.rs, s.at = append(s.rs, r), append(s.at, i)
	}
	return s.cut(0, len(s.rs))
}

func isEmoji(r rune) bool {
	return r == 0xFE0F || r == 0x200D || r >= 0x1F000 || unicode.Is(unicode.So, r) && r != '➕' && r != '➖'
}

// cut is a stretch of s without space and signs around it.
func (s said) cut(from, to int) said {
	trim := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",.!;:、~…·?", r) }
	for from < to && trim(s.rs[from]) {
		from++
	}
	for to > from && trim(s.rs[to-1]) {
		to--
	}
	s.rs, s.at = s.rs[from:to], s.at[from:to]
	return s
}

func (s said) String() string { return string(s.rs) }

// raw is what was typed at [from, to).
func (s said) raw(from, to int) string {
	if from >= to {
		return ""
	}
	return strings.TrimSpace(string(s.typed[s.at[from] : s.at[to-1]+1]))
}

// without takes [from, to) out. Chinese closes up, other words keep a space.
func (s said) without(from, to int) said {
	t := s
	if from > 0 && to < len(s.rs) && isHan(s.rs[from-1]) && isHan(s.rs[to]) {
		t.rs = append(append([]rune(nil), s.rs[:from]...), s.rs[to:]...)
		t.at = append(append([]int(nil), s.at[:from]...), s.at[to:]...)
		return t
	}
	t.rs = append(append(append([]rune(nil), s.rs[:from]...), ' '), s.rs[to:]...)
	t.at = append(append(append([]int(nil), s.at[:from]...), s.at[max(from, 1)-1]), s.at[to:]...)
	return t.cut(0, len(t.rs))
}

var questionTail = regexp.MustCompile(`(?:吗|么|呢|嘛|没有|了没|不是|是不是|能不能|行不行|可不可以)$|怎么|什么|哪里|哪儿|在哪|谁|几点|多少|是否|能否|请问|还能|还可以|能不能|可不可以|要不要|为什么|为何|如何|咋|^(?:would|should|do|does|did|is|are|am|who|what|where|when|why|how|which|may)\b|^(?:can|could|will|shall) (?:i|we|you|he|she|they|my|the|someone|anyone|people|it|this|that)\b`)

// question: a question that holds a sign-up word is not a sign-up.
func (s said) question() bool { return s.asked || questionTail.MatchString(s.String()) }

var mentionSign = regexp.MustCompile(`<[@#!]|@[a-z\p{Han}]`)

// mentions: an answer that names somebody may be for somebody else.
func (s said) mentions() bool { return mentionSign.MatchString(s.String()) }

// clauses are the stretches between signs.
func (s said) clauses() []said {
	var out []said
	from := 0
	push := func(to int) {
		if c := s.cut(from, to); len(c.rs) > 0 {
			out = append(out, c)
		}
	}
	for i, r := range s.rs {
		dot := r == '.' && !(i > 0 && i+1 < len(s.rs) && isDigit(s.rs[i-1]) && isDigit(s.rs[i+1]))
		if dot || strings.ContainsRune(",!;、~…", r) {
			push(i)
			from = i + 1
		}
	}
	push(len(s.rs))
	return out
}

func (s said) text(c said) string { return c.String() }

// meant parts the clauses into those that say something and those that are
// only polite.
func (s said) meant(clauses []said) (meant, polite []said) {
	for _, c := range clauses {
		c = c.stripPolite()
		if len(c.rs) == 0 {
			continue
		}
		if politeClause[c.String()] {
			polite = append(polite, c)
		} else {
			meant = append(meant, c)
		}
	}
	return meant, polite
}

var (
	politeHead = regexp.MustCompile(`^(?:hi|hey|hello|hi all|hi everyone|ok|okay|great|well|oh|sorry|so sorry|thanks|thank you|got it|roger|好的|好|好嘞|嗯嗯|嗯|收到|谢谢|抱歉|不好意思|对不起|你好|大家好|哈喽)(?:\s+|$)`)
	politeTail = regexp.MustCompile(`\s*(?:\b(?:please|thanks|thank you|thx|ty|sorry|cheers|pls|too|as well|then|guys|everyone|all|folks|sir)|谢谢大家|谢谢|辛苦了|辛苦|哈|啊|呀|哦|喔|噢|啦|哟|呗|抱歉|不好意思)$`)
)

// stripPolite takes politeness off both ends, unless nothing else is left.
func (s said) stripPolite() said {
	for {
		text := s.String()
		if politeClause[text] || weakYes[text] {
			return s
		}
		if m := politeTail.FindStringIndex(text); m != nil && m[0] > 0 {
			s = s.cut(0, len([]rune(text[:m[0]])))
			continue
		}
		if m := politeHead.FindStringIndex(text); m != nil && m[1] < len(text) {
			s = s.cut(len([]rune(text[:m[1]])), len(s.rs))
			continue
		}
		return s
	}
}

// join puts clauses together again with spaces.
func (s said) join(clauses []said) said {
	out := said{typed: s.typed}
	for i, c := range clauses {
		if i > 0 {
			out.rs, out.at = append(out.rs, ' '), append(out.at, c.at[0])
		}
		out.rs, out.at = append(out.rs, c.rs...), append(out.at, c.at...)
	}
	return out
}

// cutDay takes the first day out of a reply: Saturday, 周六, 12月5日.
func (s said) cutDay(o Options) (rest said, day string, spec *daySpec) {
	p := newParser(s.String(), o)
	p.err = nil
	for at := 0; at < len(p.toks); at++ {
		p.i = at
		if p.toks[at].kind == tNum && p.tok(-1).punct("+-") {
			continue // the 1 of "+1 Nov 28"
		}
		switch t := p.toks[at]; {
		case t.is(cRelDay), t.is(cWeekday), t.is(cRel), t.is(cWeekend), t.kind == tDate, t.is(cMonth), t.kind == tSlash,
			t.kind == tNum && (p.tok(1).is(cMonthMark) || p.tok(1).is(cDayMark) || p.tok(1).is(cMonth)):
		default:
			continue
		}
		days, ok := p.day()
		if !ok || p.err != nil || len(days) == 0 || p.i == at {
			p.err = nil
			continue
		}
		p.weekdayNote(days)
		for p.tok(0).is(cPart) {
			p.i++
		}
		from, to := p.toks[at].from, p.toks[p.i-1].to
		return s.without(from, to), s.raw(from, to), &days[0]
	}
	return s, "", nil
}

// dayStart is the first moment of a day in a reply, zero if it cannot be
// placed.
func dayStart(spec *daySpec, o Options) (d time.Time) {
	if spec == nil {
		return d
	}
	p := newParser("", o)
	today := p.today()
	day, bad := p.place(*spec, today, func(x date) bool { return !x.Before(today) })
	if bad != nil {
		return d
	}
	d, _ = p.instant(day, 0, 0, p.zone)
	return d
}
