package models

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func minute(n int) Instant { return Instant(1_800_000_000_000).Add(time.Duration(n) * time.Minute) }

func TestWhoWasReachedAndHowLongTheyTook(t *testing.T) {
	t.Parallel()
	b := &Board{Call: &Call{}, Signups: []*Signup{
		{PersonID: 1, State: SignupConfirmed, SignedAt: minute(3)},                 // asked, said yes
		{PersonID: 6, State: SignupWaitlisted, SignedAt: minute(9)},                // saw the card
		{PersonID: 7, State: SignupWithdrawn, GoneAt: minute(12)},                  // saw the card, gave up again
		{PersonID: 8, State: SignupConfirmed, SignedAt: minute(6)},                 // asked, and pressed on the card instead
		{PersonID: 9, State: SignupOffered, How: ByOrganizer, SignedAt: minute(1)}, // only put on a list
		{PersonID: 11, State: SignupNoShow, SignedAt: minute(15)},                  // said yes, and did not come
	}}
	asks := []*Ask{
		{PersonID: 1, State: AskYes, AskedAt: minute(0), AnsweredAt: minute(3)},
		{PersonID: 2, State: AskNo, AnsweredAt: minute(2)},
		{PersonID: 3, State: AskLater, AnsweredAt: minute(4)},
		{PersonID: 4, State: AskSilent},
		{PersonID: 5, State: AskUnsent},
		{PersonID: 8, State: AskClosed},
	}
	posted := Posted{Card: minute(0), Questions: map[int64]Instant{1: minute(1), 2: minute(1), 3: minute(1), 4: minute(1), 8: minute(5)}}
	type row struct {
		Person int64
		State  ResponseState
		Min    int
	}
	var got []row
	for _, r := range b.Responses(asks, []*Answer{{PersonID: 10, Kind: AnswerConditional, At: minute(30)}, {PersonID: 4, Kind: AnswerUnclear, At: minute(8)}}, posted) {
		got = append(got, row{r.PersonID, r.State, r.Minutes()})
	}
	want := []row{{8, ResponseYes, 1}, {1, ResponseYes, 2}, {6, ResponseYes, 9}, {11, ResponseYes, 15}, {3, ResponseLater, 3}, {10, ResponseLater, 30},
		{2, ResponseNo, 1}, {7, ResponseNo, 12}, {4, ResponseNone, 0}, {5, ResponseUndelivered, 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reach list (-want +got):\n%s", diff)
	}
}

func TestACurveOnlyRisesAndEndsWithEverybodyWhoAnswered(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rows []Response
		counts := map[ResponseState]int{}
		for i := range rapid.IntRange(0, 60).Draw(t, "people") {
			r := Response{PersonID: int64(i), AskedAt: minute(0), State: rapid.SampledFrom(ResponseStates).Draw(t, "state")}
			if r.State == ResponseYes || r.State == ResponseNo || r.State == ResponseLater {
				r.AnsweredAt = minute(rapid.IntRange(0, 20000).Draw(t, "minute"))
				counts[r.State]++
			}
			rows = append(rows, r)
		}
		c := CurveOf(rows)
		if len(counts) == 0 {
			if len(c.Minutes) != 0 {
				t.Fatalf("nobody answered, and there is a curve: %+v", c)
			}
			return
		}
		if len(c.Minutes) > curvePoints+1 || len(c.Minutes) < 2 || c.Minutes[0] != 0 {
			t.Fatalf("a curve of %d points beginning at %d", len(c.Minutes), c.Minutes[0])
		}
		for name, line := range map[ResponseState][]int{ResponseYes: c.Yes, ResponseLater: c.Later, ResponseNo: c.No} {
			for i := range line {
				if i > 0 && line[i] < line[i-1] {
					t.Fatalf("%s falls at %d", name, i)
				}
			}
			if line[len(line)-1] != counts[name] {
				t.Fatalf("%s ends at %d of %d", name, line[len(line)-1], counts[name])
			}
		}
	})
}

func TestHalfHadAnsweredAfterTheMedian(t *testing.T) {
	t.Parallel()
	at := func(minutes ...int) (rows []Response) {
		for _, m := range minutes {
			rows = append(rows, Response{AskedAt: minute(0), AnsweredAt: minute(m)})
		}
		return rows
	}
	for _, c := range []struct {
		rows []Response
		want int
	}{{nil, 0}, {at(7), 7}, {at(1, 9), 1}, {at(9, 2, 4), 4}} {
		if got := Half(c.rows); got != c.want {
			t.Errorf("half of %v: %d, want %d", c.rows, got, c.want)
		}
	}
}
