package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"muster/bot"
	"muster/sandbox"
)

// Stories of starting with the wrong token, and of ending without a trace.

// Whoever starts Muster with a token that is wrong is told in one sentence
// which one it is and what it lacks; the token itself is not shown.
func TestWrongTokensEndWithOneSentence(t *testing.T) {
	t.Parallel()
	all := botScopes()
	for name, c := range map[string]struct {
		scopes        []string
		revoked       bool
		bot, app      func(w *sandbox.World) string
		says, exclude []string
	}{
		"an unknown bot token": {scopes: all, bot: func(*sandbox.World) string { return "xoxb-wrong-secret" },
			says: []string{"SLACK_BOT_TOKEN", "invalid_auth"}},
		"scopes that were not granted": {scopes: without(all, "reactions:read", "im:write"),
			says: []string{"SLACK_BOT_TOKEN", "reactions:read", "im:write", "muster manifest"}, exclude: []string{"chat:write"}},
		"an unknown app token": {scopes: all, app: func(*sandbox.World) string { return "xapp-1-wrong-secret" },
			says: []string{"SLACK_APP_TOKEN", "invalid_auth", "connections:write"}},
		"a bot token for an app token": {scopes: all, app: (*sandbox.World).BotToken,
			says: []string{"SLACK_APP_TOKEN", "not_allowed_token_type", "xapp-"}},
		"an app that was taken away": {scopes: all, revoked: true, says: []string{"SLACK_BOT_TOKEN"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slack, err := sandbox.Start(sandbox.Options{Clock: time.Now, Machine: time.Now, BotScopes: c.scopes})
			if err != nil {
				t.Fatal(err)
			}
			defer slack.Close()
			fillSandbox(slack, "zh")
			if c.revoked {
				slack.Uninstall()
			}
			botToken, appToken := slack.BotToken(), slack.AppToken()
			if c.bot != nil {
				botToken = c.bot(slack)
			}
			if c.app != nil {
				appToken = c.app(slack)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			var out, errs bytes.Buffer
			env := []string{"SLACK_API_URL=" + slack.APIURL(), "SLACK_BOT_TOKEN=" + botToken, "SLACK_APP_TOKEN=" + appToken,
				"MUSTER_LISTEN=127.0.0.1:0", "MUSTER_LOG_LEVEL=error", "MUSTER_DATABASE=" + filepath.Join(t.TempDir(), "start.db")}
			code := Run(ctx, []string{"serve"}, env, strings.NewReader(""), &out, &errs)
			said := strings.TrimSpace(errs.String())
			if code != exitFailed || strings.Count(said, "\n") != 0 || !hasAll(said, c.says) {
				t.Errorf("code %d, want %d and one line with %q:\n%s", code, exitFailed, c.says, said)
			}
			for _, secret := range append(c.exclude, botToken, appToken) {
				if strings.Contains(said+out.String(), secret) {
					t.Errorf("it says %q: %s", secret, said)
				}
			}
		})
	}
}

func without(all []string, names ...string) []string {
	var rest []string
	for _, name := range all {
		if !hasAll(strings.Join(names, " ")+" ", []string{name + " "}) {
			rest = append(rest, name)
		}
	}
	return rest
}

// Two thousand requests later nothing more runs than before, and when the bot
// has ended nothing of it is left. Not parallel: it counts goroutines.
func TestNothingIsLeftRunning(t *testing.T) {
	here := goleak.IgnoreCurrent()
	t.Run("story", func(t *testing.T) {
		s := tell(t, withSandbox(func(o *sandbox.Options) { o.Limits = &sandbox.Limits{Off: true} }))
		s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 2")
		card := s.sees(sampleCalls, "装沙袋", "0/2")
		look := func(times int) {
			var all sync.WaitGroup
			for i := range 20 {
				all.Go(func() {
					for range times / 20 {
						s.As(fmt.Sprintf("U0%02d", i+2)).Press(card, "call_details")
					}
				})
			}
			all.Wait()
		}
		look(200)
		s.settles()
		before := runtime.NumGoroutine()
		look(2000)
		s.CutSockets()
		s.waits("new connections", func() bool { return s.Sockets() >= 2 })
		s.settles()
		s.until("as many goroutines as before", func() bool { return runtime.NumGoroutine() <= before+20 })
	})
	if err := goleak.Find(here); err != nil {
		t.Error(err)
	}
}

// Whatever is asked of the real world clock, a restart never goes below what
// was recorded, even when the machine's clock was set back in between.
func TestARestartNeverGoesBackInTime(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.passes(72 * time.Hour)
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 2")
	s.sees(sampleCalls, "周六 11月28日", "0/2")
	latest := s.clock.Now()
	s.halt()
	back, err := bot.NewWorld(time.Now, monday, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.clock = back // somebody starts it with the clock of three days ago
	s.begin()
	if now := s.clock.Now(); now.Before(latest.Truncate(time.Millisecond)) {
		t.Errorf("it is %s again; what was recorded at %s lies in the future", now, latest)
	}
	out := s.says(sampleAdmin, sampleCalls, "招募 值守 | 时间: 明天 8:00-12:00 | 地点: 东堤 | 需要: 2")
	if out.Response == nil || !strings.Contains(out.Response.AllText(), "周五 11月27日") {
		t.Errorf("tomorrow is not the day after what was recorded: %+v", out.Response)
	}
}

// What else keeps Muster from starting is one line as well, and ends with 1.
func TestWhatKeepsItFromStartingIsOneLine(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	slack, err := sandbox.Start(sandbox.Options{Clock: time.Now, Machine: time.Now, BotScopes: botScopes()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slack.Close() })
	for name, c := range map[string]struct {
		set  []string
		says []string
	}{
		"an address in use":     {[]string{"MUSTER_LISTEN=" + taken.Addr().String()}, []string{taken.Addr().String(), "in use"}},
		"a folder for database": {[]string{"MUSTER_DATABASE=" + t.TempDir()}, []string{"database", "directory"}},
		"a folder not there":    {[]string{"MUSTER_DATABASE=" + filepath.Join(t.TempDir(), "no", "such.db")}, []string{"database", "no such"}},
		"no server":             {[]string{"MUSTER_DATABASE=postgres://muster:hidden-word@127.0.0.1:1/muster"}, []string{"database", "refused"}},
		"nobody at the API":     {[]string{"SLACK_API_URL=http://127.0.0.1:1/api/"}, []string{"auth.test", "refused"}},
		"no such file":          {[]string{"SLACK_BOT_TOKEN=", "SLACK_BOT_TOKEN_FILE=" + filepath.Join(t.TempDir(), "token")}, []string{"SLACK_BOT_TOKEN_FILE"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := []string{"SLACK_API_URL=" + slack.APIURL(), "SLACK_BOT_TOKEN=" + slack.BotToken(), "SLACK_APP_TOKEN=" + slack.AppToken(),
				"MUSTER_LISTEN=127.0.0.1:0", "MUSTER_LOG_LEVEL=error", "MUSTER_DATABASE=" + filepath.Join(t.TempDir(), "start.db"), "MUSTER_ADMINS=U001"}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			var out, errs bytes.Buffer
			code := Run(ctx, []string{"serve"}, append(env, c.set...), strings.NewReader(""), &out, &errs)
			said := strings.TrimSpace(errs.String())
			if code != exitFailed || strings.Count(said, "\n") != 0 || !hasAll(said, c.says) {
				t.Errorf("code %d and %q, want %d and one line with %q", code, said, exitFailed, c.says)
			}
			for _, secret := range []string{slack.BotToken(), slack.AppToken(), "hidden-word"} {
				if strings.Contains(said+out.String(), secret) {
					t.Errorf("it says a secret: %s", said)
				}
			}
		})
	}
}
