package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerRemind(r *bot.Router) {
	r.Verb("remind", h.remind)
	r.On(bot.KindShortcut, views.ShortcutRemind, h.remindForm)
	r.On(bot.KindSubmission, views.ModalRemind, h.remindFormDone)
	r.On(bot.KindAction, views.ActionRemindYes, h.remindConsent(true))
	r.On(bot.KindAction, views.ActionRemindNo, h.remindConsent(false))
	r.On(bot.KindAction, views.ActionRemindDelete, h.remindDeletePressed)
	r.On(bot.KindAction, views.ActionRemindWhen, h.remindWhen)
}

func (h *Handlers) remindRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{
		models.MessageRemind:      h.renderRemind,
		models.MessageRemindAsk:   h.renderRemindAsk,
		models.MessageRemindTaken: h.renderRemindTaken,
	}
}

// remind is the verb: list, m9 delete, else a new reminder.
func (h *Handlers) remind(ctx context.Context, r bot.Request) (bot.Reply, error) {
	cmd := grammar.ParseCommand(r.Text)
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	switch {
	case cmd.Number != "" && cmd.Sub == "delete":
		n, err := strconv.Atoi(cmd.Number[1:])
		if err != nil {
			return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.remind_bad_number")
		}
		return h.remindDeleted(p)(h.svc.DeleteReminder(ctx, h.act(r), n))
	case cmd.Number != "" && cmd.Unknown != "":
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.remind_what", "Part", cmd.Unknown, "Ref", cmd.Number)
	case cmd.Number != "":
		return h.remindShow(ctx, r, p, cmd.Number)
	case cmd.Sub == "delete":
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.remind_bad_number")
	case cmd.Sub == "list":
		return h.remindList(ctx, r, p)
	case strings.TrimSpace(cmd.Rest) == "":
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.remind_no_text")
	}
	read, err := grammar.ParseRemind(cmd.Rest, grammar.Options{Now: p.Now, Zone: p.Zone, Lang: p.Lang})
	var reason *grammar.Reason
	if errors.As(err, &reason) && len(reason.Readings) > 1 && read.Text != "" {
		return h.remindAsk(ctx, r, p, cmd.Rest, reason)
	}
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	return h.remindSet(ctx, r, p, read, 0)
}

// remindSet sets what was read; draft is the question that it answers, if any.
func (h *Handlers) remindSet(ctx context.Context, r bot.Request, p *views.Printer, read grammar.Remind, draft int64) (bot.Reply, error) {
	if read.When.Kind == grammar.KindList {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.remind_one_time")
	}
	set, err := h.svc.AddReminder(ctx, h.act(r), services.NewReminder{Who: read.Who, Text: read.Text, RRule: read.When.Rule,
		Wall: read.When.Wall, Zone: read.When.Zone, Start: read.When.Start, Draft: draft})
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.RemindSet(remindModel(set))), nil
}

func (h *Handlers) remindList(ctx context.Context, r bot.Request, p *views.Printer) (bot.Reply, error) {
	list, err := h.svc.ListReminders(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	shown := make([]views.RemindModel, len(list))
	for i, m := range list {
		shown[i] = remindModel(m)
	}
	return h.reply(p.RemindList(shown)), nil
}

// remindShow is `remind m9`: one of the list.
func (h *Handlers) remindShow(ctx context.Context, r bot.Request, p *views.Printer, number string) (bot.Reply, error) {
	list, err := h.svc.ListReminders(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	for _, m := range list {
		if models.NumberReminder+strconv.Itoa(m.Reminder.Number) == number {
			return h.reply(p.RemindShow(remindModel(m))), nil
		}
	}
	return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.remind_not_found", "What", number)
}

func remindModel(m services.RemindPlan) views.RemindModel {
	return views.RemindModel{Reminder: m.Reminder, By: m.By, Person: m.Person, Next: m.Next}
}

func (h *Handlers) remindDeleted(p *views.Printer) func(services.RemindPlan, error) (bot.Reply, error) {
	return func(m services.RemindPlan, err error) (bot.Reply, error) {
		if err != nil {
			return bot.Reply{}, err
		}
		return h.reply(p.RemindDeleted(remindModel(m))), nil
	}
}

func (h *Handlers) remindDeletePressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.remindDeleted(p)(h.svc.DeleteReminder(ctx, h.act(r), int(rowID(r.Value))))
}

func (h *Handlers) remindConsent(yes bool) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		m, err := h.svc.AnswerRemind(ctx, h.act(r), rowID(r.Value), yes)
		if err != nil {
			return bot.Reply{}, err
		}
		return say(p.RemindAsk(remindModel(m)).Text), nil
	}
}

// remindAnswer words the answer to a press on a reminder that has come.
func (h *Handlers) remindAnswer(ctx context.Context, r bot.Request) func(services.RemindPlan, error) (bot.Reply, error) {
	return func(m services.RemindPlan, err error) (bot.Reply, error) {
		if err != nil {
			return bot.Reply{}, err
		}
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return say(p.RemindAnswer(remindModel(m))), nil
	}
}

// remindUndoes take back what a reminder's message reports.
func (h *Handlers) remindUndoes() map[string]undoFunc {
	return map[string]undoFunc{
		views.UndoRemind: func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
			return h.remindAnswer(ctx, r)(h.svc.UndoRemind(ctx, h.act(r), id))
		},
		views.UndoRemindDel: func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
			p, _, err := h.printer(ctx, r)
			if err != nil {
				return bot.Reply{}, err
			}
			m, err := h.svc.UndeleteReminder(ctx, h.act(r), id)
			if err != nil {
				return bot.Reply{}, err
			}
			reply := h.reply(p.RemindSet(remindModel(m)))
			reply.Replace = true
			return reply, nil
		},
	}
}

func (h *Handlers) loadRemind(ctx context.Context, m models.Message) (services.RemindPlan, *views.Printer, error) {
	plan, ok, err := h.svc.RemindMessage(ctx, m.TenantID, m.SubjectID)
	if err != nil {
		return plan, nil, err
	}
	if !ok {
		return plan, nil, errGone
	}
	t, person, now, err := h.svc.Recipient(ctx, m)
	if err != nil {
		return plan, nil, err
	}
	return plan, h.printerFor(t, person, now), nil
}

func (h *Handlers) renderRemind(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	plan, p, err := h.loadRemind(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	var args services.RemindArgs
	if len(m.Args) > 0 {
		if err := json.Unmarshal(m.Args, &args); err != nil {
			return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
		}
	}
	r := plan.Reminder
	if m.Shown == 0 && (r.State == models.ReminderDeleted || r.State == models.ReminderRefused || args.At != r.FiredAt) {
		return bot.Outgoing{}, errGone // ended, or a later time has come in between
	}
	view := remindModel(plan)
	view.At, view.Late, view.Skipped = args.At, args.Late, args.Skipped
	view.Past = m.Key != models.RemindKey(r.ID, r.FiredAt)
	if r.Channel != "" {
		if p, err = h.remindChannel(ctx, m); err != nil {
			return bot.Outgoing{}, err
		}
		view.Past = false // what a channel was told stands as it was told
	}
	return outgoing(p.RemindMessage(view)), nil
}

// remindChannel finds the words for the channel a reminder goes to.
func (h *Handlers) remindChannel(ctx context.Context, m models.Message) (*views.Printer, error) {
	t, channel, now, err := h.svc.RemindChannel(ctx, m.TenantID, m.Channel)
	if err != nil {
		return nil, err
	}
	return h.channelPrinter(t, channel, "", now), nil
}

func (h *Handlers) renderRemindAsk(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	plan, p, err := h.loadRemind(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if m.Shown == 0 && plan.Reminder.State != models.ReminderAsked {
		return bot.Outgoing{}, errGone
	}
	return outgoing(p.RemindAsk(remindModel(plan))), nil
}

func (h *Handlers) renderRemindTaken(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	plan, p, err := h.loadRemind(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	return outgoing(p.RemindTaken(remindModel(plan))), nil
}
