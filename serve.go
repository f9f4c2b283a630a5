package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"muster/bot"
	"muster/config"
)

// runServe is the bot on a real workspace, or on whatever SLACK_API_URL names.
func runServe(ctx context.Context, settings config.Settings, io streams) error {
	log := newLog(settings, io.Err)
	a, err := wire(ctx, settings, wiring{Machine: time.Now, Log: log})
	if err != nil {
		return err
	}
	code, err := a.svc.SetupCode(ctx, a.tenant())
	if err != nil {
		return errors.Join(fmt.Errorf("first admin's code: %w", err), a.store.Close())
	}
	if code != "" { // on the console, not in the log: whoever reads it becomes admin
		fmt.Fprintf(io.Out, "No admin yet. Whoever sends the bot this direct message becomes the first one:\n\n    setup %s\n\n", code)
	}
	log.Info("serving", "workspace", a.identity.TeamName, "team", a.identity.Team, "database", settings.Database.String(),
		"socket_mode", settings.Slack.SocketMode(), "listen", settings.Listen)
	if t, err := a.svc.OnlyTenant(ctx, a.tenant()); err == nil && t.Paused {
		log.Warn("everything outgoing is held; an admin lets it go with: /muster resume")
	}
	return a.run(ctx)
}

// listen binds the HTTP addresses; the returned function serves them until its
// context ends. With no address it serves nothing.
func (a *app) listen(ctx context.Context) (func(context.Context) error, error) {
	muxes := map[string]*http.ServeMux{}
	at := func(address string) *http.ServeMux {
		if muxes[address] == nil {
			muxes[address] = http.NewServeMux()
		}
		return muxes[address]
	}
	if a.settings.Listen != "" {
		health := a.health()
		main := at(a.settings.Listen)
		main.Handle("/healthz", health.Handler())
		main.Handle("/readyz", health.Handler())
		if a.settings.PublicURL != "" { // without an address nobody is sent there
			main.Handle("GET /checkin/{code}", newCodePages(a.codePage, a.machine))
			main.Handle("GET /calendar/{file}", newCalendarPages(a.calendarPage, a.machine))
			main.Handle("GET /record/{code}", newRecordPages(a.recordPage, a.machine))
		}
		metrics := a.settings.MetricsListen
		if metrics == "" {
			metrics = a.settings.Listen
		}
		at(metrics).Handle("/metrics", health.MetricsHandler())
		if !a.settings.Slack.SocketMode() {
			main.Handle("/slack/", bot.NewHTTPIntake(a.intake, a.settings.Slack.SigningSecret.Reveal()).Handler())
		}
	}
	var servers []*http.Server
	var listeners []net.Listener
	for address, mux := range muxes {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		if err != nil {
			for _, open := range listeners {
				_ = open.Close() // nothing was served on it
			}
			return nil, fmt.Errorf("listen on %s: %w", address, err)
		}
		a.log.Info("listening", "address", l.Addr().String()) // who asked for port 0 wants to know
		listeners = append(listeners, l)
		// Slack's requests are small and quick; who dawdles is cut off.
		servers = append(servers, &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
			WriteTimeout: 15 * time.Second, IdleTimeout: time.Minute})
	}
	return func(ctx context.Context) error { return serveAll(ctx, servers, listeners) }, nil
}

func serveAll(ctx context.Context, servers []*http.Server, listeners []net.Listener) error {
	errs := make(chan error, len(servers))
	for i, s := range servers {
		go func() { errs <- s.Serve(listeners[i]) }()
	}
	var failed error
	select {
	case <-ctx.Done():
	case failed = <-errs:
		failed = fmt.Errorf("serve http: %w", failed)
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	for _, s := range servers {
		failed = errors.Join(failed, s.Shutdown(end))
	}
	return failed
}

func (a *app) health() *bot.Health {
	o := bot.HealthOptions{Machine: a.machine, Database: a.store.Ping, Schema: a.store.CheckSchema, Metrics: a.metrics,
		Web: func(ctx context.Context) error {
			_, err := a.web.Auth(ctx)
			return err
		}}
	if a.socket != nil {
		o.Silence = a.socket.Silence
	}
	return bot.NewHealth(o)
}
