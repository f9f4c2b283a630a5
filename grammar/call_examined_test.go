package grammar

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The faults of a pasted line, and the example that shows how its key is
// written.
func TestCallFaultsShowTheirOwnKey(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][3]string{
		"T | urgent | when: Sat 9-11":                                {"call.empty_value", "urgent", "紧急: 是"},
		"T | when: Sat 9-11 | need: 1 | 演练":                          {"call.empty_value", "演练", "演练: 是"},
		"T；when：":                                                    {"call.empty_value", "when", "时间: 明天 8:00-12:00"},
		"T | when: Sat 9-11 | drill: maybe":                          {"call.bad_yes", "maybe", "演练: 是"},
		"T | when: Sat 9-11 | safety: 30":                            {"call.bad_duration", "30", "报平安: 1小时"},
		"T | when: Sat 9-11 | 携伴: 很多":                                {"call.bad_number", "很多", "携伴: 2"},
		"T | when: Sat 9-11 | need: 1 | x":                           {"call.bad_need", "1 | x", "需要: 医生 2, 引导员 4"},
		"T | when: Sat 9-11 | need: doctor 2 xyz 4":                  {"call.bad_need", "doctor 2 xyz 4", "需要: 医生 2, 引导员 4"},
		"T | when: Sat 9-11 | need: 2.5":                             {"call.bad_need", "2.5", "需要: 医生 2, 引导员 4"},
		"T | when: Sat 9-11 | need: <@U1> 2":                         {"call.bad_need", "<@U1> 2", "需要: 医生 2, 引导员 4"},
		"T | when: 下周六（12月6日）9:00":                                   {"when.other_day", "12月6日", "周六 11月28日 9:00"},
		"T | when: Sat 9-11 | 报名截止: 前天9点":                            {"when.past", "前天9点", whenZh},
		"T | when: Sat 9-11 | need: " + strings.Repeat("医生 2 ", 500): {"call.bad_need", clip(strings.Repeat("医生 2 ", 500)), "需要: 医生 2, 引导员 4"},
	} {
		_, err := ParseCall(typed, shanghai(t))
		r := reasonOf(err)
		if r == nil || r.Key != want[0] || r.Part != want[1] || r.Example != want[2] || !strings.HasSuffix(r.Line("zh"), "可以这样写："+want[2]) {
			t.Errorf("%q: got %+v; want %v", typed, r, want)
		}
	}
}

func TestCallSuggestsTheKeyThatWasMeant(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"T | time: Sat 9-11": "when", "T | place: x": "where", "T | skills: x": "skill", "T | 人数: 4": "需要", "T | 地址: x": "地点", "T | 截止: 周五 9:00": "报名截止",
	} {
		_, err := ParseCall(typed, shanghai(t))
		if r := reasonOf(err); r == nil || r.Key != "call.unknown_key" || r.Args["Nearest"] != want {
			t.Errorf("%q: got %+v; want %s", typed, r, want)
		}
	}
}

// An example is a promise: what it shows must read.
func TestKeyExamplesRead(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	for key, e := range keyExamples {
		for _, text := range []string{e.en, e.zh} {
			_, asCall := ParseEdit(text, o)
			_, asStudy := ParseStudyEdit(text, o)
			_, asMaterial := ParseMaterialEdit(text, o)
			_, asPush := ParsePush("b3 | by: Sat 18:00 | "+text, o)
			if strings.HasPrefix(text, "by: ") || strings.HasPrefix(text, "截止: 周五 18:00") {
				_, asPush = ParsePush("b3 | "+text, o)
			}
			_, asDuty := ParseDuties("edit X | "+text, nil, o)
			if before := map[string]string{"day": "held X | ", "note": "held X 18 Nov | "}[key]; before != "" {
				_, asDuty = ParseDuties(before+text, nil, o)
			}
			if asCall != nil && asStudy != nil && asMaterial != nil && asPush != nil && asDuty != nil {
				t.Errorf("%s: %q: %v; %v; %v; %v; %v", key, text, asCall, asStudy, asMaterial, asPush, asDuty)
			}
		}
	}
}

func TestCallPastedLines(t *testing.T) {
	t.Parallel()
	sat, sun := time.Date(2026, 11, 28, 9, 0, 0, 0, shanghai(t).Zone), time.Date(2026, 11, 29, 9, 0, 0, 0, shanghai(t).Zone)
	starts := func(c Call) (out []time.Time) {
		for _, w := range c.When {
			out = append(out, w.Start)
		}
		return out
	}
	for typed, want := range map[string]struct {
		title string
		start []time.Time
	}{
		"/muster call Dike | when: Sat 9:00":                            {"Dike", []time.Time{sat}},
		"/muster 招募 义诊 | 时间: 周六 9:00":                                   {"义诊", []time.Time{sat}},
		"义诊；时间：周六9:00；周日9:00；需要：2":                                      {"义诊", []time.Time{sat, sun}},
		"义诊\n时间：周六9:00\n周日9:00\n需要：2":                                   {"义诊", []time.Time{sat, sun}},
		"Call center | when: Sat 9:00":                                  {"Call center", []time.Time{sat}},
		"|;\n标题: A | when: Sat 9:00":                                    {"A", []time.Time{sat}},
		"A || when: Sat 9:00 |;| need: 2":                               {"A", []time.Time{sat}},
		"A <http://x|when: y> “b | when: c” | when: Sat 9:00 | need: 2": {"A <http://x|when: y> “b | when: c”", []time.Time{sat}},
	} {
		c, err := ParseCall(typed, shanghai(t))
		if err != nil || c.Title != want.title || !cmp.Equal(starts(c), want.start) {
			t.Errorf("%q: got %q %v, %v", typed, c.Title, starts(c), err)
		}
	}
}

func TestCallLeadsOfADayAndAnHourAreTwo(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][]time.Duration{
		"1d 1h": {24 * time.Hour, time.Hour}, "1 day and 1 hour": {24 * time.Hour, time.Hour}, "1天和1小时": {24 * time.Hour, time.Hour},
		"1h 30m": {90 * time.Minute}, "1小时30分钟": {90 * time.Minute}, "2天、前2小时": {48 * time.Hour, 2 * time.Hour}, "no": {},
	} {
		c, err := ParseCall("T | when: Sat 9-11 | remind: "+typed, shanghai(t))
		if err != nil || !cmp.Equal(c.Remind, want) {
			t.Errorf("%q: got %v, %v", typed, c.Remind, err)
		}
	}
}

// A text that opens quotations or separators without end is read in time that
// grows with it and not with its square.
func TestHostileTextIsReadAtOnce(t *testing.T) {
	t.Parallel()
	began := time.Now()
	for _, piece := range []string{"|", "<", "\"a ", "“甲 ", "; a", "a:", "\n", "医生 2 ", "周", "9", "Sat 9:00, ", ":+1:", "1. a\n"} {
		text := strings.Repeat(piece, 40_000/len(piece))
		o := shanghai(t)
		_, _ = ParseWhen(text, o)
		_, _ = ParseCall("T | when: Sat 9:00 | need: "+text, o)
		_, _ = ParseCall(text, o)
		ParseReply(text, o)
	}
	const bound = 20 * time.Second // a second here; a minute when it was the square
	if took := time.Since(began); took > bound {
		t.Errorf("took %v", took)
	}
}
