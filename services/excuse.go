package services

import (
	"context"
	"errors"
	"time"

	"muster/models"
	"muster/store"
)

// AskExcuse asks the leader to excuse the member; the leader decides. until is
// the last day of a request for all that the unit does until then; zero = only
// this session.
func (s *Services) AskExcuse(ctx context.Context, act Act, attendanceID int64, reason string, until time.Time) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_excuse_ask", func(tx *store.Tx, c *StudyCard) error {
		if err := refused(c.Attendance.Intend(c.Occurrence, c.Study, models.IntentExcuse, tx.Now)); err != nil {
			return err
		}
		c.Attendance.Reason, c.Attendance.Answer = reason, ""
		if err := s.askLeave(tx, c, until); err != nil {
			return err
		}
		p, err := s.answersFor(tx, c.Study, c.Person.ID) // nobody excuses themselves
		if err != nil {
			return err
		}
		leader := p.ID
		if leader == 0 {
			return nil // stands in the list of the study until there is one
		}
		key := excuseKey(c.Attendance.ID)
		if err := tx.Rekey(c.Tenant.ID, key, "was:"+key+":"+id(int64(tx.Now))); err != nil {
			return err
		}
		_, err = tx.Enqueue(models.Message{TenantID: c.Tenant.ID, Key: key, Kind: models.MessageStudyExcuse, SubjectID: c.Attendance.ID,
			PersonID: leader, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait})
		return err
	})
}

func excuseKey(attendanceID int64) string { return "study_excuse:" + id(attendanceID) }

// askLeave keeps the request for the days after the session, in place of an
// earlier one from the same session.
func (s *Services) askLeave(tx *store.Tx, c *StudyCard, until time.Time) error {
	by := models.By{TenantID: c.Tenant.ID, ActorID: c.Person.ID, Action: "study_leave_ask"}
	if err := s.dropLeave(tx, by, c); err != nil || until.IsZero() {
		return err
	}
	l, refusal := models.NewLeave(c.Attendance, c.Occurrence, c.Study, until, c.Person.Location(c.Tenant), tx.Now)
	if refusal != nil {
		return refusal
	}
	c.Leave = l
	return tx.Save(by, &c.Leave)
}

// dropLeave ends what was asked for and not answered.
func (s *Services) dropLeave(tx *store.Tx, by models.By, c *StudyCard) error {
	l, err := tx.LeaveFrom(c.Attendance.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && l.State != models.LeaveAsked {
		return nil
	}
	if err != nil {
		return err
	}
	c.Leave = models.Leave{}
	l.State, l.EndedAt = models.LeaveEnded, tx.Now
	return tx.Save(by, &l)
}

// unasked follows a request that the member took back.
func (s *Services) unasked(tx *store.Tx, c *StudyCard) error {
	if err := s.dropLeave(tx, models.By{TenantID: c.Tenant.ID, ActorID: c.Person.ID, Action: "study_leave_end"}, c); err != nil {
		return err
	}
	return tx.Touch(c.Tenant.ID, excuseKey(c.Attendance.ID))
}

// ExcuseAsked is a request to be excused for who decides about it.
func (s *Services) ExcuseAsked(ctx context.Context, act Act, attendanceID int64) (c StudyCard, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if c, err = s.leads(tx, me, attendanceID); err != nil {
			return err
		}
		return refused(mayDecide(me, c.Attendance))
	})
	return c, err
}

// mayDecide refuses to decide about one's own request, and twice.
func mayDecide(me Actor, a models.Attendance) *models.Error {
	switch {
	case a.PersonID == me.Person.ID:
		return models.Refuse(models.CodeForbidden, "error.study_own_excuse")
	case a.Intent != models.IntentExcuse || a.Settled() && a.State != models.AttendanceAbsent:
		return models.Refuse(models.CodeConflict, "error.study_excuse_settled")
	}
	return nil
}

// DecideExcuse is the leader's answer to a request to be excused, with the
// reason if there is one; where it was for some days, the answer is for all of
// them. A no is told by a new message while something can still be done: who
// asked may count on a yes.
func (s *Services) DecideExcuse(ctx context.Context, act Act, attendanceID int64, yes bool, why string) (StudyCard, error) {
	action := "study_excuse_refuse"
	if yes {
		action = "study_excuse"
	}
	return s.leaderOn(ctx, act, attendanceID, action, func(tx *store.Tx, me Actor, c *StudyCard) error {
		if err := refused(mayDecide(me, c.Attendance)); err != nil {
			return err
		}
		if yes {
			if err := refused(c.Attendance.Excuse(me.Person.ID)); err != nil {
				return err
			}
		} else {
			c.Attendance.Intent = models.IntentNone
		}
		c.Attendance.Answer, c.Attendance.Before = why, nil // the member's Undo does not take back the leader's word
		return s.decideLeave(tx, me, c, yes)
	}, func(tx *store.Tx, c StudyCard) error {
		if err := tx.Touch(c.Tenant.ID, excuseKey(attendanceID)); err != nil {
			return err
		}
		if err := s.afterAnswer(tx, c); err != nil {
			return err
		}
		if closes := c.Attendance.Closes(c.Occurrence, c.Study); !yes && tx.Now < closes {
			return s.sendUntil(tx, c, StudyArgs{Refused: true}, closes)
		}
		return nil
	})
}

// decideLeave answers for the days after the session too, and excuses from
// what is planned in them.
func (s *Services) decideLeave(tx *store.Tx, me Actor, c *StudyCard, yes bool) error {
	if c.Leave.ID == 0 {
		return nil
	}
	if err := refused(c.Leave.Decide(me.Person.ID, yes, tx.Now)); err != nil {
		return err
	}
	if err := tx.Save(me.By("study_leave_decide"), &c.Leave); err != nil || !yes {
		return err
	}
	c.Attendance.LeaveID = c.Leave.ID
	return s.eachInLeave(tx, me, c.Leave, "study_excuse", func(a *models.Attendance, _ models.Occurrence, _ models.Study) bool {
		return a.ID != c.Attendance.ID && a.GoOnLeave(c.Leave)
	})
}

// EndLeave is a member who is back earlier: what lies ahead is theirs again.
func (s *Services) EndLeave(ctx context.Context, act Act, attendanceID int64) (out Answer, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := s.mine(tx, me, attendanceID)
		if err != nil {
			return err
		}
		if err := refused(c.Leave.End(tx.Now)); err != nil {
			return err
		}
		if err := tx.Save(me.By("study_leave_end"), &c.Leave); err != nil {
			return err
		}
		err = s.eachInLeave(tx, me, c.Leave, "study_leave_end", func(a *models.Attendance, o models.Occurrence, st models.Study) bool {
			return a.LeaveID == c.Leave.ID && a.BackFromLeave(o, st, tx.Now)
		})
		if err != nil {
			return err
		}
		if c, err = s.loadStudy(tx, me.Tenant.ID, attendanceID); err != nil {
			return err
		}
		if err := tx.TouchStudy(c.Tenant.ID, c.Occurrence.ID, c.Person.ID); err != nil {
			return err
		}
		out.StudyCard, err = s.withYear(tx, c)
		return err
	})
	return out, err
}

// eachInLeave changes a member's attendances of what a leave covers, with all
// that follows for each that changed.
func (s *Services) eachInLeave(tx *store.Tx, me Actor, l models.Leave, action string, change func(a *models.Attendance, o models.Occurrence, st models.Study) bool) error {
	rows, err := tx.AttendancesIn(l)
	if err != nil {
		return err
	}
	for _, a := range rows {
		c, err := s.loadStudy(tx, l.TenantID, a.ID)
		if err != nil {
			return err
		}
		if !change(&c.Attendance, c.Occurrence, c.Study) {
			continue
		}
		if err := tx.Save(me.By(action), &c.Attendance); err != nil {
			return err
		}
		if err := s.afterAnswer(tx, c); err != nil {
			return err
		}
	}
	return nil
}

// withLeave adds the leave that an attendance is asked or excused under.
func (s *Services) withLeave(tx *store.Tx, c *StudyCard) (err error) {
	switch a := c.Attendance; {
	case a.LeaveID != 0:
		c.Leave, err = tx.Leave(a.TenantID, a.LeaveID)
	case a.Intent == models.IntentExcuse:
		if c.Leave, err = tx.LeaveFrom(a.ID); err == nil && c.Leave.State != models.LeaveAsked {
			c.Leave = models.Leave{}
		}
	}
	return ignoreMissing(err)
}
