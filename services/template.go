package services

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"muster/models"
	"muster/store"
)

// Copied is what a new call can begin with: the pattern, and where its card
// went.
type Copied struct {
	Pattern  models.CallSpec
	Channel  string
	Sheet    models.Sheet // of a copied call
	Name     string       // of a template, and
	Template int64        // its row
}

// CopyOf is the pattern of a call for who may post calls and sees this one.
func (s *Services) CopyOf(ctx context.Context, act Act, callID int64) (Copied, error) {
	var out Copied
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := tx.Call(me.Tenant.ID, callID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.call_gone")
		}
		if err != nil {
			return err
		}
		if !me.Rights.Organizer(0) {
			return s.refuseOrganizer(tx, me)
		}
		if out.Sheet, err = s.sheet(tx, me, c, false); err != nil {
			return err
		}
		hidden, err := secret(tx, me, act, out.Sheet)
		if err != nil || hidden {
			return errors.Join(err, noCall(c.Number))
		}
		out.Channel = c.Channel
		out.Pattern, err = pattern(tx, out.Sheet.Board)
		return err
	})
	return out, err
}

// pattern writes a call as one that can be posted again.
func pattern(tx *store.Tx, b *models.Board) (models.CallSpec, error) {
	audience := audienceFrom(b.Call.Audience)
	named := ""
	switch audience.Kind {
	case models.AudienceAll:
		named = "all"
	case models.AudienceUnit:
		id, err := strconv.ParseInt(audience.Ref, 10, 64)
		if err != nil {
			return models.CallSpec{}, fmt.Errorf("audience of call %d: %w", b.Call.ID, err)
		}
		u, err := tx.Unit(id)
		if ignoreMissing(err) != nil {
			return models.CallSpec{}, fmt.Errorf("unit of call %d: %w", b.Call.ID, err)
		}
		named = u.Name
	case models.AudienceGroup:
		named = "<!subteam^" + audience.Ref + ">"
	case models.AudienceChannel:
		if audience.Ref != b.Call.Channel { // else the channel follows from where it is posted
			named = "<#" + audience.Ref + ">"
		}
	}
	return b.Pattern(named), nil
}

// SaveTemplate keeps a call under a name. A template of that name that the
// actor may change becomes this one (replaced).
func (s *Services) SaveTemplate(ctx context.Context, act Act, callID int64, name string) (t models.Template, replaced bool, err error) {
	name = strings.TrimSpace(name)
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := managedCall(tx, s, me, callID)
		if err != nil {
			return err
		}
		if models.FoldName(name) == "" || utf8.RuneCountInString(name) > models.MaxTemplateName {
			return models.Refuse(models.CodeInvalid, "error.template_name", "Number", c.Ref(), "Max", models.MaxTemplateName)
		}
		t, err = tx.TemplateNamed(me.Tenant.ID, models.FoldName(name))
		switch {
		case errors.Is(err, store.ErrNotFound):
			t = models.Template{TenantID: me.Tenant.ID, CreatorID: me.Person.ID, CreatedAt: tx.Now}
		case err != nil:
			return err
		case !mayChange(me, t):
			return models.Refuse(models.CodeConflict, "error.template_taken", "Name", t.Name)
		default:
			replaced = true
		}
		b, err := boardOf(tx, c)
		if err != nil {
			return err
		}
		spec, err := pattern(tx, b)
		if err != nil {
			return err
		}
		t.Name, t.NameKey, t.UnitID, t.Spec = name, models.FoldName(name), c.UnitID, &spec
		return tx.Save(me.By("template_save"), &t)
	})
	return t, replaced, err
}

// mayChange says whether somebody may replace or delete a template: who made
// it, while they organize, and organizers of its unit.
func mayChange(me Actor, t models.Template) bool {
	if t.UnitID == 0 {
		return me.Rights.ManagesAll() || me.Person.ID == t.CreatorID && me.Rights.Organizer(0)
	}
	return me.Rights.Organizer(t.UnitID) || me.Person.ID == t.CreatorID && me.Rights.Organizer(0)
}

// mayUse says whether somebody may post a call from a template.
func mayUse(me Actor, t models.Template) bool {
	return t.UnitID == 0 && me.Rights.Organizer(0) || t.UnitID != 0 && me.Rights.Organizer(t.UnitID) || mayChange(me, t)
}

// Templates are those the actor may use, by name.
func (s *Services) Templates(ctx context.Context, act Act) ([]models.Template, error) {
	var out []models.Template
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Organizer(0) {
			return s.refuseOrganizer(tx, me)
		}
		all, err := tx.Templates(me.Tenant.ID)
		for _, t := range all {
			if mayUse(me, t) {
				out = append(out, t)
			}
		}
		return err
	})
	return out, err
}

// TemplateBy is a template by its row id, or (0) by its name, to post from.
func (s *Services) TemplateBy(ctx context.Context, act Act, id int64, name string) (Copied, error) {
	var out Copied
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Organizer(0) {
			return s.refuseOrganizer(tx, me)
		}
		t, err := findTemplate(tx, me, id, name)
		if err != nil {
			return err
		}
		if !mayUse(me, t) {
			return noTemplate(tx, me, t.Name)
		}
		out.Pattern, out.Name, out.Template = *t.Spec, t.Name, t.ID
		return nil
	})
	return out, err
}

func findTemplate(tx *store.Tx, me Actor, id int64, name string) (models.Template, error) {
	var t models.Template
	var err error
	if id != 0 {
		t, err = tx.Template(me.Tenant.ID, id)
	} else {
		t, err = tx.TemplateNamed(me.Tenant.ID, models.FoldName(name))
	}
	if errors.Is(err, store.ErrNotFound) || err == nil && t.Spec == nil {
		err = noTemplate(tx, me, name)
	}
	return t, err
}

// noTemplate refuses a name that is none, with those there are.
func noTemplate(tx *store.Tx, me Actor, name string) error {
	all, err := tx.Templates(me.Tenant.ID)
	if err != nil {
		return err
	}
	var names []string
	for _, t := range all {
		if mayUse(me, t) && len(names) < 10 {
			names = append(names, t.Name)
		}
	}
	if len(names) == 0 {
		return models.Refuse(models.CodeNotFound, "error.template_none", "Part", name)
	}
	return models.Refuse(models.CodeNotFound, "error.template_other", "Part", name, "Names", strings.Join(names, " · "))
}

// DeleteTemplate forgets a template.
func (s *Services) DeleteTemplate(ctx context.Context, act Act, id int64) (models.Template, error) {
	var t models.Template
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		var err error
		if t, err = findTemplate(tx, me, id, ""); err != nil {
			return err
		}
		if !mayChange(me, t) {
			return s.refuseOrganizer(tx, me)
		}
		return tx.Remove(me.By("template_delete"), &t)
	})
	return t, err
}
