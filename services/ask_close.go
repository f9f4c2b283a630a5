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

// unseen takes back questions that were closed while they were on their way,
// and then never went out: nobody has seen them, so they can be put again.
func (a *asking) unseen() error {
	for _, q := range a.asks {
		if q.State != models.AskClosed || q.AnsweredAt != 0 {
			continue
		}
		m, err := a.message(q.PersonID)
		if err != nil {
			return err
		}
		if m.SubjectID != q.ID || m.Shown > 0 || m.State != models.MessageDropped && m.State != models.MessageDead {
			continue
		}
		q.State, a.mine = models.AskUnsent, nil
		if a.order.plan {
			continue // a look ahead changes nothing
		}
		if err := a.tx.Save(models.By{TenantID: a.tenant.ID, Action: "ask_unsent"}, q); err != nil {
			return err
		}
	}
	return nil
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
	why := d.turned()
	if !d.Call.Taking() && why == "" {
		return nil
	}
	said, err := d.tx.Conditions(d.Call.ID)
	if err != nil || len(said) == 0 {
		return err
	}
	if why != "" {
		return d.calledOff(said, why)
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

// turned is what this decision did to the call as a whole that somebody must
// hear who might set out on a condition; "" for nothing.
func (d *desk) turned() string {
	was, is := d.base.Call, d.Call
	switch {
	case is.State == models.CallCancelled && was.State != models.CallCancelled:
		return models.WhyCancel
	case is.Live() && was.State == models.CallCancelled:
		return models.WhyBack
	case is.State == models.CallClosed && was.Taking(), is.Taking() && was.State == models.CallClosed:
		return models.WhyClosed
	}
	return ""
}

// calledOff tells who might set out on a condition that the call is cancelled,
// or closed before the condition was taken, or on again: an edit of their
// question makes no sound. Who has a place, or a turn in the line, is told with
// everybody, or keeps it.
func (d *desk) calledOff(said []*models.Answer, why string) error {
	told := map[int64]bool{}
	for _, x := range said {
		if told[x.PersonID] || len(d.Mine(x.PersonID)) > 0 {
			continue
		}
		told[x.PersonID] = true
		for _, shift := range d.Shifts {
			if shift.EndAt <= d.Now {
				continue
			}
			sound := why != models.WhyClosed || !d.Call.Taking() // reopened: nobody sets out by that
			if err := d.write(x.PersonID, models.SignupArgs{Why: why}, d.quiet(x.PersonID, shift), shift.EndAt, sound); err != nil {
				return err
			}
			break
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
