package services

import (
	"context"
	"errors"

	"muster/models"
	"muster/store"
)

// QuizOf is a study for who may write its quiz; by row id.
func (s *Services) QuizOf(ctx context.Context, act Act, studyID int64) (st models.Study, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		st, err = s.led(tx, me, studyID)
		return err
	})
	return st, err
}

// SetQuiz writes the quiz of a study's make-ups; none takes it away. Who passed
// before has passed.
func (s *Services) SetQuiz(ctx context.Context, act Act, studyID int64, quiz []models.Question) (st models.Study, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if st, err = s.led(tx, me, studyID); err != nil {
			return err
		}
		action := "study_quiz"
		switch {
		case st.State == models.StudyCancelled:
			return models.Refuse(models.CodeConflict, "error.study_skipped")
		case len(quiz) > 0 && !st.Meets():
			return models.Refuse(models.CodeConflict, "error.quiz_no_meeting")
		case len(quiz) > 0 && st.MakeupDays == 0:
			return models.Refuse(models.CodeConflict, "error.quiz_no_makeup", "Ref", "s"+id(int64(st.Number)))
		case len(quiz) == 0 && len(st.Quiz) == 0:
			return models.Refuse(models.CodeConflict, "error.quiz_none", "Ref", "s"+id(int64(st.Number)))
		case len(quiz) == 0:
			action = "study_quiz_remove"
		}
		st.Quiz = quiz
		return tx.Save(me.By(action), &st)
	})
	return st, err
}

// led loads a study for who leads it.
func (s *Services) led(tx *store.Tx, me Actor, studyID int64) (models.Study, error) {
	st, err := tx.Study(me.Tenant.ID, studyID)
	if errors.Is(err, store.ErrNotFound) {
		return st, models.Refuse(models.CodeNotFound, "error.study_gone")
	}
	if err != nil {
		return st, err
	}
	return st, s.mayLead(tx, me, st)
}
