package handlers

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerDuty(r *bot.Router) {
	on := func(name string, do bot.Handler) { r.On(bot.KindAction, name, do) }
	on(views.ActionDuties, func(ctx context.Context, r bot.Request) (bot.Reply, error) { return h.dutyList(ctx, r, "", 0) })
	on(views.ActionDutyShow, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		return h.dutyList(ctx, r, "", max(value(r), 1))
	})
	on(views.ActionDutyPlan, h.dutyPlan)
	on(views.ActionDutyHeld, h.dutyHeldForm)
	on(views.ActionDutyCorrect, h.dutyCorrectForm)
	on(views.ActionDutySettings, h.dutySettings)
	on(views.ActionDutyAdd, h.dutyForm)
	on(views.ActionDutyEdit, h.dutyForm)
	on(views.ActionDutyPreset, func(ctx context.Context, r bot.Request) (bot.Reply, error) { return h.dutyPreset(ctx, r, r.Value) })
	r.On(bot.KindSubmission, views.ModalDuty, h.dutySubmitted)
	r.On(bot.KindSubmission, views.ModalDutyHeld, h.dutyHeldSubmitted)
}

func (h *Handlers) dutyRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageDuty: h.renderDuty}
}

func (h *Handlers) dutyUndoes() map[string]undoFunc {
	return map[string]undoFunc{
		views.UndoDutyAdded: func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
			return h.dutyDeleted(ctx, r, id, "", false)
		},
		views.UndoDutyDeleted: func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
			return h.dutyDeleted(ctx, r, id, "", true)
		},
		views.UndoDutyPreset: h.undoDutyPreset,
		views.UndoDutyRecord: h.undoDutyRecord,
	}
}

// duties is `study duties …`.
func (h *Handlers) duties(ctx context.Context, r bot.Request, rest string) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	names, err := h.svc.DutyNames(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	// Days are those of the organisation's calendar, wherever it is typed.
	asked, err := grammar.ParseDuties(rest, names, grammar.Options{Now: p.Now, Zone: me.Tenant.Location(), Lang: p.Lang})
	if err != nil {
		return bot.Reply{}, h.dutyReason(ctx, r, asked, err)
	}
	switch asked.Do {
	case "add":
		if asked.Name == "" {
			return h.dutyForm(ctx, r)
		}
		set, err := h.svc.AddDuty(ctx, h.act(r), dutyEdit(asked))
		return h.dutyDone(p, "added", set, err)
	case "edit":
		set, err := h.svc.EditDuty(ctx, h.act(r), dutyEdit(asked))
		return h.dutyDone(p, "edited", set, err)
	case "delete":
		return h.dutyDeleted(ctx, r, 0, asked.Name, false)
	case "held":
		entered, err := h.svc.EnterDuty(ctx, h.act(r), services.DutyEntry{Name: asked.Name, For: asked.For, Day: asked.Day.Format(time.DateOnly), Note: asked.Note})
		return h.dutyEntered(p, entered, false, err)
	case "preset":
		return h.dutySettings(ctx, r)
	}
	return h.dutyList(ctx, r, asked.Name, 0)
}

// dutyReason refuses what cannot be read; `study duties add` alone is the form.
func (h *Handlers) dutyReason(ctx context.Context, r bot.Request, asked grammar.Duties, err error) error {
	if asked.Do == "add" || asked.Do == "edit" || asked.Do == "delete" { // who may not, hears who may
		if _, refused := h.svc.DutyForm(ctx, h.act(r), 0); refused != nil {
			return refused
		}
	}
	return reasonError(err)
}

func dutyEdit(asked grammar.Duties) services.DutyEdit {
	in := services.DutyEdit{Name: asked.Name, Rename: asked.Rename, Cadence: asked.Cadence, Times: asked.Times, For: asked.For, Set: asked.Set}
	if !asked.Since.IsZero() {
		in.Since = asked.Since.Format(time.DateOnly)
	}
	return in
}

func (h *Handlers) dutyDone(p *views.Printer, key string, set services.DutySet, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, err
	}
	if set.Same {
		key = "same"
	}
	return h.reply(p.DutySet(key, dutySetModel(set))), nil
}

func dutySetModel(set services.DutySet) views.DutySetModel {
	return views.DutySetModel{Duty: set.Duty, Unit: set.Unit, Owing: set.Owing, First: set.First}
}

// dutyList shows the duties of a unit, of one's own units, or of all.
func (h *Handlers) dutyList(ctx context.Context, r bot.Request, named string, unit int64) (bot.Reply, error) {
	page, err := h.svc.DutyList(ctx, h.act(r), named, unit)
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(h.printerFor(page.Tenant, page.Reader, page.Now).Duties(dutyModel(page)))
	reply.Private = r.Channel == "" // a button on the Home tab has no such place
	return reply, nil
}

func dutyModel(page services.DutyPage) views.DutyModel {
	m := views.DutyModel{Duties: page.Duties, People: page.People, Admin: page.Admin, Admins: page.Admins, Meant: page.Meant, More: page.More, Past: page.Past}
	model := func(u services.DutyUnit) views.DutyUnitModel {
		return views.DutyUnitModel{Unit: u.Unit, Present: u.Present, Missing: u.Missing}
	}
	for _, u := range page.Units {
		m.Units = append(m.Units, model(u))
	}
	for _, u := range page.Others {
		m.Others = append(m.Others, model(u))
	}
	return m
}

// dutyPlan opens the form of a study with the unit and the duty filled in.
func (h *Handlers) dutyPlan(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	ids := rowIDs(r.Value)
	form, err := h.svc.DutyHeldForm(ctx, h.act(r), ids[0], ids[1], 0)
	if err != nil {
		return bot.Reply{}, err
	}
	units, err := h.svc.StudyUnits(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	// The unit pressed on is among those offered, however many there are.
	for i, u := range units {
		if u.ID == form.Unit.ID {
			units[0], units[i] = units[i], units[0]
		}
	}
	filled := views.StudyForm{Title: form.Duty.Name, Who: views.WhoUnit + strconv.FormatInt(form.Unit.ID, 10), Duty: form.Duty.Name}
	return bot.Reply{Modal: p.StudyModal(views.StudyMeta{}, filled, views.StudyChoices{Units: units})}, nil
}

// rowIDs are the row ids in "12:3:0", three of them, 0 where there is none.
func rowIDs(text string) (ids [3]int64) {
	for i, part := range strings.SplitN(text, ":", 3) {
		ids[i] = rowID(part)
	}
	return ids
}

// dutyHeldForm asks on which day a unit held what it owes.
func (h *Handlers) dutyHeldForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	ids := rowIDs(r.Value)
	return h.dutyHeldModal(ctx, r, ids[0], ids[1], 0)
}

func (h *Handlers) dutyCorrectForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.dutyHeldModal(ctx, r, 0, 0, max(rowID(r.Value), 1))
}

func (h *Handlers) dutyHeldModal(ctx context.Context, r bot.Request, unit, duty, record int64) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if record == 0 && (unit == 0 || duty == 0) { // forged
		return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.duty_gone")
	}
	form, err := h.svc.DutyHeldForm(ctx, h.act(r), unit, duty, record)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.DutyHeldModal(form.Unit, form.Duty, form.Record, form.Now)}, nil
}

func (h *Handlers) dutyHeldSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	ids := rowIDs(r.View.Private)
	day, err := time.Parse(time.DateOnly, one(r, views.FieldDutyDay))
	if err != nil {
		return bot.Reply{Errors: map[string]string{views.FieldDutyDay: p.T("error.duty_ahead")}}, nil
	}
	entered, err := h.svc.EnterDuty(ctx, h.act(r), services.DutyEntry{UnitID: ids[0], DutyID: ids[1], ID: ids[2], Day: day.Format(time.DateOnly), Note: one(r, views.FieldDutyNote)})
	if field := dutyFault(err); field != "" {
		return bot.Reply{Errors: map[string]string{field: p.Error(err, "")}}, nil
	}
	reply, err := h.dutyEntered(p, entered, ids[2] != 0, err)
	reply.Private = true
	return reply, err
}

func (h *Handlers) dutyEntered(p *views.Printer, e services.DutyEntered, corrected bool, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.DutyEntered(e.Record, e.State, e.By, e.Late, corrected)), nil
}

// dutyFault is the field of a form that a refusal is about, "" for none.
func dutyFault(err error) string {
	var e *models.Error
	if !errors.As(err, &e) {
		return ""
	}
	return map[string]string{"error.duty_name": views.FieldDutyName, "error.duty_taken": views.FieldDutyName, "error.duty_many": views.FieldDutyName,
		"error.duty_cadence": views.FieldDutyEvery, "error.duty_times": views.FieldDutyTimes, "error.duty_for": views.FieldDutyFor,
		"error.duty_for_no_types": views.FieldDutyFor, "error.duty_since": views.FieldDutySince, "error.duty_ahead": views.FieldDutyDay,
		"error.duty_long_ago": views.FieldDutyDay, "error.duty_same_day": views.FieldDutyDay, "error.duty_session": views.FieldDutyDay,
		"error.duty_note": views.FieldDutyNote}[e.Key]
}

// dutySettings is what is owed, for admins.
func (h *Handlers) dutySettings(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	sets, err := h.svc.DutySets(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	var all []views.DutySetModel
	for _, set := range sets {
		all = append(all, dutySetModel(set))
	}
	reply := h.reply(p.DutySettings(all))
	reply.Private = r.Channel == "" // a button on the Home tab has no such place
	return reply, nil
}

// dutyForm opens the form of the duty pressed on, or of a new one.
func (h *Handlers) dutyForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id := int64(0)
	if r.Kind == bot.KindAction {
		id = value(r)
	}
	form, err := h.svc.DutyForm(ctx, h.act(r), id)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.OpenButton(p.T("duty.open_form"), views.ActionDutyAdd)), nil
	}
	return bot.Reply{Modal: p.DutyModal(form.Duty, form.Units, form.Types)}, nil
}

func (h *Handlers) dutySubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id := rowID(r.View.Private)
	if id != 0 && len(r.Fields[views.FieldDutyDelete]) > 0 {
		reply, err := h.dutyDeleted(ctx, r, id, "", false)
		reply.Private = true
		return reply, err
	}
	times, err := strconv.Atoi(strings.TrimSpace(one(r, views.FieldDutyTimes)))
	if err != nil || times < 1 || times > models.MostDutyTimes {
		return bot.Reply{Errors: map[string]string{views.FieldDutyTimes: p.T("error.duty_times", "N", models.MostDutyTimes)}}, nil
	}
	name := one(r, views.FieldDutyName)
	in := services.DutyEdit{ID: id, Name: name, Rename: name, Cadence: one(r, views.FieldDutyEvery), Times: times, Since: one(r, views.FieldDutySince)}
	scope := one(r, views.FieldDutyFor)
	if unit, ok := strings.CutPrefix(scope, views.DutyForUnit); ok {
		in.ForUnit = max(rowID(unit), 1)
	} else if kind, ok := strings.CutPrefix(scope, views.DutyForType); ok {
		in.ForType = kind
	}
	key, do := "added", h.svc.AddDuty
	if id != 0 {
		key, do = "edited", h.svc.EditDuty
	}
	set, err := do(ctx, h.act(r), in)
	if field := dutyFault(err); field != "" {
		return bot.Reply{Errors: map[string]string{field: p.Error(err, "")}}, nil
	}
	reply, err := h.dutyDone(p, key, set, err)
	reply.Private = true
	return reply, err
}

// dutyPreset makes a preset's duties by one press.
func (h *Handlers) dutyPreset(ctx context.Context, r bot.Request, preset string) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	names, cadences, unitType := p.DutyPreset(preset)
	if names == nil { // forged, or of a version that is gone
		return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.duty_gone")
	}
	var list []services.DutyNamed
	for i, name := range names {
		list = append(list, services.DutyNamed{Name: name, Cadence: cadences[i]})
	}
	done, err := h.svc.AddDuties(ctx, h.act(r), list, unitType)
	if err != nil {
		return bot.Reply{}, err
	}
	var made []views.DutySetModel
	for _, set := range done.Made {
		made = append(made, dutySetModel(set))
	}
	reply := h.reply(p.DutyPresetTaken(made, done.Kept, done.First))
	reply.Private = r.Channel == ""
	return reply, nil
}

func (h *Handlers) dutyDeleted(ctx context.Context, r bot.Request, id int64, name string, back bool) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	done, err := h.svc.DeleteDuty(ctx, h.act(r), id, name, back)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.DutyDeleted(done.Duty)), nil
}

func (h *Handlers) undoDutyPreset(ctx context.Context, r bot.Request, first int64) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	done, err := h.svc.TakeBackDuties(ctx, h.act(r), first)
	if err != nil {
		return bot.Reply{}, err
	}
	return say(p.T("duty.preset_undone", "N", len(done.Made))), nil
}

func (h *Handlers) undoDutyRecord(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	entered, err := h.svc.TakeBackDuty(ctx, h.act(r), id)
	return h.dutyEntered(p, entered, false, err)
}

// renderDuty words what somebody is told of their units' duties, as it stands
// at this moment.
func (h *Handlers) renderDuty(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	page, ok, err := h.svc.DutyMessage(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if !ok || m.Shown == 0 && !page.Tells() {
		return bot.Outgoing{}, errGone // done meanwhile, or owed no longer
	}
	return outgoing(h.printerFor(page.Tenant, page.Reader, page.Now).DutyNotice(dutyModel(page))), nil
}
