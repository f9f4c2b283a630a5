package handlers

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerUnit(r *bot.Router) {
	r.Verb("unit", h.unit)
	r.On(bot.KindAction, views.ActionUnits, h.unitList)
	r.On(bot.KindAction, views.ActionUnitGaps, h.unitGaps)
	r.On(bot.KindAction, views.ActionUnitAdd, h.unitForm)
	r.On(bot.KindAction, views.ActionUnitEdit, h.unitForm)
	r.On(bot.KindSubmission, views.ModalUnit, h.saveUnit)
}

// unit alone is the ledger; add opens the form, gaps what is amiss.
func (h *Handlers) unit(ctx context.Context, r bot.Request) (bot.Reply, error) {
	cmd := grammar.ParseCommand(r.Text)
	switch {
	case cmd.Sub == "gaps":
		return h.unitGaps(ctx, r)
	case cmd.Sub == "add":
		return h.unitForm(ctx, r)
	case cmd.Sub == "list", cmd.Rest == "":
		return h.unitList(ctx, r)
	}
	if _, err := h.svc.Units(ctx, h.act(r)); err != nil { // who may not hears who may
		return bot.Reply{}, err
	}
	return bot.Reply{}, models.Refuse(models.CodeInvalid, "unit.how", "Part", cmd.Rest)
}

func (h *Handlers) unitList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.ledger(ctx, r, h.svc.Units, func(p *views.Printer, all services.Ledger) views.Message {
		return p.UnitLedger(all.Rows, len(all.Gaps), all.Outside)
	})
}

func (h *Handlers) unitGaps(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.ledger(ctx, r, h.svc.UnitGaps, func(p *views.Printer, all services.Ledger) views.Message { return p.UnitGaps(all.Gaps, all.Admin) })
}

// ledger answers where it was asked; a button on the Home tab has no such place.
func (h *Handlers) ledger(ctx context.Context, r bot.Request, read func(context.Context, services.Act) (services.Ledger, error),
	show func(*views.Printer, services.Ledger) views.Message) (bot.Reply, error) {
	all, err := read(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(show(p, all))
	reply.Private = r.Channel == ""
	return reply, nil
}

// unitForm opens the form of the unit pressed on, or of a new one.
func (h *Handlers) unitForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	id := int64(0)
	if r.Kind == bot.KindAction {
		id = value(r)
	}
	form, err := h.svc.UnitForm(ctx, h.act(r), id)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.OpenButton(p.T("unit.open"), views.ActionUnitAdd)), nil
	}
	return bot.Reply{Modal: p.UnitModal(form.Unit, form.Leader, form.Units)}, nil
}

func (h *Handlers) saveUnit(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	faults := map[string]string{}
	in := services.UnitEdit{Name: one(r, views.FieldUnitName), Type: strings.TrimSpace(one(r, views.FieldUnitType)),
		Leader: one(r, views.FieldUnitLeader), Join: r.Fields[views.FieldUnitJoin], Leave: r.Fields[views.FieldUnitLeave]}
	in.ID, _ = strconv.ParseInt(r.View.Private, 10, 64)
	in.ParentID, _ = strconv.ParseInt(chosen(r, views.FieldUnitParent), 10, 64)
	in.Windows = windows(p, r, views.FieldWindows, faults)
	in.QuietStart, in.QuietEnd = quietOf(p, r, faults)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	u, err := h.svc.SaveUnit(ctx, h.act(r), in)
	if field := unitFault(err); field != "" {
		return bot.Reply{Errors: map[string]string{field: p.Error(err, "")}}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Private: true, Text: p.UnitSaved(u, len(in.Join), len(in.Leave))}, nil
}

// unitFault is the field of the form that a refusal is about, "" for none.
func unitFault(err error) string {
	var e *models.Error
	if !errors.As(err, &e) {
		return ""
	}
	return map[string]string{"unit.bad_name": views.FieldUnitName, "unit.name_taken": views.FieldUnitName,
		"unit.ring": views.FieldUnitParent, "role.bot": views.FieldUnitLeader}[e.Key]
}
