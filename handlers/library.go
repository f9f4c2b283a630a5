package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerLibrary(*bot.Router) {}

func (h *Handlers) libraryRenders() map[models.MessageKind]renderFunc { return nil }
