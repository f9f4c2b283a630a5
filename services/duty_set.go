package services

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"muster/models"
	"muster/store"
)

// DutyEdit is what an admin sets of a duty. Set names what was given, nil for
// all of it.
type DutyEdit struct {
	ID      int64  // 0 = Name says which, or a new one
	Name    string // of an edit by name the one to change
	Rename  string
	Cadence string
	Times   int
	For     string // as typed: all, a unit, a type; "" with neither below = all
	ForUnit int64
	ForType string
	Since   string // 2026-07-01; "" = from now on
	Set     map[string]bool
}

// DutySet is a duty as it holds, with the unit it is for.
type DutySet struct {
	Duty  models.UnitDuty
	Unit  models.Unit       // zero unless it is for one unit
	Owing int               // how many units owe it
	First models.DutyPeriod // the first period in which it is owed
	Same  bool              // nothing was changed
}

// mostDuties bounds the duties of an organisation: lists and selects show them
// all.
const mostDuties = 40

// dutyAhead is how far ahead a duty may begin: a little over a year.
const dutyAhead = 400 * 24 * time.Hour

// AddDuty makes a duty, for admins.
func (s *Services) AddDuty(ctx context.Context, act Act, in DutyEdit) (out DutySet, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		duties, err := tx.Duties(me.Tenant.ID)
		if err != nil {
			return err
		}
		if len(duties) >= mostDuties {
			return models.Refuse(models.CodeConflict, "error.duty_many", "N", mostDuties)
		}
		d := models.UnitDuty{TenantID: me.Tenant.ID, Name: in.Name, Cadence: in.Cadence, Times: max(in.Times, 1), ByID: me.Person.ID, CreatedAt: tx.Now}
		if err := s.setDuty(tx, me, &d, in); err != nil {
			return err
		}
		if d.Since == "" {
			d.Since = models.FirstDutyDay(d.Cadence, models.DateOf(tx.Now, me.Tenant.Location()))
		}
		if err := tx.Save(me.By("duty_add"), &d); err != nil {
			return err
		}
		if err := s.planDutyLook(tx, me.Tenant); err != nil {
			return err
		}
		out, err = dutySet(tx, d)
		return err
	})
	return out, err
}

// EditDuty changes a duty, for admins. Another cadence, number or scope holds
// from the period under way on: nobody owes more of the past by it.
func (s *Services) EditDuty(ctx context.Context, act Act, in DutyEdit) (out DutySet, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		was, err := s.duty(tx, me, in.ID, in.Name)
		if err != nil {
			return err
		}
		d := was
		if in.Rename != "" {
			d.Name = in.Rename
		}
		if in.Set == nil || in.Set["every"] {
			d.Cadence = in.Cadence
		}
		if in.Set == nil || in.Set["times"] {
			d.Times = max(in.Times, 1)
		}
		if err := s.setDuty(tx, me, &d, in); err != nil {
			return err
		}
		today := models.DateOf(tx.Now, me.Tenant.Location())
		changed := d.Cadence != was.Cadence || d.Times != was.Times || d.UnitID != was.UnitID || d.UnitType != was.UnitType
		if changed && in.Since == "" && d.Since < today {
			d.Since = today
		}
		if d == was {
			out, err = dutySet(tx, d)
			out.Same = true
			return err
		}
		if err := tx.Save(me.By("duty_edit"), &d); err != nil {
			return err
		}
		out, err = s.dutyChanged(tx, me.Tenant, d)
		return err
	})
	return out, err
}

func (s *Services) dutyChanged(tx *store.Tx, t models.Tenant, d models.UnitDuty) (DutySet, error) {
	if err := s.planDutyLook(tx, t); err != nil {
		return DutySet{}, err
	}
	if err := tx.TouchPrefix(t.ID, "duty:"); err != nil { // few and rare: what leaders were told names it
		return DutySet{}, err
	}
	return dutySet(tx, d)
}

// duty is a duty that holds, by its row or by its name.
func (s *Services) duty(tx *store.Tx, me Actor, dutyID int64, name string) (models.UnitDuty, error) {
	if dutyID != 0 {
		d, err := tx.Duty(me.Tenant.ID, dutyID)
		if errors.Is(err, store.ErrNotFound) || err == nil && d.Deleted {
			return d, models.Refuse(models.CodeNotFound, "error.duty_gone")
		}
		return d, err
	}
	duties, err := tx.Duties(me.Tenant.ID)
	if err != nil {
		return models.UnitDuty{}, err
	}
	var names []string
	for _, d := range duties {
		if models.FoldName(d.Name) == models.FoldName(name) {
			return d, nil
		}
		names = append(names, d.Name)
	}
	if len(duties) == 0 {
		who, err := s.holders(tx, me.Tenant, models.RoleAdmin)
		if err != nil {
			return models.UnitDuty{}, err
		}
		return models.UnitDuty{}, models.Refuse(models.CodeInvalid, "error.duty_none", "Who", tags(who))
	}
	return models.UnitDuty{}, models.Refuse(models.CodeInvalid, "error.duty_unknown", "Part", name, "Names", strings.Join(names[:min(len(names), 8)], " · "))
}

// setDuty checks a duty, and sets for whom and from when it holds.
func (s *Services) setDuty(tx *store.Tx, me Actor, d *models.UnitDuty, in DutyEdit) error {
	d.Name = strings.Join(strings.Fields(d.Name), " ")
	switch {
	case d.Name == "" || utf8.RuneCountInString(d.Name) > models.MaxDutyName:
		return models.Refuse(models.CodeInvalid, "error.duty_name", "N", models.MaxDutyName)
	case !slices.Contains(models.Cadences(), d.Cadence):
		return models.Refuse(models.CodeInvalid, "error.duty_cadence")
	case d.Times < 1 || d.Times > models.MostDutyTimes:
		return models.Refuse(models.CodeInvalid, "error.duty_times", "N", models.MostDutyTimes)
	}
	duties, err := tx.Duties(me.Tenant.ID)
	if err != nil {
		return err
	}
	for _, other := range duties {
		if other.ID != d.ID && models.FoldName(other.Name) == models.FoldName(d.Name) {
			return models.Refuse(models.CodeConflict, "error.duty_taken", "What", other.Name)
		}
	}
	if in.Set == nil || in.Set["for"] {
		if err := dutyFor(tx, me, d, in); err != nil {
			return err
		}
	}
	if in.Since == "" {
		return nil
	}
	zone := me.Tenant.Location()
	at := models.DayStart(in.Since, zone)
	if back := models.DayStart(models.DutyBack(tx.Now, zone), zone); at < back || at > tx.Now.Add(dutyAhead) {
		return models.Refuse(models.CodeInvalid, "error.duty_since")
	}
	d.Since = in.Since
	return nil
}

// dutyFor reads for whom a duty holds: everybody, a unit, or a type of units.
func dutyFor(tx *store.Tx, me Actor, d *models.UnitDuty, in DutyEdit) error {
	units, err := tx.Units(me.Tenant.ID)
	if err != nil {
		return err
	}
	d.UnitID, d.UnitType = 0, ""
	named := models.FoldName(in.For)
	if in.ForUnit == 0 && in.ForType == "" && (named == "" || named == "all") {
		return nil
	}
	var types []string
	for _, u := range units {
		if u.ID == in.ForUnit || in.ForUnit == 0 && in.ForType == "" && models.FoldName(u.Name) == named {
			d.UnitID = u.ID
			return nil
		}
		if u.Type != "" && !slices.Contains(types, u.Type) {
			types = append(types, u.Type)
		}
	}
	for _, t := range types {
		if models.SameUnitType(t, in.ForType) || models.SameUnitType(t, in.For) {
			d.UnitType = t
			return nil
		}
	}
	slices.Sort(types)
	if len(types) == 0 {
		return models.Refuse(models.CodeNotFound, "error.duty_for_no_types", "Part", in.For+in.ForType)
	}
	return models.Refuse(models.CodeNotFound, "error.duty_for", "Part", in.For+in.ForType, "Names", strings.Join(types[:min(len(types), 5)], " · "))
}

// dutySet is a duty as it is echoed.
func dutySet(tx *store.Tx, d models.UnitDuty) (DutySet, error) {
	out := DutySet{Duty: d, First: models.DutyPeriodOf(d.Cadence, d.Since)}
	units, err := tx.Units(d.TenantID)
	if err != nil {
		return out, err
	}
	for _, u := range units {
		if d.For(u) {
			out.Owing++
		}
		if u.ID == d.UnitID {
			out.Unit = u
		}
	}
	return out, nil
}
