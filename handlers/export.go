package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/views"
)

func (h *Handlers) registerExport(r *bot.Router) { r.Verb("export", h.export) }

func (h *Handlers) exportRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageExport: h.renderExport}
}

func (h *Handlers) export(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	asked, err := grammar.ParseExport(grammar.ParseCommand(r.Text).Rest, me.Tenant.Location())
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	q := models.ExportQuery{Kind: asked.Kind, From: models.At(asked.From), To: models.At(asked.To)}
	if err := h.svc.AskExport(ctx, h.act(r), q, asked.Unit, asked.Format, asked.Excel); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: p.T("export.coming"), Private: true}, nil
}

// renderExport makes the file at the moment it is sent.
func (h *Handlers) renderExport(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	var args models.ExportArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return bot.Outgoing{}, fmt.Errorf("arguments of export message %d: %w", m.ID, err)
	}
	t, who, now, err := h.svc.Recipient(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	p := h.printerFor(t, who, now)
	var file bytes.Buffer
	var table views.Table
	err = h.svc.ExportAsked(ctx, m, args.ExportQuery, func(columns []string) error {
		table, err = views.NewTable(&file, args.Format, args.Excel, columns)
		return err
	}, func(row []any) error { return table.Row(row) })
	if models.CodeOf(err) == models.CodeForbidden { // the right was taken away while it waited
		return bot.Outgoing{}, errGone
	}
	if err != nil {
		return bot.Outgoing{}, err
	}
	if err := table.Close(); err != nil {
		return bot.Outgoing{}, fmt.Errorf("end of export %s: %w", args.Kind, err)
	}
	day := now.In(t.Location()).Format(time.DateOnly)
	title := p.T("export.title", "Kind", args.Kind, "Day", day)
	ext := args.Format
	if ext == views.FormatJSON {
		ext = "jsonl"
	}
	return bot.Outgoing{Text: title, File: &bot.File{Name: "muster-" + args.Kind + "-" + day + "." + ext, Title: title, Alt: title, Bytes: file.Bytes()}}, nil
}
