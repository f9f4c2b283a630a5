package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Summary is what `summary [day|week|month|YYYY-MM|year] [UNIT]` asks for.
type Summary struct {
	Kind string    // day, week, month, year
	At   time.Time // a moment within the period; zero = the one under way
	Back int       // how many periods before the one under way: 上周, last week
	Unit string    // name as typed
}

// These match folded text and end where the unit's name begins.
var (
	summaryMonth = regexp.MustCompile(`^(\d{4})(?:-|\.|/|年)(\d{1,2})月?(?:份)?(?:\s+|$)`)
	summaryYear  = regexp.MustCompile(`^(\d{4})年?(?:度)?(?:\s+|$)`)
	summaryWord  = regexp.MustCompile(`^(?:(last|this)\s+)?(day|week|month|year)(?:\s+|$)`)
	summaryOther = regexp.MustCompile(`^([^\s]+)(?:\s+|$)`)
)

var summaryWords = map[string]Summary{
	"daily": {Kind: "day"}, "today": {Kind: "day"}, "日": {Kind: "day"}, "天": {Kind: "day"}, "今天": {Kind: "day"}, "今日": {Kind: "day"},
	"yesterday": {Kind: "day", Back: 1}, "昨天": {Kind: "day", Back: 1}, "昨日": {Kind: "day", Back: 1},
	"weekly": {Kind: "week"}, "周": {Kind: "week"}, "本周": {Kind: "week"}, "这周": {Kind: "week"}, "每周": {Kind: "week"},
	"上周": {Kind: "week", Back: 1}, "上星期": {Kind: "week", Back: 1},
	"monthly": {Kind: "month"}, "月": {Kind: "month"}, "本月": {Kind: "month"}, "这个月": {Kind: "month"}, "当月": {Kind: "month"},
	"上月": {Kind: "month", Back: 1}, "上个月": {Kind: "month", Back: 1},
	"yearly": {Kind: "year"}, "年": {Kind: "year"}, "今年": {Kind: "year"}, "本年": {Kind: "year"}, "全年": {Kind: "year"}, "本年度": {Kind: "year"},
	"去年": {Kind: "year", Back: 1},
}

// ParseSummary reads which period and unit are meant; zone is the
// organisation's, whose months and weeks count. What is no period is a unit's
// name, for the week under way. The error is a *Reason.
func ParseSummary(text string, zone *time.Location) (Summary, error) {
	src := newSource(strings.TrimSpace(text))
	folded := string(src.folded)
	rest := func(match string) string { return src.part(len([]rune(match)), len(src.typed)) }
	if m := summaryMonth.FindStringSubmatch(folded); m != nil {
		year, _ := strconv.Atoi(m[1]) // four digits
		month, _ := strconv.Atoi(m[2])
		if month < 1 || month > 12 || year < 1900 {
			return Summary{}, summaryReason(src.part(0, len([]rune(m[0]))))
		}
		return Summary{Kind: "month", At: time.Date(year, time.Month(month), 1, 12, 0, 0, 0, zone), Unit: rest(m[0])}, nil
	}
	if m := summaryYear.FindStringSubmatch(folded); m != nil {
		year, _ := strconv.Atoi(m[1])
		if year < 1900 {
			return Summary{}, summaryReason(src.part(0, len([]rune(m[0]))))
		}
		return Summary{Kind: "year", At: time.Date(year, 1, 1, 12, 0, 0, 0, zone), Unit: rest(m[0])}, nil
	}
	if m := summaryWord.FindStringSubmatch(folded); m != nil {
		s := Summary{Kind: m[2], Unit: rest(m[0])}
		if m[1] == "last" {
			s.Back = 1
		}
		return s, nil
	}
	if m := summaryOther.FindStringSubmatch(folded); m != nil {
		if s, ok := summaryWords[m[1]]; ok {
			s.Unit = rest(m[0])
			return s, nil
		}
	}
	return Summary{Kind: "week", Unit: src.part(0, len(src.typed))}, nil
}

func summaryReason(part string) *Reason {
	part = clip(part)
	return &Reason{Key: "summary.bad_period", Part: part, Example: "2026-11", Args: map[string]any{"Part": part}}
}
