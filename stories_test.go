package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/sandbox"
)

// fifty adds people beyond the sample, so that fifty can race.
func fifty(w *sandbox.World) {
	for i := range 50 {
		w.AddUser(sandbox.User{ID: fmt.Sprintf("U9%02d", i), Name: fmt.Sprintf("racer%02d", i), RealName: fmt.Sprintf("骑手%02d", i)})
	}
	for i := range 50 {
		w.As(fmt.Sprintf("U9%02d", i)).Join(sampleCalls)
	}
}

// Fifty people press for the last place at once: one has it, forty-nine wait
// in the order in which they were taken, each is told, and there is one card.
func TestFiftyRaceForTheLastPlace(t *testing.T) {
	t.Parallel()
	s := tell(t, withPeople(fifty))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 1")
	card := s.sees(sampleCalls, "装沙袋", "0/1")

	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			// On a machine that is slow for a moment a press is not acknowledged
			// in time; whoever sees Slack's error presses again.
			for range 5 {
				if out := s.As(fmt.Sprintf("U9%02d", i)).Press(card, "call_join"); out.Acked {
					return
				}
			}
			t.Errorf("press %d was never acknowledged", i)
		})
	}
	wg.Wait()
	s.sees(sampleCalls, "1/1", "候补 49 人")
	in, places := 0, map[string]bool{}
	for i := range 50 {
		m := s.gets(fmt.Sprintf("U9%02d", i), "装沙袋")
		switch text := m.AllText(); {
		case strings.Contains(text, "已报名"):
			in++
		default:
			for n := 1; n < 50; n++ {
				if strings.Contains(text, fmt.Sprintf("候补第 %d 位", n)) {
					places[fmt.Sprint(n)] = true
				}
			}
		}
	}
	if in != 1 || len(places) != 49 {
		t.Errorf("%d have the place and %d different places in the line were told, want 1 and 49", in, len(places))
	}
	if n := len(s.posts(sampleCalls)); n != 1 {
		t.Errorf("%d cards, want 1", n)
	}
}

// Slack delivers one event four times (its own repeats, and once more by the
// other way in): one person is signed up once and told once.
func TestTheSameEventFourTimesActsOnce(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 引导员 4")
	card := s.sees(sampleCalls, "义诊", "0/4")
	s.DeliverTwice(true)
	ts := s.As("U006").SayIn(sampleCalls, card.TS, "报名")
	s.sees(sampleCalls, "1/4")
	s.Redeliver(2)
	s.gets("U006", "已报名")
	// Somebody else after it: whatever the repeats did is done by then.
	s.DeliverTwice(false)
	s.As("U010").SayIn(sampleCalls, card.TS, "+1")
	s.sees(sampleCalls, "2/4")
	if n := len(s.posts(s.DM("U006"))); n != 1 {
		t.Errorf("U006 has %d messages, want 1:\n%s", n, texts(s.posts(s.DM("U006"))))
	}
	m, _ := s.Message(sampleCalls, ts)
	if n := len(m.Reactions["white_check_mark"]); n != 1 {
		t.Errorf("the reply is marked %d times", n)
	}
}

// The bot goes down between a sign-up and what follows; after the restart
// everybody is told, once.
func TestARestartInTheMiddleLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	s := tell(t, withSandbox(func(o *sandbox.Options) { // Slack's own retries wait for the restart
		o.RetryAfter = []time.Duration{0, time.Hour, time.Hour}
	}))
	s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 引导员 2")
	card := s.sees(sampleCalls, "义诊", "0/2")
	s.Down(true) // Slack takes nothing: the messages stay in the outbox
	s.As("U006").SayIn(sampleCalls, card.TS, "报名")
	s.As("U010").SayIn(sampleCalls, card.TS, "报名")
	s.Down(false)
	s.halt()
	s.As("U011").SayIn(sampleCalls, card.TS, "报名") // nobody listens: Slack keeps it for later
	s.begin()
	s.RetryNow()
	for _, user := range []string{"U006", "U010", "U011"} {
		s.gets(user, "义诊")
		if n := len(s.posts(s.DM(user))); n != 1 {
			t.Errorf("%s has %d messages, want 1", user, n)
		}
	}
	s.sees(sampleCalls, "2/2", "候补 1 人")
	if n := len(s.posts(sampleCalls)); n != 1 {
		t.Errorf("%d cards, want 1", n)
	}
}

// A reminder goes to a whole branch; Slack says 429 in the middle. Nobody is
// left out and nobody hears it twice.
func TestSlackSays429InTheMiddleOfAFanOut(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.says(sampleAdmin, sampleLobby, "学习 支部学习 | 时间: 明天 15:00 | 时长: 60m | 范围: <#C010> | 提前: 1h")
	s.waits("who is in the channel", func() bool { return len(s.Calls("conversations.members")) > 0 })
	s.settles()
	s.RateLimit("chat.postMessage", "", time.Second, 2)
	s.passes(28*time.Hour + 31*time.Minute) // Tue 14:31: an hour before the start lies outside most windows
	s.passes(0)
	var members []string
	for _, p := range samplePeople() {
		if p.Unit == 1 {
			members = append(members, p.ID)
		}
	}
	for _, user := range members {
		s.gets(user, "支部学习")
	}
	s.settles()
	for _, user := range members {
		if n := len(s.posts(s.DM(user))); n != 1 {
			t.Errorf("%s has %d messages, want 1:\n%s", user, n, texts(s.posts(s.DM(user))))
		}
	}
}

// Three zones, both clock changes: a daily reminder at 02:30 comes once each
// local day; the time that does not exist moves after the gap.
func TestAReminderEachLocalDayOverBothClockChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, gapDay, gapWall, doubleDay string
	}{
		{"Europe/Riga", "2027-03-28", "4:30", "2026-10-25"}, // 03:30 does not exist
		{"America/New_York", "2027-03-14", "3:30", "2026-11-01"},
		{"Australia/Lord_Howe", "2026-10-04", "2:45", "2027-04-04"}, // half an hour
	} {
		t.Run(c.zone, func(t *testing.T) {
			t.Parallel()
			wall := map[string]string{"Europe/Riga": "3:30", "America/New_York": "2:30", "Australia/Lord_Howe": "2:15"}[c.zone]
			double := map[string]string{"Europe/Riga": "3:30", "America/New_York": "1:30", "Australia/Lord_Howe": "1:45"}[c.zone]
			remindedOncePerDay(t, c.zone, c.gapDay, wall)
			remindedOncePerDay(t, c.zone, c.doubleDay, double)
		})
	}
}

// remindedOncePerDay lets five local days around day pass in half hours.
func remindedOncePerDay(t *testing.T, zone, day, wall string) {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	noon, err := time.ParseInLocation("2006-01-02 15:04", day+" 12:00", loc)
	if err != nil {
		t.Fatal(err)
	}
	s := tell(t, startingAt(noon.AddDate(0, 0, -3)), withPeople(func(w *sandbox.World) {
		u := sampleUser(samplePeople()[0], "en")
		u.TZ = zone
		w.UpdateUser(u)
	}))
	s.says(sampleAdmin, sampleLobby, "remind me to check the boiler, every day "+wall)
	s.settles()
	seen := map[string]int{}
	for range 5 * 48 {
		before := len(s.posts(s.DM(sampleAdmin)))
		s.passes(30 * time.Minute)
		s.settles()
		if n := len(s.posts(s.DM(sampleAdmin))) - before; n > 0 {
			seen[s.clock.Now().In(loc).Format(time.DateOnly)] += n
		}
	}
	for d := -2; d <= 2; d++ {
		date := noon.AddDate(0, 0, d).Format(time.DateOnly)
		if d == -2 || d == 2 {
			continue // the first and last day may be cut
		}
		if seen[date] != 1 {
			t.Errorf("%s %s: %d reminders on %s, want 1 (%v)", zone, wall, seen[date], date, seen)
		}
	}
}
