package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

type fewerArgs struct {
	Role int64 `json:"role"`
}

// AskFewer asks those with a place in a role that has more than its most
// whether they would step back. Nobody loses a place by it.
func (s *Services) AskFewer(ctx context.Context, act Act, roleID int64) (Changed, error) {
	var out Changed
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		role, err := tx.Role(me.Tenant.ID, roleID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.role_gone")
		}
		if err != nil {
			return fmt.Errorf("role that has too many: %w", err)
		}
		out, err = s.manageIn(tx, me, role.CallID, "call_fewer", askingFewer(roleID, false))
		return err
	})
	return out, err
}

// askingFewer is the change; chosen says that reaching many was agreed to.
func askingFewer(roleID int64, chosen bool) func(d *desk, me Actor, out *Changed) error {
	return func(d *desk, me Actor, out *Changed) error {
		role := d.Role(roleID)
		var people []int64
		if role != nil {
			for _, su := range d.MayStepBack(role) {
				people = append(people, su.PersonID)
			}
		}
		if len(people) == 0 {
			return models.Refuse(models.CodeConflict, "error.fewer_nobody", "Number", d.Call.Ref())
		}
		if !chosen {
			if ok, err := d.reaches(me, models.ReachFewer, people, fewerArgs{Role: roleID}, out); err != nil || !ok {
				return err
			}
		}
		for _, su := range d.MayStepBack(role) {
			shift := d.Shift(su.ShiftID)
			args := models.SignupArgs{Why: models.WhyFewer, At: d.Now}
			if err := d.write(su.PersonID, args, d.quiet(su.PersonID, shift), shift.StartAt, true); err != nil {
				return err
			}
		}
		out.Asked = len(people)
		return d.note(me, "fewer")
	}
}

func (s *Services) fewerReached(tx *store.Tx, me Actor, r models.Reach, _ []int64) error {
	args, err := readArgs[fewerArgs](r)
	if err != nil {
		return err
	}
	return s.chosen(tx, me, r, "call_fewer", askingFewer(args.Role, true))
}

// fewerFollows edits the question of those who have not answered it once
// enough have stepped back.
func (d *desk) fewerFollows(models.By) error {
	for _, gone := range d.Changed() {
		role := d.Role(gone.RoleID)
		if role == nil || gone.State != models.SignupWithdrawn || gone.WasState != models.SignupConfirmed ||
			d.Over(role) > 0 || d.Taken(role.ID)+gone.Party() <= role.Most {
			continue
		}
		for _, su := range d.Signups {
			if su.RoleID != role.ID || su.State != models.SignupConfirmed {
				continue
			}
			if err := d.tx.Touch(d.tenant.ID, signupKey(d.Call.ID, su.PersonID)); err != nil {
				return err
			}
		}
	}
	return nil
}
