package main

import (
	"context"
	"net/http"
	"sync"
	"time"

	"muster/models"
)

// How many codes that are none one address may look up in a minute, and how
// many addresses are told apart: a code has 60 bits, so this bounds what trying
// costs and not whether it leads anywhere. Beyond the last all share one count.
const (
	recordMisses  = 30
	recordTracked = 20_000
)

// recordPages serves GET /record/CODE.
type recordPages struct {
	page    func(ctx context.Context, code string) (page string, ok bool, err error)
	machine models.Clock

	mu     sync.Mutex
	minute time.Time
	misses map[string]int
}

func newRecordPages(page func(ctx context.Context, code string) (string, bool, error), machine models.Clock) *recordPages {
	return &recordPages{page: page, machine: machine, misses: map[string]int{}}
}

func (c *recordPages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Cache-Control", "no-store")
	head.Set("Referrer-Policy", "no-referrer") // the address is the code
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("X-Robots-Tag", "noindex, nofollow")
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	from := addressOf(r)
	if c.missed(from, 0) >= recordMisses {
		head.Set("Retry-After", "60")
		http.Error(w, http.StatusText(http.StatusTooManyRequests), http.StatusTooManyRequests)
		return
	}
	page, ok, err := c.page(r.Context(), r.PathValue("code"))
	if err != nil {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	head.Set("Content-Type", "text/html; charset=utf-8")
	if !ok {
		c.missed(from, 1)
		w.WriteHeader(http.StatusNotFound)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(page)) // whoever asked may have gone
	}
}

// missed adds n to what this address has missed this minute, and says how much
// that is.
func (c *recordPages) missed(from string, n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.machine(); now.Sub(c.minute) >= time.Minute {
		c.minute = now
		clear(c.misses)
	}
	if _, known := c.misses[from]; !known && len(c.misses) >= recordTracked {
		from = ""
	}
	if n > 0 {
		c.misses[from] += n
	}
	return c.misses[from]
}
