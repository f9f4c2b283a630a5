package views

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
)

// fridays is a Friday series in September 2026 as its leader sees it.
func fridays(t *testing.T, holidays, rrule string, after string) PlanModel {
	t.Helper()
	st := models.Study{ID: 7, Number: 7, Title: "支部学习", State: models.StudyActive, RRule: rrule, Wall: "2026-09-18T19:30", Zone: "Asia/Shanghai",
		Start: instant("2026-09-18 19:30"), Holiday: holidays, Length: 60}
	places, err := models.Placing{Study: st, Calendar: models.NewCalendar(nil)}.Next(instant(after), 8)
	if err != nil {
		t.Fatal(err)
	}
	m := PlanModel{Study: st, Places: places}
	for _, at := range places {
		if !at.Off && len(m.Next) < 3 {
			m.Next = append(m.Next, at.Start)
		}
	}
	for i, n := 0, 0; i < len(places); i++ {
		if !places[i].Off {
			n++
		}
		if n == 3 {
			m.Places = places[:i+1]
			break
		}
	}
	return m
}

func TestTheEchoSaysWhyADateIsNotTheRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		holidays, rrule, after, zh, en string
	}{
		{models.HolidayAfter, "FREQ=WEEKLY;BYDAY=FR", "2026-09-21 10:00",
			"每周五 19:30，接下来：周一 9月28日 19:30（9月25日因中秋节改到这天）、周四 10月8日 19:30（10月2日因国庆节改到这天）、周五 10月9日 19:30\n遇到节假日：顺延到后一个工作日",
			"every Fri, 19:30; next: Mon 28 Sep 19:30 (moved from 25 Sep: Mid-Autumn Festival), Thu 8 Oct 19:30 (moved from 2 Oct: National Day), Fri 9 Oct 19:30\nOn public holidays: on the next working day"},
		{models.HolidaySkip, "FREQ=WEEKLY;BYDAY=FR", "2026-09-21 10:00",
			"每周五 19:30，接下来：9月25日中秋节放假不开、10月2日国庆节放假不开、周五 10月9日 19:30、周五 10月16日 19:30、周五 10月23日 19:30\n遇到节假日：跳过，那次不开",
			"every Fri, 19:30; next: none on 25 Sep (Mid-Autumn Festival), none on 2 Oct (National Day), Fri 9 Oct 19:30, Fri 16 Oct 19:30, Fri 23 Oct 19:30\nOn public holidays: no session"},
		{models.HolidaySkip, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-09-30 20:00",
			"每个工作日 19:30，接下来：10月1日–10月7日国庆节放假不开、周四 10月8日 19:30、周五 10月9日 19:30、周六 10月10日 19:30\n按法定工作日：节假日不开，调休上班的周末照开",
			"every working day, 19:30; next: none on 1 Oct–7 Oct (National Day), Thu 8 Oct 19:30, Fri 9 Oct 19:30, Sat 10 Oct 19:30\nOfficial working days: not on public holidays, but on weekend days that are worked in exchange"},
		{models.HolidayAfter, "FREQ=WEEKLY;BYDAY=FR", "2026-12-20 10:00",
			"每周五 19:30，接下来：周五 12月25日 19:30、周一 2027年1月4日 19:30（2027年1月1日因元旦改到这天）、周五 2027年1月8日 19:30\n遇到节假日：顺延到后一个工作日\n2027 年的放假调休通知还没有收录，先只按法定节假日；调休上班和连休的日子以后补上，会相应调整。",
			"every Fri, 19:30; next: Fri 25 Dec 19:30, Mon 4 Jan 2027 19:30 (moved from 1 Jan 2027: New Year's Day), Fri 8 Jan 2027 19:30\nOn public holidays: on the next working day\nI don't have the notice for 2027 yet, only the holidays the law names. Bridge days and working weekends come later, and sessions will follow."},
		{models.HolidaySkip, "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=2", "2027-10-20 10:00",
			"每年 10月2日 19:30，接下来：周一 2028年10月2日 19:30、周二 2029年10月2日 19:30、周三 2030年10月2日 19:30\n遇到节假日：跳过，那次不开\n没有 2028 年的节假日数据，那一年照原来的规则安排。\n没有 2029 年的节假日数据，那一年照原来的规则安排。\n没有 2030 年的节假日数据，那一年照原来的规则安排。", ""},
	} {
		m := fridays(t, c.holidays, c.rrule, c.after)
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
			if want == "" {
				continue
			}
			p := reader(t, lang, "2026-09-21 10:00")
			if strings.HasPrefix(c.rrule, "FREQ=YEARLY") {
				m.Study.Wall = "2026-10-02T19:30"
			}
			if diff := cmp.Diff(want, p.ruleLine(m)+"\n"+p.holidayLine(m.Study, m.Places)); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", lang, c.rrule, diff)
			}
		}
	}
}

func TestTwoThatWouldMeetAreSaid(t *testing.T) {
	t.Parallel()
	m := fridays(t, models.HolidayBefore, "FREQ=WEEKLY;BYDAY=WE,FR", "2026-09-29 10:00")
	got := reader(t, "zh", "2026-09-21 10:00").ruleLine(m)
	if !strings.Contains(got, "10月2日国庆节放假不开（要改到的那天已有一次）") && !strings.Contains(got, "10月2日–10月7日国庆节放假不开（要改到的那天已有一次）") {
		t.Error(got)
	}
}

func TestMembersSeeWhyASessionMovedOrIsOff(t *testing.T) {
	t.Parallel()
	m := wednesday()
	m.Occurrence.RuleStart, m.Occurrence.Start, m.Occurrence.End = instant("2026-10-02 19:30"), instant("2026-10-08 19:30"), instant("2026-10-08 20:30")
	m.Occurrence.State, m.Occurrence.Holiday = models.OccurrenceMoved, "国庆节"
	m.Attendance.State = models.AttendanceDue
	for lang, want := range map[string]string{"zh": "周五 10月2日因国庆节改到周四 10月8日。", "en": "Moved from Fri 2 Oct to Thu 8 Oct: National Day."} {
		p := reader(t, lang, "2026-10-07 19:30")
		if got := lines(p.StudyMessage(m)); got[0] != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	m.Occurrence.State, m.Occurrence.Start = models.OccurrenceSkipped, m.Occurrence.RuleStart
	for lang, want := range map[string]string{"zh": "国庆节放假，这次不开。", "en": "National Day: no session this time."} {
		got := lines(reader(t, lang, "2026-10-01 19:30").StudyMessage(m))
		if got[len(got)-1] != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	m.Occurrence.SettledBy = 5 // the leader took it off: no holiday's doing
	if got := strings.Join(lines(reader(t, "zh", "2026-10-01 19:30").StudyMessage(m)), "\n"); strings.Contains(got, "国庆节") {
		t.Error(got)
	}
}

func TestTheListOfAYearsDays(t *testing.T) {
	t.Parallel()
	calendar := models.NewCalendar(nil)
	m := HolidaysModel{Public: calendar.Year(2026), Years: calendar.Years(), Manages: true,
		Own: []models.OrgDay{{ID: 3, Date: "2026-12-26", Name: "建站日", State: models.OrgDayActive}, {ID: 4, Date: "2026-12-27", Work: true, State: models.OrgDayActive}}}
	got := lines(reader(t, "zh", "2026-11-23 10:00").Holidays(m))
	want := []string{"*2026 年节假日*", "元旦：周四 1月1日–周六 1月3日 放假，周日 1月4日 上班", "春节：周日 2月15日–周一 2月23日 放假，周六 2月14日、周六 2月28日 上班",
		"清明节：周六 4月4日–周一 4月6日 放假", "劳动节：周五 5月1日–周二 5月5日 放假，周六 5月9日 上班", "端午节：周五 6月19日–周日 6月21日 放假", "中秋节：周五 9月25日–周日 9月27日 放假",
		"国庆节：周四 10月1日–周三 10月7日 放假，周日 9月20日、周六 10月10日 上班",
		"来源：<https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm|国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号，2025年11月4日）>",
		"本单位自己定的日子：", "周六 12月26日 休息（建站日）", "周日 12月27日 上班", "[ 加一天 ][ 2027 年 ]",
		"也可以写：/muster 学习 节假日 加 12月26日 休 建站日 · 加 1月2日 班 · 删 12月26日"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	m = HolidaysModel{Public: calendar.Year(2027), Years: calendar.Years()}
	got = lines(reader(t, "en", "2026-11-23 10:00").Holidays(m))
	if got[0] != "*Holidays of 2027*" || !strings.HasPrefix(got[1], "I don't have the notice for 2027 yet") || got[2] != "New Year's Day: off Fri 1 Jan 2027" {
		t.Errorf("%q", got)
	}
	m = HolidaysModel{Public: calendar.Year(2028), Years: calendar.Years()}
	got = lines(reader(t, "en", "2026-11-23 10:00").Holidays(m))
	if diff := cmp.Diff([]string{"*Holidays of 2028*", "I have no holidays for 2028; sessions of that year stay as the rule puts them.",
		"We have no days off or working days of our own.", "[ 2026 ][ 2027 ]"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnOwnDaySaysWhichSessionsMove(t *testing.T) {
	t.Parallel()
	st := models.Study{Number: 7, Title: "支部学习", Zone: "Asia/Shanghai", State: models.StudyActive}
	before := models.Occurrence{RuleStart: instant("2026-11-25 19:30"), Start: instant("2026-11-25 19:30"), State: models.OccurrencePlanned}
	after := before
	after.Start, after.State, after.Holiday = instant("2026-11-26 19:30"), models.OccurrenceMoved, "建站日"
	m := OrgDayModel{Day: models.OrgDay{ID: 3, Date: "2026-11-25", Name: "建站日", State: models.OrgDayActive}, Moved: []MovedModel{{Study: st, Before: before, After: after}}}
	for lang, want := range map[string][]string{
		"zh": {"记好了：周三 11月25日 休息（建站日）。", "• 支部学习（#s7）周三 11月25日 19:30 因建站日改到 周四 11月26日 19:30", "已经通知到的人会看到。", "[ 撤销 ]"},
		"en": {"Noted: Wed 25 Nov, day off (建站日).", "• 支部学习 (#s7): Wed 25 Nov 19:30 moves to Thu 26 Nov 19:30 (建站日)", "Who was told of them will see it.", "[ Undo ]"},
	} {
		if diff := cmp.Diff(want, lines(reader(t, lang, "2026-11-23 10:00").OrgDayChanged(m))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
	m.Day.State, m.Moved = models.OrgDayDeleted, []MovedModel{{Study: st, Before: after, After: before}}
	want := []string{"已删除：周三 11月25日 休息（建站日）。", "• 支部学习（#s7）周三 11月25日 19:30 照常", "已经通知到的人会看到。", "[ 撤销 ]"}
	if diff := cmp.Diff(want, lines(reader(t, "zh", "2026-11-23 10:00").OrgDayChanged(m))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLunarRulesInWords(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string][2]string{
		"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15":           {"每年农历八月十五（中秋节） 19:30", "every year on the 15th of the 8th lunar month (Mid-Autumn Festival), 19:30"},
		"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=23":          {"每年农历腊月廿三 19:30", "every year on the 23rd of the 12th lunar month, 19:30"},
		"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1":          {"每年农历腊月最后一天（除夕） 19:30", "every year on the last day of the 12th lunar month (Chinese New Year's Eve), 19:30"},
		"RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15":                  {"每月农历初一、十五 19:30", "every lunar month on the 1st, 15th, 19:30"},
		"RSCALE=CHINESE;SKIP=BACKWARD;FREQ=MONTHLY;BYMONTHDAY=30":      {"每月农历三十 19:30", "every lunar month on the 30th, 19:30"},
		"RSCALE=CHINESE;FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=20":         {"每 2 个农历月的二十 19:30", "every 2 lunar months on the 20th, 19:30"},
		"RSCALE=CHINESE;FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYMONTHDAY=1": {"按规则重复 19:30", "repeating, 19:30"},
	} {
		for i, lang := range []string{"zh", "en"} {
			if got := reader(t, lang, "2026-11-23 10:00").Rule(rule, "2026-09-25T19:30"); got != want[i] {
				t.Errorf("%s %s: %q, want %q", lang, rule, got, want[i])
			}
		}
	}
}

func TestDaysAreWrittenShort(t *testing.T) {
	t.Parallel()
	p := reader(t, "en", "2026-11-23 10:00")
	if got := p.shortDay(time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)); got != "4 Jan 2027" {
		t.Error(got)
	}
}
