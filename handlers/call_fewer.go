package handlers

import (
	"context"

	"muster/bot"
	"muster/views"
)

func (h *Handlers) registerFewer(r *bot.Router) {
	r.On(bot.KindAction, views.ActionCallFewer, h.askFewer)
}

// askFewer asks those of a role with too many who would step back.
func (h *Handlers) askFewer(ctx context.Context, r bot.Request) (bot.Reply, error) {
	out, err := h.svc.AskFewer(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if out.Reach.ID != 0 {
		return h.reply(p.ReachAsk(out.Reach)), nil
	}
	return h.reply(p.FewerAsked(out.Sheet, out.Asked)), nil
}
