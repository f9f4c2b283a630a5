package store

import (
	"fmt"

	"gorm.io/gorm"

	"muster/models"
)

// Makeups lists the make-ups of an occurrence that were handed in, those given
// back among them, newest first, and counts them all. of is the one person it
// is about (0 = everybody), but is left out.
func (tx *Tx) Makeups(occurrenceID, of, but int64, offset, limit int) (rows []models.Attendance, all int, err error) {
	n := int64(0)
	if err = tx.makeups(occurrenceID, of, but).Count(&n).Error; err != nil {
		return nil, 0, fmt.Errorf("count make-ups of occurrence %d: %w", occurrenceID, err)
	}
	rows, err = many[models.Attendance](tx.makeups(occurrenceID, of, but).
		Order("CASE WHEN at > returned_at THEN at ELSE returned_at END DESC, id DESC").Offset(offset).Limit(limit))
	return rows, int(n), err
}

// MakeupsSince counts the make-ups handed in after an instant that stand.
func (tx *Tx) MakeupsSince(occurrenceID, of, but int64, after models.Instant) (int, error) {
	n := int64(0)
	err := tx.makeups(occurrenceID, of, but).Where("state = ? AND at > ?", models.AttendanceMadeUp, after).Count(&n).Error
	return int(n), err
}

func (tx *Tx) makeups(occurrenceID, of, but int64) *gorm.DB {
	q := tx.db.Model(&models.Attendance{}).Where("occurrence_id = ? AND (state = ? OR returned_at > 0)", occurrenceID, models.AttendanceMadeUp)
	if of != 0 {
		q = q.Where("person_id = ?", of)
	}
	if but != 0 {
		q = q.Where("person_id <> ?", but)
	}
	return q
}
