package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerSafety(r *bot.Router) {
	for action, answer := range map[string]string{views.ActionSafeOK: models.SafeOK, views.ActionSafeHelp: models.SafeHelp, views.ActionSafeHome: models.SafeHome} {
		r.On(bot.KindAction, action, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			return h.saySafe(ctx, r, value(r), answer)
		})
	}
	r.On(bot.KindAction, views.ActionSafeReached, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		return h.reachedSafe(ctx, r, models.SafeOK)
	})
	r.On(bot.KindAction, views.ActionSafeIsHome, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		return h.reachedSafe(ctx, r, models.SafeHome)
	})
	r.On(bot.KindAction, views.ActionSafeUnseen, h.notSeen)
	r.On(bot.KindAction, views.ActionSafeOnIt, h.takeOn)
	r.On(bot.KindAction, views.ActionSafePhone, h.phoneOf)
	r.On(bot.KindAction, views.ActionSafeMark, h.markHome)
	r.On(bot.KindAction, views.ActionSafeAllHome, func(ctx context.Context, r bot.Request) (bot.Reply, error) { return h.allHome(ctx, r, value(r)) })
	r.On(bot.KindAction, views.ActionSafeHelpful, h.usage)
}

// safetyRenders words its messages.
func (h *Handlers) safetyRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageSafe: h.renderSafe, models.MessageAlarm: h.renderAlarm}
}

// renderSafe words the question to one person: about their latest tick, or,
// once a newer message took over, about the one it asked.
func (h *Handlers) renderSafe(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	if former(m) && m.Shown == 0 {
		return bot.Outgoing{Skip: true}, nil
	}
	var args models.SafeArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	s, tick, err := h.svc.TickSheet(ctx, m.TenantID, args.Tick, m.PersonID)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("safety question: %w", err)
	}
	if last := models.NewLoop(s.Board, s.Ticks).Last[m.PersonID]; !former(m) && last != nil {
		tick = *last
	}
	return orSkip(h.printerFor(s.Tenant, s.Me, s.Now).SafeDM(s, tick, m.SentAt, former(m))), nil
}

func (h *Handlers) renderAlarm(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	if former(m) && m.Shown == 0 {
		return bot.Outgoing{Skip: true}, nil
	}
	var args models.AlarmArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	s, tick, err := h.svc.TickSheet(ctx, m.TenantID, m.SubjectID, m.PersonID)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("alarm: %w", err)
	}
	return orSkip(h.printerFor(s.Tenant, s.Me, s.Now).Alarm(s, tick, args.As, m.Shown > 0 || args.Over, former(m))), nil
}

// orSkip is a view on its way, or nothing when it has nothing to say.
func orSkip(m views.Message) bot.Outgoing {
	if m.Text == "" {
		return bot.Outgoing{Skip: true}
	}
	return outgoing(m)
}

// saySafe takes somebody's own word about their safety.
func (h *Handlers) saySafe(ctx context.Context, r bot.Request, signupID int64, answer string) (bot.Reply, error) {
	out, err := h.svc.SaySafe(ctx, h.act(r), signupID, answer)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.SafeSaid(out.Sheet, out.Tick, answer, out.Nothing, out.Back, out.Next)), nil
}

// vouched words what an organizer or a buddy said of somebody.
func (h *Handlers) vouched(ctx context.Context, r bot.Request, answer string, do func(context.Context, services.Act, int64) (services.Safe, error)) (bot.Reply, error) {
	out, err := do(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.Vouched(out.Sheet, out.Person, answer, out.Nothing)), nil
}

func (h *Handlers) reachedSafe(ctx context.Context, r bot.Request, answer string) (bot.Reply, error) {
	return h.vouched(ctx, r, answer, func(ctx context.Context, act services.Act, id int64) (services.Safe, error) {
		return h.svc.ReachedSafe(ctx, act, id, answer)
	})
}

func (h *Handlers) notSeen(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.vouched(ctx, r, "", h.svc.NotSeen)
}

// takeOn is an organizer who sees to a call for help.
func (h *Handlers) takeOn(ctx context.Context, r bot.Request) (bot.Reply, error) {
	out, err := h.svc.TakeOn(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.TakenOn(out.Sheet, out.Tick, out.Person, out.Nothing)), nil
}

func (h *Handlers) markHome(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.vouched(ctx, r, models.SafeHome, h.svc.MarkHome)
}

func (h *Handlers) allHome(ctx context.Context, r bot.Request, callID int64) (bot.Reply, error) {
	out, err := h.svc.AllHome(ctx, h.act(r), callID)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.AllHome(out.Sheet, out.Home, out.Left)), nil
}

// phoneOf shows a number to who has to reach somebody, and to nobody else.
func (h *Handlers) phoneOf(ctx context.Context, r bot.Request) (bot.Reply, error) {
	person, err := h.svc.PhoneOf(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.PhoneNumber(person)), nil
}

// usage answers "I wanted to know how Muster is used".
func (h *Handlers) usage(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.Help(can(me))), nil
}

// homeSub is `call k12 home`: alone it says that oneself is home; with a
// mention, or all, an organizer says so of others.
func (h *Handlers) homeSub(ctx context.Context, r bot.Request, _ *views.Printer, sheet models.Sheet, rest string) (bot.Reply, error) {
	l := models.NewLoop(sheet.Board, sheet.Ticks)
	if rest == "" {
		if su := l.Out(sheet.Me.ID); su != nil {
			return h.saySafe(ctx, r, su.ID, models.SafeHome)
		}
		if !sheet.Manages {
			return bot.Reply{}, models.Refuse(models.CodeConflict, "error.safe_not_out", "Name", sheet.Me.Name)
		}
	}
	if grammar.MeansAll(rest) {
		return h.allHome(ctx, r, sheet.Call.ID)
	}
	who := grammar.ParseMention(rest)
	if who == "" {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.safe_who", "Number", sheet.Call.Ref())
	}
	id, name, err := h.svc.OutBySlack(ctx, h.act(r), sheet.Call.ID, who)
	if err != nil {
		return bot.Reply{}, err
	}
	if id == 0 {
		return bot.Reply{}, models.Refuse(models.CodeConflict, "error.safe_not_out", "Name", cmp.Or(name, "<@"+who+">"))
	}
	r.Value = fmt.Sprint(id)
	return h.markHome(ctx, r)
}

// safeWord reads a plain text as a word about the safety of who is out there.
// done is false when it is none, or they are not. "help" counts as a call for
// help while a question stands open; else they are asked what they mean.
func (h *Handlers) safeWord(ctx context.Context, r bot.Request) (reply bot.Reply, done bool, err error) {
	said := grammar.ParseSafe(r.Text)
	if said.Word == "" {
		return bot.Reply{}, false, nil
	}
	id, open, err := h.svc.WatchedAs(ctx, h.act(r))
	switch {
	case err != nil || id == 0:
		return bot.Reply{}, false, err
	case !said.Sure && !open && said.Word == grammar.SafeHelp && r.Direct:
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, true, err
		}
		return h.reply(p.HelpMeant(id)), true, nil
	case !said.Sure && (!open || !r.Direct):
		return bot.Reply{}, false, nil
	}
	reply, err = h.saySafe(ctx, r, id, said.Word)
	return reply, true, err
}

// safeUnread offers the three answers to somebody asked whose words meant
// nothing that is known.
func (h *Handlers) safeUnread(ctx context.Context, r bot.Request) (bot.Reply, bool, error) {
	id, open, err := h.svc.WatchedAs(ctx, h.act(r))
	if err != nil || !open || strings.TrimSpace(r.Text) == "" {
		return bot.Reply{}, false, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, true, err
	}
	return h.reply(p.SafeAsk(id)), true, nil
}

// needToo shows the button for help above an answer to somebody who is out
// there and speaks of danger.
func (h *Handlers) needToo(ctx context.Context, r bot.Request, reply bot.Reply) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	m := views.Message{Text: reply.Text, Blocks: reply.Blocks}
	if len(m.Blocks) == 0 && m.Text != "" {
		m.Blocks = append(m.Blocks, views.Section(m.Text))
	}
	above := h.withNeed(ctx, r, p, m)
	if len(above.Blocks) == len(m.Blocks) { // nobody who is out there
		return reply, nil
	}
	reply.Text, reply.Blocks = above.Text, above.Blocks
	return reply, nil
}

// withNeed puts a button for help above the list of commands, for somebody who
// is out there and may mean that.
func (h *Handlers) withNeed(ctx context.Context, r bot.Request, p *views.Printer, m views.Message) views.Message {
	id, _, err := h.svc.WatchedAs(ctx, services.Act{Team: r.Team, Enterprise: r.Enterprise, User: r.User})
	if err != nil {
		h.log.WarnContext(ctx, "whether somebody who asked for help is out there is not known", "cause", err)
	}
	if id == 0 {
		return m
	}
	return p.NeedAbove(id, m)
}
