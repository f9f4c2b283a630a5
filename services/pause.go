package services

import (
	"context"

	"muster/models"
	"muster/store"
)

// Held is what pausing or resuming came to.
type Held struct {
	Waiting int            // messages that wait, edits included
	Changed bool           // false: it was so already
	Until   models.Instant // resumed: when those due will be through at Slack's pace
}

// Pause holds (or releases) everything outgoing of the organisation; answers
// are still taken.
func (s *Services) Pause(ctx context.Context, act Act, hold bool) (Held, error) {
	var out Held
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		var err error
		out, err = s.hold(tx, me, hold)
		return err
	})
	return out, err
}

// PauseWorkspace is Pause by the operator, from the command line.
func (s *Services) PauseWorkspace(ctx context.Context, t models.Tenant, hold bool) (Held, error) {
	var out Held
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.Tenant(t.ID)
		if err == nil {
			out, err = s.hold(tx, Actor{Tenant: t}, hold)
		}
		return err
	})
	return out, err
}

func (s *Services) hold(tx *store.Tx, me Actor, hold bool) (out Held, err error) {
	counts, err := tx.OutboxCounts(me.Tenant.ID)
	if err != nil {
		return out, err
	}
	out.Waiting = counts.Queued
	if _, out.Until, err = s.forecast(tx, me.Tenant, 0, models.PriorityDigest); err != nil {
		return out, err
	}
	t := me.Tenant
	if out.Changed = t.Paused != hold; !out.Changed {
		return out, nil
	}
	t.Paused = hold
	action := "resume"
	if hold {
		action = "pause"
	}
	return out, tx.Save(me.By(action), &t)
}
