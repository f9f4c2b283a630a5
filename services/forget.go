package services

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

func (s *Services) forgetDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{models.DueForget: s.forgetDue}
}

func forgetKey(personID int64) string { return fmt.Sprintf("forget:%d", personID) }

// AskForget plans to forget the actor in 7 days, and says when that is. Asking
// again changes nothing.
func (s *Services) AskForget(ctx context.Context, act Act) (at models.Instant, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if due, err := tx.DueByKey(me.Tenant.ID, forgetKey(me.Person.ID)); err == nil {
			at = due.DueAt
			return nil
		} else if ignoreMissing(err) != nil {
			return err
		}
		if err := s.mayForget(tx, me.Tenant, me.Person); err != nil {
			return err
		}
		at = tx.Now.Add(models.ForgetAfter)
		if err := tx.Note(me.By("forget_ask"), "person", me.Person.ID, map[string]any{"at": at}, nil); err != nil {
			return err
		}
		return tx.Plan(models.Due{TenantID: me.Tenant.ID, Key: forgetKey(me.Person.ID), Kind: models.DueForget, RefID: me.Person.ID, DueAt: at})
	})
	return at, err
}

// KeepMe takes back that the actor wants to be forgotten; false when there was
// nothing to take back.
func (s *Services) KeepMe(ctx context.Context, act Act) (kept bool, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		n, err := tx.Unplan(me.Tenant.ID, forgetKey(me.Person.ID))
		if kept = n > 0; err != nil || !kept {
			return err
		}
		return tx.Note(me.By("forget_keep"), "person", me.Person.ID, nil, nil)
	})
	return kept, err
}

// mayForget refuses who is on site, and the last admin.
func (s *Services) mayForget(tx *store.Tx, t models.Tenant, p models.Person) error {
	// A check-in that nobody ever ended holds nobody back for longer than a day.
	own, err := tx.ActiveSignups(t.ID, p.ID, tx.Now.Add(-24*time.Hour))
	if err != nil {
		return fmt.Errorf("places of a person: %w", err)
	}
	if slices.ContainsFunc(own, func(su *models.Signup) bool { return su.State == models.SignupCheckedIn }) {
		return models.Refuse(models.CodeConflict, "privacy.on_site")
	}
	admins, err := s.holders(tx, t, models.RoleAdmin)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(admins, func(a models.Person) bool { return a.ID == p.ID }) && len(admins) == 1 {
		return models.Refuse(models.CodeConflict, "privacy.last_admin")
	}
	return nil
}

// forgetDue is the end of the 7 days. Who is on site just then, or has become
// the last admin, is forgotten a day later.
func (s *Services) forgetDue(tx *store.Tx, due models.Due) error {
	p, err := tx.Person(due.RefID)
	if err != nil || p.TenantID != due.TenantID {
		return ignoreMissing(err)
	}
	t, err := tx.Tenant(due.TenantID)
	if err != nil {
		return err
	}
	err = s.mayForget(tx, t, p)
	if models.CodeOf(err) == models.CodeConflict {
		due.ID, due.DueAt = 0, tx.Now.Add(24*time.Hour)
		return tx.Plan(due)
	}
	if err != nil {
		return err
	}
	return s.forget(tx, t, p)
}

// forget gives back the person's places by the rules, then takes away who they
// were.
func (s *Services) forget(tx *store.Tx, t models.Tenant, p models.Person) error {
	by := models.By{TenantID: t.ID, ActorID: p.ID, Action: "forget"}
	own, err := tx.ActiveSignups(t.ID, p.ID, tx.Now)
	if err != nil {
		return fmt.Errorf("places of a person: %w", err)
	}
	for _, su := range own {
		if !su.Upcoming() {
			continue
		}
		d, err := s.desk(tx, t, su.CallID)
		if err != nil {
			return err
		}
		mine := d.Signup(su.ID)
		if mine == nil || !mine.Upcoming() || !d.Call.Live() {
			continue
		}
		if err := d.Leave(mine); err != nil {
			return fmt.Errorf("give back place %d: %w", su.ID, err)
		}
		if err := d.finish(by); err != nil {
			return fmt.Errorf("give back place %d: %w", su.ID, err)
		}
	}
	if err := tx.ForgetPerson(by, p); err != nil {
		return err
	}
	return touchNaming(tx, t, p)
}
