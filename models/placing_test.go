package models

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// placedLines writes occurrences as `10-02 Fri -> 10-08 Thu 国庆节`.
func placedLines(places []Placed) []string {
	var out []string
	for _, p := range places {
		line := p.RuleStart.Format("01-02 Mon")
		switch {
		case p.Off && !p.Taken.IsZero():
			line += " off, taken " + p.Taken.Format("01-02")
		case p.Off:
			line += " off"
		case p.Moved():
			line += " -> " + p.Start.Format("01-02 Mon 15:04")
		}
		if p.Holiday != "" {
			line += " " + p.Holiday
		}
		if p.Known != KnownFull {
			line += []string{" (no data)", " (law only)"}[p.Known]
		}
		out = append(out, line)
	}
	return out
}

func heeding(rrule, wall, holiday string) Study {
	return inZone(rrule, wall, holiday, "Asia/Shanghai")
}

func inZone(rrule, wall, holiday, zone string) Study {
	at, err := time.ParseInLocation(WallLayout, wall, Zone(zone))
	if err != nil {
		panic(err)
	}
	return Study{RRule: rrule, Wall: wall, Zone: zone, Holiday: holiday, Start: At(at), Length: 60}
}

func TestHolidaysMoveOrSkipASession(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		study Study
		after string
		n     int
		own   []OrgDay
		want  []string
	}{
		"kept": {heeding("FREQ=WEEKLY;BYDAY=FR", "2026-09-18T19:30", HolidayKeep), "2026-09-26", 2, nil, []string{"10-02 Fri", "10-09 Fri"}},
		"skipped on the National Day": {heeding("FREQ=WEEKLY;BYDAY=FR", "2026-09-18T19:30", HolidaySkip), "2026-09-19", 3, nil,
			[]string{"09-25 Fri off 中秋节", "10-02 Fri off 国庆节", "10-09 Fri"}},
		"before": {heeding("FREQ=WEEKLY;BYDAY=FR", "2026-09-18T19:30", HolidayBefore), "2026-09-19", 3, nil,
			[]string{"09-25 Fri -> 09-24 Thu 19:30 中秋节", "10-02 Fri -> 09-30 Wed 19:30 国庆节", "10-09 Fri"}},
		"after": {heeding("FREQ=WEEKLY;BYDAY=FR", "2026-09-18T19:30", HolidayAfter), "2026-09-19", 3, nil,
			[]string{"09-25 Fri -> 09-28 Mon 19:30 中秋节", "10-02 Fri -> 10-08 Thu 19:30 国庆节", "10-09 Fri"}},
		"after a working Saturday counts as a working day": {heeding("FREQ=WEEKLY;BYDAY=SA", "2026-02-07T10:00", HolidayBefore), "2026-02-10", 3, nil,
			[]string{"02-14 Sat", "02-21 Sat off, taken 02-14 春节", "02-28 Sat"}},
		"two of one series never meet on a day": {heeding("FREQ=WEEKLY;BYDAY=MO,FR", "2026-09-18T19:30", HolidayAfter), "2026-09-30", 3, nil,
			[]string{"10-02 Fri -> 10-08 Thu 19:30 国庆节", "10-05 Mon off, taken 10-08 国庆节", "10-09 Fri"}},
		"nor with one that lies there by the rule": {heeding("FREQ=WEEKLY;BYDAY=WE,FR", "2026-09-18T19:30", HolidayBefore), "2026-09-29", 4, nil,
			[]string{"09-30 Wed", "10-02 Fri off, taken 09-30 国庆节", "10-07 Wed off, taken 09-30 国庆节", "10-09 Fri"}},
		"workdays are the official ones": {heeding("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-09-18T07:30", HolidaySkip), "2026-09-30T12:00", 9, nil,
			[]string{"10-01 Thu off 国庆节", "10-02 Fri off 国庆节", "10-05 Mon off 国庆节", "10-06 Tue off 国庆节", "10-07 Wed off 国庆节",
				"10-08 Thu", "10-09 Fri", "10-10 Sat", "10-12 Mon"}},
		"workdays with before: the days before are theirs already": {heeding("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-09-18T07:30", HolidayBefore), "2026-10-06T12:00", 2, nil,
			[]string{"10-07 Wed off, taken 09-30 国庆节", "10-08 Thu"}},
		"workdays until a working Saturday": {func() Study {
			s := heeding("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261010T155959Z", "2026-09-18T07:30", HolidaySkip)
			return s
		}(), "2026-10-08T12:00", 5, nil, []string{"10-09 Fri", "10-10 Sat"}},
		"the last working day of the month": {heeding("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-30T18:00", HolidaySkip), "2026-02-01", 2, nil,
			[]string{"02-27 Fri -> 02-28 Sat 18:00 春节", "03-31 Tue"}},
		"the first working day of the month": {heeding("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "2026-09-01T18:00", HolidaySkip), "2026-09-02", 2, nil,
			[]string{"10-01 Thu -> 10-08 Thu 18:00 国庆节", "11-02 Mon"}},
		"an own day off": {heeding("FREQ=WEEKLY;BYDAY=WE", "2026-11-18T19:30", HolidayAfter), "2026-11-19", 2,
			[]OrgDay{{Date: "2026-11-25", Name: "建站日", State: OrgDayActive}}, []string{"11-25 Wed -> 11-26 Thu 19:30 建站日", "12-02 Wed"}},
		"an own day that was deleted": {heeding("FREQ=WEEKLY;BYDAY=WE", "2026-11-18T19:30", HolidayAfter), "2026-11-19", 1,
			[]OrgDay{{Date: "2026-11-25", Name: "建站日", State: OrgDayDeleted}}, []string{"11-25 Wed"}},
		"an own working day over a public one": {heeding("FREQ=WEEKLY;BYDAY=FR", "2026-09-18T19:30", HolidaySkip), "2026-09-26", 1,
			[]OrgDay{{Date: "2026-10-02", Work: true, State: OrgDayActive}}, []string{"10-02 Fri"}},
		"a year of which only the law is known": {heeding("FREQ=WEEKLY;BYDAY=FR", "2026-11-20T19:30", HolidayAfter), "2026-12-26", 2, nil,
			[]string{"01-01 Fri -> 01-04 Mon 19:30 元旦 (law only)", "01-08 Fri (law only)"}},
		"a year without data": {heeding("FREQ=MONTHLY;BYMONTHDAY=1", "2026-11-01T19:30", HolidayAfter), "2027-12-20", 2, nil,
			[]string{"01-01 Sat (no data)", "02-01 Tue (no data)"}},
		"once": {heeding("", "2026-10-03T10:00", HolidayAfter), "2026-09-01", 3, nil, []string{"10-03 Sat -> 10-08 Thu 10:00 国庆节"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			layout := time.DateOnly
			if strings.Contains(c.after, "T") {
				layout = WallLayout
			}
			after, err := time.ParseInLocation(layout, c.after, Zone(c.study.Zone))
			if err != nil {
				t.Fatal(err)
			}
			got, err := Placing{Study: c.study, Calendar: NewCalendar(c.own)}.Next(At(after), c.n)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, placedLines(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatSomebodyPlacedStaysThere(t *testing.T) {
	t.Parallel()
	st := heeding("FREQ=WEEKLY;BYDAY=FR", "2026-09-18T19:30", HolidayAfter)
	zone := Zone(st.Zone)
	at := func(day int) Instant { return At(time.Date(2026, 10, day, 19, 30, 0, 0, zone)) }
	hand := []Occurrence{{RuleStart: at(2), Start: at(3), State: OccurrenceMoved, ByHand: true}}
	got, err := Placing{Study: st, Calendar: NewCalendar(nil), Hand: hand}.Next(at(1), 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"10-02 Fri -> 10-03 Sat 19:30"}, placedLines(got)); diff != "" {
		t.Error(diff)
	}
	hand = []Occurrence{{RuleStart: at(9), Start: at(8), State: OccurrenceMoved, ByHand: true}}
	got, err = Placing{Study: st, Calendar: NewCalendar(nil), Hand: hand}.Next(at(1), 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"10-02 Fri off, taken 10-08 国庆节"}, placedLines(got)); diff != "" {
		t.Error(diff)
	}
}

// placingDraw is a rule, a policy, own days and a moment, at random.
func placingDraw(t *rapid.T) (Placing, Instant) {
	rrule := rapid.SampledFrom([]string{"FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;BYDAY=MO,WE,SA", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
		"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3"}).Draw(t, "rule")
	zone := rapid.SampledFrom([]string{"Asia/Shanghai", "Europe/Riga", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"}).Draw(t, "zone")
	clock := rapid.SampledFrom([]string{"00:00", "02:30", "07:30", "19:30", "23:59"}).Draw(t, "clock")
	st := inZone(rrule, "2025-12-30T"+clock, rapid.SampledFrom([]string{HolidaySkip, HolidayBefore, HolidayAfter}).Draw(t, "holidays"), zone)
	var own []OrgDay
	from := time.Date(2025, 12, 20, 0, 0, 0, 0, time.UTC)
	for range rapid.IntRange(0, 12).Draw(t, "own") {
		day := from.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "day"))
		for range rapid.IntRange(1, 5).Draw(t, "run") {
			own = append(own, OrgDay{Date: day.Format(time.DateOnly), Work: rapid.Bool().Draw(t, "work"), Name: "own", State: OrgDayActive})
			day = day.AddDate(0, 0, 1)
		}
	}
	after := At(time.Date(2025, 12, 25, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "hours")) * time.Hour))
	return Placing{Study: st, Calendar: NewCalendar(own)}, after
}

func TestAMovedSessionNeverLandsOnADayOff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, after := placingDraw(t)
		got, err := p.Next(after, 60)
		if err != nil {
			t.Fatal(err)
		}
		_, nth := p.workdays()
		clock := p.Study.Wall[11:]
		days, identities := map[string]bool{}, map[Instant]bool{}
		for _, o := range got {
			if identities[At(o.RuleStart)] || At(o.RuleStart) <= after {
				t.Fatalf("identity %v given twice, or not after %v", o.RuleStart, after.Time())
			}
			identities[At(o.RuleStart)] = true
			if o.Off {
				if !o.Start.Equal(o.RuleStart) || o.Holiday == "" {
					t.Fatalf("off without a reason, or moved: %+v", o)
				}
				continue
			}
			day := o.Start.Format(time.DateOnly)
			if days[day] {
				t.Fatalf("two on %s", day)
			}
			days[day] = true
			kind, _, known := p.Calendar.DayOf(o.Start)
			if kind == DayOff {
				t.Fatalf("on a day off: %+v", o)
			}
			if o.Moved() != (o.Holiday != "") {
				t.Fatalf("moved without a reason, or a reason without a move: %+v", o)
			}
			if !o.Moved() {
				continue
			}
			switch {
			case !p.Calendar.Works(o.Start) || known == KnownNot:
				t.Fatalf("not on a working day: %+v", o)
			case !nth && p.Study.Holiday == HolidayBefore && o.Start.After(o.RuleStart):
				t.Fatalf("before is later: %+v", o)
			case !nth && p.Study.Holiday == HolidayAfter && o.Start.Before(o.RuleStart):
				t.Fatalf("after is earlier: %+v", o)
			case p.Study.Holiday == HolidaySkip && !nth:
				t.Fatalf("skip moved: %+v", o)
			}
			if wall, exists := LocalInstant(clockReading(o.Start), Zone(p.Study.Zone)); exists && wall.Equal(o.Start) && o.Start.Format("15:04") != clock &&
				o.RuleStart.Format("15:04") == clock && existsAt(o.Start, clock) {
				t.Fatalf("another time of day: %+v", o)
			}
		}
	})
}

// existsAt says whether the clock reading exists on t's day.
func existsAt(t time.Time, clock string) bool {
	wall, err := time.Parse(WallLayout, t.Format(time.DateOnly)+"T"+clock)
	if err != nil {
		return false
	}
	_, ok := LocalInstant(wall, t.Location())
	return ok
}

func TestWhereOneLiesDoesNotHangOnWhenOneAsks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, after := placingDraw(t)
		all, err := p.Next(after, 40)
		if err != nil || len(all) == 0 {
			return
		}
		for _, want := range all {
			got, ok, err := p.At(At(want.RuleStart))
			if err != nil || !ok {
				t.Fatalf("%v is not there alone: %v", want.RuleStart, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}
