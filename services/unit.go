package services

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"muster/models"
	"muster/store"
)

// Ledger is the units as an admin sees them, with what is amiss.
type Ledger struct {
	Rows []models.UnitRow
	Gaps []models.Gap
	// Outside are members in no unit.
	Outside int
	// Admin says that the reader may change units.
	Admin bool
}

// Units is the ledger, for admins.
func (s *Services) Units(ctx context.Context, act Act) (Ledger, error) {
	var out Ledger
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		var err error
		out, err = s.ledgerWithDuties(tx, me)
		return err
	})
	return out, err
}

// UnitGaps is what is amiss: in all units for admins, for who leads or
// organizes units in these and those below.
func (s *Services) UnitGaps(ctx context.Context, act Act) (Ledger, error) {
	var out Ledger
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Leader(0) {
			return s.refuseAdmin(tx, me)
		}
		var err error
		if out, err = s.ledgerWithDuties(tx, me); err != nil {
			return err
		}
		out.Gaps = slices.DeleteFunc(out.Gaps, func(g models.Gap) bool { return !me.Rights.Leader(g.Unit.ID) })
		return nil
	})
	return out, err
}

// ledgerWithDuties is the ledger with the periods without a record among its
// gaps, each unit's gaps together.
func (s *Services) ledgerWithDuties(tx *store.Tx, me Actor) (Ledger, error) {
	out, err := ledger(tx, me.Tenant)
	if err != nil {
		return out, err
	}
	out.Admin = me.Rights.Admin()
	book, err := s.dutyBook(tx, me.Tenant, dutyScope{From: models.DutyBack(tx.Now, me.Tenant.Location())})
	if err != nil {
		return out, err
	}
	place := map[int64]int{}
	for i, r := range out.Rows {
		place[r.ID] = i
	}
	out.Gaps = append(out.Gaps, book.DutyGaps(book.Units)...)
	slices.SortStableFunc(out.Gaps, func(a, b models.Gap) int { return cmp.Compare(place[a.Unit.ID], place[b.Unit.ID]) })
	return out, nil
}

func ledger(tx *store.Tx, t models.Tenant) (Ledger, error) {
	var out Ledger
	units, err := tx.Units(t.ID)
	if err != nil {
		return out, fmt.Errorf("units: %w", err)
	}
	counts, err := tx.UnitCounts(t.ID)
	if err != nil {
		return out, err
	}
	var leaders []int64
	for _, u := range units {
		leaders = append(leaders, u.LeaderID)
	}
	people, err := tx.PersonsByIDs(leaders)
	if err != nil {
		return out, err
	}
	out.Rows = models.UnitTree(units)
	for i := range out.Rows {
		r := &out.Rows[i]
		r.Leader, r.Members = people[r.LeaderID], counts[r.ID]
		r.All = r.Members
		for _, id := range models.UnitsBelow(units, r.ID) {
			r.All += counts[id]
		}
	}
	out.Gaps = models.UnitGaps(out.Rows)
	out.Outside = counts[0]
	return out, nil
}

// UnitForm is what the form of a unit shows.
type UnitForm struct {
	Unit   models.Unit // zero = a new one
	Leader string      // Slack id
	Units  []models.Unit
}

// UnitForm loads a unit for its form, id 0 = a new one.
func (s *Services) UnitForm(ctx context.Context, act Act, id int64) (UnitForm, error) {
	var out UnitForm
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		var err error
		if out.Units, err = tx.Units(me.Tenant.ID); err != nil || id == 0 {
			return err
		}
		if out.Unit, err = unitOf(tx, me, id); err != nil {
			return err
		}
		if out.Unit.LeaderID == 0 {
			return nil
		}
		leader, err := tx.Person(out.Unit.LeaderID)
		out.Leader = leader.Slack()
		return ignoreMissing(err)
	})
	return out, err
}

// unitOf is a unit of the actor's tenant.
func unitOf(tx *store.Tx, me Actor, id int64) (models.Unit, error) {
	u, err := tx.Unit(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && u.TenantID != me.Tenant.ID {
		return models.Unit{}, models.Refuse(models.CodeNotFound, "unit.gone")
	}
	return u, err
}

// UnitEdit is what an admin sets for a unit. Join and Leave are Slack ids.
type UnitEdit struct {
	ID                   int64 // 0 = a new one
	Name, Type           string
	ParentID             int64
	Leader               string // Slack id, "" = none
	Windows              []models.Window
	QuietStart, QuietEnd *int
	Join, Leave          []string
}

// unitName bounds a unit's name: it stands on cards and in buttons.
const unitName = 60

// SaveUnit makes or changes a unit, and puts people into it or takes them out.
// Who was in another unit leaves that one.
func (s *Services) SaveUnit(ctx context.Context, act Act, in UnitEdit) (models.Unit, error) {
	var out models.Unit
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		units, err := tx.Units(me.Tenant.ID)
		if err != nil {
			return err
		}
		u := models.Unit{TenantID: me.Tenant.ID}
		if in.ID != 0 {
			if u, err = unitOf(tx, me, in.ID); err != nil {
				return err
			}
		}
		if err := in.check(units); err != nil {
			return err
		}
		was := u
		u.Name, u.Type, u.ParentID = in.Name, in.Type, in.ParentID
		u.Windows, u.QuietStart, u.QuietEnd = in.Windows, in.QuietStart, in.QuietEnd
		if u.LeaderID, err = unitLeader(tx, me, in.Leader); err != nil {
			return err
		}
		if err := tx.Save(me.By(cmp.Or(map[bool]string{true: "unit_add"}[in.ID == 0], "unit_change")), &u); err != nil {
			return err
		}
		out = u
		if err := renamed(tx, me, units, was.Name, u.Name); err != nil {
			return err
		}
		if err := s.moveMembers(tx, me, u, in); err != nil {
			return err
		}
		return s.movedTimes(tx, me.Tenant.ID)
	})
	return out, err
}

// check says what of an edit cannot be, by the units there are.
func (in *UnitEdit) check(units []models.Unit) error {
	in.Name = strings.Join(strings.Fields(in.Name), " ")
	if in.Name == "" || utf8.RuneCountInString(in.Name) > unitName {
		return models.Refuse(models.CodeInvalid, "unit.bad_name", "N", unitName)
	}
	if utf8.RuneCountInString(in.Type) > unitName {
		return models.Refuse(models.CodeInvalid, "unit.bad_name", "N", unitName)
	}
	for _, u := range units {
		if u.Name == in.Name && u.ID != in.ID {
			return models.Refuse(models.CodeConflict, "unit.name_taken", "What", in.Name)
		}
	}
	if in.ParentID == 0 {
		return nil
	}
	i := slices.IndexFunc(units, func(u models.Unit) bool { return u.ID == in.ParentID })
	if i < 0 {
		return models.Refuse(models.CodeNotFound, "unit.gone")
	}
	if in.ID != 0 && (in.ParentID == in.ID || slices.Contains(models.UnitsBelow(units, in.ID), in.ParentID)) {
		return models.Refuse(models.CodeInvalid, "unit.ring", "What", units[i].Name)
	}
	return nil
}

// unitLeader is who leads, 0 for nobody.
func unitLeader(tx *store.Tx, me Actor, slackID string) (int64, error) {
	if slackID == "" {
		return 0, nil
	}
	p, err := tx.EnsurePerson(me.Tenant.ID, slackID)
	if err != nil {
		return 0, fmt.Errorf("leader: %w", err)
	}
	if p.Bot || p.Gone {
		return 0, models.Refuse(models.CodeInvalid, "role.bot")
	}
	return p.ID, tx.MakeMembers([]int64{p.ID})
}

// renamed keeps joint units that name a unit in step with its new name.
func renamed(tx *store.Tx, me Actor, units []models.Unit, was, now string) error {
	if was == "" || was == now {
		return nil
	}
	for _, u := range units {
		i := slices.Index(u.JointOf, was)
		if i < 0 {
			continue
		}
		u.JointOf = slices.Clone(u.JointOf)
		u.JointOf[i] = now
		if err := tx.Save(me.By("unit_change"), &u); err != nil {
			return err
		}
	}
	return nil
}

// moveMembers puts people into a unit and takes people out. Who is moved is a
// member from now on.
func (s *Services) moveMembers(tx *store.Tx, me Actor, u models.Unit, in UnitEdit) error {
	for _, slackID := range in.Join {
		p, err := tx.EnsurePerson(me.Tenant.ID, slackID)
		if err != nil {
			return fmt.Errorf("member of unit %d: %w", u.ID, err)
		}
		if p.Bot || p.Gone {
			continue
		}
		if err := setUnit(tx, me.By("unit_member"), p.ID, u.ID); err != nil {
			return err
		}
		if err := tx.MakeMembers([]int64{p.ID}); err != nil {
			return err
		}
	}
	for _, slackID := range in.Leave {
		p, err := tx.PersonBySlack(me.Tenant.ID, slackID)
		if errors.Is(err, store.ErrNotFound) || slices.Contains(in.Join, slackID) {
			continue
		}
		if err != nil {
			return err
		}
		had, err := tx.UnitOf(p.ID)
		if ignoreMissing(err) != nil {
			return err
		}
		if had.ID != u.ID || had.ID == 0 {
			continue
		}
		if err := setUnit(tx, me.By("unit_member"), p.ID, 0); err != nil {
			return err
		}
	}
	return nil
}
