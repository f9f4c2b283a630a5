package services

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// What is known of duties, loaded in one go: decisions and pages are made from
// the book and not row by row.

// dutyAheadMost is how many times ahead of one study count as plans: no duty is
// owed more often in a period.
const dutyAheadMost = models.MostDutyTimes

// dutyScope is which part of the book is wanted.
type dutyScope struct {
	From  string  // first day; "" = from the periods before those under way on
	Units []int64 // nil = all
	Full  bool    // it was found before that these units have members
}

// dutyBook loads the duties of a tenant with what was held and is planned.
func (s *Services) dutyBook(tx *store.Tx, t models.Tenant, want dutyScope) (b models.DutyBook, err error) {
	b = models.DutyBook{Zone: t.Location(), Now: tx.Now, Studies: map[int64]models.Study{}}
	if b.Duties, err = tx.Duties(t.ID); err != nil {
		return b, fmt.Errorf("duties: %w", err)
	}
	if b.Units, err = tx.Units(t.ID); err != nil {
		return b, fmt.Errorf("units: %w", err)
	}
	if len(b.Duties) == 0 {
		b.Enter(nil, nil)
		return b, nil
	}
	if b.Made, err = tx.UnitsMade(t.ID, want.Units); err != nil {
		return b, err
	}
	if !want.Full {
		if b.Vacant, err = vacantUnits(tx, t.ID, b.Units); err != nil {
			return b, err
		}
	}
	if want.From == "" {
		want.From = b.From()
	}
	held, err := s.dutySessions(tx, t, &b, want)
	if err != nil {
		return b, err
	}
	records, err := tx.DutyRecords(t.ID, want.From, want.Units)
	if err != nil {
		return b, fmt.Errorf("records of duties: %w", err)
	}
	b.Enter(held, records)
	return b, nil
}

// dutySessions are the sessions that count for the units wanted.
func (s *Services) dutySessions(tx *store.Tx, t models.Tenant, b *models.DutyBook, want dutyScope) ([]models.Occurrence, error) {
	studies, err := tx.StudiesWithDuty(t.ID)
	if err != nil {
		return nil, fmt.Errorf("studies with a duty: %w", err)
	}
	concerns := b.Concern(want.Units)
	var ids []int64
	for _, st := range studies {
		if want.Units == nil || st.AudienceKind == models.AudienceAll || concerns[st.UnitID] {
			b.Studies[st.ID] = st
			ids = append(ids, st.ID)
		}
	}
	held, err := tx.OccurrencesOfStudies(t.ID, ids, models.DayStart(want.From, b.Zone))
	if err != nil {
		return nil, fmt.Errorf("sessions for duties: %w", err)
	}
	ahead, err := s.dutyAhead(tx, b, ids)
	return append(held, ahead...), err
}

// dutyAhead are the sessions that rules will bring in the periods under way and
// that have no row yet, because rows are made a week ahead.
func (s *Services) dutyAhead(tx *store.Tx, b *models.DutyBook, studies []int64) ([]models.Occurrence, error) {
	var out []models.Occurrence
	for _, id := range studies {
		st := b.Studies[id]
		end := b.PeriodEnd(st.DutyID)
		if st.State != models.StudyActive || end == 0 {
			continue
		}
		after, err := s.plannedUpTo(tx, st)
		if err != nil {
			return nil, err
		}
		times, err := s.studyTimes(tx, st, max(after, tx.Now), dutyAheadMost)
		if err != nil {
			return nil, fmt.Errorf("times ahead of study %d: %w", st.ID, err)
		}
		for _, at := range times {
			start := models.At(at.Start)
			if at.Off || start <= tx.Now || start >= end {
				continue
			}
			out = append(out, models.Occurrence{TenantID: st.TenantID, StudyID: st.ID, RuleStart: models.At(at.RuleStart), Start: start,
				End: start.Add(time.Duration(st.Length) * time.Minute), State: models.OccurrencePlanned})
		}
	}
	return out, nil
}

// vacantUnits are those with nobody in them or in a unit below.
func vacantUnits(tx *store.Tx, tenantID int64, units []models.Unit) (map[int64]bool, error) {
	counts, err := tx.UnitCounts(tenantID)
	if err != nil {
		return nil, err
	}
	parent := map[int64]int64{}
	for _, u := range units {
		parent[u.ID] = u.ParentID
	}
	peopled := map[int64]bool{}
	for id, n := range counts {
		for at := id; n > 0 && at != 0 && !peopled[at]; at = parent[at] {
			peopled[at] = true
		}
	}
	vacant := map[int64]bool{}
	for _, u := range units {
		if !peopled[u.ID] {
			vacant[u.ID] = true
		}
	}
	return vacant, nil
}

func reachable(p models.Person) bool { return p.ID != 0 && !p.Gone && !p.Bot && p.Slack() != "" }

// answerers are who answers for each of these units: the leader; without one,
// or when they have left, the nearest leader above; else the admins.
func (s *Services) answerers(tx *store.Tx, t models.Tenant, all []models.Unit, units []int64) (map[int64][]models.Person, error) {
	byID := map[int64]models.Unit{}
	for _, u := range all {
		byID[u.ID] = u
	}
	up := func(unit int64, see func(leader int64) bool) {
		for at, depth := unit, 0; at != 0 && depth < unitDepth; at, depth = byID[at].ParentID, depth+1 {
			if leader := byID[at].LeaderID; leader != 0 && see(leader) {
				return
			}
		}
	}
	var ids []int64
	for _, u := range units {
		up(u, func(leader int64) bool { ids = append(ids, leader); return false })
	}
	slices.Sort(ids)
	leaders, err := tx.PersonsByIDs(slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	out := map[int64][]models.Person{}
	var admins []models.Person
	for _, u := range units {
		up(u, func(leader int64) bool {
			p := leaders[leader]
			if reachable(p) {
				out[u] = []models.Person{p}
			}
			return reachable(p)
		})
		if out[u] != nil {
			continue
		}
		if admins == nil {
			if admins, err = s.holders(tx, t, models.RoleAdmin); err != nil {
				return nil, err
			}
			admins = slices.DeleteFunc(admins, func(p models.Person) bool { return !reachable(p) })
		}
		out[u] = admins
	}
	return out, nil
}

// dutyHands are the units that somebody leads themselves with duties near the
// end of their period without a plan, or past without a record.
func (s *Services) dutyHands(tx *store.Tx, me Actor) ([]models.StudyHand, error) {
	if len(me.Rights.Leads) == 0 {
		return nil, nil
	}
	book, err := s.dutyBook(tx, me.Tenant, dutyScope{From: models.DutyBack(tx.Now, me.Tenant.Location()), Units: me.Rights.Leads, Full: true})
	if err != nil {
		return nil, err
	}
	var out []models.StudyHand
	for _, id := range me.Rights.Leads[:min(len(me.Rights.Leads), listMost)] {
		u, known := book.Unit(id)
		h := models.StudyHand{Kind: models.HandDuties, Unit: u, Missing: len(book.Missing(u))}
		for _, d := range book.Present(u) {
			if d.Tells() {
				h.N++
			}
		}
		if known && h.N+h.Missing > 0 {
			out = append(out, h)
		}
	}
	return out, nil
}

// dutyMoved edits what was told of the units for which a study counts.
func (s *Services) dutyMoved(tx *store.Tx, studies ...models.Study) error {
	for _, st := range studies {
		if st.DutyID == 0 {
			continue
		}
		d, err := tx.Duty(st.TenantID, st.DutyID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		units, err := tx.Units(st.TenantID)
		if err != nil {
			return err
		}
		book := models.DutyBook{Units: units}
		if err := s.dutyTold(tx, st.TenantID, units, book.Counts(st, d)); err != nil {
			return err
		}
	}
	return nil
}

// dutyTold edits what who answers for these units was told.
func (s *Services) dutyTold(tx *store.Tx, tenantID int64, all []models.Unit, units []int64) error {
	t, err := tx.Tenant(tenantID)
	if err != nil {
		return err
	}
	who, err := s.answerers(tx, t, all, units)
	if err != nil {
		return err
	}
	var keys []string
	for _, people := range who {
		for _, p := range people {
			keys = append(keys, models.DutyKey(p.ID))
		}
	}
	slices.Sort(keys)
	return tx.Touch(tenantID, slices.Compact(keys)...)
}
