package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerHoliday(*bot.Router) {}

func (h *Handlers) holidayRenders() map[models.MessageKind]renderFunc { return nil }
