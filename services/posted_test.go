package services

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// corrections are the corrections ever queued, by key.
func (to *town) corrections() map[string]string {
	to.t.Helper()
	out := map[string]string{}
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		for id := int64(1); id < 300; id++ {
			m, err := tx.MessageByID(id)
			if err != nil || m.Kind != models.MessageCorrected {
				continue
			}
			var args models.CorrectedArgs
			if err := json.Unmarshal(m.Args, &args); err != nil {
				return err
			}
			out[m.Key] = fmt.Sprintf("%v %v %s in %s", args.Changes, args.Early, m.ThreadTS, m.Channel)
		}
		return nil
	}))
	return out
}

// opened is a call that counts as opened at wall, entered now.
func (to *town) opened(number int, wall string) {
	to.t.Helper()
	to.must(to.store.InTx(context.Background(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		return tx.Save(models.By{TenantID: t.ID, Action: "test"}, &models.Call{TenantID: t.ID, Number: number, Kind: models.CallCare,
			State: "done", CreatedAt: models.At(sh(wall))})
	}))
}

func TestWhatChangedSinceIsSaidOnceADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		to.openDigest(monday("<#CSUM>"))
		to.at("2026-11-30 09:00")
		to.living()
		posted, err := to.svc.SummaryByPosting(t.Context(), 1)
		to.must(err)
		to.at("2026-12-01 09:00")
		to.living()
		if diff := cmp.Diff(map[string]string{}, to.corrections()); diff != "" {
			t.Error("nothing changed:", diff)
		}
		to.opened(901, "2026-11-25 10:00")
		to.opened(902, "2026-11-26 10:00")
		for _, wall := range []string{"2026-12-01 12:00", "2026-12-02 09:00", "2026-12-02 20:00", "2026-12-03 09:00"} {
			to.at(wall)
			to.living()
		}
		to.opened(903, "2026-11-27 10:00")
		to.at("2026-12-05 03:00") // down for a day and a half, up again at night
		to.living()
		to.at("2026-12-05 06:59")
		to.living()
		want := map[string]string{"corrected:1:2026-12-02": "[{calls 0 2}] false 1.000001 in CSUM"}
		got := to.corrections()
		for k, v := range got {
			t.Log(k, v)
		}
		if len(got) != 1 || got["corrected:1:2026-12-02"][:19] != want["corrected:1:2026-12-02"][:19] {
			t.Errorf("%v", got)
		}
		to.at("2026-12-05 07:00")
		to.living()
		if got := to.corrections()["corrected:1:2026-12-05"]; got == "" || got[:13] != "[{calls 2 3}]" {
			t.Errorf("at the end of the night: %q", got)
		}
		again, err := to.svc.SummaryByPosting(t.Context(), 1)
		to.must(err)
		if diff := cmp.Diff(posted.Now, again.Now); diff != "" {
			t.Error("what was posted changed:", diff)
		}
	})
}

// A summary is looked at until sixty days after its period, then left alone.
func TestCorrectionsEnd(t *testing.T) {
	t.Parallel()
	zone := models.Zone("Asia/Shanghai")
	tenant := models.Tenant{Zone: "Asia/Shanghai", QuietStart: 22 * 60, QuietEnd: 7 * 60}
	p := models.Posting{Kind: models.PeriodWeek, Start: models.At(sh("2026-11-23 00:00")), End: models.At(sh("2026-11-30 00:00")), DueAt: models.At(sh("2026-11-27 23:30"))}
	at, ok := p.NextLook(tenant, models.At(sh("2026-11-27 23:30")))
	if got := at.In(zone).Format("2006-01-02 15:04"); !ok || got != "2026-12-01 07:00" { // Monday 23:30 is in the night
		t.Errorf("first look %s %v", got, ok)
	}
	days := 0
	for ; ok && days < 200; days++ {
		at, ok = p.NextLook(tenant, at)
	}
	if days < 58 || days > 60 {
		t.Errorf("%d looks", days)
	}
}

// Two copies on one database say it once.
func TestTwoCopiesCorrectOnce(t *testing.T) {
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		clocks := storetest.NewClocks()
		to := newTown(t, storetest.Open(t, dsn, clocks), clocks)
		other := New(storetest.Open(t, dsn, clocks), Options{Random: to.svc.random, Defaults: to.svc.cfg})
		to.openDigest(monday("<#CSUM>"))
		to.at("2026-11-30 09:00")
		to.living()
		for i, day := range []int{1, 2, 3} {
			to.opened(901+i, "2026-11-25 10:00")
			to.at(fmt.Sprintf("2026-12-%02d 09:30", day))
			var wait sync.WaitGroup
			for _, svc := range []*Services{to.svc, other, to.svc, other} {
				wait.Go(func() {
					for range 4 {
						if _, err := svc.RunDue(context.Background()); err != nil {
							t.Errorf("due: %v", err)
						}
					}
				})
			}
			wait.Wait()
		}
		if got := to.corrections(); len(got) != 3 {
			t.Errorf("%v", got)
		}
	})
}
