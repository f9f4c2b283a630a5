package services

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

// evening is the branch on the evening of its session, at a time of day, with
// another branch of which Uzhou is a member.
func evening(t *testing.T, b *branch, clock string) StudyPlan {
	t.Helper()
	err := b.svc.Enrol(t.Context(), "T1", []UnitRow{{Name: "城西支部", Type: "branch", Leader: "Uhe"}}, []MemberRow{
		{Slack: "Uhe", Name: "何勇", Unit: "城西支部", Duty: "leader"}, {Slack: "Uzhou", Name: "周凯", Unit: "城西支部", Duty: "member"}})
	if err != nil {
		t.Fatal(err)
	}
	plan := b.open(lesson("2026-11-25 19:30"))
	b.until(sh("2026-11-25 " + clock))
	return plan
}

var lessonStart = sh("2026-11-25 19:30")

func (b *branch) occurrence(st models.Study) (o models.Occurrence) {
	b.t.Helper()
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) (err error) {
		o, err = tx.OccurrenceAt(st.ID, models.At(lessonStart))
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

// codeOf presses for a code as the leader.
func (b *branch) codeOf(st models.Study) string {
	b.t.Helper()
	c, err := b.svc.NewStudyCodeOf(b.t.Context(), b.act("Uchen"), st.Number)
	if err != nil {
		b.t.Fatalf("code: %v", err)
	}
	return c.Code.Code
}

func (b *branch) sends(who, code string) (Checked, error) {
	return b.svc.CheckInByCode(b.t.Context(), b.act(who), code)
}

func (b *branch) roll(who string, st models.Study, page StudyRollPage) StudyRolled {
	b.t.Helper()
	out, err := b.svc.TakeStudyRollOf(b.t.Context(), b.act(who), st.Number, time.Time{}, page)
	if err != nil {
		b.t.Fatalf("roll: %v", err)
	}
	return out
}

func said(who, what string, late int, note string) StudyRollLine {
	return StudyRollLine{Slack: who, Mark: models.StudyMark{Said: what, LateMin: late, Note: note}}
}

// whole fails unless the record leads to what is there.
func (b *branch) whole() {
	b.t.Helper()
	for {
		n, err := b.st.Seal(b.t.Context(), 1)
		if err != nil {
			b.t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	broken, err := b.st.Verify(b.t.Context(), 1)
	if err != nil || !broken.OK() {
		b.t.Errorf("the record: %v, %+v", err, broken)
	}
}

// admin makes somebody an admin of the organisation.
func (b *branch) admin(slack string) {
	b.t.Helper()
	err := b.st.InTx(b.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.EnsurePerson(t.ID, slack)
		if err != nil {
			return err
		}
		return tx.Save(models.By{TenantID: t.ID, Action: "role_give"}, &models.Right{TenantID: t.ID, PersonID: p.ID, Role: models.RoleAdmin})
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// By code and by button while it runs: on site and self-reported, in time and
// late, from this branch and another; the first code used holds the session.
func TestCheckInByCodeHoldsTheSession(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "19:14")
	if _, err := b.svc.NewStudyCodeOf(t.Context(), b.act("Uchen"), plan.Study.Number); refusal(err) != "error.study_too_early" {
		t.Errorf("a code at 19:14: %v", err)
	}
	b.until(sh("2026-11-25 19:25"))
	if _, err := b.svc.NewStudyCodeOf(t.Context(), b.act("Uli"), plan.Study.Number); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member takes a code: %v", err)
	}
	code := b.codeOf(plan.Study)
	in, err := b.sends("Uli", code)
	if err != nil || in.Outcome != models.CheckedIn || in.Study == nil || in.Study.Attendance.How != models.HowOnsite || in.Study.Attendance.LateMin != 0 || in.Study.Minutes != 60 {
		t.Fatalf("by code: %v, %+v", err, in)
	}
	o := b.occurrence(plan.Study)
	if o.State != models.OccurrenceHeld || o.SettledBy != 0 {
		t.Errorf("after a code: %s by %d, want held by the code", o.State, o.SettledBy)
	}
	if again, err := b.sends("Uli", code); err != nil || again.Outcome != models.CheckedInBefore {
		t.Errorf("the same again: %v, %s", err, again.Outcome)
	}
	walk, err := b.sends("Uzhou", code)
	if err != nil || !walk.Study.Attendance.WalkIn || walk.Study.Attendance.Credit != 60 {
		t.Errorf("from another branch: %v, %+v", err, walk.Study)
	}
	self := b.attendance("Uchen", plan.Study.ID, lessonStart)
	if _, err := b.svc.CheckIn(t.Context(), b.act("Uchen"), self.ID); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 19:31"))
	if gone, err := b.sends("Uwang", code); err != nil || gone.Outcome != CodeWrong || gone.Left != 4 {
		t.Errorf("a code of six minutes ago: %v, %+v", err, gone)
	}
	b.until(sh("2026-11-25 19:42"))
	code = b.codeOf(plan.Study)
	late, err := b.sends("Uwang", code)
	if err != nil || late.Study.Attendance.LateMin != 12 || late.Study.Attendance.Credit != 60 {
		t.Errorf("late: %v, %+v", err, late.Study)
	}
	// The code after the button is on site from then.
	if site, err := b.sends("Uchen", code); err != nil || site.Outcome != models.CheckedInSite {
		t.Errorf("the code after the button: %v, %+v", err, site)
	}
	w, err := b.svc.StudyWhoOf(t.Context(), b.act("Uchen"), plan.Study.Number, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(models.StudyTally{Expected: 3, Onsite: 4, Late: 1, WalkIns: 1}, w.Tally); diff != "" {
		t.Errorf("tally (-want +got):\n%s", diff)
	}
	b.until(sh("2026-11-25 20:30"))
	if _, err := b.svc.NewStudyCodeOf(t.Context(), b.act("Uchen"), plan.Study.Number); refusal(err) != "error.study_code_over" {
		t.Errorf("a code after the end: %v", err)
	}
	b.until(sh("2026-11-26 12:00"))
	b.expect("Uchen", "11-24 19:30 study", "11-25 18:30 study") // everybody was in: nothing is asked
	b.whole()
}

// A wrong code counts with those of calls: five an hour.
func TestFiveWrongCodes(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "19:20")
	code := b.codeOf(plan.Study)
	for left := 4; left >= 0; left-- {
		if got, err := b.sends("Uwang", "ZZZZZ9"); err != nil || got.Left != left {
			t.Fatalf("left %d: %v, %+v", left, err, got)
		}
	}
	if got, err := b.sends("Uwang", code); err != nil || got.Outcome != CodeLocked {
		t.Errorf("the right code after five wrong ones: %v, %+v", err, got)
	}
}

// A code is never that of a call that is live, nor the other way round.
func TestNoTwoLiveCodesAreTheSame(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "19:20")
	draws := 0
	b.svc.random = func(p []byte) { // the same three times, then another
		draws++
		for i := range p {
			p[i] = byte(i + draws/4)
		}
	}
	first := b.codeOf(plan.Study)
	second := b.codeOf(plan.Study)
	if first == second {
		t.Errorf("%s twice at once", first)
	}
	if draws < 4 {
		t.Errorf("%d draws: nobody looked whether it is in use", draws)
	}
	c, _, _, ok, err := b.svc.CodeShown(t.Context(), first)
	if err != nil || !ok || c.Code != first {
		t.Errorf("the page of a session's code: %v, %v", ok, err)
	}
}

// The leader's roll: those without the code each looked at, somebody from
// elsewhere, oneself not; what is unclear is named and the rest counts.
func TestTheLeaderTakesTheRoll(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "21:35")
	b.expect("Uchen", "11-24 19:30 study", "11-25 18:30 study", "11-25 21:30 study_ask")
	out := b.roll("Uchen", plan.Study, StudyRollPage{Lines: []StudyRollLine{
		said("Uli", models.RollLate, 20, ""), said("Uwang", models.RollExcused, 0, ""), said("Uchen", models.RollCame, 0, ""),
		said("Uzhou", models.RollCame, 0, ""), said("Uhe", models.RollMissed, 0, "")}})
	if diff := cmp.Diff(map[string]int{models.RollLate: 1, models.RollCame: 1}, out.Said); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	var why []string
	for _, s := range out.Skipped {
		why = append(why, s.Who.Slack()+" "+s.Why.Key)
	}
	if diff := cmp.Diff([]string{"Uwang error.study_roll_reason", "Uchen error.study_roll_own", "Uhe error.study_roll_not_on"}, why); diff != "" {
		t.Errorf("not written (-want +got):\n%s", diff)
	}
	o := b.occurrence(plan.Study)
	if o.State != models.OccurrenceHeld || o.SettledBy == 0 || o.RollAt == 0 {
		t.Errorf("the roll says that it was held: %+v", o)
	}
	li := b.attendance("Uli", plan.Study.ID, lessonStart)
	if li.State != models.AttendanceAttended || li.How != models.HowRoll || li.LateMin != 20 || li.At != models.At(sh("2026-11-25 19:50")) || li.Credit != 60 {
		t.Errorf("late by the roll: %+v", li)
	}
	if zhou := b.attendance("Uzhou", plan.Study.ID, lessonStart); !zhou.WalkIn || zhou.How != models.HowRoll {
		t.Errorf("from elsewhere: %+v", zhou)
	}
	b.until(sh("2026-11-25 21:40"))
	b.expect("Uzhou", "11-25 21:35 study") // who had no message gets one; the others' are edited
	b.expect("Uli", "11-24 16:15 study", "11-25 16:15 study")

	// The same again changes nothing, and makes no entry.
	if out = b.roll("Uchen", plan.Study, StudyRollPage{Lines: []StudyRollLine{said("Uli", models.RollLate, 20, "")}}); len(out.Said) != 0 {
		t.Errorf("the same twice: %v", out.Said)
	}
	// Somebody put there by mistake is struck off, and told.
	b.roll("Uchen", plan.Study, StudyRollPage{Lines: []StudyRollLine{said("Uzhou", models.RollMissed, 0, "")}})
	b.until(sh("2026-11-26 08:00"))
	b.expect("Uzhou", "11-25 21:35 study", "11-25 21:40 study_struck")
	w, err := b.svc.StudyWhoOf(t.Context(), b.act("Uchen"), plan.Study.Number, time.Time{})
	if err != nil || w.Tally.WalkIns != 0 || w.Tally.Expected != 3 {
		t.Errorf("after that: %v, %+v", err, w.Tally)
	}
	b.whole()
}

// A page of the roll drawn before somebody did something themselves does not
// write over it.
func TestAStaleRollOverwritesNothing(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "20:00")
	sheet, err := b.svc.StudyRollSheetOf(t.Context(), b.act("Uchen"), plan.Study.Number, time.Time{}, 40)
	if err != nil {
		t.Fatal(err)
	}
	if len(sheet.Rows) != 2 || sheet.Count != 2 || sheet.Self.ID == 0 {
		t.Fatalf("the page: %d of %d", len(sheet.Rows), sheet.Count)
	}
	li := b.attendance("Uli", plan.Study.ID, lessonStart)
	if _, err := b.svc.CheckIn(t.Context(), b.act("Uli"), li.ID); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 20:35"))
	var page StudyRollPage
	for _, a := range sheet.Rows {
		page.Lines = append(page.Lines, StudyRollLine{AttendanceID: a.ID, Stamp: a.Stamp(), Mark: models.StudyMark{Said: models.RollMissed}})
	}
	out := b.roll("Uchen", plan.Study, page)
	if len(out.Skipped) != 1 || out.Skipped[0].Who.Slack() != "Uli" || out.Skipped[0].Why.Key != "error.study_roll_moved_on" || out.Said[models.RollMissed] != 1 {
		t.Errorf("skipped %+v, said %v", out.Skipped, out.Said)
	}
	if li = b.attendance("Uli", plan.Study.ID, lessonStart); li.State != models.AttendanceAttended || li.RollAt != 0 {
		t.Errorf("their own check-in was overwritten: %+v", li)
	}
	// The same page a second time, from another device: nothing is left to write.
	if out = b.roll("Uchen", plan.Study, page); len(out.Said) != 0 {
		t.Errorf("the same page again: %+v", out.Said)
	}
}

// Who is said not to have been there after checking in is told with a sound,
// says that it is wrong, and somebody who did not enter it settles it.
func TestAContestedRollGoesToSomebodyElse(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := evening(t, b, "19:40")
	b.admin("Uadmin")
	li := b.attendance("Uli", plan.Study.ID, lessonStart)
	if _, err := b.svc.CheckIn(t.Context(), b.act("Uli"), li.ID); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 20:45"))
	b.roll("Uchen", plan.Study, StudyRollPage{Lines: []StudyRollLine{said("Uli", models.RollMissed, 0, ""), said("Uwang", models.RollCame, 0, "")}})
	b.beat()
	b.expect("Uli", "11-24 16:15 study", "11-25 16:15 study", "11-25 20:45 study")
	for range 2 { // a double click
		if _, err := b.svc.ContestStudyRoll(t.Context(), b.act("Uli"), li.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.svc.ContestStudyRoll(t.Context(), b.act("Uwang"), li.ID); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("another contests it: %v", err)
	}
	b.beat()
	b.expect("Uadmin", "11-25 20:45 study_contest")
	var told int
	for _, n := range b.sent {
		if n.Kind == models.MessageStudyContest {
			told++
		}
	}
	if told != 2 {
		t.Errorf("%d were told, want the leader who took it and an admin", told)
	}
	out := b.roll("Uadmin", plan.Study, StudyRollPage{Lines: []StudyRollLine{said("Uli", models.RollCame, 0, "")}})
	if out.Said[models.RollCame] != 1 {
		t.Errorf("settled: %+v", out)
	}
	if li = b.attendance("Uli", plan.Study.ID, lessonStart); li.ContestAt != 0 || li.State != models.AttendanceAttended || li.Credit != 60 || li.How != models.HowRoll {
		t.Errorf("after it was settled: %+v", li)
	}
	b.whole()
}
