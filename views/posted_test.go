package views

import (
	"testing"
	"time"

	"muster/models"
)

func TestACorrectionInWords(t *testing.T) {
	t.Parallel()
	cat, err := NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	args := models.CorrectedArgs{Changes: []models.FigureChange{{Name: models.FigureHours, From: 3690, To: 3870}, {Name: models.FigureWaiting, From: 720, To: 540}}}
	for lang, want := range map[string]string{
		"zh": "更正：已核实小时 61.5 → 64.5，待确认小时 12 → 9。原因：工时有补录、有确认，或异议有了结果。上面的汇总保持发布时的数字。",
		"en": "Corrected: confirmed hours 61.5 → 64.5, hours awaiting confirmation 12 → 9. Why: hours were entered late or confirmed, or a contest was decided. The summary above keeps the numbers it was posted with.",
	} {
		p := cat.For(Reader{Lang: lang, Zone: time.UTC, OrgZone: time.UTC, Now: time.Unix(0, 0)})
		if got := p.Corrected(args).Text; got != want {
			t.Errorf("%s: %q", lang, got)
		}
		for _, name := range models.FiguresWithRows() { // all have a name and a reason
			p.Corrected(models.CorrectedArgs{Changes: []models.FigureChange{{Name: name}}})
		}
	}
}
