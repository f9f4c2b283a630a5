package grammar

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheRollOfASessionOnOneLine(t *testing.T) {
	t.Parallel()
	line := func(user, said string, minutes int, note string) StudyRollLine {
		return StudyRollLine{User: user, Said: said, Minutes: minutes, Note: note}
	}
	for text, want := range map[string]StudyRoll{
		"<@U1> <@U2|bo> late <@U3>":                        {Lines: []StudyRollLine{line("U1", SaidCame, 0, ""), line("U2", SaidCame, 0, ""), line("U3", SaidLate, 0, "")}},
		"<@U1>、<@U2> 迟到 20 <@U3> <@U4>":                    {Lines: []StudyRollLine{line("U1", SaidCame, 0, ""), line("U2", SaidCame, 0, ""), line("U3", SaidLate, 20, ""), line("U4", SaidLate, 20, "")}},
		"迟到<@U3> 15分钟 请假 <@U5> 孩子 发烧 没到 <@U6>":             {Lines: []StudyRollLine{line("U3", SaidLate, 15, ""), line("U5", SaidExcused, 0, "孩子 发烧"), line("U6", SaidMissed, 0, "")}},
		"迟到20分钟<@U3>":                                      {Lines: []StudyRollLine{line("U3", SaidLate, 20, "")}},
		"late 20 min <@U3> excused <@U5> ill missed <@U6>": {Lines: []StudyRollLine{line("U3", SaidLate, 20, ""), line("U5", SaidExcused, 0, "ill"), line("U6", SaidMissed, 0, "")}},
		"all -<@U6> +<@U7>":                                {All: true, Lines: []StudyRollLine{line("U6", SaidMissed, 0, ""), line("U7", SaidCame, 0, "")}},
		"18 Nov <@U1>":                                     {Day: "18 Nov", Lines: []StudyRollLine{line("U1", SaidCame, 0, "")}},
		"11月18日 全部":                                        {Day: "11月18日", All: true},
		"late <@U1> came <@U2>":                            {Lines: []StudyRollLine{line("U1", SaidLate, 0, ""), line("U2", SaidCame, 0, "")}},
		"请假 <@U5> 到 <@U6>":                                 {Lines: []StudyRollLine{line("U5", SaidExcused, 0, ""), line("U6", SaidCame, 0, "")}},
		"<@U1> latest":                                     {Lines: []StudyRollLine{line("U1", SaidCame, 0, "")}, Part: "latest"},
		"缺席：<@U1>，<@U2>":                                   {Lines: []StudyRollLine{line("U1", SaidMissed, 0, ""), line("U2", SaidMissed, 0, "")}},
	} {
		got, ok := ParseStudyRoll(text)
		if !ok {
			t.Errorf("%q is no roll", text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	for _, text := range []string{"", "  ", "18 Nov", "昨天"} {
		if got, ok := ParseStudyRoll(text); ok || len(got.Lines) > 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestMinutesBesideWhoCameLate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		minutes int
		note    string
		ok      bool
	}{"20": {20, "", true}, " 20 分钟 堵车": {20, "堵车", true}, "20 min. traffic": {20, "traffic", true}, "15分，雨": {15, "雨", true},
		"traffic": {0, "traffic", false}, "": {0, "", false}, "20th of May": {0, "20th of May", false}, "99999": {99999, "", true}} {
		minutes, note, ok := ParseMinutesLate(text)
		if minutes != want.minutes || note != want.note || ok != want.ok {
			t.Errorf("%q: %d, %q, %v", text, minutes, note, ok)
		}
	}
}
