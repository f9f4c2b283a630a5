package services

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"muster/models"
	"muster/store"
)

// peopleBatch is how many members one transaction plans: at about a
// millisecond each, a press in between waits no longer than a blink.
const peopleBatch = 200

// cursor is where a walk over an occurrence's people stands.
type cursor struct {
	After int64          `json:"after,omitempty"`
	From  models.Instant `json:"from,omitempty"`  // study.change: where it was before it was moved
	Reach int64          `json:"reach,omitempty"` // study.change: the act to many that tells of it
	Where bool           `json:"where,omitempty"` // study.change: it takes place elsewhere
}

func readCursor(d models.Due) (cursor, error) {
	var c cursor
	if len(d.Args) == 0 {
		return c, nil
	}
	if err := json.Unmarshal(d.Args, &c); err != nil {
		return c, fmt.Errorf("cursor of %s: %w", d.Key, err)
	}
	return c, nil
}

func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("due args must be plain values: " + err.Error())
	}
	return raw
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// planStudy makes the occurrences of a study up to its horizon, each with what
// will have to be done about it, and plans when to look again.
func (s *Services) planStudy(tx *store.Tx, st models.Study) error {
	if st.State != models.StudyActive {
		return nil
	}
	after, err := s.plannedUpTo(tx, st)
	if err != nil {
		return err
	}
	return s.planStudyFrom(tx, st, after)
}

// planStudyFrom lays out the times of the rule after `after`.
func (s *Services) planStudyFrom(tx *store.Tx, st models.Study, after models.Instant) error {
	p, err := s.placing(tx, st)
	if err != nil {
		return err
	}
	horizon := tx.Now.Add(st.Horizon())
	next := models.Instant(0)
	for next == 0 {
		places, err := p.Next(after, 50)
		if err != nil {
			return fmt.Errorf("next times of study %d: %w", st.ID, err)
		}
		if len(places) == 0 {
			break
		}
		for _, at := range places {
			if models.At(at.Start) > horizon {
				next = models.At(at.Start)
				break
			}
			if err := s.planOccurrence(tx, st, at); err != nil {
				return err
			}
			after = models.At(at.RuleStart)
		}
	}
	return s.planLook(tx, st, next)
}

// plannedUpTo is after which time the rule has not been laid out yet: the
// latest occurrence made, so that what fell into a time when Muster was down
// still gets its row and can be entered; for a new study now, or before it for
// one that is under way.
func (s *Services) plannedUpTo(tx *store.Tx, st models.Study) (models.Instant, error) {
	last, err := tx.LastRuleStart(st.ID)
	if err != nil {
		return 0, err
	}
	if last != 0 {
		return last, nil
	}
	return laidFrom(st), nil
}

// planLook plans the next look at a study: when the next time comes inside the
// horizon, at least once a day for who has joined since, and at the end of the
// last make-up to close it.
func (s *Services) planLook(tx *store.Tx, st models.Study, next models.Instant) error {
	at := tx.Now.Add(24 * time.Hour)
	if next != 0 {
		at = min(at, next.Add(-st.Horizon()))
	} else {
		// Of a series of years only those at its end can still be open.
		ahead, err := tx.OccurrencesOf(st.ID, tx.Now.Add(-st.Makeup()-slotsReach-24*time.Hour), 1000)
		if err != nil {
			return err
		}
		end := tx.Now
		for _, o := range ahead {
			end = max(end, o.LastEnd(st).Add(24*time.Hour), o.MakeupUntil(st))
		}
		if end <= tx.Now {
			st.State = models.StudyEnded
			return tx.Save(models.By{TenantID: st.TenantID, Action: "study_end"}, &st)
		}
		at = min(at, end)
	}
	return tx.Plan(models.Due{TenantID: st.TenantID, Key: "study:plan:" + id(st.ID) + ":", Kind: models.DueStudyPlan, RefID: st.ID, DueAt: max(at, tx.Now+1)})
}

// planOccurrence makes one occurrence unless it is there already, and plans
// its people anew in either case.
func (s *Services) planOccurrence(tx *store.Tx, st models.Study, at models.Placed) error {
	o, err := tx.OccurrenceAt(st.ID, models.At(at.RuleStart))
	if err == nil {
		return s.planPeople(tx, st, o, 0)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	o = models.Occurrence{TenantID: st.TenantID, StudyID: st.ID, RuleStart: models.At(at.RuleStart)}
	lay(&o, st, at, laidFrom(st))
	if err := tx.Save(models.By{TenantID: st.TenantID, Action: "occurrence_plan"}, &o); err != nil {
		return err
	}
	if !o.Ahead() {
		return nil
	}
	if err := s.planCourse(tx, st, o); err != nil {
		return err
	}
	return s.planPeople(tx, st, o, 0)
}

// laidFrom is the earliest start of a study's occurrences: one under way when
// it was opened.
func laidFrom(st models.Study) models.Instant {
	return max(st.CreatedAt, 1).Add(-time.Duration(st.Length) * time.Minute)
}

// planCourse plans what happens around an occurrence whoever comes: check-in
// opens and ends, the leader is asked, make-up closes.
func (s *Services) planCourse(tx *store.Tx, st models.Study, o models.Occurrence) error {
	if err := s.unplanCourse(tx, o); err != nil {
		return err
	}
	plan := func(kind models.DueKind, name string, at models.Instant) error {
		return tx.Plan(models.Due{TenantID: o.TenantID, Key: "study:" + name + ":" + id(o.ID) + ":", Kind: kind, RefID: o.ID, DueAt: at})
	}
	end := o.LastEnd(st)
	if st.Meets() {
		for slot := 0; slot <= len(st.Slots); slot++ {
			start, _ := o.Times(st, slot)
			d := models.Due{TenantID: o.TenantID, Key: "study:open:" + id(o.ID) + ":" + strconv.Itoa(slot), Kind: models.DueStudyOpen,
				RefID: o.ID, DueAt: start.Add(-models.CheckInLead)}
			if d.DueAt > tx.Now { // else reminders are rendered with check-in from the start
				if err := tx.Plan(d); err != nil {
					return err
				}
			}
		}
		if err := plan(models.DueStudyAsk, "ask", end.Add(models.AskLeaderAfter)); err != nil {
			return err
		}
	}
	for slot := 0; slot <= len(st.Slots); slot++ { // each of its times ends for who chose it
		_, theirs := o.Times(st, slot)
		d := models.Due{TenantID: o.TenantID, Key: "study:close:" + id(o.ID) + ":" + strconv.Itoa(slot), Kind: models.DueStudyClose,
			RefID: o.ID, DueAt: theirs}
		if theirs > tx.Now || theirs == end {
			if err := tx.Plan(d); err != nil {
				return err
			}
		}
	}
	if st.Pushed() {
		if err := plan(models.DueReceiptFinal, "receipt", end); err != nil {
			return err
		}
	}
	// Not before members can do nothing more, or the buttons would stay.
	return plan(models.DueStudyAbsent, "absent", o.AbsentFrom(st))
}

func (s *Services) unplanCourse(tx *store.Tx, o models.Occurrence) error {
	for _, name := range []string{"open", "close", "ask", "absent", "receipt"} {
		if _, err := tx.Unplan(o.TenantID, "study:"+name+":"+id(o.ID)+":"); err != nil {
			return err
		}
	}
	return nil
}

// planPeople gives the next members of an occurrence's audience their
// attendance and reminders, and plans the rest of the walk.
func (s *Services) planPeople(tx *store.Tx, st models.Study, o models.Occurrence, after int64) error {
	if !o.Ahead() || st.State != models.StudyActive {
		return nil
	}
	units, err := unitsUnder(tx, st.TenantID, st.Audience())
	if err != nil {
		return err
	}
	people, err := tx.AudiencePage(st.TenantID, st.Audience(), units, after, peopleBatch)
	if err != nil || len(people) == 0 {
		return err
	}
	t, err := tx.Tenant(st.TenantID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	if err := tx.MakeMembers(ids); err != nil {
		return err
	}
	had, err := tx.HaveAttendance(o.ID, ids)
	if err != nil {
		return err
	}
	away, err := tx.LeavesAt(st.TenantID, st.UnitID, o.Start)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(p models.Person) bool { return had[p.ID] })
	if err := s.planNewcomers(tx, st, o, t, people, away); err != nil {
		return err
	}
	if len(ids) < peopleBatch {
		return touchReceipts(tx, st, o.ID)
	}
	return tx.Plan(models.Due{TenantID: o.TenantID, Key: "study:people:" + id(o.ID), Kind: models.DueStudyPeople, RefID: o.ID,
		DueAt: tx.Now, Args: encode(cursor{After: ids[len(ids)-1]})})
}

// planNewcomers gives people their attendance of an occurrence and what will
// remind them of it: all of them at once, which takes a fifth of the time.
func (s *Services) planNewcomers(tx *store.Tx, st models.Study, o models.Occurrence, t models.Tenant, people []models.Person, away map[int64]models.Leave) error {
	if len(people) == 0 {
		return nil
	}
	ids := make([]int64, len(people))
	rows := make([]*models.Attendance, len(people))
	for i, p := range people {
		ids[i] = p.ID
		rows[i] = &models.Attendance{TenantID: o.TenantID, StudyID: st.ID, OccurrenceID: o.ID, PersonID: p.ID, State: models.AttendanceDue}
		rows[i].GoOnLeave(away[p.ID])
	}
	if err := tx.AddAttendances(models.By{TenantID: o.TenantID, Action: "attendance_due"}, rows); err != nil {
		return err
	}
	units, err := tx.UnitsOfPeople(o.TenantID, ids)
	if err != nil {
		return err
	}
	var plan []models.Due
	for i, p := range people {
		if wantsReminders(st, o, *rows[i], p) {
			plan = append(plan, reminderDues(st, o, *rows[i], p, models.TimesOf(p, units[p.ID], t), waiting{}, tx.Now)...)
		}
	}
	if err := tx.PlanAll(plan); err != nil {
		return err
	}
	dues, err := tx.DuesOfPeople(o.TenantID, ids, dayKinds...)
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := s.gatherRows(tx, p, models.TimesOf(p, units[p.ID], t), dues[p.ID]); err != nil {
			return err
		}
	}
	return nil
}

// dropLeavers takes back what was planned for people who are no longer in the
// audience, unless they had said or been told something.
func (s *Services) dropLeavers(tx *store.Tx, st models.Study, o models.Occurrence) error {
	if !o.Ahead() || o.Start <= tx.Now {
		return nil
	}
	units, err := unitsUnder(tx, st.TenantID, st.Audience())
	if err != nil {
		return err
	}
	gone, err := tx.AttendancesOutside(o.ID, st.TenantID, st.Audience(), units)
	if err != nil {
		return err
	}
	for _, a := range gone {
		if a.State != models.AttendanceDue || a.Intent != models.IntentNone {
			continue
		}
		if _, err := tx.Unplan(o.TenantID, remindKeys(o.ID, a.PersonID)); err != nil {
			return err
		}
		if len(a.Reminded) > 0 {
			continue
		}
		if err := tx.Remove(models.By{TenantID: o.TenantID, Action: "attendance_drop"}, &a); err != nil {
			return err
		}
	}
	return nil
}
