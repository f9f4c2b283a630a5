package handlers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func setupFields(change map[string]string) map[string][]string {
	f := map[string][]string{views.FieldLang: {"zh"}, views.FieldZone: {"Asia/Shanghai"}, views.FieldQuiet: {"22:00-7:00"}, views.FieldTarget: {"32"},
		views.FieldLeader: {"56"}, views.FieldOrganizers: {"Uwang"}}
	for k, v := range change {
		f[k] = []string{v}
	}
	return f
}

func TestSetupByModal(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	if r := d.command("Uli", "setup"); r.Modal != nil || !strings.Contains(r.Text, "只有管理员可以这样做。管理员：<@Uchen>") {
		t.Errorf("a member: %q", r.Text)
	}
	r := d.command("Uchen", "设置")
	if r.Modal == nil || r.Modal.PrivateMetadata != "CLOBBY" || len(r.Modal.Blocks.BlockSet) != 16 {
		t.Fatalf("in a channel: %+v", r)
	}
	if r := d.say("Uchen", "setup"); r.Modal == nil || r.Modal.PrivateMetadata != "" {
		t.Errorf("in a direct message there is no channel to set: %+v", r.Modal)
	}
	if r := d.do(bot.Request{Kind: bot.KindMention, User: "Uchen", Channel: "CLOBBY", Text: "<@UBOT> setup", TriggerID: "none"}); r.Modal == nil {
		t.Errorf("by mention: %+v", r)
	}
	r = d.submits("Uchen", "setup", "CLOBBY", setupFields(map[string]string{views.FieldChannelLang: "en", views.FieldChannelZone: views.AutoValue, views.FieldTarget: "20.5"}))
	if r.Text != "已保存。语言：中文，时区：Asia/Shanghai，免打扰：22:00–7:00。<#CLOBBY> 的语言：English，时区：Asia/Shanghai。" {
		t.Errorf("%q", r.Text)
	}
	act := services.Act{Team: "T1", User: "Uchen", Channel: "CLOBBY"}
	me, channel, organizers, err := d.svc.SetupNow(t.Context(), act)
	if err != nil || me.Tenant.MemberTarget != 20*60+30 || channel.Lang != "en" || channel.Zone != "" || len(organizers) != 1 {
		t.Errorf("%+v %+v %v %v", me.Tenant, channel, organizers, err)
	}
	// The organisation's language may change with it.
	if r := d.submits("Uchen", "setup", "", setupFields(map[string]string{views.FieldLang: "en"})); !strings.HasPrefix(r.Text, "Saved. Language: English;") {
		t.Errorf("%q", r.Text)
	}
}

func TestSetupShowsFaultsAtTheirFields(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	for name, c := range map[string]struct{ field, value string }{
		"quiet hours that are none":   {views.FieldQuiet, "late"},
		"quiet hours on some days":    {views.FieldQuiet, "周一 22:00-7:00"},
		"two quiet hours":             {views.FieldQuiet, "22:00-7:00, 12:00-13:00"},
		"a target that is no number":  {views.FieldTarget, "many"},
		"a target that is NaN":        {views.FieldTarget, "NaN"},
		"a target below nothing":      {views.FieldTarget, "-1"},
		"a target beyond the year":    {views.FieldLeader, "9000"},
		"a target without end":        {views.FieldLeader, "Inf"},
		"an empty target":             {views.FieldLeader, ""},
		"a target of one hundred 000": {views.FieldLeader, "1e9"},
	} {
		r := d.submits("Uchen", "setup", "", setupFields(map[string]string{c.field: c.value}))
		if len(r.Errors) != 1 || r.Errors[c.field] == "" || r.Text != "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	// Full-width digits are digits.
	if r := d.submits("Uchen", "setup", "", setupFields(map[string]string{views.FieldTarget: "３２"})); len(r.Errors) > 0 {
		t.Errorf("%v", r.Errors)
	}
	// What Slack's own elements cannot send is refused as a whole.
	if r := d.submits("Uchen", "setup", "", setupFields(map[string]string{views.FieldZone: "Mars/Base"})); !strings.Contains(r.Text, "没有“Mars/Base”这个时区") {
		t.Errorf("%q", r.Text)
	}
}

func TestRolesInWords(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	for _, c := range []struct{ user, text, want string }{
		{"Uchen", "role <@Uli> admin", "看不懂"}, // Slack ids are upper case
		{"Uli", "role <@ULI> admin", "只有管理员可以这样做。管理员：<@Uchen>"},
		{"Uchen", "role <@UWANG|wang> organizer", "<@UWANG> 现在是组织者。"},
		{"Uchen", "角色 <@UWANG> 查看者 城东支部", "<@UWANG> 现在是城东支部的查看者。"},
		{"Uchen", "role <@UWANG> viewer 西区", "没有叫“西区”的组织。"},
		{"Uchen", "role <@UWANG> member", "<@UWANG> 现在是普通成员。"},
		{"Uchen", "role @Wang Qiang organizer", "看不懂“@Wang Qiang organizer”。可以这样写：/muster 角色 @王强 组织者"},
		{"Uchen", "pause", "已暂停。"},
		{"Uchen", "暂停", "已经是暂停状态"},
		{"Uli", "resume", "只有管理员"},
		{"Uchen", "恢复", "已恢复。"},
		{"Uchen", "resume", "没有暂停"},
	} {
		if r := d.command(c.user, c.text); !strings.Contains(r.Text, c.want) {
			t.Errorf("%s: %s\n%q, want %q", c.user, c.text, r.Text, c.want)
		}
	}
}

func TestProfileByModal(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	r := d.command("Uli", "profile")
	if r.Modal == nil || r.Modal.CallbackID != "profile" {
		t.Fatalf("%+v", r)
	}
	fields := map[string][]string{views.FieldLang: {views.AutoValue}, views.FieldZone: {views.AutoValue}, views.FieldWindows: {"工作日 21:00-22:00; Sat 2pm-4pm"},
		views.FieldQuiet: {"23:00-6:00"}, views.FieldPause: {"2026-12-01"}, views.FieldOptOuts: {"call", "urgent"}, views.FieldSkills: {"装卸、急救, driving；"}, views.FieldAreas: {"城东"}}
	r = d.submits("Uli", "profile", "", fields)
	if !r.Private || r.Home == nil || r.Text != "已保存。提醒时间：周一至周五 21:00–22:00、周六 14:00–16:00；免打扰：23:00–6:00。周二 12月1日 以前不发提醒。" {
		t.Errorf("%q %+v", r.Text, r.Errors)
	}
	me, _, err := d.svc.WhoActs(t.Context(), services.Act{Team: "T1", User: "Uli"})
	if err != nil {
		t.Fatal(err)
	}
	p := me.Person
	if p.Lang != "" || p.ZoneOwn != "" || len(p.Windows) != 2 || *p.QuietStart != 23*60 || len(p.OptOuts) != 2 || len(p.Skills) != 3 || p.Skills[2].Name != "driving" {
		t.Errorf("%+v", p)
	}
	// What the form shows, it reads again as the same.
	r = d.command("Uli", "资料")
	if r.Modal == nil {
		t.Fatal("no form")
	}
	// Everything at fault at once, each at its field; nothing is kept of it.
	r = d.submits("Uli", "profile", "", map[string][]string{views.FieldWindows: {"evenings"}, views.FieldFree: {"25:00-26:00"}, views.FieldQuiet: {"周一 1:00-2:00"},
		views.FieldPause: {"2026-11-22"}, views.FieldSkills: {strings.Repeat("x", 80)}, views.FieldPhone: {strings.Repeat("1", 80)}})
	var at []string
	for field := range r.Errors {
		at = append(at, field)
	}
	want := map[string]bool{views.FieldWindows: true, views.FieldFree: true, views.FieldQuiet: true, views.FieldPause: true, views.FieldSkills: true, views.FieldPhone: true}
	if len(at) != len(want) {
		t.Errorf("faults at %v", r.Errors)
	}
	if got := r.Errors[views.FieldWindows]; got != "看不懂“evenings”。可以这样写：10:00-11:00, 14:30-16:30" {
		t.Errorf("%q", got)
	}
	if me, _, _ := d.svc.WhoActs(t.Context(), services.Act{Team: "T1", User: "Uli"}); len(me.Person.Windows) != 2 {
		t.Errorf("%+v", me.Person.Windows)
	}
}

// Windows are shown in the form as they are read from it, in both languages.
func TestWindowsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	cat, err := views.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh", "en"} {
		p := cat.For(views.Reader{Lang: lang})
		for _, windows := range [][]models.Window{
			nil, models.GreetWindows(),
			{{Start: 0, End: 1440}}, {{Start: 1320, End: 120}},
			{{Days: weekdays(6), Start: 540, End: 720}, {Days: weekdays(6), Start: 840, End: 960}, {Start: 1200, End: 1260}},
			{{Start: 600, End: 660}, {Days: weekdays(1, 2, 3, 4, 5), Start: 1260, End: 1440}, {Days: weekdays(6, 0), Start: 1, End: 2}, {Start: 5, End: 7}, {Start: 8, End: 9}},
		} {
			shown := p.Spans(windows)
			read, err := grammar.ParseWindows(shown)
			if err != nil {
				t.Errorf("%q: %v", shown, err)
				continue
			}
			if diff := cmp.Diff(windows, read); diff != "" {
				t.Errorf("%q: %s", shown, diff)
			}
		}
	}
}

func TestTheOtherLanguageIsOnePressAway(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	press := func(action, channel string) bot.Reply {
		return d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionSetLang, ActionID: action, Value: "0", User: "Uli", Channel: channel, Direct: channel != "", View: bot.View{ID: "V1"}})
	}
	if r := press("set_lang:en", ""); r.Text != "" || r.Home == nil || !strings.Contains(homeText(t, r), "Open calls") {
		t.Errorf("on the Home tab the words themselves change: %q", r.Text)
	}
	if r := press("set_lang:zh", "DULI"); r.Text != "好的，以后用中文。" || !strings.Contains(homeText(t, r), "正在招募") {
		t.Errorf("%q", r.Text)
	}
	if r := press("set_lang:fr", "DULI"); r.Home != nil || r.Text != "只有中文和 English。" {
		t.Errorf("forged: %q", r.Text)
	}
}
