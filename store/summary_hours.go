package store

import (
	"fmt"
	"time"

	"muster/models"
)

// unapprovedAfter is how long an approval may be missing before a leader is
// told of it (SURFACE 7).
const unapprovedAfter = 7 * 24 * time.Hour

// HoursFigures counts the minutes of the ledger on the days of a period. units
// are the people's own.
func (tx *Tx) HoursFigures(tenantID int64, p models.Period, units []int64) (models.HoursFigures, error) {
	var out models.HoursFigures
	sum := func(when string) string { return "COALESCE(SUM(CASE WHEN " + when + " THEN h.minutes END), 0)" }
	where, args := inUnits("u.unit_id", units, tenantID, p.Start, p.End)
	q := `SELECT ` + sum("h.state = 'counted'") + ` AS counted,
	  ` + sum("h.state = 'counted' AND h.grade = '"+models.EvidenceSelf+"'") + ` AS onsite,
	  ` + sum("h.state = 'counted' AND h.grade = '"+models.EvidenceRoll+"'") + ` AS rolled,
	  ` + sum("h.state = 'counted' AND h.grade = '"+models.EvidenceLate+"'") + ` AS late,
	  ` + sum("h.state IN ('pending', 'contested')") + ` AS waiting
	FROM hours h LEFT JOIN unit_members u ON u.person_id = h.person_id
	WHERE h.tenant_id = ? AND h.day >= ? AND h.day < ?` + where
	if err := tx.db.Raw(q, args...).Scan(&out).Error; err != nil {
		return out, fmt.Errorf("figures of hours: %w", err)
	}
	where, args = inUnits("u.unit_id", units, tenantID, models.HoursPending, models.NeedsYes, p.End, tx.Now.Add(-unapprovedAfter))
	q = `SELECT COALESCE(SUM(h.minutes), 0) FROM hours h LEFT JOIN unit_members u ON u.person_id = h.person_id
	WHERE h.tenant_id = ? AND h.state = ? AND h.needs <> ? AND h.day < ?
	  AND (CASE WHEN h.asked_at > 0 THEN h.asked_at ELSE h.entered_at END) <= ?` + where
	if err := tx.db.Raw(q, args...).Scan(&out.Unapproved).Error; err != nil {
		return out, fmt.Errorf("figures of hours unapproved: %w", err)
	}
	return out, nil
}

// UnitHours are the minutes that count on the days of a period and the people
// behind them, a line per unit without its name, most first.
func (tx *Tx) UnitHours(tenantID int64, p models.Period, units []int64) ([]models.UnitFigure, error) {
	var out []models.UnitFigure
	where, args := inUnits("u.unit_id", units, tenantID, models.HoursCounted, p.Start, p.End)
	q := `SELECT COALESCE(u.unit_id, 0) AS unit_id, COUNT(DISTINCT h.person_id) AS people, SUM(h.minutes) AS minutes
	FROM hours h LEFT JOIN unit_members u ON u.person_id = h.person_id
	WHERE h.tenant_id = ? AND h.state = ? AND h.day >= ? AND h.day < ?` + where + `
	GROUP BY COALESCE(u.unit_id, 0) ORDER BY SUM(h.minutes) DESC, 1`
	if err := tx.db.Raw(q, args...).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("hours of units: %w", err)
	}
	return out, nil
}

// GoodsFigures are the people served and what was handed out in calls whose
// last shift ended in a period. units are the calls' own.
func (tx *Tx) GoodsFigures(tenantID int64, p models.Period, units []int64) (served int, goods []models.GoodsLine, err error) {
	where, args := inUnits("c.unit_id", units, tenantID, false, p.Start, tx.ended(p))
	const done = ` FROM calls c JOIN (SELECT call_id, MAX(end_at) AS last FROM call_shifts GROUP BY call_id) e ON e.call_id = c.id`
	const of = ` WHERE c.tenant_id = ? AND c.drill = ? AND c.state <> 'cancelled' AND e.last >= ? AND e.last < ?`
	if err := tx.db.Raw(`SELECT COALESCE(SUM(c.served), 0)`+done+of+where, args...).Scan(&served).Error; err != nil {
		return 0, nil, fmt.Errorf("figures of people served: %w", err)
	}
	q := `SELECT g.item, SUM(g.number) AS number, SUM(g.value) AS value` + done + ` JOIN call_goods g ON g.call_id = c.id` + of + where +
		` GROUP BY g.item ORDER BY SUM(g.number) DESC, g.item`
	if err := tx.db.Raw(q, args...).Scan(&goods).Error; err != nil {
		return 0, nil, fmt.Errorf("figures of goods: %w", err)
	}
	return served, goods, nil
}
