package views

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/models"
)

// fullYear is a year with everything on it: more units than the page has room
// for, long names, a leaderboard.
func fullYear(lang string) SummaryModel {
	m := voiceWeek()
	year := pictured(lang, models.PeriodYear)
	units := many(lang)
	m.PostingID, m.Org = 7, "长兴县快递外卖骑手志愿服务队"
	m.Now.Period, m.Now.Months, m.Now.Study, m.Now.Units = year.Now.Period, year.Now.Months, units.Now.Study, units.Now.Units
	for i := range m.Now.Months {
		m.Now.Months[i].Calls, m.Now.Months[i].Volunteers = i%4, 11+i
	}
	m.Now.Unit = models.Unit{ID: 99, Name: "新就业群体联合党委 <b> & more"}
	m.Now.Served, m.Now.Goods = 86, []models.GoodsLine{{Item: "矿泉水 & 面包", Number: 120}, {Item: "雨衣", Number: 30}}
	m.Now.Duties = []models.DutyGap{{Unit: "驿站", Duty: "主题党日", Times: 2}}
	for i := range 8 {
		m.Leaders = append(m.Leaders, LeaderShown{Rank: i + 1, Name: strings.Repeat("欧阳", i%3) + "王小强", Minutes: 900 - i*30})
	}
	return m
}

func TestAYearOnPaperLooksLikeTheKeptOne(t *testing.T) {
	t.Parallel()
	small := voiceWeek()
	small.Now = models.Summary{Period: fullYear("zh").Now.Period}
	for name, c := range map[string]struct {
		lang string
		m    SummaryModel
	}{"yearpaper_zh": {"zh", fullYear("zh")}, "yearpaper_en": {"en", fullYear("en")}, "yearpaper_empty_zh": {"zh", small}} {
		d, err := callPrinter(t, c.lang).yearPaper(c.m)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := d.pdf.GetBytesPdfReturnErr()
		if err != nil || d.pdf.GetNumberOfPages() != 1 {
			t.Fatalf("%s: %d pages, %v", name, d.pdf.GetNumberOfPages(), err)
		}
		if dir := os.Getenv("MUSTER_PICTURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".pdf"), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		kept := filepath.Join("testdata", name+".golden.json")
		if os.Getenv("MUSTER_UPDATE_GOLDEN") != "" {
			keepPaper(t, kept, d.placed)
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
			t.Errorf("%s: %s; look at it, and keep it with MUSTER_UPDATE_GOLDEN=1", name, why)
		}
		insidePaper(t, d)
	}
}

func keepPaper(t *testing.T, file string, placed []placedText) {
	t.Helper()
	lines := make([]string, len(placed))
	for i, p := range placed {
		line, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		lines[i] = string(line)
	}
	if err := os.WriteFile(file, []byte("[\n"+strings.Join(lines, ",\n")+"\n]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Whoever asks for it, the page says what a channel may see: it is passed round.
func TestAYearOnPaperNamesNobodyOfASmallUnit(t *testing.T) {
	t.Parallel()
	m := fullYear("en")
	m.Public = false
	d, err := callPrinter(t, "en").yearPaper(m)
	if err != nil {
		t.Fatal(err)
	}
	small := m.Now.Units[2] // three people
	for i, text := range d.placed {
		if strings.HasPrefix(text.Text, small.Unit) && (d.placed[i+1].Text != "–" || d.placed[i+2].Text != "–" || d.placed[i+3].Text != "–") {
			t.Errorf("%s: %v", small.Unit, d.placed[i:i+4])
		}
		if strings.Contains(text.Text, "&amp;") {
			t.Errorf("words of a chat on paper: %s", text.Text)
		}
	}
	for lang, want := range map[string]string{"zh": "打印版", "en": "Print"} {
		found := false
		for _, b := range callPrinter(t, lang).openButtons(m) {
			raw, err := json.Marshal(b)
			found = found || err == nil && strings.Contains(string(raw), want)
		}
		if !found {
			t.Errorf("%s: no button", lang)
		}
	}
}
