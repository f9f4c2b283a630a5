package views

import (
	"fmt"
	"time"
)

// Dates are written so that they can be read days later: never "today" or
// "tomorrow" alone. Slack's own <!date> tokens are not used: they do not work
// in headers, buttons and notifications, and a card must read the same to
// everybody in the channel.

var zhDays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// Day is `周六 11月28日` or `Sat 28 Nov`, with the year when it is not this one.
func (p *Printer) Day(t time.Time) string { return p.dayIn(t, p.Zone) }

func (p *Printer) dayIn(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	sameYear := p.Now.IsZero() || t.Year() == p.Now.In(zone).Year()
	if p.Lang == "zh" {
		day := fmt.Sprintf("%s %d月%d日", zhDays[t.Weekday()], int(t.Month()), t.Day())
		if !sameYear {
			return fmt.Sprintf("%s %d年%d月%d日", zhDays[t.Weekday()], t.Year(), int(t.Month()), t.Day())
		}
		return day
	}
	if sameYear {
		return t.Format("Mon 2 Jan")
	}
	return t.Format("Mon 2 Jan 2006")
}

// DayMonth is `11月28日 9:00` or `28 Nov 9:00`, as one writes it, on the wall of
// t's own zone.
func (p *Printer) DayMonth(t time.Time) string {
	clock := t.Format("15:04")[trim(t):]
	if p.Lang == "zh" {
		return fmt.Sprintf("%d月%d日 %s", int(t.Month()), t.Day(), clock)
	}
	return t.Format("2 Jan ") + clock
}

// Clock is `9:00`, on the reader's wall.
func (p *Printer) Clock(t time.Time) string { return t.In(p.Zone).Format("15:04")[trim(t.In(p.Zone)):] }

// trim drops the leading zero of hours before ten: VOICE writes 9:00.
func trim(t time.Time) int {
	if t.Hour() < 10 {
		return 1
	}
	return 0
}

// DayClock is `周六 11月28日 9:00` or `Sat 28 Nov 9:00`.
func (p *Printer) DayClock(t time.Time) string { return p.Day(t) + " " + p.Clock(t) + p.zoneMark(t) }

// Range is `周六 11月28日 9:00–11:30` or `Sat 28 Nov, 9:00–11:30`; an end on
// another day is written with its day. A zone that is not the organisation's
// is named.
func (p *Printer) Range(start, end time.Time) string {
	comma := " "
	if p.Lang == "en" {
		comma = ", "
	}
	from := p.Day(start) + comma + p.Clock(start)
	if end.IsZero() || end.Equal(start) {
		return from + p.zoneMark(start)
	}
	a, b := start.In(p.Zone), end.In(p.Zone)
	until := p.Clock(end)
	if a.YearDay() != b.YearDay() || a.Year() != b.Year() {
		if end.Sub(start) >= 24*time.Hour {
			until = p.Day(end) + " " + until
		} else if p.Lang == "zh" {
			until = "次日" + until
		} else {
			until += " (+1)"
		}
	}
	return from + "–" + until + p.zoneMark(start)
}

// zoneMark names the zone when its wall differs from the organisation's.
func (p *Printer) zoneMark(t time.Time) string {
	_, own := t.In(p.Zone).Zone()
	_, org := t.In(p.OrgZone).Zone()
	if own == org {
		return ""
	}
	if p.Lang == "zh" {
		return "（" + p.Zone.String() + "）"
	}
	return " (" + p.Zone.String() + ")"
}

// Span is how long: `90 分钟`, `2 小时`, `1.5 hours`.
func (p *Printer) Span(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	switch {
	case minutes < 90 && minutes != 60:
		return p.T("date.minutes", "N", minutes)
	case minutes%60 == 0 && minutes < 48*60:
		return p.T("date.hours", "N", minutes/60)
	case minutes%(24*60) == 0:
		return p.T("date.days", "N", minutes/(24*60))
	}
	return p.T("date.hours_part", "Hours", Number(float64(minutes)/60))
}

// Number writes a figure without needless decimals: 10, 61.5, 2.25.
func Number(f float64) string {
	s := fmt.Sprintf("%.2f", f)
	for len(s) > 0 && s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if len(s) > 0 && s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}

// Weekday is 周一 or Mon.
func (p *Printer) Weekday(d time.Weekday) string {
	if p.Lang == "zh" {
		return zhDays[d]
	}
	return d.String()[:3]
}
