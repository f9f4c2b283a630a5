package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerMakeup(*bot.Router) {}

func (h *Handlers) makeupRenders() map[models.MessageKind]renderFunc { return nil }
