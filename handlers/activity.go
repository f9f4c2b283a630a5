package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerActivity(r *bot.Router) {}

func (h *Handlers) activityRenders() map[models.MessageKind]renderFunc { return nil }
