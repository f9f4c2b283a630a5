package store

import (
	"fmt"

	"muster/models"
)

// holdStates are those of a place that somebody has, or had and used.
var holdStates = []models.SignupState{models.SignupConfirmed, models.SignupCheckedIn, models.SignupDone}

// Ask is one question of a tenant by its row id.
func (tx *Tx) Ask(tenantID, id int64) (models.Ask, error) {
	return one[models.Ask](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// AsksOf lists the questions of a call, in the order in which they were put.
func (tx *Tx) AsksOf(callID int64) ([]*models.Ask, error) {
	return many[*models.Ask](tx.db.Where("call_id = ?", callID).Order("id"))
}

// AsksTo lists the questions of a call to one person.
func (tx *Tx) AsksTo(callID, personID int64) ([]*models.Ask, error) {
	return many[*models.Ask](tx.db.Where("call_id = ? AND person_id = ?", callID, personID).Order("id"))
}

// WaitingAsks lists the questions that wait for a person's answer, in any call
// that takes sign-ups and whose shift is not over at from.
func (tx *Tx) WaitingAsks(tenantID, personID int64, from models.Instant) ([]*models.Ask, error) {
	return many[*models.Ask](tx.db.Joins("JOIN calls ON calls.id = call_asks.call_id").
		Joins("JOIN call_shifts ON call_shifts.id = call_asks.shift_id").
		Where("call_asks.tenant_id = ? AND call_asks.person_id = ? AND call_asks.state IN ?", tenantID, personID,
			[]models.AskState{models.AskOpen, models.AskSilent, models.AskLater}).
		Where("calls.state IN ? AND call_shifts.end_at > ?", []models.CallState{models.CallOpen, models.CallFilled}, from).
		Order("call_asks.asked_at, call_asks.id"))
}

// RunsOf lists how asking stands for the roles of a call.
func (tx *Tx) RunsOf(callID int64) ([]*models.Run, error) {
	return fetchUnlessNone[models.Run](tx, "call_runs", of("call", callID), "SELECT * FROM call_runs WHERE call_id = ? ORDER BY id", callID)
}

// AskRecord counts how the questions put since an instant were answered; those
// still open, closed before an answer or never sent say nothing.
func (tx *Tx) AskRecord(tenantID int64, since models.Instant) (models.AskRecord, error) {
	var rows []struct {
		State models.AskState
		N     int
	}
	err := tx.db.Model(&models.Ask{}).Select("state, COUNT(*) AS n").
		Where("tenant_id = ? AND asked_at >= ? AND state IN ?", tenantID, since,
			[]models.AskState{models.AskYes, models.AskNo, models.AskLater, models.AskSilent}).
		Group("state").Scan(&rows).Error
	if err != nil {
		return models.AskRecord{}, fmt.Errorf("answers to earlier questions: %w", err)
	}
	var r models.AskRecord
	for _, row := range rows {
		r.Asked += row.N
		if row.State == models.AskYes {
			r.Yes = row.N
		}
	}
	return r, nil
}

// perPerson is one number a person.
type perPerson struct {
	PersonID int64
	N        int64
}

func byPerson(rows []perPerson) map[int64]int64 {
	out := make(map[int64]int64, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r.N
	}
	return out
}

// BusyDuring is who means to be in another call at any moment of a span.
func (tx *Tx) BusyDuring(tenantID, exceptCall int64, from, to models.Instant) (map[int64]int64, error) {
	var rows []perPerson
	err := tx.db.Model(&models.Signup{}).Select("signups.person_id, MIN(signups.call_id) AS n").
		Joins("JOIN call_shifts ON call_shifts.id = signups.shift_id").Joins("JOIN calls ON calls.id = signups.call_id").
		Where("signups.tenant_id = ? AND signups.state IN ? AND calls.id <> ? AND calls.state <> ?",
			tenantID, activeStates, exceptCall, models.CallCancelled).
		Where("call_shifts.start_at < ? AND call_shifts.end_at > ?", to, from).
		Group("signups.person_id").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("who is busy: %w", err)
	}
	return byPerson(rows), nil
}

// ShiftEnds is when the latest shift of each person ends that ends after from
// and not after to.
func (tx *Tx) ShiftEnds(tenantID int64, from, to models.Instant) (map[int64]int64, error) {
	var rows []perPerson
	err := tx.db.Model(&models.Signup{}).Select("signups.person_id, MAX(call_shifts.end_at) AS n").
		Joins("JOIN call_shifts ON call_shifts.id = signups.shift_id").Joins("JOIN calls ON calls.id = signups.call_id").
		Where("signups.tenant_id = ? AND signups.state IN ? AND calls.state <> ?", tenantID, holdStates, models.CallCancelled).
		Where("call_shifts.end_at > ? AND call_shifts.end_at <= ?", from, to).
		Group("signups.person_id").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("ends of shifts: %w", err)
	}
	return byPerson(rows), nil
}

// MinutesServed is how many minutes each person served in shifts that ended
// since an instant: from check-in to check-out, else the shift's length.
// Rehearsals count nothing.
func (tx *Tx) MinutesServed(tenantID int64, since models.Instant) (map[int64]int64, error) {
	var rows []perPerson
	err := tx.db.Model(&models.Signup{}).Select(`signups.person_id, CAST(SUM(CASE
			WHEN signups.checked_in > 0 AND signups.checked_out > signups.checked_in THEN signups.checked_out - signups.checked_in
			ELSE call_shifts.end_at - call_shifts.start_at END) / 60000 AS BIGINT) AS n`).
		Joins("JOIN call_shifts ON call_shifts.id = signups.shift_id").Joins("JOIN calls ON calls.id = signups.call_id").
		Where("signups.tenant_id = ? AND signups.state IN ? AND calls.drill = ?", tenantID,
			[]models.SignupState{models.SignupCheckedIn, models.SignupDone}, false).
		Where("call_shifts.end_at >= ? AND call_shifts.end_at <= ?", since, tx.Now).
		Group("signups.person_id").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("minutes served: %w", err)
	}
	return byPerson(rows), nil
}

// UnitsByPerson is the unit of everybody in one, by person.
func (tx *Tx) UnitsByPerson(tenantID int64) (map[int64]int64, error) {
	var rows []perPerson
	err := tx.db.Model(&models.UnitMember{}).Select("unit_members.person_id, unit_members.unit_id AS n").
		Joins("JOIN units ON units.id = unit_members.unit_id").Where("units.tenant_id = ?", tenantID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("units of people: %w", err)
	}
	return byPerson(rows), nil
}

// Withdraw drops one queued message that was never posted; shown is true when
// it was posted, or is being posted right now.
func (tx *Tx) Withdraw(tenantID int64, key string) (shown bool, err error) {
	r := tx.db.Model(&models.Message{}).Where("tenant_id = ? AND key = ? AND state = ? AND shown = 0", tenantID, key, models.MessageQueued).
		Updates(map[string]any{"state": models.MessageDropped, "last_error": "cancelled"})
	if r.Error != nil || r.RowsAffected > 0 {
		return false, r.Error
	}
	m, err := tx.MessageByKey(tenantID, key)
	if missing(err) {
		return false, nil
	}
	return err == nil && m.State != models.MessageDropped && m.State != models.MessageDead || m.Shown > 0, err
}

// AskMessages are the questions of a call as messages, by person: those that a
// newer one took over from are left out.
func (tx *Tx) AskMessages(tenantID, callID int64) (map[int64]models.Message, error) {
	prefix := fmt.Sprintf("ask:%d:", callID)
	rows, err := many[models.Message](tx.db.Where("tenant_id = ? AND key >= ? AND key < ?", tenantID, prefix, after(prefix)))
	if err != nil {
		return nil, fmt.Errorf("messages of questions: %w", err)
	}
	out := make(map[int64]models.Message, len(rows))
	for _, m := range rows {
		if m.Key == fmt.Sprintf("%s%d", prefix, m.PersonID) {
			out[m.PersonID] = m
		}
	}
	return out, nil
}

// CallsAsking lists the calls taking sign-ups for an audience that ask people
// directly.
func (tx *Tx) CallsAsking(tenantID int64, audience models.Audience) ([]models.Call, error) {
	return many[models.Call](tx.db.Where("tenant_id = ? AND audience = ? AND ask <> '' AND state IN ?", tenantID, audience.String(),
		[]models.CallState{models.CallOpen, models.CallFilled}).Order("id"))
}

// Conditions lists the answers to a call that came with a condition and still
// count.
func (tx *Tx) Conditions(callID int64) ([]*models.Answer, error) {
	open, err := tx.openAnswers(callID)
	if err != nil || !open {
		return nil, err
	}
	return fetchAll[models.Answer](tx, "SELECT * FROM call_answers WHERE call_id = ? AND kind = ? AND settled = ? ORDER BY id",
		callID, models.AnswerConditional, false)
}
