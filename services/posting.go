package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// A posting is one summary on its way to a channel. Its message's key lets it
// go out once, whoever asks for it and however often.

func postingKey(id int64) string { return fmt.Sprintf("posting:%d:", id) }
func reviewKey(id int64) string  { return fmt.Sprintf("review:%d:", id) }

// queuePosting queues the message of a posting, unless it was queued before.
func queuePosting(tx *store.Tx, p models.Posting, due models.Instant) error {
	_, err := tx.Enqueue(models.Message{TenantID: p.TenantID, Key: postingKey(p.ID), Kind: models.MessageSummary,
		SubjectID: p.ID, Channel: p.Channel, Priority: models.PriorityDigest, EditClass: models.EditRest, Quiet: models.QuietPass, DueAt: due})
	return err
}

// holdPosting keeps a posting from going out.
func holdPosting(tx *store.Tx, me Actor, p *models.Posting) error {
	p.State, p.By = models.PostingHeld, me.Person.ID
	if err := tx.Save(me.By("summary_hold"), p); err != nil {
		return err
	}
	if _, err := tx.CancelMessages(p.TenantID, postingKey(p.ID)); err != nil {
		return err
	}
	return tx.Touch(p.TenantID, reviewKey(p.ID))
}

// PostSummary queues a shown (or held, or undelivered) summary for its
// channel; channel says which when another was chosen. Pressed twice it is
// posted once.
func (s *Services) PostSummary(ctx context.Context, act Act, postingID int64, channel string) (models.Posting, error) {
	var p models.Posting
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		var err error
		if p, err = s.postingFor(tx, me, postingID); err != nil {
			return err
		}
		old, err := tx.MessageByKey(p.TenantID, postingKey(p.ID))
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return err
		case old.State != models.MessageDropped && old.State != models.MessageDead:
			return models.Refuse(models.CodeConflict, "summary.posted_before", "Channel", "<#"+p.Channel+">")
		default: // held, or it did not arrive
			if err := tx.Rekey(p.TenantID, old.Key, fmt.Sprintf("posted:%d:%d", p.ID, old.ID)); err != nil {
				return err
			}
		}
		if channel != "" {
			p.Channel = channel
		}
		if p.Channel == "" {
			return models.Refuse(models.CodeInvalid, "summary.no_channel")
		}
		p.State, p.By, p.DueAt = models.PostingQueued, me.Person.ID, tx.Now
		if err := s.keepFigures(tx, &p); err != nil {
			return err
		}
		if err := tx.Save(me.By("summary_post"), &p); err != nil {
			return err
		}
		if err := tx.Touch(p.TenantID, reviewKey(p.ID)); err != nil {
			return err
		}
		return queuePosting(tx, p, tx.Now)
	})
	return p, err
}

// HoldSummary keeps a scheduled summary from being posted.
func (s *Services) HoldSummary(ctx context.Context, act Act, postingID int64) (models.Posting, error) {
	var p models.Posting
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		var err error
		if p, err = s.postingFor(tx, me, postingID); err != nil {
			return err
		}
		if p.DigestID == nil { // nothing is planned that could be held
			return models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		m, err := tx.MessageByKey(p.TenantID, postingKey(p.ID))
		if ignoreMissing(err) != nil {
			return err
		}
		if err == nil && (m.Shown > 0 || m.State == models.MessageSending) {
			return models.Refuse(models.CodeConflict, "summary.posted_before", "Channel", "<#"+p.Channel+">")
		}
		return holdPosting(tx, me, &p)
	})
	return p, err
}

// postingFor loads a posting that the actor may handle: their own, one they
// review, or one whose figures they may read. Foreign ids are nobody's.
func (s *Services) postingFor(tx *store.Tx, me Actor, id int64) (models.Posting, error) {
	p, err := tx.Posting(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.TenantID != me.Tenant.ID {
		return p, models.Refuse(models.CodeForbidden, "error.not_yours")
	}
	if err != nil {
		return p, err
	}
	if p.DigestID != nil {
		d, err := tx.Digest(*p.DigestID)
		if err != nil {
			return p, fmt.Errorf("digest of posting %d: %w", p.ID, err)
		}
		if d.ReviewerID == me.Person.ID {
			return p, nil
		}
	}
	may, err := readsUnit(tx, me, p.UnitID)
	if err == nil && !may { // whoever was shown it must still be entitled
		err = s.refuseOrganizer(tx, me)
	}
	return p, err
}
