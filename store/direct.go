package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// Statements that every press runs, past gorm's builder: it takes more
// than half of the time of a small statement, and while a press is decided everybody else
// waits. Columns and fields still meet as gorm's schema has them.

// shape is how a struct and its table meet.
type shape struct {
	table   string
	id      *schema.Field   // counted up by the database; nil = there is none
	columns []*schema.Field // all but id
	byName  map[string]*schema.Field
	insert  string // all columns, with a ? each
	marks   string // those question marks, in brackets
	update  string // the same, by id
}

// shapeOf is the shape of a struct type, worked out once a process.
func (tx *Tx) shapeOf(t reflect.Type) (*shape, error) {
	if known, ok := tx.store.shapes.Load(t); ok {
		return known.(*shape), nil
	}
	stmt := &gorm.Statement{DB: tx.db}
	if err := stmt.Parse(reflect.New(t).Interface()); err != nil {
		return nil, fmt.Errorf("shape of %v: %w", t, err)
	}
	s := &shape{table: stmt.Schema.Table, byName: map[string]*schema.Field{}}
	var names, marks, sets []string
	for _, f := range stmt.Schema.Fields {
		if f.DBName == "" {
			continue
		}
		s.byName[f.DBName] = f
		if f.DBName == "id" && f.PrimaryKey && f.FieldType.Kind() == reflect.Int64 {
			s.id = f
			continue
		}
		s.columns = append(s.columns, f)
		names, marks, sets = append(names, `"`+f.DBName+`"`), append(marks, "?"), append(sets, `"`+f.DBName+`" = ?`)
	}
	s.marks = `(` + strings.Join(marks, ", ") + `)`
	s.insert = `INSERT INTO "` + s.table + `" (` + strings.Join(names, ", ") + `) VALUES ` + s.marks
	s.update = `UPDATE "` + s.table + `" SET ` + strings.Join(sets, ", ") + ` WHERE id = ?`
	tx.store.shapes.Store(t, s)
	return s, nil
}

// insertMany is insert for n rows.
func (s *shape) insertMany(n int) string { return s.insert + strings.Repeat(", "+s.marks, n-1) }

// rebind writes a statement's question marks as the database wants them.
func (tx *Tx) rebind(query string) string {
	if !tx.store.kind.postgres() {
		return query
	}
	var b strings.Builder
	n := 0
	for _, part := range strings.SplitAfter(query, "?") {
		if before, marked := strings.CutSuffix(part, "?"); marked {
			n++
			b.WriteString(before + "$" + strconv.Itoa(n))
			continue
		}
		b.WriteString(part)
	}
	return b.String()
}

// query runs a statement written here: question marks stand for args only.
func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	rows, err := tx.db.Statement.ConnPool.QueryContext(tx.ctx, tx.rebind(query), args...)
	return rows, tx.translate(err)
}

// exec writes to one table by a statement written here and tells how many rows
// it concerned.
func (tx *Tx) exec(table, query string, args ...any) (int64, error) {
	tx.known.wrote(table, false)
	return tx.run(query, args...)
}

// run is exec of what changes no row.
func (tx *Tx) run(query string, args ...any) (int64, error) {
	res, err := tx.db.Statement.ConnPool.ExecContext(tx.ctx, tx.rebind(query), args...)
	if err != nil {
		return 0, tx.translate(err)
	}
	return res.RowsAffected()
}

// translate gives an error the name that both databases have for it.
func (tx *Tx) translate(err error) error {
	if t, ok := tx.db.Dialector.(gorm.ErrorTranslator); ok && err != nil {
		return t.Translate(err)
	}
	return err
}

// fetch reads rows of T's table. Columns without a field are left out.
func fetch[T any](tx *Tx, query string, args ...any) ([]T, error) {
	s, err := tx.shapeOf(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	rows, err := tx.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []T
	into, texts := make([]any, len(names)), make([]sql.RawBytes, len(names))
	for rows.Next() {
		var row T
		v := reflect.ValueOf(&row).Elem()
		for i, name := range names {
			f := s.byName[name]
			if f == nil || f.Serializer != nil {
				into[i] = &texts[i]
				continue
			}
			into[i] = v.FieldByIndex(f.StructField.Index).Addr().Interface()
		}
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("row of %s: %w", s.table, err)
		}
		for i, name := range names {
			if f := s.byName[name]; f != nil && f.Serializer != nil && len(texts[i]) > 0 {
				if err := json.Unmarshal(texts[i], v.FieldByIndex(f.StructField.Index).Addr().Interface()); err != nil {
					return nil, fmt.Errorf("%s of %s: %w", name, s.table, err)
				}
			}
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// numbers reads one column of integers.
func (tx *Tx) numbers(query string, args ...any) ([]int64, error) {
	rows, err := tx.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// fetchAll is fetch for rows that are changed and saved.
func fetchAll[T any](tx *Tx, query string, args ...any) ([]*T, error) {
	rows, err := fetch[T](tx, query, args...)
	out := make([]*T, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out, err
}

// fetchOne is the first row, or ErrNotFound naming what was sought.
func fetchOne[T any](tx *Tx, what, query string, args ...any) (T, error) {
	rows, err := fetch[T](tx, query, args...)
	switch {
	case err != nil:
		var none T
		return none, fmt.Errorf("%s: %w", what, err)
	case len(rows) == 0:
		var none T
		return none, fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return rows[0], nil
}

// create writes a new row and sets its id. conflict is what follows the values
// ("ON CONFLICT … DO NOTHING"); created is false when nothing was written.
func (tx *Tx) create(row any, conflict string) (created bool, err error) {
	v := reflect.ValueOf(row).Elem()
	s, err := tx.shapeOf(v.Type())
	if err != nil {
		return false, err
	}
	tx.known.wrote(s.table, true)
	if s.id == nil {
		return false, errors.New("a row without an id of its own is not created so")
	}
	args, err := s.values(v)
	if err != nil {
		return false, err
	}
	rows, err := tx.query(s.insert+" "+conflict+" RETURNING id", args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return false, err
		}
		v.FieldByIndex(s.id.StructField.Index).SetInt(id)
		created = true
	}
	return created, tx.translate(rows.Err())
}

// rewrite writes every column of a row that has an id.
func (tx *Tx) rewrite(row any) error {
	v := reflect.ValueOf(row).Elem()
	s, err := tx.shapeOf(v.Type())
	if err != nil {
		return err
	}
	if s.id == nil {
		return errors.New("a row without an id of its own is not rewritten so")
	}
	args, err := s.values(v)
	if err != nil {
		return err
	}
	n, err := tx.exec(s.table, s.update, append(args, v.FieldByIndex(s.id.StructField.Index).Int())...)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// values are the columns of a row but its id.
func (s *shape) values(v reflect.Value) ([]any, error) {
	args := make([]any, len(s.columns), len(s.columns)+1)
	for i, f := range s.columns {
		var err error
		if args[i], err = value(f, v.FieldByIndex(f.StructField.Index)); err != nil {
			return nil, err
		}
	}
	return args, nil
}

// value is a field as it is stored: a JSON field as gorm's serializer writes it.
func value(f *schema.Field, v reflect.Value) (any, error) {
	if f.Serializer == nil {
		return v.Interface(), nil
	}
	text, err := json.Marshal(v.Interface())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.DBName, err)
	}
	if string(text) == "null" {
		return nil, nil
	}
	return string(text), nil
}
