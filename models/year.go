package models

import (
	"cmp"
	"slices"
	"time"
)

// The year's account of study: what somebody did against what their duty asks
// for, and whether they will get there. A year is a calendar year by the
// organisation's zone; minutes count to the year in which the session began.

// YearAccount is one person's study in one year.
type YearAccount struct {
	PersonID int64
	Year     int
	From, To Instant // [From, To)

	Full   int       // minutes that the duty asks for in a whole year
	Target int       // minutes asked for of this person; 0 = none
	Exempt bool      // excused from all of it
	Free   []DaySpan // the days for which they are excused, in order, apart

	Done                              int // minutes credited: attended and made up
	Attended, MadeUp, Excused, Absent YearCount
	Unknown                           YearCount // over and neither held nor not held, as nobody said
	LastAt                            Instant   // start of the last session they took part in this year, 0 = none
	Days                              int       // days with sessions that were offered to them and are settled
	First                             Instant   // start of the first of those
	Chances                           []Chance  // what can still be done for this year, soonest to close first
}

// YearCount is how many sessions, and what they count for in minutes.
type YearCount struct{ Sessions, Minutes int }

// Chance is a session, or a make-up, that still counts for the year.
type Chance struct {
	At      Instant // from then on it is gone: the start of a session, the close of a make-up
	Day     int     // local day of the session, counted from anywhere
	Minutes int
	Open    bool // it is over and can be made up, or material to be read
}

// Open is what can still be made up or read, Planned what is still to be held.
func (y YearAccount) Open() YearCount { return y.chances(true) }

// Planned is what is still to be held this year, for this person.
func (y YearAccount) Planned() YearCount { return y.chances(false) }

func (y YearAccount) chances(open bool) (n YearCount) {
	for _, c := range y.Chances {
		if c.Open == open {
			n.Sessions, n.Minutes = n.Sessions+1, n.Minutes+c.Minutes
		}
	}
	return n
}

// Verdict is what the account comes to.
type Verdict string

const (
	VerdictExempt  Verdict = "exempt"  // nothing is asked for
	VerdictReached Verdict = "reached" // done
	VerdictOnPace  Verdict = "on_pace" // at this pace it will be done
	VerdictShort   Verdict = "short"   // at this pace it will not, and what is planned would do
	VerdictBeyond  Verdict = "beyond"  // nor would all that is planned do
	VerdictEarly   Verdict = "early"   // too little to go by: no forecast
	VerdictMissed  Verdict = "missed"  // the year is over, and nothing can be made up
)

// Short says that somebody may fall short, or did.
func (v Verdict) Short() bool {
	return v == VerdictShort || v == VerdictBeyond || v == VerdictMissed
}

// Done says that the target is reached, or will be at this pace.
func (v Verdict) Done() bool { return v == VerdictReached || v == VerdictOnPace }

// A forecast needs a pace: three days of sessions over four weeks. Less is an
// accident of one week's shifts.
const (
	ForecastDays = 3
	ForecastSpan = 28 * 24 * time.Hour
)

// Forecast is how a year will end for somebody at their present pace.
type Forecast struct {
	Verdict   Verdict
	Projected int     // minutes at the year's end at this pace; Done when there is no forecast
	Missing   int     // minutes that fail to the target at this pace
	More      int     // minutes of all that can still be done
	By        Instant // only for VerdictShort: from then on the target cannot be reached with what is planned
}

// Forecast looks ahead from now. The pace is minutes credited a day with
// sessions; such days are to come as often as until now, or as often as they
// are planned, whichever is more.
func (y YearAccount) Forecast(now Instant) Forecast {
	f := Forecast{Projected: y.Done, More: y.Open().Minutes + y.Planned().Minutes}
	known := now >= y.To || y.Days >= ForecastDays && now.Sub(y.First) >= ForecastSpan
	if known && now < y.To { // to the half hour below: more would pretend to know
		f.Projected = max(f.Projected, (y.Done+y.pace(now))/30*30)
	}
	f.Missing = max(y.Target-f.Projected, 0)
	reach := y.Done + f.More
	switch {
	case y.Exempt:
		f.Verdict, f.Missing = VerdictExempt, 0
	case y.Done >= y.Target:
		f.Verdict = VerdictReached
	case !known:
		f.Verdict = VerdictEarly
	case f.Missing == 0:
		f.Verdict = VerdictOnPace
	case reach >= y.Target:
		f.Verdict, f.By = VerdictShort, y.lastChance()
	case now >= y.To:
		f.Verdict = VerdictMissed
	default:
		f.Verdict = VerdictBeyond
	}
	return f
}

// pace is what is to come until the year's end at the pace so far.
func (y YearAccount) pace(now Instant) int {
	days := map[int]bool{}
	for _, c := range y.Chances {
		if !c.Open {
			days[c.Day] = true
		}
	}
	planned := y.Done * len(days) / y.Days
	alike := int64(y.Done) * int64(y.To-now) / int64(now-y.First)
	return max(planned, int(alike))
}

// lastChance is when the target goes out of reach for who takes part in
// nothing more until then: what closes later no longer makes up what fails.
func (y YearAccount) lastChance() Instant {
	need := y.Target - y.Done
	for _, c := range slices.Backward(y.Chances) {
		if need -= c.Minutes; need <= 0 {
			return c.At
		}
	}
	return 0
}

// SortChances puts chances in the order in which they close.
func SortChances(list []Chance) {
	slices.SortFunc(list, func(a, b Chance) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Minutes, b.Minutes)) })
}

// DayCount counts the days of a zone's wall, so that what lies on one day has
// one number.
func DayCount(at Instant, zone *time.Location) int {
	return int(midnight(at, zone).Unix() / (24 * 60 * 60))
}

// YearOfInstant is the calendar year that holds at, and its span.
func YearOfInstant(at Instant, zone *time.Location) (year int, p Period) {
	return at.In(zone).Year(), PeriodOf(PeriodYear, at, zone)
}

// YearSpan is a calendar year by its number.
func YearSpan(year int, zone *time.Location) Period {
	return PeriodOf(PeriodYear, At(time.Date(year, 7, 1, 12, 0, 0, 0, zone)), zone)
}

// YearRow is one member in a unit's account.
type YearRow struct {
	Person Person
	Unit   Unit // the member's own
	YearAccount
	Forecast Forecast
}

// rank puts who needs help first: short, then who cannot be judged yet, then
// who is on pace, done, exempt.
func (r YearRow) rank() int {
	switch v := r.Forecast.Verdict; {
	case v.Short():
		return 0
	case v == VerdictEarly:
		return 1
	case v == VerdictOnPace:
		return 2
	case v == VerdictReached:
		return 3
	}
	return 4
}

// SortYear puts who needs help first: those most short of their target, of
// equals those with the least done, then by name.
func SortYear(rows []YearRow) {
	slices.SortFunc(rows, func(a, b YearRow) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.Forecast.Missing, a.Forecast.Missing),
			cmp.Compare(a.Done, b.Done), cmp.Compare(a.Person.Name, b.Person.Name), cmp.Compare(a.Person.ID, b.Person.ID))
	})
}

// YearTotals is a unit's account in numbers: People is the sum of the rest.
type YearTotals struct{ People, OnPace, Short, Early, Exempt int }

// TotalYear counts rows.
func TotalYear(rows []YearRow) YearTotals {
	t := YearTotals{People: len(rows)}
	for _, r := range rows {
		switch v := r.Forecast.Verdict; {
		case v.Done():
			t.OnPace++
		case v.Short():
			t.Short++
		case v == VerdictExempt:
			t.Exempt++
		default:
			t.Early++
		}
	}
	return t
}

// Small says that totals of so few would name somebody in a channel.
func (t YearTotals) Small() bool { return t.People < RateFloor }
