package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"muster/models"
)

// skipLocked takes rows nobody else has in hand; only PostgreSQL needs it.
var skipLocked = clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"}

// Want asks for something to be read from Slack. What is wanted already stays
// as it is.
func (tx *Tx) Want(l models.Lookup) error {
	_, err := tx.exec("lookups", `INSERT INTO lookups (tenant_id, kind, ref, retry_ms, lease_ms, attempts) VALUES (?, ?, ?, 0, 0, 0)
		ON CONFLICT (tenant_id, kind, ref) DO NOTHING`, l.TenantID, l.Kind, l.Ref)
	if err != nil {
		return fmt.Errorf("want %s: %w", l.Kind, err)
	}
	return nil
}

// ClaimLookups hands out up to limit lookups that are nobody's, oldest first but
// for addresses: an import asks for thousands, and nobody waits for those,
// for lease. Who read it calls LookupDone with what was learnt, in the same
// transaction; who failed calls LookupRetry; who died loses it.
func (s *Store) ClaimLookups(ctx context.Context, limit int, lease time.Duration) ([]models.Lookup, error) {
	var rows []models.Lookup
	err := s.write(ctx, false, func(tx *Tx) error {
		q := tx.db.Where("(retry_ms <= ? OR retry_ms > ?) AND (lease_ms <= ? OR lease_ms > ?)",
			tx.MachineMS, tx.machineIn(farAhead), tx.MachineMS, tx.machineIn(farAhead)).
			Order(clause.OrderBy{Expression: clause.Expr{SQL: "CASE WHEN kind = ? THEN 1 ELSE 0 END, id", Vars: []any{models.LookupEmail}}}).Limit(limit)
		if s.kind.postgres() {
			q = q.Clauses(skipLocked)
		}
		var err error
		if rows, err = many[models.Lookup](q); err != nil || len(rows) == 0 {
			return err
		}
		ids := make([]int64, len(rows))
		for i := range rows {
			rows[i].LeaseMS = tx.machineIn(lease)
			ids[i] = rows[i].ID
		}
		return tx.db.Exec("UPDATE lookups SET lease_ms = ? WHERE id IN ?", tx.machineIn(lease), ids).Error
	})
	if err != nil {
		return nil, fmt.Errorf("claim lookups: %w", err)
	}
	return rows, nil
}

// LookupDone forgets a lookup: what was learnt is stored.
func (tx *Tx) LookupDone(id int64) error {
	return tx.db.Exec("DELETE FROM lookups WHERE id = ?", id).Error
}

// LookupRetry gives a lookup back, not to be tried before retryMS (machine
// time, unix ms). counted costs an attempt.
func (tx *Tx) LookupRetry(id, retryMS int64, counted bool) error {
	cost := 0
	if counted {
		cost = 1
	}
	return tx.db.Exec("UPDATE lookups SET lease_ms = 0, retry_ms = ?, attempts = attempts + ? WHERE id = ?", min(retryMS, tx.machineIn(farAhead)), cost, id).Error
}

// Lease takes or renews the lease called name for ttl of machine time; false
// when another holder has it.
func (s *Store) Lease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	held := false
	err := s.write(ctx, false, func(tx *Tx) error {
		var err error
		held, err = tx.lease(name, holder, ttl)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("lease %s: %w", name, err)
	}
	return held, nil
}

func (tx *Tx) lease(name, holder string, ttl time.Duration) (bool, error) {
	r := tx.db.Exec(`INSERT INTO leases (name, holder, until_ms) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
		WHERE leases.holder = excluded.holder OR leases.until_ms <= ? OR leases.until_ms > ?`,
		name, holder, tx.machineIn(ttl), tx.MachineMS, tx.machineIn(ttl+farAhead))
	return r.RowsAffected == 1, r.Error
}

// Release gives a lease back before it runs out; somebody else's is left alone.
func (s *Store) Release(ctx context.Context, name, holder string) error {
	return s.write(ctx, false, func(tx *Tx) error {
		return tx.db.Exec("DELETE FROM leases WHERE name = ? AND holder = ?", name, holder).Error
	})
}

// Unwant forgets what is wanted: it has been read another way.
func (tx *Tx) Unwant(l models.Lookup) error {
	return tx.db.Exec("DELETE FROM lookups WHERE tenant_id = ? AND kind = ? AND ref = ?", l.TenantID, l.Kind, l.Ref).Error
}
