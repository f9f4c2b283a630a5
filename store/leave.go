package store

import (
	"fmt"

	"muster/models"
)

// Leave is one leave of a tenant by its row id.
func (tx *Tx) Leave(tenantID, id int64) (models.Leave, error) {
	return one[models.Leave](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// LeaveFrom is the latest leave that was asked for from an attendance.
func (tx *Tx) LeaveFrom(attendanceID int64) (models.Leave, error) {
	return one[models.Leave](tx.db.Where("attendance_id = ?", attendanceID).Order("id DESC"))
}

// LeavesAt are the leaves given that cover a session of a unit, by person.
func (tx *Tx) LeavesAt(tenantID, unitID int64, start models.Instant) (map[int64]models.Leave, error) {
	rows, err := many[models.Leave](tx.db.Where("tenant_id = ? AND unit_id = ? AND state = ? AND from_at <= ? AND until_at > ?",
		tenantID, unitID, models.LeaveGiven, start, start).Order("id"))
	if err != nil {
		return nil, fmt.Errorf("leaves of unit %d: %w", unitID, err)
	}
	out := make(map[int64]models.Leave, len(rows))
	for _, l := range rows {
		out[l.PersonID] = l
	}
	return out, nil
}

// AttendancesIn lists a person's attendances of a unit's sessions that start
// in a leave's time, by start.
func (tx *Tx) AttendancesIn(l models.Leave) ([]models.Attendance, error) {
	return many[models.Attendance](tx.db.Joins("JOIN occurrences o ON o.id = attendances.occurrence_id").
		Joins("JOIN studies s ON s.id = attendances.study_id").
		Where("attendances.person_id = ? AND s.unit_id = ? AND o.start_at >= ? AND o.start_at < ?", l.PersonID, l.UnitID, l.FromAt, l.UntilAt).
		Order("o.start_at, attendances.id"))
}
