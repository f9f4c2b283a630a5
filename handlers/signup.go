package handlers

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

// signUpBy are the emoji that sign up on a card.
var signUpBy = []string{"raised_hand", "hand", "heavy_plus_sign"}

func (h *Handlers) registerSignup(r *bot.Router) {
	r.On(bot.KindAction, views.ActionCallJoin, h.join)
	r.On(bot.KindAction, views.ActionCallChoose, h.choosePlace)
	r.On(bot.KindSubmission, views.ModalCallJoin, h.submitJoin)
	r.On(bot.KindAction, views.ActionCallLeave, h.leave)
	r.On(bot.KindAction, views.ActionCallKeep, h.keep)
	r.On(bot.KindAction, views.ActionCallConfirm, h.confirmPlace)
	r.On(bot.KindAction, views.ActionOfferAccept, h.acceptOffer)
	r.On(bot.KindAction, views.ActionOfferDecline, h.declineOffer)
	r.On(bot.KindAction, views.ActionAnswerTake, h.takeAnswer)
	r.On(bot.KindAction, views.ActionAnswerDrop, h.dropAnswer)
	r.On(bot.KindAction, views.ActionSkillYes, func(ctx context.Context, r bot.Request) (bot.Reply, error) { return h.checkSkill(ctx, r, true) })
	r.On(bot.KindAction, views.ActionSkillNo, func(ctx context.Context, r bot.Request) (bot.Reply, error) { return h.checkSkill(ctx, r, false) })
	r.On(bot.KindAction, views.ActionChainApply, h.applyChain)
	r.On(bot.KindAction, views.ActionChainShift, h.chainShift)
	for _, emoji := range signUpBy {
		r.On(bot.KindReactionAdded, emoji, h.react)
		r.On(bot.KindReactionGone, emoji, h.unreact)
	}
}

// join is the button on the card. Where it is the only one for more roles than
// a card bears buttons, it opens the modal in which one is chosen.
func (h *Handlers) join(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.ActionID == views.ActionCallJoin {
		pairs, err := h.svc.RolesBeside(ctx, value(r))
		if err != nil {
			return bot.Reply{}, err
		}
		if views.PairsByModal(pairs) {
			sheet, err := h.svc.CallOfRole(ctx, h.act(r), value(r))
			if err != nil {
				return bot.Reply{}, err
			}
			return h.joinModal(ctx, r, sheet)
		}
	}
	return h.joinRole(ctx, r, value(r), -1, models.ByButton)
}

func (h *Handlers) joinRole(ctx context.Context, r bot.Request, roleID int64, guests int, how string) (bot.Reply, error) {
	out, err := h.svc.Join(ctx, h.act(r), roleID, guests, how)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(h.printerOf(out.Sheet).Joined(out.Sheet, out.Signup, out.Outcome)), nil
}

// choosePlace answers "which one do you mean?"; the value is role:guests, both
// looked at again like any other wish.
func (h *Handlers) choosePlace(ctx context.Context, r bot.Request) (bot.Reply, error) {
	role, guests, _ := strings.Cut(r.Value, ":")
	n, err := strconv.Atoi(guests)
	if err != nil {
		n = -1
	}
	r.Value = role
	reply, err := h.joinRole(ctx, r, value(r), n, models.ByReply)
	reply.Replace = r.Ephemeral && err == nil
	return reply, err
}

func (h *Handlers) joinModal(ctx context.Context, r bot.Request, sheet models.Sheet) (bot.Reply, error) {
	if err := sheet.TakesSignups(); err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.JoinModal(sheet)}, nil
}

func (h *Handlers) submitJoin(ctx context.Context, r bot.Request) (bot.Reply, error) {
	role, err := strconv.ParseInt(one(r, views.FieldCallRole), 10, 64)
	if err != nil {
		role = 0 // not a row of ours: refused below in words
	}
	guests, err := strconv.Atoi(one(r, views.FieldCallGuests))
	if err != nil {
		guests = -1
	}
	out, err := h.svc.Join(ctx, h.act(r), role, guests, models.ByModal)
	p, _, printErr := h.printer(ctx, r)
	if printErr != nil {
		return bot.Reply{}, printErr
	}
	if code := models.CodeOf(err); code == models.CodeInvalid || code == models.CodeConflict {
		return bot.Reply{Errors: map[string]string{views.FieldCallRole: p.Error(err, "")}}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.Joined(out.Sheet, out.Signup, out.Outcome))
	reply.Private = true
	return reply, nil
}

// own words what a press on one's own place came to.
func (h *Handlers) own(ctx context.Context, r bot.Request, do func(context.Context, services.Act, int64) (services.Joining, error), words func(*views.Printer, services.Joining) views.Message) (bot.Reply, error) {
	out, err := do(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, words(p, out)), nil
}

func (h *Handlers) leave(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.own(ctx, r, h.svc.Leave, func(p *views.Printer, j services.Joining) views.Message {
		return p.LeftPlaces(j.Sheet, []*models.Signup{&j.Signup})
	})
}

func (h *Handlers) confirmPlace(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.own(ctx, r, h.svc.ConfirmSignup, func(p *views.Printer, j services.Joining) views.Message {
		return p.Confirmed(j.Sheet)
	})
}

func (h *Handlers) acceptOffer(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.own(ctx, r, h.svc.Accept, func(p *views.Printer, j services.Joining) views.Message {
		return p.Joined(j.Sheet, j.Signup, models.JoinedAccept)
	})
}

func (h *Handlers) declineOffer(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.own(ctx, r, h.svc.Decline, func(p *views.Printer, j services.Joining) views.Message {
		return p.Declined(j.Sheet)
	})
}

// keep answers "give up or keep?" with keep: nothing changes.
func (h *Handlers) keep(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, err := h.svc.CallOfSignup(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.Kept(sheet)), nil
}

// undoSignup takes a withdrawal back.
func (h *Handlers) undoSignup(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
	r.Value = strconv.FormatInt(id, 10)
	return h.own(ctx, r, h.svc.UndoLeave, func(p *views.Printer, j services.Joining) views.Message {
		return p.Undone(j.Sheet, j.Signup)
	})
}

// undoClose and undoCancel take closing and cancelling a call back.
func (h *Handlers) undoClose(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
	return h.undoCall(ctx, r, id, models.CallClosed)
}

func (h *Handlers) undoCancel(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
	return h.undoCall(ctx, r, id, models.CallCancelled)
}

func (h *Handlers) undoCall(ctx context.Context, r bot.Request, id int64, made models.CallState) (bot.Reply, error) {
	out, err := h.svc.UndoCall(ctx, h.act(r), id, made)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if out.Reach.ID != 0 {
		return h.replace(r, p.ReachAsk(out.Reach)), nil
	}
	return h.replace(r, p.CallReopened(out.Sheet, out.Nothing)), nil
}

// heard words what became of a plain reply. A place taken is marked on the
// reply and told by direct message, so that the thread stays quiet.
func (h *Handlers) heard(p *views.Printer, got services.Heard) bot.Reply {
	switch got.What {
	case services.HeardChoose:
		return h.reply(p.WhichPlace(got.Sheet, got.Choose, got.Guests, 0, ""))
	case services.HeardKeep:
		return h.reply(p.KeepOrGive(got.Sheet, got.Mine))
	case services.HeardLeft:
		return h.reply(p.LeftPlaces(got.Sheet, got.Left))
	case services.HeardJoined:
		return h.reply(p.Joined(got.Sheet, got.Joining.Signup, got.Joining.Outcome))
	case services.HeardHandover:
		return h.reply(p.HandoverAnswered(got.Sheet, got.Handover))
	case services.HeardConfirmed:
		return h.reply(p.Confirmed(got.Sheet))
	case services.HeardNo, services.HeardLate, services.HeardConditional, services.HeardUnclear:
		return h.reply(p.Answered(got.Sheet, got.What, got.Text, got.Minutes))
	}
	return bot.Reply{}
}

// react signs up by an emoji on the card.
func (h *Handlers) react(ctx context.Context, r bot.Request) (bot.Reply, error) {
	c, ok, err := h.svc.CallOnCard(ctx, h.act(r))
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	h.introduce(ctx, r)
	got, err := h.svc.ReactToCall(ctx, h.act(r), c.ID, cmp.Or(r.Value, r.Name))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.heard(p, got), nil
}

// unreact takes the emoji away, and with the last one a sign-up made by it.
func (h *Handlers) unreact(ctx context.Context, r bot.Request) (bot.Reply, error) {
	c, ok, err := h.svc.CallOnCard(ctx, h.act(r))
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	h.introduce(ctx, r)
	got, err := h.svc.UnreactToCall(ctx, h.act(r), c.ID, cmp.Or(r.Value, r.Name))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.heard(p, got), nil
}

// takeAnswer files a condition or unclear words as a yes; with a role in the
// value, for that one.
func (h *Handlers) takeAnswer(ctx context.Context, r bot.Request) (bot.Reply, error) {
	answer, role, _ := strings.Cut(r.Value, ":")
	roleID, err := strconv.ParseInt(role, 10, 64)
	if err != nil {
		roleID = 0
	}
	r.Value = answer
	got, err := h.svc.FileAnswer(ctx, h.act(r), value(r), true, roleID)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if got.What == services.HeardChoose {
		return h.reply(p.WhichPlace(got.Sheet, got.Choose, got.Guests, value(r), got.Sheet.Person(got.By).Name)), nil
	}
	return h.replace(r, p.Filed(got.Sheet, got.Joining.Signup)), nil
}

func (h *Handlers) dropAnswer(ctx context.Context, r bot.Request) (bot.Reply, error) {
	got, err := h.svc.FileAnswer(ctx, h.act(r), value(r), false, 0)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Filed(got.Sheet, models.Signup{})), nil
}

func (h *Handlers) checkSkill(ctx context.Context, r bot.Request, fine bool) (bot.Reply, error) {
	sheet, err := h.svc.CheckSkill(ctx, h.act(r), value(r), fine)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.SkillChecked(sheet, fine)), nil
}
