package services

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// What a calendar holds: from 30 days back, so that a correction of what has
// been still arrives; of rules 60 days ahead, further than occurrences are laid
// out, so that a month can be planned; of what is off the last 30 days, which
// is how long a calendar that is read rarely may take to hear of it.
const (
	feedBack   = 30 * 24 * time.Hour
	feedAhead  = 60 * 24 * time.Hour
	feedGone   = 30 * 24 * time.Hour
	feedFar    = 400 * 24 * time.Hour // rows laid out by hand
	feedPerOne = 100                  // times of one rule
)

// Feed is one member's calendar: their shifts and study sessions.
type Feed struct {
	Tenant   models.Tenant
	Person   models.Person
	Shifts   []FeedShift
	Sessions []FeedSession
	Now      models.Instant
}

// FeedShift is one place of the member's.
type FeedShift struct {
	Sheet   models.Sheet
	Signup  models.Signup
	Changes int // of place and call by the record
	At      models.Instant
}

// Gone says that the member does not go there.
func (f FeedShift) Gone() bool {
	return !f.Signup.Holds() && !f.Signup.Waits() || f.Sheet.Call.State == models.CallCancelled
}

// FeedSession is one study session that the member is expected at.
type FeedSession struct {
	Study      models.Study
	Occurrence models.Occurrence // ID 0: not laid out yet
	Attendance models.Attendance // ID 0 likewise
	Material   models.Material
	Changes    int
	At         models.Instant
}

// Gone says that it does not take place, or not for the member.
func (f FeedSession) Gone() bool {
	return f.Study.State == models.StudyCancelled || f.Occurrence.Off() || f.Attendance.State == models.AttendanceExcused
}

// Once says that the study happens once: its entry stays the same wherever the
// time goes.
func (f FeedSession) Once() bool {
	return f.Study.RRule == "" && f.Occurrence.RuleStart == f.Study.Start
}

// feed gathers a member's calendar; ok is false for who has none (any more).
func (s *Services) feed(tx *store.Tx, tenantID, personID int64) (f Feed, ok bool, err error) {
	f.Now = tx.Now
	if f.Tenant, err = tx.Tenant(tenantID); err != nil {
		return f, false, ignoreMissing(err)
	}
	if f.Person, err = tx.Person(personID); err != nil {
		return f, false, ignoreMissing(err)
	}
	if f.Person.TenantID != tenantID || f.Person.Gone || f.Person.Bot {
		return f, false, nil
	}
	if err := s.feedShifts(tx, &f); err != nil {
		return f, false, fmt.Errorf("shifts of a calendar: %w", err)
	}
	if err := s.feedSessions(tx, &f); err != nil {
		return f, false, fmt.Errorf("sessions of a calendar: %w", err)
	}
	if err := s.feedRules(tx, &f); err != nil {
		return f, false, fmt.Errorf("rules of a calendar: %w", err)
	}
	return f, true, nil
}

func (s *Services) feedShifts(tx *store.Tx, f *Feed) error {
	all, err := tx.SignupsInCalendar(f.Tenant.ID, f.Person.ID, f.Now.Add(-feedBack))
	if err != nil {
		return err
	}
	signups, calls := make([]int64, len(all)), make([]int64, 0, len(all))
	for i, su := range all {
		signups[i] = su.ID
		if !slices.Contains(calls, su.CallID) {
			calls = append(calls, su.CallID)
		}
	}
	own, err := tx.Changes(f.Tenant.ID, "signup", signups)
	if err != nil {
		return err
	}
	theirs, err := tx.Changes(f.Tenant.ID, "call", calls, "call_edit", "call_cancel", "call_reopen")
	if err != nil {
		return err
	}
	sheets := map[int64]models.Sheet{}
	for _, su := range all {
		sh, known := sheets[su.CallID]
		if !known {
			b, err := s.board(tx, f.Tenant.ID, su.CallID)
			if err != nil {
				return err
			}
			if sh, err = bareSheet(tx, Actor{Tenant: f.Tenant, Person: f.Person}, b); err != nil {
				return err
			}
			sheets[su.CallID] = sh
		}
		one := FeedShift{Sheet: sh, Signup: su, Changes: own[su.ID].N + theirs[su.CallID].N - 1, At: max(own[su.ID].At, theirs[su.CallID].At)}
		if one.Gone() && one.At < f.Now.Add(-feedGone) {
			continue
		}
		f.Shifts = append(f.Shifts, one)
	}
	return nil
}

func (s *Services) feedSessions(tx *store.Tx, f *Feed) error {
	all, err := tx.AttendancesInCalendar(f.Person.ID, f.Now.Add(-feedBack), f.Now.Add(feedFar))
	if err != nil {
		return err
	}
	var own, occurrences, studies []int64
	for _, a := range all {
		own, occurrences = append(own, a.ID), append(occurrences, a.OccurrenceID)
		if !slices.Contains(studies, a.StudyID) {
			studies = append(studies, a.StudyID)
		}
	}
	sts, err := tx.StudiesByIDs(studies)
	if err != nil {
		return err
	}
	os, err := tx.OccurrencesByIDs(occurrences)
	if err != nil {
		return err
	}
	of := map[string]map[int64]store.Change{}
	for thing, ids := range map[string][]int64{"attendance": own, "occurrence": occurrences, "study": studies} {
		if of[thing], err = tx.Changes(f.Tenant.ID, thing, ids); err != nil {
			return err
		}
	}
	for _, a := range all {
		one := FeedSession{Study: sts[a.StudyID], Occurrence: os[a.OccurrenceID], Attendance: a}
		for _, c := range []store.Change{of["attendance"][a.ID], of["occurrence"][a.OccurrenceID], of["study"][a.StudyID]} {
			one.Changes += max(0, c.N-1)
			one.At = max(one.At, c.At)
		}
		if one.Gone() && one.At < f.Now.Add(-feedGone) {
			continue
		}
		if one.Material, err = materialOf(tx, one.Study); err != nil {
			return err
		}
		f.Sessions = append(f.Sessions, one)
	}
	return nil
}

// feedRules adds the times of rules that are not laid out yet, for the next 60
// days. Each has the entry that it will have when it is.
func (s *Services) feedRules(tx *store.Tx, f *Feed) error {
	audiences, err := unitsAbove(tx, f.Tenant.ID, f.Person.ID)
	if err != nil {
		return err
	}
	rooms, err := tx.RoomsOf(f.Tenant.ID, f.Person.ID)
	if err != nil {
		return err
	}
	for _, ref := range rooms {
		audiences = append(audiences, models.Audience{Kind: models.AudienceChannel, Ref: ref}, models.Audience{Kind: models.AudienceGroup, Ref: ref})
	}
	if f.Person.Member {
		audiences = append(audiences, models.Audience{Kind: models.AudienceAll})
	}
	if f.Person.Guest || len(audiences) == 0 { // as audiences have it: never guests
		return nil
	}
	studies, err := tx.StudiesFor(f.Tenant.ID, audiences...)
	if err != nil {
		return err
	}
	slices.SortFunc(studies, func(a, b models.Study) int { return cmp.Compare(a.ID, b.ID) })
	for _, st := range slices.CompactFunc(studies, func(a, b models.Study) bool { return a.ID == b.ID }) {
		if err := s.feedRule(tx, f, st); err != nil {
			return err
		}
	}
	return nil
}

func (s *Services) feedRule(tx *store.Tx, f *Feed, st models.Study) error {
	after, err := s.plannedUpTo(tx, st)
	if err != nil {
		return err
	}
	times, err := s.studyTimes(tx, st, max(after, f.Now), feedPerOne)
	if err != nil {
		return err
	}
	changes, err := tx.Changes(f.Tenant.ID, "study", []int64{st.ID})
	if err != nil {
		return err
	}
	m, err := materialOf(tx, st)
	if err != nil {
		return err
	}
	for _, t := range times {
		if t.Off {
			continue
		}
		if models.At(t.Start) > f.Now.Add(feedAhead) {
			break
		}
		_, err := tx.OccurrenceAt(st.ID, models.At(t.RuleStart))
		if err == nil { // laid out by hand, or before who is in it was known
			continue
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		f.Sessions = append(f.Sessions, FeedSession{Study: st, Material: m, Changes: max(0, changes[st.ID].N-1), At: changes[st.ID].At,
			Occurrence: models.Occurrence{StudyID: st.ID, RuleStart: models.At(t.RuleStart), Start: models.At(t.Start), State: models.OccurrencePlanned,
				End: models.At(t.Start).Add(time.Duration(st.Length) * time.Minute), Holiday: t.Holiday}})
	}
	return nil
}
