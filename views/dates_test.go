package views

import (
	"testing"
	"time"
)

func printerIn(t *testing.T, lang, zone string, now time.Time) *Printer {
	t.Helper()
	cat, err := NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	org, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return cat.For(Reader{Lang: lang, Zone: loc, OrgZone: org, Now: now})
}

func TestDatesAreWrittenAsVoiceWritesThem(t *testing.T) {
	t.Parallel()
	shanghai := time.FixedZone("CST", 8*3600)
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, shanghai)
	start := time.Date(2026, 11, 28, 9, 0, 0, 0, shanghai)
	end := time.Date(2026, 11, 28, 11, 30, 0, 0, shanghai)
	night := time.Date(2026, 11, 28, 22, 0, 0, 0, shanghai)
	for _, c := range []struct{ lang, zone, want, got string }{
		{"zh", "Asia/Shanghai", "周六 11月28日 9:00–11:30", "range"},
		{"en", "Asia/Shanghai", "Sat 28 Nov, 9:00–11:30", "range"},
		{"en", "Europe/Riga", "Sat 28 Nov, 3:00–5:30 (Europe/Riga)", "range"},
		{"zh", "Asia/Shanghai", "周六 11月28日 22:00–次日2:00", "night"},
		{"en", "Asia/Shanghai", "Sat 28 Nov, 22:00–2:00 (+1)", "night"},
		{"zh", "Asia/Shanghai", "周二 2027年1月5日", "year"},
		{"en", "Asia/Shanghai", "Tue 5 Jan 2027", "year"},
		{"zh", "Asia/Shanghai", "周六 11月28日 9:00", "clock"},
	} {
		p := printerIn(t, c.lang, c.zone, now)
		got := map[string]string{"range": p.Range(start, end), "night": p.Range(night, night.Add(4*time.Hour)),
			"year": p.Day(time.Date(2027, 1, 5, 8, 0, 0, 0, shanghai)), "clock": p.DayClock(start)}[c.got]
		if got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.lang, c.zone, got, c.want)
		}
	}
}

func TestSpansAreWrittenInWords(t *testing.T) {
	t.Parallel()
	zh := printerIn(t, "zh", "Asia/Shanghai", time.Time{})
	en := printerIn(t, "en", "Asia/Shanghai", time.Time{})
	for _, c := range []struct {
		d      time.Duration
		zh, en string
	}{
		{38 * time.Minute, "38 分钟", "38 minutes"},
		{time.Minute, "1 分钟", "1 minute"},
		{time.Hour, "1 小时", "1 hour"},
		{90 * time.Minute, "1.5 小时", "1.5 hours"},
		{26 * time.Hour, "26 小时", "26 hours"},
		{72 * time.Hour, "3 天", "3 days"},
	} {
		if got := zh.Span(c.d); got != c.zh {
			t.Errorf("%v: %q, want %q", c.d, got, c.zh)
		}
		if got := en.Span(c.d); got != c.en {
			t.Errorf("%v: %q, want %q", c.d, got, c.en)
		}
	}
}
