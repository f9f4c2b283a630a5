package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/sandbox"
)

// gate stands between a process and the Web API and stops one call of a method
// for ever: before Slack has heard of it, or after Slack has done it.
type gate struct {
	server  *httptest.Server
	method  string
	after   bool
	reached chan struct{}
	once    sync.Once
	ended   chan struct{}
}

func openGate(s *story, method string, after bool) *gate {
	s.t.Helper()
	target, err := url.Parse(strings.TrimSuffix(s.APIURL(), "api/"))
	if err != nil {
		s.t.Fatal(err)
	}
	g := &gate{method: method, after: after, reached: make(chan struct{}), ended: make(chan struct{})}
	onward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	g.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Base(r.URL.Path) != g.method {
			onward.ServeHTTP(w, r)
			return
		}
		stopped := false
		g.once.Do(func() {
			stopped = true
			if g.after { // done, and nobody will hear of it
				onward.ServeHTTP(httptest.NewRecorder(), r)
			}
			close(g.reached)
		})
		if !stopped && g.after {
			onward.ServeHTTP(w, r)
			return
		}
		<-g.ended // before: this call and those after it never get to Slack
	}))
	s.t.Cleanup(g.close)
	return g
}

func (g *gate) close() {
	select {
	case <-g.ended:
	default:
		close(g.ended)
		g.server.Close()
	}
}

// killedAt runs Muster as a process of its own through a gate, lets people act,
// kills it with signal 9 when it has come to the gate, and starts it again when
// its leases have run out.
func (s *story) killedAt(method string, after bool, act func()) {
	s.t.Helper()
	s.halt()
	g := openGate(s, method, after)
	p := serve(s.t, s.World, string(s.settings.Database), "SLACK_API_URL="+g.server.URL+"/api/",
		"MUSTER_CLOCK_START="+s.clock.Now().Format(time.RFC3339), "MUSTER_CLOCK_SPEED=0")
	s.waits("two connections of the process", func() bool { return s.Sockets() >= 2 })
	acted := make(chan struct{})
	go func() {
		act()
		close(acted)
	}()
	select {
	case <-g.reached:
	case <-time.After(15 * time.Second):
		s.t.Fatalf("the process never came to %s", method)
	}
	p.kill()
	g.close()
	s.waits("closed connections", func() bool { return s.Sockets() == 0 })
	<-acted
	s.skew.Add(int64(3 * time.Minute))
	s.begin()
	s.RetryNow()
}

// Muster is killed with signal 9 at each step of what it tells people: before
// Slack has heard of it and after Slack has done it. Started again it says what
// was not said, and nothing twice.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	const order = "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 引导员 2"
	type step struct {
		name    string
		methods []string
		before  func(s *story) // while all is well
		act     func(s *story) // with the process that is killed
		check   func(s *story)
	}
	once := func(s *story, channel string, words ...string) {
		s.t.Helper()
		s.sees(channel, words...)
		s.hurries("an idle bot", func() bool {
			idle, err := s.app.svc.Idle(s.t.Context())
			return err == nil && idle
		})
		n := 0
		for _, m := range s.posts(channel) {
			if hasAll(m.AllText(), words) {
				n++
			}
		}
		if n != 1 {
			s.t.Errorf("%d messages in %s with %q, want one:\n%s", n, channel, words, texts(s.posts(channel)))
		}
	}
	for _, step := range []step{
		{"a call is posted", []string{"chat.postMessage"},
			func(*story) {},
			func(s *story) { s.As(sampleAdmin).Command(sampleCalls, "/muster", order) },
			func(s *story) { once(s, sampleCalls, "义诊", "0/2") }},
		{"somebody signs up", []string{"conversations.open", "chat.postMessage", "chat.update", "reactions.add"},
			func(s *story) { s.says(sampleAdmin, sampleCalls, order); s.sees(sampleCalls, "0/2"); s.settles() },
			func(s *story) { s.As("U006").SayIn(sampleCalls, s.sees(sampleCalls, "0/2").TS, "报名") },
			func(s *story) {
				once(s, s.DM("U006"), "已报名", "义诊")
				once(s, sampleCalls, "义诊", "1/2")
				s.waits("the mark", func() bool { return strings.Contains(marks(s, sampleCalls), "white_check_mark:1") })
			}},
		{"a reminder is due", []string{"chat.postMessage"},
			func(s *story) {
				s.says(sampleAdmin, sampleLobby, "remind me to bring the keys, tomorrow 9:00")
				s.settles()
				s.clock.Advance(24 * time.Hour)
			},
			func(*story) {},
			func(s *story) { once(s, s.DM(sampleAdmin), "bring the keys") }},
		{"the weekly summary is due", []string{"chat.postMessage"},
			func(s *story) {
				s.says(sampleAdmin, sampleLobby, "digest weekly Mon 09:00 <#C002>")
				s.settles()
				s.clock.Advance(7 * 24 * time.Hour)
			},
			func(*story) {},
			func(s *story) { once(s, sampleSummaries, "汇总") }},
	} {
		for _, method := range step.methods {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/done=%v", step.name, method, after), func(t *testing.T) {
					t.Parallel()
					s := tell(t)
					step.before(s)
					s.killedAt(method, after, func() { step.act(s) })
					step.check(s)
				})
			}
		}
	}
}

// marks are the reactions in a channel, as name:count.
func marks(s *story, channel string) string {
	var b strings.Builder
	for _, m := range s.Messages(channel) {
		for name, by := range m.Reactions {
			fmt.Fprintf(&b, "%s:%d ", name, len(by))
		}
	}
	return b.String()
}

// One of two copies is killed while it has messages in hand: the other one goes
// on, and brings those when the dead one's claim has run out, each once.
func TestACopyDiesWithMessagesInHand(t *testing.T) {
	t.Parallel()
	storyOnEach(t, func(t *testing.T, onDatabase storyOption) {
		s := tell(t, onDatabase, withPeople(fifty))
		g := openGate(s, "chat.postMessage", true)
		p := serve(t, s.World, string(s.settings.Database), "SLACK_API_URL="+g.server.URL+"/api/",
			"MUSTER_CLOCK_START="+s.clock.Now().Format(time.RFC3339), "MUSTER_CLOCK_SPEED=0")
		s.waits("four connections", func() bool { return s.Sockets() >= 4 })
		s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 50")
		var card sandbox.Message
		s.waits("the card, by either of them", func() bool {
			posts := s.posts(sampleCalls)
			if len(posts) == 1 {
				card = posts[0]
			}
			return len(posts) == 1
		})
		joined := 0
		for held := false; !held && joined < 50; joined++ {
			// Whichever copy hears of it stores it; either may be the one to tell.
			if out := s.As(fmt.Sprintf("U9%02d", joined)).Press(card, "call_join"); !out.Acked {
				t.Fatalf("press %d: %s", joined, out.Refused)
			}
			select {
			case <-g.reached:
				held = true
			default:
			}
		}
		select {
		case <-g.reached:
		case <-time.After(15 * time.Second):
			t.Fatal("the other copy never had a message in hand")
		}
		p.kill()
		g.close()
		s.waits("two connections", func() bool { return s.Sockets() == 2 })
		s.skew.Add(int64(3 * time.Minute))
		for i := range joined {
			user := fmt.Sprintf("U9%02d", i)
			s.gets(user, "已报名")
			if n := len(s.posts(s.DM(user))); n != 1 {
				t.Errorf("%s has %d messages:\n%s", user, n, texts(s.posts(s.DM(user))))
			}
		}
		s.sees(sampleCalls, fmt.Sprintf("%d/50", joined))
		if n := len(s.posts(sampleCalls)); n != 1 {
			t.Errorf("%d cards, want 1", n)
		}
	})
}
