package models

import (
	"slices"
	"time"
)

// Summary is what one period comes to. Every figure is a count of rows.
type Summary struct {
	Period Period
	Unit   Unit // zero = the whole organisation

	CallsOpened    int
	CallsFilled    int           // of those opened
	CallsCancelled int           // of those opened
	FillTime       time.Duration // mean time from opening to full of those filled
	PlacesShort    int           // places below the least in calls whose last shift ended in the period
	CallsShort     int           // calls those places belong to

	Volunteers int // different people who held a place in a shift that ended in the period
	Places     int // places they held, guests not counted

	Hours  HoursFigures
	Served int          // people served in calls whose last shift ended in the period
	Goods  []GoodsLine  // what was handed out in them, by item
	Units  []UnitFigure // volunteer hours by the people's unit, most first
	Months []MonthLine  // of a year: the months that have begun

	Leaders     []Leader // of a week and longer: those with the most hours of who agreed to be named
	LeadersTied int      // who shares the last ranks with them and is not named

	Study []StudyLine // a line per unit, by name; UnitID 0 = people without a unit
	Total StudyLine   // all of them; a session that concerns several units counts once

	Duties []DutyGap // what units owe by cadence and have no record of, in periods that ended in this one

	SealedTo int64  // record entries sealed when it was made
	Check    string // hash of the last of them, hex
}

// HoursFigures are the minutes of the volunteer ledger on the days of a period.
// Onsite, Rolled and Late add up to Counted.
type HoursFigures struct {
	Counted    int
	Onsite     int // own check-in on site, and the roll
	Rolled     int // on the roll, then the person's own yes
	Late       int // entered late, approved by another
	Waiting    int // pending or contested: not counted
	Unapproved int // waiting for a second person or an admin for over a week, whatever the day, up to the period's end
}

// GoodsLine is one item handed out; Value is cents of all of it, 0 = not given.
type GoodsLine struct {
	Item   string
	Number int
	Value  int64
}

// UnitFigure is what the people of one unit gave; UnitID 0 = people without one.
type UnitFigure struct {
	UnitID  int64
	Unit    string
	People  int // different people with minutes that count
	Minutes int
}

// DutyGap is how many times of a unit's duty are without a record.
type DutyGap struct {
	UnitID int64
	Unit   string
	DutyID int64
	Duty   string
	Times  int
}

// GapsIn are the duties without a record in periods that ended within p, by
// unit and duty as the book lists them.
func (b *DutyBook) GapsIn(units []Unit, p Period) []DutyGap {
	var out []DutyGap
	for _, u := range units {
		for _, s := range b.Missing(u) {
			end := s.Period.End(b.Zone)
			if end <= p.Start || end > p.End {
				continue
			}
			if n := len(out); n > 0 && out[n-1].UnitID == u.ID && out[n-1].DutyID == s.Duty.ID {
				out[n-1].Times += s.Need()
				continue
			}
			out = append(out, DutyGap{UnitID: u.ID, Unit: u.Name, DutyID: s.Duty.ID, Duty: s.Duty.Name, Times: s.Need()})
		}
	}
	return out
}

// MonthLine is one month of a year.
type MonthLine struct {
	Start      Instant
	Calls      int // opened
	Volunteers int
	Minutes    int // volunteer hours that count
	Study      StudyLine
}

// StudyLine is one unit's study in a period: sessions that have ended and were
// not called off. Only recorded ones (held, as the leader or a code said) count
// anybody.
type StudyLine struct {
	UnitID   int64
	Unit     string
	Sessions int
	Recorded int
	Missing  []Instant // starts of the sessions without a record, in order
	People   int       // different people due at recorded ones
	Due      int       // person-times expected at recorded ones
	Attended int
	MadeUp   int
	Excused  int
	Absent   int
}

// Add counts another session, or sessions of other people, into this line.
func (l *StudyLine) Add(m StudyLine) {
	l.Sessions += m.Sessions
	l.Recorded += m.Recorded
	l.Missing = append(l.Missing, m.Missing...)
	l.People += m.People
	l.Due += m.Due
	l.Attended += m.Attended
	l.MadeUp += m.MadeUp
	l.Excused += m.Excused
	l.Absent += m.Absent
}

// Open is how many person-times are neither done nor settled: they can still
// be made up.
func (l StudyLine) Open() int { return l.Due - l.Attended - l.MadeUp - l.Excused - l.Absent }

// Came is how many person-times were attended or made up.
func (l StudyLine) Came() int { return l.Attended + l.MadeUp }

// RateFloor is the least number of people for which a channel is shown a rate,
// or figures that give it away: below it, they name a person (SURFACE 8).
const RateFloor = 5

// Small says that figures of this line would name somebody.
func (l StudyLine) Small() bool { return l.People < RateFloor }

// Rate is who came of those due and not excused, in per cent rounded down:
// 100 % means everybody. ok is false without a record, or with nobody to count.
func (l StudyLine) Rate() (percent int, ok bool) {
	expected := l.Due - l.Excused
	if l.Recorded == 0 || expected <= 0 {
		return 0, false
	}
	return 100 * l.Came() / expected, true
}

// Hidden are the units whose study figures a channel is not shown: those of
// under five people and, as long as what is hidden comes to fewer than five
// people together, the next smallest, because the total less the others would
// give them away. rest is how many people are in units not shown anyway.
func Hidden(lines []StudyLine, rest int) map[int64]bool {
	hidden := map[int64]bool{}
	people := rest
	var open []StudyLine
	for _, l := range lines {
		switch {
		case l.People == 0:
		case l.Small():
			hidden[l.UnitID] = true
			people += l.People
		default:
			open = append(open, l)
		}
	}
	slices.SortStableFunc(open, func(a, b StudyLine) int { return a.People - b.People })
	for _, l := range open {
		if len(hidden) == 0 || people >= RateFloor {
			break
		}
		hidden[l.UnitID] = true
		people += l.People
	}
	return hidden
}

// ReadsAll says whether the person may read figures of the whole organisation.
func (r Rights) ReadsAll() bool {
	return r.Admin() || r.has(RoleOrganizer, 0) || r.has(RoleViewer, 0)
}

// Reads says whether the person may read figures of a unit: everybody's, its
// own, or those of a unit above it. chain is the unit and the units above it.
func (r Rights) Reads(chain []int64) bool {
	if r.ReadsAll() {
		return true
	}
	for _, unit := range chain {
		if r.has(RoleViewer, unit) || r.Manages(unit) {
			return true
		}
	}
	return false
}

// ManagesAll says whether the person organizes the whole organisation.
func (r Rights) ManagesAll() bool { return r.Admin() || r.has(RoleOrganizer, 0) }

// Manages says whether the person organizes or leads a unit, one above it, or
// the whole organisation.
func (r Rights) Manages(unit int64) bool {
	return r.ManagesAll() || unit != 0 && r.Leader(unit)
}

// Units are those the person organizes, leads or, with reading, may read.
func (r Rights) Units(reading bool) []int64 {
	units := slices.Clone(r.Leads)
	for _, row := range r.Rows {
		if row.UnitID != 0 && (row.Role == RoleOrganizer || reading && row.Role == RoleViewer) {
			units = append(units, row.UnitID)
		}
	}
	slices.Sort(units)
	return slices.Compact(units)
}
