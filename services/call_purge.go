package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

// purgeCallBatch rows are cleared in one transaction, so that people's acts
// come between.
const purgeCallBatch = 200

// draftsKept is how long a question about a call not yet posted may stay open.
const draftsKept = 24 * time.Hour

// PurgeCalls clears what calls keep only for a time: private details that long
// after the call, words of replies that long after it, drafts after a day. 0
// keeps for ever. It tells how many were cleared.
func (s *Services) PurgeCalls(ctx context.Context, private, replies time.Duration) (int, error) {
	tenants, err := s.tenants(ctx)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, t := range tenants {
		for _, clear := range []func(*store.Tx, models.Tenant) (int, error){
			func(tx *store.Tx, t models.Tenant) (int, error) { return clearPrivate(tx, t, private) },
			func(tx *store.Tx, t models.Tenant) (int, error) { return clearReplies(tx, t, replies) },
			func(tx *store.Tx, t models.Tenant) (int, error) { return clearMessages(tx, t, replies) },
		} {
			n, err := s.clearAll(ctx, t, clear)
			total += n
			if err != nil {
				return total, fmt.Errorf("purge calls of tenant %d: %w", t.ID, err)
			}
		}
	}
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		drafts, err := tx.DropDraftsBefore(tx.Now.Add(-draftsKept))
		if err != nil {
			return err
		}
		codes, err := tx.DropOnsiteBefore(tx.Now.Add(-draftsKept)) // their hour is long over
		total += drafts + codes
		return err
	})
	return total, err
}

// clearAll repeats clear, a transaction each time, until it finds less than a
// batch.
func (s *Services) clearAll(ctx context.Context, t models.Tenant, clear func(*store.Tx, models.Tenant) (int, error)) (int, error) {
	total := 0
	for {
		n := 0
		err := s.store.InTx(ctx, func(tx *store.Tx) error {
			var err error
			n, err = clear(tx, t)
			return err
		})
		if total += n; err != nil || n < purgeCallBatch {
			return total, err
		}
	}
}

func clearPrivate(tx *store.Tx, t models.Tenant, after time.Duration) (int, error) {
	if after <= 0 {
		return 0, nil
	}
	calls, err := tx.CallsWithPrivate(t.ID, tx.Now.Add(-after), purgeCallBatch)
	if err != nil {
		return 0, err
	}
	for _, c := range calls {
		c.Private = ""
		err := errors.Join(tx.Save(models.By{TenantID: t.ID, Action: "call_clear"}, c), tx.ForgetWord(t.ID, "call", c.ID, "private"),
			tx.TouchPrefix(t.ID, fmt.Sprintf("signup:%d:", c.ID)))
		if err != nil {
			return 0, err
		}
	}
	return len(calls), nil
}

func clearReplies(tx *store.Tx, t models.Tenant, after time.Duration) (int, error) {
	if after <= 0 {
		return 0, nil
	}
	answers, err := tx.AnswersWithText(t.ID, tx.Now.Add(-after), purgeCallBatch)
	if err != nil {
		return 0, err
	}
	for _, a := range answers {
		a.Text = ""
		err := errors.Join(tx.Save(models.By{TenantID: t.ID, Action: "answer_clear"}, a), tx.ForgetWord(t.ID, "answer", a.ID, "text"))
		if err != nil {
			return 0, err
		}
	}
	return len(answers), nil
}

// clearMessages clears the words of organizers' messages to many, as long after
// they were sent as those of replies after the call.
func clearMessages(tx *store.Tx, t models.Tenant, after time.Duration) (int, error) {
	if after <= 0 {
		return 0, nil
	}
	sent, err := tx.ReachesWithText(t.ID, tx.Now.Add(-after), purgeCallBatch)
	if err != nil {
		return 0, err
	}
	for _, r := range sent {
		r.Text = ""
		err := errors.Join(tx.Save(models.By{TenantID: t.ID, Action: "reach_clear"}, r), tx.ForgetWord(t.ID, "reach", r.ID, "text"))
		if err != nil {
			return 0, err
		}
	}
	return len(sent), nil
}
