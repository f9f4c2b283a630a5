package store

import (
	"errors"
	"fmt"

	"gorm.io/gorm"

	"muster/models"
)

// Study is one study of a tenant by its row id.
func (tx *Tx) Study(tenantID, id int64) (models.Study, error) {
	return one[models.Study](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// StudyByNumber finds s7.
func (tx *Tx) StudyByNumber(tenantID int64, number int) (models.Study, error) {
	return one[models.Study](tx.db.Where("tenant_id = ? AND number = ?", tenantID, number))
}

// StudiesByIDs maps ids to studies.
func (tx *Tx) StudiesByIDs(ids []int64) (map[int64]models.Study, error) {
	out := make(map[int64]models.Study, len(ids))
	rows, err := many[models.Study](tx.db.Where("id IN ?", ids))
	if err != nil {
		return nil, fmt.Errorf("studies by id: %w", err)
	}
	for _, s := range rows {
		out[s.ID] = s
	}
	return out, nil
}

// Studies lists a tenant's studies in a state ("" = any), newest first.
func (tx *Tx) Studies(tenantID int64, state string, limit int) ([]models.Study, error) {
	q := tx.db.Where("tenant_id = ?", tenantID)
	if state != "" {
		q = q.Where("state = ?", state)
	}
	return many[models.Study](q.Order("id DESC").Limit(limit))
}

// StudiesAfter pages through a tenant's studies by id, for exports.
func (tx *Tx) StudiesAfter(tenantID, afterID int64, limit int) ([]models.Study, error) {
	return many[models.Study](tx.db.Where("tenant_id = ? AND id > ?", tenantID, afterID).Order("id").Limit(limit))
}

// StudiesFor lists the active studies whose audience is one of these.
func (tx *Tx) StudiesFor(tenantID int64, audiences ...models.Audience) ([]models.Study, error) {
	var out []models.Study
	for _, a := range audiences {
		rows, err := many[models.Study](tx.db.Where("tenant_id = ? AND state = ? AND audience_kind = ? AND audience_ref = ?",
			tenantID, models.StudyActive, a.Kind, a.Ref).Order("id"))
		if err != nil {
			return nil, fmt.Errorf("studies for %s: %w", a, err)
		}
		out = append(out, rows...)
	}
	return out, nil
}

// Occurrence is one occurrence of a tenant by its row id.
func (tx *Tx) Occurrence(tenantID, id int64) (models.Occurrence, error) {
	return one[models.Occurrence](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// OccurrencesByIDs maps ids to occurrences.
func (tx *Tx) OccurrencesByIDs(ids []int64) (map[int64]models.Occurrence, error) {
	out := make(map[int64]models.Occurrence, len(ids))
	rows, err := many[models.Occurrence](tx.db.Where("id IN ?", ids))
	if err != nil {
		return nil, fmt.Errorf("occurrences by id: %w", err)
	}
	for _, o := range rows {
		out[o.ID] = o
	}
	return out, nil
}

// OccurrenceAt finds the occurrence that the rule put at ruleStart.
func (tx *Tx) OccurrenceAt(studyID int64, ruleStart models.Instant) (models.Occurrence, error) {
	return one[models.Occurrence](tx.db.Where("study_id = ? AND rule_start = ?", studyID, ruleStart))
}

// OccurrencesOf lists a study's occurrences that end after `after`, by start.
func (tx *Tx) OccurrencesOf(studyID int64, after models.Instant, limit int) ([]models.Occurrence, error) {
	return many[models.Occurrence](tx.db.Where("study_id = ? AND end_at > ?", studyID, after).Order("start_at").Limit(limit))
}

// LastRuleStart is the latest time of its rule for which a study has an
// occurrence; 0 for none.
func (tx *Tx) LastRuleStart(studyID int64) (models.Instant, error) {
	o, err := one[models.Occurrence](tx.db.Where("study_id = ?", studyID).Order("rule_start DESC"))
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return o.RuleStart, err
}

// LastOccurrence is the study's latest occurrence that began by `by`.
func (tx *Tx) LastOccurrence(studyID int64, by models.Instant) (models.Occurrence, error) {
	return one[models.Occurrence](tx.db.Where("study_id = ? AND start_at <= ?", studyID, by).Order("start_at DESC"))
}

// OccurrencesBetween lists a tenant's occurrences that start in [from, to).
func (tx *Tx) OccurrencesBetween(tenantID int64, from, to models.Instant) ([]models.Occurrence, error) {
	return many[models.Occurrence](tx.db.Where("tenant_id = ? AND start_at >= ? AND start_at < ?", tenantID, from, to).Order("start_at, id"))
}

// Attendance is one attendance of a tenant by its row id.
func (tx *Tx) Attendance(tenantID, id int64) (models.Attendance, error) {
	return one[models.Attendance](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// AttendanceOf is a person's attendance of one occurrence.
func (tx *Tx) AttendanceOf(occurrenceID, personID int64) (models.Attendance, error) {
	return one[models.Attendance](tx.db.Where("occurrence_id = ? AND person_id = ?", occurrenceID, personID))
}

// AttendancesOf pages through an occurrence's attendances by person id.
func (tx *Tx) AttendancesOf(occurrenceID, afterPerson int64, limit int) ([]models.Attendance, error) {
	return many[models.Attendance](tx.db.Where("occurrence_id = ? AND person_id > ?", occurrenceID, afterPerson).Order("person_id").Limit(limit))
}

// HaveAttendance says which of these people an occurrence has a row for.
func (tx *Tx) HaveAttendance(occurrenceID int64, personIDs []int64) (map[int64]bool, error) {
	var ids []int64
	err := tx.db.Model(&models.Attendance{}).Where("occurrence_id = ? AND person_id IN ?", occurrenceID, personIDs).
		Pluck("person_id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("attendances of occurrence %d: %w", occurrenceID, err)
	}
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

// AttendancesOutside lists an occurrence's attendances of people who are not
// in the audience.
func (tx *Tx) AttendancesOutside(occurrenceID, tenantID int64, a models.Audience, unitIDs []int64) ([]models.Attendance, error) {
	inside := tx.audience(tenantID, a, unitIDs).Select("persons.id")
	return many[models.Attendance](tx.db.Where("occurrence_id = ? AND person_id NOT IN (?)", occurrenceID, inside).Order("person_id"))
}

// AttendancesBetween lists a tenant's attendances of occurrences that start in
// [from, to), by start and person; afterID pages.
func (tx *Tx) AttendancesBetween(tenantID int64, from, to models.Instant, afterID int64, limit int) ([]models.Attendance, error) {
	return many[models.Attendance](tx.db.Joins("JOIN occurrences o ON o.id = attendances.occurrence_id").
		Where("attendances.tenant_id = ? AND o.start_at >= ? AND o.start_at < ? AND attendances.id > ?", tenantID, from, to, afterID).
		Order("attendances.id").Limit(limit))
}

// AttendancesAhead lists a person's unsettled attendances of occurrences that
// end, or can be made up, after now.
func (tx *Tx) AttendancesAhead(personID int64, now models.Instant) ([]models.Attendance, error) {
	return many[models.Attendance](tx.unsettled(personID).Where("(o.end_at + s.makeup_days * 86400000 > ? OR attendances.open_until > ?)", now, now).
		Order("o.start_at, attendances.id").Limit(100))
}

// AttendancesOpen pages by id through all of a person's unsettled attendances
// about which there may still be something to tell: alternative times lie up
// to a month after the main one, and who has a make-up back has longer.
func (tx *Tx) AttendancesOpen(personID int64, now models.Instant, afterID int64, limit int) ([]models.Attendance, error) {
	return many[models.Attendance](tx.unsettled(personID).Where("o.end_at + (s.makeup_days + 31) * 86400000 > ?", now).
		Where("attendances.id > ?", afterID).Order("attendances.id").Limit(limit))
}

func (tx *Tx) unsettled(personID int64) *gorm.DB {
	return tx.db.Joins("JOIN occurrences o ON o.id = attendances.occurrence_id").
		Joins("JOIN studies s ON s.id = attendances.study_id").
		Where("attendances.person_id = ? AND attendances.state IN ? AND (s.state = ? OR s.state = ? AND attendances.open_until > 0) AND o.state NOT IN ?", personID,
			[]string{models.AttendanceDue, models.AttendanceAbsent}, models.StudyActive, models.StudyEnded, []string{models.OccurrenceSkipped, models.OccurrenceNotHeld})
}

// CountAttendances counts an occurrence's attendances by state, and those still
// due by intent under "due:attend", "due:makeup" and so on.
func (tx *Tx) CountAttendances(occurrenceID int64) (map[string]int, error) {
	var rows []struct {
		State, Intent string
		N             int
	}
	err := tx.db.Model(&models.Attendance{}).Select("state, intent, count(*) AS n").
		Where("occurrence_id = ?", occurrenceID).Group("state, intent").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count attendances: %w", err)
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r.State] += r.N
		if r.State == models.AttendanceDue && r.Intent != "" {
			out[r.State+":"+r.Intent] += r.N
		}
	}
	return out, nil
}

// CountSlot counts who chose a slot of an occurrence and is not excused.
func (tx *Tx) CountSlot(occurrenceID int64, slot int) (int, error) {
	var n int64
	err := tx.db.Model(&models.Attendance{}).
		Where("occurrence_id = ? AND slot = ? AND (intent = ? OR state = ?)", occurrenceID, slot, models.IntentAttend, models.AttendanceAttended).
		Count(&n).Error
	return int(n), err
}

// CountSlots is CountSlot of all times of an occurrence, by slot.
func (tx *Tx) CountSlots(occurrenceID int64) (map[int]int, error) {
	var rows []struct{ Slot, N int }
	err := tx.db.Model(&models.Attendance{}).Select("slot, count(*) AS n").
		Where("occurrence_id = ? AND (intent = ? OR state = ?)", occurrenceID, models.IntentAttend, models.AttendanceAttended).
		Group("slot").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count slots: %w", err)
	}
	out := map[int]int{}
	for _, r := range rows {
		out[r.Slot] = r.N
	}
	return out, nil
}

// SlotPeople are the first who chose a slot of an occurrence, as CountSlot
// counts them.
func (tx *Tx) SlotPeople(occurrenceID int64, slot, limit int) ([]models.Person, error) {
	return many[models.Person](tx.db.Joins("JOIN attendances a ON a.person_id = persons.id").
		Where("a.occurrence_id = ? AND a.slot = ? AND (a.intent = ? OR a.state = ?)", occurrenceID, slot, models.IntentAttend, models.AttendanceAttended).
		Order("a.id").Limit(limit))
}

// StudyMinutes is a person's credited study minutes for what took place in
// [from, to).
func (tx *Tx) StudyMinutes(personID int64, from, to models.Instant) (int, error) {
	var sum []int
	err := tx.db.Model(&models.Attendance{}).Select("COALESCE(SUM(attendances.credit), 0)").
		Joins("JOIN occurrences o ON o.id = attendances.occurrence_id").
		Where("attendances.person_id = ? AND attendances.state IN ? AND o.start_at >= ? AND o.start_at < ?", personID,
			[]string{models.AttendanceAttended, models.AttendanceMadeUp}, from, to).Scan(&sum).Error
	if err != nil || len(sum) == 0 {
		return 0, err
	}
	return sum[0], nil
}

// StudyMinutesBy is StudyMinutes of everybody of a tenant, by person.
func (tx *Tx) StudyMinutesBy(tenantID int64, from, to models.Instant) (map[int64]int, error) {
	var rows []struct {
		PersonID int64
		N        int
	}
	err := tx.db.Model(&models.Attendance{}).Select("attendances.person_id AS person_id, COALESCE(SUM(attendances.credit), 0) AS n").
		Joins("JOIN occurrences o ON o.id = attendances.occurrence_id").
		Where("attendances.tenant_id = ? AND attendances.state IN ? AND o.start_at >= ? AND o.start_at < ?", tenantID,
			[]string{models.AttendanceAttended, models.AttendanceMadeUp}, from, to).Group("attendances.person_id").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("study minutes: %w", err)
	}
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r.N
	}
	return out, nil
}

// KeepReminding stores the bookkeeping of an attendance's reminders, which is
// no fact about the member and has no entry.
func (tx *Tx) KeepReminding(a *models.Attendance) error {
	err := tx.db.Model(&models.Attendance{ID: a.ID}).Select("Reminded", "SnoozedTo", "FollowedAt").Updates(a).Error
	if err != nil {
		return fmt.Errorf("keep reminders of attendance %d: %w", a.ID, err)
	}
	return nil
}
