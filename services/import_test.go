package services

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// member is one line of a file that says only some things.
func member(line int, set func(*models.MemberLine)) models.MemberLine {
	m := models.MemberLine{Line: line, Said: map[string]bool{}}
	set(&m)
	for name, says := range map[string]bool{"unit": m.Unit != "", "duty": m.Duty != "", "lang": m.Lang != "", "skills": m.Skills != nil,
		"areas": m.Areas != nil, "windows": m.Windows != nil, "name": m.Name != "", "quiet": m.QuietStart != nil} {
		if says {
			m.Said[name] = true
		}
	}
	return m
}

func unitLine(line int, set func(*models.UnitLine)) models.UnitLine {
	u := models.UnitLine{Line: line, Said: map[string]bool{}}
	set(&u)
	for name, says := range map[string]bool{"parent": u.Parent != "", "type": u.Type != "", "leader": u.Leader != "", "windows": u.Windows != nil,
		"joint_of": u.JointOf != nil} {
		if says {
			u.Said[name] = true
		}
	}
	return u
}

func (to *town) importUnits(dry bool, lines ...models.UnitLine) (models.Imported, []string) {
	to.t.Helper()
	done, faults, err := to.svc.ImportUnits(context.Background(), "T1", lines, dry)
	to.must(err)
	return done, faultKeys(faults)
}

func (to *town) importMembers(dry bool, lines ...models.MemberLine) (models.Imported, []string) {
	to.t.Helper()
	done, faults, err := to.svc.ImportMembers(context.Background(), "T1", lines, dry)
	to.must(err)
	return done, faultKeys(faults)
}

func faultKeys(faults []models.Fault) (out []string) {
	for _, f := range faults {
		out = append(out, fmt.Sprintf("%d %s", f.Line, f.Err.Key))
	}
	return out
}

func counts(done models.Imported) [3]int { return [3]int{done.New, done.Changed, done.Same} }

func (to *town) unitNamed(name string) models.Unit {
	to.t.Helper()
	var u models.Unit
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		var err error
		u, err = tx.UnitByName(1, name)
		return err
	}))
	return u
}

func (to *town) unitOf(slackID string) string {
	to.t.Helper()
	var u models.Unit
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		p, err := tx.PersonBySlack(1, slackID)
		if err != nil {
			return err
		}
		u, err = tx.UnitOf(p.ID)
		return ignoreMissing(err)
	}))
	return u.Name
}

func (to *town) lookups() (out []string) {
	to.t.Helper()
	rows, err := to.store.ClaimLookups(context.Background(), 100, time.Nanosecond)
	to.must(err)
	for _, l := range rows {
		out = append(out, l.Kind+" "+l.Ref)
	}
	return out
}

// sealed holds the record against what is stored.
func (to *town) sound() {
	to.t.Helper()
	to.must(to.svc.Seal(context.Background()))
	b, err := to.store.Verify(context.Background(), 1)
	to.must(err)
	if !b.OK() {
		to.t.Errorf("the record does not hold: %+v", b)
	}
}

// A ledger of units and members comes in: first a dry run that writes nothing,
// then all of it, then again without any change.
func TestALedgerIsImportedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		morning := []models.Window{{Start: 600, End: 660}}
		units := []models.UnitLine{
			unitLine(2, func(u *models.UnitLine) { u.Name, u.Parent, u.Type = "外卖支部", "联合党委", "branch" }), // below one further down
			unitLine(3, func(u *models.UnitLine) { u.Name, u.Leader = "联合党委", "UCHEN" }),
			unitLine(4, func(u *models.UnitLine) {
				u.Name, u.Parent, u.Leader, u.Windows = "司机支部", "联合党委", "wang@example.org", morning
			}),
			unitLine(5, func(u *models.UnitLine) { u.Name, u.JointOf = "联合支部", []string{"外卖支部", "司机支部"} }),
		}
		for _, dry := range []bool{true, false} {
			if done, faults := to.importUnits(dry, units...); len(faults) > 0 || counts(done) != [3]int{4, 0, 0} {
				t.Fatalf("dry %v: %v %v", dry, done, faults)
			}
		}
		if done, _ := to.importUnits(false, units...); counts(done) != [3]int{0, 0, 4} {
			t.Errorf("the same file again: %+v", done)
		}
		if u := to.unitNamed("外卖支部"); u.ParentID != to.unitNamed("联合党委").ID || u.Type != "branch" {
			t.Errorf("%+v", u)
		}
		if u := to.unitNamed("联合支部"); cmp.Diff([]string{"外卖支部", "司机支部"}, u.JointOf) != "" {
			t.Errorf("%+v", u)
		}

		members := []models.MemberLine{
			member(2, func(m *models.MemberLine) {
				m.Slack, m.Name, m.Unit, m.Duty, m.Lang, m.Areas = "U1", "张三", "外卖支部", "leader", "en", []string{"城东"}
				m.Skills, m.Windows = []models.SkillLine{{Name: "装卸"}, {Name: "医生", Verified: true, Until: "2026-12-31"}}, morning
			}),
			member(3, func(m *models.MemberLine) { m.Email, m.Name, m.Unit = "li@example.org", "李四", "司机支部" }),
			member(4, func(m *models.MemberLine) { m.Slack, m.Unit = "UCHEN", "联合党委" }),
		}
		if done, faults := to.importMembers(true, members...); len(faults) > 0 || counts(done) != [3]int{2, 1, 0} {
			t.Fatalf("dry: %+v %v", done, faults)
		}
		if to.unitOf("UCHEN") != "" {
			t.Error("a dry run wrote")
		}
		if done, faults := to.importMembers(false, members...); len(faults) > 0 || counts(done) != [3]int{2, 1, 0} {
			t.Fatalf("%+v %v", done, faults)
		}
		if done, _ := to.importMembers(false, members...); counts(done) != [3]int{0, 0, 3} {
			t.Errorf("the same file again: %+v", done)
		}
		zhang := to.personOf("U1")
		if !zhang.Member || zhang.Name != "张三" || zhang.Duty != "leader" || zhang.Lang != "en" || to.unitOf("U1") != "外卖支部" {
			t.Errorf("%+v", zhang)
		}
		admin := to.personOf("UADMIN")
		want := []models.Skill{{Name: "装卸"}, {Name: "医生", VerifiedBy: admin.ID, Until: models.At(time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC))}}
		if diff := cmp.Diff(want, zhang.Skills); diff != "" || admin.ID == 0 {
			t.Errorf("skills (-want +got):\n%s", diff)
		}
		to.sound()
	})
}

// One bad row, and nothing of the file is applied; every bad row is named.
func TestABadFileChangesNothing(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	to.must(to.svc.LearnPerson(context.Background(), models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: "UBOT"}, PersonFacts{Slack: "UBOT", Name: "bot", Bot: true}))
	to.must(to.svc.LearnPerson(context.Background(), models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: "UGONE"}, PersonFacts{Slack: "UGONE", Name: "gone", Gone: true}))
	to.must(to.svc.LearnPerson(context.Background(), models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: "ULI"}, PersonFacts{Slack: "ULI", Name: "李四", Email: "Li@example.org"}))
	for _, tt := range []struct {
		name  string
		lines []models.MemberLine
		want  []string
	}{
		{"a unit that is not there", []models.MemberLine{member(2, func(m *models.MemberLine) { m.Slack, m.Unit = "U1", "没有" })}, []string{"2 import.no_unit"}},
		{"one person twice by id", []models.MemberLine{member(2, func(m *models.MemberLine) { m.Slack = "U1" }), member(3, func(m *models.MemberLine) { m.Slack = "U1" })}, []string{"3 import.person_twice"}},
		{"one person by id and by address", []models.MemberLine{member(2, func(m *models.MemberLine) { m.Slack = "ULI" }), member(3, func(m *models.MemberLine) { m.Email = "li@example.org" })}, []string{"3 import.person_twice"}},
		{"two new rows of one address", []models.MemberLine{member(2, func(m *models.MemberLine) { m.Slack, m.Email = "U8", "x@example.org" }), member(3, func(m *models.MemberLine) { m.Email = "x@example.org" })}, []string{"3 import.person_twice"}},
		{"somebody else's address", []models.MemberLine{member(2, func(m *models.MemberLine) { m.Slack, m.Email = "U1", "li@example.org" })}, []string{"2 import.email_other"}},
		{"a bot, somebody who left", []models.MemberLine{member(2, func(m *models.MemberLine) { m.Slack = "UBOT" }), member(3, func(m *models.MemberLine) { m.Slack = "UGONE" })}, []string{"2 import.bot", "3 import.gone"}},
		{"an admin vouching for themselves", []models.MemberLine{member(2, func(m *models.MemberLine) {
			m.Slack, m.Skills = "UADMIN", []models.SkillLine{{Name: "医生", Verified: true}}
		})}, []string{"2 import.nobody_vouches"}},
	} {
		good := member(9, func(m *models.MemberLine) { m.Slack, m.Name = "UGOOD", "好" })
		_, faults := to.importMembers(false, append([]models.MemberLine{good}, tt.lines...)...)
		if diff := cmp.Diff(tt.want, faults); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.PersonBySlack(1, "UGOOD"); err == nil {
			t.Error("the good row of a bad file was applied")
		}
		return nil
	}))
	_, faults := to.importUnits(false,
		unitLine(2, func(u *models.UnitLine) { u.Name, u.Parent = "甲", "乙" }), unitLine(3, func(u *models.UnitLine) { u.Name, u.Parent = "乙", "丙" }),
		unitLine(4, func(u *models.UnitLine) { u.Name, u.Parent = "丙", "甲" }), unitLine(5, func(u *models.UnitLine) { u.Name, u.Parent = "丁", "没有" }),
		unitLine(6, func(u *models.UnitLine) { u.Name = "甲" }), unitLine(7, func(u *models.UnitLine) { u.Name, u.JointOf = "戊", []string{"没有"} }),
		unitLine(8, func(u *models.UnitLine) { u.Name, u.Leader = "己", "UBOT" }))
	want := []string{"2 import.ring", "3 import.ring", "4 import.ring", "5 import.no_unit", "6 import.unit_line_twice", "7 import.no_unit", "8 import.bot"}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Errorf("units (-want +got):\n%s", diff)
	}
}

// Somebody imported by e-mail is found in Slack: whether Slack is asked for the
// address, they do something themselves, or they were known without it.
func TestWhoWasImportedByEmailIsMatched(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, meet := range map[string]func(to *town){
		"the address is looked up": func(to *town) {
			to.must(to.svc.LearnEmail(ctx, models.Lookup{TenantID: 1, Kind: models.LookupEmail, Ref: "li@example.org"}, "ULI"))
		},
		"they act first": func(to *town) {
			to.must(to.svc.LearnPerson(ctx, models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: "ULI"}, PersonFacts{Slack: "ULI", Name: "Li", Email: "LI@example.org"}))
		},
		"they join the workspace": func(to *town) {
			to.must(to.svc.SomebodyJoined(ctx, to.by("ULI"), "ULI"))
			rows, err := to.store.ClaimLookups(ctx, 100, time.Minute)
			to.must(err)
			for _, l := range rows {
				if l.Ref == "ULI" {
					to.must(to.svc.LearnPerson(ctx, l, PersonFacts{Slack: "ULI", Name: "Li", Email: "li@example.org"}))
				}
			}
		},
		"they were known without it": func(to *town) {
			_, err := to.svc.SetLang(ctx, to.by("ULI"), "en")
			to.must(err)
			to.must(to.svc.LearnPerson(ctx, models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: "ULI"}, PersonFacts{Slack: "ULI", Name: "Li", Email: "li@example.org"}))
			if p := to.personOf("ULI"); p.Lang != "en" {
				to.t.Errorf("what they had set is gone: %+v", p)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := sqliteTown(t)
			to.importUnits(false, unitLine(2, func(u *models.UnitLine) { u.Name, u.Leader = "司机支部", "li@example.org" }))
			to.importMembers(false, member(2, func(m *models.MemberLine) {
				m.Email, m.Name, m.Unit, m.Skills = "li@example.org", "李四", "司机支部", []models.SkillLine{{Name: "驾驶"}}
			}))
			if got := to.lookups(); !contains(got, "email li@example.org") {
				t.Fatalf("nobody asks Slack: %v", got)
			}
			meet(to)
			li := to.personOf("ULI")
			if !li.Member || len(li.Skills) != 1 || to.unitOf("ULI") != "司机支部" || to.unitNamed("司机支部").LeaderID != li.ID {
				t.Errorf("%+v in %q", li, to.unitOf("ULI"))
			}
			if done, faults := to.importMembers(false, member(2, func(m *models.MemberLine) { m.Email, m.Unit = "li@example.org", "司机支部" })); len(faults) > 0 || counts(done) != [3]int{0, 0, 1} {
				t.Errorf("the same row again: %+v %v", done, faults)
			}
			all, err := to.svc.Units(ctx, to.by("UADMIN"))
			to.must(err)
			if len(all.Rows) != 1 || all.Rows[0].Members != 1 {
				t.Errorf("the ledger counts them twice: %+v", all.Rows)
			}
			to.sound()
		})
	}
}

func contains(all []string, want string) bool {
	for _, s := range all {
		if s == want {
			return true
		}
	}
	return false
}

// What Slack said of do-not-disturb counts for ten minutes, and only while it
// is on.
func TestDoNotDisturbIsAskedFiftyAtATime(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	var lines []models.MemberLine
	for i := range 120 {
		lines = append(lines, member(i+2, func(m *models.MemberLine) { m.Slack = fmt.Sprintf("U%03d", i) }))
	}
	to.importMembers(false, lines...)
	to.lookups()
	ask := func() (n int) {
		to.must(to.store.InTx(ctx, func(tx *store.Tx) error {
			people, err := tx.Members(1)
			if err != nil {
				return err
			}
			return wantDND(tx, 1, people)
		}))
		rows, err := to.store.ClaimLookups(ctx, 1000, time.Minute)
		to.must(err)
		for _, l := range rows {
			if l.Kind == models.LookupDND {
				n++
				at := models.At(to.clocks.World.Now())
				to.must(to.svc.LearnDND(ctx, l, []DNDFacts{{Slack: "U000", From: at.Add(-time.Hour), Until: at.Add(time.Hour)},
					{Slack: "U001", From: at.Add(time.Hour), Until: at.Add(2 * time.Hour)}, {Slack: "U002"}, {Slack: "UNOBODY"}}))
			}
		}
		return n
	}
	if n := ask(); n != 3 {
		t.Errorf("%d questions for 120 people", n)
	}
	if a, b := to.personOf("U000"), to.personOf("U001"); a.DNDUntil == 0 || b.DNDUntil != 0 || b.DNDAt == 0 {
		t.Errorf("%v %v", a.DNDUntil, b.DNDUntil)
	}
}

// Before many are reached Slack is asked who has do-not-disturb on, and the
// question says how many; the decision itself is made once.
func TestTheQuestionSaysHowManyHaveDoNotDisturbOn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	asked := 0
	to.svc.look = func(ctx context.Context, rows []models.Lookup) {
		for _, l := range rows {
			asked++
			at := models.At(to.clocks.World.Now())
			var facts []DNDFacts
			for i, u := range strings.Split(l.Ref, ",") {
				f := DNDFacts{Slack: u}
				if i < 3 {
					f.From, f.Until = at.Add(-time.Hour), at.Add(time.Hour)
				}
				facts = append(facts, f)
			}
			to.must(to.svc.LearnDND(ctx, l, facts))
		}
	}
	sheet := to.crowd(60, clinicSpec(models.Need{Most: 60}))
	act := to.by("UCHEN")
	out, err := to.svc.TellCall(ctx, act, sheet.Call.ID, TellTo{}, "请带雨衣")
	to.must(err)
	if !out.Ask || out.Reach.People != 62 || out.Reach.DND != 6 || asked != 2 {
		t.Errorf("%d of %d people have it on, by %d questions", out.Reach.DND, out.Reach.People, asked)
	}
	if _, err := to.svc.TellCall(ctx, act, sheet.Call.ID, TellTo{}, "请带雨衣"); !errors.Is(err, models.ErrRepeat) {
		t.Errorf("a repeat: %v", err)
	}
	to.sound()
}

// Ten thousand rows come in within seconds.
func TestTenThousandRowsComeInWithinSeconds(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	to.importUnits(false, unitLine(2, func(u *models.UnitLine) { u.Name = "大支部" }))
	var lines []models.MemberLine
	for i := range 10_000 {
		lines = append(lines, member(i+2, func(m *models.MemberLine) {
			m.Email, m.Name, m.Unit, m.Skills = fmt.Sprintf("p%d@example.org", i), fmt.Sprintf("成员%d", i), "大支部", []models.SkillLine{{Name: "装卸"}}
		}))
	}
	begun := time.Now()
	done, faults := to.importMembers(false, lines...)
	took := time.Since(begun)
	if len(faults) > 0 || done.New != 10_000 {
		t.Fatalf("%d new, %v", done.New, faults)
	}
	t.Logf("10,000 rows in %v", took)
	begun = time.Now()
	if again, _ := to.importMembers(false, lines...); again.Same != 10_000 {
		t.Errorf("again: %v", counts(again))
	}
	t.Logf("10,000 rows that change nothing in %v", time.Since(begun))
}
