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
	Places int  // for a capacity: places left after this
	Missed bool // a make-up was not taken: the quiz was missed
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
		before, err := s.fullTimes(tx, c)
		if err != nil {
			return err
		}
		if err := change(tx, &c); err != nil {
			return err
		}
		if err := tx.Save(me.By(action), &c.Attendance); err != nil {
			return err
		}
		if err := s.tellFull(tx, c, before); err != nil {
			return err
		}
		if err := s.afterAnswer(tx, c); err != nil {
			return err
		}
		if c, err = s.withRoll(tx, c); err != nil {
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
	if err := touchReceipts(tx, c.Study, c.Occurrence.ID); err != nil {
		return err
	}
	return tx.TouchStudy(c.Tenant.ID, c.Occurrence.ID, c.Person.ID)
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
		out, refusal := c.Attendance.CheckIn(c.Occurrence, c.Study, models.HowSelf, tx.Now)
		if refusal == nil && out == models.CheckedInBefore {
			refusal = models.Refuse(models.CodeConflict, "error.study_checked_in")
		}
		return refused(refusal)
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

// UndoStudy takes back the member's last act on an attendance.
func (s *Services) UndoStudy(ctx context.Context, act Act, attendanceID int64) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_undo", func(tx *store.Tx, c *StudyCard) error {
		if c.Attendance.SnoozedTo > tx.Now { // the latest act, whatever else can be undone
			c.Attendance.SnoozedTo = 0
			return nil
		}
		asked, made := c.Attendance.Intent == models.IntentExcuse, c.Attendance.State == models.AttendanceMadeUp
		if c.Attendance.Settled() && tx.Now >= c.Attendance.Closes(c.Occurrence, c.Study) { // it could not be done again
			return models.Refuse(models.CodeConflict, "error.study_undo_late")
		}
		was := *c
		if err := refused(c.Attendance.Undo()); err != nil {
			return err
		}
		if c.Attendance.Intent == models.IntentAttend && c.Attendance.State == models.AttendanceDue { // the place may be another's by now
			if err := s.placeFree(tx, was, c.Attendance.Slot); err != nil {
				return err
			}
		}
		if asked {
			return s.unasked(tx, c)
		}
		if made {
			return s.makeupFollows(tx, *c)
		}
		return nil
	})
}

// SnoozeChoices are the times to which a member may put off a reminder.
func (s *Services) SnoozeChoices(ctx context.Context, act Act, attendanceID int64) (c StudyCard, times []models.Snooze, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if c, err = s.mine(tx, me, attendanceID); err != nil {
			return err
		}
		times, err = s.snoozeTimes(tx, c)
		return err
	})
	return c, times, err
}

func (s *Services) snoozeTimes(tx *store.Tx, c StudyCard) ([]models.Snooze, error) {
	times, err := s.timesOf(tx, c.Tenant, c.Person)
	if err != nil {
		return nil, err
	}
	start, _ := c.Occurrence.Times(c.Study, c.Attendance.Slot)
	return models.SnoozeTimes(tx.Now, start, times), nil
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
		case c.Occurrence.Off():
			return models.Refuse(models.CodeConflict, "error.study_skipped")
		case !models.MaySnooze(to, tx.Now, start, times):
			return models.Refuse(models.CodeConflict, "error.study_snooze")
		}
		c.Attendance.SnoozedTo = to
		return nil
	})
}
