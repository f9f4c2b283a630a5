package handlers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

// newCallModal opens the modal of a new call, filled in by a preset when the
// button names one.
func (h *Handlers) newCallModal(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.callReader(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.OpenButton(p.T("call.modal_new"), views.ActionNewCall)), nil
	}
	_, preset, _ := strings.Cut(r.ActionID, ":")
	meta := views.CallMeta{Preset: preset}
	if !r.Direct {
		meta.Channel = r.Channel
	}
	return bot.Reply{Modal: p.CallModal(meta, "", p.PresetForm(preset), h.templatesFor(ctx, r)...)}, nil
}

// presetCall fills the open modal in.
func (h *Handlers) presetCall(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	meta := views.DecodeCallMeta(r.View.Private)
	_, meta.Preset, _ = strings.Cut(r.ActionID, ":")
	form, whole, err := h.presetForm(ctx, r, p, meta.Preset)
	if err != nil {
		return bot.Reply{}, err
	}
	typed := formOf(r)
	form.When = typed.When
	if meta.More = meta.More || whole; !whole || form.Where == "" {
		form.Where = typed.Where
	}
	return bot.Reply{Modal: p.CallModal(meta, "", form, h.templatesFor(ctx, r)...), How: bot.ModalUpdate}, nil
}

// moreCall shows the rest of the fields, keeping what was typed.
func (h *Handlers) moreCall(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	meta := views.DecodeCallMeta(r.View.Private)
	meta.More = true
	form, preset := formOf(r), p.PresetForm(meta.Preset)
	form.Kind, form.Bring = preset.Kind, preset.Bring
	return bot.Reply{Modal: p.CallModal(meta, "", form, h.templatesFor(ctx, r)...), How: bot.ModalUpdate}, nil
}

// formOf reads the fields of a call's modal, whichever preset filled them in.
func formOf(r bot.Request) views.CallForm {
	get := func(field string) []string {
		for id, values := range r.Fields {
			if name, _, _ := strings.Cut(id, "."); name == field {
				return values
			}
		}
		return nil
	}
	text := func(field string) string {
		if v := get(field); len(v) > 0 {
			return v[0]
		}
		return ""
	}
	flags := get(views.FieldCallFlags)
	return views.CallForm{Title: text(views.FieldCallTitle), Kind: text(views.FieldCallKind), When: text(views.FieldCallWhen),
		Where: text(views.FieldCallWhere), Need: text(views.FieldCallNeed), Bring: text(views.FieldCallBring),
		Private: text(views.FieldCallPrivate), Skill: text(views.FieldCallSkill), Opens: text(views.FieldCallOpens),
		Close: text(views.FieldCallClose), Guests: text(views.FieldCallGuests), Remind: text(views.FieldCallRemind),
		Ask: text(views.FieldCallAsk), Safety: text(views.FieldCallSafety),
		For: text(views.FieldCallFor), Channel: text(views.FieldCallChannel),
		Urgent: slices.Contains(flags, "urgent"), Drill: slices.Contains(flags, "drill"), Buddy: slices.Contains(flags, "buddy")}
}

// block is the block_id under which a field was sent.
func block(r bot.Request, field string) string {
	for id := range r.Fields {
		if name, _, _ := strings.Cut(id, "."); name == field {
			return id
		}
	}
	return field
}

// submitCall posts a new call, or changes the one the modal was opened for.
func (h *Handlers) submitCall(ctx context.Context, r bot.Request) (bot.Reply, error) {
	meta := views.DecodeCallMeta(r.View.Private)
	if meta.Call != 0 {
		return h.submitEdit(ctx, r, meta)
	}
	act := h.act(r)
	act.Channel, act.Direct = meta.Channel, false
	from := r
	from.Channel, from.Direct = meta.Channel, false
	p, o, err := h.callReader(ctx, from)
	if err != nil {
		return bot.Reply{}, err
	}
	form := formOf(r)
	spec, faults := specOfForm(r, p, form, o)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	if !meta.More {
		preset := p.PresetForm(meta.Preset)
		spec.Kind, spec.Bring = preset.Kind, preset.Bring
	}
	h.introduce(ctx, r, cardChannels(cmp.Or(form.Channel, meta.Channel), false, spec.For)...)
	out, err := h.svc.OpenCall(ctx, act, spec, services.OpenHow{Channel: form.Channel})
	if reply, ok := h.atField(r, p, err); ok {
		return reply, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(h.opened(p, out))
	reply.Private = true
	return reply, nil
}

// atField shows a refusal beside the field it is about.
func (h *Handlers) atField(r bot.Request, p *views.Printer, err error) (bot.Reply, bool) {
	var refusal *models.Error
	if !errors.As(err, &refusal) || refusal.Field == "" {
		return bot.Reply{}, false
	}
	id := block(r, refusal.Field)
	if _, there := r.Fields[id]; !there {
		return bot.Reply{}, false
	}
	return bot.Reply{Errors: map[string]string{id: p.Error(err, "")}}, true
}

// specOfForm reads the fields with the grammar, each by itself so that a fault
// stands beside its field.
func specOfForm(r bot.Request, p *views.Printer, f views.CallForm, o grammar.Options) (models.CallSpec, map[string]string) {
	faults := map[string]string{}
	all := grammar.Call{Set: map[string]bool{}}
	read := func(key, text string, take func(grammar.Call)) {
		if text = strings.Join(strings.Fields(text), " "); text == "" {
			return
		}
		got, err := grammar.ParseEdit(key+": "+text, o)
		if err != nil {
			faults[block(r, key)] = p.Error(reasonError(err), "")
			return
		}
		all.Set[key] = true
		take(got)
	}
	read("when", f.When, func(c grammar.Call) { all.When = c.When })
	read("need", f.Need, func(c grammar.Call) { all.Need = c.Need })
	read("opens", f.Opens, func(c grammar.Call) { all.Opens = c.Opens })
	read("close", f.Close, func(c grammar.Call) { all.Close = c.Close })
	read("guests", f.Guests, func(c grammar.Call) { all.Guests = c.Guests })
	read("remind", f.Remind, func(c grammar.Call) { all.Remind = c.Remind })
	read("ask", f.Ask, func(c grammar.Call) { all.Ask = c.Ask })
	read("safety", f.Safety, func(c grammar.Call) { all.Safety = c.Safety })
	read("for", f.For, func(c grammar.Call) { all.For = c.For })
	spec := specOf(all, o.Zone.String())
	spec.Title, spec.Kind, spec.Where, spec.Bring, spec.Private = strings.TrimSpace(f.Title), f.Kind, strings.TrimSpace(f.Where), strings.TrimSpace(f.Bring), strings.TrimSpace(f.Private)
	spec.Urgent, spec.Drill, spec.Buddy = f.Urgent, f.Drill, f.Buddy
	for _, s := range strings.FieldsFunc(f.Skill, func(c rune) bool { return strings.ContainsRune(",，、;；", c) }) {
		if s = strings.TrimSpace(s); s != "" {
			spec.Skill = append(spec.Skill, s)
		}
	}
	return spec, faults
}

// editCallModal opens the modal filled with the call as it stands.
func (h *Handlers) editCallModal(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, p, err := h.managed(ctx, r, value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	meta := views.CallMeta{Call: sheet.Call.ID, Channel: sheet.Call.Channel}
	return bot.Reply{Modal: p.CallModal(meta, sheet.Call.Ref(), p.FormOf(sheet))}, nil
}

// submitEdit changes what differs from the call as it stands.
func (h *Handlers) submitEdit(ctx context.Context, r bot.Request, meta views.CallMeta) (bot.Reply, error) {
	sheet, p, err := h.managed(ctx, r, meta.Call)
	if err != nil {
		return bot.Reply{}, err
	}
	o := grammar.Options{Now: p.Now, Zone: sheet.Call.Location(), Lang: p.Lang}
	was, form := p.FormOf(sheet), formOf(r)
	set := changedKeys(was, form)
	if !set["when"] {
		form.When = "" // not read anew: a shift under way may have begun
	}
	if !set["close"] {
		form.Close = ""
	}
	if !set["opens"] {
		form.Opens = ""
	}
	spec, faults := specOfForm(r, p, form, o)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	spec.Set = set
	if set["guests"] && form.Guests == "" {
		n := models.DefaultGuests
		spec.Guests = &n
	}
	if set["safety"] && form.Safety == "" {
		none := time.Duration(0)
		spec.Safety = &none
	}
	out, err := h.svc.EditCall(ctx, h.act(r), meta.Call, spec, false)
	if reply, ok := h.atField(r, p, err); ok {
		return reply, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(edited(p, out))
	reply.Private = true
	return reply, nil
}

// changedKeys are the fields that differ from how the call was written into
// them.
func changedKeys(was, now views.CallForm) map[string]bool {
	set := map[string]bool{}
	pair := func(key, a, b string) {
		if strings.TrimSpace(a) != strings.TrimSpace(b) {
			set[key] = true
		}
	}
	pair("title", was.Title, now.Title)
	pair("kind", was.Kind, now.Kind)
	pair("when", was.When, now.When)
	pair("where", was.Where, now.Where)
	pair("need", was.Need, now.Need)
	pair("bring", was.Bring, now.Bring)
	pair("private", was.Private, now.Private)
	pair("skill", was.Skill, now.Skill)
	pair("opens", was.Opens, now.Opens)
	pair("close", was.Close, now.Close)
	pair("guests", was.Guests, now.Guests)
	pair("remind", was.Remind, now.Remind)
	pair("ask", was.Ask, now.Ask)
	pair("safety", was.Safety, now.Safety)
	pair("urgent", strconv.FormatBool(was.Urgent), strconv.FormatBool(now.Urgent))
	pair("buddy", strconv.FormatBool(was.Buddy), strconv.FormatBool(now.Buddy))
	return set
}
