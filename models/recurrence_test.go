package models

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"
)

func ruleAt(t *testing.T, text string) time.Time {
	t.Helper()
	out, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func ruleRFC(times []time.Time) []string {
	out := []string{}
	for _, t := range times {
		out = append(out, t.Format(time.RFC3339))
	}
	return out
}

func TestRuleNextKeepsTheClockReading(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, rule, wall, zone, after string
		want                          []string
	}{
		{"every Wednesday in Shanghai", "FREQ=WEEKLY;BYDAY=WE", "2026-11-25T19:30", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2026-11-25T19:30:00+08:00", "2026-12-02T19:30:00+08:00", "2026-12-09T19:30:00+08:00"}},
		{"spring in Riga: 3:30 is skipped and comes an hour later", "FREQ=DAILY", "2026-03-27T03:30", "Europe/Riga", "2026-03-28T00:00:00+02:00",
			[]string{"2026-03-28T03:30:00+02:00", "2026-03-29T04:30:00+03:00", "2026-03-30T03:30:00+03:00"}},
		{"autumn in Riga: 3:30 comes twice and counts once", "FREQ=DAILY", "2026-10-20T03:30", "Europe/Riga", "2026-10-24T00:00:00+03:00",
			[]string{"2026-10-24T03:30:00+03:00", "2026-10-25T03:30:00+03:00", "2026-10-26T03:30:00+02:00"}},
		{"spring in New York", "FREQ=DAILY", "2026-03-01T02:30", "America/New_York", "2026-03-07T00:00:00-05:00",
			[]string{"2026-03-07T02:30:00-05:00", "2026-03-08T03:30:00-04:00", "2026-03-09T02:30:00-04:00"}},
		{"autumn in New York", "FREQ=DAILY", "2026-03-01T01:30", "America/New_York", "2026-10-31T00:00:00-04:00",
			[]string{"2026-10-31T01:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"}},
		{"Kolkata has no change", "FREQ=DAILY", "2026-03-01T07:30", "Asia/Kolkata", "2026-03-28T00:00:00+05:30",
			[]string{"2026-03-28T07:30:00+05:30", "2026-03-29T07:30:00+05:30", "2026-03-30T07:30:00+05:30"}},
		{"Lord Howe skips half an hour", "FREQ=DAILY", "2026-09-01T02:15", "Australia/Lord_Howe", "2026-10-03T12:00:00+10:30",
			[]string{"2026-10-04T02:45:00+11:00", "2026-10-05T02:15:00+11:00", "2026-10-06T02:15:00+11:00"}},
		{"Lord Howe doubles half an hour", "FREQ=DAILY", "2026-03-01T01:45", "Australia/Lord_Howe", "2026-04-04T12:00:00+11:00",
			[]string{"2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30", "2026-04-07T01:45:00+10:30"}},
		{"Santiago skips midnight", "FREQ=DAILY", "2026-08-01T00:30", "America/Santiago", "2026-09-05T12:00:00-04:00",
			[]string{"2026-09-06T01:30:00-03:00", "2026-09-07T00:30:00-03:00", "2026-09-08T00:30:00-03:00"}},
		{"Santiago doubles the hour before midnight", "FREQ=DAILY", "2026-03-01T23:30", "America/Santiago", "2026-04-04T12:00:00-03:00",
			[]string{"2026-04-04T23:30:00-03:00", "2026-04-05T23:30:00-04:00", "2026-04-06T23:30:00-04:00"}},
		{"every two weeks, years later, in step", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2016-11-22T19:30", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2026-11-24T19:30:00+08:00", "2026-12-08T19:30:00+08:00", "2026-12-22T19:30:00+08:00"}},
		{"first Monday of the month", "FREQ=MONTHLY;BYDAY=1MO", "2026-12-07T19:30", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2026-12-07T19:30:00+08:00", "2027-01-04T19:30:00+08:00", "2027-02-01T19:30:00+08:00"}},
		{"last working day", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30T17:00", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2026-11-30T17:00:00+08:00", "2026-12-31T17:00:00+08:00", "2027-01-29T17:00:00+08:00"}},
		{"ends with its last day", "FREQ=DAILY;UNTIL=20261124", "2026-11-20T19:30", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2026-11-23T19:30:00+08:00", "2026-11-24T19:30:00+08:00"}},
		{"ends with an instant", "FREQ=DAILY;UNTIL=20261124T113000Z", "2026-11-20T19:30", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2026-11-23T19:30:00+08:00", "2026-11-24T19:30:00+08:00"}},
		{"three times in all", "FREQ=DAILY;COUNT=3", "2026-11-22T19:30", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2026-11-23T19:30:00+08:00", "2026-11-24T19:30:00+08:00"}},
		{"29 February waits for its years", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29T09:00", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2028-02-29T09:00:00+08:00", "2032-02-29T09:00:00+08:00", "2036-02-29T09:00:00+08:00"}},
		{"the 31st, where there is one", "FREQ=MONTHLY", "2020-01-31T09:00", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2026-12-31T09:00:00+08:00", "2027-01-31T09:00:00+08:00", "2027-03-31T09:00:00+08:00"}},
		{"every year on the day it began", "FREQ=YEARLY", "2020-12-05T09:00", "Asia/Shanghai", "2026-11-23T10:00:00+08:00",
			[]string{"2026-12-05T09:00:00+08:00", "2027-12-05T09:00:00+08:00", "2028-12-05T09:00:00+08:00"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := Rule{RRULE: c.rule, Wall: c.wall, Zone: c.zone}
			got, err := r.Next(ruleAt(t, c.after), 3)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, ruleRFC(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRuleUntilIsTheLastMoment(t *testing.T) {
	t.Parallel()
	r := Rule{RRULE: "FREQ=WEEKLY;BYDAY=WE", Wall: "2026-11-25T19:30", Zone: "Asia/Shanghai", Until: ruleAt(t, "2026-12-02T23:59:59+08:00")}
	got, err := r.Next(ruleAt(t, "2026-11-23T10:00:00+08:00"), 9)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2026-11-25T19:30:00+08:00", "2026-12-02T19:30:00+08:00"}
	if diff := cmp.Diff(want, ruleRFC(got)); diff != "" {
		t.Error(diff)
	}
}

func TestRuleNextIsStrictlyAfter(t *testing.T) {
	t.Parallel()
	r := Rule{RRULE: "FREQ=DAILY", Wall: "2026-11-01T10:00", Zone: "Asia/Shanghai"}
	got, err := r.Next(ruleAt(t, "2026-11-23T10:00:00+08:00"), 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2026-11-24T10:00:00+08:00"}, ruleRFC(got)); diff != "" {
		t.Error(diff)
	}
}

func TestRuleThatNeverHappensEnds(t *testing.T) {
	t.Parallel()
	r := Rule{RRULE: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", Wall: "2026-01-01T10:00", Zone: "UTC"}
	got, err := r.Next(ruleAt(t, "2026-11-23T10:00:00Z"), 1)
	if err != nil || len(got) != 0 {
		t.Errorf("got %v, %v; want nothing", got, err)
	}
}

func TestRuleRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	good := Rule{RRULE: "FREQ=DAILY", Wall: "2026-11-25T19:30", Zone: "Asia/Shanghai"}
	for _, change := range []func(*Rule){
		func(r *Rule) { r.RRULE = "" },
		func(r *Rule) { r.RRULE = "FREQ=SOMETIMES" },
		func(r *Rule) { r.RRULE = "FREQ=HOURLY" },
		func(r *Rule) { r.RRULE = "FREQ=DAILY;BYHOUR=8,9" },
		func(r *Rule) { r.RRULE = "FREQ=DAILY;UNTIL=tomorrow" },
		func(r *Rule) { r.RRULE = "FREQ=MONTHLY;BYMONTHDAY=40" },
		func(r *Rule) { r.Wall = "19:30" },
		func(r *Rule) { r.Zone = "Mars/Olympus" },
	} {
		bad := good
		change(&bad)
		if got, err := bad.Next(ruleAt(t, "2026-11-23T10:00:00Z"), 1); !errors.Is(err, ErrRule) {
			t.Errorf("%+v gave %v, %v", bad, got, err)
		}
	}
}

var ruleZones = []string{"Asia/Shanghai", "Europe/Riga", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago"}

// Whatever the rule and zone: in order, one a day, after the asked instant, and
// the clock shows the rule's time unless the clock change had skipped it.
func TestRuleNextProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(ruleZones).Draw(t, "zone")
		loc, _ := time.LoadLocation(zone)
		rule := rapid.SampledFrom([]string{"FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,WE,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
			"FREQ=MONTHLY;BYMONTHDAY=5", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=1MO,3MO",
			"FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=29"}).Draw(t, "rule")
		start := time.Unix(rapid.Int64Range(1_500_000_000, 1_800_000_000).Draw(t, "start")/60*60, 0).In(loc)
		after := start.Add(time.Duration(rapid.Int64Range(-400, 4000).Draw(t, "days")) * 24 * time.Hour)
		r := Rule{RRULE: rule, Wall: start.Format(WallLayout), Zone: zone}
		got, err := r.Next(after, 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 5 {
			t.Fatalf("%d occurrences, want 5", len(got))
		}
		seen := map[string]bool{}
		for i, at := range got {
			day := at.Format(time.DateOnly)
			if seen[day] || !at.After(after) || i > 0 && !at.After(got[i-1]) {
				t.Fatalf("%v after %v", ruleRFC(got), after)
			}
			seen[day] = true
			if at.Format("15:04") != start.Format("15:04") {
				wall, _ := time.ParseInLocation("2006-01-02 15:04", day+" "+start.Format("15:04"), time.UTC)
				if _, exists := LocalInstant(wall, loc); exists {
					t.Fatalf("%v shows another time than %v", at, start)
				}
			}
		}
		if want := walked(r, loc, after); !cmp.Equal(want, ruleRFC(got)) {
			t.Fatal(cmp.Diff(want, ruleRFC(got)))
		}
	})
}

// walked asks the library from the rule's own start, without any shortcut.
func walked(r Rule, loc *time.Location, after time.Time) []string {
	opt, _ := rrule.StrToROption(r.RRULE)
	opt.Dtstart, _ = time.ParseInLocation(WallLayout, r.Wall, time.UTC)
	set, _ := rrule.NewRRule(*opt)
	out := []string{}
	next := set.Iterator()
	for len(out) < 5 {
		wall, ok := next()
		if !ok {
			break
		}
		if t, _ := LocalInstant(wall, loc); t.After(after) {
			out = append(out, t.Format(time.RFC3339))
		}
	}
	return out
}

func TestLocalInstantNeverGoesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		loc, _ := time.LoadLocation(rapid.SampledFrom(ruleZones).Draw(t, "zone"))
		// Minutes around the changes of 2026 in all of these zones.
		base := rapid.SampledFrom([]string{"2026-03-08", "2026-03-29", "2026-04-05", "2026-09-06", "2026-10-04", "2026-10-25", "2026-11-01"}).Draw(t, "day")
		day, _ := time.Parse(time.DateOnly, base)
		minute := rapid.IntRange(-120, 360).Draw(t, "minute")
		a, okA := LocalInstant(day.Add(time.Duration(minute)*time.Minute), loc)
		b, okB := LocalInstant(day.Add(time.Duration(minute+1)*time.Minute), loc)
		if okA && okB && !b.After(a) {
			t.Fatalf("%v then %v", a, b)
		}
		if okA && a.Format("15:04") != day.Add(time.Duration(minute)*time.Minute).Format("15:04") {
			t.Fatalf("%v does not show the wanted reading", a)
		}
	})
}

func BenchmarkRuleNextTenYearsOn(b *testing.B) {
	r := Rule{RRULE: "FREQ=DAILY", Wall: "2016-11-25T19:30", Zone: "Europe/Riga"}
	after := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for b.Loop() {
		if got, err := r.Next(after, 1); err != nil || len(got) != 1 {
			b.Fatal(fmt.Sprint(got, err))
		}
	}
}
