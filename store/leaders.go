package store

import (
	"fmt"

	"muster/models"
)

// AgreedHours are the minutes that count on the days of a period, of those who
// agreed to be named, in no order. units are the people's own.
func (tx *Tx) AgreedHours(tenantID int64, p models.Period, units []int64) ([]models.Leader, error) {
	var out []models.Leader
	where, args := inUnits("u.unit_id", units, tenantID, models.HoursCounted, p.Start, p.End, true, false)
	q := `SELECT h.person_id, SUM(h.minutes) AS minutes
	FROM hours h JOIN persons p ON p.id = h.person_id LEFT JOIN unit_members u ON u.person_id = h.person_id
	WHERE h.tenant_id = ? AND h.state = ? AND h.day >= ? AND h.day < ? AND p.leaderboard = ? AND p.gone = ?` + where + ` GROUP BY h.person_id`
	if err := tx.db.Raw(q, args...).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("hours of who agreed to be named: %w", err)
	}
	return out, nil
}
