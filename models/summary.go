package models

import (
	"slices"
	"time"
)

// Summary is what one period comes to. Every figure is a count of rows, so
// that a later issue can open the rows behind it.
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

	Study []StudyLine // a line per unit, by name; UnitID 0 = people without a unit
	Total StudyLine   // all of them; a session that concerns several units counts once

	SealedTo int64  // record entries sealed when it was made
	Check    string // hash of the last of them, hex
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
