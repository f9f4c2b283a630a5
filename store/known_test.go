package store_test

import (
	"errors"
	"testing"

	"muster/models"
	"muster/store"
)

// What is known within a transaction is what a read would say, whichever way
// it is changed.
func TestWhatIsKnownIsReadAnewOnceItIsWritten(t *testing.T) {
	each(t, func(o *org) {
		name := func(tx *store.Tx) string {
			p, err := tx.Person(o.mei.ID)
			if err != nil {
				o.t.Error(err)
			}
			return p.Name
		}
		o.do(func(tx *store.Tx) error {
			before := name(tx)
			undone := errors.New("undone")
			err := tx.Savepoint(func(tx *store.Tx) error {
				p := o.mei
				p.Name = "在保存点里"
				if err := tx.SavePerson(&p); err != nil {
					return err
				}
				if got := name(tx); got != p.Name {
					t.Errorf("after SavePerson %q is read", got)
				}
				return undone
			})
			if !errors.Is(err, undone) || name(tx) != before {
				t.Errorf("after the savepoint was undone %q is read: %v", name(tx), err)
			}
			p := o.mei
			p.Name = "梅"
			if err := tx.Save(o.by("person_edit"), &p); err != nil {
				return err
			}
			if got := name(tx); got != "梅" {
				t.Errorf("after Save %q is read", got)
			}
			if err := tx.Exec("UPDATE persons SET name = 'raw' WHERE id = ?", o.mei.ID); err != nil {
				return err
			}
			if got := name(tx); got != "raw" {
				t.Errorf("after a statement %q is read", got)
			}
			return nil
		})
	})
}

func TestWhoHadNothingHasItOnceItIsGiven(t *testing.T) {
	each(t, func(o *org) {
		unit := o.unit("第一组")
		o.do(func(tx *store.Tx) error {
			p, err := tx.EnsurePerson(o.tenant.ID, "UNEW")
			if err != nil {
				return err
			}
			if _, err := tx.UnitOf(p.ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a unit before there is one: %v", err)
			}
			if r, err := tx.Rights(o.tenant.ID, p.ID); err != nil || len(r.Rows)+len(r.Leads) != 0 {
				t.Errorf("rights before there are any: %+v %v", r, err)
			}
			if err := tx.Save(o.by("right_add"), &models.Right{TenantID: o.tenant.ID, PersonID: p.ID, Role: models.RoleAdmin}); err != nil {
				return err
			}
			unit.LeaderID = p.ID
			if err := tx.Save(o.by("unit_edit"), &unit); err != nil {
				return err
			}
			if err := tx.SetUnitMember(unit.ID, p.ID); err != nil {
				return err
			}
			r, err := tx.Rights(o.tenant.ID, p.ID)
			if err != nil || len(r.Rows) != 1 || len(r.Leads) != 1 {
				t.Errorf("rights once given: %+v %v", r, err)
			}
			if u, err := tx.UnitOf(p.ID); err != nil || u.ID != unit.ID {
				t.Errorf("unit once given: %+v %v", u, err)
			}
			return nil
		})
		o.do(func(tx *store.Tx) error { // and the next time they act
			p, err := tx.EnsurePerson(o.tenant.ID, "UNEW")
			if err != nil {
				return err
			}
			r, err := tx.Rights(o.tenant.ID, p.ID)
			if err != nil || len(r.Rows) != 1 || len(r.Leads) != 1 {
				t.Errorf("rights later: %+v %v", r, err)
			}
			return nil
		})
	})
}
