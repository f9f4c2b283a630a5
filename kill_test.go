package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/bot"
	"muster/sandbox"
)

// process is muster serve as a process of its own, to be killed for real.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
}

// serve starts the program against the sandbox on one database; more settings
// stand over the usual ones.
func serve(t testing.TB, slack *sandbox.World, database string, settings ...string) *process {
	t.Helper()
	cmd := exec.Command("muster", "serve")
	cmd.Env = append(os.Environ(), "SLACK_API_URL="+slack.APIURL(), "SLACK_BOT_TOKEN="+slack.BotToken(),
		"SLACK_APP_TOKEN="+slack.AppToken(), "MUSTER_DATABASE="+database, "MUSTER_LISTEN=127.0.0.1:0",
		"MUSTER_ADMINS="+sampleAdmin, "MUSTER_CLOCK_START="+monday.Format(time.RFC3339), "MUSTER_CLOCK_SPEED=1")
	cmd.Env = append(cmd.Env, settings...)
	var log safeLog
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("start muster: %v", err)
	}
	p := &process{cmd: cmd, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // it is killed: its exit says nothing
		close(p.done)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Log("the process said:\n" + log.String())
		}
	})
	return p
}

// kill is kill -9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be gone already
	<-p.done
}

// Muster is killed with signal 9 again and again while people sign up, in the
// middle of storing and of telling. In the end everybody stands where they
// should, and nobody was told twice.
func TestKilledAgainAndAgainNothingIsLostOrDoubled(t *testing.T) {
	t.Parallel()
	world, err := bot.NewWorld(time.Now, monday, 1)
	if err != nil {
		t.Fatal(err)
	}
	slack, err := sandbox.Start(sandbox.Options{Clock: world.Now, Machine: time.Now, BotScopes: botScopes(),
		RetryAfter: []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slack.Close() })
	fillSandbox(slack, "zh")
	fifty(slack)
	await := func(what string, cond func() bool) {
		t.Helper()
		// What was claimed by a killed process is free when its lease of 60 s ends.
		ctx, cancel := context.WithTimeout(context.Background(), 150*time.Second)
		defer cancel()
		if err := slack.Await(ctx, what, cond); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	database := filepath.Join(t.TempDir(), "kill.db")
	p := serve(t, slack, database)
	await("two connections", func() bool { return slack.Sockets() >= 2 })
	if out := slack.As(sampleAdmin).Command(sampleCalls, "/muster", "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 21"); !out.Acked {
		t.Fatalf("the call was not taken: %s", out.Refused)
	}
	card := func() (m sandbox.Message, ok bool) {
		for _, m := range slack.Messages(sampleCalls) {
			if m.FromBot() && strings.Contains(m.AllText(), "装沙袋") {
				return m, true
			}
		}
		return m, false
	}
	await("the card", func() bool { _, ok := card(); return ok })

	// Once the card has been edited, where it stands is on disk; before that a
	// reply under it would rightly wait for Slack's next delivery.
	m, _ := card()
	if out := slack.As("U006").Press(m, "call_join"); !out.Acked {
		t.Fatalf("the first press was not taken: %s", out.Refused)
	}
	await("the card of one", func() bool { m, _ := card(); return strings.Contains(m.AllText(), "1/21") })

	// Replies are events: Slack sends again what was not acknowledged.
	for i := range 50 {
		slack.As(fmt.Sprintf("U9%02d", i)).SayIn(sampleCalls, m.TS, "报名")
		if i%10 == 7 {
			p.kill()
			p = serve(t, slack, database)
		}
	}
	await("two connections again", func() bool { return slack.Sockets() >= 2 })
	for range 3 { // whatever still waits for its next delivery comes now
		slack.RetryNow()
	}
	await("everybody told", func() bool {
		for i := range 50 {
			if len(told(slack, fmt.Sprintf("U9%02d", i))) == 0 {
				return false
			}
		}
		return true
	})
	await("the final card", func() bool {
		m, _ := card()
		return hasAll(m.AllText(), []string{"21/21", "候补 30 人"})
	})
	cards := 0
	for _, m := range slack.Messages(sampleCalls) {
		if m.FromBot() && strings.Contains(m.AllText(), "装沙袋") && !m.Ephemeral {
			cards++
		}
	}
	if cards != 1 {
		t.Errorf("%d cards, want 1", cards)
	}
	for i := range 50 {
		user := fmt.Sprintf("U9%02d", i)
		if all := told(slack, user); len(all) != 1 {
			t.Errorf("%s was told %d times, want once:\n%s", user, len(all), texts(all))
		}
	}
}

// told are the messages of the bot to a person that are about the call.
func told(slack *sandbox.World, user string) []sandbox.Message {
	var out []sandbox.Message
	for _, m := range slack.As(user).Inbox() {
		if strings.Contains(m.AllText(), "装沙袋") {
			out = append(out, m)
		}
	}
	return out
}
