package handlers

import (
	"context"
	"strconv"
	"strings"
	"time"

	"muster/bot"
	"muster/models"
	"muster/views"
)

func (h *Handlers) registerGreet(r *bot.Router) {
	r.On(bot.KindAction, views.ActionGreetWindow, h.chooseWindow)
}

func (h *Handlers) greetRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageGreet: h.renderGreet}
}

// chooseWindow takes one of the times offered for who presses, whoever's
// message it was.
func (h *Handlers) chooseWindow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(r.ActionID, views.ActionGreetWindow+":"))
	if err != nil {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.not_yours")
	}
	me, err := h.svc.ChooseWindow(ctx, h.act(r), n)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return say(p.GreetChosen(me.Person)), nil
}

// withGreeting puts the first contact under the first message somebody gets.
func (h *Handlers) withGreeting(ctx context.Context, m models.Message, out bot.Outgoing) (bot.Outgoing, error) {
	g, first, err := h.svc.FirstContact(ctx, m)
	if err != nil || !first {
		return out, err
	}
	out.Blocks = h.printerFor(g.Tenant, g.Person, g.Now).GreetUnder(out.Blocks, m.Shown > 0, g.Tenant, g.Unit, g.Person)
	return out, nil
}

// A first contact waits until Slack has said who the person is, for the right
// language and in the right night; after an hour without an answer it goes out
// in the organisation's.
const (
	strangerFor  = time.Hour
	strangerWait = 2 * time.Minute
)

// renderGreet words the first contact.
func (h *Handlers) renderGreet(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	g, err := h.svc.GreetingOf(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if !g.Person.Welcome() {
		return bot.Outgoing{}, errGone
	}
	if g.Person.KnownAt == 0 && g.Now.Sub(m.CreatedAt) < strangerFor {
		return bot.Outgoing{Wait: int64(g.Now.Add(strangerWait))}, nil
	}
	return outgoing(h.printerFor(g.Tenant, g.Person, g.Now).Greet(g.Tenant, g.Unit, g.Person)), nil
}
