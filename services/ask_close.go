package services

import (
	"errors"
	"fmt"

	"muster/models"
)

// How questions end: filled means that what is not sent is not sent, what is
// open is closed in place, and who might set out on a condition is told anew.

// closeMoot closes every question that has no use any more.
func (a *asking) closeMoot() error {
	for _, q := range a.asks {
		if !q.Waiting() || !a.Closes(q) {
			continue
		}
		if q.State == models.AskLater && a.Call.Taking() && a.waitsFor(q) {
			continue // the organizer still has their condition to file
		}
		if err := a.close(q); err != nil {
			return err
		}
	}
	return nil
}

// waitsFor says whether somebody's condition still counts.
func (a *asking) waitsFor(q *models.Ask) bool {
	for _, x := range a.answers {
		if x.PersonID == q.PersonID && x.Kind == models.AnswerConditional {
			return true
		}
	}
	return false
}

func (a *asking) close(q *models.Ask) error {
	shown, err := a.tx.Withdraw(a.tenant.ID, questionKey(q.CallID, q.PersonID))
	if err != nil {
		return err
	}
	q.Close(shown, a.Now)
	return a.saveAsk("ask_"+string(q.State), q)
}

// standby puts who had said yes later, or on a condition, on the line of a role
// that is full, and tells them anew that they must not set out.
func (d *desk) standby(by models.By) error {
	if !d.Call.Taking() {
		return nil
	}
	said, err := d.tx.Conditions(d.Call.ID)
	if err != nil || len(said) == 0 {
		return err
	}
	for _, x := range said {
		role, err := d.meant(x)
		if err != nil {
			return err
		}
		if role == nil || d.Taken(role.ID) < role.Most || d.Shift(role.ShiftID).EndAt <= d.Now {
			continue
		}
		if err := d.standBy(x, role); err != nil {
			return err
		}
	}
	return nil
}

// meant is the role somebody's condition is about: the one they were asked
// for, else the only one there is.
func (d *desk) meant(x *models.Answer) (*models.Role, error) {
	role, err := d.askedRole(x.PersonID)
	if err != nil || role != nil {
		return role, err
	}
	if len(d.Roles) == 1 {
		return d.Roles[0], nil
	}
	return nil, nil
}

func (d *desk) standBy(x *models.Answer, role *models.Role) error {
	p := d.person(x.PersonID)
	if mine := d.Of(p.ID, role.ShiftID); mine != nil && mine.Active() {
		return nil
	}
	before := len(d.Changed())
	su, _, err := d.join(p, models.Wish{RoleID: role.ID, Guests: x.Guests, How: models.ByStandby})
	if code := models.CodeOf(err); code == models.CodeConflict || code == models.CodeInvalid {
		return nil // busy by now, or a party nobody can seat: the organizer has their words
	}
	if err != nil {
		return err
	}
	if len(d.Changed()) == before {
		return nil
	}
	if err := d.tx.Save(models.By{TenantID: d.tenant.ID, Action: "signup_standby"}, su); err != nil {
		return fmt.Errorf("save standby: %w", err)
	}
	shift := d.Shift(role.ShiftID)
	return errors.Join(d.plan(su),
		d.write(p.ID, models.SignupArgs{Why: models.WhyStandby}, d.quiet(p.ID, shift), shift.EndAt, true))
}

// tellExhausted tells the organizer, with a sound, that nobody is left to ask.
func (a *asking) tellExhausted() error {
	return a.replace(models.Message{TenantID: a.tenant.ID, Key: askOverKey(a.Call.ID), Kind: models.MessageAskOver, SubjectID: a.Call.ID,
		PersonID: a.Call.CreatorID, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: a.overQuiet(),
		ExpiresAt: a.End()}, true)
}

// overQuiet lets the end of an urgent call's asking through quiet hours: whoever
// called in the night waits for it.
func (a *asking) overQuiet() models.Quiet {
	if a.Call.Urgent && !a.Call.Drill {
		return models.QuietPass
	}
	return models.QuietWait
}
