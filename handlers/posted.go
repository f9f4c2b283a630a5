package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerPosted(r *bot.Router) {
	r.On(bot.KindAction, views.ActionSummaryRows, h.summaryFigure)
	r.On(bot.KindAction, views.ActionSummaryFigure, h.summaryFigure)
	r.On(bot.KindAction, views.ActionSummaryPage, h.summaryFigure)
	r.On(bot.KindAction, views.ActionSummaryTable, h.summaryTable)
}

func (h *Handlers) postedRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageCorrected: h.renderCorrected}
}

func (h *Handlers) renderCorrected(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	var args models.CorrectedArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	shown, err := h.svc.SummaryByPosting(ctx, m.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	return outgoing(h.channelPrinter(shown.Tenant, shown.Channel, shown.Tenant.Zone, shown.At).Corrected(args)), nil
}

// summaryFigure opens a number of a summary: which one, then its rows, page by
// page. A press in a channel is answered to the presser alone.
func (h *Handlers) summaryFigure(ctx context.Context, r bot.Request) (bot.Reply, error) {
	switch r.Name {
	case views.ActionSummaryFigure:
		return h.summaryRows(ctx, r, rowID(strings.TrimPrefix(r.BlockID, views.BlockPosting)), r.Value, 0)
	case views.ActionSummaryPage:
		_, rest, _ := strings.Cut(r.ActionID, ":")
		name, page, _ := strings.Cut(rest, ":")
		n, err := strconv.Atoi(page)
		if err != nil || n < 0 || n > 1e6 || name == "" {
			return bot.Reply{}, models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		return h.summaryRows(ctx, r, rowID(r.Value), name, n)
	}
	return h.summaryRows(ctx, r, rowID(r.Value), "", 0)
}

func (h *Handlers) summaryRows(ctx context.Context, r bot.Request, posting int64, name string, page int) (bot.Reply, error) {
	shown, err := h.svc.SummaryRows(ctx, h.act(r), posting, name, page)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	var out bot.Reply
	if name == "" {
		out = h.reply(p.FigureChoice(posting))
	} else {
		out = h.reply(p.FigureRows(figureRowsModel(shown)))
	}
	out.Replace = r.Ephemeral && r.Name != views.ActionSummaryRows // its own page turns; the summary stays
	return out, nil
}

func figureRowsModel(f services.FigureRowsShown) views.FigureRowsModel {
	return views.FigureRowsModel{PostingID: f.Posting.ID, Name: f.Name, Period: f.Posting.Period(), Rows: f.Rows, Total: f.Total, Page: f.Page,
		Pages: f.Pages, Names: f.Names, Calls: f.Calls, Studies: f.Studies, People: f.People}
}

// summaryTable sends the rows as spreadsheets to the one who asks.
func (h *Handlers) summaryTable(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := h.svc.SummaryTable(ctx, h.act(r), rowID(r.Value)); err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return say(p.T("posted.table_coming")), nil
}
