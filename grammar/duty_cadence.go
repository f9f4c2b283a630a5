package grammar

import (
	"regexp"
	"strconv"
	"strings"

	"muster/models"
)

const (
	zhPeriod = `(?:个)?(月|季度|季|半年|年|年度|自然年)(?:度)?`
	enPeriod = `(month|quarter|half[- ]?year|half|six months|6 months|year)s?`
	countOf  = `(\d{1,2}|[一二两三四五六七八九十]+|once|one|twice|two|three|four|five|six)`
)

var cadenceForms = []struct {
	form          *regexp.Regexp
	period, times int // groups; 0 = not there
}{
	{regexp.MustCompile(`^[每一逐]?` + zhPeriod + `(?:至少|开|召开)?(?:` + countOf + `次)?$`), 1, 2},
	{regexp.MustCompile(`^` + countOf + `次[/每]` + zhPeriod + `$`), 2, 1},
	{regexp.MustCompile(`^(?:every|each|per|a|once every|once a|once per)?\s*` + enPeriod + `(?:,? (?:x\s*)?` + countOf + `(?: times)?)?$`), 1, 2},
	{regexp.MustCompile(`^` + countOf + `(?: times)?,? (?:a|an|per|each|every|in a) ` + enPeriod + `$`), 2, 1},
	{regexp.MustCompile(`^(monthly|quarterly|half[- ]yearly|biannually|yearly|annually|annual)$`), 1, 0},
}

var periodNames = map[string]string{
	"月": models.CadenceMonth, "month": models.CadenceMonth, "monthly": models.CadenceMonth,
	"季度": models.CadenceQuarter, "季": models.CadenceQuarter, "quarter": models.CadenceQuarter, "quarterly": models.CadenceQuarter,
	"半年": models.CadenceHalf, "half": models.CadenceHalf, "half year": models.CadenceHalf, "half-year": models.CadenceHalf, "halfyear": models.CadenceHalf,
	"six months": models.CadenceHalf, "6 months": models.CadenceHalf, "six month": models.CadenceHalf, "6 month": models.CadenceHalf,
	"half-yearly": models.CadenceHalf, "half yearly": models.CadenceHalf, "biannually": models.CadenceHalf,
	"年": models.CadenceYear, "年度": models.CadenceYear, "自然年": models.CadenceYear, "year": models.CadenceYear, "yearly": models.CadenceYear,
	"annually": models.CadenceYear, "annual": models.CadenceYear,
}

// ParseCadence reads how often a duty is owed: every quarter, 每月两次. times is
// 0 where it does not say.
func ParseCadence(text string) (cadence string, times int, ok bool) { return parseCadence(text) }

func parseCadence(text string) (cadence string, times int, ok bool) {
	folded := strings.Join(strings.Fields(foldValue(text)), " ")
	tight := strings.ReplaceAll(folded, " ", "")
	for _, form := range cadenceForms {
		m := form.form.FindStringSubmatch(folded)
		if m == nil {
			m = form.form.FindStringSubmatch(tight) // 每月 2 次
		}
		if m == nil {
			continue
		}
		if form.times > 0 && m[form.times] != "" {
			if times, ok = timesOf(m[form.times]); !ok {
				return "", 0, false
			}
		}
		cadence = periodNames[m[form.period]]
		return cadence, times, cadence != ""
	}
	return "", 0, false
}

// timesOf reads how many times, from 1 to models.MostDutyTimes.
func timesOf(folded string) (int, bool) {
	folded = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(folded, "次"), "times"))
	words := map[string]int{"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
		"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
	n, ok := words[folded]
	if !ok {
		var err error
		n, err = strconv.Atoi(folded)
		ok = err == nil
	}
	return n, ok && n >= 1 && n <= models.MostDutyTimes
}
