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

func (h *Handlers) registerPlace(r *bot.Router) {
	r.On(bot.KindAction, views.ActionCardPlace, h.cardPlace)
	r.On(bot.KindAction, views.ActionCardAgain, h.cardAgain)
	r.On(bot.KindEvent, "message_deleted", func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		return bot.Reply{}, h.svc.CardDeleted(ctx, h.act(r))
	})
}

// roomGone is told that a channel was archived, or somebody left it.
func (h *Handlers) roomGone(ctx context.Context, r bot.Request, channel string, archived bool) error {
	if channel == "" {
		return nil
	}
	who := eventID(r, "user")
	if r.Name == "channel_left" || r.Name == "group_left" { // told to who left, which is us
		me, _, err := h.svc.WhoActs(ctx, h.act(r))
		if err != nil {
			return err
		}
		who = me.Tenant.BotUserID
	}
	return h.svc.RoomGone(ctx, h.act(r), channel, who, archived)
}

// cardPlace posts a card that lost its place into the channel chosen.
func (h *Handlers) cardPlace(ctx context.Context, r bot.Request) (bot.Reply, error) {
	for block := range r.Fields {
		if id, ok := strings.CutPrefix(block, views.BlockCard); ok {
			r.Value = id
		}
	}
	if len(r.Selected) == 0 {
		return bot.Reply{}, nil
	}
	return h.moveCard(ctx, r, value(r), r.Selected[0])
}

// cardAgain posts it where it was.
func (h *Handlers) cardAgain(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, _, err := h.managed(ctx, r, value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	return h.moveCard(ctx, r, sheet.Call.ID, sheet.Call.Channel)
}

func (h *Handlers) moveCard(ctx context.Context, r bot.Request, id int64, channel string) (bot.Reply, error) {
	h.introduce(ctx, r, channel)
	out, err := h.svc.MoveCard(ctx, h.act(r), id, channel)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.CardMoved(out.Sheet)), nil
}

func (h *Handlers) renderCardLost(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, p, err := h.readerOf(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("lost card: %w", err)
	}
	var lost models.CardLostArgs
	if err := json.Unmarshal(m.Args, &lost); err != nil {
		return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	moved, err := h.svc.CardMoved(ctx, m.TenantID, lost.Message)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if moved && m.Shown == 0 || !moved && !s.Call.Live() {
		return bot.Outgoing{Skip: true}, nil
	}
	return outgoing(p.CardLost(s, lost, moved)), nil
}
