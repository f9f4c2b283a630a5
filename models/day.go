package models

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// MessageStudyDay is several reminders of study of one day in one message;
// SubjectID person, Args DayArgs.
const MessageStudyDay MessageKind = "study_day"

// DayArgs is what a message of the day carries: attendances in the order in
// which they are shown.
type DayArgs struct {
	Items    []int64 `json:"items"`
	LateFrom Instant `json:"late,omitempty"` // the earliest was meant for then, and comes late
}

// DayKey is the outbox key of the n-th message of the day sent to somebody at.
func DayKey(personID int64, at Instant, n int) string {
	return "study_day:" + strconv.FormatInt(personID, 10) + ":" + strconv.FormatInt(int64(at), 10) + ":" + strconv.Itoa(n)
}

// DayMost is how many messages about study a day brings one by one. What falls
// together beyond that comes in one.
const DayMost = 3

// DayItems is how many reminders one message of the day holds: with two blocks
// each it keeps under Slack's fifty, with room for a head, a foot and the first
// contact. More of them make a second message.
const DayItems = 20

// DayItem is a reminder that is still to come.
type DayItem struct {
	ID int64   // whose it is to the caller
	Of int64   // what it reminds of: two lead times of one session are of the same
	At Instant // when it would come by itself
}

// Gathered is what comes in one message.
type Gathered struct {
	At    Instant
	Items []DayItem // by the time at which they would have come
}

// of counts what the reminders are about.
func (g Gathered) of() int {
	about := map[int64]bool{}
	for _, i := range g.Items {
		about[i.Of] = true
	}
	return len(about)
}

// Gather decides which reminders come together: where the messages about study
// that a local day brought already (heard counts them between two instants)
// and those still to come are more than DayMost, the latter come in one. So do
// those that are over RemindLate late, however few they are.
//
// A full day's message comes at the first of the day's times; when that has
// gone by, at the first of the reminders that suits. So nothing comes later
// than it would by itself, and nothing leaves a window. What would come before
// that (since no window is left before its session) cannot wait and comes by
// itself. What is overdue comes now, and counts with the day of now; in quiet
// hours it is left alone. One session alone never is a message of the day.
func (s Times) Gather(items []DayItem, heard func(from, to Instant) int, now Instant) []Gathered {
	sorted := slices.Clone(items)
	at := func(i DayItem) Instant { return max(i.At, now) }
	slices.SortFunc(sorted, func(a, b DayItem) int {
		return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID))
	})
	var out []Gathered
	for len(sorted) > 0 {
		from, to := LocalDay(at(sorted[0]), s.Zone)
		n := 1
		for n < len(sorted) && at(sorted[n]) < to {
			n++
		}
		day := sorted[:n]
		sorted = sorted[n:]
		today := from <= now && now < to
		g := Gathered{At: now, Items: lateOf(day, now)}
		switch {
		case n > DayMost || today && n > 1 && heard(from, to)+n > DayMost:
			g = s.gatherDay(day, from, to, now)
		case InRest(now, s.Rest, s.Zone):
			g.Items = nil
		}
		if g.of() > 1 {
			out = append(out, g)
		}
	}
	return out
}

// lateOf are those of a day, in order, that should have come long ago.
func lateOf(day []DayItem, now Instant) []DayItem {
	n := slices.IndexFunc(day, func(i DayItem) bool { return now.Sub(i.At) <= RemindLate })
	if n < 0 {
		n = len(day)
	}
	return day[:n]
}

// gatherDay finds when the reminders of one day come together, and which of
// them can wait for that. day is in order.
func (s Times) gatherDay(day []DayItem, from, to, now Instant) Gathered {
	if first, ok := s.Next(from, to); ok && first > now {
		i := slices.IndexFunc(day, func(d DayItem) bool { return d.At >= first })
		if i < 0 {
			return Gathered{}
		}
		return Gathered{At: first, Items: day[i:]}
	}
	day = slices.DeleteFunc(slices.Clone(day), func(d DayItem) bool { return InRest(max(d.At, now), s.Rest, s.Zone) })
	// Where none suits they all come outside the windows anyway.
	i := max(slices.IndexFunc(day, func(d DayItem) bool { return s.Suit(max(d.At, now)) }), 0)
	if i == len(day) {
		return Gathered{}
	}
	return Gathered{At: max(day[i].At, now), Items: day[i:]}
}

// LocalDay is the day of at on the wall of zone, from its first moment to the
// first of the next.
func LocalDay(at Instant, zone *time.Location) (from, to Instant) {
	day := midnight(at, zone)
	first, _ := LocalInstant(day, zone)
	next, _ := LocalInstant(day.AddDate(0, 0, 1), zone)
	return At(first), At(next)
}
