package services

import (
	"context"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// What waits for the hand of who leads study: requests to be excused, sessions
// without a record, make-ups to read.

const (
	// recordBack is how long a session without a record stands on Home: two
	// months, after which the unit's duties and the year's account have it.
	recordBack = 4 * handBack
	// makeupsBack is how long make-ups are shown as new.
	makeupsBack = handBack / 2
)

// studyHands gathers it, at most listMost of each kind.
func (s *Services) studyHands(tx *store.Tx, me Actor, o *models.Overview) error {
	units, all := ledUnits(me)
	if !all && len(units) == 0 {
		return nil
	}
	for _, find := range []func(*store.Tx, Actor, []int64) ([]models.StudyHand, error){onHands, excuseHands, recordHands, makeupHands} {
		some, err := find(tx, me, units)
		if err != nil {
			return err
		}
		for _, h := range some {
			if leads(me, h.Study) && h.Attendance.PersonID != me.Person.ID {
				o.Hands = append(o.Hands, h)
			}
		}
	}
	duties, err := s.dutyHands(tx, me)
	o.Hands = append(o.Hands, duties...)
	return err
}

// ledUnits are the units whose study the actor leads; all for everybody's, with
// no units.
func ledUnits(me Actor) (units []int64, all bool) {
	if me.Rights.ManagesAll() {
		return nil, true
	}
	for _, unit := range me.Rights.Units(false) {
		units = append(append(units, unit), me.Rights.Below[unit]...)
	}
	return units, false
}

// onHands are the sessions whose check-in is open.
func onHands(tx *store.Tx, me Actor, _ []int64) ([]models.StudyHand, error) {
	const longest = 24 * time.Hour
	day, err := tx.OccurrencesBetween(me.Tenant.ID, tx.Now.Add(-longest), tx.Now.Add(models.CheckInLead)+1)
	if err != nil {
		return nil, err
	}
	all, err := handsOf(tx, models.HandOn, day, nil)
	on := slices.DeleteFunc(all, func(h models.StudyHand) bool {
		return h.Occurrence.CodeOpen(h.Study, tx.Now) != nil || !leads(me, h.Study)
	})
	return on[:min(len(on), listMost)], err
}

func excuseHands(tx *store.Tx, me Actor, units []int64) ([]models.StudyHand, error) {
	rows, err := tx.ExcusesAsked(me.Tenant.ID, units, tx.Now.Add(-recordBack), listMost)
	if err != nil {
		return nil, err
	}
	studies, occurrences, err := behind(tx, rows)
	if err != nil {
		return nil, err
	}
	var out []models.StudyHand
	for _, a := range rows {
		p, err := tx.Person(a.PersonID)
		if err != nil {
			return nil, err
		}
		out = append(out, models.StudyHand{Kind: models.HandExcuse, Study: studies[a.StudyID], Occurrence: occurrences[a.OccurrenceID], Attendance: a, Person: p})
	}
	return out, nil
}

func recordHands(tx *store.Tx, me Actor, units []int64) ([]models.StudyHand, error) {
	list, err := tx.OccurrencesWithoutRecord(me.Tenant.ID, tx.Now.Add(-recordBack), tx.Now.Add(-models.AskLeaderAfter), units, listMost)
	if err != nil {
		return nil, err
	}
	return handsOf(tx, models.HandRecord, list, nil)
}

func makeupHands(tx *store.Tx, me Actor, units []int64) ([]models.StudyHand, error) {
	counts, err := tx.MakeupsHanded(me.Tenant.ID, units, me.Person.ID, tx.Now.Add(-makeupsBack), listMost)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(counts))
	n := map[int64]int{}
	for _, c := range counts {
		ids = append(ids, c.OccurrenceID)
		n[c.OccurrenceID] = c.N
	}
	known, err := tx.OccurrencesByIDs(ids)
	if err != nil {
		return nil, err
	}
	var list []models.Occurrence
	for _, id := range ids {
		list = append(list, known[id])
	}
	return handsOf(tx, models.HandMakeups, list, n)
}

func handsOf(tx *store.Tx, kind models.StudyHandKind, list []models.Occurrence, n map[int64]int) ([]models.StudyHand, error) {
	ids := make([]int64, 0, len(list))
	for _, o := range list {
		ids = append(ids, o.StudyID)
	}
	studies, err := tx.StudiesByIDs(ids)
	if err != nil {
		return nil, err
	}
	var out []models.StudyHand
	for _, o := range list {
		out = append(out, models.StudyHand{Kind: kind, Study: studies[o.StudyID], Occurrence: o, N: n[o.ID]})
	}
	return out, nil
}

// StudyAskAgain is the question whether a session was held, for who leads it.
func (s *Services) StudyAskAgain(ctx context.Context, act Act, occurrenceID int64) (c StudySession, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		st, o, err := s.ledByID(tx, me, occurrenceID)
		if err != nil {
			return err
		}
		c, err = s.studySession(tx, me.Tenant, me.Person, st, o)
		return err
	})
	return c, err
}
