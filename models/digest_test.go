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
	for _, c := range []struct {
		name     string
		cadence  string
		at       Instant
		from, to Instant
	}{
		{"Monday morning: last week", PeriodWeek, on(t, sh, "2026-11-23 09:00"), on(t, sh, "2026-11-16 00:00"), on(t, sh, "2026-11-23 00:00")},
		{"Sunday evening: the week that ends", PeriodWeek, on(t, sh, "2026-11-22 18:00"), on(t, sh, "2026-11-16 00:00"), on(t, sh, "2026-11-23 00:00")},
		{"the first of the month: last month", PeriodMonth, on(t, sh, "2026-12-01 09:00"), on(t, sh, "2026-11-01 00:00"), on(t, sh, "2026-12-01 00:00")},
		{"in the morning: yesterday", PeriodDay, on(t, sh, "2026-11-23 09:00"), on(t, sh, "2026-11-22 00:00"), on(t, sh, "2026-11-23 00:00")},
		{"in the evening: today", PeriodDay, on(t, sh, "2026-11-23 18:00"), on(t, sh, "2026-11-23 00:00"), on(t, sh, "2026-11-24 00:00")},
	} {
		got := Digest{Cadence: c.cadence, Zone: sh}.Covers(c.at)
		if got.Start != c.from || got.End != c.to {
			t.Errorf("%s: %v to %v", c.name, got.Start.In(Zone(sh)), got.End.In(Zone(sh)))
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
