package store

import "muster/models"

// EndedSignups lists a person's sign-ups whose shifts ended in a span and of
// which something may still be asked, the latest first.
func (tx *Tx) EndedSignups(tenantID, personID int64, from, to models.Instant) ([]*models.Signup, error) {
	return many[*models.Signup](tx.db.Joins("JOIN call_shifts ON call_shifts.id = signups.shift_id").
		Joins("JOIN calls ON calls.id = signups.call_id").
		Where("signups.tenant_id = ? AND signups.person_id = ? AND signups.state IN ?", tenantID, personID,
			[]models.SignupState{models.SignupConfirmed, models.SignupCheckedIn, models.SignupDone}).
		Where("call_shifts.end_at > ? AND call_shifts.end_at <= ? AND calls.state <> ?", from, to, models.CallCancelled).
		Order("call_shifts.start_at DESC, signups.id"))
}

// CallsSince lists a tenant's calls with a shift that ended after from, or has
// not ended, by number.
func (tx *Tx) CallsSince(tenantID int64, from models.Instant) ([]models.Call, error) {
	return many[models.Call](tx.db.Where("tenant_id = ? AND id IN (SELECT call_id FROM call_shifts WHERE end_at > ?)", tenantID, from).
		Order("number"))
}
