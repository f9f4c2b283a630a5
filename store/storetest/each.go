package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"net/url"
	"os"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver called pgx

	"muster/store"
)

// Each runs the same test on both databases, at once. On PostgreSQL it is
// skipped with a word unless MUSTER_TEST_POSTGRES names a server.
func Each(t *testing.T, fn func(t *testing.T, s *store.Store, c Clocks)) {
	t.Helper()
	EachDSN(t, func(t *testing.T, dsn string) {
		c := NewClocks()
		fn(t, Open(t, dsn, c), c)
	})
}

// EachDSN runs fn with the name of an empty database of each kind.
func EachDSN(t *testing.T, fn func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, t.TempDir()+"/muster.db")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t))
	})
}

// Postgres is the DSN of an empty schema of this test's own on the server that
// MUSTER_TEST_POSTGRES names; the schema goes when the test ends.
func Postgres(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv("MUSTER_TEST_POSTGRES")
	if dsn == "" {
		t.Skip("PostgreSQL not tested: MUSTER_TEST_POSTGRES names no server")
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("MUSTER_TEST_POSTGRES is not a postgres:// URL")
	}
	name := make([]byte, 8)
	_, _ = rand.Read(name)
	schema := "muster_" + hex.EncodeToString(name)
	admin, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.ExecContext(context.Background(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatalf("make a schema: %v", err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Errorf("drop the schema: %v", err)
		}
		_ = admin.Close()
	})
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}
