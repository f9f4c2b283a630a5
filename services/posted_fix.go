package services

import (
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

func correctedKey(id int64) string { return fmt.Sprintf("corrected:%d:", id) }

// planLook plans to compare a posting with its rows, as long as that is worth
// it.
func planLook(tx *store.Tx, t models.Tenant, p models.Posting) error {
	at, ok := p.NextLook(t, tx.Now)
	if !ok {
		return nil
	}
	return tx.Plan(models.Due{TenantID: t.ID, Key: correctedKey(p.ID), Kind: models.DuePosted, RefID: p.ID, DueAt: at})
}

// postedDue says in a posted summary's thread which of its numbers are not
// what was last said, at most once a day, and never in quiet hours.
func (s *Services) postedDue(tx *store.Tx, due models.Due) error {
	p, err := tx.Posting(due.RefID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t, err := tx.Tenant(p.TenantID)
	if err != nil || p.State != models.PostingQueued || p.Figures == "" {
		return err
	}
	rest := models.Rest{Start: t.QuietStart, End: t.QuietEnd}
	if models.InRest(tx.Now, rest, t.Location()) { // down meanwhile
		due.DueAt = models.EndOfRest(tx.Now, rest, t.Location())
		return tx.Plan(models.Due{TenantID: due.TenantID, Key: due.Key, Kind: due.Kind, RefID: due.RefID, DueAt: due.DueAt})
	}
	if err := s.correct(tx, t, p); err != nil {
		return err
	}
	return planLook(tx, t, p)
}

// correct queues the correction when there is anything to correct and its
// summary is out.
func (s *Services) correct(tx *store.Tx, t models.Tenant, p models.Posting) error {
	m, err := tx.MessageByKey(p.TenantID, postingKey(p.ID))
	if ignoreMissing(err) != nil {
		return err
	}
	if err != nil || m.TS == "" { // nobody has read the numbers yet
		return nil
	}
	shown, err := s.summaryOf(tx, t, p)
	if err != nil {
		return err
	}
	early := p.Corrected == "" && p.DueAt < p.End
	changes, err := p.Corrections(shown.Now)
	if err != nil || len(changes) == 0 {
		return err
	}
	if err := tx.Save(models.By{TenantID: t.ID, Action: "summary_correct"}, &p); err != nil {
		return err
	}
	_, err = tx.Enqueue(models.Message{TenantID: t.ID, Key: correctedKey(p.ID) + tx.Now.In(t.Location()).Format("2006-01-02"),
		Kind: models.MessageCorrected, SubjectID: p.ID, Channel: m.Channel, ThreadTS: m.TS, Priority: models.PriorityDigest,
		Quiet: models.QuietPass}.WithArgs(models.CorrectedArgs{Changes: changes, Early: early}))
	return err
}
