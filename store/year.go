package store

import (
	"fmt"
	"time"

	"muster/models"
)

// YearWho is whose account is asked for: one person, the members of units, or
// everybody of the tenant.
type YearWho struct {
	PersonID int64
	Units    []int64
}

// of is the condition on a column that holds a person.
func (w YearWho) of(column string) (string, []any) {
	switch {
	case w.PersonID != 0:
		return " AND " + column + " = ?", []any{w.PersonID}
	case len(w.Units) > 0:
		return " AND " + column + " IN (SELECT person_id FROM unit_members WHERE unit_id IN ?)", []any{w.Units}
	}
	return "", nil
}

// YearMember is a member with their unit, 0 for none.
type YearMember struct {
	models.Person
	UnitID int64
}

// YearMembers are the members asked for, by id: never bots, guests, or who has
// left.
func (tx *Tx) YearMembers(tenantID int64, who YearWho) ([]YearMember, error) {
	q := tx.db.Table("persons").Select("persons.*, COALESCE(m.unit_id, 0) AS unit_id").
		Joins("LEFT JOIN unit_members m ON m.person_id = persons.id").
		Where("persons.tenant_id = ? AND persons.bot = ? AND persons.gone = ? AND persons.guest = ? AND (persons.member = ? OR m.unit_id IS NOT NULL)",
			tenantID, false, false, false, true)
	if where, args := who.of("persons.id"); where != "" {
		q = q.Where("1 = 1"+where, args...)
	}
	rows, err := many[YearMember](q.Order("persons.id"))
	if err != nil {
		return nil, fmt.Errorf("members of the year's account: %w", err)
	}
	return rows, nil
}

// YearSum is what one person's attendances of a year add up to.
type YearSum struct {
	PersonID                                      int64
	Done                                          int
	Attended, MadeUp, Excused, Absent, Unknown    int // sessions
	AttendedMin, MadeUpMin, ExcusedMin, AbsentMin int // what they count for
	UnknownMin                                    int
	Days                                          int // days with sessions that are settled and were not excused
	First, Last                                   models.Instant
}

// YearSums adds up everybody's attendances of sessions that begin in a year.
// What counts is what StudyMinutes counts. offset is the zone's, for counting
// days; it is one for the year: only sessions within an hour of midnight could
// come to lie on another day by it, and no two of a person do.
func (tx *Tx) YearSums(tenantID int64, p models.Period, offset time.Duration, who YearWho) (map[int64]YearSum, error) {
	where, args := who.of("a.person_id")
	args = append([]any{offset.Milliseconds(), studyOffs, models.StudyCancelled, tx.Now, tenantID, p.Start, p.End}, args...)
	q := `SELECT person_id, SUM(done) AS done,
	  SUM(CASE WHEN state = 'attended' THEN 1 ELSE 0 END) AS attended, SUM(CASE WHEN state = 'attended' THEN done ELSE 0 END) AS attended_min,
	  SUM(CASE WHEN state = 'made_up' THEN 1 ELSE 0 END) AS made_up, SUM(CASE WHEN state = 'made_up' THEN done ELSE 0 END) AS made_up_min,
	  SUM(CASE WHEN state = 'excused' AND counts THEN 1 ELSE 0 END) AS excused, SUM(CASE WHEN state = 'excused' AND counts THEN credit ELSE 0 END) AS excused_min,
	  SUM(CASE WHEN state = 'absent' AND counts THEN 1 ELSE 0 END) AS absent, SUM(CASE WHEN state = 'absent' AND counts THEN credit ELSE 0 END) AS absent_min,
	  SUM(CASE WHEN silent THEN 1 ELSE 0 END) AS unknown, SUM(CASE WHEN silent THEN credit ELSE 0 END) AS unknown_min,
	  COUNT(DISTINCT CASE WHEN part OR counts AND state = 'absent' THEN day END) AS days,
	  COALESCE(MIN(CASE WHEN part OR counts AND state = 'absent' THEN start_at END), 0) AS first,
	  COALESCE(MAX(CASE WHEN part THEN start_at END), 0) AS last
	FROM (SELECT a.person_id, a.state, s.credit, o.start_at, (o.start_at + ?) / 86400000 AS day,
	    CASE WHEN a.state IN ('attended', 'made_up') THEN a.credit ELSE 0 END AS done,
	    a.state IN ('attended', 'made_up') AS part,
	    o.state NOT IN ? AND s.state <> ? AS counts,
	    a.state = 'due' AND o.state IN ('planned', 'moved') AND s.length > 0 AND s.state <> 'cancelled' AND o.end_at < ? AS silent
	  FROM attendances a JOIN occurrences o ON o.id = a.occurrence_id JOIN studies s ON s.id = a.study_id
	  WHERE o.tenant_id = ? AND o.start_at >= ? AND o.start_at < ?` + where + `) AS x GROUP BY person_id`
	rows, err := tx.yearSums(q, args...)
	if err != nil {
		return nil, fmt.Errorf("sums of the year: %w", err)
	}
	return rows, nil
}

func (tx *Tx) yearSums(q string, args ...any) (map[int64]YearSum, error) {
	var rows []YearSum
	if err := tx.db.Raw(q, args...).Scan(&rows).Error; err != nil {
		return nil, err
	}
	out := make(map[int64]YearSum, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r
	}
	return out, nil
}

// slotMargin is how many days after its main time the last alternative time of
// a session can lie: it narrows a query whose rows are looked at again.
const slotMargin = 32

// YearOpen are the attendances of sessions of a year that are neither settled
// for good nor surely closed by now: whoever asks looks again.
func (tx *Tx) YearOpen(tenantID int64, p models.Period, who YearWho) ([]models.Attendance, error) {
	where, args := who.of("attendances.person_id")
	q := tx.db.Joins("JOIN occurrences o ON o.id = attendances.occurrence_id").Joins("JOIN studies s ON s.id = attendances.study_id").
		Where("o.tenant_id = ? AND attendances.state IN ? AND o.start_at >= ? AND o.start_at < ?", tenantID,
			[]string{models.AttendanceDue, models.AttendanceAbsent}, p.Start, p.End).
		Where("o.state NOT IN ? AND s.state <> ? AND s.credit > 0", studyOffs, models.StudyCancelled).
		Where("o.end_at + (s.makeup_days + ?) * 86400000 > ? OR attendances.open_until > ?", slotMargin, tx.Now, tx.Now)
	if where != "" {
		q = q.Where("1 = 1"+where, args...)
	}
	rows, err := many[models.Attendance](q.Order("attendances.id"))
	if err != nil {
		return nil, fmt.Errorf("what is open of the year: %w", err)
	}
	return rows, nil
}

// StudiesThatCount are a tenant's active studies that give study hours.
func (tx *Tx) StudiesThatCount(tenantID int64) ([]models.Study, error) {
	return many[models.Study](tx.db.Where("tenant_id = ? AND state = ? AND credit > 0", tenantID, models.StudyActive).Order("id"))
}

// RoomMembers are the ids of who was in a channel or user group when it was
// last read.
func (tx *Tx) RoomMembers(tenantID int64, slackID string) (map[int64]bool, error) {
	ids, err := tx.numbers(`SELECT m.person_id FROM channel_members m JOIN channels c ON c.id = m.channel_id
		WHERE c.tenant_id = ? AND c.slack_id = ?`, tenantID, slackID)
	if err != nil {
		return nil, fmt.Errorf("members of %s: %w", slackID, err)
	}
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

// Exemptions are those in force of a year, by person.
func (tx *Tx) Exemptions(tenantID int64, year int, who YearWho) (map[int64][]models.Exemption, error) {
	q := tx.db.Where("tenant_id = ? AND year = ? AND state = ?", tenantID, year, models.ExemptionActive)
	if where, args := who.of("person_id"); where != "" {
		q = q.Where("1 = 1"+where, args...)
	}
	rows, err := many[models.Exemption](q.Order("first_day, id"))
	if err != nil {
		return nil, fmt.Errorf("exemptions: %w", err)
	}
	out := map[int64][]models.Exemption{}
	for _, e := range rows {
		out[e.PersonID] = append(out[e.PersonID], e)
	}
	return out, nil
}

// Exemption is one exemption of a tenant by its row id.
func (tx *Tx) Exemption(tenantID, id int64) (models.Exemption, error) {
	return one[models.Exemption](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// ExemptionsGiven are the exemptions in force that were given in the same act.
func (tx *Tx) ExemptionsGiven(e models.Exemption) ([]models.Exemption, error) {
	return many[models.Exemption](tx.db.Where("tenant_id = ? AND given_by = ? AND given_at = ? AND first_day = ? AND last_day = ? AND state = ?",
		e.TenantID, e.GivenBy, e.GivenAt, e.FirstDay, e.LastDay, models.ExemptionActive).Order("id"))
}

// absenceBack is how far back it is looked for when somebody took part last:
// longer ago counts as not at all.
const absenceBack = 400 * 24 * time.Hour

// Absences are the members who took part in nothing since a session that was
// held for them: since when, and how many were held.
func (tx *Tx) Absences(tenantID int64, who YearWho) ([]models.Absence, error) {
	whereA, argsA := who.of("a.person_id")
	whereP, argsP := who.of("p.id")
	from := tx.Now.Add(-absenceBack)
	q := `SELECT p.id AS person_id, COALESCE(u.unit_id, 0) AS unit_id, x.last, MIN(o.end_at) AS first, COUNT(*) AS held
	FROM (SELECT a.person_id, COALESCE(MAX(CASE
	    WHEN a.state IN ('attended', 'made_up') AND (a.at > o.end_at OR o.end_at > ?) THEN a.at
	    WHEN a.state IN ('attended', 'made_up') OR a.state = 'excused' AND o.end_at <= ? THEN o.end_at END), 0) AS last
	  FROM occurrences o JOIN attendances a ON a.occurrence_id = o.id
	  WHERE o.tenant_id = ? AND o.start_at >= ?` + whereA + ` GROUP BY a.person_id) AS x
	JOIN persons p ON p.id = x.person_id LEFT JOIN unit_members u ON u.person_id = p.id
	JOIN attendances a ON a.person_id = p.id JOIN occurrences o ON o.id = a.occurrence_id JOIN studies s ON s.id = a.study_id
	WHERE p.bot = ? AND p.gone = ? AND p.guest = ? AND o.tenant_id = ? AND o.start_at >= ? AND o.end_at <= ? AND o.end_at > x.last
	  AND o.state = 'held' AND a.state IN ('due', 'absent') AND s.state <> 'cancelled' AND s.length > 0` + whereP + `
	GROUP BY p.id, u.unit_id, x.last ORDER BY p.id`
	args := append([]any{tx.Now, tx.Now, tenantID, from}, argsA...)
	args = append(append(args, false, false, false, tenantID, from, tx.Now), argsP...)
	var rows []struct {
		PersonID, UnitID int64
		Last, First      models.Instant
		Held             int
	}
	if err := tx.db.Raw(q, args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("who was long away: %w", err)
	}
	out := make([]models.Absence, 0, len(rows))
	for _, r := range rows {
		a := models.Absence{PersonID: r.PersonID, UnitID: r.UnitID, Since: r.Last, Held: r.Held}
		if a.Never = r.Last == 0; a.Never {
			a.Since = r.First
		}
		out = append(out, a)
	}
	return out, nil
}

// StudyNotices are what leaders were told of a kind in the last two years,
// oldest first.
func (tx *Tx) StudyNotices(tenantID int64, kind string) ([]models.StudyNotice, error) {
	rows, err := many[models.StudyNotice](tx.db.Where("tenant_id = ? AND kind = ? AND at > ?", tenantID, kind, tx.Now.Add(-2*absenceBack)).Order("at, id"))
	if err != nil {
		return nil, fmt.Errorf("notices to leaders: %w", err)
	}
	return rows, nil
}

// KeepNotice remembers that a leader was told something.
func (tx *Tx) KeepNotice(n models.StudyNotice) error { return tx.insert(&n) }
