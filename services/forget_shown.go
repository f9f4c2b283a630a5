package services

import (
	"muster/models"
	"muster/store"
)

// touchNaming has what stands in Slack with the name or the words of somebody
// who was forgotten edited: the cards and organizers' messages of their calls,
// and what leaders read of their make-ups.
func touchNaming(tx *store.Tx, t models.Tenant, p models.Person) error {
	calls, err := tx.CallsNaming(p.ID)
	if err != nil {
		return err
	}
	for _, id := range calls {
		if err := tx.Touch(t.ID, cardKey(id), panelKey(id)); err != nil {
			return err
		}
	}
	sessions, err := tx.MadeUpBy(p.ID)
	if err != nil {
		return err
	}
	for _, id := range sessions {
		if err := tx.TouchPrefix(t.ID, makeupsKeys(id)); err != nil {
			return err
		}
	}
	return nil
}
