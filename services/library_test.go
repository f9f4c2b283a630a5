package services

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

const casesLink = "https://example.org/cases"

// item adds an item to the library as the leader.
func (b *branch) item(title, link string, tags ...string) models.Material {
	b.t.Helper()
	c, err := b.svc.AddMaterial(b.t.Context(), b.act("Uchen"), NewMaterial{Title: title, Link: link, Tags: tags})
	if err != nil {
		b.t.Fatalf("add %s: %v", title, err)
	}
	return c.Material
}

// pushTo sends an item to the branch.
func (b *branch) pushTo(m models.Material, by string) StudyPlan {
	b.t.Helper()
	return b.open(NewStudy{Start: sh(by), Credit: 60, Leads: []int{24 * 60}, Makeup: -1, Material: m.ID})
}

func (b *branch) reading(occurrence int64) (r models.Reading) {
	b.t.Helper()
	if err := b.st.Read(b.t.Context(), func(tx *store.Tx) (err error) { r, err = tx.MaterialReading(occurrence); return err }); err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *branch) found(query string) (refs string) {
	b.t.Helper()
	list, err := b.svc.Materials(b.t.Context(), b.act("Uli"), query, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, m := range list.Items {
		refs += m.Ref() + " "
	}
	return strings.TrimSpace(refs)
}

func TestTheLibraryIsKeptAndSearched(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := newBranchOn(t, st, clocks)
		ctx := t.Context()
		first := b.item("骑手服务案例", casesLink, "案例", "安全")
		b.item("Road Safety 100%", "https://example.org/road_safety", "safety")
		b.item("防汛_手册", "https://example.org/flood", "案例")
		for query, want := range map[string]string{"": "b3 b2 b1", "ROAD": "b2", "#案例": "b3 b1", "#案例 骑手": "b1", "%": "b2", "_": "b3", "0%'": "",
			"nothing": "", "#safe": "", "服务 案例": "b1"} {
			if got := b.found(query); got != want {
				t.Errorf("%q finds %q, want %q", query, got, want)
			}
		}
		if _, err := b.svc.AddMaterial(ctx, b.act("Uli"), NewMaterial{Title: "A", Link: "https://a.example"}); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member adds: %v", err)
		}
		_, err := b.svc.AddMaterial(ctx, b.act("Uchen"), NewMaterial{Title: "又一份", Link: "http://www.example.org/cases/#top"})
		if e, is := err.(*models.Error); !is || e.Key != "error.library_twice" || e.Args["Ref"] != "b1" {
			t.Errorf("the same link: %v", err)
		}
		if _, err := b.svc.AddMaterial(ctx, b.act("Uchen"), NewMaterial{Title: "坏", Link: "javascript:alert(1)"}); models.CodeOf(err) != models.CodeInvalid {
			t.Errorf("a link that runs: %v", err)
		}
		c, err := b.svc.EditMaterial(ctx, b.act("Uchen"), first.ID, NewMaterial{Tags: []string{"交通"}, Title: "not set"}, map[string]bool{"tags": true})
		if err != nil || c.Material.Title != "骑手服务案例" || c.Material.Number != 1 || !cmp.Equal(c.Material.Tags, []string{"交通"}) || b.found("#案例") != "b3" || b.found("#交通") != "b1" {
			t.Errorf("edited: %+v %v", c.Material, err)
		}
		if _, err := b.svc.DeleteMaterial(ctx, b.act("Uwang"), first.ID, false); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member deletes: %v", err)
		}
		if _, err := b.svc.DeleteMaterial(ctx, b.act("Uchen"), first.ID, false); err != nil || b.found("") != "b3 b2" {
			t.Errorf("deleted: %v, %s", err, b.found(""))
		}
		if _, err := b.svc.MaterialByNumber(ctx, b.act("Uli"), 1); models.CodeOf(err) != models.CodeConflict {
			t.Errorf("a deleted one is shown: %v", err)
		}
		b.item("占了链接", casesLink)
		if _, err := b.svc.DeleteMaterial(ctx, b.act("Uchen"), first.ID, true); models.CodeOf(err) != models.CodeConflict {
			t.Errorf("its link is another's now: %v", err)
		}
		other := Act{Delivery: "other", Team: "T2", User: "Uchen", Direct: true}
		if list, err := b.svc.Materials(ctx, other, "", 0); err != nil || list.Total != 0 {
			t.Errorf("another organisation reads %d items, %v", list.Total, err)
		}
		if _, err := b.svc.MaterialByID(ctx, other, first.ID); models.CodeOf(err) != models.CodeNotFound {
			t.Errorf("another organisation reads by row: %v", err)
		}
	})
}

func TestTheLibraryHasPages(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	for i := range LibraryPage + 3 {
		b.item(fmt.Sprintf("第 %d 份", i), fmt.Sprintf("https://example.org/%d", i))
	}
	for page, want := range map[int]int{0: LibraryPage, 1: 3, 7: 3, -1: LibraryPage} {
		list, err := b.svc.Materials(t.Context(), b.act("Uli"), "", page)
		if err != nil || len(list.Items) != want || list.Total != LibraryPage+3 || list.Adds {
			t.Errorf("page %d: %d items of %d on page %d, %v", page, len(list.Items), list.Total, list.Page, err)
		}
	}
}

// Pushed on Monday, due on Friday: each gets it at once in their own time, who
// is not done is reminded a day before, and who pushed it sees how far it came.
func TestPushedMaterialIsReadAndReceipted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := newBranchOn(t, st, clocks)
		ctx := t.Context()
		plan := b.pushTo(b.item("骑手服务案例", casesLink), "2026-11-27 18:00")
		if st := plan.Study; st.Title != "骑手服务案例" || st.Link != casesLink || !st.Pushed() || plan.People != 3 || plan.Material.Number != 1 {
			t.Fatalf("pushed %+v to %d", st, plan.People)
		}
		b.until(sh("2026-11-24 12:00"))
		b.expect("Uwang", "11-23 10:00 study")
		b.expect("Uli", "11-23 10:00 study")
		b.expect("Uchen", "11-23 10:00 material_receipt", "11-23 10:00 study")
		due := sh("2026-11-27 18:00")
		a := b.attendance("Uli", plan.Study.ID, due)
		if _, err := b.svc.OpenMaterial(ctx, b.act("Uwang"), a.ID); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("somebody opens for another: %v", err)
		}
		if _, err := b.svc.OpenMaterial(ctx, b.act("Uli"), a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := b.svc.StudyDone(ctx, b.act("Uli"), a.ID); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(models.Reading{People: 3, Opened: 1, Done: 1, Neither: 2}, b.reading(a.OccurrenceID)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if _, err := b.svc.UndoStudy(ctx, b.act("Uli"), a.ID); err != nil || b.reading(a.OccurrenceID).Done != 0 || b.reading(a.OccurrenceID).Opened != 1 {
			t.Errorf("taken back: %v %+v; having opened it stays", err, b.reading(a.OccurrenceID))
		}
		if _, err := b.svc.StudyDone(ctx, b.act("Uli"), a.ID); err != nil {
			t.Fatal(err)
		}
		b.until(sh("2026-11-27 18:30"))
		b.expect("Uwang", "11-23 10:00 study", "11-26 18:00 study")
		b.expect("Uli", "11-23 10:00 study")
		b.expect("Uchen", "11-23 10:00 material_receipt", "11-23 10:00 study", "11-26 18:00 study", "11-27 18:00 material_receipt")
		r, err := b.svc.MaterialReaders(ctx, b.act("Uchen"), a.OccurrenceID)
		if err != nil || len(r.Readers) != 3 || r.Readers[0].Slack() != "Uli" || !r.Final {
			t.Errorf("who read it: %v %v", r.Readers, err)
		}
		_, err = b.svc.MaterialReaders(ctx, b.act("Uli"), a.OccurrenceID)
		if e, is := err.(*models.Error); !is || e.Key != "error.library_receipt" || e.Args["Who"] != "<@Uchen>" {
			t.Errorf("a member reads who read: %v", err)
		}
		if _, err := b.svc.MaterialReaders(ctx, Act{Team: "T2", User: "Uchen"}, a.OccurrenceID); models.CodeOf(err) != models.CodeNotFound {
			t.Errorf("another organisation: %v", err)
		}
		b.until(sh("2026-12-05 12:00"))
		if got := b.attendance("Uwang", plan.Study.ID, due); got.State != models.AttendanceAbsent {
			t.Errorf("who did nothing until it closed is %s", got.State)
		}
	})
}

// An item shows each reader their own part, and the numbers only to those
// entitled.
func TestWhatAnItemShowsToWhom(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	m := b.item("骑手服务案例", casesLink)
	plan := b.pushTo(m, "2026-11-27 18:00")
	a := b.attendance("Uli", plan.Study.ID, sh("2026-11-27 18:00"))
	if _, err := b.svc.OpenMaterial(t.Context(), b.act("Uli"), a.ID); err != nil {
		t.Fatal(err)
	}
	leader, err := b.svc.MaterialByNumber(t.Context(), b.act("Uchen"), 1)
	if err != nil || len(leader.Pushes) != 1 || !leader.Pushes[0].Receipt || leader.Pushes[0].Reading.Opened != 1 || !leader.Changes {
		t.Errorf("the leader sees %+v, %v", leader.Pushes, err)
	}
	member, err := b.svc.MaterialByNumber(t.Context(), b.act("Uli"), 1)
	if err != nil || len(member.Pushes) != 1 || member.Pushes[0].Receipt || member.Pushes[0].Reading != (models.Reading{}) || member.Pushes[0].Mine.OpenedAt == 0 || member.Changes || member.Adds {
		t.Errorf("a member sees %+v, %v", member.Pushes, err)
	}
	outsider, err := b.svc.MaterialByNumber(t.Context(), b.act("Unew"), 1)
	if err != nil || len(outsider.Pushes) != 0 {
		t.Errorf("somebody else sees %+v, %v", outsider.Pushes, err)
	}
}

// Three weeks ahead is still told at once; a moved due date is told with its
// own message, and taken back nobody is reminded any more.
func TestALongPushIsMovedAndTakenBack(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.pushTo(b.item("骑手服务案例", casesLink), "2026-12-14 18:00")
	b.until(sh("2026-11-23 11:00"))
	b.expect("Uwang", "11-23 10:00 study")
	if _, err := b.svc.MoveStudy(t.Context(), b.act("Uchen"), plan.Study.Number, time.Time{}, sh("2026-12-16 12:00"), time.Time{}); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 11:00"))
	b.expect("Uwang", "11-23 10:00 study", "11-23 11:00 study")
	if _, _, err := b.svc.CancelStudy(t.Context(), b.act("Uchen"), plan.Study.ID, false); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-12-18 11:00"))
	b.expect("Uwang", "11-23 10:00 study", "11-23 11:00 study")
	b.expect("Uchen", "11-23 10:00 material_receipt", "11-23 10:00 study", "11-23 11:00 study")
}

func TestWhatIsDueAtOnceIsNotPushed(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	m := b.item("骑手服务案例", casesLink)
	in := NewStudy{Start: sh("2026-11-23 10:30"), Zone: "Asia/Shanghai", For: "城东支部", Material: m.ID}
	if _, err := b.svc.OpenStudy(t.Context(), b.act("Uchen"), in); models.CodeOf(err) != models.CodeInvalid {
		t.Errorf("due in half an hour: %v", err)
	}
	b.beat()
	b.expect("Uwang")
	if _, err := b.svc.OpenStudy(t.Context(), b.act("Uwang"), in); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member pushes: %v", err)
	}
}

// Who is away until Wednesday gets it on Wednesday; pushed in the night, it
// comes in the morning; due tomorrow, the reminder a day before is part of it.
func TestAPushComesWhenItSuits(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	if _, err := b.svc.ChangeProfile(t.Context(), b.act("Uwang"), Profile{PauseUntil: models.At(sh("2026-11-25 09:00"))}, map[string]bool{"pause": true}); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-23 22:30"))
	b.pushTo(b.item("骑手服务案例", casesLink), "2026-11-25 18:00")
	b.until(sh("2026-11-25 17:00"))
	b.expect("Uli", "11-24 10:00 study")
	b.expect("Uwang", "11-25 09:00 study")
}

// A session named by an item's number has its link and says its title; a new
// link of the item reaches it.
func TestASessionTakesItsMaterialFromTheLibrary(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	m := b.item("骑手服务案例", casesLink)
	in := lesson("2026-11-25 19:30")
	in.Link = "B1"
	plan := b.open(in)
	if plan.Study.Link != casesLink || plan.Study.MaterialID != m.ID || plan.Material.Title != m.Title || plan.Study.Pushed() || plan.Study.Title != in.Title {
		t.Errorf("%+v", plan.Study)
	}
	if _, err := b.svc.EditMaterial(t.Context(), b.act("Uchen"), m.ID, NewMaterial{Link: "https://example.org/new"}, map[string]bool{"link": true}); err != nil {
		t.Fatal(err)
	}
	shown, err := b.svc.ShowStudy(t.Context(), b.act("Uli"), plan.Study.Number)
	if err != nil || shown.Study.Link != "https://example.org/new" {
		t.Errorf("the link is %s, %v", shown.Study.Link, err)
	}
	edited, err := b.svc.EditStudy(t.Context(), b.act("Uchen"), plan.Study.Number, StudyEdit{NewStudy: NewStudy{Place: "二楼"}, Set: map[string]bool{"where": true}})
	if err != nil || edited.Study.MaterialID != m.ID {
		t.Errorf("another edit loses the item: %+v %v", edited.Study, err)
	}
	edited, err = b.svc.EditStudy(t.Context(), b.act("Uchen"), plan.Study.Number, StudyEdit{NewStudy: NewStudy{Link: "https://example.org/own"}, Set: map[string]bool{"link": true}})
	if err != nil || edited.Study.MaterialID != 0 || edited.Study.Link != "https://example.org/own" {
		t.Errorf("a link of its own: %+v %v", edited.Study, err)
	}
	in.Link = "b7"
	if _, err := b.svc.OpenStudy(t.Context(), b.act("Uchen"), in); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("an item that does not exist: %v", err)
	}
}
