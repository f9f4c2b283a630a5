package store

import (
	"encoding/json"
	"fmt"

	"muster/models"
)

// MessageByID is one message of the outbox.
func (tx *Tx) MessageByID(id int64) (models.Message, error) {
	return found[models.Message]("message", tx.db.Where("id = ?", id))
}

// MessagesByIDs are some messages of the outbox, by id.
func (tx *Tx) MessagesByIDs(ids []int64) ([]models.Message, error) {
	return many[models.Message](tx.db.Where("id IN ?", append([]int64{0}, ids...)).Order("id"))
}

// SetArgs changes what a living message is about and has it told anew.
func (tx *Tx) SetArgs(tenantID int64, key string, args any) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("arguments of message %s: %w", key, err)
	}
	r := tx.db.Model(&models.Message{}).Where("tenant_id = ? AND key = ?", tenantID, key).
		Select("args").Updates(&models.Message{Args: raw})
	if r.Error != nil {
		return fmt.Errorf("arguments of message %s: %w", key, r.Error)
	}
	return tx.Touch(tenantID, key)
}

// Work counts what is left to be done at this time: messages due or on their
// way, due rows, and lookups.
func (tx *Tx) Work() (messages, dues, lookups int64, err error) {
	q := tx.db.Model(&models.Message{}).Where("state = ? OR state = ? AND due_at <= ?",
		models.MessageSending, models.MessageQueued, tx.Now)
	if err = q.Count(&messages).Error; err != nil {
		return 0, 0, 0, err
	}
	if err = tx.db.Model(&models.Due{}).Where("due_at <= ?", tx.Now).Count(&dues).Error; err != nil {
		return 0, 0, 0, err
	}
	// People are read one by one at Slack's pace and nothing waits for them.
	err = tx.db.Model(&models.Lookup{}).Where("kind <> ?", models.LookupPerson).Count(&lookups).Error
	return messages, dues, lookups, err
}

// OldestDue is the due time of the oldest message that could be sent now; 0
// when none waits.
func (tx *Tx) OldestDue() (models.Instant, error) {
	var at []models.Instant
	err := tx.db.Model(&models.Message{}).Where("state = ? AND due_at <= ?", models.MessageQueued, tx.Now).
		Order("due_at").Limit(1).Pluck("due_at", &at).Error
	if err != nil || len(at) == 0 {
		return 0, err
	}
	return at[0], nil
}

// Unsettled says whether a post to a channel, or to a person when personID is
// not 0, is on its way or in doubt: it may be visible there while its ts is not
// known here.
func (tx *Tx) Unsettled(tenantID int64, channel string, personID int64) (bool, error) {
	var n int64
	err := tx.db.Model(&models.Message{}).
		Where("tenant_id = ? AND op = ? AND shown = 0 AND (state = ? OR state = ? AND doubt = ?)",
			tenantID, models.OpPost, models.MessageSending, models.MessageQueued, true).
		Where("channel = ? OR (person_id <> 0 AND person_id = ?)", channel, personID).Limit(1).Count(&n).Error
	return n > 0, err
}

// SentUnder are the messages under a key prefix that arrived in Slack.
func (tx *Tx) SentUnder(tenantID int64, keyPrefix string) ([]models.Message, error) {
	return many[models.Message](tx.db.Where("tenant_id = ? AND key >= ? AND key < ? AND shown > 0", tenantID, keyPrefix, after(keyPrefix)).Order("id"))
}
