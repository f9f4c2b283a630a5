package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"gorm.io/gorm"
)

// Exec runs raw SQL as somebody with the database's own tools would.
func (s *Store) Exec(sql string, args ...any) error { return s.writer.Exec(sql, args...).Error }

// Count is the number a query gives.
func (s *Store) Count(sql string, args ...any) (n int, err error) {
	err = s.writer.Raw(sql, args...).Scan(&n).Error
	return n, err
}

// Texts is the first column of a query.
func (s *Store) Texts(sql string, args ...any) (out []string, err error) {
	err = s.writer.Raw(sql, args...).Scan(&out).Error
	return out, err
}

// MigrateTo stops after one step.
func (s *Store) MigrateTo(ctx context.Context, last string) error { return s.migrateTo(ctx, last) }

// RowTypes are the zero rows of all types in the record.
func RowTypes() (rows []any, things []string) {
	for _, t := range recordedTables() {
		rows, things = append(rows, t.row), append(things, t.thing)
	}
	return rows, things
}

// TableOf is where gorm keeps rows of a type, and in which columns.
func (s *Store) TableOf(row any) (table string, columns []string, err error) {
	stmt := &gorm.Statement{DB: s.writer}
	if err := stmt.Parse(row); err != nil {
		return "", nil, err
	}
	return stmt.Schema.Table, stmt.Schema.DBNames, nil
}

// ReadExec writes where only reading is allowed.
func (tx *Tx) Exec(sql string, args ...any) error { return tx.db.Exec(sql, args...).Error }

// OneForm fails when the quick form of an entry's data is not the canonical one.
func OneForm(d EntryData) error {
	quick, err := encodeData(d)
	if err != nil {
		return err
	}
	if d.Facts == nil {
		d.Facts = map[string]any{}
	}
	slow, err := canonical(d)
	if err != nil {
		return err
	}
	if quick != slow {
		return fmt.Errorf("quick %s\nslow  %s", quick, slow)
	}
	return nil
}

// ErrGivenBack ends a tampering that must leave nothing behind.
var errGivenBack = errors.New("given back")

// Tampered is what a verification finds after these statements; they are
// taken back. columns that did not exist or rows that were not hit are an error.
func (s *Store) Tampered(ctx context.Context, tenantID int64, statements ...string) (b Break, err error) {
	back := s.InTx(ctx, func(tx *Tx) error {
		for _, sql := range statements {
			r := tx.db.Exec(sql)
			if r.Error != nil {
				return fmt.Errorf("%s: %w", sql, r.Error)
			}
			if r.RowsAffected == 0 {
				return fmt.Errorf("%s: hit nothing", sql)
			}
		}
		if b, err = tx.verify(tenantID); err != nil {
			return err
		}
		return errGivenBack
	})
	if !errors.Is(back, errGivenBack) {
		return b, back
	}
	return b, nil
}

// KindOf is what a column holds; json says that it is kept as JSON.
func (s *Store) KindOf(row any, column string) (kind reflect.Kind, json bool) {
	stmt := &gorm.Statement{DB: s.writer}
	if err := stmt.Parse(row); err != nil {
		return reflect.Invalid, false
	}
	f := stmt.Schema.FieldsByDBName[column]
	return f.IndirectFieldType.Kind(), f.Serializer != nil || f.IndirectFieldType.Kind() == reflect.Slice
}

// Waiting is how many decisions wait for the writer's place.
func (s *Store) Waiting() int {
	s.waits.Lock()
	defer s.waits.Unlock()
	return len(s.waiting)
}
