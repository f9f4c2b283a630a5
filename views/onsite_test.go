package views

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// clinicAt is the free clinic at an hour of its Saturday: Zhang San in by code,
// Li Si by button, Wang Wu not seen, Zhao Liu without a place.
func clinicAt(hour, minute int) models.Sheet {
	s := clinicSheet()
	s.Now, s.Manages, s.Rolls, s.Me = callTime(28, hour, minute), true, true, s.People[1]
	for i, by := range []string{models.CheckCode, models.CheckButton} {
		su := s.Signups[i]
		su.State, su.CheckBy, su.CheckedIn = models.SignupCheckedIn, by, callTime(28, 8, 50+i)
	}
	s.WalkIns = []*models.WalkIn{{ID: 61, ShiftID: 1, PersonID: 5, State: models.WalkInAsked, At: callTime(28, 9, 5)}}
	if s.Now >= s.End() {
		s.Call.State = models.CallDone
		s.Propose(s.Shifts[0])
	}
	return s
}

func TestOnSiteForTheOrganizer(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		code := models.OnsiteCode{Code: "7K3M9Q", UntilAt: callTime(28, 9, 5)}
		golden(t, "onsite_code_"+lang, p.OnsiteCode(clinicAt(9, 0), code, "https://muster.example.org/checkin/7K3M9Q"))
		now := clinicAt(9, 10)
		golden(t, "onsite_panel_"+lang, []any{p.onsitePanel(now), p.onsiteOrganizer(now)})
		after := clinicAt(12, 30)
		after.Call.Served = 86
		after.Goods = []*models.Goods{{Item: "口罩", Number: 100, Value: 5000}}
		golden(t, "onsite_panel_after_"+lang, []any{p.onsitePanel(after), p.onsiteOrganizer(after)})
		golden(t, "onsite_roll_"+lang, p.RollModal(after, after.Shifts[0], RollMeta{}))
		for _, su := range after.Signups[:3] {
			must(t, after.PutOnRoll(su, models.RollEntry{Came: su.PersonID != 4}, 1))
		}
		golden(t, "onsite_rolled_"+lang, p.Rolled(after, []int64{2, 3}, []int64{4}, true, []models.Person{after.People[5]}, true))
		golden(t, "onsite_done_"+lang, p.CallCard(after))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What a person's own message says from an hour before to the thanks, in both
// languages.
func TestOnSiteForThePersonThemselves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what    string
		at      models.Instant
		why     string
		change  func(models.Sheet, *models.Signup)
		zh, en  []string
		buttons []string
	}{
		{"before, with the last reminder", callTime(28, 8, 0), models.WhyReminder, func(s models.Sheet, su *models.Signup) { su.State = models.SignupConfirmed },
			[]string{"提醒：社区爱心义诊"}, []string{"Reminder:"}, []string{"call_checkin", "call_confirm"}},
		{"checked in by code", callTime(28, 9, 0), "", in(models.CheckCode), []string{"已签到 8:52", "现场签到", "门码 1234"}, []string{"Checked in 8:52", "On site"}, []string{"call_checkout"}},
		{"by button", callTime(28, 9, 0), "", in(models.CheckButton), []string{"记为非现场"}, []string{"marked as not on site"}, []string{"call_checkout"}},
		{"the shift is over", callTime(28, 11, 30), "", in(models.CheckCode), []string{"8:52–11:30，对吗？"}, []string{"8:52–11:30, is that right?"}, []string{"call_checkout", "call_times"}},
		{"not seen", callTime(28, 11, 30), models.WhyUnseen, func(s models.Sheet, su *models.Signup) { su.State = models.SignupConfirmed },
			[]string{"没有看到你的签到。你到了吗？"}, []string{"We have no check-in from you. Were you there?"}, []string{"call_was", "call_missed"}},
		{"could not come", callTime(28, 12, 0), models.WhyUnseen, func(s models.Sheet, su *models.Signup) {
			su.State, su.MissedAt = models.SignupNoShow, callTime(28, 12, 0)
		}, []string{"好的，谢谢告诉我们"}, []string{"Got it, thanks for letting us know"}, []string{"call_was"}},
		{"on the roll by code", callTime(28, 12, 30), models.WhyThanks, rolledAs(models.CheckCode, 9), []string{"谢谢你来社区爱心义诊（#k12）", "1 人，共 2.5 小时", "已计入 9:00–11:30，2.5 小时"},
			[]string{"Thank you for coming to", "1 person, 2.5 hours", "9:00–11:30 counted, 2.5 hours"}, []string{"hours_contest"}},
		{"on the roll without an act of their own", callTime(28, 12, 30), models.WhyThanks, rolledAs(models.CheckRoll, 9), []string{"点名记你 9:00–11:30，2.5 小时，对吗？"},
			[]string{"the roll has you down for 9:00–11:30, 2.5 hours. Is that right?"}, []string{"hours_confirm", "hours_contest"}},
		{"said that it is wrong", callTime(28, 12, 30), models.WhyThanks, func(s models.Sheet, su *models.Signup) {
			rolledAs(models.CheckCode, 9)(s, su)
			su.ContestAt = callTime(28, 12, 30)
		}, []string{"你说点名有误，已告诉"}, []string{"you say the roll is wrong"}, []string{"hours_confirm"}},
		{"the roll says they were not there", callTime(28, 12, 30), models.WhyUnseen, func(s models.Sheet, su *models.Signup) {
			su.State, su.RollAt, su.RollBy = models.SignupNoShow, callTime(28, 12, 0), 9
		}, []string{"点名记你没有到"}, []string{"the roll says that you weren't there"}, []string{"hours_contest"}},
	} {
		for lang, want := range map[string][]string{"zh": c.zh, "en": c.en} {
			s := clinicSheet()
			s.Signups = s.Signups[:1]
			s.Me, s.Now, s.Shifts[0].EndAt = s.People[2], c.at, callTime(28, 11, 30)
			if c.at >= s.End() {
				s.Call.State = models.CallDone
			}
			c.change(s, s.Signups[0])
			m := callPrinter(t, lang).SignupDM(s, models.SignupArgs{Why: c.why, At: c.at}, false)
			body := blockText(m.Blocks)
			for _, w := range want {
				if !strings.Contains(body, w) {
					t.Errorf("%s (%s) lacks %q:\n%s", c.what, lang, w, body)
				}
			}
			for _, b := range c.buttons {
				if !strings.Contains(body, "["+b+"]") {
					t.Errorf("%s (%s) lacks the button %s:\n%s", c.what, lang, b, body)
				}
			}
		}
	}
}

func in(by string) func(models.Sheet, *models.Signup) {
	return func(s models.Sheet, su *models.Signup) {
		su.State, su.CheckBy, su.CheckedIn = models.SignupCheckedIn, by, callTime(28, 8, 52)
	}
}

func rolledAs(by string, who int64) func(models.Sheet, *models.Signup) {
	return func(s models.Sheet, su *models.Signup) {
		su.State, su.CheckBy, su.CheckedIn, su.CheckedOut, su.OutBy = models.SignupDone, by, callTime(28, 8, 52), callTime(28, 11, 30), models.OutRoll
		su.RollAt, su.RollBy, su.RollFrom, su.RollTo = callTime(28, 12, 0), who, callTime(28, 9, 0), callTime(28, 11, 30)
	}
}

// blockText is what blocks say and the ids of their buttons.
func blockText(blocks []slack.Block) string {
	var b strings.Builder
	for _, block := range blocks {
		switch block := block.(type) {
		case *slack.SectionBlock:
			b.WriteString(block.Text.Text + "\n")
		case *slack.HeaderBlock:
			b.WriteString(block.Text.Text + "\n")
		case *slack.ActionBlock:
			for _, e := range block.Elements.ElementSet {
				if button, ok := e.(*slack.ButtonBlockElement); ok {
					b.WriteString("[" + button.ActionID + "] ")
				}
			}
		}
	}
	return b.String()
}

// The roll of a big call stays within what Slack takes, and every person is on
// one of its pages.
func TestTheRollOfThreeHundredPeopleGoesByPages(t *testing.T) {
	t.Parallel()
	s := clinicAt(12, 30)
	s.Signups = nil
	for i := range 300 {
		s.Signups = append(s.Signups, &models.Signup{ID: int64(i + 1), CallID: 7, ShiftID: 1, PersonID: int64(100 + i), RoleID: 102, State: models.SignupConfirmed})
		s.People[int64(100+i)] = callPerson(int64(100+i), fmt.Sprintf("志愿者%03d %s", i, strings.Repeat("长", 60)))
	}
	for i := range 30 {
		s.WalkIns = append(s.WalkIns, &models.WalkIn{ID: int64(i + 1), ShiftID: 1, PersonID: 5, State: models.WalkInAsked, At: s.Now})
	}
	seen := map[string]bool{}
	for page := range 15 {
		m := callPrinter(t, "zh").RollModal(s, s.Shifts[0], RollMeta{Page: page})
		if n := len(m.Blocks.BlockSet); n > 100 {
			t.Fatalf("page %d has %d blocks", page, n)
		}
		for _, b := range m.Blocks.BlockSet {
			if input, ok := b.(*slack.InputBlock); ok && strings.HasPrefix(input.BlockID, FieldRollCame) {
				seen[input.BlockID] = true
			}
		}
	}
	if len(seen) != 300 {
		t.Errorf("%d people are on the pages", len(seen))
	}
	panel := callPrinter(t, "zh").Panel(s, false)
	if len(panel.Blocks) > 50 {
		t.Errorf("the panel has %d blocks", len(panel.Blocks))
	}
}

func TestThePageOfACodeReadsFromAScreenAndNamesNobody(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		page, err := p.CodePage("7K3M9Q", "https://muster.example.org/checkin/7K3M9Q", "T1", "UBOT", 4*time.Minute+30*time.Second, false)
		must(t, err)
		for _, want := range []string{"7K3M9Q", `content="270"`, "slack://user?id=UBOT&amp;team=T1", "<svg", `lang="` + lang + `"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %q:\n%.2000s", lang, want, page)
			}
		}
		over, err := p.CodePage("", "", "", "", 0, true)
		must(t, err)
		if strings.Contains(over, "<svg") || strings.Contains(over, "refresh") {
			t.Errorf("%s: a page that is over:\n%s", lang, over)
		}
	}
}
