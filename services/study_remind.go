package services

import (
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
	Own   models.Instant `json:"own,omitempty"`   // comes together with others; by itself it would come then
	Waits models.Instant `json:"waits,omitempty"` // comes later than its lead time, before a session that begins then
}

// StudyArgs is what a study message carries beside its subject.
type StudyArgs struct {
	LateFrom models.Instant `json:"late,omitempty"`    // was meant for then, and comes late
	From     models.Instant `json:"from,omitempty"`    // was moved from then
	Refused  bool           `json:"refused,omitempty"` // answers a request to be excused: no
	Roll     bool           `json:"roll,omitempty"`    // tells what the roll has of the member
	Where    bool           `json:"where,omitempty"`   // it takes place elsewhere now
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
	if still, err := s.stillDue(tx, d, c); err != nil || !still {
		return err
	}
	args, err := readReminding(d)
	if err != nil {
		return err
	}
	times, err := s.timesOf(tx, c.Tenant, c.Person)
	if err != nil {
		return err
	}
	start, _ := c.Occurrence.Times(c.Study, c.Attendance.Slot)
	if args.Meant == 0 {
		args.Meant = d.DueAt
	}
	late := tx.Now.Sub(args.Meant) > models.RemindLate
	if late && tx.Now < start && !times.Suit(tx.Now) {
		if next, ok := times.Next(tx.Now, start.Add(-models.LeadTooShort)); ok {
			args.Waits = start
			d.DueAt, d.Args = next, encode(args)
			return tx.Plan(d)
		}
	}
	if done, err := s.withDay(tx, c.Person, times, d, args); err != nil || done {
		return err
	}
	if err := s.useUp(tx, c, args); err != nil {
		return err
	}
	useful, err := s.stillUseful(tx, c)
	if err != nil {
		return err
	}
	if !useful {
		return missedRemind(tx, c, args.Meant)
	}
	out := StudyArgs{}
	if late {
		out.LateFrom = args.Meant
	}
	return s.sendStudy(tx, c, out)
}

// missedRemind notes a reminder that came too late to be of use.
func missedRemind(tx *store.Tx, c StudyCard, meant models.Instant) error {
	return tx.Note(models.By{TenantID: c.Tenant.ID, Action: "study_remind_missed", At: meant}, "attendance", c.Attendance.ID,
		map[string]any{"due_at": meant}, nil)
}

// stillUseful says whether a reminder is worth sending now.
func (s *Services) stillUseful(tx *store.Tx, c StudyCard) (bool, error) {
	start, end := c.Occurrence.Times(c.Study, c.Attendance.Slot)
	if tx.Now < start {
		return true, nil
	}
	if !c.Study.Meets() || tx.Now >= end {
		return false, nil
	}
	m, err := showing(tx, c.Occurrence, c.Attendance)
	return m.Shown == 0, err
}

// lastUse is until when a reminder of an occurrence is worth sending.
func lastUse(c StudyCard) models.Instant {
	_, end := c.Occurrence.Times(c.Study, c.Attendance.Slot)
	return max(end, c.Occurrence.Start.Add(time.Minute))
}

// useUp marks the lead times that this reminder stands for as used, with all
// that are overdue, so that several missed ones become one.
func (s *Services) useUp(tx *store.Tx, c StudyCard, args reminding) error {
	a := c.Attendance
	used := slices.Clone(args.Leads)
	rows, err := tx.DuesOf(c.Tenant.ID, a.ID, models.DueStudyRemind)
	if err != nil {
		return err
	}
	for _, d := range rows {
		if d.DueAt > tx.Now {
			break // they are in order
		}
		missed, err := readReminding(d)
		if err != nil {
			return err
		}
		used = append(used, missed.Leads...)
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
	if (args.From != 0 || args.Where) && s.passesQuiet(tx, c) {
		quiet = models.QuietPass
	}
	m := models.Message{TenantID: c.Tenant.ID, Key: models.StudyKey(c.Occurrence.ID, c.Person.ID), Kind: models.MessageStudy,
		SubjectID: c.Attendance.ID, PersonID: c.Person.ID, Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: quiet,
		ExpiresAt: lastUse(c)}
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
	if err := leaveDay(tx, c); err != nil {
		return err
	}
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
	times, err := s.timesOf(tx, t, p)
	if err != nil {
		return err
	}
	if err := s.replanStudies(tx, p, times); err != nil {
		return err
	}
	rows, err := tx.RemindersFor(p.ID)
	if err != nil {
		return err
	}
	return s.replanReminders(tx, times, rows)
}

// replanStudies moves a person's reminders of study.
func (s *Services) replanStudies(tx *store.Tx, p models.Person, times models.Times) error {
	err := openAttendances(tx, p, func(a models.Attendance) error {
		st, o, err := studyOf(tx, a)
		if err != nil {
			return err
		}
		if err := planOwn(tx, st, o, a, p, times); err != nil {
			return err
		}
		if _, end := o.Times(st, a.Slot); tx.Now >= end {
			return planOwnFollow(tx, st, o, a, p, times)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.gatherDays(tx, p, times)
}

// openAttendances walks all of a person's attendances about which something is
// still to be done, however many there are.
func openAttendances(tx *store.Tx, p models.Person, fn func(a models.Attendance) error) error {
	after := int64(0)
	for {
		page, err := tx.AttendancesOpen(p.ID, tx.Now, after, peopleBatch)
		if err != nil {
			return err
		}
		for _, a := range page {
			if err := fn(a); err != nil {
				return err
			}
		}
		if len(page) < peopleBatch {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

// showStudyAgain edits a person's living messages of study, since their
// language has become known or was changed.
func showStudyAgain(tx *store.Tx, p models.Person) error {
	return openAttendances(tx, p, func(a models.Attendance) error {
		if err := tx.Touch(p.TenantID, followKey(a.OccurrenceID, p.ID)); err != nil {
			return err
		}
		return tx.TouchStudy(p.TenantID, a.OccurrenceID, p.ID)
	})
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
