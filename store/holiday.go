package store

import (
	"fmt"

	"muster/models"
)

// OrgDays are an organisation's own days in [from, to] (2026-01-01), by date;
// deleted ones only with all.
func (tx *Tx) OrgDays(tenantID int64, from, to string, all bool) ([]models.OrgDay, error) {
	q := tx.db.Where("tenant_id = ? AND date >= ? AND date <= ?", tenantID, from, to)
	if !all {
		q = q.Where("state = ?", models.OrgDayActive)
	}
	days, err := many[models.OrgDay](q.Order("date"))
	if err != nil {
		return nil, fmt.Errorf("own days: %w", err)
	}
	return days, nil
}

// OrgDay is one own day of a tenant by its row id.
func (tx *Tx) OrgDay(tenantID, id int64) (models.OrgDay, error) {
	return one[models.OrgDay](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// OrgDayOn is the own day of a date, also one that was deleted.
func (tx *Tx) OrgDayOn(tenantID int64, date string) (models.OrgDay, error) {
	return one[models.OrgDay](tx.db.Where("tenant_id = ? AND date = ?", tenantID, date))
}

// OccurrencesByHand lists a study's occurrences that somebody placed, by start.
func (tx *Tx) OccurrencesByHand(studyID int64, after models.Instant) ([]models.Occurrence, error) {
	return many[models.Occurrence](tx.db.Where("study_id = ? AND by_hand = ? AND (start_at > ? OR rule_start > ?)", studyID, true, after, after).Order("start_at"))
}

// StudiesHeeding lists a tenant's active studies to which holidays matter.
func (tx *Tx) StudiesHeeding(tenantID int64) ([]models.Study, error) {
	return many[models.Study](tx.db.Where("tenant_id = ? AND state = ? AND holiday IN ?", tenantID, models.StudyActive,
		[]string{models.HolidaySkip, models.HolidayBefore, models.HolidayAfter}).Order("id"))
}
