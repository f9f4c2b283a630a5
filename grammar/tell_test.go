package grammar

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWhomAMessageIsFor(t *testing.T) {
	t.Parallel()
	roles := []string{"司机", "装卸", "driver", "team lead", "医生"}
	for text, want := range map[string]Tell{
		"司机 请到 3 号门":                      {"role", "司机", "请到 3 号门"},
		"司机：请到 3 号门":                      {"role", "司机", "请到 3 号门"},
		"driver please come to gate 3":    {"role", "driver", "please come to gate 3"},
		"DRIVER: gate 3":                  {"role", "driver", "gate 3"},
		"Team Lead meet at 7":             {"role", "team lead", "meet at 7"},
		"drivers please come":             {"coming", "", "drivers please come"},
		"司机们请到 3 号门":                      {"coming", "", "司机们请到 3 号门"},
		"bring a lamp":                    {"coming", "", "bring a lamp"},
		"everyone bring a lamp":           {"coming", "", "bring a lamp"},
		"大家 带手电":                          {"coming", "", "带手电"},
		"unanswered can you come?":        {"unanswered", "", "can you come?"},
		"未回复 能来吗？":                        {"unanswered", "", "能来吗？"},
		"没回复：能来吗？":                        {"unanswered", "", "能来吗？"},
		"waiting one place may come free": {"waiting", "", "one place may come free"},
		"候补，可能有名额":                        {"waiting", "", "可能有名额"},
		"司机":                              {"role", "司机", ""},
		"":                                {"coming", "", ""},
		"司机 第一行\n第二行":                     {"role", "司机", "第一行\n第二行"},
	} {
		if diff := cmp.Diff(want, ParseTell(text, roles)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestAMessageLosesNothingButWhomItIsFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(rapid.String().Draw(t, "text"))
		got := ParseTell(text, []string{"司机", rapid.String().Draw(t, "role")})
		if !strings.HasSuffix(text, got.Text) {
			t.Fatalf("%q is no end of %q", got.Text, text)
		}
	})
}
