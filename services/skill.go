package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"muster/models"
	"muster/store"
)

// PersonCard is what an organizer sees of a member: what they wrote of
// themselves to be asked by, and who vouches for it. Never their hours.
type PersonCard struct {
	Tenant    models.Tenant
	Person    models.Person
	Unit      models.Unit
	Vouchers  map[int64]models.Person // who verified a skill, by id
	Phone     string                  // only for who needs to reach them
	CanVerify bool
	Excused   models.YearAccount // from the study target of this year, for who answers for their study; else zero
	Now       models.Instant
}

// CardOf is the card of somebody, for organizers and for the leader of their
// unit.
func (s *Services) CardOf(ctx context.Context, act Act, slackID string) (PersonCard, error) {
	var out PersonCard
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		p, err := tx.PersonBySlack(me.Tenant.ID, slackID)
		switch {
		case errors.Is(err, store.ErrNotFound) && me.Rights.Leader(0):
			return models.Refuse(models.CodeNotFound, "skill.unknown", "Who", "<@"+slackID+">")
		case ignoreMissing(err) != nil:
			return err
		}
		out, err = s.card(tx, me, p)
		return err
	})
	return out, err
}

// CardByID is CardOf by our own id.
func (s *Services) CardByID(ctx context.Context, act Act, personID int64) (PersonCard, error) {
	var out PersonCard
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		p, err := tx.Person(personID)
		if err != nil || p.TenantID != me.Tenant.ID {
			return errors.Join(ignoreMissing(err), models.Refuse(models.CodeNotFound, "skill.unknown", "Who", "?"))
		}
		out, err = s.card(tx, me, p)
		return err
	})
	return out, err
}

func (s *Services) card(tx *store.Tx, me Actor, p models.Person) (PersonCard, error) {
	out := PersonCard{Tenant: me.Tenant, Person: p, Vouchers: map[int64]models.Person{}, Now: tx.Now}
	var err error
	if out.Unit, err = tx.UnitOf(p.ID); ignoreMissing(err) != nil {
		return out, err
	}
	if !me.Rights.Organizer(0) && !(out.Unit.ID != 0 && me.Rights.Leader(out.Unit.ID)) {
		return PersonCard{}, s.refuseOrganizer(tx, me)
	}
	if may, err := managesUnit(tx, me, out.Unit.ID); err != nil {
		return out, err
	} else if may {
		if out.Excused, err = excusedNow(tx, me.Tenant, p); err != nil {
			return out, err
		}
	}
	out.CanVerify = me.Rights.Organizer(0) && p.ID != me.Person.ID && !p.Bot && !p.Gone
	var ids []int64
	for _, skill := range p.Skills {
		ids = append(ids, skill.VerifiedBy)
	}
	if out.Vouchers, err = tx.PersonsByIDs(ids); err != nil {
		return out, err
	}
	needed, err := s.mayPhone(tx, me, p)
	if err == nil && needed {
		out.Phone = p.Phone
	}
	return out, err
}

// mayPhone says whether somebody's phone number is the actor's business: they
// have a place in a call that is going on and that the actor manages.
func (s *Services) mayPhone(tx *store.Tx, me Actor, p models.Person) (bool, error) {
	if p.Phone == "" {
		return false, nil
	}
	rows, err := tx.ActiveSignups(p.TenantID, p.ID, tx.Now)
	if err != nil {
		return false, fmt.Errorf("places of person %d: %w", p.ID, err)
	}
	for _, su := range rows {
		c, err := tx.Call(p.TenantID, su.CallID)
		if err != nil {
			return false, fmt.Errorf("call of a place: %w", err)
		}
		if c.Live() && su.Holds() && manages(me.Rights, c) {
			return true, nil
		}
	}
	return false, nil
}

// Vouching is a skill an organizer stands for.
type Vouching struct {
	PersonID int64
	Skill    string
	Until    models.Instant // 0 = without end
}

// VerifySkill vouches for somebody's skill. Nobody vouches for themselves. Who
// waited in a call for this very check moves on at once.
func (s *Services) VerifySkill(ctx context.Context, act Act, in Vouching) (PersonCard, error) {
	return s.vouch(ctx, act, in, "skill_verify", func(tx *store.Tx, me Actor, p *models.Person) error {
		in.Skill = strings.Join(strings.Fields(in.Skill), " ")
		if in.Skill == "" || utf8.RuneCountInString(in.Skill) > profileWord {
			return models.Refuse(models.CodeInvalid, "skill.bad_name", "N", profileWord)
		}
		if in.Until != 0 && in.Until <= tx.Now {
			return models.Refuse(models.CodeInvalid, "profile.past_day")
		}
		i := skillAt(p.Skills, in.Skill)
		if i < 0 {
			p.Skills = append(p.Skills, models.Skill{Name: in.Skill})
			i = len(p.Skills) - 1
		}
		p.Skills[i].VerifiedBy, p.Skills[i].Until = me.Person.ID, in.Until
		return nil
	})
}

// WithdrawSkill takes a verification back, whoever gave it. Places already
// given stay: whoever has one is not thrown out behind their back.
func (s *Services) WithdrawSkill(ctx context.Context, act Act, personID int64, skill string) (PersonCard, error) {
	return s.vouch(ctx, act, Vouching{PersonID: personID, Skill: skill}, "skill_withdraw", func(_ *store.Tx, _ Actor, p *models.Person) error {
		if i := skillAt(p.Skills, skill); i >= 0 {
			p.Skills[i].VerifiedBy, p.Skills[i].Until = 0, 0
		}
		return nil
	})
}

func skillAt(all []models.Skill, name string) int {
	return slices.IndexFunc(all, func(s models.Skill) bool { return models.FoldName(s.Name) == models.FoldName(name) })
}

func (s *Services) vouch(ctx context.Context, act Act, in Vouching, action string, change func(*store.Tx, Actor, *models.Person) error) (PersonCard, error) {
	var out PersonCard
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Organizer(0) {
			return s.refuseOrganizer(tx, me)
		}
		p, err := tx.Person(in.PersonID)
		if err != nil || p.TenantID != me.Tenant.ID || p.Bot || p.Gone {
			return errors.Join(ignoreMissing(err), models.Refuse(models.CodeNotFound, "skill.unknown", "Who", "?"))
		}
		if p.ID == me.Person.ID {
			return models.Refuse(models.CodeForbidden, "error.check_own")
		}
		p.Skills = slices.Clone(p.Skills)
		if err := change(tx, me, &p); err != nil {
			return err
		}
		if err := tx.Save(me.By(action), &p); err != nil {
			return err
		}
		if err := s.checkedNow(tx, me, p); err != nil {
			return err
		}
		out, err = s.card(tx, me, p)
		return err
	})
	return out, err
}

// checkedNow settles the sign-ups that waited for a skill which is verified now.
func (s *Services) checkedNow(tx *store.Tx, me Actor, p models.Person) error {
	rows, err := tx.ActiveSignups(p.TenantID, p.ID, tx.Now)
	if err != nil {
		return fmt.Errorf("places of person %d: %w", p.ID, err)
	}
	for _, row := range rows {
		if !row.Unchecked {
			continue
		}
		d, err := s.desk(tx, me.Tenant, row.CallID)
		if err != nil {
			return err
		}
		su := d.Signup(row.ID)
		if su == nil || !d.Call.Live() || !d.verified(p, d.Role(su.RoleID)) {
			continue
		}
		if err := errors.Join(d.Check(su, true), d.finish(me.By("skill_check"))); err != nil {
			return err
		}
	}
	return nil
}

// Vouchers are who verified the actor's own skills, by id.
func (s *Services) Vouchers(ctx context.Context, act Act) (map[int64]models.Person, error) {
	var out map[int64]models.Person
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		var ids []int64
		for _, skill := range me.Person.Skills {
			if skill.VerifiedBy != 0 {
				ids = append(ids, skill.VerifiedBy)
			}
		}
		var err error
		out, err = tx.PersonsByIDs(ids)
		return err
	})
	return out, err
}
