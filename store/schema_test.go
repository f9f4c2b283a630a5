package store_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

// plainRows are the kinds of row that are not in the record.
func plainRows() []any {
	return []any{
		&models.Channel{}, &models.ChannelMember{}, &models.UnitMember{}, &models.Entry{}, &models.EntryWord{}, &models.Seal{},
		&models.Message{}, &models.Due{}, &models.Lookup{}, &models.Delivery{}, &models.Lease{},
		&models.Reacted{}, &models.Draft{},
		&models.OnsiteCode{}, &models.CheckinTry{}, &models.StudyNotice{}, &models.StudyCode{},
		&models.DutyNotice{}, &models.Forgotten{},
	}
}

func (o *org) texts(sql string, args ...any) []string {
	o.t.Helper()
	out, err := o.s.Texts(sql, args...)
	if err != nil {
		o.t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func (o *org) tables() []string {
	if o.s.Dialect() == "postgres" {
		return o.texts("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
	}
	return o.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
}

func (o *org) columns(table string) []string {
	if o.s.Dialect() == "postgres" {
		return o.texts("SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?", table)
	}
	return o.texts("SELECT name FROM pragma_table_info(?)", table)
}

func TestEveryTableHasTheColumnsOfItsStruct(t *testing.T) {
	each(t, func(o *org) {
		recorded, _ := store.RowTypes()
		// These have no struct: only the store itself reads them.
		known := map[string]bool{"migrations": true, "counters": true, "heads": true, "call_boards": true}
		for _, row := range append(plainRows(), recorded...) {
			table, want, err := o.s.TableOf(row)
			if err != nil {
				o.t.Fatal(err)
			}
			known[table] = true
			slices.Sort(want)
			if diff := cmp.Diff(want, o.columns(table)); diff != "" {
				o.t.Errorf("table %s against %T (-struct +table):\n%s", table, row, diff)
			}
		}
		for _, table := range o.tables() {
			if !known[table] {
				o.t.Errorf("table %s has no struct that this test knows", table)
			}
		}
	})
}

func TestEveryRowBelongsToATenantThatExists(t *testing.T) {
	each(t, func(o *org) {
		query := `SELECT c.conrelid::regclass::text FROM pg_constraint c JOIN pg_attribute a
			ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
			WHERE c.contype = 'f' AND a.attname = 'tenant_id' AND c.connamespace = current_schema()::regnamespace`
		if o.s.Dialect() == "sqlite" {
			query = `SELECT m.name FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."from" = 'tenant_id'`
		}
		bound := o.texts(query)
		for _, table := range o.tables() {
			if slices.Contains(o.columns(table), "tenant_id") && !slices.Contains(bound, table) {
				o.t.Errorf("%s.tenant_id refers to nothing", table)
			}
		}
	})
}

// Whatever says of itself that it is recorded is held against the record by
// verify.
func TestVerifyKnowsEverythingThatIsRecorded(t *testing.T) {
	t.Parallel()
	_, things := store.RowTypes()
	files, err := os.ReadDir("../models")
	if err != nil {
		t.Fatal(err)
	}
	thing := regexp.MustCompile(`(?m)^func \(\w+ \*?\w+\) Thing\(\) \(.*?return "(\w+)"`)
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		src, err := os.ReadFile("../models/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range thing.FindAllStringSubmatch(string(src), -1) {
			if !slices.Contains(things, m[1]) {
				t.Errorf("models/%s: %q is recorded and not in recordedTables", f.Name(), m[1])
			}
		}
	}
}
