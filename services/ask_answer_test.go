package services

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"muster/models"
)

func TestLaterIsKeptForTheOrganizerAndStandsDownWhenFilled(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 6, 0)
	s := to.open(waveSpec(1, "3 every 10m"))
	asked := to.in(s.Call.ID, models.AskOpen)
	to.send()
	got := to.answers(asked[0], to.askOf(s.Call.ID, asked[0]), "能去，但要晚点")
	if got.What != HeardConditional || got.Standby {
		t.Errorf("%+v", got)
	}
	answers := to.sheet(s.Call.ID).Answers
	if len(answers) != 1 || answers[0].Kind != models.AnswerConditional || answers[0].Text != "能去，但要晚点" {
		t.Fatalf("%+v", answers)
	}
	q := to.askOf(s.Call.ID, asked[0])
	if q.State != models.AskLater || !q.Late {
		t.Errorf("%+v", q)
	}
	to.send()
	to.answers(asked[1], to.askOf(s.Call.ID, asked[1]), "yes")
	states := to.states(s.Call.ID)
	if states[asked[0]] != models.SignupWaitlisted {
		t.Errorf("who would have come later is %q", states[asked[0]])
	}
	key := signupKey(s.Call.ID, q.PersonID)
	if !slices.Contains(to.send(), key) {
		t.Error("they were not told anew that they must not set out")
	}
	if m := to.message(key); !strings.Contains(string(m.Args), models.WhyStandby) {
		t.Errorf("they were told %s", m.Args)
	}
	// A place free again is offered to them: a yes on a condition is no yes to it.
	su := to.sheet(s.Call.ID).Of(to.askOf(s.Call.ID, asked[1]).PersonID, s.Shifts[0].ID)
	_, err := to.svc.Leave(context.Background(), to.by(asked[1]), su.ID)
	to.must(err)
	if got := to.states(s.Call.ID)[asked[0]]; got != models.SignupOffered {
		t.Errorf("standby became %s", got)
	}
}

func TestTheOrganizerFilesALateYesIntoTheRoleAskedFor(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 4, 0)
	spec := waveSpec(1, "1 every 10m")
	spec.Need = append(spec.Need, models.Need{Role: "司机", Least: 1, Most: 1})
	s := to.open(spec)
	if n := len(to.in(s.Call.ID, models.AskOpen)); n != 2 {
		t.Fatalf("%d asked, want one a role", n)
	}
	rows := to.askRows(s.Call.ID)
	to.answers(rows[1].slack, rows[1].Ask, "later")
	answer := to.sheet(s.Call.ID).Answers[0]
	got, err := to.svc.FileAnswer(context.Background(), to.by("UCHEN"), answer.ID, true, 0)
	to.must(err)
	if got.Joining.Signup.RoleID != rows[1].RoleID || got.Joining.Outcome != models.Joined {
		t.Errorf("filed into %+v", got.Joining.Signup)
	}
	if q := to.askOf(s.Call.ID, rows[1].slack); q.State != models.AskYes || !q.Late {
		t.Errorf("%+v", q)
	}
}

func TestAQuestionBelongsToThePersonAsked(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 4, 0)
	s := to.open(waveSpec(1, "1 every 10m"))
	who := to.in(s.Call.ID, models.AskOpen)[0]
	q := to.askOf(s.Call.ID, who)
	other := "U1"
	if who == "U1" {
		other = "U2"
	}
	for name, press := range map[string]func(id int64) error{
		"yes":   func(id int64) error { _, err := to.svc.AskYes(ctx, to.by(other), id); return err },
		"no":    func(id int64) error { _, err := to.svc.AskNo(ctx, to.by(other), id); return err },
		"later": func(id int64) error { _, err := to.svc.AskLater(ctx, to.by(other), id, "later"); return err },
	} {
		for _, id := range []int64{q.ID, 0, 999} {
			if err := press(id); refusal(err) != "error.not_yours" {
				t.Errorf("%s with question %d: %v", name, id, err)
			}
		}
	}
	act := to.by(who)
	_, err := to.svc.AskYes(ctx, act, q.ID)
	to.must(err)
	if _, err := to.svc.AskYes(ctx, act, q.ID); models.CodeOf(err) != models.CodeRepeat {
		t.Errorf("the same press twice: %v", err)
	}
	if n := to.sheet(s.Call.ID).Taken(s.Roles[0].ID); n != 1 {
		t.Errorf("taken %d", n)
	}
}

// What a person's plain words in a direct message answer.
func TestPlainWordsAnswerTheQuestion(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 4, 0)
	spec := waveSpec(2, "1 every 10m")
	spec.Need = append(spec.Need, models.Need{Role: "司机", Least: 1, Most: 1})
	s := to.open(spec)
	to.send()
	q := to.askRows(s.Call.ID)[0]
	direct := func() Act {
		act := to.by(q.slack)
		act.Channel, act.Direct = fmt.Sprintf("D%d", q.PersonID), true
		return act
	}
	found, err := to.svc.QuestionFor(ctx, direct())
	to.must(err)
	if len(found.Calls) != 1 || !found.Asked {
		t.Fatalf("%+v", found)
	}
	got, err := to.svc.ReplyToCall(ctx, direct(), s.Call.ID, Said{Meaning: "none", Text: "看情况吧", Asked: true})
	to.must(err)
	if got.What != HeardUnclear || to.askOf(s.Call.ID, q.slack).State != models.AskOpen {
		t.Errorf("unclear words: %+v", got.What)
	}
	got, err = to.svc.ReplyToCall(ctx, direct(), s.Call.ID, Said{Meaning: saidLate, Minutes: 20, Text: "晚到20分钟", Asked: true})
	to.must(err)
	if got.What != HeardConditional || to.askOf(s.Call.ID, q.slack).State != models.AskLater {
		t.Errorf("late, without a place: %+v", got.What)
	}
	got, err = to.svc.ReplyToCall(ctx, direct(), s.Call.ID, Said{Meaning: saidYes, Text: "我去", Asked: true})
	to.must(err)
	if got.What != HeardJoined || got.Joining.Signup.RoleID != q.RoleID {
		t.Errorf("a yes is for what was asked: %s %+v", got.What, got.Joining.Signup)
	}
}

func TestWhoSaidLaterSaysWhenInTheirOwnWords(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	wavePeople(to, 3, 0)
	s := to.open(waveSpec(2, "1 every 10m"))
	to.send()
	q := to.askRows(s.Call.ID)[0]
	to.answers(q.slack, q.Ask, "能去，但要晚点")
	act := to.by(q.slack)
	act.Direct = true
	got, err := to.svc.ReplyToCall(context.Background(), act, s.Call.ID, Said{Meaning: "none", Text: "10点左右", Asked: true})
	to.must(err)
	answers := to.sheet(s.Call.ID).Answers
	if got.What != HeardConditional || len(answers) != 1 || answers[0].Text != "能去，但要晚点 · 10点左右" {
		t.Errorf("%s %+v", got.What, answers)
	}
}

func TestWhoSaidLaterIsAskedAnewWhenTheCallMoves(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	wavePeople(to, 4, 0)
	s := to.open(waveSpec(2, "2 every 10m"))
	to.send()
	q := to.askRows(s.Call.ID)[0]
	to.answers(q.slack, q.Ask, "later")
	to.send()
	_, err := to.svc.EditCall(ctx, to.by("UCHEN"), s.Call.ID, models.CallSpec{Where: "西堤", Set: map[string]bool{"where": true}}, false)
	to.must(err)
	if got := to.askOf(s.Call.ID, q.slack).State; got != models.AskOpen {
		t.Errorf("who said later is %s", got)
	}
	if sounded := to.send(); !slices.Contains(sounded, questionKey(s.Call.ID, q.PersonID)) {
		t.Errorf("they were not asked anew: %v", sounded)
	}
	if n := len(to.sheet(s.Call.ID).Answers); n != 0 {
		t.Errorf("%d old answers still count", n)
	}
}
