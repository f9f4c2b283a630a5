package services

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// An admin keeps the units without any file: makes one, puts people in, moves
// it, takes people out. Nobody else may.
func TestUnitsAreKeptInChat(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		if _, err := to.svc.SaveUnit(ctx, to.by("UCHEN"), UnitEdit{Name: "x"}); refusal(err) != "error.not_admin" {
			t.Errorf("an organizer makes a unit: %v", err)
		}
		if _, err := to.svc.Units(ctx, to.by("UCHEN")); refusal(err) != "error.not_admin" {
			t.Errorf("an organizer reads the ledger: %v", err)
		}
		top, err := to.svc.SaveUnit(ctx, to.by("UADMIN"), UnitEdit{Name: " 联合  党委 ", Leader: "UCHEN"})
		to.must(err)
		low, err := to.svc.SaveUnit(ctx, to.by("UADMIN"), UnitEdit{Name: "骑手支部", ParentID: top.ID, Join: []string{"U1", "U2", "U3"},
			Windows: []models.Window{{Start: 600, End: 660}}})
		to.must(err)
		if top.Name != "联合 党委" || to.unitOf("U2") != "骑手支部" || !to.personOf("U2").Member {
			t.Errorf("%+v, U2 in %q", top, to.unitOf("U2"))
		}
		for want, in := range map[string]UnitEdit{
			"unit.ring":       {ID: top.ID, Name: "联合 党委", ParentID: low.ID},
			"unit.name_taken": {Name: "骑手支部"},
			"unit.bad_name":   {Name: strings.Repeat("长", 61)},
			"unit.gone":       {ID: 4711, Name: "x"},
		} {
			if _, err := to.svc.SaveUnit(ctx, to.by("UADMIN"), in); refusal(err) != want {
				t.Errorf("%s: %v", want, err)
			}
		}
		_, err = to.svc.SaveUnit(ctx, to.by("UADMIN"), UnitEdit{ID: low.ID, Name: "外卖骑手支部", ParentID: top.ID, Leave: []string{"U3", "UCHEN"}, Join: []string{"U4"}})
		to.must(err)
		all, err := to.svc.Units(ctx, to.by("UADMIN"))
		to.must(err)
		var got []string
		for _, r := range all.Rows {
			got = append(got, strings.Repeat("-", r.Depth)+r.Name+" "+r.Leader.Slack()+" "+id(int64(r.Members))+"/"+id(int64(r.All)))
		}
		if diff := cmp.Diff([]string{"联合 党委 UCHEN 0/3", "-外卖骑手支部  3/3"}, got); diff != "" {
			t.Errorf("the ledger (-want +got):\n%s", diff)
		}
		if len(all.Gaps) != 1 || all.Gaps[0].Kind != models.GapLeader || all.Outside != 3 {
			t.Errorf("gaps %+v, %d outside", all.Gaps, all.Outside)
		}
		if to.unitOf("U3") != "" {
			t.Error("U3 is still in")
		}
		to.sound()
	})
}

// The exports of members and units have the columns of the contract, and a
// leader gets those of their unit.
func TestMembersAndUnitsAreExported(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	to.importUnits(false, unitLine(2, func(u *models.UnitLine) { u.Name, u.Leader = "司机支部", "UWANG" }),
		unitLine(3, func(u *models.UnitLine) {
			u.Name, u.Parent, u.Type, u.JointOf = "一组", "司机支部", "group", []string{"司机支部"}
		}))
	to.importMembers(false, member(2, func(m *models.MemberLine) {
		m.Slack, m.Name, m.Unit, m.Duty, m.Lang, m.Areas = "U1", "张三", "一组", "leader", "en", []string{"城东", "绿城"}
		m.Skills, m.Windows = []models.SkillLine{{Name: "装卸"}, {Name: "医生", Verified: true, Until: "2026-12-31"}}, []models.Window{{Start: 600, End: 660}}
	}), member(3, func(m *models.MemberLine) { m.Email, m.Name = "li@example.org", "李四" }))
	rows := func(kind string, unit int64) (out [][]any) {
		head := []string(nil)
		to.must(to.svc.Export(ctx, "T1", 0, models.ExportQuery{Kind: kind, UnitID: unit}, func(c []string) error { head = c; return nil },
			func(row []any) error {
				if len(row) != len(head) {
					t.Errorf("%s: %d cells under %d columns", kind, len(row), len(head))
				}
				out = append(out, row)
				return nil
			}))
		return out
	}
	group := to.unitNamed("一组")
	got := rows("members", group.ID)
	want := [][]any{{"U1", "张三", "一组", "member", "leader", "装卸;医生*2026-12-31", "城东;绿城", "en", "Asia/Shanghai", "10:00-11:00", "", 0.0, 0.0, 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if all := rows("members", 0); len(all) != 3 { // U1, Li, and Wang who leads; Chen and the admin never used Muster
		t.Errorf("%d members: %v", len(all), all)
	}
	wantUnits := [][]any{{to.unitNamed("司机支部").ID, "司机支部", "", "", "UWANG", 0, ""}, {group.ID, "一组", "司机支部", "group", "", 1, "司机支部"}}
	if diff := cmp.Diff(wantUnits, rows("units", 0)); diff != "" {
		t.Errorf("units (-want +got):\n%s", diff)
	}
	to.must(to.svc.AskExport(ctx, to.by("UWANG"), models.ExportQuery{Kind: "members"}, "", "csv", false))
	if err := to.svc.AskExport(ctx, to.by("U1"), models.ExportQuery{Kind: "members"}, "", "csv", false); refusal(err) != "error.not_organizer" {
		t.Errorf("a member takes the list: %v", err)
	}
}
