package store

import (
	"fmt"

	"muster/models"
)

// CallsWithPrivate lists a tenant's calls that ended before at and still have
// private details.
func (tx *Tx) CallsWithPrivate(tenantID int64, at models.Instant, limit int) ([]*models.Call, error) {
	return many[*models.Call](tx.db.Where("tenant_id = ? AND private <> ? AND ended_at > ? AND ended_at < ?", tenantID, "", 0, at).
		Order("id").Limit(limit))
}

// AnswersWithText lists the answers to calls that ended before at and still
// have their words.
func (tx *Tx) AnswersWithText(tenantID int64, at models.Instant, limit int) ([]*models.Answer, error) {
	return many[*models.Answer](tx.db.Joins("JOIN calls ON calls.id = call_answers.call_id").
		Where("call_answers.tenant_id = ? AND call_answers.text <> ? AND calls.ended_at > ? AND calls.ended_at < ?", tenantID, "", 0, at).
		Order("call_answers.id").Limit(limit))
}

// ForgetWord deletes the salt and text behind one word of a thing wherever the
// record has it. The entries and their hashes stay, and so does the chain.
func (tx *Tx) ForgetWord(tenantID int64, thing string, id int64, name string) error {
	err := tx.db.Exec(`DELETE FROM entry_words WHERE tenant_id = ? AND name = ? AND entry_id IN
		(SELECT id FROM entries WHERE tenant_id = ? AND thing = ? AND thing_id = ?)`, tenantID, name, tenantID, thing, id).Error
	if err != nil {
		return fmt.Errorf("forget %s of %s %d: %w", name, thing, id, err)
	}
	return nil
}
