package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"
)

// migration is one numbered step of the schema: statements frozen per
// dialect. gorm's AutoMigrate is never used: on SQLite it rebuilds tables and
// thereby deletes their children's rows without an error.
type migration struct {
	id         string
	statements func(dialect) []string
}

// migrations are all steps this version knows, in order.
func migrations() []migration {
	return []migration{
		{"0001_first", firstSchema},
		{"0002_due_retries", dueRetries},
		{"0003_dispatch", dispatchSchema},
		{"0004_learning", learningSchema},
		{"0005_ledger", ledgerSchema},
	}
}

// firstSchema is everything the first release began with.
func firstSchema(d dialect) []string {
	var all []string
	for _, part := range []func(dialect) []string{coreSchema, callSchema, studySchema, remindSchema, digestSchema} {
		all = append(all, part(d)...)
	}
	return all
}

// dueRetries lets a due row that failed wait its turn instead of being tried
// at every tick.
func dueRetries(d dialect) []string {
	return []string{
		`ALTER TABLE dues ADD COLUMN retry_ms ` + d.must(d.bigint()),
		`ALTER TABLE dues ADD COLUMN attempts ` + d.must(d.bigint()),
	}
}

// Migrate brings the database to this version's schema: all of it in one
// transaction, one process at a time. A database written by a newer Muster is
// refused with a sentence that says so.
func (s *Store) Migrate(ctx context.Context) error {
	return s.migrateTo(ctx, "")
}

// migrateTo stops after the step named last ("" = all).
func (s *Store) migrateTo(ctx context.Context, last string) error {
	db := s.writer.WithContext(ctx)
	if !s.kind.postgres() { // BEGIN IMMEDIATE lets one process in at a time
		select {
		case s.gate <- struct{}{}:
			defer func() { <-s.gate }()
		case <-ctx.Done():
			return fmt.Errorf("wait for the writer's place: %w", ctx.Err())
		}
		return s.steps(db, last)
	}
	return db.Connection(func(conn *gorm.DB) error {
		if err := conn.Exec("SELECT pg_advisory_lock(?)", s.lockKey+lockMigrate).Error; err != nil {
			return fmt.Errorf("wait for another migration: %w", err)
		}
		err := s.steps(conn, last)
		// The connection goes back to the pool; a cancelled context must not
		// leave the lock with it.
		free := conn.WithContext(context.WithoutCancel(ctx)).Exec("SELECT pg_advisory_unlock(?)", s.lockKey+lockMigrate).Error
		return errors.Join(err, free)
	})
}

func (s *Store) steps(db *gorm.DB, last string) error {
	var all []*gormigrate.Migration
	for _, m := range migrations() {
		all = append(all, &gormigrate.Migration{ID: m.id, Migrate: func(tx *gorm.DB) error {
			for _, sql := range m.statements(s.kind) {
				if err := tx.Exec(sql).Error; err != nil {
					return fmt.Errorf("migration %s: %w in: %.60s", m.id, err, sql)
				}
			}
			return nil
		}})
	}
	g := gormigrate.New(db, &gormigrate.Options{TableName: "migrations", IDColumnName: "id", IDColumnSize: 255,
		UseTransaction: true, ValidateUnknownMigrations: true}, all)
	var err error
	if last == "" {
		err = g.Migrate()
	} else {
		err = g.MigrateTo(last)
	}
	if errors.Is(err, gormigrate.ErrUnknownPastMigration) {
		return s.newer(db)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// ErrNewerSchema says that a newer Muster wrote this database.
var ErrNewerSchema = errors.New("the database was written by a newer Muster")

func (s *Store) newer(db *gorm.DB) error {
	at, err := version(db)
	if err != nil {
		return err
	}
	return fmt.Errorf("%w (schema %s; this one knows up to %s): install that version, or restore a backup from before it",
		ErrNewerSchema, at, newest())
}

func newest() string {
	all := migrations()
	return all[len(all)-1].id
}

// version is the last step the database has had, "" for none.
func version(db *gorm.DB) (string, error) {
	var ids []string
	err := db.Raw("SELECT id FROM migrations ORDER BY id DESC LIMIT 1").Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}

// CheckSchema returns nil when the database is at this version's schema, else
// a sentence that says what to do.
func (s *Store) CheckSchema(ctx context.Context) error {
	db := s.reader.WithContext(ctx)
	if err := s.Ping(ctx); err != nil {
		return fmt.Errorf("the database does not answer: %w", err)
	}
	if !db.Migrator().HasTable("migrations") {
		return errors.New("the database is empty: run muster migrate")
	}
	at, err := version(db)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	switch {
	case at == newest():
		return nil
	case at > newest():
		return s.newer(db)
	default:
		return fmt.Errorf("the database is at schema %q and this version needs %q: run muster migrate", at, newest())
	}
}
