package services

import (
	"context"
	"testing"

	"muster/models"
	"muster/store"
)

// A card is lost, the organizer is told once, chooses a place, and the call
// goes on there; nothing was closed.
func TestACardMovesOn(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := to.open(clinicSpec(models.Need{Most: 2}))
	to.join("U1", s.Roles[0].ID)
	to.send()
	card := to.message(cardKey(s.Call.ID))
	gone := to.by("")
	gone.Channel, gone.TS = card.Channel, card.TS
	to.must(to.svc.CardDeleted(ctx, gone))
	to.must(to.svc.CardDeleted(ctx, gone))
	to.must(to.svc.RoomGone(ctx, to.by(""), "CCALLS", "", true)) // told already
	if lost := to.message(lostKey(card)); lost.PersonID != s.Call.CreatorID {
		t.Errorf("%+v", lost)
	}
	if _, err := to.svc.MoveCard(ctx, to.by("U1"), s.Call.ID, "CNEW"); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member moves the card: %v", err)
	}
	out, err := to.svc.MoveCard(ctx, to.by("UCHEN"), s.Call.ID, "CNEW")
	to.must(err)
	fresh := to.message(cardKey(s.Call.ID))
	if out.Sheet.Call.Channel != "CNEW" || out.Sheet.Call.State != models.CallOpen || fresh.ID == card.ID || fresh.Channel != "CNEW" {
		t.Errorf("%+v %+v", out.Sheet.Call, fresh)
	}
	if moved, err := to.svc.CardMoved(ctx, 1, card.ID); err != nil || !moved {
		t.Errorf("%v %v", moved, err)
	}
	// What is said under the old card still counts.
	to.must(to.store.Read(ctx, func(tx *store.Tx) error {
		c, err := tx.CallOfMessage(1, card.Channel, card.TS)
		if err == nil && c.ID != s.Call.ID {
			t.Errorf("under the old card is call %d", c.ID)
		}
		return err
	}))
	before := to.message(lostKey(card)).Version
	to.must(to.svc.CardDeleted(ctx, gone)) // the old one, once more
	if to.message(lostKey(card)).Version != before {
		t.Error("a card that has moved on was lost again")
	}
}

// Undo takes back what its message reports, and nothing that came after.
func TestUndoOfClosingAndOfCancelling(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	s := to.open(clinicSpec(models.Need{Most: 2}))
	id := s.Call.ID
	_, err := to.svc.CloseCall(ctx, to.by("UCHEN"), id)
	to.must(err)
	_, err = to.svc.CancelCall(ctx, to.by("UCHEN"), id, "降雨")
	to.must(err)
	if _, err := to.svc.UndoCall(ctx, to.by("UCHEN"), id, models.CallClosed); refusal(err) != "error.nothing_to_undo" {
		t.Errorf("the undo of closing took cancelling back: %v", err)
	}
	out, err := to.svc.UndoCall(ctx, to.by("UCHEN"), id, models.CallCancelled)
	to.must(err)
	if out.Sheet.Call.State != models.CallClosed || out.Sheet.Call.Reason != "" {
		t.Errorf("it had been closed: %s %q", out.Sheet.Call.State, out.Sheet.Call.Reason)
	}
	out, err = to.svc.UndoCall(ctx, to.by("UCHEN"), id, models.CallClosed)
	to.must(err)
	if out.Sheet.Call.State != models.CallOpen {
		t.Errorf("%s", out.Sheet.Call.State)
	}
	if out, err = to.svc.UndoCall(ctx, to.by("UCHEN"), id, models.CallClosed); err != nil || !out.Nothing {
		t.Errorf("twice: %+v %v", out, err)
	}
}
