package services

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muster/models"
	"muster/store"
)

// What somebody who was asked can answer by a button. The words they write
// instead go the way of every reply (signup_reply.go).

// AskAnswered is what became of an answer to a question.
type AskAnswered struct {
	Heard
	Ask     models.Ask
	Standby bool // enough people by now: they wait
}

// ofAsk finds the call of a question that must be the actor's own.
func ofAsk(askID int64, into *models.Ask) func(*store.Tx, Actor) (int64, error) {
	return func(tx *store.Tx, me Actor) (int64, error) {
		q, err := tx.Ask(me.Tenant.ID, askID)
		if errors.Is(err, store.ErrNotFound) || err == nil && q.PersonID != me.Person.ID {
			return 0, models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		*into = q
		return q.CallID, err
	}
}

// AskYes is "I'll come": the place, or a turn in the line when there are enough
// people by now.
func (s *Services) AskYes(ctx context.Context, act Act, askID int64) (AskAnswered, error) {
	var out AskAnswered
	var su *models.Signup
	sheet, err := s.signup(ctx, act, ofAsk(askID, &out.Ask), "ask_yes", func(d *desk, me Actor) error {
		if err := d.mayVolunteer(me); err != nil {
			return err
		}
		var err error
		su, out.Joining.Outcome, err = d.join(me.Person, models.Wish{RoleID: out.Ask.RoleID, How: models.ByAsk})
		return err
	})
	if err != nil {
		return out, err
	}
	return out.of(sheet, su), nil
}

func (out AskAnswered) of(sheet models.Sheet, su *models.Signup) AskAnswered {
	out.What, out.Sheet = HeardJoined, sheet
	out.Joining = out.Joining.of(sheet, su)
	out.Standby = out.Joining.Position > 0 && !out.Joining.Signup.Unchecked
	return out
}

// AskNo is "I can't": a place they had said yes to is given up, the next best
// is asked at once.
func (s *Services) AskNo(ctx context.Context, act Act, askID int64) (AskAnswered, error) {
	var out AskAnswered
	act.TS = "" // the question is not marked like a reply
	sheet, err := s.signup(ctx, act, ofAsk(askID, &out.Ask), "ask_no", func(d *desk, me Actor) error {
		if mine := d.Of(me.Person.ID, out.Ask.ShiftID); mine != nil && mine.Upcoming() {
			out.What, out.Left = HeardLeft, []*models.Signup{mine}
			return errors.Join(d.Leave(mine), d.overtake(me.Person.ID))
		}
		return d.answer(act, me, Said{Meaning: saidNo}, models.AnswerNo, &out.Heard)
	})
	out.Sheet = sheet
	return out, err
}

// AskLater is "yes, but later", in the words of the button: kept for the
// organizer, who files it with one press.
func (s *Services) AskLater(ctx context.Context, act Act, askID int64, words string) (AskAnswered, error) {
	var out AskAnswered
	act.TS = ""
	sheet, err := s.signup(ctx, act, ofAsk(askID, &out.Ask), "ask_later", func(d *desk, me Actor) error {
		if err := d.mayVolunteer(me); err != nil {
			return err
		}
		if err := d.TakesSignups(); err != nil {
			return err
		}
		return d.answer(act, me, Said{Meaning: saidConditional, Text: words}, models.AnswerConditional, &out.Heard)
	})
	if err != nil {
		return out, err
	}
	out.Sheet = sheet
	if su := sheet.Of(out.Ask.PersonID, out.Ask.ShiftID); su != nil && su.Waits() {
		out.Standby = true
		out.Joining = out.Joining.of(sheet, su)
	}
	return out, nil
}

// askedRole is the role somebody was asked for in this call, nil when they were
// not; of several the one asked for last.
func (d *desk) askedRole(personID int64) (*models.Role, error) {
	asks, err := d.tx.AsksTo(d.Call.ID, personID)
	if err != nil {
		return nil, fmt.Errorf("questions to person %d: %w", personID, err)
	}
	for i := len(asks) - 1; i >= 0; i-- {
		r := d.Role(asks[i].RoleID)
		if asks[i].Asked() && r != nil && r.Most > 0 && d.Shift(r.ShiftID).EndAt > d.Now {
			return r, nil
		}
	}
	return nil, nil
}

// saidWhen reads words that nobody can make sense of as when somebody comes who
// had just said "yes, but later" and was asked when: "around 10".
func (d *desk) saidWhen(personID int64, text string) (words string, later bool, err error) {
	asks, err := d.tx.AsksTo(d.Call.ID, personID)
	if err != nil {
		return "", false, fmt.Errorf("questions to person %d: %w", personID, err)
	}
	if !slices.ContainsFunc(asks, func(q *models.Ask) bool { return q.State == models.AskLater }) {
		return "", false, nil
	}
	open, err := d.tx.OpenAnswersBy(d.Call.ID, personID)
	if err != nil {
		return "", false, fmt.Errorf("answers of person %d: %w", personID, err)
	}
	for _, a := range open {
		if a.Kind == models.AnswerConditional && a.From == "" && a.TS == "" { // said by the button
			return a.Text + " · " + text, true, nil
		}
	}
	return "", false, nil
}

// AskSheet is a call as somebody who is asked reads it, with the question.
func (s *Services) AskSheet(ctx context.Context, tenantID, askID int64) (models.Sheet, models.Ask, error) {
	var q models.Ask
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		var err error
		q, err = tx.Ask(tenantID, askID)
		return err
	})
	if err != nil {
		return models.Sheet{}, q, fmt.Errorf("question of the message: %w", err)
	}
	sheet, err := s.CallSheet(ctx, tenantID, q.CallID, q.PersonID)
	return sheet, q, err
}

// asked adds the calls in which a question waits for the actor's answer to
// those a plain text can be about.
func (q Question) asked(tx *store.Tx, me Actor) (Question, error) {
	waiting, err := tx.WaitingAsks(me.Tenant.ID, me.Person.ID, tx.Now)
	if err != nil {
		return q, fmt.Errorf("open questions: %w", err)
	}
	if len(waiting) == 0 {
		return q, nil
	}
	if !q.Asked { // what they are only signed up for steps back
		q = Question{Asked: true}
	}
	for _, ask := range waiting {
		c, err := tx.Call(me.Tenant.ID, ask.CallID)
		if err != nil {
			return q, err
		}
		known := false
		for _, have := range q.Calls {
			known = known || have.ID == c.ID
		}
		if !known {
			q.Calls = append(q.Calls, c)
		}
	}
	return q, nil
}
