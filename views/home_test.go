package views

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/models"
)

// busyOverview is somebody with a place, a place in a line, study to do and to
// make up, and two calls that are open.
func busyOverview() models.Overview {
	call := func(number int, title string) models.Call {
		return models.Call{ID: int64(number), Number: number, Title: title, Place: "绿城社区"}
	}
	shift := models.Shift{ID: 1, StartAt: callTime(28, 9, 0), EndAt: callTime(28, 11, 30)}
	drill := call(15, "防汛演练")
	drill.Drill = true
	urgent := call(13, "东堤装沙袋")
	urgent.Urgent = true
	return models.Overview{
		Tenant: models.Tenant{ID: 1, QuietStart: 22 * 60, QuietEnd: 7 * 60, Zone: "Asia/Shanghai"}, Person: callPerson(4, "王五"), Now: callNow,
		Shifts: []models.MyShift{
			{Signup: models.Signup{ID: 21, State: models.SignupConfirmed}, Call: call(12, "社区爱心义诊"), Shift: shift, Role: models.Role{Name: "引导员"}},
			{Signup: models.Signup{ID: 22, State: models.SignupWaitlisted}, Call: drill, Shift: models.Shift{ID: 2, StartAt: callTime(29, 14, 0), EndAt: callTime(29, 17, 0)}, Place: 1},
		},
		Study: []models.MyStudy{
			{Attendance: models.Attendance{ID: 31, State: models.AttendanceDue}, Study: models.Study{Number: 7, Title: "支部学习：骑手服务案例", Length: 60, MakeupDays: 7}, Occurrence: models.Occurrence{Start: callTime(25, 19, 30), End: callTime(25, 20, 30)}},
			{Attendance: models.Attendance{ID: 32, State: models.AttendanceDue}, Study: models.Study{Number: 8, Title: "驿站公约", MakeupDays: 7}, Occurrence: models.Occurrence{Start: callTime(18, 9, 0), End: callTime(18, 9, 0)}},
		},
		Calls: []models.OpenCall{{Call: urgent, Start: callTime(24, 8, 0), End: callTime(24, 12, 0), Short: 2, Below: 1},
			{Call: call(14, "值守"), Start: callTime(30, 8, 0), End: callTime(30, 12, 0), Short: 1}},
		StudyMinutes: 18 * 60, Target: 32 * 60,
	}
}

func organizing(o models.Overview) models.Overview {
	o.CanOrganize, o.CanLead, o.CanAdmin, o.Risk = true, true, true, o.Calls[:1]
	return o
}

func TestHomeAsPeopleSeeIt(t *testing.T) {
	t.Parallel()
	leader := busyOverview()
	leader.CanLead = true
	paused := busyOverview()
	paused.Person.PauseUntil, paused.Person.Windows = callTime(30, 0, 0), []models.Window{{Start: 600, End: 660}}
	for name, o := range map[string]models.Overview{"member": busyOverview(), "organizer": organizing(busyOverview()), "leader": leader, "paused": paused, "nobody": {}} {
		for _, lang := range []string{"zh", "en"} {
			v := callPrinter(t, lang).Home(o)
			if fault := blocksFault(v.Blocks.BlockSet, 100); fault != "" || v.Type != slack.VTHomeTab {
				t.Errorf("%s, %s: %s", name, lang, fault)
			}
			golden(t, "home_"+name+"_"+lang, v.Blocks)
		}
	}
}

func TestTheBareCommandAnswersInAFewLines(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{
		"zh": `社区爱心义诊 · 引导员 (#k12) · 已报名 · 周六 11月28日 9:00–11:30，绿城社区
支部学习：骑手服务案例 (#s7) · 学习 · 周三 11月25日 19:30–20:30
【紧急】东堤装沙袋 (#k13) · 还差 2 人 · 周二 11月24日 8:00
值守 (#k14) · 还差 1 人 · 周一 11月30日 8:00
更多：/muster 帮助 提醒`,
		"en": `社区爱心义诊 · 引导员 (#k12) · signed up · Sat 28 Nov, 9:00–11:30, 绿城社区
支部学习：骑手服务案例 (#s7) · study · Wed 25 Nov, 19:30–20:30
URGENT 东堤装沙袋 (#k13) · 2 more needed · Tue 24 Nov 8:00
值守 (#k14) · 1 more needed · Mon 30 Nov 8:00
More: /muster help remind`,
	} {
		m := callPrinter(t, lang).Short(busyOverview())
		checkMessage(t, m)
		if diff := cmp.Diff(want, m.Text); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
		golden(t, "short_"+lang, m.Blocks)
	}
	alone := callPrinter(t, "en").Short(models.Overview{})
	if alone.Text != "You have no shift and no study to do at the moment.\nMore: /muster help remind" {
		t.Errorf("%q", alone.Text)
	}
	o := busyOverview()
	o.Shifts, o.Study = nil, nil
	for i := range 9 {
		o.Calls = append(o.Calls, o.Calls[0])
		o.Calls[i+2].Call.Number = 20 + i
	}
	if lines := strings.Count(callPrinter(t, "zh").Short(o).Text, "\n"); lines != 4 {
		t.Errorf("%d lines of many calls", lines+1)
	}
}

func TestMeAsOneSeesIt(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		m := callPrinter(t, lang).Me(busyOverview())
		checkMessage(t, m)
		golden(t, "me_"+lang, m.Blocks)
		checkMessage(t, callPrinter(t, lang).Me(models.Overview{}))
	}
}

// Ten of everything with the longest and the most hostile names.
func TestHomeOfHostileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("长", 10_000), "<!channel> <@U1> <http://a|b> & ~", strings.Repeat("&", 10_000), "\u202e\x00", ""} {
		o := organizing(busyOverview())
		for i := range o.Shifts {
			o.Shifts[i].Call.Title, o.Shifts[i].Call.Place, o.Shifts[i].Role.Name = name, name, name
		}
		for i := range o.Study {
			o.Study[i].Study.Title, o.Study[i].Study.Place = name, name
		}
		for i := range o.Calls {
			o.Calls[i].Call.Title = name
		}
		for range 3 {
			o.Shifts, o.Study, o.Calls = append(o.Shifts, o.Shifts...), append(o.Study, o.Study...), append(o.Calls, o.Calls...)
		}
		o.Shifts, o.Study, o.Calls = o.Shifts[:10], o.Study[:10], o.Calls[:10]
		for i := range 10 {
			o.Shifts[i].Signup.ID, o.Calls[i].Call.Number, o.Study[i].Attendance.ID = int64(i), i, int64(i)
		}
		o.Risk = o.Calls
		for range 20 {
			o.Person.Windows = append(o.Person.Windows, models.Window{Days: nil, Start: 600, End: 660})
		}
		for _, lang := range []string{"zh", "en"} {
			p := callPrinter(t, lang)
			checkMessage(t, p.Short(o))
			checkMessage(t, p.Me(o))
			for _, b := range p.Home(o).Blocks.BlockSet {
				if s, ok := b.(*slack.SectionBlock); ok && (utf8.RuneCountInString(s.Text.Text) > 3000 || strings.Contains(s.Text.Text, "<!channel>")) {
					t.Errorf("%.80q", s.Text.Text)
				}
			}
			if n := len(p.Home(o).Blocks.BlockSet); n > 100 {
				t.Errorf("%d blocks", n)
			}
		}
	}
}

func TestHelpShowsWhatOneMayDo(t *testing.T) {
	t.Parallel()
	for name, can := range map[string]Can{"member": {}, "viewer": {View: true}, "leader": {Lead: true}, "organizer": {Organize: true, Lead: true}, "admin": {Organize: true, Lead: true, View: true, Admin: true}} {
		for _, lang := range []string{"zh", "en"} {
			p := callPrinter(t, lang)
			m := p.Help(can)
			checkMessage(t, m)
			golden(t, "help_"+name+"_"+lang, m.Blocks)
			for _, e := range helpVerbs() {
				shown := p.HelpVerb(e.Verb, can)
				if !shown.Built || shown.May != e.May(can) || shown.Admin != e.Admin {
					t.Errorf("%s about %s: %+v", name, e.Verb, shown)
				}
				checkMessage(t, shown.Message)
				if strings.Contains(m.Text, p.T("help.want_"+e.Verb)) != e.May(can) {
					t.Errorf("%s of a %s in the list: may %v", e.Verb, name, e.May(can))
				}
			}
		}
	}
	p := callPrinter(t, "en")
	if !p.HelpVerb("resume", Can{Admin: true}).May || !p.HelpVerb("help", Can{}).May || p.HelpVerb("station", Can{Admin: true}).Built || p.HelpVerb("", Can{}).Built {
		t.Error("what is built is not known")
	}
}

func TestGreetingAndNotices(t *testing.T) {
	t.Parallel()
	tenant, unit := models.Tenant{Name: "Sandbox"}, models.Unit{ID: 1, Name: "城东支部"}
	chosen := callPerson(4, "王五")
	chosen.Windows = models.GreetWindows()[:1]
	ofUnit := unit
	ofUnit.Windows = models.GreetWindows()
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		for name, m := range map[string]Message{
			"greet":          p.Greet(tenant, unit, callPerson(4, "王五")),
			"greet_chosen":   p.Greet(tenant, unit, chosen),
			"greet_unit":     p.Greet(tenant, ofUnit, callPerson(4, "王五")),
			"greet_nobody":   p.Greet(models.Tenant{}, models.Unit{}, callPerson(4, "王五")),
			"notice_one":     p.Notice(NoticeModel{Kind: models.MessageSignup, To: []string{"<@U4>"}, Ref: "#k12", Cause: "user_disabled"}),
			"notice_many":    p.Notice(NoticeModel{Kind: models.MessageStudy, To: []string{"<@U4>", "<@U5>"}, More: 7, Ref: "#s7", Cause: "user_disabled"}),
			"notice_card":    p.Notice(NoticeModel{Kind: models.MessageCard, To: []string{"<#C1>"}, Ref: "#k12", Cause: "not_in_channel"}),
			"notice_deleted": p.Notice(NoticeModel{Kind: models.MessageCard, To: []string{"<#C1>"}, Ref: "#k12", Cause: "message_not_found"}),
			"notice_summary": p.Notice(NoticeModel{Kind: models.MessageSummary, To: []string{"<#C1>"}, Ref: "#d1", Cause: "is_archived"}),
			"notice_outside": p.Notice(NoticeModel{Kind: models.MessageSummary, To: []string{"<#C1>"}, Cause: "not_in_channel"}),
		} {
			checkMessage(t, m)
			golden(t, name+"_"+lang, m.Blocks)
		}
		for _, name := range []string{strings.Repeat("长", 10_000), "<!channel> *b* & ~", ""} {
			who := callPerson(4, name)
			checkMessage(t, p.Greet(models.Tenant{Name: name}, models.Unit{Name: name}, who))
			checkMessage(t, p.Notice(NoticeModel{To: []string{"<@U4>"}, Cause: name, Ref: "#k1"}))
		}
		if got := p.GreetChosen(chosen); !strings.Contains(got, "10:00–11:00") {
			t.Error(got)
		}
	}
}

func TestSetupAndProfileForms(t *testing.T) {
	t.Parallel()
	tenant := models.Tenant{Lang: "zh", Zone: "Asia/Shanghai", CallChannel: "C1", QuietStart: 22 * 60, QuietEnd: 7 * 60, MemberTarget: 32 * 60, LeaderTarget: 56*60 + 30}
	quiet := [2]int{23 * 60, 6 * 60}
	full := callPerson(4, "王五")
	full.Lang, full.ZoneOwn, full.QuietStart, full.QuietEnd, full.PauseUntil = "en", "Africa/Lagos", &quiet[0], &quiet[1], callTime(30, 0, 0)
	full.Windows, full.OptOuts, full.Skills, full.Areas, full.Phone = models.GreetWindows(), []string{"call"}, []models.Skill{{Name: "装卸"}, {Name: "急救"}}, []string{"城东"}, "138"
	stuffed := full
	for range 400 {
		stuffed.Areas = append(stuffed.Areas, strings.Repeat("区", 50))
		stuffed.Windows = append(stuffed.Windows, models.Window{Start: 600, End: 660})
	}
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		for name, modal := range map[string]*slack.ModalViewRequest{
			"modal_setup":         p.SetupModal(tenant, models.Channel{}, "", []string{"U1"}),
			"modal_setup_channel": p.SetupModal(tenant, models.Channel{Lang: "en"}, "C1", nil),
			"modal_profile":       p.ProfileModal(tenant, callPerson(4, "王五"), nil),
			"modal_profile_full":  p.ProfileModal(tenant, full, nil),
			"":                    p.ProfileModal(tenant, stuffed, nil),
		} {
			if fault := modalFault(modal); fault != "" {
				t.Errorf("%s: %s", name, fault)
			}
			if name != "" {
				golden(t, name+"_"+lang, modal)
			}
		}
	}
	zh, en := callPrinter(t, "zh"), callPrinter(t, "en")
	done := SetupDone{Lang: "zh", Zone: "Asia/Shanghai", QuietStart: 1320, QuietEnd: 420, Channel: "C1", ChannelLang: "en"}
	for got, want := range map[string]string{
		zh.SetupSaved(done):                          "已保存。语言：中文，时区：Asia/Shanghai，免打扰：22:00–7:00。<#C1> 的语言：English，时区：Asia/Shanghai。",
		en.SetupSaved(done):                          "Saved. Language: 中文; time zone: Asia/Shanghai; quiet hours: 22:00–7:00. <#C1> reads English, time zone Asia/Shanghai.",
		zh.ProfileSaved(tenant, models.Unit{}, full): "已保存。提醒时间：10:00–11:00、14:30–16:30、21:00–22:00；免打扰：23:00–6:00。周一 11月30日 以前不发提醒。",
		en.ProfileSaved(tenant, models.Unit{}, callPerson(4, "王五")):                                 "Saved. Reminders: any time outside quiet hours; quiet hours: 22:00–7:00.",
		en.ProfileSaved(tenant, models.Unit{Windows: models.GreetWindows()[:1]}, callPerson(4, "")): "Saved. Reminders: 10:00–11:00; quiet hours: 22:00–7:00.",
	} {
		if got != want {
			t.Errorf("%q\nwant %q", got, want)
		}
	}
	if fmt.Sprint(len(ZoneOptions("Africa/Lagos", "x"))) != fmt.Sprint(len(zones)+2) {
		t.Error("a zone that was set elsewhere is not offered")
	}
}
