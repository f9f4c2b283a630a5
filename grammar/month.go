package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	monthFull  = regexp.MustCompile(`^(\d{4})(?:-|\.|/|年)(\d{1,2})月?(?:份)?$`)
	monthBare  = regexp.MustCompile(`^(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?$`)
	monthNamed = regexp.MustCompile(`^([a-z]{3,9})\.?(?:\s+(\d{4}))?$`)
)

var monthWords = map[string]int{
	"": 0, "month": 0, "this month": 0, "本月": 0, "这个月": 0, "当月": 0,
	"next": 1, "next month": 1, "下月": 1, "下个月": 1, "last month": -1, "上月": -1, "上个月": -1,
}

var hanMonths = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"}

// ParseMonth reads which month is meant and gives its first moment in o.Zone:
// "", "next month", "2026-12", "12月", "December". One without a year is the
// nearest. The error is a *Reason.
func ParseMonth(text string, o Options) (time.Time, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	now := o.Now.In(o.Zone)
	at := func(year, month int) time.Time { return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, o.Zone) }
	folded := strings.Join(strings.Fields(Fold(text)), " ")
	if n, ok := monthWords[folded]; ok {
		return at(now.Year(), int(now.Month())+n), nil
	}
	year, month := 0, 0
	if m := monthFull.FindStringSubmatch(folded); m != nil {
		year, _ = strconv.Atoi(m[1]) // digits
		month, _ = strconv.Atoi(m[2])
	} else if m := monthBare.FindStringSubmatch(folded); m != nil {
		month, _ = strconv.Atoi(m[1])
		for i, han := range hanMonths {
			if m[1] == han {
				month = i + 1
			}
		}
	} else if m := monthNamed.FindStringSubmatch(folded); m != nil {
		month = englishMonth(m[1])
		year, _ = strconv.Atoi(m[2]) // digits or nothing
	}
	const farYears = 20
	if month < 1 || month > 12 || year != 0 && (year < now.Year()-farYears || year > now.Year()+farYears) {
		return time.Time{}, newReason("study.bad_month", clip(text), o)
	}
	if year != 0 {
		return at(year, month), nil
	}
	ahead := (month - int(now.Month()) + 12) % 12
	if ahead > 6 { // nearer behind than ahead
		ahead -= 12
	}
	return at(now.Year(), int(now.Month())+ahead), nil
}

func englishMonth(name string) int {
	for m := time.January; m <= time.December; m++ {
		full := strings.ToLower(m.String())
		if name == full || name == full[:3] || name == "sept" && m == time.September {
			return int(m)
		}
	}
	return 0
}
