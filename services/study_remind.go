package services

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"muster/models"
	"muster/store"
)

// reminding is what a study reminder's due row carries: the lead times it
// stands for, in minutes; none for a snooze.
type reminding struct {
	Leads []int          `json:"leads,omitempty"`
	Meant models.Instant `json:"meant,omitempty"` // when it should have come, once that was missed
}

// StudyArgs is what a study message carries beside its subject.
type StudyArgs struct {
	LateFrom models.Instant `json:"late,omitempty"`    // was meant for then, and comes late
	From     models.Instant `json:"from,omitempty"`    // was moved from then
	Refused  bool           `json:"refused,omitempty"` // answers a request to be excused: no
}

// remindKeys is the prefix of the due rows of one member and occurrence.
func remindKeys(occurrenceID, personID int64) string {
	return "study:remind:" + id(occurrenceID) + ":" + id(personID) + ":"
}

// timesOf is when a person may be reminded.
func (s *Services) timesOf(tx *store.Tx, t models.Tenant, p models.Person) (models.Times, error) {
	unit, err := tx.UnitOf(p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return models.Times{}, fmt.Errorf("unit of a person: %w", err)
	}
	return models.TimesOf(p, unit, t), nil
}

// wantsReminders says whether a member is still to be reminded of an
// occurrence before it takes place.
func wantsReminders(st models.Study, o models.Occurrence, a models.Attendance, p models.Person) bool {
	return st.State == models.StudyActive && o.Ahead() && a.State == models.AttendanceDue &&
		(a.Intent == models.IntentNone || a.Intent == models.IntentAttend) && !p.OptedOut("study") && !p.Gone
}

// planReminders plans what is left of a member's reminders of an occurrence,
// in place of what was planned before.
func (s *Services) planReminders(tx *store.Tx, st models.Study, o models.Occurrence, a models.Attendance, t models.Tenant, p models.Person) error {
	if !wantsReminders(st, o, a, p) {
		_, err := tx.Unplan(o.TenantID, remindKeys(o.ID, p.ID))
		return err
	}
	if _, err := tx.UnplanAhead(o.TenantID, remindKeys(o.ID, p.ID)); err != nil {
		return err
	}
	times, err := s.timesOf(tx, t, p)
	if err != nil {
		return err
	}
	start, _ := o.Times(st, a.Slot)
	plan := func(name string, at models.Instant, args reminding) error {
		return tx.Plan(models.Due{TenantID: o.TenantID, Key: remindKeys(o.ID, p.ID) + name + ":", Kind: models.DueStudyRemind,
			RefID: a.ID, PersonID: p.ID, DueAt: at, Args: encode(args)})
	}
	if a.SnoozedTo > tx.Now && a.SnoozedTo < start {
		if err := plan("snooze", a.SnoozedTo, reminding{}); err != nil {
			return err
		}
	}
	for _, r := range comingReminders(st, o, a, p, times, tx.Now) {
		leads := minutesOf(r.Leads)
		if err := plan(strconv.Itoa(leads[len(leads)-1]), r.At, reminding{Leads: leads}); err != nil {
			return err
		}
	}
	return nil
}

// comingReminders is what a member will get before an occurrence from now on.
func comingReminders(st models.Study, o models.Occurrence, a models.Attendance, p models.Person, times models.Times, now models.Instant) []models.Planned {
	start, _ := o.Times(st, a.Slot)
	left := slices.DeleteFunc(st.LeadTimes(), func(d time.Duration) bool {
		return slices.Contains(a.Reminded, int(d/time.Minute))
	})
	return slices.DeleteFunc(times.Plan(start, left, now), func(r models.Planned) bool {
		return r.At < p.PauseUntil || r.At <= a.SnoozedTo // put off: what falls before it is the same reminder
	})
}

func minutesOf(leads []time.Duration) []int {
	out := make([]int, len(leads))
	for i, d := range leads {
		out[i] = int(d / time.Minute)
	}
	return out
}

// dueRemind sends one member's reminder. After a pause of Muster's own, of all
// that is overdue one is sent; inside the member's windows if one is left;
// after the start only to who was told nothing yet and can still check in.
func (s *Services) dueRemind(tx *store.Tx, d models.Due) error {
	c, err := s.loadStudy(tx, d.TenantID, d.RefID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // taken back in between
	}
	if err != nil {
		return err
	}
	if !wantsReminders(c.Study, c.Occurrence, c.Attendance, c.Person) || tx.Now < c.Person.PauseUntil {
		return nil
	}
	var args reminding
	if len(d.Args) > 0 {
		if err := json.Unmarshal(d.Args, &args); err != nil {
			return fmt.Errorf("leads of %s: %w", d.Key, err)
		}
	}
	times, err := s.timesOf(tx, c.Tenant, c.Person)
	if err != nil {
		return err
	}
	start, end := c.Occurrence.Times(c.Study, c.Attendance.Slot)
	if args.Meant == 0 {
		args.Meant = d.DueAt
	}
	late := tx.Now.Sub(args.Meant) > models.RemindLate
	if late && tx.Now < start && !times.Suit(tx.Now) {
		if next, ok := times.Next(tx.Now, start.Add(-leadTooShort)); ok {
			d.DueAt, d.Args = next, encode(args)
			return tx.Plan(d)
		}
	}
	if err := s.useUp(tx, c, args, times); err != nil {
		return err
	}
	useful, err := s.stillUseful(tx, c, start, end)
	if err != nil {
		return err
	}
	if !useful {
		return tx.Note(models.By{TenantID: d.TenantID, Action: "study_remind_missed", At: args.Meant}, "attendance", c.Attendance.ID,
			map[string]any{"due_at": args.Meant}, nil)
	}
	out := StudyArgs{}
	if late {
		out.LateFrom = args.Meant
	}
	return s.sendStudy(tx, c, out)
}

// leadTooShort is how long before the start a reminder still lets somebody come.
const leadTooShort = 10 * time.Minute

// stillUseful says whether a reminder is worth sending now.
func (s *Services) stillUseful(tx *store.Tx, c StudyCard, start, end models.Instant) (bool, error) {
	if tx.Now < start {
		return true, nil
	}
	if !c.Study.Meets() || tx.Now >= end {
		return false, nil
	}
	m, err := tx.MessageByKey(c.Tenant.ID, models.StudyKey(c.Occurrence.ID, c.Person.ID))
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return m.Shown == 0, err
}

// useUp marks the lead times that this reminder stands for as used, with all
// that are overdue, so that several missed ones become one.
func (s *Services) useUp(tx *store.Tx, c StudyCard, args reminding, times models.Times) error {
	a := c.Attendance
	used := slices.Clone(args.Leads)
	start, _ := c.Occurrence.Times(c.Study, a.Slot)
	// Planned from the beginning of time, every lead time has its instant.
	for _, r := range times.Plan(start, c.Study.LeadTimes(), 0) {
		if r.At <= tx.Now {
			used = append(used, minutesOf(r.Leads)...)
		}
	}
	for _, lead := range used {
		if !slices.Contains(a.Reminded, lead) {
			a.Reminded = append(a.Reminded, lead)
		}
		if _, err := tx.Unplan(c.Tenant.ID, remindKeys(c.Occurrence.ID, c.Person.ID)+strconv.Itoa(lead)+":"); err != nil {
			return err
		}
	}
	if a.SnoozedTo <= tx.Now {
		a.SnoozedTo = 0
	}
	return tx.KeepReminding(&a)
}

// sendStudy gives a member a new message with sound about an occurrence: it
// takes over the buttons, and the one before becomes a line. One that waits
// unsent stays as it is, since its words are found when it is sent.
func (s *Services) sendStudy(tx *store.Tx, c StudyCard, args StudyArgs) error {
	if err := s.retire(tx, c); err != nil {
		return err
	}
	quiet := models.QuietWait
	if args.From != 0 && s.passesQuiet(tx, c) {
		quiet = models.QuietPass
	}
	_, end := c.Occurrence.Times(c.Study, c.Attendance.Slot)
	m := models.Message{TenantID: c.Tenant.ID, Key: models.StudyKey(c.Occurrence.ID, c.Person.ID), Kind: models.MessageStudy,
		SubjectID: c.Attendance.ID, PersonID: c.Person.ID, Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: quiet,
		ExpiresAt: max(end, c.Occurrence.Start.Add(time.Minute))}
	_, err := tx.Enqueue(m.WithArgs(args))
	return err
}

// passesQuiet says whether a move or a cancelling concerns something that
// begins before the member's quiet hours end plus two hours.
func (s *Services) passesQuiet(tx *store.Tx, c StudyCard) bool {
	times, err := s.timesOf(tx, c.Tenant, c.Person)
	if err != nil {
		return false
	}
	start, _ := c.Occurrence.Times(c.Study, c.Attendance.Slot)
	return start < models.EndOfRest(tx.Now, times.Rest, times.Zone).Add(2*time.Hour)
}

// retire frees the key of a member's living message: what Slack shows becomes
// a line, what was dropped or refused is past. One that waits unsent is left.
func (s *Services) retire(tx *store.Tx, c StudyCard) error {
	key := models.StudyKey(c.Occurrence.ID, c.Person.ID)
	m, err := tx.MessageByKey(c.Tenant.ID, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	waiting := m.Shown == 0 && (m.State == models.MessageQueued || m.State == models.MessageSending)
	if waiting {
		return nil
	}
	past := "was:" + key + ":" + id(m.ID)
	if err := tx.Rekey(c.Tenant.ID, key, past); err != nil {
		return err
	}
	return tx.Touch(c.Tenant.ID, past)
}

// ReplanPerson moves a person's reminders ahead to where they belong after
// windows, quiet hours, zone, pause or opt-outs changed.
func (s *Services) ReplanPerson(tx *store.Tx, p models.Person) error {
	t, err := tx.Tenant(p.TenantID)
	if err != nil {
		return err
	}
	ahead, err := tx.AttendancesAhead(p.ID, tx.Now)
	if err != nil {
		return err
	}
	for _, a := range ahead {
		st, o, err := studyOf(tx, a)
		if err != nil {
			return err
		}
		if err := s.planReminders(tx, st, o, a, t, p); err != nil {
			return err
		}
		if _, end := o.Times(st, a.Slot); tx.Now >= end {
			if err := s.planFollow(tx, st, o, a, t, p); err != nil {
				return err
			}
		}
	}
	return s.replanRemind(tx, t, p)
}

// showStudyAgain edits a person's living messages of study, since their
// language has become known or was changed.
func showStudyAgain(tx *store.Tx, p models.Person) error {
	ahead, err := tx.AttendancesAhead(p.ID, tx.Now)
	if err != nil {
		return err
	}
	for _, a := range ahead {
		for _, key := range []string{models.StudyKey(a.OccurrenceID, p.ID), followKey(a.OccurrenceID, p.ID)} {
			if err := tx.Touch(p.TenantID, key); err != nil {
				return err
			}
		}
	}
	return nil
}

func studyOf(tx *store.Tx, a models.Attendance) (models.Study, models.Occurrence, error) {
	st, err := tx.Study(a.TenantID, a.StudyID)
	if err != nil {
		return st, models.Occurrence{}, fmt.Errorf("study of attendance %d: %w", a.ID, err)
	}
	o, err := tx.Occurrence(a.TenantID, a.OccurrenceID)
	if err != nil {
		return st, o, fmt.Errorf("occurrence of attendance %d: %w", a.ID, err)
	}
	return st, o, nil
}
