package services

import (
	"context"
	"errors"

	"muster/models"
	"muster/store"
)

// CancelStudy takes a whole study back; cancelled again (by Undo) it is
// active as before. With asked, which has an id, nothing was done: many would
// be told, and it is asked about first.
func (s *Services) CancelStudy(ctx context.Context, act Act, studyID int64, back bool) (out StudyPlan, asked models.ReachShown, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		st, err := tx.Study(me.Tenant.ID, studyID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.study_gone")
		}
		if err != nil {
			return err
		}
		if err := s.mayLead(tx, me, st); err != nil {
			return err
		}
		if !back && st.State == models.StudyActive {
			ok, r, err := s.studyCancelReaches(tx, me, st)
			if err == nil && !ok {
				asked, err = s.reachShown(tx, me.Tenant, r)
			}
			if err != nil || !ok {
				return err
			}
		}
		if err := s.cancelStudy(tx, me, &st, back); err != nil {
			return err
		}
		out, err = s.studyPlan(tx, me, st)
		return err
	})
	return out, asked, err
}

func (s *Services) cancelStudy(tx *store.Tx, me Actor, st *models.Study, back bool) error {
	from, to, action := models.StudyActive, models.StudyCancelled, "study_cancel"
	if back {
		from, to, action = to, from, "study_reopen"
	}
	if st.State != from {
		return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
	}
	st.State = to
	if err := tx.Save(me.By(action), st); err != nil {
		return err
	}
	return s.afterEdit(tx, *st, *st)
}

// afterEdit plans everything ahead of a study anew and edits what shows it.
func (s *Services) afterEdit(tx *store.Tx, was, st models.Study) error {
	if err := s.dutyMoved(tx, was, st); err != nil {
		return err
	}
	if err := touchYear(tx, st.TenantID); err != nil {
		return err
	}
	ahead, err := tx.OccurrencesOf(st.ID, tx.Now, 100)
	if err != nil {
		return err
	}
	for _, o := range ahead {
		if !o.Ahead() {
			continue
		}
		if st.State == models.StudyActive {
			err = s.planCourse(tx, st, o)
		} else {
			err = s.unplanCourse(tx, o)
		}
		if err := errors.Join(err, touchReceipts(tx, st, o.ID)); err != nil {
			return err
		}
		key := studyChangeKey(o.ID)
		if _, err := tx.DueByKey(st.TenantID, key); err == nil {
			continue // a move is on its way already, and knows from when
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		err = tx.Plan(models.Due{TenantID: st.TenantID, Key: key, Kind: models.DueStudyChange, RefID: o.ID,
			DueAt: tx.Now, Args: encode(cursor{Reach: tx.Reach, Where: o.Place(was) != o.Place(st)})})
		if err != nil {
			return err
		}
	}
	if st.State != models.StudyActive {
		_, err = tx.Unplan(st.TenantID, "study:plan:"+id(st.ID)+":")
		return err
	}
	return s.planStudyFrom(tx, st, tx.Now) // a changed rule may have times before those laid out
}
