package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

type tokenKind uint8

const (
	tWord  tokenKind = iota // a word of the lexicon
	tNum                    // 9, 1.5, 二十五, two
	tClock                  // 19:30
	tDate                   // 2026-12-05
	tSlash                  // 12/5
	tStamp                  // an instant with its offset
	tPunct                  // one sign
	tOther                  // anything else
)

type token struct {
	kind tokenKind
	word word
	raw  string // folded text
	num  float64
	// ord: 5th, fifth. han: a Chinese number. spelled: an English number word.
	ord, han, spelled bool
	h, m, s           int
	y, mo, d          int
	at                time.Time
	from, to          int
	glued             bool // no space before it
}

func (t token) is(c class) bool { return t.kind == tWord && t.word.class == c }

func (t token) punct(signs string) bool { return t.kind == tPunct && strings.Contains(signs, t.raw) }

// whole tells whether t is a whole number and gives it.
func (t token) whole() (int, bool) {
	if t.kind != tNum || t.num != float64(int(t.num)) {
		return 0, false
	}
	return int(t.num), true
}

var (
	stampForm   = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2})[t ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(z|[+-]\d{2}:?\d{2})`)
	dateForm    = regexp.MustCompile(`^(\d{4})([-/.])(\d{1,2})[-/.](\d{1,2})`)
	compactDate = regexp.MustCompile(`^(20\d{2})(\d{2})(\d{2})`)
	clockForm   = regexp.MustCompile(`^(\d{1,2})(?::(\d{2})|\.(\d{2}) ?(?:am|pm|a\.m|p\.m))(?::(\d{2})(?:\.\d+)?)?`)
	badClock    = regexp.MustCompile(`^\d+:\d+(:\d+)?`)
	slashForm   = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?`)
	numForm     = regexp.MustCompile(`^\d{1,9}(?:\.\d{1,4})?`)
	slackDate   = regexp.MustCompile(`^<!date\^(\d{9,11})\^[^>]*>`)
	ordinal     = regexp.MustCompile(`^(st|nd|rd|th)`)
)

// maxTokens bounds the work on a text that is not a time at all.
const maxTokens = 120

// tokens cuts src into tokens; it stops after maxTokens.
func (src source) tokens(lex *lexicon) []token {
	var out []token
	text := string(src.folded)
	at := 0 // rune index of text
	glued := false
	for len(text) > 0 && len(out) < maxTokens {
		r := src.folded[at]
		if r == ' ' || r == '\t' || r == '\r' {
			text, at, glued = text[1:], at+1, false
			continue
		}
		var t token
		size := 0
		switch {
		case isDigit(r):
			t, size = numberToken(text, lex)
		case r == '<' && slackDate.MatchString(text):
			m := slackDate.FindStringSubmatch(text)
			sec, _ := strconv.ParseInt(m[1], 10, 64)
			t, size = token{kind: tStamp, at: time.Unix(sec, 0)}, len([]rune(m[0]))
		case isHan(r):
			t, size = lex.hanToken(src.folded[at:])
		case isLatin(r):
			t, size = lex.latinToken(src.folded[at:])
		default:
			t, size = token{kind: tPunct}, 1
		}
		t.from, t.to, t.glued = at, at+size, glued && len(out) > 0
		t.raw = string(src.folded[at : at+size])
		out = append(out, t)
		text, at, glued = text[len(t.raw):], at+size, true
	}
	return out
}

// numberToken reads what begins with a digit.
func numberToken(text string, lex *lexicon) (token, int) {
	if m := stampForm.FindStringSubmatch(text); m != nil {
		if at, ok := parseStamp(m[0], m[1], m[2], m[3]); ok {
			return token{kind: tStamp, at: at}, len(m[0])
		}
	}
	if m := dateForm.FindStringSubmatch(text); m != nil && !digitAt(text, len(m[0])) {
		size := len(m[0])
		// The T of 2026-12-05T19:30 belongs to neither side.
		if size+1 < len(text) && text[size] == 't' && isDigit(rune(text[size+1])) {
			size++
		}
		return token{kind: tDate, y: toInt(m[1]), mo: toInt(m[3]), d: toInt(m[4])}, size
	}
	if m := compactDate.FindStringSubmatch(text); m != nil && !digitAt(text, len(m[0])) {
		return token{kind: tDate, y: toInt(m[1]), mo: toInt(m[2]), d: toInt(m[3])}, len(m[0])
	}
	if m := clockForm.FindStringSubmatch(text); m != nil {
		size := len(m[0])
		if m[3] != "" { // 7.30pm: the letters are a token of their own
			size = len(m[1]) + 1 + len(m[3])
		}
		if !digitAt(text, size) && !strings.HasPrefix(text[size:], ":") {
			return token{kind: tClock, h: toInt(m[1]), m: toInt(m[2] + m[3]), s: toInt(m[4])}, size
		}
	}
	if m := badClock.FindString(text); m != "" {
		return token{kind: tClock, h: noHour}, len(m)
	}
	if m := slashForm.FindStringSubmatch(text); m != nil && !digitAt(text, len(m[0])) {
		y := toInt(m[3])
		if len(m[3]) == 2 {
			y += 2000
		}
		return token{kind: tSlash, mo: toInt(m[1]), d: toInt(m[2]), y: y}, len(m[0])
	}
	m := numForm.FindString(text)
	t := token{kind: tNum}
	t.num, _ = strconv.ParseFloat(m, 64)
	size := len(m)
	if suffix := ordinal.FindString(text[size:]); suffix != "" && !latinAt(text, size+2) {
		t.ord = true
		size += 2
	}
	return t, size
}

func parseStamp(whole, date, clock, offset string) (time.Time, bool) {
	// With a space in between, -21:00 is the end of a range, not an offset.
	if !strings.Contains(whole, "t") && strings.HasPrefix(offset, "-") {
		return time.Time{}, false
	}
	if len(offset) == 5 {
		offset = offset[:3] + ":" + offset[3:]
	}
	if len(offset) == 6 && offset[1:] > "14:00" {
		return time.Time{}, false
	}
	for _, layout := range []string{"2006-1-2T15:04:05Z07:00", "2006-1-2T15:04Z07:00"} {
		if at, err := time.Parse(layout, date+"T"+clock+strings.ToUpper(offset)); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// hanToken reads the longest Chinese word, or a Chinese number.
func (l *lexicon) hanToken(rs []rune) (token, int) {
	for n := min(l.han, len(rs)); n > 0; n-- {
		w, ok := l.words[string(rs[:n])]
		if !ok || !hasHan(string(rs[:n])) || numeralGoesOn(rs, n) || weekdayGoesOn(rs, n) || monthBegins(rs, n) {
			continue
		}
		return token{kind: tWord, word: w}, n
	}
	if v, n := hanNumber(rs); n > 0 {
		return token{kind: tNum, num: float64(v), han: true}, n
	}
	return token{kind: tOther}, 1
}

// numeralGoesOn keeps 五一 from being read in 五一点 or 周一 in 每周一次.
func numeralGoesOn(rs []rune, n int) bool {
	if !isHanNumeral(rs[n-1]) || n >= len(rs) {
		return false
	}
	next := rs[n]
	if isHanNumeral(rs[0]) {
		return isHanNumeral(next) || strings.ContainsRune("点时月号日年分刻个小天周次", next)
	}
	return next == '次' || next == '回'
}

// weekdayGoesOn keeps 个星期 from being read in 第一个星期一.
func weekdayGoesOn(rs []rune, n int) bool {
	if rs[0] != '个' || n != 3 || n >= len(rs) || !strings.ContainsRune("一二三四五六日天", rs[n]) {
		return false
	}
	if n+1 < len(rs) && (rs[n+1] == '次' || rs[n+1] == '回') {
		return false
	}
	return rs[2] == '期' || rs[2] == '拜'
}

// latinToken reads the longest run of English words that is known, else one
// word.
func (l *lexicon) latinToken(rs []rune) (token, int) {
	ends := wordEnds(rs, l.latin)
	for i := len(ends) - 1; i >= 0; i-- {
		s := strings.Join(strings.Fields(string(rs[:ends[i]])), " ")
		if w, ok := l.words[s]; ok {
			return token{kind: tWord, word: w}, ends[i]
		}
	}
	s := string(rs[:ends[0]])
	if v, ok := englishNumbers[s]; ok {
		return token{kind: tNum, num: float64(v), spelled: true}, ends[0]
	}
	if v, ok := englishOrdinals[s]; ok {
		return token{kind: tNum, num: float64(v), ord: true, spelled: true}, ends[0]
	}
	return token{kind: tOther}, ends[0]
}

// wordEnds gives where the first, second … English word of rs ends.
func wordEnds(rs []rune, most int) []int {
	var ends []int
	i := 0
	for len(ends) < most {
		start := i
		for i < len(rs) && (isLatin(rs[i]) || i > start && wordSign(rs, i)) {
			i++
		}
		if i == start {
			break
		}
		ends = append(ends, i)
		for i < len(rs) && rs[i] == ' ' {
			i++
		}
	}
	return ends
}

// wordSign tells whether the sign at i is inside a word: o'clock, a.m.,
// bi-weekly.
func wordSign(rs []rune, i int) bool {
	switch rs[i] {
	case '\'', '-':
		return i+1 < len(rs) && isLatin(rs[i+1]) && (rs[i] == '\'' || i >= 2 && rs[i-1] == 'i' && rs[i-2] == 'b' || i == 3 && string(rs[:3]) == "mid")
	case '.':
		return i == 1 && (rs[0] == 'a' || rs[0] == 'p') || i == 3 && rs[1] == '.' && rs[2] == 'm'
	}
	return false
}

func digitAt(s string, i int) bool { return i < len(s) && isDigit(rune(s[i])) }

func latinAt(s string, i int) bool { return i < len(s) && isLatin(rune(s[i])) }

// toInt reads digits that a pattern has already checked; "" is 0.
func toInt(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
