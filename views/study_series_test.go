package views

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
)

// Whatever people wrote, what a leader sees of a series stays within Slack's
// limits, and nothing of it acts.
func TestSeriesBreaksNoLimit(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := reader(t, lang, "2026-11-24 16:15")
		for _, title := range []string{"", "<!channel> <@U1> *x* <http://a|b> & ~", strings.Repeat("学", 10000), strings.Repeat("&<", 2000), "\u202Eenil"} {
			m := wednesday()
			m.Study.RRule, m.Study.Wall, m.Study.Zone = "FREQ=WEEKLY;BYDAY=WE", "2026-11-25T19:30", "Asia/Shanghai"
			m.Study.Title, m.Study.Place, m.Study.Capacity, m.Study.Link = title, title, 3, "" // links of ours act, as they should
			m.Occurrence.Own = &models.OccurrenceOwn{Title: &title, Place: &title}
			plan := PlanModel{Study: m.Study, Manages: true, OnlyNext: 1, Unit: models.Unit{Name: title}}
			var times []SlotModel
			var sessions []SessionLine
			for i := range 100 {
				o := m.Occurrence
				o.RuleStart = o.RuleStart.Add(time.Duration(i) * 24 * time.Hour)
				o.Start = m.Occurrence.Start.Add(time.Duration(i) * 24 * time.Hour)
				sessions = append(sessions, SessionLine{Study: m.Study, Occurrence: o, State: []string{"ahead", "no_record", models.OccurrenceHeld}[i%3], Unit: models.Unit{ID: 1, Name: title}})
				if i < 10 {
					plan.Coming = append(plan.Coming, o)
					times = append(times, SlotModel{Slot: i, Start: o.Start, End: o.Start.Add(time.Hour), Left: i % 3, Taken: 40, People: []models.Person{{Name: title}}})
				}
			}
			plan.Times = times
			list := make([]PlanModel, 100)
			var options []Option
			for i := range list {
				list[i] = plan
				options = append(options, Option{"u12", title + "x"})
			}
			after := m.Occurrence
			after.Own = nil
			for name, shown := range map[string]Message{"show": p.StudyShow(plan), "edited": p.StudyEdited(plan), "list": p.StudyList(list, 45), "one": p.StudyOne(plan, m.Occurrence),
				"own": p.StudyChanged("own", plan, after, m.Occurrence), "slots": p.SlotChoice(m, times), "full": p.SlotFull(m, times, title+"x"),
				"month":   p.StudyMonth(MonthModel{From: instant("2026-12-01 00:00").Time().In(time.UTC), Leads: true, Sessions: sessions[:93], EmptyWeeks: []time.Time{p.Now, p.Now, p.Now}}),
				"ask":     p.StudyQuestion(7, StudyQuestion{Key: "for", Options: options, Rooms: true}),
				"ask few": p.StudyQuestion(7, StudyQuestion{Key: "clock", Part: title, Options: options[:6]}), "several": p.StudiesOpened(list[:3])} {
				if fault := messageFault(shown); fault != "" {
					t.Errorf("%s in %s: %s", name, lang, fault)
				}
			}
			form := p.StudyFormOf(m.Study, m.Occurrence)
			units := make([]models.Unit, 200)
			for i := range units {
				units[i] = models.Unit{ID: int64(i + 1), Name: title + "x"}
			}
			if fault := modalFault(p.StudyModal(StudyMeta{Study: 999_999_999, More: true}, form, StudyChoices{Units: units, Coming: plan.Coming, Zone: "Asia/Shanghai", Who: title + "x"})); fault != "" {
				t.Errorf("the form in %s: %s", lang, fault)
			}
			if fault := modalFault(p.MoveOneModal(plan, m.Occurrence)); fault != "" {
				t.Errorf("the form to move in %s: %s", lang, fault)
			}
		}
	}
}

// A month as its leader reads it: what, where, for whom, what became of it, and
// what is still missing.
func TestMonthAsItsLeaderReadsIt(t *testing.T) {
	t.Parallel()
	zone := models.Zone("Asia/Shanghai")
	at := func(text string) models.Instant { return instant(text) }
	st := models.Study{ID: 1, Number: 7, Title: "案例", Length: 60, Place: "一楼", Link: "https://example.com/a.pdf", Zone: "Asia/Shanghai"}
	bare := models.Study{ID: 2, Number: 8, Title: "夜读", Length: 60, Zone: "Asia/Shanghai"}
	upstairs := "二楼"
	one := func(st models.Study, when, state, kind string) SessionLine {
		return SessionLine{Study: st, Unit: models.Unit{ID: 1, Name: "城东支部"}, State: state, There: 9,
			Occurrence: models.Occurrence{Start: at(when), End: at(when).Add(time.Hour), RuleStart: at(when), State: kind}}
	}
	m := MonthModel{From: time.Date(2026, 11, 1, 0, 0, 0, 0, zone), Leads: true, EmptyWeeks: []time.Time{time.Date(2026, 11, 16, 0, 0, 0, 0, zone)}, Sessions: []SessionLine{
		one(st, "2026-11-04 19:30", models.OccurrenceHeld, models.OccurrenceHeld), one(st, "2026-11-11 19:30", "no_record", models.OccurrencePlanned),
		one(st, "2026-11-18 19:30", models.OccurrenceSkipped, models.OccurrenceSkipped), one(st, "2026-11-25 19:30", "ahead", models.OccurrencePlanned),
		one(bare, "2026-11-26 20:00", "ahead", models.OccurrencePlanned)}}
	m.Sessions[3].Occurrence.Own = &models.OccurrenceOwn{Place: &upstairs}
	want := []string{"*学习计划 · 2026年11月*",
		"*周三 11月4日 19:30* 案例 #s7 · 城东支部 · 一楼 · <https://example.com/a.pdf|材料> · 已开展，到 9 人",
		"*周三 11月11日 19:30* 案例 #s7 · 城东支部 · 一楼 · <https://example.com/a.pdf|材料> · *还没有记录*",
		"~*周三 11月18日 19:30* 案例 #s7~ · 跳过",
		"*周三 11月25日 19:30* 案例 #s7 · 城东支部 · 二楼 · <https://example.com/a.pdf|材料>",
		"*周四 11月26日 20:00* 夜读 #s8 · 城东支部",
		"*还缺*", "没有记录：周三 11月11日 #s7", "没有地点也没有材料：周四 11月26日 #s8", "没有安排学习的周：周一 11月16日到周日 11月22日",
		"[ 添加学习 ][ 2026年10月 ][ 2026年12月 ]", "[ 发到频道…… ▾ ]"}
	got := lines(reader(t, "zh", "2026-11-24 10:00").StudyMonth(m))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	m.Public = true
	if all := strings.Join(lines(reader(t, "en", "2026-11-24 10:00").StudyMonth(m)), "\n"); !strings.Contains(all, "Study plan, November 2026") || !strings.Contains(all, "held, 9 there") || strings.Contains(all, "[ ") {
		t.Errorf("in a channel: %s", all)
	}
}
