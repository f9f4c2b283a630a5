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
