package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

func TestEveryChangeLeavesAnEntryInTheSameTransaction(t *testing.T) {
	each(t, func(o *org) {
		before := o.count("SELECT COUNT(*) FROM entries")
		u := o.unit("送水队")
		u.LeaderID = o.mei.ID
		o.do(func(tx *store.Tx) error { return tx.Save(o.by("unit_edit"), &u) })
		o.do(func(tx *store.Tx) error {
			return tx.Note(o.by("unit_visit"), "unit", u.ID, map[string]any{"people": 3}, nil)
		})
		failed := errors.New("the plan changed")
		err := o.s.InTx(background(), func(tx *store.Tx) error {
			if err := tx.Save(o.by("unit_edit"), &u); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			o.t.Fatal(err)
		}
		if got := o.count("SELECT COUNT(*) FROM entries") - before; got != 3 {
			o.t.Errorf("3 acts that stayed left %d entries", got)
		}
		data, err := o.s.Texts("SELECT data FROM entries WHERE action = ?", "unit_edit")
		if err != nil || len(data) != 1 {
			o.t.Fatal(data, err)
		}
		d, err := store.ParseData(data[0])
		if err != nil {
			o.t.Fatal(err)
		}
		if strings.Contains(data[0], "送水队") || len(d.Words["name"]) != 64 {
			o.t.Errorf("a name belongs behind a hash: %s", data[0])
		}
		if !strings.HasPrefix(data[0], `{"facts":{"leader":1,"parent":0,`) {
			o.t.Errorf("not canonical: %s", data[0])
		}
		o.do(func(tx *store.Tx) error { return tx.Remove(o.by("unit_remove"), &u) })
		o.read(func(tx *store.Tx) error {
			_, err := tx.Unit(u.ID)
			if !errors.Is(err, store.ErrNotFound) {
				o.t.Errorf("a removed unit: %v", err)
			}
			return nil
		})
		o.seal()
		if b := o.verify(); !b.OK() {
			o.t.Error(b)
		}
	})
}

func TestSavingWhatIsGoneIsAnError(t *testing.T) {
	each(t, func(o *org) {
		err := o.s.InTx(background(), func(tx *store.Tx) error {
			return tx.Save(o.by("unit_edit"), &models.Unit{ID: 99, TenantID: o.tenant.ID, Name: "无"})
		})
		if !errors.Is(err, store.ErrNotFound) {
			o.t.Errorf("got %v", err)
		}
		if n := o.count("SELECT COUNT(*) FROM units"); n != 0 {
			o.t.Errorf("%d units", n)
		}
	})
}

func TestWhatWasEnteredLateSaysSo(t *testing.T) {
	each(t, func(o *org) {
		at := models.At(o.c.World.Now())
		for i, ago := range []time.Duration{time.Hour, 25 * time.Hour} {
			by := o.by("held")
			by.At = at.Add(-ago)
			o.do(func(tx *store.Tx) error { return tx.Note(by, "study", int64(i), nil, nil) })
		}
		late, err := o.s.Texts("SELECT thing_id FROM entries WHERE action = ? AND late = ?", "held", true)
		if diff := cmp.Diff([]string{"1"}, late); err != nil || diff != "" {
			o.t.Error(err, diff)
		}
	})
}

func TestTheDatabaseItselfRefusesToRewriteTheRecord(t *testing.T) {
	each(t, func(o *org) {
		o.seal()
		for _, sql := range []string{
			"UPDATE entries SET action = 'x'", "DELETE FROM entries",
			"UPDATE seals SET hash = 'x'", "DELETE FROM seals",
		} {
			if err := o.s.Exec(sql); err == nil || !strings.Contains(err.Error(), "append-only") {
				o.t.Errorf("%s: %v", sql, err)
			}
		}
		if o.s.Dialect() == "postgres" {
			if err := o.s.Exec("TRUNCATE entries CASCADE"); err == nil {
				o.t.Error("TRUNCATE was let through")
			}
		}
	})
}

func TestSealsFollowEachOtherWithoutAGap(t *testing.T) {
	each(t, func(o *org) {
		first := o.seal()
		for range 5 {
			o.unit("队")
		}
		if n := o.seal(); n != 5 {
			o.t.Errorf("5 new entries, %d sealed", n)
		}
		if n := o.seal(); n != 0 {
			o.t.Errorf("sealed %d twice", n)
		}
		total := first + 5
		if got := o.count("SELECT MAX(seq) FROM seals"); got != total {
			o.t.Errorf("the last seal is %d of %d", got, total)
		}
		o.read(func(tx *store.Tx) error {
			head, err := tx.Head(o.tenant.ID)
			if head.Seq != int64(total) {
				o.t.Errorf("head at %d", head.Seq)
			}
			return err
		})
		if b := o.verify(); !b.OK() {
			o.t.Error(b)
		}
	})
}

func TestAnotherCopyDoesNotSealWhileTheFirstLives(t *testing.T) {
	each(t, func(o *org) {
		o.seal()
		o.unit("队")
		other := reopen(o)
		if n, err := other.Seal(background(), o.tenant.ID); n != 0 || err != nil {
			o.t.Errorf("the other copy sealed %d: %v", n, err)
		}
		o.c.Machine.Advance(31 * time.Second)
		if n, err := other.Seal(background(), o.tenant.ID); n != 1 || err != nil {
			o.t.Errorf("after the first stopped it sealed %d: %v", n, err)
		}
		if b := o.verify(); !b.OK() {
			o.t.Error(b)
		}
	})
}

func TestTheChainHasAFixedForm(t *testing.T) {
	t.Parallel()
	// Frozen: who checks an export computes the same.
	if got := store.Genesis(1); got != "48a1d30e3e3db33c9ec900cc49aec3fcb70bc932c849682f8b15202df6983950" {
		t.Error(got)
	}
	e := models.Entry{ID: 7, TenantID: 1, At: 1795399200000, EnteredAt: 1795399200001, Late: true, ActorID: 3,
		Action: "unit_add", Thing: "unit", ThingID: 5, Data: `{"facts":{"a":"<&>"},"op":"save"}`}
	got, err := store.SealHash(store.Genesis(1), 1, e)
	if err != nil || got != "8fd44a011ef6e9b430f633d66b85c99aa6a24dedda67c809edb54ab788572908" {
		t.Error(got, err)
	}
}
