package handlers

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

// How people answered a call: a drill ends with it, and any call that asked
// people has it on a button.

func (h *Handlers) registerDrill(r *bot.Router) {
	r.On(bot.KindAction, views.ActionCallCurve, h.callCurve)
	r.On(bot.KindAction, views.ActionCurvePost, h.postCurve)
}

// drillRenders words its messages.
func (h *Handlers) drillRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageReport: h.renderReport, models.MessageCurve: h.renderCurve,
		models.MessageReachList: h.renderReachList, models.MessageCalendar: h.renderCalendar}
}

// reportFor loads what a message tells, in the words of its reader.
func (h *Handlers) reportFor(ctx context.Context, m models.Message) (services.Report, *views.Printer, error) {
	rep, err := h.svc.ReportFor(ctx, m.TenantID, m.SubjectID, m.PersonID)
	if err != nil {
		return rep, nil, fmt.Errorf("report of a call: %w", err)
	}
	s := rep.Sheet
	if m.PersonID == 0 {
		return rep, h.channelPrinter(s.Tenant, s.Room, s.Call.Zone, s.Now), nil
	}
	return rep, h.printerFor(s.Tenant, s.Me, s.Now), nil
}

func (h *Handlers) renderReport(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	rep, p, err := h.reportFor(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if m.Shown == 0 && rep.Sheet.Call.Taking() { // it was opened again before the report went out
		return bot.Outgoing{Skip: true}, nil
	}
	return outgoing(p.Report(rep.Sheet, rep.Responses, true)), nil
}

func (h *Handlers) renderCurve(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	rep, p, err := h.reportFor(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	pic, err := p.ResponseCurve(rep.Sheet, rep.Responses)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("response curve of call %d: %w", m.SubjectID, err)
	}
	if pic.PNG == nil {
		return bot.Outgoing{Skip: true}, nil
	}
	return bot.Outgoing{Text: pic.Text, File: &bot.File{Name: pic.Name, Title: pic.Title, Alt: pic.Alt, Bytes: pic.PNG}}, nil
}

// renderReachList writes everybody into a file, where the message beside it
// could not name them all.
func (h *Handlers) renderReachList(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	rep, p, err := h.reportFor(ctx, m)
	if err != nil || views.ReportWhole(rep.Responses) {
		return bot.Outgoing{Skip: true}, err
	}
	var file bytes.Buffer
	table, err := views.NewTable(&file, views.FormatCSV, true, views.ReachListColumns)
	if err != nil {
		return bot.Outgoing{}, err
	}
	for _, row := range rep.Responses {
		if err := table.Row(views.ReachListRow(rep.Sheet, row)); err != nil {
			return bot.Outgoing{}, err
		}
	}
	if err := table.Close(); err != nil {
		return bot.Outgoing{}, fmt.Errorf("end of a reach list: %w", err)
	}
	title := p.ReachListTitle(rep.Sheet)
	return bot.Outgoing{Text: title, File: &bot.File{Name: "muster-" + rep.Sheet.Call.Ref() + "-reach.csv", Title: title, Alt: title, Bytes: file.Bytes()}}, nil
}

// callCurve answers with the numbers; the picture follows by direct message.
func (h *Handlers) callCurve(ctx context.Context, r bot.Request) (bot.Reply, error) {
	rep, err := h.svc.SendCurve(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Report(rep.Sheet, rep.Responses, true)), nil
}

// curveSub is `call k12 curve`.
func (h *Handlers) curveSub(ctx context.Context, r bot.Request, _ *views.Printer, sheet models.Sheet, _ string) (bot.Reply, error) {
	r.Value = strconv.FormatInt(sheet.Call.ID, 10)
	return h.callCurve(ctx, r)
}

func (h *Handlers) postCurve(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, err := h.svc.PostCurve(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.CurvePosted(sheet)), nil
}
