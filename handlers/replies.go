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

// What has no verb comes here: the bare command, plain replies under a call or
// to a direct question, and words that cannot be read.

// Classify finds the verb of a text, for the router.
func Classify(r bot.Request) string { return grammar.ParseCommand(r.Text).Verb }

func (h *Handlers) registerReplies(r *bot.Router) {
	r.On(bot.KindCommand, "", h.bareCommand)
	r.On(bot.KindMention, "", h.mention)
	r.On(bot.KindDirect, "", h.direct)
	r.OnAny(bot.KindMessage, h.threadReply)
	r.On(bot.KindAction, views.ActionReplyTo, h.replyTo)
	for _, id := range laterButtons {
		r.On(bot.KindAction, id, func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.button_later")
		})
	}
	r.On(bot.KindShortcut, "muster_report", func(context.Context, bot.Request) (bot.Reply, error) {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.not_built", "What", "report")
	})
	// A verb that is known and not built yet has no handler of its own.
	for _, kind := range []bot.Kind{bot.KindCommand, bot.KindMention, bot.KindDirect} {
		r.OnAny(kind, func(_ context.Context, r bot.Request) (bot.Reply, error) {
			return bot.Reply{}, h.unknownVerb(grammar.ParseCommand(r.Text), r.Text)
		})
	}
}

// laterButtons are the buttons of later versions whose names are settled already:
// who presses one, by another version's message or by hand, is told.
var laterButtons = []string{
	"report_take", "report_done", "report_refuse", "station_low"}

// bareCommand answers /muster alone, or a word that is no verb.
func (h *Handlers) bareCommand(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if cmd := grammar.ParseCommand(r.Text); cmd.Unknown != "" {
		return bot.Reply{}, h.unknownVerb(cmd, r.Text)
	}
	return h.short(ctx, r)
}

// mention is @muster with something that is no verb. In a call's thread it is
// a reply; alone there it shows that call.
func (h *Handlers) mention(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if reply, done, err := h.safeWord(ctx, r); done || err != nil {
		return reply, err
	}
	q, err := h.svc.QuestionFor(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if len(q.Calls) > 0 {
		reply, heard, err := h.reply1(ctx, r, q)
		if err != nil || heard {
			return reply, err
		}
	}
	if r.EditTS != "" { // whoever corrects a word does not ask anew
		return bot.Reply{}, nil
	}
	if len(q.Calls) == 1 && strings.TrimSpace(r.Text) == "" {
		r.Value = strconv.FormatInt(q.Calls[0].ID, 10)
		return h.callDetails(ctx, r)
	}
	return h.bareCommand(ctx, r)
}

// threadReply is a message in a channel that does not mention the bot: heard
// only under a call, and only when it clearly means something.
func (h *Handlers) threadReply(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.ThreadTS == "" {
		return bot.Reply{}, nil
	}
	if reply, done, err := h.safeWord(ctx, r); done || err != nil {
		return reply, err
	}
	q, err := h.svc.QuestionFor(ctx, h.act(r))
	if err != nil || len(q.Calls) == 0 {
		return bot.Reply{}, err
	}
	h.introduce(ctx, r)
	reply, _, err := h.reply1(ctx, r, q)
	return reply, err
}

// direct is a direct message without a verb: an answer to what was asked, or
// something that cannot be read, which gets one short hint.
func (h *Handlers) direct(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if strings.TrimSpace(r.Text) == "" {
		reply, _, err := h.proofSaid(ctx, r)
		return reply, err
	}
	if reply, done, err := h.safeWord(ctx, r); done || err != nil {
		return reply, err
	}
	reply, err := h.directReply(ctx, r)
	if err != nil || !grammar.SpeaksOfDanger(r.Text) {
		return reply, err
	}
	return h.needToo(ctx, r, reply)
}

func (h *Handlers) directReply(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if reply, isCode, err := h.bareCode(ctx, r); err != nil || isCode {
		return reply, err
	}
	q, err := h.svc.QuestionFor(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	reply, heard, err := h.reply1(ctx, r, q)
	if err != nil || heard || r.EditTS != "" {
		return reply, err
	}
	if reply, done, err := h.proofSaid(ctx, r); done || err != nil {
		return reply, err
	}
	if reply, done, err := h.safeUnread(ctx, r); done || err != nil {
		return reply, err
	}
	cmd := grammar.ParseCommand(r.Text)
	if cmd.Nearest != "" {
		return bot.Reply{}, h.unknownVerb(cmd, r.Text)
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	switch either := q.Either(); {
	case len(q.Told) == 0:
		return say(p.T("reply.hint")), nil
	case len(either) == 1:
		return h.toOrganizer(ctx, r, p, either[0].ID)
	default:
		return h.reply(p.WhichCall(either, true, r.Text)), nil
	}
}

// reply1 reads a plain reply and hands it to the call it answers. heard says
// whether it meant anything.
func (h *Handlers) reply1(ctx context.Context, r bot.Request, q services.Question) (reply bot.Reply, heard bool, err error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, false, err
	}
	place := "thread"
	if q.Asked && !q.Tell { // "ok" to an organizer's message is no sign-up
		place = "dm"
	}
	zone := p.Zone
	if len(q.Calls) > 0 {
		zone = q.Calls[0].Location()
	}
	var roles []string
	if len(q.Calls) == 1 {
		if roles, err = h.svc.RoleNames(ctx, h.act(r), q.Calls[0].ID); err != nil {
			return bot.Reply{}, false, err
		}
	}
	if who, ok := grammar.ParseHandover(r.Text); ok && r.EditTS == "" {
		return h.handoverSaid(ctx, r, p, q, who)
	}
	said := grammar.ParseReply(r.Text, grammar.Options{Now: p.Now, Zone: zone, Lang: p.Lang, Place: place, Roles: roles})
	meant := said.Meaning != "none" && said.Meaning != "list"
	switch {
	case len(q.Calls) == 0:
		return bot.Reply{}, false, nil
	case len(q.Calls) > 1 && meant:
		return h.reply(p.WhichCall(q.Calls, q.Asked, r.Text)), true, nil
	case len(q.Calls) > 1:
		return bot.Reply{}, false, nil
	case said.Meaning == grammar.MeansList && r.ThreadTS != "":
		return h.chain(ctx, r, p, q.Calls[0].ID, said.Lines)
	case !meant && !q.Asked:
		return bot.Reply{}, false, nil
	case !meant && (q.Tell || q.WroteAbout(q.Calls[0].ID) && len(q.Told) == 1):
		reply, err := h.toOrganizer(ctx, r, p, q.Calls[0].ID)
		return reply, true, err
	case !meant && len(q.Told) > 0:
		return h.reply(p.WhichCall(q.Either(), true, r.Text)), true, nil
	}
	got, err := h.svc.ReplyToCall(ctx, h.act(r), q.Calls[0].ID, services.Said{Meaning: said.Meaning, Guests: said.Guests,
		HasGuests: said.HasGuests, Role: said.Role, Day: said.Day, DayStart: models.At(said.DayStart), Minutes: said.Minutes,
		From: said.From, Text: r.Text, BareNo: said.BareNo, Edited: r.EditTS != "", Asked: q.Asked})
	if err != nil {
		return bot.Reply{}, true, err
	}
	return h.heard(p, got), true, nil
}

// toOrganizer keeps words for a call's organizers: somebody's answer to what
// they wrote.
func (h *Handlers) toOrganizer(ctx context.Context, r bot.Request, p *views.Printer, callID int64) (bot.Reply, error) {
	got, err := h.svc.ReplyToCall(ctx, h.act(r), callID, services.Said{Text: r.Text, Edited: r.EditTS != "", Asked: true, Aside: true})
	if err != nil {
		return bot.Reply{}, err
	}
	if got.What != services.HeardUnclear {
		return h.heard(p, got), nil
	}
	return h.reply(p.TellAnswered(got.Sheet, r.Text)), nil
}

// replyTo reads a reply anew for the call that it is now said to mean.
func (h *Handlers) replyTo(ctx context.Context, r bot.Request) (bot.Reply, error) {
	id, rest, _ := strings.Cut(r.Value, ":")
	asked, text, _ := strings.Cut(rest, ":")
	r.Value = id
	sheet, err := h.svc.CallByID(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	r.Text, r.TS = text, "" // the words are not the message pressed on: nothing is marked
	reply, heard, err := h.reply1(ctx, r, services.Question{Calls: []models.Call{*sheet.Call}, Asked: asked == "1"})
	if err != nil || heard {
		reply.Replace = r.Ephemeral && err == nil
		return reply, err
	}
	return h.callDetails(ctx, r)
}

// errors words what a handler refused; it is the one edge where errors become
// sentences.
func (h *Handlers) Errors(ctx context.Context, r bot.Request, err error) bot.Reply {
	p, _, printErr := h.printer(ctx, r)
	if printErr != nil { // the database is away: the organisation's language is not known
		p = h.cat.For(views.Reader{Lang: "zh"})
	}
	return say(p.Error(err, ""))
}

// LateNote says that something was stored although Slack showed an error.
func (h *Handlers) LateNote(ctx context.Context, r bot.Request) string {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return ""
	}
	return p.T("error.late_note")
}

// PrivateNote says where the answer to a command went.
func (h *Handlers) PrivateNote(ctx context.Context, r bot.Request) string {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return ""
	}
	return p.T("reply.by_dm")
}

// ModalButton offers a form again whose trigger had expired: the press brings
// a fresh one.
func (h *Handlers) ModalButton(ctx context.Context, r bot.Request) bot.Reply {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}
	}
	action := map[string]string{"setup": views.ActionOpenSetup, "profile": views.ActionOpenProfile,
		"call": views.ActionNewCall, "study": views.ActionNewStudy}[r.Name]
	if r.Kind == bot.KindAction {
		return say(p.T("error.modal_expired"))
	}
	if action == "" {
		return say(p.T("error.modal_expired"))
	}
	return h.reply(p.OpenButton(p.T("error.modal_expired"), action))
}

// Register is the table of contents of the bot.
func (h *Handlers) Register(r *bot.Router) {
	h.registerReplies(r)
	h.registerHelp(r)
	h.registerHome(r)
	h.registerCall(r)
	h.registerStudy(r)
	h.registerRemind(r)
	h.registerSummary(r)
	h.registerExport(r)
	h.registerProfile(r)
	h.registerSetup(r)
	h.registerDirectory(r)
	h.registerGreet(r)
	h.registerDispatch(r)
	h.registerLearning(r)
	h.registerLedger(r)
}
