package services

import (
	"context"
	"errors"
	"time"

	"muster/models"
	"muster/store"
)

// makeupGather is how long the first make-up of a session waits for others
// before the leader hears of it.
const makeupGather = 10 * time.Minute

// makeupPause is how long a session's make-ups make no second sound.
const makeupPause = 24 * time.Hour

// makeupsKey is the one living message about a session's make-ups of who reads them.
func makeupsKey(occurrenceID, reader int64) string { return makeupsKeys(occurrenceID) + id(reader) }

func makeupsKeys(occurrenceID int64) string { return "study_makeups:" + id(occurrenceID) + ":" }

func touchMakeups(tx *store.Tx, tenantID, occurrenceID int64) error {
	return tx.TouchPrefix(tenantID, makeupsKeys(occurrenceID))
}

// tellMakeup lets who reads a session's make-ups know of one: the message they
// have is edited at once, and a sound comes once a day at most.
func (s *Services) tellMakeup(tx *store.Tx, c StudyCard) error {
	if err := touchMakeups(tx, c.Tenant.ID, c.Occurrence.ID); err != nil {
		return err
	}
	reader, err := s.answersFor(tx, c.Study, c.Person.ID) // of the leader's own somebody else
	if err != nil || reader.ID == 0 {
		return err
	}
	key := makeupsKey(c.Occurrence.ID, reader.ID)
	if _, err := tx.DueByKey(c.Tenant.ID, "study:"+key+":"); !errors.Is(err, store.ErrNotFound) {
		return err // comes soon
	}
	at := tx.Now.Add(makeupGather)
	m, err := tx.MessageByKey(c.Tenant.ID, key)
	if ignoreMissing(err) != nil {
		return err
	}
	if err == nil {
		at = max(at, m.CreatedAt.Add(makeupPause))
	}
	return tx.Plan(models.Due{TenantID: c.Tenant.ID, Key: "study:" + key + ":", Kind: models.DueMakeups, RefID: c.Occurrence.ID, PersonID: reader.ID, DueAt: at})
}

// makeupShare is whose make-ups somebody reads: all but the leader's, or only
// the leader's.
func (s *Services) makeupShare(tx *store.Tx, st models.Study, reader int64) (of, but int64, err error) {
	leader, err := s.leaderOf(tx, st)
	if err != nil || leader == reader {
		return 0, reader, err
	}
	return leader, 0, nil
}

// dueMakeups sends the message about a session's make-ups, anew when it has
// been there for a day; not when nothing stands that was not told.
func (s *Services) dueMakeups(tx *store.Tx, d models.Due) error {
	st, o, ok, err := session(tx, d)
	if err != nil || !ok {
		return err
	}
	of, but, err := s.makeupShare(tx, st, d.PersonID)
	if err != nil {
		return err
	}
	key := makeupsKey(o.ID, d.PersonID)
	before, err := tx.MessageByKey(d.TenantID, key)
	if ignoreMissing(err) != nil {
		return err
	}
	n, err := tx.MakeupsSince(o.ID, of, but, before.CreatedAt)
	if err != nil || n == 0 {
		return err
	}
	if before.ID != 0 {
		past := "was:" + key + ":" + id(before.ID)
		if err := tx.StepBack(d.TenantID, key, past); err != nil {
			return err
		}
		if err := tx.Touch(d.TenantID, past); err != nil {
			return err
		}
	}
	_, err = tx.Enqueue(models.Message{TenantID: d.TenantID, Key: key, Kind: models.MessageMakeups, SubjectID: o.ID, PersonID: d.PersonID,
		Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait})
	return err
}

// MakeupPage is how many make-ups a message shows: each may take three blocks
// of Slack's fifty.
const MakeupPage = 12

// Makeups is what was handed in to make up one session.
type Makeups struct {
	StudySession
	Rows   []StudyCard
	Offset int
	All    int
	Past   bool // a newer message has the buttons
}

// Makeups is what the message about a session's make-ups is rendered from.
func (s *Services) Makeups(ctx context.Context, m models.Message) (out Makeups, err error) {
	out.Past = m.Key != makeupsKey(m.SubjectID, m.PersonID)
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		return s.makeups(tx, m.TenantID, m.SubjectID, m.PersonID, &out)
	})
	return out, err
}

// MoreMakeups are a session's make-ups from offset on, for who reads them.
func (s *Services) MoreMakeups(ctx context.Context, act Act, occurrenceID int64, offset int) (out Makeups, err error) {
	out.Offset = max(offset, 0)
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if _, _, err := s.ledByID(tx, me, occurrenceID); err != nil {
			return err
		}
		return s.makeups(tx, me.Tenant.ID, occurrenceID, me.Person.ID, &out)
	})
	return out, err
}

func (s *Services) makeups(tx *store.Tx, tenantID, occurrenceID, reader int64, out *Makeups) (err error) {
	out.Now = tx.Now
	if out.Occurrence, err = tx.Occurrence(tenantID, occurrenceID); err != nil {
		return err
	}
	if out.Study, err = tx.Study(tenantID, out.Occurrence.StudyID); err != nil {
		return err
	}
	if out.Tenant, err = tx.Tenant(tenantID); err != nil {
		return err
	}
	if out.Leader, err = tx.Person(reader); err != nil {
		return err
	}
	of, but, err := s.makeupShare(tx, out.Study, reader)
	if err != nil {
		return err
	}
	rows, all, err := tx.Makeups(occurrenceID, of, but, out.Offset, MakeupPage)
	if err != nil {
		return err
	}
	out.All = all
	for _, a := range rows {
		p, err := tx.Person(a.PersonID)
		if err != nil {
			return err
		}
		out.Rows = append(out.Rows, StudyCard{Tenant: out.Tenant, Person: p, Study: out.Study, Occurrence: out.Occurrence, Attendance: a, Now: tx.Now})
	}
	return nil
}
