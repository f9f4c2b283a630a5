package store

import "muster/models"

// sentFunc follows a message that has just arrived in Slack.
type sentFunc func(tx *Tx, m models.Message) error

// WhenSent has fn run whenever a message of this kind has arrived in Slack for
// the first time, in the transaction that notes it: what fn queues is queued
// once, however the process ends. Only then is the message's place (channel and
// ts) known. A later fn for the same kind takes the place of the first.
func (s *Store) WhenSent(kind models.MessageKind, fn func(tx *Tx, m models.Message) error) {
	s.follows.Store(kind, sentFunc(fn))
}

// followed are the kinds that something follows.
func (s *Store) followed() []models.MessageKind {
	kinds := []models.MessageKind{""} // of no message, so that the list is never empty
	s.follows.Range(func(kind, _ any) bool {
		kinds = append(kinds, kind.(models.MessageKind))
		return true
	})
	return kinds
}

// follow runs what follows a message that was just settled as sent.
func (tx *Tx) follow(m models.Message) error {
	fn, ok := tx.store.follows.Load(m.Kind)
	if !ok || m.SentAt != tx.Now { // settled before: an edit
		return nil
	}
	return fn.(sentFunc)(tx, m)
}
