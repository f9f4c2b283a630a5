package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// SendCalendar hands one of the actor's shifts to them as a calendar file.
func (s *Services) SendCalendar(ctx context.Context, act Act, signupID int64) (models.Sheet, error) {
	var out models.Sheet
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		callID, err := ofSignup(signupID)(tx, me)
		if err != nil {
			return err
		}
		c, err := tx.Call(me.Tenant.ID, callID)
		if err != nil {
			return fmt.Errorf("call of the place: %w", err)
		}
		if out, err = s.sheet(tx, me, c, false); err != nil {
			return err
		}
		if su := out.Signup(signupID); su.Waits() {
			return models.Refuse(models.CodeConflict, "error.calendar_waits", "Number", c.Ref(), "Title", c.Title)
		}
		_, err = tx.Enqueue(models.Message{TenantID: me.Tenant.ID, Key: fmt.Sprintf("ics:%d:%s", signupID, onceOf(act, tx.Now)),
			Kind: models.MessageCalendar, Op: models.OpFile, SubjectID: signupID, PersonID: me.Person.ID, Priority: models.PriorityAnswer, Quiet: models.QuietPass})
		return err
	})
	return out, err
}

// CalendarOf is a place for writing its calendar file, and how often it and
// its call have changed: a calendar takes a file for newer by that number.
func (s *Services) CalendarOf(ctx context.Context, m models.Message) (sheet models.Sheet, su models.Signup, changes int, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if su, err = tx.Signup(m.TenantID, m.SubjectID); err != nil {
			return fmt.Errorf("place of the calendar file: %w", err)
		}
		own, err := tx.Entries(m.TenantID, "signup", su.ID)
		if err != nil {
			return err
		}
		calls, err := tx.Entries(m.TenantID, "call", su.CallID, "call_edit", "call_cancel", "call_reopen")
		changes = own + calls - 1
		return err
	})
	if err != nil {
		return sheet, su, 0, err
	}
	if su.PersonID != m.PersonID {
		return sheet, su, 0, errors.New("a calendar file goes to whose place it is")
	}
	sheet, err = s.CallSheet(ctx, m.TenantID, su.CallID, m.PersonID)
	return sheet, su, changes, err
}
