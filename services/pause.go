package services

import (
	"context"

	"muster/store"
)

// Pause holds (or releases) everything outgoing of the organisation; answers
// are still taken. It tells how many messages wait.
func (s *Services) Pause(ctx context.Context, act Act, hold bool) (waiting int, changed bool, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		counts, err := tx.OutboxCounts(me.Tenant.ID)
		if err != nil {
			return err
		}
		waiting = counts.Queued
		t := me.Tenant
		if changed = t.Paused != hold; !changed {
			return nil
		}
		t.Paused = hold
		action := "resume"
		if hold {
			action = "pause"
		}
		return tx.Save(me.By(action), &t)
	})
	return waiting, changed, err
}
