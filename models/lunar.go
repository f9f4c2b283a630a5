package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/6tail/lunar-go/calendar"
)

// Lunar rules are written as RFC 7529 has them: RSCALE=CHINESE;FREQ=YEARLY;
// BYMONTH=8;BYMONTHDAY=15. FREQ is YEARLY or MONTHLY. BYMONTH=6 is the ordinary
// sixth month, also in a year that has a leap sixth month, and BYMONTH=6L the
// leap month alone; a MONTHLY rule counts leap months as months. SKIP says what
// becomes of the 30th of a month of 29 days: OMIT (the default), BACKWARD (its
// last day) or FORWARD (the first of the next).

// Lunar years that can be worked out, by the year in which they begin.
const (
	firstLunarYear = 1900
	lastLunarYear  = 2199
)

// lunarMonth is one month of the Chinese calendar.
type lunarMonth struct {
	n     int
	leap  bool
	days  int
	first time.Time // its first day, midnight written as UTC
}

// lunarYears keeps the years that were worked out: the moon takes 0.7 ms a year,
// and a list of studies asks for the same few again and again.
var lunarYears sync.Map // int -> []lunarMonth

// lunarMonths are the 12 or 13 months of a lunar year.
func lunarMonths(year int) []lunarMonth {
	if year < firstLunarYear || year > lastLunarYear {
		return nil
	}
	if known, ok := lunarYears.Load(year); ok {
		return known.([]lunarMonth)
	}
	var out []lunarMonth
	list := calendar.NewLunarYear(year).GetMonthsInYear()
	for e := list.Front(); e != nil; e = e.Next() {
		m, ok := e.Value.(*calendar.LunarMonth)
		if !ok {
			continue
		}
		first := calendar.NewSolarFromJulianDay(m.GetFirstJulianDay())
		out = append(out, lunarMonth{n: max(m.GetMonth(), -m.GetMonth()), leap: m.IsLeap(), days: m.GetDayCount(),
			first: time.Date(first.GetYear(), time.Month(first.GetMonth()), first.GetDay(), 0, 0, 0, 0, time.UTC)})
	}
	lunarYears.Store(year, out)
	return out
}

// day is a day of the month; -1 is the last. In a month of 29 days the 30th is
// its last: who keeps the 30th means the end of the month.
func (m lunarMonth) day(d int) (time.Time, bool) {
	if d == -1 || d == 30 {
		d = m.days
	}
	if d < 1 || d > m.days {
		return time.Time{}, false
	}
	return m.first.AddDate(0, 0, d-1), true
}

// LunarDays are the days that a month (0 = each) and day (-1 = the last) of the
// Chinese calendar fall on in the lunar year that begins in `year`, in order, as
// midnights written as UTC. A month that the year does not have gives none.
func LunarDays(year, month int, leap bool, day int) []time.Time {
	var out []time.Time
	for _, m := range lunarMonths(year) {
		if month != 0 && (m.n != month || m.leap != leap) {
			continue
		}
		if d, ok := m.day(day); ok {
			out = append(out, d)
		}
	}
	return out
}

// LunarYear is the lunar year that a date lies in.
func LunarYear(date time.Time) int {
	months := lunarMonths(date.Year())
	if len(months) > 0 && clockReading(date).Before(months[0].first) {
		return date.Year() - 1
	}
	return date.Year()
}

// Solar terms that people name as days.
const (
	TermQingming = "清明"
	TermDongzhi  = "冬至"
)

// SolarTerm is the day of a solar term in a year.
func SolarTerm(year int, term string) (time.Time, bool) {
	if year < firstLunarYear || year > lastLunarYear {
		return time.Time{}, false
	}
	day := calendar.NewSolarFromYmd(year, 7, 1)
	s := day.GetLunar().GetJieQiTable()[term]
	if term == TermDongzhi { // the table of a year begins with the solstice before it
		s = calendar.NewSolarFromYmd(year, 12, 28).GetLunar().GetPrevQi().GetSolar()
	}
	if s == nil {
		return time.Time{}, false
	}
	return time.Date(s.GetYear(), time.Month(s.GetMonth()), s.GetDay(), 0, 0, 0, 0, time.UTC), true
}

// lunarRule is an RRULE with RSCALE=CHINESE.
type lunarRule struct {
	monthly  bool
	interval int
	count    int
	months   []string // 8, 6L
	days     []int
	skip     string
}

func isLunar(rrule string) bool { return strings.Contains(rrule, "RSCALE=") }

func parseLunar(text string) (lunarRule, error) {
	r := lunarRule{interval: 1, skip: "OMIT"}
	bad := func() (lunarRule, error) { return r, fmt.Errorf("%w: %q", ErrRule, text) }
	for part := range strings.SplitSeq(text, ";") {
		key, value, _ := strings.Cut(part, "=")
		var err error
		switch key {
		case "RSCALE":
			if value != "CHINESE" {
				return bad()
			}
		case "FREQ":
			if r.monthly = value == "MONTHLY"; !r.monthly && value != "YEARLY" {
				return bad()
			}
		case "SKIP":
			if r.skip = value; value != "OMIT" && value != "BACKWARD" && value != "FORWARD" {
				return bad()
			}
		case "INTERVAL":
			r.interval, err = strconv.Atoi(value)
		case "COUNT":
			r.count, err = strconv.Atoi(value)
		case "BYMONTH":
			r.months = strings.Split(value, ",")
			for _, m := range r.months {
				if n, e := strconv.Atoi(strings.TrimSuffix(m, "L")); e != nil || n < 1 || n > 12 {
					return bad()
				}
			}
		case "BYMONTHDAY":
			for d := range strings.SplitSeq(value, ",") {
				n, e := strconv.Atoi(d)
				if e != nil || n < -30 || n > 30 || n == 0 {
					return bad()
				}
				r.days = append(r.days, n)
			}
		default:
			return bad()
		}
		if err != nil || r.interval < 1 || r.interval > 1000 || r.count < 0 {
			return bad()
		}
	}
	if len(r.days) == 0 || r.monthly == (len(r.months) > 0) {
		return bad()
	}
	return r, nil
}

// inMonth are the rule's days of one month.
func (r lunarRule) inMonth(m lunarMonth) []time.Time {
	if name := strconv.Itoa(m.n); !r.monthly && !slices.Contains(r.months, name) && !m.leap || !r.monthly && m.leap && !slices.Contains(r.months, name+"L") {
		return nil
	}
	var out []time.Time
	for _, d := range r.days {
		if d < 0 {
			d += m.days + 1
		}
		switch {
		case d < 1:
			continue
		case d > m.days && r.skip == "OMIT":
			continue
		case d > m.days && r.skip == "BACKWARD":
			d = m.days
		}
		out = append(out, m.first.AddDate(0, 0, d-1)) // the 30th of 29 days is the first of the next
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.Compact(out)
}

// nextLunar is Next for a lunar rule.
func (r Rule) nextLunar(zone *time.Location, after time.Time, n int) ([]time.Time, error) {
	text, until, err := splitUntil(r.RRULE, zone)
	if err != nil {
		return nil, err
	}
	rule, err := parseLunar(text)
	if err != nil {
		return nil, err
	}
	wall, err := time.ParseInLocation(WallLayout, r.Wall, time.UTC)
	if err != nil {
		return nil, fmt.Errorf("%w: first occurrence %q: %w", ErrRule, r.Wall, err)
	}
	if !r.Until.IsZero() && (until.IsZero() || r.Until.Before(until)) {
		until = r.Until
	}
	var found []time.Time
	at := time.Duration(wall.Hour())*time.Hour + time.Duration(wall.Minute())*time.Minute
	for day := range rule.daysFrom(wall, after.In(zone)) {
		t, _ := LocalInstant(day.Add(at), zone)
		if len(found) == n || !until.IsZero() && t.After(until) {
			break
		}
		// A day skipped forward can be one that the rule has anyway.
		if t.After(after) && (len(found) == 0 || !found[len(found)-1].Equal(t)) {
			found = append(found, t)
		}
	}
	return found, nil
}

// lunarSearch is how many years a rule may be without an occurrence: the leap
// eleventh month of 2033 is the only one in two centuries.
const lunarSearch = 130

// daysFrom gives the rule's days from its first on. Where nothing is counted
// they begin shortly before `after`.
func (r lunarRule) daysFrom(first, after time.Time) func(yield func(time.Time) bool) {
	start := LunarYear(first)
	year := start
	if r.count == 0 && (!r.monthly || r.interval == 1) {
		if later := LunarYear(after) - 1; later > start { // a year before covers every zone
			year = start + (later-start)/r.yearStep()*r.yearStep()
		}
	}
	return func(yield func(time.Time) bool) {
		given, months, last := 0, 0, year
		for ; year <= min(lastLunarYear, last+lunarSearch); year += r.yearStep() {
			for _, m := range lunarMonths(year) {
				if m.first.AddDate(0, 0, m.days).Format(time.DateOnly) <= first.Format(time.DateOnly) {
					continue // before the month that the rule begins in
				}
				if months++; r.monthly && (months-1)%r.interval != 0 {
					continue
				}
				for _, day := range r.inMonth(m) {
					if day.Format(time.DateOnly) < first.Format(time.DateOnly) {
						continue
					}
					if given++; r.count > 0 && given > r.count || !yield(day) {
						return
					}
					last = max(last, year)
				}
			}
		}
	}
}

func (r lunarRule) yearStep() int {
	if r.monthly {
		return 1
	}
	return r.interval
}
