package bot

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"muster/models"
)

// HealthOptions are the questions /readyz asks. Machine is required; a nil
// question is not asked.
type HealthOptions struct {
	Machine  models.Clock
	Database func(ctx context.Context) error // can it be reached
	Schema   func(ctx context.Context) error // is it this version's
	// Silence is how long the sockets have been without a sign of life; ok is
	// false when there was none since the start. Nil in HTTP mode.
	Silence func() (d time.Duration, ok bool)
	// Web asks Slack's Web API; unreachable is "degraded", not red.
	Web     func(ctx context.Context) error
	Metrics *Metrics
}

// Health serves /healthz, /readyz and /metrics.
type Health struct {
	o       HealthOptions
	started time.Time

	mu      sync.Mutex
	askedAt time.Time
	webErr  error
	asking  bool
}

const (
	// mostSilence turns /readyz red; Slack pings every few seconds.
	mostSilence = time.Minute
	// askEvery spares Slack: a probe that comes each second must not become a
	// call each second.
	askEvery = 5 * time.Second
	// askTime bounds each question.
	askTime = 2 * time.Second
)

// NewHealth begins counting silence now.
func NewHealth(o HealthOptions) *Health { return &Health{o: o, started: o.Machine()} }

// Report is the body of /readyz.
type Report struct {
	Status  string            `json:"status"` // "ok", "degraded" or "red"
	Reasons map[string]string `json:"reasons,omitempty"`
}

// Handler serves the process's life and readiness.
func (h *Health) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeReport(w, http.StatusOK, Report{Status: "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		report := h.Ready(r.Context())
		status := http.StatusOK
		if report.Status == "red" {
			status = http.StatusServiceUnavailable
		}
		writeReport(w, status, report)
	})
	return mux
}

// MetricsHandler serves /metrics, on this address or another.
func (h *Health) MetricsHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_, _ = h.o.Metrics.WriteTo(w)
	})
}

func writeReport(w http.ResponseWriter, status int, report Report) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(report) // who hung up does not want it
}

// Ready asks everything and says what is wrong. Reasons name the part, never
// addresses or secrets: anybody may read them.
func (h *Health) Ready(ctx context.Context) Report {
	report := Report{Status: "ok", Reasons: map[string]string{}}
	if h.o.Database != nil && ask(ctx, h.o.Database) != nil {
		report.Status, report.Reasons["database"] = "red", "the database does not answer"
	} else if h.o.Schema != nil && ask(ctx, h.o.Schema) != nil {
		report.Status, report.Reasons["schema"] = "red", "the database has not this version's schema"
	}
	if h.o.Silence != nil {
		silent, ever := h.o.Silence()
		if !ever {
			silent = h.o.Machine().Sub(h.started)
		}
		if silent >= mostSilence {
			report.Status = "red"
			report.Reasons["sockets"] = "no sign of life from Slack for " + silent.Truncate(time.Second).String()
		}
	}
	if h.web(ctx) != nil {
		if report.Status == "ok" {
			report.Status = "degraded"
		}
		report.Reasons["web_api"] = "Slack's Web API cannot be reached"
	}
	return report
}

func ask(ctx context.Context, question func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	return question(ctx)
}

// web is the last answer about the Web API, asked anew when it is old. Only one
// probe asks; the others take what is known.
func (h *Health) web(ctx context.Context) error {
	if h.o.Web == nil {
		return nil
	}
	now := h.o.Machine()
	h.mu.Lock()
	fresh := !h.askedAt.IsZero() && now.Sub(h.askedAt) < askEvery
	if fresh || h.asking {
		defer h.mu.Unlock()
		return h.webErr
	}
	h.asking = true
	h.mu.Unlock()
	err := ask(ctx, h.o.Web)
	// A refusal is an answer: the Web API can be reached.
	if f := faultOf(err); err != nil && (f.Kind == FaultRefused || f.Kind == FaultLimited) {
		err = nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asking, h.askedAt, h.webErr = false, now, err
	return err
}
