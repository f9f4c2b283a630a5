package services

import (
	"fmt"
	"testing"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// One decision after another on a call that fills up: what a sign-up costs
// without Slack around it. Beside it, the bare commit that bounds it.
func BenchmarkSignUp(b *testing.B) {
	for _, before := range []int{0, 1000} {
		b.Run(fmt.Sprintf("after %d", before), func(b *testing.B) {
			st, clocks := storetest.New(b)
			to := newTown(b, st, clocks)
			call := to.open(clinicSpec(models.Need{Role: "引导员", Most: 100}))
			for i := range before {
				to.join(fmt.Sprintf("UA%06d", i), call.Roles[0].ID)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				to.join(fmt.Sprintf("UB%06d", i), call.Roles[0].ID)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "signups/s")
		})
	}
	b.Run("bare commit", func(b *testing.B) {
		st, _ := storetest.New(b)
		for i := range b.N {
			err := st.InTx(b.Context(), func(tx *store.Tx) error {
				_, err := tx.Deliver(fmt.Sprintf("bench:%d", i))
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
	})
}
