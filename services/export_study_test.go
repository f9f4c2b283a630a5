package services

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// The whole course of a session, and its export, on both databases.
func TestStudyOnBothDatabases(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, c storetest.Clocks) {
		b := newBranchOn(t, st, c)
		in := lesson("2026-11-25 19:30")
		in.RRule, in.Makeup, in.Slots = "FREQ=WEEKLY;BYDAY=WE", 3, []models.Slot{{Days: 1, Minute: 600, Length: 90}}
		plan := b.open(in)
		b.until(sh("2026-11-25 19:15"))
		start := sh("2026-11-25 19:30")
		li := b.attendance("Uli", plan.Study.ID, start)
		if _, err := b.svc.CheckIn(t.Context(), b.act("Uli"), li.ID); err != nil {
			t.Fatal(err)
		}
		wang := b.attendance("Uwang", plan.Study.ID, start)
		if _, err := b.svc.ChooseSlot(t.Context(), b.act("Uwang"), wang.ID, 1); err != nil {
			t.Fatal(err)
		}
		b.until(sh("2026-11-26 10:00"))
		if got, err := b.svc.CheckIn(t.Context(), b.act("Uwang"), wang.ID); err != nil || got.Minutes != 60 {
			t.Fatalf("checked in to the other time: %v, %d minutes", err, got.Minutes)
		}
		b.until(sh("2026-11-26 13:00"))
		if _, err := b.svc.HeldStudy(t.Context(), b.act("Uchen"), plan.Study.Number, true); err != nil {
			t.Fatal(err)
		}
		b.until(sh("2026-11-30 12:00"))
		rows := map[string][][]any{}
		for kind, write := range map[string]rowsFunc{"study": b.svc.studyRows, "attendance": b.svc.attendanceRows} {
			err := st.Read(t.Context(), func(tx *store.Tx) error {
				tenant, err := tx.TenantByExternal("T1")
				if err != nil {
					return err
				}
				return write(tx, tenant, models.ExportQuery{To: models.At(sh("2026-12-01 00:00"))}, func(row []any) error {
					rows[kind] = append(rows[kind], row)
					return nil
				})
			})
			if err != nil {
				t.Fatalf("export %s: %v", kind, err)
			}
		}
		moment := func(at string) models.Moment { return models.Moment{At: models.At(sh(at)), Zone: "Asia/Shanghai"} }
		none := models.Moment{Zone: "Asia/Shanghai"}
		want := map[string][][]any{
			"study": {{"s1", "支部学习：骑手服务案例", "FREQ=WEEKLY;BYDAY=WE", "Asia/Shanghai", moment("2026-11-25 19:30"), 60, 1.0, "城东支部", 3, "active", "Uchen"}},
			"attendance": {
				{"s1", "支部学习：骑手服务案例", moment("2026-11-25 19:30"), "Uchen", "陈琳", "城东支部", "absent", 0, none, false, 0.0},
				{"s1", "支部学习：骑手服务案例", moment("2026-11-25 19:30"), "Uli", "李师傅", "城东支部", "attended", 0, moment("2026-11-25 19:15"), false, 1.0},
				{"s1", "支部学习：骑手服务案例", moment("2026-11-26 10:00"), "Uwang", "王敏", "城东支部", "attended", 1, moment("2026-11-26 10:00"), false, 1.0}},
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("exports (-want +got):\n%s", diff)
		}
	})
}
