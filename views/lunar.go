package views

import (
	"strconv"
	"strings"
)

// lunarFeasts are days of the Chinese calendar that have a name, as catalogue
// keys.
var lunarFeasts = map[string]string{"1/1": "spring", "1/15": "lantern", "5/5": "dragon_boat", "7/7": "qixi", "8/15": "mid_autumn",
	"9/9": "double_ninth", "12/8": "laba", "12/-1": "eve"}

// lunarRule says a rule of the Chinese calendar: 每年农历八月十五（中秋节）,
// every lunar month on the 1st and 15th.
func (p *Printer) lunarRule(part map[string]string, n int) string {
	months, days := part["BYMONTH"], strings.Split(part["BYMONTHDAY"], ",")
	var names []string
	for _, d := range days {
		name := p.lunarDay(d)
		if name == "" {
			return p.T("rule.other")
		}
		names = append(names, name)
	}
	which := strings.Join(names, p.T("form.comma"))
	if part["FREQ"] == "MONTHLY" {
		if n > 1 {
			return p.T("rule.lunar_n_month", "N", n, "Which", which)
		}
		return p.T("rule.lunar_month", "Which", which)
	}
	if n > 1 || months == "" || strings.ContainsAny(months, ",L") {
		return p.T("rule.other")
	}
	month, err := strconv.Atoi(months)
	if err != nil || month < 1 || month > 12 {
		return p.T("rule.other")
	}
	line := p.T("rule.lunar_year", "Month", p.lunarMonth(month), "Which", which)
	if feast := lunarFeasts[months+"/"+part["BYMONTHDAY"]]; feast != "" {
		line += p.T("rule.lunar_feast", "Name", p.T("rule.feast_"+feast))
	}
	return line
}

var (
	zhNumbers = [...]string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}
	zhMonths  = [...]string{"", "正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"}
)

func (p *Printer) lunarMonth(m int) string {
	if p.Lang == "zh" {
		return zhMonths[m]
	}
	return ordinal(m)
}

// lunarDay is 初一, 十五, 廿三, 三十, or 15th; -1 is the last day.
func (p *Printer) lunarDay(day string) string {
	d, err := strconv.Atoi(day)
	switch {
	case err == nil && d == -1:
		return p.T("rule.last_day")
	case err != nil || d < 1 || d > 30:
		return ""
	case p.Lang != "zh":
		return ordinal(d)
	case d <= 10:
		return "初" + zhNumbers[d]
	case d == 20:
		return "二十"
	case d == 30:
		return "三十"
	case d < 20:
		return "十" + zhNumbers[d-10]
	}
	return "廿" + zhNumbers[d-20]
}
