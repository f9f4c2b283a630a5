package store_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// eachBench measures both databases; PostgreSQL where one is named.
func eachBench(b *testing.B, fn func(b *testing.B, s *store.Store, c storetest.Clocks)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) {
		s, c := storetest.New(b)
		fn(b, s, c)
	})
	if os.Getenv("MUSTER_TEST_POSTGRES") == "" {
		return
	}
	b.Run("postgres", func(b *testing.B) {
		c := storetest.NewClocks()
		fn(b, storetest.Open(b, storetest.Postgres(b), c), c)
	})
}

func benchTenant(b *testing.B, s *store.Store) (t models.Tenant) {
	b.Helper()
	err := s.InTx(b.Context(), func(tx *store.Tx) error {
		var err error
		t, err = tx.EnsureTenant("T1", models.Tenant{})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return t
}

// BenchmarkCommit is the ceiling of everything that is stored: one small row
// and one durable commit of the same driver with the same settings, one after
// the other.
func BenchmarkCommit(b *testing.B) {
	eachBench(b, func(b *testing.B, s *store.Store, _ storetest.Clocks) {
		i := 0
		for b.Loop() {
			i++
			if err := s.Exec("INSERT INTO deliveries (key, seen_at) VALUES (?, ?)", fmt.Sprintf("bare:%d", i), i); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
	})
}

// BenchmarkDecision is what an act usually writes: its delivery, a row with an
// entry, a message.
func BenchmarkDecision(b *testing.B) {
	eachBench(b, func(b *testing.B, s *store.Store, _ storetest.Clocks) {
		t := benchTenant(b, s)
		i := 0
		for b.Loop() {
			i++
			err := s.InTx(b.Context(), func(tx *store.Tx) error {
				if _, err := tx.Deliver(fmt.Sprintf("evt:%d", i)); err != nil {
					return err
				}
				u := models.Unit{TenantID: t.ID, Name: "送水队", Type: "team"}
				if err := tx.Save(models.By{TenantID: t.ID, Action: "unit_add"}, &u); err != nil {
					return err
				}
				_, err := tx.Enqueue(models.Message{TenantID: t.ID, Key: fmt.Sprintf("m:%d", i), Kind: "card", Channel: "C1"})
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
	})
}

// BenchmarkDueTick is one tick over 1,000,000 stored dues of which 1,000 are
// due, each moved on by a week as a recurring reminder is.
func BenchmarkDueTick(b *testing.B) {
	const stored, due = 1_000_000, 1000
	eachBench(b, func(b *testing.B, s *store.Store, c storetest.Clocks) {
		t := benchTenant(b, s)
		now := models.At(c.World.Now())
		fillDues(b, s, t.ID, stored, now)
		var took time.Duration
		for b.Loop() {
			b.StopTimer()
			if err := s.Exec("UPDATE dues SET due_at = ? WHERE id IN (SELECT id FROM dues ORDER BY id LIMIT ?)", now, due); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			for done := 0; done < due; {
				n, err := s.ClaimDue(context.Background(), 100, store.DueRules{One: func(tx *store.Tx, d models.Due) error {
					d.DueAt = d.DueAt.Add(7 * 24 * time.Hour)
					return tx.Plan(d)
				}})
				if err != nil || n == 0 {
					b.Fatalf("%d: %v", n, err)
				}
				done += n
			}
			took = b.Elapsed()
		}
		b.ReportMetric(took.Seconds()*1000/float64(b.N), "ms/tick")
	})
}

// fillDues stores n rows that are due from tomorrow on, one statement for all.
func fillDues(b *testing.B, s *store.Store, tenant int64, n int, now models.Instant) {
	b.Helper()
	series := "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ?) SELECT i FROM s"
	if s.Dialect() == "postgres" {
		series = "SELECT i FROM generate_series(1, CAST(? AS INTEGER)) AS s(i)"
	}
	err := s.Exec(`INSERT INTO dues (tenant_id, key, kind, ref_id, person_id, due_at)
		SELECT ?, 'study:remind:' || i, 'remind', i, i, CAST(? AS BIGINT) + i FROM (`+series+`) AS x`, tenant, now.Add(24*time.Hour), n)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Exec("ANALYZE"); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkClaim claims and settles 50 messages of 10,000 that wait in 2,000
// conversations.
func BenchmarkClaim(b *testing.B) {
	eachBench(b, func(b *testing.B, s *store.Store, _ storetest.Clocks) {
		t := benchTenant(b, s)
		err := s.InTx(b.Context(), func(tx *store.Tx) error {
			for i := range 10_000 {
				if _, err := tx.Enqueue(models.Message{TenantID: t.ID, Key: fmt.Sprintf("m:%d", i), Kind: "card", Channel: fmt.Sprintf("D%d", i%2000)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			got, err := s.ClaimMessages(b.Context(), "me", 50, time.Minute)
			if err != nil || len(got) != 50 {
				b.Fatalf("%d: %v", len(got), err)
			}
			b.StopTimer() // settling is a commit each, as measured above
			if err := s.Exec("UPDATE messages SET state = 'queued', holder = '' WHERE state = 'sending'"); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	})
}

// BenchmarkSeal seals one new entry where 100,000 are sealed already.
func BenchmarkSeal(b *testing.B) {
	eachBench(b, func(b *testing.B, s *store.Store, _ storetest.Clocks) {
		t := benchTenant(b, s)
		note := func(n int) {
			err := s.InTx(b.Context(), func(tx *store.Tx) error {
				for range n {
					if err := tx.Note(models.By{TenantID: t.ID, Action: "said"}, "call", 1, nil, nil); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		note(100_000)
		if _, err := s.Seal(b.Context(), t.ID); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			b.StopTimer()
			note(1)
			b.StartTimer()
			if n, err := s.Seal(b.Context(), t.ID); n != 1 || err != nil {
				b.Fatal(n, err)
			}
		}
	})
}
