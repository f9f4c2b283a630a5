package services

import (
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

// What becomes due on site and after.
const (
	dueOnsiteOpen models.DueKind = "onsite_open"   // an hour before a shift: checking in begins
	dueOnsiteEnd  models.DueKind = "onsite_end"    // a shift is over: times are proposed, the unseen asked
	dueOnsiteRoll models.DueKind = "onsite_roll"   // an hour later: the roll is to be taken
	dueThanks     models.DueKind = "onsite_thanks" // a day later: thanks, roll or not
	dueNumbers    models.DueKind = "onsite_numbers"
)

// When, after the end of a shift, the organizer is told to take the roll, and
// after the end of the call thanks no longer wait for it.
const (
	rollAfter   = time.Hour
	thanksAfter = 24 * time.Hour
)

// rollTogether is how near two ends of shifts are spoken of once: nobody takes
// the roll of the morning while the afternoon still runs.
const rollTogether = 6 * time.Hour

// afterCall is how long after a call a message about it is still of use.
const afterCall = 7 * 24 * time.Hour

// onsiteFollows sends the thanks when the roll has just been taken, or to whom
// it concerns when it is corrected later.
func (d *desk) onsiteFollows(by models.By) error {
	if d.Call.Drill || d.Call.State != models.CallDone {
		return nil
	}
	taken := d.RollTaken()
	changed := d.Changed()
	switch {
	case taken && (!d.rollWas || d.base.Call.State != models.CallDone): // just taken, or just over
		changed = d.Signups
	case !taken && d.Now < d.End().Add(thanksAfter):
		return nil
	}
	if err := d.thank(changed); err != nil {
		return err
	}
	if len(d.Changed()) == 0 && !d.dirty {
		return nil
	}
	return d.numbersChanged()
}

// numbersAtOnce is how many people see new numbers in their thanks at once: for
// more the edits would crowd out others', so they come together, later.
const (
	numbersAtOnce = 30
	numbersLater  = 10 * time.Minute
)

// numbersChanged edits the thanks of those who came.
func (d *desk) numbersChanged() error {
	if d.Achieved().Came <= numbersAtOnce {
		return d.showNumbers(nil)
	}
	return d.tx.Plan(models.Due{TenantID: d.tenant.ID, Key: fmt.Sprintf("onsite:%d:numbers", d.Call.ID), Kind: dueNumbers,
		RefID: d.Shifts[0].ID, DueAt: d.Now.Add(numbersLater)})
}

func (d *desk) showNumbers(*models.Shift) error {
	for _, su := range d.Signups {
		if su.Came() {
			d.stale = append(d.stale, signupKey(d.Call.ID, su.PersonID))
		}
	}
	return nil
}

// gatherOnsite loads who came without a place and what was handed out.
func (s *Services) gatherOnsite(tx *store.Tx, me Actor, sh *models.Sheet) error {
	sh.Rolls = mayRoll(me.Rights, *sh.Call)
	if sh.Now < sh.Start().Add(-models.OnsiteLead) {
		return nil
	}
	var err error
	if sh.Goods, err = tx.GoodsOf(sh.Call.ID); err != nil {
		return fmt.Errorf("goods of call %d: %w", sh.Call.ID, err)
	}
	if !sh.Rolls {
		return nil
	}
	all, err := tx.WalkInsOf(sh.Call.ID)
	if err != nil {
		return fmt.Errorf("walk-ins of call %d: %w", sh.Call.ID, err)
	}
	var ids []int64
	for _, w := range all {
		if w.State == models.WalkInAsked {
			sh.WalkIns = append(sh.WalkIns, w)
			ids = append(ids, w.PersonID)
		}
	}
	people, err := tx.PersonsByIDs(ids)
	if err != nil {
		return fmt.Errorf("people who came to call %d: %w", sh.Call.ID, err)
	}
	if sh.People == nil {
		sh.People = map[int64]models.Person{}
	}
	for id, p := range people {
		sh.People[id] = p
	}
	return nil
}

// onsiteDues are its rules that act when their time has come.
func (s *Services) onsiteDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{
		dueOnsiteOpen: s.ofShiftDue((*desk).checkinOpens, "checkin_open"),
		dueOnsiteEnd:  s.ofShiftDue((*desk).shiftOver, "checkout_propose"),
		dueOnsiteRoll: s.ofShiftDue((*desk).askRoll, "roll_ask"),
		dueThanks:     s.ofShiftDue((*desk).thankAll, "thanks"),
		dueNumbers:    s.ofShiftDue((*desk).showNumbers, "thanks"),
	}
}

// planOnsite sets what is due on site and after, shift by shift. It outlives
// the call's end; what a cancelled call has due finds that out.
func (d *desk) planOnsite() error {
	plan := func(kind models.DueKind, name string, shift int64, at models.Instant) error {
		if at <= d.Now {
			return nil
		}
		return d.tx.Plan(models.Due{TenantID: d.tenant.ID, Key: fmt.Sprintf("onsite:%d:%s:%d", d.Call.ID, name, shift), Kind: kind,
			RefID: shift, DueAt: at})
	}
	var err error
	var last *models.Shift
	for _, sh := range d.Shifts {
		err = errors.Join(err, plan(dueOnsiteOpen, "open", sh.ID, sh.StartAt.Add(-models.OnsiteLead)),
			plan(dueOnsiteEnd, "end", sh.ID, sh.EndAt), plan(dueOnsiteRoll, "roll", sh.ID, sh.EndAt.Add(rollAfter)))
		if last == nil || sh.EndAt > last.EndAt {
			last = sh
		}
	}
	if last == nil {
		return err
	}
	// One a call: the key names no shift.
	return errors.Join(err, d.tx.Plan(models.Due{TenantID: d.tenant.ID, Key: fmt.Sprintf("onsite:%d:thanks", d.Call.ID), Kind: dueThanks,
		RefID: last.ID, DueAt: last.EndAt.Add(thanksAfter)}))
}

// ofShiftDue runs a rule on the shift of a due row. What is due for a shift
// that is gone, or a call that was cancelled, is nothing any more.
func (s *Services) ofShiftDue(fn func(*desk, *models.Shift) error, action string) dueFunc {
	return func(tx *store.Tx, due models.Due) error {
		sh, err := tx.Shift(due.TenantID, due.RefID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("shift of what is due: %w", err)
		}
		t, err := tx.Tenant(due.TenantID)
		if err != nil {
			return fmt.Errorf("tenant of what is due: %w", err)
		}
		d, err := s.desk(tx, t, sh.CallID)
		if err != nil || d.Call.State == models.CallCancelled || d.Shift(sh.ID) == nil {
			return err
		}
		if err := fn(d, d.Shift(sh.ID)); err != nil {
			return err
		}
		return d.finish(models.By{TenantID: t.ID, Action: action})
	}
}

// checkinOpens shows the check-in button in the messages of those who have a
// place. It makes no sound: where the last reminder goes out now it carries
// the button already.
func (d *desk) checkinOpens(shift *models.Shift) error {
	if !shift.CheckinOpen(d.Now) {
		return nil // moved, or long over
	}
	for _, su := range d.Signups {
		if su.ShiftID != shift.ID || su.State != models.SignupConfirmed {
			continue
		}
		d.stale = append(d.stale, signupKey(d.Call.ID, su.PersonID))
	}
	d.stale = append(d.stale, panelKey(d.Call.ID))
	return nil
}

// shiftOver proposes the end as the time of those still checked in, and asks
// those who were not seen, by day.
func (d *desk) shiftOver(shift *models.Shift) error {
	if shift.EndAt > d.Now {
		return nil
	}
	unseen := d.Propose(shift)
	d.stale = append(d.stale, panelKey(d.Call.ID))
	if d.Call.Drill {
		return nil
	}
	for _, su := range unseen {
		args := models.SignupArgs{Why: models.WhyUnseen, At: d.Now}
		if err := d.write(su.PersonID, args, models.QuietWait, shift.EndAt.Add(afterCall), true); err != nil {
			return err
		}
	}
	return nil
}

// askRoll tells the organizer, with a sound, that the roll is to be taken.
func (d *desk) askRoll(shift *models.Shift) error {
	left := 0
	for _, su := range d.Roll(shift.ID) {
		if !su.Decided() {
			left++
		}
	}
	if left == 0 || d.Call.Drill || shift.EndAt > d.Now {
		return nil
	}
	for _, other := range d.Shifts {
		if later := other.EndAt.Sub(shift.EndAt); later > 0 && later <= rollTogether {
			return nil
		}
	}
	m := d.panelMessage(models.QuietWait)
	m.ExpiresAt = d.End().Add(afterCall)
	return d.replace(m, true)
}

// thankAll thanks those who came although the roll is not taken yet.
func (d *desk) thankAll(*models.Shift) error {
	if d.Call.Drill || d.Now < d.End().Add(thanksAfter) {
		return nil
	}
	return d.thank(d.Signups)
}

// thank thanks each of those who came, once a person. Who was asked with a
// sound whether they had been there has had their last one: theirs is an edit.
func (d *desk) thank(signups []*models.Signup) error {
	done := map[int64]bool{}
	for _, su := range signups {
		if !su.Came() || done[su.PersonID] {
			continue
		}
		done[su.PersonID] = true
		why, err := d.lastWhy(su.PersonID)
		if err != nil {
			return err
		}
		if why == models.WhyThanks || why == models.WhyUnseen {
			d.stale = append(d.stale, signupKey(d.Call.ID, su.PersonID))
			continue
		}
		args := models.SignupArgs{Why: models.WhyThanks, At: d.Now}
		if err := d.write(su.PersonID, args, models.QuietWait, d.End().Add(afterCall), true); err != nil {
			return err
		}
	}
	return nil
}

// lastWhy is why the message that somebody has about this call was sent.
func (d *desk) lastWhy(personID int64) (string, error) {
	m, err := d.tx.MessageByKey(d.tenant.ID, signupKey(d.Call.ID, personID))
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("message about a place: %w", err)
	}
	return models.SignupArgsOf(m).Why, nil
}
