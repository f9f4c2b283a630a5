package grammar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

var (
	needTail  = regexp.MustCompile(`^(.*?)\s*([*]?)\s*(?:[:=×]|\bx)?\s*(\d{1,5}|[一二两三四五六七八九十百]+)(?:\s*(?:-|~|到|至|to)\s*(\d{1,5}|[一二两三四五六七八九十百]+))?\s*(?:人|名|位|个|个人|people|persons|person)?$`)
	needHead  = regexp.MustCompile(`^(\d{1,5}|[一二两三四五六七八九十百]+)(?:\s*(?:-|~|到|至|to)\s*(\d{1,5}))?\s*(?:人|名|位|个|x)?\s*([^\d\s].*?)\s*([*]?)$`)
	needRun   = regexp.MustCompile(`[^\d,]+?\s*[*]?\s*(?:[:=×]|\bx)?\s*\d{1,5}(?:\s*(?:-|~)\s*\d{1,5})?\s*(?:人|名|位|个)?(?:\s+|$)`)
	needAnd   = regexp.MustCompile(`(\d\s*(?:人|名|位|个|people)?)\s*(?:\band\b|&|\+|和|及|以及)\s*`)
	needLed   = regexp.MustCompile(`(\s*(?:\band\b|&|\+|和|及|以及)\s*)\d`)
	needCount = regexp.MustCompile(`^(?:people|persons|person|人|名|位|个|个人|volunteers? needed)$`)
)

// mostNeeded is the largest number of places of one role.
const mostNeeded = 10_000

// longestNeed in runes bounds the work on a list that nobody means.
const longestNeed = 2000

// parseNeed reads "lifter 6, driver 2", "医生* 2", "4-6 guides", "6".
func parseNeed(s string, o Options) ([]Need, *Reason) {
	// Folding keeps the length, so that roles are quoted as they were typed.
	src := newSource(s)
	if len(src.typed) > longestNeed {
		return nil, newReason("call.bad_need", clip(s), o)
	}
	var out []Need
	seen := map[string]bool{}
	for _, span := range needSpans(src) {
		n, ok := oneNeed(src, span[0], span[1])
		if ok && (n.Least < 1 || n.Most < n.Least || n.Most > mostNeeded || seen[Fold(n.Role)]) {
			ok = false
		}
		if !ok {
			return nil, newReason("call.bad_need", clip(src.part(span[0], span[1])), o)
		}
		seen[Fold(n.Role)] = true
		out = append(out, n)
	}
	if len(out) == 0 || len(out) > 1 && seen[""] {
		return nil, newReason("call.bad_need", clip(s), o)
	}
	return out, nil
}

// needSpans cuts a list of needs into rune spans: at commas, at "and" after a
// number, and in Chinese after each number.
func needSpans(src source) [][2]int {
	var out [][2]int
	start := 0
	push := func(end int) {
		if strings.TrimSpace(string(src.folded[start:end])) != "" {
			out = append(out, [2]int{start, end})
		}
	}
	for i, r := range src.folded {
		if strings.ContainsRune(",、;\n", r) {
			push(i)
			start = i + 1
		}
	}
	push(len(src.folded))
	var cut [][2]int
	for _, span := range out {
		cut = append(cut, splitNeed(src, span)...)
	}
	return cut
}

func splitNeed(src source, span [2]int) [][2]int {
	text := string(src.folded[span[0]:span[1]])
	runes := func(b int) int { return span[0] + len([]rune(text[:b])) }
	if ms := needAnd.FindAllStringSubmatchIndex(text, -1); len(ms) > 0 {
		var out [][2]int
		from := span[0]
		for _, m := range ms {
			out = append(out, [2]int{from, runes(m[3])})
			from = runes(m[1])
		}
		return append(out, [2]int{from, span[1]})
	}
	trimmed := strings.TrimSpace(text)
	if ms := needLed.FindAllStringSubmatchIndex(text, -1); len(ms) > 0 && isDigit(rune(trimmed[0])) { // 2 drivers and 3 lifters
		var out [][2]int
		from := span[0]
		for _, m := range ms {
			out = append(out, [2]int{from, runes(m[2])})
			from = runes(m[3])
		}
		return append(out, [2]int{from, span[1]})
	}
	if ms := needRun.FindAllStringIndex(text, -1); len(ms) > 1 && (hasHan(text) || allCountRoles(text, ms)) && strings.TrimSpace(text[ms[0][0]:ms[len(ms)-1][1]]) == trimmed {
		var out [][2]int
		for _, m := range ms {
			out = append(out, [2]int{runes(m[0]), runes(m[1])})
		}
		return out
	}
	return [][2]int{span}
}

// allCountRoles tells whether each stretch of text is a known role and its
// number: doctor 2 guide 4.
func allCountRoles(text string, spans [][]int) bool {
	return !slices.ContainsFunc(spans, func(span []int) bool { return !countsRole(text[span[0]:span[1]]) })
}

func oneNeed(src source, from, to int) (Need, bool) {
	for from < to && unicode.IsSpace(src.folded[from]) {
		from++
	}
	for to > from && unicode.IsSpace(src.folded[to-1]) {
		to--
	}
	text := string(src.folded[from:to])
	typed := func(b, e int) string {
		return src.part(from+len([]rune(text[:b])), from+len([]rune(text[:e])))
	}
	if m := needTail.FindStringSubmatchIndex(text); m != nil {
		n := Need{Role: typed(m[2], m[3]), Verified: m[4] != m[5]}
		n.Least, n.Most = needNumbers(text, m[6:10])
		return n, n.Role == "" || isRoleName(n.Role)
	}
	if m := needHead.FindStringSubmatchIndex(text); m != nil {
		n := Need{Role: typed(m[6], m[7]), Verified: m[8] != m[9]}
		n.Least, n.Most = needNumbers(text, m[2:6])
		if needCount.MatchString(foldValue(n.Role)) {
			n.Role = ""
		}
		return n, n.Role == "" || isRoleName(n.Role) && !strings.ContainsAny(n.Role, "0123456789")
	}
	return Need{}, false
}

// loneNumber is a number inside a role: the 3 of "gate 3 guard", or the 2 of
// "doctor 2 guide" where a comma is missing.
var loneNumber = regexp.MustCompile(`^(.*?)\s+\d+(?:\s|$)`)

// isRoleName tells whether words can name a role: no separators, no count of
// another role, no signs where a number was cut off.
func isRoleName(s string) bool {
	rs := []rune(s)
	last := rs[len(rs)-1]
	return !strings.ContainsAny(s, "*|｜<>\"") && !unicode.IsDigit(last) && (unicode.IsLetter(last) || last == ')' || last == '）') &&
		unicode.IsLetter(firstWordRune(rs)) && !countsRole(s)
}

// countsRole tells whether a role and its number stand at the start of s.
func countsRole(s string) bool {
	m := loneNumber.FindStringSubmatch(s)
	return m != nil && roleWord(m[1], Options{})
}

// firstWordRune is the first rune that is no digit: 3号门引导员 is a role, 2. is
// none.
func firstWordRune(rs []rune) rune {
	for _, r := range rs {
		if !unicode.IsDigit(r) {
			return r
		}
	}
	return ' '
}

func needNumbers(text string, m []int) (least, most int) {
	least = needNumber(text[m[0]:m[1]])
	most = least
	if m[2] >= 0 {
		most = needNumber(text[m[2]:m[3]])
	}
	return least, most
}

func needNumber(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	v, _ := hanNumber([]rune(s))
	return v
}
