package services

import (
	"testing"
	"time"

	"muster/models"
)

// An excuse is heard until the make-up closes, and the answer carries its reason.
func TestAnExcuseAfterTheSession(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.missed("2026-11-25 19:30")
	a := b.attendance("Uwang", plan.Study.ID, sh("2026-11-25 19:30"))
	if _, err := b.svc.AskExcuse(t.Context(), b.act("Uwang"), a.ID, "住院", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.DecideExcuse(t.Context(), b.act("Uchen"), a.ID, false, "请先补学"); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-26 12:00"))
	if got := b.sounds("Uwang", "Asia/Shanghai"); got[len(got)-1] != "11-25 21:45 study" && got[len(got)-1] != "11-26 07:00 study" {
		t.Errorf("a no is told: %v", got)
	}
	if a = b.attendance("Uwang", plan.Study.ID, sh("2026-11-25 19:30")); a.Answer != "请先补学" || a.Intent != models.IntentNone {
		t.Errorf("%+v", a)
	}
	b.until(sh("2026-12-02 20:30"))
	if _, err := b.svc.AskExcuse(t.Context(), b.act("Uwang"), a.ID, "住院", time.Time{}); models.CodeOf(err) != models.CodeConflict {
		t.Errorf("asked after the make-up closed: %v", err)
	}
}

// In hospital for two weeks: asked once, answered once, also for what is only
// planned later; back earlier, what lies ahead is the member's again.
func TestAnExcuseForSomeDays(t *testing.T) {
	eachBranch(t, func(b *branch) {
		ctx := b.t.Context()
		in := lesson("2026-11-25 19:30")
		in.RRule = "FREQ=WEEKLY;BYDAY=WE"
		plan := b.open(in)
		b.until(sh("2026-11-24 20:00"))
		first := b.attendance("Uwang", plan.Study.ID, sh("2026-11-25 19:30"))
		if _, err := b.svc.AskExcuse(ctx, b.act("Uwang"), first.ID, "住院", sh("2026-11-24 00:00")); models.CodeOf(err) != models.CodeInvalid {
			b.t.Errorf("until the day before: %v", err)
		}
		if _, err := b.svc.AskExcuse(ctx, b.act("Uwang"), first.ID, "住院", sh("2027-11-24 00:00")); models.CodeOf(err) != models.CodeInvalid {
			b.t.Errorf("for a year: %v", err)
		}
		got, err := b.svc.AskExcuse(ctx, b.act("Uwang"), first.ID, "住院", sh("2026-12-16 00:00"))
		if err != nil || got.Leave.State != models.LeaveAsked {
			b.t.Fatal(err, got.Leave)
		}
		if _, err := b.svc.DecideExcuse(ctx, b.act("Uwang"), first.ID, true, ""); models.CodeOf(err) != models.CodeForbidden {
			b.t.Errorf("excusing oneself: %v", err)
		}
		card, err := b.svc.DecideExcuse(ctx, b.act("Uchen"), first.ID, true, "")
		if err != nil || card.Leave.State != models.LeaveGiven || card.Attendance.LeaveID == 0 {
			b.t.Fatal(err, card.Leave)
		}
		b.restart()
		b.until(sh("2026-12-10 12:00"))
		for _, day := range []string{"2026-11-25", "2026-12-02", "2026-12-09", "2026-12-16"} {
			if a := b.attendance("Uwang", plan.Study.ID, sh(day+" 19:30")); a.State != models.AttendanceExcused {
				b.t.Errorf("%s: %s, want excused", day, a.State)
			}
		}
		if a := b.attendance("Uli", plan.Study.ID, sh("2026-12-16 19:30")); a.State != models.AttendanceDue {
			b.t.Errorf("somebody else is %s", a.State)
		}
		b.expect("Uwang", "11-24 19:30 study")
		if _, err := b.svc.EndLeave(ctx, b.act("Uli"), first.ID); models.CodeOf(err) != models.CodeForbidden {
			b.t.Errorf("somebody else is back: %v", err)
		}
		if _, err := b.svc.EndLeave(ctx, b.act("Uwang"), first.ID); err != nil {
			b.t.Fatal(err)
		}
		for day, want := range map[string]string{"2026-12-09": models.AttendanceExcused, "2026-12-16": models.AttendanceDue} {
			if a := b.attendance("Uwang", plan.Study.ID, sh(day+" 19:30")); a.State != want {
				b.t.Errorf("back earlier, %s is %s, want %s", day, a.State, want)
			}
		}
		if _, err := b.svc.EndLeave(ctx, b.act("Uwang"), first.ID); models.CodeOf(err) != models.CodeConflict {
			b.t.Errorf("back twice: %v", err)
		}
		b.until(sh("2026-12-16 19:00"))
		b.expect("Uwang", "11-24 19:30 study", "12-15 19:30 study", "12-16 18:30 study")
		b.verified()
	})
}

// Refused, or taken back, nothing is excused.
func TestAnExcuseForSomeDaysRefused(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.RRule = "FREQ=WEEKLY;BYDAY=WE"
	plan := b.open(in)
	b.until(sh("2026-11-24 20:00"))
	a := b.attendance("Uwang", plan.Study.ID, sh("2026-11-25 19:30"))
	ask := func() {
		t.Helper()
		if _, err := b.svc.AskExcuse(t.Context(), b.act("Uwang"), a.ID, "出差", sh("2026-12-16 00:00")); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	if _, err := b.svc.UndoStudy(t.Context(), b.act("Uwang"), a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.DecideExcuse(t.Context(), b.act("Uchen"), a.ID, true, ""); models.CodeOf(err) != models.CodeConflict {
		t.Errorf("taken back, then given: %v", err)
	}
	ask()
	if _, err := b.svc.DecideExcuse(t.Context(), b.act("Uchen"), a.ID, false, "请来"); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-12-01 12:00"))
	for _, day := range []string{"2026-11-25", "2026-12-02"} {
		if a := b.attendance("Uwang", plan.Study.ID, sh(day+" 19:30")); a.State != models.AttendanceDue {
			t.Errorf("%s: %s", day, a.State)
		}
	}
	b.verified()
}
