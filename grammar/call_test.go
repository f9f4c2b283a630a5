package grammar

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func reasonOf(err error) *Reason {
	var r *Reason
	errors.As(err, &r)
	return r
}

// One-line calls as organizers write them, and what "understand call" says.
func TestCallForms(t *testing.T) {
	t.Parallel()
	const sat = `"when":{"kind":"range","start":"2026-11-28T09:00:00+08:00","end":"2026-11-28T11:00:00+08:00","zone":"Asia/Shanghai"}`
	for typed, want := range map[string]string{
		"Sandbags at the east dike | kind: relief | when: tomorrow 08:00-12:00 | where: East dike, gate 3 | need: lifter 6, driver 2": `{"title":"Sandbags at the east dike","kind":"relief",` +
			`"when":{"kind":"range","start":"2026-11-24T08:00:00+08:00","end":"2026-11-24T12:00:00+08:00","zone":"Asia/Shanghai"},"where":"East dike, gate 3",` +
			`"need":[{"role":"lifter","least":6,"most":6},{"role":"driver","least":2,"most":2}]}`,
		"社区爱心义诊 | 类型: 关爱 | 时间: 周六 9:00-11:00 | 地点: 绿城社区 | 需要: 医生 2, 引导员 4": `{"title":"社区爱心义诊","kind":"care",` + sat +
			`,"where":"绿城社区","need":[{"role":"医生","least":2,"most":2},{"role":"引导员","least":4,"most":4}]}`,
		"社区爱心义诊｜类型：关爱｜时间：周六 9:00-11:00；地点：绿城社区；需要：医生* 2、引导员 4-6": `{"title":"社区爱心义诊","kind":"care",` + sat +
			`,"where":"绿城社区","need":[{"role":"医生","least":2,"most":2,"verified":true},{"role":"引导员","least":4,"most":6}]}`,
		"义诊\n时间：周六 9:00-11:00\n地点：东门；集合点在北侧\n需要：6\n紧急：是": `{"title":"义诊","kind":"care",` + sat +
			`,"where":"东门；集合点在北侧","need":[{"least":6,"most":6}],"urgent":true,"ask":"auto"}`,
		"Mixed 混写 | 时间: Sat 9-11 | where: 绿城 | 需要: driver 2":            `{"title":"Mixed 混写","kind":"care",` + sat + `,"where":"绿城","need":[{"role":"driver","least":2,"most":2}]}`,
		"Note: gloves; boots | when: Sat 9-11":                          `{"title":"Note: gloves; boots","kind":"care",` + sat + `}`,
		"A &amp; B &lt;!channel&gt; ~ | when: Sat 9-11":                 `{"title":"A & B <!channel> ~","kind":"care",` + sat + `}`,
		`Q | when: Sat 9-11 | bring: "a | need: 3"; water`:              `{"title":"Q","kind":"care",` + sat + `,"bring":"\"a | need: 3\"; water"}`,
		`Odd " sign | when: Sat 9-11 | bring: 5" nails`:                 `{"title":"Odd \" sign","kind":"care",` + sat + `,"bring":"5\" nails"}`,
		"T | when: Sat 9-11 | where: <https://a.b/c?d=1|map; for: all>": `{"title":"T","kind":"care",` + sat + `,"where":"<https://a.b/c?d=1|map; for: all>"}`,
		"T | when: Sat 9-11 | where: https://x.y/z; near the gate":      `{"title":"T","kind":"care",` + sat + `,"where":"https://x.y/z; near the gate"}`,
		"T | when: Sat 9-11 | for: <!subteam^S1|@x> | bring: a;b":       `{"title":"T","kind":"care",` + sat + `,"bring":"a;b","for":"<!subteam^S1|@x>"}`,
		"T | WHEN : Sat 9-11 | ｗｈｅｒｅ： here |":                           `{"title":"T","kind":"care",` + sat + `,"where":"here"}`,
		"T | when: Sat 9-11 | opens: now | close: 2h before | guests: 0 | ask: 5 every 10m | safety: 1h | buddy: yes | drill: yes | remind: 1d, 1h | skill: first aid, driving": `{"title":"T","kind":"care",` +
			sat + `,"skill":["first aid","driving"],"opens":"2026-11-23T10:00:00+08:00","close":"2h before","guests":0,"ask":"5 every 10m","safety":"1h","buddy":true,"drill":true,"remind":["1d","1h"]}`,
		"T | 时间: 周六 9-11 | 开始报名: 明天8:00 | 报名截止: 周五18:00前 | 携伴: 2人 | 询问: 每10分钟5人 | 报平安: 否 | 结伴: 是 | 提前: 1天、1小时 | 技能: 急救、驾驶 | 范围: 全体 | 携带: 手套 | 仅确认者可见: 门禁 1234；电话 138": `{"title":"T","kind":"care",` +
			sat + `,"skill":["急救","驾驶"],"bring":"手套","private":"门禁 1234；电话 138","opens":"2026-11-24T08:00:00+08:00","close":"2026-11-27T18:00:00+08:00","guests":2,` +
			`"ask":"5 every 10m","safety":"no","buddy":true,"for":"all","remind":["1d","1h"]}`,
		"T | when: Sat 9-11, 14:00 | kind: 救灾 | urgent: yes": `{"title":"T","kind":"relief","when":{"kind":"list","items":[{"kind":"range","start":"2026-11-28T09:00:00+08:00",` +
			`"end":"2026-11-28T11:00:00+08:00","zone":"Asia/Shanghai"},{"kind":"instant","start":"2026-11-28T14:00:00+08:00","zone":"Asia/Shanghai"}]},"urgent":true,"ask":"auto"}`,
		"when: the levee breaks | when: Sat 9-11": `{"title":"when: the levee breaks","kind":"care",` + sat + `}`,
	} {
		c, err := ParseCall(typed, shanghai(t))
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			continue
		}
		b, err := c.JSON()
		if err != nil || string(b) != want {
			t.Errorf("%q\n got %s %v\nwant %s", typed, b, err, want)
		}
	}
}

func TestCallRefusals(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][2]string{
		"":                                 {"call.no_title", ""},
		"when: Sat 9-11":                   {"call.no_title", ""},
		"T":                                {"call.no_when", ""},
		"T | where: here":                  {"call.no_when", ""},
		"T | when: Sat 9-11 | wen: Sun":    {"call.unknown_key", "wen"},
		"T | when: Sat 9-11 | 集合: 东门":      {"call.unknown_key", "集合"},
		"T | when: Sat 9-11 | capacity: 3": {"call.unknown_key", "capacity"},
		"T | when: Sat 9-11 | 时间: 周日 9-11":              {"call.twice", "时间"},
		"T | when: Sat 9-11 | where:":                   {"call.empty_value", "where"},
		"T | when: Sat":                                 {"when.no_time", "Sat"},
		"T | when: every Wed 19:30":                     {"when.not_rule", "every Wed 19:30"},
		"T | when: tomorrow 25:00":                      {"when.bad_clock", "25:00"},
		"T | when: Sat 9-11 | kind: party":              {"call.bad_kind", "party"},
		"T | when: Sat 9-11 | need: doctor":             {"call.bad_need", "doctor"},
		"T | when: Sat 9-11 | need: a 2, lifter 0":      {"call.bad_need", "lifter 0"},
		"T | when: Sat 9-11 | need: lifter 6-4":         {"call.bad_need", "lifter 6-4"},
		"T | when: Sat 9-11 | need: lifter 2, Lifter 3": {"call.bad_need", "Lifter 3"},
		"T | when: Sat 9-11 | need: lifter 99999":       {"call.bad_need", "lifter 99999"},
		"T | when: Sat 9-11 | close: whenever":          {"when.unreadable", "whenever"},
		"T | when: Sat 9-11 | close: every Wed 9:00":    {"when.one_time", "every Wed 9:00"},
		"T | when: Sat 9-11 | guests: many":             {"call.bad_number", "many"},
		"T | when: Sat 9-11 | urgent: maybe":            {"call.bad_yes", "maybe"},
		"T | when: Sat 9-11 | ask: loudly":              {"call.bad_ask", "loudly"},
		"T | when: Sat 9-11 | safety: often":            {"call.bad_duration", "often"},
		"T | when: Sat 9-11 | remind: soon":             {"call.bad_duration", "soon"},
	} {
		_, err := ParseCall(typed, shanghai(t))
		r := reasonOf(err)
		if r == nil || r.Key != want[0] || r.Part != want[1] {
			t.Errorf("%q: got %+v; want %v", typed, r, want)
		}
	}
}

func TestCallNeeds(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][]Need{
		"6":                       {{"", 6, 6, false}},
		"10人":                     {{"", 10, 10, false}},
		"4-6":                     {{"", 4, 6, false}},
		"6 people":                {{"", 6, 6, false}},
		"lifter 4-6, doctor* 2":   {{"lifter", 4, 6, false}, {"doctor", 2, 2, true}},
		"医生2名 护士3名 引导员 4~6人":      {{"医生", 2, 2, false}, {"护士", 3, 3, false}, {"引导员", 4, 6, false}},
		"医生两名、护士三名":               {{"医生", 2, 2, false}, {"护士", 3, 3, false}},
		"2 drivers and 3 lifters": {{"drivers", 2, 2, false}, {"lifters", 3, 3, false}},
		"lifter 6 and driver 2":   {{"lifter", 6, 6, false}, {"driver", 2, 2, false}},
		"医生 2 和 护士 3":             {{"医生", 2, 2, false}, {"护士", 3, 3, false}},
		"box 3, first aid 2, gate 3 guard 2, 医生x2": {{"box", 3, 3, false}, {"first aid", 2, 2, false}, {"gate 3 guard", 2, 2, false}, {"医生", 2, 2, false}},
		"Driver: 2; 搬运＊ ３":                         {{"Driver", 2, 2, false}, {"搬运", 3, 3, true}},
		"2名医生，6-8名引导员":                             {{"医生", 2, 2, false}, {"引导员", 6, 8, false}},
		"driver x2, cook×1":                        {{"driver", 2, 2, false}, {"cook", 1, 1, false}},
		"医生 4到6人":                                  {{"医生", 4, 6, false}},
		"lifter 4 to 6":                            {{"lifter", 4, 6, false}},
	} {
		got, reason := parseNeed(typed, shanghai(t))
		if reason != nil {
			t.Errorf("%q: %v", typed, reason)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", typed, diff)
		}
	}
}

func TestCallAfterMidnightKeepsTheReadings(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	o.Now = o.Now.Add(-8 * time.Hour)
	const typed = "T | when: tomorrow 8:00-12:00 | need: 3"
	_, err := ParseCall(typed, o)
	if r := reasonOf(err); r == nil || r.Key != "when.which_morning" || len(r.Readings) != 2 {
		t.Fatalf("got %+v", r)
	}
	o.Tomorrow = "today"
	c, err := ParseCall(typed, o)
	if err != nil || c.When[0].Start.Format(time.DateOnly) != "2026-11-23" || len(c.Need) != 1 {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	c, err := ParseEdit("need: lifter 8 | 时间: 周日 9:00 | bring: | title: New", shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]bool{"need": true, "when": true, "bring": true, "title": true}, c.Set); diff != "" {
		t.Error(diff)
	}
	if c.Title != "New" || c.Bring != "" || c.Need[0].Most != 8 || c.Kind != "" {
		t.Errorf("%+v", c)
	}
	for typed, key := range map[string]string{"": "call.nothing_to_change", "hello": "call.not_key", "foo: 1": "call.unknown_key", "when:": "call.empty_value"} {
		if _, err := ParseEdit(typed, shanghai(t)); reasonOf(err) == nil || reasonOf(err).Key != key {
			t.Errorf("%q: %v; want %s", typed, err, key)
		}
	}
}

func TestUnknownKeySuggestsTheNearest(t *testing.T) {
	t.Parallel()
	_, err := ParseCall("T | when: Sat 9-11 | wher: x", shanghai(t))
	r := reasonOf(err)
	if r == nil || r.Args["Nearest"] != "where" || !strings.Contains(r.Line("en"), "Did you mean “where”?") {
		t.Errorf("%+v", r)
	}
}

func TestStudyForms(t *testing.T) {
	t.Parallel()
	s, err := ParseStudy("支部学习 | 时间: 每周三 19:30-21:00 | 截止: 12月31日 | 节假日: 跳过 | 学时: 1.5 | 补学: 7天 | 提前: 1天 | 人数: 30 | 链接: <https://x.y|材料> | 范围: #支部", shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	if s.Title != "支部学习" || s.When.Rule != "FREQ=WEEKLY;BYDAY=WE" || s.Length != 90*time.Minute || *s.Hours != 1.5 || s.Holidays != "skip" ||
		*s.Makeup != 7*24*time.Hour || s.Capacity != 30 || s.Link != "https://x.y" || s.For != "#支部" || s.Until.Format(time.RFC3339) != "2026-12-31T23:59:59+08:00" {
		t.Errorf("%+v", s)
	}
	s, err = ParseStudy("Reading | slots: Wed 19:30 or Sat 9:00 | makeup: 0", shanghai(t))
	if err != nil || len(s.Slots) != 2 || s.When.Start != s.Slots[0].Start || *s.Makeup != 0 || s.Length != time.Hour || s.Hours != nil || s.Holidays != "keep" {
		t.Errorf("%+v %v", s, err)
	}
	for typed, want := range map[string][2]string{
		"":                                    {"study.no_title", ""},
		"R":                                   {"study.no_when", ""},
		"R | when: Wed 19:30 | until: 31 Dec": {"study.until_without", "31 Dec"},
		"R | when: every Wed 19:30 | until: 24 Nov":     {"when.rule_over", "24 Nov"},
		"R | when: every Wed 19:30 | until: whenever":   {"study.bad_until", "whenever"},
		"R | when: every Wed 19:30 | holidays: dance":   {"study.bad_holidays", "dance"},
		"R | when: every Wed 19:30 | hours: many":       {"study.bad_hours", "many"},
		"R | when: every Wed 19:30 | hours: NaN":        {"study.bad_hours", "NaN"},
		"R | when: every Wed 19:30 | makeup: never":     {"study.bad_makeup", "never"},
		"R | when: every Wed 19:30 | capacity: 0":       {"study.bad_capacity", "0"},
		"R | when: every Wed 19:30 | length: long":      {"study.bad_length", "long"},
		"R | when: every Wed 19:30 | until: 2026-11-01": {"study.past_until", "2026-11-01"},
		"R | when: every Wed 19:30 | need: 3":           {"study.unknown_key", "need"},
		"R | when: every Wed":                           {"when.no_time", "every Wed"},
	} {
		_, err := ParseStudy(typed, shanghai(t))
		if r := reasonOf(err); r == nil || r.Key != want[0] || r.Part != want[1] {
			t.Errorf("%q: got %+v; want %v", typed, r, want)
		}
	}
	s, err = ParseStudyEdit("地点: 二楼 | link:", shanghai(t))
	if err != nil || s.Where != "二楼" || !s.Set["link"] || s.Length != 0 {
		t.Errorf("%+v %v", s, err)
	}
}
