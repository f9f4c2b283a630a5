package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerHours(r *bot.Router) {}

func (h *Handlers) hoursRenders() map[models.MessageKind]renderFunc { return nil }
