package services

import (
	"errors"
	"fmt"
	"slices"

	"muster/models"
	"muster/store"
)

// listener is one who is told that somebody is missing or calls for help.
type listener struct {
	id int64
	as string
}

// alarm tells those whose turn it is: the organizer and the buddies on site
// first, then the admins; a call for help goes to all of them at once. An
// organizer who is missing cannot be the one who looks: then the admins are
// told in their place.
func (d *desk) alarm(l models.Loop, t *models.Tick, help bool) error {
	organizer, buddies, err := d.near(l, t)
	if err != nil {
		return err
	}
	admins, err := d.adminsFor(t)
	if err != nil {
		return err
	}
	var told []listener
	switch {
	case help:
		told = append(append(organizer, buddies...), admins...)
	case t.Stage >= models.TickAdmins:
		told = admins
	case len(organizer) == 0:
		told = append(admins, buddies...)
	default:
		told = append(organizer, buddies...)
	}
	return d.sound(t, told)
}

// sound sends the alarm of a tick with a sound to some, each once.
func (d *desk) sound(t *models.Tick, told []listener) error {
	seen := map[int64]bool{}
	for _, one := range told {
		if seen[one.id] {
			continue
		}
		seen[one.id] = true
		m := d.safeMessage(alarmKey(t.ID, one.id), models.MessageAlarm, t.ID, one.id).WithArgs(models.AlarmArgs{As: one.as})
		if err := d.replace(m, true); err != nil {
			return err
		}
	}
	return nil
}

// helpAgain sounds a call for help again that nobody has dealt with: to the
// organizer and the admins, or to the one who said that they see to it. A drill
// is not worth a second alarm.
func (d *desk) helpAgain(l models.Loop, t *models.Tick) error {
	if d.Call.Drill || d.Now < t.HelpAgain(d.Call.SafetyMin) {
		return nil
	}
	t.AgainAt = d.Now
	if err := d.saveTick(models.By{TenantID: d.tenant.ID, Action: "safe_again"}, t); err != nil {
		return err
	}
	told, err := d.whoMayAct(l, t)
	if err != nil {
		return err
	}
	if t.OnBy != 0 {
		told = slices.DeleteFunc(told, func(one listener) bool { return one.id != t.OnBy })
		if len(told) == 0 && !d.person(t.OnBy).Gone {
			told = append(told, listener{t.OnBy, models.AlarmOrganizer})
		}
	}
	return d.sound(t, told)
}

// missedAgain tells the organizer and the admins again that somebody is missing
// whom nobody has reached.
func (d *desk) missedAgain(l models.Loop, t *models.Tick) error {
	if d.Call.Drill {
		return nil
	}
	told, err := d.whoMayAct(l, t)
	return errors.Join(err, d.sound(t, told))
}

// whoMayAct are the organizer and the admins.
func (d *desk) whoMayAct(l models.Loop, t *models.Tick) ([]listener, error) {
	organizer, _, err := d.near(l, t)
	if err != nil {
		return nil, err
	}
	admins, err := d.adminsFor(t)
	return append(organizer, admins...), err
}

// standDown tells those who were alarmed by a call for help, and may be on
// their way, that it is over; by knows.
func (d *desk) standDown(t *models.Tick, by int64) error {
	alarms, err := d.tx.SentUnder(d.tenant.ID, alarmPrefix(t.ID))
	if err != nil {
		return fmt.Errorf("alarms of tick %d: %w", t.ID, err)
	}
	for _, old := range alarms {
		if old.PersonID == by || old.Key != alarmKey(t.ID, old.PersonID) {
			continue
		}
		args := models.AlarmArgs{Over: true}
		m := d.safeMessage(old.Key, models.MessageAlarm, t.ID, old.PersonID).WithArgs(args)
		if err := d.replace(m, true); err != nil {
			return err
		}
	}
	return nil
}

// near are the call's organizer, unless it is them, they have left or they
// organize no more, and the buddies who are out there too.
func (d *desk) near(l models.Loop, t *models.Tick) (organizer, buddies []listener, err error) {
	if creator := d.person(d.Call.CreatorID); creator.ID != t.PersonID && !creator.Gone {
		rights, err := d.svc.rights(d.tx, d.tenant, creator)
		if err != nil {
			return nil, nil, err
		}
		if manages(rights, *d.Call) {
			organizer = append(organizer, listener{creator.ID, models.AlarmOrganizer})
		}
	}
	pairs, err := d.tx.BuddiesOf(d.Call.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("buddies of call %d: %w", d.Call.ID, err)
	}
	for _, b := range models.BuddiesAmong(pairs, t.PersonID) {
		if l.Out(b.PersonID) != nil {
			buddies = append(buddies, listener{b.PersonID, models.AlarmBuddy})
		}
	}
	return organizer, buddies, nil
}

// adminsFor are the admins, or where there is none but the person, the
// organizers: somebody must look.
func (d *desk) adminsFor(t *models.Tick) ([]listener, error) {
	for _, role := range []string{models.RoleAdmin, models.RoleOrganizer} {
		people, err := d.svc.holders(d.tx, d.tenant, role)
		if err != nil {
			return nil, err
		}
		var out []listener
		for _, p := range people {
			if p.ID != 0 && p.ID != t.PersonID {
				out = append(out, listener{p.ID, models.AlarmAdmin})
			}
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	return nil, nil
}

// alarmAgain sends an open alarm anew that Slack gave up on: a fault of its own
// must not be why nobody comes.
func (d *desk) alarmAgain(l models.Loop, t *models.Tick) error {
	_, buddies, err := d.near(l, t)
	if err != nil {
		return err
	}
	admins, err := d.adminsFor(t)
	if err != nil {
		return err
	}
	for _, one := range append(append(buddies, admins...), listener{d.Call.CreatorID, models.AlarmOrganizer}) {
		m, err := d.tx.MessageByKey(d.tenant.ID, alarmKey(t.ID, one.id))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("alarm of tick %d: %w", t.ID, err)
		}
		if m.State == models.MessageDead {
			again := d.safeMessage(m.Key, models.MessageAlarm, t.ID, one.id)
			again.Args = m.Args
			if err := d.replace(again, true); err != nil {
				return err
			}
		}
	}
	return nil
}
