package handlers

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerAsk(r *bot.Router) {
	r.On(bot.KindAction, views.ActionAskYes, h.askYes)
	r.On(bot.KindAction, views.ActionAskNo, h.askNo)
	r.On(bot.KindAction, views.ActionAskLater, h.askLater)
	r.On(bot.KindAction, views.ActionAskMore, h.byID(func(ctx context.Context, r bot.Request, p *views.Printer, id int64) (bot.Reply, error) {
		return h.askMore(ctx, r, p, id, 0, "")
	}))
	r.On(bot.KindAction, views.ActionAskWiden, h.byID(h.askWiden))
	r.On(bot.KindAction, views.ActionAskPhones, h.byID(h.askPhones))
	r.On(bot.KindAction, views.ActionAskPause, h.byID(h.askHold(true)))
	r.On(bot.KindAction, views.ActionAskResume, h.byID(h.askHold(false)))
}

// askRenders words its messages.
func (h *Handlers) askRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageAsk: h.renderAsk, models.MessageAskOver: h.renderAskOver}
}

func (h *Handlers) renderAsk(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, q, err := h.svc.AskSheet(ctx, m.TenantID, m.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if m.Shown == 0 && (former(m) || !q.Waiting()) { // enough people before it went out, or answered elsewhere
		return bot.Outgoing{Skip: true}, nil
	}
	out := h.printerFor(s.Tenant, s.Me, s.Now).AskDM(s, q, former(m))
	if out.Text == "" {
		return bot.Outgoing{Skip: true}, nil
	}
	return outgoing(out), nil
}

func (h *Handlers) renderAskOver(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, p, err := h.readerOf(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("nobody left to ask: %w", err)
	}
	if former(m) && m.Shown == 0 {
		return bot.Outgoing{Skip: true}, nil
	}
	return outgoing(p.AskOver(s, former(m))), nil
}

// askYes, askNo and askLater answer a question by its buttons.
func (h *Handlers) askYes(ctx context.Context, r bot.Request) (bot.Reply, error) {
	out, err := h.svc.AskYes(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.AskedYes(out.Sheet, out.Joining.Signup, out.Joining.Outcome, out.Standby)), nil
}

func (h *Handlers) askNo(ctx context.Context, r bot.Request) (bot.Reply, error) {
	out, err := h.svc.AskNo(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if out.What == services.HeardLeft {
		return h.replace(r, p.LeftPlaces(out.Sheet, out.Left)), nil
	}
	return h.replace(r, p.AskedNo(out.Sheet)), nil
}

func (h *Handlers) askLater(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	out, err := h.svc.AskLater(ctx, h.act(r), value(r), p.LaterWords())
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.AskedLater(out.Sheet, out.Joining.Signup, out.Standby)), nil
}

// askLine is `call k12 ask N`, `ask 5 lifter`, `ask auto`, `ask stop`.
func (h *Handlers) askLine(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, text string) (bot.Reply, error) {
	var roles []string
	for _, role := range sheet.Roles {
		roles = append(roles, role.Name)
	}
	order, ok := grammar.ParseAskOrder(text, roles)
	switch {
	case !ok:
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.ask_order", "Part", strings.TrimSpace(text), "Number", sheet.Call.Ref())
	case order.Pause, order.Resume:
		return h.askHold(order.Pause)(ctx, r, p, sheet.Call.ID)
	case order.Plan != nil:
		got, err := h.svc.PlanAsk(ctx, h.act(r), sheet.Call.ID, planText(order.Plan))
		if err != nil {
			return bot.Reply{}, err
		}
		if got.Reach.ID != 0 {
			return h.reply(p.ReachAsk(got.Reach)), nil
		}
		return h.reply(p.AskPlanned(got.Sheet, asking(got))), nil
	}
	return h.askMore(ctx, r, p, sheet.Call.ID, order.N, order.Role)
}

// planText is a plan as a call keeps it.
func planText(a *grammar.Ask) string {
	switch {
	case a == nil || a.Off:
		return ""
	case a.Auto:
		return models.AskAuto
	}
	return strconv.Itoa(a.Size) + " every " + strconv.Itoa(int(a.Every.Minutes())) + "m"
}

func (h *Handlers) askMore(ctx context.Context, r bot.Request, p *views.Printer, id int64, n int, role string) (bot.Reply, error) {
	got, err := h.svc.AskMore(ctx, h.act(r), id, n, role)
	if err != nil {
		return bot.Reply{}, err
	}
	if got.Reach.ID != 0 {
		return h.reply(p.ReachAsk(got.Reach)), nil
	}
	return h.reply(p.AskedMore(got.Sheet, asking(got))), nil
}

func (h *Handlers) askWiden(ctx context.Context, r bot.Request, p *views.Printer, id int64) (bot.Reply, error) {
	got, err := h.svc.AskWiden(ctx, h.act(r), id)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.AskedMore(got.Sheet, asking(got))), nil
}

// askPhones shows the numbers of those who did not answer to who may use them.
func (h *Handlers) askPhones(ctx context.Context, r bot.Request, p *views.Printer, id int64) (bot.Reply, error) {
	sheet, people, err := h.svc.AskPhones(ctx, h.act(r), id)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.AskPhones(sheet, people)), nil
}

// askHold pauses asking, or goes on.
func (h *Handlers) askHold(hold bool) func(context.Context, bot.Request, *views.Printer, int64) (bot.Reply, error) {
	return func(ctx context.Context, r bot.Request, p *views.Printer, id int64) (bot.Reply, error) {
		got, err := h.svc.PauseAsk(ctx, h.act(r), id, hold)
		if err != nil {
			return bot.Reply{}, err
		}
		if got.Reach.ID != 0 {
			return h.reply(p.ReachAsk(got.Reach)), nil
		}
		return h.replace(r, p.AskHeld(got.Sheet, hold)), nil
	}
}

func asking(got services.Asking) views.Asking {
	return views.Asking{Asked: got.Asked, Wakes: got.Wakes, Left: got.Left}
}
