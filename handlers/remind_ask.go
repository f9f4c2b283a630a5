package handlers

import (
	"context"
	"errors"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/views"
)

// remindAsk keeps what was typed and asks which of the times it can mean is
// meant: "tomorrow" in the small hours, "at 3".
func (h *Handlers) remindAsk(ctx context.Context, r bot.Request, p *views.Printer, text string, reason *grammar.Reason) (bot.Reply, error) {
	draft, err := h.svc.KeepRemindText(ctx, h.act(r), text)
	if err != nil {
		return bot.Reply{}, err
	}
	var times []time.Time
	for _, w := range reason.Readings {
		times = append(times, firstStart(w).Start)
	}
	return h.reply(p.RemindWhich(draft.ID, reason.Part, times)), nil
}

// remindWhen reads the kept text anew, as of when it was typed, with the time
// that was pressed.
func (h *Handlers) remindWhen(ctx context.Context, r bot.Request) (bot.Reply, error) {
	row, n := pair(r.Value)
	draft, err := h.svc.DraftText(ctx, h.act(r), rowID(row))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParseRemind(draft.Text, grammar.Options{Now: draft.CreatedAt.In(p.Zone), Zone: p.Zone, Lang: p.Lang})
	var reason *grammar.Reason
	switch {
	case errors.As(err, &reason) && n >= 0 && int(n) < len(reason.Readings):
		read.When = firstStart(reason.Readings[n])
	case err != nil:
		return bot.Reply{}, reasonError(err)
	default: // forged, or read in another zone since
		return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.draft_gone")
	}
	inPlace := r.Ephemeral
	r.Channel, r.Direct = draft.Channel, draft.Direct
	reply, err := h.remindSet(ctx, r, p, read, draft.ID)
	reply.Replace = inPlace
	return reply, err
}
