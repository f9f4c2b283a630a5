package views

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"muster/models"
)

func shanghai(year int, month time.Month, day, hour int) models.Instant {
	return models.At(time.Date(year, month, day, hour, 0, 0, 0, models.Zone("Asia/Shanghai")))
}

func lastWeek() models.Period {
	return models.Period{Kind: models.PeriodWeek, Start: shanghai(2026, 11, 16, 0), End: shanghai(2026, 11, 23, 0)}
}

// voiceWeek is the weekly summary of the product's voice.
func voiceWeek() SummaryModel {
	rated := func(id int64, name string, people, due, came int) models.StudyLine {
		return models.StudyLine{UnitID: id, Unit: name, Sessions: 1, Recorded: 1, People: people, Due: due, Attended: came, Absent: due - came}
	}
	study := []models.StudyLine{rated(1, "第一支部", 56, 56, 56), rated(2, "外卖骑手支部", 50, 50, 44),
		{UnitID: 3, Unit: "联合支部", Sessions: 2, Recorded: 1, Missing: []models.Instant{shanghai(2026, 11, 18, 19)}, People: 12, Due: 12, Attended: 9, Absent: 3}}
	return SummaryModel{PostingID: 5, Channel: "C9", Public: true,
		Now: models.Summary{Period: lastWeek(), CallsOpened: 4, CallsFilled: 3, FillTime: 38 * time.Minute, PlacesShort: 2, CallsShort: 1,
			Volunteers: 23, Places: 31, Study: study, Hours: models.HoursFigures{Counted: 3690, Onsite: 2910, Late: 780, Waiting: 720},
			Total:    models.StudyLine{Sessions: 4, Recorded: 3, People: 118, Due: 118, Attended: 96, MadeUp: 11, Excused: 4, Absent: 7},
			SealedTo: 4812, Check: "7f3a0000000000000000000000000000000000000000000000000000000000c2"},
		Before: models.Summary{CallsFilled: 2, FillTime: 50 * time.Minute, Volunteers: 19, Hours: models.HoursFigures{Counted: 3150}}}
}

func TestTheWeeklySummaryAsMusterSaysIt(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{
		"zh": `汇总 · 11月16日–22日
招募   发起 4 场，招满 3 场（平均 38 分钟招满，比上周快 12 分钟），1 场缺 2 人
志愿   23 人（比上周多 4 人），已核实 61.5 小时（多 9 小时）；另有 12 小时待确认，未计入
         现场签到 48.5，补录 13
学习   应到 118 人次，参加 96，补学 11，请假 4，缺席 7
         第一支部 100% · 外卖骑手支部 88%
         联合支部 2 次学习，1 次有记录（12 人应到，到 9 人）；11月18日无记录，不计完成率`,
		"en": `Summary · 16–22 Nov
Calls   4 opened, 3 filled (in 38 minutes on average, 12 minutes faster than last week), 1 short of 2 people
Volunteers   23 (4 more than last week), 61.5 hours confirmed (9 more); a further 12 hours await confirmation and are not counted
         48.5 checked in on site, 13 entered late
Study   118 due, 96 attended, 11 made up, 4 excused, 7 absent
         第一支部 100% · 外卖骑手支部 88%
         联合支部 2 sessions, 1 with a record (12 due, 9 came); none for 18 Nov, not in the rate`,
	} {
		m := callPrinter(t, lang).Summary(voiceWeek())
		if diff := cmp.Diff(want, m.Text); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
		checkMessage(t, m)
		golden(t, "summary_"+lang, m.Blocks)
	}
}

func TestSummariesOfLittle(t *testing.T) {
	t.Parallel()
	first := voiceWeek() // one of everything
	first.Now = models.Summary{Period: lastWeek(), CallsOpened: 1, CallsFilled: 1, FillTime: 20 * time.Second, CallsCancelled: 1, PlacesShort: 1, CallsShort: 1,
		Volunteers: 1, Study: []models.StudyLine{{UnitID: 1, Unit: "East", Sessions: 1, Missing: []models.Instant{1}}},
		Total: models.StudyLine{Sessions: 1, Missing: []models.Instant{1}}}
	first.Before = models.Summary{Volunteers: 2}
	for name, c := range map[string]struct {
		m      SummaryModel
		zh, en string
	}{
		"nothing at all": {SummaryModel{Now: models.Summary{Period: lastWeek()}},
			"汇总 · 11月16日–22日\n招募   没有发起招募\n志愿   没有到期的班次\n学习   没有安排学习",
			"Summary · 16–22 Nov\nCalls   none opened\nVolunteers   no shift ended\nStudy   nothing was planned"},
		"one of each": {first,
			"汇总 · 11月16日–22日\n招募   发起 1 场，招满 1 场（平均 1 分钟招满），取消 1 场，1 场缺 1 人\n志愿   1 人（比上周少 1 人），还没有核实的时数\n学习   1 次，都还没有记录，不计完成率",
			"Summary · 16–22 Nov\nCalls   1 opened, 1 filled (in 1 minute on average), 1 cancelled, 1 short of 1 person\nVolunteers   1 (1 fewer than last week), no hours confirmed yet\nStudy   1 session, without a record yet, so no rate"},
	} {
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
			m := callPrinter(t, lang).Summary(c.m)
			if diff := cmp.Diff(want, m.Text); diff != "" {
				t.Errorf("%s, %s: %s", name, lang, diff)
			}
			checkMessage(t, m)
		}
	}
}

// In a channel a unit of under five shows nothing that names somebody: no
// rate, no figures from which it could be worked out. To who is entitled it
// does.
func TestASmallUnitShowsNoRateInAChannel(t *testing.T) {
	t.Parallel()
	m := voiceWeek()
	four := models.StudyLine{UnitID: 1, Unit: "驿站", Sessions: 3, Recorded: 3, People: 4, Due: 12, Attended: 7, Absent: 5} // twelve person-times of four people
	gaps := models.StudyLine{UnitID: 2, Unit: "南站", Sessions: 2, Recorded: 1, Missing: []models.Instant{shanghai(2026, 11, 18, 19)}, People: 3, Due: 3, Attended: 2, Absent: 1}
	five := models.StudyLine{UnitID: 3, Unit: "北站", Sessions: 1, Recorded: 1, People: 5, Due: 5, Attended: 4, Absent: 1}
	m.Now.Study = []models.StudyLine{four, gaps, five}
	m.Now.Total = models.StudyLine{Sessions: 4, Recorded: 4, People: 12, Due: 20, Attended: 13, Absent: 7}
	for _, c := range []struct {
		lang   string
		public bool
		want   []string
	}{
		{"zh", true, []string{"         北站 80%", "         驿站 不足 5 人，不显示完成率", "         南站 2 次学习，1 次有记录；11月18日无记录，不计完成率"}},
		{"en", true, []string{"         北站 80%", "         驿站: under five people, no rate shown", "         南站 2 sessions, 1 with a record; none for 18 Nov, not in the rate"}},
		{"zh", false, []string{"         驿站 58% · 北站 80%", "         南站 2 次学习，1 次有记录（3 人应到，到 2 人）；11月18日无记录，不计完成率"}},
	} {
		m.Public = c.public
		lines := strings.Split(callPrinter(t, c.lang).Summary(m).Text, "\n")
		if diff := cmp.Diff(c.want, lines[5:]); diff != "" {
			t.Errorf("%s, in a channel %v: %s", c.lang, c.public, diff)
		}
	}
	// A summary of nobody but that unit gives no figures at all.
	m.Public, m.Now.Study, m.Now.Total = true, []models.StudyLine{four}, four
	for lang, want := range map[string]string{"zh": "学习   3 次，不足 5 人，不显示人数", "en": "Study   3 sessions, under five people, so no figures"} {
		lines := strings.Split(callPrinter(t, lang).Summary(m).Text, "\n")
		if diff := cmp.Diff([]string{want}, lines[4:]); diff != "" {
			t.Error(diff)
		}
	}
}

// Whatever the figures: in a channel the line of a small unit has no digit but
// those of its sessions and days.
func TestNoFigureOfASmallUnitLeaks(t *testing.T) {
	t.Parallel()
	printers := map[string]*Printer{"zh": callPrinter(t, "zh"), "en": callPrinter(t, "en")}
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, name) }
		small := models.StudyLine{UnitID: 1, Unit: "小组", Recorded: n("recorded", 3), People: n("people", 4), Due: 700 + n("due", 99), Attended: 600 + n("attended", 50), MadeUp: n("made up", 40)}
		small.Sessions = small.Recorded + n("missing", 3)
		for range small.Sessions - small.Recorded {
			small.Missing = append(small.Missing, shanghai(2026, 11, 18, 19))
		}
		m := voiceWeek()
		m.Now.Study = append(m.Now.Study, small)
		for lang, p := range printers {
			for _, line := range strings.Split(p.Summary(m).Text, "\n") {
				if !strings.Contains(line, "小组") {
					continue
				}
				for _, leak := range []int{small.Due, small.Attended, small.Came(), small.Due - small.Attended} {
					if strings.Contains(line, fmt.Sprint(leak)) {
						t.Fatalf("%s: %d stands in %q", lang, leak, line)
					}
				}
				if strings.Contains(line, "小组 ") && strings.Contains(line, "%") && !strings.Contains(line, "·") {
					t.Fatalf("%s: a rate in %q", lang, line)
				}
			}
		}
	})
}

func TestWhatIsStillOpenIsSaid(t *testing.T) {
	t.Parallel()
	m := voiceWeek()
	m.Now.Total.MadeUp, m.Now.Total.Absent = 5, 0
	for lang, want := range map[string]string{"zh": "缺席 0，还可补学 13", "en": "0 absent, 13 can still make it up"} {
		if got := callPrinter(t, lang).Summary(m).Text; !strings.Contains(got, want) {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

func TestNamesOfPeriodsAndWhatTheyAreComparedTo(t *testing.T) {
	t.Parallel()
	zone := models.Zone("Asia/Shanghai")
	week := func(at models.Instant) models.Period { return models.PeriodOf(models.PeriodWeek, at, zone) }
	for _, c := range []struct {
		name   string
		p      models.Period
		zh, en string // the period; what it is compared to
		zb, eb string
	}{
		{"the week under way", week(callNow), "11月23日–29日", "23–29 Nov", "上周", "last week"},
		{"the week that ended", lastWeek(), "11月16日–22日", "16–22 Nov", "上周", "last week"},
		{"the week before it", week(shanghai(2026, 11, 10, 0)), "11月9日–15日", "9–15 Nov", "前一周", "the week before"},
		{"over the end of a month", week(shanghai(2026, 11, 30, 0)), "11月30日–12月6日", "30 Nov–6 Dec", "上周", "last week"},
		{"of last year", week(shanghai(2025, 5, 7, 0)), "2025年5月5日–11日", "5–11 May 2025", "前一周", "the week before"},
		{"over the end of a year", week(shanghai(2026, 1, 1, 0)), "12月29日–1月4日", "29 Dec–4 Jan", "前一周", "the week before"},
		{"a day", models.PeriodOf(models.PeriodDay, callNow, zone), "周一 11月23日", "Mon 23 Nov", "前一天", "the day before"},
		{"a month", models.PeriodOf(models.PeriodMonth, callNow, zone), "2026年11月", "November 2026", "上月", "last month"},
		{"an old month", models.PeriodOf(models.PeriodMonth, shanghai(2026, 5, 1, 0), zone), "2026年5月", "May 2026", "前一个月", "the month before"},
		{"a year", models.PeriodOf(models.PeriodYear, callNow, zone), "2026年", "2026", "上年", "last year"},
		{"an old year", models.PeriodOf(models.PeriodYear, shanghai(2023, 5, 1, 0), zone), "2023年", "2023", "前一年", "the year before"},
	} {
		for lang, want := range map[string][2]string{"zh": {c.zh, c.zb}, "en": {c.en, c.eb}} {
			p := callPrinter(t, lang)
			if got := [2]string{p.periodName(c.p, zone), p.beforeName(c.p)}; got != want {
				t.Errorf("%s: %q, want %q", c.name, got, want)
			}
		}
	}
}

func TestSummaryButtons(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*SummaryModel){
		"preview":         func(m *SummaryModel) { m.Preview = true },
		"preview_nowhere": func(m *SummaryModel) { m.Preview, m.Channel = true, "" },
		"review": func(m *SummaryModel) {
			m.Preview, m.Review, m.State, m.LateFor = true, true, models.PostingQueued, callTime(30, 9, 0).Time()
		},
		"review_held":   func(m *SummaryModel) { m.Preview, m.Review, m.State = true, true, models.PostingHeld },
		"review_posted": func(m *SummaryModel) { m.Preview, m.Review, m.State, m.Posted = true, true, models.PostingQueued, true },
		"late":          func(m *SummaryModel) { m.Late, m.LateFor = true, callTime(23, 9, 0).Time() },
	} {
		for _, lang := range []string{"zh", "en"} {
			m := SummaryModel{PostingID: 5, Channel: "C9", Now: models.Summary{Period: lastWeek()}}
			change(&m)
			got := callPrinter(t, lang).Summary(m)
			checkMessage(t, got)
			golden(t, "summary_"+name+"_"+lang, got.Blocks)
		}
	}
}

func TestDigestsAsPeopleSeeThem(t *testing.T) {
	t.Parallel()
	list := []DigestModel{
		{models.Digest{Number: 1, Cadence: models.PeriodWeek, Weekday: 1, Minute: 540, Channel: "C1"}, callTime(30, 9, 0).Time(), "<@U1>"},
		{models.Digest{Number: 2, Cadence: models.PeriodMonth, Day: 5, Minute: 1110, Channel: "C2"}, shanghai(2026, 12, 5, 18).Time(), ""},
		{models.Digest{Number: 3, Cadence: models.PeriodMonth, Day: -1, Minute: 540, Channel: "C2"}, callTime(30, 9, 0).Time(), ""},
		{models.Digest{Number: 4, Cadence: models.PeriodDay, Minute: 0, Channel: "C2"}, callTime(24, 0, 0).Time(), ""},
	}
	for lang, want := range map[string][2]string{
		"zh": {"好的，#d1：每周一 9:00 把汇总发到 <#C1>。下一次：周一 11月30日 9:00。发出前 30 分钟先给 <@U1> 看。",
			"#d1   每周一 9:00 → <#C1>，下一次 周一 11月30日 9:00（<@U1> 先看）\n#d2   每月 5 日 18:30 → <#C2>，下一次 周六 12月5日 18:00\n#d3   每月最后一天 9:00 → <#C2>，下一次 周一 11月30日 9:00\n#d4   每天 0:00 → <#C2>，下一次 周二 11月24日 0:00\n删掉：/muster 定期汇总 d1 删除"},
		"en": {"All right, #d1: a summary every Mon 9:00 to <#C1>. Next: Mon 30 Nov 9:00. <@U1> sees it 30 minutes before.",
			"#d1   every Mon 9:00 → <#C1>, next Mon 30 Nov 9:00 (<@U1> sees it first)\n#d2   on day 5 of each month 18:30 → <#C2>, next Sat 5 Dec 18:00\n#d3   on the last day of each month 9:00 → <#C2>, next Mon 30 Nov 9:00\n#d4   every day 0:00 → <#C2>, next Tue 24 Nov 0:00\nTo delete one: /muster digest d1 delete"},
	} {
		p := callPrinter(t, lang)
		if diff := cmp.Diff(want[0], p.DigestOpened(list[0])); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(want[1], p.DigestList(list).Text); diff != "" {
			t.Error(diff)
		}
		checkMessage(t, p.DigestList(nil))
		var many []DigestModel
		for range 500 {
			many = append(many, list...)
		}
		checkMessage(t, p.DigestList(many))
	}
}

// Hostile and huge names stay text and break no limit of Slack's.
func TestASummaryOfHostileUnits(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("城", 10_000), "<!channel> <@U1> <http://a|b> & ~ *b* `c`", "\u202eright to left\u2066", "", "\x00\n\t"} {
		m := voiceWeek()
		m.Now.Unit = models.Unit{ID: 9, Name: name}
		m.Now.Study = nil
		for i := range 60 {
			m.Now.Study = append(m.Now.Study, models.StudyLine{UnitID: int64(i + 1), Unit: name, Sessions: 5, Recorded: 1 + i%2*4, People: 9, Due: 40, Attended: 30,
				Missing: []models.Instant{callNow, callNow, callNow, callNow}})
		}
		for _, lang := range []string{"zh", "en"} {
			got := callPrinter(t, lang).Summary(m)
			checkMessage(t, got)
			if strings.Contains(got.Text, "<@U1>") {
				t.Errorf("a unit's name mentions somebody: %s", got.Text[:200])
			}
		}
	}
}
