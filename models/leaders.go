package models

import "slices"

// LeadersLeast is how many people must have agreed before a leaderboard is
// shown: of two, each knows what the other is not.
const LeadersLeast = 3

// leadersRanks is down to which rank a leaderboard goes, and leadersMost how
// many it names: many can share a rank.
const (
	leadersRanks = 10
	leadersMost  = 20
)

// Leader is one person of a leaderboard, by id: a name is found when it is
// shown, if it may be.
type Leader struct {
	Rank     int
	PersonID int64
	Minutes  int // that count
}

// Leaders ranks people by their minutes; who has as many shares the rank. tied
// are those of the last ranks that are not named. Fewer people than
// LeadersLeast give none.
func Leaders(all []Leader) (shown []Leader, tied int) {
	all = slices.DeleteFunc(slices.Clone(all), func(l Leader) bool { return l.Minutes <= 0 })
	if len(all) < LeadersLeast {
		return nil, 0
	}
	slices.SortFunc(all, func(a, b Leader) int {
		if a.Minutes != b.Minutes {
			return b.Minutes - a.Minutes
		}
		return int(a.PersonID - b.PersonID)
	})
	for i := range all {
		all[i].Rank = i + 1
		if i > 0 && all[i].Minutes == all[i-1].Minutes {
			all[i].Rank = all[i-1].Rank
		}
		switch {
		case all[i].Rank > leadersRanks:
			return shown, tied
		case len(shown) == leadersMost:
			tied++
		default:
			shown = append(shown, all[i])
		}
	}
	return shown, tied
}
