package models

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func on(t testing.TB, zone, wall string) Instant {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", wall, Zone(zone))
	if err != nil {
		t.Fatal(err)
	}
	return At(at)
}

func TestADigestIsPostedAtItsWallTime(t *testing.T) {
	t.Parallel()
	const sh, ny = "Asia/Shanghai", "America/New_York"
	for _, c := range []struct {
		name        string
		d           Digest
		after, want Instant
	}{
		{"this week's Monday is past", Digest{Cadence: PeriodWeek, Weekday: 1, Minute: 540, Zone: sh}, on(t, sh, "2026-11-23 10:00"), on(t, sh, "2026-11-30 09:00")},
		{"the same morning", Digest{Cadence: PeriodWeek, Weekday: 1, Minute: 540, Zone: sh}, on(t, sh, "2026-11-23 08:59"), on(t, sh, "2026-11-23 09:00")},
		{"exactly then is past", Digest{Cadence: PeriodDay, Minute: 540, Zone: sh}, on(t, sh, "2026-11-23 09:00"), on(t, sh, "2026-11-24 09:00")},
		{"the 31st of a short month is its last day", Digest{Cadence: PeriodMonth, Day: 31, Minute: 540, Zone: sh}, on(t, sh, "2027-02-01 00:00"), on(t, sh, "2027-02-28 09:00")},
		{"the last day", Digest{Cadence: PeriodMonth, Day: -1, Minute: 540, Zone: sh}, on(t, sh, "2026-11-23 10:00"), on(t, sh, "2026-11-30 09:00")},
		{"a time that does not exist moves after the gap", Digest{Cadence: PeriodDay, Minute: 150, Zone: ny}, on(t, ny, "2027-03-14 00:30"), on(t, ny, "2027-03-14 03:30")},
		{"a doubled time is posted once", Digest{Cadence: PeriodDay, Minute: 90, Zone: ny}, on(t, ny, "2026-11-01 00:00"), At(time.Date(2026, 11, 1, 5, 30, 0, 0, time.UTC))},
		{"and the next is a day later", Digest{Cadence: PeriodDay, Minute: 90, Zone: ny}, At(time.Date(2026, 11, 1, 5, 30, 0, 0, time.UTC)), on(t, ny, "2026-11-02 01:30")},
	} {
		if got := c.d.Next(c.after); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got.In(Zone(c.d.Zone)), c.want.In(Zone(c.d.Zone)))
		}
	}
}

func TestADigestTellsOfThePeriodThatHasEnded(t *testing.T) {
	t.Parallel()
	const sh = "Asia/Shanghai"
	lastWeek := [2]Instant{on(t, sh, "2026-11-16 00:00"), on(t, sh, "2026-11-23 00:00")}
	thisWeek := [2]Instant{on(t, sh, "2026-11-23 00:00"), on(t, sh, "2026-11-30 00:00")}
	october := [2]Instant{on(t, sh, "2026-10-01 00:00"), on(t, sh, "2026-11-01 00:00")}
	november := [2]Instant{on(t, sh, "2026-11-01 00:00"), on(t, sh, "2026-12-01 00:00")}
	for _, c := range []struct {
		name string
		d    Digest
		at   string
		want [2]Instant
	}{
		{"Monday morning: last week", Digest{Cadence: PeriodWeek, Weekday: 1, Minute: 540}, "2026-11-23 09:00", lastWeek},
		{"Monday afternoon: last week too, and not the half day that was", Digest{Cadence: PeriodWeek, Weekday: 1, Minute: 15 * 60}, "2026-11-23 15:00", lastWeek},
		{"Wednesday evening: last week", Digest{Cadence: PeriodWeek, Weekday: 3, Minute: 20 * 60}, "2026-11-25 20:00", lastWeek},
		{"Friday at the end of work: the week that ends", Digest{Cadence: PeriodWeek, Weekday: 5, Minute: 17 * 60}, "2026-11-27 17:00", thisWeek},
		{"Sunday evening: the week that ends", Digest{Cadence: PeriodWeek, Weekday: 0, Minute: 18 * 60}, "2026-11-29 18:00", thisWeek},
		{"the first of the month: last month", Digest{Cadence: PeriodMonth, Day: 1, Minute: 540}, "2026-11-01 09:00", october},
		{"the fifteenth: last month", Digest{Cadence: PeriodMonth, Day: 15, Minute: 540}, "2026-11-15 09:00", october},
		{"the sixteenth: this month", Digest{Cadence: PeriodMonth, Day: 16, Minute: 540}, "2026-11-16 09:00", november},
		{"the last day: this month", Digest{Cadence: PeriodMonth, Day: -1, Minute: 540}, "2026-11-30 09:00", november},
		{"in the morning: yesterday", Digest{Cadence: PeriodDay, Minute: 540}, "2026-11-23 09:00", [2]Instant{on(t, sh, "2026-11-22 00:00"), on(t, sh, "2026-11-23 00:00")}},
		{"at noon: yesterday", Digest{Cadence: PeriodDay, Minute: 720}, "2026-11-23 12:00", [2]Instant{on(t, sh, "2026-11-22 00:00"), on(t, sh, "2026-11-23 00:00")}},
		{"in the evening: today", Digest{Cadence: PeriodDay, Minute: 18 * 60}, "2026-11-23 18:00", [2]Instant{on(t, sh, "2026-11-23 00:00"), on(t, sh, "2026-11-24 00:00")}},
	} {
		c.d.Zone = sh
		got := c.d.Covers(on(t, sh, c.at))
		if got.Start != c.want[0] || got.End != c.want[1] {
			t.Errorf("%s: %v to %v", c.name, got.Start.In(Zone(sh)), got.End.In(Zone(sh)))
		}
	}
}

// Whatever the timetable, zone and clock change: each posting comes after the
// one before, on its wall time, and tells of the very next period. None is told
// twice, none is left out.
func TestDigestsTellEachPeriodOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := Digest{
			Zone:    rapid.SampledFrom([]string{"Asia/Shanghai", "Europe/Riga", "America/New_York", "Australia/Lord_Howe", "America/Santiago"}).Draw(t, "zone"),
			Cadence: rapid.SampledFrom([]string{PeriodDay, PeriodWeek, PeriodMonth}).Draw(t, "cadence"),
			Weekday: rapid.IntRange(0, 6).Draw(t, "weekday"),
			Day:     rapid.SampledFrom([]int{-1, 1, 2, 14, 15, 16, 28, 29, 30, 31}).Draw(t, "day"),
			Minute:  rapid.IntRange(0, 1439).Draw(t, "minute"),
		}
		at := d.Next(Instant(rapid.Int64Range(1_700_000_000_000, 2_000_000_000_000).Draw(t, "from")))
		covered := d.Covers(at)
		for range 14 {
			next := d.Next(at)
			if next <= at {
				t.Fatalf("%v comes after %v", next.In(Zone(d.Zone)), at.In(Zone(d.Zone)))
			}
			if again := d.Next(next - 1); again != next {
				t.Fatalf("asked just before %v it says %v", next.In(Zone(d.Zone)), again.In(Zone(d.Zone)))
			}
			after := d.Covers(next)
			if after.Start != covered.End {
				t.Fatalf("%v tells of what begins %v, the one before of what ends %v", next.In(Zone(d.Zone)), after.Start.In(Zone(d.Zone)), covered.End.In(Zone(d.Zone)))
			}
			at, covered = next, after
		}
	})
}

func TestOnlyAScheduledPostingIsLate(t *testing.T) {
	t.Parallel()
	id, due := int64(1), Instant(1_700_000_000_000)
	for _, c := range []struct {
		name string
		p    Posting
		sent Instant
		want bool
	}{
		{"a minute after", Posting{DigestID: &id, DueAt: due}, due.Add(time.Minute), false},
		{"an hour after", Posting{DigestID: &id, DueAt: due}, due.Add(time.Hour), false},
		{"more", Posting{DigestID: &id, DueAt: due}, due.Add(time.Hour + 1*time.Millisecond), true},
		{"posted by hand", Posting{DueAt: due}, due.Add(48 * time.Hour), false},
	} {
		if got := c.p.Late(c.sent); got != c.want {
			t.Errorf("%s: late %v", c.name, got)
		}
	}
}

// Periods of one kind follow each other without a gap, in every zone and over
// every clock change.
func TestPeriodsFollowEachOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := Zone(rapid.SampledFrom([]string{"Asia/Shanghai", "Europe/Riga", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"}).Draw(t, "zone"))
		kind := rapid.SampledFrom([]string{PeriodDay, PeriodWeek, PeriodMonth, PeriodYear}).Draw(t, "kind")
		at := Instant(rapid.Int64Range(1_600_000_000_000, 2_000_000_000_000).Draw(t, "at"))
		p := PeriodOf(kind, at, zone)
		if at < p.Start || at >= p.End {
			t.Fatalf("%v is not within its own %s", at.In(zone), kind)
		}
		if before := p.Before(zone); before.End != p.Start {
			t.Fatalf("the %s before ends at %v, this one begins at %v", kind, before.End.In(zone), p.Start.In(zone))
		}
		if kind == PeriodWeek && p.Start.Add(time.Hour).In(zone).Weekday() != time.Monday {
			t.Fatalf("a week begins on %v", p.Start.In(zone))
		}
	})
}
