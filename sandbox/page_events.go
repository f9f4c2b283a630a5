package sandbox

import (
	"fmt"
	"net/http"
	"time"
)

// listenerQueue is how many events a page may lag behind before it is sent away
// to come back and read everything anew.
const listenerQueue = 512

// heartbeat keeps quiet event streams open.
const heartbeat = 20 * time.Second

// pageEvent is what the page hears.
type pageEvent struct {
	Type    string         `json:"type"`
	Channel string         `json:"channel,omitempty"`
	TS      string         `json:"ts,omitempty"`
	Thread  string         `json:"thread,omitempty"`
	Key     string         `json:"key,omitempty"`
	Clock   map[string]any `json:"clock,omitempty"`

	only string // the one person who may hear it; empty is everybody
}

// listener is one open event stream.
type listener struct {
	as     string
	events chan pageEvent // closed when the listener lags too far behind
}

// notify tells the pages. Callers hold w.mu.
func (w *World) notify(e pageEvent) {
	for l := range w.page.listeners {
		if e.only != "" && e.only != l.as {
			continue
		}
		if c := w.channels[e.Channel]; c != nil && !c.shows(l.as) {
			continue
		}
		select {
		case l.events <- e:
		default:
			delete(w.page.listeners, l)
			close(l.events)
		}
	}
}

func (w *World) serveEvents(rw http.ResponseWriter, r *http.Request) {
	flusher, ok := rw.(http.Flusher)
	if !ok {
		pageError(rw, http.StatusNotImplemented, "no_streaming")
		return
	}
	w.mu.Lock()
	l := &listener{as: w.actor(r.URL.Query().Get("as")), events: make(chan pageEvent, listenerQueue)}
	w.page.listeners[l] = true
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.page.listeners, l)
		w.mu.Unlock()
	}()
	rw.Header().Set("Content-Type", "text/event-stream")
	rw.Header().Set("Cache-Control", "no-store")
	_, _ = fmt.Fprint(rw, "retry: 1000\n\n")
	flusher.Flush()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-w.ctx.Done():
			return
		case <-beat.C:
			if _, err := fmt.Fprint(rw, ": still here\n\n"); err != nil {
				return
			}
		case e, open := <-l.events:
			if !open {
				return
			}
			if _, err := fmt.Fprintf(rw, "data: %s\n\n", mustJSON(e)); err != nil {
				return
			}
		}
		flusher.Flush()
	}
}
