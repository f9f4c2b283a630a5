package models

// starHours is the ladder of recognition: a star at each of these many hours
// served in all.
var starHours = []int{100, 300, 600, 1000, 1500}

// Stars are how many steps of the ladder these minutes reach.
func Stars(minutes int) int {
	n := 0
	for _, hours := range starHours {
		if minutes >= hours*60 {
			n++
		}
	}
	return n
}
