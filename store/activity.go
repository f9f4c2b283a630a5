package store

import (
	"fmt"

	"muster/models"
)

// ActivityRecord finds an activity record by its row.
func (tx *Tx) ActivityRecord(tenantID, id int64) (models.ActivityRecord, error) {
	return found[models.ActivityRecord]("activity record", tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// ActivityRecordBy finds an activity record by its code.
func (tx *Tx) ActivityRecordBy(code string) (models.ActivityRecord, error) {
	return one[models.ActivityRecord](tx.db.Where("code = ?", code))
}

// ActivityRecordsOf are the activity records of a person, the newest first.
func (tx *Tx) ActivityRecordsOf(tenantID, personID int64) ([]models.ActivityRecord, error) {
	return many[models.ActivityRecord](tx.db.Where("tenant_id = ? AND person_id = ?", tenantID, personID).Order("id DESC"))
}

// WithdrawActivityRecords takes the name off every activity record of a person
// who is forgotten; their codes then say that they are withdrawn.
func (tx *Tx) WithdrawActivityRecords(by models.By, personID int64) error {
	all, err := tx.ActivityRecordsOf(by.TenantID, personID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.WithdrawnAt != 0 {
			continue
		}
		a.Name, a.WithdrawnAt = "", tx.Now
		if err := tx.Save(by, &a); err != nil {
			return fmt.Errorf("withdraw activity record %d: %w", a.ID, err)
		}
	}
	return nil
}

// activityPart is how many rows are looked up at once: databases bound the
// parameters of one statement.
const activityPart = 500

// HoursByIDs are rows of the ledger of hours.
func (tx *Tx) HoursByIDs(tenantID int64, ids []int64) (map[int64]models.Hour, error) {
	out := map[int64]models.Hour{}
	for len(ids) > 0 {
		part := ids[:min(len(ids), activityPart)]
		ids = ids[len(part):]
		rows, err := many[models.Hour](tx.db.Where("tenant_id = ? AND id IN ?", tenantID, part))
		if err != nil {
			return nil, err
		}
		for _, h := range rows {
			out[h.ID] = h
		}
	}
	return out, nil
}

// AttendancesByIDs are members' accounts of occurrences.
func (tx *Tx) AttendancesByIDs(tenantID int64, ids []int64) (map[int64]models.Attendance, error) {
	out := map[int64]models.Attendance{}
	for len(ids) > 0 {
		part := ids[:min(len(ids), activityPart)]
		ids = ids[len(part):]
		rows, err := many[models.Attendance](tx.db.Where("tenant_id = ? AND id IN ?", tenantID, part))
		if err != nil {
			return nil, err
		}
		for _, a := range rows {
			out[a.ID] = a
		}
	}
	return out, nil
}

// StudyCredited are a person's attendances that are credited, of occurrences
// that start in [from, to), by time: those that StudyMinutes adds up.
func (tx *Tx) StudyCredited(personID int64, from, to models.Instant) ([]models.Attendance, error) {
	return many[models.Attendance](tx.db.Joins("JOIN occurrences o ON o.id = attendances.occurrence_id").
		Where("attendances.person_id = ? AND attendances.state IN ? AND attendances.credit > 0 AND o.start_at >= ? AND o.start_at < ?", personID,
			[]string{models.AttendanceAttended, models.AttendanceMadeUp}, from, to).Order("o.start_at, attendances.id"))
}
