//go:build cgo

package store

import (
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// sqliteOpen opens a SQLite URI with the C library (mattn).
func sqliteOpen(uri string, readOnly bool) gorm.Dialector {
	// busy_timeout 25 s: another process may hold the one writer's place for
	// a migration or a long batch. A person's act would rather wait than fail,
	// and is given up after 30 s.
	// A press is some twenty statements, always the same: kept prepared they cost
	// a fifth less.
	params := "_busy_timeout=25000&_foreign_keys=on&_journal_mode=WAL&_synchronous=FULL&_stmt_cache_size=128"
	if readOnly {
		params += "&_query_only=on"
	} else {
		// 32 MB of pages for the one writer: with a million rows planned, what falls
		// due at once touches pages all over the indexes, and with SQLite's 2 MB
		// most of them were read anew.
		params += "&_txlock=immediate&_cache_size=-32768"
	}
	return sqlite.Open(joinQuery(uri, params))
}
