package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// maxSockets is Slack's limit of open connections for one app.
	maxSockets = 10
	// maxAck is the size on the wire from which Slack drops an acknowledgement.
	maxAck = 20 * 1024
	// closeGrace is how long a socket lives on after a disconnect frame.
	closeGrace = 10 * time.Second
)

// hub holds the Socket Mode connections. Every payload goes to one of them in
// turn; an acknowledgement may come back over any.
type hub struct {
	w  *World
	up websocket.Upgrader

	mu      sync.Mutex
	conns   []*conn
	next    int
	numbers int
	waiting map[string]chan json.RawMessage // by envelope id
	quiet   bool                            // no pings
	held    bool                            // nothing is delivered
	down    bool
}

// conn is one websocket. Frames queue without bound so that no caller ever
// waits for a slow reader.
type conn struct {
	hub      *hub
	ws       *websocket.Conn
	number   int
	wake     chan struct{}
	gone     chan struct{}
	goneOnce sync.Once
	rotate   <-chan time.Time

	// under hub.mu
	queue    [][]byte
	draining bool
}

func newHub(w *World) *hub {
	return &hub{
		w: w, waiting: map[string]chan json.RawMessage{},
		up: websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}, // the ticket is the key
	}
}

func (h *hub) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.conns)
}

// serve upgrades a request with an unused ticket and lives as long as the socket.
func (h *hub) serve(rw http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	w := h.w
	w.mu.Lock()
	known := w.tickets[ticket] && !w.faults.down
	delete(w.tickets, ticket)
	w.mu.Unlock()
	if !known {
		http.Error(rw, "ticket unknown or used", http.StatusForbidden)
		return
	}
	ws, err := h.up.Upgrade(rw, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &conn{hub: h, ws: ws, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	if r.URL.Query().Get("debug_reconnects") == "true" {
		c.rotate = time.After(360 * time.Second) // Slack's own pace in this mode
	} else if w.o.RefreshEvery > 0 {
		c.rotate = time.After(w.o.RefreshEvery)
	}
	if !h.add(c) {
		_ = ws.WriteJSON(map[string]any{"type": "disconnect", "reason": "too_many_websockets"})
		_ = ws.Close()
		return
	}
	w.mu.Lock()
	w.spawn(c.write)
	w.changed()
	w.mu.Unlock()
	c.read()
	c.close()
}

func (h *hub) add(c *conn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.conns) >= maxSockets || h.down || h.w.ctx.Err() != nil {
		return false
	}
	h.numbers++
	c.number = h.numbers
	h.conns = append(h.conns, c)
	hello, _ := json.Marshal(map[string]any{
		"type": "hello", "num_connections": len(h.conns),
		"debug_info":      map[string]any{"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
		"connection_info": map[string]any{"app_id": h.w.appID},
	})
	c.enqueue(hello)
	return true
}

// deliver gives a frame to the next connection. It returns that connection's
// number and the channel on which the acknowledgement's payload will come, or 0
// if there is no connection.
func (h *hub) deliver(envelopeID string, frame []byte) (int, <-chan json.RawMessage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.pick()
	if c == nil || h.held {
		return 0, nil
	}
	answer := make(chan json.RawMessage, 1)
	h.waiting[envelopeID] = answer
	c.enqueue(frame)
	return c.number, answer
}

// pick takes the connections in turn, one that was told to go only if there is no other.
func (h *hub) pick() *conn {
	var last *conn
	for range h.conns {
		h.next = (h.next + 1) % len(h.conns)
		last = h.conns[h.next]
		if !last.draining {
			return last
		}
	}
	return last
}

func (h *hub) forget(envelopeID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.waiting, envelopeID)
}

// raw sends a frame as it is over the next connection.
func (h *hub) raw(frame []byte) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.pick()
	if c != nil {
		c.enqueue(frame)
	}
	return c != nil
}

// disconnect tells a connection to go. After it no payload is sent there.
func (c *conn) disconnect(reason string) {
	frame, _ := json.Marshal(map[string]any{"type": "disconnect", "reason": reason,
		"debug_info": map[string]any{"host": "sandbox"}})
	h := c.hub
	h.mu.Lock()
	c.draining = true
	c.enqueue(frame)
	h.mu.Unlock()
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	h.w.spawn(func() {
		grace := time.NewTimer(closeGrace)
		defer grace.Stop()
		select {
		case <-grace.C:
			c.close()
		case <-c.gone:
		case <-h.w.ctx.Done():
		}
	})
}

func (h *hub) all() []*conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.conns)
}

func (h *hub) closeAll() {
	for _, c := range h.all() {
		c.close()
	}
}

// enqueue is called under hub.mu.
func (c *conn) enqueue(frame []byte) {
	c.queue = append(c.queue, frame)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// close drops the socket at once.
func (c *conn) close() {
	c.retire()
	_ = c.ws.Close()
}

// retire takes the connection out of use; what was not written yet goes to
// another one. Acknowledgements that are still on their way are read to the end.
func (c *conn) retire() {
	c.goneOnce.Do(func() {
		close(c.gone)
		h := c.hub
		h.mu.Lock()
		h.conns = slices.DeleteFunc(h.conns, func(o *conn) bool { return o == c })
		if other := h.pick(); other != nil {
			for _, frame := range c.queue {
				if bytes.Contains(frame, []byte(`"envelope_id"`)) {
					other.enqueue(frame)
				}
			}
		}
		c.queue = nil
		h.mu.Unlock()
		h.w.Nudge()
	})
}

func (c *conn) write() {
	defer c.retire()
	ping := time.NewTicker(c.hub.w.o.PingEvery)
	defer ping.Stop()
	// Slack pings at once: a client that waits for the first ping counts from the start.
	if !c.ping() {
		return
	}
	for {
		select {
		case <-c.gone:
			return
		case <-c.hub.w.ctx.Done():
			return
		case <-c.rotate:
			c.rotate = nil
			c.disconnect("warning")
			c.disconnect("refresh_requested")
		case <-ping.C:
			if !c.ping() {
				return
			}
		case <-c.wake:
			if !c.flush() {
				return
			}
		}
	}
}

func (c *conn) ping() bool {
	c.hub.mu.Lock()
	quiet := c.hub.quiet
	c.hub.mu.Unlock()
	return quiet || c.ws.WriteControl(websocket.PingMessage, []byte("Ping from sandbox"), time.Time{}) == nil
}

func (c *conn) flush() bool {
	for {
		c.hub.mu.Lock()
		if len(c.queue) == 0 {
			c.hub.mu.Unlock()
			return true
		}
		frame := c.queue[0]
		c.queue = c.queue[1:]
		c.hub.mu.Unlock()
		// No deadline: a client that stops reading blocks only its own writer, until close.
		if c.ws.WriteMessage(websocket.TextMessage, frame) != nil {
			return false
		}
	}
}

// read takes acknowledgements until the socket ends.
func (c *conn) read() {
	for {
		_, frame, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		c.hub.acknowledge(frame)
	}
}

func (h *hub) acknowledge(frame []byte) {
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(frame, &ack); err != nil || ack.EnvelopeID == "" {
		h.w.reproach("socket: a frame that is no acknowledgement: %.200s", frame)
		return
	}
	if len(frame) >= maxAck {
		h.w.reproach("socket: acknowledgement of %d bytes dropped, Slack takes less than %d", len(frame), maxAck)
		return
	}
	h.mu.Lock()
	answer := h.waiting[ack.EnvelopeID]
	delete(h.waiting, ack.EnvelopeID)
	h.mu.Unlock()
	if answer != nil {
		answer <- ack.Payload
	}
}

// reproach is complain for callers that do not hold w.mu.
func (w *World) reproach(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.complain(format, args...)
}
