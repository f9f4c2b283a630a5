package store

// dialect is which database speaks. Its helpers give the column types with
// which the frozen schema is written once for both.
type dialect string

const (
	sqliteDialect   dialect = "sqlite"
	postgresDialect dialect = "postgres"
)

// postgres says whether d is PostgreSQL.
func (d dialect) postgres() bool { return d == postgresDialect }

// id is a primary key the database counts up and never gives twice.
func (d dialect) id() string {
	if d.postgres() {
		return "BIGSERIAL PRIMARY KEY"
	}
	return "INTEGER PRIMARY KEY AUTOINCREMENT"
}

// bigint holds any Go integer, an Instant among them.
func (d dialect) bigint() string {
	if d.postgres() {
		return "BIGINT"
	}
	return "INTEGER"
}

// boolean holds a Go bool. Compare it with a bound parameter, never with a
// literal: the two databases write the literal differently.
func (d dialect) boolean() string {
	if d.postgres() {
		return "BOOLEAN"
	}
	return "INTEGER"
}

// text holds a string of any length.
func (d dialect) text() string { return "TEXT" }

// key holds a string that is compared byte by byte, so that a range over it
// is a prefix (SQLite compares so by itself).
func (d dialect) key() string {
	if d.postgres() {
		return `TEXT COLLATE "C"`
	}
	return "TEXT"
}

// real holds a Go float64.
func (d dialect) real() string {
	if d.postgres() {
		return "DOUBLE PRECISION"
	}
	return "REAL"
}

// must is a column definition of type kind that always has a value: zero of
// its kind where none is given ("0", an empty string or false).
func (d dialect) must(kind string) string {
	switch {
	case d.postgres() && kind == "BOOLEAN":
		return kind + " NOT NULL DEFAULT FALSE"
	case kind == d.bigint(), kind == d.real():
		return kind + " NOT NULL DEFAULT 0"
	default:
		return kind + " NOT NULL DEFAULT ''"
	}
}
