package handlers

import (
	"context"
	"fmt"
	"strconv"

	"muster/bot"
	"muster/models"
	"muster/views"
)

func (h *Handlers) registerCalendar(r *bot.Router) {
	r.On(bot.KindAction, views.ActionCallCalendar, h.addToCalendar)
}

// addToCalendar hands the shift pressed on over as a file.
func (h *Handlers) addToCalendar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, err := h.svc.SendCalendar(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.CalendarComing(sheet)), nil
}

// calendarSub is `call k12 calendar`: every shift of one's own.
func (h *Handlers) calendarSub(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, _ string) (bot.Reply, error) {
	mine := sheet.Mine(sheet.Me.ID)
	if len(mine) == 0 {
		return bot.Reply{}, models.Refuse(models.CodeConflict, "error.not_signed_up", "Number", sheet.Call.Ref(), "Title", sheet.Call.Title)
	}
	for i, su := range mine {
		one := r
		one.Value = strconv.FormatInt(su.ID, 10)
		if one.Delivery != "" && i > 0 {
			one.Delivery += ":" + strconv.Itoa(i)
		}
		if _, err := h.addToCalendar(ctx, one); err != nil {
			return bot.Reply{}, err
		}
	}
	return h.reply(p.CalendarComing(sheet)), nil
}

// renderCalendar writes the file as the shift is when it is sent.
func (h *Handlers) renderCalendar(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, su, changes, err := h.svc.CalendarOf(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("calendar file: %w", err)
	}
	name, text, file := h.printerFor(s.Tenant, s.Me, s.Now).CalendarFile(s, su, changes)
	return bot.Outgoing{Text: text, File: &bot.File{Name: name, Title: name, Alt: text, Bytes: file}}, nil
}
