package views

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"muster/models"
)

// pictured is a month of twelve units with long names, or a year.
func pictured(lang, kind string) SummaryModel {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := models.Summary{Period: models.Period{Kind: kind, Start: models.At(start), End: models.At(start.AddDate(0, 1, 0))}}
	if kind == models.PeriodYear {
		s.Period.End = models.At(start.AddDate(1, 0, 0))
		for i := range 12 {
			s.Months = append(s.Months, models.MonthLine{Start: models.At(start.AddDate(0, i, 0)), Minutes: (i*7%12 + 3) * 900,
				Study: models.StudyLine{Sessions: 4, Recorded: 4, People: 30, Due: 100, Attended: 60 + i*5%37}})
		}
		s.Months[1].Study.Recorded = 0
		s.Months[10].Study = models.StudyLine{}
		return SummaryModel{PostingID: 7, Org: "长兴县快递外卖骑手志愿服务队", Now: s}
	}
	for i := range 12 {
		name := strings.Repeat("城东街道", i%4) + string([]rune("甲乙丙丁戊己庚辛壬癸子丑")[i]) + "组防汛抢险志愿服务第一小队"
		if lang == "en" {
			name = strings.Repeat("East River ", i%4) + "flood response team " + string(rune('A'+i))
		}
		line := models.StudyLine{UnitID: int64(i + 1), Unit: name, Sessions: 4, Recorded: 4, People: 9, Due: 100, Attended: 100 - i*8}
		s.Study = append(s.Study, line)
		s.Total.Add(line)
		s.Units = append(s.Units, models.UnitFigure{UnitID: line.UnitID, Unit: name, People: 9, Minutes: 6000 - i*450})
	}
	s.Study[10].Recorded = 3
	s.Unit = models.Unit{ID: 99, Name: "新就业群体联合党委"}
	if lang == "en" {
		s.Unit.Name = "Joint committee of new employment groups"
	}
	return SummaryModel{PostingID: 7, Org: "长兴县快递外卖骑手志愿服务队", Now: s}
}

// many is a month of more units than a summary names, some of them small.
func many(lang string) SummaryModel {
	m := pictured(lang, models.PeriodMonth)
	for i := range 11 {
		line := m.Now.Study[i]
		line.UnitID, line.Unit = int64(100+i), fmt.Sprintf("%s %d", line.Unit, i+2)
		m.Now.Study = append(m.Now.Study, line)
		m.Now.Units = append(m.Now.Units, models.UnitFigure{UnitID: line.UnitID, Unit: line.Unit, People: 9, Minutes: 900 - i*60})
	}
	m.Now.Units[2].People, m.Now.Study[2].People, m.Public = 3, 3, true
	return m
}

func TestSummaryPicturesLookLikeTheKeptOnes(t *testing.T) {
	t.Parallel()
	for name, of := range map[string][2]string{"month_zh": {"zh", models.PeriodMonth}, "month_en": {"en", models.PeriodMonth}, "year_zh": {"zh", models.PeriodYear}, "many_zh": {"zh", models.PeriodMonth}} {
		m := pictured(of[0], of[1])
		if strings.HasPrefix(name, "many") {
			m = many(of[0])
		}
		pic, err := callPrinter(t, of[0]).SummaryPicture(m)
		if err != nil {
			t.Fatal(err)
		}
		raw, alt := pic.PNG, pic.Alt
		if !strings.Contains(alt, "%") || !strings.Contains(alt, m.Org) || utf8.RuneCountInString(alt) > 1000 {
			t.Errorf("%s: the words are %s", name, alt)
		}
		kept := filepath.Join("testdata", "pictures", name+".png")
		if os.Getenv("MUSTER_UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(kept, raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(kept)
		if err != nil {
			t.Fatal(err)
		}
		if share := differing(t, raw, want); share > 0.001 {
			t.Errorf("%s: %.2f%% of the picture is another", name, share*100)
		}
		if len(m.Now.Study) > 0 {
			m.Now.Study[0].Attended -= 50
		} else {
			m.Now.Months[0].Study.Attended -= 20
		}
		moved, err := callPrinter(t, of[0]).SummaryPicture(m)
		if err != nil {
			t.Fatal(err)
		}
		if share := differing(t, moved.PNG, want); share <= 0.001 {
			t.Errorf("%s: a moved bar changes only %.2f%%", name, share*100)
		}
	}
}

func TestAPictureHidesWhatAChannelIsNotShown(t *testing.T) {
	t.Parallel()
	m := pictured("en", models.PeriodMonth)
	m.Public = true
	m.Now.Study[0].People, m.Now.Units[0].People = 3, 3
	m.Now.Study[5].Recorded = 3
	pic, err := callPrinter(t, "en").SummaryPicture(m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(pic.Alt, m.Now.Study[0].Unit+" ") || !strings.Contains(pic.Alt, "Not drawn: 2 units with records missing, 2 units of few people") {
		t.Errorf("a unit of three is shown: %s", pic.Alt)
	}
	none := SummaryModel{Now: models.Summary{Period: m.Now.Period}}
	if pic, err := callPrinter(t, "en").SummaryPicture(none); pic.PNG != nil || callPrinter(t, "en").HasPicture(none) || err != nil {
		t.Errorf("nothing was drawn as %q %v", pic.Alt, err)
	}
}
