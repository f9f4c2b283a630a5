package services

import (
	"slices"

	"muster/models"
	"muster/store"
)

// placesShown is how many times that take place a plan names.
const placesShown = 3

// placesLooked are enough of the rule's days to find three that take place behind
// the longest holidays.
const placesLooked = 40

// placesOf are the next times of a study that take place, in order, and those
// among them that a day off skipped: what is laid out as it lies, then the rule.
func (s *Services) placesOf(tx *store.Tx, st models.Study, laid []models.Occurrence) ([]models.Placed, error) {
	p, err := s.placing(tx, st)
	if err != nil {
		return nil, err
	}
	n := placesLooked
	if !st.Heeds() {
		n = placesShown + len(laid)
	}
	places, err := p.Next(tx.Now, n)
	if err != nil {
		return nil, err
	}
	zone := models.Zone(st.Zone)
	known := map[models.Instant]bool{}
	var all []models.Placed
	for _, o := range laid {
		known[o.RuleStart] = true
		at := models.Placed{RuleStart: o.RuleStart.In(zone), Start: o.Start.In(zone), Off: o.Off(), Holiday: o.Holiday, Known: models.KnownFull}
		if st.Heeds() {
			_, _, at.Known = p.Calendar.DayOf(at.RuleStart)
		}
		if o.Start > tx.Now && (o.Ahead() || o.State == models.OccurrenceSkipped && o.SettledBy == 0 && o.Holiday != "") {
			all = append(all, at)
		}
	}
	for _, at := range places {
		if !known[models.At(at.RuleStart)] && models.At(at.Start) > tx.Now && (!at.Off || at.Holiday != "") {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, func(a, b models.Placed) int { return a.Start.Compare(b.Start) })
	left := placesShown
	for i, at := range all {
		if !at.Off {
			left--
		}
		if left == 0 {
			return all[:i+1], nil
		}
	}
	return all, nil
}
