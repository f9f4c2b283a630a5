package main

import (
	"context"
	"net/http"
	"sync"
	"time"

	"muster/models"
)

// missesAMinute bounds how many codes that do not exist are looked up: guessing
// one of a thousand million within its five minutes stays hopeless, and a room
// full of people who reload an old page does not reach it.
const missesAMinute = 60

// codePages serves GET /checkin/CODE.
type codePages struct {
	page    func(ctx context.Context, code string) (page string, live bool, err error)
	machine models.Clock

	mu     sync.Mutex
	minute time.Time
	misses int
}

func newCodePages(page func(ctx context.Context, code string) (string, bool, error), machine models.Clock) *codePages {
	return &codePages{page: page, machine: machine}
}

func (c *codePages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Cache-Control", "no-store")
	head.Set("Referrer-Policy", "no-referrer") // the address is the code
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'")
	if !c.allowed() {
		http.Error(w, http.StatusText(http.StatusTooManyRequests), http.StatusTooManyRequests)
		return
	}
	page, live, err := c.page(r.Context(), r.PathValue("code"))
	if err != nil {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	if !live {
		c.missed()
		w.WriteHeader(http.StatusNotFound)
	}
	_, _ = w.Write([]byte(page)) // whoever asked may have gone
}

// allowed says whether another code may be looked up this minute.
func (c *codePages) allowed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.machine(); now.Sub(c.minute) >= time.Minute {
		c.minute, c.misses = now, 0
	}
	return c.misses < missesAMinute
}

func (c *codePages) missed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.misses++
}
