package bot_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/bot"
	"muster/models"
	"muster/sandbox"
)

// house is the machine in front of a sandbox workspace, with handlers that act
// once on each delivery as the store does.
type house struct {
	t       *testing.T
	slack   *sandbox.World
	web     bot.Web
	router  *bot.Router
	intake  *bot.Intake
	answers *bot.Answers
	socket  *bot.SocketIntake
	metrics *bot.Metrics
	outbox  bot.FakeOutbox
	sender  *bot.Sender

	mu   sync.Mutex
	seen map[string]bool
	acts []bot.Request
	lost []string
	slow time.Duration
}

// patience bounds every wait; a busy machine needs seconds, a fault all of it.
const patience = 30 * time.Second

func open(t *testing.T, o sandbox.Options) *house {
	t.Helper()
	o.Clock, o.Machine = time.Now, time.Now
	if o.RetryAfter == nil {
		o.RetryAfter = []time.Duration{0, time.Second, time.Second}
	}
	world, err := sandbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	for i := range 60 {
		world.AddUser(sandbox.User{ID: fmt.Sprintf("U%02d", i), Name: fmt.Sprintf("member%02d", i), RealName: "志愿者", TZ: "Asia/Shanghai", Locale: "zh-CN"})
	}
	members := []string{world.BotUserID()}
	for i := range 60 {
		members = append(members, fmt.Sprintf("U%02d", i))
	}
	world.AddChannel(sandbox.Channel{ID: "C1", Name: "calls", Members: members})
	world.AddChannel(sandbox.Channel{ID: "C2", Name: "other", Members: members})

	h := &house{t: t, slack: world, metrics: bot.NewMetrics(), outbox: bot.NewFakeOutbox(), seen: map[string]bool{}}
	client := bot.NewHTTPClient()
	t.Cleanup(client.CloseIdleConnections)
	h.web = bot.NewWeb(bot.WebOptions{Token: world.BotToken(), URL: world.APIURL(), HTTP: client, Metrics: h.metrics})
	here := bot.Workspace{Key: "T1", Web: h.web}
	throttle := bot.NewThrottle(time.Now, 400)
	h.router = bot.NewRouter(bot.RouterOptions{Metrics: h.metrics,
		Classify: func(r bot.Request) string { verb, _, _ := strings.Cut(r.Text, " "); return verb },
		Errors:   func(context.Context, bot.Request, error) bot.Reply { return bot.Reply{Text: "sorry"} }})
	h.answers = bot.NewAnswers(bot.AnswersOptions{Throttle: throttle, Random: func(b []byte) { rand.Read(b) }, Metrics: h.metrics,
		For:         func(context.Context, bot.Request) (bot.Workspace, error) { return here, nil },
		ModalButton: func(context.Context, bot.Request) bot.Reply { return bot.Reply{Text: "press to open"} },
		LateNote:    func(context.Context, bot.Request) string { return "slow, but done" }})
	h.intake = bot.NewIntake(bot.IntakeOptions{Router: h.router, Answers: h.answers, Machine: time.Now, Metrics: h.metrics,
		Decoder: bot.Decoder{BotUser: func(string) string { return world.BotUserID() }}})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := errors.Join(h.intake.Close(ctx), h.answers.Close(ctx)); err != nil {
			t.Error(err)
		}
	})
	h.sender = bot.NewSender(bot.SenderOptions{Outbox: h.outbox, Throttle: throttle, World: time.Now, Machine: time.Now, Holder: "story", Metrics: h.metrics,
		Backoff: 100 * time.Millisecond,
		For:     func(context.Context, int64) (bot.Workspace, error) { return here, nil },
		Recipient: func(_ context.Context, m models.Message) (string, error) {
			return fmt.Sprintf("U%02d", m.PersonID), nil
		},
		Render: func(_ context.Context, m models.Message) (bot.Outgoing, error) {
			out := bot.Outgoing{Text: fmt.Sprintf("message %d v%d", m.ID, m.Version)}
			if m.Op == models.OpFile {
				out.File = &bot.File{Name: fmt.Sprintf("hours-%d.csv", m.ID), Bytes: []byte("a,b\n")}
			}
			return out, nil
		},
		OnLost: func(_ context.Context, m models.Message, code string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.lost = append(h.lost, code)
		}})
	return h
}

// connect opens the sockets and waits for both.
func (h *house) connect() *house {
	h.t.Helper()
	client := bot.NewHTTPClient()
	h.socket = bot.NewSocketIntake(bot.SocketOptions{AppToken: h.slack.AppToken(), URL: h.slack.APIURL(),
		HTTP: client, Intake: h.intake, Machine: time.Now})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := h.socket.Run(ctx); err != nil {
			h.t.Error("sockets:", err)
		}
	})
	h.t.Cleanup(func() { cancel(); running.Wait(); client.CloseIdleConnections() })
	h.await("two sockets", func() bool { return h.slack.Sockets() == 2 })
	return h
}

// act is the handler of most stories: it acts once on each delivery.
func (h *house) act(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if h.slow > 0 {
		select {
		case <-time.After(h.slow):
		case <-ctx.Done():
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seen[r.Delivery] {
		return bot.Reply{}, models.ErrRepeat
	}
	h.seen[r.Delivery] = true
	h.acts = append(h.acts, r)
	return bot.Reply{}, nil
}

func (h *house) acted() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.acts)
}

func (h *house) await(what string, cond func() bool) {
	h.t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); !cond(); <-look.C {
		if time.Now().After(end) {
			h.t.Fatalf("waited in vain for %s; complaints: %q", what, h.slack.Complaints())
		}
	}
}

// send runs the sender until cond holds.
func (h *house) send(what string, cond func() bool) {
	h.t.Helper()
	beat := time.NewTicker(50 * time.Millisecond)
	defer beat.Stop()
	for end := time.Now().Add(patience); ; {
		if err := h.sender.RunOnce(context.Background()); err != nil {
			h.t.Fatal(err)
		}
		if cond() {
			return
		}
		if time.Now().After(end) {
			h.t.Fatalf("waited in vain for %s", what)
		}
		<-beat.C
	}
}

// quietly fails the test when the sandbox took anything ill.
func (h *house) quietly() {
	h.t.Helper()
	if c := h.slack.Complaints(); len(c) > 0 {
		h.t.Errorf("complaints: %q", c)
	}
}

func (h *house) acknowledged(kind string) (n int) {
	for _, d := range h.slack.Deliveries() {
		if d.Kind == kind && d.Acked {
			n++
		}
	}
	return n
}
