package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// Question is what a plain text can be an answer to.
type Question struct {
	Calls []models.Call // which calls it can mean; one when it is clear
	Asked bool          // the person was asked directly
	Told  []models.Call // about which an organizer wrote to them lately
	Tell  bool          // a reply in the thread of an organizer's message, which asked nothing Muster can read
}

// toldFor is how long an answer outside its thread may follow an organizer's
// message: what is written the day after is about something else.
const toldFor = 24 * time.Hour

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
			if err != nil {
				return err
			}
			q.Calls, q.Asked = []models.Call{c}, act.Direct
			m, err := tx.MessageAt(me.Tenant.ID, act.Channel, act.ThreadTS)
			q.Tell = m.Kind == models.MessageTell
			return ignoreMissing(err)
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
		if q, err = q.asked(tx, me); err != nil {
			return err
		}
		q.Told, err = told(tx, me)
		return err
	})
	return q, err
}

// WroteAbout says whether an organizer wrote to them about a call lately.
func (q Question) WroteAbout(callID int64) bool {
	return slices.ContainsFunc(q.Told, func(c models.Call) bool { return c.ID == callID })
}

// Either are the calls that words which mean nothing by themselves may be for:
// what was asked, and what an organizer wrote about.
func (q Question) Either() []models.Call {
	out := slices.Clone(q.Told)
	for _, c := range q.Calls {
		if q.Asked && !q.WroteAbout(c.ID) {
			out = append(out, c)
		}
	}
	return out
}

// told are the calls about which an organizer wrote to the actor lately.
func told(tx *store.Tx, me Actor) (out []models.Call, err error) {
	ids, err := tx.ToldLately(me.Tenant.ID, me.Person.ID, tx.Now.Add(-toldFor))
	if err != nil {
		return nil, fmt.Errorf("organizers' messages to the actor: %w", err)
	}
	for _, id := range ids {
		c, err := tx.Call(me.Tenant.ID, id)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
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
