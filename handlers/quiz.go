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

func (h *Handlers) registerQuiz(r *bot.Router) {
	r.On(bot.KindAction, views.ActionQuiz, h.quizForm)
	r.On(bot.KindAction, views.ActionQuizDrop, h.quizDrop)
	r.On(bot.KindSubmission, views.ModalQuiz, h.quizSubmitted)
}

// studyQuiz is `study s7 quiz`: the form, or the questions written after it, or
// no quiz any more.
func (h *Handlers) studyQuiz(ctx context.Context, r bot.Request, p *views.Printer, plan services.StudyPlan, rest string) (bot.Reply, error) {
	st := plan.Study
	switch {
	case says(rest, "off", "no", "none", "delete", "remove", "不要", "删除", "删掉", "取消", "关闭"):
		return h.setQuiz(ctx, r, p, st.ID, nil)
	case rest != "":
		quiz, fault := grammar.ParseQuiz(rest)
		if fault != nil {
			return bot.Reply{}, fault
		}
		return h.setQuiz(ctx, r, p, st.ID, quiz)
	}
	st, err := h.svc.QuizOf(ctx, h.act(r), st.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.QuizOffer(st)), nil
	}
	return bot.Reply{Modal: p.QuizModal(st)}, nil
}

func (h *Handlers) setQuiz(ctx context.Context, r bot.Request, p *views.Printer, studyID int64, quiz []models.Question) (bot.Reply, error) {
	st, err := h.svc.SetQuiz(ctx, h.act(r), studyID, quiz)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.QuizShown(st)), nil
}

func (h *Handlers) quizForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	st, err := h.svc.QuizOf(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.QuizModal(st)}, nil
}

func (h *Handlers) quizDrop(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	reply, err := h.setQuiz(ctx, r, p, rowID(r.Value), nil)
	reply.Replace = r.Ephemeral
	return reply, err
}

// quizSubmitted reads each field by itself, so that a fault stands where it is.
func (h *Handlers) quizSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	var quiz []models.Question
	faults := map[string]string{}
	for n := range models.QuizMost {
		field := views.FieldQuestion(n)
		text := strings.TrimSpace(one(r, field))
		if text == "" {
			continue
		}
		q, fault := grammar.ParseQuestion(text)
		if fault != nil {
			faults[field] = p.Error(fault, "")
		}
		quiz = append(quiz, q)
	}
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	reply, err := h.setQuiz(ctx, r, p, rowID(r.View.Private), quiz)
	if err != nil {
		return fieldError(p, views.FieldQuestion(0), err)
	}
	reply.Private = true
	return reply, nil
}
