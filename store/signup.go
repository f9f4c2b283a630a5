package store

import (
	"fmt"
	"strings"

	"gorm.io/gorm/clause"

	"muster/models"
)

// activeStates are those of a person who means to come.
var activeStates = []models.SignupState{models.SignupConfirmed, models.SignupWaitlisted, models.SignupOffered,
	models.SignupCheckedIn, models.SignupDone}

// SignupsOf lists everybody who ever signed up for a call, by arrival.
func (tx *Tx) SignupsOf(callID int64) ([]*models.Signup, error) {
	return many[*models.Signup](tx.db.Where("call_id = ?", callID).Order("id"))
}

// Signup is one sign-up of a tenant by its row id.
func (tx *Tx) Signup(tenantID, id int64) (models.Signup, error) {
	return one[models.Signup](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// ActiveSignups lists a person's sign-ups whose shifts have not ended at from.
func (tx *Tx) ActiveSignups(tenantID, personID int64, from models.Instant) ([]*models.Signup, error) {
	return many[*models.Signup](tx.db.Joins("JOIN call_shifts ON call_shifts.id = signups.shift_id").
		Joins("JOIN calls ON calls.id = signups.call_id").
		Where("signups.tenant_id = ? AND signups.person_id = ? AND signups.state IN ?", tenantID, personID, activeStates).
		Where("call_shifts.end_at > ? AND calls.state <> ?", from, models.CallCancelled).
		Order("call_shifts.start_at, signups.id"))
}

// Overlapping finds the call (id, number and title) in which a person has
// another place that shares a moment with the span; ErrNotFound when there is none.
func (tx *Tx) Overlapping(personID, exceptCall int64, from, to models.Instant) (models.Call, error) {
	if tx.known.isNone("signups", of("person", personID)) {
		return models.Call{}, fmt.Errorf("overlapping place: %w", ErrNotFound)
	}
	args := []any{personID}
	for _, state := range activeStates {
		args = append(args, state)
	}
	return fetchOne[models.Call](tx, "overlapping place", `SELECT calls.id, calls.number, calls.title FROM calls
		JOIN signups ON signups.call_id = calls.id JOIN call_shifts ON call_shifts.id = signups.shift_id
		WHERE signups.person_id = ? AND signups.state IN (?`+strings.Repeat(", ?", len(activeStates)-1)+`)
		AND calls.id <> ? AND calls.state <> ? AND call_shifts.start_at < ? AND call_shifts.end_at > ?
		ORDER BY calls.number LIMIT 1`, append(args, exceptCall, models.CallCancelled, to, from)...)
}

// AnswersOf lists what people replied to a call besides signing up, oldest
// first.
func (tx *Tx) AnswersOf(callID int64) ([]*models.Answer, error) {
	return many[*models.Answer](tx.db.Where("call_id = ?", callID).Order("id"))
}

// openAnswers says whether anybody's answer to a call still counts.
func (tx *Tx) openAnswers(callID int64) (bool, error) {
	if tx.known.isNone("call_answers", of("call", callID)) {
		return false, nil
	}
	ids, err := tx.numbers("SELECT id FROM call_answers WHERE call_id = ? AND settled = ? LIMIT 1", callID, false)
	if err == nil && len(ids) == 0 {
		tx.known.setNone("call_answers", of("call", callID))
	}
	return len(ids) > 0, err
}

// OpenAnswersBy lists a person's answers to a call that still count.
func (tx *Tx) OpenAnswersBy(callID, personID int64) ([]*models.Answer, error) {
	open, err := tx.openAnswers(callID)
	if err != nil || !open {
		return nil, err
	}
	return fetchAll[models.Answer](tx, "SELECT * FROM call_answers WHERE call_id = ? AND person_id = ? AND settled = ? ORDER BY id", callID, personID, false)
}

// Answer is one answer of a tenant by its row id.
func (tx *Tx) Answer(tenantID, id int64) (models.Answer, error) {
	return one[models.Answer](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// React notes that a person has an emoji on a call's card.
func (tx *Tx) React(r models.Reacted) error {
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&r).Error; err != nil {
		return fmt.Errorf("note reaction: %w", err)
	}
	return nil
}

// Unreact takes the note away and tells how many emoji the person has left on
// the card.
func (tx *Tx) Unreact(callID, personID int64, emoji string) (left int, err error) {
	if err := tx.db.Where("call_id = ? AND person_id = ? AND emoji = ?", callID, personID, emoji).Delete(&models.Reacted{}).Error; err != nil {
		return 0, fmt.Errorf("take reaction away: %w", err)
	}
	var n int64
	if err := tx.db.Model(&models.Reacted{}).Where("call_id = ? AND person_id = ?", callID, personID).Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count reactions: %w", err)
	}
	return int(n), nil
}

// SignupsAfter pages through a tenant's sign-ups by id, for exports.
func (tx *Tx) SignupsAfter(tenantID, afterID int64, limit int) ([]*models.Signup, error) {
	return many[*models.Signup](tx.db.Where("tenant_id = ? AND id > ?", tenantID, afterID).Order("id").Limit(limit))
}
