package services

import (
	"context"
	"errors"
	"slices"

	"muster/models"
	"muster/store"
)

// ContestStudyRoll is the member's word that the roll is wrong about them:
// nothing of it counts until somebody settles it, and who may is told.
func (s *Services) ContestStudyRoll(ctx context.Context, act Act, attendanceID int64) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_roll_contest", func(tx *store.Tx, c *StudyCard) error {
		again := c.Attendance.ContestAt != 0
		if err := refused(c.Attendance.Contest(tx.Now)); err != nil || again {
			return err
		}
		to, err := s.studyArbiters(tx, *c)
		for _, person := range to {
			_, sendErr := tx.Enqueue(models.Message{TenantID: c.Tenant.ID, Key: "study_contest:" + id(c.Attendance.ID) + ":" + id(int64(tx.Now)) + ":" + id(person),
				Kind: models.MessageStudyContest, SubjectID: c.Attendance.ID, PersonID: person, Priority: models.PriorityAnswer,
				EditClass: models.EditRest, Quiet: models.QuietWait})
			err = errors.Join(err, sendErr)
		}
		return err
	})
}

// AgreeStudyRoll takes that word back.
func (s *Services) AgreeStudyRoll(ctx context.Context, act Act, attendanceID int64) (Answer, error) {
	return s.answer(ctx, act, attendanceID, "study_roll_agree", func(tx *store.Tx, c *StudyCard) error {
		if err := refused(c.Attendance.Agree(c.Study)); err != nil {
			return err
		}
		return s.planAbsent(tx, c.Study, c.Occurrence)
	})
}

// studyArbiters are told that somebody says the roll is wrong about them: who
// answers for the study, and where that is the one who wrote it, the admins too,
// because somebody who did not enter it decides.
func (s *Services) studyArbiters(tx *store.Tx, c StudyCard) ([]int64, error) {
	leader, err := s.answersFor(tx, c.Study, c.Person.ID)
	if err != nil {
		return nil, err
	}
	var out []int64
	if leader.ID != 0 {
		out = append(out, leader.ID)
	}
	if leader.ID != 0 && leader.ID != c.Attendance.RollBy {
		return out, nil
	}
	admins, err := s.holders(tx, c.Tenant, models.RoleAdmin)
	for _, p := range admins {
		if p.ID != 0 && p.ID != c.Person.ID && !slices.Contains(out, p.ID) {
			out = append(out, p.ID)
		}
	}
	return out, err
}

// StudyContested is what who settles it is told.
type StudyContested struct {
	StudyCard
	Roller models.Person // who wrote it
	Reader models.Person
}

// StudyContest is what a message about a contested roll is rendered from; ok is
// false once that is settled or was taken back before it was sent.
func (s *Services) StudyContest(ctx context.Context, m models.Message) (out StudyContested, ok bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if out.StudyCard, err = s.loadStudy(tx, m.TenantID, m.SubjectID); err != nil {
			return err
		}
		if out.Reader, err = tx.Person(m.PersonID); err != nil {
			return err
		}
		out.Roller, err = tx.Person(out.Attendance.RollBy)
		return ignoreMissing(err)
	})
	if errors.Is(err, store.ErrNotFound) {
		return out, false, nil
	}
	return out, err == nil && (m.Shown > 0 || out.Attendance.ContestAt != 0), err
}

// withRoll adds who wrote about a member on the roll, and whether they lead the
// session that is on now themselves, for their own message of it.
func (s *Services) withRoll(tx *store.Tx, c StudyCard) (StudyCard, error) {
	var err error
	if c.Attendance.RollBy != 0 {
		if c.Roller, err = tx.Person(c.Attendance.RollBy); ignoreMissing(err) != nil {
			return c, err
		}
	}
	if _, open := c.Occurrence.OpenSlot(c.Study, c.Attendance.Slot, tx.Now); !open || c.Occurrence.Off() {
		return c, nil
	}
	rights, err := s.rights(tx, c.Tenant, c.Person)
	c.Leads = leads(Actor{Tenant: c.Tenant, Person: c.Person, Rights: rights}, c.Study)
	return c, err
}
