package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// RollLine is one line of the roll as somebody writes it.
type RollLine struct {
	SignupID int64
	Entry    models.RollEntry
}

// Newcomer is somebody who came without a place, put on the roll by name. Role
// is the row to put them in; 0 = by RoleName, else the first of the shift.
type Newcomer struct {
	Slack    string // Slack id
	RoleID   int64
	RoleName string
}

// WalkInLine is the organizer's word on somebody who sent the code without a
// place.
type WalkInLine struct {
	ID, RoleID int64
	Take       bool
}

// RollPage is what one press or one submission of the roll says.
type RollPage struct {
	ShiftID  int64 // 0 = the shift that is on, or the last one over
	AllCode  bool  // everybody with an on-site code, as they stand
	Lines    []RollLine
	People   []string // Slack ids of those who came, by name on one line
	Absent   []string // and of those who did not
	Arrivals []Newcomer
	WalkIns  []WalkInLine
	Served   *int
	Goods    []models.Goods // item, number, value; number 0 takes an item off
	AllGoods models.Instant // these are all of those written down until then; 0 = they are some
}

// Rolled is what became of it.
type Rolled struct {
	Sheet     models.Sheet
	Came      []int64 // people
	Absent    []int64
	Own       bool    // one's own line is among them: somebody else has to confirm it
	Unmatched []int64 // named and without a place: may be added as newcomers
	Changed   bool
}

// TakeRoll writes what the roll says. Each line is asked again for whether it
// may be; one that may not be refuses the whole.
func (s *Services) TakeRoll(ctx context.Context, act Act, callID int64, page RollPage) (Rolled, error) {
	var out Rolled
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		d, err := s.rollDesk(tx, me, callID)
		if err != nil {
			return err
		}
		r := roll{desk: d, me: me, out: &out}
		if err := r.take(page); err != nil {
			return err
		}
		return r.finish()
	})
	return out, err
}

// rollDesk is a call whose roll the actor may take.
func (s *Services) rollDesk(tx *store.Tx, me Actor, callID int64) (*desk, error) {
	d, err := s.desk(tx, me.Tenant, callID)
	if err != nil {
		return nil, err
	}
	if !mayRoll(me.Rights, *d.Call) {
		return nil, s.refuseManager(tx, me, *d.Call)
	}
	return d, nil
}

// roll is one writing of it.
type roll struct {
	*desk
	me  Actor
	out *Rolled
}

func (r roll) finish() error {
	by := r.me.By("roll_take")
	by.At = r.happened()
	if err := r.desk.finish(by); err != nil {
		return err
	}
	var err error
	r.out.Sheet, err = r.svc.sheetOf(r.tx, r.me, r.Board, true)
	return err
}

// happened is when what the roll says took place: the end of the last shift
// written about. Entered later than a day after, it is shown as late.
func (r roll) happened() models.Instant {
	at := models.Instant(0)
	for _, su := range r.desk.Changed() {
		at = max(at, r.Shift(su.ShiftID).EndAt)
	}
	if at == 0 || at > r.Now {
		return 0
	}
	return at
}

func (r roll) take(page RollPage) error {
	shift := r.rollShift(page.ShiftID)
	if shift == nil {
		return models.Refuse(models.CodeNotFound, "error.role_gone")
	}
	lines, err := r.lines(shift, page)
	if err != nil {
		return err
	}
	for _, l := range lines {
		su := r.Signup(l.SignupID)
		if su == nil {
			return models.Refuse(models.CodeNotFound, "error.role_gone")
		}
		if err := r.line(su, l.Entry); err != nil {
			return err
		}
	}
	if err := r.arrivals(shift, page); err != nil {
		return err
	}
	if page.Served != nil && *page.Served != r.Call.Served {
		r.Call.Served, r.dirty, r.out.Changed = *page.Served, true, true
	}
	return r.goods(page)
}

// line writes one line of a page. Who gave their place up after the page was
// drawn has no line any more: they came without a place, or nothing is left to
// be said, and the rest of the page counts.
func (r roll) line(su *models.Signup, e models.RollEntry) error {
	switch role := r.Role(su.RoleID); {
	case su.OnRoll():
		return r.put(su, e)
	case !e.Came:
		return nil
	case role == nil:
		return models.Refuse(models.CodeNotFound, "error.role_gone")
	default:
		return r.takeIn(su.PersonID, role, nil)
	}
}

// lines are the lines of a page, those that stand for several spelled out.
func (r roll) lines(shift *models.Shift, page RollPage) ([]RollLine, error) {
	lines := page.Lines
	if page.AllCode {
		for _, sh := range r.Shifts {
			for _, su := range r.Roll(sh.ID) {
				_, to := r.Times(su) // who left before it began is looked at when it is over
				if (sh.EndAt <= r.Now || su.OutBy == models.OutSelf) && to <= r.Now && su.ByCode() && su.RollAt == 0 {
					lines = append(lines, RollLine{su.ID, models.RollEntry{Came: true}})
				}
			}
		}
	}
	for _, named := range []struct {
		people []string
		came   bool
	}{{page.People, true}, {page.Absent, false}} {
		for _, slack := range named.people {
			p, err := r.tx.EnsurePerson(r.tenant.ID, slack)
			if err != nil {
				return nil, fmt.Errorf("person on the roll: %w", err)
			}
			su := r.onRoll(p.ID, shift)
			if su == nil {
				r.out.Unmatched = append(r.out.Unmatched, p.ID)
				continue
			}
			lines = append(lines, RollLine{su.ID, models.RollEntry{Came: named.came}})
		}
	}
	return lines, nil
}

// onRoll is the line somebody named is meant by: in the shift spoken of, else
// the only one they have.
func (r roll) onRoll(personID int64, shift *models.Shift) *models.Signup {
	if su := r.Of(personID, shift.ID); su != nil && su.OnRoll() {
		return su
	}
	var only *models.Signup
	for _, sh := range r.Shifts {
		if su := r.Of(personID, sh.ID); su != nil && su.OnRoll() {
			if only != nil {
				return nil
			}
			only = su
		}
	}
	return only
}

func (r roll) put(su *models.Signup, e models.RollEntry) error {
	if err := r.PutOnRoll(su, e, r.me.Person.ID); err != nil {
		var refusal *models.Error
		if errors.As(err, &refusal) && refusal.Key == "error.roll_times" {
			refusal.Field = fmt.Sprintf("times:%d", su.ID)
		}
		return err
	}
	r.out.Changed = true
	r.out.Own = r.out.Own || su.PersonID == r.me.Person.ID
	if e.Came {
		r.out.Came = append(r.out.Came, su.PersonID)
	} else {
		r.out.Absent = append(r.out.Absent, su.PersonID)
	}
	return nil
}

// rollShift is the shift a roll is about when none is named: the one on now,
// else the last one over, else the first.
func (r roll) rollShift(id int64) *models.Shift {
	if id != 0 {
		return r.Shift(id)
	}
	return rollShift(r.Board)
}

func rollShift(b *models.Board) *models.Shift {
	var best *models.Shift
	for _, sh := range b.Shifts {
		if best == nil || sh.StartAt.Add(-models.OnsiteLead) <= b.Now {
			best = sh
		}
	}
	return best
}

// UndoRoll takes back what the actor wrote on the roll at one moment, so that a
// second press on its button takes back nothing that was written before; 0 is
// their last writing.
func (s *Services) UndoRoll(ctx context.Context, act Act, callID int64, at models.Instant) (Rolled, error) {
	var out Rolled
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		d, err := s.rollDesk(tx, me, callID)
		if err != nil {
			return err
		}
		if at == 0 {
			for _, su := range d.Signups {
				if su.RollBy == me.Person.ID {
					at = max(at, su.RollAt)
				}
			}
		}
		if out.Came, err = d.unroll(me.Person.ID, at); err != nil {
			return err
		}
		if len(out.Came) == 0 {
			return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
		}
		if err := d.finish(me.By("roll_undo")); err != nil {
			return err
		}
		out.Sheet, err = s.sheetOf(tx, me, d.Board, true)
		return err
	})
	return out, err
}

// unroll takes back what somebody wrote on the roll at one moment, and gives
// whom it concerned. Who was only noted as there has a place again.
func (d *desk) unroll(by int64, at models.Instant) (people []int64, err error) {
	if at == 0 {
		return nil, nil
	}
	for _, su := range d.Signups {
		switch {
		case su.RollBy == by && su.RollAt == at:
			err = d.Board.UndoRoll(su)
		case su.RollAt == 0 && su.CheckBy == models.CheckRoll && su.CheckedIn == at && su.State == models.SignupCheckedIn && !su.WalkIn:
			err = d.Board.UndoCheckIn(su)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		people = append(people, su.PersonID)
	}
	return people, nil
}

// RollSheet is a call for taking its roll, with the names of everybody on it.
func (s *Services) RollSheet(ctx context.Context, act Act, callID int64) (models.Sheet, error) {
	var out models.Sheet
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := tx.Call(me.Tenant.ID, callID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.call_gone")
		}
		if err != nil {
			return fmt.Errorf("call of the roll: %w", err)
		}
		if !mayRoll(me.Rights, c) {
			return s.refuseManager(tx, me, c)
		}
		if out, err = s.sheet(tx, me, c, true); err != nil {
			return err
		}
		var ids []int64
		for _, su := range out.Signups {
			if _, known := out.People[su.PersonID]; su.OnRoll() && !known {
				ids = append(ids, su.PersonID)
			}
		}
		people, err := tx.PersonsByIDs(ids)
		if err != nil {
			return fmt.Errorf("people on the roll: %w", err)
		}
		for id, p := range people {
			out.People[id] = p
		}
		return nil
	})
	return out, err
}

// RollShift is the shift whose roll is taken when none is named.
func RollShift(sh models.Sheet) *models.Shift { return rollShift(sh.Board) }
