package services

import (
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// yearBook is what the accounts of one year are made of, for one person or for
// many: sums from the database, and what is still to come of every study.
type yearBook struct {
	tenant models.Tenant
	year   int
	span   models.Period
	now    models.Instant
	sums   map[int64]store.YearSum
	open   map[int64][]models.Chance
	free   map[int64][]models.Exemption
	coming []coming
}

// coming is what a study's rule will still bring this year beyond the sessions
// that are laid out already.
type coming struct {
	chances []models.Chance
	has     func(p models.Person, unitID int64) bool
}

// YearOf is a person's account of the year that holds now.
func (s *Services) YearOf(tx *store.Tx, t models.Tenant, p models.Person, now models.Instant) (models.YearAccount, error) {
	year, _ := models.YearOfInstant(now, t.Location())
	return s.yearOfPerson(tx, t, p, year)
}

func (s *Services) yearOfPerson(tx *store.Tx, t models.Tenant, p models.Person, year int) (models.YearAccount, error) {
	who := store.YearWho{PersonID: p.ID}
	if p.ID == 0 { // not seen before: nobody's attendances, not everybody's
		who.PersonID = -1
	}
	unit, err := tx.UnitOf(p.ID)
	if ignoreMissing(err) != nil {
		return models.YearAccount{}, err
	}
	b, err := s.yearBook(tx, t, year, who, store.YearMember{Person: p, UnitID: unit.ID})
	if err != nil {
		return models.YearAccount{}, err
	}
	return b.account(p, unit.ID), nil
}

// yearBook gathers what the accounts of these members need; who finds the same
// people in the database.
func (s *Services) yearBook(tx *store.Tx, t models.Tenant, year int, who store.YearWho, members ...store.YearMember) (*yearBook, error) {
	zone := t.Location()
	b := &yearBook{tenant: t, year: year, span: models.YearSpan(year, zone), now: tx.Now}
	_, seconds := b.span.Start.In(zone).Zone()
	var err error
	if b.sums, err = tx.YearSums(t.ID, b.span, time.Duration(seconds)*time.Second, who); err != nil {
		return nil, err
	}
	if b.free, err = tx.Exemptions(t.ID, year, who); err != nil {
		return nil, err
	}
	if err := b.findOpen(tx, who); err != nil {
		return nil, err
	}
	if b.now >= b.span.End {
		return b, nil
	}
	return b, s.findComing(tx, b, members)
}

// findOpen gathers what is laid out and not settled: sessions ahead, and what
// can be made up or read.
func (b *yearBook) findOpen(tx *store.Tx, who store.YearWho) error {
	rows, err := tx.YearOpen(b.tenant.ID, b.span, who)
	if err != nil {
		return err
	}
	studies, occurrences, err := behind(tx, rows)
	if err != nil {
		return err
	}
	b.open = map[int64][]models.Chance{}
	for _, a := range rows {
		if c, ok := b.chance(studies[a.StudyID], occurrences[a.OccurrenceID], a); ok {
			b.open[a.PersonID] = append(b.open[a.PersonID], c)
		}
	}
	return nil
}

// behind loads what attendances belong to, each once.
func behind(tx *store.Tx, rows []models.Attendance) (map[int64]models.Study, map[int64]models.Occurrence, error) {
	var studyIDs, occurrenceIDs []int64
	seen := map[int64]bool{}
	known := map[int64]bool{}
	for _, a := range rows {
		if !seen[a.OccurrenceID] {
			seen[a.OccurrenceID] = true
			occurrenceIDs = append(occurrenceIDs, a.OccurrenceID)
		}
		if !known[a.StudyID] {
			known[a.StudyID] = true
			studyIDs = append(studyIDs, a.StudyID)
		}
	}
	studies, err := tx.StudiesByIDs(studyIDs)
	if err != nil {
		return nil, nil, err
	}
	occurrences, err := tx.OccurrencesByIDs(occurrenceIDs)
	return studies, occurrences, err
}

// chance is what an attendance can still bring; ok is false when it cannot.
func (b *yearBook) chance(st models.Study, o models.Occurrence, a models.Attendance) (c models.Chance, ok bool) {
	start, end := o.Times(st, a.Slot)
	c = models.Chance{Day: b.day(o.Start), Minutes: st.Credit}
	closes := max(o.MakeupUntil(st), a.OpenUntil)
	if !st.Meets() && closes == 0 {
		closes = o.End.Add(24 * time.Hour)
	}
	switch {
	case st.Meets() && b.now < start && a.State == models.AttendanceDue:
		c.At = start
	case st.Meets() && b.now < end && a.State == models.AttendanceDue:
		c.At = end
	case b.now < closes:
		c.At, c.Open = closes, true
	default:
		return c, false
	}
	return c, true
}

// day counts local days, from anywhere.
func (b *yearBook) day(at models.Instant) int {
	return models.DayCount(at, b.tenant.Location())
}

// findComing lays out the rest of the year of every study under way that is for
// one of the members.
func (s *Services) findComing(tx *store.Tx, b *yearBook, members []store.YearMember) error {
	studies, err := tx.StudiesThatCount(b.tenant.ID)
	if err != nil {
		return err
	}
	for _, st := range studies {
		has, err := s.audienceHas(tx, st)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(members, func(m store.YearMember) bool { return has(m.Person, m.UnitID) }) {
			continue
		}
		c, err := s.comingOf(tx, b, st, has)
		if err != nil {
			return err
		}
		if len(c.chances) > 0 {
			b.coming = append(b.coming, c)
		}
	}
	return nil
}

// comingOf is what a study's rule brings after what is laid out.
func (s *Services) comingOf(tx *store.Tx, b *yearBook, st models.Study, has func(models.Person, int64) bool) (coming, error) {
	last, err := tx.LastRuleStart(st.ID)
	if err != nil {
		return coming{}, err
	}
	times, err := s.studyTimes(tx, st, max(last, b.now), yearMost)
	if err != nil {
		return coming{}, fmt.Errorf("rest of the year of study %d: %w", st.ID, err)
	}
	c := coming{has: has}
	for _, t := range times {
		if at := models.At(t.Start); !t.Off && at >= b.span.Start && at < b.span.End {
			c.chances = append(c.chances, models.Chance{At: at, Day: b.day(at), Minutes: st.Credit})
		}
	}
	return c, nil
}

// yearMost is how many times a rule has in a year at the most: one a day.
const yearMost = 366

// audienceHas says of people whether they are in a study's audience.
func (s *Services) audienceHas(tx *store.Tx, st models.Study) (func(models.Person, int64) bool, error) {
	switch st.AudienceKind {
	case models.AudienceAll:
		return func(p models.Person, _ int64) bool { return p.Member }, nil
	case models.AudienceUnit:
		units, err := unitsUnder(tx, st.TenantID, st.Audience())
		in := make(map[int64]bool, len(units))
		for _, id := range units {
			in[id] = true
		}
		return func(_ models.Person, unitID int64) bool { return in[unitID] }, err
	case models.AudienceChannel, models.AudienceGroup:
		in, err := tx.RoomMembers(st.TenantID, st.AudienceRef)
		return func(p models.Person, _ int64) bool { return in[p.ID] }, err
	}
	return func(models.Person, int64) bool { return false }, nil
}

// account is one person's, from the book.
func (b *yearBook) account(p models.Person, unitID int64) models.YearAccount {
	sum := b.sums[p.ID]
	y := models.YearAccount{PersonID: p.ID, Year: b.year, From: b.span.Start, To: b.span.End, Full: models.StudyTarget(b.tenant, p.Duty),
		Free: models.FreeDays(b.year, b.free[p.ID]), Done: sum.Done,
		Attended: models.YearCount{Sessions: sum.Attended, Minutes: sum.AttendedMin}, MadeUp: models.YearCount{Sessions: sum.MadeUp, Minutes: sum.MadeUpMin},
		Excused: models.YearCount{Sessions: sum.Excused, Minutes: sum.ExcusedMin}, Absent: models.YearCount{Sessions: sum.Absent, Minutes: sum.AbsentMin},
		Unknown: models.YearCount{Sessions: sum.Unknown, Minutes: sum.UnknownMin},
		LastAt:  sum.Last, Days: sum.Days, First: sum.First}
	y.Target, y.Exempt = models.TargetAfter(y.Full, b.year, y.Free)
	y.Chances = append(y.Chances, b.open[p.ID]...)
	for _, c := range b.coming {
		if c.has(p, unitID) {
			y.Chances = append(y.Chances, c.chances...)
		}
	}
	models.SortChances(y.Chances)
	return y
}
