package handlers

import (
	"fmt"
	"strings"
	"testing"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

// clinic has Li (Uli) with a place in a free clinic of today, 12:00 to 15:00;
// it is half past eleven. Chen Lin organizes.
func clinic(t *testing.T, lang string) (d *room, signup int64) {
	t.Helper()
	d = newRoomIn(t, lang)
	d.command("Uchen", "call 社区义诊 | kind: care | when: 2026-11-23 12:00-15:00 | where: 绿城 | need: 4 | ask: no")
	d.beat()
	sheet := d.sheet("Uchen")
	joined, err := d.svc.Join(t.Context(), services.Act{Team: "T1", User: "Uli", Channel: "CLOBBY"}, sheet.Roles[0].ID, -1, models.ByButton)
	if err != nil {
		t.Fatal(err)
	}
	d.until("2026-11-23 11:30")
	return d, joined.Signup.ID
}

func (d *room) sheet(user string) models.Sheet {
	d.t.Helper()
	sheet, err := d.svc.ShowCall(d.t.Context(), services.Act{Team: "T1", User: user}, 1)
	if err != nil {
		d.t.Fatal(err)
	}
	return sheet
}

func (d *room) place(id int64) models.Signup {
	d.t.Helper()
	su := d.sheet("Uchen").Signup(id)
	if su == nil {
		d.t.Fatalf("no sign-up %d", id)
	}
	return *su
}

// pressed presses a button by name and value, as a forged press would.
func (d *room) pressed(user, action string, value any) bot.Reply {
	d.t.Helper()
	return d.do(bot.Request{Kind: bot.KindAction, Name: action, ActionID: action, Value: fmt.Sprint(value), User: user, Channel: "D" + user, Direct: true, TS: "1.1"})
}

// again presses a button that an answer carries.
func (d *room) again(user string, reply bot.Reply, action string) bot.Reply {
	d.t.Helper()
	for _, b := range buttons(reply.Blocks) {
		if b.ActionID == action {
			return d.pressed(user, action, b.Value)
		}
	}
	d.t.Fatalf("no %s in %q %s", action, reply.Text, actions(reply.Blocks))
	return bot.Reply{}
}

func TestCheckingInAndOutCanBeTakenBackFromTheirAnswers(t *testing.T) {
	t.Parallel()
	d, id := clinic(t, "en")
	in := d.pressed("Uli", "call_checkin", id)
	if got := d.again("Uli", in, "undo"); !strings.Contains(got.Text, "#k1") || d.place(id).State != models.SignupConfirmed || d.place(id).CheckBy != "" {
		t.Errorf("%q: %+v", got.Text, d.place(id))
	}
	if got := d.again("Uli", in, "undo"); d.place(id).State != models.SignupConfirmed || !strings.Contains(got.Text, "undo") {
		t.Errorf("a second press: %q", got.Text)
	}
	d.pressed("Uli", "call_checkin", id)
	d.until("2026-11-23 13:00")
	out := d.pressed("Uli", "call_checkout", id)
	if !strings.Contains(out.Text, "11:30–13:00") || d.place(id).OutBy != models.OutSelf {
		t.Errorf("%q: %+v", out.Text, d.place(id))
	}
	d.again("Uli", out, "undo")
	if su := d.place(id); su.State != models.SignupCheckedIn || su.CheckedOut != 0 {
		t.Errorf("%+v", su)
	}
}

func TestAnotherTimeThanTheOneProposed(t *testing.T) {
	t.Parallel()
	d, id := clinic(t, "zh")
	d.pressed("Uli", "call_checkin", id)
	d.until("2026-11-23 15:05")
	form := d.pressed("Uli", "call_times", id)
	if form.Modal == nil {
		t.Fatalf("no form: %q", form.Text)
	}
	private := fmt.Sprint(id)
	sends := func(user, text string) bot.Reply {
		return d.submits(user, views.ModalTimes, private, map[string][]string{views.FieldCheckoutTime: {text}})
	}
	for _, wrong := range []string{"下午三点", "25:00", "11:00", "16:00", "", "<!channel>"} {
		if got := sends("Uli", wrong); got.Errors[views.FieldCheckoutTime] == "" {
			t.Errorf("%q was taken: %q", wrong, got.Text)
		}
	}
	if got := sends("Uchen", "14:30"); d.place(id).OutBy != models.OutProposed {
		t.Errorf("somebody else's time was changed: %q", got.Text)
	}
	if got := sends("Uli", "14：30"); len(got.Errors) > 0 || !strings.Contains(got.Text, "11:30–14:30") {
		t.Errorf("%q %v", got.Text, got.Errors)
	}
	if form := d.pressed("Uchen", "call_times", id); form.Modal != nil {
		t.Error("somebody else's form opened")
	}
}

func TestTheRollIsConfirmedContestedAndTakenBackOnce(t *testing.T) {
	t.Parallel()
	d, id := clinic(t, "zh")
	d.until("2026-11-23 15:05")
	if got := d.pressed("Uli", "call_roll", 1); got.Modal != nil || !strings.Contains(got.Text, "<@Uchen>") {
		t.Errorf("a member sees the roll: %q", got.Text)
	}
	roll := func(came string) bot.Reply {
		meta := views.RollMeta{Call: 1, Shift: d.place(id).ShiftID, What: views.RollDecided}.Encode()
		return d.submits("Uchen", views.ModalRoll, meta, map[string][]string{views.FieldRollCame + fmt.Sprint(id): {came}})
	}
	first := roll(views.RollYes)
	if d.place(id).State != models.SignupDone {
		t.Fatalf("%q: %+v", first.Text, d.place(id))
	}
	if got := d.pressed("Uchen", "hours_confirm", id); d.place(id).SaidAt != 0 {
		t.Errorf("somebody else said yes: %q", got.Text)
	}
	if got := d.pressed("Uli", "hours_confirm", id); !strings.Contains(got.Text, "已计入") {
		t.Errorf("%q", got.Text)
	}
	if got := d.pressed("Uli", "hours_contest", id); !strings.Contains(got.Text, "<@Uchen>") || d.place(id).ContestAt == 0 {
		t.Errorf("%q: %+v", got.Text, d.place(id))
	}
	d.beat()
	if got := d.newest("Uchen"); !strings.Contains(got.Text, "点名有误") {
		t.Errorf("the organizer was told %q", got.Text)
	}
	d.clocks.Advance(60e9)
	roll(views.RollYes) // the same again by who wrote it
	if d.place(id).ContestAt == 0 {
		t.Error("who took the roll put the contradiction aside by saying it again")
	}
	second := roll(views.RollNo)
	if su := d.place(id); su.State != models.SignupNoShow || su.ContestAt != 0 {
		t.Errorf("%+v", su)
	}
	d.again("Uchen", second, "undo")
	if su := d.place(id); su.State != models.SignupConfirmed || su.RollAt != 0 {
		t.Errorf("%+v", su)
	}
	d.clocks.Advance(60e9)
	third := roll(views.RollYes)
	if got := d.again("Uchen", second, "undo"); d.place(id).RollAt == 0 {
		t.Errorf("an old button took a later roll back: %q", got.Text)
	}
	if got := d.pressed("Uli", "undo", views.UndoRoll+"1"); d.place(id).RollAt == 0 {
		t.Errorf("a member took the roll back: %q", got.Text)
	}
	d.again("Uchen", third, "undo")
	if d.place(id).RollAt != 0 {
		t.Error("the roll was not taken back")
	}
}

func TestAWalkInIsDeclinedAndTwoOrganizersMaySaySo(t *testing.T) {
	t.Parallel()
	d, _ := clinic(t, "zh")
	code, _, err := d.svc.NewCode(t.Context(), services.Act{Team: "T1", User: "Uchen"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.say("Uwang", strings.ToLower(code.Code)); !strings.Contains(got.Text, "你没有报") {
		t.Fatalf("%q", got.Text)
	}
	d.beat()
	walk := d.sheet("Uchen").WalkIns[0]
	if got := d.pressed("Uli", "walkin_refuse", walk.ID); len(d.sheet("Uchen").WalkIns) != 1 {
		t.Errorf("a member declined: %q", got.Text)
	}
	d.pressed("Uchen", "walkin_refuse", walk.ID)
	if left := d.sheet("Uchen").WalkIns; len(left) != 0 {
		t.Errorf("still asked: %+v", left)
	}
	if got := d.pressed("Uchen", "walkin_take", fmt.Sprintf("%d:%d", walk.ID, d.sheet("Uchen").Roles[0].ID)); !strings.Contains(got.Text, "处理过") {
		t.Errorf("%q", got.Text)
	}
	// A page of the roll drawn before says the same: the rest of it counts.
	meta := views.RollMeta{Call: 1, Shift: d.sheet("Uchen").Shifts[0].ID, What: views.RollOpen}.Encode()
	got := d.submits("Uchen", views.ModalRoll, meta, map[string][]string{views.FieldRollWalk + fmt.Sprint(walk.ID): {views.RollNo}, views.FieldRollServed: {"86"}})
	if len(got.Errors) > 0 || d.sheet("Uchen").Call.Served != 86 {
		t.Errorf("%q %v", got.Text, got.Errors)
	}
}

// A mention has no trigger for a form, and what it asks for must not be lost: a
// button opens it, and a code is never said aloud.
func TestMentionsOfferTheFormByAButton(t *testing.T) {
	t.Parallel()
	d, _ := clinic(t, "en")
	mention := func(user, text string) bot.Reply {
		d.acts++
		reply, err := d.router.Route(t.Context(), bot.Request{Kind: bot.KindMention, Team: "T1", User: user, Channel: "CLOBBY", Text: text,
			TS: fmt.Sprintf("9.%d", d.acts), Delivery: fmt.Sprintf("msg:%d", d.acts)})
		if models.CodeOf(err) == models.CodeInternal {
			t.Fatal(err)
		}
		return reply
	}
	for text, button := range map[string]string{"call k1 roll": "call_roll", "call k1 tell": "call_tell"} {
		got := mention("Uchen", text)
		if got.Modal != nil || !strings.Contains(actions(got.Blocks), button) {
			t.Errorf("%s: modal %v, %s %q", text, got.Modal != nil, actions(got.Blocks), got.Text)
		}
		if got := mention("Uli", text); strings.Contains(actions(got.Blocks), button) || got.Modal != nil || got.Text == "" {
			t.Errorf("%s by a member: %s %q", text, actions(got.Blocks), got.Text)
		}
	}
	if got := mention("Uchen", "call k1 code"); !got.Private {
		t.Errorf("a code in a channel: %q", got.Text)
	}
}

// Li may write back to an organizer's message wherever: in its thread, or just
// so. Chen Lin sees the words, and "ok" signs nobody up.
func TestAnAnswerToAnOrganizersMessageReachesTheOrganizer(t *testing.T) {
	t.Parallel()
	d, id := clinic(t, "zh")
	d.pressed("Uli", "call_confirm", id) // the reminder is answered: nothing is open
	said := d.place(id).YesAt
	if got := d.say("Uli", "谁有钥匙"); strings.Contains(got.Text, "已转给") {
		t.Errorf("nobody had written: %q", got.Text)
	}
	d.command("Uchen", "call k1 tell 请带钥匙 <!channel>")
	d.beat()
	if got := d.newest("Uli"); !strings.Contains(got.Text, "请带钥匙") || strings.Contains(got.Text, "<!channel>") {
		t.Fatalf("%q", got.Text)
	}
	for _, words := range []string{"钥匙在小王那里", "ok"} {
		if got := d.say("Uli", words); !strings.Contains(got.Text, "已转给 <@Uchen>：“"+words+"”") {
			t.Errorf("%s: %q", words, got.Text)
		}
	}
	var kept []string
	for _, a := range d.sheet("Uchen").Answers {
		if !a.Settled {
			kept = append(kept, a.Text)
		}
	}
	if strings.Join(kept, "|") != "钥匙在小王那里|ok" {
		t.Errorf("kept: %v", kept)
	}
	if d.place(id).State != models.SignupConfirmed || d.place(id).YesAt != said {
		t.Errorf("%+v", d.place(id))
	}
	if got := d.say("Uli", "帮助"); strings.Contains(got.Text, "已转给") {
		t.Errorf("a command was passed on: %q", got.Text)
	}
	d.until("2026-11-24 12:00")
	if got := d.say("Uli", "谢谢"); strings.Contains(got.Text, "已转给") {
		t.Errorf("a day later: %q", got.Text)
	}
}

// Two organizers wrote, or one wrote and another call asks: which one is meant
// is asked, and what was written is not lost.
func TestAnAnswerThatMayBeForTwoIsAskedAbout(t *testing.T) {
	t.Parallel()
	d, id := clinic(t, "zh")
	d.pressed("Uli", "call_confirm", id)
	d.command("Uchen", "call 东堤 | kind: care | when: 2026-11-24 12:00-15:00 | where: 东堤 | need: 4 | ask: no")
	second, err := d.svc.ShowCall(t.Context(), services.Act{Team: "T1", User: "Uchen"}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.svc.Join(t.Context(), services.Act{Team: "T1", User: "Uli", Channel: "CLOBBY"}, second.Roles[0].ID, -1, models.ByButton); err != nil {
		t.Fatal(err)
	}
	d.beat()
	for _, call := range []string{"k1", "k2"} {
		d.command("Uchen", "call "+call+" tell 请带钥匙")
	}
	d.beat()
	which := d.say("Uli", "钥匙在小王那里")
	if !strings.Contains(actions(which.Blocks), "reply_to") {
		t.Fatalf("%q %s", which.Text, actions(which.Blocks))
	}
	for _, b := range buttons(which.Blocks) {
		if strings.Contains(b.Text.Text, "k2") || strings.Contains(b.Text.Text, "东堤") {
			name, _, _ := strings.Cut(b.ActionID, ":")
			d.do(bot.Request{Kind: bot.KindAction, Name: name, ActionID: b.ActionID, Value: b.Value, User: "Uli", Channel: "DUli", Direct: true, TS: "1.1"})
		}
	}
	sheet, err := d.svc.ShowCall(t.Context(), services.Act{Team: "T1", User: "Uchen"}, 2)
	if err != nil || len(sheet.Answers) != 1 || sheet.Answers[0].Text != "钥匙在小王那里" {
		t.Errorf("%v %+v", err, sheet.Answers)
	}
}
