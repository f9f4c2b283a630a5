package services

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"muster/models"
	"muster/store"
)

// Changed is what became of a change to a call.
type Changed struct {
	Sheet     models.Sheet
	Keys      []string // what really changed, English keys
	Concerned int      // people with a place or a turn
	Asked     int      // people asked whether they would step back
	Nothing   bool     // it was so already, or nothing was done yet
	// Reach, with an id, is the question that comes first: many would be reached.
	Reach models.ReachShown
}

// manage runs fn on a call the actor may manage, and settles it.
func (s *Services) manage(ctx context.Context, act Act, callID int64, action string, fn func(d *desk, me Actor, out *Changed) error) (Changed, error) {
	var out Changed
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		var err error
		out, err = s.manageIn(tx, me, callID, action, fn)
		return err
	})
	return out, err
}

// manageIn is manage in a transaction that is under way.
func (s *Services) manageIn(tx *store.Tx, me Actor, callID int64, action string, fn func(d *desk, me Actor, out *Changed) error) (out Changed, err error) {
	d, err := s.desk(tx, me.Tenant, callID)
	if err != nil {
		return out, err
	}
	if !manages(me.Rights, *d.Call) {
		return out, s.refuseManager(tx, me, *d.Call)
	}
	if err := fn(d, me, &out); err != nil {
		return out, err
	}
	out.Concerned = d.concerned()
	if !out.Nothing {
		if err := d.finish(me.By(action)); err != nil {
			return out, err
		}
		if err := d.planCall(); err != nil {
			return out, err
		}
	}
	out.Sheet, err = s.sheetOf(tx, me, d.Board, true)
	return out, err
}

// refuseManager names who may manage this call: its creator first.
func (s *Services) refuseManager(tx *store.Tx, me Actor, c models.Call) error {
	creator, err := tx.Person(c.CreatorID)
	if err != nil {
		return fmt.Errorf("creator of call %d: %w", c.ID, err)
	}
	who, err := s.holders(tx, me.Tenant, models.RoleOrganizer)
	if err != nil {
		return err
	}
	people := []models.Person{creator}
	for _, p := range who {
		if p.ID != creator.ID {
			people = append(people, p)
		}
	}
	return models.Refuse(models.CodeForbidden, "error.not_organizer", "Who", tags(people))
}

// concerned is how many people have a place or a turn.
func (d *desk) concerned() int {
	people := map[int64]bool{}
	for _, su := range d.Signups {
		if su.Upcoming() {
			people[su.PersonID] = true
		}
	}
	return len(people)
}

// EditCall changes what spec.Set names.
func (s *Services) EditCall(ctx context.Context, act Act, callID int64, spec models.CallSpec, public bool) (Changed, error) {
	return s.manage(ctx, act, callID, "call_edit", s.editing(spec, public, false))
}

// editing is an edit; chosen when it was asked about before, because many are
// asked again by it.
func (s *Services) editing(spec models.CallSpec, public, chosen bool) func(d *desk, me Actor, out *Changed) error {
	return func(d *desk, me Actor, out *Changed) error {
		if public && spec.Private != "" {
			return models.Refuse(models.CodeInvalid, "error.private_public")
		}
		if spec.Set["urgent"] && spec.Urgent && d.Call.Audience == string(models.AudienceAll) && !me.Rights.Admin() {
			return s.refuseAdmin(d.tx, me)
		}
		edited, err := d.Edit(spec)
		if err != nil {
			return err
		}
		if out.Keys = edited.Keys; len(edited.Keys) == 0 {
			out.Nothing = true
			return nil
		}
		if again := d.askedAgain(); !chosen && len(again) > 0 {
			if ok, err := d.reaches(me, models.ReachEdit, again, editArgs{Spec: spec, Public: public}, out); err != nil || !ok {
				out.Keys = nil
				return err
			}
		}
		d.was, d.dirty = edited.WasStart, true
		if err := d.saveEdited(me.By("call_edit"), edited); err != nil {
			return err
		}
		if err := d.replanAll(edited); err != nil {
			return err
		}
		if err := d.tx.TouchPrefix(d.tenant.ID, fmt.Sprintf("signup:%d:", d.Call.ID)); err != nil {
			return err
		}
		return errors.Join(d.editedAsking(me, edited.Keys, out), d.note(me, "edit"))
	}
}

// saveEdited stores the shifts and roles of an edit.
func (d *desk) saveEdited(by models.By, e models.Edited) error {
	ids := map[int64]int64{}
	for _, sh := range e.NewShifts {
		if err := d.tx.Save(by, sh); err != nil {
			return err
		}
		ids[-int64(sh.Seq)] = sh.ID
		d.Shifts = append(d.Shifts, sh)
	}
	for _, r := range e.NewRoles {
		if id, isNew := ids[r.ShiftID]; isNew {
			r.ShiftID = id
		}
		if err := d.tx.Save(by, r); err != nil {
			return err
		}
		d.Roles = append(d.Roles, r)
	}
	for _, sh := range e.Shifts {
		if err := d.tx.Save(by, sh); err != nil {
			return err
		}
	}
	for _, r := range e.Roles {
		if err := d.tx.Save(by, r); err != nil {
			return err
		}
	}
	for _, gone := range e.Dropped {
		if err := d.tx.Remove(by, gone); err != nil {
			return err
		}
		for i, r := range d.Roles {
			if r == gone {
				d.Roles = append(d.Roles[:i], d.Roles[i+1:]...)
				break
			}
		}
	}
	return nil
}

// replanAll moves the reminders of everybody when times or lead times changed.
func (d *desk) replanAll(e models.Edited) error {
	for _, key := range e.Keys {
		if key != "when" && key != "remind" {
			continue
		}
		for _, su := range d.Signups {
			if err := d.plan(su); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}

// CloseCall ends signing up; everybody keeps their place.
func (s *Services) CloseCall(ctx context.Context, act Act, callID int64) (Changed, error) {
	return s.manage(ctx, act, callID, "call_close", func(d *desk, me Actor, out *Changed) error {
		if d.Call.State == models.CallClosed {
			out.Nothing = true
			return nil
		}
		if !d.Call.Taking() {
			return d.TakesSignups()
		}
		d.close()
		return d.note(me, "close")
	})
}

func (d *desk) close() {
	d.Call.State, d.Call.ClosedAt, d.dirty = models.CallClosed, d.Now, true
}

// ReopenCall takes sign-ups again: undoes close, and cancel as well. A closing
// time that is past is lifted, or it would close again at once.
func (s *Services) ReopenCall(ctx context.Context, act Act, callID int64) (Changed, error) {
	return s.manage(ctx, act, callID, "call_reopen", func(d *desk, me Actor, out *Changed) error {
		if d.Call.Taking() {
			out.Nothing = true
			return nil
		}
		if ok, err := d.mayComeBack(me, models.CallOpen, out); err != nil || !ok {
			return err
		}
		return d.comeBack(me, models.CallOpen)
	})
}

// UndoCall takes back what brought a call into the state made: closing or
// cancelling. A call that was closed before it was cancelled is closed again.
func (s *Services) UndoCall(ctx context.Context, act Act, callID int64, made models.CallState) (Changed, error) {
	return s.manage(ctx, act, callID, "call_reopen", func(d *desk, me Actor, out *Changed) error {
		switch {
		case d.Call.State == made:
		case d.Call.Live():
			out.Nothing = true
			return nil
		default: // something else was done to it since
			return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
		}
		state, ended := models.CallOpen, d.Call.ClosesAt != 0 && d.Call.ClosesAt <= d.Now
		if made == models.CallCancelled && (d.Call.ClosedAt != 0 || ended) {
			state = models.CallClosed
		}
		if ok, err := d.mayComeBack(me, state, out); err != nil || !ok {
			return err
		}
		return d.comeBack(me, state)
	})
}

// mayComeBack asks before many are told that a cancelled call takes place after
// all.
func (d *desk) mayComeBack(me Actor, state models.CallState, out *Changed) (ok bool, err error) {
	people := d.concernedPeople()
	if d.Call.State != models.CallCancelled || len(people) == 0 || d.End() <= d.Now {
		return true, nil
	}
	return d.reaches(me, models.ReachReopen, people, reopenArgs{State: state}, out)
}

// comeBack makes a closed or cancelled call go on in a state.
func (d *desk) comeBack(me Actor, state models.CallState) error {
	if d.Call.State == models.CallDone || d.End() <= d.Now {
		return models.Refuse(models.CodeConflict, "error.call_done", "Number", d.Call.Ref(), "Title", d.Call.Title)
	}
	cancelled := d.Call.State == models.CallCancelled
	if state == models.CallOpen && d.Call.ClosesAt != 0 && d.Call.ClosesAt <= d.Now {
		d.Call.ClosesAt = 0 // or it would close again at once
	}
	d.Call.State, d.Call.Reason, d.Call.EndedAt, d.dirty = state, "", 0, true
	switch {
	case state == models.CallOpen:
		d.Call.ClosedAt = 0
	case d.Call.ClosedAt == 0:
		d.Call.ClosedAt = d.Now
	}
	if cancelled {
		for _, su := range d.Signups {
			if err := d.plan(su); err != nil {
				return err
			}
		}
		if err := d.everybody(models.WhyBack); err != nil {
			return err
		}
	}
	return d.note(me, "reopen")
}

// CancelCall ends a call with a reason and tells everybody concerned. Nobody
// loses their place in the book, so that undo can bring it back.
func (s *Services) CancelCall(ctx context.Context, act Act, callID int64, reason string) (Changed, error) {
	return s.manage(ctx, act, callID, "call_cancel", cancelling(reason, false))
}

// cancelling is a cancelling; chosen when it was asked about before, because it
// concerns many.
func cancelling(reason string, chosen bool) func(d *desk, me Actor, out *Changed) error {
	return func(d *desk, me Actor, out *Changed) error {
		if d.Call.State == models.CallCancelled {
			out.Nothing = true
			return nil
		}
		if !d.Call.Live() {
			return d.TakesSignups()
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			return models.Refuse(models.CodeInvalid, "error.call_no_reason", "Number", d.Call.Ref())
		}
		if people := d.concernedPeople(); !chosen && len(people) > 0 {
			if ok, err := d.reaches(me, models.ReachCancel, people, cancelArgs{Reason: reason}, out); err != nil || !ok {
				return err
			}
		}
		if err := d.Recall(); err != nil {
			return err
		}
		d.Call.State, d.Call.Reason, d.Call.EndedAt, d.dirty = models.CallCancelled, reason, d.Now, true
		for _, su := range d.Signups {
			if err := d.plan(su); err != nil {
				return err
			}
		}
		if err := d.everybody(models.WhyCancel); err != nil {
			return err
		}
		return d.note(me, "cancel")
	}
}
