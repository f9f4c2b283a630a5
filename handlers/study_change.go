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
func (h *Handlers) studyNumber(ctx context.Context, r bot.Request, cmd grammar.Command) (bot.Reply, error) {
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
	o := grammar.Options{Now: p.Now, Zone: models.Zone(plan.Study.Zone), Lang: p.Lang}
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
		return h.studyMove(ctx, r, p, n, rest, o)
	case "held":
		held := !says(rest, "no", "not", "n", "没有", "没", "未", "否")
		return h.changed(p, heldKey(held))(h.svc.HeldStudy(ctx, h.act(r), n, held))
	case "edit":
		return h.studyEdit(ctx, r, p, n, rest, o)
	case "roll":
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.study_roll", "Ref", cmd.Number)
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
	day, err := grammar.ParseDay(text, o)
	if err != nil {
		return day, reasonError(err)
	}
	return day, nil
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

// studyMove reads `s7 move Fri 19:30`, or `s7 move 2 Dec to 4 Dec 19:30`.
func (h *Handlers) studyMove(ctx context.Context, r bot.Request, p *views.Printer, n int, text string, o grammar.Options) (bot.Reply, error) {
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
	start, end, err := moment(text, o)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.changed(p, "move")(h.svc.MoveStudy(ctx, h.act(r), n, on, start, end))
}

// moment reads one time that is no rule.
func moment(text string, o grammar.Options) (start, end time.Time, err error) {
	when, err := grammar.ParseWhen(text, o)
	if err != nil {
		return start, end, reasonError(err)
	}
	if when.Kind != grammar.KindInstant && when.Kind != grammar.KindRange {
		return start, end, models.Refuse(models.CodeInvalid, "error.study_one_time")
	}
	return when.Start, when.End, nil
}

func (h *Handlers) studyEdit(ctx context.Context, r bot.Request, p *views.Printer, n int, text string, o grammar.Options) (bot.Reply, error) {
	read, err := grammar.ParseStudyEdit(text, o)
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	in, err := newStudy(read)
	if err != nil {
		return bot.Reply{}, err
	}
	if read.Set["slots"] && !read.Set["when"] { // slots are laid beside the time that stands
		plan, err := h.svc.ShowStudy(ctx, h.act(r), n)
		if err != nil {
			return bot.Reply{}, err
		}
		read.When.Start = plan.Study.Start.In(models.Zone(plan.Study.Zone))
		if len(plan.Next) > 0 {
			read.When.Start = plan.Next[0]
		}
		if !read.Set["length"] {
			read.Length = time.Duration(plan.Study.Length) * time.Minute
		}
		in.Slots = slots(read)
	}
	if room := studyRoom(r, in); read.Set["for"] && room != "" {
		h.introduce(ctx, r, room)
	}
	plan, err := h.svc.EditStudy(ctx, h.act(r), n, services.StudyEdit{NewStudy: in, Set: read.Set})
	if err != nil {
		return bot.Reply{}, err
	}
	m := p.StudyShow(planModel(plan))
	m.Text = p.T("study.edited") + " " + m.Text
	return h.reply(m), nil
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

func (h *Handlers) studyHeld(held bool) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return h.changed(p, heldKey(held))(h.svc.HeldOccurrence(ctx, h.act(r), rowID(r.Value), held))
	}
}

func (h *Handlers) studyMovedForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := h.svc.StudyAsk(ctx, me.Tenant.ID, rowID(r.Value), me.Person.ID)
	if err != nil {
		return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.study_gone")
	}
	return bot.Reply{Modal: p.MoveModal(sessionModel(c))}, nil
}

func (h *Handlers) studyMovedSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	start, end, err := moment(one(r, views.FieldWhen), grammar.Options{Now: p.Now, Zone: p.Zone, Lang: p.Lang})
	if err != nil {
		return fieldError(p, views.FieldWhen, err)
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
