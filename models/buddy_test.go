package models

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestBuddiesAreOneExperiencedWithOneNew(t *testing.T) {
	t.Parallel()
	fellows := []Fellow{{1, 0}, {2, 9}, {3, 4}, {4, 1}}
	got := Pair(fellows, nil)
	if got[2] != got[1] || got[3] != got[4] || got[1] == got[3] {
		t.Errorf("%v", got)
	}
	if got := Pair(fellows[:1], nil); len(got) != 0 {
		t.Errorf("one person alone is in %v", got)
	}
	three := Pair(fellows[:3], nil)
	if diff := cmp.Diff(map[int64]int{1: 1, 2: 1, 3: 1}, three); diff != "" {
		t.Error(diff)
	}
	// A fourth takes the one of the trio along whose experience differs most.
	four := Pair(append(fellows[:3:3], Fellow{5, 0}), three)
	if diff := cmp.Diff(map[int64]int{1: 1, 2: 2, 3: 1, 5: 2}, four); diff != "" {
		t.Error(diff)
	}
}

// Whoever comes and goes: everybody but one alone has company, teams are of
// two, one of three when the number is odd, and a pair that is whole stays one.
func TestPairsHoldWhoeverComesAndGoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var people []Fellow
		teams := map[int64]int{}
		next := int64(1)
		for range rapid.IntRange(1, 40).Draw(t, "acts") {
			for range rapid.IntRange(1, 4).Draw(t, "at once") {
				if len(people) > 0 && rapid.Bool().Draw(t, "leaves") {
					i := rapid.IntRange(0, len(people)-1).Draw(t, "who")
					people = append(people[:i:i], people[i+1:]...)
				} else {
					people = append(people, Fellow{next, rapid.IntRange(0, 5).Draw(t, "past")})
					next++
				}
			}
			got := Pair(people, teams)
			with := map[int][]int64{}
			for _, f := range people {
				if team := got[f.PersonID]; team != 0 {
					with[team] = append(with[team], f.PersonID)
				} else if len(people) > 1 {
					t.Fatalf("person %d of %d is alone", f.PersonID, len(people))
				}
			}
			trios := 0
			for team, ids := range with {
				switch len(ids) {
				case 2:
				case 3:
					trios++
				default:
					t.Fatalf("team %d has %d", team, len(ids))
				}
			}
			if want := len(people) % 2; len(people) > 1 && trios != want || len(got) > len(people) {
				t.Fatalf("%d trios among %d", trios, len(people))
			}
			was := map[int][]int64{}
			for _, f := range people {
				if team := teams[f.PersonID]; team != 0 {
					was[team] = append(was[team], f.PersonID)
				}
			}
			for _, ids := range was {
				if len(ids) == 2 && got[ids[0]] != got[ids[1]] {
					t.Fatalf("%v were a pair and are parted", ids)
				}
			}
			teams = got
		}
	})
}
