package views

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rule says a recurrence in words: `每周三 19:30`, `every month on the first Mon,
// 19:30`. wall is the local time of its first occurrence, 2026-11-25T19:30.
// What cannot be said shortly is `按规则重复`; the next dates stand beside it.
func (p *Printer) Rule(rrule, wall string) string {
	part := map[string]string{}
	for _, kv := range strings.Split(rrule, ";") {
		k, v, _ := strings.Cut(kv, "=")
		part[k] = v
	}
	clock := ""
	first, err := time.Parse("2006-01-02T15:04", wall)
	if err == nil {
		clock = first.Format("15:04")[trim(first):]
	}
	n, _ := strconv.Atoi(part["INTERVAL"])
	if part["RSCALE"] != "" {
		return p.T("rule.at", "Days", p.lunarRule(part, n), "Clock", clock)
	}
	days := ""
	switch part["FREQ"] {
	case "DAILY":
		days = p.every(n, "day")
	case "WEEKLY":
		days = p.weekly(n, part["BYDAY"], first)
	case "MONTHLY":
		days = p.monthly(n, part, first)
	case "YEARLY":
		if part["BYDAY"] == "" {
			days = p.T("rule.yearly", "Date", p.monthDay(first))
		}
	}
	if days == "" {
		days = p.T("rule.other")
	}
	return p.T("rule.at", "Days", days, "Clock", clock)
}

func (p *Printer) every(n int, unit string) string {
	if n > 1 {
		return p.T("rule.every_n_"+unit, "N", n)
	}
	return p.T("rule.every_" + unit)
}

func (p *Printer) weekly(n int, byDay string, first time.Time) string {
	if byDay == "MO,TU,WE,TH,FR" && n <= 1 {
		return p.T("rule.workdays")
	}
	days := p.dayList(byDay, first)
	if days == "" {
		return ""
	}
	if n > 1 {
		return p.T("rule.every_n_week", "N", n, "Days", days)
	}
	return p.T("rule.every_week", "Days", days)
}

// dayList is `一、三` after 每周, or `Mon and Wed`.
func (p *Printer) dayList(byDay string, first time.Time) string {
	if byDay == "" {
		return p.bareDay(first.Weekday())
	}
	var names []string
	for _, d := range strings.Split(byDay, ",") {
		day, ok := weekdayCodes[d]
		if !ok {
			return ""
		}
		names = append(names, p.bareDay(day))
	}
	if p.Lang == "en" && len(names) > 1 {
		return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
	return strings.Join(names, "、")
}

var weekdayCodes = map[string]time.Weekday{"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}

// bareDay is 三 of 周三, or Wed.
func (p *Printer) bareDay(d time.Weekday) string { return strings.TrimPrefix(p.Weekday(d), "周") }

func (p *Printer) monthly(n int, part map[string]string, first time.Time) string {
	which := ""
	pos := part["BYSETPOS"]
	switch byDay := part["BYDAY"]; {
	case byDay == "MO,TU,WE,TH,FR" && pos != "":
		which = p.nth(pos, p.T("rule.workday"))
	case byDay != "" && !strings.Contains(byDay, ","):
		code := byDay[max(len(byDay)-2, 0):]
		day, ok := weekdayCodes[code]
		if pos == "" {
			pos = strings.TrimPrefix(strings.TrimSuffix(byDay, code), "+")
		}
		if ok && pos != "" {
			which = p.nth(pos, p.Weekday(day))
		}
	case byDay != "":
		return ""
	case part["BYMONTHDAY"] == "-1":
		which = p.T("rule.last_day")
	default:
		which = p.monthDays(part["BYMONTHDAY"], first)
	}
	if which == "" {
		return ""
	}
	if n > 1 {
		return p.T("rule.every_n_month", "N", n, "Which", which)
	}
	return p.T("rule.every_month", "Which", which)
}

func (p *Printer) nth(pos, what string) string {
	if !slices.Contains([]string{"1", "2", "3", "4", "5", "-1"}, pos) {
		return ""
	}
	return p.T("rule.nth_"+strings.Replace(pos, "-", "last_", 1), "What", what)
}

func (p *Printer) monthDays(list string, first time.Time) string {
	if list == "" {
		list = strconv.Itoa(first.Day())
	}
	var out []string
	for _, v := range strings.Split(list, ",") {
		d, err := strconv.Atoi(v)
		if err != nil || d < 1 {
			return ""
		}
		if p.Lang == "zh" {
			out = append(out, strconv.Itoa(d)+"日")
		} else {
			out = append(out, ordinal(d))
		}
	}
	return strings.Join(out, p.T("form.comma"))
}

// ordinal is 1st, 2nd, 3rd, 4th …
func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

func (p *Printer) monthDay(t time.Time) string {
	if p.Lang == "zh" {
		return strconv.Itoa(int(t.Month())) + "月" + strconv.Itoa(t.Day()) + "日"
	}
	return t.Format("2 Jan")
}
