package handlers

import (
	"context"

	"muster/bot"
	"muster/models"
	"muster/views"
)

// callSub is `call k12 SUB REST`; sheet is the call as the actor sees it.
type callSub func(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, rest string) (bot.Reply, error)

// callSubs is what can be done to a call by its number, by the feature that does it.
func (h *Handlers) callSubs() map[string]callSub {
	id := func(fn func(context.Context, bot.Request, *views.Printer, int64) (bot.Reply, error)) callSub {
		return func(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, _ string) (bot.Reply, error) {
			return fn(ctx, r, p, sheet.Call.ID)
		}
	}
	return map[string]callSub{
		"close": id(h.closeCall), "reopen": id(h.reopenCall), "cancel": h.cancelCall, "edit": h.editLine, "tell": h.tellLine, "ask": h.askLine,
		"roll": h.rollLine, "code": h.codeLine, "served": h.servedLine, "goods": h.goodsLine,
		"handover": h.handoverSub, "copy": h.copySub, "template": h.templateSub, "curve": h.curveSub, "calendar": h.calendarSub,
		"home": h.homeSub,
	}
}

// registerDispatch is the table of contents of what belongs to a call beyond
// places: each feature in the file of its name.
func (h *Handlers) registerDispatch(r *bot.Router) {
	h.registerAsk(r)
	h.registerOnsite(r)
	h.registerSafety(r)
	h.registerReach(r)
	h.registerHandover(r)
	h.registerTemplate(r)
	h.registerDrill(r)
	h.registerCalendar(r)
	h.registerUnit(r)
	h.registerFewer(r)
}

// dispatchRenders words the messages of these features.
func (h *Handlers) dispatchRenders() []map[models.MessageKind]renderFunc {
	return []map[models.MessageKind]renderFunc{h.askRenders(), h.onsiteRenders(), h.safetyRenders(), h.reachRenders(),
		h.handoverRenders(), h.drillRenders()}
}
