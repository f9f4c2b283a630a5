package handlers

import (
	"context"

	"muster/bot"
	"muster/models"
	"muster/views"
)

func (h *Handlers) noticeRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageNotice: h.renderNotice}
}

func (h *Handlers) renderNotice(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	shown, err := h.svc.Undelivered(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	model := views.NoticeModel{Kind: shown.Kind, More: shown.More, Ref: shown.Ref, Cause: shown.Cause}
	for _, p := range shown.People {
		model.To = append(model.To, views.UserTag(p.Slack(), p.Name))
	}
	for _, c := range shown.Channels {
		model.To = append(model.To, "<#"+c+">")
	}
	if len(model.To) == 0 { // purged meanwhile
		return bot.Outgoing{}, errGone
	}
	return outgoing(h.printerFor(shown.Tenant, shown.Reader, shown.Now).Notice(model)), nil
}

// OnDead and OnLost tell the person responsible what did not arrive.
func (h *Handlers) OnDead(ctx context.Context, m models.Message) {
	h.undelivered(ctx, m, m.LastError)
}

// OnLost is told that a message's place is gone; nothing closes because of it.
func (h *Handlers) OnLost(ctx context.Context, m models.Message, code string) {
	h.undelivered(ctx, m, code)
}

func (h *Handlers) undelivered(ctx context.Context, m models.Message, cause string) {
	if err := h.svc.NoteUndelivered(ctx, m, cause); err != nil {
		h.log.Error("the person responsible was not told of an undelivered message", "message", m.ID, "cause", err)
	}
}
