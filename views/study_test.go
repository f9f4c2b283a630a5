package views

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/models"
)

func reader(t *testing.T, lang, now string) *Printer {
	t.Helper()
	c, err := NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	zone := models.Zone("Asia/Shanghai")
	at, err := time.ParseInLocation("2006-01-02 15:04", now, zone)
	if err != nil {
		t.Fatal(err)
	}
	return c.For(Reader{Lang: lang, Zone: zone, OrgZone: zone, Now: at})
}

func instant(text string) models.Instant {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, models.Zone("Asia/Shanghai"))
	if err != nil {
		panic(err)
	}
	return models.At(at)
}

// lines is what a message shows: each text, then its buttons in brackets.
func lines(m Message) []string {
	var out []string
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			out = append(out, strings.Split(b.Text.Text, "\n")...)
		case *slack.ContextBlock:
			out = append(out, b.ContextElements.Elements[0].(*slack.TextBlockObject).Text)
		case *slack.ActionBlock:
			row := ""
			for _, e := range b.Elements.ElementSet {
				switch e := e.(type) {
				case *slack.ButtonBlockElement:
					row += "[ " + e.Text.Text + " ]"
				case *slack.SelectBlockElement:
					row += "[ " + e.Placeholder.Text + " ▾ ]"
				}
			}
			out = append(out, row)
		}
	}
	return out
}

func wednesday() StudyModel {
	return StudyModel{
		Study: models.Study{ID: 7, Number: 7, Title: "支部学习：骑手服务案例", State: models.StudyActive, Length: 60, Credit: 60, MakeupDays: 7,
			Link: "https://example.com/a.pdf?x=1&y=2", Zone: "Asia/Shanghai"},
		Occurrence: models.Occurrence{ID: 3, State: models.OccurrencePlanned, Start: instant("2026-11-25 19:30"), End: instant("2026-11-25 20:30")},
		Attendance: models.Attendance{ID: 5, State: models.AttendanceDue}, Minutes: 18 * 60, Target: 32 * 60,
	}
}

// A study message through its life, in both languages.
func TestStudyMessageThroughItsLife(t *testing.T) {
	t.Parallel()
	attended := func(m StudyModel) StudyModel {
		m.Attendance.State, m.Attendance.How, m.Attendance.At, m.Attendance.Credit = models.AttendanceAttended, models.HowSelf, instant("2026-11-25 19:32"), 60
		m.Attendance.Before = &models.Marked{State: models.AttendanceDue}
		return m
	}
	intent := func(i string) func(StudyModel) StudyModel {
		return func(m StudyModel) StudyModel {
			m.Attendance.Intent, m.Attendance.Before = i, &models.Marked{State: models.AttendanceDue}
			return m
		}
	}
	same := func(m StudyModel) StudyModel { return m }
	head := []string{"周三 11月25日 19:30 *支部学习：骑手服务案例*（约 60 分钟）", "材料：点开会记下你打开过。"}
	for _, c := range []struct {
		name, now string
		change    func(StudyModel) StudyModel
		zh, en    []string
	}{
		{"before", "2026-11-24 16:15", same, []string{"[ 我会来 ][ 来不了，我补学 ][ 请假 ][ 晚点提醒 ][ 少提醒一点 ]"},
			[]string{"[ I'll be there ][ Can't, I'll make it up ][ Ask to be excused ][ Remind me later ][ Fewer reminders ]"}},
		{"with other times", "2026-11-24 16:15", func(m StudyModel) StudyModel {
			m.Study.Slots = []models.Slot{{Days: 1, Minute: 600, Length: 60}}
			return m
		}, []string{"[ 我会来 ][ 换个场次 ][ 来不了，我补学 ][ 请假 ][ 晚点提醒 ][ 少提醒一点 ]"},
			[]string{"[ I'll be there ][ Another time ][ Can't, I'll make it up ][ Ask to be excused ][ Remind me later ][ Fewer reminders ]"}},
		{"coming", "2026-11-24 16:15", intent(models.IntentAttend), []string{"好的，19:30 见。到时在这条消息里签到。", "[ 来不了，我补学 ][ 请假 ][ 晚点提醒 ][ 撤销 ][ 少提醒一点 ]"},
			[]string{"See you at 19:30. Check in here once it starts.", "[ Can't, I'll make it up ][ Ask to be excused ][ Remind me later ][ Undo ][ Fewer reminders ]"}},
		{"check-in is open", "2026-11-25 19:15", same, []string{"可以签到了。", "[ 签到 ][ 来不了，我补学 ]"},
			[]string{"Check-in is open.", "[ Check in ][ Can't, I'll make it up ]"}},
		{"checked in", "2026-11-25 19:32", attended, []string{"已签到 19:32，1 学时。今年 18/32 学时。", "记为自己报到。把现场的签到码私信发给我，就记为现场签到。", "[ 撤销 ]"},
			[]string{"Checked in 19:32, 1 hour. 18 of 32 this year.", "Recorded as self-reported. Send me the code shown in the room and it counts as on site.", "[ Undo ]"}},
		{"missed", "2026-11-25 21:00", same, []string{"这次没有看到你签到。可以补到 周三 12月2日 20:30。", "[ 现在补 ][ 请假 ]"},
			[]string{"We have no check-in from you. You can make it up until Wed 2 Dec 20:30.", "[ Do it now ][ Ask to be excused ]"}},
		{"cancelled", "2026-11-25 09:00", func(m StudyModel) StudyModel {
			m.Occurrence.State = models.OccurrenceSkipped
			return m
		}, []string{"这次已取消，不用来了。"}, []string{"This one is cancelled; no need to come."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := reader(t, "zh", c.now).StudyMessage(c.change(wednesday()))
			head := head
			if c.name == "cancelled" { // nothing to read for it any more
				head = head[:1]
			}
			if diff := cmp.Diff(append(append([]string{}, head...), c.zh...), lines(m)); diff != "" {
				t.Errorf("Chinese (-want +got):\n%s", diff)
			}
			if !strings.HasPrefix(m.Text, "周三 11月25日 19:30 支部学习：骑手服务案例") {
				t.Errorf("fallback text %q", m.Text)
			}
			got := lines(reader(t, "en", c.now).StudyMessage(c.change(wednesday())))
			if diff := cmp.Diff(c.en, got[len(head):]); diff != "" {
				t.Errorf("English (-want +got):\n%s", diff)
			}
		})
	}
}

// A title that tries to be markup stays text, and a long one breaks no limit.
func TestStudyTitlesStayText(t *testing.T) {
	t.Parallel()
	p := reader(t, "zh", "2026-11-24 16:15")
	for _, title := range []string{"<!channel> <@U1> *x* <http://a|b> & ~", strings.Repeat("学", 10000), "\u202Eenil"} {
		m := wednesday()
		m.Study.Title, m.Study.Link = title, "https://example.com/<!channel>|x"
		for _, shown := range []Message{p.StudyMessage(m), p.StudyFollow(m), p.StudyAsk(SessionModel{Study: m.Study, Occurrence: m.Occurrence}),
			p.ExcuseAsk(m, models.Person{Name: title}), p.StudyOpened(PlanModel{Study: m.Study}), p.StudyShow(PlanModel{Study: m.Study}), p.StudyList([]PlanModel{{Study: m.Study}}, 0),
			p.RemindMessage(RemindModel{Reminder: models.Reminder{Text: title}}), p.RemindList([]RemindModel{{Reminder: models.Reminder{Text: title}}})} {
			all := shown.Text + strings.Join(lines(shown), "\n")
			if strings.Contains(all, "<!channel>") || strings.Contains(all, "<@U1>") || strings.Contains(all, "<http://a") || strings.Contains(all, "\u202E") {
				t.Errorf("markup of a title acts: %q", all)
			}
			if shown.Text == "" {
				t.Error("no fallback text")
			}
			for _, b := range shown.Blocks {
				if s, ok := b.(*slack.SectionBlock); ok && len([]rune(s.Text.Text)) > 3000 {
					t.Errorf("a section of %d characters", len([]rune(s.Text.Text)))
				}
			}
		}
	}
}

// The echo says what was understood: the rule, the dates, who, and when.
func TestStudyOpenedEchoesWhatWasUnderstood(t *testing.T) {
	t.Parallel()
	m := PlanModel{Study: wednesday().Study, Unit: models.Unit{Name: "城东支部"}, People: 12, Known: true, Attends: true, Kept: []int{24 * 60, 60},
		Next: []time.Time{instant("2026-11-25 19:30").Time(), instant("2026-12-02 19:30").Time(), instant("2026-12-09 19:30").Time()},
		Mine: []models.Planned{{At: instant("2026-11-24 16:15")}, {At: instant("2026-11-25 16:15")}}}
	m.Study.RRule, m.Study.Wall, m.Study.Leads, m.Study.AudienceKind = "FREQ=WEEKLY;BYDAY=WE", "2026-11-25T19:30", []int{60, 1440}, models.AudienceUnit
	want := []string{"已安排学习：*支部学习：骑手服务案例*（#s7）",
		"每周三 19:30，接下来：周三 11月25日 19:30、周三 12月2日 19:30、周三 12月9日 19:30",
		"约 60 分钟；计 1 学时；7 天内可以补学；材料：<https://example.com/a.pdf?x=1&amp;y=2|打开>",
		"提醒 城东支部，12 人", "成员会收到我的私信，在那里答复和签到", "提前 1 天和 1 小时提醒每个人；落在免打扰或不方便的时段就提早",
		"会在 周二 11月24日 16:15、周三 11月25日 16:15 提醒你", "[ 撤销 ]"}
	if diff := cmp.Diff(want, lines(reader(t, "zh", "2026-11-23 10:00").StudyOpened(m))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = []string{"Study set up: *支部学习：骑手服务案例* (#s7)",
		"every Wed, 19:30; next: Wed 25 Nov 19:30, Wed 2 Dec 19:30, Wed 9 Dec 19:30",
		"about 60 minutes; counts 1 hour; can be made up within 7 days; Material: <https://example.com/a.pdf?x=1&amp;y=2|open>",
		"Reminds 城东支部, 12 people", "Members get it from me in a direct message and answer and check in there", "Each is reminded 1 day and 1 hour before; earlier where that falls into quiet hours or outside their windows",
		"You will be reminded on Tue 24 Nov 16:15, Wed 25 Nov 16:15", "[ Undo ]"}
	if diff := cmp.Diff(want, lines(reader(t, "en", "2026-11-23 10:00").StudyOpened(m))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRulesInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rule, wall, zh, en string }{
		{"FREQ=DAILY", "2026-11-25T07:30", "每天 7:30", "every day, 7:30"},
		{"FREQ=DAILY;INTERVAL=3", "2026-11-25T07:30", "每 3 天 7:30", "every 3 days, 7:30"},
		{"FREQ=WEEKLY;BYDAY=WE", "2026-11-25T19:30", "每周三 19:30", "every Wed, 19:30"},
		{"FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-11-25T19:30", "每周一、三、五 19:30", "every Mon, Wed and Fri, 19:30"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-24T19:30", "每 2 周的周二 19:30", "every 2 weeks on Tue, 19:30"},
		{"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-25T07:30", "周一到周五 7:30", "Monday to Friday, 7:30"},
		{"FREQ=MONTHLY;BYMONTHDAY=5", "2026-12-05T19:30", "每月5日 19:30", "every month on the 5th, 19:30"},
		{"FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30T19:30", "每月最后一天 19:30", "every month on the last day, 19:30"},
		{"FREQ=MONTHLY;BYDAY=1MO", "2026-12-07T19:30", "每月第一个周一 19:30", "every month on the first Mon, 19:30"},
		{"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", "2026-12-07T19:30", "每月第一个周一 19:30", "every month on the first Mon, 19:30"},
		{"FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27T19:30", "每月最后一个周五 19:30", "every month on the last Fri, 19:30"},
		{"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30T19:30", "每月最后一个工作日 19:30", "every month on the last working day, 19:30"},
		{"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=10", "2026-12-10T19:30", "每 3 个月的10日 19:30", "every 3 months on the 10th, 19:30"},
		{"FREQ=YEARLY", "2026-12-05T19:30", "每年 12月5日 19:30", "every year on 5 Dec, 19:30"},
		{"FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=2", "2026-12-05T19:30", "按规则重复 19:30", "repeating, 19:30"},
	} {
		if got := reader(t, "zh", "2026-11-23 10:00").Rule(c.rule, c.wall); got != c.zh {
			t.Errorf("%s: %q, want %q", c.rule, got, c.zh)
		}
		if got := reader(t, "en", "2026-11-23 10:00").Rule(c.rule, c.wall); got != c.en {
			t.Errorf("%s: %q, want %q", c.rule, got, c.en)
		}
	}
}

func TestRemindMessages(t *testing.T) {
	t.Parallel()
	p := reader(t, "zh", "2026-11-27 12:00")
	m := RemindModel{Reminder: models.Reminder{ID: 4, Number: 9, ByID: 1, PersonID: 1, Text: "带表格", State: models.ReminderActive, FiredAt: instant("2026-11-27 09:00"),
		RRule: "FREQ=DAILY", Wall: "2026-11-24T09:00"}, At: instant("2026-11-27 09:00"), Late: true, Skipped: 2, Next: []time.Time{instant("2026-11-28 09:00").Time()}}
	want := []string{"提醒：*带表格*", "这条提醒晚到了，本来是 周五 11月27日 9:00 的。", "前面还有 2 次没有发出，合在这一条里。", "[ 完成 ][ 晚点提醒 ]"}
	if diff := cmp.Diff(want, lines(p.RemindMessage(m))); diff != "" {
		t.Errorf("late (-want +got):\n%s", diff)
	}
	m.Late, m.Skipped, m.Reminder.DoneAt = false, 0, instant("2026-11-27 12:00")
	want = []string{"提醒：*带表格*", "已完成 周五 11月27日 12:00。下一次：周六 11月28日 9:00。", "[ 撤销 ]"}
	if diff := cmp.Diff(want, lines(p.RemindMessage(m))); diff != "" {
		t.Errorf("done (-want +got):\n%s", diff)
	}
	m.Reminder.Channel, m.Reminder.PersonID, m.By = "C7", 0, models.Person{Name: "陈琳"}
	want = []string{"提醒：*带表格*", "来自 陈琳"}
	if diff := cmp.Diff(want, lines(p.RemindMessage(m))); diff != "" {
		t.Errorf("in a channel (-want +got):\n%s", diff)
	}
}
