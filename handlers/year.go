package handlers

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerYear(r *bot.Router) {
	on := func(id string, f bot.Handler) { r.On(bot.KindAction, id, f) }
	on(views.ActionYear, h.yearPage)
	on(views.ActionYearNames, h.yearNames)
	on(views.ActionYearFile, h.yearFile)
	on(views.ActionYearOwn, h.yearOwn)
	on(views.ActionExempt, h.exemptForm)
	on(views.ActionStudyRecord, h.recordAsk)
	r.On(bot.KindSubmission, views.ModalExempt, h.exemptSubmitted)
}

func (h *Handlers) yearRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{
		models.MessageYearAbsence: h.renderYearNote,
		models.MessageYearShort:   h.renderYearNote,
		models.MessageExempt:      h.renderExempt,
	}
}

func (h *Handlers) yearUndoes() map[string]undoFunc {
	return map[string]undoFunc{views.UndoExempt: func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
		list, err := h.svc.UndoExempt(ctx, h.act(r), id)
		return h.exempted(ctx, r, list, err)
	}}
}

// studyYear is `study year [UNIT] [2025]`.
func (h *Handlers) studyYear(ctx context.Context, r bot.Request, rest string) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	asked := grammar.ParseYear(rest, p.Now.In(p.OrgZone))
	return h.year(ctx, r, services.YearAsk{Unit: asked.Unit, Year: asked.Year}, asksInChannel(r))
}

// asksInChannel says whether others stand around: neither a conversation with
// the bot nor the Home tab.
func asksInChannel(r bot.Request) bool { return !r.Direct && r.View.Callback == "" }

// year answers with a unit's account, or one's own. What concerns one person
// goes to that person.
func (h *Handlers) year(ctx context.Context, r bot.Request, ask services.YearAsk, channel bool) (bot.Reply, error) {
	shown, err := h.svc.Year(ctx, h.act(r), ask)
	if err != nil {
		return bot.Reply{}, err
	}
	p := h.printerFor(shown.Tenant, shown.Me, shown.Now)
	if shown.Own != nil {
		reply := h.reply(p.OwnYear(*shown.Own))
		reply.Private = true
		return reply, nil
	}
	this, _ := models.YearOfInstant(shown.Now, shown.Tenant.Location())
	return h.reply(p.Year(views.YearModel{Unit: shown.Unit, Year: shown.Year, This: shown.Year == this, Totals: shown.Totals, Rows: shown.Rows,
		Page: shown.Page, Pages: shown.Pages, Manages: shown.Manages, Channel: channel})), nil
}

// yearPage turns to another page, or opens the account from a note or Home.
func (h *Handlers) yearPage(ctx context.Context, r bot.Request) (bot.Reply, error) {
	ref := views.ParseYearRef(r.Value)
	page, _ := strconv.Atoi(ref.What) // what cannot be read is the first
	reply, err := h.year(ctx, r, services.YearAsk{UnitID: ref.UnitID, Year: ref.Year, Page: page}, asksInChannel(r))
	reply.Replace = r.Ephemeral
	return reply, err
}

// yearNames brings by direct message what a channel is not shown.
func (h *Handlers) yearNames(ctx context.Context, r bot.Request) (bot.Reply, error) {
	ref := views.ParseYearRef(r.Value)
	reply, err := h.year(ctx, r, services.YearAsk{UnitID: ref.UnitID, Year: ref.Year}, false)
	reply.Private = true
	return reply, err
}

// yearOwn is one's own account, from Home.
func (h *Handlers) yearOwn(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.year(ctx, r, services.YearAsk{Own: true}, false)
}

// yearFile asks for the account as a file.
func (h *Handlers) yearFile(ctx context.Context, r bot.Request) (bot.Reply, error) {
	ref := views.ParseYearRef(r.Value)
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	format := views.FormatCSV
	if ref.What == views.FormatXLSX {
		format = views.FormatXLSX
	}
	span := models.YearSpan(ref.Year, me.Tenant.Location())
	q := models.ExportQuery{Kind: "study_year", From: span.Start, To: span.End, UnitID: ref.UnitID}
	if err := h.svc.AskExportOf(ctx, h.act(r), q, format); err != nil {
		return bot.Reply{}, err
	}
	return say(p.T("export.coming")), nil
}

// studyExempt is `study exempt @who 2026 reason: …`; alone it opens the form.
func (h *Handlers) studyExempt(ctx context.Context, r bot.Request, rest string) (bot.Reply, error) {
	if rest == "" {
		return h.exemptForm(ctx, r)
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParseExempt(rest, grammar.Options{Now: p.Now, Zone: p.OrgZone, Lang: p.Lang})
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	list, err := h.svc.Exempt(ctx, h.act(r), services.ExemptAsk{Slack: []string{read.User}, Year: read.Year, Reason: read.Reason, End: read.End,
		Span: models.DaySpan{First: isoDay(read.First), Last: isoDay(read.Last)}})
	return h.exempted(ctx, r, list, err)
}

// isoDay is a day as it is kept, "" for none.
func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// exempted words what became of it; a person's matter is not for a channel.
func (h *Handlers) exempted(ctx context.Context, r bot.Request, list []services.ExemptShown, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	var shown []views.ExemptModel
	for _, e := range list {
		shown = append(shown, exemptModel(e))
	}
	reply := h.reply(p.Exempted(shown))
	reply.Private = asksInChannel(r)
	return reply, nil
}

func exemptModel(e services.ExemptShown) views.ExemptModel {
	return views.ExemptModel{Person: e.Person, By: e.By, Exemption: e.Exemption, Account: e.Account}
}

func (h *Handlers) exemptForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	t, now, err := h.svc.ExemptForm(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.OpenButton(p.T("year.form_text"), views.ActionExempt)), nil
	}
	year, _ := models.YearOfInstant(now, t.Location())
	return bot.Reply{Modal: p.ExemptModal(year, nil)}, nil
}

func (h *Handlers) exemptSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	year, _ := strconv.Atoi(one(r, views.FieldExemptYear)) // a choice of three
	list, err := h.svc.Exempt(ctx, h.act(r), services.ExemptAsk{Slack: r.Fields[views.FieldExemptWho], Year: year, Reason: one(r, views.FieldExemptReason),
		Span: models.DaySpan{First: one(r, views.FieldExemptFirst), Last: one(r, views.FieldExemptLast)}})
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code != models.CodeInternal && refused.Code != models.CodeRepeat {
		p, _, perr := h.printer(ctx, r)
		if perr != nil {
			return bot.Reply{}, perr
		}
		return fieldError(p, cmp.Or(refused.Field, views.FieldExemptWho), err)
	}
	reply, err := h.exempted(ctx, r, list, err)
	reply.Private = true
	return reply, err
}

func (h *Handlers) renderYearNote(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	n, ok, err := h.svc.YearNote(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	p := h.printerFor(n.Tenant, n.Leader, n.Now)
	switch year, _ := models.YearOfInstant(n.Now, n.Tenant.Location()); {
	case !ok && m.Shown == 0:
		return bot.Outgoing{}, errGone
	case !ok:
		return outgoing(p.YearNoteOver(n.Unit)), nil
	case m.Kind == models.MessageYearShort:
		return outgoing(p.YearShort(n.Unit, year, n.Short)), nil
	default:
		var away []views.AwayModel
		for _, a := range n.Away {
			away = append(away, views.AwayModel{Person: a.Person, Absence: a.Absence, Open: a.Open, Next: a.Next})
		}
		return outgoing(p.YearAbsence(n.Unit, year, away)), nil
	}
}

func (h *Handlers) renderExempt(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	e, err := h.svc.ExemptMessage(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if m.Shown == 0 && e.Person.Slack() == "" {
		return bot.Outgoing{}, errGone
	}
	return outgoing(h.printerFor(e.Tenant, e.Person, e.Now).ExemptTold(exemptModel(e))), nil
}

// recordAsk asks a leader again whether a session was held, from Home.
func (h *Handlers) recordAsk(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := h.svc.StudyAskAgain(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.StudyAsk(sessionModel(c))), nil
}
