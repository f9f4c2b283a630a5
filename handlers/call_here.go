package handlers

import (
	"context"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
)

// callHere is a word for a call said without its number: `close`, `edit where:
// …`, `call` alone. It means the call in whose thread it stands. done is false
// when it is no such word, and a call to be posted.
func (h *Handlers) callHere(ctx context.Context, r bot.Request, cmd grammar.Command) (reply bot.Reply, done bool, err error) {
	if cmd.Sub == "list" {
		reply, err = h.calls(ctx, r)
		return reply, true, err
	}
	q, err := h.svc.QuestionFor(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, true, err
	}
	under := r.ThreadTS != "" && len(q.Calls) == 1
	if cmd.Sub != "" { // 取消 and the like are also what somebody signed up says
		reply, heard, err := h.replyRather(ctx, r, q, under)
		if err != nil || heard {
			return reply, true, err
		}
	}
	if !under {
		if cmd.Sub == "" {
			return bot.Reply{}, false, nil
		}
		return bot.Reply{}, true, models.Refuse(models.CodeInvalid, "error.call_which", "Part", firstOf(r.Text))
	}
	text := strings.TrimSpace(cmd.Rest)
	if cmd.Sub != "" {
		text = strings.TrimSpace(r.Text)
	}
	here := grammar.ParseCommand("call " + q.Calls[0].Ref() + " " + text)
	if here.Unknown != "" || here.Sub != "edit" && h.opensCall(ctx, r, cmd) {
		return bot.Reply{}, false, nil
	}
	reply, err = h.callNumber(ctx, r, here)
	return reply, true, err
}

// replyRather takes a word such as 取消 as a plain reply where the person has a
// place to give up and the call is not theirs to manage.
func (h *Handlers) replyRather(ctx context.Context, r bot.Request, q services.Question, under bool) (bot.Reply, bool, error) {
	if len(q.Calls) == 0 {
		return bot.Reply{}, false, nil
	}
	if under {
		sheet, err := h.svc.CallByID(ctx, h.act(r), q.Calls[0].ID)
		if err != nil || sheet.Manages || len(sheet.Mine(sheet.Me.ID)) == 0 {
			return bot.Reply{}, false, err
		}
	}
	return h.reply1(ctx, r, q)
}

// opensCall says whether the words after `call` are a whole call, which "call
// cancel culture, a talk | when: …" is.
func (h *Handlers) opensCall(ctx context.Context, r bot.Request, cmd grammar.Command) bool {
	if cmd.Sub != "" || strings.TrimSpace(cmd.Rest) == "" {
		return false
	}
	_, o, err := h.callReader(ctx, r)
	if err != nil {
		return false // refused in words by what follows
	}
	_, err = grammar.ParseCall(cmd.Rest, o)
	return err == nil
}

// firstOf is the first word of a text.
func firstOf(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
