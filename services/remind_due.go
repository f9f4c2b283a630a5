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

// remindManyDues are the rules that act on many at once.
func (s *Services) remindManyDues() map[models.DueKind]dueManyFunc {
	return map[models.DueKind]dueManyFunc{models.DueRemind: s.dueFireAll}
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
	args, err := readRemindArgs(d)
	if err != nil {
		return err
	}
	if args.Snooze {
		return s.fireSnooze(tx, r, d, args)
	}
	unwanted, err := s.remindUnwanted(tx, r)
	if err != nil {
		return err
	}
	f, err := fire(r, tx.Now, unwanted)
	if err != nil {
		return err
	}
	if err := tx.Save(f.by(), &f.r); err != nil {
		return err
	}
	if err := planRemind(tx, f.r); err != nil || f.At == 0 {
		return err
	}
	if f.before != "" {
		if err := tx.Touch(r.TenantID, f.before); err != nil { // its buttons go to the new one
			return err
		}
	}
	_, err = tx.Enqueue(f.message())
	return err
}

// dueFireAll is dueFire for many: at eight in the morning a whole city is
// reminded. Only what people set for themselves is done together, and nothing
// that was put off: all else asks something more, one by one.
func (s *Services) dueFireAll(tx *store.Tx, all []models.Due) error {
	ids := make([]int64, len(all))
	for i, d := range all {
		ids[i] = d.RefID
	}
	reminders, err := tx.RemindersByID(all[0].TenantID, ids)
	if err != nil {
		return err
	}
	var saves []store.Saved
	var plans []models.Due
	var before []string
	var messages []models.Message
	for _, d := range all {
		r, ok := reminders[d.RefID]
		if !ok || r.State != models.ReminderActive {
			continue
		}
		if !r.Own() || r.SnoozedTo != 0 || len(d.Args) > 0 {
			if err := s.dueFire(tx, d); err != nil {
				return err
			}
			continue
		}
		f, err := fire(r, tx.Now, false)
		if err != nil {
			return err
		}
		saves = append(saves, store.Saved{By: f.by(), Row: &f.r})
		if f.r.NextAt != 0 {
			plans = append(plans, nextRemind(f.r))
		}
		if f.At == 0 {
			continue
		}
		if f.before != "" {
			before = append(before, f.before)
		}
		messages = append(messages, f.message())
	}
	return errors.Join(tx.SaveAll(saves), tx.PlanAll(plans), tx.Touch(all[0].TenantID, before...), tx.EnqueueAll(messages))
}

// readRemindArgs are the args of a reminder's due row.
func readRemindArgs(d models.Due) (args RemindArgs, err error) {
	if len(d.Args) > 0 {
		if err := json.Unmarshal(d.Args, &args); err != nil {
			return args, fmt.Errorf("args of %s: %w", d.Key, err)
		}
	}
	return args, nil
}

// fired is a reminder whose time has come, with what is to be said.
type fired struct {
	models.Firing
	r      models.Reminder
	before string // key of the last firing's message; "" = there is none
}

// fire moves a reminder on. Unwanted it is not sent, and counts as missed.
func fire(r models.Reminder, now models.Instant, unwanted bool) (*fired, error) {
	f, err := r.Fire(now)
	if err != nil {
		return nil, fmt.Errorf("reminder %d: %w", r.ID, err)
	}
	out := &fired{Firing: f, r: r}
	if r.FiredAt != 0 {
		out.before = models.RemindKey(r.ID, r.FiredAt)
	}
	out.r.NextAt = f.Next
	if f.Missed != 0 {
		out.r.MissedAt = f.Missed
	}
	if f.At != 0 && unwanted {
		out.At, out.r.MissedAt = 0, f.At
	}
	if out.At != 0 {
		out.r.FiredAt, out.r.DoneAt, out.r.SnoozedTo = f.At, 0, 0
	}
	if f.Next == 0 && (out.At == 0 || r.Channel != "") {
		out.r.State = models.ReminderDone // nothing is left to answer
	}
	return out, nil
}

func (f *fired) by() models.By {
	return models.By{TenantID: f.r.TenantID, Action: "remind_fire", At: f.At}
}

func (f *fired) message() models.Message {
	return remindMessage(f.r, models.RemindKey(f.r.ID, f.At), RemindArgs{At: f.At, Late: f.Late, Skipped: f.Skipped})
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
	_, err = tx.Enqueue(remindMessage(r, key, RemindArgs{At: r.FiredAt, Late: tx.Now.Sub(d.DueAt) > models.RemindLate}))
	return err
}

// remindMessage is the message. What somebody set for themselves, or an
// organizer for a channel, comes at the time they chose.
func remindMessage(r models.Reminder, key string, args RemindArgs) models.Message {
	m := models.Message{TenantID: r.TenantID, Key: key, Kind: models.MessageRemind, SubjectID: r.ID, PersonID: r.PersonID, Channel: r.Channel,
		Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait}
	if r.Own() || r.Channel != "" {
		m.Quiet = models.QuietPass
	}
	return m.WithArgs(args)
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
