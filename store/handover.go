package store

import (
	"muster/models"
)

// HandoversOf lists a call's requests to take a place over, oldest first.
func (tx *Tx) HandoversOf(callID int64) ([]*models.Handover, error) {
	return many[*models.Handover](tx.db.Where("call_id = ?", callID).Order("id"))
}

// OpenHandovers are those that wait for an answer.
func (tx *Tx) OpenHandovers(callID int64) ([]*models.Handover, error) {
	return fetchUnlessNone[models.Handover](tx, "call_handovers", of("call", callID), "SELECT * FROM call_handovers WHERE call_id = ? AND state = ? ORDER BY id", callID, models.HandoverAsked)
}

// Handover is one request of a tenant by its row id.
func (tx *Tx) Handover(tenantID, id int64) (models.Handover, error) {
	return one[models.Handover](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// HandoversTo lists the requests that wait for a person's answer.
func (tx *Tx) HandoversTo(tenantID, personID int64) ([]*models.Handover, error) {
	return many[*models.Handover](tx.db.Where("tenant_id = ? AND to_id = ? AND state = ?",
		tenantID, personID, models.HandoverAsked).Order("id"))
}
