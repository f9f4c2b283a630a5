package services

import (
	"errors"
	"time"

	"muster/models"
	"muster/store"
)

// The one follow-up before a make-up closes.

// planFollow plans it, two days before the make-up closes and in the member's
// own time; where that is not after the session there is none, since the
// message of the session offers the make-up already.
func (s *Services) planFollow(tx *store.Tx, st models.Study, o models.Occurrence, a models.Attendance, t models.Tenant, p models.Person) error {
	times, err := s.timesOf(tx, t, p)
	if err != nil {
		return err
	}
	if err := planOwnFollow(tx, st, o, a, p, times); err != nil {
		return err
	}
	return s.gatherDays(tx, p, times)
}

func planOwnFollow(tx *store.Tx, st models.Study, o models.Occurrence, a models.Attendance, p models.Person, times models.Times) error {
	key := followDue(o.ID, p.ID)
	if _, err := tx.Unplan(o.TenantID, key); err != nil {
		return err
	}
	if a.Settled() || st.MakeupDays <= 2 || !openToFollow(st, o, a, p, tx.Now) {
		return nil
	}
	if done, err := followed(tx, o, a); err != nil || done {
		return err
	}
	at, ok := models.PlanLead(a.MakeupUntil(o, st), models.FollowUpLead, times.Rest, times.Windows, times.Zone, max(tx.Now, o.LastEnd(st)))
	if !ok || at < p.PauseUntil {
		return nil
	}
	return tx.Plan(models.Due{TenantID: o.TenantID, Key: key, Kind: models.DueStudyFollow, RefID: a.ID, PersonID: p.ID, DueAt: at})
}

func followKey(occurrenceID, personID int64) string {
	return "study_follow:" + id(occurrenceID) + ":" + id(personID)
}

func followDue(occurrenceID, personID int64) string {
	return "study:follow:" + id(occurrenceID) + ":" + id(personID) + ":"
}

// followed says whether the follow-up went out: one, then silence.
func followed(tx *store.Tx, o models.Occurrence, a models.Attendance) (bool, error) {
	if a.FollowedAt != 0 {
		return true, nil
	}
	_, err := tx.MessageByKey(o.TenantID, followKey(o.ID, a.PersonID))
	return err == nil, ignoreMissing(err)
}

// openToFollow says whether a make-up is open to a member who may be told.
func openToFollow(st models.Study, o models.Occurrence, a models.Attendance, p models.Person, now models.Instant) bool {
	return a.MakeupUntil(o, st) > now && a.Intent != models.IntentExcuse && !o.Off() && st.State != models.StudyCancelled &&
		!p.Refuses(models.MessageStudyFollow) && !p.Gone
}

// wantsFollow asks at the moment of sending whether it is still wanted.
func (s *Services) wantsFollow(tx *store.Tx, c StudyCard) (bool, error) {
	a := c.Attendance
	if a.Settled() && a.State != models.AttendanceAbsent || !openToFollow(c.Study, c.Occurrence, a, c.Person, tx.Now) {
		return false, nil
	}
	done, err := followed(tx, c.Occurrence, a)
	return !done, err
}

// dueFollow sends it, with the day's other reminders where they come together.
func (s *Services) dueFollow(tx *store.Tx, d models.Due) error {
	c, err := s.loadStudy(tx, d.TenantID, d.RefID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if still, err := s.stillDue(tx, d, c); err != nil || !still {
		return err
	}
	times, err := s.timesOf(tx, c.Tenant, c.Person)
	if err != nil {
		return err
	}
	args, err := readReminding(d)
	if err != nil {
		return err
	}
	if !times.Suit(tx.Now) && tx.Now.Sub(d.DueAt) > models.RemindLate { // Muster was down
		if next, ok := times.Next(tx.Now, c.Attendance.MakeupUntil(c.Occurrence, c.Study).Add(-time.Hour)); ok {
			d.DueAt = next
			return tx.Plan(d)
		}
	}
	if done, err := s.withDay(tx, c.Person, times, d, args); err != nil || done {
		return err
	}
	_, err = tx.Enqueue(models.Message{TenantID: d.TenantID, Key: followKey(c.Occurrence.ID, c.Person.ID), Kind: models.MessageStudyFollow,
		SubjectID: c.Attendance.ID, PersonID: c.Person.ID, Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait})
	if err != nil {
		return err
	}
	if err := s.useFollow(tx, c); err != nil {
		return err
	}
	return s.retire(tx, c) // the follow-up takes over the buttons
}

// useFollow marks the follow-up as gone out.
func (s *Services) useFollow(tx *store.Tx, c StudyCard) error {
	a := c.Attendance
	a.FollowedAt = tx.Now
	if _, err := tx.Unplan(c.Tenant.ID, followDue(c.Occurrence.ID, c.Person.ID)); err != nil {
		return err
	}
	return tx.KeepReminding(&a)
}
