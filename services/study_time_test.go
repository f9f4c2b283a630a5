package services

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store/storetest"
)

// A restart in the middle loses nothing and doubles nothing.
func TestRestartLosesNothing(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.RRule = "FREQ=WEEKLY;BYDAY=WE"
	b.open(in)
	for day := range 16 {
		b.restart()
		b.until(sh("2026-11-23 12:00").AddDate(0, 0, day))
	}
	b.expect("Uwang", "11-24 19:30 study", "11-25 18:30 study", "11-30 20:30 study_follow", "12-01 19:30 study", "12-02 18:30 study",
		"12-07 20:30 study_follow")
}

// Down for three hours, three days, thirty days: what comes late says so, what
// is past its use is not sent, and never more than one of a series.
func TestDownForHoursDaysAndAMonth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		down, up  string
		then      string
		want      []string
		leaderAsk int
	}{
		{"three hours: the reminder comes late and says so", "2026-11-24 19:00", "2026-11-24 21:15", "2026-11-25 19:00",
			[]string{"11-24 21:15 study late", "11-25 18:30 study"}, 0},
		{"over both reminders, back before the start: one", "2026-11-24 19:00", "2026-11-25 19:00", "2026-11-25 20:00",
			[]string{"11-25 19:00 study late"}, 0},
		{"back while it runs: who heard nothing can still check in", "2026-11-24 19:00", "2026-11-25 19:45", "2026-11-25 20:00",
			[]string{"11-25 19:45 study late"}, 0},
		{"back in the night: it waits for the morning", "2026-11-24 19:00", "2026-11-24 23:00", "2026-11-25 12:00",
			[]string{"11-25 07:00 study late"}, 0},
		{"three days: nothing of what is over", "2026-11-24 19:00", "2026-11-27 19:00", "2026-11-28 19:00",
			nil, 1},
		{"thirty days: one session a week went by, the next is reminded of as ever", "2026-11-24 19:00", "2026-12-24 19:00", "2026-12-29 20:00",
			[]string{"12-28 20:30 study_follow", "12-29 19:30 study"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBranch(t)
			in := lesson("2026-11-25 19:30")
			in.RRule = "FREQ=WEEKLY;BYDAY=WE"
			b.open(in)
			b.until(sh(c.down))
			b.clocks.World.Set(sh(c.up))
			b.clocks.Machine.Set(sh(c.up))
			b.restart()
			b.until(sh(c.then))
			b.expect("Uwang", c.want...)
			asks := 0
			for _, n := range b.sent {
				if n.Kind == models.MessageStudyAsk {
					asks++
				}
			}
			if asks != c.leaderAsk {
				t.Errorf("the leader was asked %d times, want %d", asks, c.leaderAsk)
			}
		})
	}
}

// Daily at 18:00 and at 02:30 over both clock changes: one reminder a local day.
func TestOneReminderALocalDayOverClockChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, from, to string }{
		{"Europe/Riga", "2027-03-26 12:00", "2027-03-30 12:00"},
		{"Europe/Riga", "2027-10-29 12:00", "2027-11-02 12:00"},
		{"America/New_York", "2027-03-12 12:00", "2027-03-16 12:00"},
		{"America/New_York", "2027-11-05 12:00", "2027-11-09 12:00"},
		{"Australia/Lord_Howe", "2027-04-02 12:00", "2027-04-06 12:00"},
		{"Australia/Lord_Howe", "2027-10-01 12:00", "2027-10-05 12:00"},
	} {
		t.Run(c.zone+" "+c.from[:7], func(t *testing.T) {
			t.Parallel()
			b := newBranch(t)
			from, to := wall(c.zone, c.from), wall(c.zone, c.to)
			b.clocks.World.Set(from)
			b.clocks.Machine.Set(from)
			// Quiet hours would hide what the clock change does to 02:30.
			n := 0
			if _, err := b.svc.SaveProfile(t.Context(), b.act("Uwang"), Profile{Zone: c.zone, QuietStart: &n, QuietEnd: &n}); err != nil {
				t.Fatal(err)
			}
			for _, clock := range []string{"18:00", "02:30"} {
				first := wall(c.zone, from.AddDate(0, 0, 1).Format("2006-01-02")+" "+clock)
				b.open(NewStudy{Title: clock, RRule: "FREQ=DAILY", Zone: c.zone, Start: first, Length: 30, Credit: -1, Makeup: 0, Leads: []int{0}})
			}
			b.until(to)
			days := map[string]int{}
			for _, s := range b.sounds("Uwang", c.zone) {
				day, rest, _ := strings.Cut(s, " ")
				clock, _, _ := strings.Cut(rest, " ")
				if clock != "18:00" {
					clock = "night"
				}
				days[day+" "+clock]++
			}
			for day := from.AddDate(0, 0, 1); day.Before(to); day = day.AddDate(0, 0, 1) {
				for _, clock := range []string{"night", "18:00"} {
					key := day.Format("01-02") + " " + clock
					if clock == "18:00" && day.Format("01-02") == to.Format("01-02") {
						continue // not yet
					}
					if days[key] != 1 {
						t.Errorf("%s: %d reminders, want one; all: %v", key, days[key], b.sounds("Uwang", c.zone))
					}
				}
			}
		})
	}
}

// What the table of what happens after Muster was down says besides: the
// question to the leader, its second asking, the end of a receipt, and who was
// long away.
func TestDownWhatLeadersHear(t *testing.T) {
	t.Parallel()
	ask, receipt := models.MessageStudyAsk, models.MessageReceipt
	for _, c := range []struct {
		name     string
		kind     models.MessageKind
		down, up string
		want     []string
	}{
		{"never down: asked after an hour and once more a day later", ask, "", "", []string{"11-25 21:30", "11-26 21:30"}},
		{"three hours, back at midnight: asked in the morning, and that is all", ask, "2026-11-25 21:00", "2026-11-26 00:00", []string{"11-26 07:00"}},
		{"half an hour: late, and once more", ask, "2026-11-25 21:00", "2026-11-25 21:55", []string{"11-25 21:55", "11-26 21:55"}},
		{"three days less an hour: asked late, once", ask, "2026-11-25 21:00", "2026-11-28 20:30", []string{"11-28 20:30"}},
		{"over three days: not asked", ask, "2026-11-25 21:00", "2026-11-28 21:45", nil},
		{"thirty days: not asked", ask, "2026-11-25 21:00", "2026-12-25 21:00", nil},
		{"three hours over the second question: asked late", ask, "2026-11-26 21:00", "2026-11-26 21:55", []string{"11-25 21:30", "11-26 21:55"}},
		{"over three days over the second question: not again", ask, "2026-11-26 21:00", "2026-11-29 22:00", []string{"11-25 21:30"}},
		{"a receipt in time", receipt, "", "", []string{"11-23 10:00", "11-25 18:00"}},
		{"a receipt, three hours", receipt, "2026-11-25 17:00", "2026-11-25 20:00", []string{"11-23 10:00", "11-25 20:00"}},
		{"a receipt, three days: the message there says it", receipt, "2026-11-25 17:00", "2026-11-28 18:30", []string{"11-23 10:00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBranch(t)
			if c.kind == receipt {
				b.pushTo(b.item("骑手服务案例", casesLink), "2026-11-25 18:00")
			} else {
				b.open(lesson("2026-11-25 19:30"))
			}
			b.beat()
			if c.down != "" {
				b.stopFor(c.down, c.up)
				b.until(sh(c.up).Add(48 * time.Hour))
			}
			b.until(sh("2026-11-28 12:00"))
			var got []string
			for _, n := range b.sent {
				if n.Who == "Uchen" && n.Kind == c.kind {
					got = append(got, n.At.In(models.Zone("Asia/Shanghai")).Format("01-02 15:04"))
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("the leader heard (-want +got):\n%s", diff)
			}
		})
	}
}

// Who was long away is looked for once a day: slept through, it is told of on
// the next morning, as it is by then and once.
func TestDownOverTheMorningOfAnAbsenceNotice(t *testing.T) {
	t.Parallel()
	for up, want := range map[string]string{"2026-11-24 08:10": "11-24 08:10", "2026-11-27 08:10": "11-27 08:10", "2026-12-24 08:10": "12-24 08:10"} {
		t.Run(up, func(t *testing.T) {
			t.Parallel()
			st, clocks := storetest.New(t)
			b, _ := yearBranch(t, st, clocks, func(who string, week int) string {
				if who == "Uchen" || who == "Uli" && week <= 33 {
					return models.AttendanceAttended
				}
				return models.AttendanceAbsent
			})
			b.stopFor("2026-11-24 04:00", up)
			b.until(sh(up).Add(30 * time.Hour))
			if got := b.kinds("Uchen", models.MessageYearAbsence); len(got) != 1 || got[0] != want {
				t.Errorf("the leader heard %v, want %s", got, want)
			}
		})
	}
}
