package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"muster/models"
)

// ErrLeaseLost says that a claim ran out and the message is somebody else's by
// now: nothing was written, and who has it will look for what was posted.
var ErrLeaseLost = errors.New("the claim ran out")

// Settle stores what became of a message that holder had claimed. A message
// that was touched meanwhile goes back to queued as an edit.
func (s *Store) Settle(ctx context.Context, id int64, holder string, o models.Outcome) error {
	err := s.write(ctx, false, func(tx *Tx) error { return tx.settle(id, holder, o) })
	if err != nil {
		return fmt.Errorf("settle message %d: %w", id, err)
	}
	return nil
}

func (tx *Tx) settle(id int64, holder string, o models.Outcome) error {
	set := map[string]any{"holder": "", "lease_ms": 0}
	if o.Channel != "" {
		set["channel"] = o.Channel
	}
	if o.TS != "" {
		set["ts"] = o.TS
	}
	switch o.Kind {
	case models.OutcomeSent:
		set["state"] = gorm.Expr("CASE WHEN version > ? THEN ? ELSE ? END", o.Version, models.MessageQueued, models.MessageSent)
		set["shown"] = o.Version
		set["sent_at"] = gorm.Expr("CASE WHEN sent_at = 0 THEN ? ELSE sent_at END", tx.Now)
		set["attempts"], set["retry_ms"], set["doubt"], set["last_error"] = 0, 0, false, ""
	case models.OutcomeRetry:
		set["state"], set["retry_ms"], set["doubt"], set["last_error"] = models.MessageQueued, min(o.RetryMS, tx.machineIn(farAhead)), o.Doubt, clean(o.Cause)
		if o.Counted {
			set["attempts"] = gorm.Expr("attempts + 1")
		}
	case models.OutcomeWait:
		set["state"], set["due_at"] = models.MessageQueued, o.WaitUntil
	case models.OutcomeDropped:
		// A message that is in Slack stays alive when there is nothing new to
		// say: the next touch edits it.
		set["state"] = gorm.Expr("CASE WHEN shown > 0 THEN ? ELSE ? END", models.MessageSent, models.MessageDropped)
		set["shown"] = gorm.Expr("CASE WHEN shown > 0 THEN version ELSE shown END")
		set["last_error"] = clean(o.Cause)
	case models.OutcomeDead:
		set["state"], set["last_error"] = models.MessageDead, clean(o.Cause)
	default:
		return fmt.Errorf("unknown outcome %q", o.Kind)
	}
	r := tx.db.Model(&models.Message{}).Where("id = ? AND holder = ? AND state = ?", id, holder, models.MessageSending).Updates(set)
	if r.Error == nil && r.RowsAffected == 0 {
		return ErrLeaseLost
	}
	if r.Error != nil || o.Kind == models.OutcomeRetry {
		return r.Error
	}
	of, err := one[models.Message](tx.db.Where("id = ? AND (reach_id <> 0 OR kind IN ?)", id, tx.store.followed()))
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if o.Kind == models.OutcomeSent {
		if err := tx.follow(of); err != nil {
			return err
		}
	}
	if of.ReachID == 0 {
		return nil
	}
	return tx.reachMoved(of)
}
