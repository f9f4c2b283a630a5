package handlers

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerDrafts(r *bot.Router) {
	for action, choice := range map[string]string{
		views.ActionDraftUrgent: services.ChoiceUrgent, views.ActionDraftWait: services.ChoiceWait,
		views.ActionDraftOrdinary: services.ChoiceOrdinary, views.ActionDraftSend: services.ChoiceSend,
		views.ActionDraftDrop: services.ChoiceDrop} {
		r.On(bot.KindAction, action, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			return h.postDraft(ctx, r, value(r), choice, "")
		})
	}
	r.On(bot.KindAction, views.ActionDraftWhere, h.draftWhere)
	r.On(bot.KindAction, views.ActionDraftToday, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		return h.draftDay(ctx, r, "today")
	})
	r.On(bot.KindAction, views.ActionDraftNext, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		return h.draftDay(ctx, r, "next")
	})
}

// postDraft answers what was asked about a call not yet posted, in the place
// of the question.
func (h *Handlers) postDraft(ctx context.Context, r bot.Request, id int64, choice, channel string) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if draft, err := h.svc.DraftText(ctx, h.act(r), id); err == nil && choice != services.ChoiceDrop {
		audience := ""
		if draft.Spec != nil {
			audience = draft.Spec.For
		}
		h.introduce(ctx, r, cardChannels(cmp.Or(channel, draft.Channel), draft.Direct && channel == "", audience)...)
	}
	out, err := h.svc.PostDraft(ctx, h.act(r), id, choice, channel)
	if err != nil {
		return bot.Reply{}, err
	}
	if choice == services.ChoiceDrop {
		return h.replace(r, p.DraftDropped()), nil
	}
	return h.replace(r, h.opened(p, out)), nil
}

// replace answers in the place of the private question that was pressed on.
func (h *Handlers) replace(r bot.Request, m views.Message) bot.Reply {
	reply := h.reply(m)
	reply.Replace = r.Ephemeral
	return reply
}

// draftWhere posts into the channel chosen. The draft stands in the block_id,
// because a select has no value of its own.
func (h *Handlers) draftWhere(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var draft int64
	for block := range r.Fields {
		if id, ok := strings.CutPrefix(block, views.BlockDraft); ok {
			draft, _ = strconv.ParseInt(id, 10, 64) // what is no number is no draft
		}
	}
	if len(r.Selected) == 0 {
		return bot.Reply{}, nil
	}
	return h.postDraft(ctx, r, draft, services.ChoiceSend, r.Selected[0])
}

// askDay keeps the text and asks which day "tomorrow" is: typed in the small
// hours it can be this morning.
func (h *Handlers) askDay(ctx context.Context, r bot.Request, p *views.Printer, text string, reason *grammar.Reason) (bot.Reply, error) {
	draft, err := h.svc.KeepText(ctx, h.act(r), text)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.AskDay(draft.ID, firstStart(reason.Readings[0]).Start, firstStart(reason.Readings[1]).Start)), nil
}

func firstStart(w grammar.When) grammar.When {
	if list := w.List(); len(list) > 0 {
		return list[0]
	}
	return w
}

// draftDay reads the kept text anew, at the time it was typed, with the day
// settled.
func (h *Handlers) draftDay(ctx context.Context, r bot.Request, day string) (bot.Reply, error) {
	draft, err := h.svc.DraftText(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	from := r
	from.Channel, from.Direct = draft.Channel, draft.Direct
	p, o, err := h.callReader(ctx, from)
	if err != nil {
		return bot.Reply{}, err
	}
	o.Now, o.Tomorrow = draft.CreatedAt.In(o.Zone), day
	read, err := grammar.ParseCall(draft.Text, o)
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	h.introduce(ctx, r, cardChannels(draft.Channel, draft.Direct, read.For)...)
	out, err := h.svc.OpenDraftText(ctx, h.act(r), draft.ID, specOf(read, o.Zone.String()), services.OpenHow{})
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, h.opened(p, out)), nil
}
