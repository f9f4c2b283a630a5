package store

import (
	"cmp"
	"fmt"
	"slices"

	"muster/models"
)

// What is asked about a portion of people at once: a walk over a hundred
// thousand that asked about each alone would spend its time on asking. Portions
// are some hundreds: they stay below a database's limit on parameters.

// DuesOfPeople is DuesOfPerson for many, by person.
func (tx *Tx) DuesOfPeople(tenantID int64, ids []int64, kinds ...models.DueKind) (map[int64][]models.Due, error) {
	// By person and rule alone: asked for the tenant or for an order besides, SQLite
	// goes through all that is planned.
	rows, err := many[models.Due](tx.db.Where("person_id IN ? AND kind IN ?", ids, kinds))
	if err != nil {
		return nil, fmt.Errorf("what is planned for people: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(d models.Due) bool { return d.TenantID != tenantID })
	slices.SortFunc(rows, func(a, b models.Due) int { return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.ID, b.ID)) })
	out := map[int64][]models.Due{}
	for _, d := range rows {
		out[d.PersonID] = append(out[d.PersonID], d)
	}
	return out, nil
}

// RemindersForPeople is RemindersFor for many, by person.
func (tx *Tx) RemindersForPeople(ids []int64) (map[int64][]models.Reminder, error) {
	rows, err := many[models.Reminder](tx.db.Where("person_id IN ? AND state = ?", ids, models.ReminderActive).Order("id"))
	if err != nil {
		return nil, fmt.Errorf("reminders of people: %w", err)
	}
	out := map[int64][]models.Reminder{}
	for _, r := range rows {
		out[r.PersonID] = append(out[r.PersonID], r)
	}
	return out, nil
}

// Occupied are those of some people who have a place in a call, and those who
// have an attendance about which something may still be to do: all others have
// nothing of the kind that could move.
func (tx *Tx) Occupied(ids []int64) (places, attendances map[int64]bool, err error) {
	places, attendances = map[int64]bool{}, map[int64]bool{}
	for _, of := range []struct {
		table  any
		states any
		into   map[int64]bool
	}{
		{&models.Signup{}, activeStates, places},
		{&models.Attendance{}, []string{models.AttendanceDue, models.AttendanceAbsent}, attendances},
	} {
		var found []int64
		if err := tx.db.Model(of.table).Where("person_id IN ? AND state IN ?", ids, of.states).Distinct().Pluck("person_id", &found).Error; err != nil {
			return nil, nil, fmt.Errorf("who is occupied: %w", err)
		}
		for _, id := range found {
			of.into[id] = true
		}
	}
	return places, attendances, nil
}
