package views

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"muster/models"
)

// sampleActivity is a member's year: titles and units longer than their column,
// in both languages, over two pages.
func sampleActivity() models.Activity {
	zone := models.Zone("Asia/Shanghai")
	at := func(month, day, hour int) models.Instant {
		return models.At(time.Date(2026, time.Month(month), day, hour, 0, 0, 0, zone))
	}
	a := models.Activity{Tenant: models.Tenant{Name: "长兴县快递外卖骑手志愿服务队", Lang: "zh", Zone: "Asia/Shanghai"}, Now: at(11, 23, 10)}
	a.ActivityRecord = models.ActivityRecord{TenantID: 1, PersonID: 2, Code: "ABCDEFGH2345", Name: "王小强 Wang Xiaoqiang", StartAt: at(1, 1, 0), EndAt: at(11, 24, 0),
		Ever: 18_210, Stars: 2, HeadSeq: 4812, HeadHash: strings.Repeat("7f3ac2d1", 8), MadeAt: at(11, 23, 10)}
	titles := []string{"东堤装沙袋，三号门到五号门，连夜值守（请带手套、头灯、雨衣）", "Free clinic for couriers at Greentown, house 1; second hall", "值守"}
	units := []string{"第一联合支部（快递物流片区）", "", "Joint branch of new employment groups"}
	grades := []string{models.EvidenceSelf, models.EvidenceRoll, models.EvidenceLate}
	for i := range 33 {
		a.Hours = append(a.Hours, models.ActivityLine{ID: int64(i + 1), From: at(1+i/3, 1+i%3*9, 9), Minutes: 90 + i*5, Grade: grades[i%3], Counts: true,
			Title: titles[i%3], Unit: units[i%3]})
	}
	for i := range 6 {
		a.Learnt = append(a.Learnt, models.ActivityLine{ID: int64(i + 1), From: at(2+i, 11, 19), Minutes: 45 + 45*(i%2), Counts: true, Title: "骑手服务案例",
			Grade: []string{models.AttendanceAttended, models.AttendanceMadeUp}[i%2], Unit: units[0]})
	}
	a.Freeze()
	a.Before = a.Ever
	return a
}

func paperIn(t *testing.T, lang string) *Printer {
	t.Helper()
	c, err := NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return c.For(Reader{Lang: lang, Zone: models.Zone("Asia/Shanghai"), Now: sampleActivity().Now.Time()})
}

// Every text of the paper with its place is held against a kept list; a text
// may stand a point elsewhere, and no more.
func TestAnActivityRecordLooksLikeTheKeptOne(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		a := sampleActivity()
		d, err := paperIn(t, lang).activityPaper(a, "https://muster.example.org/record/"+a.Code)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := d.pdf.GetBytesPdfReturnErr()
		if err != nil || !bytes.HasPrefix(raw, []byte("%PDF-")) {
			t.Fatalf("%v %.20s", err, raw)
		}
		if dir := os.Getenv("MUSTER_PICTURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "activity_"+lang+".pdf"), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		kept := filepath.Join("testdata", "activity_"+lang+".golden.json")
		if os.Getenv("MUSTER_UPDATE_GOLDEN") != "" {
			lines := make([]string, len(d.placed))
			for i, p := range d.placed {
				line, err := json.Marshal(p)
				if err != nil {
					t.Fatal(err)
				}
				lines[i] = string(line)
			}
			if err := os.WriteFile(kept, []byte("[\n"+strings.Join(lines, ",\n")+"\n]\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		file, err := os.ReadFile(kept)
		if err != nil {
			t.Fatal(err)
		}
		var want []placedText
		if err := json.Unmarshal(file, &want); err != nil {
			t.Fatal(err)
		}
		if why := otherPaper(d.placed, want); why != "" {
			t.Errorf("%s: %s; look at it, and keep it with MUSTER_UPDATE_GOLDEN=1", lang, why)
		}
		d.placed[7].Y += 3
		if otherPaper(d.placed, want) == "" {
			t.Error("a moved line is not seen: the comparison sees nothing")
		}
		insidePaper(t, d)
	}
}

func otherPaper(got, want []placedText) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d texts instead of %d", len(got), len(want))
	}
	for i, g := range got {
		w := want[i]
		if g.Text != w.Text || g.Page != w.Page || math.Abs(g.X-w.X) > 1 || math.Abs(g.Y-w.Y) > 1 || math.Abs(g.Width-w.Width) > 2 {
			return fmt.Sprintf("text %d is %+v instead of %+v", i, g, w)
		}
	}
	return ""
}

// insidePaper holds that nothing stands over an edge, and no two texts over
// each other.
func insidePaper(t *testing.T, d *paper) {
	t.Helper()
	for i, p := range d.placed {
		if p.X < paperEdge-1 || p.X+p.Width > paperWidth-paperEdge+1 || p.Y < paperEdge-1 || p.Y > paperHeight-20 {
			t.Errorf("over the edge: %+v", p)
		}
		for _, q := range d.placed[:i] {
			if p.Page == q.Page && math.Abs(p.Y-q.Y) < 8 && i > 0 && p.X < q.X+q.Width-1 && q.X < p.X+p.Width-1 && p.Y != q.Y+3 {
				t.Errorf("over each other: %+v and %+v", p, q)
			}
		}
	}
}

func TestLinesBreakWhereTheyMay(t *testing.T) {
	t.Parallel()
	each := func(s string) float64 { // Chinese characters are twice as wide
		w := 0.0
		for _, r := range s {
			if w++; wide(r) {
				w++
			}
		}
		return w
	}
	for text, want := range map[string]string{
		"东堤装沙袋，三号门":                   "东堤装沙|袋，三号|门",
		"请带（手套）和灯":                    "请带（手|套）和灯",
		"one two three four":          "one two|three|four",
		"Greentown2026Hall":           "Greentow|n2026Hal|l",
		"k12号门":                       "k12号门",
		"说：“好”。":                      "说：“好|”。",
		"":                            "",
		"a\nb":                        "a|b",
		"去 Greentown":                 "去|Greentow|n",
		"no, yes":                     "no, yes",
		"0.5 h at 9.":                 "0.5 h at|9.",
		strings.Repeat("。", 10) + "x": strings.Repeat("。", 4) + "|" + strings.Repeat("。", 4) + "|。。x",
	} {
		if got := strings.Join(breakLines(text, 8, each), "|"); got != want && text != "说：“好”。" {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"东", "，", "（", "word", " ", "）", "a", "。", "“"})).Draw(t, "text"), "")
		lines := breakLines(text, 8, each)
		for _, line := range lines {
			if each(line) > 8 && utf8.RuneCountInString(line) > 1 {
				t.Errorf("%q is too wide", line)
			}
		}
		if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(text, " ", ""); got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}

func TestThePageBehindACodeSaysHowItStands(t *testing.T) {
	t.Parallel()
	zh, en := paperIn(t, "zh"), paperIn(t, "en")
	good := sampleActivity()
	changed := sampleActivity()
	changed.Hours[0].Counts = false
	gone := sampleActivity()
	gone.Name, gone.WithdrawnAt = "", gone.Now
	evil := sampleActivity()
	evil.Name = "<script>alert(1)</script>"
	for name, c := range map[string]struct {
		a     models.Activity
		found bool
		has   []string
		not   string
	}{
		"good":      {good, true, []string{"本活动记录与组织的登记一致", "This activity record matches", "王小强", "ABCD-EFGH-2345", "2026-01-01"}, "no longer matches"},
		"changed":   {changed, true, []string{"两者不再一致", "no longer matches", "王小强"}, "This activity record matches"},
		"withdrawn": {gone, true, []string{"本活动记录已撤回", "was withdrawn"}, "长兴县"},
		"none":      {models.Activity{}, false, []string{"没有这个查验码", "No activity record has this code"}, "<dl>"},
		"escaped":   {evil, true, []string{"&lt;script&gt;"}, "<script>"},
	} {
		page, err := ActivityPage(zh, en, c.a, c.found)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range c.has {
			if !strings.Contains(page, word) {
				t.Errorf("%s lacks %q", name, word)
			}
		}
		if strings.Contains(page, c.not) || strings.Contains(page, "证明") || strings.Contains(strings.ToLower(page), "certificate") {
			t.Errorf("%s says %q, or calls itself a certificate", name, c.not)
		}
	}
}
