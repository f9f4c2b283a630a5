package services

import (
	"errors"
	"fmt"
	"slices"

	"muster/models"
	"muster/store"
)

// Whose figures somebody may see: everything, or a unit with the units below
// it.

// unitChain is a unit and the units above it, nearest first.
func unitChain(tx *store.Tx, unitID int64) ([]int64, error) {
	var chain []int64
	for id := unitID; id != 0 && len(chain) < unitDepth; {
		chain = append(chain, id)
		u, err := tx.Unit(id)
		if errors.Is(err, store.ErrNotFound) {
			break
		}
		if err != nil {
			return nil, err
		}
		id = u.ParentID
	}
	return chain, nil
}

// below are the units below each of these, for rights that reach down the tree.
func below(tx *store.Tx, tenantID int64, ids []int64) (map[int64][]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	units, err := tx.Units(tenantID)
	if err != nil {
		return nil, fmt.Errorf("units below: %w", err)
	}
	out := map[int64][]int64{}
	for _, id := range ids {
		out[id] = models.UnitsBelow(units, id)
	}
	return out, nil
}

// unitDepth bounds a tree of units, so that a ring in it ends: no organisation
// has twenty levels.
const unitDepth = 20

// readsUnit says whether the actor may read figures of a unit, 0 = all.
func readsUnit(tx *store.Tx, me Actor, unitID int64) (bool, error) {
	if me.Rights.ReadsAll() || unitID == 0 {
		return me.Rights.ReadsAll(), nil
	}
	chain, err := unitChain(tx, unitID)
	return err == nil && me.Rights.Reads(chain), err
}

// managesUnit says whether the actor organizes a unit or one above it, 0 = all.
func managesUnit(tx *store.Tx, me Actor, unitID int64) (bool, error) {
	if me.Rights.ManagesAll() || unitID == 0 {
		return me.Rights.ManagesAll(), nil
	}
	chain, err := unitChain(tx, unitID)
	for _, id := range chain {
		if me.Rights.Manages(id) {
			return true, err
		}
	}
	return false, err
}

// scope is the unit that figures are asked of: the named one, else everything,
// else the only one the actor may have figures of. Zero = everything.
func (s *Services) scope(tx *store.Tx, me Actor, named string, reading bool) (models.Unit, error) {
	all, allowed := me.Rights.ManagesAll(), managesUnit
	if reading {
		all, allowed = me.Rights.ReadsAll(), readsUnit
	}
	own := me.Rights.Units(reading)
	switch {
	case named != "":
		unit, err := tx.UnitByName(me.Tenant.ID, named)
		if errors.Is(err, store.ErrNotFound) {
			return unit, models.Refuse(models.CodeNotFound, "role.no_unit", "What", named)
		}
		if err != nil {
			return unit, err
		}
		may, err := allowed(tx, me, unit.ID)
		if err == nil && !may {
			err = s.refuseUnit(tx, me, unit)
		}
		return unit, err
	case all:
		return models.Unit{}, nil
	case len(own) == 0:
		return models.Unit{}, s.refuseOrganizer(tx, me)
	case len(own) > 1:
		names := ""
		for i, id := range own {
			u, err := tx.Unit(id)
			if err != nil {
				return u, err
			}
			if i > 0 {
				names += ", "
			}
			names += u.Name
		}
		return models.Unit{}, models.Refuse(models.CodeInvalid, "summary.which_unit", "Names", names)
	}
	return tx.Unit(own[0])
}

// refuseUnitCall says who may post calls for a unit: its organizers, those of
// the units above it and of the whole organisation, else the admins.
func (s *Services) refuseUnitCall(tx *store.Tx, me Actor, unit models.Unit) error {
	chain, err := unitChain(tx, unit.ID)
	if err != nil {
		return err
	}
	who, err := s.holdersWhere(tx, me.Tenant, models.RoleOrganizer, func(r models.Right) bool { return r.UnitID == 0 || slices.Contains(chain, r.UnitID) })
	if err == nil && len(who) == 0 {
		who, err = s.holders(tx, me.Tenant, models.RoleAdmin)
	}
	if err != nil || len(who) == 0 {
		return errors.Join(err, s.refuseOrganizer(tx, me))
	}
	return models.Refuse(models.CodeForbidden, "error.not_unit_call", "Unit", unit.Name, "Who", tags(who))
}

// refuseUnit says who may have the figures of a unit: its leader and
// organizers, else those of the whole organisation.
func (s *Services) refuseUnit(tx *store.Tx, me Actor, unit models.Unit) error {
	who, err := s.holdersWhere(tx, me.Tenant, models.RoleOrganizer, func(r models.Right) bool { return r.UnitID == unit.ID })
	if err != nil {
		return err
	}
	if unit.LeaderID != 0 {
		leader, err := tx.Person(unit.LeaderID)
		if ignoreMissing(err) != nil {
			return err
		}
		if err == nil {
			who = append([]models.Person{leader}, who...)
		}
	}
	if len(who) == 0 {
		return s.refuseEverywhere(tx, me)
	}
	return models.Refuse(models.CodeForbidden, "error.not_unit", "Unit", unit.Name, "Who", tags(who))
}
