package store

import (
	"fmt"
	"slices"

	"muster/models"
)

// Duties are the duties of a tenant's units that hold, in the order in which
// they were made.
func (tx *Tx) Duties(tenantID int64) ([]models.UnitDuty, error) {
	return many[models.UnitDuty](tx.db.Where("tenant_id = ? AND deleted = ?", tenantID, false).Order("id"))
}

// Duty is one duty of a tenant by its row id, deleted or not.
func (tx *Tx) Duty(tenantID, id int64) (models.UnitDuty, error) {
	return one[models.UnitDuty](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// DutiesWith are the duties that hold and that somebody made together with one,
// itself first.
func (tx *Tx) DutiesWith(d models.UnitDuty) ([]models.UnitDuty, error) {
	return many[models.UnitDuty](tx.db.Where("tenant_id = ? AND by_id = ? AND created_at = ? AND id >= ? AND deleted = ?",
		d.TenantID, d.ByID, d.CreatedAt, d.ID, false).Order("id"))
}

// DutyRecords are what was entered by hand for days from a date on; units nil =
// for all.
func (tx *Tx) DutyRecords(tenantID int64, from string, units []int64) ([]models.DutyRecord, error) {
	q := tx.db.Where("tenant_id = ? AND day >= ? AND taken_back = ?", tenantID, from, false)
	if units != nil {
		q = q.Where("unit_id IN ?", units)
	}
	return many[models.DutyRecord](q.Order("day, id"))
}

// DutyRecord is one record of a tenant by its row id.
func (tx *Tx) DutyRecord(tenantID, id int64) (models.DutyRecord, error) {
	return one[models.DutyRecord](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// StudiesWithDuty are the studies that count for a duty, those taken back
// among them.
func (tx *Tx) StudiesWithDuty(tenantID int64) ([]models.Study, error) {
	return many[models.Study](tx.db.Where("tenant_id = ? AND duty_id <> ?", tenantID, 0).Order("id"))
}

// inMost is how many values one IN may name: far below what either database
// takes.
const inMost = 500

// OccurrencesOfStudies are the occurrences of these studies that start from an
// instant on.
func (tx *Tx) OccurrencesOfStudies(tenantID int64, studies []int64, from models.Instant) ([]models.Occurrence, error) {
	var out []models.Occurrence
	for ids := range slices.Chunk(studies, inMost) {
		rows, err := many[models.Occurrence](tx.db.Where("tenant_id = ? AND start_at >= ? AND study_id IN ?", tenantID, from, ids).Order("start_at, id"))
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// UnitsMade is when each of these units (nil = all) first stood in the record.
func (tx *Tx) UnitsMade(tenantID int64, units []int64) (map[int64]models.Instant, error) {
	var rows []struct {
		ThingID int64
		At      models.Instant
	}
	q := tx.db.Model(&models.Entry{}).Select("thing_id, MIN(entered_at) AS at").Where("tenant_id = ? AND thing = ?", tenantID, "unit")
	if units != nil {
		q = q.Where("thing_id IN ?", units)
	}
	if err := q.Group("thing_id").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("when units were made: %w", err)
	}
	out := make(map[int64]models.Instant, len(rows))
	for _, r := range rows {
		out[r.ThingID] = r.At
	}
	return out, nil
}

// DutyNotices are what somebody was told already of these periods.
func (tx *Tx) DutyNotices(tenantID, personID int64, periods []string) ([]models.DutyNotice, error) {
	return many[models.DutyNotice](tx.db.Where("tenant_id = ? AND person_id = ? AND period IN ?", tenantID, personID, periods).Order("id"))
}

// SaveDutyNotice keeps that somebody was told.
func (tx *Tx) SaveDutyNotice(n *models.DutyNotice) error { return tx.insert(n) }
