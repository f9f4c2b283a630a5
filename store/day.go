package store

import (
	"fmt"

	"muster/models"
)

// DuesOfPerson are what is planned for one person by these rules, soonest
// first; what is overdue is among them.
func (tx *Tx) DuesOfPerson(tenantID, personID int64, kinds ...models.DueKind) ([]models.Due, error) {
	rows, err := many[models.Due](tx.db.Where("tenant_id = ? AND person_id = ? AND kind IN ?", tenantID, personID, kinds).Order("due_at, id"))
	if err != nil {
		return nil, fmt.Errorf("what is planned for person %d: %w", personID, err)
	}
	return rows, nil
}

// StudySounds counts the messages about study that a person got between two
// instants, or that are on their way to come then.
func (tx *Tx) StudySounds(tenantID, personID int64, from, to models.Instant) (int, error) {
	var n int64
	err := tx.db.Model(&models.Message{}).Where("tenant_id = ? AND person_id = ? AND kind IN ?", tenantID, personID,
		[]models.MessageKind{models.MessageStudy, models.MessageStudyFollow, models.MessageStudyDay}).
		Where("(shown > 0 AND sent_at >= ? AND sent_at < ?) OR (shown = 0 AND state IN ? AND due_at >= ? AND due_at < ?)", from, to,
			[]models.MessageState{models.MessageQueued, models.MessageSending}, from, to).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("messages about study: %w", err)
	}
	return int(n), nil
}

// ShowIn says which message of the day shows an attendance now; 0 is none. Like
// KeepReminding it is no fact and has no entry.
func (tx *Tx) ShowIn(attendanceID, messageID int64) error {
	return tx.db.Model(&models.Attendance{}).Where("id = ?", attendanceID).Update("day_id", messageID).Error
}

// TouchStudy touches what shows a member's attendance of an occurrence: their
// living message of it, or the message of the day in which it stands.
func (tx *Tx) TouchStudy(tenantID, occurrenceID, personID int64) error {
	if err := tx.Touch(tenantID, models.StudyKey(occurrenceID, personID)); err != nil {
		return err
	}
	return touched(tx.db.Where("tenant_id = ? AND id IN (?)", tenantID, tx.db.Model(&models.Attendance{}).Select("day_id").
		Where("occurrence_id = ? AND person_id = ? AND day_id <> 0", occurrenceID, personID)))
}
