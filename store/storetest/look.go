package storetest

import (
	"database/sql"
	"slices"
	"testing"
)

// Look reads a database file beside the store, for what a test asks that the
// program never does.
type Look struct {
	t  testing.TB
	db *sql.DB
}

// LookInto opens the file of a SQLite store.
func LookInto(t testing.TB, file string) Look {
	t.Helper()
	driver := "sqlite"
	if slices.Contains(sql.Drivers(), "sqlite3") {
		driver = "sqlite3"
	}
	db, err := sql.Open(driver, file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return Look{t: t, db: db}
}

// Ints are the rows of a query whose columns are whole numbers; NULL is 0.
func (l Look) Ints(query string, args ...any) (out [][]int64) {
	l.t.Helper()
	rows, err := l.db.Query(query, args...)
	if err != nil {
		l.t.Fatal(query, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		l.t.Fatal(query, err)
	}
	for rows.Next() {
		cells, into := make([]sql.NullInt64, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			l.t.Fatal(query, err)
		}
		row := make([]int64, len(cells))
		for i, cell := range cells {
			row[i] = cell.Int64
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		l.t.Fatal(query, err)
	}
	return out
}
