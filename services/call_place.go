package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// Where a card is, and what happens when that place is lost: nothing closes,
// the organizer is told and offered a new place.

// Causes of a lost card, as Slack names them.
const (
	lostDeleted  = "message_not_found"
	lostArchived = "is_archived"
	lostOut      = "not_in_channel"
)

// CardDeleted notes that the message at act.TS is gone; when it was the card of
// a call under way, its organizer is told.
func (s *Services) CardDeleted(ctx context.Context, act Act) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(act.Tenant())
		if err != nil {
			return ignoreMissing(err)
		}
		m, err := tx.MessageAt(t.ID, act.Channel, act.TS)
		if err != nil || m.Kind != models.MessageCard {
			return ignoreMissing(err)
		}
		return cardLost(tx, m, lostDeleted)
	})
}

// RoomGone tells the organizers whose calls have their card in a channel that
// was archived, or (archived false) that who left: only the bot's leaving counts.
func (s *Services) RoomGone(ctx context.Context, act Act, channel, who string, archived bool) error {
	cause := lostOut
	if archived {
		cause = lostArchived
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(act.Tenant())
		if err != nil || !archived && who != t.BotUserID {
			return ignoreMissing(err)
		}
		calls, err := tx.CallsIn(t.ID, models.CallOpen, models.CallFilled, models.CallClosed)
		if err != nil {
			return fmt.Errorf("calls under way: %w", err)
		}
		for _, c := range calls {
			if c.Channel != channel {
				continue
			}
			m, err := tx.MessageByKey(t.ID, cardKey(c.ID))
			if err == nil {
				err = cardLost(tx, m, cause)
			}
			if ignoreMissing(err) != nil {
				return err
			}
		}
		return nil
	})
}

func lostKey(m models.Message) string { return fmt.Sprintf("card_lost:%d:%d", m.SubjectID, m.ID) }

// cardLost tells the organizer once of each card that was lost; a card that has
// moved on is nobody's loss.
func cardLost(tx *store.Tx, m models.Message, cause string) error {
	c, err := tx.Call(m.TenantID, m.SubjectID)
	if err != nil || m.Key != cardKey(c.ID) || !c.Live() {
		return ignoreMissing(err)
	}
	_, err = tx.Enqueue(models.Message{TenantID: c.TenantID, Key: lostKey(m), Kind: models.MessageCardLost, SubjectID: c.ID,
		PersonID: c.CreatorID, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait}.
		WithArgs(models.CardLostArgs{Cause: cause, Channel: c.Channel, Message: m.ID}))
	return err
}

// MoveCard posts a call's card anew, into channel.
func (s *Services) MoveCard(ctx context.Context, act Act, callID int64, channel string) (Changed, error) {
	return s.manage(ctx, act, callID, "call_move", func(d *desk, me Actor, out *Changed) error {
		if !d.Call.Live() {
			return d.TakesSignups()
		}
		room, err := d.tx.EnsureChannel(d.tenant.ID, channel)
		if err != nil {
			return fmt.Errorf("new channel of the card: %w", err)
		}
		switch {
		case room.Archived:
			return models.Refuse(models.CodeConflict, "error.place_archived", "Channel", "<#"+channel+">")
		case room.Private && !room.BotIn:
			return models.Refuse(models.CodeConflict, "error.place_invite", "Channel", "<#"+channel+">")
		}
		old, err := d.tx.MessageByKey(d.tenant.ID, cardKey(d.Call.ID))
		switch {
		case err == nil:
			former := fmt.Sprintf("%s:was:%d", old.Key, old.ID)
			if err := errors.Join(d.tx.Rekey(d.tenant.ID, old.Key, former), d.tx.Touch(d.tenant.ID, lostKey(old))); err != nil {
				return err
			}
			if _, err := d.tx.CancelMessages(d.tenant.ID, former); err != nil {
				return err
			}
		case ignoreMissing(err) != nil:
			return err
		}
		d.Call.Channel, d.dirty = channel, true
		return errors.Join(d.card(), d.note(me, "edit"))
	})
}

// CardMoved says whether a card has been posted anew since.
func (s *Services) CardMoved(ctx context.Context, tenantID, messageID int64) (moved bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.MessagesByIDs([]int64{messageID})
		moved = len(all) == 0 || all[0].TenantID != tenantID || all[0].Key != cardKey(all[0].SubjectID)
		return err
	})
	return moved, err
}
