package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// Unknown is what has to be read from Slack before an act can be decided: who
// acts when Slack was never asked about them, and of the channels those never
// read and the private ones the bot is not known to be in. Nothing is written:
// the lookups have no row, and are made up for by what is learnt.
func (s *Services) Unknown(ctx context.Context, act Act, channels []string) ([]models.Lookup, error) {
	var rows []models.Lookup
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if me.Tenant.ID == 0 { // nobody has installed us there yet
			return nil
		}
		if act.User != "" && me.Person.KnownAt == 0 {
			rows = append(rows, models.Lookup{TenantID: me.Tenant.ID, Kind: models.LookupPerson, Ref: act.User})
		}
		for _, id := range channels {
			c, err := tx.ChannelBySlack(me.Tenant.ID, id)
			if ignoreMissing(err) != nil {
				return err
			}
			if err != nil || hidden(c) {
				rows = append(rows, models.Lookup{TenantID: me.Tenant.ID, Kind: models.LookupMembers, Ref: id})
			}
		}
		return nil
	})
	return rows, err
}

// hidden says whether a card might not get into a channel: nothing is known of
// it, or it is private and the bot was not there when last looked.
func hidden(c models.Channel) bool { return c.MembersAt == 0 || c.Private && !c.BotIn }

// turnAway takes the places ahead of somebody who turned out to be a guest only
// after signing up, because Slack did not answer in time, or whose account was
// deactivated: nobody can reach them any more, and others wait.
func (s *Services) turnAway(tx *store.Tx, p models.Person) error {
	rows, err := tx.ActiveSignups(p.TenantID, p.ID, tx.Now)
	if err != nil {
		return fmt.Errorf("places of person %d: %w", p.ID, err)
	}
	t, err := tx.Tenant(p.TenantID)
	if err != nil {
		return err
	}
	for _, row := range rows {
		d, err := s.desk(tx, t, row.CallID)
		if err != nil {
			return err
		}
		su := d.Signup(row.ID)
		if !su.Upcoming() || !d.Call.Live() {
			continue
		}
		welcome, err := guestsWelcome(tx, *d.Call)
		if err != nil {
			return err
		}
		if welcome && !p.Gone {
			continue
		}
		by := models.By{TenantID: t.ID, Action: "signup_guest"}
		if p.Gone {
			by.Action = "signup_gone"
		}
		if err := errors.Join(d.Leave(su), d.finish(by)); err != nil {
			return err
		}
	}
	return nil
}
