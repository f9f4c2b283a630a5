package handlers

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"muster/bot"
	"muster/models"
	"muster/views"
)

func (h *Handlers) registerActivity(r *bot.Router) {}

func (h *Handlers) activityRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageActivity: h.renderActivity}
}

// meRecord is `me record [YEAR]`.
func (h *Handlers) meRecord(ctx context.Context, r bot.Request, rest string) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	year := 0
	if typed := strings.TrimSpace(rest); typed != "" {
		year, err = strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(typed, "年")))
		if err != nil || year < 1990 || year > 9999 { // before there was anything to record, or a typing mistake
			return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.activity_year", "Part", typed)
		}
	}
	if err := h.svc.AskActivity(ctx, h.act(r), year); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: p.T("activity.coming"), Private: true}, nil
}

// renderActivity prints the record at the moment it is sent.
func (h *Handlers) renderActivity(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	a, ok, err := h.svc.ActivityToSend(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("activity record %d: %w", m.SubjectID, err)
	}
	if !ok {
		return bot.Outgoing{}, errGone
	}
	address := ""
	if h.public != "" {
		address = h.public + "/record/" + a.Code
	}
	// Days of the ledgers are the organisation's, wherever the reader is.
	p := h.cat.For(views.Reader{Lang: a.Person.Reads(a.Tenant), Zone: a.Tenant.Location(), Now: a.Now.Time()})
	name, text, pdf, err := p.ActivityFile(a, address)
	if err != nil {
		return bot.Outgoing{}, err
	}
	return bot.Outgoing{Text: text, File: &bot.File{Name: name, Title: text, Alt: text, Bytes: pdf}}, nil
}

// RecordPage is what a code of an activity record leads to; ok is false when
// there is none.
func (h *Handlers) RecordPage(ctx context.Context, code string) (page string, ok bool, err error) {
	a, ok, err := h.svc.CheckActivity(ctx, code)
	if err != nil {
		return "", false, err
	}
	in := func(lang string) *views.Printer {
		return h.cat.For(views.Reader{Lang: lang, Zone: a.Tenant.Location(), Now: a.Now.Time()})
	}
	page, err = views.ActivityPage(in("zh"), in("en"), a, ok)
	return page, ok, err
}
