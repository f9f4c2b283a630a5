// Package storetest gives tests a database of their own and a clock they hold.
package storetest

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"muster/store"
)

// Start is when a test's clock begins: Monday 2026-11-23, 10:00 in Shanghai.
var Start = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// Clock is a time that stands until the test moves it; safe for use at once.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock stands at t.
func NewClock(t time.Time) *Clock { return &Clock{at: t} }

// Now is a models.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set puts the clock at t, forward or back.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// Clocks are the two times of one test.
type Clocks struct{ World, Machine *Clock }

// NewClocks are both at Start.
func NewClocks() Clocks { return Clocks{World: NewClock(Start), Machine: NewClock(Start)} }

// Advance moves both on.
func (c Clocks) Advance(d time.Duration) {
	c.World.Advance(d)
	c.Machine.Advance(d)
}

// New is an empty migrated SQLite database in the test's own folder, with both
// clocks standing at Start. It is closed when the test ends.
func New(t testing.TB) (*store.Store, Clocks) {
	t.Helper()
	c := NewClocks()
	return Open(t, filepath.Join(t.TempDir(), "muster.db"), c), c
}

// Open opens and migrates the database at dsn with the clocks c; it is closed
// when the test ends.
func Open(t testing.TB, dsn string, c Clocks) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{DSN: dsn, World: c.World.Now, Machine: c.Machine.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}
