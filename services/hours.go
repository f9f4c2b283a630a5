package services

import (
	"errors"
	"fmt"
	"slices"

	"muster/models"
	"muster/store"
)

// hoursFollows keeps the ledger as the sign-ups of this call now lead to.
func (d *desk) hoursFollows(by models.By) error {
	for _, su := range d.Changed() {
		if !servedOtherwise(d.base.Signup(su.ID), su) {
			continue
		}
		if err := d.svc.settleHours(d.tx, by, d.tenant, *su, *d.Shift(su.ShiftID), d.Call.Drill); err != nil {
			return err
		}
	}
	return nil
}

// servedOtherwise says whether anything changed that hours depend on.
func servedOtherwise(was, now *models.Signup) bool {
	if was == nil {
		return now.RollAt != 0
	}
	if was.RollAt == 0 && now.RollAt == 0 {
		return false
	}
	return was.State != now.State || was.RollAt != now.RollAt || was.RollBy != now.RollBy || was.RollFrom != now.RollFrom ||
		was.RollTo != now.RollTo || was.SaidAt != now.SaidAt || was.ContestAt != now.ContestAt || was.CheckBy != now.CheckBy ||
		was.CheckedIn != now.CheckedIn || was.CheckedOut != now.CheckedOut || was.OutBy != now.OutBy
}

// settleHours writes the rows that one sign-up leads to, and what that changes
// in the other rows of the same person's days.
func (s *Services) settleHours(tx *store.Tx, by models.By, t models.Tenant, su models.Signup, shift models.Shift, drill bool) error {
	claims := models.ClaimsOf(su, shift, drill, t.Location())
	old, err := tx.HoursOfSignup(su.ID)
	if err != nil {
		return fmt.Errorf("hours of sign-up %d: %w", su.ID, err)
	}
	if len(claims)+len(old) == 0 {
		return nil
	}
	var days []models.Instant
	for _, h := range append(slices.Clone(claims), old...) {
		if !slices.Contains(days, h.Day) {
			days = append(days, h.Day)
		}
	}
	rows, err := tx.HoursOnDays(t.ID, su.PersonID, days)
	if err != nil {
		return fmt.Errorf("hours of those days: %w", err)
	}
	return s.keepHours(tx, by, t, models.SettleHours(su.ID, claims, rows))
}

// keepHours writes changed rows and asks for, or takes back, what others have
// to say about them.
func (s *Services) keepHours(tx *store.Tx, by models.By, t models.Tenant, changed []*models.Hour) error {
	by.Action = "hours_settle"
	for _, h := range changed {
		asks := h.AwaitsOther()
		switch {
		case !asks:
			h.AskedAt = 0
		case h.AskedAt == 0:
			h.AskedAt = tx.Now
		}
		own := by
		own.At = h.FromAt // the time that was served; entered later than a day after it, it shows as late
		if h.ID != 0 {
			own.At = 0
		}
		if err := tx.Save(own, h); err != nil {
			return fmt.Errorf("save hours: %w", err)
		}
		if err := s.hoursSay(tx, t, *h, asks); err != nil {
			return err
		}
	}
	return nil
}

func approveKey(id, to int64) string { return fmt.Sprintf("hours:approve:%d:%d", id, to) }

// hoursSay asks those whose word is missing, and edits what they were asked
// before.
func (s *Services) hoursSay(tx *store.Tx, t models.Tenant, h models.Hour, asks bool) error {
	for _, about := range []string{fmt.Sprintf("hours:approve:%d:", h.ID), fmt.Sprintf("hours:told:%d:", h.ID), fmt.Sprintf("contest:%d:", h.SignupID)} {
		if err := tx.TouchPrefix(t.ID, about); err != nil {
			return err
		}
	}
	if !asks {
		return nil
	}
	to, err := s.secondPersons(tx, t, h)
	if err != nil {
		return err
	}
	for _, id := range to {
		_, sendErr := tx.Enqueue(models.Message{TenantID: t.ID, Key: approveKey(h.ID, id), Kind: models.MessageHoursApprove,
			SubjectID: h.ID, PersonID: id, Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait})
		err = errors.Join(err, sendErr)
	}
	return err
}

// secondPersons are who may say the second word about somebody's hours: the
// organizers of the parent of their unit, or of a unit above it; with none, or
// over twelve hours, the admins. Never the person, and never who entered them.
func (s *Services) secondPersons(tx *store.Tx, t models.Tenant, h models.Hour) ([]int64, error) {
	var out []int64
	if h.Needs != models.NeedsAdmin {
		above, err := unitsOver(tx, t.ID, h.PersonID)
		if err != nil {
			return nil, err
		}
		for _, unit := range above {
			who, err := s.holdersWhere(tx, t, models.RoleOrganizer, func(r models.Right) bool { return r.UnitID == unit })
			if err != nil {
				return nil, err
			}
			if out = othersThan(who, h); len(out) > 0 {
				return out, nil
			}
		}
	}
	admins, err := s.holders(tx, t, models.RoleAdmin)
	return othersThan(admins, h), err
}

func othersThan(people []models.Person, h models.Hour) (ids []int64) {
	for _, p := range people {
		if p.ID != 0 && !p.Gone && p.ID != h.PersonID && p.ID != h.EnteredBy {
			ids = append(ids, p.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// unitsOver are the units above a person's own, nearest first.
func unitsOver(tx *store.Tx, tenantID, personID int64) ([]int64, error) {
	u, err := tx.UnitOf(personID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("unit of a person: %w", err)
	}
	all, err := tx.Units(tenantID)
	if err != nil {
		return nil, fmt.Errorf("units: %w", err)
	}
	return models.UnitsAbove(all, u.ID), nil
}

func (s *Services) hoursDues() map[models.DueKind]dueFunc { return nil }
