package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// UnitRow is a unit as somebody's ledger has it. Leader is a Slack id.
type UnitRow struct {
	Name, Parent, Type, Leader string
	Windows                    []models.Window
}

// MemberRow is a member as somebody's ledger has them, matched by Slack id.
type MemberRow struct {
	Slack, Name, Unit string
	Duty              string // member or leader
	Skills, Areas     []string
	Windows, Free     []models.Window
}

// Enrol brings units and members of a ledger into a tenant in one transaction:
// what is new is made, what is there takes the ledger's values. Units come
// before the units below them.
func (s *Services) Enrol(ctx context.Context, external string, units []UnitRow, members []MemberRow) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.EnsureTenant(external, s.tenantDefaults())
		if err != nil {
			return err
		}
		by := models.By{TenantID: t.ID, Action: "member_import"}
		unitIDs := map[string]int64{}
		for _, row := range units {
			parent, err := unitNamed(tx, t, row.Parent, unitIDs)
			if err != nil {
				return fmt.Errorf("unit %q: %w", row.Name, err)
			}
			id, err := enrolUnit(tx, by, row, parent)
			if err != nil {
				return fmt.Errorf("unit %q: %w", row.Name, err)
			}
			unitIDs[row.Name] = id
		}
		for _, row := range members {
			unit, err := unitNamed(tx, t, row.Unit, unitIDs)
			if err != nil {
				return fmt.Errorf("member %s: %w", row.Slack, err)
			}
			if err := enrolMember(tx, by, row, unit); err != nil {
				return fmt.Errorf("member %s: %w", row.Slack, err)
			}
		}
		return s.UnitChanged(tx, t.ID)
	})
}

// unitNamed is the id of a unit in the ledger or in the database, 0 for "".
func unitNamed(tx *store.Tx, t models.Tenant, name string, known map[string]int64) (int64, error) {
	if id := known[name]; id != 0 || name == "" {
		return id, nil
	}
	unit, err := tx.UnitByName(t.ID, name)
	if err != nil {
		return 0, fmt.Errorf("unit %q of the ledger: %w", name, err)
	}
	return unit.ID, nil
}

func enrolUnit(tx *store.Tx, by models.By, row UnitRow, parent int64) (int64, error) {
	unit, err := tx.UnitByName(by.TenantID, row.Name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, err
	}
	unit.TenantID, unit.Name, unit.Type, unit.ParentID, unit.Windows = by.TenantID, row.Name, row.Type, parent, row.Windows
	if row.Leader != "" {
		leader, err := tx.EnsurePerson(by.TenantID, row.Leader)
		if err != nil {
			return 0, err
		}
		unit.LeaderID = leader.ID
	}
	by.Action = "unit_import"
	err = tx.Save(by, &unit)
	return unit.ID, err
}

func enrolMember(tx *store.Tx, by models.By, row MemberRow, unit int64) error {
	p, err := tx.EnsurePerson(by.TenantID, row.Slack)
	if err != nil {
		return err
	}
	p.Name, p.Member, p.Windows, p.Free, p.Areas = row.Name, true, row.Windows, row.Free, row.Areas
	p.Skills = mergeSkills(p.Skills, row.Skills)
	if row.Duty != "" {
		p.Duty = row.Duty
	}
	if err := tx.Save(by, &p); err != nil {
		return err
	}
	if unit == 0 {
		return nil
	}
	return tx.SetUnitMember(unit, p.ID)
}
