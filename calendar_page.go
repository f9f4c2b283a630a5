package main

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"muster/models"
)

// How often one address may ask for calendars that do not exist, and one
// calendar may be read, in a minute. Tokens cannot be guessed; this bounds what
// trying costs. Services that read for many people come from few addresses, so
// what exists is counted by calendar and not by who asks.
const (
	calendarMisses = 30
	calendarReads  = 30
	// calendarTracked bounds how many addresses and calendars are remembered
	// within a minute; beyond it all share one count.
	calendarTracked = 20_000
)

// calendarPages serves GET and HEAD /calendar/TOKEN.ics. Neither token nor
// address is ever logged.
type calendarPages struct {
	page    func(ctx context.Context, token string) (body []byte, mark string, ok bool, err error)
	machine models.Clock

	mu     sync.Mutex
	minute time.Time
	counts map[string]int
}

func newCalendarPages(page func(ctx context.Context, token string) ([]byte, string, bool, error), machine models.Clock) *calendarPages {
	return &calendarPages{page: page, machine: machine, counts: map[string]int{}}
}

func (c *calendarPages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "no-referrer") // the address is the secret
	head.Set("X-Robots-Tag", "noindex, nofollow")
	fail := func(status int) {
		head.Set("Cache-Control", "no-store")
		http.Error(w, http.StatusText(status), status)
	}
	token, named := strings.CutSuffix(r.PathValue("file"), ".ics")
	from := "from " + addressOf(r)
	switch {
	case c.count(from, 0) >= calendarMisses:
		head.Set("Retry-After", "60")
		fail(http.StatusTooManyRequests)
		return
	case !named:
		c.count(from, 1)
		fail(http.StatusNotFound)
		return
	case c.count("of "+token, 0) >= calendarReads:
		head.Set("Retry-After", "60")
		fail(http.StatusTooManyRequests)
		return
	}
	body, mark, ok, err := c.page(r.Context(), token)
	if err != nil {
		fail(http.StatusServiceUnavailable)
		return
	}
	if !ok {
		c.count(from, 1)
		fail(http.StatusNotFound)
		return
	}
	c.count("of "+token, 1)
	etag := `"` + mark + `"`
	head.Set("ETag", etag)
	head.Set("Cache-Control", "private, max-age=300, must-revalidate")
	if sameMark(r.Header.Values("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	head.Set("Content-Type", "text/calendar; charset=utf-8")
	head.Set("Content-Disposition", `inline; filename="muster.ics"`)
	head.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // whoever asked may have gone
}

// sameMark says whether one of the marks that a calendar has is the current
// one; a proxy may have made it a weak one.
func sameMark(lines []string, etag string) bool {
	for _, line := range lines {
		for mark := range strings.SplitSeq(line, ",") {
			mark = strings.TrimSpace(mark)
			if mark == "*" || strings.TrimPrefix(mark, "W/") == etag {
				return true
			}
		}
	}
	return false
}

// count adds n to what is counted under key in this minute, and says how much
// there is.
func (c *calendarPages) count(key string, n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.machine(); now.Sub(c.minute) >= time.Minute {
		c.minute = now
		clear(c.counts)
	}
	if _, known := c.counts[key]; !known && len(c.counts) >= calendarTracked {
		key = "" // a flood of addresses: they share one count
	}
	if n > 0 {
		c.counts[key] += n
	}
	return c.counts[key]
}

// addressOf is who asks. Behind a proxy on this machine or network it is the
// last address that the proxy added, which is the one it saw itself.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip := net.ParseIP(host)
	forwarded := r.Header.Values("X-Forwarded-For")
	if ip == nil || !ip.IsLoopback() && !ip.IsPrivate() || len(forwarded) == 0 {
		return host
	}
	hops := strings.Split(forwarded[len(forwarded)-1], ",")
	if last := net.ParseIP(strings.TrimSpace(hops[len(hops)-1])); last != nil {
		return last.String()
	}
	return host
}
