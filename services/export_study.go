package services

import (
	"errors"
	"slices"

	"muster/models"
	"muster/store"
)

var studyColumns = []string{"study_id", "title", "rule", "zone", "start", "length_minutes", "hours", "audience", "makeup_days", "state", "created_by"}

var attendanceColumns = []string{"study_id", "title", "occurrence_start", "user_id", "user_name", "unit", "state", "slot", "at", "late_entry", "hours"}

// studyRows are a tenant's studies, a row each, whose first occurrence lies in
// the query's span.
func (s *Services) studyRows(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error {
	for after := int64(0); ; {
		page, err := tx.StudiesAfter(t.ID, after, exportPage)
		if err != nil || len(page) == 0 {
			return err
		}
		var authors []int64
		for _, st := range page {
			authors = append(authors, st.CreatedBy)
		}
		people, err := tx.PersonsByIDs(authors)
		if err != nil {
			return err
		}
		for _, st := range page {
			after = st.ID
			if st.Start < q.From || q.To != 0 && st.Start >= q.To || !q.Of(st.UnitID) {
				continue
			}
			audience, err := audienceName(tx, st)
			if err != nil {
				return err
			}
			author := people[st.CreatedBy]
			err = each([]any{studyRef(st), st.Title, st.RRule, st.Zone, models.Moment{At: st.Start, Zone: st.Zone}, st.Length,
				hours(st.Credit), audience, st.MakeupDays, st.State, author.Slack()})
			if err != nil {
				return err
			}
		}
	}
}

func studyRef(st models.Study) string { return models.NumberStudy + id(int64(st.Number)) }

func hours(minutes int) float64 { return float64(minutes) / 60 }

// audienceName is the audience as it can be given again in `for`.
func audienceName(tx *store.Tx, st models.Study) (string, error) {
	switch st.AudienceKind {
	case models.AudienceUnit:
		unit, err := tx.Unit(st.UnitID)
		if errors.Is(err, store.ErrNotFound) {
			return st.Audience().String(), nil
		}
		return unit.Name, err
	case models.AudienceChannel:
		return "<#" + st.AudienceRef + ">", nil
	case models.AudienceGroup:
		return "<!subteam^" + st.AudienceRef + ">", nil
	}
	return string(st.AudienceKind), nil
}

// attendanceRows are the attendances of occurrences that start in the query's
// span, a row per member.
func (s *Services) attendanceRows(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error {
	to := q.To
	if to == 0 {
		to = 1 << 62 // later than any time
	}
	units := map[int64]models.Unit{} // of each person met so far
	for after := int64(0); ; {
		page, err := tx.AttendancesBetween(t.ID, q.From, to, after, exportPage)
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].ID
		if err := attendancePage(tx, page, q, units, each); err != nil {
			return err
		}
	}
}

func attendancePage(tx *store.Tx, page []models.Attendance, q models.ExportQuery, units map[int64]models.Unit, each func([]any) error) error {
	var studyIDs, occurrenceIDs, personIDs []int64
	for _, a := range page {
		studyIDs, occurrenceIDs, personIDs = append(studyIDs, a.StudyID), append(occurrenceIDs, a.OccurrenceID), append(personIDs, a.PersonID)
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
	people, err := tx.PersonsByIDs(personIDs)
	if err != nil {
		return err
	}
	for _, a := range page {
		unit, known := units[a.PersonID]
		if !known {
			if unit, err = tx.UnitOf(a.PersonID); ignoreMissing(err) != nil {
				return err
			}
			units[a.PersonID] = unit
		}
		if !q.Of(unit.ID) {
			continue
		}
		st, o, p := studies[a.StudyID], occurrences[a.OccurrenceID], people[a.PersonID]
		start, _ := o.Times(st, a.Slot)
		err = each([]any{studyRef(st), st.Title, models.Moment{At: start, Zone: st.Zone}, p.Slack(), p.Name, unit.Name, a.State, a.Slot,
			models.Moment{At: a.At, Zone: st.Zone}, a.LateEntry(o), hours(a.Credit)})
		if err != nil {
			return err
		}
	}
	return nil
}
