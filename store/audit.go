package store

import (
	"fmt"

	"muster/models"
)

// SealedEntry is an entry with its place in the chain.
type SealedEntry struct {
	models.Entry
	Seq      int64
	PrevHash string
	Hash     string
}

// SealedAfter lists a tenant's sealed entries after seq that were entered in
// [from, to); 0 bounds nothing.
func (tx *Tx) SealedAfter(tenantID, seq int64, from, to models.Instant, limit int) ([]SealedEntry, error) {
	var rows []SealedEntry
	q := `SELECT e.*, s.seq, s.prev_hash, s.hash FROM seals s JOIN entries e ON e.id = s.entry_id
	  WHERE s.tenant_id = ? AND s.seq > ? AND e.entered_at >= ?`
	args := []any{tenantID, seq, from}
	if to != 0 {
		q += " AND e.entered_at < ?"
		args = append(args, to)
	}
	if err := tx.db.Raw(q+" ORDER BY s.seq LIMIT ?", append(args, limit)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("sealed entries: %w", err)
	}
	return rows, nil
}

// EntriesAbout counts the entries with an action about one thing since a time.
func (tx *Tx) EntriesAbout(tenantID int64, thing string, id int64, action string, since models.Instant) (int, error) {
	var n int64
	err := tx.db.Model(&models.Entry{}).Where("tenant_id = ? AND thing = ? AND thing_id = ? AND action = ? AND entered_at >= ?",
		tenantID, thing, id, action, since).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count entries %s: %w", action, err)
	}
	return int(n), nil
}
