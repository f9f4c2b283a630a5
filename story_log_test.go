package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"muster/models"
	"muster/store"
)

// What a story can tell about a bot from its log and its outbox.

// addresses are those at which the bot has listened so far, as its log says.
func (s *story) addresses() []string {
	var all []string
	for _, line := range strings.Split(s.logs.String(), "\n") {
		if _, address, ok := strings.Cut(line, "msg=listening address="); ok {
			all = append(all, address)
		}
	}
	return all
}

// nothingSaidIsLogged looks in the log for what people and the bot wrote.
func (s *story) nothingSaidIsLogged() {
	s.t.Helper()
	log := s.logs.String()
	channels := []string{sampleCalls, sampleSummaries, sampleLobby, "C010"}
	for _, p := range samplePeople() {
		channels = append(channels, s.DM(p.ID))
	}
	for _, c := range channels {
		for _, m := range s.Messages(c) {
			// Shorter ones ("+1", "help") are words that a log may hold by itself.
			if len(m.Text) > 8 && strings.Contains(log, m.Text) {
				s.t.Errorf("the log repeats what was written: %.60q", m.Text)
			}
		}
	}
}

// outbox describes what is not settled, for a failing test.
func (s *story) outbox() string {
	var b strings.Builder
	ids := make([]int64, 500)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	err := s.app.store.Read(context.Background(), func(tx *store.Tx) error {
		all, err := tx.MessagesByIDs(ids)
		for _, m := range all {
			if m.State == models.MessageQueued || m.State == models.MessageSending {
				fmt.Fprintf(&b, "%d %s %s due %s, retry in %s, lease %s, attempts %d, doubt %v, shown %d of %d: %s\n", m.ID, m.Key, m.State,
					m.DueAt.Sub(tx.Now), time.Duration(m.RetryMS-tx.MachineMS)*time.Millisecond, time.Duration(m.LeaseMS-tx.MachineMS)*time.Millisecond,
					m.Attempts, m.Doubt, m.Shown, m.Version, m.LastError)
			}
		}
		return err
	})
	if err != nil {
		return err.Error()
	}
	return b.String()
}

// safeLog keeps the bot's log for a failing test.
type safeLog struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
