package grammar

import "time"

// parseAnyDay reads a day, past or ahead; one without a year is this year's.
func parseAnyDay(text string, o Options) (time.Time, *Reason) {
	p := newParser(text, o)
	spec, reason := p.oneDay()
	if reason != nil {
		return time.Time{}, reason
	}
	if spec.kind == dayMonth && spec.y == 0 {
		spec.y = p.today().Year()
	}
	day, bad := p.place(spec, p.today(), func(date) bool { return true })
	if bad != nil {
		p.err = bad
		return time.Time{}, p.reason()
	}
	at, _ := p.instant(day, 0, 0, p.zone)
	return at, nil
}

// ParsePastDay reads a day that something was held on, today or before: of
// several that a text can mean, the latest. It gives its first moment.
func ParsePastDay(text string, o Options) (time.Time, error) {
	at, reason := parsePastDay(text, o)
	if reason != nil {
		return at, reason
	}
	return at, nil
}

func parsePastDay(text string, o Options) (time.Time, *Reason) {
	p := newParser(text, o)
	spec, reason := p.oneDay()
	if reason != nil {
		return time.Time{}, reason
	}
	today := p.today()
	from := today
	switch {
	case spec.kind == dayMonth && spec.y == 0:
		spec.y = today.Year()
		if d, ok := validDate(spec.y, spec.mo, spec.d); !ok || d.After(today) {
			spec.y--
		}
	case spec.kind == dayOfMonth && spec.bare:
		for n := range 3 { // the 31st is in one of three months
			m := today.AddDate(0, 0, 1-today.Day()).AddDate(0, -n, 0)
			if d, ok := validDate(m.Year(), int(m.Month()), spec.d); ok && !d.After(today) {
				spec.kind, spec.y, spec.mo = dayMonth, d.Year(), int(d.Month())
				break
			}
		}
	case spec.kind == dayWeekday && spec.bare:
		from = today.AddDate(0, 0, -6)
	}
	day, bad := p.place(spec, from, func(d date) bool { return !d.After(today) && d.After(today.AddDate(0, 0, -7)) })
	if bad != nil {
		p.err = bad
		return time.Time{}, p.reason()
	}
	if day.After(today) {
		return time.Time{}, newReason("duty.day_ahead", clip(text), o)
	}
	at, _ := p.instant(day, 0, 0, p.zone)
	return at, nil
}
