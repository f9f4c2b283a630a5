// Package sandbox is a Slack workspace in memory. It speaks Slack's own
// protocol over loopback: the Web API, Socket Mode and signed HTTP delivery,
// response URLs, modals, and the limits and errors that go with them. People in
// it are driven by Go code (tests) or by a web page (the demo).
//
// It is an independent reading of the protocol and knows nothing of the bot it
// talks to. What it lacks it refuses, and it keeps what was wrong: see
// [World.Complaints].
package sandbox

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// World is one workspace with one app installed in it. All methods may be
// called from several goroutines.
type World struct {
	o             Options
	log           *slog.Logger
	ctx           context.Context
	cancel        context.CancelFunc
	tasks         sync.WaitGroup
	server        *http.Server
	address       string
	hub           *hub
	client        *http.Client
	botToken      string
	appToken      string
	signingSecret string
	botUser       string
	appID         string
	botID         string
	scopes        map[string]bool

	mu         sync.Mutex // guards all below
	closed     bool
	change     chan struct{}
	lastMicros int64
	sequence   int
	httpBase   string
	revoked    bool

	users        map[string]*User
	userOrder    []string
	channels     map[string]*channel
	channelOrder []string
	groups       []userGroup

	triggers map[string]*trigger
	hooks    map[string]*hook
	modals   map[string][]*View // open views of a person, root first
	homes    map[string]*View
	files    map[string]*upload
	codes    map[string]bool // OAuth codes not used yet
	tickets  map[string]bool // socket tickets not used yet

	calls      []Call
	complaints []string
	pings      []Ping
	deliveries []*Delivery
	events     []*event
	retryNow   chan struct{}
	twice      bool

	faults  faults
	limiter limiter
	page    pageState
}

// Slack's own numbers.
const (
	ackWithin   = 3 * time.Second
	triggerLife = 3 * time.Second
	// pingEvery is well under the 30 s after which clients give a silent socket up.
	pingEvery = 5 * time.Second
)

func retrySchedule() []time.Duration {
	return []time.Duration{0, time.Minute, 5 * time.Minute}
}

// Start opens the workspace on a loopback address. The caller closes it.
func Start(o Options) (*World, error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("sandbox: listen on %s: %w", o.Listen, err)
	}
	w := newWorld(o)
	w.address = listener.Addr().String()
	w.server = &http.Server{
		Handler:           w.routes(),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(w.log.Handler(), slog.LevelDebug),
	}
	w.tasks.Go(func() {
		if err := w.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			w.log.Warn("sandbox: server ended", "err", err)
		}
	})
	return w, nil
}

func (o *Options) fill() error {
	if o.Clock == nil && o.Control != nil {
		o.Clock = o.Control.Now
	}
	if o.Clock == nil || o.Machine == nil {
		return errors.New("sandbox: Options.Clock and Options.Machine must be given; for real time pass time.Now")
	}
	setDefault(&o.Listen, "127.0.0.1:0")
	setDefault(&o.TeamName, "Sandbox")
	setDefault(&o.TeamID, "T0SANDBOX")
	setDefault(&o.BotName, "muster")
	setDefault(&o.AckWithin, ackWithin)
	setDefault(&o.TriggerLife, triggerLife)
	setDefault(&o.PingEvery, pingEvery)
	if o.RetryAfter == nil {
		o.RetryAfter = retrySchedule()
	}
	if o.BotScopes == nil {
		o.BotScopes = AllScopes()
	}
	if o.Commands == nil {
		o.Commands = []string{"/muster"}
	}
	if o.Limits == nil {
		o.Limits = &Limits{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}

func setDefault[T comparable](value *T, fallback T) {
	var zero T
	if *value == zero {
		*value = fallback
	}
}

func newWorld(o Options) *World {
	ctx, cancel := context.WithCancel(context.Background())
	w := &World{
		o: o, log: o.Log, ctx: ctx, cancel: cancel,
		botToken:      "xoxb-sandbox-" + secret(12),
		appToken:      "xapp-1-sandbox-" + secret(12),
		signingSecret: secret(16),
		botUser:       "U0MUSTER", appID: "A0MUSTER", botID: "B0MUSTER",
		scopes:   map[string]bool{},
		change:   make(chan struct{}),
		retryNow: make(chan struct{}),
		httpBase: strings.TrimSuffix(o.HTTPBase, "/"),
		users:    map[string]*User{}, channels: map[string]*channel{},
		triggers: map[string]*trigger{}, hooks: map[string]*hook{},
		modals: map[string][]*View{}, homes: map[string]*View{},
		files: map[string]*upload{}, codes: map[string]bool{}, tickets: map[string]bool{},
		limiter: limiter{limits: *o.Limits, buckets: map[string]*bucket{}},
		page:    newPageState(),
	}
	for _, s := range o.BotScopes {
		w.scopes[s] = true
	}
	transport := o.Transport
	if transport == nil {
		transport = &http.Transport{MaxIdleConnsPerHost: 32, MaxConnsPerHost: 32}
	}
	w.client = &http.Client{Transport: transport, Timeout: o.AckWithin}
	w.hub = newHub(w)
	w.putUser(User{ID: w.botUser, Name: o.BotName, RealName: o.BotName, Bot: true})
	return w
}

// secret makes n random bytes in hex.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return hex.EncodeToString(b)
}

// Close ends every connection and waits until nothing of the world runs any more.
func (w *World) Close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	w.mu.Unlock()
	w.cancel()
	w.hub.closeAll()
	err := w.server.Close()
	w.tasks.Wait()
	w.client.CloseIdleConnections()
	if err != nil {
		return fmt.Errorf("sandbox: close: %w", err)
	}
	return nil
}

// spawn runs f unless the world is closed. Callers hold w.mu.
func (w *World) spawn(f func()) {
	if !w.closed {
		w.tasks.Go(f)
	}
}

// URL is the address of the page.
func (w *World) URL() string { return "http://" + w.address + "/" }

// APIURL is the base of the Web API, for SLACK_API_URL.
func (w *World) APIURL() string { return w.URL() + "api/" }

// BotToken, AppToken and SigningSecret are the credentials of the installed app.
func (w *World) BotToken() string      { return w.botToken }
func (w *World) AppToken() string      { return w.appToken }
func (w *World) SigningSecret() string { return w.signingSecret }

// BotUserID, BotID, AppID and TeamID are the identifiers of the app and its workspace.
func (w *World) BotUserID() string { return w.botUser }
func (w *World) BotID() string     { return w.botID }
func (w *World) AppID() string     { return w.appID }
func (w *World) TeamID() string    { return w.o.TeamID }

// SetHTTPBase names the bot's address for signed HTTP delivery, without a path.
func (w *World) SetHTTPBase(base string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.httpBase = strings.TrimSuffix(base, "/")
}

// id makes an identifier with Slack's kind of prefix.
func (w *World) id(prefix string) string {
	w.sequence++
	return prefix + "0" + strings.ToUpper(strconv.FormatInt(int64(w.sequence)+36*36*36, 36))
}

// ts makes the next message timestamp: the workspace's clock, and always later
// than the one before, even when that clock stands or is set back.
func (w *World) ts() string {
	micros := w.o.Clock().UnixMicro()
	if micros <= w.lastMicros {
		micros = w.lastMicros + 1
	}
	w.lastMicros = micros
	return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6)
}

func timeOf(ts string) time.Time {
	seconds, micros, _ := strings.Cut(ts, ".")
	s, _ := strconv.ParseInt(seconds, 10, 64)
	m, _ := strconv.ParseInt(micros, 10, 64)
	return time.Unix(s, m*1000).UTC()
}

// complain keeps what the bot, or the driver of a person, did wrong. Callers hold w.mu.
func (w *World) complain(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	w.complaints = append(w.complaints, text)
	w.log.Warn("sandbox: complaint", "what", text)
	w.changed()
}

// changed wakes everybody in [World.Await]. Callers hold w.mu.
func (w *World) changed() {
	close(w.change)
	w.change = make(chan struct{})
}
