package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerYear(*bot.Router) {}

func (h *Handlers) yearRenders() map[models.MessageKind]renderFunc { return nil }
