package store

import (
	"context"
	"fmt"
	"time"

	"muster/models"
)

// Keep is how long what is not the record stays. 0 keeps for ever.
type Keep struct {
	Deliveries time.Duration // seen deliveries, in machine time
	Messages   time.Duration // messages that are done with, in world time; after it only their ids stay
}

// Purged counts what a purge took.
type Purged struct{ Deliveries, Messages, Leases int }

// purgeBatch rows go in one transaction, so that people's acts come between.
const purgeBatch = 1000

// Purge deletes what has been kept long enough.
func (s *Store) Purge(ctx context.Context, k Keep) (Purged, error) {
	var p Purged
	var err error
	if k.Deliveries > 0 {
		if p.Deliveries, err = s.purge(ctx, func(tx *Tx) (string, []any) {
			return "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE seen_at < ? ORDER BY seen_at LIMIT ?)",
				[]any{tx.machineIn(-k.Deliveries), purgeBatch}
		}); err != nil {
			return p, fmt.Errorf("purge deliveries: %w", err)
		}
	}
	if k.Messages > 0 {
		if p.Messages, err = s.purge(ctx, func(tx *Tx) (string, []any) {
			return `UPDATE messages SET args = NULL, last_error = '' WHERE id IN (
				SELECT id FROM messages WHERE state IN (?, ?, ?) AND (args IS NOT NULL OR last_error <> '') AND created_at < ? AND sent_at < ? AND due_at < ?
				ORDER BY id LIMIT ?)`,
				[]any{models.MessageSent, models.MessageDropped, models.MessageDead,
					tx.Now.Add(-k.Messages), tx.Now.Add(-k.Messages), tx.Now.Add(-k.Messages), purgeBatch}
		}); err != nil {
			return p, fmt.Errorf("purge messages: %w", err)
		}
	}
	// A lease a day past is nobody's: its name may never be asked for again.
	if p.Leases, err = s.purge(ctx, func(tx *Tx) (string, []any) {
		return "DELETE FROM leases WHERE name IN (SELECT name FROM leases WHERE until_ms < ? LIMIT ?)",
			[]any{tx.machineIn(-24 * time.Hour), purgeBatch}
	}); err != nil {
		return p, fmt.Errorf("purge leases: %w", err)
	}
	return p, nil
}

// purge repeats one statement, a transaction each time, until it finds less
// than a batch.
func (s *Store) purge(ctx context.Context, statement func(*Tx) (string, []any)) (int, error) {
	total := 0
	for {
		var n int
		err := s.write(ctx, false, func(tx *Tx) error {
			sql, args := statement(tx)
			r := tx.db.Exec(sql, args...)
			n = int(r.RowsAffected)
			return r.Error
		})
		total += n
		if err != nil || n < purgeBatch {
			return total, err
		}
	}
}
