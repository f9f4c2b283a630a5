package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

// What happens by itself and is nobody's act.

// dueRounds bound one beat, so that a flood of due rows does not keep a
// shutdown waiting: 50 rounds of a batch are ten thousand rows.
const dueRounds = 50

// RunDues does everything that is due now.
func (s *Services) RunDues(ctx context.Context) error {
	for range dueRounds {
		n, err := s.RunDue(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
	return nil
}

// Seal chains what was committed since, tenant by tenant.
func (s *Services) Seal(ctx context.Context) error {
	tenants, err := s.tenants(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, t := range tenants {
		if _, err := s.store.Seal(ctx, t.ID); err != nil {
			failed = errors.Join(failed, fmt.Errorf("seal tenant %d: %w", t.ID, err))
		}
	}
	return failed
}

// Purge deletes what was kept long enough.
func (s *Services) Purge(ctx context.Context, deliveries, messages time.Duration) (store.Purged, error) {
	return s.store.Purge(ctx, store.Keep{Deliveries: deliveries, Messages: messages})
}

// OutboxState counts the messages of all tenants by state, for the operator.
func (s *Services) OutboxState(ctx context.Context) (map[string]float64, error) {
	sum := map[string]float64{}
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		tenants, err := tx.Tenants()
		if err != nil {
			return err
		}
		for _, t := range tenants {
			c, err := tx.OutboxCounts(t.ID)
			if err != nil {
				return err
			}
			sum[string(models.MessageQueued)] += float64(c.Queued)
			sum[string(models.MessageSending)] += float64(c.Sending)
			sum[string(models.MessageSent)] += float64(c.Sent)
			sum[string(models.MessageDead)] += float64(c.Dead)
			sum[string(models.MessageDropped)] += float64(c.Dropped)
		}
		return nil
	})
	return sum, err
}

func (s *Services) tenants(ctx context.Context) (list []models.Tenant, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Tenants()
		return err
	})
	return list, err
}

// Idle says whether nothing is left to be done now.
func (s *Services) Idle(ctx context.Context) (bool, error) {
	idle := false
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		messages, dues, lookups, err := tx.Work()
		idle = messages+dues+lookups == 0
		return err
	})
	return idle, err
}

// OldestDue is how late the oldest message is that could be sent, 0 when none
// waits.
func (s *Services) OldestDue(ctx context.Context) (late time.Duration, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		at, err := tx.OldestDue()
		if err == nil && at != 0 {
			late = tx.Now.Sub(at)
		}
		return err
	})
	return late, err
}
