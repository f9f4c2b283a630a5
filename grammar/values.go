package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
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
