package services

import (
	"context"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// mostStudies is how many active studies of an organisation are looked through
// for a list.
const mostStudies = 200

// ListStudies lists the active studies that concern the actor, or all for who
// organizes or leads; what comes next first.
func (s *Services) ListStudies(ctx context.Context, act Act) (out []StudyPlan, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		all, err := tx.Studies(me.Tenant.ID, models.StudyActive, mostStudies)
		if err != nil {
			return err
		}
		for _, st := range all {
			p, err := s.studyPlan(tx, me, st)
			if err != nil {
				return err
			}
			concerns := p.Attends || p.Manages
			if !concerns { // what lies far ahead has nobody's attendance yet
				if concerns, err = s.concerns(tx, me, st); err != nil {
					return err
				}
			}
			if concerns {
				out = append(out, p)
			}
		}
		slices.SortStableFunc(out, func(a, b StudyPlan) int { return a.soonest().Compare(b.soonest()) })
		return nil
	})
	return out, err
}

// soonest is when a study takes place next; far ahead when it does not.
func (p StudyPlan) soonest() time.Time {
	if len(p.Next) > 0 {
		return p.Next[0]
	}
	return p.Now.Time().AddDate(1000, 0, 0)
}

// comingShown is how many of the next occurrences are looked up: what a list to
// choose from bears.
const comingShown = 10

// coming are the next occurrences of a study that will take place, with what
// was moved or skipped taken into account.
func (s *Services) coming(tx *store.Tx, st models.Study) ([]models.Occurrence, error) {
	if st.State != models.StudyActive {
		return nil, nil
	}
	rows, err := tx.OccurrencesOf(st.ID, tx.Now, 200)
	if err != nil {
		return nil, err
	}
	var out []models.Occurrence
	known := map[models.Instant]bool{}
	for _, o := range rows {
		known[o.RuleStart] = true
		if o.Ahead() && o.Start > tx.Now {
			out = append(out, o)
		}
	}
	n := comingShown + len(known)
	if st.Heeds() { // days off come in between
		n += placesLooked
	}
	times, err := s.studyTimes(tx, st, tx.Now, n)
	if err != nil {
		return nil, err
	}
	for _, t := range times {
		if at := models.At(t.RuleStart); !t.Off && !known[at] && models.At(t.Start) > tx.Now {
			out = append(out, models.Occurrence{TenantID: st.TenantID, StudyID: st.ID, RuleStart: at, Start: models.At(t.Start),
				End: models.At(t.Start).Add(time.Duration(st.Length) * time.Minute), State: models.OccurrencePlanned, Holiday: t.Holiday})
		}
	}
	slices.SortStableFunc(out, func(a, b models.Occurrence) int { return int(a.Start - b.Start) })
	return out[:min(comingShown, len(out))], nil
}

// nextLaidOut is the place among the upcoming of the next that has a row; -1
// for none.
func (p StudyPlan) nextLaidOut() int {
	return slices.IndexFunc(p.Upcoming, func(o models.Occurrence) bool { return !o.Off() })
}

// notOver are a study's occurrences of which one of their times is still to
// end, by start.
func notOver(tx *store.Tx, st models.Study, limit int) ([]models.Occurrence, error) {
	after := tx.Now
	if len(st.Slots) > 0 {
		after = after.Add(-(farthestSlot + 2) * 24 * time.Hour)
	}
	rows, err := tx.OccurrencesOf(st.ID, after, limit+farthestSlot)
	rows = slices.DeleteFunc(rows, func(o models.Occurrence) bool { return o.LastEnd(st) <= tx.Now })
	return rows[:min(limit, len(rows))], err
}

// ownNext is the next occurrence that is not over for the actor, at the time
// they chose; without an attendance it is not theirs.
func ownNext(tx *store.Tx, me Actor, p StudyPlan) (models.Occurrence, models.Attendance, error) {
	for _, o := range p.Upcoming {
		if !o.Ahead() {
			continue
		}
		a, err := tx.AttendanceOf(o.ID, me.Person.ID)
		if ignoreMissing(err) != nil {
			return o, a, err
		}
		if _, end := o.Times(p.Study, a.Slot); err == nil && tx.Now < end {
			return o, a, nil
		}
	}
	return models.Occurrence{}, models.Attendance{}, nil
}
