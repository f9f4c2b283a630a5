package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"muster/models"
)

const (
	windowPart  = `(凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|夜里)?\s*`
	windowClock = `(\d{1,2})\s*(?::\s?(\d{2})|点钟|点(\d{1,2})分?|点(半)|点)?\s*(am|pm)?`
	weekdayWord = `(?:周|星期|礼拜)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*`
)

// These match folded text: lower case, half width, one kind of dash.
var (
	windowSpan = regexp.MustCompile(windowPart + windowClock + `\s*(?:-|~|至|到|to)+\s*` + windowPart + windowClock)
	windowDay  = regexp.MustCompile(`(?:周|星期|礼拜)?([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b`)
	dayRange   = regexp.MustCompile(`^(` + weekdayWord + `)\s*(?:-|至|到|to)\s*((?:周|星期|礼拜)?[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)$`)
	dayOrder   = map[string]time.Weekday{"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 0, "天": 0,
		"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 0}
)

// mostWindows bounds what one field may hold: a window for each half of each
// day of the week, and some.
const mostWindows = 20

// ParseWindows reads spans of wall time, `10:00-11:00, 周六 14:30-16:30` or
// `weekdays 9-11; Sat 2pm-4pm`: days named before a span hold for it and for
// the spans after it until other days are named. "" is no window. A span may
// end at 24:00 or run over midnight. The error is a *Reason that quotes the
// part at fault.
func ParseWindows(text string) ([]models.Window, error) {
	src := newSource(text)
	var out []models.Window
	var days, named []time.Weekday // holding now; named and waiting for a span
	waiting := ""                  // the text of those waiting
	for from := 0; from <= len(src.folded); {
		to := from
		for to < len(src.folded) && !strings.ContainsRune(",;、\n", src.folded[to]) {
			to++
		}
		part := strings.TrimSpace(string(src.folded[from:to]))
		quoted := src.part(from, to)
		from = to + 1
		if part == "" {
			continue
		}
		span := windowSpan.FindStringSubmatchIndex(part)
		if span == nil {
			more, ok := windowDays(part)
			if !ok {
				return nil, windowReason(quoted)
			}
			if named = append(named, more...); len(more) == 0 { // every day
				named = nil
			}
			waiting = quoted
			continue
		}
		if before := strings.TrimSpace(part[:span[0]]); before != "" {
			more, ok := windowDays(before)
			if !ok {
				return nil, windowReason(quoted)
			}
			days = append(named, more...)
			if len(more) == 0 {
				days = nil
			}
		} else if waiting != "" {
			days = named
		}
		named, waiting = nil, ""
		w, ok := readSpan(windowSpan.FindStringSubmatch(part))
		if !ok || strings.TrimSpace(part[span[1]:]) != "" || len(out) == mostWindows {
			return nil, windowReason(quoted)
		}
		w.Days = days
		out = append(out, w)
	}
	if waiting != "" { // days without a time
		return nil, windowReason(waiting)
	}
	if len(out) == 0 && strings.TrimSpace(text) != "" {
		return nil, windowReason(clip(text))
	}
	return out, nil
}

func windowReason(part string) *Reason {
	part = clip(part)
	return &Reason{Key: "profile.bad_window", Part: part, Example: "10:00-11:00, 14:30-16:30", Args: map[string]any{"Part": part}}
}

// readSpan reads the submatches of windowSpan: part of day, hour, minutes (in
// three spellings) and am or pm, of the start and of the end.
func readSpan(m []string) (models.Window, bool) {
	startPart, endPart := m[1]+m[6], m[7]+m[12]
	start, ok1 := windowMinutes(m[2:6], startPart)
	end, ok2 := windowMinutes(m[8:12], endPart)
	if !ok1 || !ok2 {
		return models.Window{}, false
	}
	// One marker stands for both ends: 9-11am, 下午2点-4点; but 10-2pm, 上午9点-1点.
	if startPart == "" && endPart != "" {
		if s, ok := windowMinutes(m[2:6], endPart); ok && s < end {
			start = s
		}
	}
	if endPart == "" && startPart != "" {
		if e, ok := windowMinutes(m[8:12], startPart); ok && e > start {
			end = e
		} else if end <= start && end+12*60 > start && end < 12*60 && startPart != "晚上" && startPart != "夜里" {
			end += 12 * 60
		}
	}
	if start == 24*60 {
		start = 0
	}
	return models.Window{Start: start, End: end}, start != end && end <= 24*60
}

// windowMinutes is a clock time as minutes after midnight; 24:00 is the end of
// the day.
func windowMinutes(m []string, part string) (int, bool) {
	h, err := strconv.Atoi(m[0])
	minute := 0
	if text := m[1] + m[2]; text != "" && err == nil {
		minute, err = strconv.Atoi(text)
	}
	if m[3] != "" { // 半
		minute = 30
	}
	if err != nil || h > 24 || minute > 59 || h == 24 && minute > 0 {
		return 0, false
	}
	if part != "" && h > 12 {
		return h*60 + minute, part != "am" && part != "pm" // 下午14:30 is said, 14:30pm is not
	}
	switch part {
	case "am", "凌晨":
		h %= 12
	case "pm":
		h = h%12 + 12
	case "下午", "傍晚":
		if h < 12 {
			h += 12
		}
	case "中午":
		if h < 10 {
			h += 12
		}
	case "晚上", "夜里":
		switch {
		case h == 12 && minute > 0:
			h = 0
		case h == 12:
			h = 24
		case h >= 5:
			h += 12
		}
	}
	return h*60 + minute, true
}

// windowDays reads the days named in folded text: 周一到周五, weekdays, 工作日,
// 周末, mon wed. None is every day.
func windowDays(s string) ([]time.Weekday, bool) {
	switch s = strings.TrimRight(strings.TrimSpace(s), ":"); s {
	case "weekdays", "weekday", "workdays", "工作日", "平日":
		return []time.Weekday{1, 2, 3, 4, 5}, true
	case "weekend", "weekends", "周末":
		return []time.Weekday{6, 0}, true
	case "every day", "everyday", "daily", "每天", "每日", "天天":
		return nil, true
	}
	if m := dayRange.FindStringSubmatch(s); m != nil {
		from, to := dayOf(m[1]), dayOf(m[2])
		var days []time.Weekday
		for d := from; ; d = (d + 1) % 7 {
			days = append(days, d)
			if d == to {
				return days, true
			}
		}
	}
	var days []time.Weekday
	rest := windowDay.ReplaceAllStringFunc(s, func(w string) string {
		days = append(days, dayOf(w))
		return " "
	})
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" 周每和及/&.+", r) }) {
		if w != "and" && w != "every" {
			return nil, false
		}
	}
	return days, len(days) > 0
}

func dayOf(word string) time.Weekday {
	for _, p := range []string{"周", "星期", "礼拜"} {
		word = strings.TrimPrefix(word, p)
	}
	if len(word) > 3 && word[0] < 0x80 {
		word = word[:3]
	}
	return dayOrder[word]
}
