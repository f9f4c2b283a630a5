package services

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// AskActivity makes an activity record of the actor's year (0 = this one) up
// to today, and has it sent to them.
func (s *Services) AskActivity(ctx context.Context, act Act, year int) error {
	return s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		zone := me.Tenant.Location()
		period := models.PeriodOf(models.PeriodYear, tx.Now, zone)
		if year != 0 {
			period = models.YearSpan(year, zone)
		}
		if period.Start > tx.Now {
			return models.Refuse(models.CodeInvalid, "error.activity_future", "Year", fmt.Sprint(year))
		}
		// Today is in it; what comes after is not promised by it.
		y, m, d := tx.Now.In(zone).Date()
		period.End = min(period.End, models.At(time.Date(y, m, d+1, 0, 0, 0, 0, zone)))
		a := models.Activity{ActivityRecord: models.ActivityRecord{TenantID: me.Tenant.ID, PersonID: me.Person.ID, Name: me.Person.Name,
			Code: models.DrawActivityCode(s.random), StartAt: period.Start, EndAt: period.End}}
		if err := s.freezeActivity(tx, &a); err != nil {
			return err
		}
		if err := tx.Save(me.By("activity_make"), &a.ActivityRecord); err != nil {
			return fmt.Errorf("save activity record: %w", err)
		}
		_, err := tx.Enqueue(models.Message{TenantID: me.Tenant.ID, Key: fmt.Sprintf("activity:%d", a.ID), Kind: models.MessageActivity,
			Op: models.OpFile, SubjectID: a.ID, PersonID: me.Person.ID, Priority: models.PriorityAnswer, Quiet: models.QuietPass})
		return err
	})
}

// freezeActivity fills a record with what counts in its period now.
func (s *Services) freezeActivity(tx *store.Tx, a *models.Activity) error {
	hours, err := tx.HoursOf(a.TenantID, a.PersonID, a.StartAt, a.EndAt)
	if err != nil {
		return fmt.Errorf("hours of an activity record: %w", err)
	}
	slices.Reverse(hours) // the oldest first
	a.HourIDs, a.StudyIDs = nil, nil
	for _, h := range hours {
		if h.State == models.HoursCounted {
			a.HourIDs = append(a.HourIDs, h.ID)
		}
	}
	learnt, err := tx.StudyCredited(a.PersonID, a.StartAt, a.EndAt)
	if err != nil {
		return fmt.Errorf("study of an activity record: %w", err)
	}
	for _, at := range learnt {
		a.StudyIDs = append(a.StudyIDs, at.ID)
	}
	a.MadeAt = tx.Now
	if err := s.activityLines(tx, a); err != nil {
		return err
	}
	t, err := tx.Tenant(a.TenantID)
	if err != nil {
		return fmt.Errorf("organisation of an activity record: %w", err)
	}
	a.Ever, a.Stars = a.Before, t.Stars(a.Before)
	if head, err := tx.Head(a.TenantID); err == nil {
		a.HeadSeq, a.HeadHash = head.Seq, head.Hash
	} else if !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("head of the record: %w", err)
	}
	a.Freeze()
	return nil
}

// activityLines reads what a record lists, as the database has it now.
func (s *Services) activityLines(tx *store.Tx, a *models.Activity) (err error) {
	a.Now = tx.Now
	if a.Tenant, err = tx.Tenant(a.TenantID); err != nil {
		return err
	}
	if a.Person, err = tx.Person(a.PersonID); ignoreMissing(err) != nil {
		return err
	}
	units, err := tx.Units(a.TenantID)
	if err != nil {
		return fmt.Errorf("units of an activity record: %w", err)
	}
	names := map[int64]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	if err := activityHours(tx, a, names); err != nil {
		return fmt.Errorf("hours of an activity record: %w", err)
	}
	if err := activityStudy(tx, a, names); err != nil {
		return fmt.Errorf("study of an activity record: %w", err)
	}
	// To the end of the day it was made: the same day's hours are in it.
	a.Before, err = tx.MinutesOf(a.TenantID, a.PersonID, math.MinInt64, a.MadeAt+1)
	return err
}

func activityHours(tx *store.Tx, a *models.Activity, units map[int64]string) error {
	rows, err := tx.HoursByIDs(a.TenantID, a.HourIDs)
	if err != nil {
		return err
	}
	var calls []int64
	for _, h := range rows {
		calls = append(calls, h.CallID)
	}
	slices.Sort(calls)
	of, err := tx.CallsByIDs(slices.Compact(calls))
	if err != nil {
		return err
	}
	a.Hours = nil
	for _, id := range a.HourIDs {
		h := rows[id]
		c := of[h.CallID]
		a.Hours = append(a.Hours, models.ActivityLine{ID: id, From: h.FromAt, Minutes: h.Minutes, Grade: h.Grade,
			Counts: h.State == models.HoursCounted && h.PersonID == a.PersonID, Title: c.Title, Unit: units[c.UnitID]})
	}
	return nil
}

func activityStudy(tx *store.Tx, a *models.Activity, units map[int64]string) error {
	rows, err := tx.AttendancesByIDs(a.TenantID, a.StudyIDs)
	if err != nil {
		return err
	}
	var occurrences, studies []int64
	for _, at := range rows {
		occurrences, studies = append(occurrences, at.OccurrenceID), append(studies, at.StudyID)
	}
	slices.Sort(studies)
	os, err := tx.OccurrencesByIDs(occurrences)
	if err != nil {
		return err
	}
	sts, err := tx.StudiesByIDs(slices.Compact(studies))
	if err != nil {
		return err
	}
	a.Learnt = nil
	for _, id := range a.StudyIDs {
		at := rows[id]
		st := sts[at.StudyID]
		a.Learnt = append(a.Learnt, models.ActivityLine{ID: id, From: os[at.OccurrenceID].Start, Minutes: at.Credit, Grade: at.State,
			Counts: at.PersonID == a.PersonID && (at.State == models.AttendanceAttended || at.State == models.AttendanceMadeUp),
			Title:  st.Title, Unit: units[st.UnitID]})
	}
	return nil
}

// ActivityToSend is a record as it is printed. What changed between the asking
// and the printing is in it, so that no paper is wrong from its first day.
func (s *Services) ActivityToSend(ctx context.Context, m models.Message) (a models.Activity, ok bool, err error) {
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		a = models.Activity{}
		if a.ActivityRecord, err = tx.ActivityRecord(m.TenantID, m.SubjectID); err != nil {
			return ignoreMissing(err)
		}
		if a.WithdrawnAt != 0 || a.PersonID != m.PersonID {
			return nil
		}
		if err := s.activityLines(tx, &a); err != nil {
			return err
		}
		if ok = true; a.Matches() {
			return nil
		}
		if err := s.freezeActivity(tx, &a); err != nil {
			return err
		}
		return tx.Save(models.By{TenantID: a.TenantID, Action: "activity_renew"}, &a.ActivityRecord)
	})
	return a, ok && err == nil, err
}

// CheckActivity reads the activity record behind a code against the database;
// ok is false when there is none. What it says is Matches and WithdrawnAt.
func (s *Services) CheckActivity(ctx context.Context, typed string) (a models.Activity, ok bool, err error) {
	code, could := models.ParseActivityCode(typed)
	if !could {
		return a, false, nil
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		a = models.Activity{}
		if a.ActivityRecord, err = tx.ActivityRecordBy(code); err != nil {
			return ignoreMissing(err)
		}
		ok = true
		return s.activityLines(tx, &a)
	})
	return a, ok && err == nil, err
}
