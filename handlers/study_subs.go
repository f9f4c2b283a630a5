package handlers

import (
	"context"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

// studySub is `study s7 SUB REST`; plan is the study as the actor sees it.
type studySub func(ctx context.Context, r bot.Request, p *views.Printer, plan services.StudyPlan, rest string) (bot.Reply, error)

// studySubs is what can be done to a study by its number beside what is
// written in study_change.go, by the feature that does it.
func (h *Handlers) studySubs() map[string]studySub {
	return map[string]studySub{
		"code": h.studyCodeLine,
		"quiz": h.studyQuiz,
		"who":  h.whoOfStudy,
		"roll": h.studyRollLine,
	}
}

// studyWords is `study SUB REST` without a number.
type studyWord func(ctx context.Context, r bot.Request, rest string) (bot.Reply, error)

func (h *Handlers) studyWords() map[string]studyWord {
	return map[string]studyWord{
		"year":     h.studyYear,
		"exempt":   h.studyExempt,
		"list":     func(ctx context.Context, r bot.Request, _ string) (bot.Reply, error) { return h.studyList(ctx, r, 0) },
		"plan":     h.studyMonth,
		"duties":   h.duties,
		"library":  h.library,
		"push":     h.push,
		"holidays": h.studyHolidays,
	}
}

// registerLearning is the table of contents of study's features.
func (h *Handlers) registerLearning(r *bot.Router) {
	h.registerHoliday(r)
	h.registerDay(r)
	h.registerStudyRoll(r)
	h.registerMakeup(r)
	h.registerYear(r)
	h.registerDuty(r)
	h.registerLibrary(r)
	h.registerSubscription(r)
}

// learningRenders words the messages of these features.
func (h *Handlers) learningRenders() []map[models.MessageKind]renderFunc {
	return []map[models.MessageKind]renderFunc{h.seriesRenders(), h.holidayRenders(), h.dayRenders(), h.studyRollRenders(), h.makeupRenders(), h.yearRenders(), h.dutyRenders(), h.libraryRenders(), h.subscriptionRenders()}
}
