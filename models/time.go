package models

import "time"

// Instant is a moment in world time as stored: milliseconds since 1970 UTC.
// Integers, because SQLite compares time columns as text. Zero means "not set".
type Instant int64

// At is t as an Instant; the zero time is the zero Instant.
func At(t time.Time) Instant {
	if t.IsZero() {
		return 0
	}
	return Instant(t.UnixMilli())
}

// Time is the instant in UTC; the zero Instant is the zero time.
func (i Instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(i)).UTC()
}

// In is the instant on the wall of zone.
func (i Instant) In(zone *time.Location) time.Time { return i.Time().In(zone) }

// Add is the instant d later.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Milliseconds()) }

// Sub is how much later i is than j.
func (i Instant) Sub(j Instant) time.Duration { return time.Duration(i-j) * time.Millisecond }

// Clock tells a time. World time and machine time are both Clocks and are
// never mixed: World decides what is due and what is recorded, Machine decides
// pace, leases and timeouts.
type Clock func() time.Time

// Zone loads an IANA zone, falling back to UTC when the name is unknown: a
// stored name was checked when it was stored, so only a machine without zone
// data comes here, and a wrong wall clock is better than no message.
func Zone(name string) *time.Location {
	if name == "" {
		return time.UTC
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}
