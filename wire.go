package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"muster/bot"
	"muster/config"
	"muster/handlers"
	"muster/models"
	"muster/services"
	"muster/store"
	"muster/views"
)

// app is the whole program, put together.
type app struct {
	settings config.Settings
	log      *slog.Logger
	store    *store.Store
	svc      *services.Services
	world    *bot.World
	machine  models.Clock
	metrics  *bot.Metrics
	client   *http.Client
	web      bot.Web
	identity bot.Identity
	answers  *bot.Answers
	intake   *bot.Intake
	sender   *bot.Sender
	lookups  *bot.Lookups
	loops    *bot.Loops
	socket   *bot.SocketIntake
	codePage func(ctx context.Context, code string) (page string, live bool, err error)

	recordPage   func(ctx context.Context, code string) (page string, ok bool, err error)
	calendarPage func(ctx context.Context, token string) (body []byte, mark string, ok bool, err error)
}

// wiring is what differs between serve, demo and tests.
type wiring struct {
	World   *bot.World // nil = by the settings
	Machine models.Clock
	Log     *slog.Logger
	// AckWithin is until when Slack is told that something arrived; 0 = as Slack
	// wants it.
	AckWithin time.Duration
}

// wire puts everything together: the only place where the packages meet. It
// asks Slack who the bot is and brings the database to this version's schema;
// nothing moves before run.
func wire(ctx context.Context, settings config.Settings, w wiring) (*app, error) {
	a := &app{settings: settings, log: w.Log, machine: w.Machine, world: w.World, metrics: bot.NewMetrics()}
	if err := a.openStore(ctx); err != nil {
		return nil, err
	}
	if err := a.meetSlack(ctx); err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	cat, err := views.NewCatalog()
	if err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	var admins []string
	for _, admin := range settings.Admins {
		admins = append(admins, admin.String())
	}
	a.svc = services.New(a.store, services.Options{Random: randomBytes, Admins: admins,
		Defaults: services.Defaults{Lang: settings.Lang, Zone: settings.Timezone.String()},
		Pace:     services.Pace{PostsPerMinute: settings.PostsPerMinute, WorldSpeed: a.world.Speed},
		Look:     func(ctx context.Context, rows []models.Lookup) { a.lookups.Now(ctx, rows) },
		Nudge:    func() { a.loops.Nudge(jobSend) }})
	h := handlers.New(a.svc, cat, a.log)
	h.PublicAt(settings.PublicURL)
	a.codePage, a.calendarPage, a.recordPage = h.CodePage, h.CalendarPage, h.RecordPage
	a.assemble(h, w.AckWithin)
	if _, err := a.svc.Install(ctx, a.tenant(), a.identity.TeamName, a.identity.BotUser); err != nil {
		return nil, errors.Join(fmt.Errorf("note the installation: %w", err), a.store.Close())
	}
	return a, nil
}

// tenant is the external id of the workspace the token belongs to.
func (a *app) tenant() string {
	if a.identity.Enterprise != "" && a.identity.Team == "" {
		return a.identity.Enterprise
	}
	return a.identity.Team
}

func (a *app) openStore(ctx context.Context) error {
	if a.world == nil {
		world, err := bot.NewWorld(a.machine, a.settings.Clock.Start, a.settings.Clock.Speed)
		if err != nil {
			return err
		}
		a.world = world
	}
	st, err := store.Open(ctx, store.Options{DSN: string(a.settings.Database), World: a.world.Now, Machine: a.machine, Log: a.log})
	if err != nil {
		return err
	}
	if err := st.Migrate(ctx); err != nil {
		return errors.Join(err, st.Close())
	}
	latest, err := st.HighWater(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("latest time stored: %w", err), st.Close())
	}
	a.world.Set(latest.Time()) // what was recorded stays in the past
	a.store = st
	return nil
}

func (a *app) meetSlack(ctx context.Context) error {
	a.client = bot.NewHTTPClient()
	a.web = bot.NewWeb(bot.WebOptions{Token: a.settings.Slack.BotToken.Reveal(), URL: a.settings.Slack.APIURL,
		HTTP: a.client, Metrics: a.metrics})
	var err error
	a.identity, err = bot.Check(ctx, a.web, botScopes())
	return err
}

// assemble builds the machine around the handlers.
func (a *app) assemble(h *handlers.Handlers, ackWithin time.Duration) {
	here := bot.Workspace{Key: a.tenant(), Web: a.web}
	forTenant := func(context.Context, int64) (bot.Workspace, error) { return here, nil }
	forRequest := func(context.Context, bot.Request) (bot.Workspace, error) { return here, nil }
	throttle := bot.NewThrottle(a.machine, a.settings.PostsPerMinute)

	a.lookups = bot.NewLookups(bot.LookupOptions{Directory: handlers.Directory{Services: a.svc}, For: forTenant,
		Throttle: throttle, Machine: a.machine, Log: a.log, Metrics: a.metrics})
	introduce := bot.NewIntroductions(a.lookups, handlers.Directory{Services: a.svc}, a.log).Introduce
	h.IntroduceBy(introduce)
	router := bot.NewRouter(bot.RouterOptions{Classify: handlers.Classify, Errors: h.Errors, Introduce: introduce, After: h.After, Log: a.log, Metrics: a.metrics})
	h.Register(router)
	a.answers = bot.NewAnswers(bot.AnswersOptions{For: forRequest, ModalButton: h.ModalButton, LateNote: h.LateNote, PrivateNote: h.PrivateNote,
		Throttle: throttle, Random: randomBytes, Log: a.log, Metrics: a.metrics})
	a.intake = bot.NewIntake(bot.IntakeOptions{
		Decoder: bot.Decoder{BotUser: func(string) string { return a.identity.BotUser }},
		Router:  router, Answers: a.answers, First: a.first, AckWithin: ackWithin, Machine: a.machine, Log: a.log, Metrics: a.metrics})
	a.sender = bot.NewSender(bot.SenderOptions{Outbox: a.store, For: forTenant, Render: h.Renderer(),
		Recipient: a.svc.RecipientSlack, OnDead: h.OnDead, OnLost: h.OnLost, Throttle: throttle, World: a.world.Now,
		Machine: a.machine, Holder: holderName(), Log: a.log, Metrics: a.metrics})
	if a.settings.Slack.SocketMode() {
		a.socket = bot.NewSocketIntake(bot.SocketOptions{AppToken: a.settings.Slack.AppToken.Reveal(),
			URL: a.settings.Slack.APIURL, HTTP: a.client, Intake: a.intake, Machine: a.machine, Log: a.log})
	}
	a.loops = bot.NewLoops(a.log, a.metrics, a.jobs()...)
	a.world.OnChange(func() { // a clock that jumped makes things due at once
		a.loops.Nudge(jobDue)
		a.loops.Nudge(jobSend)
	})
	a.metrics.Gauge("muster_outbox_messages", a.outboxGauge)
	a.metrics.Gauge("muster_outbox_oldest_due_seconds", a.oldestGauge)
	a.metrics.Gauge("muster_socket_silence_seconds", a.silenceGauge)
}

// first claims the right to answer a delivery among all copies on this database.
func (a *app) first(ctx context.Context, delivery string) (mine bool, err error) {
	err = a.store.InTx(ctx, func(tx *store.Tx) error {
		mine, err = tx.Deliver("answer:" + delivery)
		return err
	})
	return mine, err
}

// Names of the loops, for nudges and metrics.
const (
	jobSend   = "send"
	jobDue    = "due"
	jobLookup = "lookup"
	jobSeal   = "seal"
	jobPurge  = "purge"
)

// jobs are the heartbeats. Due rows are looked for ten times a second, because
// a world hurried 3600-fold passes six minutes in each; a quarter of a second
// for the rest is below what anybody notices
// and costs an idle SQLite about 20 µs a beat; sealing is promised within a
// second; purging takes a day's worth.
func (a *app) jobs() []bot.Job {
	return []bot.Job{
		{Name: jobDue, Every: 100 * time.Millisecond, RunOnce: a.svc.RunDues},
		{Name: jobSend, Every: 250 * time.Millisecond, RunOnce: a.sender.RunOnce},
		// A second one, because a request of Slack's that hangs holds up its batch.
		{Name: jobSend + "-2", Every: 250 * time.Millisecond, RunOnce: a.sender.RunOnce},
		{Name: jobLookup, Every: time.Second, RunOnce: a.lookups.RunOnce},
		{Name: jobSeal, Every: 500 * time.Millisecond, RunOnce: a.svc.Seal},
		{Name: jobPurge, Every: 24 * time.Hour, RunOnce: func(ctx context.Context) error {
			keep := a.settings.Retention
			gone, err := a.svc.Purge(ctx, keep.Deliveries, keep.Messages)
			if gone != (store.Purged{}) {
				a.log.Info("purged", "deliveries", gone.Deliveries, "messages", gone.Messages)
			}
			_, callErr := a.svc.PurgeCalls(ctx, keep.PrivateDetails, keep.Replies)
			_, hoursErr := a.svc.CatchUpHours(ctx)
			return errors.Join(err, callErr, hoursErr)
		}},
	}
}

func (a *app) outboxGauge() map[string]float64 {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	counts, err := a.svc.OutboxState(ctx)
	if err != nil {
		return nil // a scrape while the database is away; /readyz says so
	}
	out := map[string]float64{}
	for state, n := range counts {
		out[bot.Label("state", state)] = n
	}
	return out
}

// oldestGauge is how late the oldest due message is, in world seconds.
func (a *app) oldestGauge() map[string]float64 {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	late, err := a.svc.OldestDue(ctx)
	if err != nil {
		return nil
	}
	return map[string]float64{"": late.Seconds()}
}

// silenceGauge is the time since each connection's last sign of life, -1 for
// one that never had any.
func (a *app) silenceGauge() map[string]float64 {
	out := map[string]float64{}
	if a.socket == nil {
		return out
	}
	for i, d := range a.socket.Silences() {
		out[bot.Label("connection", strconv.Itoa(i))] = d.Seconds()
	}
	return out
}

// drainTime is how long what is under way may take at the end: one send may
// take 25 s.
const drainTime = 30 * time.Second

// answerDrain is how long answers to single people may take at the end: who
// asks a program that ends waits with somebody who waits for it to come back.
const answerDrain = 5 * time.Second

// run serves until ctx ends, then lets what is under way finish: first no new
// deliveries are taken, then those in hand are stored and acknowledged over the
// sockets still open, then everything is closed.
func (a *app) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	after, end := context.WithCancel(context.WithoutCancel(ctx)) // what outlives ctx until the intake is empty
	defer end()
	errs := make(chan error, 3)
	parts := 0
	start := func(f func() error) {
		parts++
		go func() { errs <- f() }()
	}
	start(func() error { return a.loops.Run(ctx, drainTime) })
	server, err := a.listen(ctx)
	if err != nil {
		stop()
	} else {
		start(func() error { return server(after) })
	}
	if err == nil && a.socket != nil {
		start(func() error { return a.socket.Run(after) })
	}
	select {
	case <-ctx.Done():
	case part := <-errs: // one that ends takes the others along
		parts--
		err = joinUnlessDone(err, part)
		stop()
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	err = errors.Join(err, a.intake.Close(drain))
	soon, cancelSoon := context.WithTimeout(drain, answerDrain)
	defer cancelSoon()
	err = errors.Join(err, a.answers.Close(soon))
	end()
	for ; parts > 0; parts-- {
		err = joinUnlessDone(err, <-errs)
	}
	a.client.CloseIdleConnections()
	return errors.Join(err, a.store.Close())
}

func joinUnlessDone(err, part error) error {
	if part == nil || errors.Is(part, context.Canceled) {
		return err
	}
	return errors.Join(err, part)
}

func randomBytes(b []byte) {
	if _, err := rand.Read(b); err != nil {
		panic("the system gives no random bytes: " + err.Error()) // crypto/rand itself ends the process since Go 1.24
	}
}

// holderName tells this process's claims from another's.
func holderName() string {
	var b [8]byte
	randomBytes(b[:])
	return hex.EncodeToString(b[:])
}

// newLog writes to w as the settings say.
func newLog(settings config.Settings, w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: settings.Log.Level}
	if settings.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
