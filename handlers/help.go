package handlers

import (
	"context"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerHelp(r *bot.Router) {
	r.Verb("help", h.help)
}

func can(me services.Actor) views.Can {
	r := me.Rights
	return views.Can{Organize: r.Organizer(0), Lead: r.Leader(0), View: r.ReadsAll() || len(r.Units(true)) > 0, Admin: r.Admin()}
}

// help shows everything this person may do, or one verb.
func (h *Handlers) help(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.Kind == bot.KindDirect { // somebody out there who writes help needs it
		if reply, done, err := h.safeWord(ctx, r); done || err != nil {
			return reply, err
		}
	}
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.Meet(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	about := strings.TrimSpace(grammar.ParseCommand(r.Text).Rest)
	if about == "" {
		return h.reply(h.withNeed(ctx, r, p, p.Help(can(me)))), nil
	}
	cmd := grammar.ParseCommand(strings.TrimPrefix(about, "/muster "))
	if cmd.Sub == "handover" || cmd.Sub == "calendar" { // what anybody does with their own place
		cmd.Verb = "handover"
	}
	shown := p.HelpVerb(cmd.Verb, can(me))
	switch {
	case !shown.Built && cmd.Verb == "" && cmd.Unknown == "": // a mention, or nothing that is a word
		return h.reply(p.Help(can(me))), nil
	case !shown.Built:
		return bot.Reply{}, h.unknownVerb(cmd, about)
	case !shown.May:
		return bot.Reply{}, h.svc.RefuseVerb(ctx, h.act(r), shown.Admin)
	}
	return h.reply(shown.Message), nil
}

// unknownVerb answers a word that is no verb with the nearest one, or with
// what stands behind it when it is a verb of a later version.
func (h *Handlers) unknownVerb(cmd grammar.Command, typed string) error {
	switch {
	case cmd.Verb != "":
		return models.Refuse(models.CodeInvalid, "error.not_built", "What", firstWord(typed, cmd.Verb))
	case cmd.Nearest != "":
		return models.Refuse(models.CodeInvalid, "help.nearest", "Part", cmd.Unknown, "Nearest", cmd.Nearest)
	}
	return models.Refuse(models.CodeInvalid, "help.no_verb", "Part", cmd.Unknown)
}

// firstWord is what somebody typed first, in their own language.
func firstWord(typed, otherwise string) string {
	if words := strings.Fields(typed); len(words) > 0 {
		return words[0]
	}
	return otherwise
}
