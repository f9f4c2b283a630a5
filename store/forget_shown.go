package store

import (
	"fmt"

	"muster/models"
)

// CallsNaming are the calls whose messages write a person's name: they had a
// place in them, or came without one.
func (tx *Tx) CallsNaming(personID int64) ([]int64, error) {
	var calls []int64
	for _, from := range []any{&models.Signup{}, &models.WalkIn{}} {
		var ids []int64
		if err := tx.db.Model(from).Where("person_id = ?", personID).Distinct().Order("call_id").Pluck("call_id", &ids).Error; err != nil {
			return nil, fmt.Errorf("calls that name a person: %w", err)
		}
		calls = append(calls, ids...)
	}
	return calls, nil
}

// MadeUpBy are the occurrences that a person made up, in words or otherwise.
func (tx *Tx) MadeUpBy(personID int64) ([]int64, error) {
	var ids []int64
	err := tx.db.Model(&models.Attendance{}).Where("person_id = ? AND state = ?", personID, models.AttendanceMadeUp).Order("occurrence_id").
		Pluck("occurrence_id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("what a person made up: %w", err)
	}
	return ids, nil
}
