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

func (h *Handlers) registerTemplate(r *bot.Router) {
	r.On(bot.KindAction, views.ActionCallCopy, h.copyCall)
	r.On(bot.KindAction, views.ActionCallTemplate, h.keepModal)
	r.On(bot.KindAction, views.ActionCallMenu, h.fromMenu)
	r.On(bot.KindSubmission, views.ModalTemplate, h.submitTemplate)
	r.On(bot.KindAction, views.ActionTemplates, h.templates)
	r.On(bot.KindAction, views.ActionTemplateUse, h.useTemplate)
	r.On(bot.KindAction, views.ActionTemplateDelete, h.deleteTemplate)
}

// fromMenu does what the button does that an entry of the panel's menu stands for.
func (h *Handlers) fromMenu(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var value string
	r.Name, value, _ = strings.Cut(r.Value, ":")
	r.ActionID, r.Value, r.Selected = r.Name, value, []string{value}
	switch r.Name {
	case views.ActionCallCurve:
		return h.callCurve(ctx, r)
	case views.ActionCallCopy:
		return h.copyCall(ctx, r)
	case views.ActionCallTemplate:
		return h.keepModal(ctx, r)
	}
	return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.button_later")
}

// copyCall opens the form of a new call, filled with a past one but for its
// time.
func (h *Handlers) copyCall(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.callReader(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	from, err := h.svc.CopyOf(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.CopyAsk(from.Sheet)), nil
	}
	preset := views.CopyPreset + strconv.FormatInt(from.Sheet.Call.ID, 10)
	return h.filledModal(ctx, r, p, preset, from)
}

// filledModal is the form of a new call with everything a pattern has.
func (h *Handlers) filledModal(ctx context.Context, r bot.Request, p *views.Printer, preset string, from services.Copied) (bot.Reply, error) {
	meta := views.CallMeta{Preset: preset, More: true, Channel: from.Channel}
	if r.Channel != "" && !r.Direct {
		meta.Channel = r.Channel
	}
	return bot.Reply{Modal: p.CallModal(meta, "", p.PatternForm(from.Pattern), h.templatesFor(ctx, r)...)}, nil
}

// templatesFor are the templates to stand beside the presets; a form without
// them is better than none.
func (h *Handlers) templatesFor(ctx context.Context, r bot.Request) []models.Template {
	all, err := h.svc.Templates(ctx, h.act(r))
	if err != nil {
		h.log.Warn("templates could not be read for a form", "cause", err)
	}
	return all
}

// presetForm is what a preset, a template or a copied call fills in; whole
// says that it is more than a preset has.
func (h *Handlers) presetForm(ctx context.Context, r bot.Request, p *views.Printer, preset string) (form views.CallForm, whole bool, err error) {
	id, isTemplate := strings.CutPrefix(preset, views.TemplatePreset)
	if n, bad := strconv.ParseInt(id, 10, 64); isTemplate && bad == nil {
		from, err := h.svc.TemplateBy(ctx, h.act(r), n, "")
		return p.PatternForm(from.Pattern), true, err
	}
	return p.PresetForm(preset), false, nil
}

// copySub is `call k12 copy`: the form, or with what changes a call at once.
func (h *Handlers) copySub(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, rest string) (bot.Reply, error) {
	r.Value = strconv.FormatInt(sheet.Call.ID, 10)
	if rest == "" {
		return h.copyCall(ctx, r)
	}
	from, err := h.svc.CopyOf(ctx, h.act(r), sheet.Call.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.openFrom(ctx, r, from, rest)
}

// openFrom posts a call from a pattern and what was written to change in it.
func (h *Handlers) openFrom(ctx context.Context, r bot.Request, from services.Copied, changes string) (bot.Reply, error) {
	p, o, err := h.callReader(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParseEdit(changes, o)
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	spec := from.Pattern.With(specOf(read, o.Zone.String()))
	how := services.OpenHow{Public: r.Kind == bot.KindMention}
	if r.Direct && !read.Set["for"] {
		how.Channel = from.Channel // a copy goes where the call was
	}
	channel := r.Channel
	if how.Channel != "" {
		channel = how.Channel
	}
	h.introduce(ctx, r, cardChannels(channel, r.Direct && how.Channel == "", spec.For)...)
	out, err := h.svc.OpenCall(ctx, h.act(r), spec, how)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(h.opened(p, out)), nil
}

// keepModal asks for the name of a template.
func (h *Handlers) keepModal(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, err := h.svc.CallByID(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.TemplateAsk(sheet)), nil
	}
	return bot.Reply{Modal: p.TemplateModal(sheet)}, nil
}

func (h *Handlers) submitTemplate(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	meta := views.DecodeCallMeta(r.View.Private)
	t, replaced, err := h.svc.SaveTemplate(ctx, h.act(r), meta.Call, one(r, views.FieldTemplateName))
	if code := models.CodeOf(err); code == models.CodeInvalid || code == models.CodeConflict {
		return bot.Reply{Errors: map[string]string{views.FieldTemplateName: p.Error(err, "")}}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.TemplateSaved(t, replaced))
	reply.Private = true
	return reply, nil
}

// templateSub is `call k12 template NAME`.
func (h *Handlers) templateSub(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, rest string) (bot.Reply, error) {
	if rest == "" {
		r.Value = strconv.FormatInt(sheet.Call.ID, 10)
		return h.keepModal(ctx, r)
	}
	t, replaced, err := h.svc.SaveTemplate(ctx, h.act(r), sheet.Call.ID, rest)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.TemplateSaved(t, replaced)), nil
}

// templates lists the calls kept under a name.
func (h *Handlers) templates(ctx context.Context, r bot.Request) (bot.Reply, error) {
	all, err := h.svc.Templates(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.TemplateList(all))
	reply.Private = r.View.ID != "" // pressed in a form, beside which there is no place
	return reply, nil
}

// useTemplate opens the form filled in by a template.
func (h *Handlers) useTemplate(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.templateModal(ctx, r, value(r), "")
}

func (h *Handlers) templateModal(ctx context.Context, r bot.Request, id int64, name string) (bot.Reply, error) {
	p, _, err := h.callReader(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	from, err := h.svc.TemplateBy(ctx, h.act(r), id, name)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.TemplateAskUse(from.Template, from.Name)), nil
	}
	return h.filledModal(ctx, r, p, views.TemplatePreset+strconv.FormatInt(from.Template, 10), from)
}

func (h *Handlers) deleteTemplate(ctx context.Context, r bot.Request) (bot.Reply, error) {
	t, err := h.svc.DeleteTemplate(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.TemplateDeleted(t)), nil
}

// templateLine is `call template NAME | when: …`. Words that name no template
// and are a whole call are that call.
func (h *Handlers) templateLine(ctx context.Context, r bot.Request, text string) (reply bot.Reply, done bool, err error) {
	name, changes, ok := grammar.ParseTemplateUse(text)
	if !ok {
		return bot.Reply{}, false, nil
	}
	_, o, err := h.callReader(ctx, r)
	if err != nil {
		return bot.Reply{}, true, err
	}
	from, err := h.svc.TemplateBy(ctx, h.act(r), 0, name)
	var refusal *models.Error
	if errors.As(err, &refusal) && refusal.Code == models.CodeNotFound {
		if read, bad := grammar.ParseCall(text, o); bad == nil && read.Set["need"] {
			return bot.Reply{}, false, nil
		}
	}
	if err != nil {
		return bot.Reply{}, true, err
	}
	if changes == "" {
		reply, err = h.templateModal(ctx, r, 0, name)
		return reply, true, err
	}
	reply, err = h.openFrom(ctx, r, from, changes)
	return reply, true, err
}
