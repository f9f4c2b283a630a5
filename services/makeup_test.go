package services

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// missed opens a session, lets it pass unseen by anybody, and has it held.
func (b *branch) missed(start string) StudyPlan {
	b.t.Helper()
	plan := b.open(lesson(start))
	b.until(sh(start).Add(2*time.Hour + 15*time.Minute))
	a := b.attendance("Uli", plan.Study.ID, sh(start))
	if _, err := b.svc.HeldOccurrence(b.t.Context(), b.act("Uchen"), a.OccurrenceID, true); err != nil {
		b.t.Fatal(err)
	}
	b.beat()
	return plan
}

// madeUp is somebody's make-up, done as it should be.
func (b *branch) madeUp(who string, a models.Attendance) models.Attendance {
	b.t.Helper()
	if _, err := b.svc.OpenMaterial(b.t.Context(), b.act(who), a.ID); err != nil {
		b.t.Fatal(err)
	}
	got, err := b.svc.StudyMakeup(b.t.Context(), b.act(who), a.ID, 0, models.Handed{Words: strings.Repeat("雨天慢行，先报备。", 4)})
	if err != nil || got.Missed {
		b.t.Fatal(err, got.Missed)
	}
	return got.Attendance
}

// verified fails where the data is not what the record leads to.
func (b *branch) verified() {
	b.t.Helper()
	var id int64
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		id = t.ID
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if broken, err := b.st.Verify(b.t.Context(), id); err != nil || !broken.OK() {
		b.t.Errorf("the record: %+v, %v", broken, err)
	}
}

func (b *branch) has(who string, kind models.MessageKind) (n int) {
	for _, s := range b.sent {
		if s.Who == who && s.Kind == kind {
			n++
		}
	}
	return n
}

func eachBranch(t *testing.T, tell func(b *branch)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clocks storetest.Clocks) { tell(newBranchOn(t, s, clocks)) })
}

// From the missed session to the second try: the leader reads it in one
// message, gives it back once, the credit goes and comes, the year is right.
func TestAMakeupIsReadReturnedAndDoneAgain(t *testing.T) {
	eachBranch(t, func(b *branch) {
		t, ctx := b.t, b.t.Context()
		plan := b.missed("2026-11-25 19:30")
		start := sh("2026-11-25 19:30")
		li := b.attendance("Uli", plan.Study.ID, start)
		if _, err := b.svc.StudyMakeup(ctx, b.act("Uli"), li.ID, 0, models.Handed{Words: strings.Repeat("字", 40)}); models.CodeOf(err) != models.CodeInvalid {
			t.Errorf("the material was never opened: %v", err)
		}
		if _, err := b.svc.OpenMaterial(ctx, b.act("Uwang"), li.ID); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("somebody else's click: %v", err)
		}
		li = b.madeUp("Uli", li)
		wang := b.madeUp("Uwang", b.attendance("Uwang", plan.Study.ID, start))
		b.until(sh("2026-11-26 12:00"))
		if n := b.has("Uchen", models.MessageMakeups); n != 1 {
			t.Errorf("two make-ups of one evening made %d sounds, want 1", n)
		}
		for _, who := range []string{"Uli", "Uwang"} {
			if _, err := b.svc.ReturnMakeup(ctx, b.act(who), li.ID, "不好"); models.CodeOf(err) != models.CodeForbidden {
				t.Errorf("%s returns it: %v", who, err)
			}
		}
		if _, err := b.svc.ReturnMakeup(ctx, b.act("Uchen"), li.ID, " "); models.CodeOf(err) != models.CodeInvalid {
			t.Errorf("without a reason: %v", err)
		}
		back, err := b.svc.ReturnMakeup(ctx, b.act("Uchen"), li.ID, "请写写你自己")
		if err != nil || back.Attendance.State != models.AttendanceDue || back.Attendance.Credit != 0 {
			t.Fatal(err, back.Attendance)
		}
		sounds := len(b.sounds("Uli", "Asia/Shanghai"))
		b.beat()
		if got := b.sounds("Uli", "Asia/Shanghai"); len(got) != sounds+1 {
			t.Errorf("who is given their make-up back has to hear of it: %v", got)
		}
		if card, err := b.svc.StudyCardOf(ctx, b.act("Uli"), li.ID); err != nil || card.Attendance.ReturnReason != "请写写你自己" {
			t.Error(err, card.Attendance)
		}
		again := b.madeUp("Uli", back.Attendance)
		if again.Credit != 60 || again.Reason == "" {
			t.Errorf("done again: %+v", again)
		}
		if n := b.yearOf("Uli"); n != 60 {
			t.Errorf("the year has %d minutes, want 60", n)
		}
		// A second return, taken back by the leader before anything was done.
		if _, err := b.svc.ReturnMakeup(ctx, b.act("Uchen"), wang.ID, "错的人"); err != nil {
			t.Fatal(err)
		}
		if n := b.yearOf("Uwang"); n != 0 {
			t.Errorf("returned, the year has %d minutes", n)
		}
		if _, err := b.svc.UnreturnMakeup(ctx, b.act("Uwang"), wang.ID); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("the member takes the return back: %v", err)
		}
		if _, err := b.svc.UnreturnMakeup(ctx, b.act("Uchen"), wang.ID); err != nil {
			t.Fatal(err)
		}
		if n := b.yearOf("Uwang"); n != 60 {
			t.Errorf("taken back, the year has %d minutes", n)
		}
		b.until(sh("2026-11-27 12:00"))
		if n := b.has("Uchen", models.MessageMakeups); n != 2 {
			t.Errorf("one more the day after makes one more sound, not %d", n)
		}
		b.until(sh("2026-12-12 12:00"))
		if _, err := b.svc.ReturnMakeup(ctx, b.act("Uchen"), li.ID, "太晚"); models.CodeOf(err) != models.CodeConflict {
			t.Errorf("more than two weeks after: %v", err)
		}
		b.verified()
	})
}

func (b *branch) yearOf(who string) (minutes int) {
	b.t.Helper()
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(t.ID, who)
		if err != nil {
			return err
		}
		minutes, err = tx.StudyMinutes(p.ID, models.At(sh("2026-01-01 00:00")), models.At(sh("2027-01-01 00:00")))
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return minutes
}

// Given back when the others' make-up is long closed: three days are left, and
// only then, and only because it was held, it is an absence.
func TestWhatIsGivenBackLateStaysOpenThreeDays(t *testing.T) {
	eachBranch(t, func(b *branch) {
		plan := b.missed("2026-11-25 19:30")
		start := sh("2026-11-25 19:30")
		li := b.madeUp("Uli", b.attendance("Uli", plan.Study.ID, start))
		b.until(sh("2026-12-07 12:00"))
		if _, err := b.svc.ReturnMakeup(b.t.Context(), b.act("Uchen"), li.ID, "请写写你自己"); err != nil {
			b.t.Fatal(err)
		}
		b.restart()
		b.until(sh("2026-12-10 11:45"))
		if got := b.attendance("Uli", plan.Study.ID, start); got.State != models.AttendanceDue {
			b.t.Errorf("%s before the three days are over", got.State)
		}
		cards, err := b.svc.WaitingMakeups(b.t.Context(), b.act("Uli"))
		if err != nil || len(cards) != 1 {
			b.t.Errorf("%d make-ups wait, %v", len(cards), err)
		}
		b.until(sh("2026-12-10 12:15"))
		if got := b.attendance("Uli", plan.Study.ID, start); got.State != models.AttendanceAbsent {
			b.t.Errorf("%s after the three days, want absent", got.State)
		}
		b.verified()
	})
}

// The leader's own make-up is read by somebody else, and the leader cannot
// return it.
func TestNobodyReadsTheirOwnMakeup(t *testing.T) {
	eachBranch(t, func(b *branch) {
		ctx := b.t.Context()
		plan := b.missed("2026-11-25 19:30")
		a := b.madeUp("Uchen", b.attendance("Uchen", plan.Study.ID, sh("2026-11-25 19:30")))
		b.until(sh("2026-11-26 12:00"))
		if n := b.has("Uchen", models.MessageMakeups); n != 0 {
			b.t.Errorf("the leader is asked to look at their own: %d", n)
		}
		if _, err := b.svc.ReturnMakeup(ctx, b.act("Uchen"), a.ID, "自己"); models.CodeOf(err) != models.CodeForbidden {
			b.t.Errorf("their own: %v", err)
		}
	})
}

// A quiz: who may write it, what a try leaves in the record, and that a miss
// credits nothing.
func TestTheQuizIsAskedUntilItIsPassed(t *testing.T) {
	eachBranch(t, func(b *branch) {
		ctx := b.t.Context()
		plan := b.missed("2026-11-25 19:30")
		quiz := []models.Question{{Text: "红灯时？", Options: []string{"停", "冲"}, Right: 0}, {Text: "雨天？", Options: []string{"快", "慢"}, Right: 1},
			{Text: "头盔？", Options: []string{"戴", "不戴"}, Right: 0}}
		if _, err := b.svc.SetQuiz(ctx, b.act("Uli"), plan.Study.ID, quiz); models.CodeOf(err) != models.CodeForbidden {
			b.t.Errorf("a member writes the quiz: %v", err)
		}
		if _, err := b.svc.SetQuiz(ctx, b.act("Uchen"), plan.Study.ID, quiz); err != nil {
			b.t.Fatal(err)
		}
		a := b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30"))
		if _, err := b.svc.OpenMaterial(ctx, b.act("Uli"), a.ID); err != nil {
			b.t.Fatal(err)
		}
		in := models.Handed{Words: strings.Repeat("雨天慢行，先报备。", 4), Answers: []int{0, 0, 1}}
		got, err := b.svc.StudyMakeup(ctx, b.act("Uli"), a.ID, 0, in)
		if err != nil || !got.Missed || got.Attendance.Score != 1 || got.Attendance.Tries != 1 || b.yearOf("Uli") != 0 {
			b.t.Fatal(err, got.Attendance)
		}
		in.Answers = []int{0, 1, 1}
		if got, err = b.svc.StudyMakeup(ctx, b.act("Uli"), a.ID, 0, in); err != nil || got.Missed || got.Attendance.Tries != 2 || got.Minutes != 60 {
			b.t.Fatal(err, got.Attendance)
		}
		if _, err := b.svc.SetQuiz(ctx, b.act("Uchen"), plan.Study.ID, nil); err != nil {
			b.t.Fatal(err)
		}
		if _, err := b.svc.SetQuiz(ctx, b.act("Uchen"), plan.Study.ID, nil); models.CodeOf(err) != models.CodeConflict {
			b.t.Errorf("no quiz is taken away: %v", err)
		}
		b.verified()
	})
}

// Files by direct message wait in a row, also through a restart, until they are
// used once; nobody uses another's.
func TestWhatWasSentIsUsedOnceAndByItsOwner(t *testing.T) {
	eachBranch(t, func(b *branch) {
		ctx := b.t.Context()
		plan := b.missed("2026-11-25 19:30")
		li, wang := b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30")), b.attendance("Uwang", plan.Study.ID, sh("2026-11-25 19:30"))
		for who, a := range map[string]models.Attendance{"Uli": li, "Uwang": wang} {
			if _, err := b.svc.OpenMaterial(ctx, b.act(who), a.ID); err != nil {
				b.t.Fatal(err)
			}
		}
		voice := []models.Proof{{File: "F1", Kind: models.ProofVoice, Type: "m4a"}}
		draft, err := b.svc.KeepProof(ctx, b.act("Uli"), voice, "")
		if err != nil {
			b.t.Fatal(err)
		}
		b.restart()
		if _, err := b.svc.StudyMakeup(ctx, b.act("Uwang"), wang.ID, draft.ID, models.Handed{}); models.CodeOf(err) != models.CodeNotFound {
			b.t.Errorf("somebody else's recording: %v", err)
		}
		got, err := b.svc.StudyMakeup(ctx, b.act("Uli"), li.ID, draft.ID, models.Handed{})
		if err != nil || got.Attendance.State != models.AttendanceMadeUp {
			b.t.Fatal(err, got.Attendance)
		}
		if diff := cmp.Diff(voice, b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30")).Proof); diff != "" {
			b.t.Error(diff)
		}
		if _, err := b.svc.UndoStudy(ctx, b.act("Uli"), li.ID); err != nil {
			b.t.Fatal(err)
		}
		if _, err := b.svc.StudyMakeup(ctx, b.act("Uli"), li.ID, draft.ID, models.Handed{}); models.CodeOf(err) != models.CodeNotFound {
			b.t.Errorf("used twice: %v", err)
		}
		b.verified()
	})
}

// What is done is not undone once it could not be done again.
func TestUndoEndsWithTheMakeup(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	plan := b.missed("2026-11-25 19:30")
	a := b.madeUp("Uli", b.attendance("Uli", plan.Study.ID, sh("2026-11-25 19:30")))
	b.until(sh("2026-12-02 20:30"))
	if _, err := b.svc.UndoStudy(t.Context(), b.act("Uli"), a.ID); models.CodeOf(err) != models.CodeConflict {
		t.Errorf("undone after the make-up closed: %v", err)
	}
}
