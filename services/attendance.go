package services

import (
	"context"
	"errors"

	"muster/models"
	"muster/store"
)

// Answer is what became of a member's press: the card as it now stands.
type Answer struct {
	StudyCard
	Places int // for a capacity: places left after this
}

// answer runs one act of a member on their own attendance: rights, rule, save
// with its entry, reminders that follow from it, and the message edited.
func (s *Services) answer(ctx context.Context, act Act, attendanceID int64, action string,
	change func(tx *store.Tx, c *StudyCard) error) (out Answer, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := s.mine(tx, me, attendanceID)
		if err != nil {
			return err
		}
		if err := change(tx, &c); err != nil {
			return err
		}
		if err := tx.Save(me.By(action), &c.Attendance); err != nil {
			return err
		}
		if err := s.afterAnswer(tx, c); err != nil {
			return err
		}
		out.StudyCard, err = s.withYear(tx, c)
		return err
	})
	return out, err
}

// mine loads an attendance for the one it belongs to and nobody else.
func (s *Services) mine(tx *store.Tx, me Actor, attendanceID int64) (StudyCard, error) {
	c, err := s.loadStudy(tx, me.Tenant.ID, attendanceID)
	if errors.Is(err, store.ErrNotFound) {
		return c, models.Refuse(models.CodeNotFound, "error.study_gone")
	}
	if err != nil {
		return c, err
	}
	if c.Attendance.PersonID != me.Person.ID {
		return c, models.Refuse(models.CodeForbidden, "error.not_yours")
	}
	if c.Study.State == models.StudyCancelled {
		return c, models.Refuse(models.CodeConflict, "error.study_skipped")
	}
	return c, nil
}

// afterAnswer plans what follows from an answer and edits what shows it.
func (s *Services) afterAnswer(tx *store.Tx, c StudyCard) error {
	if err := s.planReminders(tx, c.Study, c.Occurrence, c.Attendance, c.Tenant, c.Person); err != nil {
		return err
	}
	if _, end := c.Occurrence.Times(c.Study, c.Attendance.Slot); tx.Now >= end {
		if err := s.planFollow(tx, c.Study, c.Occurrence, c.Attendance, c.Tenant, c.Person); err != nil {
			return err
		}
	}
	if err := tx.Touch(c.Tenant.ID, followKey(c.Occurrence.ID, c.Person.ID)); err != nil {
		return err
	}
	return tx.Touch(c.Tenant.ID, models.StudyKey(c.Occurrence.ID, c.Person.ID))
}

// Attend records that the member means to come; it credits nothing.
func (s *Services) Attend(ctx context.Context, act Act, attendanceID int64) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_attend", func(tx *store.Tx, c *StudyCard) error {
		if err := s.placeFree(tx, *c, c.Attendance.Slot); err != nil {
			return err
		}
		return refused(c.Attendance.Intend(c.Occurrence, c.Study, models.IntentAttend, tx.Now))
	})
}

// ChooseSlot picks one of the alternative times; 0 is the main one.
func (s *Services) ChooseSlot(ctx context.Context, act Act, attendanceID int64, slot int) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_slot", func(tx *store.Tx, c *StudyCard) error {
		if err := s.placeFree(tx, *c, slot); err != nil {
			return err
		}
		if err := refused(c.Attendance.Choose(c.Occurrence, c.Study, slot, tx.Now)); err != nil {
			return err
		}
		c.Attendance.Reminded, c.Attendance.SnoozedTo = nil, 0 // another time has its own reminders
		return nil
	})
}

// placeFree refuses when all places of a time are taken by others.
func (s *Services) placeFree(tx *store.Tx, c StudyCard, slot int) error {
	a := c.Attendance
	if c.Study.Capacity == 0 || a.Slot == slot && a.Intent == models.IntentAttend {
		return nil
	}
	taken, err := tx.CountSlot(c.Occurrence.ID, slot)
	if err != nil {
		return err
	}
	if taken >= c.Study.Capacity {
		return models.Refuse(models.CodeConflict, "error.study_full", "N", c.Study.Capacity)
	}
	return nil
}

// refused keeps a nil *models.Error from becoming an error that is not nil.
func refused(e *models.Error) error {
	if e == nil {
		return nil
	}
	return e
}

// CheckIn marks the member as there, by button and so self-reported.
func (s *Services) CheckIn(ctx context.Context, act Act, attendanceID int64) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_checkin", func(tx *store.Tx, c *StudyCard) error {
		return refused(c.Attendance.CheckIn(c.Occurrence, c.Study, models.HowSelf, tx.Now))
	})
}

// StudyDone marks material, or a study without a meeting, as done.
func (s *Services) StudyDone(ctx context.Context, act Act, attendanceID int64) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_done", func(tx *store.Tx, c *StudyCard) error {
		return refused(c.Attendance.Done(c.Occurrence, c.Study, tx.Now))
	})
}

// StudyMakeupLater records that the member cannot come and will make it up.
func (s *Services) StudyMakeupLater(ctx context.Context, act Act, attendanceID int64) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_makeup_later", func(tx *store.Tx, c *StudyCard) error {
		return refused(c.Attendance.Intend(c.Occurrence, c.Study, models.IntentMakeup, tx.Now))
	})
}

// StudyMakeup records a make-up with its reflection.
func (s *Services) StudyMakeup(ctx context.Context, act Act, attendanceID int64, reflection string) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_makeup", func(tx *store.Tx, c *StudyCard) error {
		return refused(c.Attendance.MakeUp(c.Occurrence, c.Study, reflection, tx.Now))
	})
}

// AskExcuse asks the leader to excuse the member; the leader decides.
func (s *Services) AskExcuse(ctx context.Context, act Act, attendanceID int64, reason string) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_excuse_ask", func(tx *store.Tx, c *StudyCard) error {
		if err := refused(c.Attendance.Intend(c.Occurrence, c.Study, models.IntentExcuse, tx.Now)); err != nil {
			return err
		}
		c.Attendance.Reason = reason
		leader, err := s.leaderOf(tx, c.Study)
		if err != nil {
			return err
		}
		if leader == c.Person.ID { // nobody excuses themselves
			if leader, err = s.otherLeader(tx, *c); err != nil {
				return err
			}
		}
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

// otherLeader is who decides when the leader asks for themselves: who opened
// the study, else an admin.
func (s *Services) otherLeader(tx *store.Tx, c StudyCard) (int64, error) {
	if c.Study.CreatedBy != c.Person.ID {
		return c.Study.CreatedBy, nil
	}
	admins, err := s.holders(tx, c.Tenant, models.RoleAdmin)
	if err != nil {
		return 0, err
	}
	for _, p := range admins {
		if p.ID != c.Person.ID {
			return p.ID, nil
		}
	}
	return 0, nil
}

// DecideExcuse is the leader's answer to a request to be excused.
func (s *Services) DecideExcuse(ctx context.Context, act Act, attendanceID int64, yes bool) (out StudyCard, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := s.loadStudy(tx, me.Tenant.ID, attendanceID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.study_gone")
		}
		if err != nil {
			return err
		}
		if err := s.mayLead(tx, me, c.Study); err != nil {
			return err
		}
		if c.Attendance.Intent != models.IntentExcuse || c.Attendance.Settled() && c.Attendance.State != models.AttendanceAbsent {
			return models.Refuse(models.CodeConflict, "error.study_excuse_settled")
		}
		action := "study_excuse_refuse"
		if yes {
			action = "study_excuse"
			if err := refused(c.Attendance.Excuse(me.Person.ID)); err != nil {
				return err
			}
		} else {
			c.Attendance.Intent = models.IntentNone
		}
		c.Attendance.Before = nil // the member's Undo does not take back the leader's word
		if err := tx.Save(me.By(action), &c.Attendance); err != nil {
			return err
		}
		if err := tx.Touch(me.Tenant.ID, excuseKey(attendanceID)); err != nil {
			return err
		}
		out = c
		if err := s.afterAnswer(tx, c); err != nil {
			return err
		}
		if _, end := c.Occurrence.Times(c.Study, c.Attendance.Slot); !yes && tx.Now < end {
			return s.sendStudy(tx, c, StudyArgs{Refused: true}) // with sound: who asked may count on a yes
		}
		return nil
	})
	return out, err
}

// UndoStudy takes back the member's last act on an attendance.
func (s *Services) UndoStudy(ctx context.Context, act Act, attendanceID int64) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_undo", func(tx *store.Tx, c *StudyCard) error {
		if c.Attendance.SnoozedTo > tx.Now { // the latest act, whatever else can be undone
			c.Attendance.SnoozedTo = 0
			return nil
		}
		asked := c.Attendance.Intent == models.IntentExcuse
		if err := refused(c.Attendance.Undo()); err != nil {
			return err
		}
		if asked {
			return tx.Touch(c.Tenant.ID, excuseKey(attendanceID))
		}
		return nil
	})
}

// SnoozeChoices are the times to which a member may put off a reminder.
func (s *Services) SnoozeChoices(ctx context.Context, act Act, attendanceID int64) (c StudyCard, times []models.Instant, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if c, err = s.mine(tx, me, attendanceID); err != nil {
			return err
		}
		times, err = s.snoozeTimes(tx, c)
		return err
	})
	return c, times, err
}

func (s *Services) snoozeTimes(tx *store.Tx, c StudyCard) ([]models.Instant, error) {
	times, err := s.timesOf(tx, c.Tenant, c.Person)
	if err != nil {
		return nil, err
	}
	start, _ := c.Occurrence.Times(c.Study, c.Attendance.Slot)
	return models.SnoozeTimes(tx.Now, start, times), nil
}

// validSnooze asks again at the press what the list of choices had asked.
func validSnooze(at, now, start models.Instant, times models.Times) bool {
	return at > now && at < start && times.Suit(at)
}

// Snooze puts the reminder of this one occurrence off; the series stays. Only
// to a time that suits the member and lies before the start.
func (s *Services) Snooze(ctx context.Context, act Act, attendanceID int64, to models.Instant) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_snooze", func(tx *store.Tx, c *StudyCard) error {
		times, err := s.timesOf(tx, c.Tenant, c.Person)
		if err != nil {
			return err
		}
		start, _ := c.Occurrence.Times(c.Study, c.Attendance.Slot)
		switch {
		case c.Attendance.Settled():
			return models.Refuse(models.CodeConflict, "error.study_settled")
		case !c.Occurrence.Ahead():
			return models.Refuse(models.CodeConflict, "error.study_skipped")
		case !validSnooze(to, tx.Now, start, times):
			return models.Refuse(models.CodeConflict, "error.study_snooze")
		}
		c.Attendance.SnoozedTo = to
		return nil
	})
}
