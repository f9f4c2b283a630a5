package handlers

import (
	"context"
	"strconv"
	"strings"
	"time"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerAttendance(r *bot.Router) {
	on := func(id string, f bot.Handler) { r.On(bot.KindAction, id, f) }
	on(views.ActionStudyAttend, h.attend)
	on(views.ActionStudyCheckIn, h.pressed(h.svc.CheckIn))
	on(views.ActionStudyDone, h.studyDone)
	on(views.ActionStudySnooze, h.snooze)
	on(views.ActionSnoozePick, h.snoozeTo)
	on(views.ActionStudySlot, h.slots)
	on(views.ActionStudySlotPick, h.slotTo)
	on(views.ActionStudyExcuse, h.excuse)
	on(views.ActionLeaveEnd, h.pressed(h.svc.EndLeave))
	on(views.ActionExcuseYes, h.excuseYes)
	on(views.ActionExcuseNo, h.excuseNo)
	on(views.ActionStudyHeld, h.studyHeld(true))
	on(views.ActionStudyNotHeld, h.studyHeld(false))
	on(views.ActionStudyMoved, h.studyMovedForm)
	r.On(bot.KindSubmission, views.ModalExcuse, h.excuseSubmitted)
	r.On(bot.KindSubmission, views.ModalExcuseNo, h.excuseNoSubmitted)
	r.On(bot.KindSubmission, views.ModalMove, h.studyMovedSubmitted)
}

// pressed answers a press at once; the message itself is edited after.
func (h *Handlers) pressed(act func(context.Context, services.Act, int64) (services.Answer, error)) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		a, err := act(ctx, h.act(r), rowID(r.Value))
		if err != nil {
			return bot.Reply{}, err
		}
		return h.studyAnswer(a), nil
	}
}

func (h *Handlers) studyAnswer(a services.Answer) bot.Reply {
	return say(h.printerFor(a.Tenant, a.Person, a.Now).StudyAnswer(studyModel(a.StudyCard)))
}

// reminderValue is the row of a reminder whose button was pressed; ok is false
// for an attendance.
func reminderValue(value string) (id int64, ok bool) {
	rest, ok := strings.CutPrefix(value, views.RemindValue)
	return rowID(rest), ok
}

// pair reads "id@n", the value of a choice.
func pair(value string) (id string, n int64) {
	id, rest, _ := strings.Cut(value, "@")
	n, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return id, -1 // no slot and no time: refused like any that does not exist
	}
	return id, n
}

func (h *Handlers) studyDone(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if id, ok := reminderValue(r.Value); ok {
		return h.remindAnswer(ctx, r)(h.svc.RemindDone(ctx, h.act(r), id))
	}
	return h.pressed(h.svc.StudyDone)(ctx, r)
}

// snooze offers the times to which a reminder may be put off.
func (h *Handlers) snooze(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if id, ok := reminderValue(r.Value); ok {
		m, times, err := h.svc.RemindSnoozeChoices(ctx, h.act(r), id)
		if err != nil {
			return bot.Reply{}, err
		}
		return h.reply(p.Snoozes(r.Value, m.Reminder.Text, times)), nil
	}
	c, times, err := h.svc.SnoozeChoices(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Snoozes(r.Value, c.Study.Title, times)), nil
}

func (h *Handlers) snoozeTo(ctx context.Context, r bot.Request) (reply bot.Reply, err error) {
	value, at := pair(r.Value)
	if id, ok := reminderValue(value); ok {
		reply, err = h.remindAnswer(ctx, r)(h.svc.RemindSnooze(ctx, h.act(r), id, models.Instant(at)))
	} else {
		var a services.Answer
		if a, err = h.svc.Snooze(ctx, h.act(r), rowID(value), models.Instant(at)); err == nil {
			reply = h.studyAnswer(a)
		}
	}
	reply.Replace = true
	return reply, err
}

func (h *Handlers) excuse(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := h.svc.StudyCardOf(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	probe := c.Attendance // what the form would only refuse is refused before it is filled in
	if refused := probe.Intend(c.Occurrence, c.Study, models.IntentExcuse, c.Now); refused != nil {
		return bot.Reply{}, refused
	}
	return bot.Reply{Modal: p.ExcuseModal(studyModel(c))}, nil
}

func (h *Handlers) excuseSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	until, err := time.Parse(time.DateOnly, one(r, views.FieldLeave))
	if err != nil { // left empty
		until = time.Time{}
	}
	a, err := h.svc.AskExcuse(ctx, h.act(r), rowID(r.View.Private), strings.TrimSpace(one(r, views.FieldReason)), until)
	if err != nil {
		return fieldError(p, faultField(err, views.FieldReason), err)
	}
	reply := h.studyAnswer(a)
	reply.Private = true
	return reply, nil
}

func (h *Handlers) excuseYes(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if _, err := h.svc.DecideExcuse(ctx, h.act(r), rowID(r.Value), true, ""); err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return say(p.T("study.excuse_said_yes")), nil
}

// excuseNo asks for the reason of a no: whoever asked reads it.
func (h *Handlers) excuseNo(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := h.svc.ExcuseAsked(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.ExcuseNoModal(studyModel(c), c.Person)}, nil
}

func (h *Handlers) excuseNoSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, err := h.svc.DecideExcuse(ctx, h.act(r), rowID(r.View.Private), false, strings.TrimSpace(one(r, views.FieldReason))); err != nil {
		return fieldError(p, views.FieldReason, err)
	}
	reply := say(p.T("study.excuse_said_no"))
	reply.Private = true
	return reply, nil
}

// studyUndoes take back what a message of study reports, by the prefix of the
// button's value; id is what follows it.
func (h *Handlers) studyUndoes() map[string]undoFunc {
	return map[string]undoFunc{
		views.UndoStudy: func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
			a, err := h.svc.UndoStudy(ctx, h.act(r), id)
			if err != nil {
				return bot.Reply{}, err
			}
			p := h.printerFor(a.Tenant, a.Person, a.Now)
			return say(p.T("study.undone")), nil
		},
		views.UndoStudySkip: func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
			p, _, err := h.printer(ctx, r)
			if err != nil {
				return bot.Reply{}, err
			}
			return h.changed(p, "unskip")(h.svc.UnskipStudy(ctx, h.act(r), id))
		},
		views.UndoOccurrence: h.undoOccurrence,
		views.UndoStudyOpen:  h.undoStudyOpen(false),
		views.UndoStudyBack:  h.undoStudyOpen(true),
	}
}

func (h *Handlers) undoStudyOpen(back bool) undoFunc {
	return func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		plan, asked, err := h.svc.CancelStudy(ctx, h.act(r), id, back)
		if err != nil {
			return bot.Reply{}, err
		}
		if asked.ID != 0 {
			return h.replace(r, p.ReachAsk(asked)), nil
		}
		reply := h.reply(p.StudyCancelled(planModel(plan)))
		if back {
			reply = h.reply(p.StudyOpened(planModel(plan)))
		}
		reply.Replace = true
		return reply, nil
	}
}
