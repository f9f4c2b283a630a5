package services

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"muster/models"
	"muster/store"
)

// HoursBook is the actor's own ledgers of a year; 0 = this one.
func (s *Services) HoursBook(ctx context.Context, act Act, year int) (models.HoursBook, error) {
	var book models.HoursBook
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		zone := me.Tenant.Location()
		book = models.HoursBook{Tenant: me.Tenant, Person: me.Person, Now: tx.Now, Year: models.PeriodOf(models.PeriodYear, tx.Now, zone)}
		if year != 0 {
			book.Year = models.YearSpan(year, zone)
		}
		if me.Person.ID == 0 {
			return nil
		}
		rows, err := tx.HoursOf(me.Tenant.ID, me.Person.ID, book.Year.Start, book.Year.End)
		if err != nil {
			return fmt.Errorf("own hours: %w", err)
		}
		for _, h := range rows {
			switch h.State {
			case models.HoursCounted:
				book.Counted += h.Minutes
			case models.HoursPending, models.HoursContested:
				book.Waiting += h.Minutes
			}
			shown, err := s.hourShown(tx, me.Tenant, h)
			if err != nil {
				return err
			}
			book.Rows = append(book.Rows, shown)
		}
		if book.Ever, err = tx.MinutesOf(me.Tenant.ID, me.Person.ID, 0, math.MaxInt64); err != nil {
			return err
		}
		book.Stars = me.Tenant.Stars(book.Ever)
		book.Study, err = tx.StudyMinutes(me.Person.ID, book.Year.Start, book.Year.End)
		return err
	})
	return book, err
}

// hourShown is a row with what it is about.
func (s *Services) hourShown(tx *store.Tx, t models.Tenant, h models.Hour) (models.HourShown, error) {
	out := models.HourShown{Hour: h}
	var err error
	if out.Call, err = tx.Call(t.ID, h.CallID); err != nil {
		return out, fmt.Errorf("call of hours %d: %w", h.ID, err)
	}
	su, err := tx.Signup(t.ID, h.SignupID)
	if err != nil {
		return out, fmt.Errorf("sign-up of hours %d: %w", h.ID, err)
	}
	if out.Shift, err = tx.Shift(t.ID, su.ShiftID); err != nil {
		return out, fmt.Errorf("shift of hours %d: %w", h.ID, err)
	}
	people, err := tx.PersonsByIDs([]int64{h.PersonID, h.EnteredBy, h.ApprovedBy, h.DecidedBy})
	if err != nil {
		return out, fmt.Errorf("people of hours %d: %w", h.ID, err)
	}
	out.Person, out.EnteredBy = people[h.PersonID], people[h.EnteredBy]
	out.By = people[max(h.ApprovedBy, h.DecidedBy)]
	if h.DecidedBy != 0 {
		out.By = people[h.DecidedBy]
	}
	day, err := tx.HoursOnDays(t.ID, h.PersonID, []models.Instant{h.Day})
	out.Total = h.Total(day)
	return out, err
}

// HourAsked is a row as the one who is asked about it sees it.
func (s *Services) HourAsked(ctx context.Context, m models.Message) (models.HourShown, error) {
	var out models.HourShown
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Tenant(m.TenantID)
		if err != nil {
			return err
		}
		h, err := tx.Hour(t.ID, m.SubjectID)
		if err != nil {
			return err
		}
		if out, err = s.hourShown(tx, t, h); err != nil {
			return err
		}
		to, err := s.secondPersons(tx, t, h)
		out.May = h.AwaitsOther() && slices.Contains(to, m.PersonID)
		return err
	})
	return out, err
}

// SayOfHours is the second person's, or an admin's, word about somebody's
// hours that wait for it; yes = they count.
func (s *Services) SayOfHours(ctx context.Context, act Act, id int64, yes bool) (models.HourShown, error) {
	action := map[bool]string{true: "hours_approve", false: "hours_refuse"}[yes]
	return s.ofHour(ctx, act, id, func(tx *store.Tx, me Actor, h *models.Hour) error {
		if !h.AwaitsOther() {
			return models.Refuse(models.CodeConflict, "hours.settled")
		}
		day, err := tx.HoursOnDays(me.Tenant.ID, h.PersonID, []models.Instant{h.Day})
		if err != nil {
			return err
		}
		if yes {
			h.ApprovedMin, h.ApprovedBy, h.ConfirmedBy, h.ConfirmedAt = h.Total(day), me.Person.ID, me.Person.ID, tx.Now
		} else {
			h.Verdict, h.DecidedBy, h.DecidedAt = models.VerdictRefused, me.Person.ID, tx.Now
		}
		return s.saidOfHour(tx, me.By(action), me.Tenant, *h, day)
	})
}

// DecideHours settles hours that the person contests: what the roll says
// counts, or nothing does. Who entered them does not decide.
func (s *Services) DecideHours(ctx context.Context, act Act, id int64, counts bool) (models.HourShown, error) {
	return s.ofHour(ctx, act, id, func(tx *store.Tx, me Actor, h *models.Hour) error {
		if h.State != models.HoursContested {
			return models.Refuse(models.CodeConflict, "hours.settled")
		}
		h.DecidedBy, h.DecidedAt, h.Verdict = me.Person.ID, tx.Now, models.VerdictRefused
		if counts {
			h.Verdict = models.VerdictCounts
		}
		day, err := tx.HoursOnDays(me.Tenant.ID, h.PersonID, []models.Instant{h.Day})
		if err != nil {
			return err
		}
		return s.saidOfHour(tx, me.By("hours_decide"), me.Tenant, *h, day)
	})
}

// saidOfHour writes the row somebody spoke about and settles its day anew.
func (s *Services) saidOfHour(tx *store.Tx, by models.By, t models.Tenant, h models.Hour, day []models.Hour) error {
	if err := tx.Save(by, &h); err != nil {
		return fmt.Errorf("save what was said of hours %d: %w", h.ID, err)
	}
	for i := range day {
		if day[i].ID == h.ID {
			day[i] = h
		}
	}
	if err := s.keepHours(tx, by, t, models.SettleHours(0, nil, day)); err != nil {
		return err
	}
	if err := tx.TouchPrefix(t.ID, fmt.Sprintf("hours:approve:%d:", h.ID)); err != nil {
		return err
	}
	return s.tellHours(tx, t, h)
}

// ofHour runs somebody's word about another's hours, if they may give it.
func (s *Services) ofHour(ctx context.Context, act Act, id int64, fn func(*store.Tx, Actor, *models.Hour) error) (models.HourShown, error) {
	var out models.HourShown
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		h, err := tx.Hour(me.Tenant.ID, id)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeForbidden, "error.not_yours")
		}
		if err != nil {
			return err
		}
		may, err := s.maySayOf(tx, me, h)
		if err != nil {
			return err
		}
		if !may {
			return models.Refuse(models.CodeForbidden, "hours.not_you")
		}
		if err := fn(tx, me, &h); err != nil {
			return err
		}
		if h, err = tx.Hour(me.Tenant.ID, id); err != nil {
			return err
		}
		out, err = s.hourShown(tx, me.Tenant, h)
		return err
	})
	return out, err
}

// maySayOf says whether somebody may say a word about another's hours: asked
// for approval, the second person or an admin; contested, who runs the call as
// well. Never their own, and never what they entered.
func (s *Services) maySayOf(tx *store.Tx, me Actor, h models.Hour) (bool, error) {
	if me.Person.ID == 0 || me.Person.ID == h.PersonID || me.Person.ID == h.EnteredBy {
		return false, nil
	}
	if me.Rights.Admin() {
		return true, nil
	}
	if h.State == models.HoursContested {
		c, err := tx.Call(me.Tenant.ID, h.CallID)
		if err != nil || mayRoll(me.Rights, c) {
			return err == nil, err
		}
	}
	to, err := s.secondPersons(tx, me.Tenant, h)
	return slices.Contains(to, me.Person.ID), err
}
