package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

// StudyCodeShown is a session's check-in code for who pressed for it.
type StudyCodeShown struct {
	StudySession
	Code models.StudyCode
}

// NewStudyCode makes a check-in code for a session at its leader's press; an
// earlier one holds until its own five minutes are over.
func (s *Services) NewStudyCode(ctx context.Context, act Act, occurrenceID int64) (out StudyCodeShown, err error) {
	return s.studyCode(ctx, act, s.byID(occurrenceID))
}

// NewStudyCodeOf is NewStudyCode for the session of s7 that is on now.
func (s *Services) NewStudyCodeOf(ctx context.Context, act Act, number int) (out StudyCodeShown, err error) {
	return s.studyCode(ctx, act, s.onNow(number))
}

func (s *Services) studyCode(ctx context.Context, act Act, pick pickFunc) (out StudyCodeShown, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		st, o, err := pick(tx, me)
		if err != nil {
			return err
		}
		if err := s.mayLead(tx, me, st); err != nil {
			return err
		}
		if err := refused(o.CodeOpen(st, tx.Now)); err != nil {
			return err
		}
		c := models.StudyCode{TenantID: me.Tenant.ID, OccurrenceID: o.ID, ByID: me.Person.ID, MadeAt: tx.Now, UntilAt: tx.Now.Add(models.CodeLife)}
		if c.Code, err = s.freshCode(tx); err != nil {
			return err
		}
		if err := tx.SaveStudyCode(&c); err != nil {
			return err
		}
		// The code itself is no fact to keep: who has the record must not have it.
		if err := tx.Note(me.By("code_make"), "occurrence", o.ID, map[string]any{"until": c.UntilAt}, nil); err != nil {
			return err
		}
		out.Code = c
		out.StudySession, err = s.studySession(tx, me.Tenant, me.Person, st, o)
		return err
	})
	return out, err
}

// slotsReach is how long after the main time an alternative one may lie.
const slotsReach = 31 * 24 * time.Hour

// onNow picks the occurrence of s7 whose check-in is open, by any of its times;
// else the next one, of which it is said when it opens.
func (s *Services) onNow(number int) pickFunc {
	return func(tx *store.Tx, me Actor) (models.Study, models.Occurrence, error) {
		st, err := s.ledStudy(tx, me, number)
		if err != nil {
			return st, models.Occurrence{}, err
		}
		all, err := tx.OccurrencesOf(st.ID, tx.Now.Add(-slotsReach), 100)
		if err != nil {
			return st, models.Occurrence{}, err
		}
		var next models.Occurrence
		for _, o := range all {
			if _, open := o.OpenSlot(st, 0, tx.Now); open && !o.Off() {
				return st, o, nil
			}
			if next.ID == 0 && o.Ahead() && o.Start > tx.Now {
				next = o
			}
		}
		if next.ID == 0 {
			return st, next, models.Refuse(models.CodeConflict, "error.study_code_over")
		}
		return st, next, nil
	}
}

// checkInStudy checks the actor in to a session with its code. Who is not in
// its audience came from elsewhere, and is shown so to the leader.
func (s *Services) checkInStudy(tx *store.Tx, me Actor, code models.StudyCode, out *Checked) error {
	st, o, err := s.byID(code.OccurrenceID)(tx, me)
	if err != nil {
		return err
	}
	a, err := tx.AttendanceOf(o.ID, me.Person.ID)
	if errors.Is(err, store.ErrNotFound) {
		a, err = s.newcomer(tx, me, st, o, me.Person)
	}
	if err != nil {
		return err
	}
	if err := refused(o.CodeOpen(st, tx.Now)); err != nil {
		return err
	}
	chosen := a.Slot
	a.Slot, _ = o.OpenSlot(st, a.Slot, tx.Now)
	var refusal *models.Error
	if out.Outcome, refusal = a.CheckIn(o, st, models.HowOnsite, tx.Now); refusal != nil {
		return refusal
	}
	if a.WalkIn {
		a.Before = nil // there is nothing to go back to: they were not expected
	}
	if out.Outcome == models.CheckedInBefore {
		a.Slot = chosen
	} else if err := tx.Save(me.By("study_checkin_code"), &a); err != nil {
		return err
	}
	if err := s.heldByCode(tx, me, st, o); err != nil {
		return err
	}
	c, err := s.loadStudy(tx, me.Tenant.ID, a.ID)
	if err != nil {
		return err
	}
	if err := s.afterAnswer(tx, c); err != nil {
		return err
	}
	if err := s.usesMuster(tx, me); err != nil {
		return err
	}
	if c, err = s.withRoll(tx, c); err != nil {
		return err
	}
	c, err = s.withYear(tx, c)
	out.Study = &c
	return err
}

// newcomer is the attendance, not saved yet, of somebody a session had none for:
// in its audience by now, or from elsewhere. Slack guests and strangers have
// none; by is who puts them there.
func (s *Services) newcomer(tx *store.Tx, by Actor, st models.Study, o models.Occurrence, p models.Person) (models.Attendance, error) {
	a := models.Attendance{TenantID: o.TenantID, StudyID: st.ID, OccurrenceID: o.ID, PersonID: p.ID, State: models.AttendanceDue}
	if p.ID == 0 || p.Bot || p.Gone || p.Guest {
		if p.ID == by.Person.ID && p.Guest {
			return a, models.Refuse(models.CodeForbidden, "error.study_guest")
		}
		return a, models.Refuse(models.CodeInvalid, "error.no_volunteer", "Who", tags([]models.Person{p}))
	}
	units, err := unitsUnder(tx, st.TenantID, st.Audience())
	if err != nil {
		return a, err
	}
	in, err := tx.InAudience(st.TenantID, p.ID, st.Audience(), units)
	a.WalkIn = !in
	return a, err
}

// heldByCode notes that a session takes place, at the first code used.
func (s *Services) heldByCode(tx *store.Tx, me Actor, st models.Study, o models.Occurrence) error {
	if !o.Ahead() {
		return nil
	}
	before := o
	o.State, o.SettledBy, o.SettledAt = models.OccurrenceHeld, 0, tx.Now
	if err := tx.Save(me.By("study_held_code"), &o); err != nil {
		return err
	}
	return s.afterChange(tx, st, before, o)
}

// planAbsent plans when who is still due at a held session becomes absent.
func (s *Services) planAbsent(tx *store.Tx, st models.Study, o models.Occurrence) error {
	err := tx.Plan(models.Due{TenantID: o.TenantID, Key: "study:absent:" + id(o.ID) + ":", Kind: models.DueStudyAbsent, RefID: o.ID,
		DueAt: max(o.AbsentFrom(st), tx.Now)})
	if err != nil {
		return fmt.Errorf("plan the end of occurrence %d: %w", o.ID, err)
	}
	return nil
}
