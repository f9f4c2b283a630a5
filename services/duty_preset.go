package services

import (
	"context"
	"slices"

	"muster/models"
	"muster/store"
)

// DutyNamed is a duty as a preset has it.
type DutyNamed struct {
	Name    string
	Cadence string
}

// DutyChange is what a press on duties led to.
type DutyChange struct {
	Made    []DutySet
	Kept    []string // names that were there already
	Duty    models.UnitDuty
	First   int64 // of a preset: the first one made, which its undo names
	Deleted bool
}

// AddDuties makes a preset's duties, those left out whose name is there
// already. They hold for units of the type given if there are any, else for all.
func (s *Services) AddDuties(ctx context.Context, act Act, preset []DutyNamed, unitType string) (out DutyChange, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		units, err := tx.Units(me.Tenant.ID)
		if err != nil {
			return err
		}
		duties, err := tx.Duties(me.Tenant.ID)
		if err != nil {
			return err
		}
		if len(duties)+len(preset) > mostDuties {
			return models.Refuse(models.CodeConflict, "error.duty_many", "N", mostDuties)
		}
		scope := ""
		if i := slices.IndexFunc(units, func(u models.Unit) bool { return models.SameUnitType(u.Type, unitType) }); i >= 0 {
			scope = units[i].Type
		}
		for _, p := range preset {
			if slices.ContainsFunc(duties, func(d models.UnitDuty) bool { return models.FoldName(d.Name) == models.FoldName(p.Name) }) {
				out.Kept = append(out.Kept, p.Name)
				continue
			}
			d := models.UnitDuty{TenantID: me.Tenant.ID, Name: p.Name, Cadence: p.Cadence, Times: 1, UnitType: scope, ByID: me.Person.ID, CreatedAt: tx.Now,
				Since: models.FirstDutyDay(p.Cadence, models.DateOf(tx.Now, me.Tenant.Location()))}
			if err := tx.Save(me.By("duty_add"), &d); err != nil {
				return err
			}
			set, err := dutySet(tx, d)
			if err != nil {
				return err
			}
			out.Made = append(out.Made, set)
			out.First = out.Made[0].Duty.ID
		}
		return s.planDutyLook(tx, me.Tenant)
	})
	return out, err
}

// TakeBackDuties deletes what one press on a preset made, by the first of it.
func (s *Services) TakeBackDuties(ctx context.Context, act Act, first int64) (out DutyChange, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		d, err := tx.Duty(me.Tenant.ID, first)
		if ignoreMissing(err) != nil {
			return err
		}
		duties, err := tx.DutiesWith(d)
		if err != nil {
			return err
		}
		if len(duties) == 0 {
			return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
		}
		for _, d := range duties {
			d.Deleted = true
			if err := tx.Save(me.By("duty_delete"), &d); err != nil {
				return err
			}
			out.Made = append(out.Made, DutySet{Duty: d})
		}
		_, err = s.dutyChanged(tx, me.Tenant, duties[0])
		return err
	})
	return out, err
}

// DeleteDuty ends a duty, for admins: nothing of it is owed or pointed out any
// more. Its records stay, and back brings it back.
func (s *Services) DeleteDuty(ctx context.Context, act Act, dutyID int64, name string, back bool) (out DutyChange, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		var d models.UnitDuty
		if back {
			d, err = s.deletedDuty(tx, me, dutyID)
		} else {
			d, err = s.duty(tx, me, dutyID, name)
		}
		if err != nil {
			return err
		}
		d.Deleted = !back
		action := "duty_delete"
		if back {
			action = "duty_restore"
		}
		if err := tx.Save(me.By(action), &d); err != nil {
			return err
		}
		out.Duty, out.Deleted = d, d.Deleted
		_, err = s.dutyChanged(tx, me.Tenant, d)
		return err
	})
	return out, err
}

// deletedDuty is a duty that can be brought back: deleted, and its name free.
func (s *Services) deletedDuty(tx *store.Tx, me Actor, dutyID int64) (models.UnitDuty, error) {
	d, err := tx.Duty(me.Tenant.ID, dutyID)
	if ignoreMissing(err) != nil {
		return d, err
	}
	if err != nil || !d.Deleted {
		return d, models.Refuse(models.CodeConflict, "error.nothing_to_undo")
	}
	duties, err := tx.Duties(me.Tenant.ID)
	if err != nil {
		return d, err
	}
	for _, other := range duties {
		if models.FoldName(other.Name) == models.FoldName(d.Name) {
			return d, models.Refuse(models.CodeConflict, "error.duty_taken", "What", other.Name)
		}
	}
	return d, nil
}

// DutyForm is what forms about duties show.
type DutyForm struct {
	Tenant models.Tenant
	Duty   models.UnitDuty   // zero = a new one
	Unit   models.Unit       // of a record
	Record models.DutyRecord // zero = a new one
	Duties []models.UnitDuty
	Units  []models.Unit
	Types  []string
	Now    models.Instant
}

// DutyForm loads the form of a duty, id 0 = a new one; for admins.
func (s *Services) DutyForm(ctx context.Context, act Act, dutyID int64) (out DutyForm, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		out.Tenant, out.Now = me.Tenant, tx.Now
		if dutyID != 0 {
			if out.Duty, err = s.duty(tx, me, dutyID, ""); err != nil {
				return err
			}
		}
		if out.Duties, err = tx.Duties(me.Tenant.ID); err != nil {
			return err
		}
		if out.Units, err = tx.Units(me.Tenant.ID); err != nil {
			return err
		}
		for _, u := range out.Units {
			if u.Type != "" && !slices.Contains(out.Types, u.Type) {
				out.Types = append(out.Types, u.Type)
			}
		}
		slices.Sort(out.Types)
		return nil
	})
	return out, err
}

// DutySets are the duties that hold, for admins.
func (s *Services) DutySets(ctx context.Context, act Act) (out []DutySet, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		duties, err := tx.Duties(me.Tenant.ID)
		if err != nil {
			return err
		}
		for _, d := range duties {
			set, err := dutySet(tx, d)
			if err != nil {
				return err
			}
			out = append(out, set)
		}
		return nil
	})
	return out, err
}

// DutyNames are the names of the duties that hold: a text may name one.
func (s *Services) DutyNames(ctx context.Context, act Act) (names []string, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		duties, err := tx.Duties(me.Tenant.ID)
		for _, d := range duties {
			names = append(names, d.Name)
		}
		return err
	})
	return names, err
}
