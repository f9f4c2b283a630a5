package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"muster/models"
)

const (
	// sealBatch entries are sealed in one transaction: the writer's place is
	// held for some ten milliseconds.
	sealBatch = 500
	// sealLease is how long a sealer that died keeps others from sealing.
	sealLease = 30 * time.Second
)

// head is where a tenant's chain ends. EntryID is the watermark: every entry
// up to it is sealed, so sealing never looks at older ones again.
type head struct {
	TenantID int64 `gorm:"primaryKey;autoIncrement:false"`
	Seq      int64
	Hash     string
	EntryID  int64
}

// SealHash is the hash of an entry at place seq after the seal with hash prev:
// hex SHA-256 over prev, a line feed, and the JSON array (no spaces, nothing
// escaped for HTML) of
//
//	[seq, id, tenant_id, at, entered_at, late, actor_id, action, thing, thing_id, data]
//
// with instants in milliseconds and data as the text that is stored.
func SealHash(prev string, seq int64, e models.Entry) (string, error) {
	form, err := compact([]any{seq, e.ID, e.TenantID, e.At, e.EnteredAt, e.Late, e.ActorID, e.Action, e.Thing, e.ThingID, e.Data})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(prev+"\n"), form...))
	return hex.EncodeToString(sum[:]), nil
}

// Genesis is the hash before a tenant's first seal: hex SHA-256 of
// "muster record 1 tenant ID".
func Genesis(tenantID int64) string {
	sum := sha256.Sum256([]byte("muster record 1 tenant " + strconv.FormatInt(tenantID, 10)))
	return hex.EncodeToString(sum[:])
}

// Seal chains a tenant's entries that have no seal yet, in the order of their
// ids, and says how many. One process at a time seals a tenant: another finds
// 0 until the first stops for 30 s.
func (s *Store) Seal(ctx context.Context, tenantID int64) (n int, err error) {
	for {
		var waiting bool
		err := s.Read(ctx, func(tx *Tx) error { // most of the time there is nothing, and nothing is written
			var err error
			waiting, err = tx.unsealed(tenantID)
			return err
		})
		if err != nil || !waiting {
			return n, err
		}
		var sealed int
		// The writer's place is held, so no entry with a lower id than one
		// that can be seen is still on its way: ids on PostgreSQL are given
		// before the commit, but only by one transaction at a time.
		err = s.InTx(ctx, func(tx *Tx) error {
			var err error
			sealed, err = tx.seal(tenantID)
			return err
		})
		if err != nil {
			return n, fmt.Errorf("seal tenant %d: %w", tenantID, err)
		}
		n += sealed
		if sealed < sealBatch {
			return n, nil
		}
	}
}

func (tx *Tx) head(tenantID int64) (head, error) {
	h, err := one[head](tx.db.Where("tenant_id = ?", tenantID))
	if missing(err) {
		return head{TenantID: tenantID, Hash: Genesis(tenantID)}, nil
	}
	return h, err
}

func (tx *Tx) unsealed(tenantID int64) (bool, error) {
	h, err := tx.head(tenantID)
	if err != nil {
		return false, fmt.Errorf("head: %w", err)
	}
	var id []int64
	err = tx.db.Raw("SELECT id FROM entries WHERE tenant_id = ? AND id > ? LIMIT 1", tenantID, h.EntryID).Scan(&id).Error
	return len(id) > 0, err
}

// seal chains one batch, if the lease is this store's.
func (tx *Tx) seal(tenantID int64) (int, error) {
	held, err := tx.lease("seal:"+strconv.FormatInt(tenantID, 10), tx.store.self, sealLease)
	if err != nil || !held {
		return 0, err
	}
	h, err := tx.head(tenantID)
	if err != nil {
		return 0, fmt.Errorf("head: %w", err)
	}
	entries, err := many[models.Entry](tx.db.Where(`tenant_id = ? AND id > ?
		AND NOT EXISTS (SELECT 1 FROM seals WHERE seals.entry_id = entries.id)`, tenantID, h.EntryID).Order("id").Limit(sealBatch))
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	seals := make([]models.Seal, 0, len(entries))
	for _, e := range entries {
		next := models.Seal{TenantID: tenantID, Seq: h.Seq + 1, EntryID: e.ID, PrevHash: h.Hash}
		if next.Hash, err = SealHash(h.Hash, next.Seq, e); err != nil {
			return 0, err
		}
		seals = append(seals, next)
		h.Seq, h.Hash, h.EntryID = next.Seq, next.Hash, e.ID
	}
	if err := tx.db.CreateInBatches(seals, 100).Error; err != nil {
		return 0, fmt.Errorf("write seals: %w", err)
	}
	return len(seals), tx.db.Exec(`INSERT INTO heads (tenant_id, seq, hash, entry_id) VALUES (?, ?, ?, ?)
		ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, entry_id = excluded.entry_id`,
		h.TenantID, h.Seq, h.Hash, h.EntryID).Error
}
