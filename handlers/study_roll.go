package handlers

import (
	"muster/bot"
	"muster/models"
)

func (h *Handlers) registerStudyRoll(*bot.Router) {}

func (h *Handlers) studyRollRenders() map[models.MessageKind]renderFunc { return nil }
