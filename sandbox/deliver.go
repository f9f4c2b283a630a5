package sandbox

import (
	"encoding/json"
	"time"
)

// Kinds of envelopes, as Socket Mode names them.
const (
	kindEvent   = "events_api"
	kindCommand = "slash_commands"
	kindAction  = "interactive"
)

// Slack's words for a delivery that failed.
const (
	failTimeout    = "http_timeout"
	failConnection = "connection_failed"
	failStatus     = "http_error"
)

// maxEvents bounds the memory of a long demo.
const maxEvents = 20000

// event is one Events API event on its way to the bot.
type event struct {
	id, name string
	body     []byte // the event_callback
	attempts int
	givenUp  bool
	heard    chan struct{} // closed once it is acknowledged
}

// reply is how one delivery ended.
type reply struct {
	acked   bool
	body    json.RawMessage // what came with the acknowledgement
	failure string
	noRetry bool // the bot asked for no retries
}

// eventScopes name what the app needs to be told of an event; a list means any of them.
// Message events need the history scope of their kind of channel.
func eventScopes(ev map[string]any) []string {
	switch str(ev["type"]) {
	case "message":
		return []string{historyScope(str(ev["channel_type"]))}
	case "app_mention":
		return []string{"app_mentions:read"}
	case "reaction_added", "reaction_removed":
		return []string{"reactions:read"}
	case "subteam_members_changed", "subteam_updated":
		return []string{"usergroups:read"}
	case "user_change", "team_join":
		return []string{"users:read"}
	case "member_joined_channel", "member_left_channel", "channel_archive", "channel_left":
		return []string{"channels:read", "groups:read"}
	case "group_archive", "group_left":
		return []string{"groups:read"}
	}
	return nil
}

func historyScope(kind string) string {
	switch kind {
	case "im":
		return "im:history"
	case "group":
		return "groups:history"
	}
	return "channels:history"
}

// emit sends an event to the bot, and again by Slack's schedule until it is
// acknowledged. It returns nil if the app is not to be told. Callers hold w.mu.
func (w *World) emit(ev map[string]any) *event {
	if w.revoked && str(ev["type"]) != "app_uninstalled" && str(ev["type"]) != "tokens_revoked" {
		return nil
	}
	if needed := eventScopes(ev); len(needed) > 0 && !w.hasAny(needed) {
		return nil
	}
	if ev["event_ts"] == nil {
		ev["event_ts"] = w.ts()
	}
	e := &event{id: w.id("Ev"), name: str(ev["type"]), heard: make(chan struct{})}
	if sub := str(ev["subtype"]); sub != "" {
		e.name += "." + sub
	}
	e.body = mustJSON(map[string]any{
		"type": "event_callback", "token": "deprecated", "team_id": w.o.TeamID, "context_team_id": w.o.TeamID, "api_app_id": w.appID,
		"event": ev, "event_id": e.id, "event_time": w.o.Clock().Unix(), "event_context": "4-" + e.id,
		"is_ext_shared_channel": false,
		"authorizations": []any{map[string]any{"enterprise_id": nil, "team_id": w.o.TeamID,
			"user_id": w.botUser, "is_bot": true, "is_enterprise_install": false}},
	})
	if len(w.events) >= maxEvents {
		w.events = append([]*event(nil), w.events[maxEvents/2:]...)
	}
	w.events = append(w.events, e)
	first := w.send(kindEvent, e.name, e, "")
	if w.twice {
		again := w.send(kindEvent, e.name, e, "")
		w.spawn(func() { <-again })
	}
	now := w.retryNow
	w.spawn(func() { w.follow(e, first, now) })
	return e
}

// follow waits for the acknowledgement of an event and sends it again while
// there is none. now ends the pause before the next retry.
func (w *World) follow(e *event, answer <-chan reply, now <-chan struct{}) {
	for n := 0; ; n++ {
		r := <-answer
		if r.acked {
			close(e.heard)
		}
		if r.acked || r.noRetry || w.ctx.Err() != nil {
			return
		}
		if n >= len(w.o.RetryAfter) {
			w.mu.Lock()
			e.givenUp = true
			w.changed()
			w.mu.Unlock()
			return
		}
		pause := time.NewTimer(w.o.RetryAfter[n])
		select {
		case <-pause.C:
		case <-now:
		case <-w.ctx.Done():
		}
		pause.Stop()
		w.mu.Lock()
		answer, now = w.send(kindEvent, e.name, e, r.failure), w.retryNow
		w.mu.Unlock()
	}
}

// send makes one attempt to deliver an event. The reply always comes: within
// the deadline, or at once when nothing is connected. Callers hold w.mu.
func (w *World) send(kind, name string, e *event, reason string) <-chan reply {
	attempt := e.attempts
	e.attempts++
	return w.carry(parcel{kind: kind, name: name, eventID: e.id, body: e.body, attempt: attempt, reason: reason})
}

// parcel is a payload with what its envelope says.
type parcel struct {
	kind, name, eventID string
	body                []byte
	form                []byte // of a command or interaction, for HTTP
	attempt             int
	reason              string
}

// carry brings a parcel to the bot by the transport that is there. Callers hold w.mu.
func (w *World) carry(p parcel) <-chan reply {
	d := &Delivery{Kind: p.kind, Type: p.name, EventID: p.eventID, EnvelopeID: w.id("env"), Attempt: p.attempt, Sent: w.o.Machine()}
	if len(w.deliveries) >= maxEvents {
		w.deliveries = append([]*Delivery(nil), w.deliveries[maxEvents/2:]...)
	}
	w.deliveries = append(w.deliveries, d)
	done := make(chan reply, 1)
	finish := func(r reply) {
		w.mu.Lock()
		d.Acked, d.Failure, d.Took = r.acked, r.failure, w.o.Machine().Sub(d.Sent)
		w.changed()
		w.mu.Unlock()
		done <- r
	}
	if w.closed {
		done <- reply{failure: failConnection}
		return done
	}
	if w.httpBase != "" && (w.o.PreferHTTP || w.hub.count() == 0) && !w.faults.down && !w.faults.held {
		base := w.httpBase
		w.spawn(func() { finish(w.post(base, p)) })
		return done
	}
	socket, answer := w.hub.deliver(d.EnvelopeID, w.envelope(d, p))
	d.Socket = socket
	if socket == 0 {
		d.Failure = failConnection
		done <- reply{failure: failConnection}
		return done
	}
	w.spawn(func() { finish(w.await(d.EnvelopeID, answer)) })
	return done
}

func (w *World) envelope(d *Delivery, p parcel) []byte {
	frame := map[string]any{"envelope_id": d.EnvelopeID, "type": p.kind, "payload": json.RawMessage(p.body),
		"accepts_response_payload": p.kind != kindEvent}
	if p.kind == kindEvent {
		frame["retry_attempt"], frame["retry_reason"] = p.attempt, p.reason
	}
	return mustJSON(frame)
}

// await is the acknowledgement of one envelope, or a timeout.
func (w *World) await(envelopeID string, answer <-chan json.RawMessage) reply {
	defer w.hub.forget(envelopeID)
	limit := time.NewTimer(w.o.AckWithin)
	defer limit.Stop()
	select {
	case body := <-answer:
		return reply{acked: true, body: body}
	case <-limit.C:
		return reply{failure: failTimeout}
	case <-w.ctx.Done():
		return reply{failure: failConnection}
	}
}

// ask delivers a command or an interaction once, as Slack does, and waits for
// the answer. With DeliverTwice a copy goes out too; the first answer counts.
func (w *World) ask(p parcel) (reply, time.Duration) {
	w.mu.Lock()
	start := w.o.Machine()
	answer := w.carry(p)
	if w.twice {
		again := w.carry(p)
		w.spawn(func() { <-again })
	}
	w.mu.Unlock()
	r := <-answer
	return r, w.o.Machine().Sub(start)
}

func (w *World) hasAny(scopes []string) bool {
	for _, s := range scopes {
		if w.scopes[s] {
			return true
		}
	}
	return false
}

// mustJSON encodes values that the sandbox made itself of maps, slices, strings and numbers.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("sandbox: cannot encode own payload: " + err.Error())
	}
	return b
}
