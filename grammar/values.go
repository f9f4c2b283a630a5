package grammar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// foldValue is a value in folded spelling, without space around it.
func foldValue(s string) string { return strings.TrimSpace(string(newSource(s).folded)) }

// parseYes reads yes and no.
func parseYes(s string) (yes, ok bool) {
	switch Fold(s) {
	case "yes", "y", "true", "on", "1", "是", "对", "要", "有", "需要", "开", "√", "✓", "紧急", "urgent":
		return true, true
	case "no", "n", "false", "off", "0", "否", "不", "不要", "不是", "无", "没有", "不用", "不需要", "关", "none":
		return false, true
	}
	return false, false
}

// listParts cuts a value at commas of either language.
func listParts(s string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",，、;；\n", r) }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// parseCount reads a whole number between least and most, with its counting
// word.
func parseCount(s string, least, most int) (int, bool) {
	s = foldValue(s)
	for _, tail := range []string{"people", "persons", "person", "places", "place", "seats", "人", "名", "位", "个"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, tail))
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		v, taken := hanNumber([]rune(s))
		if taken == 0 || taken != len([]rune(s)) {
			return 0, false
		}
		n = v
	}
	return n, n >= least && n <= most
}

var leadWords = regexp.MustCompile(`^(?:提前|开始前|活动前|前|before|every|each|每隔|每)\s*|\s*(?:before the start|before start|before it starts|before|prior|ahead|以前|之前|前)$`)

// parseLead reads a time before the start: 2h before, 提前2小时, the day before.
func parseLead(s string) (time.Duration, bool) {
	s = foldValue(s)
	switch s {
	case "the day before", "a day before", "day before", "前一天", "提前一天":
		return 24 * time.Hour, true
	case "an hour before", "an hour", "提前一小时":
		return time.Hour, true
	}
	for range 2 {
		s = leadWords.ReplaceAllString(s, "")
	}
	d, ok := ParseDuration(s)
	const farthest = 366 * 24 * time.Hour
	return d, ok && d > 0 && d <= farthest
}

// saysLead tells whether a text is a lead and not a clock: it names a unit and
// a word such as before.
func saysLead(s string) bool {
	s = foldValue(s)
	return leadWords.MatchString(s)
}

// parseLeads reads lead times: "1d, 1h", 提前1天、1小时; "no" is none.
func parseLeads(s string) ([]time.Duration, bool) {
	switch Fold(s) {
	case "no", "none", "0", "off", "不", "不用", "不提醒", "无", "否":
		return []time.Duration{}, true
	}
	var out []time.Duration
	seen := map[time.Duration]bool{}
	for _, part := range leadParts(s) {
		d, ok := parseLead(part)
		if !ok {
			return nil, false
		}
		if !seen[d] {
			seen[d] = true
			out = append(out, d)
		}
	}
	const most = 10
	return out, len(out) > 0 && len(out) <= most
}

var andWord = regexp.MustCompile(`(?i)\s+(?:and|&|\+)\s+|\s*[和及与]\s*`)

// dayAndLess is a lead of days with one of hours or minutes behind it: "1d 1h"
// is two leads, as nobody is reminded 25 hours before.
var dayAndLess = regexp.MustCompile(`(?i)^(.*?(?:d|days?|w|weeks?|天|日|周|星期))\s*(?:\s(?:and|&|\+)\s|[和及与]|\s)\s*(\S.*)$`)

func leadParts(s string) []string {
	var out []string
	for _, part := range listParts(s) {
		if m := dayAndLess.FindStringSubmatch(part); m != nil {
			_, first := parseLead(m[1])
			_, second := parseLead(m[2])
			if first && second {
				out = append(out, m[1], m[2])
				continue
			}
		}
		if _, ok := parseLead(part); ok {
			out = append(out, part)
			continue
		}
		out = append(out, andWord.Split(part, -1)...)
	}
	return out
}

// parseLimit reads a time, or a time before the start.
func parseLimit(s string, o Options) (*Limit, *Reason) {
	if d, ok := parseLead(s); ok && (saysLead(s) || !looksClock(s)) {
		return &Limit{Before: d}, nil
	}
	text := strings.TrimSpace(s)
	folded := foldValue(text)
	for _, head := range []string{"before ", "by ", "until ", "till "} {
		if strings.HasPrefix(folded, head) {
			text = strings.TrimSpace(text[len(head):])
			break
		}
	}
	for _, tail := range []string{"之前", "以前", "前", "截止", "为止", "止"} {
		if cut, ok := strings.CutSuffix(text, tail); ok {
			text = strings.TrimSpace(cut)
			break
		}
	}
	w, reason := parseWhen(text, o)
	switch {
	case reason != nil:
		reason.Readings = w.Items
		return nil, reason
	case w.Kind != KindInstant:
		return nil, newReason("when.one_time", clip(s), o)
	}
	return &Limit{At: w.Start}, nil
}

// looksClock: digits with a colon, or a word of a day, are a time and not a
// length.
func looksClock(s string) bool { return strings.ContainsAny(foldValue(s), ":点") }

var (
	askSizeFirst  = regexp.MustCompile(`^(\d{1,3})\s*(?:people|persons|members|人|名)?\s*(?:every|each|per|/|每隔|每|一批,?每)\s*(.+)$`)
	askEveryFirst = regexp.MustCompile(`^(?:every|each|per|每隔|每)\s*(.+?)\s*[:,]?\s*(?:问|询问|请|ask)?\s*(\d{1,3})\s*(?:people|persons|members|人|名)?$`)
)

// parseAsk reads how members are asked: auto, no, "5 every 10m".
func parseAsk(s string) (*Ask, bool) {
	folded := Fold(s)
	switch folded {
	case "auto", "自动", "automatic", "yes", "是":
		return &Ask{Auto: true}, true
	case "no", "off", "none", "否", "不", "不询问", "不用":
		return &Ask{Off: true}, true
	}
	size, every := "", ""
	if m := askSizeFirst.FindStringSubmatch(folded); m != nil {
		size, every = m[1], m[2]
	} else if m := askEveryFirst.FindStringSubmatch(folded); m != nil {
		size, every = m[2], m[1]
	} else {
		return nil, false
	}
	d, ok := ParseDuration(every)
	if !ok {
		d, ok = ParseDuration("1" + every) // 每小时
	}
	n, _ := strconv.Atoi(size)
	return &Ask{Size: n, Every: d}, ok && n > 0 && d >= time.Minute && d <= 24*time.Hour
}

// parseSafety reads the time between safety checks; 0 for none.
func parseSafety(s string) (*time.Duration, bool) {
	hour := time.Hour
	if yes, ok := parseYes(s); ok {
		if !yes {
			hour = 0
		}
		return &hour, true
	}
	folded := strings.TrimSpace(leadWords.ReplaceAllString(foldValue(s), ""))
	d, ok := ParseDuration(folded)
	if !ok {
		d, ok = ParseDuration("1" + folded)
	}
	return &d, ok && d >= time.Minute && d <= 24*time.Hour
}

// parseFor keeps the words, with one spelling of everybody.
func parseFor(s string) string {
	switch Fold(s) {
	case "all", "everyone", "everybody", "全部", "全体", "所有人", "大家", "全员", "全体成员":
		return "all"
	}
	return s
}

// parseKind reads the kind of a call.
func parseKind(s string) (string, bool) {
	switch Fold(s) {
	case "relief", "应急", "救援", "抢险", "救灾":
		return "relief", true
	case "care", "关爱", "关怀":
		return "care", true
	case "duty", "值守", "值班", "执勤":
		return "duty", true
	}
	return "", false
}

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
