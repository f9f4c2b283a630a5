package grammar

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var yearOptions = Options{Now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Zone: time.UTC, Lang: "en"}

func TestAUnitAndAYearInEitherOrder(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Year{
		"":                      {},
		"2025":                  {Year: 2025},
		"城东支部":                  {Unit: "城东支部"},
		"城东支部 2025":             {Unit: "城东支部", Year: 2025},
		"2025年 城东支部":            {Unit: "城东支部", Year: 2025},
		"城东支部 ２０２５年度":           {Unit: "城东支部", Year: 2025},
		"East Branch 2025":      {Unit: "East Branch", Year: 2025},
		"East Branch":           {Unit: "East Branch"},
		"去年":                    {Year: 2025},
		"East Branch last year": {Unit: "East Branch", Year: 2025},
		"今年 城东支部":               {Unit: "城东支部", Year: 2026},
		"Unit 20251":            {Unit: "Unit 20251"},
	} {
		if diff := cmp.Diff(want, ParseYear(text, yearOptions.Now)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestWhomToExcuseFromTheTarget(t *testing.T) {
	t.Parallel()
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for text, want := range map[string]Exempt{
		"<@U1|wang> 2026 reason: on long leave":                {User: "U1", Year: 2026, Reason: "on long leave"},
		"<@U1> 2026 因病":                                        {User: "U1", Year: 2026, Reason: "因病"},
		"<@U1> 因病，家里有老人":                                       {User: "U1", Year: 2026, Reason: "因病，家里有老人"},
		"<@U1> 2026年 原因：高龄":                                    {User: "U1", Year: 2026, Reason: "高龄"},
		"<@U1> until 1 June reason: illness":                   {User: "U1", Year: 2026, Last: day("2026-06-01"), Reason: "illness"},
		"<@U1> until June 1 because ill at 2026 end":           {User: "U1", Year: 2026, Last: day("2026-06-01"), Reason: "ill at 2026 end"},
		"<@U1> 到6月1日 因病":                                       {User: "U1", Year: 2026, Last: day("2026-06-01"), Reason: "因病"},
		"<@U1> 3月1日到5月31日 产假":                                  {User: "U1", Year: 2026, First: day("2026-03-01"), Last: day("2026-05-31"), Reason: "产假"},
		"<@U1> from 1 March 2027 to 31 May 2027 reason: leave": {User: "U1", Year: 2027, First: day("2027-03-01"), Last: day("2027-05-31"), Reason: "leave"},
		"<@U1> 9月1日起 因病":                                       {User: "U1", Year: 2026, First: day("2026-09-01"), Reason: "因病"},
		"<@U1> from 2026-09-01 reason: illness":                {User: "U1", Year: 2026, First: day("2026-09-01"), Reason: "illness"},
		"<@U1> 取消":                                             {User: "U1", Year: 2026, End: true},
		"<@U1> 2025 off":                                       {User: "U1", Year: 2025, End: true},
	} {
		got, err := ParseExempt(text, yearOptions)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestWhatIsNotAnExemptionSaysWhy(t *testing.T) {
	t.Parallel()
	for text, key := range map[string]string{
		"":                               "year.exempt_who",
		"@王敏 2026 因病":                    "year.exempt_who",
		"<@U1> <@U2> 2026 因病":            "year.exempt_who",
		"<@U1> 2026":                     "year.exempt_why",
		"<@U1> until 1 June":             "year.exempt_why",
		"<@U1> until 31 June reason: x":  "when.no_such_time",
		"<@U1> 2026 until 2027-03-01 因病": "year.exempt_day",
		"<@U1> somehow 2026 reason: ill": "year.exempt_how",
	} {
		_, err := ParseExempt(text, yearOptions)
		var reason *Reason
		if !errors.As(err, &reason) || reason.Key != key {
			t.Errorf("%q: %v, want %s", text, err, key)
		}
	}
}
