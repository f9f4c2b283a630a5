package handlers

import (
	"context"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/views"
)

func (h *Handlers) registerPrivacy(r *bot.Router) {
	r.Verb("privacy", h.privacy)
	on := func(id string, f bot.Handler) { r.On(bot.KindAction, id, f) }
	on(views.ActionPrivacyCopy, h.privacyCopy)
	on(views.ActionPrivacyForget, h.privacySure)
	on(views.ActionPrivacyYes, h.privacyYes)
	on(views.ActionPrivacyKeep, h.privacyKeep)
}

func (h *Handlers) privacyRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessagePrivacy: h.renderPrivacy}
}

// privacy answers by direct message, wherever it was asked.
func (h *Handlers) privacy(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if grammar.ParseCommand(r.Text).Sub == "forget" {
		return h.privacySure(ctx, r)
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	held, err := h.svc.HeldAbout(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.Privacy(held))
	reply.Private, reply.Keep = true, true
	return reply, nil
}

func (h *Handlers) privacyCopy(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.AskCopy(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: p.T("privacy.coming"), Private: true}, nil
}

func (h *Handlers) privacySure(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.PrivacyForget())
	reply.Private, reply.Keep = true, true
	return reply, nil
}

func (h *Handlers) privacyYes(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	at, err := h.svc.AskForget(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.PrivacyPlanned(at))
	reply.Private, reply.Keep = true, true
	return reply, nil
}

func (h *Handlers) privacyKeep(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	kept, err := h.svc.KeepMe(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	said := "privacy.kept"
	if !kept {
		said = "privacy.not_asked"
	}
	return bot.Reply{Text: p.T(said), Private: true, Keep: true}, nil
}

// renderPrivacy makes the copy at the moment it is sent.
func (h *Handlers) renderPrivacy(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	t, who, now, err := h.svc.Recipient(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	raw, err := h.svc.CopyToSend(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	title := h.printerFor(t, who, now).T("privacy.file")
	return bot.Outgoing{Text: title, File: &bot.File{Name: "muster-privacy.json", Title: title, Alt: title, Bytes: raw}}, nil
}
