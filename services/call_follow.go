package services

import (
	"muster/models"
	"muster/store"
)

// Where the features of a call meet, each in the file of its name.

// follows is what else a decision about a call brings with it, once the board
// has settled and is saved: questions close, ticks begin, places change hands.
func (d *desk) follows() []func(models.By) error {
	return []func(models.By) error{d.askFollows, d.onsiteFollows, d.hoursFollows, d.safetyFollows, d.handoverFollows, d.drillFollows, d.fewerFollows}
}

// gathers load what a sheet shows beyond the board and its people.
func (s *Services) gathers() []func(*store.Tx, Actor, *models.Sheet) error {
	return []func(*store.Tx, Actor, *models.Sheet) error{s.gatherAsks, s.gatherOnsite, s.gatherSafety, s.gatherReach, s.gatherHandover, s.gatherHours}
}

// dispatchDues are the rules of these features that act when their time has come.
func (s *Services) dispatchDues() []map[models.DueKind]dueFunc {
	return []map[models.DueKind]dueFunc{s.askDues(), s.onsiteDues(), s.safetyDues(), s.reachDues(), s.handoverDues(), s.drillDues()}
}
