package services

import (
	"context"
	"time"

	"muster/models"
	"muster/store"
)

// StudyWho is who is in at a session and who is not, for its leader.
type StudyWho struct {
	StudySession
	There   []models.Attendance // by arrival, the first of them
	Missing []models.Attendance // the first of them
	Asked   []models.Attendance // want to be excused and have no answer
	People  map[int64]models.Person
	Open    bool // check-in is open: a code can be had
}

// How many people a list of who is in names: beyond that there is a count.
const (
	shownThere = 60
	shownAsked = 8 // each has a line and buttons
)

// StudyWho shows who is in at a session, by its row.
func (s *Services) StudyWho(ctx context.Context, act Act, occurrenceID int64) (StudyWho, error) {
	return s.studyWho(ctx, act, s.byID(occurrenceID))
}

// StudyWhoOf is StudyWho for s7: the session on a day, the one on now, or the last.
func (s *Services) StudyWhoOf(ctx context.Context, act Act, number int, on time.Time) (StudyWho, error) {
	return s.studyWho(ctx, act, s.begun(number, on))
}

func (s *Services) studyWho(ctx context.Context, act Act, pick pickFunc) (out StudyWho, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		st, o, err := pick(tx, me)
		if err != nil {
			return err
		}
		if err := s.mayLead(tx, me, st); err != nil {
			return err
		}
		if out.StudySession, err = s.studySession(tx, me.Tenant, me.Person, st, o); err != nil {
			return err
		}
		_, open := o.OpenSlot(st, 0, tx.Now)
		out.Open = open && !o.Off()
		for _, l := range []struct {
			what  string
			limit int
			into  *[]models.Attendance
		}{{store.RollThere, shownThere, &out.There}, {store.RollMissing, shownThere, &out.Missing}, {store.RollAsked, shownAsked, &out.Asked}} {
			if *l.into, err = tx.RollPage(store.RollQuery{Occurrence: o.ID, What: l.what}, 0, l.limit); err != nil {
				return err
			}
		}
		out.People, err = peopleOf(tx, out.There, out.Missing, out.Asked)
		return err
	})
	return out, err
}

// StudyCheckinsOf are the actor's sessions whose check-in is open and who are
// not in yet, for who says that they are there without a code.
func (s *Services) StudyCheckinsOf(ctx context.Context, act Act) (out []StudyCard, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if me.Person.ID == 0 {
			return nil
		}
		rows, err := tx.AttendancesAhead(me.Person.ID, tx.Now)
		if err != nil {
			return err
		}
		for _, a := range rows {
			c, err := s.loadStudy(tx, me.Tenant.ID, a.ID)
			if err != nil {
				return err
			}
			start, end := c.Occurrence.Times(c.Study, a.Slot)
			if c.Study.Meets() && models.CheckInOpen(start, end, tx.Now) {
				out = append(out, c)
			}
		}
		return nil
	})
	return out, err
}
