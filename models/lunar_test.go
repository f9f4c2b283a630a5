package models

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestKnownDaysOfTheChineseCalendar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		year, month int
		leap        bool
		day         int
		want        string
	}{
		{1950, 1, false, 1, "1950-02-17"}, {1954, 1, false, 1, "1954-02-03"}, {1976, 8, false, 15, "1976-09-08"}, {1985, 1, false, 1, "1985-02-20"},
		{1987, 6, true, 1, "1987-07-26"}, {1999, 12, false, -1, "2000-02-04"}, {2000, 1, false, 1, "2000-02-05"}, {2018, 10, false, 1, "2018-11-08"},
		{2020, 4, true, 1, "2020-05-23"}, {2023, 2, true, 15, "2023-04-05"}, {2024, 1, false, 1, "2024-02-10"}, {2025, 8, false, 15, "2025-10-06"},
		{2025, 6, false, 1, "2025-06-25"}, {2025, 6, true, 1, "2025-07-25"}, {2025, 12, false, 30, "2026-02-16"}, {2026, 1, false, 1, "2026-02-17"},
		{2026, 5, false, 5, "2026-06-19"}, {2026, 8, false, 15, "2026-09-25"}, {2026, 12, false, -1, "2027-02-05"}, {2027, 1, false, 1, "2027-02-06"},
		{2027, 5, false, 5, "2027-06-09"}, {2027, 8, false, 15, "2027-09-15"}, {2030, 1, false, 1, "2030-02-03"}, {2033, 8, false, 15, "2033-09-08"},
		{2033, 11, true, 1, "2033-12-22"}, {2034, 1, false, 1, "2034-02-19"}, {2050, 1, false, 1, "2050-01-23"}, {2099, 1, false, 1, "2099-01-21"},
	} {
		got := LunarDays(c.year, c.month, c.leap, c.day)
		if len(got) != 1 || got[0].Format(time.DateOnly) != c.want {
			t.Errorf("%+v: got %v", c, got)
		}
	}
	if days := LunarDays(2026, 6, true, 1); len(days) != 0 {
		t.Errorf("2026 has no leap sixth month: %v", days)
	}
	for year, want := range map[int][2]string{2025: {"2025-04-04", "2025-12-21"}, 2026: {"2026-04-05", "2026-12-22"}, 2027: {"2027-04-05", "2027-12-22"}, 2028: {"2028-04-04", "2028-12-21"}} {
		qingming, _ := SolarTerm(year, TermQingming)
		solstice, _ := SolarTerm(year, TermDongzhi)
		if got := [2]string{qingming.Format(time.DateOnly), solstice.Format(time.DateOnly)}; got != want {
			t.Errorf("%d: %v, want %v", year, got, want)
		}
	}
}

// Months follow one another without a gap, have 29 or 30 days, and every year
// begins between 20 January and 21 February.
func TestTheChineseCalendarHasNoGaps(t *testing.T) {
	t.Parallel()
	var end time.Time
	for year := 1950; year < 2100; year++ {
		months := lunarMonths(year)
		if n := len(months); n != 12 && n != 13 {
			t.Fatalf("%d has %d months", year, n)
		}
		if first := months[0].first.Format("01-02"); first < "01-20" || first > "02-21" {
			t.Errorf("%d begins on %s", year, first)
		}
		for _, m := range months {
			if !end.IsZero() && !m.first.Equal(end) || m.days != 29 && m.days != 30 {
				t.Errorf("%d month %d begins on %v, after %v, and has %d days", year, m.n, m.first, end, m.days)
			}
			end = m.first.AddDate(0, 0, m.days)
		}
	}
}

// Every day that the law names is off in every year that ships.
func TestStatutoryDaysAreOff(t *testing.T) {
	t.Parallel()
	for year := range publicYears {
		days := []time.Time{}
		for _, d := range [][2]int{{1, 1}, {5, 1}, {5, 2}, {10, 1}, {10, 2}, {10, 3}} {
			days = append(days, time.Date(year, time.Month(d[0]), d[1], 0, 0, 0, 0, time.UTC))
		}
		days = append(days, LunarDays(year-1, 12, false, -1)...)
		for _, d := range [][2]int{{1, 1}, {1, 2}, {1, 3}, {5, 5}, {8, 15}} {
			days = append(days, LunarDays(year, d[0], false, d[1])...)
		}
		qingming, _ := SolarTerm(year, TermQingming)
		days = append(days, qingming)
		if len(days) != 13 {
			t.Fatalf("%d statutory days in %d", len(days), year)
		}
		c := NewCalendar(nil)
		for _, d := range days {
			if kind, _, known := c.DayOf(d); kind != DayOff || known == KnownNot {
				t.Errorf("%s is not off", d.Format(time.DateOnly))
			}
		}
	}
}

func TestLunarRules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule, wall, zone, after string
		want                    []string
	}{
		"Mid-Autumn": {"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15", "2026-09-25T19:30", "Asia/Shanghai", "2026-01-01",
			[]string{"2026-09-25 19:30", "2027-09-15 19:30", "2028-10-03 19:30"}},
		"in a year with a leap month of that number": {"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1", "2024-07-06T08:00", "Asia/Shanghai", "2025-01-01",
			[]string{"2025-06-25 08:00", "2026-07-14 08:00", "2027-07-04 08:00"}},
		"the leap month alone": {"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=6L;BYMONTHDAY=1", "2025-07-25T08:00", "Asia/Shanghai", "2025-01-01",
			[]string{"2025-07-25 08:00", "2036-07-23 08:00", "2055-07-24 08:00"}},
		"every month, leap months too": {"RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1", "2025-06-25T07:30", "Asia/Shanghai", "2025-06-01",
			[]string{"2025-06-25 07:30", "2025-07-25 07:30", "2025-08-23 07:30"}},
		"the 30th of 29 days is left out": {"RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=30", "2026-01-01T07:30", "Asia/Shanghai", "2026-11-23",
			[]string{"2026-12-08 07:30", "2027-01-07 07:30", "2027-03-07 07:30"}},
		"or its last day": {"RSCALE=CHINESE;SKIP=BACKWARD;FREQ=MONTHLY;BYMONTHDAY=30", "2026-01-01T07:30", "Asia/Shanghai", "2027-02-01",
			[]string{"2027-02-05 07:30", "2027-03-07 07:30", "2027-04-06 07:30"}},
		"or the first of the next": {"RSCALE=CHINESE;SKIP=FORWARD;FREQ=MONTHLY;BYMONTHDAY=30", "2026-01-01T07:30", "Asia/Shanghai", "2025-12-25",
			[]string{"2026-01-18 07:30", "2026-02-17 07:30", "2026-03-18 07:30"}},
		"the eve": {"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1", "2026-02-16T18:00", "Asia/Shanghai", "2026-03-01",
			[]string{"2027-02-05 18:00", "2028-01-25 18:00", "2029-02-12 18:00"}},
		"three in all": {"RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=3", "2026-12-09T07:30", "Asia/Shanghai", "2026-12-10",
			[]string{"2026-12-23 07:30", "2027-01-08 07:30"}},
		"every second month": {"RSCALE=CHINESE;FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1", "2026-12-09T07:30", "Asia/Shanghai", "2026-12-01",
			[]string{"2026-12-09 07:30", "2027-02-06 07:30", "2027-04-07 07:30"}},
		"every second year": {"RSCALE=CHINESE;FREQ=YEARLY;INTERVAL=2;BYMONTH=8;BYMONTHDAY=15", "2026-09-25T19:30", "Asia/Shanghai", "2026-10-01",
			[]string{"2028-10-03 19:30", "2030-09-12 19:30", "2032-09-19 19:30"}},
		"until": {"RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=20270110", "2026-12-09T07:30", "Asia/Shanghai", "2026-12-01",
			[]string{"2026-12-09 07:30", "2027-01-08 07:30"}},
		"on another wall": {"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15", "2026-09-25T19:30", "America/New_York", "2026-09-26",
			[]string{"2027-09-15 19:30", "2028-10-03 19:30", "2029-09-22 19:30"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after, err := time.ParseInLocation(time.DateOnly, c.after, Zone(c.zone))
			if err != nil {
				t.Fatal(err)
			}
			times, err := Rule{RRULE: c.rule, Wall: c.wall, Zone: c.zone}.Next(after, 3)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, at := range times {
				got = append(got, at.Format("2006-01-02 15:04"))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, bad := range []string{"RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15", "RSCALE=CHINESE;FREQ=DAILY", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTHDAY=15",
		"RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=31", "RSCALE=CHINESE;FREQ=MONTHLY;BYDAY=MO", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1",
		"RSCALE=CHINESE;SKIP=UP;FREQ=MONTHLY;BYMONTHDAY=30", "RSCALE=CHINESE;FREQ=MONTHLY;INTERVAL=0;BYMONTHDAY=1", "RSCALE="} {
		if _, err := (Rule{RRULE: bad, Wall: "2026-01-01T08:00", Zone: "UTC"}).Next(time.Time{}, 1); !errors.Is(err, ErrRule) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// Wherever the search begins, the same days are found.
func TestLunarRulesDoNotHangOnWhereTheSearchBegins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := Rule{Wall: "2024-01-15T19:30", Zone: rapid.SampledFrom([]string{"Asia/Shanghai", "Europe/Riga", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe"}).Draw(t, "zone"),
			RRULE: rapid.SampledFrom([]string{"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15", "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15",
				"RSCALE=CHINESE;SKIP=BACKWARD;FREQ=MONTHLY;BYMONTHDAY=29,30", "RSCALE=CHINESE;FREQ=YEARLY;INTERVAL=3;BYMONTH=1,12;BYMONTHDAY=-1",
				"RSCALE=CHINESE;FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=10", "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1;COUNT=20"}).Draw(t, "rule")}
		all, err := rule.Next(time.Time{}, 60)
		if err != nil || len(all) == 0 {
			t.Fatal(err)
		}
		i := rapid.IntRange(0, len(all)-1).Draw(t, "from")
		rest, err := rule.Next(all[i].Add(-time.Nanosecond), 60)
		if err != nil || len(rest) == 0 {
			t.Fatal(err)
		}
		want := all[i:]
		if diff := cmp.Diff(want, rest[:min(len(rest), len(want))]); diff != "" {
			t.Fatal(diff)
		}
	})
}
