package handlers

import (
	"context"
	"errors"

	"muster/bot"
	"muster/grammar"
	"muster/services"
	"muster/views"
)

// remindForm opens the form of the message shortcut with the message's words.
func (h *Handlers) remindForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.RemindModal(views.Cut(views.Plain(r.Text), views.LimitTitle))}, nil
}

// remindFormDone sets the reminder, or says at the field what cannot be read.
func (h *Handlers) remindFormDone(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	when, err := grammar.ParseWhen(one(r, views.FieldRemindWhen), grammar.Options{Now: p.Now, Zone: p.Zone, Lang: p.Lang})
	if err == nil && when.Kind == grammar.KindList {
		err = &grammar.Reason{Key: "error.remind_one_time"}
	}
	var reason *grammar.Reason
	if errors.As(err, &reason) {
		return bot.Reply{Errors: map[string]string{views.FieldRemindWhen: p.Error(reasonError(err), "")}}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	set, err := h.svc.AddReminder(ctx, h.act(r), services.NewReminder{Who: "me", Text: one(r, views.FieldText), RRule: when.Rule,
		Wall: when.Wall, Zone: when.Zone, Start: when.Start})
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.RemindSet(remindModel(set)))
	reply.Private = true
	return reply, nil
}
