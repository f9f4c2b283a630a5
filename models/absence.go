package models

import "time"

// Long absence is noticed early, and kindly, by who leads the unit: half a year
// without taking part and without a reason is a matter of rules, and until then
// a call or another time of day helps.

// Year due rules and message kinds.
const (
	DueYearWatch   DueKind = "year.watch"   // once a day: whose leader is to be told of what; RefID tenant
	DueYearAbsence DueKind = "year.absence" // tell a unit's leader who was long away; RefID unit
	DueYearShort   DueKind = "year.short"   // tell a unit's leader who may fall short; RefID unit, Args month

	MessageYearAbsence MessageKind = "year_absence" // to a leader; SubjectID unit, Args AbsenceArgs
	MessageYearShort   MessageKind = "year_short"   // to a leader; SubjectID unit, Args ShortArgs
	MessageExempt      MessageKind = "year_exempt"  // to a member: excused from the target; SubjectID exemption
)

// OptOutLeader switches a leader's notes off: who was long away, who may fall
// short.
const OptOutLeader = "leader"

// AbsenceArgs say of whom a leader was told.
type AbsenceArgs struct {
	People []int64 `json:"people"`
}

// ShortArgs say for which month's first a leader was told: 2026-10.
type ShortArgs struct {
	Month string `json:"month"`
}

// absenceDefault is after how many days without taking part a leader is told:
// three months, and five, which leaves one before half a year is over.
func absenceDefault() []int { return []int{90, 150} }

// AbsenceStages is after how many days a leader is told, the shorter first;
// none when the organisation switched it off.
func (t Tenant) AbsenceStages() []int {
	if t.AbsenceDays == nil {
		return absenceDefault()
	}
	return t.AbsenceDays
}

// Bounds of AbsenceDays: three messages about one person are enough, and less
// than a month away is nobody's business.
const (
	absenceMost  = 3
	absenceLeast = 30
	absenceLast  = 365
)

// AbsenceDaysFit says whether an organisation may set these: each longer than
// the one before.
func AbsenceDaysFit(days []int) bool {
	before := absenceLeast - 1
	for _, d := range days {
		if d <= before || d > absenceLast {
			return false
		}
		before = d
	}
	return len(days) <= absenceMost
}

// Absence is how long a member took part in nothing, though sessions were held
// for them.
type Absence struct {
	PersonID int64
	UnitID   int64
	Since    Instant // end of the last session they attended, made up or were excused from; else the first one held for them
	Never    bool    // they took part in none yet
	Held     int     // sessions held for them since, make-up closed or not
}

// Stage is the longest of the stages that has passed, 0 for none.
func (a Absence) Stage(stages []int, now Instant) int {
	stage := 0
	if a.Since == 0 || a.Held == 0 {
		return 0
	}
	for _, days := range stages {
		if days > stage && now.Sub(a.Since) >= time.Duration(days)*24*time.Hour {
			stage = days
		}
	}
	return stage
}

// StudyNotice remembers what a leader was told, so that nobody is told twice.
type StudyNotice struct {
	ID       int64
	TenantID int64
	UnitID   int64  // whose leader
	Kind     string // NoticeAbsence, NoticeShort
	PersonID int64  // absence: of whom
	Stage    int    // absence: days
	Month    string // 2026-10
	At       Instant
}

// Kinds of notices.
const (
	NoticeAbsence = "absence"
	NoticeShort   = "short"
)

// shortMonths are the months on whose first leaders are told who may fall
// short: early enough that what is planned still helps.
func shortMonths() []time.Month { return []time.Month{time.October, time.November, time.December} }

// shortWeek is how many days of the month the note may come late.
const shortWeek = 7

// ShortMonth is the month (2026-10) on whose first days a note is due, "" on
// other days.
func ShortMonth(at Instant, zone *time.Location) string {
	t := at.In(zone)
	for _, m := range shortMonths() {
		if t.Month() == m && t.Day() <= shortWeek {
			return t.Format("2006-01")
		}
	}
	return ""
}
