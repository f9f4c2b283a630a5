package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerPrivacy(r *bot.Router) {}

func (h *Handlers) privacyRenders() map[models.MessageKind]renderFunc { return nil }
