package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// Question is what a plain text can be an answer to.
type Question struct {
	Calls []models.Call // which calls it can mean; one when it is clear
	Asked bool          // the person was asked directly
}

// QuestionFor finds what a plain text of the actor answers: the call of the
// thread it stands in; in a direct message without a thread, what waits for
// their answer, else what they are signed up for.
func (s *Services) QuestionFor(ctx context.Context, act Act) (Question, error) {
	var q Question
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if me.Tenant.ID == 0 {
			return nil
		}
		if act.ThreadTS != "" {
			c, err := tx.CallOfMessage(me.Tenant.ID, act.Channel, act.ThreadTS)
			if errors.Is(err, store.ErrNotFound) {
				return early(tx, me, act)
			}
			q.Calls, q.Asked = []models.Call{c}, act.Direct
			return err
		}
		if !act.Direct || me.Person.ID == 0 {
			return nil
		}
		signups, err := tx.ActiveSignups(me.Tenant.ID, me.Person.ID, tx.Now)
		if err != nil {
			return err
		}
		if q, err = questionAmong(tx, me, signups); err != nil {
			return err
		}
		if q, err = handoverQuestions(tx, me, q); err != nil {
			return err
		}
		q, err = q.asked(tx, me)
		return err
	})
	return q, err
}

// early is ErrEarly while the message an act is about may still be on its way
// into our books; nil when it cannot be one of ours.
func early(tx *store.Tx, me Actor, act Act) error {
	personID := int64(0)
	if act.Direct {
		personID = me.Person.ID
	}
	unsettled, err := tx.Unsettled(me.Tenant.ID, act.Channel, personID)
	if err == nil && unsettled {
		return models.ErrEarly
	}
	return err
}

// reminded says whether the latest message about a call asks the actor, as a
// reminder does, whether they still come.
func reminded(tx *store.Tx, me Actor, su *models.Signup) (bool, error) {
	m, err := tx.MessageByKey(me.Tenant.ID, signupKey(su.CallID, me.Person.ID))
	if err != nil || m.Shown == 0 || len(m.Args) == 0 {
		return false, ignoreMissing(err)
	}
	var args models.SignupArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return false, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	return args.Why == models.WhyReminder && (su.YesAt == 0 || su.YesAt < args.At), nil
}

// questionAmong prefers what waits for an answer to what was only signed up
// for. Each call stands once.
func questionAmong(tx *store.Tx, me Actor, signups []*models.Signup) (Question, error) {
	var asked, mine Question
	asked.Asked = true
	seen := map[int64]bool{}
	for _, waiting := range []bool{true, false} {
		for _, g := range signups {
			if seen[g.CallID] {
				continue
			}
			open := g.State == models.SignupOffered || g.AskAgain != 0
			if !open && g.State == models.SignupConfirmed {
				var err error
				if open, err = reminded(tx, me, g); err != nil {
					return asked, err
				}
			}
			if open != waiting {
				continue
			}
			c, err := tx.Call(me.Tenant.ID, g.CallID)
			if err != nil {
				return asked, err
			}
			seen[g.CallID] = true
			if open {
				asked.Calls = append(asked.Calls, c)
			} else {
				mine.Calls = append(mine.Calls, c)
			}
		}
	}
	if len(asked.Calls) > 0 {
		return asked, nil
	}
	return mine, nil
}
