package models

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var yearZone = Zone("Asia/Shanghai")

func onDay(text string) Instant {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, yearZone)
	if err != nil {
		panic(err)
	}
	return At(t)
}

// year2026 is somebody's account of 2026 with a target of 32 hours and an hour
// every Wednesday still planned from 25 November.
func year2026(done, days int, first string) YearAccount {
	span := YearSpan(2026, yearZone)
	y := YearAccount{Year: 2026, From: span.Start, To: span.End, Full: 32 * 60, Target: 32 * 60, Done: done, Days: days, First: onDay(first)}
	for at := onDay("2026-11-25 19:30"); at < span.End; at = at.Add(7 * 24 * time.Hour) {
		y.Chances = append(y.Chances, Chance{At: at, Day: DayCount(at, yearZone), Minutes: 60})
	}
	return y
}

func TestHowAYearWillEnd(t *testing.T) {
	t.Parallel()
	now := onDay("2026-11-23 12:00")
	for name, c := range map[string]struct {
		account YearAccount
		now     Instant
		want    Forecast
	}{
		// 26 of 40 days attended since January: at this pace four of the six
		// that are planned; all six would do.
		"short, and what is planned would do": {year2026(26*60, 40, "2026-01-07 19:30"), now,
			Forecast{Verdict: VerdictShort, Projected: 29*60 + 30, Missing: 150, More: 360, By: onDay("2026-11-25 19:30")}},
		"short, with sessions to spare": {year2026(27*60, 45, "2026-01-07 19:30"), now,
			Forecast{Verdict: VerdictShort, Projected: 30*60 + 30, Missing: 90, More: 360, By: onDay("2026-12-02 19:30")}},
		"what is planned is not enough": {year2026(18*60, 45, "2026-01-07 19:30"), now,
			Forecast{Verdict: VerdictBeyond, Projected: 20 * 60, Missing: 12 * 60, More: 360}},
		"on pace": {year2026(30*60, 30, "2026-01-07 19:30"), now,
			Forecast{Verdict: VerdictOnPace, Projected: 36 * 60, More: 360}},
		"reached": {year2026(32*60, 40, "2026-01-07 19:30"), now,
			Forecast{Verdict: VerdictReached, Projected: 36*60 + 30, More: 360}},
		"two days of sessions are too few": {year2026(2*60, 2, "2026-01-07 19:30"), now,
			Forecast{Verdict: VerdictEarly, Projected: 2 * 60, Missing: 30 * 60, More: 360}},
		"three weeks are too short": {year2026(3*60, 3, "2026-11-03 19:30"), now,
			Forecast{Verdict: VerdictEarly, Projected: 3 * 60, Missing: 29 * 60, More: 360}},
		"nobody has offered anything yet": {YearAccount{From: year2026(0, 0, "2026-01-07 19:30").From, To: year2026(0, 0, "2026-01-07 19:30").To, Target: 60}, now,
			Forecast{Verdict: VerdictEarly, Missing: 60}},
		"the year is over": {YearAccount{From: 1, To: now, Target: 32 * 60, Done: 26 * 60, Days: 40, First: 2}, now,
			Forecast{Verdict: VerdictMissed, Projected: 26 * 60, Missing: 6 * 60}},
		"the year is over, and a make-up is open": {YearAccount{From: 1, To: now, Target: 120, Done: 60, Days: 40, First: 2,
			Chances: []Chance{{At: now + 5, Minutes: 60, Open: true}}}, now,
			Forecast{Verdict: VerdictShort, Projected: 60, Missing: 60, More: 60, By: now + 5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, c.account.Forecast(c.now)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNothingIsAskedOfWhoIsExcused(t *testing.T) {
	t.Parallel()
	y := year2026(3*60, 40, "2026-01-07 19:30")
	y.Free = FreeDays(2026, []Exemption{{Year: 2026, FirstDay: "2026-01-01", LastDay: "2026-12-31", State: ExemptionActive}})
	y.Target, y.Exempt = TargetAfter(y.Full, 2026, y.Free)
	if f := y.Forecast(onDay("2026-11-23 12:00")); f.Verdict != VerdictExempt || f.Missing != 0 || y.Target != 0 || !y.Exempt {
		t.Errorf("%+v of %+v", f, y)
	}
}

func TestAPartOfTheYearTakesItsShareOfTheTarget(t *testing.T) {
	t.Parallel()
	exempt := func(spans ...string) (list []Exemption) {
		for i := 0; i < len(spans); i += 2 {
			list = append(list, Exemption{Year: 2026, FirstDay: spans[i], LastDay: spans[i+1], State: ExemptionActive})
		}
		return list
	}
	for name, c := range map[string]struct {
		list   []Exemption
		free   []DaySpan
		target int // hours
	}{
		"none":                    {nil, nil, 32},
		"until 1 June":            {exempt("2026-01-01", "2026-06-01"), []DaySpan{{"2026-01-01", "2026-06-01"}}, 18},
		"half a year":             {exempt("2026-07-01", "2026-12-31"), []DaySpan{{"2026-07-01", "2026-12-31"}}, 15},
		"two that overlap":        {exempt("2026-01-01", "2026-03-31", "2026-03-01", "2026-06-01"), []DaySpan{{"2026-01-01", "2026-06-01"}}, 18},
		"two that meet":           {exempt("2026-01-01", "2026-03-31", "2026-04-01", "2026-06-01"), []DaySpan{{"2026-01-01", "2026-06-01"}}, 18},
		"two apart":               {exempt("2026-05-01", "2026-05-31", "2026-01-01", "2026-01-31"), []DaySpan{{"2026-01-01", "2026-01-31"}, {"2026-05-01", "2026-05-31"}}, 26},
		"the whole":               {exempt("2026-01-01", "2026-12-31"), []DaySpan{{"2026-01-01", "2026-12-31"}}, 0},
		"all but a week":          {exempt("2026-01-08", "2026-12-31"), []DaySpan{{"2026-01-08", "2026-12-31"}}, 0},
		"taken back":              {[]Exemption{{Year: 2026, FirstDay: "2026-01-01", LastDay: "2026-12-31", State: ExemptionEnded}}, nil, 32},
		"of another year":         {[]Exemption{{Year: 2025, FirstDay: "2025-01-01", LastDay: "2025-12-31", State: ExemptionActive}}, nil, 32},
		"a leap year is as whole": {nil, nil, 32},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			free := FreeDays(2026, c.list)
			if diff := cmp.Diff(c.free, free); diff != "" {
				t.Errorf("free days (-want +got):\n%s", diff)
			}
			if target, exempt := TargetAfter(32*60, 2026, free); target != c.target*60 || exempt != (c.target == 0) {
				t.Errorf("target %d min, exempt %v; want %d h", target, exempt, c.target)
			}
		})
	}
}

// drawYear is any account with any chances ahead of any moment of its year.
func drawYear(t *rapid.T) (YearAccount, Instant) {
	span := YearSpan(2026, yearZone)
	day := Instant(24 * time.Hour / time.Millisecond)
	first := span.Start + Instant(rapid.IntRange(0, 300).Draw(t, "first"))*day
	now := min(first+Instant(rapid.IntRange(0, 364).Draw(t, "span"))*day, span.End+20*day)
	y := YearAccount{From: span.Start, To: span.End, Target: rapid.IntRange(0, 60*60).Draw(t, "target"), Days: rapid.IntRange(0, 200).Draw(t, "days"), First: first}
	if y.Days > 0 {
		y.Done = rapid.IntRange(0, y.Days*120).Draw(t, "done")
	}
	for range rapid.IntRange(0, 30).Draw(t, "chances") {
		at := now + 1 + Instant(rapid.IntRange(0, 100).Draw(t, "at"))*day
		y.Chances = append(y.Chances, Chance{At: at, Day: DayCount(at, yearZone), Minutes: rapid.IntRange(1, 240).Draw(t, "minutes"), Open: rapid.Bool().Draw(t, "open")})
	}
	SortChances(y.Chances)
	return y, now
}

func TestAForecastNeverFallsBelowWhatIsDone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		y, now := drawYear(t)
		f := y.Forecast(now)
		if f.Projected < y.Done || f.Missing < 0 || f.More < 0 || f.Missing > y.Target {
			t.Fatalf("%+v of %+v", f, y)
		}
		if f.Verdict == VerdictShort {
			if f.By <= now || y.Done+f.More < y.Target {
				t.Fatalf("out of reach by %d: %+v of %+v", f.By, f, y)
			}
			left := 0 // what closes at that moment or later just does
			for _, c := range y.Chances {
				if c.At > f.By {
					left += c.Minutes
				}
			}
			if y.Done+left >= y.Target {
				t.Fatalf("still in reach after %d: %+v of %+v", f.By, f, y)
			}
		}
	})
}

func TestMoreDoneOrMorePlannedNeverLooksWorse(t *testing.T) {
	t.Parallel()
	rank := map[Verdict]int{VerdictEarly: 0, VerdictMissed: 0, VerdictBeyond: 1, VerdictShort: 2, VerdictOnPace: 3, VerdictReached: 4, VerdictExempt: 5}
	rapid.Check(t, func(t *rapid.T) {
		y, now := drawYear(t)
		before := y.Forecast(now)
		more := y
		more.Chances = slices.Clone(y.Chances)
		if rapid.Bool().Draw(t, "credit") {
			more.Done += rapid.IntRange(1, 120).Draw(t, "more")
		} else {
			at := now + 1 + Instant(rapid.Int64Range(0, 1e10).Draw(t, "when"))
			more.Chances = append(more.Chances, Chance{At: at, Day: DayCount(at, yearZone), Minutes: rapid.IntRange(1, 120).Draw(t, "minutes")})
			SortChances(more.Chances)
		}
		after := more.Forecast(now)
		if after.Projected < before.Projected || after.Missing > before.Missing || rank[after.Verdict] < rank[before.Verdict] {
			t.Fatalf("%+v became %+v", before, after)
		}
	})
}

func TestMoreDaysExcusedNeverAskMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.SampledFrom([]int{2024, 2026}).Draw(t, "year")
		day := rapid.Custom(func(t *rapid.T) string {
			return time.Date(year, 1, rapid.IntRange(1, 366).Draw(t, "day"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		})
		var list []Exemption
		full := rapid.IntRange(0, 56*60).Draw(t, "full")
		last := full
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			list = append(list, Exemption{Year: year, FirstDay: day.Draw(t, "first"), LastDay: day.Draw(t, "last"), State: ExemptionActive})
			free := FreeDays(year, list)
			target, _ := TargetAfter(full, year, free)
			if target > last || target < 0 {
				t.Fatalf("%d after %d with %v", target, last, free)
			}
			for i := 1; i < len(free); i++ {
				if free[i].First <= free[i-1].Last {
					t.Fatalf("days counted twice: %v", free)
				}
			}
			last = target
		}
	})
}

func TestWhoNeedsHelpComesFirst(t *testing.T) {
	t.Parallel()
	row := func(name string, v Verdict, missing int) YearRow {
		return YearRow{Person: Person{Name: name}, Forecast: Forecast{Verdict: v, Missing: missing}}
	}
	rows := []YearRow{row("exempt", VerdictExempt, 0), row("reached", VerdictReached, 0), row("early", VerdictEarly, 900), row("a little short", VerdictShort, 30),
		row("on pace", VerdictOnPace, 0), row("far off", VerdictBeyond, 600)}
	SortYear(rows)
	var got []string
	for _, r := range rows {
		got = append(got, r.Person.Name)
	}
	if diff := cmp.Diff([]string{"far off", "a little short", "early", "on pace", "reached", "exempt"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(YearTotals{People: 6, OnPace: 2, Short: 2, Early: 1, Exempt: 1}, TotalYear(rows)); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}

func TestWhenALeaderHearsOfSomebodyLongAway(t *testing.T) {
	t.Parallel()
	now := onDay("2026-11-23 12:00")
	away := func(days, held int) Absence {
		return Absence{Since: now.Add(-time.Duration(days) * 24 * time.Hour), Held: held}
	}
	for name, c := range map[string]struct {
		absence Absence
		stages  []int
		want    int
	}{
		"under three months":     {away(89, 12), []int{90, 150}, 0},
		"three months":           {away(90, 12), []int{90, 150}, 90},
		"five months":            {away(151, 20), []int{90, 150}, 150},
		"nothing was held":       {away(200, 0), []int{90, 150}, 0},
		"switched off":           {away(200, 20), []int{}, 0},
		"never known to be away": {Absence{Held: 5}, []int{90, 150}, 0},
	} {
		if got := c.absence.Stage(c.stages, now); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestTheFirstWeekOfTheLastMonths(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{"2026-09-30 23:59": "", "2026-10-01 00:00": "2026-10", "2026-10-07 23:59": "2026-10", "2026-10-08 00:00": "",
		"2026-11-01 09:00": "2026-11", "2026-12-07 09:00": "2026-12", "2027-01-01 09:00": ""} {
		if got := ShortMonth(onDay(at), yearZone); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

func TestDaysOfAbsenceThatMayBeSet(t *testing.T) {
	t.Parallel()
	for _, fit := range [][]int{nil, {}, {30}, {90, 150}, {60, 90, 365}} {
		if !AbsenceDaysFit(fit) {
			t.Errorf("%v refused", fit)
		}
	}
	for _, bad := range [][]int{{29}, {0}, {-90}, {150, 90}, {90, 90}, {90, 366}, {40, 50, 60, 70}} {
		if AbsenceDaysFit(bad) {
			t.Errorf("%v taken", bad)
		}
	}
}
