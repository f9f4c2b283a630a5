package grammar

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPeriodsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	november := time.Date(2026, 11, 1, 12, 0, 0, 0, zone)
	year := time.Date(2025, 1, 1, 12, 0, 0, 0, zone)
	for _, c := range []struct {
		text string
		want Summary
	}{
		{"", Summary{Kind: "week"}},
		{"week", Summary{Kind: "week"}},
		{"WEEK", Summary{Kind: "week"}},
		{"本周", Summary{Kind: "week"}},
		{"last week", Summary{Kind: "week", Back: 1}},
		{"last week East Branch", Summary{Kind: "week", Back: 1, Unit: "East Branch"}},
		{"last week İstanbul İİİİİİİİ", Summary{Kind: "week", Back: 1, Unit: "İstanbul İİİİİİİİ"}},
		{"上周 外卖骑手支部", Summary{Kind: "week", Back: 1, Unit: "外卖骑手支部"}},
		{"day", Summary{Kind: "day"}},
		{"昨天", Summary{Kind: "day", Back: 1}},
		{"this month", Summary{Kind: "month"}},
		{"2026-11", Summary{Kind: "month", At: november}},
		{"2026年11月", Summary{Kind: "month", At: november}},
		{"2026-11 East", Summary{Kind: "month", At: november, Unit: "East"}},
		{"２０２６－１１", Summary{Kind: "month", At: november}},
		{"year", Summary{Kind: "year"}},
		{"2025", Summary{Kind: "year", At: year}},
		{"2025年 East", Summary{Kind: "year", At: year, Unit: "East"}},
		{"East Branch", Summary{Kind: "week", Unit: "East Branch"}},
		{"R&D", Summary{Kind: "week", Unit: "R&D"}},
		{"Weekend team", Summary{Kind: "week", Unit: "Weekend team"}},
		{"周末支部", Summary{Kind: "week", Unit: "周末支部"}},
		{"week Week", Summary{Kind: "week", Unit: "Week"}},
	} {
		got, err := ParseSummary(c.text, zone)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
	for _, bad := range []string{"2026-13", "2026-00 East", "0000-05", "0001"} {
		if got, err := ParseSummary(bad, zone); err == nil {
			t.Errorf("%q was read as %+v", bad, got)
		}
	}
}

func FuzzParseSummary(f *testing.F) {
	for _, s := range []string{"last week İ", "2026-11 East", "上周", "this  year x", "\xff\xfe week", "2026年"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseSummary(text, time.UTC)
		if err != nil {
			return
		}
		switch got.Kind {
		case "day", "week", "month", "year":
		default:
			t.Fatalf("%q is a %q", text, got.Kind)
		}
		if got.Back < 0 || got.Back > 1 {
			t.Fatalf("%q goes back %d", text, got.Back)
		}
	})
}
