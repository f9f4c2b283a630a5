package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"muster/models"
)

// IntakeOptions join the two ways in with the one way on. Router, Answers and
// Machine are required.
type IntakeOptions struct {
	Decoder Decoder
	Router  *Router
	Answers *Answers
	Machine models.Clock
	// First claims the right to answer a delivery that Slack tells more than
	// once, across all copies of the program; nil = there is one copy. A mention
	// comes as message and as app_mention, perhaps to two copies, and what
	// changes nothing (help, a refusal) is not claimed by storing it.
	First   func(ctx context.Context, delivery string) (bool, error)
	Log     *slog.Logger
	Metrics *Metrics
	// Workers and Queue bound what is handled and what waits; defaults 32 and
	// 1,000.
	Workers, Queue int
	// AckWithin is until when Slack is told; default 2.5 s. Only somebody who is
	// more patient than Slack (a test under the race detector) may have longer.
	AckWithin time.Duration
	// HandlerTime ends a handler; default 30 s. It is long on purpose: what is
	// not stored at 2.5 s is not acknowledged, but may still be stored.
	HandlerTime time.Duration
}

// Intake takes deliveries from either transport, handles each person's in
// order, and decides when Slack is told that one arrived: never before what it
// changes is stored.
type Intake struct {
	o     IntakeOptions
	lanes *lanes
}

const (
	// ackWithin: what is not known to be stored by then is not acknowledged.
	// Slack waits 3 s; the rest is the way there and back.
	ackWithin = 2500 * time.Millisecond
	// buttonTime is left to acknowledge with a button when a modal would not
	// open.
	buttonTime = 200 * time.Millisecond
	// lastRetry is Slack's last attempt at an event: after it nobody asks again.
	lastRetry = 3
)

// NewIntake starts the workers; Close ends them.
func NewIntake(o IntakeOptions) *Intake {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Workers == 0 {
		o.Workers = 32
	}
	if o.Queue == 0 {
		o.Queue = 1000
	}
	if o.AckWithin == 0 {
		o.AckWithin = ackWithin
	}
	if o.HandlerTime == 0 {
		o.HandlerTime = 30 * time.Second
	}
	return &Intake{o: o, lanes: newLanes(o.Workers, o.Queue)}
}

// Close takes no more and waits until everything taken is handled, or ctx ends.
func (in *Intake) Close(ctx context.Context) error { return in.lanes.close(ctx) }

// Waiting is how many deliveries are being handled or wait.
func (in *Intake) Waiting() int { return in.lanes.depth() }

// envelope is one delivery. answer tells Slack that it arrived, with a payload
// or nil; it returns false when it was too late or Slack could not be told.
type envelope struct {
	kind     string // for counting: events_api, slash_commands, interactive
	received time.Time
	requests []Request
	answer   func(payload json.RawMessage) bool
	refuse   func() // not acknowledged: HTTP says so, a socket keeps silent
}

// take queues an envelope behind the earlier ones of the same person. It never
// blocks: when too many wait, Slack is not told, and asks again later.
func (in *Intake) take(ctx context.Context, e envelope) {
	if len(e.requests) == 0 {
		in.acknowledge(e, nil, "ignored")
		return
	}
	r := e.requests[0]
	who := first(r.User, r.Channel)
	ctx = context.WithoutCancel(ctx)
	if !in.lanes.submit(r.Team+" "+who, func() { in.guarded(ctx, e) }) {
		in.count(e, "shed")
		in.o.Log.Warn("too many requests wait; one was left to be sent again", "kind", e.kind)
		e.refuse()
	}
}

func (in *Intake) count(e envelope, outcome string) {
	in.o.Metrics.Count("muster_envelopes_total", "kind", e.kind, "outcome", outcome)
}

// acknowledge tells Slack and says whether that was in time.
func (in *Intake) acknowledge(e envelope, payload json.RawMessage, outcome string) bool {
	took := in.o.Machine().Sub(e.received)
	if took > in.o.AckWithin || !e.answer(payload) {
		in.count(e, "late")
		e.refuse()
		return false
	}
	in.o.Metrics.Took("muster_ack_seconds", took)
	in.count(e, outcome)
	return true
}

// guarded handles e; a panic outside of any handler (a reading of the text, the
// words for a form that did not open) costs this envelope only. Whether anything
// was stored is not known, so Slack is not told.
func (in *Intake) guarded(ctx context.Context, e envelope) {
	defer func() {
		if p := recover(); p != nil {
			in.count(e, "failed")
			in.o.Log.Error("a request panicked", "kind", e.kind, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			e.refuse()
		}
	}()
	in.handle(ctx, e)
}

// handle runs the requests of one envelope in order. It is on a worker, with
// nobody waiting but Slack.
func (in *Intake) handle(ctx context.Context, e envelope) {
	ctx, cancel := context.WithTimeout(ctx, in.o.HandlerTime)
	defer cancel()
	var payload json.RawMessage
	replies, rests := make([]Reply, len(e.requests)), make([]Reply, len(e.requests))
	again := false
	for i := range e.requests {
		_ = in.o.Router.name(&e.requests[i]) // a text that cannot be read is the router's matter
		r := e.requests[i]
		reply, err := in.o.Router.Route(ctx, r)
		if !acceptable(err) && repeats(r.Kind) {
			again = true
			if r.Retry < lastRetry {
				continue // Slack sends it again: words now would be untrue later
			}
		}
		ack, rest := in.front(ctx, e, r, reply)
		if ack != nil {
			payload = ack
		}
		replies[i], rests[i] = reply, rest
	}
	late := false
	if again {
		in.count(e, "failed")
		e.refuse()
	} else {
		late = !in.acknowledge(e, payload, "acknowledged")
	}
	for i, r := range e.requests {
		rest := rests[i]
		if late && !rest.says() {
			// What was to go with the acknowledgement comes another way.
			rest.Text, rest.Blocks = replies[i].Text, replies[i].Blocks
		}
		if rest.says() && !in.first(ctx, r) {
			continue
		}
		// Of an event Slack shows nobody an error, so there is nothing to put right.
		in.o.Answers.back(ctx, r, rest, late && !repeats(r.Kind))
	}
}

// first says whether the words for r are ours to say. A claim that fails leaves
// somebody with two answers rather than none.
func (in *Intake) first(ctx context.Context, r Request) bool {
	if in.o.First == nil || !repeats(r.Kind) || r.Delivery == "" {
		return true
	}
	mine, err := in.o.First(ctx, r.Delivery)
	if err != nil {
		in.o.Log.Warn("who answers could not be agreed on", "kind", r.Kind, "cause", err)
	}
	return mine || err != nil
}

// front gives Answers the time that is left before Slack must be told.
func (in *Intake) front(ctx context.Context, e envelope, r Request, reply Reply) (json.RawMessage, Reply) {
	left := in.o.AckWithin - buttonTime - in.o.Machine().Sub(e.received)
	ctx, cancel := context.WithTimeout(ctx, max(left, 100*time.Millisecond))
	defer cancel()
	return in.o.Answers.front(ctx, r, reply)
}

// repeats says whether Slack sends a delivery of this kind again when it is not
// acknowledged. Commands and presses come once; their people get words instead.
func repeats(k Kind) bool {
	switch k {
	case KindCommand, KindAction, KindSubmission, KindShortcut:
		return false
	}
	return true
}

// undecodable counts and logs what could not be read, without its content.
func (in *Intake) undecodable(kind string, err error) {
	kind = knownKind(kind)
	in.o.Metrics.Count("muster_envelopes_total", "kind", kind, "outcome", "undecodable")
	in.o.Log.Warn("something from Slack could not be read", "kind", kind, "cause", safeCause(err))
}

// safeCause is why a payload could not be read, without any of the payload.
func safeCause(err error) string {
	switch {
	case errors.Is(err, errUnknown):
		return errUnknown.Error()
	case errors.Is(err, errIncomplete):
		return errIncomplete.Error()
	}
	return "not the JSON or form it should be"
}
