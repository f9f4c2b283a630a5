package services

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muster/models"
	"muster/store"
)

// What became of a code somebody sent.
const (
	CodeWrong  = "wrong"
	CodeLocked = "locked" // five wrong ones within an hour
)

// Checked is what became of a check-in.
type Checked struct {
	Outcome models.CheckinOutcome // or CodeWrong, CodeLocked
	Sheet   models.Sheet
	Signup  models.Signup
	Left    int            // tries left after a wrong code
	Until   models.Instant // locked until
	Study   *StudyCard     // the code was a session's: how its member stands, in place of Sheet and Signup
}

// NewCode makes an on-site code at the organizer's press; an earlier one holds
// until its own five minutes are over.
func (s *Services) NewCode(ctx context.Context, act Act, callID int64) (models.OnsiteCode, models.Sheet, error) {
	var code models.OnsiteCode
	var out models.Sheet
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := tx.Call(me.Tenant.ID, callID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.call_gone")
		}
		if err != nil {
			return fmt.Errorf("call of the code: %w", err)
		}
		if !mayRoll(me.Rights, c) {
			return s.refuseManager(tx, me, c)
		}
		if out, err = s.sheet(tx, me, c, false); err != nil {
			return err
		}
		if err := out.CodeOpen(); err != nil {
			return err
		}
		code = models.OnsiteCode{TenantID: me.Tenant.ID, CallID: c.ID, ByID: me.Person.ID, MadeAt: tx.Now, UntilAt: tx.Now.Add(models.CodeLife)}
		if code.Code, err = s.freshCode(tx); err != nil {
			return err
		}
		if err := tx.SaveOnsiteCode(&code); err != nil {
			return err
		}
		// The code itself is no fact to keep: who has the record must not have it.
		return tx.Note(me.By("code_make"), "call", c.ID, map[string]any{"until": code.UntilAt}, nil)
	})
	return code, out, err
}

// freshCode draws until it has a code that is not in use: with a thousand
// million of them nearly always the first, so that many in a row are a fault.
func (s *Services) freshCode(tx *store.Tx) (string, error) {
	for range 20 {
		code := models.DrawCode(s.random)
		_, err := tx.OnsiteCodeAnywhere(code)
		if errors.Is(err, store.ErrNotFound) { // nor a session's: what is typed is looked up in both
			_, err = tx.StudyCodeAnywhere(code)
		}
		if errors.Is(err, store.ErrNotFound) {
			return code, nil
		}
		if err != nil {
			return "", fmt.Errorf("a free code: %w", err)
		}
	}
	return "", errors.New("no free code in twenty draws")
}

// CodeShown is a live code for the page that shows it to a room: until when it
// holds and whose workspace it is for. ok is false when it is over or never was.
func (s *Services) CodeShown(ctx context.Context, code string) (c models.OnsiteCode, t models.Tenant, now models.Instant, ok bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		now = tx.Now
		c, err = tx.OnsiteCodeAnywhere(code)
		if errors.Is(err, store.ErrNotFound) {
			var study models.StudyCode
			study, err = tx.StudyCodeAnywhere(code)
			c = models.OnsiteCode{TenantID: study.TenantID, Code: study.Code, UntilAt: study.UntilAt}
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("code of the page: %w", err)
		}
		ok = true
		t, err = tx.Tenant(c.TenantID)
		return err
	})
	return c, t, now, ok, err
}

// CheckInByCode checks the actor in with what they sent. A wrong code is no
// error but an outcome: it is counted, and what is counted has to be stored.
func (s *Services) CheckInByCode(ctx context.Context, act Act, code string) (Checked, error) {
	var out Checked
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if err := mayAct(me); err != nil {
			return err
		}
		n, oldest, err := tx.CheckinTries(me.Tenant.ID, me.Person.ID, tx.Now.Add(-models.TriesIn))
		if err != nil {
			return err
		}
		if n >= models.MostTries {
			out.Outcome, out.Until = CodeLocked, oldest.Add(models.TriesIn)
			return nil
		}
		found, err := tx.OnsiteCodeFor(me.Tenant.ID, code)
		if errors.Is(err, store.ErrNotFound) {
			var study models.StudyCode
			if study, err = tx.StudyCodeFor(me.Tenant.ID, code); err == nil {
				return s.checkInStudy(tx, me, study, &out)
			}
		}
		if errors.Is(err, store.ErrNotFound) {
			out.Outcome, out.Left = CodeWrong, models.MostTries-n-1
			if out.Left == 0 {
				out.Until = tx.Now.Add(models.TriesIn)
				if n > 0 {
					out.Until = oldest.Add(models.TriesIn)
				}
			}
			return tx.SaveCheckinTry(&models.CheckinTry{TenantID: me.Tenant.ID, PersonID: me.Person.ID, At: tx.Now})
		}
		if err != nil {
			return fmt.Errorf("code sent: %w", err)
		}
		return s.checkInHere(tx, me, found.CallID, &out)
	})
	return out, err
}

// checkInHere checks the actor in to the shift of a call that is on now.
func (s *Services) checkInHere(tx *store.Tx, me Actor, callID int64, out *Checked) error {
	d, err := s.desk(tx, me.Tenant, callID)
	if err != nil {
		return err
	}
	shift := d.OpenShift(me.Person.ID)
	if err := d.CodeOpen(); err != nil || shift == nil {
		return err
	}
	su := d.Of(me.Person.ID, shift.ID)
	out.Outcome = models.CheckedInWalk
	if su != nil {
		if out.Outcome, err = d.CheckIn(su, models.CheckCode); err != nil {
			return err
		}
	}
	if out.Outcome == models.CheckedInWalk {
		if err := d.walkIn(me, shift); err != nil {
			return err
		}
	} else {
		out.Signup = *su
	}
	if err := d.finish(me.By("checkin_code")); err != nil {
		return err
	}
	if err := s.usesMuster(tx, me); err != nil {
		return err
	}
	out.Sheet, err = s.sheetOf(tx, me, d.Board, false)
	return err
}

// walkIn puts somebody who is there and has no place before the organizer.
func (d *desk) walkIn(me Actor, shift *models.Shift) error {
	if err := d.mayVolunteer(me); err != nil {
		return err
	}
	all, err := d.tx.WalkInsOf(d.Call.ID)
	if err != nil {
		return fmt.Errorf("walk-ins: %w", err)
	}
	w := &models.WalkIn{TenantID: d.tenant.ID, CallID: d.Call.ID, ShiftID: shift.ID, PersonID: me.Person.ID}
	for _, old := range all {
		if old.PersonID == me.Person.ID && old.ShiftID == shift.ID {
			w = old
		}
	}
	if w.State == models.WalkInAsked {
		return nil
	}
	w.State, w.At, w.ByID, d.answered = models.WalkInAsked, d.Now, 0, true
	return d.tx.Save(me.By("walkin_ask"), w)
}

// CheckInByButton checks the actor in from their own message: marked as not on
// site, because nothing shows where they are.
func (s *Services) CheckInByButton(ctx context.Context, act Act, signupID int64) (Checked, error) {
	return s.mine1(ctx, act, signupID, "checkin_button", func(d *desk, su *models.Signup, out *Checked) error {
		var err error
		if out.Outcome, err = d.CheckIn(su, models.CheckButton); err == nil && out.Outcome == models.CheckedInWalk {
			err = models.Refuse(models.CodeConflict, "error.not_signed_up", "Number", d.Call.Ref(), "Title", d.Call.Title)
		}
		return err
	})
}

// UndoCheckIn takes the actor's check-in back.
func (s *Services) UndoCheckIn(ctx context.Context, act Act, signupID int64) (Checked, error) {
	return s.mine1(ctx, act, signupID, "checkin_undo", func(d *desk, su *models.Signup, _ *Checked) error { return d.UndoCheckIn(su) })
}

// CheckOut ends the actor's time at out; 0 = now, or the time proposed.
func (s *Services) CheckOut(ctx context.Context, act Act, signupID int64, out models.Instant) (Checked, error) {
	return s.mine1(ctx, act, signupID, "checkout", func(d *desk, su *models.Signup, _ *Checked) error { return d.CheckOut(su, out) })
}

// UndoCheckOut brings the actor back on site.
func (s *Services) UndoCheckOut(ctx context.Context, act Act, signupID int64) (Checked, error) {
	return s.mine1(ctx, act, signupID, "checkout_undo", func(d *desk, su *models.Signup, _ *Checked) error { return d.UndoCheckOut(su) })
}

// WasThere is the actor's answer to "were you there?".
func (s *Services) WasThere(ctx context.Context, act Act, signupID int64, yes bool) (Checked, error) {
	return s.mine1(ctx, act, signupID, "checkin_said", func(d *desk, su *models.Signup, _ *Checked) error { return d.Board.WasThere(su, yes) })
}

// ConfirmHours is the actor's yes to what the roll has of them.
func (s *Services) ConfirmHours(ctx context.Context, act Act, signupID int64) (Checked, error) {
	return s.mine1(ctx, act, signupID, "hours_confirm", func(d *desk, su *models.Signup, _ *Checked) error { return d.Confirm(su) })
}

// ContestHours is the actor's word that the roll is wrong about them: nothing
// of it counts, and who took it is told.
func (s *Services) ContestHours(ctx context.Context, act Act, signupID int64) (Checked, error) {
	return s.mine1(ctx, act, signupID, "hours_contest", func(d *desk, su *models.Signup, _ *Checked) error {
		again := su.ContestAt != 0
		if err := d.Contest(su); err != nil || again {
			return err
		}
		to, err := d.arbiters(su)
		for _, id := range to {
			_, sendErr := d.tx.Enqueue(models.Message{TenantID: d.tenant.ID, Key: fmt.Sprintf("contest:%d:%d:%d", su.ID, d.Now, id), Kind: models.MessageContest,
				SubjectID: d.Call.ID, PersonID: id, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait}.
				WithArgs(models.ContestArgs{Person: su.PersonID}))
			err = errors.Join(err, sendErr)
		}
		return err
	})
}

// arbiters are told that somebody says the roll is wrong about them: who runs
// the call, and where that is the one who took the roll, the admins too, because
// somebody who did not enter it decides.
func (d *desk) arbiters(su *models.Signup) ([]int64, error) {
	var out []int64
	if d.Call.CreatorID != su.PersonID && !d.person(d.Call.CreatorID).Gone {
		out = append(out, d.Call.CreatorID)
	}
	if len(out) > 0 && out[0] != su.RollBy {
		return out, nil
	}
	admins, err := d.svc.holders(d.tx, d.tenant, models.RoleAdmin)
	for _, p := range admins {
		if p.ID != 0 && p.ID != su.PersonID && !slices.Contains(out, p.ID) {
			out = append(out, p.ID)
		}
	}
	if len(out) == 0 && su.RollBy != su.PersonID {
		out = append(out, su.RollBy)
	}
	return out, err
}

// mine1 runs one act of a person on their own sign-up.
func (s *Services) mine1(ctx context.Context, act Act, signupID int64, action string, fn func(*desk, *models.Signup, *Checked) error) (Checked, error) {
	var out Checked
	var su *models.Signup
	sheet, err := s.signup(ctx, act, ofSignup(signupID), action, func(d *desk, me Actor) error {
		if su = d.Signup(signupID); su == nil {
			return models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		return fn(d, su, &out)
	})
	if err != nil {
		return out, err
	}
	out.Sheet, out.Signup = sheet, *su
	return out, nil
}

// CheckinsOf are the actor's places whose check-in is open now, for who says
// that they are there without a code.
func (s *Services) CheckinsOf(ctx context.Context, act Act) (out []models.Sheet, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if me.Person.ID == 0 {
			return nil
		}
		rows, err := tx.ActiveSignups(me.Tenant.ID, me.Person.ID, tx.Now)
		if err != nil {
			return fmt.Errorf("places of a person: %w", err)
		}
		seen := map[int64]bool{}
		for _, su := range rows {
			sh, err := tx.Shift(me.Tenant.ID, su.ShiftID)
			if err != nil {
				return fmt.Errorf("shift of a place: %w", err)
			}
			if !su.Holds() || !sh.CheckinOpen(tx.Now) || seen[su.CallID] {
				continue
			}
			seen[su.CallID] = true
			c, err := tx.Call(me.Tenant.ID, su.CallID)
			if err != nil {
				return fmt.Errorf("call of a place: %w", err)
			}
			sheet, err := s.sheet(tx, me, c, false)
			if err != nil {
				return err
			}
			out = append(out, sheet)
		}
		return nil
	})
	return out, err
}
