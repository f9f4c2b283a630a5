package services

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"muster/models"
	"muster/store"
)

// namesShown is how many people a role are looked up for showing: more than a
// card writes, as many as details and panel do.
const namesShown = 40

// sheet gathers a call for showing. answers are loaded for who manages it.
func (s *Services) sheet(tx *store.Tx, me Actor, c models.Call, answers bool) (models.Sheet, error) {
	b, err := s.board(tx, c.TenantID, c.ID)
	if err != nil {
		return models.Sheet{}, err
	}
	return s.sheetOf(tx, me, b, answers)
}

// bareSheet is a sheet for the answer to somebody's act on their own place: it
// names nobody but them and the creator, and nothing is gathered. A thousand
// people get one within seconds.
func bareSheet(tx *store.Tx, me Actor, b *models.Board) (models.Sheet, error) {
	shown := *b
	shown.TimesOf = nil // it asks the transaction, which a sheet outlives
	sh := models.Sheet{Board: &shown, Tenant: me.Tenant, Me: me.Person, Manages: manages(me.Rights, *b.Call),
		People: map[int64]models.Person{me.Person.ID: me.Person}}
	var err error
	if sh.Creator = me.Person; b.Call.CreatorID != me.Person.ID {
		if sh.Creator, err = tx.Person(b.Call.CreatorID); err != nil {
			return sh, fmt.Errorf("creator of call %d: %w", b.Call.ID, err)
		}
		sh.People[sh.Creator.ID] = sh.Creator
	}
	if b.Call.UnitID != 0 {
		if sh.Unit, err = tx.Unit(b.Call.UnitID); ignoreMissing(err) != nil {
			return sh, fmt.Errorf("unit of call %d: %w", b.Call.ID, err)
		}
	}
	return sh, nil
}

// sheetOf is sheet for a board that is loaded, as a decision left it.
func (s *Services) sheetOf(tx *store.Tx, me Actor, b *models.Board, answers bool) (models.Sheet, error) {
	return s.sheetShowing(tx, me, b, true, answers)
}

// sheetShowing is sheetOf, with the names of those on the board or without.
func (s *Services) sheetShowing(tx *store.Tx, me Actor, b *models.Board, names, answers bool) (models.Sheet, error) {
	c := *b.Call
	shown := *b
	shown.TimesOf = nil // it asks the transaction, which a sheet outlives
	sh := models.Sheet{Board: &shown, Tenant: me.Tenant, Me: me.Person, Manages: manages(me.Rights, c)}
	var err error
	if sh.Room, err = tx.ChannelBySlack(c.TenantID, c.Channel); err != nil && !errors.Is(err, store.ErrNotFound) {
		return sh, fmt.Errorf("channel of call %d: %w", c.ID, err)
	}
	if c.UnitID != 0 {
		if sh.Unit, err = tx.Unit(c.UnitID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return sh, fmt.Errorf("unit of call %d: %w", c.ID, err)
		}
	}
	ids := []int64{c.CreatorID, me.Person.ID}
	if names {
		ids = append(ids, namesOn(b)...)
	}
	if answers {
		all, err := tx.AnswersOf(c.ID)
		if err != nil {
			return sh, fmt.Errorf("answers to call %d: %w", c.ID, err)
		}
		for _, a := range all {
			if !a.Settled {
				sh.Answers = append(sh.Answers, a)
				ids = append(ids, a.PersonID)
			}
		}
	}
	if sh.People, err = tx.PersonsByIDs(ids); err != nil {
		return sh, fmt.Errorf("people of call %d: %w", c.ID, err)
	}
	sh.Creator = sh.People[c.CreatorID]
	for _, gather := range s.gathers() {
		if err := gather(tx, me, &sh); err != nil {
			return sh, err
		}
	}
	return sh, nil
}

// namesOn are those on a board whose names are shown.
func namesOn(b *models.Board) []int64 {
	var ids []int64
	listed := map[int64]int{}
	for _, su := range b.Signups {
		list := su.RoleID // the waiting and the withdrawn are lists of their own
		switch {
		case su.Waits():
			list = -1
		case !su.Active():
			list = -2
		}
		if listed[list] < namesShown || su.AskAgain != 0 {
			listed[list]++
			ids = append(ids, su.PersonID)
		}
	}
	return ids
}

// ShowCall is a call by its number, as the actor sees it.
func (s *Services) ShowCall(ctx context.Context, act Act, number int) (models.Sheet, error) {
	var out models.Sheet
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := callByNumber(tx, me.Tenant, number)
		if err != nil {
			return err
		}
		if out, err = s.sheet(tx, me, c, true); err != nil {
			return err
		}
		secret, err := secret(tx, me, act, out)
		if err == nil && secret {
			err = noCall(number)
		}
		return err
	})
	return out, err
}

// secret says whether a call is none of the actor's business: its card is in a
// private channel that they are not in, and they have no part in it.
func secret(tx *store.Tx, me Actor, act Act, sh models.Sheet) (bool, error) {
	if !sh.Room.Private || sh.Manages || act.Channel == sh.Call.Channel || sh.Me.ID != 0 && len(sh.Mine(sh.Me.ID)) > 0 {
		return false, nil
	}
	in, err := tx.InAudience(sh.Call.TenantID, me.Person.ID, models.Audience{Kind: models.AudienceChannel, Ref: sh.Call.Channel}, nil)
	return err == nil && !in, err
}

// CallByID is a call by its row id, as the actor sees it.
func (s *Services) CallByID(ctx context.Context, act Act, id int64) (models.Sheet, error) {
	var out models.Sheet
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := tx.Call(me.Tenant.ID, id)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.call_gone")
		}
		if err != nil {
			return err
		}
		out, err = s.sheet(tx, me, c, true)
		return err
	})
	return out, err
}

// CallOfSignup is the call of one of the actor's own sign-ups.
func (s *Services) CallOfSignup(ctx context.Context, act Act, signupID int64) (models.Sheet, error) {
	return s.callOf(ctx, act, ofSignup(signupID))
}

// RolesBeside is how many (shift, role)s the call of one of them has.
func (s *Services) RolesBeside(ctx context.Context, roleID int64) (n int, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		n, err = tx.RolesBeside(roleID)
		return err
	})
	return n, err
}

// CallOfRole is the call of a (shift, role), as the actor sees it.
func (s *Services) CallOfRole(ctx context.Context, act Act, roleID int64) (models.Sheet, error) {
	return s.callOf(ctx, act, s.ofRole(roleID))
}

func (s *Services) callOf(ctx context.Context, act Act, find func(*store.Tx, Actor) (int64, error)) (models.Sheet, error) {
	var out models.Sheet
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		id, err := find(tx, me)
		if err != nil {
			return err
		}
		c, err := tx.Call(me.Tenant.ID, id)
		if err != nil {
			return fmt.Errorf("call of what was pressed: %w", err)
		}
		out, err = s.sheet(tx, me, c, false)
		return err
	})
	return out, err
}

func callByNumber(tx *store.Tx, t models.Tenant, number int) (models.Call, error) {
	c, err := tx.CallByNumber(t.ID, number)
	if errors.Is(err, store.ErrNotFound) {
		return c, noCall(number)
	}
	return c, err
}

func noCall(number int) error {
	return models.Refuse(models.CodeNotFound, "error.not_found", "What", models.Call{Number: number}.Ref())
}

// CallSheet is a call for rendering its messages: nobody's in particular, or
// personID's.
func (s *Services) CallSheet(ctx context.Context, tenantID, callID, personID int64) (models.Sheet, error) {
	var out models.Sheet
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Tenant(tenantID)
		if err != nil {
			return fmt.Errorf("tenant of the message: %w", err)
		}
		me := Actor{Tenant: t}
		if personID != 0 {
			if me.Person, err = tx.Person(personID); err != nil {
				return fmt.Errorf("reader of the message: %w", err)
			}
			if me.Rights, err = s.rights(tx, t, me.Person); err != nil {
				return err
			}
		}
		b, err := s.board(tx, tenantID, callID)
		if err != nil {
			return fmt.Errorf("call of the message: %w", err)
		}
		// A member's own message names nobody on the board; a thousand are rendered.
		out, err = s.sheetShowing(tx, me, b, personID == 0 || mayRoll(me.Rights, *b.Call), personID != 0)
		if err != nil || personID == 0 {
			return err
		}
		u, err := tx.UnitOf(personID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		out.TimesOf = func(int64) models.Times { return models.TimesOf(me.Person, u, t) }
		return nil
	})
	return out, err
}

// listed is how many calls a list shows: what fits a message, and a head.
const listed = 20

// ListCalls are the calls that take sign-ups now, soonest first, and how many
// more there are than a list can show.
func (s *Services) ListCalls(ctx context.Context, act Act) (out []models.Sheet, more int, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		calls, err := tx.CallsIn(me.Tenant.ID, models.CallOpen, models.CallFilled)
		if err != nil {
			return fmt.Errorf("open calls: %w", err)
		}
		for _, c := range calls {
			if c.HoldUntil > tx.Now {
				continue
			}
			sh, err := s.sheet(tx, me, c, false)
			if err != nil {
				return err
			}
			if sh.End() <= tx.Now || sh.TakesSignups() != nil {
				continue
			}
			secret, err := secret(tx, me, act, sh)
			if err != nil {
				return err
			}
			if !secret {
				out = append(out, sh)
			}
		}
		slices.SortStableFunc(out, func(a, b models.Sheet) int { return cmp.Compare(a.Start(), b.Start()) })
		if more = len(out) - listed; more > 0 {
			out = out[:listed]
		}
		more = max(0, more)
		return nil
	})
	return out, more, err
}

// MayCall says whether the actor may post calls: nil, or who may. zone is the
// IANA zone in which times typed here are meant.
func (s *Services) MayCall(ctx context.Context, act Act) (zone string, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		zone = me.Tenant.Zone
		if act.Channel != "" && !act.Direct {
			room, err := tx.ChannelBySlack(me.Tenant.ID, act.Channel)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("channel of the act: %w", err)
			}
			if room.Zone != "" {
				zone = room.Zone
			}
		}
		if !me.Rights.Organizer(0) {
			return s.refuseOrganizer(tx, me)
		}
		return nil
	})
	return zone, err
}

// ManagedCall is a call the actor may manage and that is still going on.
func (s *Services) ManagedCall(ctx context.Context, act Act, id int64) (models.Sheet, error) {
	var out models.Sheet
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := tx.Call(me.Tenant.ID, id)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.call_gone")
		}
		if err != nil {
			return err
		}
		if !manages(me.Rights, c) {
			return s.refuseManager(tx, me, c)
		}
		if out, err = s.sheet(tx, me, c, false); err != nil {
			return err
		}
		if !c.Live() {
			return out.TakesSignups()
		}
		return nil
	})
	return out, err
}

// PersonOf is a person of a tenant, for naming them.
func (s *Services) PersonOf(ctx context.Context, tenantID, id int64) (models.Person, error) {
	var p models.Person
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		var err error
		if p, err = tx.Person(id); err != nil {
			return err
		}
		if p.TenantID != tenantID {
			return store.ErrNotFound
		}
		return nil
	})
	return p, err
}

// RoleNames are the names of a call's roles, so that a reply can be read that
// names one.
func (s *Services) RoleNames(ctx context.Context, act Act, callID int64) ([]string, error) {
	var out []string
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		roles, err := tx.RolesOf(callID)
		for _, r := range roles {
			if r.Name != "" && r.TenantID == me.Tenant.ID && !slices.Contains(out, r.Name) {
				out = append(out, r.Name)
			}
		}
		return err
	})
	return out, err
}
