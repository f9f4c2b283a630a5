package sandbox

import (
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

//go:embed page
var pageFiles embed.FS

// maxPageBody bounds what the page may post.
const maxPageBody = 1 << 20

// pageState is what only the page needs. Guarded by World.mu.
type pageState struct {
	listeners map[*listener]bool
	tour      []string
	done      map[string]bool
	joined    map[string]bool
	acted     bool // somebody on the page has asked the bot for something
	advanced  time.Duration
}

func newPageState() pageState {
	return pageState{listeners: map[*listener]bool{}, done: map[string]bool{}, joined: map[string]bool{}}
}

func (w *World) pageRoutes(mux *http.ServeMux) {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic("sandbox: the page is not embedded: " + err.Error())
	}
	static := http.FileServerFS(files)
	mux.Handle("/", w.guard(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Cache-Control", "no-cache") // a new build's page must not meet the old one's scripts
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		static.ServeHTTP(rw, r)
	}))
	mux.Handle("GET /archives/{channel}/{message}", w.guard(w.servePermalink))
	mux.Handle("GET /sandbox/files/{id}/{name}", w.guard(w.serveFile))
	mux.Handle("GET /sandbox/state", w.guard(w.pageGet(w.pageWorld)))
	mux.Handle("GET /sandbox/messages", w.guard(w.pageGet(w.pageMessages)))
	mux.Handle("GET /sandbox/home", w.guard(w.pageGet(w.pageHome)))
	mux.Handle("GET /sandbox/views", w.guard(w.pageGet(w.pageViews)))
	mux.Handle("GET /sandbox/events", w.guard(w.serveEvents))
	mux.Handle("POST /sandbox/upload", w.guard(w.servePageUpload))
	mux.Handle("POST /sandbox/act", w.guard(w.serveAct))
	mux.Handle("POST /sandbox/clock", w.guard(w.serveClock))
	mux.Handle("POST /sandbox/lang", w.guard(w.serveLang))
}

// guard keeps other web sites out: the page acts as anybody, so no request may
// come from another origin, and no other name may be pointed at this address.
func (w *World) guard(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !w.knownHost(r.Host) {
			pageError(rw, http.StatusForbidden, "foreign_host")
			return
		}
		if r.Method == http.MethodPost && !sameOrigin(r) {
			pageError(rw, http.StatusForbidden, "foreign_origin")
			return
		}
		next(rw, r)
	})
}

// knownHost is a loopback name, or any name where the sandbox was told to
// listen to more than the loopback.
func (w *World) knownHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	if strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback() {
		return true
	}
	own, _, err := net.SplitHostPort(w.address)
	bound := net.ParseIP(own)
	return err == nil && bound != nil && !bound.IsLoopback()
}

func sameOrigin(r *http.Request) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	switch strings.TrimSpace(kind) {
	case "application/json", "application/octet-stream":
	default: // what a form on another site could send
		return false
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

func pageJSON(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	_, _ = rw.Write(mustJSON(v))
}

func pageError(rw http.ResponseWriter, status int, code string) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = rw.Write(mustJSON(map[string]any{"ok": false, "error": code}))
}

// pageGet answers with what read finds for the acting person.
func (w *World) pageGet(read func(as string, q url.Values) (map[string]any, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		w.mu.Lock()
		found, err := read(w.actor(q.Get("as")), q)
		var body []byte
		if err == nil {
			body = mustJSON(found)
		}
		w.mu.Unlock()
		if err != nil {
			pageError(rw, http.StatusNotFound, err.Error())
			return
		}
		rw.Header().Set("Content-Type", "application/json; charset=utf-8")
		rw.Header().Set("Cache-Control", "no-store")
		_, _ = rw.Write(body)
	}
}

// actor is who acts: the person named, or the first who is no bot where none is named.
func (w *World) actor(id string) string {
	if id != "" {
		return id
	}
	for _, id := range w.userOrder {
		if !w.users[id].Bot && !w.users[id].Deleted {
			return id
		}
	}
	return ""
}

// servePermalink brings a permalink to the place on the page.
func (w *World) servePermalink(rw http.ResponseWriter, r *http.Request) {
	digits := strings.TrimPrefix(r.PathValue("message"), "p")
	if len(digits) <= 6 {
		http.NotFound(rw, r)
		return
	}
	at := url.Values{"channel": {r.PathValue("channel")}}
	if root := r.URL.Query().Get("thread_ts"); root != "" {
		at.Set("thread", root)
	}
	at.Set("ts", digits[:len(digits)-6]+"."+digits[len(digits)-6:])
	http.Redirect(rw, r, "/#"+at.Encode(), http.StatusFound)
}

var errNoClock = errors.New("no_clock")

func (w *World) serveClock(rw http.ResponseWriter, r *http.Request) {
	var wish struct {
		Speed   *float64 `json:"speed"`
		Advance string   `json:"advance"`
	}
	if json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxPageBody)).Decode(&wish) != nil {
		pageError(rw, http.StatusBadRequest, "invalid_json")
		return
	}
	control := w.o.Control
	if control == nil {
		pageError(rw, http.StatusConflict, errNoClock.Error())
		return
	}
	by, err := time.ParseDuration(wish.Advance)
	switch {
	case wish.Advance != "" && (err != nil || by <= 0 || by > 366*24*time.Hour):
		pageError(rw, http.StatusBadRequest, "invalid_advance")
		return
	case wish.Speed != nil && (*wish.Speed < 0 || *wish.Speed > 1e6):
		pageError(rw, http.StatusBadRequest, "invalid_speed")
		return
	}
	if wish.Speed != nil {
		control.SetSpeed(*wish.Speed)
	}
	if by > 0 {
		control.Advance(by)
	}
	clock := w.clockJSON()
	w.mu.Lock()
	if by > 0 {
		w.tourAdvanced(by)
	}
	w.changed()
	w.notify(pageEvent{Type: "clock", Clock: clock})
	w.mu.Unlock()
	pageJSON(rw, map[string]any{"ok": true, "clock": clock})
}

func (w *World) serveLang(rw http.ResponseWriter, r *http.Request) {
	var wish struct {
		Lang string `json:"lang"`
	}
	if json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxPageBody)).Decode(&wish) != nil || wish.Lang != "zh" && wish.Lang != "en" {
		pageError(rw, http.StatusBadRequest, "invalid_lang")
		return
	}
	if w.o.Control != nil {
		w.o.Control.SetLang(wish.Lang)
	}
	w.mu.Lock()
	w.notify(pageEvent{Type: "channels"})
	w.mu.Unlock()
	pageJSON(rw, map[string]any{"ok": true, "lang": wish.Lang})
}

func (w *World) clockJSON() map[string]any {
	speed := 1.0
	now := w.o.Clock()
	if w.o.Control != nil {
		speed, now = w.o.Control.Speed(), w.o.Control.Now()
	}
	clock := map[string]any{"now": now.Format(time.RFC3339Nano), "speed": speed}
	if zone := now.Location().String(); strings.Contains(zone, "/") {
		clock["zone"] = zone
	}
	return clock
}
