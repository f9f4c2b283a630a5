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

func (h *Handlers) registerSummary(r *bot.Router) {
	r.Verb("summary", h.summary)
	r.Verb("digest", h.digest)
	r.On(bot.KindAction, views.ActionSummaryPost, h.postSummary)
	r.On(bot.KindAction, views.ActionSummaryChannel, h.postSummary)
	r.On(bot.KindAction, views.ActionSummaryHold, h.holdSummary)
}

func (h *Handlers) summaryRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{
		models.MessageSummary: h.renderSummary,
		models.MessageReview:  h.renderReview,
	}
}

// summary shows the asked period to the one who asks, with a button that posts it.
func (h *Handlers) summary(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	rest, figure, rows := grammar.SummaryRows(grammar.ParseCommand(r.Text).Rest)
	asked, err := grammar.ParseSummary(rest, me.Tenant.Location())
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	shown, err := h.svc.PreviewSummary(ctx, h.act(r), services.SummaryAsk{Kind: asked.Kind, At: models.At(asked.At), Back: asked.Back, Unit: asked.Unit})
	if err != nil {
		return bot.Reply{}, err
	}
	if rows {
		return h.summaryRows(ctx, r, shown.Posting.ID, figure, 0)
	}
	return h.reply(p.Summary(views.SummaryModel{PostingID: shown.Posting.ID, Now: shown.Now, Before: shown.Before,
		Preview: true, Channel: shown.Posting.Channel, Leaders: views.LeadersOf(shown.Now, shown.Leaders)})), nil
}

func (h *Handlers) postSummary(ctx context.Context, r bot.Request) (bot.Reply, error) {
	id, channel := rowID(r.Value), ""
	if r.Name == views.ActionSummaryChannel { // the row id is in the block's id, the channel was chosen
		id, channel = rowID(strings.TrimPrefix(r.BlockID, "posting:")), r.Value
	}
	posting, err := h.svc.PostSummary(ctx, h.act(r), id, channel)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: p.T("summary.queued", "Channel", "<#"+posting.Channel+">"), Replace: r.Ephemeral}, nil // its buttons are used up
}

func (h *Handlers) holdSummary(ctx context.Context, r bot.Request) (bot.Reply, error) {
	posting, err := h.svc.HoldSummary(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return say(p.T("summary.hold_done", "Channel", "<#"+posting.Channel+">")), nil
}

func (h *Handlers) renderSummary(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	shown, err := h.svc.SummaryByPosting(ctx, m.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if shown.Posting.State == models.PostingHeld {
		return bot.Outgoing{}, errGone
	}
	sent := shown.At
	if m.SentAt != 0 { // an edit: it is as late as it was
		sent = m.SentAt
	}
	p := h.channelPrinter(shown.Tenant, shown.Channel, shown.Tenant.Zone, shown.At)
	return outgoing(p.Summary(views.SummaryModel{PostingID: m.SubjectID, Now: shown.Now, Before: shown.Before, Public: true,
		Late: shown.Posting.Late(sent), LateFor: shown.Posting.DueAt.Time(), Channel: m.Channel, Leaders: views.LeadersOf(shown.Now, shown.Leaders)})), nil
}

// renderReview words a coming summary for the one who reviews it, as the
// channel will see it.
func (h *Handlers) renderReview(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	shown, err := h.svc.SummaryByPosting(ctx, m.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	t, reviewer, now, err := h.svc.Recipient(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	p := h.printerFor(t, reviewer, now)
	return outgoing(p.Summary(views.SummaryModel{PostingID: m.SubjectID, Now: shown.Now, Before: shown.Before, Public: true, Preview: true,
		Review: true, Posted: shown.Posted, State: shown.Posting.State, LateFor: shown.Posting.DueAt.Time(), Channel: shown.Posting.Channel,
		Leaders: views.LeadersOf(shown.Now, shown.Leaders)})), nil
}

// digest makes, lists and deletes scheduled summaries.
func (h *Handlers) digest(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	cmd := grammar.ParseCommand(r.Text)
	switch {
	case cmd.Number != "" && cmd.Sub == "delete":
		number, err := strconv.Atoi(cmd.Number[1:])
		if err != nil {
			return bot.Reply{}, models.Refuse(models.CodeNotFound, "digest.not_found", "What", cmd.Number)
		}
		d, err := h.svc.DeleteDigest(ctx, h.act(r), number)
		if err != nil {
			return bot.Reply{}, err
		}
		return say(p.T("digest.deleted", "Ref", "#"+d.Ref())), nil
	case cmd.Sub == "list" || cmd.Number != "" && cmd.Sub == "" && cmd.Rest == "" || strings.TrimSpace(cmd.Rest) == "":
		return h.digests(ctx, r, p)
	}
	asked, err := grammar.ParseDigest(cmd.Rest, grammar.Options{Now: p.Now, Zone: me.Tenant.Location(), Lang: p.Lang})
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	cadence := map[string]string{"daily": models.PeriodDay, "weekly": models.PeriodWeek, "monthly": models.PeriodMonth}[asked.Cadence]
	d, err := h.svc.OpenDigest(ctx, h.act(r), services.DigestAsk{Cadence: cadence, Weekday: int(asked.Weekday), Day: asked.Day,
		Minute: asked.Hour*60 + asked.Minute, Channel: asked.Channel, Reviewer: asked.Review})
	if err != nil {
		return bot.Reply{}, err
	}
	return say(p.DigestOpened(digestModel(d))), nil
}

func (h *Handlers) digests(ctx context.Context, r bot.Request, p *views.Printer) (bot.Reply, error) {
	list, err := h.svc.Digests(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	var shown []views.DigestModel
	for _, d := range list {
		shown = append(shown, digestModel(d))
	}
	return h.reply(p.DigestList(shown)), nil
}

func digestModel(d services.DigestShown) views.DigestModel {
	m := views.DigestModel{Digest: d.Digest, Next: d.Next.Time()}
	if d.Reviewer.ID != 0 {
		m.Reviewer = views.UserTag(d.Reviewer.Slack(), d.Reviewer.Name)
	}
	return m
}

// rowID reads a button's value; what is no number is row 0, which nobody has.
func rowID(value string) int64 {
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return 0
	}
	return id
}
