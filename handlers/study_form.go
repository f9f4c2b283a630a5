package handlers

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

// studyForm opens the form, or offers it by a button where there is no trigger.
func (h *Handlers) studyForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	units, err := h.svc.StudyUnits(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.OpenButton(p.T("study.form_open"), views.ActionNewStudy)), nil
	}
	meta := views.StudyMeta{Channel: r.Channel}
	if r.Direct || r.Kind == bot.KindAction && r.TS == "" { // Home has no channel
		meta.Channel = ""
	}
	return bot.Reply{Modal: p.StudyModal(meta, views.StudyForm{}, views.StudyChoices{Units: units})}, nil
}

// moreStudy shows the rest of the fields, keeping what was typed.
func (h *Handlers) moreStudy(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	units, err := h.svc.StudyUnits(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	meta := views.DecodeStudyMeta(r.View.Private)
	meta.More = true
	return bot.Reply{Modal: p.StudyModal(meta, studyFormOf(r), views.StudyChoices{Units: units}), How: bot.ModalUpdate}, nil
}

// studyFormOf reads the fields of the form as they were typed.
func studyFormOf(r bot.Request) views.StudyForm {
	text := func(field string) string { return strings.Join(strings.Fields(one(r, field)), " ") }
	return views.StudyForm{Title: text(views.FieldTitle), When: text(views.FieldWhen), Who: text(views.FieldWho), Room: text(views.FieldWhoRoom),
		Place: text(views.FieldPlace), Link: strings.Trim(text(views.FieldLink), "<> "), Length: text(views.FieldLength), Hours: text(views.FieldHours),
		Slots: text(views.FieldSlots), Capacity: text(views.FieldCapacity), Holidays: text(views.FieldHolidays), Remind: text(views.FieldRemind),
		Makeup: text(views.FieldMakeup), Until: text(views.FieldUntil), Duty: text(views.FieldDuty), Scope: text(views.FieldScope),
		NoMeeting: slices.Contains(r.Fields[views.FieldKind], views.MeetingNone)}
}

// studySubmitted reads the form with the same grammar as the one line.
func (h *Handlers) studySubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	meta := views.DecodeStudyMeta(r.View.Private)
	if meta.Study != 0 {
		return h.studyEditSubmitted(ctx, r, meta)
	}
	r.Channel, r.Direct = meta.Channel, meta.Channel == ""
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.reading(ctx, r, p)
	if err != nil {
		return bot.Reply{}, err
	}
	form := studyFormOf(r)
	read, faults := readStudyForm(p, form, o, nil)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	in, err := newStudy(read)
	if err != nil {
		return fieldError(p, views.FieldWhen, err)
	}
	forWhomForm(form, &in)
	reply, err := h.openStudy(ctx, r, p, in)
	if shown, ok := formErrors(p, err); ok {
		return shown, nil
	}
	reply.Private = true
	return reply, err
}

// forWhomForm is for whom the form says it is; a channel chosen behind More
// goes before the list.
func forWhomForm(f views.StudyForm, in *services.NewStudy) {
	unit, isUnit := strings.CutPrefix(f.Who, views.WhoUnit)
	switch {
	case f.Room != "":
		in.For = "<#" + f.Room + ">"
	case isUnit:
		in.ForUnit = rowID(unit)
	case f.Who != views.WhoChannel && f.Who != views.WhoSame:
		in.For = f.Who
	}
}

// formErrors shows a refusal beside the field that it is about; the form stays
// open.
func formErrors(p *views.Printer, err error) (bot.Reply, bool) {
	var refused *models.Error
	if !errors.As(err, &refused) || refused.Code != models.CodeInvalid && refused.Code != models.CodeConflict {
		return bot.Reply{}, false
	}
	return bot.Reply{Errors: map[string]string{formField(refused): p.Error(err, "")}}, true
}

// formField is the field of the form that a refusal is about.
func formField(e *models.Error) string {
	if e.Field != "" {
		return e.Field
	}
	for key, field := range map[string]string{"error.study_link": views.FieldLink, "error.study_no_title": views.FieldTitle,
		"error.study_for_missing": views.FieldWho, "error.study_range": views.FieldLength, "error.series_no_length": views.FieldLength,
		"error.holiday_policy": views.FieldHolidays, "error.holiday_once": views.FieldHolidays, "error.study_no_times": views.FieldUntil} {
		if e.Key == key {
			return field
		}
	}
	return views.FieldWhen
}

// formKeys are the fields that are read by the grammar of the one line, each
// by itself so that a fault stands beside its field.
func formKeys(f views.StudyForm) map[string]string {
	return map[string]string{"when": f.When, "until": f.Until, "slots": f.Slots, "capacity": f.Capacity, "hours": f.Hours,
		"length": f.Length, "holidays": f.Holidays, "remind": f.Remind, "makeup": f.Makeup, "duty": f.Duty, "link": f.Link}
}

// readStudyForm reads the fields; with only, those of its keys. Faults are by
// block_id, which is the key's name.
func readStudyForm(p *views.Printer, f views.StudyForm, o grammar.Options, only map[string]bool) (grammar.Study, map[string]string) {
	faults := map[string]string{}
	all := grammar.Study{Title: f.Title, Where: f.Place, Set: map[string]bool{}}
	for key, text := range formKeys(f) {
		if text == "" || only != nil && !only[key] {
			continue
		}
		got, err := grammar.ParseStudyEdit(key+": "+text, o)
		if err != nil {
			faults[key] = p.Error(reasonError(bothDays(p, err)), "")
			continue
		}
		all.Set[key] = true
		takeKey(&all, got, key)
	}
	if all.Until != nil && all.When.Kind != "" && all.When.Rule == "" && faults[views.FieldWhen] == "" {
		faults[views.FieldUntil] = p.T("error.series_until_once")
	}
	if f.NoMeeting {
		all.Length, all.Set["length"] = 0, true
	} else if all.When.Kind != "" && !all.Set["length"] {
		all.Length = lengthOf(all.When)
	}
	return all, faults
}

// takeKey copies one key from what was read by itself.
func takeKey(to *grammar.Study, got grammar.Study, key string) {
	switch key {
	case "when":
		to.When = got.When
	case "until":
		to.Until = got.Until
	case "slots":
		to.Slots = got.Slots
	case "capacity":
		to.Capacity = got.Capacity
	case "hours":
		to.Hours = got.Hours
	case "length":
		to.Length = got.Length
	case "holidays":
		to.Holidays = got.Holidays
	case "remind":
		to.Remind = got.Remind
	case "makeup":
		to.Makeup = got.Makeup
	case "link":
		to.Link = got.Link
	case "duty":
		to.Duty = got.Duty
	}
}

// studyEditForm opens the form filled with the study as it stands; one is the
// rule start of the only occurrence that is meant, 0 = all from now on.
func (h *Handlers) studyEditForm(ctx context.Context, r bot.Request, number int, one models.Instant) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	plan, err := h.svc.LedStudy(ctx, h.act(r), number)
	if err != nil {
		return bot.Reply{}, err
	}
	units, err := h.svc.StudyUnits(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	form, choices := formOfPlan(p, plan)
	choices.Units = units
	if one != 0 {
		form = ownForm(p, plan, one, form)
	}
	if r.TriggerID == "" {
		return h.reply(p.StudyEditButton(planModel(plan))), nil
	}
	return bot.Reply{Modal: p.StudyModal(views.StudyMeta{Study: int64(number), More: true, Only: int64(one)}, form, choices)}, nil
}

// formOfPlan is a study as its form shows it.
func formOfPlan(p *views.Printer, plan services.StudyPlan) (views.StudyForm, views.StudyChoices) {
	next := models.Occurrence{}
	if len(plan.Coming) > 0 {
		next = plan.Coming[0]
	}
	choices := views.StudyChoices{Zone: plan.Study.Zone, Who: p.Audience(planModel(plan))}
	if plan.Study.RRule != "" {
		choices.Coming = plan.Coming
	}
	form := p.StudyFormOf(plan.Study, next)
	if !plan.Duty.Deleted {
		form.Duty = plan.Duty.Name
	}
	return form, choices
}

// ownForm is the form of one occurrence: with what it has of its own.
func ownForm(p *views.Printer, plan services.StudyPlan, one models.Instant, f views.StudyForm) views.StudyForm {
	for _, o := range plan.Coming {
		if o.RuleStart != one {
			continue
		}
		f.Scope = strconv.FormatInt(int64(one), 10)
		f.Title, f.Place, f.Link = o.Title(plan.Study), o.Place(plan.Study), o.Link(plan.Study)
		f.When = o.Start.In(models.Zone(plan.Study.Zone)).Format("2006-01-02 15:04")
		if plan.Study.Meets() {
			f.Length = p.LeadText(o.Length(plan.Study))
		}
	}
	return f
}

// changedStudyKeys are the keys whose fields differ from how the study was
// written into them.
func changedStudyKeys(was, now views.StudyForm) map[string]bool {
	set := map[string]bool{}
	before := formKeys(was)
	for key, text := range formKeys(now) {
		set[key] = text != before[key]
	}
	set["title"], set["where"] = was.Title != now.Title, was.Place != now.Place
	set["for"] = now.Room != "" || now.Who != views.WhoSame
	if was.NoMeeting != now.NoMeeting {
		set["length"] = true
	}
	for key, changed := range set {
		if !changed {
			delete(set, key)
		}
	}
	return set
}

// studyEditSubmitted changes what differs from the study as it stands, for all
// sessions or for the one that was chosen.
func (h *Handlers) studyEditSubmitted(ctx context.Context, r bot.Request, meta views.StudyMeta) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	plan, err := h.svc.LedStudy(ctx, h.act(r), int(meta.Study))
	if err != nil {
		return bot.Reply{}, err
	}
	now := studyFormOf(r)
	o := grammar.Options{Now: p.Now, Zone: models.Zone(plan.Study.Zone), Lang: p.Lang}
	was, _ := formOfPlan(p, plan)
	if meta.Only != 0 { // what was not typed is not meant, whichever it showed
		was = ownForm(p, plan, models.Instant(meta.Only), was)
	}
	set := changedStudyKeys(was, now)
	if len(set) == 0 {
		return bot.Reply{Errors: map[string]string{views.FieldTitle: p.T("error.series_same")}}, nil
	}
	if now.Scope != "" && now.Scope != views.ScopeAll {
		return h.studyOneSubmitted(ctx, r, p, plan, now, set, o)
	}
	read, faults := readStudyForm(p, now, o, set)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	edit, err := editOf(plan, read, set)
	if err != nil {
		return fieldError(p, views.FieldWhen, err)
	}
	forWhomForm(now, &edit.NewStudy)
	reply, err := h.editStudy(ctx, r, p, int(meta.Study), edit)
	if shown, ok := formErrors(p, err); ok {
		return shown, nil
	}
	reply.Private = true
	return reply, err
}

// studyOneSubmitted changes the one occurrence that was chosen in the form.
func (h *Handlers) studyOneSubmitted(ctx context.Context, r bot.Request, p *views.Printer, plan services.StudyPlan, now views.StudyForm, set map[string]bool, o grammar.Options) (bot.Reply, error) {
	one := models.Instant(rowID(now.Scope))
	faults := map[string]string{}
	for key := range set {
		if !services.OwnKey(key) {
			faults[key] = p.T("error.series_whole_form")
		}
	}
	for _, c := range plan.Coming {
		if c.RuleStart == one {
			o.Day = c.Start.In(o.Zone)
		}
	}
	read, bad := readStudyForm(p, now, o, set)
	for key, fault := range bad {
		faults[key] = fault
	}
	if set["when"] && len(faults) == 0 && (read.When.Kind == grammar.KindRule || read.When.Kind == grammar.KindList) {
		faults[views.FieldWhen] = p.T("error.series_one_when")
	}
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	reply, err := h.changed(p, "own")(h.svc.EditOccurrenceAt(ctx, h.act(r), plan.Study.ID, one, ownEdit(read, set)))
	if shown, ok := formErrors(p, err); ok {
		return shown, nil
	}
	reply.Private = true
	return reply, err
}
