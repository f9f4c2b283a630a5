package models

// starHours is the ladder of recognition as shipped: a star at each of these
// many hours served in all.
var starHours = []int{100, 300, 600, 1000, 1500}

// mostStars bounds a ladder, so that a row of stars stays a row.
const mostStars = 10

// Ladder is the hours at which each star is reached.
func (t Tenant) Ladder() []int {
	if len(t.StarHours) == 0 {
		return starHours
	}
	return t.StarHours
}

// Stars are how many steps of the organisation's ladder these minutes reach.
func (t Tenant) Stars(minutes int) int {
	n := 0
	for _, hours := range t.Ladder() {
		if minutes >= hours*60 {
			n++
		}
	}
	return n
}

// GoodLadder says whether these hours can be a ladder: one to ten steps, each
// higher than the one before. None is the ladder as shipped.
func GoodLadder(hours []int) bool {
	last := 0
	for _, h := range hours {
		if h <= last || h > 1_000_000 {
			return false
		}
		last = h
	}
	return len(hours) <= mostStars
}
