package handlers

import (
	"context"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
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
	out, ok, err := h.svc.PreviewChain(ctx, h.act(r), callID, services.ChainList{Entries: chainEntries(lines), Text: r.Text})
	if err != nil || !ok {
		return bot.Reply{}, false, err
	}
	return h.reply(p.ChainPreview(out.Sheet, out.Lines, out.Draft.ID, 0)), true, nil
}

// keptChain reads the list behind a button again: draft:call:shift.
func (h *Handlers) keptChain(ctx context.Context, r bot.Request) (callID int64, list services.ChainList, p *views.Printer, err error) {
	ids := []int64{0, 0, 0}
	for i, part := range strings.SplitN(r.Value, ":", len(ids)) {
		ids[i], _ = strconv.ParseInt(part, 10, 64) // 0 is no row
	}
	draft, err := h.svc.DraftText(ctx, h.act(r), ids[0])
	if err != nil {
		return 0, list, nil, err
	}
	if p, _, err = h.printer(ctx, r); err != nil {
		return 0, list, nil, err
	}
	said := grammar.ParseReply(draft.Text, grammar.Options{Now: p.Now, Zone: p.Zone, Lang: p.Lang, Place: "thread"})
	return ids[1], services.ChainList{Entries: chainEntries(said.Lines), Text: draft.Text, DraftID: draft.ID, ShiftID: ids[2]}, p, nil
}

// chainShift shows the list anew for the shift that the organizer pressed.
func (h *Handlers) chainShift(ctx context.Context, r bot.Request) (bot.Reply, error) {
	callID, list, p, err := h.keptChain(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	out, ok, err := h.svc.PreviewChain(ctx, h.act(r), callID, list)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok {
		return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.draft_gone")
	}
	return h.replace(r, p.ChainPreview(out.Sheet, out.Lines, out.Draft.ID, list.ShiftID)), nil
}

// applyChain holds the places of the list that was kept.
func (h *Handlers) applyChain(ctx context.Context, r bot.Request) (bot.Reply, error) {
	callID, list, p, err := h.keptChain(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	out, err := h.svc.ApplyChain(ctx, h.act(r), callID, list)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.ChainApplied(out.Sheet, out.Held)), nil
}
