package models

import (
	"cmp"
	"slices"
)

// Buddy is somebody's place in a pair or trio of one shift of a call: those
// with the same team look after one another.
type Buddy struct {
	ID       int64
	TenantID int64 `gorm:"index"`
	CallID   int64 `gorm:"index"`
	ShiftID  int64 `gorm:"uniqueIndex:call_buddies_one"`
	PersonID int64 `gorm:"uniqueIndex:call_buddies_one"`
	Team     int   // 1, 2, 3 … a shift
	At       Instant
}

func (Buddy) TableName() string { return "call_buddies" }

func (b *Buddy) Thing() (string, int64) { return "buddy", b.ID }

func (b *Buddy) Facts() map[string]any {
	return map[string]any{"call": b.CallID, "shift": b.ShiftID, "person": b.PersonID, "team": b.Team, "at": b.At}
}

func (b *Buddy) Words() map[string]Word { return nil }

// Fellow is somebody to be paired: how many shifts they have done before.
type Fellow struct {
	PersonID int64
	Past     int
}

// Pair puts the people of a shift into teams of two, and one of three when
// their number is odd; one person alone has no buddy. teams says who was with
// whom. Two who are together stay so; who is left alone is put with somebody
// else who is: the one with the most shifts behind them with the one with the
// fewest. Who then remains joins a pair, or takes one of a trio along.
func Pair(people []Fellow, teams map[int64]int) map[int64]int {
	out := map[int64]int{}
	byTeam := map[int][]Fellow{}
	next := 1
	for _, f := range people {
		if team := teams[f.PersonID]; team != 0 {
			byTeam[team] = append(byTeam[team], f)
		}
	}
	for _, team := range teams {
		next = max(next, team+1)
	}
	var alone []Fellow
	for _, f := range people {
		if team := teams[f.PersonID]; team != 0 && len(byTeam[team]) > 1 {
			out[f.PersonID] = team
		} else {
			alone = append(alone, f)
		}
	}
	slices.SortStableFunc(alone, func(a, b Fellow) int {
		return cmp.Or(cmp.Compare(b.Past, a.Past), cmp.Compare(a.PersonID, b.PersonID))
	})
	for len(alone) > 1 {
		first, last := alone[0], alone[len(alone)-1]
		out[first.PersonID], out[last.PersonID] = next, next
		alone = alone[1 : len(alone)-1]
		next++
	}
	if len(alone) == 1 {
		joinTeam(out, people, alone[0], next)
	}
	return out
}

// joinTeam finds company for one who is left over: somebody of a trio, whose
// experience differs most, else the pair whose experience does.
func joinTeam(out map[int64]int, people []Fellow, one Fellow, next int) {
	size := map[int]int{}
	for _, team := range out {
		size[team]++
	}
	best, far, trio := Fellow{}, -1, false
	for _, f := range people {
		team := out[f.PersonID]
		if team == 0 || trio && size[team] < 3 {
			continue
		}
		apart := max(f.Past-one.Past, one.Past-f.Past)
		if size[team] > 2 && !trio || apart > far {
			best, far, trio = f, apart, size[team] > 2
		}
	}
	switch {
	case far < 0: // nobody else is there
	case trio:
		out[best.PersonID], out[one.PersonID] = next, next
	default:
		out[one.PersonID] = out[best.PersonID]
	}
}

// BuddiesOf are those who look after a person, in any shift of the call.
func (s Sheet) BuddiesOf(personID int64) []*Buddy { return BuddiesAmong(s.Buddies, personID) }

// BuddiesAmong are those in the same teams as a person, each once.
func BuddiesAmong(all []*Buddy, personID int64) []*Buddy {
	var out []*Buddy
	for _, mine := range all {
		if mine.PersonID != personID {
			continue
		}
		for _, b := range all {
			with := b.PersonID != personID && b.ShiftID == mine.ShiftID && b.Team == mine.Team
			if with && !slices.ContainsFunc(out, func(x *Buddy) bool { return x.PersonID == b.PersonID }) {
				out = append(out, b)
			}
		}
	}
	return out
}

// PairAt is when the buddies of a shift are named: a day before, when nearly
// everybody who will come is known.
func PairAt(sh Shift) Instant { return sh.StartAt.Add(-RiskAhead) }

// PairsNow says whether the buddies of a shift are named by now: a day before
// it, or earlier when all its places are taken.
func (b *Board) PairsNow(sh *Shift) bool {
	if PairAt(*sh) <= b.Now {
		return true
	}
	roles := b.RolesOf(sh.ID)
	for _, r := range roles {
		if b.Taken(r.ID) < r.Most {
			return false
		}
	}
	return len(roles) > 0
}
