package services

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

// RemindArgs is what a reminder's due row and message carry.
type RemindArgs struct {
	At      models.Instant `json:"at,omitempty"`      // scheduled time of the firing
	Late    bool           `json:"late,omitempty"`    // it comes late, and says so
	Skipped int            `json:"skipped,omitempty"` // earlier times it stands for
	Snooze  bool           `json:"snooze,omitempty"`
}

func (s *Services) remindDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{models.DueRemind: s.dueFire}
}

// dueFire sends a reminder whose time has come, or the snooze of one.
func (s *Services) dueFire(tx *store.Tx, d models.Due) error {
	r, err := tx.Reminder(d.TenantID, d.RefID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil || r.State != models.ReminderActive {
		return err
	}
	var args RemindArgs
	if len(d.Args) > 0 {
		if err := json.Unmarshal(d.Args, &args); err != nil {
			return fmt.Errorf("args of %s: %w", d.Key, err)
		}
	}
	if args.Snooze {
		return s.fireSnooze(tx, r, d, args)
	}
	f, err := r.Fire(tx.Now)
	if err != nil {
		return fmt.Errorf("reminder %d: %w", r.ID, err)
	}
	r.NextAt = f.Next
	if f.Missed != 0 {
		r.MissedAt = f.Missed
	}
	before := r.FiredAt
	unwanted, err := s.remindUnwanted(tx, r)
	if err != nil {
		return err
	}
	if f.At != 0 && unwanted {
		f.At, r.MissedAt = 0, f.At
	}
	if f.At != 0 {
		r.FiredAt, r.DoneAt, r.SnoozedTo = f.At, 0, 0
	}
	if r.NextAt == 0 && (f.At == 0 || r.Channel != "") {
		r.State = models.ReminderDone // nothing is left to answer
	}
	if err := tx.Save(models.By{TenantID: r.TenantID, Action: "remind_fire", At: f.At}, &r); err != nil {
		return err
	}
	if err := planRemind(tx, r); err != nil || f.At == 0 {
		return err
	}
	if before != 0 {
		if err := tx.Touch(r.TenantID, models.RemindKey(r.ID, before)); err != nil { // its buttons go to the new one
			return err
		}
	}
	return sendRemind(tx, r, models.RemindKey(r.ID, f.At), RemindArgs{At: f.At, Late: f.Late, Skipped: f.Skipped})
}

// remindUnwanted asks at the moment of sending: does the person want what others
// set for them, may who set it still write to the channel? What somebody set
// for themselves is theirs to hear.
func (s *Services) remindUnwanted(tx *store.Tx, r models.Reminder) (bool, error) {
	if r.Own() {
		return false, nil
	}
	if r.Channel == "" {
		p, err := tx.Person(r.PersonID)
		return err == nil && (tx.Now < p.PauseUntil || p.Gone || p.Refuses(models.MessageRemind)), err
	}
	by, err := tx.Person(r.ByID)
	if err != nil {
		return false, err
	}
	me := Actor{Person: by}
	if me.Tenant, err = tx.Tenant(r.TenantID); err != nil {
		return false, err
	}
	if me.Rights, err = s.rights(tx, me.Tenant, by); err != nil {
		return false, err
	}
	may, err := mayRemindChannel(tx, me, r.Channel, r.Channel)
	return !may || by.Gone, err
}

// fireSnooze sends a firing again at the time it was put off to; not when the
// next of the series has come in between.
func (s *Services) fireSnooze(tx *store.Tx, r models.Reminder, d models.Due, args RemindArgs) error {
	if r.SnoozedTo == 0 || r.DoneAt != 0 || args.At != r.FiredAt || tx.Now.Sub(d.DueAt) > models.RemindTooLate {
		return nil
	}
	unwanted, err := s.remindUnwanted(tx, r)
	if err != nil {
		return err
	}
	if r.SnoozedTo = 0; unwanted {
		r.MissedAt = d.DueAt
	}
	if err := tx.Save(models.By{TenantID: r.TenantID, Action: "remind_fire", At: d.DueAt}, &r); err != nil {
		return err
	}
	key := models.RemindKey(r.ID, r.FiredAt)
	if unwanted {
		return tx.Touch(r.TenantID, key) // it no longer says when it comes again
	}
	past := "was:" + key + ":" + id(int64(d.DueAt))
	if err := tx.Rekey(r.TenantID, key, past); err != nil {
		return err
	}
	if err := tx.Touch(r.TenantID, past); err != nil {
		return err
	}
	return sendRemind(tx, r, key, RemindArgs{At: r.FiredAt, Late: tx.Now.Sub(d.DueAt) > models.RemindLate})
}

// sendRemind queues the message. What somebody set for themselves, or an
// organizer for a channel, comes at the time they chose.
func sendRemind(tx *store.Tx, r models.Reminder, key string, args RemindArgs) error {
	m := models.Message{TenantID: r.TenantID, Key: key, Kind: models.MessageRemind, SubjectID: r.ID, PersonID: r.PersonID, Channel: r.Channel,
		Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait}
	if r.Own() || r.Channel != "" {
		m.Quiet = models.QuietPass
	}
	_, err := tx.Enqueue(m.WithArgs(args))
	return err
}

// replanReminders keeps a person's own recurring reminders at the same reading of
// their clock when they change zone, and moves a snooze that no longer suits.
// What happens once was meant for one moment and keeps it.
func (s *Services) replanReminders(tx *store.Tx, times models.Times, rows []models.Reminder) error {
	for _, r := range rows {
		moved, err := rezone(&r, times.Zone.String(), tx.Now)
		if err != nil {
			return fmt.Errorf("reminder %d: %w", r.ID, err)
		}
		if r.SnoozedTo > tx.Now && !times.Suit(r.SnoozedTo) {
			if at, ok := times.Next(r.SnoozedTo, r.SnoozedTo.Add(8*24*time.Hour)); ok {
				r.SnoozedTo, moved = at, true
			}
		}
		if !moved {
			continue
		}
		if err := tx.Save(models.By{TenantID: r.TenantID, Action: "remind_replan"}, &r); err != nil {
			return err
		}
		if err := planRemind(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// rezone gives an own recurring reminder the zone its person lives in now.
func rezone(r *models.Reminder, zone string, now models.Instant) (moved bool, err error) {
	if !r.Own() || r.RRule == "" || r.Zone == zone || r.NextAt == 0 {
		return false, nil
	}
	r.Zone = zone
	rule, _ := r.Rule()
	next, err := rule.Next(now.Time(), 1)
	if err != nil || len(next) == 0 {
		return false, err
	}
	r.NextAt = models.At(next[0])
	return true, nil
}
