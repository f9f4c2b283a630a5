package grammar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/models"
)

// ruleParts are the parts of an RRULE, in the order they are written.
type ruleParts struct {
	freq              string
	interval          int
	months, monthDays []int
	days              []string
	lunar             bool // of the Chinese calendar
	setPos            []int
	count             int
	until             time.Time
}

func (r ruleParts) String() string {
	var b strings.Builder
	b.WriteString(r.scale() + "FREQ=" + r.freq)
	if r.interval > 1 {
		fmt.Fprintf(&b, ";INTERVAL=%d", r.interval)
	}
	list := func(name string, values []int) {
		if len(values) > 0 {
			b.WriteString(";" + name + "=" + joinInts(values))
		}
	}
	list("BYMONTH", r.months)
	list("BYMONTHDAY", r.monthDays)
	if len(r.days) > 0 {
		b.WriteString(";BYDAY=" + strings.Join(r.days, ","))
	}
	list("BYSETPOS", r.setPos)
	if r.count > 0 {
		fmt.Fprintf(&b, ";COUNT=%d", r.count)
	}
	if !r.until.IsZero() {
		b.WriteString(";UNTIL=" + r.until.UTC().Format("20060102T150405Z"))
	}
	return b.String()
}

func joinInts(values []int) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = strconv.Itoa(v)
	}
	return strings.Join(words, ",")
}

// emitRule gives a rule for each clock of the segment.
func (p *parser) emitRule(s *segment, zone *time.Location) []When {
	if s.length == nil && len(s.clocks) == 0 {
		p.fail("when.no_time", s.from, s.to)
		return nil
	}
	var out []When
	for _, c := range s.clocks {
		if p.err != nil {
			return nil
		}
		out = append(out, p.rule(s, c, zone))
	}
	return out
}

func (p *parser) rule(s *segment, c clockSpan, zone *time.Location) When {
	start, end, f := p.minutes(c)
	if f != nil {
		p.fault(f, clock{from: c.start.from, to: max(c.start.to, c.end.to)}, nil)
		return When{}
	}
	if c.endDay != nil {
		if c.endDay.kind != dayNextDay {
			p.fail("when.unreadable", c.endDay.from, c.endDay.to)
			return When{}
		}
		end += dayMinutes
	}
	if zone.String() == "" {
		zone = p.zone
	}
	parts := p.ruleParts(s)
	if p.err != nil {
		return When{}
	}
	if start >= dayMinutes { // 每周五晚上12点 is Saturday 0:00
		if !parts.shiftDay() {
			p.fail("when.no_such_time", c.start.from, c.start.to)
			return When{}
		}
		start, end = start-dayMinutes, end-dayMinutes
	}
	return p.firstTimes(s, parts, start, end, c, zone)
}

// shiftDay moves a rule to the day after; only days of the week can move.
func (r *ruleParts) shiftDay() bool {
	if len(r.monthDays) > 0 || len(r.months) > 0 || r.freq == "MONTHLY" {
		return false
	}
	for i, d := range r.days {
		at := slices.Index(weekdayTokens[:], d)
		r.days[i] = weekdayTokens[(at+1)%7]
	}
	return true
}

// firstTimes finds the first occurrence from now (or from the day that the
// rule begins), and puts the rule in step with it.
func (p *parser) firstTimes(s *segment, parts ruleParts, start, end int, c clockSpan, zone *time.Location) When {
	after := p.now
	today := dateOf(p.now.In(zone))
	if s.begin != nil {
		day, bad := p.placeBegin(*s.begin, today)
		if bad != nil {
			p.err = bad
			return When{}
		}
		if at, _ := p.instant(day, 0, 0, zone); at.After(after) {
			after, today = at, day
		}
	}
	wall := func(day date) string {
		return day.Add(time.Duration(start) * time.Minute).Format(models.WallLayout)
	}
	step := parts
	step.interval, step.count, step.until = 1, 0, time.Time{}
	if strings.HasPrefix(parts.freq, "MONTH") && len(parts.months) > 0 {
		step.interval = parts.interval
	}
	first, err := models.Rule{RRULE: step.String(), Wall: wall(today), Zone: zone.String()}.Next(after.Add(-time.Nanosecond), 1)
	if err != nil || len(first) == 0 {
		p.fail("when.no_such_time", s.from, s.to)
		return When{}
	}
	firstDay := dateOf(first[0])
	if !p.ruleEnds(s, &parts, firstDay, first[0], zone) {
		return When{}
	}
	w := When{Kind: KindRule, Rule: parts.String(), Wall: wall(firstDay), Zone: zone.String()}
	w.Next, err = models.Rule{RRULE: w.Rule, Wall: w.Wall, Zone: w.Zone}.Next(after.Add(-time.Nanosecond), 3)
	if err != nil || len(w.Next) == 0 {
		p.fail("when.rule_over", s.from, s.to)
		return When{}
	}
	w.Start = w.Next[0]
	switch {
	case c.ranged:
		w.End, _ = p.instant(firstDay, end, c.end.s, zone)
	case s.length != nil:
		w.End = addSpan(w.Start, *s.length)
	}
	if !w.End.IsZero() && !w.End.After(w.Start) {
		p.fail("when.end_before_start", s.from, s.to)
	}
	return w
}

func (p *parser) placeBegin(d daySpec, today date) (date, *problem) {
	if d.kind == dayWeek {
		return monday(p.today(), d.n), nil
	}
	if d.kind == dayMonthWhole {
		d = firstOfMonth(d, 1)
	}
	return p.place(d, today, func(day date) bool { return !day.Before(today) })
}

// firstOfMonth makes a whole month a day of it, 1 or -1.
func firstOfMonth(d daySpec, day int) daySpec {
	d.kind, d.d = dayMonth, day
	if d.mo == 0 {
		d.kind = dayOfMonth
	}
	return d
}

// ruleEnds works out COUNT and UNTIL.
func (p *parser) ruleEnds(s *segment, parts *ruleParts, firstDay date, first time.Time, zone *time.Location) bool {
	parts.count = s.times
	if s.lasts != nil {
		end := firstDay.AddDate(0, s.lasts.months, s.lasts.days)
		at, _ := p.instant(end, 0, 0, zone)
		parts.until, parts.count = at.Add(-time.Second), 0
	}
	if s.until == nil {
		return true
	}
	d := *s.until
	if d.kind == dayMonthWhole {
		d = firstOfMonth(d, -1)
	}
	day, bad := p.place(d, p.today(), func(day date) bool { return !day.Before(firstDay) })
	if bad != nil {
		p.err = bad
		return false
	}
	next, _ := p.instant(day.AddDate(0, 0, 1), 0, 0, zone)
	parts.until, parts.count = next.Add(-time.Second), 0
	if parts.until.Before(first) {
		p.fail("when.rule_over", d.from, d.to)
		return false
	}
	return true
}

// ruleParts reads the days of a rule.
func (p *parser) ruleParts(s *segment) ruleParts {
	parts := ruleParts{interval: max(s.every.interval, 1)}
	unit := s.every.unit
	bad := func(key string, d daySpec) ruleParts {
		p.fail(key, d.from, d.to)
		return parts
	}
	days := s.days
	if len(days) == 0 && unit == uWeek && s.begin != nil && s.begin.kind == dayWeekday {
		days = []daySpec{*s.begin} // 下周三开始每周19:30
	}
	for _, d := range days {
		switch {
		case d.runs:
			return bad("when.unreadable", d)
		case d.kind == dayLunar, d.kind == dayTerm:
			if key := parts.addLunar(d); key != "" {
				return bad(key, d)
			}
		case parts.lunar, s.lunar && !d.dayNumber():
			return bad("when.unreadable", d)
		case s.lunar: // every lunar month on the last day
			parts.lunar, parts.monthDays = true, append(parts.monthDays, d.number())
		case d.kind == dayWeekday && d.bare, d.kind == dayWeekday && s.begin != nil:
			parts.days = append(parts.days, ruleDay(d.weekday))
		case d.kind == dayNth && (d.bare || d.mo > 0 && d.y == 0 || d.n == 0 && d.mo == 0):
			parts.addNth(d)
			if d.mo > 0 {
				parts.months = append(parts.months, d.mo)
			}
		case d.kind == dayOfMonth && (d.bare || d.n == 0):
			if d.d > 31 || d.d == 0 {
				return bad("when.no_such_time", d)
			}
			parts.monthDays = append(parts.monthDays, d.d)
		case d.kind == dayMonth && d.y == 0:
			if _, ok := validDate(2024, d.mo, d.d); !ok { // a leap year
				return bad("when.no_such_time", d)
			}
			parts.months, parts.monthDays = append(parts.months, d.mo), append(parts.monthDays, d.d)
		case d.kind == dayMonth && d.yearRel && d.d == 31 && d.mo == 12:
			parts.months, parts.monthDays = []int{12}, []int{31}
		default:
			return bad("when.unreadable", d)
		}
	}
	parts.tidy()
	if key := parts.setFreq(unit, s.part != noPart || len(s.days) == 0); key != "" {
		p.fail(key, s.from, s.to)
	}
	return parts
}

func (r *ruleParts) addNth(d daySpec) {
	switch {
	case d.nth.day:
		r.monthDays = append(r.monthDays, d.nth.nth)
	case d.nth.workday:
		r.days = []string{"MO", "TU", "WE", "TH", "FR"}
		r.setPos = append(r.setPos, d.nth.nth)
	default:
		r.days = append(r.days, strconv.Itoa(d.nth.nth)+ruleDay(d.nth.what))
	}
}

// tidy drops doubles and puts days of the week in their order.
func (r *ruleParts) tidy() {
	slices.SortStableFunc(r.days, func(a, b string) int { return ruleDayOrder(a) - ruleDayOrder(b) })
	r.days = slices.Compact(r.days)
	slices.Sort(r.monthDays)
	r.monthDays = slices.Compact(r.monthDays)
	r.months = slices.Compact(r.months)
	r.setPos = slices.Compact(r.setPos)
}

func ruleDayOrder(s string) int {
	nth := 0
	if len(s) > 2 {
		nth, _ = strconv.Atoi(s[:len(s)-2])
		if nth < 0 {
			nth += 100
		}
		nth *= 10
	}
	return nth + (slices.Index(weekdayTokens[:], s[len(s)-2:])+6)%7
}

// setFreq chooses the frequency from the unit said and the days named; it
// gives a reason's key where they do not go together.
func (r *ruleParts) setFreq(unit int, daily bool) string {
	nth := len(r.setPos) > 0 || len(r.days) > 0 && len(r.days[0]) > 2
	plain := len(r.days) > 0 && !nth
	switch {
	case plain && (nth || len(r.monthDays) > 0), nth && len(r.monthDays) > 0:
		return "when.unreadable"
	case len(r.monthDays) > 31 || len(r.months) > 1 && len(r.monthDays) > 1 && len(r.months) != len(r.monthDays):
		return "when.unreadable"
	}
	if unit < 0 {
		switch {
		case plain:
			unit = uWeek
		case len(r.months) > 0:
			unit = uYear
		case nth, len(r.monthDays) > 0:
			unit = uMonth
		case daily:
			unit = uDay
		}
	}
	switch unit {
	case uDay:
		r.freq = "DAILY"
		if plain && r.interval == 1 {
			r.freq = "WEEKLY"
		} else if len(r.days)+len(r.monthDays) > 0 {
			return "when.unreadable"
		}
	case uWeek:
		r.freq = "WEEKLY"
		if !plain {
			return orElse(len(r.monthDays) > 0 || nth, "when.unreadable", "when.no_day")
		}
	case uMonth:
		r.freq = "MONTHLY"
		if !nth && len(r.monthDays) == 0 {
			return "when.no_day"
		}
		if len(r.months) > 0 {
			return "when.unreadable"
		}
	case uQuarter:
		return r.setQuarter(nth)
	case uYear:
		r.freq = "YEARLY"
		if len(r.months) == 0 {
			return "when.no_day"
		}
		if len(r.months) > 1 && len(r.monthDays) > 1 {
			return "when.unreadable"
		}
	default:
		return "when.unreadable"
	}
	return ""
}

func orElse(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// setQuarter: the first Monday of a quarter is in its first month, the last
// day in its last.
func (r *ruleParts) setQuarter(nth bool) string {
	if r.interval != 1 || !nth && len(r.monthDays) == 0 || len(r.months) > 0 {
		return orElse(r.interval == 1, "when.no_day", "when.unreadable")
	}
	r.freq, r.months = "MONTHLY", []int{1, 4, 7, 10}
	if slices.ContainsFunc(r.monthDays, func(d int) bool { return d < 0 }) || slices.ContainsFunc(r.setPos, func(n int) bool { return n < 0 }) ||
		nth && strings.HasPrefix(r.days[0], "-") {
		r.months = []int{3, 6, 9, 12}
	}
	return ""
}
