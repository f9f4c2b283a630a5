package services

import (
	"context"
	"errors"

	"muster/models"
	"muster/store"
)

// CallOnCard is the call whose card is the message at act.TS; ok is false when
// it is another message.
func (s *Services) CallOnCard(ctx context.Context, act Act) (c models.Call, ok bool, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err = tx.CallAt(me.Tenant.ID, act.Channel, act.TS)
		if errors.Is(err, store.ErrNotFound) {
			return early(tx, me, act)
		}
		ok = err == nil
		return err
	})
	return c, ok, err
}
