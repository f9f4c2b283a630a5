package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

func reportKey(callID int64) string { return fmt.Sprintf("report:%d", callID) }
func curveKey(callID int64) string  { return fmt.Sprintf("curve:%d", callID) }

func reachListKey(callID int64) string { return fmt.Sprintf("reachlist:%d", callID) }

// drillFollows reports how people answered to the organizer once a drill has
// closed or is done: in words, with the picture of the curve behind it.
func (d *desk) drillFollows(by models.By) error {
	c := d.Call
	if !c.Drill || c.State != models.CallClosed && c.State != models.CallDone {
		return nil
	}
	for _, m := range []models.Message{
		{Key: reportKey(c.ID), Kind: models.MessageReport, Op: models.OpPost},
		{Key: curveKey(c.ID), Kind: models.MessageCurve, Op: models.OpFile},
		{Key: reachListKey(c.ID), Kind: models.MessageReachList, Op: models.OpFile},
	} {
		m.TenantID, m.SubjectID, m.PersonID = d.tenant.ID, c.ID, c.CreatorID
		m.Priority, m.EditClass, m.Quiet = models.PriorityDigest, models.EditRest, models.QuietWait
		old, err := d.tx.MessageByKey(m.TenantID, m.Key)
		if ignoreMissing(err) != nil {
			return fmt.Errorf("report of call %d: %w", c.ID, err)
		}
		gone := err != nil || old.State == models.MessageDropped || old.State == models.MessageDead
		if !gone && m.Op == models.OpFile {
			continue // handed over once; another is a press away
		}
		if err := d.replace(m, false); err != nil { // the words are edited: answers of later, and done
			return err
		}
	}
	return nil
}

// drillDues are its rules that act when their time has come.
func (s *Services) drillDues() map[models.DueKind]dueFunc { return nil }

// Report is how people answered one call.
type Report struct {
	Sheet     models.Sheet // with the names that are shown
	Responses []models.Response
}

// CallReport is the report of a call for who manages it.
func (s *Services) CallReport(ctx context.Context, act Act, callID int64) (Report, error) {
	var out Report
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := managedCall(tx, s, me, callID)
		if err != nil {
			return err
		}
		out, err = s.report(tx, me, c)
		return err
	})
	return out, err
}

func managedCall(tx *store.Tx, s *Services, me Actor, callID int64) (models.Call, error) {
	c, err := tx.Call(me.Tenant.ID, callID)
	if errors.Is(err, store.ErrNotFound) {
		return c, models.Refuse(models.CodeNotFound, "error.call_gone")
	}
	if err == nil && !manages(me.Rights, c) {
		err = s.refuseManager(tx, me, c)
	}
	return c, err
}

// ReportFor is the report for rendering a message: to personID, or (0) to a
// channel.
func (s *Services) ReportFor(ctx context.Context, tenantID, callID, personID int64) (Report, error) {
	var out Report
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Tenant(tenantID)
		if err != nil {
			return fmt.Errorf("tenant of the report: %w", err)
		}
		me := Actor{Tenant: t}
		if personID != 0 {
			if me.Person, err = tx.Person(personID); err != nil {
				return fmt.Errorf("reader of the report: %w", err)
			}
		}
		c, err := tx.Call(tenantID, callID)
		if err != nil {
			return fmt.Errorf("call of the report: %w", err)
		}
		out, err = s.report(tx, me, c)
		return err
	})
	return out, err
}

func (s *Services) report(tx *store.Tx, me Actor, c models.Call) (Report, error) {
	var out Report
	var err error
	if out.Sheet, err = s.sheet(tx, me, c, true); err != nil {
		return out, err
	}
	asks, err := tx.AsksOf(c.ID)
	if err != nil {
		return out, fmt.Errorf("questions of call %d: %w", c.ID, err)
	}
	out.Sheet.Asks = asks // whoever reads it
	answers, err := tx.AnswersOf(c.ID)
	if err != nil {
		return out, fmt.Errorf("answers to call %d: %w", c.ID, err)
	}
	posted, err := arrived(tx, c)
	if err != nil {
		return out, err
	}
	out.Responses = out.Sheet.Responses(asks, answers, posted)
	var ids []int64
	for _, r := range out.Responses {
		ids = append(ids, r.PersonID)
	}
	people, err := tx.PersonsByIDs(ids)
	if err != nil {
		return out, fmt.Errorf("people of the report: %w", err)
	}
	for id, p := range people {
		out.Sheet.People[id] = p
	}
	return out, nil
}

// arrived says when the questions and the card of a call were in Slack.
func arrived(tx *store.Tx, c models.Call) (models.Posted, error) {
	posted := models.Posted{Questions: map[int64]models.Instant{}}
	sent, err := tx.SentUnder(c.TenantID, fmt.Sprintf("ask:%d:", c.ID))
	if err != nil {
		return posted, fmt.Errorf("questions of call %d: %w", c.ID, err)
	}
	for _, m := range sent {
		if old := posted.Questions[m.PersonID]; old == 0 || m.SentAt < old {
			posted.Questions[m.PersonID] = m.SentAt
		}
	}
	card, err := tx.MessageByKey(c.TenantID, cardKey(c.ID))
	if ignoreMissing(err) != nil {
		return posted, fmt.Errorf("card of call %d: %w", c.ID, err)
	}
	posted.Card = card.SentAt
	if posted.Card == 0 {
		posted.Card = c.CreatedAt
	}
	return posted, nil
}

// SendCurve hands the picture to who presses, and the list of everybody when
// it is longer than a message shows.
func (s *Services) SendCurve(ctx context.Context, act Act, callID int64) (Report, error) {
	var out Report
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := managedCall(tx, s, me, callID)
		if err != nil {
			return err
		}
		if out, err = s.report(tx, me, c); err != nil {
			return err
		}
		if len(models.CurveOf(out.Responses).Minutes) == 0 {
			return nil // nothing to draw; the words say so
		}
		for key, kind := range map[string]models.MessageKind{curveKey(c.ID): models.MessageCurve, reachListKey(c.ID): models.MessageReachList} {
			_, err = tx.Enqueue(models.Message{TenantID: me.Tenant.ID, Key: fmt.Sprintf("%s:%d:%s", key, me.Person.ID, onceOf(act, tx.Now)),
				Kind: kind, Op: models.OpFile, SubjectID: c.ID, PersonID: me.Person.ID, Priority: models.PriorityAnswer, Quiet: models.QuietPass})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// PostCurve puts the picture under the call's card, once. Names stay out of it.
func (s *Services) PostCurve(ctx context.Context, act Act, callID int64) (models.Sheet, error) {
	var out models.Sheet
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := managedCall(tx, s, me, callID)
		if err != nil {
			return err
		}
		card, err := tx.MessageByKey(c.TenantID, cardKey(c.ID))
		if ignoreMissing(err) != nil {
			return fmt.Errorf("card of call %d: %w", c.ID, err)
		}
		if card.TS == "" {
			return models.Refuse(models.CodeConflict, "error.report_no_card", "Number", c.Ref())
		}
		queued, err := tx.Enqueue(models.Message{TenantID: me.Tenant.ID, Key: curveKey(c.ID) + ":channel", Kind: models.MessageCurve, Op: models.OpFile,
			SubjectID: c.ID, Channel: card.Channel, ThreadTS: card.TS, Priority: models.PriorityDigest, Quiet: models.QuietPass})
		if err == nil && !queued {
			err = models.Refuse(models.CodeConflict, "error.report_posted", "Number", c.Ref())
		}
		if err != nil {
			return err
		}
		if err := tx.Note(me.By("report_post"), "call", c.ID, nil, nil); err != nil {
			return err
		}
		out, err = s.sheet(tx, me, c, false)
		return err
	})
	return out, err
}

// onceOf tells deliveries of one act apart from another's.
func onceOf(act Act, now models.Instant) string {
	if act.Delivery != "" {
		return act.Delivery
	}
	return id(int64(now))
}
