package models

import (
	"cmp"
	"slices"
	"time"
)

// Exemption excuses somebody from the study target of a year, or of a part of
// it. They are still invited to everything, and what they do is credited.
type Exemption struct {
	ID       int64
	TenantID int64
	PersonID int64
	Year     int
	FirstDay string // 2026-03-01
	LastDay  string // 2026-05-31, still excused
	Reason   string
	State    string // ExemptionActive, ExemptionEnded
	GivenBy  int64
	GivenAt  Instant
	EndedBy  int64
	EndedAt  Instant
}

// Exemption states.
const (
	ExemptionActive = "active"
	ExemptionEnded  = "ended" // taken back
)

func (e *Exemption) Thing() (string, int64) { return "exemption", e.ID }

func (e *Exemption) Facts() map[string]any {
	return map[string]any{"person": e.PersonID, "year": e.Year, "first_day": e.FirstDay, "last_day": e.LastDay,
		"state": e.State, "given_by": e.GivenBy, "given_at": e.GivenAt, "ended_by": e.EndedBy, "ended_at": e.EndedAt}
}

func (e *Exemption) Words() map[string]Word {
	if e.Reason == "" {
		return nil
	}
	return map[string]Word{"reason": {Text: e.Reason, Person: e.PersonID}}
}

// Span is the days for which it excuses.
func (e Exemption) Span() DaySpan { return DaySpan{First: e.FirstDay, Last: e.LastDay} }

// Whole says whether it excuses from the whole year.
func (e Exemption) Whole() bool { return e.Span() == WholeYear(e.Year) }

// Covers says whether it excuses on a day (2026-03-01).
func (e Exemption) Covers(day string) bool {
	return e.State == ExemptionActive && e.FirstDay <= day && day <= e.LastDay
}

// DaySpan is a span of local days, both ends in it, as 2026-03-01.
type DaySpan struct{ First, Last string }

// WholeYear is all days of a year.
func WholeYear(year int) DaySpan {
	return DaySpan{First: dayText(year, 1, 1), Last: dayText(year, 12, 31)}
}

func dayText(year int, month time.Month, day int) string {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// Len is how many days it holds; 0 when it is none.
func (s DaySpan) Len() int {
	first, err := time.Parse(time.DateOnly, s.First)
	last, err2 := time.Parse(time.DateOnly, s.Last)
	if err != nil || err2 != nil || last.Before(first) {
		return 0
	}
	return int(last.Sub(first)/(24*time.Hour)) + 1
}

// next is the day after it.
func (s DaySpan) next() string {
	last, err := time.Parse(time.DateOnly, s.Last)
	if err != nil {
		return s.Last
	}
	return last.AddDate(0, 0, 1).Format(time.DateOnly)
}

// FreeDays are the days of a year for which exemptions excuse, joined where
// they meet or overlap.
func FreeDays(year int, list []Exemption) []DaySpan {
	whole := WholeYear(year)
	var all []DaySpan
	for _, e := range list {
		if e.State != ExemptionActive || e.Year != year {
			continue
		}
		s := DaySpan{First: max(e.FirstDay, whole.First), Last: min(e.LastDay, whole.Last)}
		if s.Len() > 0 {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b DaySpan) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last)) })
	var out []DaySpan
	for _, s := range all {
		if n := len(out); n > 0 && s.First <= out[n-1].next() {
			out[n-1].Last = max(out[n-1].Last, s.Last)
			continue
		}
		out = append(out, s)
	}
	return out
}

// TargetAfter is what is left of a year's target with some days free of it: in
// proportion to the days, down to the full hour. exempt says that it is none
// because of that.
func TargetAfter(full, year int, free []DaySpan) (target int, exempt bool) {
	days, off := WholeYear(year).Len(), 0
	for _, s := range free {
		off += s.Len()
	}
	if off == 0 {
		return full, false
	}
	target = full * max(days-off, 0) / days / 60 * 60
	return target, target == 0
}

// TableName is apart from those of calls.
func (Exemption) TableName() string { return "study_exemptions" }
