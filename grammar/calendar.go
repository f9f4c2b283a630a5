package grammar

import (
	"time"

	"muster/models"
)

// date is a local day: midnight written as UTC, so that days can be counted.
type date = time.Time

func dateOf(t time.Time) date {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func (p *parser) today() date { return dateOf(p.local) }

// validDate gives the day, or false for 30 February; d -1 is the last day.
func validDate(y, m, d int) (date, bool) {
	if m < 1 || m > 12 || y < 1 || y > 9999 {
		return date{}, false
	}
	if d == -1 {
		return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC), true
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d && t.Month() == time.Month(m)
}

// monday is the first day of the week that d is in, n weeks on.
func monday(d date, n int) date {
	return d.AddDate(0, 0, 7*n-(int(d.Weekday())+6)%7)
}

// pastMonth: a date without a year that has just gone by was meant for this
// year and is past; one that went by longer ago means the next year. A month
// tells a slip of the pen from a plan.
const pastMonth = 31

// place gives the day that spec means. fits tells whether a day is not past,
// for what is said on it; from is the day that the search begins at.
func (p *parser) place(spec daySpec, from date, fits func(date) bool) (date, *problem) {
	day, key := p.placed(spec, from, fits)
	if key == "" && spec.sameAs != nil {
		if other, bad := p.placed(*spec.sameAs, from, fits); bad != "" || !other.Equal(day) {
			key = "when.other_day"
		}
	}
	if key == "" && spec.check > 0 && int(day.Weekday()) != spec.check-1 {
		key = "when.other_weekday"
	}
	if key != "" {
		return date{}, &problem{key: key, from: spec.from, to: spec.to}
	}
	return day, nil
}

func (p *parser) placed(spec daySpec, from date, fits func(date) bool) (date, string) {
	switch spec.kind {
	case dayRelative:
		n := spec.n
		if spec.tomorrow && p.local.Hour() < 5 {
			p.usedTomorrow = true
			if p.opts.Tomorrow == "today" {
				n = 0
			}
		}
		return p.today().AddDate(0, spec.mo, n), ""
	case dayWeekday:
		if !spec.bare {
			return monday(p.today(), spec.n).AddDate(0, 0, (int(spec.weekday)+6)%7), ""
		}
		first := -1 // a shift over midnight may have begun the day before
		if p.after.After(from) {
			from, first = p.after, 0
		}
		for n := first; n <= 8; n++ {
			if d := from.AddDate(0, 0, n); d.Weekday() == spec.weekday && fits(d) {
				return d, ""
			}
		}
		return date{}, "when.past"
	case dayMonth:
		return p.placeMonthDay(spec, from, fits)
	case dayOfMonth:
		return p.placeDayOfMonth(spec, from, fits)
	case dayNth:
		return p.placeNth(spec, from, fits)
	case dayWeek:
		return date{}, "when.no_day"
	case dayWeekend, dayMonthWhole:
		return date{}, "when.no_day"
	case dayAfter:
		return p.placeAfter(spec, from)
	case dayNextDay:
		return from.AddDate(0, 0, 1), ""
	case dayLunar, dayTerm:
		return p.placeLunar(spec, from, fits)
	}
	return date{}, "when.unreadable"
}

func (p *parser) placeMonthDay(spec daySpec, from date, fits func(date) bool) (date, string) {
	if spec.y > 0 {
		if d, ok := validDate(spec.y, spec.mo, spec.d); ok {
			return d, ""
		}
		return date{}, "when.no_such_time"
	}
	year := from.Year()
	if last, ok := validDate(year-1, spec.mo, spec.d); ok && p.lookBack && from.Sub(last) <= pastMonth*24*time.Hour { // 31 December, on 2 January
		if fits(last) {
			return last, ""
		}
		return date{}, "when.past"
	}
	this, ok := validDate(year, spec.mo, spec.d)
	if ok {
		if fits(this) {
			return this, ""
		}
		if gone := from.Sub(this); gone >= 0 && gone <= pastMonth*24*time.Hour {
			return date{}, "when.past"
		}
	}
	if next, okNext := validDate(year+1, spec.mo, spec.d); okNext && (ok || spec.d == 29 && spec.mo == 2) {
		return next, ""
	}
	return date{}, "when.no_such_time"
}

func (p *parser) placeDayOfMonth(spec daySpec, from date, fits func(date) bool) (date, string) {
	first := from.AddDate(0, 0, 1-from.Day())
	if !spec.bare {
		first = first.AddDate(0, spec.n, 0)
		d, ok := validDate(first.Year(), int(first.Month()), spec.d)
		if !ok {
			return date{}, "when.no_such_time"
		}
		return d, ""
	}
	if spec.d < 1 || spec.d > 31 {
		return date{}, "when.no_such_time"
	}
	for n := range 13 {
		m := first.AddDate(0, n, 0)
		if d, ok := validDate(m.Year(), int(m.Month()), spec.d); ok && fits(d) {
			return d, ""
		}
	}
	return date{}, "when.no_such_time"
}

func (p *parser) placeNth(spec daySpec, from date, fits func(date) bool) (date, string) {
	switch {
	case spec.bare:
		return date{}, "when.no_day"
	case spec.mo == 0:
		m := from.AddDate(0, 0, 1-from.Day()).AddDate(0, spec.n, 0)
		return nthIn(m.Year(), m.Month(), spec.nth)
	case spec.mo > 12:
		return date{}, "when.no_such_time"
	case spec.y > 0:
		return nthIn(spec.y, time.Month(spec.mo), spec.nth)
	}
	d, key := nthIn(from.Year(), time.Month(spec.mo), spec.nth)
	if key == "" && !fits(d) && from.Sub(d) > pastMonth*24*time.Hour {
		return nthIn(from.Year()+1, time.Month(spec.mo), spec.nth)
	}
	return d, key
}

// placeAfter finds the nth such day after another one.
func (p *parser) placeAfter(spec daySpec, from date) (date, string) {
	base, bad := p.place(*spec.base, from, func(d date) bool { return !d.Before(from) })
	if bad != nil {
		return date{}, bad.key
	}
	left := spec.nth.nth
	for n := 1; n < 400 && left > 0; n++ {
		d := base.AddDate(0, 0, n)
		if spec.nth.fits(d) {
			if left--; left == 0 {
				return d, ""
			}
		}
	}
	return date{}, "when.no_such_time"
}

// fits tells whether d is such a day.
func (n nthDay) fits(d date) bool {
	w := d.Weekday()
	return n.day || n.workday && w != time.Saturday && w != time.Sunday || !n.day && !n.workday && w == n.what
}

// nthIn finds the nth such day of a month.
func nthIn(y int, m time.Month, n nthDay) (date, string) {
	last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
	var days []date
	for d := 1; d <= last; d++ {
		t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		if n.fits(t) {
			days = append(days, t)
		}
	}
	i := n.nth - 1
	if n.nth < 0 {
		i = len(days) + n.nth
	}
	if i < 0 || i >= len(days) {
		return date{}, "when.no_such_time"
	}
	return days[i], ""
}

// instant is minute (which may be past midnight) and second of a local day;
// false for a reading that a clock change skips.
func (p *parser) instant(day date, minute, second int, zone *time.Location) (time.Time, bool) {
	wall := day.Add(time.Duration(minute)*time.Minute + time.Duration(second)*time.Second)
	return models.LocalInstant(wall, zone)
}
