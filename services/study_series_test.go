package services

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func word(s string) *string { return &s }

func weekly() NewStudy {
	in := lesson("2026-11-25 19:30")
	in.RRule, in.Wall, in.Zone, in.Place = "FREQ=WEEKLY;BYDAY=WE", "2026-11-25T19:30", "Asia/Shanghai", "一楼"
	return in
}

func (b *branch) laid(study int64, rule string) (o models.Occurrence) {
	b.t.Helper()
	err := b.svc.store.Read(b.t.Context(), func(tx *store.Tx) (err error) {
		o, err = tx.OccurrenceAt(study, models.At(sh(rule)))
		return err
	})
	if err != nil {
		b.t.Fatalf("occurrence %s: %v", rule, err)
	}
	return o
}

func refusedWith(t *testing.T, err error, key string) {
	t.Helper()
	var refused *models.Error
	if !errors.As(err, &refused) || refused.Key != key {
		t.Errorf("refused with %v, want %s", err, key)
	}
}

// One session of a series takes place upstairs and later; the others do not
// notice. Who had said they come hears of it and is asked anew about the time.
func TestOneOccurrenceHasItsOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := newBranchOn(t, st, clocks)
		plan := b.open(weekly())
		n := plan.Study.Number
		b.until(sh("2026-11-24 20:00"))
		a := b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30"))
		if _, err := b.svc.Attend(t.Context(), b.act("Uli"), a.ID); err != nil {
			t.Fatal(err)
		}
		b.beat()
		c, err := b.svc.EditOccurrence(t.Context(), b.act("Uchen"), n, time.Time{}, OwnEdit{Place: word("二楼"), Title: word("专题：交通安全"), Link: word("")})
		if err != nil {
			t.Fatal(err)
		}
		b.beat()
		o := b.laid(plan.Study.ID, "2026-11-25 19:30")
		if got := []string{o.Title(c.Plan.Study), o.Place(c.Plan.Study), o.Link(c.Plan.Study)}; !cmp.Equal(got, []string{"专题：交通安全", "二楼", ""}) {
			t.Errorf("the one has %q", got)
		}
		next := b.laid(plan.Study.ID, "2026-12-02 19:30")
		if next.Own != nil || next.Place(c.Plan.Study) != "一楼" || c.Plan.Study.Place != "一楼" {
			t.Errorf("the series changed: %+v, %q", next.Own, c.Plan.Study.Place)
		}
		if a = b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30")); a.Intent != models.IntentAttend {
			t.Errorf("another place takes the answer back: %q", a.Intent)
		}
		// A new time asks anew.
		if _, err := b.svc.EditOccurrence(t.Context(), b.act("Uchen"), n, sh("2026-11-25 00:00"), OwnEdit{Start: models.At(sh("2026-11-25 20:00"))}); err != nil {
			t.Fatal(err)
		}
		b.beat()
		a = b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30"))
		if o = b.laid(plan.Study.ID, "2026-11-25 19:30"); a.Intent != "" || o.End != models.At(sh("2026-11-25 21:00")) || o.Place(c.Plan.Study) != "二楼" {
			t.Errorf("after the new time: intent %q, ends %v at %q", a.Intent, o.End.Time(), o.Place(c.Plan.Study))
		}
		// Undo gives the time back and leaves the rest of before.
		if _, err := b.svc.UndoOccurrence(t.Context(), b.act("Uchen"), o.ID); err != nil {
			t.Fatal(err)
		}
		if o = b.laid(plan.Study.ID, "2026-11-25 19:30"); o.Start != o.RuleStart || o.State != models.OccurrencePlanned || o.Place(c.Plan.Study) != "二楼" {
			t.Errorf("undone: %v %s %q", o.Start.Time(), o.State, o.Place(c.Plan.Study))
		}
		_, err = b.svc.UndoOccurrence(t.Context(), b.act("Uchen"), o.ID)
		refusedWith(t, err, "error.nothing_to_undo")
		// The series' own place again follows the series.
		if _, err := b.svc.EditOccurrence(t.Context(), b.act("Uchen"), n, time.Time{}, OwnEdit{Place: word("一楼"), Title: word(""), Link: word("https://example.com/a.pdf")}); err != nil {
			t.Fatal(err)
		}
		if o = b.laid(plan.Study.ID, "2026-11-25 19:30"); o.Own != nil {
			t.Errorf("it still has %+v", o.Own)
		}
		b.beat()
		b.expect("Uli", "11-24 16:15 study", "11-24 20:00 study", "11-24 20:00 study", "11-24 20:00 study")
	})
}

// What cannot be changed is refused in one line, and nothing of it is done.
func TestOneOccurrenceRefuses(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(weekly())
	n, hour, zero := plan.Study.Number, 60, 0
	for key, in := range map[string]OwnEdit{
		"error.series_same": {Place: word("一楼")},
		"error.study_link":  {Link: word("javascript:alert(1)")},
		"error.study_past":  {Start: models.At(sh("2026-11-22 19:30"))},
		"error.study_range": {Length: &zero},
	} {
		_, err := b.svc.EditOccurrence(t.Context(), b.act("Uchen"), n, time.Time{}, in)
		refusedWith(t, err, key)
	}
	_, err := b.svc.EditOccurrence(t.Context(), b.act("Uchen"), n, sh("2026-11-26 00:00"), OwnEdit{Place: word("x")})
	refusedWith(t, err, "error.study_no_occurrence")
	if _, err := b.svc.EditOccurrence(t.Context(), b.act("Uli"), n, time.Time{}, OwnEdit{Place: word("x")}); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member edits: %v", err)
	}
	if _, err := b.svc.EditOccurrenceAt(t.Context(), b.act("Uli"), plan.Study.ID, plan.Study.Start, OwnEdit{Place: word("x")}); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member presses a button: %v", err)
	}
	_, err = b.svc.SkipStudyAt(t.Context(), b.act("Uchen"), plan.Study.ID, plan.Study.Start+1)
	refusedWith(t, err, "error.study_gone")
	if o := b.laid(plan.Study.ID, "2026-11-25 19:30"); o.Own != nil || o.Start != o.RuleStart {
		t.Errorf("something was done: %+v", o)
	}
	// Far ahead, by its button.
	if _, err := b.svc.EditOccurrenceAt(t.Context(), b.act("Uchen"), plan.Study.ID, models.At(sh("2026-12-30 19:30")), OwnEdit{Length: &hour, Place: word("三楼")}); err != nil {
		t.Fatal(err)
	}
	if o := b.laid(plan.Study.ID, "2026-12-30 19:30"); o.Place(plan.Study) != "三楼" || o.Own.Length != nil {
		t.Errorf("far ahead: %+v", o.Own)
	}
}

// A session with a length of its own keeps it when the series changes; a new
// rule reaches as far as what was laid out before.
func TestSeriesAndItsOwnSessions(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(weekly())
	b.until(sh("2026-11-24 20:00"))
	n, ninety := plan.Study.Number, 90
	if _, err := b.svc.EditOccurrence(t.Context(), b.act("Uchen"), n, time.Time{}, OwnEdit{Length: &ninety}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.EditStudy(t.Context(), b.act("Uchen"), n, StudyEdit{NewStudy: NewStudy{Length: 30}, Set: map[string]bool{"length": true}}); err != nil {
		t.Fatal(err)
	}
	one, two := b.laid(plan.Study.ID, "2026-11-25 19:30"), b.laid(plan.Study.ID, "2026-12-02 19:30")
	if one.End.Sub(one.Start) != 90*time.Minute || two.End.Sub(two.Start) != 30*time.Minute {
		t.Errorf("they take %v and %v", one.End.Sub(one.Start), two.End.Sub(two.Start))
	}
	if _, err := b.svc.SkipStudy(t.Context(), b.act("Uchen"), n, sh("2026-12-30 00:00")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.EditStudy(t.Context(), b.act("Uchen"), n, StudyEdit{Set: map[string]bool{"when": true},
		NewStudy: NewStudy{RRule: "FREQ=WEEKLY;BYDAY=TH", Wall: "2026-11-26T19:30", Zone: "Asia/Shanghai", Start: sh("2026-11-26 19:30")}}); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-12-12 12:00"))
	for _, day := range []string{"2026-12-10 19:30", "2026-12-17 19:30", "2026-12-24 19:30"} {
		if o := b.laid(plan.Study.ID, day); !o.Ahead() {
			t.Errorf("%s is %s", day, o.State)
		}
	}
}

// An edit of the series that was meant for the next session alone is given to
// it by one press; a second press does nothing.
func TestOnlyTheNext(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(weekly())
	out, err := b.svc.EditStudy(t.Context(), b.act("Uchen"), plan.Study.Number, StudyEdit{NewStudy: NewStudy{Place: "二楼"},
		Set: map[string]bool{"where": true}, Line: "where: 二楼"})
	if err != nil || out.OnlyNext == 0 || out.Study.Place != "二楼" {
		t.Fatalf("%v, draft %d, place %q", err, out.OnlyNext, out.Study.Place)
	}
	if _, err := b.svc.OnlyNext(t.Context(), b.act("Uli"), out.OnlyNext, OwnEdit{Place: word("二楼")}); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("somebody else's button: %v", err)
	}
	c, err := b.svc.OnlyNext(t.Context(), b.act("Uchen"), out.OnlyNext, OwnEdit{Place: word("二楼")})
	if err != nil || c.Plan.Study.Place != "一楼" || c.After.Place(c.Plan.Study) != "二楼" {
		t.Fatalf("%v: series %q, one %q", err, c.Plan.Study.Place, c.After.Place(c.Plan.Study))
	}
	_, err = b.svc.OnlyNext(t.Context(), b.act("Uchen"), out.OnlyNext, OwnEdit{Place: word("二楼")})
	refusedWith(t, err, "error.draft_gone")
	// What only a series has offers no such button.
	out, err = b.svc.EditStudy(t.Context(), b.act("Uchen"), plan.Study.Number, StudyEdit{NewStudy: NewStudy{Cap: 5},
		Set: map[string]bool{"capacity": true}, Line: "capacity: 5"})
	if err != nil || out.OnlyNext != 0 {
		t.Errorf("%v, draft %d", err, out.OnlyNext)
	}
}

// Each time has its own places; a full one is refused, a place given back is
// free again, and Undo does not take a place that is another's by now.
func TestPlacesInEachTime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := newBranchOn(t, st, clocks)
		in := lesson("2026-11-25 19:30")
		in.Cap, in.Slots = 1, []models.Slot{{Days: 3, Minute: 15 * 60, Length: 60}, {Days: -1, Minute: 10 * 60, Length: 60}}
		plan := b.open(in)
		start := sh("2026-11-25 19:30")
		li, wang := b.attendance("Uli", plan.Study.ID, start), b.attendance("Uwang", plan.Study.ID, start)
		if _, err := b.svc.Attend(t.Context(), b.act("Uli"), li.ID); err != nil {
			t.Fatal(err)
		}
		_, err := b.svc.Attend(t.Context(), b.act("Uwang"), wang.ID)
		refusedWith(t, err, "error.study_full")
		_, times, err := b.svc.SlotChoices(t.Context(), b.act("Uwang"), wang.ID)
		if err != nil {
			t.Fatal(err)
		}
		var left []int
		for _, at := range times { // by time: Tuesday, Wednesday, Saturday
			left = append(left, at.Left)
		}
		if !cmp.Equal(left, []int{1, 0, 1}) {
			t.Errorf("places left %v", left)
		}
		if _, err := b.svc.ChooseSlot(t.Context(), b.act("Uwang"), wang.ID, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := b.svc.StudyMakeupLater(t.Context(), b.act("Uli"), li.ID); err != nil { // gives the place back
			t.Fatal(err)
		}
		if _, err := b.svc.ChooseSlot(t.Context(), b.act("Uwang"), wang.ID, 0); err != nil {
			t.Fatal(err)
		}
		_, err = b.svc.UndoStudy(t.Context(), b.act("Uli"), li.ID)
		refusedWith(t, err, "error.study_full")
		shown, err := b.svc.ShowStudy(t.Context(), b.act("Uchen"), plan.Study.Number)
		if err != nil || len(shown.Times) != 3 || shown.Times[1].Taken != 1 || len(shown.Times[1].People) != 1 || shown.Times[1].People[0].Name != "王敏" {
			t.Errorf("the leader sees %+v (%v)", shown.Times, err)
		}
		if shown, err := b.svc.ShowStudy(t.Context(), b.act("Uli"), plan.Study.Number); err != nil || len(shown.Times) != 0 {
			t.Errorf("a member sees who chose what: %+v (%v)", shown.Times, err)
		}
	})
}

// Who chose Saturday is reminded of Saturday, checks in on Saturday, and the
// leader is asked after Saturday.
func TestASlotHasItsOwnCourse(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.Slots = []models.Slot{{Days: 3, Minute: 15 * 60, Length: 60}}
	plan := b.open(in)
	start := sh("2026-11-25 19:30")
	a := b.attendance("Uwang", plan.Study.ID, start)
	if _, err := b.svc.ChooseSlot(t.Context(), b.act("Uwang"), a.ID, 1); err != nil {
		t.Fatal(err)
	}
	// Who chose nothing hears after Wednesday that it was missed, and can still
	// come on Saturday; who chose Saturday sees it in the study.
	b.until(sh("2026-11-25 21:00"))
	if shown, err := b.svc.ShowStudy(t.Context(), b.act("Uwang"), plan.Study.Number); err != nil || shown.Mined.Slot != 1 || len(shown.Mine) != 2 {
		t.Errorf("on Thursday the study shows %+v, reminders %v (%v)", shown.Mined, shown.Mine, err)
	}
	li := b.attendance("Uli", plan.Study.ID, start)
	if got, err := b.svc.ChooseSlot(t.Context(), b.act("Uli"), li.ID, 1); err != nil || got.Attendance.Intent != models.IntentAttend {
		t.Errorf("after Wednesday Saturday cannot be chosen: %v", err)
	}
	b.until(sh("2026-11-28 15:10"))
	b.expect("Uwang", "11-27 15:00 study", "11-28 14:00 study")
	if got, err := b.svc.CheckIn(t.Context(), b.act("Uwang"), a.ID); err != nil || got.Attendance.LateMin != 10 {
		t.Errorf("checked in at the chosen time: %v, %d minutes late", err, got.Attendance.LateMin)
	}
	b.until(sh("2026-11-28 17:30"))
	b.expect("Uchen", "11-24 19:30 study", "11-25 18:30 study", "11-28 17:10 study_ask")
}

func TestSlotsAreRefusedInOneLine(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	many := make([]models.Slot, 10)
	for i := range many {
		many[i] = models.Slot{Days: i + 1, Minute: 600, Length: 60}
	}
	for key, slots := range map[string][]models.Slot{"error.series_slots_many": many, "error.series_slots_far": {{Days: 31, Minute: 600, Length: 60}},
		"error.series_slot_past": {{Days: -3, Minute: 600, Length: 60}}} {
		in := lesson("2026-11-25 19:30")
		in.Slots, in.ForUnit = slots, 1
		_, err := b.svc.OpenStudy(t.Context(), b.act("Uchen"), in)
		refusedWith(t, err, key)
	}
	in := lesson("2026-11-25 19:30")
	in.Length, in.Slots, in.ForUnit = 0, []models.Slot{{Days: 1, Minute: 600, Length: 60}}, 1
	_, err := b.svc.OpenStudy(t.Context(), b.act("Uchen"), in)
	refusedWith(t, err, "error.series_slots_meet")
}

// A month as its leader plans it, and as a member has it.
func TestMonthPlan(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := newBranchOn(t, st, clocks)
		plan := b.open(weekly())
		b.until(sh("2026-11-26 12:00"))
		if _, err := b.svc.SkipStudy(t.Context(), b.act("Uchen"), plan.Study.Number, sh("2026-12-16 00:00")); err != nil {
			t.Fatal(err)
		}
		days := func(user string, month string, own bool) (out []string, m StudyMonth) {
			t.Helper()
			m, err := b.svc.StudyMonthOf(t.Context(), b.act(user), sh(month+"-15 12:00"), own)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range m.Sessions {
				out = append(out, s.Occurrence.Start.Time().In(models.Zone("Asia/Shanghai")).Format("01-02")+" "+s.State(m.Now))
			}
			return out, m
		}
		got, m := days("Uchen", "2026-12", false)
		want := []string{"12-02 ahead", "12-09 ahead", "12-16 skipped", "12-23 ahead", "12-30 ahead"}
		if diff := cmp.Diff(want, got); diff != "" || !m.Leads {
			t.Errorf("December of the leader (%v):\n%s", m.Leads, diff)
		}
		if weeks := m.EmptyWeeks(); len(weeks) != 1 || weeks[0].Format(time.DateOnly) != "2026-12-14" {
			t.Errorf("weeks without a session: %v", weeks)
		}
		if got, _ = days("Uchen", "2026-11", false); !cmp.Equal(got, []string{"11-25 no_record"}) {
			t.Errorf("November: %v", got)
		}
		if _, err := b.svc.HeldStudy(t.Context(), b.act("Uchen"), plan.Study.Number, true); err != nil {
			t.Fatal(err)
		}
		if got, _ = days("Uchen", "2026-11", false); !cmp.Equal(got, []string{"11-25 held"}) {
			t.Errorf("November, held: %v", got)
		}
		if got, m = days("Uli", "2026-12", false); m.Leads || len(got) != 5 {
			t.Errorf("a member's December (%v): %v", m.Leads, got)
		}
		if got, m = days("Uchen", "2026-12", true); m.Leads || len(got) != 5 {
			t.Errorf("the leader's own December (%v): %v", m.Leads, got)
		}
		if _, err := b.svc.PostStudyMonth(t.Context(), b.act("Uli"), sh("2026-12-15 12:00"), "C1"); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member posts the plan: %v", err)
		}
		for i, want := range []bool{false, true} {
			if again, err := b.svc.PostStudyMonth(t.Context(), b.act("Uchen"), sh("2026-12-15 12:00"), "C1"); err != nil || again != want {
				t.Errorf("post %d: %v %v", i, again, err)
			}
		}
	})
}

// What was asked back about is answered once, by who typed it.
func TestStudyDraftsAreAnsweredOnce(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	b.open(weekly())
	if _, err := b.svc.KeepStudy(t.Context(), b.act("Uli"), models.StudyDraft{Text: "学习 x"}); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member is asked: %v", err)
	}
	d, err := b.svc.KeepStudy(t.Context(), b.act("Uchen"), models.StudyDraft{Text: "学习 x", Clock: "19:30"})
	if err != nil {
		t.Fatal(err)
	}
	b.restart()
	kept, err := b.svc.StudyDraftOf(t.Context(), b.act("Uchen"), d.ID)
	if err != nil || !cmp.Equal(*kept.Study, models.StudyDraft{Text: "学习 x", Clock: "19:30"}) {
		t.Fatalf("%v, kept %+v", err, kept.Study)
	}
	in := weekly()
	in.Draft, in.ForUnit = d.ID, 1
	if _, err := b.svc.OpenStudies(t.Context(), b.act("Uchen"), []NewStudy{in, in}); err != nil {
		t.Fatal(err)
	}
	_, err = b.svc.OpenStudy(t.Context(), b.act("Uchen"), in)
	refusedWith(t, err, "error.draft_gone")
	list, err := b.svc.ListStudies(t.Context(), b.act("Uchen"))
	if err != nil || len(list) != 3 {
		t.Errorf("%d studies (%v)", len(list), err)
	}
}
