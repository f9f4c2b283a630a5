package services

import (
	"context"
	"fmt"
	"math"

	"muster/models"
	"muster/store"
)

// tellHours tells somebody what was decided about their hours, and edits what
// those who were told of a contest have.
func (s *Services) tellHours(tx *store.Tx, t models.Tenant, h models.Hour) error {
	if err := tx.TouchPrefix(t.ID, fmt.Sprintf("contest:%d:", h.SignupID)); err != nil {
		return err
	}
	for _, key := range []string{signupKey(h.CallID, h.PersonID), cardKey(h.CallID)} {
		if err := tx.Touch(t.ID, key); err != nil {
			return err
		}
	}
	_, err := tx.Enqueue(models.Message{TenantID: t.ID, Key: fmt.Sprintf("hours:told:%d:%d", h.ID, tx.Now), Kind: models.MessageHoursTold,
		SubjectID: h.ID, PersonID: h.PersonID, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait})
	return err
}

// HoursContested are the hours that a person contests of the call that the
// message is about, as its reader sees them. The press is checked again: May
// only says who has buttons.
func (s *Services) HoursContested(ctx context.Context, m models.Message, personID int64) ([]models.HourShown, error) {
	var out []models.HourShown
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Tenant(m.TenantID)
		if err != nil {
			return err
		}
		rows, err := tx.ContestedHours(t.ID, m.SubjectID, personID)
		if err != nil {
			return fmt.Errorf("contested hours: %w", err)
		}
		for _, h := range rows {
			shown, err := s.hourShown(tx, t, h)
			if err != nil {
				return err
			}
			shown.May = h.State == models.HoursContested && m.PersonID != h.PersonID && m.PersonID != h.EnteredBy
			out = append(out, shown)
		}
		return nil
	})
	return out, err
}

// myHours adds what the person's volunteer ledger comes to.
func (s *Services) myHours(tx *store.Tx, me Actor, o *models.Overview) error {
	b := models.HoursBook{Tenant: me.Tenant, Person: me.Person, Now: tx.Now, Year: models.PeriodOf(models.PeriodYear, tx.Now, me.Tenant.Location())}
	if me.Person.ID == 0 {
		o.Hours = b
		return nil
	}
	rows, err := tx.HoursOf(me.Tenant.ID, me.Person.ID, b.Year.Start, b.Year.End)
	if err != nil {
		return fmt.Errorf("own hours: %w", err)
	}
	for _, h := range rows {
		switch h.State {
		case models.HoursCounted:
			b.Counted += h.Minutes
		case models.HoursPending, models.HoursContested:
			b.Waiting += h.Minutes
		}
	}
	if b.Ever, err = tx.MinutesOf(me.Tenant.ID, me.Person.ID, 0, math.MaxInt64); err != nil {
		return err
	}
	b.Stars = me.Tenant.Stars(b.Ever)
	o.Hours = b
	return nil
}

// gatherHours puts the ledger of a call onto its sheet, once there is any.
func (s *Services) gatherHours(tx *store.Tx, _ Actor, sh *models.Sheet) error {
	for _, su := range sh.Signups {
		if su.RollAt == 0 {
			continue
		}
		var err error
		if sh.Hours, err = tx.HoursOfCall(sh.Call.ID); err != nil {
			return fmt.Errorf("hours of call %d: %w", sh.Call.ID, err)
		}
		return nil
	}
	return nil
}
