package services

import (
	"context"
	"errors"
	"strings"

	"muster/models"
	"muster/store"
)

// ExemptAsk is whom somebody wants to excuse from the study target, for which
// days of a year.
type ExemptAsk struct {
	Slack  []string
	Year   int            // 0 = the one under way
	Span   models.DaySpan // empty ends are those of the year
	Reason string
	End    bool // take back what excuses them in that year
}

// ExemptShown is what became of it for one person.
type ExemptShown struct {
	Tenant    models.Tenant
	Person    models.Person
	By        models.Person
	Exemption models.Exemption
	Account   models.YearAccount // as it stands with it
	Now       models.Instant
}

const (
	exemptWords = 300 // how long a reason may be: a sentence, not a file
	exemptMost  = 50  // people at a time
)

// Exempt excuses members of units one leads from the study target of a year,
// or of a part of it, or takes that back; never oneself. All of them or none.
func (s *Services) Exempt(ctx context.Context, act Act, ask ExemptAsk) (out []ExemptShown, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		out = nil // a second attempt begins anew
		if ask.Year == 0 {
			ask.Year, _ = models.YearOfInstant(tx.Now, me.Tenant.Location())
		}
		if n := len(ask.Slack); n == 0 || n > exemptMost {
			return models.Refuse(models.CodeInvalid, "error.exempt_who")
		}
		for _, slackID := range ask.Slack {
			p, err := s.mayExempt(tx, me, slackID)
			if err != nil {
				return err
			}
			some, err := s.exemptOne(tx, me, p, ask)
			if err != nil {
				return err
			}
			out = append(out, some)
		}
		return nil
	})
	return out, err
}

func (s *Services) exemptOne(tx *store.Tx, me Actor, p models.Person, ask ExemptAsk) (out ExemptShown, err error) {
	if !ask.End {
		e, err := newExemption(tx, me, p, ask)
		if err != nil {
			return out, err
		}
		if err := tx.Save(me.By("exemption_give"), &e); err != nil {
			return out, err
		}
		if err := tellExempt(tx, e); err != nil {
			return out, err
		}
		return s.exemptShown(tx, me.Tenant, e)
	}
	list, err := tx.Exemptions(me.Tenant.ID, ask.Year, store.YearWho{PersonID: p.ID})
	if err != nil {
		return out, err
	}
	if len(list[p.ID]) == 0 {
		return out, models.Refuse(models.CodeConflict, "error.exempt_none", "Year", ask.Year, "Who", tags([]models.Person{p}))
	}
	for _, e := range list[p.ID] {
		if out, err = s.endExemption(tx, me, e); err != nil {
			return out, err
		}
	}
	return out, nil
}

// newExemption checks what is asked for.
func newExemption(tx *store.Tx, me Actor, p models.Person, ask ExemptAsk) (e models.Exemption, err error) {
	whole, reason := models.WholeYear(ask.Year), strings.TrimSpace(ask.Reason)
	span := ask.Span
	if span.First == "" {
		span.First = whole.First
	}
	if span.Last == "" {
		span.Last = whole.Last
	}
	this, _ := models.YearOfInstant(tx.Now, me.Tenant.Location())
	refuse := func(field, key string, args ...any) (models.Exemption, error) {
		e := models.Refuse(models.CodeInvalid, key, args...)
		e.Field = field
		return models.Exemption{}, e
	}
	switch {
	case ask.Year < this-1 || ask.Year > this+1:
		return refuse("year", "error.exempt_year", "Part", ask.Year, "Year", this)
	case span.First < whole.First || span.Last > whole.Last:
		return refuse("last", "error.exempt_span", "Year", ask.Year)
	case span.Len() == 0:
		return refuse("last", "error.exempt_order")
	case reason == "":
		return refuse("reason", "error.exempt_reason", "Year", ask.Year)
	case len([]rune(reason)) > exemptWords:
		return refuse("reason", "error.exempt_long", "N", exemptWords)
	}
	e = models.Exemption{TenantID: me.Tenant.ID, PersonID: p.ID, Year: ask.Year, FirstDay: span.First, LastDay: span.Last, Reason: reason,
		State: models.ExemptionActive, GivenBy: me.Person.ID, GivenAt: tx.Now}
	list, err := tx.Exemptions(me.Tenant.ID, ask.Year, store.YearWho{PersonID: p.ID})
	if err != nil {
		return e, err
	}
	for _, free := range models.FreeDays(ask.Year, list[p.ID]) {
		if free.First <= span.First && span.Last <= free.Last {
			return e, models.Refuse(models.CodeConflict, "error.exempt_already", "Who", tags([]models.Person{p}), "Year", ask.Year)
		}
	}
	return e, nil
}

// mayExempt finds the person meant and says whether the actor answers for their
// study: leads or organizes their unit or one above it; never oneself.
func (s *Services) mayExempt(tx *store.Tx, me Actor, slackID string) (models.Person, error) {
	p, err := tx.PersonBySlack(me.Tenant.ID, slackID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (p.Bot || p.Guest || p.Gone) {
		if !me.Rights.Leader(0) { // learns nothing of who is there
			return p, s.refuseOrganizer(tx, me)
		}
		return p, models.Refuse(models.CodeNotFound, "error.exempt_who")
	}
	if err != nil {
		return p, err
	}
	if p.ID == me.Person.ID && me.Rights.Leader(0) {
		return p, models.Refuse(models.CodeForbidden, "error.exempt_self")
	}
	unit, err := tx.UnitOf(p.ID)
	if ignoreMissing(err) != nil {
		return p, err
	}
	may, err := managesUnit(tx, me, unit.ID)
	switch {
	case err != nil || may:
		return p, err
	case unit.ID == 0:
		return p, s.refuseEverywhere(tx, me)
	}
	return p, s.refuseUnit(tx, me, unit)
}

// UndoExempt takes back what one act excused people from, by one exemption
// that it gave.
func (s *Services) UndoExempt(ctx context.Context, act Act, exemptionID int64) (out []ExemptShown, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		out = nil
		e, err := tx.Exemption(me.Tenant.ID, exemptionID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
		}
		if err != nil {
			return err
		}
		given, err := tx.ExemptionsGiven(e)
		if err != nil {
			return err
		}
		if len(given) == 0 {
			return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
		}
		for _, e := range given {
			p, err := tx.Person(e.PersonID)
			if err != nil {
				return err
			}
			if _, err := s.mayExempt(tx, me, p.Slack()); err != nil {
				return err
			}
			some, err := s.endExemption(tx, me, e)
			if err != nil {
				return err
			}
			out = append(out, some)
		}
		return nil
	})
	return out, err
}

func (s *Services) endExemption(tx *store.Tx, me Actor, e models.Exemption) (ExemptShown, error) {
	e.State, e.EndedBy, e.EndedAt = models.ExemptionEnded, me.Person.ID, tx.Now
	if err := tx.Save(me.By("exemption_end"), &e); err != nil {
		return ExemptShown{}, err
	}
	if err := tellExemptOver(tx, e); err != nil {
		return ExemptShown{}, err
	}
	return s.exemptShown(tx, me.Tenant, e)
}

// exemptKey ends with a colon: what begins with it is about this one alone.
func exemptKey(exemptionID int64) string { return "exempt:" + id(exemptionID) + ":" }

// tellExempt tells the member, as the consequence of another's act.
func tellExempt(tx *store.Tx, e models.Exemption) error {
	_, err := tx.Enqueue(models.Message{TenantID: e.TenantID, Key: exemptKey(e.ID), Kind: models.MessageExempt, SubjectID: e.ID, PersonID: e.PersonID,
		Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait})
	return err
}

// tellExemptOver tells the member that it was taken back: who read that nothing
// is asked of them might rely on it, so that is a new message; who has not been
// told hears of neither.
func tellExemptOver(tx *store.Tx, e models.Exemption) error {
	m, err := tx.MessageByKey(e.TenantID, exemptKey(e.ID))
	if ignoreMissing(err) != nil {
		return err
	}
	if m.Shown == 0 && m.State != models.MessageSending {
		_, err := tx.CancelMessages(e.TenantID, exemptKey(e.ID))
		return err
	}
	if err := tx.Touch(e.TenantID, exemptKey(e.ID)); err != nil {
		return err
	}
	if err := tx.Rekey(e.TenantID, exemptKey(e.ID), "was:"+exemptKey(e.ID)); err != nil {
		return err
	}
	return tellExempt(tx, e)
}

func (s *Services) exemptShown(tx *store.Tx, t models.Tenant, e models.Exemption) (out ExemptShown, err error) {
	out = ExemptShown{Tenant: t, Exemption: e, Now: tx.Now}
	if out.Person, err = tx.Person(e.PersonID); err != nil {
		return out, err
	}
	by := e.GivenBy
	if e.State == models.ExemptionEnded {
		by = e.EndedBy
	}
	if out.By, err = tx.Person(by); ignoreMissing(err) != nil {
		return out, err
	}
	out.Account, err = s.yearOfPerson(tx, t, out.Person, e.Year)
	return out, err
}

// ExemptMessage is what the member's message about an exemption is rendered
// from.
func (s *Services) ExemptMessage(ctx context.Context, m models.Message) (out ExemptShown, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Tenant(m.TenantID)
		if err != nil {
			return err
		}
		e, err := tx.Exemption(m.TenantID, m.SubjectID)
		if err != nil {
			return err
		}
		out, err = s.exemptShown(tx, t, e)
		return err
	})
	return out, err
}

// ExemptForm says who may be excused by the actor, for the form.
func (s *Services) ExemptForm(ctx context.Context, act Act) (t models.Tenant, now models.Instant, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		t, now = me.Tenant, tx.Now
		if !me.Rights.Leader(0) {
			return s.refuseOrganizer(tx, me)
		}
		return nil
	})
	return t, now, err
}

// excusedNow is the part of somebody's account that says for which days of this
// year they are excused: no hours.
func excusedNow(tx *store.Tx, t models.Tenant, p models.Person) (y models.YearAccount, err error) {
	y.PersonID, y.Full = p.ID, models.StudyTarget(t, p.Duty)
	y.Year, _ = models.YearOfInstant(tx.Now, t.Location())
	list, err := tx.Exemptions(t.ID, y.Year, store.YearWho{PersonID: p.ID})
	y.Free = models.FreeDays(y.Year, list[p.ID])
	y.Target, y.Exempt = models.TargetAfter(y.Full, y.Year, y.Free)
	return y, err
}

// Excused says for which days of this year the actor is excused.
func (s *Services) Excused(ctx context.Context, act Act) (y models.YearAccount, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if me.Person.ID == 0 {
			return nil
		}
		y, err = excusedNow(tx, me.Tenant, me.Person)
		return err
	})
	return y, err
}
