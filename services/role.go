package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"muster/models"
	"muster/store"
)

// GiveRole sets what a person may do. RoleMember takes every role away (in
// unit when one is named). The last admin cannot step down.
func (s *Services) GiveRole(ctx context.Context, act Act, slackID, role, unitName string) (models.Person, models.Unit, error) {
	var who models.Person
	var unit models.Unit
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		var err error
		if unitName != "" && role == models.RoleAdmin {
			return models.Refuse(models.CodeInvalid, "role.admin_everywhere")
		}
		if unitName != "" {
			unit, err = tx.UnitByName(me.Tenant.ID, unitName)
			if errors.Is(err, store.ErrNotFound) {
				return models.Refuse(models.CodeNotFound, "role.no_unit", "What", unitName)
			}
			if err != nil {
				return err
			}
		}
		if who, err = tx.EnsurePerson(me.Tenant.ID, slackID); err != nil {
			return fmt.Errorf("person of the role: %w", err)
		}
		if who.Bot {
			return models.Refuse(models.CodeInvalid, "role.bot")
		}
		if role == models.RoleMember {
			return s.takeRoles(tx, me, who, unit.ID)
		}
		return giveRole(tx, me, who, role, unit.ID)
	})
	return who, unit, err
}

func giveRole(tx *store.Tx, me Actor, who models.Person, role string, unit int64) error {
	has, err := tx.Rights(me.Tenant.ID, who.ID)
	if err != nil {
		return err
	}
	for _, r := range has.Rows {
		if r.Role == role && r.UnitID == unit {
			return nil
		}
	}
	return tx.Save(me.By("role_give"), &models.Right{TenantID: me.Tenant.ID, PersonID: who.ID, Role: role, UnitID: unit})
}

func (s *Services) takeRoles(tx *store.Tx, me Actor, who models.Person, unit int64) error {
	has, err := tx.Rights(me.Tenant.ID, who.ID)
	if err != nil {
		return err
	}
	if unit == 0 && s.adminBySettings(me.Tenant, who.Slack()) {
		return models.Refuse(models.CodeConflict, "role.by_settings")
	}
	for _, r := range has.Rows {
		if unit != 0 && r.UnitID != unit {
			continue
		}
		if r.Role == models.RoleAdmin {
			admins, err := s.holders(tx, me.Tenant, models.RoleAdmin)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(admins, func(p models.Person) bool { return p.ID != who.ID }) {
				return models.Refuse(models.CodeConflict, "role.last_admin")
			}
		}
		if err := tx.Remove(me.By("role_take"), &r); err != nil {
			return err
		}
	}
	return nil
}

// holders are the people with a role anywhere in the tenant, by name; admins
// named in the settings among them, who has left not.
func (s *Services) holders(tx *store.Tx, t models.Tenant, role string) ([]models.Person, error) {
	return s.holdersWhere(tx, t, role, func(models.Right) bool { return true })
}

func (s *Services) holdersWhere(tx *store.Tx, t models.Tenant, role string, counts func(models.Right) bool) ([]models.Person, error) {
	rows, err := tx.RightsIn(t.ID)
	if err != nil {
		return nil, fmt.Errorf("rights of the tenant: %w", err)
	}
	var ids []int64
	for _, r := range rows {
		if r.Role == role && counts(r) {
			ids = append(ids, r.PersonID)
		}
	}
	byID, err := tx.PersonsByIDs(ids)
	if err != nil {
		return nil, err
	}
	out := make([]models.Person, 0, len(byID))
	for _, p := range byID {
		if !p.Gone {
			out = append(out, p)
		}
	}
	if role == models.RoleAdmin {
		if out, err = s.withSettingsAdmins(tx, t, out); err != nil {
			return nil, err
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Name < out[j].Name || out[i].Name == out[j].Name && out[i].Slack() < out[j].Slack()
	})
	return out, nil
}

// withSettingsAdmins adds the admins named in the settings for this tenant.
func (s *Services) withSettingsAdmins(tx *store.Tx, t models.Tenant, out []models.Person) ([]models.Person, error) {
	for _, id := range s.admins {
		team, slackID, both := strings.Cut(id, ":")
		if !both {
			slackID = id
		} else if team != t.ExternalID {
			continue
		}
		if slices.ContainsFunc(out, func(p models.Person) bool { return p.Slack() == slackID }) {
			continue
		}
		p, err := tx.PersonBySlack(t.ID, slackID)
		if errors.Is(err, store.ErrNotFound) { // has not used Muster yet
			p, err = models.Person{SlackID: &slackID, Name: slackID}, nil
		}
		if err != nil {
			return nil, err
		}
		if !p.Gone {
			out = append(out, p)
		}
	}
	return out, nil
}

func (s *Services) hasAdmin(tx *store.Tx, t models.Tenant) (bool, error) {
	admins, err := s.holders(tx, t, models.RoleAdmin)
	return len(admins) > 0, err
}

// refuseOrganizer says who may: organizers by name, else the admins.
func (s *Services) refuseOrganizer(tx *store.Tx, me Actor) error {
	who, err := s.holders(tx, me.Tenant, models.RoleOrganizer)
	if err != nil {
		return err
	}
	if len(who) > 0 {
		return models.Refuse(models.CodeForbidden, "error.not_organizer", "Who", tags(who))
	}
	if who, err = s.holders(tx, me.Tenant, models.RoleAdmin); err != nil {
		return err
	}
	if len(who) > 0 {
		return models.Refuse(models.CodeForbidden, "error.no_organizer", "Who", tags(who))
	}
	return models.Refuse(models.CodeForbidden, "error.nobody_yet")
}

// refuseEverywhere says who organizes the whole organisation, else the admins.
func (s *Services) refuseEverywhere(tx *store.Tx, me Actor) error {
	who, err := s.holdersWhere(tx, me.Tenant, models.RoleOrganizer, func(r models.Right) bool { return r.UnitID == 0 })
	if err != nil {
		return err
	}
	if len(who) == 0 {
		if who, err = s.holders(tx, me.Tenant, models.RoleAdmin); err != nil {
			return err
		}
	}
	switch {
	case len(who) == 0:
		return models.Refuse(models.CodeForbidden, "error.nobody_yet")
	case me.Rights.Leader(0): // organizes something, but not everything
		return models.Refuse(models.CodeForbidden, "error.only_everywhere", "Who", tags(who))
	}
	return s.refuseOrganizer(tx, me)
}

// RefuseVerb is the refusal of a verb the actor may not use: it says who may.
func (s *Services) RefuseVerb(ctx context.Context, act Act, adminOnly bool) error {
	return s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if adminOnly {
			return s.refuseAdmin(tx, me)
		}
		return s.refuseOrganizer(tx, me)
	})
}

// refuseAdmin says which admins may.
func (s *Services) refuseAdmin(tx *store.Tx, me Actor) error {
	who, err := s.holders(tx, me.Tenant, models.RoleAdmin)
	if err != nil {
		return err
	}
	if len(who) == 0 {
		return models.Refuse(models.CodeForbidden, "error.no_admin")
	}
	return models.Refuse(models.CodeForbidden, "error.not_admin", "Who", tags(who))
}

// tags are Slack mentions of at most five people: more is no help to anybody.
func tags(people []models.Person) string {
	var out []string
	for i, p := range people {
		if i == 5 {
			out = append(out, "…")
			break
		}
		if p.Slack() == "" {
			out = append(out, p.Name)
			continue
		}
		out = append(out, "<@"+p.Slack()+">")
	}
	return strings.Join(out, " ")
}
