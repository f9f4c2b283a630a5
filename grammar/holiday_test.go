package grammar

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOwnDaysAreReadInBothLanguages(t *testing.T) {
	t.Parallel()
	o := shanghai(t) // 23 November 2026
	day := func(m time.Month, d int) time.Time {
		y := 2026
		if m < time.November {
			y = 2027
		}
		return time.Date(y, m, d, 0, 0, 0, 0, o.Zone)
	}
	for typed, want := range map[string]OrgDays{
		"":                            {Do: OrgDaysList},
		"列表":                          {Do: OrgDaysList},
		"2027":                        {Do: OrgDaysList, Year: 2027},
		"2027年":                       {Do: OrgDaysList, Year: 2027},
		"明年":                          {Do: OrgDaysList, Year: 2027},
		"add 26 Dec off Founding day": {Do: OrgDaysAdd, Date: day(12, 26), Name: "Founding day"},
		"Add 26 Dec OFF":              {Do: OrgDaysAdd, Date: day(12, 26)},
		"add 2 Jan work":              {Do: OrgDaysAdd, Date: day(1, 2), Work: true},
		"add 2 Jan work: stocktaking": {Do: OrgDaysAdd, Date: day(1, 2), Work: true, Name: "stocktaking"},
		"加 12月26日 休 建站日":              {Do: OrgDaysAdd, Date: day(12, 26), Name: "建站日"},
		"加12月26日休 建站日":                {Do: OrgDaysAdd, Date: day(12, 26), Name: "建站日"},
		"添加 12月26日放假，建站日":             {Do: OrgDaysAdd, Date: day(12, 26), Name: "建站日"},
		"加 1月2日 班":                    {Do: OrgDaysAdd, Date: day(1, 2), Work: true},
		"加 1月2日上班":                    {Do: OrgDaysAdd, Date: day(1, 2), Work: true},
		"delete 26 Dec":               {Do: OrgDaysDelete, Date: day(12, 26)},
		"删 12月26日":                    {Do: OrgDaysDelete, Date: day(12, 26)},
		"删除12月26日":                    {Do: OrgDaysDelete, Date: day(12, 26)},
	} {
		got, err := ParseOrgDays(typed, o)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q:\n%s", typed, diff)
		}
	}
	for typed, want := range map[string]string{
		"dance":                "holidays.unreadable",
		"add 26 Dec":           "holidays.no_kind",
		"加 12月26日 建站日":         "holidays.no_kind",
		"add 31 Nov off":       "when.no_such_time",
		"加 13月1日 休":            "when.no_such_time",
		"delete":               "holidays.unreadable",
		"add off":              "when.unreadable",
		"add dance off":        "when.unreadable",
		"delete 30 Feb":        "when.no_such_time",
		"加 12月26日 休\x00 建站日":   "",
		"add 1 Nov 2026 off x": "when.past",
	} {
		_, err := ParseOrgDays(typed, o)
		var reason *Reason
		if want == "" {
			continue // anything but a panic
		}
		if !errors.As(err, &reason) || reason.Key != want {
			t.Errorf("%q: %v, want %s", typed, err, want)
		}
	}
}

func FuzzOrgDays(f *testing.F) {
	addTable(f, "add 26 Dec off Founding day", "加12月26日休 建站日", "删 12月26日", "2027年", "add 2 Jan work")
	o := shanghai(f)
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := ParseOrgDays(typed, o)
		if err != nil && reasonOf(err) == nil {
			t.Fatalf("%q: %v", typed, err)
		}
		if err == nil && got.Do != OrgDaysList && got.Date.IsZero() {
			t.Fatalf("%q: %+v", typed, got)
		}
	})
}
