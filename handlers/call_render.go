package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"muster/bot"
	"muster/models"
	"muster/views"
)

// renderCard words a call's card in the channel's language and the call's zone.
func (h *Handlers) renderCard(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, err := h.svc.CallSheet(ctx, m.TenantID, m.SubjectID, 0)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("card: %w", err)
	}
	return outgoing(h.channelPrinter(s.Tenant, s.Room, s.Call.Zone, s.Now).CallCard(s)), nil
}

// former says whether a newer message has taken over from this one.
func former(m models.Message) bool { return strings.Contains(m.Key, ":was:") }

// readerOf loads a call for the person a message goes to.
func (h *Handlers) readerOf(ctx context.Context, m models.Message) (models.Sheet, *views.Printer, error) {
	s, err := h.svc.CallSheet(ctx, m.TenantID, m.SubjectID, m.PersonID)
	if err != nil {
		return s, nil, err
	}
	return s, h.printerFor(s.Tenant, s.Me, s.Now), nil
}

func (h *Handlers) renderPanel(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, p, err := h.readerOf(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("panel: %w", err)
	}
	if former(m) && m.Shown == 0 {
		return bot.Outgoing{Skip: true}, nil
	}
	return outgoing(p.Panel(s, former(m))), nil
}

func (h *Handlers) renderSignup(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, p, err := h.readerOf(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("message about a place: %w", err)
	}
	if former(m) && m.Shown == 0 {
		return bot.Outgoing{Skip: true}, nil
	}
	var args models.SignupArgs
	if len(m.Args) > 0 {
		if err := json.Unmarshal(m.Args, &args); err != nil {
			return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
		}
	}
	out := p.SignupDM(s, args, former(m))
	if out.Text == "" {
		return bot.Outgoing{Skip: true}, nil
	}
	return outgoing(out), nil
}

func (h *Handlers) renderNote(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, p, err := h.readerOf(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("note about a call: %w", err)
	}
	var args models.NoteArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	by, err := h.svc.PersonOf(ctx, m.TenantID, args.By)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("who did it: %w", err)
	}
	return outgoing(p.CallNote(s, args.What, by)), nil
}
