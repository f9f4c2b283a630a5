package store

import (
	"fmt"

	"gorm.io/gorm"

	"muster/models"
)

// ExcusesAsked are a tenant's requests to be excused that nobody answered, of
// sessions that ended after from or are ahead, oldest first. unitIDs narrows it
// to sessions of these units; none = all.
func (tx *Tx) ExcusesAsked(tenantID int64, unitIDs []int64, from models.Instant, limit int) ([]models.Attendance, error) {
	q := tx.ledStudy(tx.db, tenantID, unitIDs).Where("attendances.intent = ? AND attendances.state IN ? AND o.end_at > ? AND o.state NOT IN ?",
		models.IntentExcuse, []string{models.AttendanceDue, models.AttendanceAbsent}, from, studyOffs)
	rows, err := many[models.Attendance](q.Order("o.start_at, attendances.id").Limit(limit))
	if err != nil {
		return nil, fmt.Errorf("requests to be excused: %w", err)
	}
	return rows, nil
}

func (tx *Tx) ledStudy(q *gorm.DB, tenantID int64, unitIDs []int64) *gorm.DB {
	q = q.Joins("JOIN occurrences o ON o.id = attendances.occurrence_id").Joins("JOIN studies s ON s.id = attendances.study_id").
		Where("attendances.tenant_id = ? AND s.state <> ?", tenantID, models.StudyCancelled)
	if len(unitIDs) > 0 {
		q = q.Where("s.unit_id IN ?", unitIDs)
	}
	return q
}

// MakeupCount is how many make-ups of an occurrence were handed in.
type MakeupCount struct {
	OccurrenceID int64
	N            int
}

// MakeupsHanded counts, by occurrence, the make-ups of others than the reader
// that were handed in after from and stand, the latest session first. unitIDs
// is as in ExcusesAsked.
func (tx *Tx) MakeupsHanded(tenantID int64, unitIDs []int64, reader int64, from models.Instant, limit int) ([]MakeupCount, error) {
	var out []MakeupCount
	err := tx.ledStudy(tx.db.Model(&models.Attendance{}), tenantID, unitIDs).
		Select("attendances.occurrence_id AS occurrence_id, COUNT(*) AS n").
		Where("attendances.state = ? AND attendances.at > ? AND attendances.person_id <> ?", models.AttendanceMadeUp, from, reader).
		Group("attendances.occurrence_id, o.start_at").Order("o.start_at DESC, attendances.occurrence_id").Limit(limit).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("make-ups handed in: %w", err)
	}
	return out, nil
}
