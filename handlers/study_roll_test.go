package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/store"
	"muster/views"
)

// session is the branch's session of Wednesday, in one language, at a time of
// that day; a member of the town's call desk may be more than one branch.
func session(t *testing.T, lang, clock string) *desk {
	t.Helper()
	d := newDesk(t)
	if lang == "en" {
		for _, who := range []string{"Uchen", "Uli", "Uwang"} {
			d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionSetLang, ActionID: views.ActionSetLang + ":en", Value: "en", User: who, Channel: "D" + who, Direct: true})
		}
	}
	d.say("Uchen", "study Cases | when: Wed 19:30 | for: 城东支部")
	d.until("2026-11-25 " + clock)
	return d
}

// marks are the fields of a modal in which somebody is decided on.
func marks(m *slack.ModalViewRequest) (ids []string) {
	for _, b := range m.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok && strings.HasPrefix(in.BlockID, views.FieldMark) {
			ids = append(ids, in.BlockID)
		}
	}
	return ids
}

func (d *desk) attendanceOf(user string) (a models.Attendance) {
	d.t.Helper()
	err := d.st.Read(d.t.Context(), func(tx *store.Tx) error {
		p, err := tx.PersonBySlack(1, user)
		if err != nil {
			return err
		}
		a, err = tx.AttendanceOf(1, p.ID)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

// sendsForm submits a modal.
func (d *desk) sendsForm(user, callback, private string, fields map[string][]string) bot.Reply {
	d.t.Helper()
	return d.do(bot.Request{Kind: bot.KindSubmission, Name: callback, User: user, Fields: fields, View: bot.View{ID: "V1", Callback: callback, Private: private}})
}

// The code is for who leads it, shown big, and sent back by direct message in
// small letters; from a mention it is never said aloud.
func TestTheCodeOfASession(t *testing.T) {
	t.Parallel()
	d := session(t, "zh", "19:20")
	has(t, d.say("Uli", "study s1 code"), "<@Uchen>")
	shown := d.say("Uchen", "学习 s1 签到码")
	code, _, _ := strings.Cut(shown.Text, " ")
	if len(code) != 6 {
		t.Fatalf("no code in %q", shown.Text)
	}
	has(t, d.say("Uli", "签到"), "*Cases*")
	has(t, d.say("Uli", strings.ToLower(code)), "已签到 19:20，1 学时。今年 1/32 学时。")
	has(t, d.say("Uli", "checkin "+code), "你已经签到了")
	d.until("2026-11-25 19:26")
	has(t, d.say("Uchen", code), "还可以试 4 次")
	has(t, d.say("Uchen", "study s1 who"), "现场签到 1 人，没有签到 1 人")
	mention := d.do(bot.Request{Kind: bot.KindMention, User: "Uchen", Channel: "CLOBBY", Text: "study s1 code", TS: "9.1"})
	if !mention.Private {
		t.Errorf("a code said aloud: %+v", mention)
	}
}

// The roll in its modal: a page, a fault beside its field, what moved on in
// between, corrected later.
func TestTheRollOfASessionInItsModal(t *testing.T) {
	t.Parallel()
	d := session(t, "en", "21:30")
	held := d.press("Uchen", views.ActionStudyHeld)
	if held.Modal == nil || !strings.HasPrefix(held.Modal.PrivateMetadata, "study:1") || len(marks(held.Modal)) != 1 {
		t.Fatalf("the roll: %+v", held)
	}
	mark := marks(held.Modal)[0]
	row, _, _ := strings.Cut(strings.TrimPrefix(mark, views.FieldMark), ":")
	note := views.FieldMarkNote + row
	sends := func(fields map[string][]string) bot.Reply {
		return d.sendsForm("Uchen", views.ModalRoll, held.Modal.PrivateMetadata, fields)
	}
	for _, wrong := range []map[string][]string{
		{mark: {"nonsense"}}, {mark: nil, note: {"was there, I think"}}, {mark: {models.RollMissed}, note: {strings.Repeat("x", models.MostNote+1)}},
		{mark: {models.RollLate}, note: {"99999"}},
	} {
		if got := sends(wrong); got.Errors[note] == "" {
			t.Errorf("%v was taken: %+v", wrong, got)
		}
	}
	if got := d.sendsForm("Uli", views.ModalRoll, held.Modal.PrivateMetadata, map[string][]string{mark: {models.RollCame}}); !strings.Contains(got.Text, "<@Uchen>") || d.attendanceOf("Uli").RollAt != 0 {
		t.Errorf("a member takes the roll: %+v", got)
	}
	has(t, sends(map[string][]string{mark: {models.RollLate}, note: {"20 min. traffic"}}), "The roll has: 1 late.")
	if a := d.attendanceOf("Uli"); a.LateMin != 20 || a.Note != "traffic" || a.State != models.AttendanceAttended {
		t.Errorf("%+v", a)
	}
	// The same page again, from another tab: it has moved on.
	got := sends(map[string][]string{mark: {models.RollMissed}})
	has(t, got, "This line changed after you opened the roll")
	if a := d.attendanceOf("Uli"); a.State != models.AttendanceAttended {
		t.Errorf("overwritten: %+v", a)
	}
	// Corrected on the list of those decided.
	turned := d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionStudyRollPage, ActionID: views.ActionStudyRollPage, Value: "decided:0", User: "Uchen",
		View: bot.View{ID: "V1", Private: held.Modal.PrivateMetadata}})
	if turned.Modal == nil || turned.How != bot.ModalUpdate || len(marks(turned.Modal)) != 1 {
		t.Fatalf("the list of those decided: %+v", turned)
	}
	mark = marks(turned.Modal)[0]
	has(t, d.sendsForm("Uchen", views.ModalRoll, turned.Modal.PrivateMetadata, map[string][]string{mark: {models.RollLate}, note: {"20 traffic"}}), "The roll has not changed.")
	has(t, d.sendsForm("Uchen", views.ModalRoll, turned.Modal.PrivateMetadata, map[string][]string{mark: {models.RollExcused}, note: {"ill"}}), "The roll has: 1 excused.")
	d.beat()
	d.sees("Uli", "put you on the roll as excused. Note: ill.")
	has(t, d.press("Uli", views.ActionStudyContest), "You say this is wrong")
	d.beat()
	has(t, d.press("Uli", views.ActionStudyAgree), "put you on the roll as excused")
}

// On one line, in both languages, with a day, and what is not understood.
func TestTheRollOfASessionOnALine(t *testing.T) {
	t.Parallel()
	d := session(t, "zh", "18:00")
	err := d.svc.Enrol(t.Context(), "T1", []services.UnitRow{{Name: "城东支部", Leader: "Uchen"}, {Name: "城西支部"}}, []services.MemberRow{
		{Slack: "ULAN", Name: "兰姐", Unit: "城东支部"}, {Slack: "UZHOU", Name: "周凯", Unit: "城西支部"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.st.InTx(t.Context(), func(tx *store.Tx) error { return d.svc.UnitChanged(tx, 1) }); err != nil {
		t.Fatal(err)
	}
	d.until("2026-11-25 20:45")
	for line, want := range map[string]string{
		"学习 s1 点名 看情况 <@ULAN>":               "看不懂“看情况”",
		"学习 s1 点名 <@ULAN> 看情况":               "看不懂“看情况”",
		"学习 s1 点名 迟到":                        "看不懂“迟到”",
		"学习 s1 点名 12月25日 <@ULAN>":            "s1 在那一天没有安排",
		"学习 s1 点名 请假 <@ULAN>":                "请写为什么请假",
		"学习 s1 点名 迟到 90 <@ULAN>":             "不超过学习的时长",
		"study s1 roll excused <@UZHOU> ill": "不在这次的名单里",
	} {
		has(t, d.say("Uchen", line), want)
	}
	if a := d.attendanceOf("ULAN"); a.RollAt != 0 {
		t.Errorf("half of it was done: %+v", a)
	}
	has(t, d.say("Uchen", "学习 s1 点名 11月25日 <@ULAN> 迟到 <@UZHOU> 12分钟"), "点名记下：到 1 人，迟到 1 人。")
	if a := d.attendanceOf("UZHOU"); !a.WalkIn || a.LateMin != 12 {
		t.Errorf("from elsewhere: %+v", a)
	}
	if reply := d.say("Uchen", "study s1 roll"); reply.Modal == nil {
		t.Errorf("alone it opens no modal: %q", reply.Text)
	}
}

// A page of a hundred people goes by forties; leaving somebody alone is no
// decision, and goes on to those after them.
func TestALongRollGoesByPages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rows := make([]services.MemberRow, 100)
	for i := range rows {
		rows[i] = services.MemberRow{Slack: fmt.Sprintf("UM%03d", i), Name: fmt.Sprintf("成员%03d", i), Unit: "城东支部"}
	}
	if err := d.svc.Enrol(t.Context(), "T1", []services.UnitRow{{Name: "城东支部", Leader: "Uchen"}}, rows); err != nil {
		t.Fatal(err)
	}
	d.say("Uchen", "学习 案例 | 时间：周三 19:30 | 范围：城东支部 | 提前：1h")
	d.clocks.World.Set(time.Date(2026, 11, 25, 12, 45, 0, 0, time.UTC))
	d.beat()
	reply := d.say("Uchen", "study s1 roll")
	var seen []string
	for page := 0; reply.Modal != nil; page++ {
		ids := marks(reply.Modal)
		if len(ids) > views.StudyRollPage || len(reply.Modal.Blocks.BlockSet) > 100 || page > 2 {
			t.Fatalf("page %d has %d people in %d blocks", page, len(ids), len(reply.Modal.Blocks.BlockSet))
		}
		fields := map[string][]string{}
		for i, id := range ids {
			row, _, _ := strings.Cut(strings.TrimPrefix(id, views.FieldMark), ":")
			seen = append(seen, row)
			if i%2 == 0 {
				fields[id] = []string{models.RollCame}
			}
		}
		reply = d.sendsForm("Uchen", views.ModalRoll, reply.Modal.PrivateMetadata, fields)
	}
	slices.Sort(seen)
	if n := len(slices.Compact(seen)); n != 101 {
		t.Errorf("%d people were on the pages, want all but the leader", n)
	}
	has(t, d.say("Uchen", "study s1 who"), "点名记到 51 人，没有签到 51 人")
}
