package services

import (
	"fmt"
	"math"
	"strings"

	"muster/models"
	"muster/store"
)

// Columns of the exports of members and units, in their order.
var (
	memberColumns = []string{"user_id", "name", "unit", "role", "duty", "skills", "areas", "lang", "zone", "windows", "quiet",
		"hours_year", "study_hours_year", "stars"}
	unitColumns = []string{"unit_id", "name", "parent", "type", "leader", "members", "joint_of"}
)

// memberRows are the members by id. Language, windows and quiet hours are their
// own, empty where they follow the unit or organisation, so that the file can be
// imported again without pinning what was only a default.
func (s *Services) memberRows(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error {
	people, err := tx.PersonsIn(t.ID)
	if err != nil {
		return fmt.Errorf("members: %w", err)
	}
	unitOf, err := tx.UnitsOf(t.ID)
	if err != nil {
		return err
	}
	names, err := unitNames(tx, t)
	if err != nil {
		return err
	}
	roles, err := s.rolesIn(tx, t)
	if err != nil {
		return err
	}
	year := models.PeriodOf(models.PeriodYear, tx.Now, t.Location())
	served, all, err := servedBy(tx, t, year)
	if err != nil {
		return err
	}
	study, err := tx.StudyMinutesBy(t.ID, year.Start, year.End)
	if err != nil {
		return err
	}
	for _, p := range people {
		unit := unitOf[p.ID]
		if p.Bot || p.Gone || !p.Member && unit == 0 || !q.Of(unit) {
			continue
		}
		role := models.RoleMember
		if r := roles[p.ID]; r != "" {
			role = r
		}
		err := each([]any{p.Slack(), p.Name, names[unit], role, p.Duty, writeSkills(p.Skills, t), strings.Join(p.Areas, ";"), p.Lang,
			p.Location(t).String(), writeWindows(p.Windows), writeQuiet(p.QuietStart, p.QuietEnd), hours(served[p.ID]), hours(study[p.ID]),
			t.Stars(all[p.ID])})
		if err != nil {
			return err
		}
	}
	return nil
}

func unitNames(tx *store.Tx, t models.Tenant) (map[int64]string, error) {
	units, err := tx.Units(t.ID)
	names := map[int64]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	return names, err
}

// rolesIn is the furthest-reaching role of everybody who has one.
func (s *Services) rolesIn(tx *store.Tx, t models.Tenant) (map[int64]string, error) {
	out := map[int64]string{}
	for _, role := range []string{models.RoleViewer, models.RoleOrganizer, models.RoleAdmin} {
		who, err := s.holders(tx, t, role)
		if err != nil {
			return nil, err
		}
		for _, p := range who {
			if p.ID != 0 {
				out[p.ID] = role
			}
		}
	}
	return out, nil
}

// servedBy are the minutes of the volunteer ledger that count: of days in the
// period, and ever.
func servedBy(tx *store.Tx, t models.Tenant, year models.Period) (in, ever map[int64]int, err error) {
	if in, err = tx.MinutesBy(t.ID, year.Start, year.End); err != nil {
		return nil, nil, err
	}
	ever, err = tx.MinutesBy(t.ID, 0, math.MaxInt64)
	return in, ever, err
}

// unitRows are the units in the order of their tree.
func (s *Services) unitRows(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error {
	all, err := ledger(tx, t)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, r := range all.Rows {
		names[r.ID] = r.Name
	}
	for _, r := range all.Rows {
		if !q.Of(r.ID) {
			continue
		}
		leader := r.Leader.Slack()
		if leader == "" {
			leader = r.Leader.Email
		}
		if err := each([]any{r.ID, r.Name, names[r.ParentID], r.Type, leader, r.Members, strings.Join(r.JointOf, ";")}); err != nil {
			return err
		}
	}
	return nil
}
