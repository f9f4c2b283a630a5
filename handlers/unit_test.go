package handlers

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/slack-go/slack"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

// An admin keeps the units by buttons and forms; everybody else hears who may.
func TestUnitsByForm(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	for _, text := range []string{"unit list", "组织 空白", "unit add", "unit whatever"} {
		if r := d.command("Uli", text); r.Modal != nil || !strings.Contains(r.Text, "只有管理员可以这样做") {
			t.Errorf("a member: %s: %q", text, r.Text)
		}
	}
	if r := d.command("Uchen", "组织"); !strings.Contains(r.Text, "城东支部") || !strings.Contains(r.Text, "2 人") {
		t.Errorf("%q", r.Text)
	}
	if r := d.command("Uchen", "组织 空白"); !strings.Contains(r.Text, "没有空白") {
		t.Errorf("%q", r.Text)
	}
	if r := d.command("Uchen", "unit nonsense"); !strings.Contains(r.Text, "nonsense") || !strings.Contains(r.Text, "/muster 组织 列表") {
		t.Errorf("%q", r.Text)
	}
	r := d.command("Uchen", "组织 新增")
	if r.Modal == nil || r.Modal.CallbackID != views.ModalUnit {
		t.Fatalf("%+v", r)
	}
	r = d.submits("Uchen", views.ModalUnit, "0", map[string][]string{views.FieldUnitName: {"城东支部"}})
	if r.Errors[views.FieldUnitName] == "" {
		t.Errorf("a name taken: %+v", r)
	}
	r = d.submits("Uchen", views.ModalUnit, "0", map[string][]string{views.FieldUnitName: {"一组"}, views.FieldWindows: {"夜里"}, views.FieldQuiet: {"周一 1:00-2:00"}})
	if len(r.Errors) != 2 {
		t.Errorf("faults: %+v", r.Errors)
	}
	r = d.submits("Uchen", views.ModalUnit, "0", map[string][]string{views.FieldUnitName: {"一组"}, views.FieldUnitParent: {"1"}, views.FieldUnitLeader: {"Uli"},
		views.FieldWindows: {"10:00-11:00"}, views.FieldUnitJoin: {"Uli", "Unew"}})
	if !r.Private || r.Text != "已保存：一组。加入 2 人。成员的提醒时间：10:00–11:00。" {
		t.Errorf("%q %+v", r.Text, r.Errors)
	}
	if r := d.command("Uchen", "组织 列表"); !strings.Contains(r.Text, "1 人，连下级 3 人") || !strings.Contains(r.Text, "负责人 <@Uli>") {
		t.Errorf("%q", r.Text)
	}
	r = d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionUnitEdit, ActionID: views.ActionUnitEdit + ":2", Value: "2", User: "Uchen", Channel: "CLOBBY"})
	if r.Modal == nil || r.Modal.PrivateMetadata != "2" {
		t.Fatalf("%+v", r)
	}
	r = d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionUnits, ActionID: views.ActionUnits, User: "Uchen"})
	if !r.Private || !strings.Contains(r.Text, "一组") {
		t.Errorf("from the Home tab: %+v", r)
	}
	r = d.submits("Uli", views.ModalUnit, "2", map[string][]string{views.FieldUnitName: {"我的"}})
	if !strings.Contains(r.Text, "只有管理员") {
		t.Errorf("the leader edits their unit: %+v", r)
	}
}

// A member says what they can do in one line; an organizer sees the card and
// vouches for a skill.
func TestProfileInALineAndTheCardOfIt(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	r := d.command("ULI", "资料 技能: 医生、装卸 | 片区: 城东 | 空闲: 周六 8:00-18:00 | 电话: 138 0000")
	if !r.Private || !strings.Contains(r.Text, "医生、装卸") || !strings.Contains(r.Text, "138 0000") || !strings.Contains(r.Text, "周六 8:00–18:00") {
		t.Errorf("%q", r.Text)
	}
	r = d.say("ULI", "profile phone: | lang: English")
	if !strings.Contains(r.Text, "Skills: 医生, 装卸") || strings.Contains(r.Text, "138") {
		t.Errorf("%q", r.Text)
	}
	for text, want := range map[string]string{"profile lifting": "“lifting”", "profile skils: x": "Did you mean “skills”", "profile pause: 2026-11-01": "past",
		"profile free: sometimes": "sometimes", "profile zone: Mars/Base": "Mars/Base"} {
		if r := d.command("ULI", text); !strings.Contains(r.Text, want) {
			t.Errorf("%s: %q", text, r.Text)
		}
	}
	if r := d.command("ULI", "profile <@ULI>"); r.Modal == nil {
		t.Errorf("one's own: %+v", r)
	}
	if r := d.command("ULI", "profile <@UCHEN>"); !strings.Contains(r.Text, "Only organizers") && !strings.Contains(r.Text, "organizer") {
		t.Errorf("a member looks at somebody: %q", r.Text)
	}
	r = d.command("Uchen", "profile <@ULI>")
	if !strings.Contains(r.Text, "会：医生、装卸") || strings.Contains(r.Text, "138") {
		t.Errorf("%q", r.Text)
	}
	li := d.person("ULI")
	press := func(user string) bot.Reply {
		return d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionSkillVerify, ActionID: views.ActionSkillVerify, Value: itoa(li.ID), User: user, Channel: "CLOBBY"})
	}
	if r := press("Uchen"); r.Modal == nil || r.Modal.CallbackID != views.ModalSkill {
		t.Fatalf("%+v", r)
	}
	if r := press("ULI"); r.Modal != nil {
		t.Error("a member opens the form of their own card")
	}
	r = d.submits("Uchen", views.ModalSkill, itoa(li.ID), map[string][]string{views.FieldSkill: {"医生"}, views.FieldSkillUntil: {"2026-11-22"}})
	if r.Errors[views.FieldSkillUntil] == "" {
		t.Errorf("a day past: %+v", r)
	}
	if r = d.submits("Uchen", views.ModalSkill, itoa(li.ID), nil); r.Errors[views.FieldOtherSkill] == "" {
		t.Errorf("no skill: %+v", r)
	}
	d.say("ULI", "profile skills: 装卸, 医生") // in another order while the form is open: what was chosen counts
	r = d.submits("Uchen", views.ModalSkill, itoa(li.ID), map[string][]string{views.FieldSkill: {"医生"}, views.FieldSkillUntil: {"2026-12-31"}})
	if !r.Private || !strings.Contains(r.Text, "已核实") || !strings.Contains(r.Text, "12月31日") {
		t.Errorf("%q %+v", r.Text, r.Errors)
	}
	if skills := d.person("ULI").Skills; skills[0].VerifiedBy != 0 || skills[1].VerifiedBy == 0 {
		t.Errorf("another skill was vouched for: %+v", skills)
	}
	if r = d.say("ULI", "profile areas: East"); !strings.Contains(r.Text, "verified by <@Uchen> until") {
		t.Errorf("the member does not see who vouches: %q", r.Text)
	}
	r = d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionSkillWithdraw, ActionID: views.ActionSkillWithdraw + ":0", Value: itoa(li.ID) + ":医生", User: "Uchen", Channel: "CLOBBY", Ephemeral: true})
	if !r.Replace || !strings.Contains(r.Text, "已撤回") || d.person("ULI").Skills[1].VerifiedBy != 0 {
		t.Errorf("%+v", r)
	}
}

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

func (d *room) person(user string) models.Person {
	d.t.Helper()
	me, _, err := d.svc.WhoActs(d.t.Context(), services.Act{Team: "T1", User: user})
	if err != nil {
		d.t.Fatal(err)
	}
	return me.Person
}

// What the profile's form shows is what it reads: sent off as it is, nothing
// changes.
func TestTheProfileFormReadsWhatItShows(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"profile skills: 装卸, 医生 | areas: 城东, 绿城 | free: 周六 8:00-18:00, 工作日 19:00-21:00 | remind: 10:00-11:00, Sat 9:00-12:00 | quiet: 23:00-6:30 | phone: 138 0000 | off: call, urgent | leaderboard: yes | pause: 2026-12-05 | zone: Asia/Tokyo",
		"profile lang: en | skills: first aid", "profile skills: ",
	} {
		d := newRoom(t)
		if r := d.command("ULI", line); !r.Private {
			t.Fatalf("%s: %q", line, r.Text)
		}
		before := d.person("ULI")
		r := d.command("ULI", "profile")
		if r.Modal == nil {
			t.Fatal("no form")
		}
		if out := d.submits("ULI", views.ModalProfile, "", shownIn(t, r.Modal)); len(out.Errors) > 0 {
			t.Errorf("%s: %v", line, out.Errors)
		}
		if diff := cmp.Diff(before, d.person("ULI"), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-before +after):\n%s", line, diff)
		}
	}
}

// shownIn are the values a form stands on when it opens, by block.
func shownIn(t *testing.T, modal *slack.ModalViewRequest) map[string][]string {
	t.Helper()
	raw, err := json.Marshal(modal.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []struct {
		ID      string `json:"block_id"`
		Element struct {
			Text    string                   `json:"initial_value"`
			Date    string                   `json:"initial_date"`
			Option  struct{ Value string }   `json:"initial_option"`
			Options []struct{ Value string } `json:"initial_options"`
		}
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, b := range blocks {
		for _, v := range []string{b.Element.Text, b.Element.Date, b.Element.Option.Value} {
			if v != "" {
				out[b.ID] = append(out[b.ID], v)
			}
		}
		for _, o := range b.Element.Options {
			out[b.ID] = append(out[b.ID], o.Value)
		}
	}
	return out
}
