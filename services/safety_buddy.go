package services

import (
	"fmt"

	"muster/models"
	"muster/store"
)

// dueBuddies is when the buddies of a shift are named: a day before it.
const dueBuddies models.DueKind = "call_buddies"

// pairInTime names the buddies of a call whose time has come.
func (s *Services) pairInTime(tx *store.Tx, due models.Due) error {
	t, err := tx.Tenant(due.TenantID)
	if err != nil {
		return fmt.Errorf("tenant of what is due: %w", err)
	}
	d, err := s.desk(tx, t, due.RefID)
	if models.CodeOf(err) == models.CodeNotFound {
		return nil
	}
	if err != nil || !d.Call.Live() {
		return err
	}
	if err := d.buddiesFollow(models.By{TenantID: t.ID, Action: "call_buddies"}); err != nil {
		return err
	}
	return d.fault
}

// buddiesFollow keeps the pairs of a call's shifts in step with who comes: from
// a day before a shift, or as soon as it is full. Whose buddy is another one
// sees it in their own message.
func (d *desk) buddiesFollow(by models.By) error {
	if !d.Call.Buddy && !d.dirty || !d.dirty && len(d.Changed()) == 0 && by.Action != "call_buddies" {
		return nil
	}
	have, err := d.tx.BuddiesOf(d.Call.ID)
	if err != nil {
		return fmt.Errorf("buddies of call %d: %w", d.Call.ID, err)
	}
	prefix := fmt.Sprintf("buddies:%d:", d.Call.ID)
	if d.dirty {
		if _, err := d.tx.Unplan(d.tenant.ID, prefix); err != nil {
			return err
		}
	}
	moved := map[int64]bool{}
	for _, sh := range d.Shifts {
		if d.Call.Buddy && d.Call.Live() && sh.EndAt > d.Now && !d.PairsNow(sh) && sh.StartAt > d.Now {
			err := d.tx.Plan(models.Due{TenantID: d.tenant.ID, Key: fmt.Sprintf("%s%d", prefix, sh.ID), Kind: dueBuddies,
				RefID: d.Call.ID, DueAt: models.PairAt(*sh)})
			if err != nil {
				return err
			}
		}
		if err := d.pair(sh, have, moved); err != nil {
			return err
		}
	}
	for id := range moved {
		if err := d.tx.Touch(d.tenant.ID, signupKey(d.Call.ID, id)); err != nil {
			return err
		}
	}
	return nil
}

// pair brings the pairs of one shift up to date and notes whose changed.
func (d *desk) pair(sh *models.Shift, have []*models.Buddy, moved map[int64]bool) error {
	rows, teams := map[int64]*models.Buddy{}, map[int64]int{}
	for _, b := range have {
		if b.ShiftID == sh.ID {
			rows[b.PersonID], teams[b.PersonID] = b, b.Team
		}
	}
	if sh.EndAt <= d.Now || d.Call.State == models.CallDone {
		return nil // they are part of what was
	}
	want := map[int64]int{}
	if d.Call.Buddy && (len(teams) > 0 || d.PairsNow(sh)) {
		people, err := d.fellows(sh)
		if err != nil {
			return err
		}
		want = models.Pair(people, teams)
	}
	by := models.By{TenantID: d.tenant.ID, Action: "call_buddies"}
	for id, row := range rows {
		if want[id] == 0 {
			if err := d.tx.Remove(by, row); err != nil {
				return fmt.Errorf("part buddies: %w", err)
			}
			d.parted(id, row.Team, teams, moved)
		}
	}
	for _, su := range d.Signups {
		team := want[su.PersonID]
		if su.ShiftID != sh.ID || team == 0 || team == teams[su.PersonID] {
			continue
		}
		row := rows[su.PersonID]
		if row == nil {
			row = &models.Buddy{TenantID: d.tenant.ID, CallID: d.Call.ID, ShiftID: sh.ID, PersonID: su.PersonID}
		} else {
			d.parted(su.PersonID, row.Team, teams, moved)
		}
		row.Team, row.At = team, d.Now
		if err := d.tx.Save(by, row); err != nil {
			return fmt.Errorf("pair buddies: %w", err)
		}
		for id, other := range want {
			if other == team {
				moved[id] = true
			}
		}
	}
	return nil
}

// parted notes everybody of a team that somebody left.
func (d *desk) parted(personID int64, team int, teams map[int64]int, moved map[int64]bool) {
	moved[personID] = true
	for id, other := range teams {
		if other == team {
			moved[id] = true
		}
	}
}

// fellows are those with a place in a shift, with the shifts they have done.
func (d *desk) fellows(sh *models.Shift) ([]models.Fellow, error) {
	var ids []int64
	for _, su := range d.Signups {
		if su.ShiftID == sh.ID && (su.State == models.SignupConfirmed || su.State == models.SignupCheckedIn) {
			ids = append(ids, su.PersonID)
		}
	}
	past, err := d.tx.PastShifts(d.tenant.ID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]models.Fellow, len(ids))
	for i, id := range ids {
		out[i] = models.Fellow{PersonID: id, Past: past[id]}
	}
	return out, nil
}
