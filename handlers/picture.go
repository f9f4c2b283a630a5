package handlers

import (
	"context"
	"fmt"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerPicture(r *bot.Router) {
	r.On(bot.KindAction, views.ActionSummaryPicture, h.summaryPicture)
	r.On(bot.KindAction, views.ActionSummaryPaper, h.yearPaper)
}

func (h *Handlers) pictureRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageSummaryPicture: h.renderPicture, models.MessageSummaryPaper: h.renderYearPaper}
}

// summaryPicture sends the picture to the one who asks, when there is anything
// to draw.
func (h *Handlers) summaryPicture(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := h.svc.SendPicture(ctx, h.act(r), rowID(r.Value)); err != nil {
		return bot.Reply{}, err
	}
	shown, err := h.svc.SummaryByPosting(ctx, rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if !p.HasPicture(fileModel(shown, true)) {
		return say(p.T("picture.none")), nil
	}
	return say(p.T("picture.coming")), nil
}

// fileModel is a summary as a file shows it.
func fileModel(s services.SummaryShown, whole bool) views.SummaryModel {
	return views.SummaryModel{PostingID: s.Posting.ID, Org: s.Tenant.Name, Now: s.Now, Before: s.Before, Public: !whole,
		Leaders: views.LeadersOf(s.Now, s.Leaders)}
}

// filePrinter finds words for who is handed a file: a person or a channel.
func (h *Handlers) filePrinter(s services.SummaryShown, reader models.Person) *views.Printer {
	if reader.ID == 0 {
		return h.channelPrinter(s.Tenant, s.Channel, s.Tenant.Zone, s.At)
	}
	return h.printerFor(s.Tenant, reader, s.At)
}

// renderPicture draws the figures that the summary said.
func (h *Handlers) renderPicture(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	shown, reader, whole, gone, err := h.svc.SummaryFile(ctx, m)
	if err != nil || gone {
		return bot.Outgoing{Skip: true}, err
	}
	pic, err := h.filePrinter(shown, reader).SummaryPicture(fileModel(shown, whole))
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("picture of posting %d: %w", m.SubjectID, err)
	}
	if pic.PNG == nil {
		return bot.Outgoing{Skip: true}, nil
	}
	return bot.Outgoing{Text: pic.Text, File: &bot.File{Name: pic.Name, Title: pic.Title, Alt: pic.Alt, Bytes: pic.PNG}}, nil
}

// yearPaper sends the year to print to the one who asks.
func (h *Handlers) yearPaper(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := h.svc.SendYearPaper(ctx, h.act(r), rowID(r.Value)); err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return say(p.T("yearpaper.coming")), nil
}

func (h *Handlers) renderYearPaper(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	shown, reader, whole, gone, err := h.svc.SummaryFile(ctx, m)
	if err != nil || gone {
		return bot.Outgoing{Skip: true}, err
	}
	name, text, pdf, err := h.filePrinter(shown, reader).YearPaper(fileModel(shown, whole))
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("year of posting %d: %w", m.SubjectID, err)
	}
	return bot.Outgoing{Text: text, File: &bot.File{Name: name, Title: text, Alt: text, Bytes: pdf}}, nil
}
