//go:build !cgo

package store

import (
	"errors"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	modern "modernc.org/sqlite"
)

// sqliteOpen opens a SQLite URI with the library in pure Go (modernc), for
// machines without a C compiler.
func sqliteOpen(uri string, readOnly bool) gorm.Dialector {
	// busy_timeout first: the pragmas after it already may have to wait.
	params := "_pragma=busy_timeout(25000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	if readOnly {
		params += "&_pragma=query_only(1)"
	} else {
		params += "&_txlock=immediate"
	}
	d := sqlite.New(sqlite.Config{DriverName: "sqlite", DSN: joinQuery(uri, params)})
	return &pureDialector{Dialector: d.(*sqlite.Dialector)}
}

// pureDialector names the errors of modernc, which gorm's dialector knows only
// by the shape of mattn's.
type pureDialector struct{ *sqlite.Dialector }

// Translate turns SQLite's extended codes into gorm's errors.
func (d *pureDialector) Translate(err error) error {
	var e *modern.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case 1555, 2067: // primary key, unique
		return gorm.ErrDuplicatedKey
	case 787:
		return gorm.ErrForeignKeyViolated
	}
	return err
}
