package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// arrivals are those who came without a place: by code, and by name.
func (r roll) arrivals(shift *models.Shift, page RollPage) error {
	for _, l := range page.WalkIns {
		w, err := r.tx.WalkIn(r.tenant.ID, l.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && w.CallID != r.Call.ID {
			return models.Refuse(models.CodeNotFound, "error.call_gone")
		}
		if err != nil {
			return fmt.Errorf("who came: %w", err)
		}
		if settled := map[bool]string{true: models.WalkInTaken, false: models.WalkInRefused}[l.Take]; w.State == settled {
			continue // another organizer said the same meanwhile: the rest of the page still counts
		}
		if err := r.decide(&w, l.RoleID, l.Take); err != nil {
			return err
		}
	}
	for _, n := range page.Arrivals {
		if err := r.add(shift, n); err != nil {
			return err
		}
	}
	return nil
}

// add puts somebody who came without a place on the roll.
func (r roll) add(shift *models.Shift, n Newcomer) error {
	p, err := r.tx.EnsurePerson(r.tenant.ID, n.Slack)
	if err != nil {
		return fmt.Errorf("person who came: %w", err)
	}
	if p.Bot || p.Gone || p.Guest {
		return models.Refuse(models.CodeInvalid, "error.no_volunteer", "Who", tags([]models.Person{p}))
	}
	role := r.roleFor(shift, n)
	if role == nil {
		return models.Refuse(models.CodeNotFound, "error.role_gone")
	}
	return r.takeIn(p.ID, role, nil)
}

func (r roll) roleFor(shift *models.Shift, n Newcomer) *models.Role {
	if n.RoleID != 0 {
		return r.Role(n.RoleID)
	}
	return roleNamed(r.Board, shift, n.RoleName)
}

// roleNamed is a role of a shift by its name; without a name the first with a
// free place, else the first.
func roleNamed(b *models.Board, shift *models.Shift, name string) *models.Role {
	roles := b.RolesOf(shift.ID)
	for _, r := range roles {
		if name != "" && models.FoldName(r.Name) == models.FoldName(name) {
			return r
		}
	}
	if name != "" || len(roles) == 0 {
		return nil
	}
	for _, r := range roles {
		if b.Free(r.ID) > 0 {
			return r
		}
	}
	return roles[0]
}

// takeIn makes somebody who came without a place one of the shift's people: w
// is their own wish, by code, nil when the organizer names them.
func (r roll) takeIn(personID int64, role *models.Role, w *models.WalkIn) error {
	clash, err := r.clash(personID, r.Shift(role.ShiftID))
	if err != nil {
		return err
	}
	at := models.Instant(0)
	if w != nil {
		at = w.At
	}
	su, err := r.TakeWalkIn(personID, role, at, clash)
	if err != nil {
		return err
	}
	r.out.Changed = true
	if r.Now >= r.Shift(role.ShiftID).EndAt && su.RollAt == 0 {
		return r.put(su, models.RollEntry{Came: true})
	}
	r.out.Came = append(r.out.Came, personID)
	return nil
}

// DecideWalkIn takes somebody who sent the code without a place, or does not.
func (s *Services) DecideWalkIn(ctx context.Context, act Act, walkInID, roleID int64, take bool) (Rolled, error) {
	var out Rolled
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		w, err := tx.WalkIn(me.Tenant.ID, walkInID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.call_gone")
		}
		if err != nil {
			return fmt.Errorf("who came: %w", err)
		}
		d, err := s.rollDesk(tx, me, w.CallID)
		if err != nil {
			return err
		}
		r := roll{desk: d, me: me, out: &out}
		if err := r.decide(&w, roleID, take); err != nil {
			return err
		}
		return r.finish()
	})
	return out, err
}

func (r roll) decide(w *models.WalkIn, roleID int64, take bool) error {
	if w.State != models.WalkInAsked {
		return models.Refuse(models.CodeConflict, "error.walkin_settled")
	}
	if w.PersonID == r.me.Person.ID {
		return models.Refuse(models.CodeForbidden, "error.roll_own")
	}
	w.State, w.ByID, r.answered = models.WalkInRefused, r.me.Person.ID, true
	if take {
		w.State = models.WalkInTaken
		role := r.roleFor(r.Shift(w.ShiftID), Newcomer{RoleID: roleID})
		if role == nil || role.ShiftID != w.ShiftID {
			return models.Refuse(models.CodeNotFound, "error.role_gone")
		}
		if err := r.takeIn(w.PersonID, role, w); err != nil {
			return err
		}
	}
	return r.tx.Save(r.me.By("walkin_"+w.State), w)
}
