package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// Safe is what became of a word about somebody's safety.
type Safe struct {
	Sheet   models.Sheet
	Tick    models.Tick // what stands now; zero when nothing was ever asked or said
	Person  models.Person
	Answer  string         // safe, help, home: what was said
	Back    bool           // a call for help was taken back, or dealt with
	Nothing bool           // it was so already
	Next    models.Instant // when they are asked next, 0 = not
	Home    int            // how many were marked home
	Left    int            // how many were not, because their call for help is open
}

// SaySafe is the actor's own answer: safe, help or home, for one of their own
// sign-ups. A call for help is never refused to somebody with a place.
func (s *Services) SaySafe(ctx context.Context, act Act, signupID int64, answer string) (Safe, error) {
	return s.safe(ctx, act, ofSignup(signupID), answer, "safe_"+answer, func(d *desk, l models.Loop, me Actor) (*models.Signup, error) {
		if su := l.Out(me.Person.ID); su != nil {
			return su, nil
		}
		if answer == models.SafeHelp {
			return d.Signup(signupID), nil
		}
		return nil, nil
	})
}

// ReachedSafe is what an organizer or a buddy says of somebody after a missed
// tick or a call for help: they were reached and are safe, or home.
func (s *Services) ReachedSafe(ctx context.Context, act Act, tickID int64, answer string) (Safe, error) {
	var tick models.Tick
	return s.safe(ctx, act, s.ofTick(tickID, &tick), answer, "safe_reached", func(d *desk, l models.Loop, me Actor) (*models.Signup, error) {
		if err := d.mayVouch(me, tick.PersonID); err != nil {
			return nil, err
		}
		if last := l.Last[tick.PersonID]; last == nil || last.ID != tick.ID || !last.Asks() && !last.Help() {
			return nil, nil // answered meanwhile: the message shows by whom
		}
		if su := l.Out(tick.PersonID); su != nil {
			return su, nil
		}
		return d.Signup(tick.SignupID), nil
	})
}

// MarkHome is what an organizer says of somebody who is out there, by their
// sign-up.
func (s *Services) MarkHome(ctx context.Context, act Act, signupID int64) (Safe, error) {
	find := func(tx *store.Tx, me Actor) (int64, error) {
		su, err := tx.Signup(me.Tenant.ID, signupID)
		if errors.Is(err, store.ErrNotFound) {
			return 0, models.Refuse(models.CodeNotFound, "error.safe_gone")
		}
		return su.CallID, err
	}
	return s.safe(ctx, act, find, models.SafeHome, "safe_reached", func(d *desk, l models.Loop, me Actor) (*models.Signup, error) {
		if !manages(me.Rights, *d.Call) {
			return nil, s.refuseManager(d.tx, me, *d.Call)
		}
		return l.Out(d.Signup(signupID).PersonID), nil
	})
}

// safe runs one word about one person through the loop; who finds them gives
// nil when there is nothing to be said any more.
func (s *Services) safe(ctx context.Context, act Act, callID func(*store.Tx, Actor) (int64, error), answer, action string,
	who func(*desk, models.Loop, Actor) (*models.Signup, error)) (Safe, error) {
	out := Safe{Answer: answer}
	var person int64
	sheet, err := s.signup(ctx, act, callID, action, func(d *desk, me Actor) error {
		l, err := d.loop()
		if err != nil {
			return err
		}
		su, err := who(d, l, me)
		if err != nil {
			return err
		}
		if su == nil {
			out.Nothing, person = true, me.Person.ID
			return nil
		}
		person = su.PersonID
		out.Nothing, out.Back, err = d.saySafe(l, su, answer, me.By(action))
		if l.On() && l.Out(su.PersonID) != nil && answer != models.SafeHelp {
			out.Next = d.nextAsk(l, l.Out(su.PersonID))
		}
		out.Person = d.person(person)
		return err
	})
	if err != nil {
		return out, err
	}
	out.Sheet = sheet
	if t := models.NewLoop(sheet.Board, sheet.Ticks).Last[person]; t != nil {
		out.Tick = *t
	}
	return out, nil
}

// saySafe takes one word and does what follows from it.
func (d *desk) saySafe(l models.Loop, su *models.Signup, answer string, by models.By) (nothing, back bool, err error) {
	helped := l.Last[su.PersonID] != nil && l.Last[su.PersonID].Help()
	ticks := l.Say(su, answer, by.ActorID)
	for _, t := range ticks {
		if err := d.saveTick(by, t); err != nil {
			return false, false, err
		}
	}
	switch {
	case len(ticks) == 0:
		return true, false, nil
	case answer == models.SafeHelp:
		return false, false, d.alarm(l, ticks[0], true)
	case answer == models.SafeHome:
		err = l.GoHome(su.PersonID, by.ActorID == su.PersonID)
	}
	if helped {
		err = errors.Join(err, d.standDown(ticks[0], by.ActorID))
	}
	return false, helped, err
}

// TakeOn is an organizer's word that they see to a call for help: the others
// see who does, and who called is told that somebody comes. The first one who
// says so has it.
func (s *Services) TakeOn(ctx context.Context, act Act, tickID int64) (Safe, error) {
	out := Safe{}
	var tick models.Tick
	sheet, err := s.signup(ctx, act, s.ofTick(tickID, &tick), "safe_on_it", func(d *desk, me Actor) error {
		if !manages(me.Rights, *d.Call) {
			return s.refuseManager(d.tx, me, *d.Call)
		}
		l, err := d.loop()
		if err != nil {
			return err
		}
		out.Person = d.person(tick.PersonID)
		last := l.Last[tick.PersonID]
		if last == nil || last.ID != tick.ID || !last.TakeOn(me.Person.ID, d.Now) {
			out.Nothing = true
			return nil
		}
		tick = *last
		if err := d.saveTick(me.By("safe_on_it"), last); err != nil {
			return err
		}
		return d.question(last)
	})
	out.Sheet, out.Tick = sheet, tick
	return out, err
}

// AllHome is what an organizer says of everybody who is still out there.
func (s *Services) AllHome(ctx context.Context, act Act, callID int64) (Safe, error) {
	out := Safe{Answer: models.SafeHome}
	sheet, err := s.signup(ctx, act, ofCall(callID), "safe_reached", func(d *desk, me Actor) error {
		if !manages(me.Rights, *d.Call) {
			return s.refuseManager(d.tx, me, *d.Call)
		}
		l, err := d.loop()
		if err != nil {
			return err
		}
		for _, su := range l.OutThere() {
			if last := l.Last[su.PersonID]; last != nil && last.Help() {
				out.Left++ // is dealt with by name, never in passing
				continue
			}
			if _, _, err := d.saySafe(l, su, models.SafeHome, me.By("safe_reached")); err != nil {
				return err
			}
			out.Home++
		}
		out.Nothing = out.Home == 0
		return nil
	})
	out.Sheet = sheet
	return out, err
}

// NotSeen is a buddy's no to "have you seen them?".
func (s *Services) NotSeen(ctx context.Context, act Act, tickID int64) (Safe, error) {
	out := Safe{}
	var tick models.Tick
	sheet, err := s.signup(ctx, act, s.ofTick(tickID, &tick), "safe_unseen", func(d *desk, me Actor) error {
		if err := d.mayVouch(me, tick.PersonID); err != nil {
			return err
		}
		l, err := d.loop()
		if err != nil {
			return err
		}
		out.Person = d.person(tick.PersonID)
		last := l.Last[tick.PersonID]
		if last == nil || last.ID != tick.ID || !last.Asks() && !last.Help() || last.UnseenBy == me.Person.ID {
			out.Nothing = true
			return nil
		}
		last.UnseenBy = me.Person.ID
		return d.saveTick(me.By("safe_unseen"), last)
	})
	out.Sheet, out.Tick = sheet, tick
	return out, err
}

// PhoneOf is the number that somebody left in their profile, for who has to
// reach them now; that it was read is written down.
func (s *Services) PhoneOf(ctx context.Context, act Act, tickID int64) (p models.Person, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		var tick models.Tick
		id, err := s.ofTick(tickID, &tick)(tx, me)
		if err != nil {
			return err
		}
		c, err := tx.Call(me.Tenant.ID, id)
		if err != nil {
			return fmt.Errorf("call of tick %d: %w", tickID, err)
		}
		if !manages(me.Rights, c) {
			return s.refuseManager(tx, me, c)
		}
		if !tick.Asks() && !tick.Help() {
			return models.Refuse(models.CodeConflict, "error.safe_over")
		}
		if p, err = tx.Person(tick.PersonID); err != nil {
			return fmt.Errorf("person of tick %d: %w", tickID, err)
		}
		if p.Phone == "" {
			return models.Refuse(models.CodeNotFound, "error.safe_no_phone")
		}
		return tx.Note(me.By("safe_phone"), "tick", tick.ID, map[string]any{"person": p.ID}, nil)
	})
	return p, err
}

// ofTick finds the call of a tick.
func (s *Services) ofTick(tickID int64, tick *models.Tick) func(*store.Tx, Actor) (int64, error) {
	return func(tx *store.Tx, me Actor) (int64, error) {
		var err error
		*tick, err = tx.Tick(me.Tenant.ID, tickID)
		if errors.Is(err, store.ErrNotFound) {
			return 0, models.Refuse(models.CodeNotFound, "error.safe_gone")
		}
		return tick.CallID, err
	}
}

// mayVouch refuses who neither manages the call nor looks after the person.
func (d *desk) mayVouch(me Actor, personID int64) error {
	if manages(me.Rights, *d.Call) {
		return nil
	}
	pairs, err := d.tx.BuddiesOf(d.Call.ID)
	if err != nil {
		return fmt.Errorf("buddies of call %d: %w", d.Call.ID, err)
	}
	for _, b := range models.BuddiesAmong(pairs, personID) {
		if b.PersonID == me.Person.ID {
			return nil
		}
	}
	return d.svc.refuseManager(d.tx, me, *d.Call)
}

// WatchedAs finds for which sign-up a word about safety by the actor is meant:
// in the thread of a call that one, else what they are out there for, an open
// question first. open says whether one waits for an answer; 0 means none.
func (s *Services) WatchedAs(ctx context.Context, act Act) (signupID int64, open bool, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if me.Person.ID == 0 {
			return nil
		}
		ids, err := tx.WatchedCalls(me.Tenant.ID, me.Person.ID)
		if err != nil || len(ids) == 0 {
			return err
		}
		only := int64(0)
		if act.ThreadTS != "" {
			c, err := tx.CallOfMessage(me.Tenant.ID, act.Channel, act.ThreadTS)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if only = c.ID; only == 0 && !act.Direct {
				return nil
			}
		}
		for _, id := range ids {
			if only != 0 && id != only {
				continue
			}
			l, err := loopOf(tx, me.Tenant.ID, id)
			if err != nil {
				return err
			}
			su, last := l.Out(me.Person.ID), l.Last[me.Person.ID]
			if su == nil {
				continue
			}
			asks := last != nil && (last.Asks() || last.Help())
			if signupID == 0 || asks && !open {
				signupID, open = su.ID, asks
			}
		}
		return nil
	})
	return signupID, open, err
}

// loopOf is a call's safety loop for reading.
func loopOf(tx *store.Tx, tenantID, callID int64) (models.Loop, error) {
	c, err := tx.Call(tenantID, callID)
	if err != nil {
		return models.Loop{}, fmt.Errorf("call %d: %w", callID, err)
	}
	b, err := boardOf(tx, c)
	if err != nil {
		return models.Loop{}, err
	}
	ticks, err := tx.TicksOf(callID)
	if err != nil {
		return models.Loop{}, fmt.Errorf("safety ticks of call %d: %w", callID, err)
	}
	return models.NewLoop(b, ticks), nil
}

// TickSheet is a tick with its call for rendering to a person; who they are
// phoned by when a number is there is on the sheet.
func (s *Services) TickSheet(ctx context.Context, tenantID, tickID, personID int64) (models.Sheet, models.Tick, error) {
	var tick models.Tick
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		var err error
		tick, err = tx.Tick(tenantID, tickID)
		return err
	})
	if err != nil {
		return models.Sheet{}, tick, fmt.Errorf("tick of the message: %w", err)
	}
	sheet, err := s.CallSheet(ctx, tenantID, tick.CallID, personID)
	if err != nil {
		return sheet, tick, err
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		ids := []int64{tick.PersonID, tick.By, tick.DoneBy, tick.UnseenBy, tick.OnBy}
		for _, b := range sheet.BuddiesOf(tick.PersonID) {
			ids = append(ids, b.PersonID)
		}
		more, err := tx.PersonsByIDs(ids)
		for id, p := range more {
			sheet.People[id] = p
		}
		return err
	})
	return sheet, tick, err
}

// OutBySlack finds the sign-up for which somebody named by their Slack id is
// out there, 0 when they are not.
func (s *Services) OutBySlack(ctx context.Context, act Act, callID int64, slackID string) (signupID int64, name string, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		p, err := tx.PersonBySlack(me.Tenant.ID, slackID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		name = p.Name
		l, err := loopOf(tx, me.Tenant.ID, callID)
		if err != nil {
			return err
		}
		if su := l.Out(p.ID); su != nil {
			signupID = su.ID
		}
		return nil
	})
	return signupID, name, err
}
