package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/bot"
	"muster/config"
	"muster/sandbox"
)

// A story is the whole bot on a sandbox with a held clock: people act, and what
// they see is what Slack would show them. What nobody expected to be said fails
// the test at its end.
type story struct {
	*sandbox.World
	t        testing.TB
	clock    *bot.World
	skew     *atomic.Int64 // how far the bot's machine time is ahead
	settings config.Settings
	app      *app
	logs     *safeLog

	left string // of the outbox when the bot was last halted

	stop context.CancelFunc
	done chan error

	mu   sync.Mutex
	seen map[string]bool // channel+ts of bot messages a test looked at
}

// monday is where most stories begin: Mon 23 Nov 2026, 10:00 in Shanghai.
var monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

type storyOption func(*storySetup)

type storySetup struct {
	start    time.Time
	database string
	options  sandbox.Options
	settings []func(*config.Settings)
	people   func(w *sandbox.World)
}

func startingAt(t time.Time) storyOption { return func(s *storySetup) { s.start = t } }

func withSettings(f func(*config.Settings)) storyOption {
	return func(s *storySetup) { s.settings = append(s.settings, f) }
}

func withSandbox(f func(*sandbox.Options)) storyOption {
	return func(s *storySetup) { f(&s.options) }
}

// atAnyPace is for stories about what is said rather than how fast: Slack
// refuses nothing for coming too quickly. What the limits do has its own stories.
func atAnyPace() storyOption {
	return withSandbox(func(o *sandbox.Options) { o.Limits = &sandbox.Limits{Off: true} })
}

// inLanguage makes the organisation read lang.
func inLanguage(lang string) storyOption {
	return withSettings(func(s *config.Settings) { s.Lang = lang })
}

func withPeople(f func(w *sandbox.World)) storyOption { return func(s *storySetup) { s.people = f } }

// tell begins a story with the sample's people, channels and no calls. U001 is
// admin and organizer.
func tell(t testing.TB, options ...storyOption) *story {
	t.Helper()
	set := &storySetup{start: monday, database: filepath.Join(t.TempDir(), "story.db")}
	set.options.AckWithin, set.options.TriggerLife = slackWaits, slackWaits
	set.options.RetryAfter = []time.Duration{0, 50 * time.Millisecond, 100 * time.Millisecond}
	for _, o := range options {
		o(set)
	}
	clock, err := bot.NewWorld(time.Now, set.start, 0)
	if err != nil {
		t.Fatal(err)
	}
	set.options.Clock, set.options.Machine = clock.Now, time.Now
	if set.options.BotScopes == nil {
		set.options.BotScopes = botScopes()
	}
	slack, err := sandbox.Start(set.options)
	if err != nil {
		t.Fatal(err)
	}
	fillSandbox(slack, "zh")
	if set.people != nil {
		set.people(slack)
	}
	settings := config.Defaults()
	settings.Slack.APIURL = slack.APIURL()
	settings.Slack.BotToken, settings.Slack.AppToken = config.NewSecret(slack.BotToken()), config.NewSecret(slack.AppToken())
	settings.Slack.SigningSecret = config.NewSecret(slack.SigningSecret())
	settings.Database = config.DatabaseAddress(set.database)
	settings.Listen = ""
	settings.Admins = []config.Admin{{User: sampleAdmin}}
	for _, f := range set.settings {
		f(&settings)
	}
	s := &story{World: slack, t: t, clock: clock, skew: new(atomic.Int64), settings: settings, seen: map[string]bool{}, logs: &safeLog{}}
	s.begin()
	t.Cleanup(s.end)
	return s
}

// begin starts the bot; after halt it is a restart on the same database.
func (s *story) begin() {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(s.logs, &slog.HandlerOptions{Level: slog.LevelDebug})) // end looks for secrets in it
	before, listening := s.Sockets(), s.addresses()
	a, err := wire(ctx, s.settings, wiring{World: s.clock, Machine: s.machine, Log: log, AckWithin: botWaits})
	if err != nil {
		stop()
		s.t.Fatalf("the bot does not start: %v", err)
	}
	s.app, s.stop, s.done = a, stop, make(chan error, 1)
	go func() { s.done <- a.run(ctx) }()
	if s.settings.Slack.SocketMode() {
		s.waits("two connections", func() bool { return s.Sockets() >= before+2 })
		return
	}
	s.until("an address", func() bool { return len(s.addresses()) > len(listening) })
	s.SetHTTPBase("http://" + s.addresses()[len(listening)])
}

// machine is the bot's real time. Leases end sooner when it is moved on.
func (s *story) machine() time.Time { return time.Now().Add(time.Duration(s.skew.Load())) }

// halt stops the bot in good order.
func (s *story) halt() {
	s.t.Helper()
	open := s.Sockets()
	s.left = s.outbox()
	s.stop()
	select {
	case err := <-s.done:
		if err != nil && !errors.Is(err, context.Canceled) {
			s.t.Errorf("the bot ended with: %v", err)
		}
	case <-time.After(30 * time.Second):
		s.t.Error("the bot did not end within 30 s")
	}
	s.stop = nil
	if s.settings.Slack.SocketMode() { // what is sent from here on waits for the next one
		s.waits("closed connections", func() bool { return s.Sockets() <= max(open-2, 0) })
	}
}

func (s *story) end() {
	if s.stop != nil {
		s.halt()
	}
	for name, secret := range map[string]string{"bot token": s.BotToken(), "app token": s.AppToken(), "signing secret": s.SigningSecret()} {
		if strings.Contains(s.logs.String(), secret) {
			s.t.Errorf("the log holds the %s", name)
		}
	}
	s.nothingSaidIsLogged()
	for _, complaint := range s.Complaints() {
		s.t.Errorf("Slack would object: %s", complaint)
	}
	s.allCarryTheirID()
	for _, ping := range s.Pings() {
		s.t.Errorf("a whole %s was pinged in %s", ping.Kind, ping.Channel)
	}
	if s.t.Failed() {
		s.t.Log("the bot's log:\n" + s.logs.String())
		s.t.Log("what was on its way when it ended:\n" + s.left)
	}
	_ = s.Close() // memory only
}

// allCarryTheirID holds what other programs rely on: every message, and every
// edit of it, carries metadata with one id of its own.
func (s *story) allCarryTheirID() {
	s.t.Helper()
	posted := map[string]string{} // id -> where
	for _, c := range s.Calls("") {
		if c.Method != "chat.postMessage" && c.Method != "chat.update" || c.Error != "" {
			continue
		}
		meta, _ := c.Args["metadata"].(map[string]any)
		payload, _ := meta["event_payload"].(map[string]any)
		id, _ := payload["id"].(string)
		if meta["event_type"] != "muster_message" || id == "" {
			s.t.Errorf("%s in %s carries %v", c.Method, c.Channel, c.Args["metadata"])
		}
		if where, twice := posted[id]; c.Method == "chat.postMessage" && twice && !c.Lost {
			s.t.Errorf("id %s was posted in %s and in %s", id, where, c.Channel)
		}
		if c.Method == "chat.postMessage" {
			posted[id] = c.Channel
		} else if posted[id] == "" {
			s.t.Errorf("an edit in %s carries an id nobody posted: %s", c.Channel, id)
		}
	}
}

// waits fails the test when cond does not come true in time.
func (s *story) waits(what string, cond func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Await(ctx, what, cond); err != nil {
		s.t.Fatalf("%s: %v", what, err)
	}
}

// until is waits for what happens outside the sandbox: in the log, in the
// database.
func (s *story) until(what string, cond func() bool) {
	s.t.Helper()
	done := make(chan struct{})
	defer close(done)
	go func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				s.Nudge()
			}
		}
	}()
	s.waits(what, cond)
}

// posts are the bot's messages in a channel, in order.
func (s *story) posts(channel string) []sandbox.Message {
	var out []sandbox.Message
	for _, m := range s.Messages(channel) {
		if m.FromBot() && !m.Deleted {
			out = append(out, m)
		}
	}
	return out
}

// sees waits until a message of the bot in channel contains all of the words,
// and marks it as expected.
func (s *story) sees(channel string, words ...string) sandbox.Message {
	s.t.Helper()
	var found sandbox.Message
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := s.Await(ctx, "message with "+strings.Join(words, " | "), func() bool {
		posts := s.posts(channel)
		for i := len(posts) - 1; i >= 0; i-- { // the latest first
			if hasAll(posts[i].AllText(), words) {
				found = posts[i]
				return true
			}
		}
		return false
	})
	if err != nil {
		s.t.Fatalf("in %s nobody said %q in time; there stands:\n%s", channel, words, texts(s.posts(channel)))
	}
	s.mu.Lock()
	s.seen[found.Channel+found.TS] = true
	s.mu.Unlock()
	return found
}

// gets waits until user has a direct message with the words.
func (s *story) gets(user string, words ...string) sandbox.Message {
	s.t.Helper()
	return s.sees(s.DM(user), words...)
}

// whispers waits until user sees an ephemeral message with the words.
func (s *story) whispers(user, channel string, words ...string) sandbox.Message {
	s.t.Helper()
	var found sandbox.Message
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := s.Await(ctx, "whisper with "+strings.Join(words, " | "), func() bool {
		all := s.As(user).Ephemerals(channel)
		for i := len(all) - 1; i >= 0; i-- {
			if hasAll(all[i].AllText(), words) {
				found = all[i]
				return true
			}
		}
		return false
	})
	if err != nil {
		s.t.Fatalf("%s was not told %q in %s; there stands:\n%s", user, words, channel, texts(s.As(user).Ephemerals(channel)))
	}
	return found
}

// says sends a slash command and fails unless it was acknowledged in time.
func (s *story) says(user, channel, text string) sandbox.Outcome {
	s.t.Helper()
	out := s.As(user).Command(channel, "/muster", text)
	if !out.Acked {
		s.t.Fatalf("/muster %s by %s was not acknowledged: %s", text, user, out.Refused)
	}
	return out
}

// presses fails unless the press was acknowledged in time.
func (s *story) presses(user string, m sandbox.Message, actionID string) sandbox.Outcome {
	s.t.Helper()
	s.waits("the button "+actionID, func() bool { // it may come with an edit that is on its way
		now, there := s.Message(m.Channel, m.TS)
		_, has := now.Button(actionID)
		return has || !there
	})
	now, ok := s.Message(m.Channel, m.TS)
	if !ok {
		now = m
	}
	out := s.As(user).Press(now, actionID)
	if !out.Acked {
		s.t.Fatalf("%s could not press %s on %q: %s", user, actionID, now.Text, out.Refused)
	}
	return out
}

// passes lets the world's clock go on.
func (s *story) passes(d time.Duration) { s.clock.Advance(d); s.Nudge() }

// settles waits until the bot has nothing more to do at this time.
func (s *story) settles() {
	s.t.Helper()
	for _, job := range []string{jobLookup, jobDue, jobSend} {
		s.app.loops.Nudge(job)
	}
	s.until("an idle bot", func() bool {
		idle, err := s.app.svc.Idle(context.Background())
		if !idle {
			s.app.loops.Nudge(jobSend)
			s.app.loops.Nudge(jobLookup)
		}
		return err == nil && idle
	})
}

// allExpected fails for every direct message or post of the bot no test looked
// at.
func (s *story) allExpected(channels ...string) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range channels {
		for _, m := range s.posts(c) {
			if !s.seen[m.Channel+m.TS] {
				s.t.Errorf("nobody expected in %s: %s", c, m.AllText())
			}
		}
	}
}

func hasAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func texts(all []sandbox.Message) string {
	var b strings.Builder
	for _, m := range all {
		fmt.Fprintf(&b, "- %s\n", strings.ReplaceAll(m.AllText(), "\n", " / "))
	}
	return b.String()
}
