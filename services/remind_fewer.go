package services

import (
	"context"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// FewerWeek is the choice to hear nothing for a week; the others are kinds to
// be switched off.
const FewerWeek = "week"

// fewerFor is how long that is.
const fewerFor = 7 * 24 * time.Hour

// FewerChoices are what is offered on a reminder of study (""), on a follow-up
// ("follow"), or on one that somebody else set ("m").
func FewerChoices(of string) []string {
	switch of {
	case models.OffFollow:
		return []string{FewerWeek, models.OffFollow, models.OffStudy}
	case models.NumberReminder:
		return []string{FewerWeek, models.OffRemind}
	}
	return []string{FewerWeek, models.OffEarly, models.OffStudy}
}

// Fewer switches something off for the actor, or pauses for a week, to the
// beginning of a day; on false takes that back. Reminders ahead follow at once.
func (s *Services) Fewer(ctx context.Context, act Act, choice string, on bool) (out Actor, now models.Instant, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		now = tx.Now
		p := me.Person
		p.OptOuts = slices.DeleteFunc(slices.Clone(p.OptOuts), func(k string) bool { return k == choice })
		switch {
		case choice == FewerWeek && on:
			from, _ := models.LocalDay(tx.Now.Add(fewerFor), p.Location(me.Tenant))
			p.PauseUntil = max(p.PauseUntil, from)
		case choice == FewerWeek:
			p.PauseUntil = 0
		case !slices.Contains(models.OptOutKinds(), choice):
			return models.Refuse(models.CodeInvalid, "error.study_gone") // forged
		case on:
			p.OptOuts = append(p.OptOuts, choice)
		}
		out, err = s.saveOwn(tx, me, p)
		return err
	})
	return out, now, err
}
