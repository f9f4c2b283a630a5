package services

import (
	"encoding/json"
	"fmt"

	"muster/models"
	"muster/store"
)

// Cancelling, reopening and moving a call reach everybody concerned: with many
// of them it is asked about first, and nothing is done before it is chosen.

// reaches asks whether a change to the call may reach people; ok says that it
// may go on. Else out carries the question and the change must not be made.
func (d *desk) reaches(me Actor, kind string, people []int64, args any, out *Changed) (ok bool, err error) {
	ok, r, err := d.svc.reach(d.tx, me, reachPlan{Kind: kind, RefID: d.Call.ID, People: people,
		Urgent: d.Call.Urgent && !d.Call.Drill, Everybody: kind == models.ReachAsk && d.Call.Audience == string(models.AudienceAll),
		Soon: d.soon(), Args: args})
	if err != nil || ok {
		return ok, err
	}
	out.Nothing = true
	out.Reach, err = d.svc.reachShown(d.tx, d.tenant, r)
	return false, err
}

// soon says whether a shift still to come begins before the organisation's
// quiet hours end plus two hours: to wait for their end would be too late.
func (d *desk) soon() bool {
	for _, sh := range d.Shifts {
		if sh.EndAt > d.Now && soonFor(d.tenant, d.Now, sh.StartAt) {
			return true
		}
	}
	return false
}

// concernedPeople are those whom a message to everybody goes to.
func (d *desk) concernedPeople() []int64 {
	var out []int64
	for _, su := range d.Signups {
		if su.Upcoming() && d.Shift(su.ShiftID).EndAt > d.Now {
			out = append(out, su.PersonID)
		}
	}
	return out
}

// askedAgain are those whom an edit asks anew.
func (d *desk) askedAgain() []int64 {
	var out []int64
	for _, n := range d.Notices() {
		if n.Kind == models.NoticeMoved {
			out = append(out, n.Signup.PersonID)
		}
	}
	return out
}

type cancelArgs struct {
	Reason string `json:"reason"`
}

type reopenArgs struct {
	State models.CallState `json:"state"`
}

type editArgs struct {
	Spec   models.CallSpec `json:"spec"`
	Public bool            `json:"public,omitempty"`
}

func readArgs[T any](r models.Reach) (T, error) {
	var args T
	if err := json.Unmarshal(r.Args, &args); err != nil {
		return args, fmt.Errorf("arguments of reach %d: %w", r.ID, err)
	}
	return args, nil
}

// chosen makes a change to a call that was asked about. If there is nothing to
// change any more, somebody else was faster.
func (s *Services) chosen(tx *store.Tx, me Actor, r models.Reach, action string, fn func(d *desk, me Actor, out *Changed) error) error {
	out, err := s.manageIn(tx, me, r.RefID, action, fn)
	if err == nil && out.Nothing {
		return models.Refuse(models.CodeConflict, "error.reach_moot")
	}
	return err
}

func (s *Services) cancelReached(tx *store.Tx, me Actor, r models.Reach, _ []int64) error {
	args, err := readArgs[cancelArgs](r)
	if err != nil {
		return err
	}
	return s.chosen(tx, me, r, "call_cancel", cancelling(args.Reason, true))
}

func (s *Services) reopenReached(tx *store.Tx, me Actor, r models.Reach, _ []int64) error {
	args, err := readArgs[reopenArgs](r)
	if err != nil {
		return err
	}
	return s.chosen(tx, me, r, "call_reopen", func(d *desk, me Actor, out *Changed) error {
		if d.Call.State != models.CallCancelled {
			out.Nothing = true
			return nil
		}
		return d.comeBack(me, args.State)
	})
}

func (s *Services) editReached(tx *store.Tx, me Actor, r models.Reach, _ []int64) error {
	args, err := readArgs[editArgs](r)
	if err != nil {
		return err
	}
	return s.chosen(tx, me, r, "call_edit", s.editing(args.Spec, args.Public, true))
}
