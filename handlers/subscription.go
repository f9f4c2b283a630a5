package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerSubscription(*bot.Router) {}

func (h *Handlers) subscriptionRenders() map[models.MessageKind]renderFunc { return nil }
