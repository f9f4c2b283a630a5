package services

import (
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

// What becomes due for calls.
const (
	dueOpens  models.DueKind = "call_opens"  // signing up begins
	dueClose  models.DueKind = "call_close"  // and ends
	dueEnd    models.DueKind = "call_end"    // the last shift is over
	dueNear   models.DueKind = "call_near"   // three hours before a shift: everybody waiting is asked
	dueRisk   models.DueKind = "call_risk"   // a day before a shift: is a role below its least?
	dueRemind models.DueKind = "call_remind" // one person of one shift
	dueOffer  models.DueKind = "call_offer"  // an offer lapses
)

// callDues are the rules of calls that act when their time has come.
func (s *Services) callDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{
		dueOpens:  s.ofCallDue(func(d *desk) error { d.dirty = true; return nil }, "call_opens"),
		dueClose:  s.ofCallDue((*desk).closeInTime, "call_close"),
		dueEnd:    s.ofCallDue((*desk).end, "call_done"),
		dueNear:   s.ofCallDue(func(d *desk) error { return d.Lapse() }, "signup_offer"), // whose offer is over holds no place
		dueRisk:   s.ofCallDue((*desk).risk, "call_risk"),
		dueRemind: s.remindShift,
		dueOffer:  s.lapseOffer,
	}
}

// ofCallDue runs a rule on the call of a due row and settles it. What is due
// for a call that is gone or over is nothing any more.
func (s *Services) ofCallDue(fn func(*desk) error, action string) dueFunc {
	return func(tx *store.Tx, due models.Due) error {
		t, err := tx.Tenant(due.TenantID)
		if err != nil {
			return fmt.Errorf("tenant of what is due: %w", err)
		}
		d, err := s.desk(tx, t, due.RefID)
		if models.CodeOf(err) == models.CodeNotFound {
			return nil
		}
		if err != nil || !d.Call.Live() {
			return err
		}
		if err := fn(d); err != nil {
			return err
		}
		return d.finish(models.By{TenantID: t.ID, Action: action})
	}
}

func (d *desk) closeInTime() error {
	if d.Call.Taking() && d.Call.ClosesAt != 0 && d.Call.ClosesAt <= d.Now {
		d.close()
	}
	return nil
}

// end makes a call done when its last shift is over. Who still waited or was
// asked is not needed any more; places stay as they are, for the roll.
func (d *desk) end() error {
	if d.End() > d.Now {
		return d.planCall() // it was moved
	}
	if home, err := d.everybodyHome(); err != nil || !home {
		return err // the last one home ends it
	}
	if err := d.Recall(); err != nil {
		return err
	}
	d.Call.State, d.Call.EndedAt, d.dirty = models.CallDone, d.Now, true
	for _, su := range d.Signups {
		if err := d.plan(su); err != nil {
			return err
		}
	}
	for _, su := range d.Signups { // messages that a newer one took over from say nothing of it
		d.stale = append(d.stale, signupKey(d.Call.ID, su.PersonID))
	}
	return nil
}

// risk tells the organizer, with a sound, when a shift that begins within a
// day has fewer than its least.
func (d *desk) risk() error {
	for _, r := range d.Roles {
		ahead := d.Shift(r.ShiftID).StartAt.Sub(d.Now)
		if ahead > 0 && ahead <= models.RiskAhead && d.AtRisk(r) {
			return d.showPanel(true)
		}
	}
	return nil
}

// lateAfter is from when a reminder says that it comes late: less than this is
// the queue, not an outage.
const lateAfter = 10 * time.Minute

// remindShift reminds one person of one shift, with confirm or give up.
func (s *Services) remindShift(tx *store.Tx, due models.Due) error {
	d, su, err := s.dueSignup(tx, due)
	if err != nil || su == nil {
		return err
	}
	shift := d.Shift(su.ShiftID)
	if su.State != models.SignupConfirmed || !d.Call.Live() || shift.StartAt <= d.Now {
		return nil
	}
	args := models.SignupArgs{Why: models.WhyReminder, At: tx.Now, Late: tx.Now.Sub(due.DueAt) > lateAfter}
	if err := d.write(su.PersonID, args, models.QuietWait, shift.StartAt, true); err != nil {
		return err
	}
	return d.fault
}

// lapseOffer withdraws an offer whose time is over and passes the place on.
func (s *Services) lapseOffer(tx *store.Tx, due models.Due) error {
	d, su, err := s.dueSignup(tx, due)
	if err != nil || su == nil || su.State != models.SignupOffered {
		return err
	}
	if err := d.Lapse(); err != nil {
		return err
	}
	return d.finish(models.By{TenantID: d.tenant.ID, Action: "signup_lapse"})
}

// dueSignup finds the sign-up of a due row with its call; nil when it is gone.
func (s *Services) dueSignup(tx *store.Tx, due models.Due) (*desk, *models.Signup, error) {
	su, err := tx.Signup(due.TenantID, due.RefID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("sign-up of what is due: %w", err)
	}
	t, err := tx.Tenant(due.TenantID)
	if err != nil {
		return nil, nil, fmt.Errorf("tenant of what is due: %w", err)
	}
	d, err := s.desk(tx, t, su.CallID)
	if err != nil {
		return nil, nil, err
	}
	return d, d.Signup(su.ID), nil
}

// replanCalls moves a person's shift reminders after their quiet hours or zone
// changed.
func (s *Services) replanCalls(tx *store.Tx, t models.Tenant, p models.Person) error {
	rows, err := tx.ActiveSignups(t.ID, p.ID, tx.Now)
	if err != nil {
		return fmt.Errorf("places of a person: %w", err)
	}
	for _, row := range rows {
		d, err := s.desk(tx, t, row.CallID)
		if err != nil {
			return err
		}
		if su := d.Signup(row.ID); su.State == models.SignupConfirmed {
			if err := d.plan(su); err != nil {
				return err
			}
		}
		if d.fault != nil {
			return d.fault
		}
	}
	return nil
}
