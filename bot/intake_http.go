package bot

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"
)

// mostBody bounds a signed request: Slack's own payloads stay far below 1 MiB.
const mostBody = 1 << 20

// HTTPIntake is the signed way in: /slack/events, /slack/commands and
// /slack/interactions.
type HTTPIntake struct {
	in     *Intake
	secret string
}

// NewHTTPIntake checks every request against the app's signing secret.
func NewHTTPIntake(in *Intake, signingSecret string) *HTTPIntake {
	return &HTTPIntake{in: in, secret: signingSecret}
}

// Handler serves the three addresses.
func (h *HTTPIntake) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", h.signed("events_api", h.events))
	mux.HandleFunc("POST /slack/commands", h.signed("slash_commands", h.commands))
	mux.HandleFunc("POST /slack/interactions", h.signed("interactive", h.interactions))
	return mux
}

// signed reads the body and passes on only what Slack signed. Nothing of the
// URL is ever looked at: its query is not covered by the signature.
func (h *HTTPIntake) signed(kind string, next func(w http.ResponseWriter, r *http.Request, body []byte, at time.Time) ([]Request, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		at := h.in.o.Machine()
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
		if err != nil {
			h.turnAway(w, kind, http.StatusRequestEntityTooLarge, "too_large")
			return
		}
		if checkSignature(h.secret, r.Header, body, at) != nil {
			h.turnAway(w, kind, http.StatusUnauthorized, "forged")
			return
		}
		requests, err := next(w, r, body, at)
		switch {
		case errors.Is(err, errAnswered):
		case err != nil:
			// Sending it again would not make it readable: say that it arrived.
			h.in.undecodable(kind, err)
			w.WriteHeader(http.StatusOK)
		default:
			h.answer(w, r, envelope{kind: kind, received: at, requests: requests})
		}
	}
}

// errAnswered says that the response is written already.
var errAnswered = errors.New("answered")

func (h *HTTPIntake) turnAway(w http.ResponseWriter, kind string, status int, outcome string) {
	h.in.o.Metrics.Count("muster_envelopes_total", "kind", kind, "outcome", outcome)
	http.Error(w, http.StatusText(status), status)
}

func (h *HTTPIntake) events(w http.ResponseWriter, r *http.Request, body []byte, _ time.Time) ([]Request, error) {
	n, err := parse(body)
	if err != nil {
		return nil, err
	}
	if n.at("type").text() == "url_verification" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, n.at("challenge").text())
		return nil, errAnswered
	}
	retry, err := strconv.Atoi(r.Header.Get("X-Slack-Retry-Num"))
	if err != nil {
		retry = 0
	}
	return h.in.o.Decoder.event(n, retry)
}

func (h *HTTPIntake) commands(_ http.ResponseWriter, r *http.Request, body []byte, _ time.Time) ([]Request, error) {
	form, err := readForm(r, body)
	if err != nil {
		return nil, err
	}
	if form.Get("ssl_check") == "1" {
		return nil, nil
	}
	return h.in.o.Decoder.CommandForm(form)
}

func (h *HTTPIntake) interactions(_ http.ResponseWriter, r *http.Request, body []byte, _ time.Time) ([]Request, error) {
	form, err := readForm(r, body)
	if err != nil {
		return nil, err
	}
	return h.in.o.Decoder.Interaction([]byte(form.Get("payload")))
}

// readForm parses the body, and only the body, as a form.
func readForm(r *http.Request, body []byte) (url.Values, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, errors.New("not a form")
	}
	return url.ParseQuery(string(body))
}

// answer hands the envelope on and waits for its acknowledgement, 2.5 s at the
// most: then Slack hears 503 and sends it again, while the handler goes on.
func (h *HTTPIntake) answer(w http.ResponseWriter, r *http.Request, e envelope) {
	const waiting, told, given = 0, 1, 2
	var state atomic.Int32
	payloads, refused := make(chan json.RawMessage, 1), make(chan struct{}, 1)
	e.answer = func(payload json.RawMessage) bool {
		if !state.CompareAndSwap(waiting, told) {
			return false
		}
		payloads <- payload
		return true
	}
	e.refuse = func() {
		if state.CompareAndSwap(waiting, given) {
			refused <- struct{}{}
		}
	}
	h.in.take(r.Context(), e)
	timer := time.NewTimer(h.in.o.AckWithin - h.in.o.Machine().Sub(e.received))
	defer timer.Stop()
	select {
	case payload := <-payloads:
		write(w, payload)
	case <-refused:
		unavailable(w)
	case <-timer.C:
		if state.CompareAndSwap(waiting, given) {
			unavailable(w)
			return
		}
		select { // the worker was faster by a hair
		case payload := <-payloads:
			write(w, payload)
		case <-refused:
			unavailable(w)
		}
	}
}

func write(w http.ResponseWriter, payload json.RawMessage) {
	if payload == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(payload)
}

func unavailable(w http.ResponseWriter) {
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}
