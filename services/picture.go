package services

import (
	"context"
	"fmt"

	"muster/models"
	"muster/store"
)

// summarySent queues the picture of a summary that has just arrived in its
// channel: only now is the thread known that the picture belongs to.
func (s *Services) summarySent(tx *store.Tx, m models.Message) error {
	_, err := tx.Enqueue(models.Message{TenantID: m.TenantID, Key: models.PictureKey(m.SubjectID), Kind: models.MessageSummaryPicture, Op: models.OpFile,
		SubjectID: m.SubjectID, Channel: m.Channel, ThreadTS: m.TS, Priority: models.PriorityDigest, Quiet: models.QuietPass})
	if err != nil {
		return fmt.Errorf("picture of posting %d: %w", m.SubjectID, err)
	}
	return nil
}

// SendPicture hands the picture of a summary to who asks for it, by direct
// message: who may post the summary, or reviews it.
func (s *Services) SendPicture(ctx context.Context, act Act, postingID int64) error {
	return s.sendOfPosting(ctx, act, postingID, models.MessageSummaryPicture)
}

// SendYearPaper hands a year to print to who asks for it, by direct message.
func (s *Services) SendYearPaper(ctx context.Context, act Act, postingID int64) error {
	return s.sendOfPosting(ctx, act, postingID, models.MessageSummaryPaper)
}

// sendOfPosting queues a file made of a summary for who may post it.
func (s *Services) sendOfPosting(ctx context.Context, act Act, postingID int64, kind models.MessageKind) error {
	return s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		p, err := s.postingFor(tx, me, postingID)
		if err != nil {
			return err
		}
		if kind == models.MessageSummaryPaper && p.Kind != models.PeriodYear { // only a year has the button
			return models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		_, err = tx.Enqueue(models.Message{TenantID: p.TenantID, Key: fmt.Sprintf("%s:%d:%d:%s", kind, p.ID, me.Person.ID, onceOf(act, tx.Now)),
			Kind: kind, Op: models.OpFile, SubjectID: p.ID, PersonID: me.Person.ID, Priority: models.PriorityAnswer, Quiet: models.QuietPass})
		return err
	})
}

// SummaryFile is the summary behind a file, for rendering: to a channel, or to
// m.PersonID, who is asked for their right once more. whole says that the
// reader may see figures that would name somebody in a channel; gone that they
// may not have it any more.
func (s *Services) SummaryFile(ctx context.Context, m models.Message) (out SummaryShown, reader models.Person, whole, gone bool, err error) {
	if out, err = s.SummaryByPosting(ctx, m.SubjectID); err != nil || m.PersonID == 0 {
		return out, reader, false, false, err
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		me := Actor{Tenant: out.Tenant}
		if me.Person, err = tx.Person(m.PersonID); err != nil {
			return err
		}
		if me.Rights, err = s.rights(tx, me.Tenant, me.Person); err != nil {
			return err
		}
		reader = me.Person
		if whole, err = readsUnit(tx, me, out.Posting.UnitID); err != nil || whole {
			return err
		}
		_, err := s.postingFor(tx, me, m.SubjectID)
		if gone = models.CodeOf(err) == models.CodeForbidden; gone {
			return nil
		}
		return err
	})
	return out, reader, whole, gone, err
}
