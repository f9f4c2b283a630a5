package models

import (
	"slices"
	"strconv"
	"time"
)

// Reminder states.
//
//	asked ──agrees──▶ active ──done, last one fired──▶ done
//	  └──refuses──▶ refused        └──delete──▶ deleted
const (
	ReminderAsked   = "asked" // for somebody else, who has not yet agreed
	ReminderActive  = "active"
	ReminderDone    = "done"
	ReminderRefused = "refused"
	ReminderDeleted = "deleted"
)

// Due rules and message kinds of reminders.
const (
	DueRemind          DueKind     = "remind.fire"   // RefID reminder, Args {"at": scheduled instant}
	MessageRemind      MessageKind = "remind"        // SubjectID reminder, Args {"at"}
	MessageRemindAsk   MessageKind = "remind_ask"    // may X remind you; SubjectID reminder
	MessageRemindTaken MessageKind = "remind_answer" // to who set it: agreed or refused; SubjectID reminder
)

// Reminder is something to be said to a person or a channel at a time.
type Reminder struct {
	ID       int64
	TenantID int64 `gorm:"uniqueIndex:reminders_number"`
	Number   int   `gorm:"uniqueIndex:reminders_number"` // m9
	ByID     int64 `gorm:"index"`                        // who set it
	PersonID int64 `gorm:"index"`                        // whom it reminds, 0 for a channel
	Channel  string
	Text     string
	State    string

	RRule string `gorm:"column:rrule"` // "" = once
	Wall  string
	Zone  string
	Until Instant

	NextAt    Instant // next scheduled time; 0 = none left
	FiredAt   Instant // scheduled time of the last one sent
	DoneAt    Instant // the last one sent was done; 0 = not
	SnoozedTo Instant // the last one sent was put off to; 0 = not
	MissedAt  Instant // scheduled time of the last one that came too late to be sent
	AgreedAt  Instant // when the person agreed to be reminded by ByID; 0 = not asked or no answer
	CreatedAt Instant
}

// Rule is the recurrence; ok is false when it happens once.
func (r Reminder) Rule() (rule Rule, ok bool) {
	return Rule{RRULE: r.RRule, Wall: r.Wall, Zone: r.Zone, Until: r.Until.Time()}, r.RRule != ""
}

// Own says that somebody reminds themselves.
func (r Reminder) Own() bool { return r.PersonID != 0 && r.PersonID == r.ByID }

// Concerns says whether a person may see, end and answer it.
func (r Reminder) Concerns(personID int64) bool { return r.ByID == personID || r.PersonID == personID }

func (r *Reminder) Thing() (string, int64) { return "reminder", r.ID }

func (r *Reminder) Facts() map[string]any {
	return map[string]any{"number": r.Number, "by": r.ByID, "person": r.PersonID, "channel": r.Channel, "state": r.State,
		"rule": r.RRule, "wall": r.Wall, "zone": r.Zone, "until": r.Until, "next_at": r.NextAt, "fired_at": r.FiredAt,
		"done_at": r.DoneAt, "snoozed_to": r.SnoozedTo, "missed_at": r.MissedAt, "agreed_at": r.AgreedAt}
}

func (r *Reminder) Words() map[string]Word {
	return map[string]Word{"text": {Text: r.Text, Person: r.ByID}}
}

// RemindKey is the outbox key of one firing.
func RemindKey(id int64, at Instant) string {
	return RemindKeys(id) + strconv.FormatInt(int64(at), 10)
}

// RemindKeys is the prefix of all firings of a reminder.
func RemindKeys(id int64) string { return "remind:" + strconv.FormatInt(id, 10) + ":" }

// RemindLate is from when on a message says that it comes late: less is how
// long a busy queue may take.
const RemindLate = 15 * time.Minute

// RemindTooLate is after how long a missed reminder is no longer sent, only
// noted: a day later its moment is gone and a flood helps nobody.
const RemindTooLate = 24 * time.Hour

// Firing is what to do about a reminder whose time has come.
type Firing struct {
	At      Instant // the scheduled time that is sent; 0 = nothing is sent
	Late    bool    // it says that it comes late
	Skipped int     // earlier times of the same series that this one stands for
	Missed  Instant // the latest time that is only noted; 0 = none
	Next    Instant // next scheduled time; 0 = none
}

// Fire decides what becomes of a reminder at now: of everything missed the
// latest time is sent when it is under a day old, with a note when it is over
// a quarter of an hour late; older ones are noted. The next time is always
// ahead of now, so that a month's silence never ends in a flood.
func (r Reminder) Fire(now Instant) (Firing, error) {
	var f Firing
	missed := []Instant{r.NextAt}
	if rule, ok := r.Rule(); ok {
		// From a day back at most: what is older is never sent, and a rule
		// with many times a day must not be walked through a month.
		from := max(r.NextAt, now.Add(-RemindTooLate))
		times, err := rule.Next(from.Add(-time.Millisecond).Time(), 2) // itself and the one after, unless Muster was down
		if err == nil && len(times) == 2 && At(times[1]) <= now {
			times, err = rule.Next(from.Add(-time.Millisecond).Time(), 200)
		}
		if err != nil {
			return f, err
		}
		for _, t := range times {
			at := At(t)
			if at > now {
				f.Next = at
				break
			}
			if at > r.NextAt {
				missed = append(missed, at)
			}
		}
	}
	last := slices.Max(missed)
	if now.Sub(last) > RemindTooLate {
		f.Missed = last
		return f, nil
	}
	f.At, f.Late, f.Skipped = last, now.Sub(last) > RemindLate, len(missed)-1
	return f, nil
}

// Snooze is a time to which a reminder may be put off.
type Snooze struct {
	At Instant
	In *Window // the window that begins then; nil = none does
}

// snoozeApart is how far two offers lie apart at least: nearer is the same to
// who chooses.
const snoozeApart = 10 * time.Minute

// SnoozeTimes offers when to be reminded again, at most five and the soonest
// first: in a quarter of an hour, an hour, three hours (on the next five
// minutes of the clock), and at the next beginnings of what suits the reader.
// Each suits and lies before end (0 = no end) with five minutes left.
func SnoozeTimes(now, end Instant, times Times) []Snooze {
	last := now.Add(7 * 24 * time.Hour)
	if end != 0 {
		last = end.Add(-snoozeBefore)
	}
	var offers []Instant
	offer := func(at Instant) {
		near := func(o Instant) bool { return o.Sub(at).Abs() < snoozeApart }
		if at > now && at <= last && times.Suit(at) && !slices.ContainsFunc(offers, near) {
			offers = append(offers, at)
		}
	}
	for _, at := range times.Starts(now.Add(snoozeBefore), last, 3) {
		offer(at)
	}
	for _, d := range []time.Duration{15 * time.Minute, time.Hour, 3 * time.Hour} {
		offer(onTheClock(now.Add(d)))
	}
	if end == 0 {
		t, _ := LocalInstant(midnight(now, times.Zone).AddDate(0, 0, 1).Add(9*time.Hour), times.Zone)
		offer(At(t))
	}
	slices.Sort(offers)
	out := make([]Snooze, 0, 5)
	for _, at := range offers[:min(len(offers), 5)] {
		out = append(out, Snooze{At: at, In: times.Opens(at)})
	}
	return out
}

// snoozeBefore is how long before the start a reminder that was put off still
// lets somebody come.
const snoozeBefore = 5 * time.Minute

// onTheClock is at on the next full five minutes: nobody says 10:07:23.
func onTheClock(at Instant) Instant {
	const step = Instant(5 * 60 * 1000)
	return (at + step - 1) / step * step
}

// MaySnooze asks at the press what the offer had asked.
func MaySnooze(to, now, end Instant, times Times) bool {
	return to > now && to <= end.Add(-snoozeBefore) && times.Suit(to)
}
