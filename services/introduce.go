package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

// introduceLease covers the moment in which somebody waits for an introduction;
// after it the background takes the lookup.
const introduceLease = 10 * time.Second

// Unknown is what has to be read from Slack before an act can be decided: who
// acts when Slack was never asked about them, and of the channels those never
// read and the private ones the bot is not known to be in. The lookups are in
// the caller's hands.
func (s *Services) Unknown(ctx context.Context, act Act, channels []string) ([]models.Lookup, error) {
	wanted := false
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		wanted = act.User != "" && me.Person.KnownAt == 0
		for _, id := range channels {
			c, err := tx.ChannelBySlack(me.Tenant.ID, id)
			if err := ignoreMissing(err); err != nil {
				return err
			}
			wanted = wanted || err != nil || hidden(c) || !c.BotIn
		}
		return nil
	})
	if err != nil || !wanted {
		return nil, err
	}
	var rows []models.Lookup
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		me, err := s.actor(tx, act, true)
		if err != nil {
			return err
		}
		take := func(kind, ref string) error {
			row, err := tx.TakeLookup(models.Lookup{TenantID: me.Tenant.ID, Kind: kind, Ref: ref}, introduceLease)
			rows = append(rows, row)
			return err
		}
		if act.User != "" && me.Person.KnownAt == 0 {
			if err := take(models.LookupPerson, act.User); err != nil {
				return err
			}
		}
		for _, id := range channels {
			c, err := tx.EnsureChannel(me.Tenant.ID, id)
			if err != nil {
				return err
			}
			if !hidden(c) && c.BotIn {
				continue
			}
			if err := take(models.LookupMembers, id); err != nil {
				return err
			}
		}
		return nil
	})
	return rows, err
}

// hidden says whether a card might not get into a channel: nothing is known of
// it, or it is private and the bot was not there when last looked.
func hidden(c models.Channel) bool { return c.MembersAt == 0 || c.Private && !c.BotIn }

// turnAway takes the places of somebody who turned out to be a guest only after
// signing up, because Slack did not answer in time.
func (s *Services) turnAway(tx *store.Tx, p models.Person) error {
	rows, err := tx.ActiveSignups(p.TenantID, p.ID, tx.Now)
	if err != nil {
		return fmt.Errorf("places of a guest: %w", err)
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
		if err := errors.Join(d.Leave(su), d.finish(models.By{TenantID: t.ID, Action: "signup_guest"})); err != nil {
			return err
		}
	}
	return nil
}
