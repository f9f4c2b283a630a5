package store

import (
	"fmt"

	"muster/models"
)

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

// CallsWaiting are a tenant's calls with an answer that is not filed, a place
// that somebody was asked to take over, or somebody who came without one.
func (tx *Tx) CallsWaiting(tenantID int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	for _, q := range []struct {
		of    any
		where string
		args  []any
	}{
		{&models.Answer{}, "settled = ? AND kind IN ?", []any{false, []string{models.AnswerConditional, models.AnswerUnclear}}},
		{&models.Handover{}, "state = ?", []any{models.HandoverAsked}},
		{&models.WalkIn{}, "state = ?", []any{models.WalkInAsked}},
	} {
		var ids []int64
		if err := tx.db.Model(q.of).Where("tenant_id = ?", tenantID).Where(q.where, q.args...).Distinct().Pluck("call_id", &ids).Error; err != nil {
			return nil, fmt.Errorf("calls in which something waits: %w", err)
		}
		for _, id := range ids {
			out[id] = true
		}
	}
	return out, nil
}
