package handlers

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerCall(r *bot.Router) {
	r.Verb("call", h.call)
	r.Verb("calls", h.calls)
	r.On(bot.KindShortcut, "muster_new_call", h.newCallModal)
	r.On(bot.KindAction, views.ActionNewCall, h.newCallModal)
	r.On(bot.KindAction, views.ActionCallPreset, h.presetCall)
	r.On(bot.KindAction, views.ActionCallMore, h.moreCall)
	r.On(bot.KindSubmission, views.ModalCall, h.submitCall)
	r.On(bot.KindAction, views.ActionCallDetails, h.callDetails)
	r.On(bot.KindAction, views.ActionCallEdit, h.editCallModal)
	r.On(bot.KindAction, views.ActionCallClose, h.byID(h.closeCall))
	r.On(bot.KindAction, views.ActionCallReopen, h.byID(h.reopenCall))
	r.On(bot.KindAction, views.ActionCallCancel, h.cancelCallModal)
	r.On(bot.KindSubmission, views.ModalCallCancel, h.submitCancel)
	h.registerDrafts(r)
	h.registerPlace(r)
	h.registerSignup(r)
}

// call is the verb: a number shows or changes a call, nothing opens the modal,
// anything else is a new call on one line. Under a call's card no number is
// needed.
func (h *Handlers) call(ctx context.Context, r bot.Request) (bot.Reply, error) {
	cmd := grammar.ParseCommand(r.Text)
	if cmd.Number == "" && cmd.Sub == "templates" {
		return h.templates(ctx, r)
	}
	if cmd.Number == "" && (cmd.Sub != "" || r.ThreadTS != "") {
		reply, done, err := h.callHere(ctx, r, cmd)
		if done || err != nil {
			return reply, err
		}
	}
	switch {
	case cmd.Number != "":
		return h.callNumber(ctx, r, cmd)
	case strings.TrimSpace(cmd.Rest) == "":
		return h.newCallModal(ctx, r)
	}
	if reply, done, err := h.templateLine(ctx, r, cmd.Rest); done || err != nil {
		return reply, err
	}
	return h.callLine(ctx, r, cmd.Rest)
}

// callLine is a new call written on one line.
func (h *Handlers) callLine(ctx context.Context, r bot.Request, text string) (bot.Reply, error) {
	p, o, err := h.callReader(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParseCall(text, o)
	var reason *grammar.Reason
	if errors.As(err, &reason) && reason.Key == "when.which_morning" && len(reason.Readings) == 2 {
		return h.askDay(ctx, r, p, text, reason)
	}
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	h.introduce(ctx, r, cardChannels(r.Channel, r.Direct, read.For)...)
	out, err := h.svc.OpenCall(ctx, h.act(r), specOf(read, o.Zone.String()), services.OpenHow{Public: r.Kind == bot.KindMention})
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(h.opened(p, out)), nil
}

// cardChannels are the channels a card may go to by what was written: whether
// they are private, and the bot in them, must be known before it is posted.
func cardChannels(channel string, direct bool, audience string) []string {
	if channel != "" && !direct {
		return []string{channel}
	}
	if id, ok := strings.CutPrefix(strings.TrimSpace(audience), "<#"); ok {
		id, _, _ = strings.Cut(strings.TrimSuffix(id, ">"), "|")
		return []string{id}
	}
	return nil
}

// callReader is who writes a call, and how their words are to be read. It
// refuses who may not post calls before anything is read.
func (h *Handlers) callReader(ctx context.Context, r bot.Request) (*views.Printer, grammar.Options, error) {
	zone, err := h.svc.MayCall(ctx, h.act(r))
	if err != nil {
		return nil, grammar.Options{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return nil, grammar.Options{}, err
	}
	return p, grammar.Options{Now: p.Now, Zone: models.Zone(zone), Lang: p.Lang}, nil
}

// opened words a posted call, or what is asked before it is posted.
func (h *Handlers) opened(p *views.Printer, out services.Opened) views.Message {
	switch out.Ask {
	case services.AskUrgent:
		return p.AskUrgent(out.Draft.ID, out.Start, out.Until, out.Quiet)
	case services.AskWhere:
		return p.AskWhere(out.Draft.ID)
	case services.AskInvite:
		return p.AskInvite(out.Draft.ID, out.Draft.Channel)
	}
	posted := p.CallPosted(out.Sheet, out.AskedBy)
	if out.Reach.ID != 0 { // the call is up; whom it asks directly waits for a choice
		question := p.ReachAsk(out.Reach)
		posted.Text += "\n" + question.Text
		posted.Blocks = append(posted.Blocks, question.Blocks...)
	}
	return posted
}

// specOf is what the grammar read, as models take it.
func specOf(c grammar.Call, zone string) models.CallSpec {
	spec := models.CallSpec{Title: c.Title, Kind: c.Kind, Where: c.Where, Skill: c.Skill, Bring: c.Bring, Private: c.Private,
		Guests: c.Guests, Urgent: c.Urgent, Drill: c.Drill, Buddy: c.Buddy, Safety: c.Safety, For: c.For, Remind: c.Remind,
		Zone: zone, Set: c.Set, Opens: limitOf(c.Opens), Close: limitOf(c.Close)}
	for _, w := range c.When {
		for _, one := range w.List() {
			spec.When = append(spec.When, models.Span{Start: models.At(one.Start), End: models.At(one.End)})
		}
	}
	for _, n := range c.Need {
		spec.Need = append(spec.Need, models.Need{Role: n.Role, Least: n.Least, Most: n.Most, Verified: n.Verified})
	}
	spec.Ask = planText(c.Ask)
	return spec
}

func limitOf(l *grammar.Limit) *models.Limit {
	if l == nil {
		return nil
	}
	return &models.Limit{At: models.At(l.At), Before: l.Before}
}

// callNumber is `call k12` with or without what to do.
func (h *Handlers) callNumber(ctx context.Context, r bot.Request, cmd grammar.Command) (bot.Reply, error) {
	number, err := strconv.Atoi(strings.TrimPrefix(strings.ToLower(cmd.Number), models.NumberCall))
	if err != nil {
		return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.not_found", "What", cmd.Number)
	}
	sheet, err := h.svc.ShowCall(ctx, h.act(r), number)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if cmd.Sub == "" {
		if cmd.Unknown != "" {
			return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.call_sub", "Part", cmd.Unknown, "Number", cmd.Number)
		}
		return h.reply(p.CallDetails(sheet)), nil
	}
	if sub := h.callSubs()[cmd.Sub]; sub != nil {
		return sub(ctx, r, p, sheet, strings.TrimSpace(cmd.Rest))
	}
	return h.reply(p.CallNotBuilt(cmd.Sub)), nil
}

// calls lists what can be joined.
func (h *Handlers) calls(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheets, more, err := h.svc.ListCalls(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.Meet(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.CallList(sheets, more)), nil
}

// value is the row id of a button; 0 for anything that is none, which is then
// not found.
func value(r bot.Request) int64 {
	id, err := strconv.ParseInt(strings.TrimSpace(r.Value), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// callDetails shows a call to who pressed.
func (h *Handlers) callDetails(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, err := h.svc.CallByID(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.CallDetails(sheet)), nil
}

// byID makes a press on a call of a change to it.
func (h *Handlers) byID(fn func(context.Context, bot.Request, *views.Printer, int64) (bot.Reply, error)) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return fn(ctx, r, p, value(r))
	}
}

func (h *Handlers) closeCall(ctx context.Context, r bot.Request, p *views.Printer, id int64) (bot.Reply, error) {
	out, err := h.svc.CloseCall(ctx, h.act(r), id)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.CallClosed(out.Sheet, out.Concerned, out.Nothing)), nil
}

func (h *Handlers) reopenCall(ctx context.Context, r bot.Request, p *views.Printer, id int64) (bot.Reply, error) {
	out, err := h.svc.ReopenCall(ctx, h.act(r), id)
	if err != nil {
		return bot.Reply{}, err
	}
	if out.Reach.ID != 0 {
		return h.reply(p.ReachAsk(out.Reach)), nil
	}
	return h.reply(p.CallReopened(out.Sheet, out.Nothing)), nil
}

// cancelCall cancels with the reason given, or asks for one.
func (h *Handlers) cancelCall(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, reason string) (bot.Reply, error) {
	if reason == "" && sheet.Manages && sheet.Call.Live() {
		if r.TriggerID == "" {
			return h.reply(p.CancelAsk(sheet, concerned(sheet))), nil
		}
		return bot.Reply{Modal: p.CancelModal(sheet, concerned(sheet))}, nil
	}
	out, err := h.svc.CancelCall(ctx, h.act(r), sheet.Call.ID, reason)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(cancelled(p, out)), nil
}

// cancelled reports a cancelling, or what is asked before it.
func cancelled(p *views.Printer, out services.Changed) views.Message {
	if out.Reach.ID != 0 {
		return p.ReachAsk(out.Reach)
	}
	return p.CallCancelled(out.Sheet, out.Concerned, out.Nothing)
}

// concerned is how many people a cancelling would reach.
func concerned(sheet models.Sheet) int {
	people := map[int64]bool{}
	for _, su := range sheet.Signups {
		if su.Upcoming() {
			people[su.PersonID] = true
		}
	}
	return len(people)
}

func (h *Handlers) cancelCallModal(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, p, err := h.managed(ctx, r, value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.CancelModal(sheet, concerned(sheet))}, nil
}

// managed is a call the actor may manage and that is still going on.
func (h *Handlers) managed(ctx context.Context, r bot.Request, id int64) (models.Sheet, *views.Printer, error) {
	sheet, err := h.svc.ManagedCall(ctx, h.act(r), id)
	if err != nil {
		return sheet, nil, err
	}
	p, _, err := h.printer(ctx, r)
	return sheet, p, err
}

func (h *Handlers) submitCancel(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	meta := views.DecodeCallMeta(r.View.Private)
	out, err := h.svc.CancelCall(ctx, h.act(r), meta.Call, one(r, views.FieldCallReason))
	var refusal *models.Error
	if errors.As(err, &refusal) && refusal.Key == "error.call_no_reason" {
		return bot.Reply{Errors: map[string]string{views.FieldCallReason: p.Error(err, "")}}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(cancelled(p, out))
	reply.Private = true
	return reply, nil
}

// editLine is `call k12 edit KEY: VALUE | …`; without anything it opens the
// modal.
func (h *Handlers) editLine(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, text string) (bot.Reply, error) {
	if strings.TrimSpace(text) == "" {
		r.Value = strconv.FormatInt(sheet.Call.ID, 10)
		if r.TriggerID == "" && sheet.Manages && sheet.Call.Live() {
			return h.reply(p.EditAsk(sheet)), nil
		}
		return h.editCallModal(ctx, r)
	}
	o := grammar.Options{Now: p.Now, Zone: sheet.Call.Location(), Lang: p.Lang}
	read, err := grammar.ParseEdit(text, o)
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	out, err := h.svc.EditCall(ctx, h.act(r), sheet.Call.ID, specOf(read, sheet.Call.Zone), r.Kind == bot.KindMention)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(edited(p, out)), nil
}

// edited reports an edit, or what is asked before it.
func edited(p *views.Printer, out services.Changed) views.Message {
	if out.Reach.ID != 0 && len(out.Keys) == 0 {
		return p.ReachAsk(out.Reach)
	}
	m := p.CallEdited(out.Sheet, out.Keys, out.Concerned, out.Nothing)
	if out.Reach.ID != 0 { // changed; whom it asks directly waits for a choice
		question := p.ReachAsk(out.Reach)
		m.Text, m.Blocks = m.Text+"\n"+question.Text, append(m.Blocks, question.Blocks...)
	}
	return m
}

// callRenders words the messages of calls.
func (h *Handlers) callRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{
		models.MessageCard:   h.renderCard,
		models.MessagePanel:  h.renderPanel,
		models.MessageSignup: h.renderSignup,
		models.MessageNote:   h.renderNote,

		models.MessageCardLost: h.renderCardLost,
	}
}
