package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// SocketOptions say how to reach Slack by Socket Mode.
type SocketOptions struct {
	AppToken string
	URL      string // Web API base; "" is Slack's own
	HTTP     *http.Client
	Intake   *Intake
	Machine  models.Clock
	Log      *slog.Logger
	// Connections; default 2: one is enough while the other is renewed or dead.
	Connections int
}

// SocketIntake is the way in over WebSockets that we open. To stop without
// leaving acknowledgements unsaid, close the Intake first, then end Run.
type SocketIntake struct {
	o   SocketOptions
	api *slack.Client

	mu    sync.Mutex
	lives []time.Time // machine time of the last sign of life, by connection; zero = never
	open  []*line     // newest last
}

// line is one connection on its way from hello to goodbye.
type line struct {
	*wire
	slot  int
	born  time.Time
	left  chan struct{} // closed when another is to be opened in its place
	leave sync.Once
	watch *time.Timer // closes it when Slack has been silent for too long
	asked bool        // Slack asked us to go; only the reader touches it
}

const (
	// pingWithin: a connection without a sign of Slack's for so long is given
	// up and opened again. Thirty seconds is what Slack's own libraries use.
	pingWithin = 30 * time.Second
	// goodbye is how long a connection that Slack asked us to leave is still
	// read from and acknowledged on; Slack closes it itself before that.
	goodbye = 10 * time.Second
	// firstBackoff doubles up to mostBackoff between attempts to connect.
	firstBackoff, mostBackoff = 250 * time.Millisecond, 10 * time.Second
	// shortLife: a connection that broke sooner is no reason to try at once.
	shortLife = 10 * time.Second
)

// NewSocketIntake prepares the connections; Run opens them.
func NewSocketIntake(o SocketOptions) *SocketIntake {
	if o.Connections == 0 {
		o.Connections = 2
	}
	if o.HTTP == nil {
		o.HTTP = NewHTTPClient()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	api := slack.New("", slack.OptionAppLevelToken(o.AppToken), slack.OptionAPIURL(apiBase(o.URL)), slack.OptionHTTPClient(o.HTTP))
	return &SocketIntake{o: o, api: api, lives: make([]time.Time, o.Connections)}
}

// Run keeps the connections open until ctx ends (nil) or Slack refuses the
// token for good: then the error is one sentence that names it.
func (s *SocketIntake) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	for slot := range s.o.Connections {
		group.Go(func() {
			if err := s.keep(ctx, &group, slot); err != nil {
				cancel(err)
			}
		})
	}
	group.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) && !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return nil
}

// keep has one connection in its slot at any time. When Slack asks us to leave
// one, the next is opened first and the old one is read to its end beside it.
func (s *SocketIntake) keep(ctx context.Context, group *sync.WaitGroup, slot int) error {
	backoff := firstBackoff
	for ctx.Err() == nil {
		l, err := s.connect(ctx, slot)
		if isFatal(err) {
			return tokenError(err)
		}
		if err == nil {
			group.Go(func() { s.read(ctx, l) })
			select {
			case <-l.left:
			case <-ctx.Done():
				return nil
			}
			if l.asked || s.o.Machine().Sub(l.born) > shortLife {
				backoff = firstBackoff
				continue
			}
		}
		wait := backoff
		if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
			wait = max(wait, limited.RetryAfter)
		}
		backoff = min(2*backoff, mostBackoff)
		if err != nil && ctx.Err() == nil {
			s.o.Log.Warn("no connection to Slack", "connection", slot, "again_in", wait, "cause", err)
		}
		if pause(ctx, wait) != nil {
			return nil
		}
	}
	return nil
}

// connect asks for an address, which is good for one connection, and dials it.
func (s *SocketIntake) connect(ctx context.Context, slot int) (*line, error) {
	_, address, err := s.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for a socket: %w", err)
	}
	dialer := &http.Client{Transport: s.o.HTTP.Transport} // no timeout: it would end the socket
	w, err := dialWire(ctx, dialer, s.o.Machine, address)
	if err != nil {
		return nil, err
	}
	l := &line{wire: w, slot: slot, born: s.o.Machine(), left: make(chan struct{})}
	l.watch = time.AfterFunc(pingWithin, w.close)
	s.mu.Lock()
	s.open = append(s.open, l)
	s.mu.Unlock()
	return l, nil
}

// read takes frames until the connection ends.
func (s *SocketIntake) read(ctx context.Context, l *line) {
	stop := context.AfterFunc(ctx, l.close)
	defer stop()
	defer s.forget(l)
	l.onPing(func() { s.alive(l) })
	for {
		payload, err := l.read()
		if err != nil {
			if ctx.Err() == nil && !l.asked {
				s.o.Log.Info("a connection to Slack ended", "connection", l.slot, "cause", err)
			}
			return
		}
		s.alive(l)
		s.frame(ctx, l, payload)
	}
}

func (s *SocketIntake) forget(l *line) {
	l.watch.Stop()
	l.close()
	s.mu.Lock()
	for i, other := range s.open {
		if other == l {
			s.open = append(s.open[:i:i], s.open[i+1:]...)
			break
		}
	}
	s.mu.Unlock()
	l.leave.Do(func() { close(l.left) })
}

// alive notes a sign of life.
func (s *SocketIntake) alive(l *line) {
	if !l.asked {
		l.watch.Reset(pingWithin)
	}
	now := s.o.Machine()
	s.mu.Lock()
	s.lives[l.slot] = now
	s.mu.Unlock()
}

// frame reads one message of Slack's. What cannot be read or is of a type
// nobody knows is acknowledged all the same, or it would come again.
func (s *SocketIntake) frame(ctx context.Context, l *line, raw []byte) {
	n, err := parse(raw)
	if err != nil {
		s.o.Intake.undecodable("frame", err)
		return
	}
	switch kind := n.at("type").text(); kind {
	case "hello":
	case "disconnect":
		s.o.Log.Debug("Slack asks to renew a connection", "connection", l.slot, "reason", n.at("reason").text())
		l.asked = n.at("reason").text() != "too_many_websockets"
		l.watch.Reset(goodbye)
		l.leave.Do(func() { close(l.left) })
	default:
		s.envelope(ctx, l, kind, n)
	}
}

func (s *SocketIntake) envelope(ctx context.Context, l *line, kind string, n node) {
	in, id := s.o.Intake, n.at("envelope_id").text()
	e := envelope{kind: knownKind(kind), received: s.o.Machine(), refuse: func() {}}
	e.answer = func(payload json.RawMessage) bool {
		err := s.acknowledge(l, id, payload)
		if err != nil {
			s.o.Log.Warn("an envelope could not be acknowledged", "kind", e.kind, "cause", err)
		}
		return err == nil
	}
	requests, err := in.o.Decoder.envelope(kind, n.at("payload"), n.at("retry_attempt").whole())
	if err != nil {
		in.undecodable(kind, err)
		e.answer(nil)
		return
	}
	e.requests = requests
	in.take(ctx, e)
}

// acknowledge writes an acknowledgement on the connection its envelope came by,
// or on another when that one is gone.
func (s *SocketIntake) acknowledge(l *line, id string, payload json.RawMessage) error {
	if id == "" {
		return nil
	}
	frame, err := compact(struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload,omitempty"`
	}{id, payload})
	if err != nil {
		return err
	}
	if err = l.write(frame); err == nil {
		return nil
	}
	s.mu.Lock()
	others := append([]*line(nil), s.open...)
	s.mu.Unlock()
	for _, other := range others {
		if other != l && other.write(frame) == nil {
			return nil
		}
	}
	return fmt.Errorf("no connection to acknowledge on: %w", err)
}

// Silence is how long ago the liveliest connection gave a sign of life, and
// ok is false when none ever did.
func (s *SocketIntake) Silence() (d time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var latest time.Time
	for _, at := range s.lives {
		if at.After(latest) {
			latest = at
		}
	}
	if latest.IsZero() {
		return 0, false
	}
	return s.o.Machine().Sub(latest), true
}

// Silences is the same for each connection, for the metrics; -1 = never.
func (s *SocketIntake) Silences() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.o.Machine()
	out := make([]time.Duration, len(s.lives))
	for i, at := range s.lives {
		if out[i] = now.Sub(at); at.IsZero() {
			out[i] = -1
		}
	}
	return out
}

// knownKind keeps invented types out of the metrics' labels.
func knownKind(kind string) string {
	switch kind {
	case "events_api", "slash_commands", "interactive":
		return kind
	}
	return "other"
}

// isFatal says whether opening a connection was refused in a way that no
// repetition cures.
func isFatal(err error) bool { return badToken[openCode(err)] }

func openCode(err error) string {
	if f := classify("apps.connections.open", err, func() bool { return true }); f != nil && f.Kind == FaultRefused {
		return f.Code
	}
	return ""
}

// tokenError is the one sentence about a refused app token.
func tokenError(err error) error {
	code := openCode(err)
	switch code {
	case "missing_scope":
		return fmt.Errorf("SLACK_APP_TOKEN lacks the scope connections:write (Slack says missing_scope): %w", err)
	case "not_allowed_token_type":
		return fmt.Errorf("SLACK_APP_TOKEN must be an app-level token that begins with xapp- (Slack says not_allowed_token_type): %w", err)
	}
	return fmt.Errorf("SLACK_APP_TOKEN is refused by Slack (%s): make a new app-level token with the scope connections:write: %w", code, err)
}
