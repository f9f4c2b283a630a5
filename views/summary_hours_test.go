package views

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
)

// A year is read aloud at a meeting: what all came to, the units, each month.
func TestAYearToBeReadAtAMeeting(t *testing.T) {
	t.Parallel()
	zone := models.Zone("Asia/Shanghai")
	m := voiceWeek()
	m.Now.Period = models.PeriodOf(models.PeriodYear, callNow, zone)
	m.Now.Hours.Rolled, m.Now.Hours.Counted, m.Now.Hours.Unapproved = 60, 3750, 180
	m.Now.Served, m.Now.Goods = 86, []models.GoodsLine{{Item: "水", Number: 120}, {Item: "雨衣", Number: 30}}
	m.Now.Units = []models.UnitFigure{{UnitID: 1, Unit: "第一支部", People: 12, Minutes: 2400}, {UnitID: 2, Unit: "骑手支部", People: 7, Minutes: 1000}, {UnitID: 3, Unit: "驿站", People: 4, Minutes: 350}}
	m.Now.Duties = []models.DutyGap{{UnitID: 1, Unit: "第一支部", Duty: "党课", Times: 1}, {UnitID: 3, Unit: "驿站", Duty: "主题党日", Times: 2}}
	m.Now.Months = []models.MonthLine{
		{Start: shanghai(2026, time.January, 1, 0)},
		{Start: shanghai(2026, time.February, 1, 0), Calls: 1, Volunteers: 1, Minutes: 90, Study: models.StudyLine{Sessions: 2}},
		{Start: shanghai(2026, time.March, 1, 0), Calls: 3, Volunteers: 9, Minutes: 600, Study: models.StudyLine{Sessions: 1, Recorded: 1, People: 40, Due: 40, Attended: 36, Absent: 4}},
		{Start: shanghai(2026, time.April, 1, 0), Study: models.StudyLine{Sessions: 1, Recorded: 1, People: 4, Due: 4, Attended: 3, Absent: 1}},
	}
	for _, lang := range []string{"zh", "en"} {
		for name, public := range map[string]bool{"channel": true, "leader": false} {
			m.Public = public
			got := callPrinter(t, lang).Summary(m)
			checkMessage(t, got)
			golden(t, "summary_year_"+name+"_"+lang, got.Blocks)
		}
	}
}

// With one small unit, another is hidden beside it: the total less the rest
// would be the small one's figures.
func TestOneSmallUnitIsNotLeftOverOfTheTotal(t *testing.T) {
	t.Parallel()
	m := voiceWeek()
	line := func(id int64, name string, people, came int) models.StudyLine {
		return models.StudyLine{UnitID: id, Unit: name, Sessions: 1, Recorded: 1, People: people, Due: people, Attended: came, Absent: people - came}
	}
	m.Now.Study = []models.StudyLine{line(1, "东站", 30, 24), line(2, "南站", 8, 6), line(3, "北站", 3, 2)}
	for lang, want := range map[string]string{
		"zh": "         东站 80%\n         北站 不足 5 人，不显示完成率\n         南站 也不显示完成率，以免推算出人少的组织",
		"en": "         东站 80%\n         北站: under five people, no rate shown\n         南站: no rate shown either, as it would give the small unit's away",
	} {
		p := callPrinter(t, lang)
		got := ""
		for _, l := range p.unitLines(m) {
			if got != "" {
				got += "\n"
			}
			got += l
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}
