package models

import (
	"fmt"
	"slices"
	"time"
)

// Cadences of a unit's duty.
const (
	CadenceMonth   = "month"
	CadenceQuarter = "quarter"
	CadenceHalf    = "half"
	CadenceYear    = "year"
)

// Cadences lists them, the shortest first.
func Cadences() []string { return []string{CadenceMonth, CadenceQuarter, CadenceHalf, CadenceYear} }

// MostDutyTimes is how often a duty may be owed in one period: what is owed
// more often than daily is no duty of a unit.
const MostDutyTimes = 31

// MaxDutyName is how long a duty's name may be, in runes: what a button bears.
const MaxDutyName = 40

// MaxDutyNote bounds the note beside a record, in runes.
const MaxDutyNote = 500

// DueDutyLook looks which duties come to the end of their period; RefID tenant,
// Args the last person looked at. DueDutyNotice tells one person; PersonID.
const (
	DueDutyLook   DueKind = "duty.look"
	DueDutyNotice DueKind = "duty.notice"
)

// MessageDuty tells who answers for units what is still without a record or a
// plan; SubjectID the person, Args which units and duties.
const MessageDuty MessageKind = "duty"

// DutyKey is the outbox key of what somebody was told last.
func DutyKey(personID int64) string { return fmt.Sprintf("duty:%d:", personID) }

// UnitDuty is what units owe so many times in each period: a members' meeting
// each quarter. It holds for all units, for those of a type, or for one.
type UnitDuty struct {
	ID        int64
	TenantID  int64 `gorm:"index"`
	Name      string
	Cadence   string // month, quarter, half, year
	Times     int    // in each period, 1 to MostTimes
	UnitType  string // "" = any type
	UnitID    int64  // 0 = not one unit only
	Since     string // 2026-11-01: the period that this day lies in is the first one owed
	Deleted   bool
	ByID      int64
	CreatedAt Instant
}

func (d *UnitDuty) Thing() (string, int64) { return "unit_duty", d.ID }

func (d *UnitDuty) Facts() map[string]any {
	return map[string]any{"cadence": d.Cadence, "times": d.Times, "unit": d.UnitID, "since": d.Since, "deleted": d.Deleted,
		"by": d.ByID, "created_at": d.CreatedAt}
}

func (d *UnitDuty) Words() map[string]Word {
	words := map[string]Word{"name": {Text: d.Name}}
	if d.UnitType != "" {
		words["unit_type"] = Word{Text: d.UnitType}
	}
	return words
}

// DutyRecord says that a unit did what it owed on a day, entered by hand for
// what was held outside Muster. What was held as a study is its own record.
type DutyRecord struct {
	ID        int64
	TenantID  int64 `gorm:"index"`
	DutyID    int64
	UnitID    int64
	Day       string // 2026-11-18
	Note      string
	ByID      int64
	EnteredAt Instant
	ChangedAt Instant // corrected; 0 = never
	TakenBack bool
}

func (r *DutyRecord) Thing() (string, int64) { return "duty_record", r.ID }

func (r *DutyRecord) Facts() map[string]any {
	return map[string]any{"duty": r.DutyID, "unit": r.UnitID, "day": r.Day, "by": r.ByID, "entered_at": r.EnteredAt,
		"changed_at": r.ChangedAt, "taken_back": r.TakenBack}
}

func (r *DutyRecord) Words() map[string]Word {
	if r.Note == "" {
		return nil
	}
	return map[string]Word{"note": {Text: r.Note, Person: r.ByID}}
}

// DutyNotice says that somebody was told that a unit's duty is still without a
// record or a plan in a period: once a person.
type DutyNotice struct {
	ID       int64
	TenantID int64  `gorm:"uniqueIndex:duty_notices_once"`
	UnitID   int64  `gorm:"uniqueIndex:duty_notices_once"`
	DutyID   int64  `gorm:"uniqueIndex:duty_notices_once"`
	Period   string `gorm:"uniqueIndex:duty_notices_once"` // 2026-Q4
	PersonID int64  `gorm:"uniqueIndex:duty_notices_once"`
	At       Instant
}

// DateOf is the date of an instant on the wall of a zone, as rows keep it.
func DateOf(at Instant, zone *time.Location) string { return at.In(zone).Format(time.DateOnly) }

// date is a stored date as a UTC midnight, for counting days.
func date(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return t
}

// DayStart is when a stored date begins on the wall of a zone: where a clock
// change skips midnight, the first moment there is.
func DayStart(day string, zone *time.Location) Instant {
	at, _ := LocalInstant(date(day), zone)
	return At(at)
}

// DutyPeriod is a month, quarter, half year or year of the calendar.
type DutyPeriod struct {
	Cadence string
	Year    int
	N       int // of the year, from 1
}

// cadenceMonths is how long a period is.
func cadenceMonths(cadence string) int {
	switch cadence {
	case CadenceQuarter:
		return 3
	case CadenceHalf:
		return 6
	case CadenceYear:
		return 12
	}
	return 1
}

// DutyPeriodOf is the period that a date lies in.
func DutyPeriodOf(cadence, day string) DutyPeriod {
	t := date(day)
	return DutyPeriod{Cadence: cadence, Year: t.Year(), N: (int(t.Month())-1)/cadenceMonths(cadence) + 1}
}

// Key names a period for good: 2026-11, 2026-Q4, 2026-H2, 2026.
func (p DutyPeriod) Key() string {
	switch p.Cadence {
	case CadenceQuarter:
		return fmt.Sprintf("%04d-Q%d", p.Year, p.N)
	case CadenceHalf:
		return fmt.Sprintf("%04d-H%d", p.Year, p.N)
	case CadenceYear:
		return fmt.Sprintf("%04d", p.Year)
	}
	return fmt.Sprintf("%04d-%02d", p.Year, p.N)
}

func (p DutyPeriod) first() time.Time {
	return time.Date(p.Year, time.Month((p.N-1)*cadenceMonths(p.Cadence)+1), 1, 0, 0, 0, 0, time.UTC)
}

// First and Last are the days it begins and ends with.
func (p DutyPeriod) First() string { return p.first().Format(time.DateOnly) }
func (p DutyPeriod) Last() string {
	return p.first().AddDate(0, cadenceMonths(p.Cadence), -1).Format(time.DateOnly)
}

// Next is the period after it, Before the one before.
func (p DutyPeriod) Next() DutyPeriod {
	return DutyPeriodOf(p.Cadence, p.first().AddDate(0, cadenceMonths(p.Cadence), 0).Format(time.DateOnly))
}
func (p DutyPeriod) Before() DutyPeriod {
	return DutyPeriodOf(p.Cadence, p.first().AddDate(0, 0, -1).Format(time.DateOnly))
}

// Start and End are its instants on the wall of a zone, [Start, End).
func (p DutyPeriod) Start(zone *time.Location) Instant { return DayStart(p.First(), zone) }
func (p DutyPeriod) End(zone *time.Location) Instant   { return p.Next().Start(zone) }

// Holds says whether a date lies in it.
func (p DutyPeriod) Holds(day string) bool { return p.First() <= day && day <= p.Last() }

// noticeDays is how many days before a period ends its unit is told of what is
// open: time enough to call a meeting together.
func noticeDays(cadence string) int {
	if cadence == CadenceMonth {
		return 7
	}
	return 14
}

// NoticeFrom is from when on a unit is told that something is open.
func (p DutyPeriod) NoticeFrom(zone *time.Location) Instant {
	return DayStart(p.Next().first().AddDate(0, 0, -noticeDays(p.Cadence)).Format(time.DateOnly), zone)
}

// FirstDutyDay is from which day on a duty that begins on `day` is owed: from
// that very period, or the next one when less of it is left than the notice
// before its end needs.
func FirstDutyDay(cadence, day string) string {
	p := DutyPeriodOf(cadence, day)
	if date(day).AddDate(0, 0, noticeDays(cadence)).After(p.Next().first()) {
		return p.Next().First()
	}
	return day
}

// Owed says whether a period is one in which a duty is owed that begins on
// `since`.
func (p DutyPeriod) Owed(since string) bool {
	return since == "" || p.First() >= DutyPeriodOf(p.Cadence, since).First()
}

// For says whether a unit owes the duty at all.
func (d UnitDuty) For(u Unit) bool {
	switch {
	case d.UnitID != 0:
		return d.UnitID == u.ID
	case d.UnitType != "":
		return SameUnitType(d.UnitType, u.Type)
	}
	return true
}

// unitTypes are names of one type of units in both languages: who writes 支部
// means the units that a ledger calls branch.
var unitTypes = [][]string{{"branch", "支部", "党支部"}, {"group", "小组", "党小组", "组"}, {"committee", "党委", "委员会"}, {"joint", "联合", "联合支部", "联合党支部"}}

// SameUnitType says whether two words name the same type of units; "" names none.
func SameUnitType(a, b string) bool {
	a, b = FoldName(a), FoldName(b)
	if a == "" || b == "" {
		return false
	}
	for _, names := range unitTypes {
		if slices.Contains(names, a) && slices.Contains(names, b) {
			return true
		}
	}
	return a == b
}

// Period is the period of the duty that an instant lies in.
func (d UnitDuty) Period(at Instant, zone *time.Location) DutyPeriod {
	return DutyPeriodOf(d.Cadence, DateOf(at, zone))
}
