package handlers

import (
	"context"

	"muster/bot"
	"muster/views"
)

func (h *Handlers) registerHome(r *bot.Router) {
	r.On(bot.KindHome, "", h.home)
	r.Verb("me", h.me)
	r.On(bot.KindAction, views.ActionHelp, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		r.Text = ""
		reply, err := h.help(ctx, r)
		reply.Private = true
		return reply, err
	})
}

// home draws the Home tab for who opened it.
func (h *Handlers) home(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.svc.OverviewOf(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.Meet(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Home: p.Home(o)}, nil
}

// me answers by direct message: what concerns one person goes to that person.
func (h *Handlers) me(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.svc.OverviewOf(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.Meet(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.Me(o))
	reply.Private = true
	return reply, nil
}

// short answers the bare command with what this person most likely wants.
func (h *Handlers) short(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.svc.OverviewOf(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.Meet(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Short(o)), nil
}
