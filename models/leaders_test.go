package models

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWhoHasAsManyHoursSharesARank(t *testing.T) {
	t.Parallel()
	got, tied := Leaders([]Leader{{PersonID: 4, Minutes: 60}, {PersonID: 2, Minutes: 300}, {PersonID: 9, Minutes: 0}, {PersonID: 3, Minutes: 300}, {PersonID: 7, Minutes: 90}})
	want := []Leader{{1, 2, 300}, {1, 3, 300}, {3, 7, 90}, {4, 4, 60}}
	if diff := cmp.Diff(want, got); diff != "" || tied != 0 {
		t.Error(diff, tied)
	}
	if got, _ := Leaders([]Leader{{PersonID: 1, Minutes: 60}, {PersonID: 2, Minutes: 30}, {PersonID: 3}}); got != nil {
		t.Errorf("two people are a leaderboard: %v", got)
	}
}

func TestALeaderboardIsShortAndFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []Leader
		for i, minutes := range rapid.SliceOfN(rapid.IntRange(0, 6), 0, 60).Draw(t, "minutes") {
			all = append(all, Leader{PersonID: int64(i + 1), Minutes: minutes})
		}
		got, tied := Leaders(all)
		if len(got) > 20 || tied > 0 && len(got) < 20 {
			t.Fatalf("%d named, %d tied", len(got), tied)
		}
		for _, l := range got {
			more := 0
			for _, a := range all {
				if a.Minutes > l.Minutes {
					more++
				}
			}
			if l.Rank != more+1 || l.Minutes == 0 {
				t.Errorf("%+v, but %d have more", l, more)
			}
		}
	})
}
