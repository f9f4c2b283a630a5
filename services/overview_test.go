package services

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func (to *town) overview(who string) models.Overview {
	to.t.Helper()
	o, err := to.svc.OverviewOf(context.Background(), to.by(who))
	to.must(err)
	return o
}

func titles(calls []models.OpenCall) []string {
	var out []string
	for _, c := range calls {
		out = append(out, c.Call.Title)
	}
	return out
}

func TestMyShiftsAndMyPlaceInTheLine(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	late, early := clinicSpec(models.Need{Role: "医生", Most: 1}), clinicSpec(models.Need{Most: 5})
	early.Title, early.When = "清早扫雪", []models.Span{{Start: saturday(6, 0), End: saturday(8, 0)}}
	s, first := to.open(late), to.open(early)
	to.join("U1", s.Roles[0].ID)
	to.join("U2", s.Roles[0].ID)
	to.join("U3", s.Roles[0].ID)
	to.join("U3", first.Roles[0].ID)
	o := to.overview("U3")
	if len(o.Shifts) != 2 || o.Shifts[0].Call.Title != "清早扫雪" || o.Shifts[0].Place != 0 {
		t.Fatalf("%+v", o.Shifts)
	}
	if mine := o.Shifts[1]; mine.Place != 2 || mine.Role.Name != "医生" || mine.Signup.State != models.SignupWaitlisted {
		t.Errorf("%+v", mine)
	}
	if len(o.Calls) != 0 {
		t.Errorf("what I am in is not offered again: %v", titles(o.Calls))
	}
	to.clocks.World.Set(saturday(8, 0).Time())
	if o := to.overview("U3"); len(o.Shifts) != 1 {
		t.Errorf("an ended shift still stands there: %+v", o.Shifts)
	}
	if o := to.overview("USTRANGER"); len(o.Shifts) != 0 || o.Person.ID != 0 {
		t.Errorf("%+v", o)
	}
}

func TestOpenCallsAreThoseForMe(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		to.must(to.svc.Enrol(ctx, "T1", []UnitRow{{Name: "城东", Leader: "ULEAD"}, {Name: "一支部", Parent: "城东"}, {Name: "西区"}},
			[]MemberRow{{Slack: "UFIRST", Unit: "一支部"}, {Slack: "UWEST", Unit: "西区"}}))
		open := func(title, whom string, change func(*models.CallSpec)) models.Sheet {
			spec := clinicSpec(models.Need{Least: 1, Most: 2})
			spec.Title, spec.For = title, whom
			if change != nil {
				change(&spec)
			}
			return to.open(spec)
		}
		open("所有人", "all", nil)
		open("城东的", "城东", nil)
		open("西区的", "西区", nil)
		open("骑手频道的", "<#CRIDERS>", nil)
		open("还没读过的频道的", "<#CNEW>", nil)
		full := open("招满的", "all", func(s *models.CallSpec) { s.Need = []models.Need{{Least: 1, Most: 1}} })
		to.join("UOTHER", full.Roles[0].ID)
		open("还没开始报名的", "all", func(s *models.CallSpec) { s.Opens, s.Set["opens"] = &models.Limit{At: saturday(0, 0)}, true })
		to.must(to.svc.LearnChannel(ctx, models.Lookup{TenantID: 1, Kind: models.LookupMembers, Ref: "CRIDERS"}, ChannelFacts{BotIn: true, Members: []string{"UWEST"}}))
		for who, want := range map[string][]string{
			"UFIRST":    {"所有人", "城东的", "还没读过的频道的"},
			"UWEST":     {"所有人", "西区的", "骑手频道的", "还没读过的频道的"},
			"USTRANGER": {"所有人", "还没读过的频道的"},
		} {
			if diff := cmp.Diff(want, titles(to.overview(who).Calls)); diff != "" {
				t.Errorf("%s: %s", who, diff)
			}
		}
		if o := to.overview("UFIRST"); o.Calls[0].Short != 2 || o.Calls[0].Below != 1 || len(o.Risk) != 0 || o.CanOrganize || o.CanLead {
			t.Errorf("a member sees %+v", o)
		}
		if o := to.overview("ULEAD"); !o.CanLead || o.CanOrganize {
			t.Errorf("a leader may %v %v", o.CanLead, o.CanOrganize)
		}
		if o := to.overview("UCHEN"); len(o.Risk) != 0 {
			t.Errorf("five days ahead nothing is at risk yet: %v", titles(o.Risk))
		}
		clocks.Advance(96 * time.Hour) // Friday 10:00, 23 hours before
		o := to.overview("UCHEN")
		if !o.CanOrganize || o.CanAdmin || len(o.Risk) != 6 { // all but the full one
			t.Errorf("the organizer sees at risk: %v", titles(o.Risk))
		}
	})
}

func TestAnOverviewEndsSomewhere(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	for i := range 15 {
		spec := clinicSpec(models.Need{Least: 1, Most: 2})
		spec.Title = fmt.Sprintf("第 %d 场", i)
		s := to.open(spec)
		if i < 1 {
			to.join("U1", s.Roles[0].ID)
		}
	}
	to.clocks.Advance(96 * time.Hour) // Friday, when what is still short is at risk
	o := to.overview("UCHEN")
	if len(o.Calls) != listMost || len(o.Risk) != listMost {
		t.Errorf("%d calls, %d at risk", len(o.Calls), len(o.Risk))
	}
}

func TestMyStudyAndMyYear(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(lesson("2026-11-25 19:30"))
	o, err := b.svc.OverviewOf(t.Context(), b.act("Uwang"))
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Study) != 1 || o.Study[0].Study.ID != plan.Study.ID || o.StudyMinutes != 0 || o.Target != 32*60 || o.Unit.Name != "城东支部" {
		t.Errorf("%+v", o)
	}
	b.clocks.World.Set(sh("2026-11-25 19:40"))
	a := b.attendance("Uwang", plan.Study.ID, sh("2026-11-25 19:30"))
	if _, err := b.svc.CheckIn(t.Context(), b.act("Uwang"), a.ID); err != nil {
		t.Fatal(err)
	}
	if o, err = b.svc.OverviewOf(t.Context(), b.act("Uwang")); err != nil || len(o.Study) != 0 || o.StudyMinutes != plan.Study.Credit {
		t.Errorf("after check-in: %+v %v", o, err)
	}
	if o, err = b.svc.OverviewOf(t.Context(), b.act("Uchen")); err != nil || o.Target != 56*60 {
		t.Errorf("a leader's target: %d %v", o.Target, err)
	}
}

// "Open calls that fit me": what the profile speaks for first, what lacks a
// skill last, and never one at the time of a place of mine.
func TestWhatFitsComesFirstAndWhatClashesNever(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	if _, err := to.svc.SaveProfile(t.Context(), to.by("U1"), Profile{Skills: []string{"装卸"}, Areas: []string{"城东"}}); err != nil {
		t.Fatal(err)
	}
	open := func(title string, from, hours int, change func(*models.CallSpec)) models.Sheet {
		spec := clinicSpec(models.Need{Least: 1, Most: 2})
		spec.Title, spec.For = title, "all"
		spec.When = []models.Span{{Start: saturday(from, 0), End: saturday(from+hours, 0)}}
		if change != nil {
			change(&spec)
		}
		return to.open(spec)
	}
	mine := open("我的", 9, 2, nil)
	to.join("U1", mine.Roles[0].ID)
	open("撞上的", 10, 2, nil)
	open("急救的", 12, 1, func(s *models.CallSpec) { s.Skill = []string{"急救"} })
	open("随便的", 13, 1, nil)
	open("城东的", 15, 1, func(s *models.CallSpec) { s.Where = "城东三号门" })
	open("装卸的", 14, 1, func(s *models.CallSpec) {
		s.Need = []models.Need{{Role: "装卸", Least: 1, Most: 1}, {Role: "司机", Most: 1}}
	})
	two := open("半天撞上的", 16, 1, func(s *models.CallSpec) {
		s.When = append([]models.Span{{Start: saturday(9, 0), End: saturday(10, 0)}}, s.When...)
	})
	o := to.overview("U1")
	if diff := cmp.Diff([]string{"装卸的", "城东的", "随便的", "半天撞上的", "急救的"}, titles(o.Calls)); diff != "" {
		t.Error(diff)
	}
	if c := o.Calls[0]; c.Open != 0 || c.Why[0] != "skill:装卸" {
		t.Errorf("two places to choose from, and why: %+v", c)
	}
	if c := o.Calls[3]; c.Open != two.Roles[1].ID || c.Start != saturday(16, 0) {
		t.Errorf("the shift that does not clash is one press: %+v", c)
	}
}

// What waits for somebody's answer, and what for the organizer's hand.
func TestWhatWaitsForAnswersAndHands(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		ctx := context.Background()
		home := func(who string) models.Overview {
			t.Helper()
			o, err := to.svc.HomeOf(ctx, to.by(who))
			to.must(err)
			return o
		}
		s := to.open(clinicSpec(models.Need{Role: "医生", Least: 1, Most: 2}))
		to.join("U1", s.Roles[0].ID)
		if o := home("UCHEN"); len(o.Managed) != 0 {
			t.Errorf("nothing waits yet: %d", len(o.Managed))
		}
		_, err := to.svc.ReplyToCall(ctx, to.by("U2"), s.Call.ID, Said{Meaning: "conditional", Text: "9点以后可以", From: "09:00"})
		to.must(err)
		place := to.sheet(s.Call.ID).Signups[0]
		_, asked, err := to.svc.AskHandover(ctx, to.by("U1"), place.ID, "U3")
		to.must(err)
		o := home("UCHEN")
		if len(o.Managed) != 1 || len(o.Managed[0].Unfiled()) != 1 || len(o.Managed[0].Handing()) != 1 {
			t.Errorf("%+v", o.Managed)
		}
		if o := home("U2"); len(o.Managed) != 0 {
			t.Error("a member manages nothing")
		}
		if w := home("U3").Waits; len(w) != 1 || w[0].Handover == nil || w[0].Handover.ID != asked.ID {
			t.Errorf("%+v", w)
		}
		_, _, err = to.svc.AnswerHandover(ctx, to.by("U3"), asked.ID, false)
		to.must(err)
		if w := home("U3").Waits; len(w) != 0 {
			t.Errorf("answered, and still: %+v", w)
		}
		clocks.World.Set(saturday(12, 0).Time())
		to.due()
		if w := home("U1").Waits; len(w) != 1 || w[0].Signup == nil {
			t.Errorf("were you there? %+v", w)
		}
		if o := home("UCHEN"); len(o.Managed) != 1 {
			t.Error("the roll is not taken, and nobody says so")
		}
		_, err = to.svc.WasThere(ctx, to.by("U1"), place.ID, true)
		to.must(err)
		if w := home("U1").Waits; len(w) != 0 {
			t.Errorf("answered, and still: %+v", w)
		}
		clocks.Advance(15 * 24 * time.Hour)
		if o := home("UCHEN"); len(o.Managed) != 0 {
			t.Error("after two weeks the call's own message is the place")
		}
	})
}
