package services

import (
	"strings"
	"testing"

	"muster/models"
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
