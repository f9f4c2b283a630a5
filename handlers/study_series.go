package handlers

import (
	"context"
	"errors"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

// registerSeries is what who leads a study does to it by hand.
func (h *Handlers) registerSeries(r *bot.Router) {
	on := func(id string, f bot.Handler) { r.On(bot.KindAction, id, f) }
	on(views.ActionStudyEdit, h.studyEditPressed)
	on(views.ActionStudySkip, h.studySkipPressed)
	on(views.ActionStudyMove, h.studyMovePressed)
	on(views.ActionStudyLater, h.studyLater)
	on(views.ActionStudyOpened, h.studyListPage)
	on(views.ActionMonthShow, h.monthShown)
	on(views.ActionMonthPost, h.monthPosted)
	r.On(bot.KindSubmission, views.ModalMoveOne, h.studyMoveSubmitted)
}

func (h *Handlers) seriesRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageStudyMonth: h.renderStudyMonth}
}

// theOne is the study and the occurrence that a button names.
func (h *Handlers) theOne(ctx context.Context, r bot.Request, value string) (*views.Printer, services.StudyPlan, models.Occurrence, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return nil, services.StudyPlan{}, models.Occurrence{}, err
	}
	study, rule := pair(value)
	plan, o, err := h.svc.LedOccurrence(ctx, h.act(r), rowID(study), models.Instant(rule))
	return p, plan, o, err
}

// studyEditPressed opens the form of a study; for one occurrence if it names one.
func (h *Handlers) studyEditPressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	study, rule := pair(r.Value)
	number, err := h.svc.StudyNumber(ctx, h.act(r), rowID(study))
	if err != nil {
		return bot.Reply{}, err
	}
	return h.studyEditForm(ctx, r, number, models.Instant(max(rule, 0)))
}

func (h *Handlers) studySkipPressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	study, rule := pair(r.Value)
	return h.changed(p, "skip")(h.svc.SkipStudyAt(ctx, h.act(r), rowID(study), models.Instant(rule)))
}

func (h *Handlers) studyMovePressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, plan, o, err := h.theOne(ctx, r, r.Value)
	if err != nil {
		return bot.Reply{}, err
	}
	if !o.Ahead() {
		return bot.Reply{}, models.Refuse(models.CodeConflict, "error.study_skipped")
	}
	return bot.Reply{Modal: p.MoveOneModal(planModel(plan), o)}, nil
}

// studyMoveSubmitted moves one occurrence; a time of day alone is on its day.
func (h *Handlers) studyMoveSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, plan, o, err := h.theOne(ctx, r, r.View.Private)
	if err != nil {
		return bot.Reply{}, err
	}
	zone := models.Zone(plan.Study.Zone)
	start, end, err := moment(one(r, views.FieldWhen), grammar.Options{Now: p.Now, Zone: zone, Lang: p.Lang, Day: o.Start.In(zone)})
	if err != nil {
		return fieldError(p, views.FieldWhen, reasonError(bothDays(p, err)))
	}
	reply, err := h.changed(p, "move")(h.svc.MoveStudyAt(ctx, h.act(r), plan.Study.ID, o.RuleStart, start, end))
	if err != nil {
		return fieldError(p, views.FieldWhen, err)
	}
	reply.Private = true
	return reply, nil
}

// studyLater shows a later occurrence with what can be done to it.
func (h *Handlers) studyLater(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, plan, o, err := h.theOne(ctx, r, r.Value)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.StudyOne(planModel(plan), o)), nil
}

func (h *Handlers) studyListPage(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.studyList(ctx, r, int(rowID(r.Value)))
}

// undoOccurrence gives back what the last change of an occurrence took.
func (h *Handlers) undoOccurrence(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.changed(p, "back")(h.svc.UndoOccurrence(ctx, h.act(r), id))
}

// attend is "I'll be there"; where all places are taken it offers the other
// times and the make-up.
func (h *Handlers) attend(ctx context.Context, r bot.Request) (bot.Reply, error) {
	a, err := h.svc.Attend(ctx, h.act(r), rowID(r.Value))
	if err == nil {
		return h.studyAnswer(a), nil
	}
	return h.slotFull(ctx, r, rowID(r.Value), err)
}

func (h *Handlers) slotFull(ctx context.Context, r bot.Request, attendance int64, err error) (bot.Reply, error) {
	var refused *models.Error
	if !errors.As(err, &refused) || refused.Key != "error.study_full" {
		return bot.Reply{}, err
	}
	p, _, who := h.printer(ctx, r)
	if who != nil {
		return bot.Reply{}, who
	}
	c, times, gone := h.svc.SlotChoices(ctx, h.act(r), attendance)
	if gone != nil {
		return bot.Reply{}, gone
	}
	return h.reply(p.SlotFull(studyModel(c), slotModels(times), p.Error(err, ""))), nil
}

func slotModel(t services.SlotTaken) views.SlotModel {
	return views.SlotModel{Slot: t.Slot, Start: t.Start, End: t.End, Taken: t.Taken, Left: t.Left, People: t.People}
}

func slotModels(all []services.SlotTaken) []views.SlotModel {
	out := make([]views.SlotModel, len(all))
	for i, t := range all {
		out[i] = slotModel(t)
	}
	return out
}

// slots offers the times of a session, with the places left.
func (h *Handlers) slots(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, times, err := h.svc.SlotChoices(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.SlotChoice(studyModel(c), slotModels(times))), nil
}

func (h *Handlers) slotTo(ctx context.Context, r bot.Request) (bot.Reply, error) {
	value, slot := pair(r.Value)
	a, err := h.svc.ChooseSlot(ctx, h.act(r), rowID(value), int(slot))
	reply := bot.Reply{}
	if err == nil {
		reply = h.studyAnswer(a)
	} else if reply, err = h.slotFull(ctx, r, rowID(value), err); err != nil {
		return reply, err
	}
	reply.Replace = r.Ephemeral
	return reply, nil
}
