package models

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// studyZones have no clock change, both in each hemisphere, one of half an
// hour, one at midnight, and an offset that is no full half hour.
var studyZones = []string{"Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu"}

// drawSeries is a study by a rule of any kind, and a moment before one of its
// occurrences, often near a clock change.
func drawSeries(t *rapid.T) (Study, Instant) {
	rrule := rapid.SampledFrom([]string{"FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=SU,MO", "FREQ=WEEKLY;INTERVAL=3;BYDAY=SA", "FREQ=DAILY",
		"FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=7", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYDAY=2TH",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15",
		"RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1"}).Draw(t, "rule")
	zone := rapid.SampledFrom(studyZones).Draw(t, "study's zone")
	clock := rapid.SampledFrom([]string{"00:00", "00:30", "01:30", "02:30", "07:30", "13:00", "19:30", "23:59"}).Draw(t, "clock")
	st := inZone(rrule, "2025-01-08T"+clock, rapid.SampledFrom([]string{"", HolidaySkip, HolidayBefore, HolidayAfter}).Draw(t, "holidays"), zone)
	if strings.HasPrefix(rrule, "RSCALE") {
		st.Holiday = ""
	}
	for range rapid.IntRange(1, 4).Draw(t, "leads") {
		st.Leads = append(st.Leads, rapid.SampledFrom([]int{10, 30, 45, 60, 120, 600, 1440, 2880}).Draw(t, "lead"))
	}
	slices.Sort(st.Leads)
	st.Leads = slices.Compact(st.Leads)
	return st, drawNow(t, Zone(zone))
}

// drawMember is somebody's times in one of the zones, often the study's own.
func drawMember(t *rapid.T, st Study) Times {
	s := drawTimes(t)
	s.Zone = Zone(rapid.SampledFrom(append([]string{st.Zone}, studyZones...)).Draw(t, "member's zone"))
	return s
}

// member is one member before one occurrence: what they heard, as the rows of a
// due tick would have it.
type member struct {
	t     *rapid.T
	times Times
	start Instant
	leads []time.Duration
	now   Instant
	done  bool
	heard map[time.Duration]int

	promised map[time.Duration]bool // lead times that are planned
}

// left are the lead times that were not used yet.
func (m *member) left() []time.Duration {
	return slices.DeleteFunc(slices.Clone(m.leads), func(d time.Duration) bool { return m.heard[d] > 0 })
}

// until lets the clock run to `to`; what is planned by then is heard. What was
// planned before and has not come yet is promised.
func (m *member) until(to Instant) {
	waiting := slices.DeleteFunc(m.left(), func(d time.Duration) bool { return !m.promised[d] || m.start.Add(-d) > m.now })
	m.promised = map[time.Duration]bool{}
	for _, p := range m.times.PlanAgain(m.start, m.left(), waiting, m.now) {
		if p.At > to || m.done {
			for _, lead := range p.Leads {
				m.promised[lead] = true
			}
			continue
		}
		m.hears(p)
	}
	m.now = to
}

func (m *member) hears(p Planned) {
	if p.At < m.now || p.At == m.now && m.start.Add(-p.Leads[0]) > m.now || p.At > m.start {
		m.t.Fatalf("reminded at %v, planned at %v for %v", p.At.In(m.times.Zone), m.now.In(m.times.Zone), m.start.In(m.times.Zone))
	}
	if InRest(p.At, m.times.Rest, m.times.Zone) {
		m.t.Fatalf("reminded at %v in the quiet hours %v", p.At.In(m.times.Zone), m.times.Rest)
	}
	for _, lead := range p.Leads {
		if m.heard[lead]++; m.heard[lead] > 1 {
			m.t.Fatalf("told twice %v ahead", lead)
		}
	}
	if !InWindows(p.At, m.times.Windows, m.times.Zone) {
		if free, ok := m.windowLeft(slices.Max(p.Leads)); ok {
			m.t.Fatalf("reminded at %v outside the windows, and %v was left", p.At.In(m.times.Zone), free.In(m.times.Zone))
		}
	}
}

// windowLeft looks minute by minute for a moment that suits, from now on and in
// time before the session: back from the lead time, or ahead of it. Times change
// at full minutes, so now stands for the rest of its minute.
func (m *member) windowLeft(lead time.Duration) (Instant, bool) {
	want := m.start.Add(-lead)
	for i := max(m.now, want.Add(time.Minute-reachBack)); i <= want || i < m.start.Add(-LeadTooShort); i = i.Add(time.Minute) {
		if i > want && len(m.times.Windows) == 0 { // out of quiet hours alone it never moves later
			break
		}
		if m.times.Suit(i) {
			return i, true
		}
	}
	return 0, false
}

// keepable says, minute by minute, whether a lead time can be kept from now on.
func (m *member) keepable(lead time.Duration) bool {
	want := m.start.Add(-lead)
	if want <= m.now {
		return false
	}
	if _, ok := m.windowLeft(lead); ok {
		return true
	}
	for i := want; i >= m.now && i > want.Add(-reachBack); i = i.Add(-time.Minute) {
		if !InRest(i, m.times.Rest, m.times.Zone) {
			return true
		}
	}
	return false
}

// before are the occurrences of a series that the next days bring, each with
// the member who is to come.
func before(t *rapid.T, st Study, now Instant, times Times) (out []*member) {
	places, err := Placing{Study: st, Calendar: NewCalendar(nil)}.Next(now, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range places {
		if start := At(at.Start); !at.Off && start > now {
			from := max(now, start.Add(-time.Duration(rapid.IntRange(1, 9*24*60).Draw(t, "ahead"))*time.Minute))
			out = append(out, &member{t: t, times: times, start: start, leads: st.LeadTimes(), now: from, heard: map[time.Duration]int{}})
		}
	}
	return out
}

// However the clock runs and however often what is ahead is planned anew, every
// lead time of every occurrence is told exactly once, where there is a moment
// for it.
func TestExactlyOneReminderForEachLeadTimeAndOccurrence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		st, now := drawSeries(t)
		for _, m := range before(t, st, now, drawMember(t, st)) {
			can := map[time.Duration]bool{}
			for _, lead := range m.leads {
				can[lead] = m.keepable(lead)
			}
			for m.now < m.start {
				m.until(min(m.start, m.now.Add(time.Duration(rapid.IntRange(1, 36*60).Draw(t, "minutes on"))*time.Minute)))
			}
			for _, lead := range m.leads {
				if want := map[bool]int{true: 1}[can[lead]]; m.heard[lead] != want {
					t.Fatalf("%v before %v: told %d times, want %d", lead, m.start.In(m.times.Zone), m.heard[lead], want)
				}
			}
		}
	})
}

// The same while windows, quiet hours and zone change under it: never twice,
// never in the quiet hours of that moment, never outside a window while one is
// left, and nothing once it is done.
func TestRemindersKeepTheirRulesWhileTimesChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		st, now := drawSeries(t)
		for _, m := range before(t, st, now, drawMember(t, st)) {
			for m.now < m.start {
				switch rapid.IntRange(0, 5).Draw(t, "what") {
				case 0:
					m.times = drawMember(t, st)
				case 1:
					m.times.Zone = Zone(rapid.SampledFrom(studyZones).Draw(t, "moves to"))
				case 2:
					m.done = rapid.IntRange(0, 3).Draw(t, "done") == 0
				default:
					m.until(min(m.start, m.now.Add(time.Duration(rapid.IntRange(1, 24*60).Draw(t, "minutes on"))*time.Minute)))
				}
				if m.done {
					break
				}
			}
		}
	})
}

// Sessions at 2:30 and 19:30 every Sunday and Monday, told of a day and an hour
// ahead, on the Sunday of both clock changes and the day after: the session's
// wall time, then its reminders without quiet hours, then with those of
// 22:00-7:00. A day ahead is 24 hours; what the night does not take moves to the
// evening before.
func TestWallTimesOverBothClockChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, clock, sunday string
		want                []string
	}{
		{"Asia/Shanghai", "02:30", "2027-03-28", []string{"Sun 02:30 +08:00: Sat 02:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 +08:00: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"Asia/Shanghai", "19:30", "2027-03-28", []string{"Sun 19:30 +08:00: Sat 19:30 Sun 18:30; Sat 19:30 Sun 18:30",
			"Mon 19:30 +08:00: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"Asia/Shanghai", "02:30", "2027-10-31", []string{"Sun 02:30 +08:00: Sat 02:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 +08:00: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"Asia/Shanghai", "19:30", "2027-10-31", []string{"Sun 19:30 +08:00: Sat 19:30 Sun 18:30; Sat 19:30 Sun 18:30",
			"Mon 19:30 +08:00: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"Asia/Kathmandu", "02:30", "2027-03-28", []string{"Sun 02:30 +05:45: Sat 02:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 +05:45: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"Asia/Kathmandu", "19:30", "2027-03-28", []string{"Sun 19:30 +05:45: Sat 19:30 Sun 18:30; Sat 19:30 Sun 18:30",
			"Mon 19:30 +05:45: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"Asia/Kathmandu", "02:30", "2027-10-31", []string{"Sun 02:30 +05:45: Sat 02:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 +05:45: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"Asia/Kathmandu", "19:30", "2027-10-31", []string{"Sun 19:30 +05:45: Sat 19:30 Sun 18:30; Sat 19:30 Sun 18:30",
			"Mon 19:30 +05:45: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"America/New_York", "02:30", "2027-03-14", []string{"Sun 03:30 -04:00: Sat 02:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 -04:00: Sun 01:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"America/New_York", "19:30", "2027-03-14", []string{"Sun 19:30 -04:00: Sat 18:30 Sun 18:30; Sat 18:30 Sun 18:30",
			"Mon 19:30 -04:00: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"America/New_York", "02:30", "2027-11-07", []string{"Sun 02:30 -05:00: Sat 03:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 -05:00: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"America/New_York", "19:30", "2027-11-07", []string{"Sun 19:30 -05:00: Sat 20:30 Sun 18:30; Sat 20:30 Sun 18:30",
			"Mon 19:30 -05:00: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"Europe/Berlin", "02:30", "2027-03-28", []string{"Sun 03:30 +02:00: Sat 02:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 +02:00: Sun 01:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"Europe/Berlin", "19:30", "2027-03-28", []string{"Sun 19:30 +02:00: Sat 18:30 Sun 18:30; Sat 18:30 Sun 18:30",
			"Mon 19:30 +02:00: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"Europe/Berlin", "02:30", "2027-10-31", []string{"Sun 02:30 +02:00: Sat 02:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 +01:00: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"Europe/Berlin", "19:30", "2027-10-31", []string{"Sun 19:30 +01:00: Sat 20:30 Sun 18:30; Sat 20:30 Sun 18:30",
			"Mon 19:30 +01:00: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"Australia/Lord_Howe", "02:30", "2027-10-03", []string{"Sun 02:30 +11:00: Sat 02:00 Sun 01:00; Fri 21:45 Sat 21:45",
			"Mon 02:30 +11:00: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"Australia/Lord_Howe", "19:30", "2027-10-03", []string{"Sun 19:30 +11:00: Sat 19:00 Sun 18:30; Sat 19:00 Sun 18:30",
			"Mon 19:30 +11:00: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"Australia/Lord_Howe", "02:30", "2027-04-04", []string{"Sun 02:30 +10:30: Sat 03:00 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 +10:30: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"Australia/Lord_Howe", "19:30", "2027-04-04", []string{"Sun 19:30 +10:30: Sat 20:00 Sun 18:30; Sat 20:00 Sun 18:30",
			"Mon 19:30 +10:30: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"America/Santiago", "02:30", "2027-09-05", []string{"Sun 02:30 -03:00: Sat 01:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 -03:00: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"America/Santiago", "19:30", "2027-09-05", []string{"Sun 19:30 -03:00: Sat 18:30 Sun 18:30; Sat 18:30 Sun 18:30",
			"Mon 19:30 -03:00: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
		{"America/Santiago", "02:30", "2027-04-04", []string{"Sun 02:30 -04:00: Sat 03:30 Sun 01:30; Fri 21:45 Sat 21:45",
			"Mon 02:30 -04:00: Sun 02:30 Mon 01:30; Sat 21:45 Sun 21:45"}},
		{"America/Santiago", "19:30", "2027-04-04", []string{"Sun 19:30 -04:00: Sat 20:30 Sun 18:30; Sat 20:30 Sun 18:30",
			"Mon 19:30 -04:00: Sun 19:30 Mon 18:30; Sun 19:30 Mon 18:30"}},
	} {
		t.Run(c.zone+" "+c.sunday+" "+c.clock, func(t *testing.T) {
			t.Parallel()
			st := inZone("FREQ=WEEKLY;BYDAY=SU,MO", c.sunday+"T"+c.clock, "", c.zone)
			zone := Zone(c.zone)
			now := st.Start.Add(-72 * time.Hour)
			next, err := st.Next(now, 2)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, start := range next {
				line := start.Format("Mon 15:04 -07:00") + ":"
				for _, p := range (Times{Zone: zone}).Plan(At(start), []time.Duration{24 * time.Hour, time.Hour}, now) {
					line += p.At.In(zone).Format(" Mon 15:04")
				}
				line += ";"
				for _, p := range (Times{Zone: zone, Rest: night}).Plan(At(start), []time.Duration{24 * time.Hour, time.Hour}, now) {
					line += p.At.In(zone).Format(" Mon 15:04") + map[int]string{1: "", 2: "*"}[len(p.Leads)]
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
