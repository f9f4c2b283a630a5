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

func (h *Handlers) registerOnsite(r *bot.Router) {
	r.Verb("checkin", h.checkin)
	on := func(id string, f bot.Handler) { r.On(bot.KindAction, id, f) }
	on(views.ActionCallCode, h.newCode)
	on(views.ActionCallCheckin, h.checkinPressed)
	on(views.ActionCallCheckout, h.checkoutPressed)
	on(views.ActionCallTimes, h.timesModal)
	on(views.ActionCallWas, h.wasThere(true))
	on(views.ActionCallMissed, h.wasThere(false))
	on(views.ActionHoursConfirm, h.onOwn(h.svc.ConfirmHours))
	on(views.ActionHoursContest, h.onOwn(h.svc.ContestHours))
	on(views.ActionCallRoll, h.rollPressed)
	on(views.ActionCallRollCode, h.rollByCode)
	on(views.ActionRollPage, h.rollPage)
	on(views.ActionWalkInTake, h.walkIn(true))
	on(views.ActionWalkInRefuse, h.walkIn(false))
	r.On(bot.KindSubmission, views.ModalRoll, h.submitRoll)
	r.On(bot.KindSubmission, views.ModalTimes, h.submitTimes)
}

// onsiteRenders words its messages.
func (h *Handlers) onsiteRenders() map[models.MessageKind]renderFunc {
	return nil
}

// onsiteUndoes take back what its messages report.
func (h *Handlers) onsiteUndoes() map[string]undoFunc {
	own := func(do func(context.Context, services.Act, int64) (services.Checked, error)) undoFunc {
		return func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
			r.Value = strconv.FormatInt(id, 10)
			return h.onOwn(do)(ctx, r)
		}
	}
	return map[string]undoFunc{views.UndoCheckin: own(h.svc.UndoCheckIn), views.UndoCheckout: own(h.svc.UndoCheckOut), views.UndoRoll: h.undoRoll}
}

// PublicAt sets the address at which people reach the pages of this server, ""
// for none.
func (h *Handlers) PublicAt(address string) { h.public = address }

// CodePage is the page that shows a live code to a room; live is false for one
// that is over or never was.
func (h *Handlers) CodePage(ctx context.Context, code string) (page string, live bool, err error) {
	code, ok := grammar.ParseCode(code)
	if !ok {
		page, err = h.cat.For(views.Reader{}).CodePage("", "", "", "", 0, true)
		return page, false, err
	}
	c, t, now, live, err := h.svc.CodeShown(ctx, code)
	if err != nil {
		return "", false, err
	}
	p := h.cat.For(views.Reader{Lang: t.Lang, Zone: t.Location(), Now: now.Time()})
	page, err = p.CodePage(code, h.public+"/checkin/"+code, t.ExternalID, t.BotUserID, c.UntilAt.Sub(now), !live)
	return page, live, err
}

// newCode shows a fresh on-site code to who pressed for it.
func (h *Handlers) newCode(ctx context.Context, r bot.Request) (bot.Reply, error) {
	code, sheet, err := h.svc.NewCode(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	page := ""
	if h.public != "" {
		page = h.public + "/checkin/" + code.Code
	}
	reply := h.replace(r, p.OnsiteCode(sheet, code, page))
	reply.Private = !r.Ephemeral && r.Kind == bot.KindMention // a code said aloud in a channel is no proof of being there
	return reply, nil
}

func (h *Handlers) codeLine(ctx context.Context, r bot.Request, _ *views.Printer, sheet models.Sheet, _ string) (bot.Reply, error) {
	r.Value = strconv.FormatInt(sheet.Call.ID, 10)
	return h.newCode(ctx, r)
}

// checkin is the verb: with a code it checks in, alone it says how.
func (h *Handlers) checkin(ctx context.Context, r bot.Request) (bot.Reply, error) {
	text := strings.TrimSpace(grammar.ParseCommand(r.Text).Rest)
	if text == "" {
		calls, err := h.svc.CheckinsOf(ctx, h.act(r))
		if err != nil {
			return bot.Reply{}, err
		}
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		cards, err := h.svc.StudyCheckinsOf(ctx, h.act(r))
		if err != nil {
			return bot.Reply{}, err
		}
		var sessions []views.StudyModel
		for _, c := range cards {
			sessions = append(sessions, studyModel(c))
		}
		m := p.CheckinHelp(calls)
		m.Blocks = append(m.Blocks, p.StudyCheckins(sessions)...)
		return h.reply(m), nil
	}
	// Asked for by its verb, small letters are a code too.
	code, ok := grammar.ParseCode(strings.ToUpper(grammar.Fold(text)))
	if !ok {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.checkin_form", "Part", text)
	}
	return h.checkinCode(ctx, r, code)
}

// bareCode is a direct message that is nothing but a code.
func (h *Handlers) bareCode(ctx context.Context, r bot.Request) (reply bot.Reply, isCode bool, err error) {
	code, ok := grammar.ParseCode(r.Text)
	if !ok || !strings.ContainsAny(code, "23456789") || r.EditTS != "" { // every code of ours has a digit
		return bot.Reply{}, false, nil
	}
	reply, err = h.checkinCode(ctx, r, code)
	return reply, true, err
}

func (h *Handlers) checkinCode(ctx context.Context, r bot.Request, code string) (bot.Reply, error) {
	out, err := h.svc.CheckInByCode(ctx, h.act(r), code)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if out.Outcome == services.CodeWrong || out.Outcome == services.CodeLocked {
		return say(p.CodeRefused(out.Left, out.Until)), nil
	}
	if out.Study != nil {
		return h.reply(p.StudyCheckedIn(studyModel(*out.Study), out.Outcome)), nil
	}
	return h.reply(p.CheckedIn(out.Sheet, out.Signup, out.Outcome)), nil
}

// checkinPressed is the button in one's own message.
func (h *Handlers) checkinPressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	out, err := h.svc.CheckInByButton(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.CheckedIn(out.Sheet, out.Signup, out.Outcome)), nil
}

func (h *Handlers) checkoutPressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	out, err := h.svc.CheckOut(ctx, h.act(r), value(r), 0)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.CheckedOut(out.Sheet, out.Signup)), nil
}

// onOwn answers a press on one's own sign-up with how it stands now.
func (h *Handlers) onOwn(do func(context.Context, services.Act, int64) (services.Checked, error)) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		out, err := do(ctx, h.act(r), value(r))
		if err != nil {
			return bot.Reply{}, err
		}
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return h.replace(r, p.OwnPlace(out.Sheet, out.Signup)), nil
	}
}

func (h *Handlers) wasThere(yes bool) bot.Handler {
	return h.onOwn(func(ctx context.Context, act services.Act, id int64) (services.Checked, error) {
		return h.svc.WasThere(ctx, act, id, yes)
	})
}

// timesModal asks until when somebody was there.
func (h *Handlers) timesModal(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, err := h.svc.CallOfSignup(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	su := sheet.Signup(value(r))
	switch {
	case su == nil || su.CheckedIn == 0 || su.State != models.SignupCheckedIn && su.State != models.SignupDone:
		return bot.Reply{}, models.Refuse(models.CodeConflict, "error.not_checked_in", "Number", sheet.Call.Ref(), "Title", sheet.Call.Title)
	case su.RollAt != 0:
		return bot.Reply{}, models.Refuse(models.CodeConflict, "error.roll_taken", "Number", sheet.Call.Ref(), "Title", sheet.Call.Title)
	}
	return bot.Reply{Modal: p.TimesModal(sheet, *su)}, nil
}

func (h *Handlers) submitTimes(ctx context.Context, r bot.Request) (bot.Reply, error) {
	r.Value = r.View.Private
	sheet, err := h.svc.CallOfSignup(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	su := sheet.Signup(value(r))
	if su == nil {
		return bot.Reply{}, models.Refuse(models.CodeForbidden, "error.not_yours")
	}
	typed := one(r, views.FieldCheckoutTime)
	at, ok := grammar.ParseServedTime(typed, sheet.Shift(su.ShiftID).EndAt.In(p.Zone))
	if !ok {
		err := models.Refuse(models.CodeInvalid, "error.checkout_read", "Part", typed)
		return bot.Reply{Errors: map[string]string{views.FieldCheckoutTime: p.Error(err, "")}}, nil
	}
	out, err := h.svc.CheckOut(ctx, h.act(r), su.ID, models.At(at))
	if models.CodeOf(err) == models.CodeInvalid {
		return bot.Reply{Errors: map[string]string{views.FieldCheckoutTime: p.Error(err, "")}}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.CheckedOut(out.Sheet, out.Signup))
	reply.Private = true
	return reply, nil
}
