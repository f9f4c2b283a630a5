package handlers

import (
	"context"
	"encoding/json"
	"fmt"

	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerPosted(r *bot.Router) {}

func (h *Handlers) postedRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageCorrected: h.renderCorrected}
}

func (h *Handlers) renderCorrected(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	var args models.CorrectedArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	shown, err := h.svc.SummaryByPosting(ctx, m.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	return outgoing(h.channelPrinter(shown.Tenant, shown.Channel, shown.Tenant.Zone, shown.At).Corrected(args)), nil
}
