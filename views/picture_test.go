package views

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		return SummaryModel{Now: s}
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
	return SummaryModel{Now: s}
}

func TestSummaryPicturesLookLikeTheKeptOnes(t *testing.T) {
	t.Parallel()
	for name, of := range map[string][2]string{"month_zh": {"zh", models.PeriodMonth}, "month_en": {"en", models.PeriodMonth}, "year_zh": {"zh", models.PeriodYear}} {
		m := pictured(of[0], of[1])
		raw, alt, err := callPrinter(t, of[0]).SummaryPicture(m)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(alt, "%") {
			t.Errorf("%s: the words give no rate: %s", name, alt)
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
			m.Now.Study[0].Attended -= 20
		} else {
			m.Now.Months[0].Study.Attended -= 20
		}
		moved, _, err := callPrinter(t, of[0]).SummaryPicture(m)
		if err != nil {
			t.Fatal(err)
		}
		if share := differing(t, moved, want); share <= 0.001 {
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
	_, alt, err := callPrinter(t, "en").SummaryPicture(m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(alt, m.Now.Study[0].Unit) {
		t.Errorf("a unit of three is shown: %s", alt)
	}
	if raw, alt, err := callPrinter(t, "en").SummaryPicture(SummaryModel{Now: models.Summary{Period: m.Now.Period}}); raw != nil || alt != "" || err != nil {
		t.Errorf("nothing was drawn as %q %v", alt, err)
	}
}
