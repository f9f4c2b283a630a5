package models

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Periods by the calendar: over the year's end, through leap years.
func TestPeriodsOfTheCalendar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ cadence, day, key, first, last, next, before string }{
		{CadenceMonth, "2026-11-23", "2026-11", "2026-11-01", "2026-11-30", "2026-12", "2026-10"},
		{CadenceMonth, "2026-12-31", "2026-12", "2026-12-01", "2026-12-31", "2027-01", "2026-11"},
		{CadenceMonth, "2028-02-29", "2028-02", "2028-02-01", "2028-02-29", "2028-03", "2028-01"},
		{CadenceQuarter, "2026-11-23", "2026-Q4", "2026-10-01", "2026-12-31", "2027-Q1", "2026-Q3"},
		{CadenceQuarter, "2027-01-01", "2027-Q1", "2027-01-01", "2027-03-31", "2027-Q2", "2026-Q4"},
		{CadenceQuarter, "2026-06-30", "2026-Q2", "2026-04-01", "2026-06-30", "2026-Q3", "2026-Q1"},
		{CadenceHalf, "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30", "2026-H2", "2025-H2"},
		{CadenceHalf, "2026-07-01", "2026-H2", "2026-07-01", "2026-12-31", "2027-H1", "2026-H1"},
		{CadenceYear, "2026-12-31", "2026", "2026-01-01", "2026-12-31", "2027", "2025"},
	} {
		p := DutyPeriodOf(c.cadence, c.day)
		got := []string{p.Key(), p.First(), p.Last(), p.Next().Key(), p.Before().Key()}
		if diff := cmp.Diff([]string{c.key, c.first, c.last, c.next, c.before}, got); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", c.cadence, c.day, diff)
		}
	}
}

// A period begins and ends at local midnight, or where a clock change skips
// it at the first moment of the day.
func TestPeriodsInZonesWithClockChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, cadence, day, start, end, notice string }{
		{"Asia/Shanghai", CadenceQuarter, "2026-11-23", "2026-10-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00", "2026-12-18T00:00:00+08:00"},
		{"Asia/Shanghai", CadenceMonth, "2026-11-23", "2026-11-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00", "2026-11-24T00:00:00+08:00"},
		{"Europe/Berlin", CadenceQuarter, "2026-03-31", "2026-01-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00", "2026-03-18T00:00:00+01:00"},
		{"America/New_York", CadenceMonth, "2026-11-15", "2026-11-01T00:00:00-04:00", "2026-12-01T00:00:00-05:00", "2026-11-24T00:00:00-05:00"},
		{"Pacific/Auckland", CadenceHalf, "2026-05-01", "2026-01-01T00:00:00+13:00", "2026-07-01T00:00:00+12:00", "2026-06-17T00:00:00+12:00"},
		{"Asia/Kathmandu", CadenceYear, "2026-05-01", "2026-01-01T00:00:00+05:45", "2027-01-01T00:00:00+05:45", "2026-12-18T00:00:00+05:45"},
		// Asunción put the clock on at midnight of 1 October 2023.
		{"America/Asuncion", CadenceMonth, "2023-10-05", "2023-10-01T01:00:00-03:00", "2023-11-01T00:00:00-03:00", "2023-10-25T00:00:00-03:00"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		p := DutyPeriodOf(c.cadence, c.day)
		got := []string{p.Start(zone).In(zone).Format(time.RFC3339), p.End(zone).In(zone).Format(time.RFC3339), p.NoticeFrom(zone).In(zone).Format(time.RFC3339)}
		if diff := cmp.Diff([]string{c.start, c.end, c.notice}, got); diff != "" {
			t.Errorf("%s in %s (-want +got):\n%s", p.Key(), c.zone, diff)
		}
	}
}

// A duty begins with the period under way, unless so little is left of it that
// nobody could be told in time.
func TestFromWhichPeriodADutyIsOwed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ cadence, day, want string }{
		{CadenceMonth, "2026-11-23", "2026-11"}, {CadenceMonth, "2026-11-24", "2026-11"}, {CadenceMonth, "2026-11-25", "2026-12"},
		{CadenceQuarter, "2026-12-18", "2026-Q4"}, {CadenceQuarter, "2026-12-19", "2027-Q1"},
		{CadenceYear, "2026-12-31", "2027"}, {CadenceHalf, "2026-07-01", "2026-H2"},
	} {
		if got := DutyPeriodOf(c.cadence, FirstDutyDay(c.cadence, c.day)).Key(); got != c.want {
			t.Errorf("%s from %s: %s, want %s", c.cadence, c.day, got, c.want)
		}
	}
}

var shanghaiZone = time.FixedZone("CST", 8*3600)

func dutyAt(text string) Instant {
	day, err := time.ParseInLocation("2006-01-02 15:04", text, shanghaiZone)
	if err != nil {
		panic(err)
	}
	return At(day)
}

// branches are a parent with two branches, a group under the first, and a joint
// unit of the two.
func branches() []Unit {
	return []Unit{{ID: 1, Name: "联合党委", Type: "committee"}, {ID: 2, Name: "骑手", Type: "branch", ParentID: 1}, {ID: 3, Name: "司机", Type: "branch", ParentID: 1},
		{ID: 4, Name: "一组", Type: "group", ParentID: 2}, {ID: 5, Name: "联合支部", Type: "joint", JointOf: []string{"骑手", "司机"}}}
}

// For whom a session counts: its own unit, else those below; a joint unit's for
// each it is of; one for everybody for all.
func TestForWhomASessionCounts(t *testing.T) {
	t.Parallel()
	b := DutyBook{Units: branches()}
	of := func(unit int64) Study { return Study{UnitID: unit, AudienceKind: AudienceUnit} }
	for name, c := range map[string]struct {
		st   Study
		duty UnitDuty
		want []int64
	}{
		"its own":             {of(2), UnitDuty{UnitType: "支部"}, []int64{2}},
		"those below":         {of(1), UnitDuty{UnitType: "branch"}, []int64{2, 3}},
		"not also below":      {of(2), UnitDuty{}, []int64{2}},
		"only the group":      {of(2), UnitDuty{UnitType: "小组"}, []int64{4}},
		"joint":               {of(5), UnitDuty{UnitType: "branch"}, []int64{2, 3}},
		"joint for itself":    {of(5), UnitDuty{}, []int64{2, 3, 5}},
		"everybody":           {Study{AudienceKind: AudienceAll}, UnitDuty{UnitType: "branch"}, []int64{2, 3}},
		"one unit":            {Study{AudienceKind: AudienceAll}, UnitDuty{UnitID: 3}, []int64{3}},
		"a channel's nobody":  {Study{AudienceKind: AudienceChannel}, UnitDuty{}, nil},
		"another unit's":      {of(3), UnitDuty{UnitID: 2}, nil},
		"up the tree it goes": {of(4), UnitDuty{UnitType: "branch"}, nil},
	} {
		if diff := cmp.Diff(c.want, b.Counts(c.st, c.duty)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What is held, planned, unsaid and missing of a duty, moment by moment.
func TestWhatIsDueHeldAndWithoutARecord(t *testing.T) {
	t.Parallel()
	unit := branches()[1]
	duty := UnitDuty{ID: 7, Name: "党员大会", Cadence: CadenceQuarter, Times: 2, UnitType: "branch", Since: "2026-07-01", CreatedAt: dutyAt("2026-07-01 09:00")}
	st := Study{ID: 9, Number: 3, UnitID: 2, DutyID: 7, AudienceKind: AudienceUnit, State: StudyActive, Length: 60}
	session := func(start, state string, settled Instant) Occurrence {
		return Occurrence{ID: int64(dutyAt(start)), StudyID: 9, Start: dutyAt(start), End: dutyAt(start).Add(time.Hour), State: state, SettledAt: settled, SettledBy: 2}
	}
	type words struct {
		Held, Planned, Unsaid                     int
		Late                                      []bool
		Open, Missing, Noticed, Done, Over, Tells bool
		Need                                      int
	}
	for name, c := range map[string]struct {
		now      string
		sessions []Occurrence
		records  []DutyRecord
		want     words
	}{
		"nothing yet": {"2026-11-23 10:00", nil, nil, words{Open: true, Need: 2}},
		"one held in time, one planned": {"2026-11-23 10:00",
			[]Occurrence{session("2026-11-18 19:30", OccurrenceHeld, dutyAt("2026-11-18 21:00")), session("2026-12-20 19:30", OccurrencePlanned, 0)}, nil,
			words{Held: 1, Planned: 1, Late: []bool{false}, Need: 1}},
		"said two days later": {"2026-11-23 10:00", []Occurrence{session("2026-11-18 19:30", OccurrenceHeld, dutyAt("2026-11-20 20:31"))}, nil,
			words{Held: 1, Late: []bool{true}, Open: true, Need: 1}},
		"nobody said":         {"2026-11-23 10:00", []Occurrence{session("2026-11-18 19:30", OccurrencePlanned, 0)}, nil, words{Unsaid: 1, Open: true, Need: 2}},
		"under way is a plan": {"2026-11-18 19:45", []Occurrence{session("2026-11-18 19:30", OccurrencePlanned, 0)}, nil, words{Planned: 1, Open: true, Need: 2}},
		"skipped and not held count nothing": {"2026-11-23 10:00",
			[]Occurrence{session("2026-11-18 19:30", OccurrenceNotHeld, 1), session("2026-12-18 19:30", OccurrenceSkipped, 1)}, nil, words{Open: true, Need: 2}},
		"by hand, on the next day and later": {"2026-11-23 10:00", nil,
			[]DutyRecord{{ID: 1, DutyID: 7, UnitID: 2, Day: "2026-11-18", EnteredAt: dutyAt("2026-11-19 23:00")}, {ID: 2, DutyID: 7, UnitID: 2, Day: "2026-11-20", EnteredAt: dutyAt("2026-11-23 10:00")}},
			words{Held: 2, Late: []bool{false, true}, Done: true}},
		"another unit's, another quarter's, taken back": {"2026-11-23 10:00", []Occurrence{session("2026-09-30 19:30", OccurrenceHeld, dutyAt("2026-09-30 21:00"))},
			[]DutyRecord{{ID: 1, DutyID: 7, UnitID: 3, Day: "2026-11-18"}, {ID: 2, DutyID: 7, UnitID: 2, Day: "2026-11-20", TakenBack: true}}, words{Open: true, Need: 2}},
		"two weeks before its end": {"2026-12-18 00:00", nil, nil, words{Open: true, Need: 2, Noticed: true, Tells: true}},
		"planned, so nothing is told": {"2026-12-18 00:00",
			[]Occurrence{session("2026-12-20 19:30", OccurrencePlanned, 0), session("2026-12-31 19:30", OccurrenceMoved, 0)}, nil, words{Planned: 2, Need: 2, Noticed: true}},
		"a plan of the next quarter is none": {"2026-12-18 00:00", []Occurrence{session("2027-01-01 00:00", OccurrencePlanned, 0)}, nil,
			words{Open: true, Need: 2, Noticed: true, Tells: true}},
	} {
		b := DutyBook{Zone: shanghaiZone, Now: dutyAt(c.now), Units: branches(), Duties: []UnitDuty{duty}, Studies: map[int64]Study{9: st}}
		b.Enter(c.sessions, c.records)
		s := b.Present(unit)[0]
		got := words{Held: len(s.Held), Planned: len(s.Planned), Unsaid: len(s.Unsaid), Open: s.Open(), Missing: s.Missing(), Noticed: s.Noticed, Done: s.Done(),
			Over: s.Over, Tells: s.Tells(), Need: s.Need()}
		for _, h := range s.Held {
			got.Late = append(got.Late, h.Late)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Periods past without a record are pointed out for a year, and no further back
// than the duty and the unit reach.
func TestPeriodsWithoutARecord(t *testing.T) {
	t.Parallel()
	unit := branches()[1]
	quarter := UnitDuty{ID: 7, Cadence: CadenceQuarter, Times: 1, Since: "2026-07-01", CreatedAt: dutyAt("2026-07-01 09:00")}
	month := UnitDuty{ID: 8, Cadence: CadenceMonth, Times: 1, Since: "2026-10-20", CreatedAt: dutyAt("2026-07-01 09:00")}
	for name, c := range map[string]struct {
		now    string
		made   Instant
		vacant bool
		want   []string
	}{
		"both":                      {"2027-01-02 08:00", 0, false, []string{"7 2026-Q3", "8 2026-10", "8 2026-11", "8 2026-12"}},
		"a unit made in November":   {"2027-01-02 08:00", dutyAt("2026-11-10 10:00"), false, []string{"8 2026-11", "8 2026-12"}},
		"one made late in December": {"2027-01-02 08:00", dutyAt("2026-12-28 10:00"), false, nil},
		"nobody in it":              {"2027-01-02 08:00", 0, true, nil},
		"after a year it is left": {"2027-12-31 08:00", 0, false, []string{"7 2026-Q4", "7 2027-Q1", "7 2027-Q2", "7 2027-Q3", "8 2026-12", "8 2027-01", "8 2027-02", "8 2027-03",
			"8 2027-04", "8 2027-05", "8 2027-06", "8 2027-07", "8 2027-08", "8 2027-09", "8 2027-10", "8 2027-11"}},
	} {
		b := DutyBook{Zone: shanghaiZone, Now: dutyAt(c.now), Units: branches(), Duties: []UnitDuty{quarter, month}, Made: map[int64]Instant{2: c.made}, Vacant: map[int64]bool{2: c.vacant}}
		records := []DutyRecord{}
		if name != "after a year it is left" {
			records = append(records, DutyRecord{ID: 1, DutyID: 7, UnitID: 2, Day: "2026-12-31"})
		}
		b.Enter(nil, records)
		var got []string
		for _, s := range b.Missing(unit) {
			got = append(got, fmt.Sprintf("%d %s", s.Duty.ID, s.Period.Key()))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		gaps := b.DutyGaps([]Unit{unit})
		if len(c.want) > 0 && (len(gaps) != 1 || gaps[0].N != len(c.want) || gaps[0].Kind != GapDuty) || len(c.want) == 0 && len(gaps) != 0 {
			t.Errorf("%s: gaps %+v", name, gaps)
		}
	}
}

// When duties are looked at next: near the end of a period, at its end, and
// each midnight in between.
func TestWhenDutiesAreLookedAt(t *testing.T) {
	t.Parallel()
	quarter, month := UnitDuty{Cadence: CadenceQuarter}, UnitDuty{Cadence: CadenceMonth}
	for _, c := range []struct {
		duties    []UnitDuty
		now, want string
	}{
		{[]UnitDuty{quarter}, "2026-11-23 10:00", "2026-12-18 00:00"}, {[]UnitDuty{quarter}, "2026-12-18 00:00", "2026-12-19 00:00"},
		{[]UnitDuty{quarter}, "2026-12-31 23:59", "2027-01-01 00:00"}, {[]UnitDuty{quarter}, "2027-01-01 00:00", "2027-03-18 00:00"},
		{[]UnitDuty{quarter, month}, "2026-11-23 10:00", "2026-11-24 00:00"}, {[]UnitDuty{quarter, month}, "2026-12-01 00:00", "2026-12-18 00:00"},
	} {
		if got := NextDutyLook(c.duties, shanghaiZone, dutyAt(c.now)); got != dutyAt(c.want) {
			t.Errorf("at %s: %s, want %s", c.now, got.In(shanghaiZone), c.want)
		}
	}
	if got := NextDutyLook(nil, shanghaiZone, dutyAt("2026-11-23 10:00")); got != 0 {
		t.Errorf("without duties: %d", got)
	}
}

// Whatever happens: periods follow each other without a gap, each day is in one
// of them; and a state never is both open and done, or missing before its end.
func TestDutyProperties(t *testing.T) {
	t.Parallel()
	zones := []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "America/Asuncion"}
	rapid.Check(t, func(t *rapid.T) {
		zone := Zone(rapid.SampledFrom(zones).Draw(t, "zone"))
		now := Instant(rapid.Int64Range(1700000000000, 1900000000000).Draw(t, "now"))
		cadence := rapid.SampledFrom(Cadences()).Draw(t, "cadence")
		p := DutyPeriodOf(cadence, DateOf(now, zone))
		switch {
		case now < p.Start(zone) || now >= p.End(zone):
			t.Fatalf("%s does not hold %s", p.Key(), now.In(zone))
		case p.Next().Start(zone) != p.End(zone) || p.Next().Before() != p || p.NoticeFrom(zone) >= p.End(zone) || p.NoticeFrom(zone) < p.Start(zone):
			t.Fatalf("%s does not follow %s", p.Next().Key(), p.Key())
		case p.Owed(p.Next().First()), !p.Owed(p.Last()), !p.Next().Owed(p.First()):
			t.Fatalf("%s is owed from the wrong day", p.Key())
		}
		d := UnitDuty{ID: 1, Cadence: cadence, Times: rapid.IntRange(1, 4).Draw(t, "times")}
		b := DutyBook{Zone: zone, Now: now, Units: []Unit{{ID: 1}}, Duties: []UnitDuty{d}, Studies: map[int64]Study{1: {ID: 1, UnitID: 1, DutyID: 1, State: StudyActive, AudienceKind: AudienceUnit}}}
		var sessions []Occurrence
		var records []DutyRecord
		for i := range rapid.IntRange(0, 12).Draw(t, "n") {
			when := now.Add(time.Duration(rapid.Int64Range(-400*24, 60*24).Draw(t, "hours")) * time.Hour)
			if rapid.Bool().Draw(t, "by hand") {
				records = append(records, DutyRecord{ID: int64(i + 1), DutyID: 1, UnitID: 1, Day: DateOf(min(when, now), zone), EnteredAt: now, TakenBack: rapid.Bool().Draw(t, "back")})
				continue
			}
			state := rapid.SampledFrom([]string{OccurrencePlanned, OccurrenceMoved, OccurrenceSkipped, OccurrenceHeld, OccurrenceNotHeld}).Draw(t, "state")
			if state == OccurrenceHeld || state == OccurrenceNotHeld {
				when = min(when, now)
			}
			sessions = append(sessions, Occurrence{ID: int64(i + 1), StudyID: 1, Start: when, End: when.Add(time.Hour), State: state})
		}
		b.Enter(sessions, records)
		slices.Reverse(sessions)
		all := b.Present(Unit{ID: 1})
		seen := 0
		for _, s := range append(all, b.Missing(Unit{ID: 1})...) {
			seen += len(s.Held) + len(s.Planned) + len(s.Unsaid)
			if s.Open() && (s.Done() || s.Over) || s.Missing() && !s.Over || s.Tells() && !s.Noticed || s.Missing() && len(s.Held) >= d.Times {
				t.Fatalf("%s: %+v", s.Period.Key(), s)
			}
			for _, h := range s.Planned {
				if h.Occurrence.End <= now {
					t.Fatalf("over, and planned: %+v", h)
				}
			}
		}
		if next := NextDutyLook([]UnitDuty{d}, zone, now); next <= now || next > p.End(zone) {
			t.Fatalf("the next look is at %s, the period ends at %s", next.In(zone), p.End(zone).In(zone))
		}
		if seen > len(sessions)+len(records) {
			t.Fatalf("%d of %d", seen, len(sessions)+len(records))
		}
	})
}
