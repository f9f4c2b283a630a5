package store

import "muster/models"

// MessageByID is one message of the outbox.
func (tx *Tx) MessageByID(id int64) (models.Message, error) {
	return found[models.Message]("message", tx.db.Where("id = ?", id))
}
