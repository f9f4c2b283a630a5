package handlers

import (
	"muster/bot"
	"muster/models"
)

// registerLedger is the table of contents of hours, summaries and privacy.
func (h *Handlers) registerLedger(r *bot.Router) {
	h.registerHours(r)
	h.registerActivity(r)
	h.registerPosted(r)
	h.registerPicture(r)
	h.registerPrivacy(r)
}

// ledgerRenders words the messages of these features.
func (h *Handlers) ledgerRenders() []map[models.MessageKind]renderFunc {
	return []map[models.MessageKind]renderFunc{h.hoursRenders(), h.activityRenders(), h.postedRenders(), h.pictureRenders(), h.privacyRenders()}
}
