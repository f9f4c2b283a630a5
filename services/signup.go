package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// Joining is what became of somebody's yes.
type Joining struct {
	Outcome  models.JoinOutcome
	Sheet    models.Sheet
	Signup   models.Signup
	Position int  // in the line; 0 = has a place
	Missed   bool // the place asked about was just taken
}

// signup runs fn on a call for a person who acts on their own place. The sheet
// names everybody it shows.
func (s *Services) signup(ctx context.Context, act Act, callID func(tx *store.Tx, me Actor) (int64, error), action string, fn func(d *desk, me Actor) error) (models.Sheet, error) {
	return s.acted(ctx, act, callID, action, fn, func(d *desk, me Actor) (models.Sheet, error) {
		return s.sheetOf(d.tx, me, d.Board, manages(me.Rights, *d.Call))
	})
}

// signupQuick is signup for the presses that a thousand people make at once.
// Its sheet is bare: it names nobody and nothing is gathered.
func (s *Services) signupQuick(ctx context.Context, act Act, callID func(tx *store.Tx, me Actor) (int64, error), action string, fn func(d *desk, me Actor) error) (models.Sheet, error) {
	return s.acted(ctx, act, callID, action, fn, func(d *desk, me Actor) (models.Sheet, error) { return bareSheet(d.tx, me, d.Board) })
}

func (s *Services) acted(ctx context.Context, act Act, callID func(tx *store.Tx, me Actor) (int64, error), action string,
	fn func(d *desk, me Actor) error, show func(d *desk, me Actor) (models.Sheet, error)) (models.Sheet, error) {
	var out models.Sheet
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		id, err := callID(tx, me)
		if err != nil {
			return err
		}
		d, err := s.desk(tx, me.Tenant, id)
		if err != nil {
			return err
		}
		d.people[me.Person.ID] = me.Person
		if err := fn(d, me); err != nil {
			return err
		}
		if err := d.finish(me.By(action)); err != nil {
			return err
		}
		if err := s.usesMuster(tx, me); err != nil {
			return err
		}
		out, err = show(d, me)
		return err
	})
	return out, err
}

func (s *Services) ofRole(roleID int64) func(*store.Tx, Actor) (int64, error) {
	return func(tx *store.Tx, me Actor) (int64, error) {
		if id := s.boards.callOf(me.Tenant.ID, roleID); id != 0 {
			return id, nil
		}
		r, err := tx.Role(me.Tenant.ID, roleID)
		if errors.Is(err, store.ErrNotFound) {
			return 0, models.Refuse(models.CodeNotFound, "error.role_gone")
		}
		return r.CallID, err
	}
}

// ofSignup finds the call of a sign-up that must be the actor's own.
func ofSignup(signupID int64) func(*store.Tx, Actor) (int64, error) {
	return func(tx *store.Tx, me Actor) (int64, error) {
		su, err := tx.Signup(me.Tenant.ID, signupID)
		if errors.Is(err, store.ErrNotFound) || err == nil && su.PersonID != me.Person.ID {
			return 0, models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		return su.CallID, err
	}
}

func ofCall(callID int64) func(*store.Tx, Actor) (int64, error) {
	return func(*store.Tx, Actor) (int64, error) { return callID, nil }
}

// mayVolunteer refuses who is only passing through, unless an admin lets guests
// sign up for what is called for in the card's channel.
func (d *desk) mayVolunteer(me Actor) error {
	welcome := false
	if me.Person.Guest {
		var err error
		if welcome, err = guestsWelcome(d.tx, *d.Call); err != nil {
			return err
		}
	}
	if me.Person.Guest && !welcome {
		who, err := d.svc.holders(d.tx, me.Tenant, models.RoleAdmin)
		if err != nil {
			return err
		}
		if len(who) == 0 {
			return models.Refuse(models.CodeForbidden, "error.guest")
		}
		return models.Refuse(models.CodeForbidden, "error.guest_ask", "Who", tags(who))
	}
	return mayAct(me)
}

// mayAct refuses who is nobody of this organisation: bots, and who has left.
func mayAct(me Actor) error {
	if me.Person.ID == 0 || me.Person.Bot || me.Person.Gone {
		return models.Refuse(models.CodeForbidden, "error.not_yours")
	}
	return nil
}

// guestsWelcome says whether Slack guests and Connect strangers may sign up for
// a call.
func guestsWelcome(tx *store.Tx, c models.Call) (bool, error) {
	if c.Channel == "" {
		return false, nil
	}
	room, err := tx.ChannelBySlack(c.TenantID, c.Channel)
	if ignoreMissing(err) != nil {
		return false, fmt.Errorf("channel of call %d: %w", c.ID, err)
	}
	return room.Guests, nil
}

// Join takes a place in one (shift, role) for the actor, or a turn in its
// line. guests < 0 means that nothing was said about guests.
func (s *Services) Join(ctx context.Context, act Act, roleID int64, guests int, how string) (Joining, error) {
	var out Joining
	var su *models.Signup
	sheet, err := s.signupQuick(ctx, act, s.ofRole(roleID), "signup_join", func(d *desk, me Actor) error {
		if err := d.mayVolunteer(me); err != nil {
			return err
		}
		wish := models.Wish{RoleID: roleID, Guests: max(0, guests), HasGuests: guests >= 0, How: how}
		var err error
		su, out.Outcome, err = d.join(me.Person, wish)
		return err
	})
	if err != nil {
		return out, err
	}
	return out.of(sheet, su), nil
}

func (out Joining) of(sheet models.Sheet, su *models.Signup) Joining {
	out.Sheet = sheet
	if su != nil {
		out.Signup = *su
		out.Position = sheet.Position(sheet.Signup(su.ID))
		out.Missed = out.Outcome == models.JoinedAccept && su.State == models.SignupWaitlisted
	}
	return out
}

// join fills in what the rule has to know of the person, and settles their
// earlier answers: the latest act wins.
func (d *desk) join(p models.Person, w models.Wish) (*models.Signup, models.JoinOutcome, error) {
	role := d.Role(w.RoleID)
	if role == nil {
		return nil, "", models.Refuse(models.CodeNotFound, "error.role_gone")
	}
	w.PersonID = p.ID
	w.Verified = d.verified(p, role)
	clash, err := d.clash(p.ID, d.Shift(role.ShiftID))
	if err != nil {
		return nil, "", err
	}
	w.Clash = clash
	su, outcome, err := d.Board.Join(w)
	if err != nil {
		return nil, "", err
	}
	return su, outcome, d.overtake(p.ID)
}

// verified says whether somebody else vouches for a person's skill on the day
// it is needed: a licence that runs out before the shift is none for it.
func (d *desk) verified(p models.Person, role *models.Role) bool {
	return p.Vouched(role.Name, max(d.Now, d.Shift(role.ShiftID).StartAt))
}

func (d *desk) clash(personID int64, shift *models.Shift) (*models.Clash, error) {
	other, err := d.tx.Overlapping(personID, d.Call.ID, shift.StartAt, shift.EndAt)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("overlapping places: %w", err)
	}
	return &models.Clash{Number: other.Number, Title: other.Title}, nil
}

// overtake settles what somebody answered before: a later act counts.
func (d *desk) overtake(personID int64) error {
	open, err := d.tx.OpenAnswersBy(d.Call.ID, personID)
	if err != nil {
		return fmt.Errorf("earlier answers: %w", err)
	}
	for _, a := range open {
		a.Settled, d.answered = true, true
		if err := d.tx.Save(models.By{TenantID: a.TenantID, ActorID: personID, Action: "answer_overtake"}, a); err != nil {
			return err
		}
	}
	return nil
}

// Leave gives up one place or turn of the actor.
func (s *Services) Leave(ctx context.Context, act Act, signupID int64) (Joining, error) {
	return s.own(ctx, act, signupID, "signup_leave", func(d *desk, su *models.Signup) error { return d.Leave(su) })
}

// Accept is a yes to an offer.
func (s *Services) Accept(ctx context.Context, act Act, signupID int64) (Joining, error) {
	out, err := s.own(ctx, act, signupID, "offer_accept", func(d *desk, su *models.Signup) error { return d.Accept(su) })
	out.Outcome = models.JoinedAccept
	out.Missed = err == nil && out.Signup.State == models.SignupWaitlisted
	return out, err
}

// Decline is a no to an offer.
func (s *Services) Decline(ctx context.Context, act Act, signupID int64) (Joining, error) {
	return s.own(ctx, act, signupID, "offer_decline", func(d *desk, su *models.Signup) error { return d.Decline(su) })
}

// ConfirmSignup is "I still come", after a reminder or a move.
func (s *Services) ConfirmSignup(ctx context.Context, act Act, signupID int64) (Joining, error) {
	return s.own(ctx, act, signupID, "signup_confirm", func(d *desk, su *models.Signup) error { return d.ComeAgain(su) })
}

// UndoLeave takes the actor's withdrawal back.
func (s *Services) UndoLeave(ctx context.Context, act Act, signupID int64) (Joining, error) {
	return s.own(ctx, act, signupID, "signup_undo", func(d *desk, su *models.Signup) error {
		clash, err := d.clash(su.PersonID, d.Shift(su.ShiftID))
		if err != nil {
			return err
		}
		return d.Undo(su, clash)
	})
}

func (s *Services) own(ctx context.Context, act Act, signupID int64, action string, fn func(d *desk, su *models.Signup) error) (Joining, error) {
	var out Joining
	var su *models.Signup
	sheet, err := s.signupQuick(ctx, act, ofSignup(signupID), action, func(d *desk, me Actor) error {
		su = d.Signup(signupID)
		return errors.Join(fn(d, su), d.overtake(me.Person.ID))
	})
	if err != nil {
		return out, err
	}
	return out.of(sheet, su), nil
}

// CheckSkill settles a sign-up that waited for its skill to be verified, by an
// organizer who is not the person. fine also writes the skill into their
// profile as verified.
func (s *Services) CheckSkill(ctx context.Context, act Act, signupID int64, fine bool) (models.Sheet, error) {
	find := func(tx *store.Tx, me Actor) (int64, error) {
		su, err := tx.Signup(me.Tenant.ID, signupID)
		if errors.Is(err, store.ErrNotFound) {
			return 0, models.Refuse(models.CodeNotFound, "error.role_gone")
		}
		return su.CallID, err
	}
	return s.signup(ctx, act, find, "skill_check", func(d *desk, me Actor) error {
		su := d.Signup(signupID)
		if !manages(me.Rights, *d.Call) {
			return s.refuseManager(d.tx, me, *d.Call)
		}
		if su.PersonID == me.Person.ID {
			return models.Refuse(models.CodeForbidden, "error.check_own")
		}
		if fine && su.Unchecked {
			if err := d.verify(me, su); err != nil {
				return err
			}
		}
		return d.Check(su, fine)
	})
}

func (d *desk) verify(me Actor, su *models.Signup) error {
	p := d.person(su.PersonID)
	name := d.Role(su.RoleID).Name
	found := false
	for i, skill := range p.Skills {
		if models.FoldName(skill.Name) == models.FoldName(name) {
			p.Skills[i].VerifiedBy, p.Skills[i].Until, found = me.Person.ID, 0, true
		}
	}
	if !found {
		p.Skills = append(p.Skills, models.Skill{Name: name, VerifiedBy: me.Person.ID})
	}
	d.people[p.ID] = p
	return d.tx.Save(me.By("skill_verify"), &p)
}
