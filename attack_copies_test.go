package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/config"
	"muster/sandbox"
	"muster/store/storetest"
)

// Stories of two copies of Muster on one database, on both kinds of it.

// storyOnEach tells the same story on both databases.
func storyOnEach(t *testing.T, story func(t *testing.T, onDatabase storyOption)) {
	t.Helper()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		story(t, func(set *storySetup) { set.database = dsn })
	})
}

// copy starts a second bot on the same workspace and database.
func (s *story) copy(change ...func(*config.Settings)) *story {
	s.t.Helper()
	other := &story{World: s.World, t: s.t, clock: s.clock, skew: s.skew, settings: s.settings, seen: s.seen, logs: &safeLog{}}
	for _, f := range change {
		f(&other.settings)
	}
	other.begin()
	s.t.Cleanup(func() {
		if other.stop != nil {
			other.halt()
		}
		if s.t.Failed() {
			s.t.Log("the other copy's log:\n" + other.logs.String())
		}
	})
	return other
}

// Two copies share everything: whoever hears of a press, there is one place for
// one person, one message, one card; a reminder and a weekly summary come once.
func TestTwoCopiesAreOneMuster(t *testing.T) {
	t.Parallel()
	storyOnEach(t, func(t *testing.T, onDatabase storyOption) {
		s := tell(t, onDatabase, withPeople(fifty))
		other := s.copy()
		s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 10")
		card := s.sees(sampleCalls, "装沙袋", "0/10")
		s.DeliverTwice(true) // and Slack stutters: each copy may get one of the two
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() {
				s.As(fmt.Sprintf("U9%02d", i)).Press(card, "call_join") // on a busy machine it may be stored too late to be acknowledged
			})
		}
		all.Wait()
		s.sees(sampleCalls, "10/10", "候补 20 人")
		for i := range 30 {
			s.gets(fmt.Sprintf("U9%02d", i), "装沙袋")
		}

		// A mention is told as message and as app_mention, to either copy.
		s.As("U007").Say(sampleLobby, "<@"+s.BotUserID()+"> help")
		s.whispers("U007", sampleLobby, "/muster")
		s.As("U006").Say(sampleLobby, "<@"+s.BotUserID()+"> 帮组")
		s.whispers("U006", sampleLobby, "帮组")
		s.DeliverTwice(false)

		s.says(sampleAdmin, sampleLobby, "remind me to bring the keys, tomorrow 9:00")
		s.says(sampleAdmin, sampleLobby, "remind me to lock the door, next Monday 10:05")
		s.says(sampleAdmin, sampleLobby, "digest weekly Mon 09:00 <#C002>")
		for range 7 {
			s.passes(24*time.Hour + time.Minute)
			s.until("nothing is overdue", func() bool { n, err := s.overdue(); return err == nil && n == 0 })
		}
		s.gets(sampleAdmin, "lock the door") // whatever came before it to the same person is there
		s.sees(sampleSummaries, "汇总")
		reminded := 0
		for _, m := range s.posts(s.DM(sampleAdmin)) {
			if strings.Contains(m.AllText(), "bring the keys") {
				reminded++
			}
		}
		digests := len(s.posts(sampleSummaries))
		if reminded != 1 || digests != 1 {
			t.Errorf("%d reminders and %d weekly summaries, want one of each\n%s", reminded, digests, texts(s.posts(sampleSummaries)))
		}
		for user, channel := range map[string]string{"U007": sampleLobby, "U006": sampleLobby} {
			if all := s.As(user).Ephemerals(channel); len(all) != 1 {
				t.Errorf("%s asked once and was answered %d times:\n%s", user, len(all), texts(all))
			}
		}
		for i := range 30 {
			user := fmt.Sprintf("U9%02d", i)
			if n := copies(s.posts(s.DM(user))); n != "" {
				t.Errorf("%s was told twice: %s", user, n)
			}
		}
		if n := len(s.posts(sampleCalls)); n != 1 {
			t.Errorf("%d cards", n)
		}
		if a, b := strings.Count(s.logs.String(), "level=ERROR"), strings.Count(other.logs.String(), "level=ERROR"); a+b > 0 {
			t.Errorf("errors in the logs: %d and %d", a, b)
		}
	})
}

// copies names a text that stands twice among messages, or nothing.
func copies(all []sandbox.Message) string {
	seen := map[string]bool{}
	for _, m := range all {
		if seen[m.AllText()] {
			return m.AllText()
		}
		seen[m.AllText()] = true
	}
	return ""
}

// One event comes by the socket of one copy and by signed HTTP to the other.
func TestTheSameEventBySocketAndByHTTPActsOnce(t *testing.T) {
	t.Parallel()
	s := tell(t, withSandbox(func(o *sandbox.Options) { o.PreferHTTP = true }))
	s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 引导员 4")
	card := s.sees(sampleCalls, "义诊", "0/4")
	s.As("U006").SayIn(sampleCalls, card.TS, "报名")
	s.As("U010").React(sampleCalls, card.TS, "raised_hand")
	s.sees(sampleCalls, "2/4")
	s.As("U010").Unreact(sampleCalls, card.TS, "raised_hand")
	s.sees(sampleCalls, "1/4")
	s.settles()
	byHTTP := s.copy(func(c *config.Settings) { // from here on Slack sends there
		c.Slack.AppToken = config.NewSecret("")
		c.Listen = "127.0.0.1:0"
	})
	s.Redeliver(20)
	s.As("U011").SayIn(sampleCalls, card.TS, "报名") // after the repeats
	s.gets("U011", "已报名")
	s.settles()
	byHTTP.settles()
	s.sees(sampleCalls, "2/4")
	if n := len(s.posts(s.DM("U006"))); n != 1 {
		t.Errorf("U006 has %d messages, want 1:\n%s", n, texts(s.posts(s.DM("U006"))))
	}
	got := map[bool]int{}
	for _, d := range s.Deliveries() {
		got[d.Socket == 0]++
	}
	if got[true] < 3 || got[false] < 3 {
		t.Errorf("%d by HTTP and %d by socket: both were meant to be used", got[true], got[false])
	}
}
