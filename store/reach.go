package store

import (
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
)

// stoppedCause marks messages that a stop button held back.
const stoppedCause = "stopped"

// ReachByID is one act to many.
func (tx *Tx) ReachByID(tenantID, id int64) (models.Reach, error) {
	return found[models.Reach]("reach", tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// LockReach is ReachByID, held against every other decision about it.
func (tx *Tx) LockReach(tenantID, id int64) (models.Reach, error) {
	q := tx.db.Where("tenant_id = ? AND id = ?", tenantID, id)
	if tx.store.kind.postgres() {
		q = q.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	return found[models.Reach]("reach", q)
}

// ReachesOf are the latest acts to many of these kinds about one thing, newest
// first.
func (tx *Tx) ReachesOf(tenantID, refID int64, kinds []string, states []models.ReachState, limit int) ([]models.Reach, error) {
	return many[models.Reach](tx.db.Where("tenant_id = ? AND ref_id = ? AND kind IN ? AND state IN ?", tenantID, refID, kinds, states).
		Order("id DESC").Limit(limit))
}

// ReachesWithText are acts from before at whose words are still kept.
func (tx *Tx) ReachesWithText(tenantID int64, at models.Instant, limit int) ([]*models.Reach, error) {
	return many[*models.Reach](tx.db.Where("tenant_id = ? AND text <> '' AND created_at < ? AND state <> ?",
		tenantID, at, models.ReachGoing).Order("id").Limit(limit))
}

// ReachCounts is how far an act to many has come, in messages.
type ReachCounts struct {
	Sent    int // Slack has them
	Left    int // still to go, those that rest included
	Resting int // of those, waiting for somebody's quiet hours to end
	Stopped int // held back by the stop button
	Lost    int // refused by Slack, or too late to be of use
}

// ofReach is the messages of one act. The first condition is what lets the
// index that leaves out all others be used.
func (tx *Tx) ofReach(id int64) *gorm.DB {
	return tx.db.Model(&models.Message{}).Where("reach_id <> 0 AND reach_id = ?", id)
}

// CountReach counts the messages of one act.
func (tx *Tx) CountReach(id int64) (ReachCounts, error) {
	var rows []struct {
		State   models.MessageState
		Shown   bool
		Resting bool
		Stopped bool
		N       int
	}
	var c ReachCounts
	err := tx.ofReach(id).Select("state, shown > 0 AS shown, due_at > ? AS resting, last_error = ? AS stopped, COUNT(*) AS n", tx.Now, stoppedCause).
		Group("1, 2, 3, 4").Scan(&rows).Error
	if err != nil {
		return c, fmt.Errorf("count reach %d: %w", id, err)
	}
	for _, r := range rows {
		switch {
		case r.Shown || r.State == models.MessageSent:
			c.Sent += r.N
		case r.State == models.MessageDropped && r.Stopped:
			c.Stopped += r.N
		case r.State == models.MessageQueued && r.Resting:
			c.Resting += r.N
			c.Left += r.N
		case r.State == models.MessageQueued, r.State == models.MessageSending:
			c.Left += r.N
		default:
			c.Lost += r.N
		}
	}
	return c, nil
}

// ReachMissed are people whom an act did not reach: held back, refused, or too
// late; at most limit of them.
func (tx *Tx) ReachMissed(id int64, limit int) ([]int64, error) {
	var ids []int64
	err := tx.ofReach(id).Where("shown = 0 AND state IN ?", []models.MessageState{models.MessageDropped, models.MessageDead}).
		Order("id").Limit(limit).Pluck("person_id", &ids).Error
	return ids, err
}

// StopReach drops, in one statement, what of an act has not left the outbox;
// n counts it. What is being sent, or may have been posted, goes its way.
func (tx *Tx) StopReach(id int64) (n int, err error) {
	r := tx.ofReach(id).Where("state = ? AND shown = 0 AND doubt = ?", models.MessageQueued, false).
		Updates(map[string]any{"state": models.MessageDropped, "last_error": stoppedCause})
	return int(r.RowsAffected), r.Error
}

// FreeReach queues again what StopReach held back and is not too late yet.
func (tx *Tx) FreeReach(id int64) (n int, err error) {
	r := tx.ofReach(id).Where("state = ? AND shown = 0 AND last_error = ? AND (expires_at = 0 OR expires_at > ?)",
		models.MessageDropped, stoppedCause, tx.Now).
		Updates(map[string]any{"state": models.MessageQueued, "last_error": "", "retry_ms": 0, "attempts": 0})
	return int(r.RowsAffected), r.Error
}

// AskedUnanswered are those whom a call asked directly and who have not said
// anything.
func (tx *Tx) AskedUnanswered(callID int64) ([]int64, error) {
	var ids []int64
	err := tx.db.Model(&models.Ask{}).Distinct("person_id").Where("call_id = ? AND state IN ?", callID,
		[]models.AskState{models.AskOpen, models.AskSilent}).Order("person_id").Pluck("person_id", &ids).Error
	return ids, err
}

// ToldLately are the calls about which an organizer's message reached somebody
// since then, by id.
func (tx *Tx) ToldLately(tenantID, personID int64, since models.Instant) ([]int64, error) {
	var ids []int64
	err := tx.db.Model(&models.Message{}).Distinct("reaches.ref_id").Joins("JOIN reaches ON reaches.id = messages.subject_id").
		Where("messages.tenant_id = ? AND messages.person_id = ? AND messages.kind = ? AND messages.shown > 0 AND messages.sent_at >= ?",
			tenantID, personID, models.MessageTell, since).Order("reaches.ref_id").Pluck("reaches.ref_id", &ids).Error
	return ids, err
}

// ToldOfStudy are members who still owe one of these occurrences and have a
// message about it in Slack; comingOnly leaves out who did not say they come.
func (tx *Tx) ToldOfStudy(occurrences []int64, comingOnly bool) ([]int64, error) {
	mine := tx.db.Model(&models.Message{}).Select("1").Where("messages.tenant_id = attendances.tenant_id AND messages.subject_id = attendances.id AND messages.kind = ? AND messages.shown > 0", models.MessageStudy)
	day := tx.db.Model(&models.Message{}).Select("1").Where("messages.id = attendances.day_id AND messages.shown > 0")
	q := tx.db.Model(&models.Attendance{}).Distinct("attendances.person_id").
		Where("attendances.occurrence_id IN ? AND attendances.state = ?", append([]int64{0}, occurrences...), models.AttendanceDue).
		Where("EXISTS (?) OR EXISTS (?)", mine, day)
	if comingOnly {
		q = q.Where("attendances.intent = ?", models.IntentAttend)
	}
	var ids []int64
	err := q.Pluck("attendances.person_id", &ids).Error
	return ids, err
}

// ClearReach forgets whom an act was meant for, and what it was unless keepArgs:
// it was done.
func (tx *Tx) ClearReach(id int64, keepArgs bool) error {
	set := map[string]any{"who": nil}
	if !keepArgs {
		set["args"] = nil
	}
	return tx.db.Model(&models.Reach{}).Where("id = ?", id).Updates(set).Error
}

// PostsAhead is how many posts of a tenant are due and go before one of this
// priority that is queued now.
func (tx *Tx) PostsAhead(tenantID int64, priority models.Priority) (int, error) {
	var n int64
	err := tx.db.Model(&models.Message{}).Where("tenant_id = ? AND state = ? AND shown = 0 AND op <> ? AND due_at <= ? AND priority <= ?",
		tenantID, models.MessageQueued, models.OpReact, tx.Now, priority).Count(&n).Error
	return int(n), err
}

// UnitsOfPeople is the unit of each of some people who is in one.
func (tx *Tx) UnitsOfPeople(tenantID int64, people []int64) (map[int64]models.Unit, error) {
	units, err := tx.Units(tenantID)
	if err != nil || len(units) == 0 || len(people) == 0 {
		return nil, err
	}
	byID := make(map[int64]models.Unit, len(units))
	for _, u := range units {
		byID[u.ID] = u
	}
	out := make(map[int64]models.Unit, len(people))
	for len(people) > 0 {
		part := people[:min(len(people), 500)] // stays below a database's limit on parameters
		people = people[len(part):]
		rows, err := many[models.UnitMember](tx.db.Where("person_id IN ?", part))
		if err != nil {
			return nil, fmt.Errorf("units of people: %w", err)
		}
		for _, r := range rows {
			out[r.PersonID] = byID[r.UnitID]
		}
	}
	return out, nil
}

// reachSteps is how often the progress of one act is shown at most: edits are
// few, and a person sees no finer.
const reachSteps = 20

// reachMoved notes that a message of an act came to something: its progress is
// shown now and then, and its end looked after.
func (tx *Tx) reachMoved(m models.Message) error {
	r, err := tx.LockReach(m.TenantID, m.ReachID) // held, so that of two last ones the second sees the first
	switch {
	case missing(err):
		return nil
	case err != nil:
		return err
	case r.State != models.ReachGoing && r.State != models.ReachStopped:
		return nil
	}
	var left int64
	err = tx.ofReach(r.ID).Where("shown = 0 AND state IN ?", []models.MessageState{models.MessageQueued, models.MessageSending}).
		Count(&left).Error
	if err != nil {
		return fmt.Errorf("what is left of reach %d: %w", r.ID, err)
	}
	if left == 0 {
		return tx.Plan(models.Due{TenantID: r.TenantID, Key: models.ReachKey(r.ID), Kind: models.DueReachLook, RefID: r.ID, DueAt: tx.Now})
	}
	if int(left)%max(1, r.People/reachSteps) == 0 {
		return tx.Touch(r.TenantID, models.ReachKey(r.ID))
	}
	return nil
}
