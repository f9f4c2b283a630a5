package services

import (
	"context"
	"errors"

	"muster/models"
	"muster/store"
)

// HeldStudy records what the leader says about the latest occurrence of s7
// that has begun: it was held, or not.
func (s *Services) HeldStudy(ctx context.Context, act Act, number int, held bool) (StudyChange, error) {
	return s.change(ctx, act, func(tx *store.Tx, me Actor) (st models.Study, o models.Occurrence, err error) {
		if st, err = s.ledStudy(tx, me, number); err != nil {
			return st, o, err
		}
		o, err = tx.LastOccurrence(st.ID, tx.Now)
		if errors.Is(err, store.ErrNotFound) {
			return st, o, models.Refuse(models.CodeConflict, "error.study_not_begun")
		}
		return st, o, err
	}, studyAct{Do: heldAction(held)})
}

// HeldOccurrence is HeldStudy for one occurrence by its row.
func (s *Services) HeldOccurrence(ctx context.Context, act Act, occurrenceID int64, held bool) (StudyChange, error) {
	return s.change(ctx, act, s.byID(occurrenceID), studyAct{Do: heldAction(held)})
}

func heldAction(held bool) string {
	if held {
		return "study_held"
	}
	return "study_not_held"
}

// settle says that an occurrence was held or not; the leader may say otherwise
// later, except that what members were credited for stays held.
func settle(held bool) func(tx *store.Tx, me Actor, st models.Study, o *models.Occurrence) error {
	return func(tx *store.Tx, me Actor, st models.Study, o *models.Occurrence) error {
		if o.Start > tx.Now {
			return models.Refuse(models.CodeConflict, "error.study_not_begun")
		}
		if o.State == models.OccurrenceSkipped {
			return models.Refuse(models.CodeConflict, "error.study_skipped")
		}
		o.State, o.SettledBy, o.SettledAt = models.OccurrenceHeld, me.Person.ID, tx.Now
		if held {
			return nil
		}
		counts, err := tx.CountAttendances(o.ID)
		if err != nil {
			return err
		}
		if n := counts[models.AttendanceAttended]; n > 0 {
			return models.Refuse(models.CodeConflict, "error.study_was_attended", "N", n)
		}
		o.State = models.OccurrenceNotHeld
		return nil
	}
}
