package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

const secretTitle = "东堤装沙袋"

// busyLedger has hours of Uli in every state that somebody could speak about:
// one contested, one over eight hours, one without his yes; and two summaries
// that Uchen, who took the rolls, had shown. UZHAO is an admin as well, UHE
// leads the west branch, UQIAN is its member, UVIEW reads its figures, UGUEST is
// a guest of Slack. signups are Uli's, by the number of the call.
func busyLedger(t *testing.T) (d *desk, signups map[int]int64) {
	t.Helper()
	d = newDesk(t)
	err := d.svc.Enrol(t.Context(), "T1", []services.UnitRow{{Name: "城西支部", Leader: "UHE"}}, []services.MemberRow{
		{Slack: "UHE", Name: "何军", Unit: "城西支部"}, {Slack: "UQIAN", Name: "钱进", Unit: "城西支部"}, {Slack: "UZHAO", Name: "赵静", Unit: "城西支部"}})
	if err != nil {
		t.Fatal(err)
	}
	d.person("UGUEST", func(p *models.Person) { p.Guest = true })
	has(t, d.say("Uchen", "role <@UVIEW> viewer 城西支部"), "<@UVIEW>")
	has(t, d.say("Uchen", "role <@UZHAO> admin"), "<@UZHAO>")
	signups, calls := map[int]int64{}, map[int]int64{}
	for i, when := range []string{"11月24日 9:00-11:00", "11月25日 8:00-17:00", "11月26日 9:00-11:00"} {
		d.do(bot.Request{Kind: bot.KindCommand, User: "Uchen", Channel: "CLOBBY", Text: "招募 " + secretTitle + " | 时间: " + when + " | 地点: 东堤 | 需要: 2 | 询问: 不用"})
		d.beat()
		sheet, err := d.svc.ShowCall(t.Context(), services.Act{Team: "T1", User: "Uchen"}, i+1)
		if err != nil {
			t.Fatal(err)
		}
		joined, err := d.svc.Join(t.Context(), services.Act{Team: "T1", User: "Uli", Channel: "DUli", Direct: true}, sheet.Roles[0].ID, -1, models.ByButton)
		if err != nil {
			t.Fatal(err)
		}
		signups[i+1], calls[i+1] = joined.Signup.ID, sheet.Call.ID
	}
	for i, over := range []string{"2026-11-24 11:30", "2026-11-25 17:30", "2026-11-26 11:30"} {
		d.until(over)
		if _, err := d.svc.TakeRoll(t.Context(), services.Act{Team: "T1", User: "Uchen"}, calls[i+1], services.RollPage{People: []string{"Uli"}}); err != nil {
			t.Fatal(err)
		}
	}
	d.presses("T1", "Uli", bot.Request{Name: views.ActionHoursContest, Value: fmt.Sprint(signups[1])})
	d.presses("T1", "Uli", bot.Request{Name: views.ActionHoursConfirm, Value: fmt.Sprint(signups[2])})
	has(t, d.say("Uchen", "汇总 本周"), "待确认")
	has(t, d.say("Uchen", "汇总 本周 城东支部"), "待确认")
	d.beat()
	return d, signups
}

// presses is a press as anybody with a token could make it.
func (d *desk) presses(team, who string, r bot.Request) bot.Reply {
	d.t.Helper()
	r.Kind, r.Team, r.User, r.Channel, r.Direct, r.TS, r.TriggerID = bot.KindAction, team, who, "D"+who, true, "1.1", "trigger"
	if r.ActionID == "" {
		r.ActionID = r.Name
	}
	d.acts++
	r.Delivery = fmt.Sprintf("trg:%d", d.acts)
	reply, err := d.router.Route(d.t.Context(), r)
	if models.CodeOf(err) == models.CodeInternal {
		d.t.Fatalf("%s %q by %s of %s: %v", r.ActionID, r.Value, who, team, err)
	}
	return reply
}

// sayButtons are what a second person and who decides may press.
func sayButtons(v string) []bot.Request {
	out := []bot.Request{{Name: views.ActionHoursApprove, Value: v}, {Name: views.ActionHoursRefuse, Value: v}}
	for _, choice := range []string{":yes", ":no", ":", "", ":maybe", ":yes:no"} {
		out = append(out, bot.Request{Name: views.ActionHoursDecide, ActionID: views.ActionHoursDecide + choice, Value: v})
	}
	return out
}

// ownButtons are what only the person of the hours may press; v is a sign-up.
func ownButtons(v string) []bot.Request {
	return []bot.Request{{Name: views.ActionHoursConfirm, Value: v}, {Name: views.ActionHoursContest, Value: v}}
}

// openingButtons open a summary's numbers, post it, or hand out what is made of
// it.
func openingButtons(v string) (out []bot.Request) {
	for _, name := range []string{views.ActionSummaryRows, views.ActionSummaryTable, views.ActionSummaryPicture, views.ActionSummaryPost, views.ActionSummaryHold} {
		out = append(out, bot.Request{Name: name, Value: v})
	}
	for _, figure := range []string{models.FigureHours, models.FigureWaiting, "cats", ""} {
		out = append(out, bot.Request{Name: views.ActionSummaryFigure, BlockID: views.BlockPosting + v, Value: figure, Selected: []string{figure}})
	}
	for _, page := range []string{":hours:0", ":waiting:0", ":waiting:-1", ":cats:0", "::", "", ":waiting:9999999999"} {
		out = append(out, bot.Request{Name: views.ActionSummaryPage, ActionID: views.ActionSummaryPage + page, Value: v})
	}
	return append(out, bot.Request{Name: views.ActionSummaryChannel, BlockID: "posting:" + v, Value: "C9", Selected: []string{"C9"}})
}

// Every button about hours, summaries and activity with rows of somebody else's:
// nothing changes, and nothing of them is shown. Who entered hours does not
// decide about them, nor does the person themselves.
func TestForgedPressesOnHoursAndSummariesChangeAndShowNothing(t *testing.T) {
	t.Parallel()
	d, _ := busyLedger(t)
	before := d.trail()
	values := []string{"1", "2", "3", "4", "0", "-1", "99999", "", "x", "1:2", "1@0", "９"}
	for _, who := range [][2]string{{"T1", "UHE"}, {"T1", "UQIAN"}, {"T1", "UVIEW"}, {"T1", "UGUEST"}, {"T2", "Uchen"}} {
		for _, v := range values {
			for _, r := range append(append(sayButtons(v), ownButtons(v)...), openingButtons(v)...) {
				said := whole(d.presses(who[0], who[1], r))
				if strings.Contains(said, secretTitle) || strings.Contains(said, "<@Uli>") || strings.Contains(said, "李师傅") {
					t.Errorf("%s %q by %s of %s shows %s", r.ActionID, v, who[1], who[0], said)
				}
			}
			for _, id := range []string{"", ":2026", ":1", ":x"} { // one's own book, from somebody else's row on
				said := whole(d.presses(who[0], who[1], bot.Request{Name: views.ActionHoursMine, ActionID: views.ActionHoursMine + id, Value: v}))
				if strings.Contains(said, secretTitle) {
					t.Errorf("%s %q shows another's hours to %s: %s", id, v, who[1], said)
				}
			}
		}
	}
	for _, v := range values {
		for _, who := range []string{"Uchen", "Uli"} { // who entered them, and whose they are
			for _, r := range sayButtons(v) {
				d.presses("T1", who, r)
			}
		}
		for _, r := range openingButtons(v) {
			d.presses("T1", "Uli", r)
		}
	}
	if diff := cmp.Diff(before, d.trail()); diff != "" {
		t.Errorf("the record has more:\n%s", diff)
	}
}

// Presses on what is settled: the second press says so and changes nothing,
// whichever way it goes, also after a right was taken away.
func TestStalePressesOnHoursAndSummaries(t *testing.T) {
	t.Parallel()
	d, signups := busyLedger(t)
	has(t, d.presses("T1", "UZHAO", bot.Request{Name: views.ActionHoursDecide, ActionID: views.ActionHoursDecide + ":no:1", Value: "1"}), "不计入")
	has(t, d.presses("T1", "UZHAO", bot.Request{Name: views.ActionHoursApprove, Value: "2"}), "已计入")
	d.beat()
	before := d.trail()
	for _, v := range []string{"1", "2", "3"} { // the third waits for the person, and for nobody else
		for _, r := range sayButtons(v) {
			has(t, d.presses("T1", "UZHAO", r), "已经有结果")
		}
	}
	if diff := cmp.Diff(before, d.trail()); diff != "" {
		t.Errorf("the record has more:\n%s", diff)
	}
	d.presses("T1", "Uli", bot.Request{Name: views.ActionHoursConfirm, Value: fmt.Sprint(signups[1])}) // decided against: their yes does not undo it
	if book, err := d.svc.HoursBook(t.Context(), services.Act{Team: "T1", User: "Uli"}, 2026); err != nil || book.Counted != 9*60 {
		t.Errorf("counted %d minutes, %v", book.Counted, err)
	}

	has(t, d.say("Uchen", "role <@UVIEW> viewer"), "<@UVIEW>")
	rows := bot.Request{Name: views.ActionSummaryPage, ActionID: views.ActionSummaryPage + ":waiting:0", Value: "1"}
	shown := d.presses("T1", "UVIEW", rows)
	has(t, shown, "姓名只给组织者和负责人看")
	if strings.Contains(whole(shown), "<@Uli>") {
		t.Errorf("a reader of figures sees names: %s", whole(shown))
	}
	has(t, d.presses("T1", "UVIEW", bot.Request{Name: views.ActionSummaryTable, Value: "1"}), "只有组织者")
	has(t, d.say("Uchen", "role <@UVIEW> member"), "<@UVIEW>")
	has(t, d.presses("T1", "UVIEW", rows), "只有组织者")
}

// The buttons of privacy are about who presses them, whatever stands in them:
// nobody is forgotten, kept, or handed out by somebody else.
func TestPrivacyButtonsAreAboutWhoPresses(t *testing.T) {
	t.Parallel()
	d, _ := busyLedger(t)
	li := d.person("Uli", nil)
	value := fmt.Sprint(li)
	plan := func(who string) models.Instant {
		held, err := d.svc.HeldAbout(t.Context(), services.Act{Team: "T1", User: who})
		if err != nil {
			t.Fatal(err)
		}
		return held.ForgetAt
	}
	for _, who := range [][2]string{{"T1", "UHE"}, {"T1", "UGUEST"}, {"T2", "UQIAN"}} {
		for _, action := range []string{views.ActionPrivacyForget, views.ActionPrivacyYes, views.ActionPrivacyCopy} {
			if said := whole(d.presses(who[0], who[1], bot.Request{Name: action, Value: value})); strings.Contains(said, "李师傅") {
				t.Errorf("%s shows another: %s", action, said)
			}
		}
	}
	queued, err := d.st.ClaimMessages(t.Context(), "test", 100, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	copies := 0
	for _, m := range queued {
		if m.Kind != models.MessagePrivacy {
			continue
		}
		copies++
		raw, err := d.svc.CopyToSend(t.Context(), m)
		if err != nil || m.PersonID == li || strings.Contains(string(raw), "李师傅") || strings.Contains(string(raw), secretTitle) {
			t.Errorf("a copy for %d: %v\n%s", m.PersonID, err, raw)
		}
	}
	if copies != 3 || plan("Uli") != 0 || plan("UHE") == 0 || plan("UQIAN") != 0 {
		t.Errorf("%d copies; Li is forgotten at %d, He at %d, Qian, of another workspace there, at %d", copies, plan("Uli"), plan("UHE"), plan("UQIAN"))
	}
	d.presses("T1", "Uli", bot.Request{Name: views.ActionPrivacyYes, Value: "0"})
	asked := plan("Uli")
	for _, who := range [][2]string{{"T1", "UHE"}, {"T1", "Uchen"}, {"T2", "Uli"}} {
		d.presses(who[0], who[1], bot.Request{Name: views.ActionPrivacyKeep, Value: value})
		d.presses(who[0], who[1], bot.Request{Name: views.ActionPrivacyYes, Value: value})
	}
	if plan("Uli") != asked || asked == 0 {
		t.Errorf("planned for %d, now %d", asked, plan("Uli"))
	}
}
