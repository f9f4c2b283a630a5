package bot

import (
	"context"
	"sync"
	"time"

	"muster/models"
)

// pulse tells Slack's being out of order from a request that fails by itself:
// an outage of an hour must not use up the attempts of everything that was due
// in it.
type pulse struct {
	machine models.Clock

	mu    sync.Mutex
	asked map[string]beatOf // by workspace
}

type beatOf struct {
	at   time.Time
	away bool
}

// pulseLife is how long one answer holds, so that fifty lost answers in a row
// are one question.
const pulseLife = 5 * time.Second

func newPulse(machine models.Clock) *pulse {
	return &pulse{machine: machine, asked: map[string]beatOf{}}
}

// away asks Slack for the simplest thing there is and says whether it does not
// answer that either.
func (p *pulse) away(ctx context.Context, ws Workspace) bool {
	p.mu.Lock()
	last, known := p.asked[ws.Key]
	p.mu.Unlock()
	if known && p.machine().Sub(last.at) < pulseLife {
		return last.away
	}
	_, err := ws.Web.Auth(ctx)
	gone := false
	if err != nil {
		kind := faultOf(err).Kind
		gone = kind == FaultLost || kind == FaultUnreached
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[ws.Key] = beatOf{p.machine(), gone}
	return gone
}
