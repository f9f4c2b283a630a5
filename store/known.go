package store

import (
	"context"
	"strconv"

	"gorm.io/gorm"
)

// known is what a writing transaction has read and nobody has changed since:
// while it lasts nobody else writes. Those who decide together in it read once
// what is the same for all of them: the organisation, the call's mark, that
// nobody was asked. Whatever writes to a table has what was known of it read
// anew, and a decision that is undone has everything read anew.
type known struct {
	tables map[string]*knownTable
}

type knownTable struct {
	rows map[string]any  // one row each, found by what never changes
	none map[string]bool // questions whose answer was "no row"
}

type knownKey struct{}

// withKnown gives a transaction's statements the place where they note what they
// wrote.
func withKnown(ctx context.Context) (context.Context, *known) {
	k := &known{tables: map[string]*knownTable{}}
	return context.WithValue(ctx, knownKey{}, k), k
}

func (k *known) table(name string) *knownTable {
	t := k.tables[name]
	if t == nil {
		t = &knownTable{rows: map[string]any{}, none: map[string]bool{}}
		k.tables[name] = t
	}
	return t
}

// boardTables are what a call's mark stands for.
var boardTables = map[string]bool{"calls": true, "call_shifts": true, "call_roles": true, "signups": true}

// wrote forgets what was known of a table. A new row changes no row that is
// known, only what there was none of.
func (k *known) wrote(table string, fresh bool) {
	if k == nil {
		return
	}
	if boardTables[table] {
		delete(k.tables, "call_boards")
	}
	t := k.tables[table]
	if t == nil {
		return
	}
	clear(t.none)
	if !fresh {
		clear(t.rows)
	}
}

// nothing forgets everything.
func (k *known) nothing() {
	if k != nil {
		clear(k.tables)
	}
}

// isNone says whether a question is known to have no row for an answer.
func (k *known) isNone(table, question string) bool {
	return k != nil && k.tables[table] != nil && k.tables[table].none[question]
}

func (k *known) setNone(table, question string) {
	if k != nil {
		k.table(table).none[question] = true
	}
}

// knownRow is a row that is known, or read. Its slices are shared: whoever
// changes one makes it anew, as every caller of the store does.
func knownRow[T any](tx *Tx, table, key string, read func() (T, error)) (T, error) {
	if tx.known == nil {
		return read()
	}
	if row, ok := tx.known.table(table).rows[key].(T); ok {
		return row, nil
	}
	row, err := read()
	if err == nil {
		tx.known.table(table).rows[key] = row
	}
	return row, err
}

// fetchUnlessNone is fetchAll for a question that mostly has no answer.
func fetchUnlessNone[T any](tx *Tx, table, question, query string, args ...any) ([]*T, error) {
	if tx.known.isNone(table, question) {
		return nil, nil
	}
	rows, err := fetchAll[T](tx, query, args...)
	if err == nil && len(rows) == 0 {
		tx.known.setNone(table, question)
	}
	return rows, err
}

// of is a question about one row.
func of(what string, id int64) string { return what + " " + strconv.FormatInt(id, 10) }

// noteWrites has what gorm writes noted in the transaction it is written in.
func noteWrites(db *gorm.DB) error {
	note := func(fresh bool) func(*gorm.DB) {
		return func(db *gorm.DB) {
			k, _ := db.Statement.Context.Value(knownKey{}).(*known)
			if db.Statement.Table == "" {
				k.nothing()
				return
			}
			k.wrote(db.Statement.Table, fresh)
		}
	}
	all := func(db *gorm.DB) {
		k, _ := db.Statement.Context.Value(knownKey{}).(*known)
		k.nothing() // a statement as it was written: it may be about anything
	}
	c := db.Callback()
	for _, err := range []error{
		c.Create().After("gorm:create").Register("muster:wrote", note(false)), // or changed, on a conflict
		c.Update().After("gorm:update").Register("muster:wrote", note(false)),
		c.Delete().After("gorm:delete").Register("muster:wrote", note(false)),
		c.Raw().After("gorm:raw").Register("muster:wrote", all),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}
