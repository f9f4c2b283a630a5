package services

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func TestATemplateIsKeptUsedReplacedAndDeleted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		s := to.open(clinicSpec(models.Need{Role: "医生", Least: 2, Most: 2}))
		kept, replaced, err := to.svc.SaveTemplate(ctx, to.by("UCHEN"), s.Call.ID, " 周末义诊 ")
		to.must(err)
		if replaced || kept.Name != "周末义诊" {
			t.Errorf("kept as %q, replaced %v", kept.Name, replaced)
		}
		from, err := to.svc.TemplateBy(ctx, to.by("UCHEN"), 0, "周末 义诊")
		to.must(err)
		if from.Template != kept.ID || from.Pattern.Private != "" || from.Pattern.Where != "绿城社区" {
			t.Errorf("read back: %+v", from)
		}
		bigger := to.open(clinicSpec(models.Need{Role: "医生", Least: 3, Most: 5}))
		again, replaced, err := to.svc.SaveTemplate(ctx, to.by("UCHEN"), bigger.Call.ID, "周末义诊")
		to.must(err)
		if !replaced || again.ID != kept.ID {
			t.Errorf("the second of its name: %d, replaced %v", again.ID, replaced)
		}
		if from, err = to.svc.TemplateBy(ctx, to.by("UCHEN"), kept.ID, ""); err != nil || from.Pattern.Need[0].Most != 5 {
			t.Errorf("after it was replaced: %+v, %v", from.Pattern, err)
		}
		if _, err := to.svc.TemplateBy(ctx, to.by("ULI"), kept.ID, ""); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member used it: %v", err)
		}
		if _, _, err := to.svc.SaveTemplate(ctx, to.by("ULI"), s.Call.ID, "我的"); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member kept one: %v", err)
		}
		if _, err := to.svc.DeleteTemplate(ctx, to.by("ULI"), kept.ID); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member deleted one: %v", err)
		}
		_, err = to.svc.DeleteTemplate(ctx, to.by("UCHEN"), kept.ID)
		to.must(err)
		if _, err := to.svc.TemplateBy(ctx, to.by("UCHEN"), 0, "周末义诊"); refusal(err) != "error.template_none" {
			t.Errorf("after it was deleted: %v", err)
		}
		to.whole()
	})
}

func TestATemplateOfAUnitIsItsOrganizers(t *testing.T) {
	t.Parallel()
	me := func(id int64, rows ...models.Right) Actor {
		return Actor{Person: models.Person{ID: id}, Rights: models.Rights{PersonID: id, Rows: rows}}
	}
	organizer := func(unit int64) models.Right { return models.Right{Role: models.RoleOrganizer, UnitID: unit} }
	ofUnit, ofAll := models.Template{UnitID: 3, CreatorID: 1}, models.Template{CreatorID: 1}
	type may struct{ UseUnit, ChangeUnit, UseAll, ChangeAll bool }
	for name, c := range map[string]struct {
		who  Actor
		want may
	}{
		"its unit's organizer":    {me(5, organizer(3)), may{true, true, true, false}},
		"another unit's":          {me(5, organizer(4)), may{false, false, true, false}},
		"of the organisation":     {me(5, organizer(0)), may{true, true, true, true}},
		"who made it, organizing": {me(1, organizer(4)), may{true, true, true, true}},
		"who made it, no longer":  {me(1), may{}},
		"an admin":                {me(5, models.Right{Role: models.RoleAdmin}), may{true, true, true, true}},
	} {
		got := may{mayUse(c.who, ofUnit), mayChange(c.who, ofUnit), mayUse(c.who, ofAll), mayChange(c.who, ofAll)}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
