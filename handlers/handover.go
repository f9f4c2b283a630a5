package handlers

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerHandover(r *bot.Router) {
	r.On(bot.KindAction, views.ActionCallHandover, h.handoverModal)
	r.On(bot.KindSubmission, views.ModalHandover, h.submitHandover)
	r.On(bot.KindAction, views.ActionHandoverPick, h.pickHandover)
	r.On(bot.KindAction, views.ActionHandoverAsk, h.chosenHandover)
	r.On(bot.KindAction, views.ActionHandoverYes, func(ctx context.Context, r bot.Request) (bot.Reply, error) { return h.answerHandover(ctx, r, true) })
	r.On(bot.KindAction, views.ActionHandoverNo, func(ctx context.Context, r bot.Request) (bot.Reply, error) { return h.answerHandover(ctx, r, false) })
	r.On(bot.KindAction, views.ActionHandoverBack, h.handoverBack)
}

// handoverRenders words its messages.
func (h *Handlers) handoverRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageHandover: h.renderHandover}
}

func (h *Handlers) renderHandover(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	s, asked, err := h.svc.HandoverSheet(ctx, m.TenantID, m.SubjectID, m.PersonID)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("request to stand in: %w", err)
	}
	if m.Shown == 0 && !asked.Open() { // it came to an end before it could be asked
		return bot.Outgoing{Skip: true}, nil
	}
	return outgoing(h.printerFor(s.Tenant, s.Me, s.Now).HandoverQuestion(s, asked)), nil
}

// handoverModal is the button in one's own message: whom to ask.
func (h *Handlers) handoverModal(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, err := h.svc.CallOfSignup(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	return h.chooseTaker(ctx, r, sheet, *sheet.Signup(value(r)))
}

func (h *Handlers) chooseTaker(ctx context.Context, r bot.Request, sheet models.Sheet, su models.Signup) (bot.Reply, error) {
	if err := sheet.MayHandOver(&su); err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.HandoverPick(sheet, su)), nil
	}
	return bot.Reply{Modal: p.HandoverModal(sheet, su)}, nil
}

func (h *Handlers) submitHandover(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	r.Value = r.View.Private
	h.meet(ctx, r, one(r, views.FieldHandover))
	_, _, err = h.svc.AskHandover(ctx, h.act(r), value(r), one(r, views.FieldHandover))
	switch models.CodeOf(err) {
	case models.CodeConflict, models.CodeInvalid, models.CodeForbidden:
		return bot.Reply{Errors: map[string]string{views.FieldHandover: p.Error(err, "")}}, nil
	}
	return bot.Reply{}, err // the message it was pressed on says so now
}

// pickHandover is a person chosen in a message; the sign-up stands in the
// block_id, because a select has no value of its own.
func (h *Handlers) pickHandover(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var signup int64
	for block := range r.Fields {
		if id, ok := strings.CutPrefix(block, views.BlockHandover); ok {
			signup, _ = strconv.ParseInt(id, 10, 64) // what is no number is nobody's place
		}
	}
	if len(r.Selected) == 0 {
		return bot.Reply{}, nil
	}
	return h.askHandover(ctx, r, signup, r.Selected[0])
}

// chosenHandover answers "which of your places?"; the value is sign-up:person.
func (h *Handlers) chosenHandover(ctx context.Context, r bot.Request) (bot.Reply, error) {
	signup, who, _ := strings.Cut(r.Value, ":")
	return h.askHandover(ctx, r, rowID(signup), who)
}

// meet learns who is named before it is decided about them: a guest or a bot
// is not asked.
func (h *Handlers) meet(ctx context.Context, r bot.Request, who string) {
	r.User = who
	h.introduce(ctx, r)
}

func (h *Handlers) askHandover(ctx context.Context, r bot.Request, signup int64, who string) (bot.Reply, error) {
	h.meet(ctx, r, who)
	sheet, asked, err := h.svc.AskHandover(ctx, h.act(r), signup, who)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.HandoverAsked(sheet, asked)), nil
}

func (h *Handlers) answerHandover(ctx context.Context, r bot.Request, yes bool) (bot.Reply, error) {
	sheet, asked, err := h.svc.AnswerHandover(ctx, h.act(r), value(r), yes)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.HandoverAnswered(sheet, asked)), nil
}

func (h *Handlers) handoverBack(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, asked, err := h.svc.TakeHandoverBack(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.HandoverTakenBack(sheet, asked)), nil
}

// handoverSaid is 让 @李四 顶我 under a call or in a direct message. Somebody
// who has no place there said something to the others.
func (h *Handlers) handoverSaid(ctx context.Context, r bot.Request, p *views.Printer, q services.Question, who string) (bot.Reply, bool, error) {
	var call int64
	if r.ThreadTS != "" && len(q.Calls) == 1 {
		call = q.Calls[0].ID
	}
	if call == 0 && !r.Direct {
		return bot.Reply{}, false, nil
	}
	reply, err := h.handoverAmong(ctx, r, p, call, who)
	if r.Kind == bot.KindMessage && models.CodeOf(err) == models.CodeConflict {
		return bot.Reply{}, false, nil
	}
	return reply, true, err
}

// handoverAmong asks about the one place that can be meant, or which.
func (h *Handlers) handoverAmong(ctx context.Context, r bot.Request, p *views.Printer, call int64, who string) (bot.Reply, error) {
	sheets, places, err := h.svc.MyPlaces(ctx, h.act(r), call)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case len(places) == 0:
		return bot.Reply{}, models.Refuse(models.CodeConflict, "error.handover_nothing")
	case len(places) > 1:
		return h.reply(p.HandoverWhich(sheets, places, who)), nil
	case who == "":
		return h.chooseTaker(ctx, r, sheets[0], places[0])
	}
	return h.askHandover(ctx, r, places[0].ID, who)
}

// handoverSub is `call k12 handover @who`.
func (h *Handlers) handoverSub(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, rest string) (bot.Reply, error) {
	who, _ := grammar.ParseHandover("handover " + rest) // a mention alone, or "to" one: a name in a longer text is nobody asked for
	if who == "" && rest != "" {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.handover_whom", "Part", rest, "Number", sheet.Call.Ref())
	}
	return h.handoverAmong(ctx, r, p, sheet.Call.ID, who)
}
