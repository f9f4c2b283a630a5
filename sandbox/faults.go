package sandbox

import (
	"math"
	"slices"
	"time"
)

// faults are what a test has asked to go wrong. Guarded by World.mu.
type faults struct {
	down, held bool
	limits     []limitFault
	failures   []failFault
	losses     map[string]int
}

type limitFault struct {
	method, channel string
	after           time.Duration
	left            int
}

type failFault struct {
	method, err string
	left        int
}

// RateLimit answers the next calls of a method with 429 and Retry-After
// (rounded up to whole seconds). An empty method or channel means any.
func (w *World) RateLimit(method, channel string, retryAfter time.Duration, times int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults.limits = append(w.faults.limits, limitFault{method, channel, retryAfter, times})
}

// LoseAnswers does the work of the next n calls of a method and then cuts the
// connection instead of answering.
func (w *World) LoseAnswers(method string, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.faults.losses == nil {
		w.faults.losses = map[string]int{}
	}
	w.faults.losses[method] = n
}

// FailNext answers the next n calls of a method with an error, without doing
// the work. An error of three digits, such as "503", becomes that HTTP status.
func (w *World) FailNext(method, slackError string, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults.failures = append(w.faults.failures, failFault{method, slackError, n})
}

// Recover takes back every 429, failure and loss that was asked for and has not
// happened yet.
func (w *World) Recover() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults.limits, w.faults.failures, w.faults.losses = nil, nil, nil
}

// Down takes Slack away: sockets are cut, every request's connection is closed
// without an answer, and nothing is delivered, until Down(false).
func (w *World) Down(down bool) {
	w.mu.Lock()
	w.faults.down = down
	w.mu.Unlock()
	w.hub.mu.Lock()
	w.hub.down = down
	w.hub.mu.Unlock()
	if down {
		w.hub.closeAll()
	}
	w.Nudge()
}

// Refresh asks the oldest connection to reconnect, as Slack does now and then.
// Slack goes round one by one: while a connection is still going, nothing
// happens, and false is returned. Wait for [World.Sockets] between two calls.
func (w *World) Refresh() bool { return w.Disconnect("refresh_requested") }

// RefreshAll asks every connection to reconnect, all at the same time.
func (w *World) RefreshAll() {
	for _, c := range w.hub.all() {
		c.disconnect("refresh_requested")
	}
}

// Disconnect is Refresh with another reason: "warning" or "link_disabled".
func (w *World) Disconnect(reason string) bool {
	all := w.hub.all()
	w.hub.mu.Lock()
	going := slices.ContainsFunc(all, func(c *conn) bool { return c.draining })
	w.hub.mu.Unlock()
	if going || len(all) == 0 {
		return false
	}
	all[0].disconnect(reason)
	return true
}

// CutSockets breaks every connection without a word.
func (w *World) CutSockets() { w.hub.closeAll() }

// HoldSockets keeps the connections open but brings nothing to the bot: each
// attempt meanwhile counts as failed, so that an event is seen only as a retry.
func (w *World) HoldSockets(on bool) {
	w.mu.Lock()
	w.faults.held = on
	w.mu.Unlock()
	w.hub.mu.Lock()
	w.hub.held = on
	w.hub.mu.Unlock()
}

// HoldPings stops the websocket pings, as on a half-dead connection.
func (w *World) HoldPings(on bool) {
	w.hub.mu.Lock()
	defer w.hub.mu.Unlock()
	w.hub.quiet = on
}

// Redeliver sends the last n events once more, acknowledged or not: new
// envelopes, the same event ids, the next retry_attempt.
func (w *World) Redeliver(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range tail(w.events, n) {
		answer := w.send(kindEvent, e.name, e, failTimeout)
		w.spawn(func() { <-answer })
	}
}

// RetryNow ends the pause before the next retry of every event that has not
// been acknowledged so far.
func (w *World) RetryNow() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.retryNow)
	w.retryNow = make(chan struct{})
}

// DeliverTwice makes every delivery go out twice at once: events with the same
// event_id, commands and interactions with the same trigger_id.
func (w *World) DeliverTwice(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.twice = on
}

// SendRaw sends a frame as it is to one connection, for malformed and unknown
// envelopes. It reports whether there was a connection.
func (w *World) SendRaw(frame []byte) bool { return w.hub.raw(frame) }

// Uninstall removes the app: its tokens end, and the bot gets tokens_revoked and app_uninstalled.
func (w *World) Uninstall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.revoked = true
	w.emit(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{}, "bot": []string{w.botUser}}})
	w.emit(map[string]any{"type": "app_uninstalled"})
}

// takeLimit uses up a 429 asked for; it returns the seconds to wait.
func (f *faults) takeLimit(method, channel string) (seconds int, hit bool) {
	for i := range f.limits {
		l := &f.limits[i]
		if l.left > 0 && (l.method == "" || l.method == method) && (l.channel == "" || l.channel == channel) {
			l.left--
			return max(1, int(math.Ceil(l.after.Seconds()))), true
		}
	}
	return 0, false
}

func (f *faults) takeFailure(method string) (slackError string, hit bool) {
	for i := range f.failures {
		if l := &f.failures[i]; l.left > 0 && (l.method == "" || l.method == method) {
			l.left--
			return l.err, true
		}
	}
	return "", false
}

func (f *faults) takeLoss(method string) bool {
	if f.losses[method] <= 0 {
		return false
	}
	f.losses[method]--
	return true
}
