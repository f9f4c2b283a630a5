package services

import (
	"context"
	"errors"
	"strings"

	"muster/models"
	"muster/store"
)

// OnlyTenant is the tenant a command line means: the named one, else the only
// one there is.
func (s *Services) OnlyTenant(ctx context.Context, external string) (models.Tenant, error) {
	all, err := s.tenants(ctx)
	if err != nil {
		return models.Tenant{}, err
	}
	var names []string
	for _, t := range all {
		if t.ExternalID == external {
			return t, nil
		}
		names = append(names, t.ExternalID)
	}
	switch {
	case len(all) == 0:
		return models.Tenant{}, models.Refuse(models.CodeNotFound, "export.no_tenant")
	case external != "":
		return models.Tenant{}, models.Refuse(models.CodeNotFound, "export.other_tenant", "Part", external, "Names", strings.Join(names, ", "))
	case len(all) > 1:
		return models.Tenant{}, models.Refuse(models.CodeInvalid, "export.which_tenant", "Names", strings.Join(names, ", "))
	}
	return all[0], nil
}

// UnitID finds a unit by name.
func (s *Services) UnitID(ctx context.Context, t models.Tenant, name string) (id int64, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		unit, err := tx.UnitByName(t.ID, name)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "role.no_unit", "What", name)
		}
		id = unit.ID
		return err
	})
	return id, err
}
