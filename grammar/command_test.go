package grammar

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommands(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]Command{
		"":                                   {},
		"   ":                                {},
		"help":                               {Verb: "help"},
		"帮助 招募":                              {Verb: "help", Rest: "招募"},
		"HELP call":                          {Verb: "help", Rest: "call"},
		"call":                               {Verb: "call"},
		"Call K12":                           {Verb: "call", Number: "k12"},
		"招募 Ｋ12":                             {Verb: "call", Number: "k12"},
		"call k12 close":                     {Verb: "call", Number: "k12", Sub: "close"},
		"招募 k12 取消":                          {Verb: "call", Number: "k12", Sub: "cancel"},
		"招募 k12 关闭":                          {Verb: "call", Number: "k12", Sub: "close"},
		"call k12 edit need: lifter 8":       {Verb: "call", Number: "k12", Sub: "edit", Rest: "need: lifter 8"},
		"call k12 ask 5":                     {Verb: "call", Number: "k12", Sub: "ask", Rest: "5"},
		"call k12 tell driver &lt;3 come":    {Verb: "call", Number: "k12", Sub: "tell", Rest: "driver <3 come"},
		"call k12 clos":                      {Verb: "call", Number: "k12", Rest: "clos", Unknown: "clos", Nearest: "close"},
		"call k12, and more":                 {Verb: "call", Rest: "k12, and more"},
		"call k12x":                          {Verb: "call", Rest: "k12x"},
		"call s7":                            {Verb: "call", Rest: "s7"},
		"call close the gates | when: x":     {Verb: "call", Rest: "close the gates | when: x"},
		"call A &amp; B":                     {Verb: "call", Rest: "A & B"},
		"招募列表":                               {Verb: "calls"},
		"calls":                              {Verb: "calls"},
		"招募：义诊":                              {Verb: "call", Rest: "义诊"},
		"招募社区义诊 | 时间: 周六":                    {Verb: "call", Rest: "社区义诊 | 时间: 周六"},
		"提醒我明天9点带表格":                         {Verb: "remind", Rest: "我明天9点带表格"},
		"明天9点提醒我带表格":                         {Verb: "remind", Rest: "明天9点提醒我带表格"},
		"remind list":                        {Verb: "remind", Sub: "list"},
		"提醒 列表":                              {Verb: "remind", Sub: "list"},
		"remind list the keys tomorrow 9:00": {Verb: "remind", Rest: "list the keys tomorrow 9:00"},
		"remind m9 delete":                   {Verb: "remind", Number: "m9", Sub: "delete"},
		"study s7 skip 9 Dec":                {Verb: "study", Number: "s7", Sub: "skip", Rest: "9 Dec"},
		"学习 s7 改期 周四 19:30":                  {Verb: "study", Number: "s7", Sub: "move", Rest: "周四 19:30"},
		"study list":                         {Verb: "study", Sub: "list"},
		"digest d1 delete":                   {Verb: "digest", Number: "d1", Sub: "delete"},
		"定期汇总 列表":                            {Verb: "digest", Sub: "list"},
		"station p2 low water":               {Verb: "station", Number: "p2", Sub: "low", Rest: "water"},
		"station add 3号站":                    {Verb: "station", Sub: "add", Rest: "3号站"},
		"unit gaps":                          {Verb: "unit", Sub: "gaps"},
		"privacy forget":                     {Verb: "privacy", Sub: "forget"},
		"summary week":                       {Verb: "summary", Rest: "week"},
		"汇总 2026-11":                         {Verb: "summary", Rest: "2026-11"},
		"role <@U1> organizer":               {Verb: "role", Rest: "<@U1> organizer"},
		"checkin ABC234":                     {Verb: "checkin", Rest: "ABC234"},
		"<@UBOT> call X":                     {Verb: "call", Rest: "X"},
		"<@UBOT>, 招募 X":                      {Verb: "call", Rest: "X"},
		"k12 close":                          {Verb: "call", Number: "k12", Sub: "close"},
		"close":                              {Verb: "call", Sub: "close"},
		"held":                               {Verb: "study", Sub: "held"},
		"staion list":                        {Rest: "staion list", Unknown: "staion", Nearest: "station"},
		"fly":                                {Rest: "fly", Unknown: "fly"},
		"pause":                              {Verb: "pause"},
		"恢复":                                 {Verb: "resume"},
	} {
		if diff := cmp.Diff(want, ParseCommand(typed)); diff != "" {
			t.Errorf("%q: %s", typed, diff)
		}
	}
}

func TestEveryVerbWorksInBothLanguages(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, v := range VerbNames() {
		for _, word := range []string{v.En, v.Zh} {
			if seen[word] && v.En != v.Zh {
				t.Errorf("%s is two verbs", word)
			}
			seen[word] = true
			if got := ParseCommand(word); got.Verb != v.Canonical || got.Rest != "" {
				t.Errorf("%s: %+v", word, got)
			}
		}
	}
	if len(VerbNames()) != 19 {
		t.Errorf("%d verbs", len(VerbNames()))
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ABC234": "ABC234", "abc234": "ABC234", " ABC 234 ": "ABC234", "ABC-234": "ABC234", "ＡＢＣ２３４": "ABC234", "HJKLMN": "HJKLMN",
		"thanks": "", "please": "", "ABC10O": "", "ABC23": "", "ABC2345": "", "": "", "see you at 6": "",
	} {
		if got, ok := ParseCode(typed); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v", typed, got, ok)
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Driver": "driver", "ＤＲＩＶＥＲ！": "driver", "  first   aid. ": "first aid", "報名。": "报名", "司机": "司机", "#Ops": "#ops", "": "",
	} {
		if got := Fold(typed); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}
