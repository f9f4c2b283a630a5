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

// inSeptember is a branch on Monday 21 September 2026: Mid-Autumn is off from
// Friday, the National Day from the Thursday after.
func inSeptember(t *testing.T, story func(b *branch)) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		clocks.World.Set(sh("2026-09-21 10:00"))
		story(newBranchOn(t, st, clocks))
	})
}

func fridays(holidays string) NewStudy {
	in := lesson("2026-09-25 19:30")
	in.RRule, in.Holiday = "FREQ=WEEKLY;BYDAY=FR", holidays
	return in
}

// places are what the answer shows: `09-25 -> 09-28 中秋节`.
func places(plan StudyPlan) []string {
	var out []string
	for _, at := range plan.Places {
		line := at.RuleStart.Format("01-02")
		if at.Moved() {
			line += " -> " + at.Start.Format("01-02 15:04")
		}
		if at.Off {
			line += " off"
		}
		out = append(out, strings.TrimSpace(line+" "+at.Holiday))
	}
	return out
}

func TestSessionsOnAHolidayAreSkippedOrMoved(t *testing.T) {
	t.Parallel()
	for holidays, want := range map[string]struct{ places, uwang []string }{
		models.HolidayKeep: {[]string{"09-25", "10-02", "10-09"},
			[]string{"09-24 19:30 study", "09-25 18:30 study", "10-01 19:30 study", "10-02 18:30 study"}},
		models.HolidaySkip:   {[]string{"09-25 off 中秋节", "10-02 off 国庆节", "10-09", "10-16", "10-23"}, nil},
		models.HolidayBefore: {[]string{"09-25 -> 09-24 19:30 中秋节", "10-02 -> 09-30 19:30 国庆节", "10-09"}, []string{"09-23 19:30 study", "09-24 18:30 study", "09-29 19:30 study", "09-30 18:30 study"}},
		models.HolidayAfter:  {[]string{"09-25 -> 09-28 19:30 中秋节", "10-02 -> 10-08 19:30 国庆节", "10-09"}, []string{"09-27 19:30 study", "09-28 18:30 study"}},
	} {
		t.Run(holidays, func(t *testing.T) {
			t.Parallel()
			inSeptember(t, func(b *branch) {
				in := fridays(holidays)
				in.Makeup = 0
				plan := b.open(in)
				if diff := cmp.Diff(want.places, places(plan)); diff != "" {
					t.Errorf("echo (-want +got):\n%s", diff)
				}
				b.until(sh("2026-10-03 12:00"))
				b.expect("Uwang", want.uwang...)
				if holidays != models.HolidaySkip {
					return
				}
				if o := b.laid(plan.Study.ID, "2026-09-25 19:30"); o.State != models.OccurrenceSkipped || o.Holiday != "中秋节" || o.SettledBy != 0 {
					t.Errorf("the skipped one: %+v", o)
				}
			})
		})
	}
}

// What the leader says of one session goes over the holiday.
func TestTheLeadersHandWinsOverAHoliday(t *testing.T) {
	t.Parallel()
	inSeptember(t, func(b *branch) {
		plan := b.open(fridays(models.HolidaySkip))
		n := plan.Study.Number
		first := b.laid(plan.Study.ID, "2026-09-25 19:30")
		if _, err := b.svc.UnskipStudy(b.t.Context(), b.act("Uchen"), first.ID); err != nil {
			t.Fatalf("take place after all: %v", err)
		}
		// A day that the holiday took away is named by the rule's date.
		if _, err := b.svc.UnskipStudy(b.t.Context(), b.act("Uchen"), b.laid(plan.Study.ID, "2026-09-25 19:30").ID); models.CodeOf(err) != models.CodeConflict {
			t.Errorf("twice: %v", err)
		}
		b.until(sh("2026-09-25 21:00"))
		b.expect("Uwang", "09-24 19:30 study", "09-25 18:30 study")
		if got := b.laid(plan.Study.ID, "2026-09-25 19:30"); got.State != models.OccurrencePlanned || !got.ByHand || got.Holiday != "" {
			t.Errorf("after the daily look: %+v", got)
		}
		b.admin("Uwang")
		if _, err := b.svc.MoveStudy(b.t.Context(), b.act("Uchen"), n, sh("2026-10-09 00:00"), sh("2026-10-10 19:30"), time.Time{}); err != nil {
			t.Fatal(err)
		}
		// Our own day off: what was moved by hand stays.
		out, err := b.svc.KeepOrgDay(b.t.Context(), b.act("Uwang"), sh("2026-10-10 00:00"), false, "站休")
		if err != nil || len(out.Moved) != 0 {
			t.Fatalf("%v, moved %+v", err, out.Moved)
		}
		if got := b.laid(plan.Study.ID, "2026-10-09 19:30"); got.Start != models.At(sh("2026-10-10 19:30")) || !got.Ahead() {
			t.Errorf("moved by hand: %+v", got)
		}
	})
}

// An organisation's own day off moves a session of which members were told
// already; they, and the leader, hear of it, and taking the day back too.
func TestAnOwnDayMovesWhatWasTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		clocks.World.Set(sh("2026-11-23 10:00"))
		b := newBranchOn(t, st, clocks)
		in := lesson("2026-11-25 19:30")
		in.RRule, in.Holiday, in.Makeup = "FREQ=WEEKLY;BYDAY=WE", models.HolidayAfter, 0
		plan := b.open(in)
		b.admin("Uwang")
		b.until(sh("2026-11-24 20:00"))
		a := b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30"))
		if _, err := b.svc.Attend(t.Context(), b.act("Uli"), a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := b.svc.KeepOrgDay(t.Context(), b.act("Uchen"), sh("2026-11-25 00:00"), false, "建站日"); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a unit's leader sets a day of the whole organisation: %v", err)
		}
		out, err := b.svc.KeepOrgDay(t.Context(), b.act("Uwang"), sh("2026-11-25 00:00"), false, "  建站日 ")
		if err != nil || len(out.Moved) != 1 || out.Moved[0].Change.After.Start != models.At(sh("2026-11-26 19:30")) || out.Day.Name != "建站日" {
			t.Fatalf("%v: %+v", err, out)
		}
		b.until(sh("2026-11-24 20:30"))
		b.expect("Uli", "11-24 16:15 study", "11-24 20:00 study")
		if a = b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30")); a.Intent != models.IntentNone {
			t.Errorf("who had said yes is asked anew: %q", a.Intent)
		}
		b.expect("Uchen", "11-24 19:30 study", "11-24 20:00 study_holiday", "11-24 20:00 study")
		if _, err := b.svc.KeepOrgDay(t.Context(), b.act("Uwang"), sh("2026-11-25 00:00"), false, "建站日"); models.CodeOf(err) != models.CodeConflict {
			t.Errorf("the same again: %v", err)
		}
		b.until(sh("2026-11-24 21:00"))
		back, err := b.svc.DropOrgDay(t.Context(), b.act("Uwang"), out.Day.ID, false)
		if err != nil || len(back.Moved) != 1 {
			t.Fatalf("%v: %+v", err, back)
		}
		if o := b.laid(plan.Study.ID, "2026-11-25 19:30"); o.State != models.OccurrencePlanned || o.Start != o.RuleStart || o.Holiday != "" {
			t.Errorf("by its rule again: %+v", o)
		}
		if _, err := b.svc.DropOrgDay(t.Context(), b.act("Uwang"), out.Day.ID, true); err != nil {
			t.Errorf("undo: %v", err)
		}
		if o := b.laid(plan.Study.ID, "2026-11-25 19:30"); o.State != models.OccurrenceMoved || o.Holiday != "建站日" {
			t.Errorf("moved once more: %+v", o)
		}
		for name, date := range map[string]string{"past": "2026-11-22 00:00", "far": "2040-01-01 00:00"} {
			if _, err := b.svc.KeepOrgDay(t.Context(), b.act("Uwang"), sh(date), false, ""); models.CodeOf(err) != models.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// An own day that tells more than fifty is asked about first, and nothing
// changes before the choice.
func TestAnOwnDayThatTellsManyAsksFirst(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	b.svc.pace = Pace{PostsPerMinute: 400}
	members := make([]MemberRow, 58)
	for i := range members {
		members[i] = MemberRow{Slack: fmt.Sprintf("UM%02d", i), Name: fmt.Sprint(i), Unit: "城东支部", Duty: "member"}
	}
	if err := b.svc.Enrol(t.Context(), "T1", nil, members); err != nil {
		t.Fatal(err)
	}
	in := lesson("2026-11-25 19:30")
	in.RRule, in.Holiday = "FREQ=WEEKLY;BYDAY=WE", models.HolidayAfter
	plan := b.open(in)
	b.admin("Uwang")
	b.until(sh("2026-11-24 20:00"))
	out, err := b.svc.KeepOrgDay(t.Context(), b.act("Uwang"), sh("2026-11-25 00:00"), false, "建站日")
	if err != nil || out.Reach.ID == 0 || out.Reach.People < 51 {
		t.Fatalf("%v: asked %+v", err, out.Reach.Reach)
	}
	if o := b.laid(plan.Study.ID, "2026-11-25 19:30"); o.Start != o.RuleStart || out.Day.ID != 0 {
		t.Errorf("changed before the choice: %+v", o)
	}
	before := len(b.sent)
	if _, err := b.svc.ChooseReach(t.Context(), b.act("Uwang"), out.Reach.ID, ReachSend); err != nil {
		t.Fatal(err)
	}
	if o := b.laid(plan.Study.ID, "2026-11-25 19:30"); o.State != models.OccurrenceMoved || o.Holiday != "建站日" {
		t.Errorf("after the choice: %+v", o)
	}
	b.beat()
	told := 0
	for _, s := range b.sent[before:] {
		if s.Kind == models.MessageStudy {
			told++
		}
	}
	if told != out.Reach.People {
		t.Errorf("%d told of %d", told, out.Reach.People)
	}
	b.clocks.Advance(2 * time.Minute)
	b.beat()
	shown, err := b.svc.ReachOf(t.Context(), b.message(models.ReachKey(out.Reach.ID)))
	if err != nil || shown.State != models.ReachDone {
		t.Errorf("ended as %s, %v", shown.State, err)
	}
}

// A year's notice comes with a new version while sessions are laid out: the
// daily look moves them.
func TestNewDaysMoveWhatIsLaidOut(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	b.clocks.World.Set(sh("2026-11-23 10:00"))
	in := lesson("2026-11-27 19:30")
	in.RRule, in.Holiday = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", models.HolidaySkip
	in.Start = sh("2026-11-24 07:30")
	plan := b.open(in)
	err := b.st.InTx(t.Context(), func(tx *store.Tx) error {
		for date, work := range map[string]bool{"2026-11-27": false, "2026-11-28": true} {
			d := models.OrgDay{TenantID: plan.Tenant.ID, Date: date, Work: work, Name: "调休", State: models.OrgDayActive}
			if err := tx.Save(models.By{TenantID: plan.Tenant.ID, Action: "org_day_set"}, &d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-24 11:00"))
	if o := b.laid(plan.Study.ID, "2026-11-27 07:30"); o.State != models.OccurrenceSkipped || o.Holiday != "调休" {
		t.Errorf("the day off: %+v", o)
	}
	if o := b.laid(plan.Study.ID, "2026-11-28 07:30"); !o.Ahead() {
		t.Errorf("the Saturday that is worked: %+v", o)
	}
	b.attendance("Uwang", plan.Study.ID, sh("2026-11-28 07:30"))
}

// A year without data is said, not guessed; one of which only the law is known too.
func TestAYearWithoutDataIsSaid(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	b.clocks.World.Set(sh("2026-11-23 10:00"))
	in := lesson("2027-10-01 19:30")
	in.RRule, in.Holiday = "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1", models.HolidayAfter
	plan := b.open(in)
	var known []models.Known
	for _, at := range plan.Places {
		known = append(known, at.Known)
	}
	if diff := cmp.Diff([]models.Known{models.KnownStatutory, models.KnownNot, models.KnownNot}, known); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"10-01 -> 10-04 19:30 国庆节", "10-01", "10-01"}, places(plan)); diff != "" {
		t.Error(diff)
	}
	for year, want := range map[int]models.Known{0: models.KnownFull, 2027: models.KnownStatutory, 2028: models.KnownNot} {
		days, err := b.svc.Holidays(t.Context(), b.act("Uli"), year)
		if err != nil || days.Public.Known != want || days.Manages {
			t.Errorf("%d: %v, %+v", year, err, days.Public)
		}
	}
	if _, err := b.svc.Holidays(t.Context(), b.act("Uli"), 1492); models.CodeOf(err) != models.CodeInvalid {
		t.Errorf("1492: %v", err)
	}
}

// Once, on a day off: what would be left of it is refused with what to write.
func TestASessionOnceOnADayOff(t *testing.T) {
	t.Parallel()
	inSeptember(t, func(b *branch) {
		in := lesson("2026-10-03 10:00")
		in.Zone, in.Wall, in.For, in.Holiday = "Asia/Shanghai", "2026-10-03T10:00", "城东支部", models.HolidaySkip
		_, err := b.svc.OpenStudy(b.t.Context(), b.act("Uchen"), in)
		if models.CodeOf(err) != models.CodeInvalid || !strings.Contains(err.Error(), "holiday_once") {
			t.Errorf("skip: %v", err)
		}
		in.Holiday = "dance"
		if _, err = b.svc.OpenStudy(b.t.Context(), b.act("Uchen"), in); models.CodeOf(err) != models.CodeInvalid {
			t.Errorf("dance: %v", err)
		}
		in.Holiday = models.HolidayAfter
		if diff := cmp.Diff([]string{"10-03 -> 10-08 10:00 国庆节"}, places(b.open(in))); diff != "" {
			t.Error(diff)
		}
	})
}

// The way with holidays is changed later: what lies ahead follows, and the
// leader may name a session by the day that the holiday took from it.
func TestHolidaysAreChangedLater(t *testing.T) {
	t.Parallel()
	inSeptember(t, func(b *branch) {
		plan := b.open(fridays(models.HolidayKeep))
		edited, err := b.svc.EditStudy(b.t.Context(), b.act("Uchen"), plan.Study.Number, StudyEdit{NewStudy: NewStudy{Holiday: models.HolidayAfter}, Set: map[string]bool{"holidays": true}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"09-25 -> 09-28 19:30 中秋节", "10-02 -> 10-08 19:30 国庆节", "10-09"}, places(edited)); diff != "" {
			t.Error(diff)
		}
		if o := b.laid(plan.Study.ID, "2026-09-25 19:30"); o.State != models.OccurrenceMoved || o.Start != models.At(sh("2026-09-28 19:30")) {
			t.Errorf("laid out already: %+v", o)
		}
		for _, day := range []string{"2026-10-02 00:00", "2026-10-08 00:00"} { // by either date
			c, err := b.svc.SkipStudy(b.t.Context(), b.act("Uchen"), plan.Study.Number, sh(day))
			if err != nil || c.Before.RuleStart != models.At(sh("2026-10-02 19:30")) {
				t.Fatalf("%s: %v, %+v", day, err, c.Before)
			}
			if _, err := b.svc.UndoOccurrence(b.t.Context(), b.act("Uchen"), c.After.ID); err != nil {
				t.Fatal(err)
			}
		}
		if o := b.laid(plan.Study.ID, "2026-10-02 19:30"); o.Holiday != "国庆节" || o.ByHand || o.Start != models.At(sh("2026-10-08 19:30")) {
			t.Errorf("given back: %+v", o)
		}
	})
}
