package handlers

import (
	"strconv"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

// dike has Li (Uli) out there since 12:00 on a relief call of today, with a
// safety question every half hour.
func dike(t *testing.T) (*room, int64) {
	t.Helper()
	d := newRoom(t)
	d.command("Uchen", "招募 东堤装沙袋 | 时间：今天 12:00-15:00 | 地点：东堤 | 需要：4 | 类型：应急 | 紧急：是 | 报平安：30分钟 | 询问：否")
	d.beat()
	act := services.Act{Team: "T1", User: "Uli", Channel: "CLOBBY"}
	sheet, err := d.svc.ShowCall(t.Context(), services.Act{Team: "T1", User: "Uchen"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := d.svc.Join(t.Context(), act, sheet.Roles[0].ID, -1, models.ByButton)
	if err != nil {
		t.Fatal(err)
	}
	d.until("2026-11-23 12:00")
	if _, err := d.svc.CheckInByButton(t.Context(), act, joined.Signup.ID); err != nil {
		t.Fatal(err)
	}
	d.beat()
	return d, joined.Signup.ID
}

func actions(blocks []slack.Block) string {
	var out []string
	for _, b := range buttons(blocks) {
		out = append(out, b.ActionID)
	}
	return strings.Join(out, " ")
}

func (d *room) lastTick() models.Tick {
	d.t.Helper()
	sheet, err := d.svc.ShowCall(d.t.Context(), services.Act{Team: "T1", User: "Uchen"}, 1)
	if err != nil || len(sheet.Ticks) == 0 {
		d.t.Fatalf("no tick: %v", err)
	}
	return *sheet.Ticks[len(sheet.Ticks)-1]
}

func TestWhoWritesHelpOnSiteIsHelped(t *testing.T) {
	t.Parallel()
	d, _ := dike(t)
	if got := actions(d.say("Uli", "help").Blocks); got != "safe_help safe_usage" {
		t.Errorf("without an open question: %s", got)
	}
	if got := actions(d.say("Uchen", "帮助").Blocks); got != "" {
		t.Errorf("somebody at home: %s", got)
	}
	if got := d.command("Uli", "help"); !strings.HasPrefix(actions(got.Blocks), "safe_help") || !strings.Contains(got.Text, "/muster") {
		t.Errorf("the command: %s %q", actions(got.Blocks), got.Text)
	}
	if got := d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionSafeHelpful, ActionID: views.ActionSafeHelpful, Value: "help", User: "Uli"}); !strings.Contains(got.Text, "/muster") {
		t.Errorf("how to use it: %q", got.Text)
	}
	d.until("2026-11-23 12:30")
	if got := d.say("Uli", "帮助"); !strings.Contains(got.Text, "已经告诉") || !strings.HasPrefix(actions(got.Blocks), "safe_ok") {
		t.Errorf("with one: %q %s", got.Text, actions(got.Blocks))
	}
	d.beat()
	if !d.lastTick().Help() || !strings.Contains(d.newest("Uchen").Text, "需要帮助") {
		t.Errorf("%+v, told %q", d.lastTick(), d.newest("Uchen").Text)
	}
	d.say("Uli", "我平安")
	if got := d.lastTick(); got.Help() || got.DoneBy != got.PersonID {
		t.Errorf("taken back: %+v", got)
	}
	d.say("Uli", "被困了")
	if !d.lastTick().Help() {
		t.Error("plain words for needing help are not heard")
	}
}

func TestPlainWordsAnswerTheQuestion(t *testing.T) {
	t.Parallel()
	d, id := dike(t)
	d.until("2026-11-23 12:30")
	if got := actions(d.say("Uli", "嗯哼哼").Blocks); got != "safe_ok safe_help safe_home" {
		t.Errorf("words that mean nothing: %s", got)
	}
	d.say("Uli", "没事")
	if got := d.lastTick(); got.Answer != models.SafeOK {
		t.Errorf("%+v", got)
	}
	d.say("Uli", "没事") // nothing is open: it is no word about safety
	if got := d.lastTick(); got.Seq != 1 {
		t.Errorf("%+v", got)
	}
	d.say("Uli", "平安")
	if got := d.lastTick(); got.Seq != 2 || got.AskedAt != 0 {
		t.Errorf("said without being asked: %+v", got)
	}
	if got := d.say("Uli", "我到家了"); !strings.Contains(got.Text, "到家就好") {
		t.Errorf("%q", got.Text)
	}
	if got := d.lastTick(); got.HomeAt == 0 || got.SignupID != id {
		t.Errorf("%+v", got)
	}
	if got := d.say("Uli", "平安"); strings.Contains(got.Text, "记下了") {
		t.Errorf("somebody at home is still in the loop: %q", got.Text)
	}
}

func TestAnOrganizerPutsPeopleDownAsHomeByOneLine(t *testing.T) {
	t.Parallel()
	d, _ := dike(t)
	ann := services.Act{Team: "T1", User: "UANN", Channel: "CLOBBY"}
	sheet, err := d.svc.ShowCall(t.Context(), ann, 1)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := d.svc.Join(t.Context(), ann, sheet.Roles[0].ID, -1, models.ByButton)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.command("Uchen", "call k1 home <@UANN>"); !strings.Contains(got.Text, "不在外面") {
		t.Errorf("not there yet: %q", got.Text)
	}
	if _, err := d.svc.CheckInByButton(t.Context(), ann, joined.Signup.ID); err != nil {
		t.Fatal(err)
	}
	if got := d.command("Uchen", "招募 k1 到家 老李"); !strings.Contains(got.Text, "到家 @") {
		t.Errorf("%q", got.Text)
	}
	if got := d.command("Uli", "call k1 home <@UANN>"); !strings.Contains(got.Text, "组织者") {
		t.Errorf("by a member: %q", got.Text)
	}
	if got := d.command("Uchen", "招募 k1 到家 <@UANN>"); !strings.Contains(got.Text, "记下了") {
		t.Errorf("%q", got.Text)
	}
	if got := d.command("Uli", "招募 k1 到家"); !strings.Contains(got.Text, "到家就好") {
		t.Errorf("one's own: %q", got.Text)
	}
	if got := d.command("Uchen", "call k1 home all"); !strings.Contains(got.Text, "已经有人记下") {
		t.Errorf("%q", got.Text)
	}
}

func TestThePhoneNumberIsReadByPressAndWrittenDown(t *testing.T) {
	t.Parallel()
	d, _ := dike(t)
	d.until("2026-11-23 12:30")
	d.until("2026-11-23 12:45")
	tick := d.lastTick()
	press := func(user string) bot.Reply {
		return d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionSafePhone, ActionID: views.ActionSafePhone, Value: strconv.FormatInt(tick.ID, 10), User: user})
	}
	if got := press("Uchen"); !strings.Contains(got.Text, "没有留电话") {
		t.Errorf("%q", got.Text)
	}
	if got := press("Uli"); !strings.Contains(got.Text, "组织者") {
		t.Errorf("a member reads a number: %q", got.Text)
	}
}

// Too many words to be read as a call for help, and too grave to be answered
// with a hint alone.
func TestWhoSpeaksOfDangerIsShownTheButton(t *testing.T) {
	t.Parallel()
	d, id := dike(t)
	got := d.say("Uli", "三号门水太大，我们两个被困在棚顶上了")
	if !strings.HasPrefix(actions(got.Blocks), "safe_help") || d.lastKnown(id) {
		t.Errorf("%s %q", actions(got.Blocks), got.Text)
	}
	if got := d.say("Uchen", "三号门有人被困了"); strings.Contains(actions(got.Blocks), "safe_help") {
		t.Errorf("who is at home: %s", actions(got.Blocks))
	}
}

// lastKnown says whether anything was asked or said about the person of a
// sign-up.
func (d *room) lastKnown(signup int64) bool {
	for _, tick := range d.sheet("Uchen").Ticks {
		if tick.SignupID == signup {
			return true
		}
	}
	return false
}

// Somebody sees to a call for help: who called reads that somebody comes, the
// organizer what is left to press, in words for both.
func TestSomebodySeesToACallForHelp(t *testing.T) {
	t.Parallel()
	d, id := dike(t)
	d.pressed("Uli", "safe_help", id)
	d.beat()
	if got := d.newest("Uchen"); !strings.Contains(got.Text, "李师傅") && !strings.Contains(got.Text, "需要帮助") {
		t.Fatalf("%q", got.Text)
	}
	got := d.press("Uchen", "safe_on_it")
	if !strings.Contains(got.Text, "处理好以后请按") {
		t.Errorf("%q", got.Text)
	}
	d.beat()
	if got := d.newest("Uli"); !strings.Contains(got.Text, "看到了你的求助，正在处理") || !strings.Contains(actions(got.Blocks), "safe_ok") {
		t.Errorf("who called: %q %s", got.Text, actions(got.Blocks))
	}
	if buttons := d.buttonsOf("Uchen"); buttons["safe_on_it"] != "" || buttons["safe_reached"] == "" {
		t.Errorf("the organizer may press %v", buttons)
	}
	d.press("Uchen", "safe_reached")
	d.beat()
	if got := d.newest("Uli"); !strings.Contains(got.Text, "处理了你的求助") {
		t.Errorf("%q", got.Text)
	}
}
