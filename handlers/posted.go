package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerPosted(r *bot.Router) {}

func (h *Handlers) postedRenders() map[models.MessageKind]renderFunc { return nil }
