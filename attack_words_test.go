package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/sandbox"
	"muster/services"
)

// Stories of people who write what no form expects: markup, formulas, ten
// thousand characters, texts that run backwards or have no width.

func hostileTexts() map[string]string {
	return map[string]string{
		"markup":     "<!channel> <!here> <@U0EVIL> *x* <http://evil.example|b> & ~ `c` _d_ <#C0EVIL|e>",
		"escaped":    "&lt;!channel&gt; &lt;@U0EVIL&gt; &amp;lt;!everyone&amp;gt; <!subteam^S0EVIL|@g> <!date^1^{date}|x>",
		"tight":      "x><!channel>|y<@U0EVIL><http://evil.example|z>",
		"lines":      "one\ntwo: three\n- four | five ; six\n> quoted\n```code```",
		"unclosed":   "<!channel <@U0EVIL <http://evil.example| > < <<!here>>",
		"long":       strings.Repeat("长", 5000) + strings.Repeat("x", 5000),
		"long links": strings.Repeat("<@U0EVIL> & ", 800),
		"right left": "\u202eمرحبا بالعالم\u202c \u2066שלום\u2069 \u200f\u200e",
		"no width":   "a\u200b\u200d\u2060\ufeffb\u00ad",
		"emoji":      strings.Repeat("👩‍👩‍👧‍👦🇨🇳👍🏽", 200),
		"combining":  "Z" + strings.Repeat("\u0351\u0300", 2000),
		"formula":    `=HYPERLINK("http://evil.example","x")`,
		"plus":       "+1+cmd' /C calc'!A0",
		"minus":      "-2+3",
		"at":         "@SUM(1+1)*cmd",
		"template":   "{{.Title}} %s %d {Name} ${HOME} {{range}}",
		"controls":   "a\x01\x02\x07\x1b[31mred\u2028line\u2029par",
	}
}

// evil finds what would notify, link or name somebody, in text that Slack reads
// as markup: the bot itself writes none of these.
var evil = regexp.MustCompile(`<(![a-z]|@U0EVIL|#C0EVIL|http://evil|!subteam|!date)`)

// live finds evil markup in what Slack would read as markup.
func live(node any) string {
	switch n := node.(type) {
	case []map[string]any:
		for _, v := range n {
			if found := live(v); found != "" {
				return found
			}
		}
	case []any:
		for _, v := range n {
			if found := live(v); found != "" {
				return found
			}
		}
	case map[string]any:
		text, _ := n["text"].(string)
		switch kind, _ := n["type"].(string); kind {
		case "mrkdwn", "markdown":
			return evil.FindString(text)
		case "user", "usergroup", "broadcast":
			id, _ := n["user_id"].(string)
			if kind != "user" || id == "U0EVIL" {
				return kind
			}
		case "link":
			if address, _ := n["url"].(string); strings.Contains(address, "evil") {
				return address
			}
		}
		for _, v := range n {
			if found := live(v); found != "" {
				return found
			}
		}
	}
	return ""
}

// nothingLive looks at all that anybody can see.
func (s *story) nothingLive() {
	s.t.Helper()
	look := func(where, text string, blocks []map[string]any) {
		if found := evil.FindString(text); found != "" {
			s.t.Errorf("%s: %s in the plain text %.200q", where, found, text)
		}
		if found := live(blocks); found != "" {
			s.t.Errorf("%s: %s is live in %v", where, found, blocks)
		}
	}
	channels := []string{sampleCalls, sampleSummaries, sampleLobby, "C010"}
	for _, p := range samplePeople() {
		channels = append(channels, s.DM(p.ID))
		for _, c := range []string{sampleCalls, sampleLobby, s.DM(p.ID)} {
			for _, m := range s.As(p.ID).Ephemerals(c) {
				look("whispered to "+p.ID, m.Text, m.Blocks)
			}
		}
		for _, v := range s.As(p.ID).Views() {
			look("a form of "+p.ID, "", v.Blocks)
		}
		look("Home of "+p.ID, "", s.As(p.ID).Home().Blocks)
	}
	for _, c := range channels {
		for _, m := range s.posts(c) {
			look("posted in "+c, m.Text, m.Blocks)
		}
	}
}

// types and pushes are says and presses where it does not matter how fast the
// machine is.
func (s *story) types(user, channel, text string) {
	s.t.Helper()
	if out := s.As(user).Command(channel, "/muster", text); !out.Acked && out.Refused != "operation_timeout" {
		s.t.Fatalf("/muster %.80s by %s: %s", text, user, out.Refused)
	}
}

func (s *story) pushes(user string, m sandbox.Message, actionID string) {
	s.t.Helper()
	if now, ok := s.Message(m.Channel, m.TS); ok {
		m = now
	}
	if _, there := m.Button(actionID); !there {
		return // full meanwhile
	}
	if out := s.As(user).Press(m, actionID); !out.Acked && out.Refused != "operation_timeout" {
		s.t.Fatalf("%s on %.80q by %s: %s", actionID, m.Text, user, out.Refused)
	}
}

// One hostile text through every verb that keeps text, and every place that
// shows it. The sandbox complains of each limit broken, at the story's end.
func TestHostileWordsEverywhere(t *testing.T) {
	t.Parallel()
	for name, words := range hostileTexts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, withSandbox(func(o *sandbox.Options) {
				o.TeamName, o.Limits = "T "+words[:min(len(words), 60)], &sandbox.Limits{Off: true}
			}),
				withPeople(func(w *sandbox.World) {
					for _, i := range []int{0, 5, 9} { // an organizer and two members are called so
						u := sampleUser(samplePeople()[i], "zh")
						u.RealName = words
						w.UpdateUser(u)
					}
				}))
			err := s.app.svc.Enrol(t.Context(), s.TeamID(), []services.UnitRow{{Name: words, Leader: sampleAdmin}},
				[]services.MemberRow{{Slack: "U006", Name: words, Unit: words, Skills: []string{words}, Areas: []string{words}}})
			if err != nil {
				t.Fatal(err)
			}
			s.hostileCall(words)
			s.hostileStudy(words)
			s.hostilePeople(words)
			s.passes(26 * time.Hour) // reminders, greetings
			s.types(sampleAdmin, sampleLobby, "digest weekly Tue 12:30 <#C002>")
			s.types("U006", sampleLobby, "remind me to rest, 12:15")
			s.passes(time.Hour)
			s.hurries("the summary and the last reminder", func() bool {
				return len(s.posts(sampleSummaries)) > 0 && s.toldAll("rest", "U006")
			})
			s.hostileExports(words)
			s.nothingLive()
			for _, line := range strings.Split(s.logs.String(), "\n") {
				if strings.Contains(line, "level=ERROR") {
					t.Errorf("the log says: %.300s", line)
				}
				if len(words) > 12 && strings.Contains(line, words[:12]) {
					t.Errorf("the log repeats what people wrote: %.200s", line)
				}
			}
		})
	}
}

// hostileCall posts, joins, edits and cancels calls made of words.
func (s *story) hostileCall(words string) {
	s.t.Helper()
	one := strings.NewReplacer("|", " ", ";", " ", ",", " ", "\n", " ").Replace(words)
	line := "招募 " + words + " | 时间: 周六 8:00-12:00 | 地点: " + words + " | 需要: 引导员 2 | 携带: " + words + " | 仅确认者可见: " + words
	s.types(sampleAdmin, sampleCalls, line)
	s.types(sampleAdmin, sampleCalls, "招募 角色 | 时间: 周日 8:00-12:00 | 地点: 绿城 | 需要: "+one+" 2, 司机 3 | 技能: "+one)
	s.types(sampleAdmin, sampleCalls, "招募 垫底 | 时间: 周日 14:00-16:00 | 地点: 绿城 | 需要: 2")
	s.sees(sampleCalls, "垫底", "0/2")
	s.As(sampleAdmin).Say(sampleLobby, "<@"+s.BotUserID()+"> "+line)
	s.As("U010").DM(words)
	for _, card := range s.posts(sampleCalls) {
		s.As("U011").SayIn(sampleCalls, card.TS, words)
		s.As("U011").SayIn(sampleCalls, card.TS, "9点以后可以 "+words)
		for _, b := range card.Buttons() {
			if strings.HasPrefix(b.ActionID, "call_join") {
				s.pushes("U006", card, b.ActionID)
				s.pushes("U012", card, b.ActionID)
				break
			}
		}
		s.pushes("U006", card, "call_details")
		s.pushes(sampleAdmin, card, "call_details")
	}
	s.types(sampleAdmin, sampleCalls, "call k1 edit")
	s.types(sampleAdmin, sampleCalls, "call k1 edit title: "+words+" | where: "+words)
	s.types(sampleAdmin, sampleCalls, "call k1")
	s.types(sampleAdmin, sampleCalls, "call "+words)
	s.types(sampleAdmin, sampleCalls, "call x | when: "+words+" | need: "+words)
	for _, number := range regexp.MustCompile(`#k\d`).FindAllString(texts(s.posts(sampleCalls)), -1)[1:] {
		s.types(sampleAdmin, sampleCalls, "call "+number[1:]+" cancel "+words)
	}
	s.types("U010", sampleCalls, "calls")
	s.types(sampleAdmin, sampleCalls, words)
	s.types(sampleAdmin, sampleCalls, "help "+words)
}

func (s *story) hostileStudy(words string) {
	s.t.Helper()
	s.types(sampleAdmin, sampleLobby, "学习 "+words+" | 时间: 明天 15:00 | 范围: <#C010> | 地点: "+words+" | 链接: https://example.org/"+words)
	s.types(sampleAdmin, sampleLobby, "学习 "+words+" | 时间: 明天 16:00 | 范围: <#C010> | 地点: "+words)
	s.types(sampleAdmin, sampleLobby, "study list")
	s.types(sampleAdmin, sampleLobby, "study s1 edit where: "+words)
	s.types("U006", sampleLobby, "remind me to "+words+", tomorrow 11:00")
	s.types("U006", sampleLobby, "提醒 我 "+words+" 明天 11:00")
	s.types(sampleAdmin, sampleLobby, "remind <#C003> "+words+", tomorrow 11:00")
	s.types("U006", sampleLobby, "remind list")
	s.types(sampleAdmin, sampleLobby, "summary week "+words)
	s.types(sampleAdmin, sampleLobby, "role <@U006> organizer "+words)
}

func (s *story) hostilePeople(words string) {
	s.t.Helper()
	s.types("U006", sampleLobby, "profile")
	if form, ok := s.As("U006").View(); ok {
		cut := string([]rune(words)[:min(len([]rune(words)), 100)])
		s.As("U006").Submit(form, map[string]any{"skills": cut, "areas": cut, "phone": string([]rune(cut)[:min(len([]rune(cut)), 20)])})
	}
	s.types("U006", sampleLobby, "me")
	s.types("U006", sampleLobby, "profile")
	for _, user := range []string{"U006", sampleAdmin} {
		s.As(user).OpenHome()
		s.waits("the Home of "+user, func() bool { return len(s.As(user).Home().Blocks) > 0 })
	}
}

// hostileExports reads the files as a spreadsheet would.
func (s *story) hostileExports(words string) {
	s.t.Helper()
	for _, kind := range []string{"calls", "signups", "study", "attendance", "members", "units", "audit"} {
		for _, format := range []string{"csv", "xlsx", "json"} {
			file := s.fileOf(kind, format)
			switch format {
			case "csv":
				rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
				if err != nil {
					s.t.Errorf("%s.csv: %v", kind, err)
				}
				for _, row := range rows {
					for _, cell := range row {
						if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
							s.t.Errorf("%s.csv: a spreadsheet would run %.60q", kind, cell)
						}
					}
				}
			case "xlsx":
				if strings.Contains(sheets(s.t, file), "<f>") {
					s.t.Errorf("%s.xlsx holds a formula", kind)
				}
			}
			if kind == "calls" && format == "json" && !bytes.Contains(file, []byte("call_id")) {
				s.t.Errorf("calls.json: %.200s", file)
			}
		}
	}
}

// fileOf is the file of an export, as the organizer gets it on the command
// line.
func (s *story) fileOf(kind, format string) []byte {
	s.t.Helper()
	var out, errs bytes.Buffer
	env := []string{"MUSTER_DATABASE=" + string(s.settings.Database), "SLACK_API_URL=" + s.APIURL(),
		"MUSTER_CLOCK_START=" + s.clock.Now().Format(time.RFC3339)}
	if code := Run(s.t.Context(), []string{"export", kind, "--format", format}, env, strings.NewReader(""), &out, &errs); code != exitDone {
		s.t.Fatalf("export %s as %s ended with %d: %s", kind, format, code, errs.String())
	}
	return out.Bytes()
}

// sheets is all XML of a workbook.
func sheets(t testing.TB, file []byte) string {
	t.Helper()
	book, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, part := range book.File {
		if !strings.Contains(part.Name, "worksheets") {
			continue
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&b, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return b.String()
}
