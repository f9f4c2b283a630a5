package services

import (
	"muster/models"
	"muster/store"
)

// giveLeaders adds who gave the most of those who agreed to be named. A day is
// too short to compare.
func giveLeaders(tx *store.Tx, tenantID int64, units []int64, sum *models.Summary) error {
	if sum.Period.Kind == models.PeriodDay {
		return nil
	}
	all, err := tx.AgreedHours(tenantID, sum.Period, units)
	if err != nil {
		return err
	}
	sum.Leaders, sum.LeadersTied = models.Leaders(all)
	return nil
}

// nameLeaders finds who of a summary's leaders may still be named: whoever
// left, was forgotten or no longer agrees is not.
func nameLeaders(tx *store.Tx, out *SummaryShown) error {
	var ids []int64
	for _, l := range out.Now.Leaders {
		ids = append(ids, l.PersonID)
	}
	people, err := tx.PersonsByIDs(ids)
	if err != nil {
		return err
	}
	out.Leaders = map[int64]models.Person{}
	for id, p := range people {
		if p.Leaderboard && !p.Gone {
			out.Leaders[id] = p
		}
	}
	return nil
}
