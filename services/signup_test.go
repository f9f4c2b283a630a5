package services

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

func (to *town) reply(user string, callID int64, said Said) Heard {
	to.t.Helper()
	got, err := to.svc.ReplyToCall(context.Background(), to.by(user), callID, said)
	to.must(err)
	return got
}

func twoRoles() models.CallSpec {
	return clinicSpec(models.Need{Role: "医生", Least: 1, Most: 1}, models.Need{Role: "引导员", Least: 2, Most: 4})
}

func TestPlusOneTakesTheOnlyOpenRole(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Role: "引导员", Most: 4}))
	got := to.reply("U1", s.Call.ID, Said{Meaning: "yes", Text: "+1"})
	if got.What != HeardJoined || got.Joining.Outcome != models.Joined || got.Joining.Signup.How != models.ByReply {
		t.Errorf("%s %+v", got.What, got.Joining)
	}
	got = to.reply("U1", s.Call.ID, Said{Meaning: "yes", Guests: 2, HasGuests: true, Text: "+3"})
	if got.Joining.Outcome != models.JoinedParty || got.Sheet.Taken(s.Roles[0].ID) != 3 {
		t.Errorf("+3 later: %s, taken %d", got.Joining.Outcome, got.Sheet.Taken(s.Roles[0].ID))
	}
}

func TestWithSeveralOpenRolesAPlainYesAsksWhich(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(twoRoles())
	got := to.reply("U1", s.Call.ID, Said{Meaning: "yes", Text: "报名"})
	if got.What != HeardChoose || len(got.Choose) != 2 || len(to.states(s.Call.ID)) != 0 {
		t.Fatalf("%s, %d choices", got.What, len(got.Choose))
	}
	got = to.reply("U1", s.Call.ID, Said{Meaning: "yes", Role: " 医 生", Text: "报名 医生"})
	if got.What != HeardJoined || got.Joining.Signup.RoleID != s.Roles[0].ID {
		t.Errorf("with the role: %s", got.What)
	}
	if got = to.reply("U2", s.Call.ID, Said{Meaning: "yes", Text: "+1"}); got.What != HeardJoined || got.Joining.Signup.RoleID != s.Roles[1].ID {
		t.Errorf("with one role full, the other is the one that is open: %s", got.What)
	}
	if got = to.reply("U3", s.Call.ID, Said{Meaning: "yes", Role: "司机", Text: "+1 司机"}); got.What != HeardChoose {
		t.Errorf("a role that is not wanted here: %s", got.What)
	}
}

func TestADayChoosesAmongShifts(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	spec := clinicSpec(models.Need{Role: "引导员", Most: 4})
	spec.When = append(spec.When, models.Span{Start: saturday(9, 0).Add(24 * time.Hour), End: saturday(11, 0).Add(24 * time.Hour)})
	s := to.open(spec)
	if len(s.Shifts) != 2 || len(s.Roles) != 2 {
		t.Fatalf("%d shifts, %d roles", len(s.Shifts), len(s.Roles))
	}
	got := to.reply("U1", s.Call.ID, Said{Meaning: "yes", Day: "周日", DayStart: saturday(0, 0).Add(24 * time.Hour), Text: "+1 周日"})
	if got.What != HeardJoined || got.Joining.Signup.ShiftID != s.Shifts[1].ID {
		t.Errorf("%s %+v", got.What, got.Joining.Signup)
	}
}

func TestABareNoOnlyAsks(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 4}))
	to.join("U1", s.Roles[0].ID)
	if got := to.reply("U1", s.Call.ID, Said{Meaning: "no", BareNo: true, Text: "取消"}); got.What != HeardKeep || len(got.Mine) != 1 {
		t.Errorf("%s", got.What)
	}
	if got := to.states(s.Call.ID)["U1"]; got != models.SignupConfirmed {
		t.Error(got)
	}
	if got := to.reply("U1", s.Call.ID, Said{Meaning: "no", Text: "来不了"}); got.What != HeardLeft {
		t.Errorf("%s", got.What)
	}
	if got := to.reply("U2", s.Call.ID, Said{Meaning: "no", BareNo: true, Text: "no"}); got.What != HeardNo {
		t.Errorf("a no without a sign-up: %s", got.What)
	}
	if got := to.states(s.Call.ID); len(got) != 1 {
		t.Errorf("a plain no became a sign-up: %v", got)
	}
	if s := to.sheet(s.Call.ID); len(s.Answers) != 1 || s.Answers[0].Kind != models.AnswerNo {
		t.Errorf("%+v", s.Answers)
	}
}

func TestTheLatestActCounts(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 4}))
	to.reply("U1", s.Call.ID, Said{Meaning: "no", Text: "没空"})
	to.reply("U1", s.Call.ID, Said{Meaning: "yes", Text: "+1"})
	if s := to.sheet(s.Call.ID); len(s.Answers) != 0 || s.Taken(s.Roles[0].ID) != 1 {
		t.Errorf("%d answers still count, %d taken", len(s.Answers), s.Taken(s.Roles[0].ID))
	}
}

func TestAConditionIsFiledWithOnePress(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 4}))
	if got := to.reply("U1", s.Call.ID, Said{Meaning: "conditional", From: "09:00", Text: "9点以后可以"}); got.What != HeardConditional {
		t.Errorf("%s", got.What)
	}
	answer := to.sheet(s.Call.ID).Answers[0]
	ctx := context.Background()
	if _, err := to.svc.FileAnswer(ctx, to.by("U1"), answer.ID, true, 0); refusal(err) != "error.not_organizer" {
		t.Errorf("filed by themselves: %v", err)
	}
	got, err := to.svc.FileAnswer(ctx, to.by("UCHEN"), answer.ID, true, 0)
	to.must(err)
	if got.Joining.Outcome != models.Joined || got.Joining.Signup.How != models.ByOrganizer {
		t.Errorf("%+v", got.Joining)
	}
	if _, err := to.svc.FileAnswer(ctx, to.by("UCHEN"), answer.ID, true, 0); refusal(err) != "error.answer_gone" {
		t.Errorf("filed twice: %v", err)
	}
}

func TestLateIsToldToTheOrganizer(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 4}))
	to.join("U1", s.Roles[0].ID)
	to.send()
	to.reply("U1", s.Call.ID, Said{Meaning: "late", From: "09:20", Text: "eta 09:20"})
	if got := to.sheet(s.Call.ID).Signups[0].LateMin; got != 20 {
		t.Errorf("late by %d", got)
	}
	if m := to.message(panelKey(s.Call.ID)); m.State != models.MessageQueued {
		t.Error("the panel does not show it")
	}
}

func TestAnUnclearAnswerIsKeptOnlyWhereTheBotHadAsked(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 4}))
	to.send()
	if got := to.reply("U1", s.Call.ID, Said{Meaning: "none", Text: "在哪报名?"}); got.What != HeardNothing {
		t.Errorf("in a thread: %s", got.What)
	}
	if m := to.message(cardKey(s.Call.ID)); m.State != models.MessageSent {
		t.Errorf("idle talk edits the card: %s", m.State)
	}
	if got := to.reply("U1", s.Call.ID, Said{Meaning: "none", Text: "看情况吧", Asked: true}); got.What != HeardUnclear {
		t.Errorf("asked: %s", got.What)
	}
}

func TestTakingTheLastEmojiAwayWithdrawsOnlyWhatItSignedUp(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 4}))
	ctx := context.Background()
	for _, emoji := range []string{"raised_hand", "heavy_plus_sign"} {
		_, err := to.svc.ReactToCall(ctx, to.by("U1"), s.Call.ID, emoji)
		to.must(err)
	}
	_, err := to.svc.UnreactToCall(ctx, to.by("U1"), s.Call.ID, "raised_hand")
	to.must(err)
	if got := to.states(s.Call.ID)["U1"]; got != models.SignupConfirmed {
		t.Errorf("one of two emoji away: %s", got)
	}
	_, err = to.svc.UnreactToCall(ctx, to.by("U1"), s.Call.ID, "heavy_plus_sign")
	to.must(err)
	if got := to.states(s.Call.ID)["U1"]; got != models.SignupWithdrawn {
		t.Errorf("the last away: %s", got)
	}
	to.join("U2", s.Roles[0].ID)
	_, err = to.svc.ReactToCall(ctx, to.by("U2"), s.Call.ID, "hand")
	to.must(err)
	_, err = to.svc.UnreactToCall(ctx, to.by("U2"), s.Call.ID, "hand")
	to.must(err)
	if got := to.states(s.Call.ID)["U2"]; got != models.SignupConfirmed {
		t.Errorf("signed up by button, lost by reaction: %s", got)
	}
}

func TestAReactionNeverChooses(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(twoRoles())
	got, err := to.svc.ReactToCall(context.Background(), to.by("U1"), s.Call.ID, "hand")
	to.must(err)
	if got.What != HeardChoose || len(to.states(s.Call.ID)) != 0 {
		t.Errorf("%s", got.What)
	}
}

func TestReliefCallNearOrAtNightIsAskedAbout(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	spec := clinicSpec(models.Need{Most: 4})
	spec.Kind, spec.Title = models.CallRelief, "东堤装沙袋"
	spec.When = []models.Span{{Start: models.At(to.clocks.World.Now()).Add(2 * time.Hour), End: models.At(to.clocks.World.Now()).Add(4 * time.Hour)}}
	out, err := to.svc.OpenCall(ctx, to.by("UCHEN"), spec, OpenHow{})
	to.must(err)
	if out.Ask != AskUrgent || out.Quiet {
		t.Fatalf("%+v", out)
	}
	if _, err := to.svc.PostDraft(ctx, to.by("U1"), out.Draft.ID, ChoiceUrgent, ""); refusal(err) != "error.draft_gone" {
		t.Errorf("somebody else's draft: %v", err)
	}
	posted, err := to.svc.PostDraft(ctx, to.by("UCHEN"), out.Draft.ID, ChoiceUrgent, "")
	to.must(err)
	if !posted.Sheet.Call.Urgent || posted.Sheet.Call.Channel != "CCALLS" {
		t.Errorf("%+v", posted.Sheet.Call)
	}
	to.clocks.World.Set(saturday(5, 2).Time())
	spec.When = []models.Span{{Start: saturday(20, 0), End: saturday(22, 0)}}
	out, err = to.svc.OpenCall(ctx, to.by("UCHEN"), spec, OpenHow{})
	to.must(err)
	if out.Ask != AskUrgent || !out.Quiet || out.Until != saturday(7, 0) {
		t.Fatalf("at night: %+v", out)
	}
	posted, err = to.svc.PostDraft(ctx, to.by("UCHEN"), out.Draft.ID, ChoiceWait, "")
	to.must(err)
	if m := to.message(cardKey(posted.Sheet.Call.ID)); m.DueAt != saturday(7, 0) || posted.Sheet.Call.Urgent {
		t.Errorf("waits until %v", m.DueAt.Time())
	}
}

func TestACallGivenInADirectMessageNeedsToKnowForWhomAndWhere(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	direct := func() Act {
		act := to.by("UCHEN")
		act.Channel, act.Direct = "D1", true
		return act
	}
	if _, err := to.svc.OpenCall(ctx, direct(), clinicSpec(models.Need{Most: 1}), OpenHow{}); refusal(err) != "error.call_for_missing" {
		t.Errorf("without for: %v", err)
	}
	spec := clinicSpec(models.Need{Most: 1})
	spec.For = "<#CEAST|east>"
	out, err := to.svc.OpenCall(ctx, direct(), spec, OpenHow{})
	to.must(err)
	if out.Sheet.Call.Channel != "CEAST" || out.Sheet.Call.Audience != "channel:CEAST" {
		t.Errorf("%+v", out.Sheet.Call)
	}
	spec.For = "all"
	if out, err = to.svc.OpenCall(ctx, direct(), spec, OpenHow{}); err != nil || out.Ask != AskWhere {
		t.Fatalf("no call channel is set: %v %+v", err, out.Ask)
	}
	out, err = to.svc.PostDraft(ctx, direct(), out.Draft.ID, ChoiceSend, "CTOWN")
	to.must(err)
	if out.Sheet.Call.Channel != "CTOWN" || out.Sheet.Call.Audience != "all" {
		t.Errorf("%+v", out.Sheet.Call)
	}
	spec.Urgent, spec.Set = true, map[string]bool{"urgent": true}
	if _, err = to.svc.OpenCall(ctx, to.by("UCHEN"), spec, OpenHow{}); refusal(err) != "error.not_admin" {
		t.Errorf("all and urgent by an organizer: %v", err)
	}
}

func TestPrivateDetailsInAPublicMentionPostNothing(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	_, err := to.svc.OpenCall(context.Background(), to.by("UCHEN"), clinicSpec(models.Need{Most: 1}), OpenHow{Public: true})
	if refusal(err) != "error.private_public" {
		t.Error(err)
	}
	list, _, err := to.svc.ListCalls(context.Background(), to.by("UCHEN"))
	if to.must(err); len(list) != 0 {
		t.Error("it was posted all the same")
	}
}

func TestAMovedStartAsksEverybodyAgain(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 4}))
	one := to.join("U1", s.Roles[0].ID)
	to.send()
	edit := models.CallSpec{When: []models.Span{{Start: saturday(14, 0), End: saturday(16, 0)}}, Set: map[string]bool{"when": true}}
	out, err := to.svc.EditCall(context.Background(), to.by("UCHEN"), s.Call.ID, edit, false)
	to.must(err)
	if diff := cmp.Diff([]string{"when"}, out.Keys); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{signupKey(1, one.Signup.PersonID)}, to.send()); diff != "" {
		t.Error("what sounded:", diff)
	}
	if got := to.reply("U1", s.Call.ID, Said{Meaning: "no", BareNo: true, Text: "no", Asked: true}); got.What != HeardLeft {
		t.Errorf("a no to a direct question: %s", got.What)
	}
	to.must(nil)
}

func TestGuestsFromOutsideReadOnly(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 4}))
	to.must(to.store.InTx(context.Background(), func(tx *store.Tx) error {
		p, err := tx.EnsurePerson(s.Call.TenantID, "UGUEST")
		if err != nil {
			return err
		}
		p.Guest = true
		return tx.SavePerson(&p)
	}))
	if _, err := to.svc.Join(context.Background(), to.by("UGUEST"), s.Roles[0].ID, -1, models.ByButton); refusal(err) != "error.guest_ask" {
		t.Error(err)
	}
}

func TestOnlyAVerifiedDoctorTakesTheDoctorsPlace(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Role: "医生", Most: 2, Verified: true}))
	got := to.join("U1", s.Roles[0].ID)
	if got.Outcome != models.JoinedCheck {
		t.Fatalf("%s", got.Outcome)
	}
	if _, err := to.svc.CheckSkill(context.Background(), to.by("U1"), got.Signup.ID, true); refusal(err) != "error.not_organizer" {
		t.Errorf("checked by themselves: %v", err)
	}
	_, err := to.svc.CheckSkill(context.Background(), to.by("UCHEN"), got.Signup.ID, true)
	to.must(err)
	if got := to.states(s.Call.ID)["U1"]; got != models.SignupConfirmed {
		t.Error(got)
	}
}
