package store_test

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// older opens dsn at the first schema, filled with what its users had entered.
func older(t *testing.T, dsn string) *store.Store {
	t.Helper()
	c := storetest.NewClocks()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, World: c.World.Now, Machine: c.Machine.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.MigrateTo(t.Context(), "0001_first"); err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile("testdata/0001_first.sql")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(rows)) {
		if err := s.Exec(strings.TrimSpace(line)); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	return s
}

func (o *org) counts() map[string]int {
	all := map[string]int{}
	for _, table := range o.tables() {
		if table != "migrations" {
			all[table] = o.count("SELECT COUNT(*) FROM " + table)
		}
	}
	return all
}

func TestAnOlderDatabaseKeepsEveryRow(t *testing.T) {
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		o := &org{t: t, s: older(t, dsn), c: storetest.NewClocks()}
		before := o.counts()
		for table, n := range before {
			if n == 0 {
				t.Errorf("the fixture has no row in %s", table)
			}
		}
		if err := o.s.CheckSchema(t.Context()); err == nil || !strings.Contains(err.Error(), "run muster migrate") {
			t.Errorf("before migrating: %v", err)
		}
		if err := o.s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := o.s.CheckSchema(t.Context()); err != nil {
			t.Error(err)
		}
		rows := o.counts()
		for table, n := range rows {
			if _, old := before[table]; !old && n == 0 {
				delete(rows, table) // new with a later step, and empty
			}
		}
		if diff := cmp.Diff(before, rows); diff != "" {
			t.Errorf("rows before and after (-before +after):\n%s", diff)
		}
		o.read(func(tx *store.Tx) error {
			d, err := tx.DueByKey(1, "call:1:close")
			want := models.Due{ID: 1, TenantID: 1, Key: "call:1:close", Kind: "call_close", RefID: 1, DueAt: 1795402800000, Args: []byte(`{"n":1}`)}
			if diff := cmp.Diff(want, d); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err := o.s.Migrate(t.Context()); err != nil { // nothing to do is fine
			t.Error(err)
		}
	})
}

func TestAnEmptyDatabaseSaysWhatToDo(t *testing.T) {
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		c := storetest.NewClocks()
		s, err := store.Open(t.Context(), store.Options{DSN: dsn, World: c.World.Now, Machine: c.Machine.Now})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.CheckSchema(t.Context()); err == nil || !strings.Contains(err.Error(), "run muster migrate") {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnOlderMusterRefusesANewerDatabase(t *testing.T) {
	each(t, func(o *org) {
		o.exec("INSERT INTO migrations (id) VALUES ('9999_far_future')")
		for name, err := range map[string]error{"migrate": o.s.Migrate(background()), "check": o.s.CheckSchema(background())} {
			if !errors.Is(err, store.ErrNewerSchema) || !strings.Contains(err.Error(), "9999_far_future") {
				o.t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestFourCopiesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		c := storetest.NewClocks()
		var wg sync.WaitGroup
		for range 4 {
			s, err := store.Open(t.Context(), store.Options{DSN: dsn, World: c.World.Now, Machine: c.Machine.Now})
			if err != nil {
				t.Fatal(err)
			}
			wg.Go(func() {
				defer s.Close()
				if err := s.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestAStepThatFailsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		o := &org{t: t, s: older(t, dsn), c: storetest.NewClocks()}
		o.exec("ALTER TABLE dues ADD COLUMN attempts INTEGER") // in the way of the second step
		before := o.columns("dues")
		if err := o.s.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "0002") {
			t.Errorf("got %v", err)
		}
		if diff := cmp.Diff(before, o.columns("dues")); diff != "" {
			t.Error(diff)
		}
		if n := o.count("SELECT COUNT(*) FROM migrations"); n != 1 {
			t.Errorf("%d steps are said to be done", n)
		}
	})
}
