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

// studyNumber is `study s7 …`.
func (h *Handlers) studyNumber(ctx context.Context, r bot.Request, cmd grammar.Command, t typing) (bot.Reply, error) {
	n, err := strconv.Atoi(cmd.Number[1:])
	if err != nil {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.study_bad_number")
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	plan, err := h.svc.ShowStudy(ctx, h.act(r), n)
	if err != nil {
		return bot.Reply{}, err
	}
	// A change is meant on the wall on which the study lives, wherever it is typed.
	o := t.options(grammar.Options{Now: p.Now, Zone: models.Zone(plan.Study.Zone), Lang: p.Lang})
	rest := strings.TrimSpace(cmd.Rest)
	if sub := h.studySubs()[cmd.Sub]; sub != nil {
		return sub(ctx, r, p, plan, rest)
	}
	switch cmd.Sub {
	case "":
		return h.reply(p.StudyShow(planModel(plan))), nil
	case "skip":
		on, err := dayOf(rest, o)
		if err != nil {
			return bot.Reply{}, err
		}
		return h.changed(p, "skip")(h.svc.SkipStudy(ctx, h.act(r), n, on))
	case "move":
		return h.studyMove(ctx, r, p, plan, rest, o)
	case "held":
		held := !says(rest, "no", "not", "n", "没有", "没", "未", "否")
		c, err := h.svc.HeldStudy(ctx, h.act(r), n, held)
		reply, err := h.changed(p, heldKey(held))(c, err)
		if err == nil && held { // the roll is next
			m := planModel(c.Plan)
			m.On = c.After
			reply.Blocks = append(reply.Blocks, p.LeadRow(m)...)
		}
		return reply, err
	case "edit":
		return h.studyEdit(ctx, r, p, plan, rest, o, t)
	case "cancel", "delete":
		return h.studyCancel(ctx, r, p, plan.Study.ID)
	}
	return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.unknown_verb", "Part", cmd.Sub, "Example", "/muster study "+cmd.Number+" skip")
}

func heldKey(held bool) string {
	if held {
		return "held"
	}
	return "not_held"
}

// says is whether text is one of these words.
func says(text string, words ...string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, w := range words {
		if text == w {
			return true
		}
	}
	return false
}

// dayOf reads which occurrence is meant; "" is the next one.
func dayOf(text string, o grammar.Options) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return grammar.ParseDay(text, o)
}

// changed words a leader's change.
func (h *Handlers) changed(p *views.Printer, key string) func(services.StudyChange, error) (bot.Reply, error) {
	return func(c services.StudyChange, err error) (bot.Reply, error) {
		if err != nil {
			return bot.Reply{}, err
		}
		if c.Reach.ID != 0 {
			return h.reply(p.ReachAsk(c.Reach)), nil
		}
		return h.reply(p.StudyChanged(key, planModel(c.Plan), c.Before, c.After)), nil
	}
}

// studyMove reads `s7 move Fri 19:30`, or `s7 move 2 Dec to 4 Dec 19:30`; a
// time of day alone is on the day of the session.
func (h *Handlers) studyMove(ctx context.Context, r bot.Request, p *views.Printer, plan services.StudyPlan, text string, o grammar.Options) (bot.Reply, error) {
	var on time.Time
	for _, arrow := range []string{"->", "→", " to ", "改到", "到"} {
		from, to, cut := strings.Cut(text, arrow)
		if !cut {
			continue
		}
		if day, err := grammar.ParseDay(strings.TrimSpace(from), o); err == nil {
			on, text = day, strings.TrimSpace(to)
			break
		}
	}
	o.Day = dayOfOne(plan, on)
	start, end, err := moment(text, o)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.changed(p, "move")(h.svc.MoveStudy(ctx, h.act(r), plan.Study.Number, on, start, end))
}

// dayOfOne is the day of the occurrence that is meant: the one named, else the
// next.
func dayOfOne(plan services.StudyPlan, on time.Time) time.Time {
	if on.IsZero() && len(plan.Coming) > 0 {
		return plan.Coming[0].Start.In(models.Zone(plan.Study.Zone))
	}
	return on
}

// moment reads one time that is no rule.
func moment(text string, o grammar.Options) (start, end time.Time, err error) {
	when, err := grammar.ParseWhen(text, o)
	if err != nil {
		return start, end, err
	}
	if when.Kind != grammar.KindInstant && when.Kind != grammar.KindRange {
		return start, end, models.Refuse(models.CodeInvalid, "error.series_one_when")
	}
	return when.Start, when.End, nil
}

// studyEdit is `s7 edit where: 2nd floor` for the series, and `s7 edit 2 Dec:
// where: 2nd floor` for one occurrence. Without what to change it is a form.
func (h *Handlers) studyEdit(ctx context.Context, r bot.Request, p *views.Printer, plan services.StudyPlan, text string, o grammar.Options, t typing) (bot.Reply, error) {
	which, fields, err := grammar.CutOccurrence(text, o)
	if err != nil {
		return bot.Reply{}, err
	}
	if t.Scope == "one" {
		which.Named = true
	}
	if strings.TrimSpace(fields) == "" {
		one := models.Instant(0)
		if which.Named {
			if one, err = oneOn(plan, which.Day); err != nil {
				return bot.Reply{}, err
			}
		}
		return h.studyEditForm(ctx, r, plan.Study.Number, one)
	}
	if which.Named {
		o.Day = dayOfOne(plan, which.Day)
		return h.studyEditOne(ctx, r, p, plan, which, fields, o)
	}
	read, err := grammar.ParseStudyEdit(fields, o)
	if err != nil {
		return bot.Reply{}, err
	}
	if plan.Study.RRule != "" && read.Set["when"] && read.When.Rule == "" && read.When.Kind != grammar.KindList && t.Scope == "" {
		return bot.Reply{}, errWhichOfRule
	}
	edit, err := editOf(plan, read, read.Set)
	if err != nil {
		return bot.Reply{}, err
	}
	edit.Draft, edit.Line = t.draft, fields
	return h.editStudy(ctx, r, p, plan.Study.Number, edit)
}

// oneOn is the rule start of the occurrence on a day; zero is the next.
func oneOn(plan services.StudyPlan, day time.Time) (models.Instant, error) {
	zone := models.Zone(plan.Study.Zone)
	for _, o := range plan.Coming {
		if day.IsZero() || o.Start.In(zone).Format(time.DateOnly) == day.In(zone).Format(time.DateOnly) {
			return o.RuleStart, nil
		}
	}
	return 0, models.Refuse(models.CodeNotFound, "error.study_no_occurrence", "What", models.NumberStudy+strconv.Itoa(plan.Study.Number))
}

func (h *Handlers) studyEditOne(ctx context.Context, r bot.Request, p *views.Printer, plan services.StudyPlan, which grammar.Which, fields string, o grammar.Options) (bot.Reply, error) {
	read, err := grammar.ParseStudyEdit(fields, o)
	if err != nil {
		return bot.Reply{}, err
	}
	for key := range read.Set {
		if !services.OwnKey(key) {
			return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.series_whole", "Part", key, "Ref", models.NumberStudy+strconv.Itoa(plan.Study.Number))
		}
	}
	if read.Set["when"] && (read.When.Kind == grammar.KindRule || read.When.Kind == grammar.KindList) {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.series_one_when")
	}
	return h.changed(p, "own")(h.svc.EditOccurrence(ctx, h.act(r), plan.Study.Number, which.Day, ownEdit(read, read.Set)))
}

// ownEdit is what was read as a change of one occurrence.
func ownEdit(read grammar.Study, set map[string]bool) services.OwnEdit {
	var in services.OwnEdit
	if set["title"] {
		in.Title = &read.Title
	}
	if set["where"] {
		in.Place = &read.Where
	}
	if set["link"] {
		in.Link = &read.Link
	}
	if set["length"] {
		length := minutes(read.Length)
		in.Length = &length
	}
	if set["when"] {
		in.Start = models.At(read.When.Start)
		if !read.When.End.IsZero() {
			in.End = models.At(read.When.End)
		}
	}
	return in
}

// editOf is what was read as a change of a whole study.
func editOf(plan services.StudyPlan, read grammar.Study, set map[string]bool) (services.StudyEdit, error) {
	in, err := newStudy(read)
	if err != nil {
		return services.StudyEdit{}, err
	}
	if set["slots"] && !set["when"] { // slots are laid beside the time that stands
		read.When.Start, read.When.Rule = plan.Study.Start.In(models.Zone(plan.Study.Zone)), plan.Study.RRule
		if len(plan.Next) > 0 {
			read.When.Start = plan.Next[0]
		}
		if !set["length"] {
			read.Length = time.Duration(plan.Study.Length) * time.Minute
		}
		in.Slots = slots(read)
	}
	return services.StudyEdit{NewStudy: in, Set: set}, nil
}

// editStudy changes a whole study and shows it as it now is.
func (h *Handlers) editStudy(ctx context.Context, r bot.Request, p *views.Printer, number int, edit services.StudyEdit) (bot.Reply, error) {
	if room := studyRoom(r, edit.NewStudy); edit.Set["for"] && room != "" {
		h.introduce(ctx, r, room)
	}
	plan, err := h.svc.EditStudy(ctx, h.act(r), number, edit)
	if err != nil {
		return bot.Reply{}, err
	}
	if plan.Asked.ID != 0 {
		return h.reply(p.ReachAsk(plan.Asked)), nil
	}
	return h.reply(p.StudyEdited(planModel(plan))), nil
}

func (h *Handlers) studyCancel(ctx context.Context, r bot.Request, p *views.Printer, study int64) (bot.Reply, error) {
	plan, asked, err := h.svc.CancelStudy(ctx, h.act(r), study, false)
	if err != nil {
		return bot.Reply{}, err
	}
	if asked.ID != 0 {
		return h.reply(p.ReachAsk(asked)), nil
	}
	return h.reply(p.StudyCancelled(planModel(plan))), nil
}

// The leader's answers to "was it held?".

// studyHeld settles it; held, the roll opens at once.
func (h *Handlers) studyHeld(held bool) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		c, err := h.svc.HeldOccurrence(ctx, h.act(r), rowID(r.Value), held)
		if err != nil || !held || r.TriggerID == "" {
			return h.changed(p, heldKey(held))(c, err)
		}
		return h.studyRollPressed(ctx, r)
	}
}

func (h *Handlers) studyMovedForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := h.svc.StudyWho(ctx, h.act(r), rowID(r.Value)) // who may not move it gets no form
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.MoveModal(sessionModel(c.StudySession))}, nil
}

func (h *Handlers) studyMovedSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	start, end, err := moment(one(r, views.FieldWhen), grammar.Options{Now: p.Now, Zone: p.Zone, Lang: p.Lang})
	if err != nil {
		return fieldError(p, views.FieldWhen, reasonError(err))
	}
	reply, err := h.changed(p, "move")(h.svc.MoveOccurrence(ctx, h.act(r), rowID(r.View.Private), start, end))
	if err != nil {
		return fieldError(p, views.FieldWhen, err)
	}
	reply.Private = true
	return reply, nil
}

// fieldError shows a refusal beside a field of a modal, which stays open.
func fieldError(p *views.Printer, field string, err error) (bot.Reply, error) {
	var refused *models.Error
	if !errors.As(err, &refused) || refused.Code == models.CodeInternal || refused.Code == models.CodeRepeat {
		return bot.Reply{}, err
	}
	return bot.Reply{Errors: map[string]string{field: p.Error(err, "")}}, nil
}
