package bot

import (
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestAPaceNeverGivesMoreInAMinuteThanItMay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Unix(1_700_000_000, 0)
		th := NewThrottle(func() time.Time { return now }, 400)
		limit, pace := 400, th.Posts("T1")
		if rapid.Bool().Draw(rt, "edits") {
			limit, pace = 45, th.Edits("T1", rapid.IntRange(0, 2).Draw(rt, "class"))
		}
		var taken []time.Time
		for range rapid.IntRange(50, 600).Draw(rt, "tries") {
			now = now.Add(time.Duration(rapid.IntRange(0, 2000).Draw(rt, "ms")) * time.Millisecond)
			if _, ok := th.Try(false, 0, pace); ok {
				taken = append(taken, now)
			}
		}
		for i := range taken {
			n := 0
			for _, at := range taken[i:] {
				if at.Sub(taken[i]) < time.Minute {
					n++
				}
			}
			if n > limit {
				rt.Fatalf("%d in one minute, may be %d", n, limit)
			}
		}
	})
}

func TestAChannelTakesOneASecondAfterAShortBurst(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	th := NewThrottle(func() time.Time { return now }, 400)
	got := 0
	for range 100 { // ten seconds
		if _, ok := th.Try(false, 0, th.Posts("T1"), th.Channel("C1")); ok {
			got++
		}
		now = now.Add(100 * time.Millisecond)
	}
	if got != 12 && got != 13 {
		t.Errorf("%d posts in ten seconds", got)
	}
	if _, ok := th.Try(false, 0, th.Posts("T1"), th.Channel("C2")); !ok {
		t.Error("another channel must wait")
	}
}

func TestAfterA429APaceIsSlowerAndRecovers(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	th := NewThrottle(func() time.Time { return now }, 400)
	c1, c2 := th.Channel("C1"), th.Channel("C2")
	th.LimitedPost("T1", "C1", 30*time.Second)
	if again, ok := th.Try(false, 0, c1); ok || again.Sub(now) != 30*time.Second {
		t.Errorf("the channel may speak after %s", again.Sub(now))
	}
	if _, ok := th.Try(false, 0, th.Posts("T1"), c2); !ok {
		t.Error("another channel was stopped")
	}
	speed := func() float64 { return float64(th.pace(c1, now).bucket.Limit()) }
	if got := speed(); got != 0.75 {
		t.Errorf("after the 429 the pace is %v", got)
	}
	th.Limited(c1, time.Second) // one more answer to a call that was under way
	if got := speed(); got != 0.75 {
		t.Errorf("two answers at once count as one sign, the pace is %v", got)
	}
	now = now.Add(61 * time.Second)
	if got := speed(); got < 0.799 || got > 0.801 {
		t.Errorf("after a minute the pace is %v", got)
	}
	now = now.Add(10 * time.Minute)
	if got := speed(); got != 1 {
		t.Errorf("in the end the pace is %v", got)
	}
}

func TestTwoChannelsRefusedMeansTheWorkspace(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	th := NewThrottle(func() time.Time { return now }, 400)
	th.LimitedPost("T1", "D1", 10*time.Second)
	th.LimitedPost("T1", "D2", 10*time.Second)
	if _, ok := th.Try(false, 0, th.Posts("T1"), th.Channel("D3")); ok {
		t.Error("a third channel was tried in vain")
	}
	if _, ok := th.Try(false, 0, th.Posts("T2"), th.Channel("D4")); !ok {
		t.Error("another workspace was stopped")
	}
}

func TestWaitingTakesItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		th := NewThrottle(time.Now, 400)
		start := time.Now()
		for range 6 {
			if err := th.Wait(t.Context(), 0, th.Channel("C1")); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took < 3*time.Second || took > 4*time.Second {
			t.Errorf("three after the burst took %s", took)
		}
	})
}

func TestIdlePacesAreForgotten(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	th := NewThrottle(func() time.Time { return now }, 400)
	for i := range 3 * keepPaces {
		th.Try(false, 0, th.Channel(string(rune('a'+i%26))+time.Duration(i).String()))
		now = now.Add(time.Second)
	}
	if n := len(th.paces); n > keepPaces+1 {
		t.Errorf("%d paces kept", n)
	}
}
