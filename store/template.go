package store

import (
	"fmt"

	"muster/models"
)

// Templates lists a tenant's templates of calls by name.
func (tx *Tx) Templates(tenantID int64) ([]models.Template, error) {
	return many[models.Template](tx.db.Where("tenant_id = ?", tenantID).Order("name, id"))
}

// Template is one template of a tenant by its row id.
func (tx *Tx) Template(tenantID, id int64) (models.Template, error) {
	return one[models.Template](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// TemplateNamed finds a template by its folded name.
func (tx *Tx) TemplateNamed(tenantID int64, key string) (models.Template, error) {
	return one[models.Template](tx.db.Where("tenant_id = ? AND name_key = ?", tenantID, key))
}

// Entries counts what the record holds of one row, by some actions or all.
func (tx *Tx) Entries(tenantID int64, thing string, id int64, actions ...string) (int, error) {
	var n int64
	q := tx.db.Model(&models.Entry{}).Where("tenant_id = ? AND thing = ? AND thing_id = ?", tenantID, thing, id)
	if len(actions) > 0 {
		q = q.Where("action IN ?", actions)
	}
	if err := q.Count(&n).Error; err != nil {
		return 0, fmt.Errorf("entries of %s %d: %w", thing, id, err)
	}
	return int(n), nil
}
