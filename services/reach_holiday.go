package services

import (
	"muster/models"
	"muster/store"
)

// holidayReaches asks whether an own day may move sessions of which members
// were told.
func (s *Services) holidayReaches(tx *store.Tx, me Actor, c OrgDayChange) (ok bool, r models.Reach, err error) {
	var moved, off []int64
	var first models.Instant
	for _, m := range c.Moved {
		o := m.Change.After
		at := min(o.Start, m.Change.Before.Start)
		if first == 0 || at < first {
			first = at
		}
		if o.Off() {
			off = append(off, o.ID)
		} else if o.Start != m.Change.Before.Start {
			moved = append(moved, o.ID)
		}
	}
	people, err := tx.ToldOfStudy(moved, false)
	if err != nil {
		return false, r, err
	}
	coming, err := tx.ToldOfStudy(off, true)
	if people = append(people, coming...); err != nil || len(people) == 0 {
		return true, r, err
	}
	return s.reach(tx, me, reachPlan{Kind: models.ReachHoliday, RefID: c.Day.ID, People: people, Args: orgDayAct{Day: c.Day},
		Soon: soonFor(me.Tenant, tx.Now, first)})
}

func (s *Services) holidayReached(tx *store.Tx, me Actor, r models.Reach, _ []int64) error {
	what, err := readArgs[orgDayAct](r)
	if err != nil {
		return err
	}
	_, err = s.changeOrgDay(tx, me, what.Day, true)
	return err
}
