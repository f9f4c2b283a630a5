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

// push is `study push b3 | for: … | by: …`; alone, or with an item only, it is
// the form.
func (h *Handlers) push(ctx context.Context, r bot.Request, rest string) (bot.Reply, error) {
	rest = strings.TrimSpace(rest)
	if rest == "" {
		r.Value = "0"
		return h.pushPressed(ctx, r)
	}
	if n, only := grammar.MaterialNumber(strings.TrimPrefix(rest, "#")); only {
		card, err := h.svc.MaterialByNumber(ctx, h.act(r), n)
		if err != nil {
			return bot.Reply{}, err
		}
		r.Value = strconv.FormatInt(card.Material.ID, 10)
		return h.pushPressed(ctx, r)
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.reading(ctx, r, p)
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParsePush(rest, o)
	if err != nil {
		return bot.Reply{}, reasonError(bothDays(p, err))
	}
	card, err := h.svc.MaterialByNumber(ctx, h.act(r), read.Number)
	if err != nil {
		return bot.Reply{}, err
	}
	in := pushedStudy(read, o)
	in.Material, in.For = card.Material.ID, read.For
	return h.pushOpen(ctx, r, p, in)
}

// pushedStudy is a study without a meeting, due at the time that was read; who
// is not done is reminded a day before.
func pushedStudy(read grammar.Push, o grammar.Options) services.NewStudy {
	in := services.NewStudy{Start: read.By, Wall: read.By.In(o.Zone).Format("2006-01-02T15:04"), Zone: o.Zone.String(), Credit: 60, Leads: []int{24 * 60}, Makeup: -1}
	if read.Hours != nil {
		in.Credit = int(*read.Hours*60 + 0.5)
	}
	return in
}

func (h *Handlers) pushOpen(ctx context.Context, r bot.Request, p *views.Printer, in services.NewStudy) (bot.Reply, error) {
	if _, err := h.svc.StudyUnits(ctx, h.act(r)); err != nil { // who may not, moves nothing
		return bot.Reply{}, err
	}
	if room := studyRoom(r, in); room != "" {
		h.introduce(ctx, r, room)
	}
	plan, err := h.svc.OpenStudy(ctx, h.act(r), in)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Pushed(planModel(plan), plan.Material)), nil
}

// pushPressed opens the form; value is the item, 0 for any.
func (h *Handlers) pushPressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	chosen := value(r)
	items, units, err := h.svc.PushChoices(ctx, h.act(r), chosen)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(items) == 0 {
		return bot.Reply{}, models.Refuse(models.CodeConflict, "error.library_none")
	}
	if r.TriggerID == "" {
		return h.reply(p.FormButton(views.ActionLibraryPush, chosen)), nil
	}
	channel := r.Channel
	if r.Direct || r.Kind == bot.KindAction && r.TS == "" { // Home has no channel
		channel = ""
	}
	return bot.Reply{Modal: p.PushModal(channel, items, units, chosen)}, nil
}

// pushSubmitted reads the form with the grammar of the one line.
func (h *Handlers) pushSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	r.Channel = r.View.Private
	r.Direct = r.Channel == ""
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.reading(ctx, r, p)
	if err != nil {
		return bot.Reply{}, err
	}
	read := grammar.Push{}
	if read.By, err = grammar.ParseBy(one(r, views.FieldBy), o); err != nil {
		return fieldError(p, views.FieldBy, reasonError(bothDays(p, err)))
	}
	if text := strings.TrimSpace(one(r, views.FieldHours)); text != "" {
		if read.Hours, err = grammar.ParseHours(text, o); err != nil {
			return fieldError(p, views.FieldHours, reasonError(err))
		}
	}
	in := pushedStudy(read, o)
	in.Material = rowID(one(r, views.FieldMaterial))
	who := one(r, views.FieldWho)
	if unit, ok := strings.CutPrefix(who, views.WhoUnit); ok {
		in.ForUnit = rowID(unit)
	} else if who != views.WhoChannel {
		in.For = who
	}
	reply, err := h.pushOpen(ctx, r, p, in)
	var refused *models.Error
	if errors.As(err, &refused) && (refused.Code == models.CodeInvalid || refused.Code == models.CodeForbidden) {
		field := views.FieldBy
		if refused.Code == models.CodeForbidden || refused.Key == "error.study_for_missing" || refused.Key == "error.study_no_unit" {
			field = views.FieldWho
		}
		return fieldError(p, field, err)
	}
	reply.Private = true
	return reply, err
}
