package store

import (
	"fmt"

	"muster/models"
)

// FigureRows is one page of the rows behind a number of a summary, oldest
// first, and how many there are. They are counted as the figures are.
func (tx *Tx) FigureRows(name string, tenantID int64, p models.Period, units []int64, limit, offset int) (rows []models.FigureRow, total int, err error) {
	q, args, ok := tx.figureQuery(name, tenantID, p, units)
	if !ok {
		return nil, 0, nil
	}
	if err := tx.db.Raw("SELECT COUNT(*) FROM ("+q+") AS n", args...).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("how many rows of %s: %w", name, err)
	}
	if err := tx.db.Raw(q+" ORDER BY at, rank LIMIT ? OFFSET ?", append(args, limit, offset)...).Scan(&rows).Error; err != nil {
		return nil, 0, fmt.Errorf("rows of %s: %w", name, err)
	}
	return rows, total, nil
}

// figureQuery is how the rows of a number are read; ok is false when there is
// no such number.
func (tx *Tx) figureQuery(name string, tenantID int64, p models.Period, units []int64) (q string, args []any, ok bool) {
	where := ""
	switch name {
	case models.FigureCalls, models.FigureFilled, models.FigureCancelled:
		q = `SELECT id AS call_id, created_at AS at, id AS rank FROM calls WHERE tenant_id = ? AND drill = ? AND created_at >= ? AND created_at < ?`
		switch name {
		case models.FigureFilled:
			q += ` AND filled_at > 0`
		case models.FigureCancelled:
			q += ` AND state = 'cancelled'`
		}
		where, args = inUnits("unit_id", units, tenantID, false, p.Start, p.End)
	case models.FigureShort:
		where, args = inUnits("c.unit_id", units, tenantID, false, p.Start, tx.ended(p))
		q = `SELECT call_id, at, rank, number FROM (
		  SELECT r.call_id, s.start_at AS at, r.id AS rank, r.least - COALESCE((SELECT SUM(1 + g.guests) FROM signups g
		    WHERE g.role_id = r.id AND g.state IN ('confirmed', 'checked_in', 'done')), 0) AS number
		  FROM call_roles r JOIN call_shifts s ON s.id = r.shift_id JOIN calls c ON c.id = r.call_id
		  WHERE c.tenant_id = ? AND c.drill = ? AND c.state <> 'cancelled' AND s.end_at >= ? AND s.end_at < ?` + where + `) AS x WHERE number > 0`
		return q, args, true
	case models.FigureVolunteers:
		q = `SELECT g.call_id, g.person_id, s.start_at AS at, g.id AS rank
		FROM signups g JOIN call_shifts s ON s.id = g.shift_id JOIN calls c ON c.id = g.call_id
		LEFT JOIN unit_members u ON u.person_id = g.person_id
		WHERE c.tenant_id = ? AND c.drill = ? AND c.state <> 'cancelled' AND s.end_at >= ? AND s.end_at < ?
		  AND g.state IN ('confirmed', 'checked_in', 'done')`
		where, args = inUnits("u.unit_id", units, tenantID, false, p.Start, tx.ended(p))
	case models.FigureHours, models.FigureWaiting:
		states := []string{models.HoursCounted}
		if name == models.FigureWaiting {
			states = []string{models.HoursPending, models.HoursContested}
		}
		q = `SELECT h.call_id, h.person_id, h.from_at AS at, h.id AS rank, h.minutes AS number
		FROM hours h LEFT JOIN unit_members u ON u.person_id = h.person_id
		WHERE h.tenant_id = ? AND h.state IN ? AND h.day >= ? AND h.day < ?`
		where, args = inUnits("u.unit_id", units, tenantID, states, p.Start, p.End)
	case models.FigureServed:
		q = `SELECT c.id AS call_id, e.last AS at, c.id AS rank, c.served AS number
		FROM calls c JOIN (SELECT call_id, MAX(end_at) AS last FROM call_shifts GROUP BY call_id) e ON e.call_id = c.id
		WHERE c.tenant_id = ? AND c.drill = ? AND c.state <> 'cancelled' AND e.last >= ? AND e.last < ? AND c.served > 0`
		where, args = inUnits("c.unit_id", units, tenantID, false, p.Start, tx.ended(p))
	default:
		return tx.studyQuery(name, tenantID, p, units)
	}
	return q + where, args, true
}

func (tx *Tx) studyQuery(name string, tenantID int64, p models.Period, units []int64) (q string, args []any, ok bool) {
	q = `SELECT o.study_id, a.person_id, o.start_at AS at, a.id AS rank
	FROM attendances a JOIN occurrences o ON o.id = a.occurrence_id
	LEFT JOIN unit_members u ON u.person_id = a.person_id
	WHERE o.tenant_id = ? AND o.end_at >= ? AND o.end_at < ? AND o.state = ? AND a.walk_in = ?`
	switch name {
	case models.FigureDue:
	case models.FigureAttended:
		q += ` AND a.state = 'attended'`
	case models.FigureMadeUp:
		q += ` AND a.state = 'made_up'`
	case models.FigureExcused:
		q += ` AND a.state = 'excused'`
	case models.FigureAbsent:
		q += ` AND a.state = 'absent'`
	default:
		return "", nil, false
	}
	where, args := inUnits("u.unit_id", units, tenantID, p.Start, tx.ended(p), models.OccurrenceHeld, false)
	return q + where, args, true
}
