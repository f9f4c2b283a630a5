package models

import (
	"maps"
	"slices"
	"time"
)

// What `holidays` may say in a study.
const (
	HolidayKeep   = "keep"   // where the rule puts it
	HolidaySkip   = "skip"   // not on a day off
	HolidayBefore = "before" // on the nearest working day before
	HolidayAfter  = "after"  // on the nearest working day after
)

// OrgDay is an organisation's own day off, or own working day, on top of the
// public calendar. There is at most one a date.
type OrgDay struct {
	ID        int64
	TenantID  int64  `gorm:"uniqueIndex:org_days_one"`
	Date      string `gorm:"uniqueIndex:org_days_one"` // 2026-12-26
	Work      bool   // false = off
	Name      string // why, "" = none given
	State     string // OrgDayActive, OrgDayDeleted
	CreatedBy int64
	CreatedAt Instant
}

// MessageHoliday tells a leader that a session moved by itself; SubjectID
// occurrence.
const MessageHoliday MessageKind = "study_holiday"

// OrgDay states. A deleted one can be brought back.
const (
	OrgDayActive  = "active"
	OrgDayDeleted = "deleted"
)

// OrgDayName is how long the name of an own day may be, in characters.
const OrgDayName = 40

func (d *OrgDay) Thing() (string, int64) { return "org_day", d.ID }

func (d *OrgDay) Facts() map[string]any {
	return map[string]any{"date": d.Date, "work": d.Work, "state": d.State, "created_by": d.CreatedBy}
}

func (d *OrgDay) Words() map[string]Word { return map[string]Word{"name": {Text: d.Name}} }

// Known is how much is known of the public days of a year.
type Known int

const (
	KnownNot       Known = iota // no data: nothing is guessed
	KnownStatutory              // the days the law names; which days are moved is not announced yet
	KnownFull                   // the year's notice
)

// DayKind is what a date is.
type DayKind int

const (
	DayPlain DayKind = iota // Monday to Friday people work, else not
	DayOff                  // a holiday, also one that falls on a weekend
	DayWork                 // a working day by notice or of the organisation's own, whatever weekday it is
)

// OwnDayOff stands for the name of an own day off that was given none.
const OwnDayOff = "-"

// Calendar is which dates are off and which are worked: the public days that
// ship with the program, and an organisation's own on top of them. A date is
// the year, month and day of a time in its location.
type Calendar struct {
	public map[int]PublicYear
	days   map[string]calendarDay
}

type calendarDay struct {
	kind DayKind
	name string
	own  bool
}

// NewCalendar is the public calendar with these own days on top.
func NewCalendar(own []OrgDay) Calendar { return calendarOf(publicYears, own) }

func calendarOf(public map[int]PublicYear, own []OrgDay) Calendar {
	c := Calendar{public: public, days: map[string]calendarDay{}}
	for _, y := range public {
		for _, run := range y.Runs {
			for _, date := range run.Dates() {
				c.days[date] = calendarDay{kind: DayOff, name: run.Name}
			}
			for _, date := range run.Work {
				c.days[date] = calendarDay{kind: DayWork, name: run.Name}
			}
		}
	}
	for _, d := range own {
		if d.State != OrgDayActive {
			continue
		}
		day := calendarDay{kind: DayOff, name: d.Name, own: true}
		if d.Work {
			day.kind = DayWork
		}
		if day.name == "" {
			day.name = OwnDayOff
		}
		c.days[d.Date] = day
	}
	return c
}

// Dates are the days off of a holiday.
func (r PublicRun) Dates() []string {
	from, err := time.Parse(time.DateOnly, r.From)
	if err != nil {
		return nil
	}
	var out []string
	for d := from; d.Format(time.DateOnly) <= r.To; d = d.AddDate(0, 0, 1) {
		out = append(out, d.Format(time.DateOnly))
	}
	return out
}

// DayOf is what a date is, the name of the holiday that makes it so, and how
// much is known of its year. An own day is known whatever the year.
func (c Calendar) DayOf(date time.Time) (kind DayKind, name string, known Known) {
	day := c.days[date.Format(time.DateOnly)]
	known = c.public[date.Year()].Known
	if day.own {
		known = KnownFull
	}
	return day.kind, day.name, known
}

// Works says whether a date is a working day, as far as is known.
func (c Calendar) Works(date time.Time) bool {
	switch kind, _, _ := c.DayOf(date); kind {
	case DayOff:
		return false
	case DayWork:
		return true
	}
	return weekday(date)
}

func weekday(date time.Time) bool {
	return date.Weekday() != time.Saturday && date.Weekday() != time.Sunday
}

// Year is the public days of a year, and how much is known of it.
func (c Calendar) Year(year int) PublicYear {
	y := c.public[year]
	y.Year = year
	return y
}

// Years are those that ship with the program, in order.
func (c Calendar) Years() []int { return slices.Sorted(maps.Keys(c.public)) }
