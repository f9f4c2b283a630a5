package services

import (
	"context"
	"errors"
	"slices"

	"muster/models"
	"muster/store"
)

// DutyUnit is what one unit owes: in the periods under way, and what is without
// a record of those past.
type DutyUnit struct {
	Unit    models.Unit
	Present []models.DutyState
	Missing []models.DutyState
}

// DutyPage is what somebody sees of duties.
type DutyPage struct {
	Tenant models.Tenant
	Reader models.Person
	Now    models.Instant
	Units  []DutyUnit        // shown in full
	Others []DutyUnit        // shown as a line each
	Duties []models.UnitDuty // those that hold
	People map[int64]models.Person
	Admin  bool
	Admins []models.Person // who sets duties
	// Of a message:
	Meant models.Instant // when it should have come; 0 = it came in time
	More  int            // duties that it does not name
	Past  bool           // a newer one took over from it
}

// Tells says whether something of it is to be told still.
func (p DutyPage) Tells() bool {
	return slices.ContainsFunc(p.Units, func(u DutyUnit) bool { return slices.ContainsFunc(u.Present, models.DutyState.Open) })
}

// dutyFull is how many units are shown in full: with seven duties each, more
// do not fit the 50 blocks of a message.
const dutyFull = 2

// DutyList shows the duties of the units that somebody leads or organizes: of
// the named one, else of those that are their own, else of all below them.
func (s *Services) DutyList(ctx context.Context, act Act, named string, unitID int64) (out DutyPage, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		out, err = s.dutyPage(tx, me, named, unitID)
		return err
	})
	return out, err
}

func (s *Services) dutyPage(tx *store.Tx, me Actor, named string, unitID int64) (out DutyPage, err error) {
	out = DutyPage{Tenant: me.Tenant, Reader: me.Person, Now: tx.Now, Admin: me.Rights.Admin()}
	all, err := tx.Units(me.Tenant.ID)
	if err != nil {
		return out, err
	}
	var led, own []int64
	for _, u := range all {
		if me.Rights.Leader(u.ID) {
			led = append(led, u.ID)
		}
		if slices.Contains(me.Rights.Units(false), u.ID) {
			own = append(own, u.ID)
		}
	}
	switch {
	case named != "" || unitID != 0:
		u, err := s.dutyUnit(tx, me, all, named, unitID)
		if err != nil {
			return out, err
		}
		own, led = []int64{u.ID}, []int64{u.ID}
	case !me.Rights.Leader(0):
		return out, s.refuseMember(tx, me)
	}
	if out.Admins, err = s.holders(tx, me.Tenant, models.RoleAdmin); err != nil {
		return out, err
	}
	book, err := s.dutyBook(tx, me.Tenant, dutyScope{From: models.DutyBack(tx.Now, me.Tenant.Location()), Units: led})
	if err != nil {
		return out, err
	}
	out.Duties = book.Duties
	if len(own) == 0 {
		own = led
	}
	out.share(book, models.UnitTree(all), led, own)
	out.People, err = dutyPeople(tx, out.Units)
	return out, err
}

// share puts the units that owe something on the page: one's own in full as far
// as there is room, the others as lines.
func (p *DutyPage) share(book models.DutyBook, tree []models.UnitRow, led, own []int64) {
	var owing []DutyUnit
	full := 0
	for _, r := range tree {
		if !slices.Contains(led, r.ID) {
			continue
		}
		u := DutyUnit{Unit: r.Unit, Present: book.Present(r.Unit), Missing: book.Missing(r.Unit)}
		if len(u.Present)+len(u.Missing) == 0 {
			continue
		}
		owing = append(owing, u)
		if slices.Contains(own, r.ID) {
			full++
		}
	}
	few := len(owing) <= dutyFull
	for _, u := range owing {
		if few || full <= dutyFull && slices.Contains(own, u.Unit.ID) {
			p.Units = append(p.Units, u)
		} else {
			p.Others = append(p.Others, u)
		}
	}
}

// dutyUnit is a unit named, or by its row, that the actor leads or organizes.
func (s *Services) dutyUnit(tx *store.Tx, me Actor, all []models.Unit, named string, unitID int64) (models.Unit, error) {
	i := slices.IndexFunc(all, func(u models.Unit) bool {
		return unitID != 0 && u.ID == unitID || unitID == 0 && models.FoldName(u.Name) == models.FoldName(named)
	})
	if i < 0 {
		return models.Unit{}, models.Refuse(models.CodeNotFound, "error.duty_no_unit", "Part", named)
	}
	if !me.Rights.Leader(all[i].ID) {
		return all[i], s.refuseDuty(tx, me, all[i])
	}
	return all[i], nil
}

// refuseMember says who answers for the duties of somebody's own unit, and to
// who is in none who organizes.
func (s *Services) refuseMember(tx *store.Tx, me Actor) error {
	if me.Person.ID == 0 {
		return s.refuseOrganizer(tx, me)
	}
	u, err := tx.UnitOf(me.Person.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return s.refuseOrganizer(tx, me)
	case err != nil:
		return err
	}
	return s.refuseDuty(tx, me, u)
}

// refuseDuty says who answers for a unit's duties.
func (s *Services) refuseDuty(tx *store.Tx, me Actor, u models.Unit) error {
	all, err := tx.Units(me.Tenant.ID)
	if err != nil {
		return err
	}
	who, err := s.answerers(tx, me.Tenant, all, []int64{u.ID})
	if err != nil {
		return err
	}
	if len(who[u.ID]) == 0 {
		return s.refuseOrganizer(tx, me)
	}
	return models.Refuse(models.CodeForbidden, "error.duty_not_leader", "Unit", u.Name, "Who", tags(who[u.ID]))
}

// dutyPeople are the people who entered what is shown.
func dutyPeople(tx *store.Tx, units []DutyUnit) (map[int64]models.Person, error) {
	var ids []int64
	for _, u := range units {
		for _, s := range append(slices.Clone(u.Present), u.Missing...) {
			for _, h := range s.Held {
				ids = append(ids, h.ByID)
			}
		}
	}
	slices.Sort(ids)
	return tx.PersonsByIDs(slices.Compact(ids))
}
