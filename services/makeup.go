package services

import (
	"context"
	"errors"
	"slices"

	"muster/models"
	"muster/store"
)

func (s *Services) makeupDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{
		models.DueMakeups:     s.dueMakeups,
		models.DueMakeupClose: s.dueMakeupClose,
	}
}

// OpenMaterial notes that a member opened the material, by their own click on
// its button. The first time counts. Whoever opens what is off opened it all
// the same.
func (s *Services) OpenMaterial(ctx context.Context, act Act, attendanceID int64) (c StudyCard, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err = s.loadStudy(tx, me.Tenant.ID, attendanceID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return models.Refuse(models.CodeNotFound, "error.study_gone")
		case err != nil:
			return err
		case c.Attendance.PersonID != me.Person.ID:
			return models.Refuse(models.CodeForbidden, "error.not_yours")
		case !c.Attendance.Open(tx.Now):
			return nil
		}
		if err := tx.Save(me.By("study_open"), &c.Attendance); err != nil {
			return err
		}
		return openNoted(tx, c)
	})
	return c, err
}

// StudyMakeup records a make-up. With Missed in the answer only the quiz was
// missed: the try is counted, and nothing else was done. draft is a file sent
// by direct message before, 0 = none.
func (s *Services) StudyMakeup(ctx context.Context, act Act, attendanceID, draft int64, in models.Handed) (out Answer, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := s.mine(tx, me, attendanceID)
		if err != nil {
			return err
		}
		if in, err = withDraft(tx, me, draft, in); err != nil {
			return err
		}
		passed, refusal := c.Attendance.MakeUp(c.Occurrence, c.Study, in, tx.Now)
		if refusal != nil {
			return refusal
		}
		action := "study_makeup"
		if !passed {
			action = "study_quiz_missed"
		}
		if err := tx.Save(me.By(action), &c.Attendance); err != nil {
			return err
		}
		if out.Missed = !passed; passed {
			err = s.madeUp(tx, c, draft)
		}
		if err != nil {
			return err
		}
		out.StudyCard, err = s.withYear(tx, c)
		return err
	})
	return out, err
}

// madeUp is what follows from a make-up: who reads it is told.
func (s *Services) madeUp(tx *store.Tx, c StudyCard, draft int64) error {
	if draft != 0 {
		if err := tx.DropDraft(draft); err != nil {
			return err
		}
	}
	if _, err := tx.Unplan(c.Tenant.ID, makeupCloseKey(c.Attendance.ID)); err != nil {
		return err
	}
	if err := s.afterAnswer(tx, c); err != nil {
		return err
	}
	return s.tellMakeup(tx, c)
}

// withDraft adds what was sent by direct message before.
func withDraft(tx *store.Tx, me Actor, draft int64, in models.Handed) (models.Handed, error) {
	if draft == 0 {
		return in, nil
	}
	d, err := tx.Draft(me.Tenant.ID, me.Person.ID, draft)
	if errors.Is(err, store.ErrNotFound) || err == nil && len(d.Proof) == 0 {
		return in, models.Refuse(models.CodeNotFound, "error.makeup_proof_gone")
	}
	if err != nil {
		return in, err
	}
	if len(in.Proof) == 0 {
		in.Proof = d.Proof
	}
	if in.Words == "" {
		in.Words = d.Text
	}
	return in, nil
}

// MakeupForm is what the form of a make-up shows, and what was sent for it
// before. It refuses what the form would only refuse after it was filled in.
func (s *Services) MakeupForm(ctx context.Context, act Act, attendanceID, draft int64) (c StudyCard, in models.Handed, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if c, err = s.mine(tx, me, attendanceID); err != nil {
			return err
		}
		if err := refused(c.Attendance.MayMakeUp(c.Occurrence, c.Study, tx.Now)); err != nil {
			return err
		}
		in, err = withDraft(tx, me, draft, in)
		return err
	})
	return c, in, err
}

// WaitingMakeups are the sessions that the actor missed and can make up now,
// the one that closes first in front.
func (s *Services) WaitingMakeups(ctx context.Context, act Act) (cards []StudyCard, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if me.Person.ID == 0 {
			return nil
		}
		cards, err = s.waitingMakeups(tx, me.Tenant, me.Person)
		return err
	})
	return cards, err
}

func (s *Services) waitingMakeups(tx *store.Tx, t models.Tenant, p models.Person) ([]StudyCard, error) {
	ahead, err := tx.AttendancesAhead(p.ID, tx.Now)
	if err != nil {
		return nil, err
	}
	var cards []StudyCard
	for _, a := range ahead {
		st, o, err := studyOf(tx, a)
		if err != nil {
			return nil, err
		}
		if a.MakeupWaits(o, st, tx.Now) {
			cards = append(cards, StudyCard{Tenant: t, Person: p, Study: st, Occurrence: o, Attendance: a, Now: tx.Now})
		}
	}
	slices.SortStableFunc(cards, func(x, y StudyCard) int {
		return int(x.Attendance.MakeupUntil(x.Occurrence, x.Study) - y.Attendance.MakeupUntil(y.Occurrence, y.Study))
	})
	return cards, nil
}

// KeepProof keeps files that somebody sent by direct message until they have
// said which make-up they are for; a day, like every draft.
func (s *Services) KeepProof(ctx context.Context, act Act, proof []models.Proof, words string) (d models.Draft, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		d = models.Draft{TenantID: me.Tenant.ID, PersonID: me.Person.ID, Text: words, Proof: proof, Channel: act.Channel, Direct: act.Direct, CreatedAt: tx.Now}
		return tx.SaveDraft(&d)
	})
	return d, err
}

// ReturnMakeup gives a make-up back with a reason: the leader, never one's own.
// The member is told by a new message, since they may think it done.
func (s *Services) ReturnMakeup(ctx context.Context, act Act, attendanceID int64, reason string) (StudyCard, error) {
	return s.leaderOn(ctx, act, attendanceID, "study_makeup_return", func(tx *store.Tx, me Actor, c *StudyCard) error {
		return refused(c.Attendance.Return(me.Person.ID, reason, tx.Now))
	}, func(tx *store.Tx, c StudyCard) error {
		if err := s.makeupFollows(tx, c); err != nil {
			return err
		}
		return s.sendUntil(tx, c, StudyArgs{}, c.Attendance.MakeupUntil(c.Occurrence, c.Study))
	})
}

// UnreturnMakeup takes a return back while the member has done nothing since.
func (s *Services) UnreturnMakeup(ctx context.Context, act Act, attendanceID int64) (StudyCard, error) {
	return s.leaderOn(ctx, act, attendanceID, "study_makeup_unreturn", func(tx *store.Tx, me Actor, c *StudyCard) error {
		return refused(c.Attendance.Unreturn(me.Person.ID, c.Study, tx.Now))
	}, s.makeupFollows)
}

// MakeupOf is one make-up as who may return it reads it.
func (s *Services) MakeupOf(ctx context.Context, act Act, attendanceID int64) (c StudyCard, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if c, err = s.leads(tx, me, attendanceID); err != nil {
			return err
		}
		if c.Attendance.State != models.AttendanceMadeUp {
			return models.Refuse(models.CodeConflict, "error.makeup_not_handed")
		}
		return nil
	})
	return c, err
}

// leads loads somebody's attendance for who leads that study.
func (s *Services) leads(tx *store.Tx, me Actor, attendanceID int64) (StudyCard, error) {
	c, err := s.loadStudy(tx, me.Tenant.ID, attendanceID)
	if errors.Is(err, store.ErrNotFound) {
		return c, models.Refuse(models.CodeNotFound, "error.study_gone")
	}
	if err != nil {
		return c, err
	}
	return c, s.mayLead(tx, me, c.Study)
}

// leaderOn runs one decision of a leader on a member's attendance.
func (s *Services) leaderOn(ctx context.Context, act Act, attendanceID int64, action string,
	change func(tx *store.Tx, me Actor, c *StudyCard) error, follow func(tx *store.Tx, c StudyCard) error) (out StudyCard, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := s.leads(tx, me, attendanceID)
		if err != nil {
			return err
		}
		if err := change(tx, me, &c); err != nil {
			return err
		}
		if err := tx.Save(me.By(action), &c.Attendance); err != nil {
			return err
		}
		out = c
		return follow(tx, c)
	})
	return out, err
}

// makeupFollows plans and edits what a leader's decision on a make-up changes.
func (s *Services) makeupFollows(tx *store.Tx, c StudyCard) error {
	a := c.Attendance
	if _, err := tx.Unplan(c.Tenant.ID, makeupCloseKey(a.ID)); err != nil {
		return err
	}
	if a.Returned() && a.OpenUntil > c.Occurrence.MakeupUntil(c.Study) { // it closes later than the others'
		err := tx.Plan(models.Due{TenantID: c.Tenant.ID, Key: makeupCloseKey(a.ID), Kind: models.DueMakeupClose, RefID: a.ID, DueAt: a.OpenUntil})
		if err != nil {
			return err
		}
	}
	if err := s.afterAnswer(tx, c); err != nil {
		return err
	}
	return touchMakeups(tx, c.Tenant.ID, c.Occurrence.ID)
}

func makeupCloseKey(attendanceID int64) string { return "study:makeup_close:" + id(attendanceID) + ":" }

// dueMakeupClose settles who did not do again what was given back.
func (s *Services) dueMakeupClose(tx *store.Tx, d models.Due) error {
	c, err := s.loadStudy(tx, d.TenantID, d.RefID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	a := c.Attendance
	if err != nil || a.State != models.AttendanceDue || a.Intent == models.IntentExcuse || tx.Now < a.MakeupUntil(c.Occurrence, c.Study) {
		return err
	}
	if a.MarkAbsent(c.Occurrence) {
		if err := tx.Save(models.By{TenantID: d.TenantID, Action: "attendance_absent"}, &a); err != nil {
			return err
		}
	}
	if err := touchMakeups(tx, d.TenantID, c.Occurrence.ID); err != nil {
		return err
	}
	if err := tx.TouchStudy(d.TenantID, c.Occurrence.ID, c.Person.ID); err != nil {
		return err
	}
	return tx.Touch(d.TenantID, followKey(c.Occurrence.ID, c.Person.ID))
}

// sendUntil gives a member a new message with sound about something they can
// act on until then; like sendStudy, for after the session.
func (s *Services) sendUntil(tx *store.Tx, c StudyCard, args StudyArgs, until models.Instant) error {
	if err := s.retire(tx, c); err != nil {
		return err
	}
	m := models.Message{TenantID: c.Tenant.ID, Key: models.StudyKey(c.Occurrence.ID, c.Person.ID), Kind: models.MessageStudy,
		SubjectID: c.Attendance.ID, PersonID: c.Person.ID, Priority: models.PriorityReminder, EditClass: models.EditRest,
		Quiet: models.QuietWait, ExpiresAt: until}
	_, err := tx.Enqueue(m.WithArgs(args))
	return err
}
