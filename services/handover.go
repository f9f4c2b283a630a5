package services

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muster/models"
	"muster/store"
)

// dueHandover is the start of a shift: a request not answered by then lapses.
const dueHandover models.DueKind = "call_handover"

// handoverKey begins with the call, so that a reply in its thread is heard.
func handoverKey(callID, id int64) string { return fmt.Sprintf("handover:%d:%d", callID, id) }

// AskHandover asks somebody, by Slack id, to take the actor's place over.
// Until their own yes the place stays the actor's.
func (s *Services) AskHandover(ctx context.Context, act Act, signupID int64, toSlack string) (models.Sheet, models.Handover, error) {
	var asked models.Handover
	sheet, err := s.signup(ctx, act, ofSignup(signupID), "handover_ask", func(d *desk, me Actor) error {
		if toSlack == "" {
			return models.Refuse(models.CodeInvalid, "error.handover_whom", "Part", "", "Number", d.Call.Ref())
		}
		if toSlack == d.tenant.BotUserID {
			return models.Refuse(models.CodeForbidden, "error.handover_who", "Who", "<@"+d.tenant.BotUserID+">")
		}
		to, err := d.tx.EnsurePerson(d.tenant.ID, toSlack)
		if err != nil {
			return fmt.Errorf("who is asked: %w", err)
		}
		su := d.Signup(signupID)
		if err := d.mayAsk(su, to); err != nil {
			return err
		}
		shift := d.Shift(su.ShiftID)
		asked = models.Handover{TenantID: d.tenant.ID, CallID: d.Call.ID, SignupID: su.ID, FromID: su.PersonID, ToID: to.ID,
			State: models.HandoverAsked, AskedAt: d.Now}
		if err := d.tx.Save(me.By("handover_ask"), &asked); err != nil {
			return err
		}
		due := models.Due{TenantID: d.tenant.ID, Key: handoverKey(d.Call.ID, asked.ID), Kind: dueHandover, RefID: asked.ID,
			PersonID: to.ID, DueAt: shift.StartAt}
		prio := models.PriorityAnswer
		if d.Call.Urgent {
			prio = models.PriorityUrgent
		}
		_, err = d.tx.Enqueue(models.Message{TenantID: d.tenant.ID, Key: handoverKey(d.Call.ID, asked.ID), Kind: models.MessageHandover,
			SubjectID: asked.ID, PersonID: to.ID, Priority: prio, EditClass: models.EditClose, Quiet: d.quiet(to.ID, shift),
			ExpiresAt: shift.StartAt})
		return errors.Join(err, d.tx.Plan(due), d.handoverShown(&asked))
	})
	return sheet, asked, err
}

// handoverAsks is how often one person may be asked to take one place over:
// again after a no or a slip, and no more, for each question makes a sound.
const handoverAsks = 2

// mayAsk says why a place cannot be offered to somebody by name now.
func (d *desk) mayAsk(su *models.Signup, to models.Person) error {
	if err := d.MayHandOver(su); err != nil {
		return err
	}
	all, err := d.tx.HandoversOf(d.Call.ID)
	if err != nil {
		return fmt.Errorf("requests of call %d: %w", d.Call.ID, err)
	}
	before := 0
	for _, h := range all {
		if h.SignupID == su.ID && h.Open() {
			return models.Refuse(models.CodeConflict, "error.handover_open", "Who", tags([]models.Person{d.person(h.ToID)}), "Number", d.Call.Ref())
		}
		if h.SignupID == su.ID && h.ToID == to.ID {
			before++
		}
	}
	if before >= handoverAsks {
		return models.Refuse(models.CodeConflict, "error.handover_often", "Who", tags([]models.Person{to}), "Number", d.Call.Ref())
	}
	taker, err := d.taker(su, to)
	if err != nil {
		return err
	}
	return d.MayTakeOver(su, taker)
}

func (d *desk) taker(su *models.Signup, to models.Person) (models.Taker, error) {
	clash, err := d.clash(to.ID, d.Shift(su.ShiftID))
	if err != nil {
		return models.Taker{}, err
	}
	welcome, err := guestsWelcome(d.tx, *d.Call)
	return models.Taker{Person: to, Welcome: welcome, Verified: d.verified(to, d.Role(su.RoleID)), Clash: clash}, err
}

// handoverShown edits what shows a request: its question, the giver's own
// message, and the panel.
func (d *desk) handoverShown(h *models.Handover) error {
	d.answered = true
	return errors.Join(d.tx.Touch(d.tenant.ID, handoverKey(h.CallID, h.ID)), d.tx.Touch(d.tenant.ID, signupKey(h.CallID, h.FromID)))
}

// AnswerHandover is the named person's yes or no. A yes moves the place.
func (s *Services) AnswerHandover(ctx context.Context, act Act, id int64, yes bool) (models.Sheet, models.Handover, error) {
	var h models.Handover
	action := "handover_no"
	if yes {
		action = "handover_yes"
	}
	sheet, err := s.signup(ctx, act, s.handoverCall(id, &h, false), action, func(d *desk, me Actor) error {
		return d.answerHandover(me, &h, yes)
	})
	return sheet, h, err
}

func (d *desk) answerHandover(me Actor, h *models.Handover, yes bool) error {
	if !h.Open() {
		if h.State == models.HandoverYes && yes || h.State == models.HandoverNo && !yes {
			return nil // pressed twice
		}
		return models.Refuse(models.CodeConflict, "error.handover_over", "Number", d.Call.Ref(), "Title", d.Call.Title)
	}
	su := d.Signup(h.SignupID)
	if !yes {
		h.Close(models.HandoverNo, d.Now)
		if err := d.tx.Save(me.By("handover_no"), h); err != nil {
			return err
		}
		shift := d.Shift(su.ShiftID)
		return errors.Join(d.handoverShown(h),
			d.write(h.FromID, models.SignupArgs{Why: models.WhyHandoverNo}, d.quiet(h.FromID, shift), shift.StartAt, true))
	}
	if err := d.mayVolunteer(me); err != nil {
		return err
	}
	taker, err := d.taker(su, me.Person)
	if err != nil {
		return err
	}
	if _, err := d.HandOver(su, taker); err != nil {
		return toTaker(err)
	}
	h.Close(models.HandoverYes, d.Now)
	if err := d.tx.Save(me.By("handover_yes"), h); err != nil {
		return err
	}
	return errors.Join(d.overtake(me.Person.ID), d.handoverShown(h))
}

// toTaker words a refusal for the one who said yes: what the giver reads names
// them and tells to choose somebody else.
func toTaker(err error) error {
	var refused *models.Error
	own := map[string]string{"error.handover_busy": "error.overlap", "error.handover_has": "error.handover_in", "error.handover_skill": "error.handover_unverified"}
	if !errors.As(err, &refused) || own[refused.Key] == "" {
		return err
	}
	said := *refused
	said.Key = own[refused.Key]
	return &said
}

// handoverCall finds the call of a request that must concern the actor: asked
// of them, or (giver) made by them.
func (s *Services) handoverCall(id int64, h *models.Handover, giver bool) func(*store.Tx, Actor) (int64, error) {
	return func(tx *store.Tx, me Actor) (int64, error) {
		var err error
		*h, err = tx.Handover(me.Tenant.ID, id)
		who := h.ToID
		if giver {
			who = h.FromID
		}
		if errors.Is(err, store.ErrNotFound) || err == nil && who != me.Person.ID {
			return 0, models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		return h.CallID, err
	}
}

// TakeHandoverBack is the giver's second thought: they come themselves.
func (s *Services) TakeHandoverBack(ctx context.Context, act Act, id int64) (models.Sheet, models.Handover, error) {
	var h models.Handover
	sheet, err := s.signup(ctx, act, s.handoverCall(id, &h, true), "handover_withdraw", func(d *desk, me Actor) error {
		if h.State == models.HandoverWithdrawn {
			return nil
		}
		if !h.Open() {
			return models.Refuse(models.CodeConflict, "error.handover_over", "Number", d.Call.Ref(), "Title", d.Call.Title)
		}
		h.Close(models.HandoverWithdrawn, d.Now)
		return errors.Join(d.tx.Save(me.By("handover_withdraw"), &h), d.handoverShown(&h))
	})
	return sheet, h, err
}

// handoverFollows closes requests whose place is no longer the giver's to
// give: they gave it up, checked in, or the call was cancelled.
func (d *desk) handoverFollows(by models.By) error {
	open, err := d.tx.OpenHandovers(d.Call.ID)
	if err != nil {
		return fmt.Errorf("requests of call %d: %w", d.Call.ID, err)
	}
	for _, h := range open {
		su := d.Signup(h.SignupID)
		if su.State == models.SignupConfirmed && d.Call.Live() {
			if !d.dirty {
				continue
			}
			// Time or place may be another: the question says so, and waits until then.
			if err := errors.Join(d.replanHandover(h, su), d.tx.Touch(d.tenant.ID, handoverKey(h.CallID, h.ID))); err != nil {
				return err
			}
			continue
		}
		h.Close(models.HandoverVoid, d.Now)
		if err := errors.Join(d.tx.Save(models.By{TenantID: d.tenant.ID, Action: "handover_void"}, h), d.handoverShown(h)); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) replanHandover(h *models.Handover, su *models.Signup) error {
	at := d.Shift(su.ShiftID).StartAt
	if at <= d.Now {
		return nil // it is due
	}
	return d.tx.Plan(models.Due{TenantID: d.tenant.ID, Key: handoverKey(h.CallID, h.ID), Kind: dueHandover, RefID: h.ID, PersonID: h.ToID, DueAt: at})
}

// gatherHandover loads what a sheet shows of it, with the names.
func (s *Services) gatherHandover(tx *store.Tx, me Actor, sh *models.Sheet) error {
	all, err := tx.HandoversOf(sh.Call.ID)
	if err != nil {
		return fmt.Errorf("requests of call %d: %w", sh.Call.ID, err)
	}
	sh.Handovers = all
	var ids []int64
	for _, h := range all {
		for _, id := range []int64{h.FromID, h.ToID} {
			if _, known := sh.People[id]; !known && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	people, err := tx.PersonsByIDs(ids)
	if err != nil {
		return fmt.Errorf("people asked to take over: %w", err)
	}
	for id, p := range people {
		sh.People[id] = p
	}
	return nil
}

// handoverDues are its rules that act when their time has come.
func (s *Services) handoverDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{dueHandover: s.lapseHandover}
}

// lapseHandover ends a request nobody answered by the start, and tells the
// giver, whose place it still is.
func (s *Services) lapseHandover(tx *store.Tx, due models.Due) error {
	h, err := tx.Handover(due.TenantID, due.RefID)
	if errors.Is(err, store.ErrNotFound) || err == nil && !h.Open() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("request of what is due: %w", err)
	}
	t, err := tx.Tenant(due.TenantID)
	if err != nil {
		return fmt.Errorf("tenant of what is due: %w", err)
	}
	d, err := s.desk(tx, t, h.CallID)
	if err != nil {
		return err
	}
	su := d.Signup(h.SignupID)
	shift := d.Shift(su.ShiftID)
	if shift.StartAt > d.Now {
		return d.replanHandover(&h, su)
	}
	by := models.By{TenantID: t.ID, Action: "handover_lapse"}
	h.Close(models.HandoverLapsed, d.Now)
	if err := errors.Join(tx.Save(by, &h), d.handoverShown(&h)); err != nil {
		return err
	}
	if su.State == models.SignupConfirmed && d.Call.Live() {
		if err := d.write(h.FromID, models.SignupArgs{Why: models.WhyHandoverLapsed}, d.quiet(h.FromID, shift), shift.EndAt, true); err != nil {
			return err
		}
	}
	return d.finish(by)
}

// HandoverSheet is a request with its call, for the person personID.
func (s *Services) HandoverSheet(ctx context.Context, tenantID, id, personID int64) (models.Sheet, models.Handover, error) {
	var h models.Handover
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		var err error
		if h, err = tx.Handover(tenantID, id); err != nil {
			return fmt.Errorf("request of the message: %w", err)
		}
		return nil
	})
	if err != nil {
		return models.Sheet{}, h, err
	}
	sheet, err := s.CallSheet(ctx, tenantID, h.CallID, personID)
	return sheet, h, err
}

// MyPlaces are the actor's places that could be handed over, in one call or
// (0) in every one, soonest first.
func (s *Services) MyPlaces(ctx context.Context, act Act, callID int64) (sheets []models.Sheet, places []models.Signup, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if me.Person.ID == 0 {
			return nil
		}
		rows, err := tx.ActiveSignups(me.Tenant.ID, me.Person.ID, tx.Now)
		if err != nil {
			return fmt.Errorf("places of a person: %w", err)
		}
		for _, su := range rows {
			if callID != 0 && su.CallID != callID {
				continue
			}
			c, err := tx.Call(me.Tenant.ID, su.CallID)
			if err != nil {
				return fmt.Errorf("call of a place: %w", err)
			}
			sh, err := s.sheet(tx, me, c, false)
			if err != nil {
				return err
			}
			if sh.MayHandOver(sh.Signup(su.ID)) == nil {
				sheets, places = append(sheets, sh), append(places, *su)
			}
		}
		return nil
	})
	return sheets, places, err
}

// handoverQuestions adds the calls in which the actor is asked to stand in to
// what a plain text can answer: a question comes before what was only signed
// up for.
func handoverQuestions(tx *store.Tx, me Actor, q Question) (Question, error) {
	open, err := tx.HandoversTo(me.Tenant.ID, me.Person.ID)
	if err != nil || len(open) == 0 {
		return q, err
	}
	asked := Question{Asked: true}
	if q.Asked {
		asked.Calls = q.Calls
	}
	for _, h := range open {
		if slices.ContainsFunc(asked.Calls, func(c models.Call) bool { return c.ID == h.CallID }) {
			continue
		}
		c, err := tx.Call(me.Tenant.ID, h.CallID)
		if err != nil {
			return q, fmt.Errorf("call of request %d: %w", h.ID, err)
		}
		asked.Calls = append(asked.Calls, c)
	}
	return asked, nil
}

// handoverReply takes a plain yes or no as the answer to a request to stand in
// when one is open to the actor; done is false when none is.
func (d *desk) handoverReply(me Actor, said Said, out *Heard) (done bool, err error) {
	if !said.Asked || said.Meaning != saidYes && said.Meaning != saidNo {
		return false, nil
	}
	open, err := d.tx.OpenHandovers(d.Call.ID)
	if err != nil {
		return false, fmt.Errorf("requests of call %d: %w", d.Call.ID, err)
	}
	for _, h := range open {
		if h.ToID == me.Person.ID {
			err := d.answerHandover(me, h, said.Meaning == saidYes)
			out.What, out.Handover = HeardHandover, *h
			return true, err
		}
	}
	return false, nil
}
