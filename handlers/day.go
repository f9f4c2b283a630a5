package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerDay(r *bot.Router) {
	r.On(bot.KindAction, views.ActionFewer, h.fewer)
	r.On(bot.KindAction, views.ActionFewerPick, h.fewerTo)
	r.On(bot.KindAction, views.ActionFewerUndo, h.fewerUndo)
}

func (h *Handlers) dayRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageStudyDay: h.renderDay}
}

// renderDay words a message of the day. Before it goes out only what is still
// to be reminded of counts.
func (h *Handlers) renderDay(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	d, err := h.svc.StudyDay(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	view := views.DayModel{Day: cmp.Or(m.SentAt, d.Now)}
	waits := false
	for _, c := range d.Items {
		item := studyModel(c)
		item.Past = c.Attendance.DayID != m.ID
		open := !c.Attendance.Settled() && !c.Occurrence.Off() && c.Study.State != models.StudyCancelled
		if m.Shown == 0 && (item.Past || !open) {
			continue
		}
		waits = waits || open && !item.Past
		view.Items = append(view.Items, item)
	}
	if len(view.Items) == 0 {
		return bot.Outgoing{}, errGone
	}
	if waits {
		var args models.DayArgs
		if err := json.Unmarshal(m.Args, &args); err != nil {
			return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
		}
		view.LateFrom = args.LateFrom
	}
	return outgoing(h.printerFor(d.Tenant, d.Person, d.Now).StudyDay(view)), nil
}

// fewer offers less of what the message reminded of.
func (h *Handlers) fewer(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Fewer(r.Value, services.FewerChoices(strings.TrimRight(r.Value, "0123456789")))), nil
}

func (h *Handlers) fewerTo(ctx context.Context, r bot.Request) (bot.Reply, error) {
	me, now, err := h.svc.Fewer(ctx, h.act(r), r.Value, true)
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(h.printerFor(me.Tenant, me.Person, now).FewerTaken(r.Value, me.Person))
	reply.Replace = true
	return reply, nil
}

func (h *Handlers) fewerUndo(ctx context.Context, r bot.Request) (bot.Reply, error) {
	me, now, err := h.svc.Fewer(ctx, h.act(r), r.Value, false)
	if err != nil {
		return bot.Reply{}, err
	}
	reply := say(h.printerFor(me.Tenant, me.Person, now).T("day.undone"))
	reply.Replace = true
	return reply, nil
}
