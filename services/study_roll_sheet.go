package services

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// StudyRollSheet is a page of the roll as it is drawn.
type StudyRollSheet struct {
	StudySession
	Rows   []models.Attendance
	People map[int64]models.Person
	ByCode []models.Attendance // those with an on-site code, the first of them
	Units  []models.Unit       // units its people are in, when there are several
	Offset int                 // of the first row
	Count  int                 // of all rows of this list
	Open   int                 // of the list that waits
	Self   models.Attendance   // the actor's own, zero when none
}

// RollOf says which list, of which unit, from where.
type RollOf struct {
	What   string // store.RollOpen or RollDecided
	Unit   int64
	Offset int
}

// shownByCode is how many of those with a code a page names.
const shownByCode = 30

// StudyRollSheet loads a page of the roll of a session for who leads it.
func (s *Services) StudyRollSheet(ctx context.Context, act Act, occurrenceID int64, of RollOf, size int) (StudyRollSheet, error) {
	return s.rollSheet(ctx, act, s.byID(occurrenceID), of, size)
}

// StudyRollSheetOf is the first page for a session of s7.
func (s *Services) StudyRollSheetOf(ctx context.Context, act Act, number int, on time.Time, size int) (StudyRollSheet, error) {
	return s.rollSheet(ctx, act, s.begun(number, on), RollOf{What: store.RollOpen}, size)
}

func (s *Services) rollSheet(ctx context.Context, act Act, pick pickFunc, of RollOf, size int) (out StudyRollSheet, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		st, o, err := pick(tx, me)
		if err != nil {
			return err
		}
		if err := s.mayLead(tx, me, st); err != nil {
			return err
		}
		if err := refused(o.RollOpen(st, tx.Now)); err != nil {
			return err
		}
		if out.StudySession, err = s.studySession(tx, me.Tenant, me.Person, st, o); err != nil {
			return err
		}
		return out.load(tx, me, of, size)
	})
	return out, err
}

func (sh *StudyRollSheet) load(tx *store.Tx, me Actor, of RollOf, size int) error {
	q := store.RollQuery{Occurrence: sh.Occurrence.ID, What: of.What, Unit: of.Unit, Not: me.Person.ID}
	if q.What != store.RollDecided {
		q.What = store.RollOpen
	}
	var err error
	if sh.Count, err = tx.RollCount(q); err != nil {
		return err
	}
	sh.Offset = max(0, min(of.Offset, (sh.Count-1)/size*size))
	if sh.Rows, err = tx.RollPage(q, sh.Offset, size); err != nil {
		return err
	}
	open := q
	open.What = store.RollOpen
	if sh.Open, err = tx.RollCount(open); err != nil {
		return err
	}
	if sh.ByCode, err = tx.RollPage(store.RollQuery{Occurrence: sh.Occurrence.ID, What: store.RollOnsite}, 0, shownByCode); err != nil {
		return err
	}
	if sh.Self, err = tx.AttendanceOf(sh.Occurrence.ID, me.Person.ID); ignoreMissing(err) != nil {
		return err
	}
	if sh.People, err = peopleOf(tx, sh.Rows, sh.ByCode); err != nil {
		return err
	}
	units, err := tx.RollUnits(sh.Occurrence.ID, 90)
	if err != nil || len(units) < 2 {
		return err
	}
	all, err := tx.Units(sh.Tenant.ID)
	for _, u := range all {
		if slices.Contains(units, u.ID) {
			sh.Units = append(sh.Units, u)
		}
	}
	return err
}

// peopleOf are the people of some attendances.
func peopleOf(tx *store.Tx, lists ...[]models.Attendance) (map[int64]models.Person, error) {
	var ids []int64
	for _, list := range lists {
		for _, a := range list {
			ids = append(ids, a.PersonID)
		}
	}
	people, err := tx.PersonsByIDs(ids)
	if err != nil {
		return nil, fmt.Errorf("people on the roll: %w", err)
	}
	return people, nil
}
