package services

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
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
	if got := at.In(zone).Format("2006-01-02 15:04"); !ok || got != "2026-11-30 07:00" { // 23:30 is in the night
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

// What a number opens is as many rows, and as much, as the number says.
func TestEveryNumberOpensItsRows(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		st, clocks := storetest.New(t)
		rng := rand.New(rand.NewPCG(seed, 5))
		b := fill(t, st, rng, models.At(clocks.World.Now()))
		period := models.PeriodOf(models.PeriodMonth, models.At(clocks.World.Now()), models.Zone("Asia/Shanghai"))
		must(t, st.Read(t.Context(), func(tx *store.Tx) error {
			for _, unit := range []models.Unit{{}, b.units[0], b.units[3]} {
				units, err := under(tx, b.tenant.ID, unit.ID)
				if err != nil {
					return err
				}
				sum, err := summarize(tx, b.tenant.ID, period, unit)
				if err != nil {
					return err
				}
				sum.Total.People = models.RateFloor // all figures, however few people
				for _, f := range sum.Figures() {
					rows, total, err := tx.FigureRows(f.Name, b.tenant.ID, period, units, 10000, 0)
					if err != nil {
						return err
					}
					if got := comeTo(f.Name, rows); got != f.Value || total != len(rows) {
						t.Errorf("seed %d unit %d: %s is %d, its %d (%d) rows say %d", seed, unit.ID, f.Name, f.Value, total, len(rows), got)
					}
				}
			}
			return nil
		}))
	}
}

// comeTo is what rows come to.
func comeTo(name string, rows []models.FigureRow) int {
	sum, people := 0, map[int64]bool{}
	for _, r := range rows {
		sum += r.Number
		people[r.PersonID] = true
	}
	switch name {
	case models.FigureVolunteers:
		return len(people)
	case models.FigureHours, models.FigureWaiting, models.FigureServed, models.FigureShort:
		return sum
	}
	return len(rows)
}

// Names are for organizers and leaders, rows for who may read the figures, and
// the table only for the former.
func TestWhoMayOpenTheNumbers(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := t.Context()
	for i := range 25 {
		to.opened(901+i, "2026-11-20 10:00")
	}
	to.must(to.store.InTx(ctx, func(tx *store.Tx) error {
		tenant, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.EnsurePerson(tenant.ID, "UVIEW")
		if err != nil {
			return err
		}
		return tx.Save(models.By{TenantID: tenant.ID, Action: "test"}, &models.Right{TenantID: tenant.ID, PersonID: p.ID, Role: models.RoleViewer})
	}))
	shown, err := to.svc.PreviewSummary(ctx, to.by("UCHEN"), SummaryAsk{Kind: models.PeriodMonth})
	to.must(err)
	id := shown.Posting.ID
	for _, c := range []struct {
		who   string
		id    int64
		name  string
		want  string
		named bool
	}{
		{"UCHEN", id, "calls", "", true}, {"UVIEW", id, "calls", "", false}, {"U1", id, "calls", "error.not_organizer", false},
		{"UCHEN", 999, "calls", "error.not_yours", false}, {"UCHEN", id, "nonsense", "posted.no_figure", false},
	} {
		got, err := to.svc.SummaryRows(ctx, to.by(c.who), c.id, c.name, 0)
		if (err != nil || c.want != "") && refusal(err) != c.want || got.Names != c.named {
			t.Errorf("%s %d %s: %v, names %v", c.who, c.id, c.name, err, got.Names)
		}
	}
	second, err := to.svc.SummaryRows(ctx, to.by("UCHEN"), id, "calls", 1)
	to.must(err)
	if second.Total != shown.Now.CallsOpened || len(second.Rows) != second.Total-20 || second.Pages != 2 {
		t.Errorf("page 2 of %d: %d rows, %d pages", second.Total, len(second.Rows), second.Pages)
	}
	if err := to.svc.SummaryTable(ctx, to.by("UVIEW"), id); refusal(err) != "error.not_organizer" {
		t.Errorf("a viewer takes the table: %v", err)
	}
	to.must(to.svc.SummaryTable(ctx, to.by("UCHEN"), id))
	files := 0
	to.must(to.store.Read(ctx, func(tx *store.Tx) error {
		for id := int64(1); id < 100; id++ {
			if m, err := tx.MessageByID(id); err == nil && m.Kind == models.MessageExport {
				files++
			}
		}
		return nil
	}))
	if files != 3 {
		t.Errorf("%d files", files)
	}
}
