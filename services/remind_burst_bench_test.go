package services

import (
	"strconv"
	"testing"
	"time"

	"muster/models"
	"muster/store"
)

// BenchmarkHundredThousandRemindersAtEight is the morning: everybody has a
// reminder to themselves at 08:00, and nine times as many are planned for later.
func BenchmarkHundredThousandRemindersAtEight(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		c := newCrowd(b, false)
		eight := c.clocks.World.Now().Truncate(24 * time.Hour).Add(48 * time.Hour)
		c.atEight(models.At(eight))
		c.clocks.World.Set(eight)
		b.StartTimer()
		c.watched("eight", c.run)
		b.StopTimer()
		var queued int
		c.must(c.st.Read(b.Context(), func(tx *store.Tx) error {
			counts, err := tx.OutboxCounts(1)
			queued = counts.Queued
			return err
		}))
		if queued != c.n {
			b.Fatalf("%d of %d reminders are queued", queued, c.n)
		}
		b.StartTimer()
	}
}

// atEight gives everybody a daily reminder of their own that is due at a time,
// and plans ten times as much in all.
func (c *crowd) atEight(at models.Instant) {
	c.b.Helper()
	for from := 0; from < c.n; from += 2000 {
		c.must(c.st.InTx(c.b.Context(), func(tx *store.Tx) error {
			var later []models.Due
			for i := from; i < min(from+2000, c.n); i++ {
				r := models.Reminder{TenantID: 1, Number: i + 1, ByID: int64(i + 2), PersonID: int64(i + 2), Text: "带表格", State: models.ReminderActive,
					RRule: "FREQ=DAILY", Wall: at.Time().In(time.UTC).Format("2006-01-02T15:04"), Zone: "UTC", CreatedAt: tx.Now, NextAt: at}
				if err := tx.Save(models.By{TenantID: 1, ActorID: r.PersonID, Action: "remind_add"}, &r); err != nil {
					return err
				}
				if err := planRemind(tx, r); err != nil {
					return err
				}
				for k := range 9 {
					later = append(later, models.Due{TenantID: 1, Key: "later:" + strconv.Itoa(i) + ":" + strconv.Itoa(k), Kind: models.DueRemind, RefID: int64(i + 1),
						PersonID: int64(i + 2), DueAt: at.Add(time.Duration(48+i%9000) * time.Hour)})
				}
			}
			return tx.PlanAll(later)
		}))
	}
}
