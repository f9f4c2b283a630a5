package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerDay(*bot.Router) {}

func (h *Handlers) dayRenders() map[models.MessageKind]renderFunc { return nil }
