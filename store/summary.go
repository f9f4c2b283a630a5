package store

import (
	"fmt"
	"time"

	"muster/models"
)

// Figures are read with one query each; drills never count. unit 0 is the
// whole organisation.

// CallFigures counts the calls opened in a period.
func (tx *Tx) CallFigures(tenantID int64, p models.Period, unit int64) (opened, filled, cancelled int, mean time.Duration, err error) {
	var row struct {
		Opened, Filled, Cancelled int
		Mean                      float64
	}
	q := `SELECT COUNT(*) AS opened,
	  COUNT(CASE WHEN filled_at > 0 THEN 1 END) AS filled,
	  COUNT(CASE WHEN state = 'cancelled' THEN 1 END) AS cancelled,
	  COALESCE(AVG(CASE WHEN filled_at > 0 THEN (filled_at - created_at) * 1.0 END), 0) AS mean
	FROM calls WHERE tenant_id = ? AND drill = ? AND created_at >= ? AND created_at < ?`
	args := []any{tenantID, false, p.Start, p.End}
	if unit != 0 {
		q += " AND unit_id = ?"
		args = append(args, unit)
	}
	if err := tx.db.Raw(q, args...).Scan(&row).Error; err != nil {
		return 0, 0, 0, 0, fmt.Errorf("figures of calls: %w", err)
	}
	return row.Opened, row.Filled, row.Cancelled, time.Duration(row.Mean) * time.Millisecond, nil
}

// ShortFigures counts the places below the least, and the calls they belong
// to, in shifts that ended in a period.
func (tx *Tx) ShortFigures(tenantID int64, p models.Period, unit int64) (places, calls int, err error) {
	var row struct{ Places, Calls int }
	q := `SELECT COALESCE(SUM(short), 0) AS places, COUNT(DISTINCT call_id) AS calls FROM (
	  SELECT r.call_id, r.least - COALESCE((SELECT SUM(1 + g.guests) FROM signups g
	    WHERE g.role_id = r.id AND g.state IN ('confirmed', 'checked_in', 'done')), 0) AS short
	  FROM call_roles r JOIN call_shifts s ON s.id = r.shift_id JOIN calls c ON c.id = r.call_id
	  WHERE c.tenant_id = ? AND c.drill = ? AND c.state <> 'cancelled' AND s.end_at >= ? AND s.end_at < ?` +
		unitClause("c.unit_id", unit) + `) AS x WHERE short > 0`
	if err := tx.db.Raw(q, unitArgs([]any{tenantID, false, p.Start, p.End}, unit)...).Scan(&row).Error; err != nil {
		return 0, 0, fmt.Errorf("figures of places short: %w", err)
	}
	return row.Places, row.Calls, nil
}

// VolunteerFigures counts the people who held a place in shifts that ended in
// a period, and the places they held. unit counts people of that unit.
func (tx *Tx) VolunteerFigures(tenantID int64, p models.Period, unit int64) (people, places int, err error) {
	var row struct{ People, Places int }
	q := `SELECT COUNT(DISTINCT g.person_id) AS people, COUNT(*) AS places
	FROM signups g JOIN call_shifts s ON s.id = g.shift_id JOIN calls c ON c.id = g.call_id
	LEFT JOIN unit_members u ON u.person_id = g.person_id
	WHERE c.tenant_id = ? AND c.drill = ? AND c.state <> 'cancelled' AND s.end_at >= ? AND s.end_at < ?
	  AND g.state IN ('confirmed', 'checked_in', 'done')` + unitClause("u.unit_id", unit)
	if err := tx.db.Raw(q, unitArgs([]any{tenantID, false, p.Start, p.End}, unit)...).Scan(&row).Error; err != nil {
		return 0, 0, fmt.Errorf("figures of volunteers: %w", err)
	}
	return row.People, row.Places, nil
}

// StudyFigures is a line per unit for the occurrences that ended in a period.
// People without a unit come under unit 0. Due counts only occurrences that
// have a record (held): the others give no rate.
func (tx *Tx) StudyFigures(tenantID int64, p models.Period, unit int64) ([]models.StudyLine, error) {
	var lines []models.StudyLine
	q := `SELECT COALESCE(u.unit_id, 0) AS unit_id, COALESCE(MAX(n.name), '') AS unit,
	  COUNT(DISTINCT o.id) AS sessions,
	  COUNT(DISTINCT CASE WHEN o.state = 'held' THEN o.id END) AS recorded,
	  COUNT(CASE WHEN o.state = 'held' THEN 1 END) AS due,
	  COUNT(CASE WHEN o.state = 'held' AND a.state = 'attended' THEN 1 END) AS attended,
	  COUNT(CASE WHEN o.state = 'held' AND a.state = 'made_up' THEN 1 END) AS made_up,
	  COUNT(CASE WHEN o.state = 'held' AND a.state = 'excused' THEN 1 END) AS excused,
	  COUNT(CASE WHEN o.state = 'held' AND a.state = 'absent' THEN 1 END) AS absent
	FROM attendances a JOIN occurrences o ON o.id = a.occurrence_id
	LEFT JOIN unit_members u ON u.person_id = a.person_id LEFT JOIN units n ON n.id = u.unit_id
	WHERE o.tenant_id = ? AND o.state NOT IN ('skipped', 'not_held') AND o.end_at >= ? AND o.end_at < ?` +
		unitClause("u.unit_id", unit) + ` GROUP BY COALESCE(u.unit_id, 0) ORDER BY 2, 1`
	if err := tx.db.Raw(q, unitArgs([]any{tenantID, p.Start, p.End}, unit)...).Scan(&lines).Error; err != nil {
		return nil, fmt.Errorf("figures of study: %w", err)
	}
	return lines, nil
}

// Head is the last seal of a tenant; a zero Seal before the first.
func (tx *Tx) Head(tenantID int64) (models.Seal, error) {
	var s models.Seal
	if err := tx.db.Where("tenant_id = ?", tenantID).Order("seq DESC").Limit(1).Find(&s).Error; err != nil {
		return s, fmt.Errorf("head of the record: %w", err)
	}
	return s, nil
}

func unitClause(column string, unit int64) string {
	if unit == 0 {
		return ""
	}
	return " AND " + column + " = ?"
}

func unitArgs(args []any, unit int64) []any {
	if unit == 0 {
		return args
	}
	return append(args, unit)
}
