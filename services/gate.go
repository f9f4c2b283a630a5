package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// Gate asks quiet hours, a pause and what somebody switched off once more at
// the moment of sending: wait is until when a message has to rest, drop that it
// comes too late to be of use, or is not wanted any more. What has been posted
// may always be edited: an edit makes no sound.
func (s *Services) Gate(ctx context.Context, m models.Message) (wait models.Instant, drop bool, err error) {
	if m.Shown > 0 {
		return 0, false, nil
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if m.ExpiresAt != 0 && tx.Now >= m.ExpiresAt {
			drop = true
			return nil
		}
		// What passes quiet hours passes all of this, but for the question of an
		// urgent call: that may be switched off.
		if m.PersonID == 0 || m.Quiet != models.QuietWait && m.Kind != models.MessageAsk {
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
		reminds, err := isReminder(m)
		if err != nil {
			return err
		}
		urgent := m.Quiet == models.QuietPass
		if reminds && (p.Refuses(m.Kind) || urgent && p.OptedOut(models.OffUrgent) || tx.Now < p.PauseUntil && m.Kind.LeftOutInPause()) {
			drop = true
			return nil
		}
		if urgent {
			return nil
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

// isReminder says that a message only reminds: of study one may also tell of a
// move, or answer what its reader asked.
func isReminder(m models.Message) (bool, error) {
	if m.Kind != models.MessageStudy || len(m.Args) == 0 {
		return true, nil
	}
	var args StudyArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return false, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	return args.From == 0 && !args.Refused && !args.Where, nil
}
