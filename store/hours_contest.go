package store

import "muster/models"

// ContestedHours are the rows of one person in one call that they contest or
// contested, by time.
func (tx *Tx) ContestedHours(tenantID, callID, personID int64) ([]models.Hour, error) {
	return many[models.Hour](tx.db.Where("tenant_id = ? AND call_id = ? AND person_id = ? AND (contest_at > 0 OR decided_at > 0)", tenantID, callID, personID).Order("from_at, id"))
}

// HoursOfCall are all rows of one call, by sign-up and time.
func (tx *Tx) HoursOfCall(callID int64) ([]models.Hour, error) {
	return many[models.Hour](tx.db.Where("call_id = ?", callID).Order("signup_id, from_at, id"))
}
