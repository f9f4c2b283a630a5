package services

import (
	"context"
	"errors"
	"strconv"
	"time"

	"muster/models"
	"muster/store"
)

// changeReminder runs one act on a reminder.
func (s *Services) changeReminder(ctx context.Context, act Act, find func(tx *store.Tx, me Actor) (models.Reminder, error), action string,
	apply func(tx *store.Tx, me Actor, r *models.Reminder) error) (out RemindPlan, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		r, err := find(tx, me)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.remind_gone") // a button's: it has no number to name
		}
		if err != nil {
			return err
		}
		if err := apply(tx, me, &r); err != nil {
			return err
		}
		if err := tx.Save(me.By(action), &r); err != nil {
			return err
		}
		if err := planRemind(tx, r); err != nil {
			return err
		}
		if r.FiredAt != 0 {
			if err := tx.Touch(r.TenantID, models.RemindKey(r.ID, r.FiredAt)); err != nil {
				return err
			}
		}
		out, err = s.remindPlan(tx, r)
		return err
	})
	return out, err
}

func reminderByID(reminderID int64) func(tx *store.Tx, me Actor) (models.Reminder, error) {
	return func(tx *store.Tx, me Actor) (models.Reminder, error) { return tx.Reminder(me.Tenant.ID, reminderID) }
}

// own lets only the one who is reminded act on a firing.
func own(me Actor, r *models.Reminder) error {
	if r.PersonID != me.Person.ID {
		return models.Refuse(models.CodeForbidden, "error.not_yours")
	}
	if r.State == models.ReminderDeleted || r.State == models.ReminderRefused {
		return models.Refuse(models.CodeConflict, "error.remind_gone")
	}
	return nil
}

// DeleteReminder ends m9: by who set it, or by whom it reminds.
func (s *Services) DeleteReminder(ctx context.Context, act Act, number int) (RemindPlan, error) {
	return s.changeReminder(ctx, act, func(tx *store.Tx, me Actor) (models.Reminder, error) {
		r, err := tx.ReminderByNumber(me.Tenant.ID, number)
		if errors.Is(err, store.ErrNotFound) {
			err = models.Refuse(models.CodeNotFound, "error.remind_not_found", "What", models.NumberReminder+strconv.Itoa(number))
		}
		return r, err
	}, "remind_delete", func(tx *store.Tx, me Actor, r *models.Reminder) error {
		if !mayEnd(me, *r) {
			return refuseReminder(tx, *r)
		}
		if r.State == models.ReminderDeleted {
			return models.Refuse(models.CodeConflict, "error.remind_gone")
		}
		r.State, r.SnoozedTo = models.ReminderDeleted, 0
		if _, err := tx.CancelMessages(r.TenantID, models.RemindKeys(r.ID)); err != nil {
			return err
		}
		return tx.Touch(r.TenantID, "remind_ask:"+id(r.ID))
	})
}

// mayEnd says whether somebody may end a reminder, and take that back: who set
// it, whom it reminds, and an organizer one of a channel.
func mayEnd(me Actor, r models.Reminder) bool {
	return r.Concerns(me.Person.ID) || r.Channel != "" && me.Rights.Organizer(0)
}

// refuseReminder says who may end a reminder.
func refuseReminder(tx *store.Tx, r models.Reminder) error {
	by, err := tx.Person(r.ByID)
	if err != nil {
		return err
	}
	return models.Refuse(models.CodeForbidden, "error.remind_whose", "What", models.NumberReminder+strconv.Itoa(r.Number), "Who", personTag(by))
}

// UndeleteReminder takes a deletion back, as Undo.
func (s *Services) UndeleteReminder(ctx context.Context, act Act, reminderID int64) (RemindPlan, error) {
	return s.changeReminder(ctx, act, reminderByID(reminderID), "remind_undelete", func(tx *store.Tx, me Actor, r *models.Reminder) error {
		if !mayEnd(me, *r) {
			return models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		if r.State != models.ReminderDeleted {
			return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
		}
		r.State = models.ReminderActive
		if r.PersonID != 0 && !r.Own() && r.AgreedAt == 0 {
			r.State = models.ReminderAsked
		}
		if r.NextAt != 0 && r.NextAt <= tx.Now { // its time went by while it was deleted
			f, err := r.Fire(tx.Now)
			if err != nil {
				return err
			}
			if r.NextAt = f.Next; r.NextAt == 0 {
				return models.Refuse(models.CodeConflict, "error.remind_past")
			}
		}
		return tx.Touch(r.TenantID, "remind_ask:"+id(r.ID))
	})
}

// AnswerRemind is the answer of somebody who was asked whether another may
// remind them.
func (s *Services) AnswerRemind(ctx context.Context, act Act, reminderID int64, yes bool) (RemindPlan, error) {
	action := "remind_refuse"
	if yes {
		action = "remind_agree"
	}
	return s.changeReminder(ctx, act, reminderByID(reminderID), action, func(tx *store.Tx, me Actor, r *models.Reminder) error {
		if r.PersonID != me.Person.ID {
			return models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		if r.State != models.ReminderAsked && r.State != models.ReminderActive {
			return models.Refuse(models.CodeConflict, "error.remind_gone")
		}
		r.State = models.ReminderRefused
		if yes {
			r.State, r.AgreedAt = models.ReminderActive, tx.Now
			if r.NextAt <= tx.Now { // agreed too late for the first time
				f, err := r.Fire(tx.Now)
				if err != nil {
					return err
				}
				if r.NextAt = f.Next; r.NextAt == 0 {
					return models.Refuse(models.CodeConflict, "error.remind_past")
				}
			}
		}
		if err := tx.Touch(r.TenantID, "remind_ask:"+id(r.ID)); err != nil {
			return err
		}
		_, err := tx.Enqueue(models.Message{TenantID: r.TenantID, Key: "remind_answer:" + id(r.ID), Kind: models.MessageRemindTaken,
			SubjectID: r.ID, PersonID: r.ByID, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait})
		return err
	})
}

// RemindDone marks the last firing as done; a series goes on.
func (s *Services) RemindDone(ctx context.Context, act Act, reminderID int64) (RemindPlan, error) {
	return s.changeReminder(ctx, act, reminderByID(reminderID), "remind_done", func(tx *store.Tx, me Actor, r *models.Reminder) error {
		if err := own(me, r); err != nil {
			return err
		}
		if r.DoneAt != 0 || r.FiredAt == 0 {
			return models.Refuse(models.CodeConflict, "error.remind_done")
		}
		r.DoneAt, r.SnoozedTo = tx.Now, 0
		if r.NextAt == 0 {
			r.State = models.ReminderDone
		}
		return nil
	})
}

// RemindSnoozeChoices are the times to which the last firing may be put off.
func (s *Services) RemindSnoozeChoices(ctx context.Context, act Act, reminderID int64) (out RemindPlan, times []models.Snooze, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		r, err := tx.Reminder(me.Tenant.ID, reminderID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.remind_gone")
		}
		if err != nil {
			return err
		}
		if err := own(me, &r); err != nil {
			return err
		}
		if out, err = s.remindPlan(tx, r); err != nil {
			return err
		}
		times = models.SnoozeTimes(tx.Now, r.NextAt, out.Times)
		return nil
	})
	return out, times, err
}

// RemindSnooze puts the last firing off; the series' next time stays.
func (s *Services) RemindSnooze(ctx context.Context, act Act, reminderID int64, to models.Instant) (RemindPlan, error) {
	return s.changeReminder(ctx, act, reminderByID(reminderID), "remind_snooze", func(tx *store.Tx, me Actor, r *models.Reminder) error {
		if err := own(me, r); err != nil {
			return err
		}
		times, err := s.timesOf(tx, me.Tenant, me.Person)
		if err != nil {
			return err
		}
		last := tx.Now.Add(8 * 24 * time.Hour)
		if r.NextAt != 0 {
			last = r.NextAt
		}
		switch {
		case r.DoneAt != 0 || r.FiredAt == 0:
			return models.Refuse(models.CodeConflict, "error.remind_done")
		case !models.MaySnooze(to, tx.Now, last, times):
			return models.Refuse(models.CodeConflict, "error.study_snooze")
		}
		r.SnoozedTo = to
		return nil
	})
}

// UndoRemind takes back the last act on a firing: done, or put off.
func (s *Services) UndoRemind(ctx context.Context, act Act, reminderID int64) (RemindPlan, error) {
	return s.changeReminder(ctx, act, reminderByID(reminderID), "remind_undo", func(tx *store.Tx, me Actor, r *models.Reminder) error {
		if err := own(me, r); err != nil {
			return err
		}
		if r.DoneAt == 0 && r.SnoozedTo == 0 {
			return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
		}
		r.DoneAt, r.SnoozedTo = 0, 0
		if r.State == models.ReminderDone {
			r.State = models.ReminderActive
		}
		return nil
	})
}
