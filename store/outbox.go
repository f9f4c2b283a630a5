package store

import (
	"encoding/hex"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"muster/models"
)

// Enqueue queues a message; queued is false when its key is taken, and that
// message is left alone. Op is "post" and DueAt now unless given.
func (tx *Tx) Enqueue(m models.Message) (queued bool, err error) {
	if err := tx.outgoing(&m); err != nil {
		return false, err
	}
	if err := tx.clean(&m); err != nil {
		return false, err
	}
	if queued, err = tx.create(&m, "ON CONFLICT (tenant_id, key) DO NOTHING"); err != nil {
		return false, fmt.Errorf("queue %s: %w", m.Kind, err)
	}
	return queued, nil
}

// EnqueueAll is Enqueue for many.
func (tx *Tx) EnqueueAll(all []models.Message) error {
	for i := range all {
		if err := tx.outgoing(&all[i]); err != nil {
			return err
		}
	}
	if err := createAll(tx, all, "ON CONFLICT (tenant_id, key) DO NOTHING"); err != nil {
		return fmt.Errorf("queue %d messages: %w", len(all), err)
	}
	return nil
}

// outgoing makes a message one that was just queued.
func (tx *Tx) outgoing(m *models.Message) error {
	if m.TenantID == 0 || m.Key == "" || m.Kind == "" {
		return fmt.Errorf("a message needs tenant, key and kind (key %q)", m.Key)
	}
	if m.Op == "" {
		m.Op = models.OpPost
	}
	if m.DueAt == 0 {
		m.DueAt = tx.Now
	}
	if m.Quiet == "" {
		m.Quiet = models.QuietWait
	}
	if m.ReachID = 0; m.Swept() {
		m.ReachID = tx.Reach
	}
	uid := make([]byte, 16)
	tx.store.random(uid)
	m.ID, m.UID, m.CreatedAt, m.State, m.Version, m.Shown = 0, hex.EncodeToString(uid), tx.Now, models.MessageQueued, 1, 0
	return nil
}

// touched marks q's messages as showing an old state. Who has one in hand
// finds out when settling; what was dropped or refused for good stays so.
func touched(q *gorm.DB) error {
	return q.Model(&models.Message{}).Where("state IN ?", []models.MessageState{models.MessageQueued, models.MessageSending, models.MessageSent}).
		Updates(map[string]any{
			"version":  gorm.Expr("version + 1"),
			"state":    gorm.Expr("CASE WHEN state = ? THEN ? ELSE state END", models.MessageSent, models.MessageQueued),
			"attempts": gorm.Expr("CASE WHEN state = ? THEN 0 ELSE attempts END", models.MessageSent),
			"retry_ms": gorm.Expr("CASE WHEN state = ? THEN 0 ELSE retry_ms END", models.MessageSent),
		}).Error
}

// Touch says that living messages show an old state: they are edited soon. A
// missing key is fine.
func (tx *Tx) Touch(tenantID int64, keys ...string) error {
	return pieces(len(keys), func(from, to int) error {
		args := []any{models.MessageSent, models.MessageQueued, models.MessageSent, models.MessageSent, tenantID}
		for _, key := range keys[from:to] {
			args = append(args, key)
		}
		_, err := tx.exec("messages", `UPDATE messages SET version = version + 1, state = CASE WHEN state = ? THEN ? ELSE state END,
			attempts = CASE WHEN state = ? THEN 0 ELSE attempts END, retry_ms = CASE WHEN state = ? THEN 0 ELSE retry_ms END
			WHERE tenant_id = ? AND key IN (?`+strings.Repeat(", ?", to-from-1)+`) AND state IN (?, ?, ?)`,
			append(args, models.MessageQueued, models.MessageSending, models.MessageSent)...)
		return err
	})
}

// TouchMessage is Touch by the message's own id, whatever its key became.
func (tx *Tx) TouchMessage(tenantID, id int64) error {
	return touched(tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// TouchPrefix touches every message whose key begins so. End the prefix with
// the separator: "card:1" is also the beginning of "card:12".
func (tx *Tx) TouchPrefix(tenantID int64, keyPrefix string) error {
	return touched(tx.db.Where("tenant_id = ? AND key >= ? AND key < ?", tenantID, keyPrefix, after(keyPrefix)))
}

// MessageByKey finds a message by its key.
func (tx *Tx) MessageByKey(tenantID int64, key string) (models.Message, error) {
	return found[models.Message]("message", tx.db.Where("tenant_id = ? AND key = ?", tenantID, key))
}

// MessageAt finds the message that Slack shows at this place.
func (tx *Tx) MessageAt(tenantID int64, channel, ts string) (models.Message, error) {
	return found[models.Message]("message", tx.db.Where("tenant_id = ? AND channel = ? AND ts = ? AND op = ?",
		tenantID, channel, ts, models.OpPost).Order("id"))
}

// CancelMessages drops what is queued under this key prefix and was never
// posted; n counts them. What is being sent right now is not among them.
func (tx *Tx) CancelMessages(tenantID int64, keyPrefix string) (n int, err error) {
	r := tx.db.Model(&models.Message{}).
		Where("tenant_id = ? AND key >= ? AND key < ? AND state = ? AND shown = 0", tenantID, keyPrefix, after(keyPrefix), models.MessageQueued).
		Updates(map[string]any{"state": models.MessageDropped, "last_error": "cancelled"})
	return int(r.RowsAffected), r.Error
}

// Rekey frees a key so that a new message may take it; the old one lives on
// under newKey. A missing key is fine; a taken newKey is an error.
func (tx *Tx) Rekey(tenantID int64, oldKey, newKey string) error {
	return tx.db.Model(&models.Message{}).Where("tenant_id = ? AND key = ?", tenantID, oldKey).Update("key", newKey).Error
}

// StepBack is Rekey for a message that a newer one takes over from: what is
// still to be edited about it comes last.
func (tx *Tx) StepBack(tenantID int64, oldKey, newKey string) error {
	return tx.db.Model(&models.Message{}).Where("tenant_id = ? AND key = ?", tenantID, oldKey).
		Updates(map[string]any{"key": newKey, "edit_class": models.EditLast, "priority": models.PriorityDigest}).Error
}

// OutboxCounts is how many messages of a tenant are in each state.
type OutboxCounts struct{ Queued, Sending, Sent, Dead, Dropped int }

// OutboxCounts counts a tenant's messages by state.
func (tx *Tx) OutboxCounts(tenantID int64) (OutboxCounts, error) {
	var c OutboxCounts
	var rows []struct {
		State models.MessageState
		N     int
	}
	err := tx.db.Model(&models.Message{}).Select("state, COUNT(*) AS n").Where("tenant_id = ?", tenantID).Group("state").Scan(&rows).Error
	for _, r := range rows {
		switch r.State {
		case models.MessageQueued:
			c.Queued = r.N
		case models.MessageSending:
			c.Sending = r.N
		case models.MessageSent:
			c.Sent = r.N
		case models.MessageDead:
			c.Dead = r.N
		case models.MessageDropped:
			c.Dropped = r.N
		}
	}
	return c, err
}
