package services

import (
	"fmt"
	"math"
	"slices"

	"muster/models"
	"muster/store"
)

var hoursColumns = []string{"user_id", "user_name", "unit", "ledger", "source_id", "title", "start", "end", "hours", "grade", "state",
	"confirmed_by", "confirmed_at"}

// Grades of the study ledger beside those it shares with the volunteer one.
const (
	gradeSelfReported = "self_reported" // by button, nothing shows where
	gradeMadeUp       = "made_up"
)

// hourNames are the names that rows of the ledgers are written with, found once
// each.
type hourNames struct {
	tx     *store.Tx
	tenant models.Tenant
	people map[int64]models.Person
	units  map[int64]int64 // of each person of the tenant
	named  map[int64]string
	calls  map[int64]models.Call
}

func hourNamesOf(tx *store.Tx, t models.Tenant) (*hourNames, error) {
	n := &hourNames{tx: tx, tenant: t, people: map[int64]models.Person{}, calls: map[int64]models.Call{}}
	var err error
	if n.units, err = tx.UnitsOf(t.ID); err != nil {
		return nil, err
	}
	n.named, err = unitNames(tx, t)
	return n, err
}

// learn reads who is not known yet.
func (n *hourNames) learn(ids []int64) error {
	ids = slices.DeleteFunc(ids, func(id int64) bool { _, known := n.people[id]; return known || id == 0 })
	slices.Sort(ids)
	found, err := n.tx.PersonsByIDs(slices.Compact(ids))
	if err != nil {
		return fmt.Errorf("people of the ledger: %w", err)
	}
	for id, p := range found {
		n.people[id] = p
	}
	return nil
}

func (n *hourNames) call(id int64) (models.Call, error) {
	c, known := n.calls[id]
	if known {
		return c, nil
	}
	c, err := n.tx.Call(n.tenant.ID, id)
	if err != nil {
		return c, fmt.Errorf("call of the ledger: %w", err)
	}
	n.calls[id] = c
	return c, nil
}

// hoursRows are both ledgers: the volunteer one, then the study one.
func (s *Services) hoursRows(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error {
	names, err := hourNamesOf(tx, t)
	if err != nil {
		return err
	}
	if err := volunteerRows(tx, names, q, each); err != nil {
		return err
	}
	return studyHourRows(tx, names, q, each)
}

func volunteerRows(tx *store.Tx, names *hourNames, q models.ExportQuery, each func([]any) error) error {
	for after := int64(0); ; {
		page, err := tx.HoursAfter(names.tenant.ID, after, q.From, q.To, exportPage)
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].ID
		var ids []int64
		for _, h := range page {
			ids = append(ids, h.PersonID, h.ConfirmedBy)
		}
		if err := names.learn(ids); err != nil {
			return err
		}
		for _, h := range page {
			if !q.Of(names.units[h.PersonID]) {
				continue
			}
			c, err := names.call(h.CallID)
			if err != nil {
				return err
			}
			by, at := "", models.Moment{}
			if h.State == models.HoursCounted {
				p := names.people[h.ConfirmedBy]
				by, at = p.Slack(), models.Moment{At: h.ConfirmedAt, Zone: names.tenant.Zone}
			}
			p := names.people[h.PersonID]
			err = each([]any{p.Slack(), p.Name, names.named[names.units[h.PersonID]], models.LedgerVolunteer, c.Ref(), c.Title,
				models.Moment{At: h.FromAt, Zone: c.Zone}, models.Moment{At: h.ToAt, Zone: c.Zone}, hours(h.Minutes), h.Grade, h.State, by, at})
			if err != nil {
				return err
			}
		}
	}
}

func studyHourRows(tx *store.Tx, names *hourNames, q models.ExportQuery, each func([]any) error) error {
	to := q.To
	if to == 0 {
		to = math.MaxInt64
	}
	for after := int64(0); ; {
		page, err := tx.AttendancesBetween(names.tenant.ID, q.From, to, after, exportPage)
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].ID
		if err := studyHourPage(tx, names, page, q, each); err != nil {
			return err
		}
	}
}

func studyHourPage(tx *store.Tx, names *hourNames, page []models.Attendance, q models.ExportQuery, each func([]any) error) error {
	var people, studyIDs, occurrenceIDs []int64
	for _, a := range page {
		people, studyIDs, occurrenceIDs = append(people, a.PersonID, a.RollBy), append(studyIDs, a.StudyID), append(occurrenceIDs, a.OccurrenceID)
	}
	if err := names.learn(people); err != nil {
		return err
	}
	slices.Sort(studyIDs)
	slices.Sort(occurrenceIDs)
	studies, err := tx.StudiesByIDs(slices.Compact(studyIDs))
	if err != nil {
		return err
	}
	occurrences, err := tx.OccurrencesByIDs(slices.Compact(occurrenceIDs))
	if err != nil {
		return err
	}
	for _, a := range page {
		if a.Credit == 0 || a.State != models.AttendanceAttended && a.State != models.AttendanceMadeUp || !q.Of(names.units[a.PersonID]) {
			continue
		}
		st, p := studies[a.StudyID], names.people[a.PersonID]
		o := occurrences[a.OccurrenceID]
		from, to := o.Times(st, a.Slot)
		by := names.people[a.RollBy]
		err := each([]any{p.Slack(), p.Name, names.named[names.units[a.PersonID]], models.LedgerStudy, studyRef(st), st.Title,
			models.Moment{At: from, Zone: st.Zone}, models.Moment{At: to, Zone: st.Zone}, hours(a.Credit), studyGrade(a), models.HoursCounted,
			by.Slack(), models.Moment{At: max(a.EnteredAt, a.RollAt), Zone: st.Zone}})
		if err != nil {
			return err
		}
	}
	return nil
}

// studyGrade is what shows that somebody studied.
func studyGrade(a models.Attendance) string {
	switch {
	case a.State == models.AttendanceMadeUp:
		return gradeMadeUp
	case a.How == models.HowOnsite:
		return models.EvidenceSelf
	case a.How == models.HowRoll:
		return models.EvidenceRoll
	}
	return gradeSelfReported
}
