package services

import (
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// giveHours adds the volunteer ledger, the people served and the goods.
func giveHours(tx *store.Tx, tenantID int64, units []int64, sum *models.Summary) error {
	var err error
	if sum.Hours, err = tx.HoursFigures(tenantID, sum.Period, units); err != nil {
		return err
	}
	if sum.Served, sum.Goods, err = tx.GoodsFigures(tenantID, sum.Period, units); err != nil {
		return err
	}
	if sum.Units, err = tx.UnitHours(tenantID, sum.Period, units); err != nil {
		return err
	}
	for i, line := range sum.Units {
		if line.UnitID == 0 {
			continue
		}
		u, err := tx.Unit(line.UnitID)
		if ignoreMissing(err) != nil {
			return err
		}
		sum.Units[i].Unit = u.Name
	}
	return nil
}

// giveMonths adds the months of a year that have begun, each counted as its
// own summary would be.
func giveMonths(tx *store.Tx, t models.Tenant, units []int64, sum *models.Summary) error {
	zone := t.Location()
	month := models.PeriodOf(models.PeriodMonth, sum.Period.Start, zone)
	for ; month.Start < sum.Period.End && month.Start <= tx.Now; month = models.PeriodOf(models.PeriodMonth, month.End, zone) {
		line := models.MonthLine{Start: month.Start}
		var err error
		if line.Calls, _, _, _, err = tx.CallFigures(t.ID, month, units); err != nil {
			return err
		}
		if line.Volunteers, _, err = tx.VolunteerFigures(t.ID, month, units); err != nil {
			return err
		}
		hours, err := tx.HoursFigures(t.ID, month, units)
		if err != nil {
			return err
		}
		line.Minutes = hours.Counted
		if _, line.Study, err = tx.StudyFigures(t.ID, month, units); err != nil {
			return err
		}
		sum.Months = append(sum.Months, line)
	}
	return nil
}

// giveDuties adds what the units have no record of. The look back over duties
// is a year, so an older summary says nothing of them.
func (s *Services) giveDuties(tx *store.Tx, t models.Tenant, units []int64, sum *models.Summary) error {
	if sum.Period.End <= tx.Now.Add(-365*24*time.Hour) {
		return nil
	}
	book, err := s.dutyBook(tx, t, dutyScope{From: models.DutyBack(tx.Now, t.Location()), Units: units})
	if err != nil {
		return err
	}
	var owing []models.Unit
	for _, u := range book.Units {
		if units == nil || slices.Contains(units, u.ID) {
			owing = append(owing, u)
		}
	}
	sum.Duties = book.GapsIn(owing, sum.Period)
	return nil
}
