package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"muster/models"
)

// Options say where the data is and which clocks count.
type Options struct {
	DSN     string       // a SQLite path, file:… or postgres://…
	World   models.Clock // decides what is due and what is recorded
	Machine models.Clock // decides leases and retries
	Random  func([]byte) // fills with random bytes: salts, message ids; nil = the system's
	Log     *slog.Logger // nil = silent
	Readers int          // connections that only read; 0 = 8
}

// Open connects to the database. It changes nothing in it: Migrate does. On
// failure the error names the database without its password.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.World == nil || o.Machine == nil {
		return nil, errors.New("store: both clocks must be given")
	}
	if o.Random == nil {
		o.Random = func(b []byte) { _, _ = rand.Read(b) } // documented never to fail
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Readers <= 0 {
		o.Readers = 8
	}
	s := &Store{world: o.World, machine: o.Machine, random: o.Random, log: o.Log, gate: make(chan struct{}, 1)}
	self := make([]byte, 8)
	s.random(self)
	s.self = hex.EncodeToString(self)
	var err error
	if isPostgres(o.DSN) {
		err = s.openPostgres(ctx, o)
	} else {
		err = s.openSQLite(ctx, o)
	}
	if err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("open database %s: %w", Redact(o.DSN), err)
	}
	return s, nil
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Redact is dsn without its password, fit to be shown.
func Redact(dsn string) string {
	if !isPostgres(dsn) {
		return dsn
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "postgres://…"
	}
	u.RawQuery = ""
	return u.Redacted()
}

func (s *Store) openSQLite(ctx context.Context, o Options) error {
	s.kind = sqliteDialect
	uri, err := sqliteURI(o.DSN)
	if err != nil {
		return err
	}
	if err := private(o.DSN); err != nil {
		return err
	}
	// One writer connection: with 64 of them the slowest of 64 writers waits
	// 1.4 s, with one and a queue 50 ms, at three times the speed.
	if s.writer, err = connect(ctx, sqliteOpen(uri, false), 1); err != nil {
		return err
	}
	s.reader, err = connect(ctx, sqliteOpen(uri, true), o.Readers)
	return err
}

// private makes a new database file readable by its owner alone: it holds
// people's words and perhaps tokens. SQLite gives the files beside it the same
// rights. A file: URI is the caller's own matter.
func private(path string) error {
	if strings.HasPrefix(path, "file:") {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// sqliteURI turns a path into a URI; a file: URI passes as it is.
func sqliteURI(dsn string) (string, error) {
	if dsn == "" {
		return "", errors.New("no database named")
	}
	if strings.Contains(dsn, ":memory:") || strings.Contains(dsn, "mode=memory") {
		return "", errors.New("a database in memory cannot be shared between readers and writer; name a file")
	}
	if strings.HasPrefix(dsn, "file:") {
		return dsn, nil
	}
	parts := strings.Split(dsn, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "file:" + strings.Join(parts, "/"), nil
}

// joinQuery adds params to a URI that may have some already.
func joinQuery(uri, params string) string {
	if strings.Contains(uri, "?") {
		return uri + "&" + params
	}
	return uri + "?" + params
}

func (s *Store) openPostgres(ctx context.Context, o Options) error {
	s.kind = postgresDialect
	var err error
	// Four writing connections: decisions queue for one of them, the rest are
	// for the loops, which lock rows and not the whole.
	if s.writer, err = connect(ctx, postgres.Open(o.DSN), 4); err != nil {
		return err
	}
	if s.reader, err = connect(ctx, postgres.Open(o.DSN), o.Readers); err != nil {
		return err
	}
	var schema string
	if err := s.reader.WithContext(ctx).Raw("SELECT current_schema()").Scan(&schema).Error; err != nil {
		return fmt.Errorf("ask for the schema: %w", err)
	}
	// Advisory locks are shared by the whole database; two Musters in two
	// schemas of one must not wait for each other.
	h := fnv.New64a()
	_, _ = h.Write([]byte("muster/" + schema))
	s.lockKey = int64(h.Sum64() >> 8 << 8) // the low byte tells the locks apart
	return nil
}

// connect opens one pool and checks that it answers.
func connect(ctx context.Context, d gorm.Dialector, conns int) (*gorm.DB, error) {
	db, err := gorm.Open(d, &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		Logger:                 logger.Discard, // statements carry people's words
		NamingStrategy:         names{},
		// gorm fills fields named CreatedAt by this clock when they are zero.
		// Time is decided above; the epoch leaves a zero at zero.
		NowFunc:              func() time.Time { return time.Unix(0, 0) },
		DisableAutomaticPing: true,
	})
	if err != nil {
		return nil, err
	}
	if err := noteWrites(db); err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		return nil, err
	}
	// Without hooks gorm does not overwrite UpdatedAt either.
	return db.Session(&gorm.Session{SkipHooks: true}), nil
}
