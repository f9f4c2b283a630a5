package views

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

func rosterRows() ([]models.Unit, []models.UnitRow) {
	quiet := [2]int{23 * 60, 6 * 60}
	units := []models.Unit{{ID: 1, Name: "城东联合党委", LeaderID: 1}, {ID: 2, Name: "外卖骑手支部", ParentID: 1, Type: "branch", LeaderID: 2,
		Windows: models.GreetWindows(), QuietStart: &quiet[0], QuietEnd: &quiet[1]}, {ID: 3, Name: "联合支部", ParentID: 1, JointOf: []string{"外卖骑手支部", "司机支部"}}}
	rows := models.UnitTree(units)
	for i := range rows {
		if rows[i].LeaderID != 0 {
			rows[i].Leader = callPerson(rows[i].LeaderID, "张伟")
		}
	}
	rows[0].All, rows[1].Members, rows[1].All = 13, 13, 13
	return units, rows
}

func TestUnitsAsAnAdminSeesThem(t *testing.T) {
	t.Parallel()
	units, rows := rosterRows()
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		gaps := models.UnitGaps(rows)
		for name, m := range map[string]Message{
			"unit_list": p.UnitLedger(rows, len(gaps), 2), "unit_none": p.UnitLedger(nil, 0, 0),
			"unit_gaps": p.UnitGaps(append(gaps, models.Gap{Kind: models.GapJoint, Unit: units[2], N: 6}), true), "unit_no_gaps": p.UnitGaps(nil, true),
		} {
			checkMessage(t, m)
			golden(t, name+"_"+lang, m)
		}
		for name, modal := range map[string]*slack.ModalViewRequest{"modal_unit_add": p.UnitModal(models.Unit{}, "", units), "modal_unit": p.UnitModal(units[1], "U2", units)} {
			if fault := modalFault(modal); fault != "" {
				t.Errorf("%s: %s", name, fault)
			}
			golden(t, name+"_"+lang, modal)
		}
		if got := p.UnitSaved(units[1], 2, 1); strings.Contains(got, "{{") || !strings.Contains(got, "10:00") {
			t.Error(got)
		}
		var many []models.Unit
		for i := range 300 {
			many = append(many, models.Unit{ID: int64(i + 1), Name: fmt.Sprintf("%03d%s", i, strings.Repeat("长", 57)), ParentID: int64(i)})
		}
		checkMessage(t, p.UnitLedger(models.UnitTree(many), 300, 9))
		checkMessage(t, p.UnitGaps(models.UnitGaps(models.UnitTree(many)), true))
		if fault := modalFault(p.UnitModal(models.Unit{ID: 300, Name: "x"}, "", many)); fault != "" {
			t.Error(fault)
		}
	}
}

func TestAMembersCardAsAnOrganizerSeesIt(t *testing.T) {
	t.Parallel()
	who := callPerson(4, "王五")
	who.Skills = []models.Skill{{Name: "装卸"}, {Name: "医生", VerifiedBy: 1, Until: callTime(30, 0, 0)}, {Name: "急救", VerifiedBy: 1}, {Name: "驾驶", VerifiedBy: 1, Until: callTime(20, 0, 0)}}
	who.Areas, who.Free, who.Phone = []string{"城东", "绿城"}, []models.Window{{Days: []time.Weekday{time.Saturday, time.Sunday}, Start: 480, End: 1080}}, "138 0000"
	vouchers := map[int64]models.Person{1: callPerson(1, "陈琳")}
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		full := p.PersonCard(Card{Person: who, Unit: models.Unit{ID: 2, Name: "司机支部"}, Vouchers: vouchers, Phone: who.Phone, CanVerify: true})
		bare := p.PersonCard(Card{Person: callPerson(5, "李四")})
		for name, m := range map[string]Message{"card_full": full, "card_bare": bare} {
			checkMessage(t, m)
			golden(t, "person_"+name+"_"+lang, m)
		}
		if strings.Contains(p.PersonCard(Card{Person: who, Vouchers: vouchers}).Text, "138") {
			t.Error("a number that was not given is shown")
		}
		modal := p.SkillModal(who)
		if fault := modalFault(modal); fault != "" {
			t.Error(fault)
		}
		golden(t, "modal_skill_"+lang, modal)
		golden(t, "modal_profile_verified_"+lang, p.ProfileModal(models.Tenant{QuietStart: 1320, QuietEnd: 420}, who, vouchers))
		now := p.ProfileNow(models.Tenant{QuietStart: 1320, QuietEnd: 420}, models.Unit{}, who, vouchers)
		if !strings.Contains(now, "138 0000") || !strings.Contains(now, "<@U1>") {
			t.Error(now)
		}
		hostile := callPerson(6, "<!channel> *b*")
		for range 30 {
			hostile.Skills = append(hostile.Skills, models.Skill{Name: "<!here> " + strings.Repeat("长", 52), VerifiedBy: 1})
		}
		checkMessage(t, p.PersonCard(Card{Person: hostile, Vouchers: vouchers, CanVerify: true}))
		if fault := modalFault(p.SkillModal(hostile)); fault != "" {
			t.Error(fault)
		}
	}
}

// The first contact under a message: small print, and never an action twice.
func TestTheFirstContactUnderAMessage(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		unit, who := models.Unit{Name: "外卖骑手支部"}, callPerson(4, "王五")
		question := []slack.Block{Section("装沙袋？"), Actions(Button("ask_yes", "1", "我去", ""), Button(ActionOpenProfile, "0", "资料", ""))}
		m := Message{Text: "装沙袋？", Blocks: p.GreetUnder(question, false, models.Tenant{}, unit, who)}
		checkMessage(t, m)
		golden(t, "greet_under_"+lang, m.Blocks)
		if got := p.GreetUnder([]slack.Block{Section("人手已经够了")}, true, models.Tenant{}, unit, who); len(got) != 1 {
			t.Errorf("a message edited down to a line has %d blocks", len(got))
		}
		var full []slack.Block
		for range 48 {
			full = append(full, Section("x"))
		}
		if got := p.GreetUnder(full, false, models.Tenant{}, unit, who); len(got) != 48 {
			t.Errorf("%d blocks", len(got))
		}
	}
}
