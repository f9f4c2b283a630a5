package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// Store is one database, open for one writer at a time and many readers.
type Store struct {
	kind    dialect
	writer  *gorm.DB
	reader  *gorm.DB
	world   models.Clock
	machine models.Clock
	random  func([]byte)
	self    string // names this Store among holders of leases
	log     *slog.Logger
	gate    chan struct{} // held by this process's writer; waiting is first come, first served
	waits   sync.Mutex
	waiting []*decision  // for the writer's place, the longest first
	lockKey int64        // PostgreSQL: the advisory lock behind "one writer"
	high    atomic.Int64 // latest world time this process has stored
	shapes  sync.Map     // how structs and tables meet, by reflect.Type
	follows sync.Map     // what follows a message that was sent, by kind
}

// Dialect is "sqlite" or "postgres".
func (s *Store) Dialect() string { return string(s.kind) }

// Close ends all connections. Transactions under way fail.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*gorm.DB{s.reader, s.writer} { // writer last: SQLite then tidies the WAL away
		if db == nil {
			continue
		}
		pool, err := db.DB()
		if err == nil {
			err = pool.Close()
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	pool, err := s.reader.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// InTx runs fn in one writing transaction, committed when fn returns nil and
// rolled back when it returns an error or panics (the panic goes on). No two
// run at once, in this process or another; those that wait at the same moment
// share a commit. fn must not call InTx again: inside, Savepoint is what nests.
func (s *Store) InTx(ctx context.Context, fn func(*Tx) error) error {
	return s.together(ctx, fn)
}

// Read runs fn on one consistent picture of the data. Writing fails.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	var o *sql.TxOptions
	if s.kind.postgres() {
		o = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return s.transact(ctx, s.reader, o, false, fn)
}

// write runs fn in a writing transaction. Unless alone is set, PostgreSQL lets
// others write beside it; SQLite never does.
func (s *Store) write(ctx context.Context, alone bool, fn func(*Tx) error) error {
	if alone || !s.kind.postgres() {
		select {
		case s.gate <- struct{}{}:
			defer func() { <-s.gate }()
		case <-ctx.Done():
			return fmt.Errorf("wait for the writer's place: %w", ctx.Err())
		}
	}
	return s.transact(ctx, s.writer, nil, alone, fn)
}

func (s *Store) transact(ctx context.Context, db *gorm.DB, o *sql.TxOptions, alone bool, fn func(*Tx) error) (err error) {
	var opts []*sql.TxOptions
	if o != nil {
		opts = append(opts, o)
	}
	var k *known
	if db == s.writer && (alone || !s.kind.postgres()) { // elsewhere others write beside it
		ctx, k = withKnown(ctx)
	}
	g := db.WithContext(ctx).Begin(opts...)
	if g.Error != nil {
		return fmt.Errorf("begin: %w", g.Error)
	}
	done := false
	defer func() {
		if !done { // an error, a panic, or the goroutine's end
			_ = g.Rollback().Error // what went wrong before is what counts
		}
	}()
	if alone && s.kind.postgres() {
		if err := g.Exec("SELECT pg_advisory_xact_lock(?)", s.lockKey+lockWriter).Error; err != nil {
			return fmt.Errorf("wait for the writer's place: %w", err)
		}
	}
	tx := &Tx{ctx: ctx, db: g, store: s, known: k, boards: map[int64]*BoardWrites{}}
	if err := tx.tell(); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	if err := g.Commit().Error; err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	done = true
	s.raise(tx.Now)
	return nil
}

// Locks told apart by the low byte of the key.
const (
	lockWriter = iota
	lockClaim
	lockMigrate
)

// raise remembers the latest time stored.
func (s *Store) raise(now models.Instant) {
	for {
		old := s.high.Load()
		if int64(now) <= old || s.high.CompareAndSwap(old, int64(now)) {
			return
		}
	}
}

// HighWater is the latest world time stored, 0 in an empty database: a pretend
// clock starts no earlier.
func (s *Store) HighWater(ctx context.Context) (models.Instant, error) {
	var at models.Instant
	err := s.Read(ctx, func(tx *Tx) error {
		var err error
		at, err = tx.latest()
		return err
	})
	return max(at, models.Instant(s.high.Load())), err
}

// Tx is one transaction. Now is the world time at its beginning, never below
// the latest time stored; MachineMS the machine time, unix milliseconds.
type Tx struct {
	Now       models.Instant
	MachineMS int64
	// Reach, while it is not 0, is the act to many that everything queued for a
	// person belongs to.
	Reach int64
	// AskFirst lets a decision stop here to have Slack asked about people, and
	// be made anew; false when it has been asked, or nobody waits for it.
	AskFirst bool

	ctx   context.Context
	db    *gorm.DB
	store *Store
	depth int // of savepoints
	// boards is what was written of calls, shared with the savepoints inside.
	boards map[int64]*BoardWrites
	// known is what was read and stays as it is; nil where nothing is written.
	known *known
}

// ErrNotFound says that there is no such row.
var ErrNotFound = errors.New("not found")

// tell sets the transaction's two times.
func (tx *Tx) tell() error {
	latest, err := tx.latest()
	if err != nil {
		return err
	}
	tx.Now = max(models.At(tx.store.world()), models.Instant(tx.store.high.Load()), latest)
	tx.MachineMS = tx.store.machine().UnixMilli()
	return nil
}

// latest is the latest time any process has entered in the record. Entries
// never go back in time, so the last one is enough, and a lookup by primary
// key is cheap.
func (tx *Tx) latest() (models.Instant, error) {
	at, err := tx.numbers("SELECT entered_at FROM entries ORDER BY id DESC LIMIT 1")
	if err != nil {
		return 0, fmt.Errorf("latest entry: %w", err)
	}
	if len(at) == 0 {
		return 0, nil
	}
	return models.Instant(at[0]), nil
}

// Savepoint runs fn so that its error undoes what it wrote and nothing else.
// A panic undoes the same and goes on.
func (tx *Tx) Savepoint(fn func(*Tx) error) error {
	inner := *tx
	inner.depth++
	name := fmt.Sprintf("sp%d", inner.depth)
	if _, err := tx.run("SAVEPOINT " + name); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	kept := false
	defer func() {
		if !kept {
			tx.undone()
			_, _ = tx.run("ROLLBACK TO SAVEPOINT " + name)
			_, _ = tx.run("RELEASE SAVEPOINT " + name)
		}
	}()
	if err := fn(&inner); err != nil {
		return err
	}
	if _, err := tx.run("RELEASE SAVEPOINT " + name); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	kept = true
	return nil
}

// machineIn is the machine time d from the transaction's beginning, unix ms.
func (tx *Tx) machineIn(d time.Duration) int64 { return tx.MachineMS + d.Milliseconds() }

// one is the first row of q, or ErrNotFound.
func one[T any](q *gorm.DB) (T, error) {
	var rows []T
	var none T
	if err := q.Limit(1).Find(&rows).Error; err != nil {
		return none, err
	}
	if len(rows) == 0 {
		return none, ErrNotFound
	}
	return rows[0], nil
}

// many is all rows of q.
func many[T any](q *gorm.DB) ([]T, error) {
	var rows []T
	err := q.Find(&rows).Error
	return rows, err
}
