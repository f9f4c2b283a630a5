package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/sandbox"
	"muster/store"
)

// holdDatabase keeps the writer's place on the story's database, as another
// program with a long transaction would, until the returned function is called.
func (s *story) holdDatabase() (release func()) {
	s.t.Helper()
	other, err := store.Open(context.Background(), store.Options{DSN: string(s.settings.Database), World: s.clock.Now, Machine: time.Now})
	if err != nil {
		s.t.Fatal(err)
	}
	held, let, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- other.InTx(context.Background(), func(*store.Tx) error {
			close(held)
			<-let
			return nil
		})
	}()
	select {
	case <-held:
	case err := <-done:
		s.t.Fatalf("the database could not be held: %v", err)
	case <-time.After(10 * time.Second):
		s.t.Fatal("the database could not be held within 10 s")
	}
	var once sync.Once
	release = func() {
		once.Do(func() {
			close(let)
			if err := <-done; err != nil {
				s.t.Errorf("the one who held the database: %v", err)
			}
			if err := other.Close(); err != nil {
				s.t.Error(err)
			}
		})
	}
	s.t.Cleanup(release)
	return release
}

// Somebody holds the database for ten seconds. Nothing is acknowledged that is
// not stored, the process lives, and afterwards everything has happened once
// and whoever saw an error is told that it was recorded all the same.
func TestTheDatabaseIsHeldForTenSeconds(t *testing.T) {
	t.Parallel()
	storyOnEach(t, func(t *testing.T, onDatabase storyOption) {
		s := tell(t, onDatabase, withPeople(fifty))
		s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 60")
		card := s.sees(sampleCalls, "装沙袋", "0/60")
		s.settles()
		release := s.holdDatabase()
		until := time.NewTimer(10 * time.Second)

		var all sync.WaitGroup
		act := func(what string, do func() sandbox.Outcome) {
			all.Go(func() {
				if out := do(); out.Acked {
					t.Errorf("%s was acknowledged after %s although nothing could be stored", what, out.Took)
				}
			})
		}
		people := 40 // more than there are workers
		if racing {
			people = 10
		}
		for i := range people {
			user := fmt.Sprintf("U9%02d", i)
			act("the press of "+user, func() sandbox.Outcome { return s.As(user).Press(card, "call_join") })
		}
		act("the command", func() sandbox.Outcome {
			return s.As(sampleAdmin).Command(sampleCalls, "/muster", "招募 值守 | 时间: 周日 9:00-11:00 | 地点: 3 号站 | 需要: 2")
		})
		replies := map[string]string{}
		for _, user := range []string{"U010", "U011", "U012"} {
			replies[user] = s.As(user).SayIn(sampleCalls, card.TS, "报名")
		}
		all.Wait()
		<-until.C
		release()
		s.sees(sampleCalls, "装沙袋", fmt.Sprintf("%d/60", people+3))
		s.sees(sampleCalls, "值守", "0/2")
		for i := range people {
			user := fmt.Sprintf("U9%02d", i)
			s.gets(user, "已报名")
			s.whispers(user, sampleCalls, "其实已经记下了")
		}
		s.whispers(sampleAdmin, sampleCalls, "#k2", "其实已经记下了")
		for user, ts := range replies {
			s.gets(user, "已报名")
			s.waits("the mark on the reply of "+user, func() bool {
				m, _ := s.Message(sampleCalls, ts)
				return len(m.Reactions["white_check_mark"]) == 1
			})
			if strings.Contains(texts(s.As(user).Ephemerals(sampleCalls)), "其实已经记下了") {
				t.Errorf("%s, who saw no error, is told of one", user)
			}
		}
		s.settles()
		if n := len(s.posts(sampleCalls)); n != 2 {
			t.Errorf("%d cards, want 2:\n%s", n, texts(s.posts(sampleCalls)))
		}
	})
}

// While the database answers, Slack hears within a second: eight people press
// at once, again and again. Not parallel: it measures.
func TestAcknowledgedWithinASecond(t *testing.T) {
	s := tell(t, withPeople(fifty))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 20")
	card := s.sees(sampleCalls, "装沙袋", "0/20")
	const people, each = 8, 25
	took := make([]time.Duration, people*each)
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			for n := range each {
				action := "call_join"
				if n%2 == 1 {
					action = "call_details"
				}
				out := s.As(fmt.Sprintf("U9%02d", i)).Press(card, action)
				if took[i*each+n] = out.Took; !out.Acked {
					t.Errorf("press %d of %d: %s", n, i, out.Refused)
				}
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	t.Logf("acknowledged in %s at the median, %s at the 99th percentile", took[len(took)/2], took[len(took)*99/100])
	if p99 := took[len(took)*99/100]; p99 > time.Second && !racing {
		t.Errorf("the 99th percentile is %s, want less than a second", p99)
	}
}
