package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/models"
	"muster/store"
)

// dike is a call with one shift and role, and mei's place in it.
func (o *org) dike() (c models.Call, sh models.Shift, r models.Role, su models.Signup) {
	o.t.Helper()
	o.do(func(tx *store.Tx) error {
		c = models.Call{TenantID: o.tenant.ID, Number: 1, Title: "装沙袋", State: models.CallOpen}
		if err := tx.Save(o.by("call_open"), &c); err != nil {
			return err
		}
		sh = models.Shift{TenantID: o.tenant.ID, CallID: c.ID, Seq: 1, StartAt: 1000, EndAt: 2000}
		if err := tx.Save(o.by("call_open"), &sh); err != nil {
			return err
		}
		r = models.Role{TenantID: o.tenant.ID, CallID: c.ID, ShiftID: sh.ID, Seq: 1, Most: 2}
		if err := tx.Save(o.by("call_open"), &r); err != nil {
			return err
		}
		su = models.Signup{TenantID: o.tenant.ID, CallID: c.ID, ShiftID: sh.ID, RoleID: r.ID, PersonID: o.mei.ID, State: models.SignupConfirmed}
		return tx.Save(o.by("signup_join"), &su)
	})
	return c, sh, r, su
}

func (o *org) stamp(callID int64) (stamp int64) {
	o.t.Helper()
	o.read(func(tx *store.Tx) error {
		var err error
		stamp, err = tx.Stamp(callID)
		return err
	})
	return stamp
}

func TestWhateverChangesACallChangesItsMark(t *testing.T) {
	each(t, func(o *org) {
		c, sh, r, su := o.dike()
		seen := map[int64]bool{o.stamp(c.ID): true}
		changed := func(what string, fn func(tx *store.Tx) error) {
			o.t.Helper()
			o.do(fn)
			if now := o.stamp(c.ID); seen[now] {
				o.t.Errorf("%s left the mark of before", what)
			} else {
				seen[now] = true
			}
		}
		changed("the call", func(tx *store.Tx) error { c.Title = "搬沙袋"; return tx.Save(o.by("call_edit"), &c) })
		changed("a shift", func(tx *store.Tx) error { sh.EndAt = 3000; return tx.Save(o.by("call_edit"), &sh) })
		changed("a role", func(tx *store.Tx) error { r.Most = 3; return tx.Save(o.by("call_edit"), &r) })
		changed("a sign-up", func(tx *store.Tx) error { su.Guests = 1; return tx.Save(o.by("signup_party"), &su) })
		changed("a role that goes", func(tx *store.Tx) error {
			extra := models.Role{TenantID: o.tenant.ID, CallID: c.ID, ShiftID: sh.ID, Seq: 2, Most: 1}
			return errors.Join(tx.Save(o.by("call_edit"), &extra), tx.Remove(o.by("call_edit"), &extra))
		})
		before := o.stamp(c.ID)
		o.exec("UPDATE signups SET guests = 0 WHERE id = ?", su.ID) // past everything that is written in Go
		if o.stamp(c.ID) == before {
			o.t.Error("a row written by hand left the mark of before")
		}
		before = o.stamp(c.ID)
		o.do(func(tx *store.Tx) error {
			other := models.Call{TenantID: o.tenant.ID, Number: 2, State: models.CallOpen}
			return errors.Join(tx.Save(o.by("call_open"), &other),
				tx.Save(o.by("answer"), &models.Answer{TenantID: o.tenant.ID, CallID: c.ID, PersonID: o.mei.ID, Kind: models.AnswerNo}))
		})
		if o.stamp(c.ID) != before {
			o.t.Error("something that is not on the board changed its mark")
		}
	})
}

func TestAMarkIsTakenBackWithWhatItMarked(t *testing.T) {
	each(t, func(o *org) {
		c, _, _, su := o.dike()
		before, undo := o.stamp(c.ID), errors.New("undo")
		var inside int64
		write := func(tx *store.Tx) error {
			su.Guests++
			err := tx.Save(o.by("signup_party"), &su)
			if err == nil {
				inside, err = tx.Stamp(c.ID)
			}
			return errors.Join(err, undo)
		}
		if err := o.s.InTx(t.Context(), write); !errors.Is(err, undo) {
			o.t.Fatal(err)
		}
		if inside == before || o.stamp(c.ID) != before {
			o.t.Errorf("mark %d before, %d in the transaction, %d after it failed", before, inside, o.stamp(c.ID))
		}
		o.do(func(tx *store.Tx) error {
			if err := tx.Savepoint(write); !errors.Is(err, undo) {
				return err
			}
			if now, err := tx.Stamp(c.ID); err != nil || now != before {
				o.t.Errorf("mark %d after the savepoint, %d before: %v", now, before, err)
			}
			if w := tx.TakeBoardWrites(c.ID); !w.Other {
				o.t.Error("what was undone is given as written")
			}
			return nil
		})
	})
}

func TestWhatWasWrittenOfACallIsTakenOnce(t *testing.T) {
	each(t, func(o *org) {
		c, _, _, su := o.dike()
		o.do(func(tx *store.Tx) error {
			su.Guests = 2
			if err := tx.Save(o.by("signup_party"), &su); err != nil {
				return err
			}
			su.Guests = 3 // and not saved
			want := store.BoardWrites{Signups: []models.Signup{su}}
			want.Signups[0].Guests = 2
			if diff := cmp.Diff(want, tx.TakeBoardWrites(c.ID), cmpopts.EquateEmpty()); diff != "" {
				o.t.Error(diff)
			}
			if diff := cmp.Diff(store.BoardWrites{}, tx.TakeBoardWrites(c.ID)); diff != "" {
				o.t.Error("again:", diff)
			}
			return nil
		})
	})
}
