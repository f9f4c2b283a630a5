package store

import (
	"fmt"

	"gorm.io/gorm"

	"muster/models"
)

// StudyCodeFor is the live code of these characters in a tenant; ErrNotFound
// when there is none or its time is over.
func (tx *Tx) StudyCodeFor(tenantID int64, code string) (models.StudyCode, error) {
	return one[models.StudyCode](tx.db.Where("tenant_id = ? AND code = ? AND until_at > ?", tenantID, code, tx.Now))
}

// StudyCodeAnywhere is StudyCodeFor for a page that knows no tenant.
func (tx *Tx) StudyCodeAnywhere(code string) (models.StudyCode, error) {
	return one[models.StudyCode](tx.db.Where("code = ? AND until_at > ?", code, tx.Now))
}

// SaveStudyCode keeps a new code; sets its id.
func (tx *Tx) SaveStudyCode(c *models.StudyCode) error { return tx.insert(c) }

// StudyTally counts how an occurrence's people stand.
func (tx *Tx) StudyTally(occurrenceID int64) (models.StudyTally, error) {
	var rows []struct {
		State, How, Intent      string
		WalkIn                  bool
		N, Late, Looked, Contra int
	}
	err := tx.db.Model(&models.Attendance{}).
		Select(`state, how, intent, walk_in, COUNT(*) AS n, COUNT(CASE WHEN late_min > 0 THEN 1 END) AS late,
			COUNT(CASE WHEN roll_at > 0 THEN 1 END) AS looked, COUNT(CASE WHEN contest_at > 0 THEN 1 END) AS contra`).
		Where("occurrence_id = ?", occurrenceID).Group("state, how, intent, walk_in").Scan(&rows).Error
	var t models.StudyTally
	if err != nil {
		return t, fmt.Errorf("tally of occurrence %d: %w", occurrenceID, err)
	}
	for _, r := range rows {
		if !r.WalkIn {
			t.Expected += r.N
		}
		t.Contested += r.Contra
		switch r.State {
		case models.AttendanceAttended:
			t.Late += r.Late
			if r.WalkIn {
				t.WalkIns += r.N
			}
			switch r.How {
			case models.HowOnsite:
				t.Onsite += r.N
			case models.HowRoll:
				t.Roll += r.N
			default:
				t.Self += r.N
			}
		case models.AttendanceMadeUp:
			t.MadeUp += r.N
		case models.AttendanceExcused:
			t.Excused += r.N
		default:
			t.Missing += r.N
			t.Unseen += r.N - r.Looked
			if r.Intent == models.IntentExcuse {
				t.Asked += r.N
			}
		}
	}
	return t, nil
}

// What a list of a session's people holds.
const (
	RollOpen    = "open"    // to be looked at one by one
	RollDecided = "decided" // the others, to correct them
	RollThere   = "there"
	RollOnsite  = "onsite" // those with the code
	RollMissing = "missing"
	RollAsked   = "asked" // want to be excused
)

// rollLists are the conditions of these lists.
var rollLists = map[string]string{
	RollOpen: `(a.contest_at > 0 OR a.roll_at = 0 AND (a.state IN ('due', 'absent') OR a.state = 'attended' AND a.how = 'self'))`,
	RollDecided: `NOT (a.contest_at > 0 OR a.roll_at = 0 AND (a.state IN ('due', 'absent') OR a.state = 'attended' AND a.how = 'self'))
		AND a.state <> 'made_up'`,
	RollThere:   `a.state = 'attended'`,
	RollOnsite:  `a.state = 'attended' AND a.how = 'onsite'`,
	RollMissing: `a.state IN ('due', 'absent')`,
	RollAsked:   `a.state IN ('due', 'absent') AND a.intent = 'excuse'`,
}

// rollOrder puts first what needs a decision, then those who were there by
// their arrival, then names.
var rollOrder = map[string]string{
	RollOpen: `CASE WHEN a.contest_at > 0 THEN 0 WHEN a.state = 'attended' THEN 1 WHEN a.intent = 'excuse' THEN 2
		WHEN a.intent = 'attend' THEN 3 ELSE 4 END, p.name, a.id`,
	RollThere:  `a.at, a.id`,
	RollOnsite: `a.at, a.id`,
}

// RollQuery is which of a session's people are wanted.
type RollQuery struct {
	Occurrence int64
	What       string // RollOpen …
	Unit       int64  // only its members; 0 = all
	Not        int64  // a person left out; 0 = nobody
}

func (tx *Tx) roll(q RollQuery) *gorm.DB {
	db := tx.db.Table("attendances AS a").Joins("JOIN persons p ON p.id = a.person_id").
		Where("a.occurrence_id = ? AND a.person_id <> ?", q.Occurrence, q.Not).Where(rollLists[q.What])
	if q.Unit != 0 {
		db = db.Where("a.person_id IN (SELECT person_id FROM unit_members WHERE unit_id = ?)", q.Unit)
	}
	return db
}

// RollCount is how many people a list holds.
func (tx *Tx) RollCount(q RollQuery) (int, error) {
	var n int64
	if err := tx.roll(q).Count(&n).Error; err != nil {
		return 0, fmt.Errorf("people on the roll: %w", err)
	}
	return int(n), nil
}

// RollPage is a part of such a list.
func (tx *Tx) RollPage(q RollQuery, offset, limit int) ([]models.Attendance, error) {
	order := rollOrder[q.What]
	if order == "" {
		order = "p.name, a.id"
	}
	rows, err := many[models.Attendance](tx.roll(q).Select("a.*").Order(order).Offset(offset).Limit(limit))
	if err != nil {
		return nil, fmt.Errorf("page of the roll: %w", err)
	}
	return rows, nil
}

// RollUnits are the units that people of an occurrence are in, with how many.
func (tx *Tx) RollUnits(occurrenceID int64, limit int) (ids []int64, err error) {
	err = tx.db.Table("attendances AS a").Joins("JOIN unit_members u ON u.person_id = a.person_id").
		Where("a.occurrence_id = ?", occurrenceID).Group("u.unit_id").Order("COUNT(*) DESC, u.unit_id").Limit(limit).
		Pluck("u.unit_id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("units on the roll: %w", err)
	}
	return ids, nil
}

// OccurrencesWithoutRecord lists a tenant's sessions that ended in [from, to),
// oldest first, of which nobody said whether they took place. unitIDs narrows
// it to sessions of these units; none = all.
func (tx *Tx) OccurrencesWithoutRecord(tenantID int64, from, to models.Instant, unitIDs []int64, limit int) ([]models.Occurrence, error) {
	q := tx.db.Joins("JOIN studies s ON s.id = occurrences.study_id").
		Where("occurrences.tenant_id = ? AND occurrences.state IN ? AND occurrences.end_at >= ? AND occurrences.end_at < ?", tenantID,
			[]string{models.OccurrencePlanned, models.OccurrenceMoved}, from, to).
		Where("s.state <> ? AND s.length > 0", models.StudyCancelled)
	if len(unitIDs) > 0 {
		q = q.Where("s.unit_id IN ?", unitIDs)
	}
	rows, err := many[models.Occurrence](q.Order("occurrences.end_at, occurrences.id").Limit(limit))
	if err != nil {
		return nil, fmt.Errorf("sessions without a record: %w", err)
	}
	return rows, nil
}
