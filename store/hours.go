package store

import (
	"fmt"

	"muster/models"
)

// Hour finds one row of the ledger.
func (tx *Tx) Hour(tenantID, id int64) (models.Hour, error) {
	return found[models.Hour]("hours", tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// HoursOfSignup are the rows of one sign-up, by day.
func (tx *Tx) HoursOfSignup(signupID int64) ([]models.Hour, error) {
	return many[models.Hour](tx.db.Where("signup_id = ?", signupID).Order("day"))
}

// HoursOnDays are all rows of a person on these days (first midnights).
func (tx *Tx) HoursOnDays(tenantID, personID int64, days []models.Instant) ([]models.Hour, error) {
	return many[models.Hour](tx.db.Where("tenant_id = ? AND person_id = ? AND day IN ?", tenantID, personID, days).Order("day, from_at, id"))
}

// HoursOf are a person's rows of days within [from, to), newest first.
func (tx *Tx) HoursOf(tenantID, personID int64, from, to models.Instant) ([]models.Hour, error) {
	return many[models.Hour](tx.db.Where("tenant_id = ? AND person_id = ? AND day >= ? AND day < ?", tenantID, personID, from, to).
		Order("from_at DESC, id DESC"))
}

// HoursAfter is a page of the ledger in order of id, of days within [from, to)
// (0 = without bound).
func (tx *Tx) HoursAfter(tenantID, after int64, from, to models.Instant, page int) ([]models.Hour, error) {
	q := tx.db.Where("tenant_id = ? AND id > ?", tenantID, after)
	if from != 0 {
		q = q.Where("to_at > ?", from)
	}
	if to != 0 {
		q = q.Where("from_at < ?", to)
	}
	return many[models.Hour](q.Order("id").Limit(page))
}

// MinutesBy are the minutes of a tenant's people that count, of days within
// [from, to).
func (tx *Tx) MinutesBy(tenantID int64, from, to models.Instant) (map[int64]int, error) {
	var rows []struct {
		PersonID int64
		Minutes  int
	}
	err := tx.db.Raw(`SELECT person_id, SUM(minutes) AS minutes FROM hours WHERE tenant_id = ? AND state = ? AND day >= ? AND day < ?
		GROUP BY person_id`, tenantID, models.HoursCounted, from, to).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("minutes that count: %w", err)
	}
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r.Minutes
	}
	return out, nil
}

// MinutesOf are one person's minutes that count, of days within [from, to).
func (tx *Tx) MinutesOf(tenantID, personID int64, from, to models.Instant) (int, error) {
	var n int
	err := tx.db.Raw(`SELECT COALESCE(SUM(minutes), 0) FROM hours WHERE tenant_id = ? AND person_id = ? AND state = ? AND day >= ? AND day < ?`,
		tenantID, personID, models.HoursCounted, from, to).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("minutes of a person that count: %w", err)
	}
	return n, nil
}

// SignupsWithoutHours are sign-ups put on the roll that no row of the ledger
// is about, by id: those of before the ledger was kept.
func (tx *Tx) SignupsWithoutHours(tenantID, after int64, page int) ([]models.Signup, error) {
	return many[models.Signup](tx.db.Where(`tenant_id = ? AND id > ? AND state = ? AND roll_at > 0 AND roll_by <> person_id
		AND NOT EXISTS (SELECT 1 FROM hours WHERE hours.signup_id = signups.id)`, tenantID, after, models.SignupDone).Order("id").Limit(page))
}

// MinutesOfCall are the minutes of a call's sign-ups that count, by sign-up.
func (tx *Tx) MinutesOfCall(callID int64) (map[int64]int, error) {
	rows, err := many[models.Hour](tx.db.Where("call_id = ? AND state = ?", callID, models.HoursCounted))
	if err != nil {
		return nil, fmt.Errorf("minutes of a call that count: %w", err)
	}
	out := map[int64]int{}
	for _, h := range rows {
		out[h.SignupID] += h.Minutes
	}
	return out, nil
}
