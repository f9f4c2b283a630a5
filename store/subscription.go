package store

import (
	"fmt"

	"muster/models"
)

// CalendarLinkBy finds the link of a token's fingerprint, revoked or not. The
// fingerprint is looked up by equality: what can be learnt from how long that
// takes is about the hash, not about the token.
func (tx *Tx) CalendarLinkBy(hash string) (models.CalendarLink, error) {
	return one[models.CalendarLink](tx.db.Where("hash = ?", hash))
}

// LiveCalendarLink is the link of a person that works, ErrNotFound when none.
func (tx *Tx) LiveCalendarLink(tenantID, personID int64) (models.CalendarLink, error) {
	return one[models.CalendarLink](tx.db.Where("tenant_id = ? AND person_id = ? AND revoked_at = 0", tenantID, personID).Order("id DESC"))
}

// SeenCalendarLink notes that a calendar asked for a link today.
func (tx *Tx) SeenCalendarLink(id int64, day models.Instant) error {
	err := tx.db.Model(&models.CalendarLink{}).Where("id = ? AND seen_at < ?", id, day).Update("seen_at", day).Error
	if err != nil {
		return fmt.Errorf("note that a calendar was read: %w", err)
	}
	return nil
}

// AttendancesInCalendar lists a person's attendances of occurrences that the
// rule put, or that take place, in [from, to), whatever became of them.
func (tx *Tx) AttendancesInCalendar(personID int64, from, to models.Instant) ([]models.Attendance, error) {
	return many[models.Attendance](tx.db.Joins("JOIN occurrences o ON o.id = attendances.occurrence_id").
		Where("attendances.person_id = ? AND (o.start_at >= ? AND o.start_at < ? OR o.rule_start >= ? AND o.rule_start < ?)", personID, from, to, from, to).
		Order("o.start_at, attendances.id").Limit(1000))
}

// Change is how often something was changed by the record, and when last.
type Change struct {
	ThingID int64
	N       int
	At      models.Instant
}

// Changes counts the entries of rows of one kind, by some actions or all.
func (tx *Tx) Changes(tenantID int64, thing string, ids []int64, actions ...string) (map[int64]Change, error) {
	out := map[int64]Change{}
	for len(ids) > 0 {
		part := ids[:min(len(ids), 500)]
		ids = ids[len(part):]
		var rows []Change
		q := tx.db.Model(&models.Entry{}).Select("thing_id, count(*) AS n, max(entered_at) AS at").
			Where("tenant_id = ? AND thing = ? AND thing_id IN ?", tenantID, thing, part)
		if len(actions) > 0 {
			q = q.Where("action IN ?", actions)
		}
		if err := q.Group("thing_id").Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("changes of %s: %w", thing, err)
		}
		for _, r := range rows {
			out[r.ThingID] = r
		}
	}
	return out, nil
}

// SignupsInCalendar lists a person's sign-ups for shifts that end after `from`,
// whatever became of them.
func (tx *Tx) SignupsInCalendar(tenantID, personID int64, from models.Instant) ([]models.Signup, error) {
	return many[models.Signup](tx.db.Joins("JOIN call_shifts s ON s.id = signups.shift_id").
		Where("signups.tenant_id = ? AND signups.person_id = ? AND s.end_at > ?", tenantID, personID, from).
		Order("s.start_at, signups.id").Limit(500))
}

// RoomsOf are the channels and user groups that somebody is in, by Slack id.
func (tx *Tx) RoomsOf(tenantID, personID int64) ([]string, error) {
	var refs []string
	err := tx.db.Model(&models.Channel{}).Joins("JOIN channel_members m ON m.channel_id = channels.id").
		Where("channels.tenant_id = ? AND m.person_id = ?", tenantID, personID).Order("channels.slack_id").Pluck("channels.slack_id", &refs).Error
	if err != nil {
		return nil, fmt.Errorf("channels of a person: %w", err)
	}
	return refs, nil
}
