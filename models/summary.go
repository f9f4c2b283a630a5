package models

import "time"

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

	Study []StudyLine // a line per unit; UnitID 0 = people without a unit

	SealedTo int64  // record entries sealed when it was made
	Check    string // hash of the last of them, hex
}

// StudyLine is one unit's study in a period.
type StudyLine struct {
	UnitID   int64
	Unit     string
	Sessions int // occurrences that ended in the period and were not skipped
	Recorded int // of these, held or settled: only they give a rate
	Due      int // person-times expected at recorded ones
	Attended int
	MadeUp   int
	Excused  int
	Absent   int
}

// Add sums another line into this one.
func (l *StudyLine) Add(m StudyLine) {
	l.Sessions += m.Sessions
	l.Recorded += m.Recorded
	l.Due += m.Due
	l.Attended += m.Attended
	l.MadeUp += m.MadeUp
	l.Excused += m.Excused
	l.Absent += m.Absent
}

// RateFloor is the least number of people due for which a channel is shown a
// rate: below it, a rate names a person (SURFACE 8).
const RateFloor = 5

// Rate is attended and made up of those due and not excused, in per cent
// rounded down: 100 % means everybody. ok is false where a rate would say
// nothing or name somebody.
func (l StudyLine) Rate() (percent int, ok bool) {
	expected := l.Due - l.Excused
	if l.Recorded == 0 || l.Due < RateFloor || expected <= 0 {
		return 0, false
	}
	return 100 * (l.Attended + l.MadeUp) / expected, true
}
