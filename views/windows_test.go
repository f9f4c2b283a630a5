package views

import (
	"testing"
	"time"

	"muster/models"
)

func TestWindowsInASentence(t *testing.T) {
	t.Parallel()
	workdays := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	afternoon, night := models.Window{Start: 14 * 60, End: 16 * 60}, models.Window{Start: 20*60 + 30, End: 22 * 60}
	weekend := models.Window{Days: []time.Weekday{time.Saturday, time.Sunday}, Start: 8 * 60, End: 18 * 60}
	sunday := models.Window{Days: []time.Weekday{time.Sunday}, Start: 8 * 60, End: 9 * 60}
	for _, c := range []struct {
		windows []models.Window
		zh, en  string
	}{
		{nil, "", ""},
		{[]models.Window{afternoon, night}, "14:00–16:00、20:30–22:00", "14:00–16:00, 20:30–22:00"},
		{[]models.Window{weekend}, "周六、周日 8:00–18:00", "Sat, Sun 8:00–18:00"},
		{[]models.Window{weekend, night}, "周六、周日 8:00–18:00，每天 20:30–22:00", "Sat, Sun 8:00–18:00; every day 20:30–22:00"},
		{[]models.Window{sunday, {Days: workdays, Start: 0, End: 60}}, "周日 8:00–9:00、周一至周五 0:00–1:00", "Sun 8:00–9:00, Mon–Fri 0:00–1:00"},
	} {
		if got := callPrinter(t, "zh").SpanWords(c.windows); got != c.zh {
			t.Errorf("%q, want %q", got, c.zh)
		}
		if got := callPrinter(t, "en").SpanWords(c.windows); got != c.en {
			t.Errorf("%q, want %q", got, c.en)
		}
	}
}
