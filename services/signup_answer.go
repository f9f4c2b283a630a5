package services

import (
	"context"
	"errors"

	"muster/models"
	"muster/store"
)

// FileAnswer settles a conditional or unclear answer by the organizer's press:
// take gives the person a place, in roleID or (0) in the one it can mean; else
// the answer is only put aside. What it meant is asked with HeardChoose.
func (s *Services) FileAnswer(ctx context.Context, act Act, answerID int64, take bool, roleID int64) (Heard, error) {
	var out Heard
	var filed models.Answer
	var su *models.Signup
	find := func(tx *store.Tx, me Actor) (int64, error) {
		var err error
		filed, err = tx.Answer(me.Tenant.ID, answerID)
		if errors.Is(err, store.ErrNotFound) {
			return 0, models.Refuse(models.CodeNotFound, "error.answer_gone")
		}
		return filed.CallID, err
	}
	sheet, err := s.signup(ctx, act, find, "answer_file", func(d *desk, me Actor) error {
		if !manages(me.Rights, *d.Call) {
			return s.refuseManager(d.tx, me, *d.Call)
		}
		if filed.Settled {
			return models.Refuse(models.CodeConflict, "error.answer_gone")
		}
		d.answered = true
		if take {
			choose, err := d.fileInto(filed, roleID)
			if err != nil {
				return err
			}
			if len(choose) > 1 {
				out.What, out.Choose, out.Guests = HeardChoose, choose, filed.Guests
				return nil
			}
			out.What = HeardJoined
			w := models.Wish{RoleID: choose[0].ID, Guests: filed.Guests, How: models.ByOrganizer}
			if su, out.Joining.Outcome, err = d.join(d.person(filed.PersonID), w); err != nil {
				return err
			}
		}
		filed.Settled, filed.FiledBy = true, me.Person.ID
		return d.tx.Save(me.By("answer_file"), &filed)
	})
	if err != nil {
		return out, err
	}
	out.Sheet, out.Joining, out.Text, out.By = sheet, out.Joining.of(sheet, su), filed.Text, filed.PersonID
	return out, nil
}

// fileInto are the (shift, role)s an answer can be filed into.
func (d *desk) fileInto(a models.Answer, roleID int64) ([]*models.Role, error) {
	if roleID != 0 {
		if r := d.Role(roleID); r != nil {
			return []*models.Role{r}, nil
		}
		return nil, models.Refuse(models.CodeNotFound, "error.role_gone")
	}
	if role, err := d.askedRole(a.PersonID); role != nil || err != nil {
		return []*models.Role{role}, err
	}
	choose := d.choices(a.PersonID, Said{})
	if len(choose) == 0 {
		if err := d.TakesSignups(); err != nil {
			return nil, err
		}
		return nil, models.Refuse(models.CodeConflict, "error.answer_placed")
	}
	return choose, nil
}
