package models

import (
	"testing"
	"time"
)

func TestEveryYearsHolidaysHoldTogether(t *testing.T) {
	t.Parallel()
	totals := map[int][2]int{2026: {33, 6}, 2027: {13, 0}} // days off, adjusted working days
	for year, y := range publicYears {
		off, work := 0, 0
		seen := map[string]string{}
		for _, run := range y.Runs {
			for _, date := range run.Dates() {
				off++
				checkDate(t, year, date)
				if other := seen[date]; other != "" {
					t.Errorf("%s is %s and %s", date, other, run.Name)
				}
				seen[date] = run.Name
			}
			for _, date := range run.Work {
				work++
				if d := checkDate(t, year, date); weekday(d) {
					t.Errorf("%s: an adjusted working day is a %s", date, d.Weekday())
				}
				if other := seen[date]; other != "" {
					t.Errorf("%s is worked for %s, and is %s", date, run.Name, other)
				}
				seen[date] = run.Name
			}
		}
		if want, ok := totals[year]; !ok || want != [2]int{off, work} {
			t.Errorf("%d: %d days off and %d adjusted working days, want %v", year, off, work, want)
		}
		if y.Source == "" || y.Link == "" || y.Year != year || y.Known == KnownNot {
			t.Errorf("%d: without its source", year)
		}
		if y.Known == KnownStatutory && work > 0 {
			t.Errorf("%d: adjusted working days without a notice", year)
		}
	}
}

// checkDate: the notice of a year names days of that year, and at most the last
// days of the one before.
func checkDate(t *testing.T, year int, date string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, date)
	if err != nil || d.Year() != year && !(d.Year() == year-1 && d.Month() == time.December) {
		t.Errorf("%d: date %q", year, date)
	}
	return d
}

func TestAnOwnDayGoesOverAPublicOne(t *testing.T) {
	t.Parallel()
	c := NewCalendar([]OrgDay{{Date: "2026-10-03", Work: true, State: OrgDayActive}, {Date: "2030-05-02", Name: "站休", State: OrgDayActive}})
	for date, want := range map[string]struct {
		kind  DayKind
		name  string
		known Known
		works bool
	}{
		"2026-10-01": {DayOff, "国庆节", KnownFull, false},
		"2026-10-10": {DayWork, "国庆节", KnownFull, true},
		"2026-10-03": {DayWork, OwnDayOff, KnownFull, true},
		"2026-11-23": {DayPlain, "", KnownFull, true},
		"2026-11-22": {DayPlain, "", KnownFull, false},
		"2027-02-06": {DayOff, "春节", KnownStatutory, false},
		"2027-03-01": {DayPlain, "", KnownStatutory, true},
		"2030-05-01": {DayPlain, "", KnownNot, true},
		"2030-05-02": {DayOff, "站休", KnownFull, false},
	} {
		d, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		kind, name, known := c.DayOf(d)
		if kind != want.kind || name != want.name || known != want.known || c.Works(d) != want.works {
			t.Errorf("%s: %v %q %v %v, want %+v", date, kind, name, known, c.Works(d), want)
		}
	}
}
