package services

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// What leaders are told of the year by themselves: who was long away, who may
// fall short. Once a day it is looked for whose leader there is something to
// say to; it is said in the leader's own time.

func (s *Services) yearDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{
		models.DueYearWatch:   s.dueYearWatch,
		models.DueYearAbsence: s.dueYearAbsence,
		models.DueYearShort:   s.dueYearShort,
	}
}

const watchKey = "year:watch"

// watchHour is when the day is looked at: before anybody's windows begin.
const watchHour = 5

// watchYear plans the daily look of an organisation that studies, unless it is
// planned.
func (s *Services) watchYear(tx *store.Tx, tenantID int64) error {
	_, err := tx.DueByKey(tenantID, watchKey)
	if err == nil || ignoreMissing(err) != nil {
		return err
	}
	t, err := tx.Tenant(tenantID)
	if err != nil {
		return err
	}
	return planWatch(tx, t)
}

func planWatch(tx *store.Tx, t models.Tenant) error {
	local := tx.Now.In(t.Location())
	day := time.Date(local.Year(), local.Month(), local.Day(), watchHour, 0, 0, 0, time.UTC)
	at, _ := models.LocalInstant(day, t.Location())
	if !at.After(tx.Now.Time()) {
		at, _ = models.LocalInstant(day.AddDate(0, 0, 1), t.Location())
	}
	return tx.Plan(models.Due{TenantID: t.ID, Key: watchKey, Kind: models.DueYearWatch, RefID: t.ID, DueAt: models.At(at)})
}

// dueYearWatch plans for today what units' leaders are to be told.
func (s *Services) dueYearWatch(tx *store.Tx, d models.Due) error {
	t, err := tx.Tenant(d.TenantID)
	if err != nil {
		return err
	}
	if err := planWatch(tx, t); err != nil {
		return err
	}
	tree, err := unitTree(tx, t.ID)
	if err != nil {
		return err
	}
	away, err := s.newlyAway(tx, t, tree, store.YearWho{})
	if err != nil {
		return err
	}
	month := models.ShortMonth(tx.Now, t.Location())
	for _, u := range tree.list {
		if len(away[u.ID]) > 0 {
			if err := s.planNote(tx, t, tree, u, models.DueYearAbsence, nil); err != nil {
				return err
			}
		}
		if month != "" {
			if err := s.planNote(tx, t, tree, u, models.DueYearShort, encode(models.ShortArgs{Month: month})); err != nil {
				return err
			}
		}
	}
	return nil
}

// planNote plans to tell a unit's leader something at their next time today.
func (s *Services) planNote(tx *store.Tx, t models.Tenant, tree tree, u models.Unit, kind models.DueKind, args json.RawMessage) error {
	leader, ok, err := s.noteTo(tx, tree, u)
	if err != nil || !ok {
		return err
	}
	times, err := s.timesOf(tx, t, leader)
	if err != nil {
		return err
	}
	at, ok := times.Next(tx.Now, tx.Now.Add(24*time.Hour))
	if !ok {
		at = tx.Now
	}
	return tx.Plan(models.Due{TenantID: t.ID, Key: string(kind) + ":" + id(u.ID), Kind: kind, RefID: u.ID, PersonID: leader.ID, DueAt: at, Args: args})
}

// noteTo is who is told about a unit: its leader, else the leader of the next
// unit above that has one; ok is false when there is nobody, or they do not
// want to be told now.
func (s *Services) noteTo(tx *store.Tx, tree tree, u models.Unit) (p models.Person, ok bool, err error) {
	for range unitDepth {
		if u.LeaderID != 0 {
			if p, err = tx.Person(u.LeaderID); ignoreMissing(err) != nil {
				return p, false, err
			}
			if err == nil && !p.Gone {
				return p, !p.OptedOut(models.OptOutLeader) && p.PauseUntil <= tx.Now, nil
			}
		}
		above, known := tree.byID[u.ParentID]
		if !known {
			break
		}
		u = above
	}
	return p, false, nil
}

// tree is an organisation's units, by id and in order.
type tree struct {
	list []models.Unit
	byID map[int64]models.Unit
}

func unitTree(tx *store.Tx, tenantID int64) (tree, error) {
	list, err := tx.Units(tenantID)
	t := tree{list: list, byID: make(map[int64]models.Unit, len(list))}
	for _, u := range list {
		t.byID[u.ID] = u
	}
	return t, err
}

// answersFor is the unit whose leader is told about a member: their own, for
// who leads it the one above.
func (t tree) answersFor(personID, unitID int64) int64 {
	u := t.byID[unitID]
	for range unitDepth {
		if u.LeaderID != personID {
			break
		}
		u = t.byID[u.ParentID]
	}
	return u.ID
}

// newlyAway are those who were long away and of whom nobody was told since, by
// the unit whose leader is to be told; units that were told this month wait.
func (s *Services) newlyAway(tx *store.Tx, t models.Tenant, tree tree, who store.YearWho) (map[int64][]models.Absence, error) {
	stages := t.AbsenceStages()
	if len(stages) == 0 {
		return nil, nil
	}
	all, err := s.away(tx, t, who)
	if err != nil {
		return nil, err
	}
	told, err := tx.StudyNotices(t.ID, models.NoticeAbsence)
	if err != nil {
		return nil, err
	}
	latest := map[int64]models.StudyNotice{}
	month := tx.Now.In(t.Location()).Format("2006-01")
	full := map[int64]bool{}
	for _, n := range told { // by time
		latest[n.PersonID] = n
		full[n.UnitID] = full[n.UnitID] || n.Month == month
	}
	out := map[int64][]models.Absence{}
	for _, a := range all {
		unit := tree.answersFor(a.PersonID, a.UnitID)
		n := latest[a.PersonID]
		if unit == 0 || full[unit] || n.At > a.Since && n.Stage >= a.Stage(stages, tx.Now) {
			continue
		}
		out[unit] = append(out[unit], a)
	}
	return out, nil
}

// away are the members who took part in nothing for longer than the first
// stage, though something was held for them, and who are not excused today.
func (s *Services) away(tx *store.Tx, t models.Tenant, who store.YearWho) ([]models.Absence, error) {
	list, err := tx.Absences(t.ID, who)
	if err != nil {
		return nil, err
	}
	today := tx.Now.In(t.Location())
	free, err := tx.Exemptions(t.ID, today.Year(), who)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(a models.Absence) bool {
		return a.Stage(t.AbsenceStages(), tx.Now) == 0 || slices.ContainsFunc(free[a.PersonID], func(e models.Exemption) bool {
			return e.Covers(today.Format(time.DateOnly))
		})
	}), nil
}

// dueYearAbsence tells a unit's leader who was long away, all in one message.
func (s *Services) dueYearAbsence(tx *store.Tx, d models.Due) error {
	t, tree, u, leader, ok, err := s.noteDue(tx, d)
	if err != nil || !ok {
		return err
	}
	away, err := s.newlyAway(tx, t, tree, tree.near(u))
	if err != nil {
		return err
	}
	var args models.AbsenceArgs
	month := tx.Now.In(t.Location()).Format("2006-01")
	for _, a := range away[u.ID] {
		if a.PersonID == leader.ID {
			continue // themselves, where nobody leads the unit above: `me` has it
		}
		args.People = append(args.People, a.PersonID)
		err := tx.KeepNotice(models.StudyNotice{TenantID: t.ID, UnitID: u.ID, Kind: models.NoticeAbsence, PersonID: a.PersonID,
			Stage: a.Stage(t.AbsenceStages(), tx.Now), Month: month, At: tx.Now})
		if err != nil {
			return err
		}
	}
	if len(args.People) == 0 {
		return nil
	}
	return sendNote(tx, t, u, leader, models.MessageYearAbsence, "year_absence:"+id(u.ID)+":"+month, args)
}

// near are the members of a unit and of those right below it, whose leaders
// are among those it answers for.
func (t tree) near(u models.Unit) store.YearWho {
	who := store.YearWho{Units: []int64{u.ID}}
	for _, v := range t.list {
		if v.ParentID == u.ID {
			who.Units = append(who.Units, v.ID)
		}
	}
	return who
}

// dueYearShort tells a unit's leader who may fall short of the year's target.
func (s *Services) dueYearShort(tx *store.Tx, d models.Due) error {
	var args models.ShortArgs
	if err := json.Unmarshal(d.Args, &args); err != nil {
		return fmt.Errorf("month of %s: %w", d.Key, err)
	}
	t, _, u, leader, ok, err := s.noteDue(tx, d)
	if err != nil || !ok || models.ShortMonth(tx.Now, t.Location()) != args.Month {
		return err
	}
	told, err := tx.StudyNotices(t.ID, models.NoticeShort)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(told, func(n models.StudyNotice) bool { return n.UnitID == u.ID && n.Month == args.Month }) {
		return nil
	}
	short, err := s.shortOf(tx, t, u, leader.ID)
	if err != nil || len(short) == 0 {
		return err
	}
	err = tx.KeepNotice(models.StudyNotice{TenantID: t.ID, UnitID: u.ID, Kind: models.NoticeShort, Month: args.Month, At: tx.Now})
	if err != nil {
		return err
	}
	return sendNote(tx, t, u, leader, models.MessageYearShort, "year_short:"+id(u.ID)+":"+args.Month, args)
}

// shortOf are the members of a unit who may fall short this year, but for who
// is told of it.
func (s *Services) shortOf(tx *store.Tx, t models.Tenant, u models.Unit, leaderID int64) ([]models.YearRow, error) {
	year, _ := models.YearOfInstant(tx.Now, t.Location())
	rows, err := s.yearRowsOf(tx, t, year, []int64{u.ID})
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r models.YearRow) bool { return !r.Forecast.Verdict.Short() || r.Person.ID == leaderID })
	models.SortYear(rows)
	return rows, nil
}

// noteDue loads what a note to a unit's leader needs; ok is false when there is
// nobody to tell any more.
func (s *Services) noteDue(tx *store.Tx, d models.Due) (t models.Tenant, all tree, u models.Unit, leader models.Person, ok bool, err error) {
	if t, err = tx.Tenant(d.TenantID); err != nil {
		return t, all, u, leader, false, err
	}
	if all, err = unitTree(tx, t.ID); err != nil {
		return t, all, u, leader, false, err
	}
	if u, ok = all.byID[d.RefID]; !ok {
		return t, all, u, leader, false, nil
	}
	leader, ok, err = s.noteTo(tx, all, u)
	return t, all, u, leader, ok, err
}

func sendNote(tx *store.Tx, t models.Tenant, u models.Unit, to models.Person, kind models.MessageKind, key string, args any) error {
	_, err := tx.Enqueue(models.Message{TenantID: t.ID, Key: key, Kind: kind, SubjectID: u.ID, PersonID: to.ID,
		Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait}.WithArgs(args))
	return err
}
