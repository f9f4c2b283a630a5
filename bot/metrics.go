package bot

import (
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Metrics counts what the machine does and prints it in the Prometheus text
// format. It is small on purpose: counters, one kind of histogram and gauges
// that are read when asked. A nil *Metrics counts nothing.
type Metrics struct {
	mu       sync.Mutex
	counters map[string]map[string]float64 // name -> labels as printed -> value
	times    map[string]*histogram
	gauges   []gauge
}

type gauge struct {
	name string
	read func() map[string]float64
}

type histogram struct {
	counts []uint64 // one per bound, not cumulative; the last is +Inf
	sum    float64
	n      uint64
}

// bounds are seconds around the two promises about acknowledging: one second at
// the 99th percentile, and 2.5 s as the end.
var bounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// help says what each metric means; only names listed here exist.
var help = map[string]string{
	"muster_envelopes_total":           "What Slack sent, by kind and by what became of it.",
	"muster_ack_seconds":               "From receiving an envelope to acknowledging it.",
	"muster_handled_total":             "Requests by kind and outcome.",
	"muster_unknown_ids_total":         "Requests whose id nobody registered.",
	"muster_incidents_total":           "Panics and faults of our own.",
	"muster_sends_total":               "Outgoing messages by operation and outcome.",
	"muster_web_calls_total":           "Web API calls by method and result.",
	"muster_rate_limited_total":        "429 answers by method.",
	"muster_loop_runs_total":           "Beats of the loops by outcome.",
	"muster_lookups_total":             "People, channels and groups read from Slack, by outcome.",
	"muster_outbox_messages":           "Messages in the outbox by state.",
	"muster_outbox_oldest_due_seconds": "How late the oldest due message is.",
	"muster_socket_silence_seconds":    "Time since the last sign of life, by connection.",
}

// NewMetrics makes an empty set.
func NewMetrics() *Metrics {
	return &Metrics{counters: map[string]map[string]float64{}, times: map[string]*histogram{}}
}

// Count adds one to name with alternating label names and values.
func (m *Metrics) Count(name string, labels ...string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	byLabel := m.counters[name]
	if byLabel == nil {
		byLabel = map[string]float64{}
		m.counters[name] = byLabel
	}
	byLabel[printLabels(labels)]++
}

// Counted is the value of a counter.
func (m *Metrics) Counted(name string, labels ...string) float64 {
	if m == nil {
		return 0
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counters[name][printLabels(labels)]
}

// Took records a duration.
func (m *Metrics) Took(name string, d time.Duration) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.times[name]
	if h == nil {
		h = &histogram{counts: make([]uint64, len(bounds)+1)}
		m.times[name] = h
	}
	at := sort.SearchFloat64s(bounds, d.Seconds())
	h.counts[at]++
	h.sum += d.Seconds()
	h.n++
}

// Gauge registers a reading taken at every scrape; the keys of the map are the
// printed labels, "" for none, for example `state="queued"`.
func (m *Metrics) Gauge(name string, read func() map[string]float64) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gauges = append(m.gauges, gauge{name, read})
}

// Label prints one label as Gauge wants it.
func Label(name, value string) string { return name + "=" + strconv.Quote(value) }

func printLabels(pairs []string) string {
	parts := make([]string, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, Label(pairs[i], pairs[i+1]))
	}
	return strings.Join(parts, ",")
}

// WriteTo prints everything in the Prometheus text format.
func (m *Metrics) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	if m != nil {
		m.mu.Lock()
		gauges := append([]gauge(nil), m.gauges...)
		for _, name := range sortedKeys(m.counters) {
			writeSeries(&b, name, "counter", m.counters[name])
		}
		for _, name := range sortedKeys(m.times) {
			m.times[name].write(&b, name)
		}
		m.mu.Unlock()
		// Gauges ask the database: never while holding the lock that every
		// request needs.
		for _, g := range gauges {
			writeSeries(&b, g.name, "gauge", g.read())
		}
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

func writeSeries(b *strings.Builder, name, kind string, values map[string]float64) {
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help[name], name, kind)
	for _, labels := range sortedKeys(values) {
		fmt.Fprintf(b, "%s%s %s\n", name, braces(labels), number(values[labels]))
	}
}

func (h *histogram) write(b *strings.Builder, name string) {
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s histogram\n", name, help[name], name)
	total := uint64(0)
	for i, count := range h.counts {
		total += count
		le := "+Inf"
		if i < len(bounds) {
			le = number(bounds[i])
		}
		fmt.Fprintf(b, "%s_bucket{le=%q} %d\n", name, le, total)
	}
	fmt.Fprintf(b, "%s_sum %s\n%s_count %d\n", name, number(h.sum), name, h.n)
}

func braces(labels string) string {
	if labels == "" {
		return ""
	}
	return "{" + labels + "}"
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
