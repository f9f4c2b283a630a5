package store

import (
	"fmt"
	"time"

	"muster/models"
)

// Figures are read with one query each; drills never count. units are whose
// figures they are, none = the whole organisation's. What is to have ended has
// ended by now: a period under way counts nothing that lies ahead.

// CallFigures counts the calls opened in a period. mean is from when sign-up
// opened to when the last place was taken.
func (tx *Tx) CallFigures(tenantID int64, p models.Period, units []int64) (opened, filled, cancelled int, mean time.Duration, err error) {
	var row struct {
		Opened, Filled, Cancelled int
		Mean                      float64
	}
	const from = `CASE WHEN opens_at > created_at AND opens_at >= hold_until THEN opens_at
	  WHEN hold_until > created_at THEN hold_until ELSE created_at END`
	q := `SELECT COUNT(*) AS opened,
	  COUNT(CASE WHEN filled_at > 0 THEN 1 END) AS filled,
	  COUNT(CASE WHEN state = 'cancelled' THEN 1 END) AS cancelled,
	  COALESCE(AVG(CASE WHEN filled_at > 0 THEN (filled_at - (` + from + `)) * 1.0 END), 0) AS mean
	FROM calls WHERE tenant_id = ? AND drill = ? AND created_at >= ? AND created_at < ?`
	where, args := inUnits("unit_id", units, tenantID, false, p.Start, p.End)
	if err := tx.db.Raw(q+where, args...).Scan(&row).Error; err != nil {
		return 0, 0, 0, 0, fmt.Errorf("figures of calls: %w", err)
	}
	return row.Opened, row.Filled, row.Cancelled, time.Duration(max(row.Mean, 0)) * time.Millisecond, nil
}

// ShortFigures counts the places below the least, and the calls they belong
// to, in shifts that ended in a period.
func (tx *Tx) ShortFigures(tenantID int64, p models.Period, units []int64) (places, calls int, err error) {
	var row struct{ Places, Calls int }
	where, args := inUnits("c.unit_id", units, tenantID, false, p.Start, tx.ended(p))
	q := `SELECT COALESCE(SUM(short), 0) AS places, COUNT(DISTINCT call_id) AS calls FROM (
	  SELECT r.call_id, r.least - COALESCE((SELECT SUM(1 + g.guests) FROM signups g
	    WHERE g.role_id = r.id AND g.state IN ('confirmed', 'checked_in', 'done')), 0) AS short
	  FROM call_roles r JOIN call_shifts s ON s.id = r.shift_id JOIN calls c ON c.id = r.call_id
	  WHERE c.tenant_id = ? AND c.drill = ? AND c.state <> 'cancelled' AND s.end_at >= ? AND s.end_at < ?` +
		where + `) AS x WHERE short > 0`
	if err := tx.db.Raw(q, args...).Scan(&row).Error; err != nil {
		return 0, 0, fmt.Errorf("figures of places short: %w", err)
	}
	return row.Places, row.Calls, nil
}

// VolunteerFigures counts the people who held a place in shifts that ended in
// a period, and the places they held, guests not counted. units are the
// people's own.
func (tx *Tx) VolunteerFigures(tenantID int64, p models.Period, units []int64) (people, places int, err error) {
	var row struct{ People, Places int }
	where, args := inUnits("u.unit_id", units, tenantID, false, p.Start, tx.ended(p))
	q := `SELECT COUNT(DISTINCT g.person_id) AS people, COUNT(*) AS places
	FROM signups g JOIN call_shifts s ON s.id = g.shift_id JOIN calls c ON c.id = g.call_id
	LEFT JOIN unit_members u ON u.person_id = g.person_id
	WHERE c.tenant_id = ? AND c.drill = ? AND c.state <> 'cancelled' AND s.end_at >= ? AND s.end_at < ?
	  AND g.state IN ('confirmed', 'checked_in', 'done')` + where
	if err := tx.db.Raw(q, args...).Scan(&row).Error; err != nil {
		return 0, 0, fmt.Errorf("figures of volunteers: %w", err)
	}
	return row.People, row.Places, nil
}

// studyOffs are the occurrences that did not take place.
var studyOffs = []string{models.OccurrenceSkipped, models.OccurrenceNotHeld}

// StudyFigures is a line per unit, without its name, for the occurrences that
// ended in a period, and all of them together. People without a unit come
// under unit 0.
func (tx *Tx) StudyFigures(tenantID int64, p models.Period, units []int64) (lines []models.StudyLine, total models.StudyLine, err error) {
	const from = ` FROM attendances a JOIN occurrences o ON o.id = a.occurrence_id
	LEFT JOIN unit_members u ON u.person_id = a.person_id
	WHERE o.tenant_id = ? AND o.end_at >= ? AND o.end_at < ? AND o.state NOT IN ? AND a.walk_in = ?` // who came from elsewhere was not expected
	where, args := inUnits("u.unit_id", units, tenantID, p.Start, tx.ended(p), studyOffs, false)
	var sessions []struct {
		UnitID, OccurrenceID                   int64
		StartAt                                models.Instant
		State                                  string
		Due, Attended, MadeUp, Excused, Absent int
	}
	q := `SELECT COALESCE(u.unit_id, 0) AS unit_id, o.id AS occurrence_id, o.start_at, o.state, COUNT(*) AS due,
	  COUNT(CASE WHEN a.state = 'attended' THEN 1 END) AS attended,
	  COUNT(CASE WHEN a.state = 'made_up' THEN 1 END) AS made_up,
	  COUNT(CASE WHEN a.state = 'excused' THEN 1 END) AS excused,
	  COUNT(CASE WHEN a.state = 'absent' THEN 1 END) AS absent` + from + where + `
	GROUP BY COALESCE(u.unit_id, 0), o.id, o.start_at, o.state ORDER BY o.start_at, o.id, 1`
	if err := tx.db.Raw(q, args...).Scan(&sessions).Error; err != nil {
		return nil, total, fmt.Errorf("figures of study: %w", err)
	}
	var people []struct {
		UnitID int64
		People int
	}
	q = `SELECT COALESCE(u.unit_id, 0) AS unit_id, COUNT(DISTINCT a.person_id) AS people` + from + where +
		` AND o.state = 'held' GROUP BY COALESCE(u.unit_id, 0)`
	if err := tx.db.Raw(q, args...).Scan(&people).Error; err != nil {
		return nil, total, fmt.Errorf("people of study: %w", err)
	}
	at := map[int64]int{} // index of each unit's line
	seen := map[int64]bool{}
	for _, s := range sessions {
		line := models.StudyLine{Sessions: 1, Missing: []models.Instant{s.StartAt}}
		if s.State == models.OccurrenceHeld {
			line = models.StudyLine{Sessions: 1, Recorded: 1, Due: s.Due, Attended: s.Attended, MadeUp: s.MadeUp, Excused: s.Excused, Absent: s.Absent}
		}
		if _, known := at[s.UnitID]; !known {
			at[s.UnitID] = len(lines)
			lines = append(lines, models.StudyLine{UnitID: s.UnitID})
		}
		lines[at[s.UnitID]].Add(line)
		if seen[s.OccurrenceID] { // another unit's part of the same session
			line.Sessions, line.Recorded, line.Missing = 0, 0, nil
		}
		seen[s.OccurrenceID] = true
		total.Add(line)
	}
	for _, n := range people {
		lines[at[n.UnitID]].People = n.People
		total.People += n.People // nobody is in two units
	}
	return lines, total, nil
}

// ended is before when something of a period must have ended to count now.
func (tx *Tx) ended(p models.Period) models.Instant { return min(p.End, tx.Now+1) }

// Head is the last seal of a tenant; a zero Seal before the first.
func (tx *Tx) Head(tenantID int64) (models.Seal, error) {
	var s models.Seal
	if err := tx.db.Where("tenant_id = ?", tenantID).Order("seq DESC").Limit(1).Find(&s).Error; err != nil {
		return s, fmt.Errorf("head of the record: %w", err)
	}
	return s, nil
}

// inUnits is a condition that column is one of the units, nothing when none
// are named, with all arguments of the query.
func inUnits(column string, units []int64, args ...any) (where string, all []any) {
	if len(units) == 0 {
		return "", args
	}
	return " AND " + column + " IN ?", append(args, units)
}

// SealedHash is the hash at one place of a tenant's chain, "" where it does
// not reach.
func (tx *Tx) SealedHash(tenantID, seq int64) (string, error) {
	var all []string
	err := tx.db.Raw("SELECT hash FROM seals WHERE tenant_id = ? AND seq = ?", tenantID, seq).Scan(&all).Error
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}
