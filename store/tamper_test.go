package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// unrecorded are the columns that may change without an entry, and why. Every
// other column of these tables is covered: a change made past Muster is found.
var unrecorded = map[string][]string{
	"attendances": {"reminded", "snoozed_to", "day_id", "followed_at", // bookkeeping of reminders
		"undo"}, // what a press on Undo would go back to; it shows nowhere
}

// TestAThousandTamperingsAreFound changes one thing at a time, straight in the
// database, and takes it back: values of entries, texts, fields of rows that
// summaries count, entries deleted or swapped, the tail cut. Fewer are tried by
// default than MUSTER_TEST_TAMPERINGS asks for.
func TestAThousandTamperingsAreFound(t *testing.T) {
	t.Parallel()
	tries := 250
	if n, err := strconv.Atoi(os.Getenv("MUSTER_TEST_TAMPERINGS")); err == nil {
		tries = n
	}
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		o := newOrg(t, dsn, storetest.NewClocks())
		o.muchRecorded()
		o.seal()
		if b := o.verify(); !b.OK() {
			t.Fatalf("untouched: %s", b)
		}
		o.unlock()
		for _, row := range countedRows() { // every field once
			for _, column := range o.recordedColumns(row) {
				o.findsField(row, column, 3)
			}
		}
		kinds := map[string]int{}
		random := rand.New(rand.NewPCG(7, uint64(tries)))
		for i := range tries {
			kind, statements := o.tampering(random)
			b, err := o.s.Tampered(t.Context(), o.tenant.ID, statements...)
			if err != nil && strings.Contains(err.Error(), "constraint") {
				continue // the database refuses it by itself
			}
			if err != nil {
				t.Fatalf("try %d: %v", i, err)
			}
			if b.OK() {
				t.Errorf("try %d, %s: %q was not found", i, kind, statements)
			}
			kinds[kind]++
			if i%50 == 0 {
				if b := o.verify(); !b.OK() {
					t.Fatalf("given back after try %d: %s", i, b)
				}
			}
		}
		if len(kinds) != 7 {
			t.Errorf("tried only %v", kinds)
		}
	})
}

// everyField puts something into every plain field of a row.
func everyField(row any, n int64) {
	v := reflect.ValueOf(row).Elem()
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		if name == "ID" || name == "TenantID" {
			continue
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString(fmt.Sprintf("%s%d", name, n))
		case reflect.Int, reflect.Int64:
			f.SetInt(n + int64(i) + 1)
		case reflect.Bool:
			f.SetBool(true)
		}
	}
}

// muchRecorded saves calls, sign-ups, hours, sessions and attendances, with
// something in every field, and changes each once more.
func (o *org) muchRecorded() {
	o.t.Helper()
	o.do(func(tx *store.Tx) error {
		for n := int64(1); n <= 12; n++ {
			c, sh, role, su := &models.Call{}, &models.Shift{}, &models.Role{}, &models.Signup{}
			h, st, oc, at := &models.Hour{}, &models.Study{}, &models.Occurrence{}, &models.Attendance{}
			for _, row := range []any{c, sh, role, su, h, st, oc, at} {
				everyField(row, n*100)
			}
			save := func(row models.Recorded) {
				reflect.ValueOf(row).Elem().FieldByName("TenantID").SetInt(o.tenant.ID)
				if err := tx.Save(o.by("fill"), row); err != nil {
					o.t.Fatalf("%T: %v", row, err)
				}
			}
			save(c)
			sh.CallID = c.ID
			save(sh)
			role.CallID, role.ShiftID = c.ID, sh.ID
			save(role)
			su.CallID, su.ShiftID, su.RoleID, su.PersonID = c.ID, sh.ID, role.ID, o.mei.ID
			save(su)
			h.SignupID, h.CallID, h.PersonID = su.ID, c.ID, o.mei.ID
			save(h)
			save(st)
			oc.StudyID = st.ID
			save(oc)
			at.StudyID, at.OccurrenceID, at.PersonID = st.ID, oc.ID, o.mei.ID
			save(at)
			c.Title, su.Guests, h.Minutes, at.Credit, sh.EndAt, st.Length = "改了", 3, 61, 45, sh.EndAt+1, 75 // each changed once more
			for _, row := range []models.Recorded{c, sh, su, h, st, at} {
				save(row)
			}
		}
		return nil
	})
}

// tampering is one single change of a random kind.
func (o *org) tampering(r *rand.Rand) (kind string, statements []string) {
	entry := o.count(fmt.Sprintf("SELECT entry_id FROM seals ORDER BY seq LIMIT 1 OFFSET %d", r.IntN(o.count("SELECT COUNT(*) FROM seals"))))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	switch r.IntN(9) {
	case 0:
		column := pick("at", "entered_at", "actor_id", "thing_id")
		return "a value of an entry", []string{fmt.Sprintf("UPDATE entries SET %s = %s + 1 WHERE id = %d", column, column, entry)}
	case 1:
		column := pick("action", "thing", "data")
		return "a value of an entry", []string{fmt.Sprintf("UPDATE entries SET %s = %s || 'x' WHERE id = %d", column, column, entry)}
	case 2:
		word := o.count(fmt.Sprintf("SELECT id FROM entry_words ORDER BY id LIMIT 1 OFFSET %d", r.IntN(o.count("SELECT COUNT(*) FROM entry_words"))))
		return "a salted text", []string{fmt.Sprintf("UPDATE entry_words SET %s WHERE id = %d", pick("text = text || '!'", "salt = '00'"), word)}
	case 3:
		return "an entry deleted", []string{fmt.Sprintf("DELETE FROM entries WHERE id = %d", entry)}
	case 4:
		return "two swapped", o.swapped(r, entry)
	case 5:
		cut := 1 + r.IntN(20)
		tail := fmt.Sprintf("(SELECT MAX(seq) - %d FROM seals)", cut)
		return "the tail cut", []string{"DELETE FROM seals WHERE seq > " + tail}
	case 6: // the tail cut with its entries and the head set back: the rows lead further
		tail := fmt.Sprintf("(SELECT MAX(seq) - %d FROM seals)", 1+r.IntN(20))
		return "the tail rewritten", []string{
			"UPDATE heads SET seq = " + tail,
			"UPDATE heads SET hash = (SELECT hash FROM seals WHERE seals.seq = heads.seq), entry_id = (SELECT entry_id FROM seals WHERE seals.seq = heads.seq)",
			"DELETE FROM entries WHERE id > (SELECT entry_id FROM heads)",
			"DELETE FROM seals WHERE seq > (SELECT seq FROM heads)",
		}
	}
	return "a field of a row", []string{o.fieldChanged(r)}
}

// swapped puts an entry in another's place in the chain.
func (o *org) swapped(r *rand.Rand, entry int) []string {
	other := entry
	for other == entry {
		other = o.count(fmt.Sprintf("SELECT entry_id FROM seals ORDER BY seq LIMIT 1 OFFSET %d", r.IntN(o.count("SELECT COUNT(*) FROM seals"))))
	}
	return []string{
		fmt.Sprintf("UPDATE seals SET entry_id = -1 WHERE entry_id = %d", entry),
		fmt.Sprintf("UPDATE seals SET entry_id = %d WHERE entry_id = %d", entry, other),
		fmt.Sprintf("UPDATE seals SET entry_id = %d WHERE entry_id = -1", other),
	}
}

// fieldChanged changes one field of a row that summaries and exports count.
func (o *org) fieldChanged(r *rand.Rand) string {
	rows := countedRows()
	row := rows[r.IntN(len(rows))]
	columns := o.recordedColumns(row)
	return o.fieldStatement(row, columns[r.IntN(len(columns))], r.IntN(12))
}

// countedRows are the types that summaries and exports count.
func countedRows() []any {
	return []any{&models.Call{}, &models.Signup{}, &models.Hour{}, &models.Attendance{}, &models.Shift{}, &models.Role{}, &models.Occurrence{}, &models.Study{}}
}

// recordedColumns are a type's columns that must not change without an entry.
func (o *org) recordedColumns(row any) []string {
	table, columns, err := o.s.TableOf(row)
	if err != nil {
		o.t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(columns), func(c string) bool {
		return c == "id" || c == "tenant_id" || slices.Contains(unrecorded[table], c)
	})
}

// fieldStatement changes one field of the n-th row of a type.
func (o *org) fieldStatement(row any, column string, n int) string {
	table, _, err := o.s.TableOf(row)
	if err != nil {
		o.t.Fatal(err)
	}
	id := o.count(fmt.Sprintf("SELECT id FROM %s ORDER BY id LIMIT 1 OFFSET %d", table, n))
	return fmt.Sprintf("UPDATE %s SET %s = %s WHERE id = %d", table, column, o.otherValue(row, column), id)
}

// findsField holds that a change of this field is found, or refused by the
// database.
func (o *org) findsField(row any, column string, n int) {
	o.t.Helper()
	sql := o.fieldStatement(row, column, n)
	b, err := o.s.Tampered(o.t.Context(), o.tenant.ID, sql)
	switch {
	case err != nil && !strings.Contains(err.Error(), "constraint"):
		o.t.Errorf("%s: %v", sql, err)
	case err == nil && b.OK():
		o.t.Errorf("%s was not found", sql)
	}
}

// otherValue is an expression for another value of a column.
func (o *org) otherValue(row any, column string) string {
	kind, json := o.s.KindOf(row, column)
	switch {
	case json:
		return `'["x"]'`
	case kind == reflect.Bool && o.s.Dialect() == "postgres":
		return "NOT " + column
	case kind == reflect.Bool:
		return "1 - " + column
	case kind == reflect.String:
		return column + " || 'x'"
	}
	return "COALESCE(" + column + ", 0) + 1000003"
}
