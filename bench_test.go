package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/sandbox"
	"muster/store"
)

// The ceiling of everything that is stored first: bare commits of one row, same
// driver, same settings, same disk.
func BenchmarkCeilingBareCommit(b *testing.B) {
	ctx := context.Background()
	st, err := store.Open(ctx, store.Options{DSN: filepath.Join(b.TempDir(), "bare.db"), World: time.Now, Machine: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	if err := st.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for i := range b.N {
		err := st.InTx(ctx, func(tx *store.Tx) error {
			_, err := tx.Deliver(fmt.Sprintf("bench:%d", i))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// Sign-up from the envelope on the socket to its acknowledgement, 20 people
// pressing at a time on one card with places for half of them: decode, route,
// one transaction with its entry, messages and touched card, acknowledge.
func BenchmarkSignupEnvelopeToAcknowledged(b *testing.B) {
	people := func(w *sandbox.World) {
		for i := range b.N {
			id := fmt.Sprintf("UB%06d", i)
			w.AddUser(sandbox.User{ID: id, Name: id, RealName: id})
			w.As(id).Join(sampleCalls)
		}
	}
	s := tell(b, withPeople(people), withSandbox(func(o *sandbox.Options) { o.Limits = &sandbox.Limits{Off: true} }))
	s.says(sampleAdmin, sampleCalls, fmt.Sprintf("招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: %d", max(b.N/2, 1)))
	card := s.sees(sampleCalls, "装沙袋")
	s.settles() // joining the channel was work of its own
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	b.ResetTimer()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				out := s.As(fmt.Sprintf("UB%06d", i)).Press(card, "call_join")
				if !out.Acked {
					b.Errorf("press %d was not acknowledged: %s", i, out.Refused)
				}
				took[i] = out.Took
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "signups/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
