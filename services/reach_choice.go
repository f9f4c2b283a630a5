package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// What can be chosen before many are reached.
const (
	ReachSend = "send" // as it stands: what may pass quiet hours passes, the rest waits for each person's to end
	ReachUnit = "unit" // only the actor's own unit
	ReachWait = "wait" // when the organisation's quiet hours end
	ReachDrop = "drop"
)

// ChooseReach answers the question that was asked before many are reached. It
// is the actor's own, and what they may do is asked again.
func (s *Services) ChooseReach(ctx context.Context, act Act, reachID int64, choice string) (models.ReachShown, error) {
	var out models.ReachShown
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		r, err := tx.LockReach(me.Tenant.ID, reachID)
		if errors.Is(err, store.ErrNotFound) || err == nil && (r.ByID != me.Person.ID || r.State == models.ReachAsked && !r.Open(tx.Now)) {
			return models.Refuse(models.CodeNotFound, "error.reach_gone")
		}
		if err != nil {
			return err
		}
		if r.State != models.ReachAsked {
			return models.Refuse(models.CodeConflict, "error.reach_chosen")
		}
		if _, err := tx.Unplan(r.TenantID, reachDue("expire", r.ID)); err != nil {
			return err
		}
		if err := s.choose(tx, me, &r, choice); err != nil {
			return err
		}
		out, err = s.reachShown(tx, me.Tenant, r)
		return err
	})
	return out, err
}

func (s *Services) choose(tx *store.Tx, me Actor, r *models.Reach, choice string) error {
	switch {
	case choice == ReachDrop:
		return s.dropReach(tx, me.By("reach_drop"), r)
	case choice == ReachWait && r.WaitTo > tx.Now:
		return s.waitReach(tx, me, r)
	case choice == ReachWait && r.WaitTo != 0: // they are over: now is the time
	case choice == ReachUnit && r.UnitID != 0:
		r.OnlyUnit = r.UnitID
	case choice == ReachSend:
	default: // a button that was not offered
		return models.Refuse(models.CodeNotFound, "error.reach_gone")
	}
	return s.goReach(tx, me, r)
}

// waitReach puts the whole act off until the organisation's quiet hours end.
func (s *Services) waitReach(tx *store.Tx, me Actor, r *models.Reach) error {
	r.State = models.ReachWaiting
	if err := tx.Save(me.By("reach_wait"), r); err != nil {
		return err
	}
	if err := showReach(tx, *r); err != nil {
		return err
	}
	if err := touchReachPanel(tx, *r); err != nil {
		return err
	}
	return tx.Plan(models.Due{TenantID: r.TenantID, Key: reachDue("go", r.ID), Kind: models.DueReachGo, RefID: r.ID, DueAt: r.WaitTo})
}

// dropReach ends a reach that was not done; what it would have been is not kept.
func (s *Services) dropReach(tx *store.Tx, by models.By, r *models.Reach) error {
	shown := r.State == models.ReachWaiting
	r.State, r.EndedAt, r.Who, r.Args = models.ReachDropped, tx.Now, nil, nil
	if err := tx.Save(by, r); err != nil {
		return err
	}
	if !shown {
		return nil
	}
	if _, err := tx.Unplan(r.TenantID, reachDue("go", r.ID)); err != nil {
		return err
	}
	return errors.Join(tx.Touch(r.TenantID, models.ReachKey(r.ID)), touchReachPanel(tx, *r))
}

// goReach does what was chosen.
func (s *Services) goReach(tx *store.Tx, me Actor, r *models.Reach) error {
	if r.Everybody && r.Urgent && !me.Rights.Admin() {
		return s.refuseAdmin(tx, me)
	}
	people := r.Who
	if r.OnlyUnit != 0 {
		var err error
		if people, err = inUnit(tx, r.TenantID, r.OnlyUnit, people); err != nil {
			return err
		}
	}
	if len(people) == 0 {
		return models.Refuse(models.CodeConflict, "error.reach_nobody")
	}
	var err error
	if r.People = len(people); r.People > 0 {
		if r.FromAt, r.UntilAt, err = s.forecast(tx, me.Tenant, r.People, r.Priority()); err != nil {
			return err
		}
	}
	do := s.reachKinds()[r.Kind]
	if do == nil {
		return fmt.Errorf("nothing is known to be done for a reach of kind %q", r.Kind)
	}
	if err := s.startReach(tx, me, r); err != nil {
		return err
	}
	defer func() { tx.Reach = 0 }()
	if err := do(tx, me, *r, people); err != nil {
		return err
	}
	if err := tx.ClearReach(r.ID, r.Kind == models.ReachTell); err != nil {
		return err
	}
	return touchReachPanel(tx, *r)
}

// touchReachPanel edits the organizer's panel that shows a reach.
func touchReachPanel(tx *store.Tx, r models.Reach) error {
	if !r.OfCall() {
		return nil
	}
	return tx.Touch(r.TenantID, panelKey(r.RefID))
}

// reachDues are the rules of reaches that act when their time has come.
func (s *Services) reachDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{
		models.DueReachExpire: s.expireReach, models.DueReachGo: s.reachInTime, models.DueReachLook: s.lookReach,
	}
}

// expireReach forgets a question that nobody answered in a day.
func (s *Services) expireReach(tx *store.Tx, due models.Due) error {
	r, err := tx.LockReach(due.TenantID, due.RefID)
	if err != nil || r.State != models.ReachAsked {
		return ignoreMissing(err)
	}
	return s.dropReach(tx, models.By{TenantID: r.TenantID, Action: "reach_expire"}, &r)
}

// reachInTime does what waited for quiet hours to end. What can no longer be
// done by then is not done, and says so.
func (s *Services) reachInTime(tx *store.Tx, due models.Due) error {
	r, err := tx.LockReach(due.TenantID, due.RefID)
	if err != nil || r.State != models.ReachWaiting {
		return ignoreMissing(err)
	}
	me, err := s.actorByID(tx, r.TenantID, r.ByID)
	if err != nil {
		return err
	}
	going := r
	err = tx.Savepoint(func(inner *store.Tx) error { return s.goReach(inner, me, &going) })
	if code := models.CodeOf(err); code != "" && code != models.CodeInternal {
		return s.dropReach(tx, models.By{TenantID: r.TenantID, Action: "reach_refused"}, &r)
	}
	return err
}

// actorByID is a person as an actor, for what they decided earlier.
func (s *Services) actorByID(tx *store.Tx, tenantID, personID int64) (me Actor, err error) {
	if me.Tenant, err = tx.Tenant(tenantID); err != nil {
		return me, err
	}
	if me.Person, err = tx.Person(personID); err != nil {
		return me, err
	}
	me.Rights, err = s.rights(tx, me.Tenant, me.Person)
	return me, err
}
