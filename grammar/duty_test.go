package grammar

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Mon 23 Nov 2026, 10:00 in Shanghai.
func dutyOptions(lang string) Options {
	zone := time.FixedZone("CST", 8*3600)
	return Options{Now: time.Date(2026, 11, 23, 10, 0, 0, 0, zone), Zone: zone, Lang: lang}
}

func day(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, time.FixedZone("CST", 8*3600))
}

func TestWhatIsAskedOfDuties(t *testing.T) {
	t.Parallel()
	names := []string{"党员大会", "主题党日", "Members' meeting", "Study", "Study day"}
	for text, want := range map[string]Duties{
		"":       {},
		"list":   {},
		"第一支部":   {Name: "第一支部"},
		"add":    {Do: "add"},
		"preset": {Do: "preset"},
		"加 主题党日 | 每月 | 范围: 全部":                                    {Do: "add", Name: "主题党日", Cadence: "month", For: "all"},
		"add Members' meeting | every quarter | for: East branch": {Do: "add", Name: "Members' meeting", Cadence: "quarter", For: "East branch"},
		"add Committee monthly":                                   {Do: "add", Name: "Committee", Cadence: "month"},
		"加 支委会 每月两次；范围：支部":                                        {Do: "add", Name: "支委会", Cadence: "month", Times: 2, For: "支部"},
		"add Visit | 3 times a year | since: 2026-07-01":          {Do: "add", Name: "Visit", Cadence: "year", Times: 3, Since: day(2026, 7, 1)},
		"加 党课 | 周期: 半年一次 | 起始: 7月1日":                              {Do: "add", Name: "党课", Cadence: "half", Times: 1, Since: day(2026, 7, 1)},
		"修改 党员大会 | 每月 | 名称: 全体党员大会":                               {Do: "edit", Name: "党员大会", Rename: "全体党员大会", Cadence: "month"},
		"edit study day | times: 2":                               {Do: "edit", Name: "Study day", Times: 2},
		"delete Members' meeting":                                 {Do: "delete", Name: "Members' meeting"},
		"删除党员大会":                                                  {Do: "delete", Name: "党员大会"},
		"held 党员大会 11月18日":                                        {Do: "held", Name: "党员大会", Day: day(2026, 11, 18)},
		"补录党员大会 11月18日 在活动室，12人":                                  {Do: "held", Name: "党员大会", Day: day(2026, 11, 18), Note: "在活动室，12人"},
		"已开展 党员大会 11月18日在活动室":                                     {Do: "held", Name: "党员大会", Day: day(2026, 11, 18), Note: "在活动室"},
		"held Study day Wed 18 Nov in the hall | for: East":       {Do: "held", Name: "Study day", Day: day(2026, 11, 18), Note: "in the hall", For: "East"},
		"held members' meeting yesterday":                         {Do: "held", Name: "Members' meeting", Day: day(2026, 11, 22)},
		"held 主题党日 周三":                                            {Do: "held", Name: "主题党日", Day: day(2026, 11, 18)},
		"held 主题党日 周一":                                            {Do: "held", Name: "主题党日", Day: day(2026, 11, 23)},
		"held 主题党日 12月20日":                                        {Do: "held", Name: "主题党日", Day: day(2025, 12, 20)},
		"held 主题党日 30号":                                           {Do: "held", Name: "主题党日", Day: day(2026, 10, 30)},
		"held 主题党日 | 日期: 11月18日 | 备注: 讨论；表决":                      {Do: "held", Name: "主题党日", Day: day(2026, 11, 18), Note: "讨论"},
		"held 主题党日 2026-11-18":                                    {Do: "held", Name: "主题党日", Day: day(2026, 11, 18)},
	} {
		got, err := ParseDuties(text, names, dutyOptions("zh"))
		if text == "held 主题党日 | 日期: 11月18日 | 备注: 讨论；表决" {
			if err == nil {
				t.Errorf("%q: what stands behind a separator is no note of a note: %+v", text, got)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		got.Set = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestWhatCannotBeADuty(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"add | for: all":                    "duty.no_name.add",
		"加 | 每月":                            "duty.no_cadence",
		"add Members' meeting":              "duty.no_cadence",
		"加 党员大会 | 有空就开":                     "duty.bad_cadence",
		"add X | every: full moon":          "duty.bad_cadence",
		"加 党员大会 | 每周":                       "duty.bad_cadence",
		"加 党员大会 | 每月 | 次数: 99":              "duty.bad_times",
		"加 党员大会 | 每月100次":                   "duty.bad_cadence",
		"加 党员大会 | 每月 | 地点: 二楼":              "duty.unknown_key",
		"加 党员大会 | 每月 | 范围:":                 "call.empty_value",
		"held":                              "duty.no_name.held",
		"held 党员大会":                         "duty.no_day",
		"held 党员大会 有空的时候":                   "duty.bad_day",
		"held 党员大会 明天":                      "duty.day_ahead",
		"held 党员大会 2027-01-05":              "duty.day_ahead",
		"held 党员大会 2月30日":                   "when.no_such_time",
		"held 党员大会 周五 11月18日":               "when.other_weekday",
		"edit 党员大会":                         "duty.nothing_to_change",
		"delete":                            "duty.no_name.delete",
		"加 党员大会 | 每月 | 起始: 不知道":             "when.unreadable",
		"add A | every month | every: year": "call.twice",
	} {
		_, err := ParseDuties(text, []string{"党员大会"}, dutyOptions("zh"))
		r, ok := err.(*Reason)
		if !ok || r.Key != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestHowOftenADutyIsOwed(t *testing.T) {
	t.Parallel()
	type often struct {
		Cadence string
		Times   int
	}
	for text, want := range map[string]often{
		"每月": {"month", 0}, "每个月一次": {"month", 1}, "每月 2 次": {"month", 2}, "每季度": {"quarter", 0}, "每季": {"quarter", 0}, "一季度一次": {"quarter", 1},
		"每半年": {"half", 0}, "半年一次": {"half", 1}, "每年两次": {"year", 2}, "每年度": {"year", 0}, "一次/季度": {"quarter", 1}, "每年至少 4 次": {"year", 4},
		"every month": {"month", 0}, "Monthly": {"month", 0}, "twice a month": {"month", 2}, "2 times a quarter": {"quarter", 2},
		"once per year": {"year", 0}, "every half-year": {"half", 0}, "every 6 months": {"half", 0}, "half-yearly": {"half", 0}, "every year, twice": {"year", 2},
		"annually": {"year", 0}, "ＭＯＮＴＨＬＹ": {"month", 0},
	} {
		c, n, ok := ParseCadence(text)
		if got := (often{c, n}); !ok || got != want {
			t.Errorf("%q: %+v %v, want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "每周", "daily", "month of May", "每月0次", "every 3 months", "40 times a year", "每月每季度"} {
		if c, n, ok := ParseCadence(text); ok {
			t.Errorf("%q is read as %s %d", text, c, n)
		}
	}
}

// Whatever is typed is read or refused with an example, and a day that was
// held is never ahead.
func TestDutiesNeverBreak(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`(held|补录|add|加|edit) (党员大会|Study day)[ |；:0-9月日周一年每次a-z<>“”"]{0,30}`)).Draw(t, "text")
		o := dutyOptions("en")
		d, err := ParseDuties(text, []string{"党员大会", "Study day", ""}, o)
		if err != nil && err.(*Reason).Line("zh") == "" {
			t.Fatalf("%q is refused without a word", text)
		}
		if d.Day.After(o.Now) || d.Times < 0 || d.Times > 31 {
			t.Fatalf("%q: %+v", text, d)
		}
	})
}

// A study says which duty it counts for.
func TestAStudyCountsForADuty(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"学习 | 时间: 周三 19:30 | 计入: 主题党日": "主题党日", "Talk | when: Wed 19:30 | duty: Members' meeting": "Members' meeting",
		"Talk | when: Wed 19:30 | duty: none": "", "Talk | when: Wed 19:30": "",
	} {
		got, err := ParseStudy(text, dutyOptions("zh"))
		if err != nil || got.Duty != want {
			t.Errorf("%q: %q, %v", text, got.Duty, err)
		}
	}
	if got, err := ParseStudyEdit("计入:", dutyOptions("zh")); err != nil || !got.Set["duty"] || got.Duty != "" {
		t.Errorf("an empty duty: %+v, %v", got, err)
	}
}
