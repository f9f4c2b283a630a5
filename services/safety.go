package services

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// dueSafe is the next thing the safety loop of a call has to do: ask, repeat,
// tell somebody. One row a call, however many are out there.
const dueSafe models.DueKind = "call_safe"

// unsentPause is how long the loop waits before it looks again whether a
// question has left for Slack; alarmPause, whether an open alarm has.
const (
	unsentPause = time.Minute
	alarmPause  = 5 * time.Minute
)

func safeDueKey(callID int64) string { return fmt.Sprintf("safe:%d", callID) }

// safeKey is the key of the question to one person, alarmPrefix of what others
// are told about a tick.
func safeKey(callID, personID int64) string { return fmt.Sprintf("safe:%d:%d", callID, personID) }
func alarmPrefix(tickID int64) string       { return fmt.Sprintf("alarm:%d:", tickID) }
func alarmKey(tickID, readerID int64) string {
	return fmt.Sprintf("%s%d", alarmPrefix(tickID), readerID)
}

// safetyDues are its rules that act when their time has come.
func (s *Services) safetyDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{dueSafe: s.watch, dueBuddies: s.pairInTime}
}

// loop is the safety loop of the call, loaded once a decision.
func (d *desk) loop() (models.Loop, error) {
	if d.watched != nil {
		return *d.watched, nil
	}
	ticks, err := d.tx.TicksOf(d.Call.ID)
	if err != nil {
		return models.Loop{}, fmt.Errorf("safety ticks of call %d: %w", d.Call.ID, err)
	}
	l := models.NewLoop(d.Board, ticks)
	d.watched = &l
	return l, nil
}

// safetyFollows is what a decision about the call brings with it here: who came
// out there is asked from now on, who is not needed any more is left alone, and
// the last one home ends the call.
func (d *desk) safetyFollows(by models.By) error {
	if err := d.buddiesFollow(by); err != nil {
		return err
	}
	if d.watched == nil && !d.dirty && !d.cameOrWent() {
		return nil
	}
	l, err := d.loop()
	if err != nil {
		return err
	}
	for _, t := range l.Ticks() {
		if l.On() && l.Out(t.PersonID) != nil {
			continue
		}
		if gone := l.Drop(t.PersonID); gone != nil {
			if err := d.saveTick(models.By{TenantID: d.tenant.ID, Action: "safe_end"}, gone); err != nil {
				return err
			}
		}
	}
	if err := d.planWatch(l, d.Now); err != nil {
		return err
	}
	if d.Call.Live() && d.End() <= d.Now && l.AllHome() {
		return d.tx.Plan(models.Due{TenantID: d.tenant.ID, Key: fmt.Sprintf("call:%d:end", d.Call.ID), Kind: dueEnd,
			RefID: d.Call.ID, DueAt: d.Now})
	}
	return nil
}

// cameOrWent says whether somebody checked in or out, or never did after all:
// who only signs up is nothing to the loop.
func (d *desk) cameOrWent() bool {
	if d.Call.SafetyMin == 0 {
		return false
	}
	for _, su := range d.Changed() {
		was := d.base.Of(su.PersonID, su.ShiftID)
		if su.CheckedIn != 0 || was != nil && was.CheckedIn != 0 {
			return true
		}
	}
	return false
}

// everybodyHome says whether nobody who was on site is still out: only then a
// call with a safety loop is done.
func (d *desk) everybodyHome() (bool, error) {
	if d.Call.SafetyMin == 0 {
		return true, nil
	}
	l, err := d.loop()
	return err == nil && l.AllHome(), err
}

// saveTick stores a tick with its entry, and has everything that shows it
// edited.
func (d *desk) saveTick(by models.By, t *models.Tick) error {
	if err := d.tx.Save(by, t); err != nil {
		return fmt.Errorf("save safety tick: %w", err)
	}
	d.answered = true
	return errors.Join(d.tx.Touch(d.tenant.ID, safeKey(t.CallID, t.PersonID)), d.tx.TouchPrefix(d.tenant.ID, alarmPrefix(t.ID)))
}

// watch does what the safety loop of a call has to do now.
func (s *Services) watch(tx *store.Tx, due models.Due) error {
	t, err := tx.Tenant(due.TenantID)
	if err != nil {
		return fmt.Errorf("tenant of what is due: %w", err)
	}
	d, err := s.desk(tx, t, due.RefID)
	if models.CodeOf(err) == models.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	l, err := d.loop()
	if err != nil {
		return err
	}
	for _, tick := range l.Ticks() {
		if err := d.step(l, tick); err != nil {
			return err
		}
	}
	if l.On() {
		for _, su := range l.OutThere() {
			if err := d.ask(l, su); err != nil {
				return err
			}
		}
	}
	if err := d.planWatch(l, d.Now+1); err != nil { // what could be done now is done
		return err
	}
	if d.answered {
		if err := d.showPanel(false); err != nil {
			return err
		}
	}
	return d.fault
}

// ask asks one person when their time has come. A question that stands open
// after everybody was told sounds again; a second one would hide the first.
func (d *desk) ask(l models.Loop, su *models.Signup) error {
	next := d.nextAsk(l, su)
	last := l.Last[su.PersonID]
	open := last != nil && last.Asks()
	switch {
	case open && last.Stage == models.TickAdmins && last.AgainDue(l.Now, d.Call.SafetyMin):
		last.AgainAt = d.Now
		if err := d.tx.Save(models.By{TenantID: d.tenant.ID, Action: "safe_again"}, last); err != nil {
			return fmt.Errorf("save safety tick: %w", err)
		}
		return errors.Join(d.question(last), d.missedAgain(l, last))
	case open, next > d.Now:
		return nil
	}
	t := l.Ask(su, next)
	if err := d.tx.Save(models.By{TenantID: d.tenant.ID, Action: "safe_ask"}, t); err != nil {
		return fmt.Errorf("save safety tick: %w", err)
	}
	d.answered = true
	return d.question(t)
}

// nextAsk is when somebody is asked next. A drill asks nobody in their quiet
// hours.
func (d *desk) nextAsk(l models.Loop, su *models.Signup) models.Instant {
	next := l.NextAsk(su)
	if d.Call.Drill {
		times := d.times(su.PersonID)
		next = models.EndOfRest(max(next, d.Now), times.Rest, times.Zone)
	}
	return next
}

// question sends the question of a tick with sound; the message of an earlier
// one is edited down to a line.
func (d *desk) question(t *models.Tick) error {
	key := safeKey(t.CallID, t.PersonID)
	m := d.safeMessage(key, models.MessageSafe, t.CallID, t.PersonID).WithArgs(models.SafeArgs{Tick: t.ID})
	old, err := d.tx.MessageByKey(d.tenant.ID, key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("message %s: %w", key, err)
	}
	if err == nil && old.State == models.MessageQueued && old.Shown == 0 { // it will ask this when it goes
		return d.tx.SetArgs(d.tenant.ID, key, models.SafeArgs{Tick: t.ID})
	}
	return d.replace(m, true)
}

// safeMessage is a message of the safety loop: it goes before everything else
// and through quiet hours, except in a drill.
func (d *desk) safeMessage(key string, kind models.MessageKind, subject, personID int64) models.Message {
	m := models.Message{TenantID: d.tenant.ID, Key: key, Kind: kind, SubjectID: subject, PersonID: personID,
		Priority: models.PriorityUrgent, EditClass: models.EditClose, Quiet: models.QuietPass}
	if d.Call.Drill {
		m.Quiet, m.ExpiresAt = models.QuietWait, d.Now.Add(time.Hour)
	}
	return m
}

// step takes an open question to its next stage when its time has come, and
// sees to it that an alarm that Slack did not take goes out again.
func (d *desk) step(l models.Loop, t *models.Tick) error {
	if t.Missed() || t.Help() {
		if err := d.alarmAgain(l, t); err != nil {
			return err
		}
	}
	if t.Help() {
		return d.helpAgain(l, t)
	}
	if !t.Asks() {
		return nil
	}
	if t.Stage < models.TickOrganizer {
		if known, err := d.left(l, t); err != nil || !known {
			return err
		}
	}
	if t.Asks() && t.Step(d.Now) {
		return d.tellStage(l, t)
	}
	return nil
}

// left looks whether the question of a tick left for Slack; known is false
// while nothing can be concluded from silence. A question that Slack refuses
// for good is not held against the person: the organizer is told that they
// could not be asked.
func (d *desk) left(l models.Loop, t *models.Tick) (known bool, err error) {
	m, err := d.tx.MessageByKey(d.tenant.ID, safeKey(t.CallID, t.PersonID))
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return false, fmt.Errorf("question of tick %d: %w", t.ID, err)
	case err == nil && m.Shown > 0:
		t.Shown(m.SentAt)
		return true, nil
	case err == nil && m.State != models.MessageDead && m.State != models.MessageDropped:
		return false, nil
	case d.Call.Drill:
		l.Drop(t.PersonID)
		return false, d.saveTick(models.By{TenantID: d.tenant.ID, Action: "safe_end"}, t)
	}
	t.CannotAsk(d.Now)
	return false, d.tellStage(l, t)
}

// tellStage saves a tick that moved on and says what the stage says.
func (d *desk) tellStage(l models.Loop, t *models.Tick) error {
	action := map[int]string{models.TickRepeated: "safe_repeat", models.TickOrganizer: "safe_tell", models.TickAdmins: "safe_tell_admins"}[t.Stage]
	if err := d.saveTick(models.By{TenantID: d.tenant.ID, Action: action}, t); err != nil {
		return err
	}
	if t.Stage == models.TickRepeated {
		return d.question(t)
	}
	return d.alarm(l, t, false)
}

// planWatch plans the next look at the loop, not before earliest.
func (d *desk) planWatch(l models.Loop, earliest models.Instant) error {
	var at models.Instant
	consider := func(t models.Instant) {
		if t = max(t, earliest); at == 0 || t < at {
			at = t
		}
	}
	for _, t := range l.Ticks() {
		if t.Missed() || t.Help() {
			consider(d.Now.Add(alarmPause))
		}
		if t.Help() && !d.Call.Drill {
			consider(t.HelpAgain(d.Call.SafetyMin))
		}
		switch due := t.StepAtDue(); {
		case due != 0:
			consider(due)
		case t.Asks() && t.Stage < models.TickOrganizer: // not known to have left
			consider(max(t.AskedAt.Add(models.TickRepeatAfter), d.Now.Add(unsentPause)))
		}
	}
	if l.On() {
		for _, su := range l.OutThere() {
			if last := l.Last[su.PersonID]; last != nil && last.Help() {
				continue
			}
			consider(d.nextAsk(l, su))
		}
	}
	if at == 0 {
		_, err := d.tx.Unplan(d.tenant.ID, safeDueKey(d.Call.ID))
		return err
	}
	return d.tx.Plan(models.Due{TenantID: d.tenant.ID, Key: safeDueKey(d.Call.ID), Kind: dueSafe, RefID: d.Call.ID, DueAt: at})
}

// gatherSafety loads what a sheet shows of it.
func (s *Services) gatherSafety(tx *store.Tx, me Actor, sh *models.Sheet) error {
	var err error
	if sh.Call.Buddy {
		if sh.Buddies, err = tx.BuddiesOf(sh.Call.ID); err != nil {
			return fmt.Errorf("buddies of call %d: %w", sh.Call.ID, err)
		}
	}
	if sh.Call.SafetyMin > 0 || sh.Call.Kind == models.CallRelief {
		if sh.Ticks, err = tx.TicksOf(sh.Call.ID); err != nil {
			return fmt.Errorf("safety ticks of call %d: %w", sh.Call.ID, err)
		}
	}
	return s.gatherNames(tx, me, sh)
}

// gatherNames loads the people whom safety and buddies name to this reader.
func (s *Services) gatherNames(tx *store.Tx, me Actor, sh *models.Sheet) error {
	var ids []int64
	want := func(id int64) {
		if _, known := sh.People[id]; id != 0 && !known && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, b := range sh.BuddiesOf(me.Person.ID) {
		want(b.PersonID)
	}
	for _, t := range sh.Ticks {
		if t.Missed() || t.Help() {
			want(t.PersonID)
			want(t.By)
			want(t.UnseenBy)
			want(t.OnBy)
			for _, b := range sh.BuddiesOf(t.PersonID) {
				want(b.PersonID)
			}
		}
	}
	for i, su := range models.NewLoop(sh.Board, sh.Ticks).OutThere() {
		if i < namesShown {
			want(su.PersonID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	more, err := tx.PersonsByIDs(ids)
	if err != nil {
		return fmt.Errorf("people of the safety loop: %w", err)
	}
	for id, p := range more {
		sh.People[id] = p
	}
	return nil
}
