package bot

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"muster/models"
)

// RouterOptions are what the router cannot know by itself.
type RouterOptions struct {
	// Classify finds the verb of a command, mention or direct message, "" when
	// it has none.
	Classify func(Request) string
	// Errors finds the words for an error. For a fault of ours the error is a
	// *models.Error with code internal and the argument "Number".
	Errors func(ctx context.Context, r Request, err error) Reply
	// Introduce learns who acts before the handler decides; nil = nobody asks.
	Introduce func(ctx context.Context, r Request, channels ...string)
	// After adds to what was answered, words for an error included; nil = nothing.
	After   func(ctx context.Context, r Request, reply Reply) Reply
	Log     *slog.Logger
	Metrics *Metrics
}

// Router hands each request to the one handler of its exact id.
type Router struct {
	o     RouterOptions
	exact map[Kind]map[string]Handler
	any   map[Kind]Handler

	recent recent
	mu     sync.Mutex
	strays map[string]bool // unknown ids already logged
}

// maxStrays bounds the memory of unknown ids: they come from outside, and a
// forger could invent new ones without end.
const maxStrays = 1000

// NewRouter makes a router without handlers.
func NewRouter(o RouterOptions) *Router {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Router{o: o, exact: map[Kind]map[string]Handler{}, any: map[Kind]Handler{}, strays: map[string]bool{}}
}

// On registers h for an exact id. A second handler for one id is a mistake in
// the program and panics at start.
func (ro *Router) On(kind Kind, name string, h Handler) {
	if ro.exact[kind] == nil {
		ro.exact[kind] = map[string]Handler{}
	}
	if _, taken := ro.exact[kind][name]; taken {
		panic(fmt.Sprintf("two handlers for %s %q", kind, name))
	}
	ro.exact[kind][name] = h
}

// Verb registers h for a verb however it was said.
func (ro *Router) Verb(name string, h Handler) {
	for _, kind := range []Kind{KindCommand, KindMention, KindDirect} {
		ro.On(kind, name, h)
	}
}

// OnAny registers the handler for every id of kind that has none of its own.
func (ro *Router) OnAny(kind Kind, h Handler) {
	if ro.any[kind] != nil {
		panic(fmt.Sprintf("two handlers for any %s", kind))
	}
	ro.any[kind] = h
}

// Names lists the registered ids of a kind, sorted.
func (ro *Router) Names(kind Kind) []string { return sortedKeys(ro.exact[kind]) }

// Route runs the handler of r. The reply is always what to tell the person,
// words for an error included; the error is nil unless nothing was done, and
// then it was counted and, when it was our fault, logged with its number. A
// repeat is no error and gets no words. Requests of one person must come one
// after the other (package lanes), or two of one delivery could both be first.
func (ro *Router) Route(ctx context.Context, r Request) (Reply, error) {
	if ro.recent.has(r.Delivery) {
		ro.count(r, "repeat")
		return Reply{}, nil
	}
	reply, err := ro.route(ctx, r)
	if settled(r, reply, err) {
		ro.recent.add(r.Delivery)
	}
	return reply, err
}

// settled says whether a repeat of r has nothing left to do. A modal that stays
// open with errors at its fields is sent off again under the same identity.
func settled(r Request, reply Reply, err error) bool {
	if r.Kind == KindSubmission {
		return err == nil && len(reply.Errors) == 0
	}
	return acceptable(err)
}

func (ro *Router) count(r Request, outcome string) {
	ro.o.Metrics.Count("muster_handled_total", "kind", string(r.Kind), "outcome", outcome)
}

func (ro *Router) route(ctx context.Context, r Request) (Reply, error) {
	reply, err := Reply{}, ro.name(&r)
	h := ro.find(r)
	if h == nil && err == nil {
		ro.stray(r)
		return Reply{}, nil
	}
	if err == nil {
		reply, err = ro.run(ctx, func(ctx context.Context, r Request) (Reply, error) {
			if ro.o.Introduce != nil && introduces(r.Kind) {
				ro.o.Introduce(ctx, r)
			}
			return h(ctx, r)
		}, r)
	}
	switch {
	case err == nil:
		ro.count(r, "done")
		return ro.after(ctx, r, reply), nil
	case models.CodeOf(err) == models.CodeRepeat:
		ro.count(r, "repeat")
		return Reply{}, nil
	case models.CodeOf(err) == models.CodeEarly:
		ro.count(r, "early")
		return Reply{}, err
	case models.CodeOf(err) == models.CodeInternal:
		err = ro.incident(ctx, r, err)
		ro.count(r, "fault")
	default:
		ro.count(r, "refused")
	}
	if ro.o.Errors == nil {
		return Reply{}, err
	}
	return ro.after(ctx, r, ro.words(ctx, r, err)), err
}

// after lets what was answered be added to; a panic in there costs only that.
func (ro *Router) after(ctx context.Context, r Request, reply Reply) Reply {
	if ro.o.After == nil {
		return reply
	}
	added, err := ro.run(ctx, func(ctx context.Context, r Request) (Reply, error) { return ro.o.After(ctx, r, reply), nil }, r)
	if err != nil {
		ro.o.Log.ErrorContext(ctx, "what follows an answer failed", "kind", r.Kind, "name", r.Name, "cause", err)
		return reply
	}
	return added
}

// name finds the verb of a request that was said and has none yet; whoever
// answers needs it too. Reading a text must not cost more than this text.
func (ro *Router) name(r *Request) error {
	if r.Name != "" || !speaks(r.Kind) || r.EditTS != "" || ro.o.Classify == nil {
		return nil
	}
	_, err := ro.run(context.Background(), func(context.Context, Request) (Reply, error) {
		r.Name = ro.o.Classify(*r)
		return Reply{}, nil
	}, *r)
	return err
}

// speaks says whether a kind carries a text with a verb. An edited text is
// never a verb again: whoever corrects a typing mistake in "call …" does not
// want a second call.
func speaks(k Kind) bool { return k == KindCommand || k == KindMention || k == KindDirect }

func (ro *Router) find(r Request) Handler {
	if h := ro.exact[r.Kind][r.Name]; h != nil {
		return h
	}
	return ro.any[r.Kind]
}

// run calls h and turns a panic into an error, so that it costs this request
// only.
func (ro *Router) run(ctx context.Context, h Handler, r Request) (reply Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			reply, err = Reply{}, &panicError{value: fmt.Sprint(p), stack: string(debug.Stack())}
		}
	}()
	return h(ctx, r)
}

// words asks for the sentence about err; a panic in there leaves the person
// without words but not the process without its life.
func (ro *Router) words(ctx context.Context, r Request, err error) (reply Reply) {
	defer func() {
		if p := recover(); p != nil {
			ro.o.Log.Error("the words for an error panicked", "kind", r.Kind, "name", r.Name, "panic", fmt.Sprint(p))
			reply = Reply{}
		}
	}()
	return ro.o.Errors(ctx, r, err)
}

// incident gives a fault of ours a number, logs its cause under it and returns
// the error that carries the number to the person. No message text is logged.
func (ro *Router) incident(ctx context.Context, r Request, cause error) error {
	number := incidentNumber()
	ro.o.Metrics.Count("muster_incidents_total", "kind", string(r.Kind))
	attrs := []any{"incident", number, "kind", r.Kind, "name", r.Name, "team", r.Team, "delivery", r.Delivery, "cause", cause}
	var p *panicError
	if errors.As(cause, &p) {
		attrs = append(attrs, "stack", p.stack)
	}
	ro.o.Log.ErrorContext(ctx, "request failed", attrs...)
	return &models.Error{Code: models.CodeInternal, Key: "error.internal", Args: map[string]any{"Number": number}, Cause: cause}
}

// incidentNumber is six hex digits: short enough to be read out to somebody,
// long enough to be found in a log.
func incidentNumber() string {
	var b [3]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return hex.EncodeToString(b[:])
}

// stray counts an id nobody registered and logs it the first time.
func (ro *Router) stray(r Request) {
	ro.o.Metrics.Count("muster_unknown_ids_total", "kind", string(r.Kind))
	// Slack tells us of much that no feature asked for; only ids of our own
	// making are worth a line.
	switch r.Kind {
	case KindEvent, KindMessage, KindReactionAdded, KindReactionGone:
		return
	}
	id := string(r.Kind) + " " + r.Name
	ro.mu.Lock()
	known := ro.strays[id] || len(ro.strays) >= maxStrays
	if !known {
		ro.strays[id] = true
	}
	ro.mu.Unlock()
	if !known {
		ro.o.Log.Warn("nobody handles this id", "kind", r.Kind, "name", r.Name)
	}
}

// panicError is a panic caught in a handler.
type panicError struct{ value, stack string }

func (e *panicError) Error() string { return "panic: " + e.value }

// panicked says whether err came of a panic: the same request would panic again.
func panicked(err error) bool {
	var p *panicError
	return errors.As(err, &p)
}
