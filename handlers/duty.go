package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerDuty(*bot.Router) {}

func (h *Handlers) dutyRenders() map[models.MessageKind]renderFunc { return nil }
