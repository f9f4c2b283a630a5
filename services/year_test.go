package services

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// yearBranch is a branch that has met every Wednesday of 2026 from 7 January
// to 18 November, 46 times; say gives each member's state in the week. It is
// Monday 23 November, and six Wednesdays are left.
func yearBranch(t *testing.T, st *store.Store, clocks storetest.Clocks, say func(who string, week int) string) (*branch, models.Study) {
	t.Helper()
	clocks.World.Set(sh("2026-01-05 09:00"))
	b := newBranchOn(t, st, clocks)
	in := lesson("2026-01-07 19:30")
	in.RRule = "FREQ=WEEKLY;BYDAY=WE"
	study := b.open(in).Study
	clocks.World.Set(sh("2026-11-23 12:00"))
	err := st.InTx(t.Context(), func(tx *store.Tx) error {
		by := models.By{TenantID: study.TenantID, Action: "test"}
		week := 0
		for at := sh("2026-01-07 19:30"); at.Before(sh("2026-11-23 00:00")); at = at.AddDate(0, 0, 7) {
			week++
			o, err := tx.OccurrenceAt(study.ID, models.At(at))
			if ignoreMissing(err) != nil {
				return err
			}
			o.TenantID, o.StudyID, o.RuleStart, o.Start, o.End = study.TenantID, study.ID, models.At(at), models.At(at), models.At(at.Add(time.Hour))
			o.State = models.OccurrenceHeld
			if err := tx.Save(by, &o); err != nil {
				return err
			}
			for _, who := range []string{"Uchen", "Uli", "Uwang"} {
				p, err := tx.PersonBySlack(study.TenantID, who)
				if err != nil {
					return err
				}
				a, err := tx.AttendanceOf(o.ID, p.ID)
				if ignoreMissing(err) != nil {
					return err
				}
				a.TenantID, a.StudyID, a.OccurrenceID, a.PersonID, a.State = study.TenantID, study.ID, o.ID, p.ID, say(who, week)
				if a.State == models.AttendanceAttended || a.State == models.AttendanceMadeUp {
					a.At, a.EnteredAt, a.Credit = o.Start, o.Start, 60
				}
				if err := tx.Save(by, &a); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b, study
}

// diligent: the leader is always there; Li came to 26 of 46; Wang made up ten
// and was excused from five.
func diligent(who string, week int) string {
	switch {
	case who == "Uchen", who == "Uli" && week <= 26:
		return models.AttendanceAttended
	case who == "Uwang" && week <= 10:
		return models.AttendanceMadeUp
	case who == "Uwang" && week <= 15:
		return models.AttendanceExcused
	}
	return models.AttendanceAbsent
}

func (b *branch) year(who string, ask YearAsk) YearShown {
	b.t.Helper()
	shown, err := b.svc.Year(b.t.Context(), b.act(who), ask)
	if err != nil {
		b.t.Fatalf("year of %s: %v", who, err)
	}
	return shown
}

// toldRows is each row in short: name, hours of target, verdict, hours it will be and
// that are missing.
func toldRows(rows []models.YearRow) []string {
	var out []string
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%s %g/%d %s %g -%g", r.Person.Name, float64(r.Done)/60, r.Target/60, r.Forecast.Verdict,
			float64(r.Forecast.Projected)/60, float64(r.Forecast.Missing)/60))
	}
	return out
}

func TestALeaderReadsTheYearOfTheirBranch(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b, study := yearBranch(t, st, clocks, diligent)
		shown := b.year("Uchen", YearAsk{})
		want := []string{"王敏 10/32 beyond 11 -21", "陈琳 46/56 beyond 52 -4", "李师傅 26/32 short 29 -3"}
		if diff := cmp.Diff(want, toldRows(shown.Rows)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(models.YearTotals{People: 3, Short: 3}, shown.Totals); diff != "" {
			t.Errorf("totals (-want +got):\n%s", diff)
		}
		li := shown.Rows[2]
		// Last Wednesday can be made up until the 25th, 20:30: with it there is one to spare.
		if li.Forecast.By != models.At(sh("2026-11-25 20:30")) || li.Planned() != (models.YearCount{Sessions: 6, Minutes: 360}) || li.LastAt != models.At(sh("2026-07-01 19:30")) {
			t.Errorf("Li: by %s, planned %+v, last %s", li.Forecast.By.Time(), li.Planned(), li.LastAt.Time())
		}
		wang := shown.Rows[0]
		if wang.MadeUp.Sessions != 10 || wang.Excused.Sessions != 5 || wang.Absent.Sessions != 31 || wang.Absent.Minutes != 31*60 {
			t.Errorf("Wang by state: %+v", wang.YearAccount)
		}
		b.same(shown.Rows, study)
	})
}

// same holds the account against every other place that says the same.
func (b *branch) same(rows []models.YearRow, study models.Study) {
	b.t.Helper()
	ctx := b.t.Context()
	export := func(kind, who, value string) map[string]any {
		var columns []string
		out := map[string]any{}
		err := b.svc.Export(ctx, "T1", 0, models.ExportQuery{Kind: kind}, func(c []string) error { columns = c; return nil }, func(row []any) error {
			cells := map[string]any{}
			for i, c := range columns {
				cells[c] = row[i]
			}
			out[cells[who].(string)] = cells[value]
			return nil
		})
		if err != nil {
			b.t.Fatal(err)
		}
		return out
	}
	members, account := export("members", "user_id", "study_hours_year"), export("study_year", "user_id", "hours")
	for _, r := range rows {
		slack, want := r.Person.Slack(), float64(r.Done)/60
		o, err := b.svc.OverviewOf(ctx, b.act(slack))
		if err != nil {
			b.t.Fatal(err)
		}
		if o.StudyMinutes != r.Done || o.Target != r.Target || members[slack] != want || account[slack] != want || o.Forecast != r.Forecast {
			b.t.Errorf("%s: account %d of %d, me %d of %d, members %v, study_year %v", r.Person.Name, r.Done, r.Target, o.StudyMinutes, o.Target, members[slack], account[slack])
		}
	}
}

func TestAMemberIsExcusedFromTheTarget(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b, study := yearBranch(t, st, clocks, diligent)
		ctx := t.Context()
		given, err := b.svc.Exempt(ctx, b.act("Uchen"), ExemptAsk{Slack: []string{"Uwang", "Uli"}, Span: models.DaySpan{Last: "2026-06-01"}, Reason: "因病"})
		if err != nil || len(given) != 2 || given[0].Account.Target != 18*60 || given[0].Account.Exempt {
			t.Fatalf("until June: %+v, %v", given, err)
		}
		shown := b.year("Uchen", YearAsk{})
		want := []string{"王敏 10/18 beyond 11 -7", "陈琳 46/56 beyond 52 -4", "李师傅 26/18 reached 29 -0"}
		if diff := cmp.Diff(want, toldRows(shown.Rows)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		b.same(shown.Rows, study)
		if _, err := b.svc.Exempt(ctx, b.act("Uchen"), ExemptAsk{Slack: []string{"Uwang"}, Year: 2026, Reason: "高龄"}); err != nil {
			t.Fatalf("the whole year on top: %v", err)
		}
		if got := b.year("Uchen", YearAsk{}).Totals; got != (models.YearTotals{People: 3, OnPace: 1, Short: 1, Exempt: 1}) {
			t.Errorf("totals %+v", got)
		}
		b.until(sh("2026-11-23 12:15"))
		if got := b.kinds("Uwang", models.MessageExempt); len(got) != 2 {
			t.Errorf("Wang was told %v", got)
		}
		back, err := b.svc.UndoExempt(ctx, b.act("Uchen"), given[0].Exemption.ID)
		if err != nil || len(back) != 2 {
			t.Fatalf("undo of both: %+v, %v", back, err)
		}
		if back[0].Account.Target != 0 || back[1].Account.Target != 32*60 { // Wang is still excused by the other
			t.Errorf("after undo: %d and %d", back[0].Account.Target, back[1].Account.Target)
		}
		b.until(sh("2026-11-23 12:30"))
		if got := b.kinds("Uli", models.MessageExempt); len(got) != 2 { // who read it hears that it is taken back
			t.Errorf("Li was told %v", got)
		}
		if _, err := b.svc.UndoExempt(ctx, b.act("Uchen"), given[0].Exemption.ID); refusal(err) != "error.nothing_to_undo" {
			t.Errorf("undo again: %v", err)
		}
		if brk, err := st.Verify(ctx, study.TenantID); err != nil || !brk.OK() {
			t.Errorf("the record: %v, %v", brk, err)
		}
	})
}

// kinds are the messages of a kind that somebody heard.
func (b *branch) kinds(who string, kind models.MessageKind) (out []string) {
	for _, n := range b.sent {
		if n.Who == who && n.Kind == kind {
			out = append(out, n.At.In(models.Zone("Asia/Shanghai")).Format("01-02 15:04"))
		}
	}
	return out
}

func TestWhoMayReadAndExcuse(t *testing.T) {
	t.Parallel()
	st, clocks := storetest.New(t)
	b, _ := yearBranch(t, st, clocks, diligent)
	ctx := t.Context()
	err := b.svc.Enrol(ctx, "T1", []UnitRow{{Name: "城西支部", Type: "branch", Leader: "Uzhao"}}, []MemberRow{{Slack: "Uzhao", Name: "赵强", Unit: "城西支部"}})
	if err != nil {
		t.Fatal(err)
	}
	east := b.year("Uchen", YearAsk{Unit: "城东支部"}).Unit
	if own := b.year("Uli", YearAsk{}); own.Own == nil || own.Own.Done != 26*60 || len(own.Rows) != 0 {
		t.Errorf("a member sees %+v", own)
	}
	if own := b.year("Uchen", YearAsk{Own: true}); own.Own == nil || own.Own.Done != 46*60 {
		t.Errorf("a leader's own: %+v", own)
	}
	if own := b.year("Unew", YearAsk{}); own.Own == nil || own.Own.Done != 0 || own.Own.Forecast.Verdict != models.VerdictEarly {
		t.Errorf("who was never seen: %+v", own.Own)
	}
	for name, ask := range map[string]YearAsk{"error.not_unit": {Unit: "城东支部"}, "role.no_unit": {Unit: "城南支部"}, "error.year_none": {Year: 2027}} {
		if _, err := b.svc.Year(ctx, b.act("Uzhao"), ask); refusal(err) != name {
			t.Errorf("Zhao asks %+v: %v, want %s", ask, err, name)
		}
	}
	for key, ask := range map[string]YearAsk{"error.not_unit": {UnitID: east.ID, Year: 2026}, "error.year_unit_gone": {UnitID: 9999}} {
		if _, err := b.svc.Year(ctx, b.act("Uzhao"), ask); refusal(err) != key {
			t.Errorf("Zhao forges %+v: %v, want %s", ask, err, key)
		}
	}
	if err := b.svc.AskExportOf(ctx, b.act("Uzhao"), models.ExportQuery{Kind: "study_year", UnitID: east.ID}, "xlsx"); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("Zhao takes another's file: %v", err)
	}
	for _, c := range []struct {
		who string
		ask ExemptAsk
		key string
	}{
		{"Uchen", ExemptAsk{Slack: []string{"Uchen"}, Reason: "x"}, "error.exempt_self"},
		{"Uchen", ExemptAsk{Slack: []string{"Uzhao"}, Reason: "x"}, "error.not_unit"},
		{"Uchen", ExemptAsk{Slack: []string{"Unobody"}, Reason: "x"}, "error.exempt_who"},
		{"Uchen", ExemptAsk{Reason: "x"}, "error.exempt_who"},
		{"Uchen", ExemptAsk{Slack: []string{"Uli"}}, "error.exempt_reason"},
		{"Uchen", ExemptAsk{Slack: []string{"Uli"}, Year: 2031, Reason: "x"}, "error.exempt_year"},
		{"Uchen", ExemptAsk{Slack: []string{"Uli"}, Reason: "x", Span: models.DaySpan{First: "2026-06-01", Last: "2026-05-01"}}, "error.exempt_order"},
		{"Uchen", ExemptAsk{Slack: []string{"Uli"}, Reason: "x", Span: models.DaySpan{First: "2026-06-01", Last: "2027-05-01"}}, "error.exempt_span"},
		{"Uchen", ExemptAsk{Slack: []string{"Uli"}, Reason: "x", Span: models.DaySpan{First: "2026-13-40"}}, "error.exempt_order"},
		{"Uchen", ExemptAsk{Slack: []string{"Uli"}, End: true}, "error.exempt_none"},
		{"Uchen", ExemptAsk{Slack: []string{"Uli", "Uchen"}, Reason: "x"}, "error.exempt_self"}, // all or none
	} {
		if _, err := b.svc.Exempt(ctx, b.act(c.who), c.ask); refusal(err) != c.key {
			t.Errorf("%s excuses %+v: %v, want %s", c.who, c.ask, err, c.key)
		}
	}
	if _, err := b.svc.Exempt(ctx, b.act("Uli"), ExemptAsk{Slack: []string{"Uwang"}, Reason: "x"}); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member excuses: %v", err)
	}
	if got := b.year("Uchen", YearAsk{}).Totals.Exempt; got != 0 {
		t.Errorf("%d excused by what was refused", got)
	}
}

// What waits for a leader's hand stands on Home: who asks, what has no record,
// what was made up.
func TestALeadersHomeHasWhatWaitsInStudy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		clocks.World.Set(sh("2026-11-16 09:00"))
		b := newBranchOn(t, st, clocks)
		in := lesson("2026-11-18 19:30")
		in.RRule, in.Link = "FREQ=WEEKLY;BYDAY=WE", ""
		study := b.open(in).Study
		b.until(sh("2026-11-18 22:00"))
		missed := b.attendance("Uli", study.ID, sh("2026-11-18 19:30"))
		if _, err := b.svc.StudyMakeup(t.Context(), b.act("Uli"), missed.ID, 0, models.Handed{Words: "学习了骑手服务社区的案例，决定以后送餐路上多留意独居老人的情况，有事及时上报，也告诉站点的同事一起做。"}); err != nil {
			t.Fatalf("make-up: %v", err)
		}
		next := b.attendance("Uwang", study.ID, sh("2026-11-25 19:30"))
		if _, err := b.svc.AskExcuse(t.Context(), b.act("Uwang"), next.ID, "家里有事", time.Time{}); err != nil {
			t.Fatal(err)
		}
		o, err := b.svc.HomeOf(t.Context(), b.act("Uchen"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range o.Hands {
			got = append(got, fmt.Sprintf("%s %s %s %d", h.Kind, h.Occurrence.Start.In(models.Zone("Asia/Shanghai")).Format("01-02"), h.Person.Name, h.N))
		}
		if diff := cmp.Diff([]string{"excuse 11-25 王敏 0", "record 11-18  0", "makeups 11-18  1"}, got); diff != "" {
			t.Errorf("waits (-want +got):\n%s", diff)
		}
		if o, err = b.svc.HomeOf(t.Context(), b.act("Uli")); err != nil || len(o.Hands) != 0 {
			t.Errorf("a member's: %+v, %v", o.Hands, err)
		}
		if _, err := b.svc.StudyAskAgain(t.Context(), b.act("Uli"), missed.OccurrenceID); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("a member records: %v", err)
		}
	})
}
