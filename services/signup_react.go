package services

import (
	"context"

	"muster/models"
)

// ReactToCall takes an emoji on a call's card. It signs up where exactly one
// (shift, role) is open; a reaction never chooses.
func (s *Services) ReactToCall(ctx context.Context, act Act, callID int64, emoji string) (Heard, error) {
	var out Heard
	var su *models.Signup
	sheet, err := s.signupQuick(ctx, act, ofCall(callID), "signup_join", func(d *desk, me Actor) error {
		if err := d.mayVolunteer(me); err != nil {
			return err
		}
		if err := d.tx.React(models.Reacted{TenantID: d.tenant.ID, CallID: d.Call.ID, PersonID: me.Person.ID, Emoji: emoji}); err != nil {
			return err
		}
		w := models.Wish{How: models.ByReaction}
		switch mine := d.Mine(me.Person.ID); {
		case len(mine) == 1 && mine[0].State == models.SignupOffered:
			w.RoleID = mine[0].RoleID
		case len(mine) > 0:
			return nil // a second emoji of somebody who is in
		default:
			choose := d.choices(me.Person.ID, Said{})
			if err := d.TakesSignups(); err != nil {
				return err
			}
			if out.Guests = -1; len(choose) != 1 {
				out.What, out.Choose = HeardChoose, choose
				return nil
			}
			w.RoleID = choose[0].ID
		}
		var err error
		out.What = HeardJoined
		su, out.Joining.Outcome, err = d.join(me.Person, w)
		return err
	})
	if err != nil {
		return out, err
	}
	out.Sheet, out.Joining = sheet, out.Joining.of(sheet, su)
	return out, nil
}

// UnreactToCall takes an emoji away. With the last of them goes a sign-up that
// was made by reaction, and no other.
func (s *Services) UnreactToCall(ctx context.Context, act Act, callID int64, emoji string) (Heard, error) {
	var out Heard
	sheet, err := s.signupQuick(ctx, act, ofCall(callID), "signup_leave", func(d *desk, me Actor) error {
		left, err := d.tx.Unreact(d.Call.ID, me.Person.ID, emoji)
		if err != nil || left > 0 {
			return err
		}
		for _, su := range d.Mine(me.Person.ID) {
			if su.How != models.ByReaction || !su.Upcoming() || !d.Call.Live() {
				continue
			}
			if err := d.Leave(su); err != nil {
				return err
			}
			out.What, out.Left = HeardLeft, append(out.Left, su)
		}
		return nil
	})
	out.Sheet = sheet
	return out, err
}
