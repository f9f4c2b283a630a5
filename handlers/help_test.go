package handlers

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

// homeText is everything a Home tab says.
func homeText(t *testing.T, r bot.Reply) string {
	t.Helper()
	if r.Home == nil {
		t.Fatal("no Home tab")
	}
	raw, err := json.Marshal(r.Home.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func weekdays(days ...time.Weekday) []time.Weekday { return days }

func TestHelpInWords(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	for _, c := range []struct{ user, text, want, not string }{
		{"Uli", "help", "看看哪里需要人", "招募志愿者"},
		{"Uchen", "help", "让谁当组织者", ""},
		{"Uchen", "帮助 招募", "招募志愿者", ""},
		{"Uchen", "help 招募", "招募志愿者", ""},
		{"Uchen", "帮助 call", "招募志愿者", ""},
		{"Uchen", "help /muster call", "招募志愿者", ""},
		{"Uli", "help calls", "看看哪里需要人", ""},
		{"Uli", "帮助 提醒", "到时候提醒我一件事", ""},
		{"Uli", "help help", "看看哪里需要人", ""},
		{"Uli", "help 顶班", "找人顶我的班", ""},
		{"Uchen", "help roll", "招募志愿者", ""},
		{"Uli", "help call", "只有组织者可以这样做。还没有组织者，请找管理员 <@Uchen>", ""},
		{"Uli", "help role", "只有管理员可以这样做。管理员：<@Uchen>", ""},
		{"Uli", "help calss", "没有“calss”。你是不是想写：/muster calls", ""},
		{"Uli", "help station", "“station”还没有做好", ""},
		{"Uli", "help xyzzy", "没有“xyzzy”这个用法", ""},
		{"Uli", "help <!channel>", "&lt;!channel&gt;", "<!channel>"},
	} {
		r := d.command(c.user, c.text)
		if !strings.Contains(r.Text, c.want) || c.not != "" && strings.Contains(r.Text, c.not) {
			t.Errorf("%s: %s\n%q, want %q and not %q", c.user, c.text, r.Text, c.want, c.not)
		}
	}
}

var example = regexp.MustCompile("`([^`]*)`")

// Every example that help shows is understood as it stands.
func TestTheExamplesOfHelpWork(t *testing.T) {
	t.Parallel()
	cat, err := views.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	zone := models.Zone("Asia/Shanghai")
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, zone)
	all := views.Can{Organize: true, Lead: true, View: true, Admin: true}
	for _, lang := range []string{"zh", "en"} {
		p := cat.For(views.Reader{Lang: lang, Zone: zone, Now: now})
		verbs := []string{"handover", "library"}
		for _, verb := range grammar.VerbNames() {
			verbs = append(verbs, verb.Canonical)
		}
		for _, verb := range verbs {
			shown := p.HelpVerb(verb, all)
			if !shown.Built {
				continue
			}
			raw, err := json.Marshal(shown.Message.Blocks)
			if err != nil {
				t.Fatal(err)
			}
			var said []map[string]any
			if err := json.Unmarshal(raw, &said); err != nil {
				t.Fatal(err)
			}
			o := grammar.Options{Now: now, Zone: zone, Lang: lang}
			for _, block := range said {
				text, _ := block["text"].(map[string]any)
				words, _ := text["text"].(string)
				for _, m := range example.FindAllStringSubmatch(words, -1) {
					if text, command := strings.CutPrefix(m[1], "/muster "); command {
						understood(t, text, o)
					} else if strings.Contains(text, ": ") { // `key: value` by itself
						understoodKey(t, verb, m[1], o)
					}
				}
			}
		}
	}
}

// What the ledger added is in help for those who may use it, and answers as it
// stands there.
func TestTheLedgerInHelp(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ ask, has, not []string }{
		"zh": {[]string{"帮助 我的", "帮助 隐私", "帮助 汇总"}, []string{"我的 工时", "我的 工时 2025", "我的 记录 2026", "隐私 忘记", "汇总 上周 明细 小时"}, []string{"看不懂", "没有“"}},
		"en": {[]string{"help me", "help privacy", "help summary"}, []string{"me hours", "me hours 2025", "me record 2026", "privacy forget", "summary last week rows hours"}, []string{"I can't read", "There is no"}},
	} {
		d := newRoomIn(t, lang)
		said := ""
		for _, ask := range w.ask {
			said += whole(d.command("Uchen", ask))
		}
		for _, line := range w.has {
			if !strings.Contains(said, "/muster "+line) {
				t.Errorf("%q is not in help: %s", line, said)
			}
			r := d.command("Uchen", line)
			for _, bad := range w.not {
				if r.Text == "" || strings.Contains(r.Text, bad) {
					t.Errorf("%s: %q", line, r.Text)
				}
			}
		}
	}
}

func understoodKey(t *testing.T, verb, text string, o grammar.Options) {
	t.Helper()
	var err error
	switch verb {
	case "call":
		_, err = grammar.ParseEdit(text, o)
	case "study":
		_, err = grammar.ParseStudyEdit(text, o)
	case "profile":
		_, err = grammar.ParseProfile(text, o)
	default:
		t.Errorf("%s: nobody reads %q", verb, text)
	}
	if err != nil {
		t.Errorf("%s: %q: %v", verb, text, err)
	}
}

// understood reads an example as the bot would, people and channels as Slack
// sends them.
func understood(t *testing.T, text string, o grammar.Options) {
	t.Helper()
	text = regexp.MustCompile(`@(Wang Qiang|王强|张三|李四|王五|Ann|Bo|Cui|who)`).ReplaceAllString(text, "<@U1>")
	text = regexp.MustCompile(`#(channel|频道|汇总|summaries|第一支部|first-branch)`).ReplaceAllString(text, "<#C1>")
	cmd := grammar.ParseCommand(text)
	var err error
	switch {
	case cmd.Verb == "":
		t.Errorf("%q is no command", text)
	case cmd.Verb == "call" && cmd.Number != "" && cmd.Sub != "":
		understoodSub(t, cmd, o)
	case cmd.Verb == "study" && cmd.Sub != "":
		err = understoodStudy(cmd, o)
	case cmd.Verb == "me" && (cmd.Sub == "hours" || cmd.Sub == "record"):
		if year, bad := strconv.Atoi(cmd.Rest); cmd.Rest != "" && (bad != nil || year < 2025) {
			t.Errorf("%q is no year", text)
		}
	case cmd.Verb == "privacy" && cmd.Rest != "":
		t.Errorf("%q: %q is not read", text, cmd.Rest)
	case cmd.Sub != "" && cmd.Sub != "edit", cmd.Rest == "":
	case cmd.Unknown != "":
		t.Errorf("%q: %q is unknown", text, cmd.Unknown)
	case cmd.Verb == "call" && cmd.Sub == "":
		if _, changes, ok := grammar.ParseTemplateUse(cmd.Rest); ok {
			_, err = grammar.ParseEdit(changes, o)
			break
		}
		_, err = grammar.ParseCall(cmd.Rest, o)
	case cmd.Verb == "profile":
		if grammar.ParsePerson(cmd.Rest) == "" {
			_, err = grammar.ParseProfile(cmd.Rest, o)
		}
	case cmd.Verb == "checkin":
		if _, ok := grammar.ParseCode(cmd.Rest); !ok {
			t.Errorf("%q is no code", text)
		}
	case cmd.Verb == "study" && cmd.Sub == "":
		_, err = grammar.ParseStudy(cmd.Rest, o)
	case cmd.Verb == "remind":
		_, err = grammar.ParseRemind(cmd.Rest, o)
	case cmd.Verb == "digest":
		_, err = grammar.ParseDigest(cmd.Rest, o)
	case cmd.Verb == "summary":
		var s grammar.Summary
		rest, figure, rows := grammar.SummaryRows(cmd.Rest)
		if rows && !slices.Contains(models.FiguresWithRows(), figure) {
			t.Errorf("%q: there is no number %q", text, figure)
		}
		if s, err = grammar.ParseSummary(rest, o.Zone); err == nil && s.Unit != "" {
			t.Errorf("%q is read as the unit %q", text, s.Unit)
		}
	case cmd.Verb == "role":
		_, err = grammar.ParseRole(cmd.Rest)
	case cmd.Verb == "export":
		_, err = grammar.ParseExport(cmd.Rest, o.Zone)
	}
	if err != nil {
		t.Errorf("%q: %v", text, err)
	}
}

// understoodStudy reads what is done to a session, and what needs no number.
func understoodStudy(cmd grammar.Command, o grammar.Options) (err error) {
	no := errors.New("is not read")
	ok := true
	switch cmd.Sub {
	case "skip":
		_, err = grammar.ParseDay(cmd.Rest, o)
	case "move":
		_, to, _ := strings.Cut(strings.ReplaceAll(cmd.Rest, " 到 ", " to "), " to ")
		_, err = grammar.ParseWhen(to, o)
	case "edit":
		var fields string
		if _, fields, err = grammar.CutOccurrence(cmd.Rest, o); err == nil {
			_, err = grammar.ParseStudyEdit(fields, o)
		}
	case "roll":
		if cmd.Rest != "" {
			var roll grammar.StudyRoll
			roll, ok = grammar.ParseStudyRoll(cmd.Rest)
			ok = ok && len(roll.Lines) == 3
		}
	case "library":
		if l := grammar.ParseLibrary(cmd.Rest); l.Sub == "add" {
			_, err = grammar.ParseMaterial(l.Rest, o)
		}
	case "push":
		_, err = grammar.ParsePush(cmd.Rest, o)
	case "exempt":
		_, err = grammar.ParseExempt(cmd.Rest, o)
	case "duties":
		var d grammar.Duties
		d, err = grammar.ParseDuties(cmd.Rest, []string{"Members' meeting", "党员大会"}, o)
		ok = cmd.Rest == "" || d.Do != ""
	default:
		ok = cmd.Rest == "" || cmd.Sub == "year"
	}
	if !ok {
		err = no
	}
	return err
}

// understoodSub reads what is done to a call by its number.
func understoodSub(t *testing.T, cmd grammar.Command, o grammar.Options) {
	t.Helper()
	roles := []string{"司机", "driver"}
	var err error
	ok := true
	switch cmd.Sub {
	case "edit", "copy":
		_, err = grammar.ParseEdit(cmd.Rest, o)
	case "ask":
		_, ok = grammar.ParseAskOrder(cmd.Rest, roles)
	case "tell":
		said := grammar.ParseTell(cmd.Rest, roles)
		ok = said.To == "role" && said.Text != ""
	case "roll":
		roll, some := grammar.ParseRollLine(cmd.Rest)
		ok = roll.Part == "" && (!some || roll.All || len(roll.Came) == 1 && len(roll.Absent) == 1 && len(roll.New) == 1 && roll.New[0].Role != "")
	case "goods":
		_, ok = grammar.ParseGoods(cmd.Rest)
	case "home":
		ok = grammar.MeansAll(cmd.Rest) || grammar.ParseMention(cmd.Rest) != ""
	case "handover":
		ok = grammar.ParseMention(cmd.Rest) != ""
	case "cancel", "served", "template":
		ok = cmd.Rest != ""
	case "close", "reopen", "code", "curve", "calendar":
		ok = cmd.Rest == ""
	default:
		t.Errorf("nobody reads the example of %q", cmd.Sub)
	}
	if err != nil || !ok {
		t.Errorf("%s %q: %v", cmd.Sub, cmd.Rest, err)
	}
}

// Whatever the grammar cannot read has words in both languages.
func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	cat, err := views.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh", "en"} {
		p := cat.For(views.Reader{Lang: lang})
		for _, key := range grammar.ReasonKeys() {
			for _, near := range []string{"", "nearest"} {
				reason := &grammar.Reason{Key: key, Part: "<!channel>", Example: "an example", Args: map[string]any{"Part": "<!channel>", "Example": "an example", "Nearest": near}}
				got := p.Error(reasonError(reason), "")
				if !strings.Contains(got, "an example") || strings.Contains(got, "<!channel>") || near != "" && !strings.Contains(got, near) {
					t.Errorf("%s: %q", key, got)
				}
			}
		}
	}
}

// What a mention, a direct message and a command of unreadable words get: one
// line that quotes the part at fault and shows a right example.
func TestUnreadableCommandsGetOneLine(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	d.command("Uchen", "role <@Uchen> organizer")
	for text, want := range map[string]string{
		"digest weekly":                               "“weekly”没有写几点。可以这样写：",
		"digest weekly Mon 25:00 <#C1>":               "25:00",
		"digest every 2 weeks Mon 9:00":               "看不懂",
		"summary 2026-13":                             "看不懂“2026-13”。可以这样写：/muster 汇总 2026-11",
		"summary Eastt":                               "没有叫“Eastt”的组织。",
		"export":                                      "要导出哪一种？",
		"export cals":                                 "看不懂“cals”。",
		"export calls --from yesterday":               "看不懂“--from yesterday”。",
		"export calls --unit Nowhere Land":            "没有叫“Nowhere Land”的组织。",
		"digest d7 delete":                            "没有“d7”这个定期汇总。",
		"digest d99999999999999999999 delete":         "看不懂",
		"digest monthly 5 9:00 #nowhere":              "不认识“#nowhere”这个频道。请打 # 以后从 Slack 的列表里选。",
		"digest weekly Mon 9:00 <#C1> review @nobody": "不认识“@nobody”。",
	} {
		r := d.command("Uchen", text)
		if !strings.Contains(r.Text, want) || strings.Count(r.Text, "\n") > 0 {
			t.Errorf("%s\n%q, want %q", text, r.Text, want)
		}
	}
}

func TestHomeMeAndShortAnswer(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	if r := d.do(bot.Request{Kind: bot.KindHome, User: "Unew"}); !strings.Contains(homeText(t, r), "没有报名的班次") {
		t.Error(homeText(t, r))
	}
	if r := d.do(bot.Request{Kind: bot.KindHome, User: "Uchen"}); !strings.Contains(homeText(t, r), "new_call:flood") || !strings.Contains(homeText(t, r), "open_setup") {
		t.Error(homeText(t, r))
	}
	for _, text := range []string{"me", "我的"} {
		if r := d.command("Uli", text); !r.Private || !strings.HasPrefix(r.Text, "我的") {
			t.Errorf("%+v", r)
		}
	}
	if r := d.command("Uli", ""); r.Private || !strings.HasSuffix(r.Text, "更多：/muster 帮助 提醒") {
		t.Errorf("%q", r.Text)
	}
	if r := d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionHelp, ActionID: views.ActionHelp, Value: "0", User: "Uli"}); !r.Private || !strings.Contains(r.Text, "你可以这样用") {
		t.Errorf("%q", r.Text)
	}
	for _, who := range []string{"Unew", "Uli"} {
		me, _, err := d.svc.WhoActs(t.Context(), services.Act{Team: "T1", User: who})
		if err != nil || me.Person.GreetedAt == 0 {
			t.Errorf("%s was not greeted: %v", who, err)
		}
	}
}
