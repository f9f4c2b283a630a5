package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerHours(r *bot.Router) {
	on := func(id string, f bot.Handler) { r.On(bot.KindAction, id, f) }
	on(views.ActionHoursApprove, h.ofHours(h.saysOfHours(true)))
	on(views.ActionHoursRefuse, h.ofHours(h.saysOfHours(false)))
	on(views.ActionHoursDecide, h.decideHours)
	on(views.ActionHoursMine, h.hoursPressed)
}

// hoursRenders words its messages.
func (h *Handlers) hoursRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageContest: h.renderContest,
		models.MessageHoursApprove: h.renderHours((*views.Printer).HoursApproval), models.MessageHoursTold: h.renderHours((*views.Printer).HoursTold)}
}

// renderHours words a message about one row of the ledger.
func (h *Handlers) renderHours(words func(*views.Printer, models.HourShown) views.Message) renderFunc {
	return func(ctx context.Context, m models.Message) (bot.Outgoing, error) {
		shown, err := h.svc.HourAsked(ctx, m)
		if err != nil {
			return bot.Outgoing{}, fmt.Errorf("hours: %w", err)
		}
		m.SubjectID = shown.CallID // the reader is known by the call
		_, p, err := h.readerOf(ctx, m)
		if err != nil {
			return bot.Outgoing{}, fmt.Errorf("who reads of hours: %w", err)
		}
		return outgoing(words(p, shown)), nil
	}
}

func (h *Handlers) renderContest(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, p, err := h.readerOf(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("contested roll: %w", err)
	}
	var args models.ContestArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	who, err := h.svc.PersonOf(ctx, m.TenantID, args.Person)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("who contests: %w", err)
	}
	rows, err := h.svc.HoursContested(ctx, m, args.Person)
	if err != nil {
		return bot.Outgoing{}, err
	}
	return outgoing(p.HoursContested(s, who, rows)), nil
}

type hoursDo func(ctx context.Context, act services.Act, id int64) (models.HourShown, error)

// saysOfHours is the second person's word.
func (h *Handlers) saysOfHours(yes bool) hoursDo {
	return func(ctx context.Context, act services.Act, id int64) (models.HourShown, error) {
		return h.svc.SayOfHours(ctx, act, id, yes)
	}
}

// ofHours answers somebody's word about another's hours with how they stand
// now; the message it was pressed in is edited as well.
func (h *Handlers) ofHours(do hoursDo) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		shown, err := do(ctx, h.act(r), value(r))
		if err != nil {
			return bot.Reply{}, err
		}
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return h.replace(r, p.HoursSettled(shown)), nil
	}
}

// decideHours settles contested hours; the choice stands behind the action.
func (h *Handlers) decideHours(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, choice, _ := strings.Cut(r.ActionID, ":")
	choice, _, _ = strings.Cut(choice, ":")
	if choice != "yes" && choice != "no" { // forged
		return bot.Reply{}, models.Refuse(models.CodeConflict, "hours.settled")
	}
	return h.ofHours(func(ctx context.Context, act services.Act, id int64) (models.HourShown, error) {
		return h.svc.DecideHours(ctx, act, id, choice == "yes")
	})(ctx, r)
}

// meHours is `me hours [YEAR]`, by direct message.
func (h *Handlers) meHours(ctx context.Context, r bot.Request, rest string) (bot.Reply, error) {
	year := 0
	if word := strings.TrimSuffix(grammar.Fold(rest), "年"); word != "" {
		n, err := strconv.Atoi(word)
		if err != nil || n < 2000 || n > 2199 {
			return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.hours_year", "Part", strings.TrimSpace(rest))
		}
		year = n
	}
	reply, err := h.myHours(ctx, r, year, 0)
	reply.Private = true
	return reply, err
}

// hoursPressed opens one's own ledger, or goes on in it; the year stands
// behind the action.
func (h *Handlers) hoursPressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, behind, _ := strings.Cut(r.ActionID, ":")
	year, err := strconv.Atoi(behind)
	if err != nil || year < 2000 || year > 2199 {
		year = 0
	}
	after, err := strconv.ParseInt(r.Value, 10, 64)
	if err != nil {
		after = 0
	}
	reply, err := h.myHours(ctx, r, year, after)
	reply.Private = true
	return reply, err
}

func (h *Handlers) myHours(ctx context.Context, r bot.Request, year int, after int64) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	book, err := h.svc.HoursBook(ctx, h.act(r), year)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.MyHours(book, after)), nil
}
