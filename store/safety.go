package store

import (
	"fmt"

	"muster/models"
)

// TicksOf are the latest safety tick of each person of a call.
func (tx *Tx) TicksOf(callID int64) ([]*models.Tick, error) {
	return many[*models.Tick](tx.db.Where("id IN (?)", tx.db.Model(&models.Tick{}).Select("MAX(id)").
		Where("call_id = ?", callID).Group("person_id")).Order("id"))
}

// Tick is one safety tick of a tenant by its row id.
func (tx *Tx) Tick(tenantID, id int64) (models.Tick, error) {
	return one[models.Tick](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// WatchedCalls are the calls with a safety loop for which a person was checked
// in and that are not done, latest check-in first.
func (tx *Tx) WatchedCalls(tenantID, personID int64) ([]int64, error) {
	var ids []int64
	err := tx.db.Model(&models.Signup{}).Joins("JOIN calls ON calls.id = signups.call_id").
		Where("signups.tenant_id = ? AND signups.person_id = ? AND signups.state IN ? AND signups.checked_in > ?",
			tenantID, personID, []models.SignupState{models.SignupCheckedIn, models.SignupDone}, 0).
		Where("calls.safety_min > ? AND calls.state <> ?", 0, models.CallDone).
		Order("signups.checked_in DESC, signups.id DESC").Pluck("signups.call_id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("calls somebody is out for: %w", err)
	}
	return ids, nil
}

// BuddiesOf are the pairs and trios of a call, by shift and team.
func (tx *Tx) BuddiesOf(callID int64) ([]*models.Buddy, error) {
	return many[*models.Buddy](tx.db.Where("call_id = ?", callID).Order("shift_id, team, id"))
}

// PastShifts counts the shifts that people have done, of those that have.
func (tx *Tx) PastShifts(tenantID int64, personIDs []int64) (map[int64]int, error) {
	var rows []struct {
		PersonID int64
		N        int
	}
	err := tx.db.Model(&models.Signup{}).Select("person_id, COUNT(*) AS n").
		Where("tenant_id = ? AND state = ? AND person_id IN ?", tenantID, models.SignupDone, append([]int64{0}, personIDs...)).
		Group("person_id").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("shifts people have done: %w", err)
	}
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r.N
	}
	return out, nil
}
