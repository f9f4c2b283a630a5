package grammar

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestExportsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, zone) }
	for _, c := range []struct {
		text string
		want Export
	}{
		{"calls", Export{Kind: "calls", Format: "csv"}},
		{"报名", Export{Kind: "signups", Format: "csv"}},
		{"SIGNUPS", Export{Kind: "signups", Format: "csv"}},
		{"signups --from 2026-11-01 --to 2026-11-30", Export{Kind: "signups", Format: "csv", From: day(1), To: day(31)}},
		{"signups —from 2026-11-01 –to=2026-11-01", Export{Kind: "signups", Format: "csv", From: day(1), To: day(2)}},
		{"study --unit East Branch --format xlsx", Export{Kind: "study", Format: "xlsx", Unit: "East Branch"}},
		{"study --unit=East Branch --format=XLSX", Export{Kind: "study", Format: "xlsx", Unit: "East Branch"}},
		{`study --unit "East Branch"`, Export{Kind: "study", Format: "csv", Unit: "East Branch"}},
		{"study --unit “East – Branch”", Export{Kind: "study", Format: "csv", Unit: "East – Branch"}},
		{"study --unit a=b", Export{Kind: "study", Format: "csv", Unit: "a=b"}},
		{"study --unit R&D", Export{Kind: "study", Format: "csv", Unit: "R&D"}},
		{"记录 --excel", Export{Kind: "audit", Format: "csv", Excel: true}},
		{"attendance --excel --unit 外卖骑手支部", Export{Kind: "attendance", Format: "csv", Excel: true, Unit: "外卖骑手支部"}},
	} {
		got, err := ParseExport(c.text, zone)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
	for _, c := range []struct{ text, key, part string }{
		{"", "export.which", ""},
		{"everything", "export.how", "everything"},
		{"calls signups", "export.how", "signups"},
		{"calls --from tomorrow", "export.how", "--from tomorrow"},
		{"calls --from 2026-02-30", "export.how", "--from 2026-02-30"},
		{"calls --from", "export.how", "--from"},
		{"calls --format pdf", "export.how", "--format pdf"},
		{"calls --unit", "export.how", "--unit"},
		{"calls --excel yes", "export.how", "--excel yes"},
		{"calls --colour red", "export.how", "--colour red"},
		{"calls --", "export.how", "--"},
		{"calls --from 2026-11-30 --to 2026-11-01", "export.how", "--to 2026-11-01"},
	} {
		got, err := ParseExport(c.text, zone)
		reason, ok := err.(*Reason)
		if !ok {
			t.Errorf("%q was read as %+v", c.text, got)
			continue
		}
		if reason.Key != c.key || reason.Part != c.part {
			t.Errorf("%q: %s quoting %q, want %s quoting %q", c.text, reason.Key, reason.Part, c.key, c.part)
		}
	}
}

func FuzzParseExport(f *testing.F) {
	for _, s := range []string{"calls --from 2026-11-01", "报名 --unit a b --format json", "—", "calls --=", "\xff --unit"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseExport(text, time.UTC)
		if err == nil && (got.Kind == "" || got.Format == "") {
			t.Fatalf("%q gave %+v", text, got)
		}
	})
}
