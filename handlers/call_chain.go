package handlers

import (
	"context"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/views"
)

// chainEntries are the lines of a pasted list as services take them.
func chainEntries(lines []grammar.ListLine) []models.ChainEntry {
	var out []models.ChainEntry
	for _, l := range lines {
		out = append(out, models.ChainEntry{Raw: l.Raw, Name: l.Name, Role: l.Role, Guests: l.Guests})
	}
	return out
}

// chain shows an organizer what a pasted list would do; anybody else's is left
// alone.
func (h *Handlers) chain(ctx context.Context, r bot.Request, p *views.Printer, callID int64, lines []grammar.ListLine) (bot.Reply, bool, error) {
	out, ok, err := h.svc.PreviewChain(ctx, h.act(r), callID, chainEntries(lines), r.Text)
	if err != nil || !ok {
		return bot.Reply{}, false, err
	}
	return h.reply(p.ChainPreview(out.Sheet, out.Lines, out.Draft.ID)), true, nil
}

// applyChain holds the places of the list that was kept.
func (h *Handlers) applyChain(ctx context.Context, r bot.Request) (bot.Reply, error) {
	draftID, callID, _ := strings.Cut(r.Value, ":")
	r.Value = draftID
	draft, err := h.svc.DraftText(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	said := grammar.ParseReply(draft.Text, grammar.Options{Now: p.Now, Zone: p.Zone, Lang: p.Lang, Place: "thread"})
	r.Value = callID
	out, err := h.svc.ApplyChain(ctx, h.act(r), value(r), draft.ID, chainEntries(said.Lines))
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.ChainApplied(out.Sheet, out.Held)), nil
}
