package grammar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"muster/models"
)

const ledger = `user_id,email,name,unit,duty,skills,areas,lang,windows,quiet
U01,,张三,城东支部,leader,装卸;医生*;急救*2026-12-31,城东;绿城,zh,10:00-11:00;周六 14:30-16:30,23:00-6:00
,Li@Example.org,李四,,,,,,,
`

func TestAFileOfMembersIsReadHoweverExcelSavedIt(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(ledger)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(ledger, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	quiet := [2]int{23 * 60, 6 * 60}
	want := []models.MemberLine{
		{Line: 2, Slack: "U01", Name: "张三", Unit: "城东支部", Duty: "leader", Lang: "zh",
			Skills:  []models.SkillLine{{Name: "装卸"}, {Name: "医生", Verified: true}, {Name: "急救", Verified: true, Until: "2026-12-31"}},
			Areas:   []string{"城东", "绿城"},
			Windows: []models.Window{{Start: 600, End: 660}, {Days: grammarDays(6), Start: 870, End: 990}}, QuietStart: &quiet[0], QuietEnd: &quiet[1],
			Said: saidAll("user_id", "name", "unit", "duty", "skills", "areas", "lang", "windows", "quiet")},
		{Line: 3, Email: "li@example.org", Name: "李四", Said: saidAll("email", "name")},
	}
	for name, raw := range map[string]string{"UTF-8": ledger, "with a byte order mark": "\ufeff" + ledger, "GBK": gbk, "UTF-16 with tabs": utf16,
		"with CR LF":             strings.ReplaceAll(ledger, "\n", "\r\n"),
		"with empty lines":       strings.TrimSuffix(ledger, "\n") + "\n,,,,,,,,,\n\n",
		"with columns at an end": strings.ReplaceAll(ledger, "\n", ",,\n")} {
		got, faults := ReadMembers([]byte(raw))
		if len(faults) > 0 {
			t.Errorf("%s: line %d: %v", name, faults[0].Line, faults[0].Err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	semicolons := strings.NewReplacer(",", ";", "装卸;医生*;急救*2026-12-31", "装卸、医生*、急救*2026-12-31", "城东;绿城", "城东、绿城",
		"10:00-11:00;周六", "10:00-11:00、周六").Replace(ledger)
	if got, faults := ReadMembers([]byte(semicolons)); len(faults) > 0 || cmp.Diff(want, got) != "" {
		t.Errorf("with semicolons: %v\n%s", faults, cmp.Diff(want, got))
	}
}

var peopleNow = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

func grammarDays(days ...int) (out []time.Weekday) {
	for _, d := range days {
		out = append(out, time.Weekday(d))
	}
	return out
}

func saidAll(names ...string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

// Every bad row is named by line and reason, all of them in one go.
func TestWhatIsWrongWithAFileIsNamedByLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, raw string
		want      []string
	}{
		{"nothing", "", []string{"1 import.empty"}},
		{"a workbook", "PK\x03\x04....", []string{"1 import.workbook"}},
		{"no text at all", "user_id\nU1\x00", []string{"1 import.encoding"}},
		{"neither UTF-8 nor GBK", "user_id,name\nU1,\xff\xff\xff", []string{"1 import.encoding"}},
		{"an unknown column", "user_id,team\nU1,x", []string{"1 import.column team"}},
		{"a column twice", "user_id,name,Name\nU1,x,y", []string{"1 import.column_twice name"}},
		{"only names", "name\n张三", []string{"1 import.needs"}},
		{"an open quotation", "user_id,name\nU1,\"张三\nU2,李四\n", []string{"2 import.quotes"}},
		{"a row that says nobody", "user_id,email,name\nU1,,a\n,,张三\n", []string{"3 import.nobody"}},
		{"more cells than columns", "user_id,name\nU1,a,b\n", []string{"2 import.cells b"}},
		{"every value wrong", "user_id,email,duty,lang,windows,quiet,skills\nu1,,,,,,\n,no-address,,,,,\nU3,,boss,fr,25:00-26:00,周一 1:00-2:00,医生*soon\n", []string{
			"2 import.user_id u1", "3 import.email no-address", "4 import.value boss", "4 import.value fr", "4 import.skill 医生*soon",
			"4 import.windows 25:00-26:00", "4 import.quiet 周一 1:00-2:00"}},
		{"a name that is no name", "user_id,name\nU1," + strings.Repeat("张", 101), []string{"2 import.long " + clip(strings.Repeat("张", 101))}},
		{"too many skills", "user_id,skills\nU1," + strings.Join(numbered(31), ";"), []string{"2 import.listed s30"}},
		{"a row over two lines", "user_id,name\nU1,\"a\nb\"\nx,c\n", []string{"4 import.user_id x"}},
	} {
		_, faults := ReadMembers([]byte(tt.raw))
		if diff := cmp.Diff(tt.want, faultLines(faults)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	_, faults := ReadUnits([]byte("name,leader,parent\n,U1,\nEast,somebody,\nWest,li@x.org,East\n"))
	if diff := cmp.Diff([]string{"2 import.unnamed", "3 import.user_id somebody"}, faultLines(faults)); diff != "" {
		t.Errorf("units (-want +got):\n%s", diff)
	}
	if _, faults := ReadUnits([]byte("parent\nx")); len(faults) != 1 || faults[0].Err.Key != "import.needs" {
		t.Errorf("units without a name: %v", faults)
	}
}

func numbered(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("s%d", i))
	}
	return out
}

func faultLines(faults []models.Fault) (out []string) {
	for _, f := range faults {
		line := fmt.Sprintf("%d %s", f.Line, f.Err.Key)
		if part, ok := f.Err.Args["Part"].(string); ok {
			line += " " + part
		}
		out = append(out, line)
	}
	return out
}

// A dash empties a cell; an empty one leaves what is there.
func TestADashEmptiesACell(t *testing.T) {
	t.Parallel()
	got, faults := ReadMembers([]byte("user_id,unit,skills,windows,quiet\n<@U1|zhang>,-,－,—,\n"))
	want := []models.MemberLine{{Line: 2, Slack: "U1", Said: saidAll("user_id", "unit", "skills", "windows")}}
	if len(faults) > 0 || cmp.Diff(want, got) != "" {
		t.Errorf("%v\n%s", faults, cmp.Diff(want, got))
	}
}

func TestProfileInOneLine(t *testing.T) {
	t.Parallel()
	o := Options{Now: peopleNow, Zone: time.UTC, Lang: "en"}
	got, err := ParseProfile("skills: lifting, driving | areas: East; West | free: Sat 8:00-18:00 | phone: +86 138 0000 | quiet: 23:00-6:00 | lang: 中文 | off: call, 补学 | 榜单: 同意 | remind:", o)
	if err != nil {
		t.Fatal(err)
	}
	want := Profile{Skills: []string{"lifting", "driving"}, Areas: []string{"East", "West"}, Free: []models.Window{{Days: grammarDays(6), Start: 480, End: 1080}},
		Quiet: &models.Window{Start: 23 * 60, End: 6 * 60}, Lang: "zh", Phone: "+86 138 0000", Off: []string{"call", "follow"}, Leaderboard: true,
		Set: saidAll("skills", "areas", "free", "phone", "quiet", "lang", "off", "remind", "leaderboard")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	zh, err := ParseProfile("技能：装卸、驾驶；片区：城东｜空闲：周六 8:00-18:00；电话：无", Options{Now: peopleNow, Zone: time.UTC, Lang: "zh"})
	if err != nil || cmp.Diff([]string{"装卸", "驾驶"}, zh.Skills) != "" || len(zh.Free) != 1 || !zh.Set["phone"] || zh.Phone != "" {
		t.Errorf("%+v %v", zh, err)
	}
	for text, key := range map[string]string{"lifting": "profile.how", "": "profile.how", "skils: x | skills: y": "profile.unknown", "skills: a | 技能: b": "profile.twice",
		"free: sometimes": "profile.bad_window", "quiet: Mon 1:00-2:00": "setup.bad_quiet", "lang: klingon": "profile.bad_lang", "off: everything": "profile.bad_off"} {
		_, err := ParseProfile(text, o)
		var reason *Reason
		if !errors.As(err, &reason) || reason.Key != key {
			t.Errorf("%q: %v, want %s", text, err, key)
		}
	}
}

func TestAPersonAlone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"<@U123|bo>": "U123", " <@W9> ": "W9", "<@U1> doctor": "", "U1": "", "": ""} {
		if got := ParsePerson(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
