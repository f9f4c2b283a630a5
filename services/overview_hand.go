package services

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// What waits for somebody's own answer, and what for who organizes.

// myWaits are the questions put to the person that have no answer yet. Offers
// are among their shifts.
func (s *Services) myWaits(tx *store.Tx, me Actor, o *models.Overview, sheets func(int64) (*models.Sheet, error)) error {
	if me.Person.ID == 0 {
		return nil
	}
	for _, find := range []func(*store.Tx, Actor) ([]models.Waiting, []int64, error){myTicks, myAsks, myHandovers, myPast} {
		found, calls, err := find(tx, me)
		if err != nil {
			return err
		}
		for i, w := range found {
			sh, err := sheets(calls[i])
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if w.Sheet = sh; waits(w) && len(o.Waits) < listMost {
				o.Waits = append(o.Waits, w)
			}
		}
	}
	return nil
}

// waits says whether a question still asks something.
func waits(w models.Waiting) bool {
	su := w.Signup
	switch {
	case w.Handover != nil:
		return w.Sheet.Call.Live() && w.Sheet.Signup(w.Handover.SignupID) != nil
	case su == nil:
		return true
	case w.Sheet.Call.Drill:
		return false
	case su.RollAt != 0:
		return w.Sheet.AsksYes(su) && su.ContestAt == 0
	case su.State == models.SignupConfirmed:
		return su.SaidAt == 0
	}
	return su.State == models.SignupCheckedIn
}

// myTicks are the safety questions that the person has not answered.
func myTicks(tx *store.Tx, me Actor) (out []models.Waiting, calls []int64, err error) {
	ids, err := tx.WatchedCalls(me.Tenant.ID, me.Person.ID)
	if err != nil {
		return nil, nil, err
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			continue
		}
		ticks, err := tx.TicksOf(id)
		if err != nil {
			return nil, nil, fmt.Errorf("safety ticks of call %d: %w", id, err)
		}
		for _, t := range ticks {
			if t.PersonID == me.Person.ID && t.Asks() {
				out, calls = append(out, models.Waiting{Tick: t}), append(calls, id)
			}
		}
	}
	return out, calls, nil
}

func myAsks(tx *store.Tx, me Actor) (out []models.Waiting, calls []int64, err error) {
	asks, err := tx.WaitingAsks(me.Tenant.ID, me.Person.ID, tx.Now)
	for _, q := range asks {
		if q.Unanswered() {
			out, calls = append(out, models.Waiting{Ask: q}), append(calls, q.CallID)
		}
	}
	return out, calls, err
}

func myHandovers(tx *store.Tx, me Actor) (out []models.Waiting, calls []int64, err error) {
	all, err := tx.HandoversTo(me.Tenant.ID, me.Person.ID)
	for _, h := range all {
		out, calls = append(out, models.Waiting{Handover: h}), append(calls, h.CallID)
	}
	return out, calls, err
}

// handBack is how far back a shift may be of which something is still asked on
// Home: two weeks, after which the message about it is the place.
const handBack = 14 * 24 * time.Hour

// myPast are the person's shifts that are over and about which something is
// still asked: were you there, is the time right?
func myPast(tx *store.Tx, me Actor) (out []models.Waiting, calls []int64, err error) {
	past, err := tx.EndedSignups(me.Tenant.ID, me.Person.ID, tx.Now.Add(-handBack), tx.Now)
	for _, su := range past {
		out, calls = append(out, models.Waiting{Signup: su}), append(calls, su.CallID)
	}
	return out, calls, err
}

// managed are the calls of an organizer, or of a leader, in which something
// waits for their hand.
func (s *Services) managed(tx *store.Tx, me Actor, o *models.Overview) error {
	if !o.CanOrganize && !o.CanLead {
		return nil
	}
	calls, err := tx.CallsSince(me.Tenant.ID, tx.Now.Add(-handBack))
	if err != nil {
		return fmt.Errorf("calls of late: %w", err)
	}
	waiting, err := tx.CallsWaiting(me.Tenant.ID)
	if err != nil {
		return err
	}
	for _, c := range calls {
		if !mayRoll(me.Rights, c) {
			continue
		}
		if !waiting[c.ID] {
			b, err := s.board(tx, me.Tenant.ID, c.ID)
			if err != nil {
				return err
			}
			if !b.MayNeedHand() {
				continue
			}
		}
		sh, err := s.sheet(tx, me, c, manages(me.Rights, c))
		if err != nil {
			return err
		}
		if sh.NeedsHand() {
			o.Managed = append(o.Managed, sh)
		}
	}
	slices.SortStableFunc(o.Managed, func(a, b models.Sheet) int { return cmp.Compare(a.Start(), b.Start()) })
	o.Managed = o.Managed[:min(len(o.Managed), listMost)]
	return s.studyHands(tx, me, o)
}
