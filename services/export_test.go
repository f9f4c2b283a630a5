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

// exported are the columns of a kind, and its rows by column name.
func (to *town) exported(q models.ExportQuery) (columns []string, rows []map[string]any) {
	to.t.Helper()
	err := to.svc.Export(context.Background(), "T1", 0, q, func(head []string) error {
		columns = head
		return nil
	}, func(row []any) error {
		if len(row) != len(columns) {
			to.t.Fatalf("%d cells under %d columns", len(row), len(columns))
		}
		named := map[string]any{}
		for i, c := range columns {
			named[c] = row[i]
		}
		rows = append(rows, named)
		return nil
	})
	to.must(err)
	return columns, rows
}

func moment(wall string) models.Moment {
	return models.Moment{At: models.At(sh(wall)), Zone: "Asia/Shanghai"}
}

// Other programs read these columns: names and order are a promise.
func TestExportsHaveTheirColumns(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	for kind, want := range map[string]string{
		"calls":      "call_id, title, kind, state, urgent, drill, where, shift_start, shift_end, role, least, most, taken, waitlisted, created_by, created_at, filled_at",
		"signups":    "call_id, call_title, shift_start, shift_end, role, user_id, user_name, state, guests, position, signed_up_at, checked_in_at, checked_out_at, hours",
		"study":      "study_id, title, rule, zone, start, length_minutes, hours, audience, makeup_days, state, created_by",
		"attendance": "study_id, title, occurrence_start, user_id, user_name, unit, state, slot, at, late_entry, hours",
		"hours":      "user_id, user_name, unit, ledger, source_id, title, start, end, hours, grade, state, confirmed_by, confirmed_at",
		"audit":      "seq, at, entered_at, actor, action, thing, thing_id, summary, prev_hash, hash",
	} {
		columns, _ := to.exported(models.ExportQuery{Kind: kind})
		if diff := cmp.Diff(strings.Split(want, ", "), columns); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
	if err := to.svc.Export(context.Background(), "T1", 0, models.ExportQuery{Kind: "passwords"}, nil, nil); refusal(err) != "export.no_kind" {
		t.Errorf("another kind: %v", err)
	}
}

func TestCallsAndSignupsAreExported(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.open(clinicSpec(models.Need{Role: "医生", Least: 1, Most: 1}, models.Need{Role: "引导员", Least: 2, Most: 4}))
		to.join("U1", s.Roles[0].ID)
		to.join("U2", s.Roles[0].ID) // waits
		_, rows := to.exported(models.ExportQuery{Kind: "calls"})
		if len(rows) != 2 {
			t.Fatalf("%d rows of one shift and two roles", len(rows))
		}
		want := map[string]any{"call_id": "k1", "title": "社区爱心义诊", "kind": "care", "state": "open", "urgent": false, "drill": false, "where": "绿城社区",
			"shift_start": moment("2026-11-28 09:00"), "shift_end": moment("2026-11-28 11:30"), "role": "医生", "least": 1, "most": 1, "taken": 1, "waitlisted": 1,
			"created_by": "UCHEN", "created_at": moment("2026-11-23 10:00"), "filled_at": models.Moment{Zone: "Asia/Shanghai"}}
		if diff := cmp.Diff(want, rows[0]); diff != "" {
			t.Error(diff)
		}
		_, rows = to.exported(models.ExportQuery{Kind: "signups"})
		if len(rows) != 2 || rows[0]["user_id"] != "U1" || rows[0]["state"] != "confirmed" || rows[0]["position"] != "" ||
			rows[1]["state"] != "waitlisted" || rows[1]["position"] != 1 || rows[1]["hours"] != "" {
			t.Errorf("%v", rows)
		}
		for name, c := range map[string]struct {
			from, to string
			rows     int
		}{"that day": {"2026-11-28 00:00", "2026-11-29 00:00", 2}, "the day before": {"2026-11-27 00:00", "2026-11-28 00:00", 0}, "from later": {"2026-11-29 00:00", "2026-12-29 00:00", 0}} {
			_, rows := to.exported(models.ExportQuery{Kind: "calls", From: models.At(sh(c.from)), To: models.At(sh(c.to))})
			if len(rows) != c.rows {
				t.Errorf("%s: %d rows", name, len(rows))
			}
		}
	})
}

func TestTheRecordIsExported(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		s := to.open(clinicSpec(models.Need{Role: "医生", Most: 1}))
		to.join("U1", s.Roles[0].ID)
		_, rows := to.exported(models.ExportQuery{Kind: "audit"})
		if len(rows) != 0 {
			t.Errorf("%d entries that nobody sealed", len(rows))
		}
		to.must(to.svc.Seal(context.Background()))
		_, rows = to.exported(models.ExportQuery{Kind: "audit"})
		before := ""
		said := map[string]map[string]any{}
		for i, r := range rows {
			if r["seq"] != int64(i+1) || r["prev_hash"] != before && i > 0 {
				t.Errorf("row %d: %v", i, r)
			}
			before = r["hash"].(string)
			said[r["action"].(string)+" "+r["thing"].(string)] = r
		}
		join := said["signup_join signup"]
		if join["actor"] != "U1" || join["thing"] != "signup" || join["at"] != moment("2026-11-23 10:00") {
			t.Errorf("%v", join)
		}
		for _, words := range []string{"state=confirmed ", " guests=0 ", " role=1 ", " signed_at=2026-11-23T10:00:00+08:00"} {
			if !strings.Contains(join["summary"].(string), words) {
				t.Errorf("%q lacks %q", join["summary"], words)
			}
		}
		open := said["call_open call"]["summary"].(string)
		if !strings.HasPrefix(open, "state=open ") || !strings.Contains(open, "words=") || strings.Contains(open, "社区") || strings.Contains(open, "filled_at") {
			t.Errorf("%q", open)
		}
		if said["export export"]["actor"] != "muster" {
			t.Errorf("an export is an entry itself: %v", said["export export"])
		}
	})
}

func TestFactsInOneLine(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"op":"save","facts":{}}`: "",
		`{"op":"save","facts":{"role":12,"guests":0,"state":"confirmed","offer_until":0,"urgent":false}}`: "state=confirmed guests=0 role=12 urgent=no",
		`{"op":"remove","facts":{"role":"organizer","unit":0}}`:                                           "removed role=organizer unit=0",
		`{"op":"save","facts":{"title":"two words","x":"a=b"},"words":{"where":"ab","title":"cd"}}`:       `title="two words" x="a=b" words=title,where`,
		`{"op":"note","facts":{"from":1795363200000,"kind":"calls","list":[1,2],"map":{"b":1,"a":null}}}`: "from=2026-11-23T00:00:00+08:00 kind=calls list=1;2 map={a:,b:1}",
		`{"op":"save","facts":{"number":999999999999,"none":null,"empty":"","list":[]}}`:                  "number=999999999999",
	} {
		got, err := auditSummary(data, models.Zone("Asia/Shanghai"))
		if err != nil || got != want {
			t.Errorf("%s\nbecame %q, %v\nwant   %q", data, got, err, want)
		}
	}
	if _, err := auditSummary("not JSON", models.Zone("UTC")); err == nil {
		t.Error("what cannot be read was summed up")
	}
}

// A unit's export has the unit and what lies below it, and nothing else.
func TestAnExportOfAUnit(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		to.must(to.svc.Enrol(ctx, "T1", []UnitRow{{Name: "城东", Leader: "ULEAD"}, {Name: "一支部", Parent: "城东"}, {Name: "East – Branch"}}, nil))
		for _, name := range []string{"城东", "一支部", "East – Branch", "all"} {
			spec := clinicSpec(models.Need{Most: 1})
			spec.Title, spec.For = "为"+name, name
			to.open(spec)
		}
		tenant, err := to.svc.OnlyTenant(ctx, "")
		to.must(err)
		for unit, want := range map[string][]any{"": {"为城东", "为一支部", "为East – Branch", "为all"}, "城东": {"为城东", "为一支部"}, "East – Branch": {"为East – Branch"}} {
			q := models.ExportQuery{Kind: "calls"}
			if unit != "" {
				q.UnitID, err = to.svc.UnitID(ctx, tenant, unit)
				to.must(err)
			}
			_, rows := to.exported(q)
			var titles []any
			for _, r := range rows {
				titles = append(titles, r["title"])
			}
			if diff := cmp.Diff(want, titles); diff != "" {
				t.Errorf("unit %q: %s", unit, diff)
			}
		}
		if err := to.svc.Export(ctx, "T1", 0, models.ExportQuery{Kind: "audit", UnitID: 1}, nil, nil); refusal(err) != "export.no_unit" {
			t.Errorf("the record of a unit: %v", err)
		}
	})
}

func TestWhoMayExport(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	to.must(to.svc.Enrol(ctx, "T1", []UnitRow{{Name: "城东", Leader: "ULEAD"}, {Name: "西区"}}, nil))
	to.must(to.role("UVIEW", models.RoleViewer, "城东"))
	for _, c := range []struct {
		who, kind, unit string
		refused         string
		got             int64 // unit exported
	}{
		{"UCHEN", "signups", "", "", 0},
		{"UCHEN", "signups", "西区", "", 2},
		{"UCHEN", "audit", "", "", 0},
		{"UCHEN", "audit", "西区", "export.no_unit", 0},
		{"UCHEN", "hours", "", "", 0},
		{"ULEAD", "hours", "西区", "error.only_everywhere", 0},
		{"UVIEW", "hours", "", "error.not_organizer", 0},
		{"UCHEN", "stations", "", "export.no_kind", 0},
		{"UCHEN", "calls", "北区", "role.no_unit", 0},
		{"ULI", "calls", "", "error.not_organizer", 0},
		{"UVIEW", "calls", "", "error.not_organizer", 0}, // a viewer reads summaries, not names
		{"ULEAD", "calls", "", "", 1},
		{"ULEAD", "calls", "西区", "error.only_everywhere", 0},
		{"ULEAD", "audit", "", "error.only_everywhere", 0},
	} {
		act := to.by(c.who)
		err := to.svc.AskExport(ctx, act, models.ExportQuery{Kind: c.kind}, c.unit, "csv", false)
		if c.refused != "" {
			if refusal(err) != c.refused {
				t.Errorf("%s, %s of %q: %v, want %s", c.who, c.kind, c.unit, err, c.refused)
			}
			continue
		}
		to.must(err)
		m := to.message("export:" + id(to.personOf(c.who).ID) + ":" + act.Delivery)
		if m.Op != models.OpFile || !strings.Contains(string(m.Args), `"UnitID":`+id(c.got)) {
			t.Errorf("%s, %s of %q: %s", c.who, c.kind, c.unit, m.Args)
		}
	}
}

// A file that waited in a pause is not handed to who lost the right meanwhile.
func TestARightIsAskedAgainWhenTheFileIsMade(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	act := to.by("UCHEN")
	to.must(to.svc.AskExport(ctx, act, models.ExportQuery{Kind: "calls"}, "", "csv", false))
	m := to.message("export:" + id(to.personOf("UCHEN").ID) + ":" + act.Delivery)
	write := func() error {
		return to.svc.ExportAsked(ctx, m, models.ExportQuery{Kind: "calls"}, func([]string) error { return nil }, func([]any) error { return nil })
	}
	to.must(write())
	to.must(to.role("UCHEN", models.RoleMember, ""))
	if err := write(); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("it was made: %v", err)
	}
}
