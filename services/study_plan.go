package services

import (
	"encoding/json"
	"errors"
	"fmt"
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
	horizon := tx.Now.Add(st.Horizon())
	next := models.Instant(0)
	for next == 0 {
		times, err := st.Next(after, 50)
		if err != nil {
			return fmt.Errorf("next times of study %d: %w", st.ID, err)
		}
		if len(times) == 0 {
			break
		}
		for _, t := range times {
			if models.At(t) > horizon {
				next = models.At(t)
				break
			}
			if err := s.planOccurrence(tx, st, models.At(t)); err != nil {
				return err
			}
			after = models.At(t)
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
	return max(st.CreatedAt, 1).Add(-time.Duration(st.Length) * time.Minute), nil
}

// planLook plans the next look at a study: when the next time comes inside the
// horizon, at least once a day for who has joined since, and at the end of the
// last make-up to close it.
func (s *Services) planLook(tx *store.Tx, st models.Study, next models.Instant) error {
	at := tx.Now.Add(24 * time.Hour)
	if next != 0 {
		at = min(at, next.Add(-st.Horizon()))
	} else {
		ahead, err := tx.OccurrencesOf(st.ID, 0, 1000)
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
func (s *Services) planOccurrence(tx *store.Tx, st models.Study, start models.Instant) error {
	o, err := tx.OccurrenceAt(st.ID, start)
	if err == nil {
		return s.planPeople(tx, st, o, 0)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	o = models.Occurrence{TenantID: st.TenantID, StudyID: st.ID, RuleStart: start, Start: start,
		End: start.Add(time.Duration(st.Length) * time.Minute), State: models.OccurrencePlanned}
	if err := tx.Save(models.By{TenantID: st.TenantID, Action: "occurrence_plan"}, &o); err != nil {
		return err
	}
	if err := s.planCourse(tx, st, o); err != nil {
		return err
	}
	return s.planPeople(tx, st, o, 0)
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
	if err := plan(models.DueStudyClose, "close", end); err != nil {
		return err
	}
	return plan(models.DueStudyAbsent, "absent", max(o.MakeupUntil(st), end.Add(models.AskLeaderAfter)))
}

func (s *Services) unplanCourse(tx *store.Tx, o models.Occurrence) error {
	for _, name := range []string{"open", "close", "ask", "absent"} {
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
	for _, p := range people {
		if had[p.ID] {
			continue
		}
		a := models.Attendance{TenantID: o.TenantID, StudyID: st.ID, OccurrenceID: o.ID, PersonID: p.ID, State: models.AttendanceDue}
		if err := tx.Save(models.By{TenantID: o.TenantID, Action: "attendance_due"}, &a); err != nil {
			return err
		}
		if err := s.planReminders(tx, st, o, a, t, p); err != nil {
			return err
		}
	}
	if len(people) < peopleBatch {
		return nil
	}
	return tx.Plan(models.Due{TenantID: o.TenantID, Key: "study:people:" + id(o.ID), Kind: models.DueStudyPeople, RefID: o.ID,
		DueAt: tx.Now, Args: encode(cursor{After: ids[len(ids)-1]})})
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
