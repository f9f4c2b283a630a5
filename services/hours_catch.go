package services

import (
	"context"
	"fmt"

	"muster/models"
	"muster/store"
)

// CatchUpHours gives sign-ups that were put on the roll before the ledger was
// kept the rows they lead to. It tells how many it looked at.
func (s *Services) CatchUpHours(ctx context.Context) (int, error) {
	tenants, err := s.tenants(ctx)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, t := range tenants {
		for after, n := int64(0), exportPage; n == exportPage; {
			err := s.store.InTx(ctx, func(tx *store.Tx) error {
				var err error
				after, n, err = s.catchUpPage(tx, t, after)
				return err
			})
			if total += n; err != nil {
				return total, fmt.Errorf("hours of tenant %d: %w", t.ID, err)
			}
		}
	}
	return total, nil
}

func (s *Services) catchUpPage(tx *store.Tx, t models.Tenant, after int64) (last int64, n int, err error) {
	page, err := tx.SignupsWithoutHours(t.ID, after, exportPage)
	if err != nil {
		return after, 0, err
	}
	for _, su := range page {
		after = su.ID
		c, err := tx.Call(t.ID, su.CallID)
		if err != nil {
			return after, 0, fmt.Errorf("call of sign-up %d: %w", su.ID, err)
		}
		shift, err := tx.Shift(t.ID, su.ShiftID)
		if err != nil {
			return after, 0, fmt.Errorf("shift of sign-up %d: %w", su.ID, err)
		}
		if err := s.settleHours(tx, models.By{TenantID: t.ID, Action: "hours_settle"}, t, su, shift, c.Drill); err != nil {
			return after, 0, err
		}
	}
	return after, len(page), nil
}
