package services

import (
	"context"
	"errors"

	"muster/models"
	"muster/store"
)

// Gate asks quiet hours, and for reminders a pause, once more at the moment of
// sending: wait is until when a message has to rest, drop that it comes too late to be of use. What has
// been posted may always be edited: an edit makes no sound.
func (s *Services) Gate(ctx context.Context, m models.Message) (wait models.Instant, drop bool, err error) {
	if m.Shown > 0 {
		return 0, false, nil
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if m.ExpiresAt != 0 && tx.Now >= m.ExpiresAt {
			drop = true
			return nil
		}
		if m.PersonID == 0 || m.Quiet != models.QuietWait {
			return nil
		}
		p, err := tx.Person(m.PersonID)
		if errors.Is(err, store.ErrNotFound) {
			drop = true
			return nil
		}
		if err != nil {
			return err
		}
		t, err := tx.Tenant(m.TenantID)
		if err != nil {
			return err
		}
		u, err := tx.UnitOf(p.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		at := tx.Now
		if m.Priority == models.PriorityReminder && m.Kind != models.MessageTell { // who paused is not reminded
			at = max(at, p.PauseUntil)
		}
		at = models.EndOfRest(at, models.RestOf(p, u, t), p.Location(t))
		if at > tx.Now {
			wait = at
			drop = m.ExpiresAt != 0 && wait >= m.ExpiresAt
		}
		return nil
	})
	return wait, drop, err
}
