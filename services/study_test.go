package services

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

func lesson(start string) NewStudy {
	return NewStudy{Title: "支部学习：骑手服务案例", Start: sh(start), Length: 60, Credit: -1, Makeup: -1, Link: "https://example.com/a.pdf"}
}

// A courier who can read in the late morning and the early afternoon is
// reminded then, checks in, and the hour is counted.
func TestCourierIsRemindedInTheirWindowsAndChecksIn(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(lesson("2026-11-25 19:30"))
	if plan.People != 3 || !plan.Known {
		t.Errorf("%d people, known %v; want all three of the branch", plan.People, plan.Known)
	}
	b.until(sh("2026-11-25 19:15"))
	b.expect("Uli", "11-24 16:15 study", "11-25 16:15 study")
	b.expect("Uwang", "11-24 19:30 study", "11-25 18:30 study")

	a := b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30"))
	got, err := b.svc.CheckIn(t.Context(), b.act("Uli"), a.ID)
	if err != nil {
		t.Fatalf("check in: %v", err)
	}
	if got.Attendance.State != models.AttendanceAttended || got.Attendance.Credit != 60 || got.Minutes != 60 || got.Target != 32*60 {
		t.Errorf("checked in: state %s, credit %d, year %d of %d", got.Attendance.State, got.Attendance.Credit, got.Minutes, got.Target)
	}
	if got.Attendance.How != models.HowSelf {
		t.Errorf("how %q: without a code it is self-reported", got.Attendance.How)
	}
	b.until(sh("2026-11-26 12:00"))
	b.expect("Uli", "11-24 16:15 study", "11-25 16:15 study")
	b.expect("Uchen", "11-24 19:30 study", "11-25 18:30 study", "11-25 21:30 study_ask")
}

// A week: missed on Wednesday, one follow-up two days before it closes, made up.
func TestCourierMissesASessionAndMakesItUp(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(lesson("2026-11-25 19:30"))
	start := sh("2026-11-25 19:30")
	b.until(sh("2026-11-25 21:45"))
	a := b.attendance("Uli", plan.Study.ID, start)
	if _, err := b.svc.HeldOccurrence(t.Context(), b.act("Uchen"), a.OccurrenceID, true); err != nil {
		t.Fatalf("held: %v", err)
	}
	b.until(sh("2026-12-01 12:00"))
	b.expect("Uli", "11-24 16:15 study", "11-25 16:15 study", "11-30 16:15 study_follow")
	if got := b.attendance("Uli", plan.Study.ID, start); got.State != models.AttendanceDue {
		t.Errorf("state %s before the make-up closes, want due", got.State)
	}
	if _, err := b.svc.OpenMaterial(t.Context(), b.act("Uli"), a.ID); err != nil {
		t.Fatal(err)
	}
	_, err := b.svc.StudyMakeup(t.Context(), b.act("Uli"), a.ID, 0, models.Handed{Words: "很有用"})
	if models.CodeOf(err) != models.CodeInvalid {
		t.Errorf("three characters: %v, want refused", err)
	}
	got, err := b.svc.StudyMakeup(t.Context(), b.act("Uli"), a.ID, 0, models.Handed{Words: strings.Repeat("学到了怎么和顾客说话。", 3)})
	if err != nil || got.Attendance.State != models.AttendanceMadeUp || got.Minutes != 60 {
		t.Fatalf("made up: %v, state %s, year %d", err, got.Attendance.State, got.Minutes)
	}
	b.until(sh("2026-12-03 12:00"))
	if got := b.attendance("Uwang", plan.Study.ID, start); got.State != models.AttendanceAbsent {
		t.Errorf("who did nothing is %s after a held session closed, want absent", got.State)
	}
	if got := b.attendance("Uli", plan.Study.ID, start); got.State != models.AttendanceMadeUp {
		t.Errorf("who made it up is %s", got.State)
	}
	b.expect("Uwang", "11-24 19:30 study", "11-25 18:30 study", "11-30 20:30 study_follow")
}

// Until the leader says that it was held nobody is absent; when it was not, the
// record says so.
func TestNobodyIsAbsentFromWhatWasNotHeld(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.Makeup = 3
	plan := b.open(in)
	b.until(sh("2026-11-30 12:00"))
	start := sh("2026-11-25 19:30")
	a := b.attendance("Uwang", plan.Study.ID, start)
	if a.State != models.AttendanceDue {
		t.Errorf("state %s without the leader's word, want due", a.State)
	}
	if _, err := b.svc.HeldOccurrence(t.Context(), b.act("Uwang"), a.OccurrenceID, true); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member says it was held: %v, want forbidden", err)
	}
	if _, err := b.svc.HeldStudy(t.Context(), b.act("Uchen"), plan.Study.Number, false); err != nil {
		t.Fatal(err)
	}
	b.beat()
	if a = b.attendance("Uwang", plan.Study.ID, start); a.State != models.AttendanceDue {
		t.Errorf("state %s after it was not held, want due", a.State)
	}
	// The leader was wrong, and says so late: now it counts.
	if _, err := b.svc.HeldStudy(t.Context(), b.act("Uchen"), plan.Study.Number, true); err != nil {
		t.Fatal(err)
	}
	b.beat()
	if a = b.attendance("Uwang", plan.Study.ID, start); a.State != models.AttendanceAbsent {
		t.Errorf("state %s once it was held and closed, want absent", a.State)
	}
}

// An intention credits nothing; undo goes back; snooze moves one reminder.
func TestIntentUndoAndSnooze(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(lesson("2026-11-25 19:30"))
	start := sh("2026-11-25 19:30")
	b.until(sh("2026-11-25 10:30"))
	a := b.attendance("Uli", plan.Study.ID, start)
	if _, err := b.svc.CheckIn(t.Context(), b.act("Uli"), a.ID); models.CodeOf(err) != models.CodeConflict {
		t.Errorf("checked in nine hours before: %v, want refused", err)
	}
	if _, err := b.svc.Attend(t.Context(), b.act("Uwang"), a.ID); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("somebody else's button: %v, want forbidden", err)
	}
	got, err := b.svc.Attend(t.Context(), b.act("Uli"), a.ID)
	if err != nil || got.Attendance.Intent != models.IntentAttend || got.Minutes != 0 || got.Attendance.State != models.AttendanceDue {
		t.Errorf("I'll be there: %v, %+v", err, got.Attendance)
	}
	if got, err = b.svc.UndoStudy(t.Context(), b.act("Uli"), a.ID); err != nil || got.Attendance.Intent != "" {
		t.Errorf("undo: %v, intent %q", err, got.Attendance.Intent)
	}
	if _, err = b.svc.UndoStudy(t.Context(), b.act("Uli"), a.ID); models.CodeOf(err) != models.CodeConflict {
		t.Errorf("undo again: %v, want nothing to undo", err)
	}
	_, choices, err := b.svc.SnoozeChoices(t.Context(), b.act("Uli"), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, c := range choices {
		shown = append(shown, c.At.In(models.Zone("Asia/Shanghai")).Format("15:04"))
	}
	if diff := cmp.Diff([]string{"10:45", "14:30"}, shown); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
	if _, err := b.svc.Snooze(t.Context(), b.act("Uli"), a.ID, models.At(sh("2026-11-25 20:00"))); models.CodeOf(err) != models.CodeConflict {
		t.Errorf("snooze past the start: %v, want refused", err)
	}
	if _, err := b.svc.Snooze(t.Context(), b.act("Uli"), a.ID, choices[1].At); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 19:00"))
	b.expect("Uli", "11-24 16:15 study", "11-25 14:30 study", "11-25 16:15 study")
}

// Who says they cannot come hears no more before the start, and after an undo
// does again.
func TestCannotComeSilencesReminders(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(lesson("2026-11-25 19:30"))
	b.until(sh("2026-11-24 20:00"))
	start := sh("2026-11-25 19:30")
	li, wang := b.attendance("Uli", plan.Study.ID, start), b.attendance("Uwang", plan.Study.ID, start)
	for who, id := range map[string]int64{"Uli": li.ID, "Uwang": wang.ID} {
		if _, err := b.svc.StudyMakeupLater(t.Context(), b.act(who), id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.svc.UndoStudy(t.Context(), b.act("Uwang"), wang.ID); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 19:45"))
	b.expect("Uli", "11-24 16:15 study")
	b.expect("Uwang", "11-24 19:30 study", "11-25 18:30 study")
}

// The leader decides about an excuse, and nobody about their own.
func TestExcuse(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(lesson("2026-11-25 19:30"))
	b.until(sh("2026-11-24 20:00"))
	start := sh("2026-11-25 19:30")
	a := b.attendance("Uwang", plan.Study.ID, start)
	if _, err := b.svc.AskExcuse(t.Context(), b.act("Uwang"), a.ID, "孩子发烧", time.Time{}); err != nil {
		t.Fatal(err)
	}
	b.beat()
	b.expect("Uchen", "11-24 19:30 study", "11-24 20:00 study_excuse")
	if _, err := b.svc.DecideExcuse(t.Context(), b.act("Uwang"), a.ID, true, ""); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("excusing oneself: %v, want forbidden", err)
	}
	if _, err := b.svc.DecideExcuse(t.Context(), b.act("Uchen"), a.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if a = b.attendance("Uwang", plan.Study.ID, start); a.State != models.AttendanceExcused {
		t.Errorf("state %s, want excused", a.State)
	}
	b.until(sh("2026-11-25 19:30"))
	b.expect("Uwang", "11-24 19:30 study")
}

// A no to it is told with a sound: who asked may count on a yes.
func TestExcuseRefused(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(lesson("2026-11-25 19:30"))
	b.until(sh("2026-11-24 20:00"))
	a := b.attendance("Uwang", plan.Study.ID, sh("2026-11-25 19:30"))
	if _, err := b.svc.AskExcuse(t.Context(), b.act("Uwang"), a.ID, "", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.DecideExcuse(t.Context(), b.act("Uchen"), a.ID, false, "人手不够"); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 19:30"))
	b.expect("Uwang", "11-24 19:30 study", "11-24 20:00 study", "11-25 18:30 study")
}

// A move tells those who were told, once, and asks anew who had said they come.
func TestMoveAsksAnew(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(lesson("2026-11-25 19:30"))
	b.until(sh("2026-11-24 20:00"))
	start := sh("2026-11-25 19:30")
	a := b.attendance("Uwang", plan.Study.ID, start)
	if _, err := b.svc.Attend(t.Context(), b.act("Uwang"), a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.MoveStudy(t.Context(), b.act("Uchen"), plan.Study.Number, time.Time{}, sh("2026-11-27 19:30"), time.Time{}); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-27 19:30"))
	b.expect("Uwang", "11-24 19:30 study", "11-24 20:00 study", "11-26 19:30 study", "11-27 18:30 study")
	if a = b.attendance("Uwang", plan.Study.ID, start); a.Intent != "" {
		t.Errorf("intent %q after the move, want asked anew", a.Intent)
	}
}

// A skipped one is silent, and can be had back.
func TestSkipAndUnskip(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.RRule = "FREQ=WEEKLY;BYDAY=WE"
	plan := b.open(in)
	skipped, err := b.svc.SkipStudy(t.Context(), b.act("Uchen"), plan.Study.Number, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-24 20:00"))
	b.expect("Uwang")
	if _, err := b.svc.UnskipStudy(t.Context(), b.act("Uchen"), skipped.After.ID); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-12-01 20:00"))
	b.expect("Uwang", "11-25 18:30 study", "11-30 20:30 study_follow", "12-01 19:30 study")
}

// Who joins later is planned too; who leaves hears nothing.
func TestMembersWhoComeAndGo(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.open(lesson("2026-11-25 19:30"))
	err := b.svc.Enrol(t.Context(), "T1", []UnitRow{{Name: "城东支部", Type: "branch", Leader: "Uchen"}}, []MemberRow{{Slack: "Unew", Name: "新人", Unit: "城东支部", Duty: "member"}})
	if err != nil {
		t.Fatal(err)
	}
	err = b.st.InTx(t.Context(), func(tx *store.Tx) error { return b.svc.UnitChanged(tx, plan.Study.TenantID) })
	if err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 19:30"))
	b.expect("Unew", "11-24 19:30 study", "11-25 18:30 study")
}

// New windows, a pause and a new zone move what lies ahead and nothing behind.
func TestProfileMovesWhatLiesAhead(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	b.open(lesson("2026-11-25 19:30"))
	b.until(sh("2026-11-24 20:00"))
	_, err := b.svc.SaveProfile(t.Context(), b.act("Uwang"), Profile{Windows: []models.Window{{Start: 8 * 60, End: 9 * 60}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = b.svc.SaveProfile(t.Context(), b.act("Uli"), Profile{PauseUntil: models.At(sh("2026-11-26 00:00"))}); err != nil {
		t.Fatal(err)
	}
	// In New York it is morning: quiet hours there end at 20:00 in Shanghai.
	if _, err = b.svc.SaveProfile(t.Context(), b.act("Uchen"), Profile{Zone: "America/New_York"}); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 19:30"))
	b.expect("Uwang", "11-24 19:30 study", "11-25 08:45 study")
	b.expect("Uli", "11-24 16:15 study")
	b.expect("Uchen", "11-24 19:30 study", "11-25 10:45 study")
}

// A channel's members are asked of Slack; when they are known they are planned.
func TestChannelAudienceArrivesLater(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.For = "<#C7|study>"
	plan := b.open(in)
	if plan.Known || plan.People != 0 {
		t.Errorf("people %d known %v before Slack said who is in the channel", plan.People, plan.Known)
	}
	ctx := context.Background()
	err := b.st.InTx(ctx, func(tx *store.Tx) error {
		c, err := tx.EnsureChannel(plan.Study.TenantID, "C7")
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(plan.Study.TenantID, "Uwang")
		if err != nil {
			return err
		}
		if err := tx.SetChannelMembers(c.ID, []int64{p.ID}); err != nil {
			return err
		}
		return b.svc.AudienceChanged(tx, plan.Study.TenantID, "C7")
	})
	if err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 19:30"))
	b.expect("Uwang", "11-24 19:30 study", "11-25 18:30 study")
	b.expect("Uli")
}

func TestWhoMayOpenWhat(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.For = "城东支部"
	if _, err := b.svc.OpenStudy(t.Context(), b.act("Uwang"), in); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member opens a study: %v, want forbidden", err)
	}
	in.For = "all"
	if _, err := b.svc.OpenStudy(t.Context(), b.act("Uchen"), in); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a unit's leader opens one for all: %v, want forbidden", err)
	}
	in.For = "月球支部"
	if _, err := b.svc.OpenStudy(t.Context(), b.act("Uchen"), in); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("an unknown unit: %v, want not found", err)
	}
	in.For = ""
	if _, err := b.svc.OpenStudy(t.Context(), b.act("Uchen"), in); models.CodeOf(err) != models.CodeInvalid {
		t.Errorf("in a direct message without for: %v, want invalid", err)
	}
	in.For, in.Start = "城东支部", sh("2026-11-20 19:30")
	if _, err := b.svc.OpenStudy(t.Context(), b.act("Uchen"), in); models.CodeOf(err) != models.CodeInvalid {
		t.Errorf("in the past: %v, want invalid", err)
	}
}
