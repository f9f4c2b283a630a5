package services

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"muster/models"
	"muster/store"
)

// fromLibrary makes a link such as b3 the link of that item, and gives what has
// no title the item's.
func (s *Services) fromLibrary(tx *store.Tx, me Actor, in *NewStudy) error {
	if in.Material == 0 {
		n, ok := materialRef(in.Link)
		if !ok {
			return nil
		}
		m, err := materialByNumber(tx, me.Tenant.ID, n)
		if err != nil {
			return err
		}
		in.Material = m.ID
	}
	m, err := tx.Material(me.Tenant.ID, in.Material)
	if errors.Is(err, store.ErrNotFound) || err == nil && m.DeletedAt != 0 {
		return models.Refuse(models.CodeNotFound, "error.library_gone")
	}
	if err != nil {
		return err
	}
	if in.Link = m.Link; strings.TrimSpace(in.Title) == "" {
		in.Title = m.Title
	}
	return nil
}

// fromLibrary is the change with the link of the item that a link such as b3
// names.
func (e OwnEdit) fromLibrary(tx *store.Tx, tenantID int64) (OwnEdit, error) {
	if e.Link == nil {
		return e, nil
	}
	n, ok := materialRef(*e.Link)
	if !ok {
		return e, nil
	}
	m, err := materialByNumber(tx, tenantID, n)
	e.Link = &m.Link
	return e, err
}

// materialRef reads b3 as a link.
func materialRef(link string) (int, bool) {
	digits, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(link)), models.NumberMaterial)
	if !ok || digits == "" || len(digits) > 9 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// materialOf is the item a study is about, zero when none, or when the study
// has another link by now.
func materialOf(tx *store.Tx, st models.Study) (models.Material, error) {
	if st.MaterialID == 0 {
		return models.Material{}, nil
	}
	m, err := tx.Material(st.TenantID, st.MaterialID)
	if errors.Is(err, store.ErrNotFound) {
		return models.Material{}, nil
	}
	return m, err
}

// OwnMaterial is an item that is there, for who may change it.
func (s *Services) OwnMaterial(ctx context.Context, act Act, materialID int64) (m models.Material, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		m, err = s.changedMaterial(tx, me, materialID)
		return err
	})
	return m, err
}

// PushChoices are the newest items, to choose one from a list, with the chosen
// one (0 for none) among them however old it is.
func (s *Services) PushChoices(ctx context.Context, act Act, chosen int64) (items []models.Material, units []models.Unit, err error) {
	if units, err = s.StudyUnits(ctx, act); err != nil {
		return nil, nil, err
	}
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		items, _, err = tx.Materials(me.Tenant.ID, nil, 0, 90) // Slack takes 100 options
		if err != nil || chosen == 0 || slices.ContainsFunc(items, func(m models.Material) bool { return m.ID == chosen }) {
			return err
		}
		m, err := tx.Material(me.Tenant.ID, chosen)
		if errors.Is(err, store.ErrNotFound) || err == nil && m.DeletedAt != 0 {
			return models.Refuse(models.CodeNotFound, "error.library_gone")
		}
		items = append(items, m)
		return err
	})
	return items, units, err
}
