package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm/clause"

	"muster/models"
)

// Call is one call of a tenant by its row id.
func (tx *Tx) Call(tenantID, id int64) (models.Call, error) {
	return one[models.Call](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// CallByNumber finds k12.
func (tx *Tx) CallByNumber(tenantID int64, number int) (models.Call, error) {
	return one[models.Call](tx.db.Where("tenant_id = ? AND number = ?", tenantID, number))
}

// LockCall is Call, held against every other decision about it until the end
// of the transaction.
func (tx *Tx) LockCall(tenantID, id int64) (models.Call, error) {
	q := tx.db.Where("tenant_id = ? AND id = ?", tenantID, id)
	if tx.store.kind.postgres() {
		q = q.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	return one[models.Call](q)
}

// CallAt is the call whose card is the message at ts in channel.
func (tx *Tx) CallAt(tenantID int64, channel, ts string) (models.Call, error) {
	m, err := tx.MessageAt(tenantID, channel, ts)
	if err != nil {
		return models.Call{}, err
	}
	id, isCard := strings.CutPrefix(m.Key, "card:")
	n, err := strconv.ParseInt(strings.Split(id, ":")[0], 10, 64)
	if !isCard || err != nil {
		return models.Call{}, ErrNotFound
	}
	return tx.Call(tenantID, n)
}

// aboutCalls begin the keys of messages about a call; its id follows.
var aboutCalls = []string{"card", "signup", "panel", "ask", "handover", "tell", "safe"}

// CallOfMessage is the call that a message of ours at ts is about: its card,
// or a direct message about a sign-up.
func (tx *Tx) CallOfMessage(tenantID int64, channel, ts string) (models.Call, error) {
	m, err := tx.MessageAt(tenantID, channel, ts)
	if err != nil {
		return models.Call{}, err
	}
	parts := strings.Split(m.Key, ":")
	if len(parts) < 2 || !slices.Contains(aboutCalls, parts[0]) {
		return models.Call{}, ErrNotFound
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return models.Call{}, ErrNotFound
	}
	return tx.Call(tenantID, n)
}

// CallsIn lists a tenant's calls in any of the states, by number.
func (tx *Tx) CallsIn(tenantID int64, states ...models.CallState) ([]models.Call, error) {
	return many[models.Call](tx.db.Where("tenant_id = ? AND state IN ?", tenantID, states).Order("number"))
}

// CallsAfter pages through a tenant's calls by id, for exports.
func (tx *Tx) CallsAfter(tenantID, afterID int64, limit int) ([]models.Call, error) {
	return many[models.Call](tx.db.Where("tenant_id = ? AND id > ?", tenantID, afterID).Order("id").Limit(limit))
}

// CallsByIDs maps ids to calls.
func (tx *Tx) CallsByIDs(ids []int64) (map[int64]models.Call, error) {
	rows, err := many[models.Call](tx.db.Where("id IN ?", ids))
	if err != nil {
		return nil, fmt.Errorf("calls by id: %w", err)
	}
	out := make(map[int64]models.Call, len(rows))
	for _, c := range rows {
		out[c.ID] = c
	}
	return out, nil
}

// ShiftsOf lists a call's shifts in order.
func (tx *Tx) ShiftsOf(callID int64) ([]*models.Shift, error) {
	return many[*models.Shift](tx.db.Where("call_id = ?", callID).Order("seq"))
}

// RolesOf lists a call's roles by shift and order.
func (tx *Tx) RolesOf(callID int64) ([]*models.Role, error) {
	return many[*models.Role](tx.db.Where("call_id = ?", callID).Order("shift_id, seq, id"))
}

// Role is one (shift, role) of a tenant by its row id.
func (tx *Tx) Role(tenantID, id int64) (models.Role, error) {
	return one[models.Role](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// RolesBeside is how many (shift, role)s the call of one of them has, 0 when
// there is no such row.
func (tx *Tx) RolesBeside(roleID int64) (int, error) {
	var n int64
	err := tx.db.Raw("SELECT COUNT(*) FROM call_roles WHERE call_id = (SELECT call_id FROM call_roles WHERE id = ?)", roleID).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("roles beside %d: %w", roleID, err)
	}
	return int(n), nil
}

// Shift is one shift of a tenant by its row id.
func (tx *Tx) Shift(tenantID, id int64) (models.Shift, error) {
	return one[models.Shift](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// SaveDraft keeps a call that is not posted yet; sets its id.
func (tx *Tx) SaveDraft(d *models.Draft) error {
	if err := tx.db.Save(d).Error; err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	return nil
}

// Draft is a person's own draft; anybody else's is not found.
func (tx *Tx) Draft(tenantID, personID, id int64) (models.Draft, error) {
	return one[models.Draft](tx.db.Where("tenant_id = ? AND person_id = ? AND id = ?", tenantID, personID, id))
}

// DropDraft forgets a draft.
func (tx *Tx) DropDraft(id int64) error {
	if err := tx.db.Delete(&models.Draft{}, id).Error; err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}

// DropDraftsBefore forgets drafts nobody came back to.
func (tx *Tx) DropDraftsBefore(at models.Instant) (int, error) {
	res := tx.db.Where("created_at < ?", at).Delete(&models.Draft{})
	if res.Error != nil {
		return 0, fmt.Errorf("drop old drafts: %w", res.Error)
	}
	return int(res.RowsAffected), nil
}
