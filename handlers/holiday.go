package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerHoliday(r *bot.Router) {
	r.On(bot.KindAction, views.ActionHolidayAdd, h.holidayForm)
	r.On(bot.KindAction, views.ActionHolidayDelete, h.holidayDelete)
	r.On(bot.KindAction, views.ActionHolidayYear, h.holidayYear)
	r.On(bot.KindSubmission, views.ModalHoliday, h.holidaySubmitted)
}

func (h *Handlers) holidayRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageHoliday: h.renderHoliday}
}

func (h *Handlers) holidayUndoes() map[string]undoFunc {
	return map[string]undoFunc{
		views.UndoHolidaySet: func(ctx context.Context, r bot.Request, row int64) (bot.Reply, error) {
			return h.dropDay(ctx, r, row, false)
		},
		views.UndoHolidayDrop: func(ctx context.Context, r bot.Request, row int64) (bot.Reply, error) {
			return h.dropDay(ctx, r, row, true)
		},
	}
}

// studyHolidays is `study holidays …`.
func (h *Handlers) studyHolidays(ctx context.Context, r bot.Request, text string) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParseOrgDays(text, grammar.Options{Now: p.Now, Zone: p.OrgZone, Lang: p.Lang})
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	switch read.Do {
	case grammar.OrgDaysAdd:
		return h.orgDay(p)(h.svc.KeepOrgDay(ctx, h.act(r), read.Date, read.Work, read.Name))
	case grammar.OrgDaysDelete:
		return h.orgDay(p)(h.svc.DropOrgDayOn(ctx, h.act(r), read.Date))
	}
	return h.holidayList(ctx, r, p, read.Year)
}

func (h *Handlers) holidayList(ctx context.Context, r bot.Request, p *views.Printer, year int) (bot.Reply, error) {
	days, err := h.svc.Holidays(ctx, h.act(r), year)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Holidays(views.HolidaysModel{Public: days.Public, Own: days.Own, Years: days.Years, Manages: days.Manages})), nil
}

// orgDay words a change of an own day, or the question that comes before it.
func (h *Handlers) orgDay(p *views.Printer) func(services.OrgDayChange, error) (bot.Reply, error) {
	return func(c services.OrgDayChange, err error) (bot.Reply, error) {
		if err != nil {
			return bot.Reply{}, err
		}
		if c.Reach.ID != 0 {
			return h.reply(p.ReachAsk(c.Reach)), nil
		}
		m := views.OrgDayModel{Before: c.Before, Day: c.Day}
		for _, s := range c.Moved {
			m.Moved = append(m.Moved, views.MovedModel{Study: s.Study, Before: s.Change.Before, After: s.Change.After})
		}
		return h.reply(p.OrgDayChanged(m)), nil
	}
}

func (h *Handlers) dropDay(ctx context.Context, r bot.Request, day int64, back bool) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.orgDay(p)(h.svc.DropOrgDay(ctx, h.act(r), day, back))
}

func (h *Handlers) holidayDelete(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.dropDay(ctx, r, rowID(r.Value), false)
}

func (h *Handlers) holidayYear(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.holidayList(ctx, r, p, int(rowID(r.Value)))
}

// holidayForm opens the form for an own day; rights are asked before, so that
// nobody fills it in for nothing.
func (h *Handlers) holidayForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.MayKeepOrgDays(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.OpenButton(p.T("holiday.form_open"), views.ActionHolidayAdd)), nil
	}
	return bot.Reply{Modal: p.HolidayModal(int(rowID(r.Value)))}, nil
}

func (h *Handlers) holidaySubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	date, err := time.ParseInLocation(time.DateOnly, one(r, views.FieldHolidayDate), p.OrgZone)
	if err != nil {
		return bot.Reply{Errors: map[string]string{views.FieldHolidayDate: p.T("error.holiday_past")}}, nil
	}
	reply, err := h.orgDay(p)(h.svc.KeepOrgDay(ctx, h.act(r), date, one(r, views.FieldHolidayKind) == views.HolidayKindWork, one(r, views.FieldHolidayName)))
	if err != nil {
		return fieldError(p, views.FieldHolidayDate, err)
	}
	reply.Private = true
	return reply, nil
}

// renderHoliday tells a leader of a session that moved by itself.
func (h *Handlers) renderHoliday(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	c, ok, err := h.svc.HolidayMessage(ctx, m.TenantID, m.SubjectID, m.PersonID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if !ok || m.Shown == 0 && c.Study.State != models.StudyActive {
		return bot.Outgoing{}, errGone
	}
	var args services.HolidayMoved
	if len(m.Args) > 0 {
		if err := json.Unmarshal(m.Args, &args); err != nil {
			return bot.Outgoing{}, fmt.Errorf("arguments of message %s: %w", strconv.FormatInt(m.ID, 10), err)
		}
	}
	return outgoing(h.printerFor(c.Tenant, c.Leader, c.Now).HolidayMoved(views.SessionModel{Study: c.Study, Occurrence: c.Occurrence}, args.From)), nil
}
