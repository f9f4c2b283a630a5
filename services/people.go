package services

import (
	"context"
	"errors"

	"muster/models"
	"muster/store"
)

// WhoActs is who an act comes from and the world's now, without changing
// anything. Somebody unknown has the tenant's defaults and no rights.
func (s *Services) WhoActs(ctx context.Context, act Act) (me Actor, now models.Instant, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, a Actor) error {
		me, now = a, tx.Now
		return nil
	})
	return me, now, err
}

// ignoreMissing is err unless it says that a row is not there.
func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
