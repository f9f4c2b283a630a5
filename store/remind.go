package store

import (
	"fmt"
	"strings"

	"muster/models"
)

// Reminder is one reminder of a tenant by its row id.
func (tx *Tx) Reminder(tenantID, id int64) (models.Reminder, error) {
	return one[models.Reminder](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// RemindersByID are those of an organisation among these, by id.
func (tx *Tx) RemindersByID(tenantID int64, ids []int64) (map[int64]models.Reminder, error) {
	out := make(map[int64]models.Reminder, len(ids))
	err := pieces(len(ids), func(from, to int) error {
		var args []any
		for _, id := range ids[from:to] {
			args = append(args, id)
		}
		// Asked for the organisation too, SQLite walks all of its reminders.
		rows, err := fetch[models.Reminder](tx, "SELECT * FROM reminders WHERE id IN (?"+strings.Repeat(", ?", to-from-1)+")", args...)
		for _, r := range rows {
			if r.TenantID == tenantID {
				out[r.ID] = r
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%d reminders: %w", len(ids), err)
	}
	return out, nil
}

// ReminderByNumber finds m9.
func (tx *Tx) ReminderByNumber(tenantID int64, number int) (models.Reminder, error) {
	return one[models.Reminder](tx.db.Where("tenant_id = ? AND number = ?", tenantID, number))
}

// RemindersOf lists what a person set or is reminded of and is not over, by
// next time; those that came too late to be sent are among them.
func (tx *Tx) RemindersOf(tenantID, personID int64, limit int) ([]models.Reminder, error) {
	rows, err := many[models.Reminder](tx.db.Where("tenant_id = ? AND (by_id = ? OR person_id = ?) AND (state IN ? OR (state = ? AND missed_at > 0))",
		tenantID, personID, personID, []string{models.ReminderAsked, models.ReminderActive}, models.ReminderDone).
		Order("next_at, id").Limit(limit))
	if err != nil {
		return nil, fmt.Errorf("reminders of a person: %w", err)
	}
	return rows, nil
}

// RemindConsent is the last reminder that one person set for another and that
// was answered: agreed to, or refused.
func (tx *Tx) RemindConsent(byID, personID int64) (models.Reminder, error) {
	return one[models.Reminder](tx.db.Where("by_id = ? AND person_id = ? AND (state = ? OR agreed_at > 0)",
		byID, personID, models.ReminderRefused).Order("id DESC"))
}

// RemindersFor lists the active reminders that go to a person.
func (tx *Tx) RemindersFor(personID int64) ([]models.Reminder, error) {
	return many[models.Reminder](tx.db.Where("person_id = ? AND state = ?", personID, models.ReminderActive).Order("id"))
}
