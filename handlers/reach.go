package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerReach(r *bot.Router) {
	for action, choice := range map[string]string{views.ActionReachSend: services.ReachSend, views.ActionReachUnit: services.ReachUnit,
		views.ActionReachWait: services.ReachWait, views.ActionReachDrop: services.ReachDrop} {
		r.On(bot.KindAction, action, h.turnReach(func(ctx context.Context, act services.Act, id int64) (models.ReachShown, error) {
			return h.svc.ChooseReach(ctx, act, id, choice)
		}))
	}
	r.On(bot.KindAction, views.ActionReachStop, h.turnReach(h.svc.StopReach))
	r.On(bot.KindAction, views.ActionReachFree, h.turnReach(h.svc.FreeReach))
	r.On(bot.KindAction, views.ActionCallTell, h.tellModal)
	r.On(bot.KindSubmission, views.ModalCallTell, h.submitTell)
}

// turnReach answers a press on one of the buttons of a message to many, in the
// place of the question where there was one.
func (h *Handlers) turnReach(fn func(context.Context, services.Act, int64) (models.ReachShown, error)) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		out, err := fn(ctx, h.act(r), value(r))
		if err != nil {
			return bot.Reply{}, err
		}
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return h.replace(r, p.ReachChosen(out)), nil
	}
}

// tellLine is `call k12 tell [ROLE|unanswered|waiting] TEXT`; without words it
// opens the form.
func (h *Handlers) tellLine(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, text string) (bot.Reply, error) {
	var roles []string
	for _, role := range sheet.Roles {
		roles = append(roles, role.Name)
	}
	said := grammar.ParseTell(text, roles)
	to := services.TellTo{Kind: said.To, Role: said.Role}
	if said.Text == "" && sheet.Manages {
		if r.TriggerID == "" {
			return h.reply(p.TellAsk(sheet)), nil
		}
		return bot.Reply{Modal: p.TellModal(sheet, tellOption(sheet, to), "")}, nil
	}
	out, err := h.svc.TellCall(ctx, h.act(r), sheet.Call.ID, to, said.Text)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(told(p, out)), nil
}

// told reports a message on its way, or what is asked before it.
func told(p *views.Printer, out services.Told) views.Message {
	if out.Ask {
		return p.ReachAsk(out.Reach)
	}
	return p.Told(out.Sheet, out.Reach, p.TellTo(out.Sheet, out.To.Kind, out.To.Role, out.To.Shift))
}

// tellOption is the choice of the form that whom stands for.
func tellOption(sheet models.Sheet, to services.TellTo) string {
	for _, role := range sheet.Roles {
		if to.Kind == services.ToRole && models.FoldName(role.Name) == models.FoldName(to.Role) {
			return views.TellRole + strconv.FormatInt(role.ID, 10)
		}
	}
	return to.Kind
}

func (h *Handlers) tellModal(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, err := h.svc.CallByID(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if !sheet.Manages { // refused in words, by name
		_, err := h.svc.ManagedCall(ctx, h.act(r), sheet.Call.ID)
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.TellModal(sheet, "", "")}, nil
}

func (h *Handlers) submitTell(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	call := views.DecodeCallMeta(r.View.Private).Call
	to, err := h.tellTo(ctx, r, call)
	if err != nil {
		return bot.Reply{}, err
	}
	out, err := h.svc.TellCall(ctx, h.act(r), call, to, one(r, views.FieldTellText))
	var refusal *models.Error
	if errors.As(err, &refusal) && (refusal.Key == "error.tell_long" || refusal.Key == "error.tell_nothing") {
		return bot.Reply{Errors: map[string]string{views.FieldTellText: p.Error(err, "")}}, nil
	}
	if errors.As(err, &refusal) && refusal.Key == "error.tell_nobody" {
		return bot.Reply{Errors: map[string]string{views.FieldTellTo: p.Error(err, "")}}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(told(p, out))
	reply.Private = true
	return reply, nil
}

// tellTo reads the select of the form: a role or shift of this very call, or a
// group.
func (h *Handlers) tellTo(ctx context.Context, r bot.Request, call int64) (services.TellTo, error) {
	chosen := one(r, views.FieldTellTo)
	kind, row, numbered := strings.Cut(chosen, ":")
	if !numbered {
		return services.TellTo{Kind: chosen}, nil
	}
	sheet, err := h.svc.CallByID(ctx, h.act(r), call)
	if err != nil {
		return services.TellTo{}, err
	}
	id := rowID(row)
	switch {
	case kind == services.ToRole && sheet.Role(id) != nil:
		return services.TellTo{Kind: services.ToRole, Role: sheet.Role(id).Name}, nil
	case kind == services.ToShift && sheet.Shift(id) != nil:
		return services.TellTo{Kind: services.ToShift, Shift: id}, nil
	}
	return services.TellTo{}, models.Refuse(models.CodeNotFound, "error.role_gone")
}

// reachRenders words its messages.
func (h *Handlers) reachRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageReach: h.renderReach, models.MessageTell: h.renderTell}
}

func (h *Handlers) renderReach(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	out, err := h.svc.ReachOf(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("progress of a message to many: %w", err)
	}
	return outgoing(h.printerFor(out.Tenant, out.Reader, out.Now).ReachProgress(out)), nil
}

func (h *Handlers) renderTell(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	out, err := h.svc.Telling(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("an organizer's message: %w", err)
	}
	if out.Text == "" {
		return bot.Outgoing{}, errGone
	}
	return outgoing(h.printerFor(out.Sheet.Tenant, out.Sheet.Me, out.Sheet.Now).TellDM(out.Sheet, out.By, out.Text)), nil
}
