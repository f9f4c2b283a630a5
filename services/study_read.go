package services

import (
	"context"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// StudyCard is everything a member's message about one occurrence shows.
type StudyCard struct {
	Tenant     models.Tenant
	Person     models.Person
	Study      models.Study
	Occurrence models.Occurrence
	Attendance models.Attendance
	Material   models.Material // the library item it is about, zero when none
	Minutes    int             // study minutes credited this year
	Target     int             // study minutes of the year's target
	Roller     models.Person   // who wrote about the member on the roll, zero for nobody
	Full       bool            // no place is left at the member's time, and they have none
	Leads      bool            // the member leads this session, and it is on now
	Leave      models.Leave    // what the member is asked or excused under, zero for none
	Now        models.Instant
}

// loadStudy loads an attendance with what it belongs to. ErrNotFound when it
// was taken back.
func (s *Services) loadStudy(tx *store.Tx, tenantID, attendanceID int64) (StudyCard, error) {
	c := StudyCard{Now: tx.Now}
	var err error
	if c.Attendance, err = tx.Attendance(tenantID, attendanceID); err != nil {
		return c, err
	}
	if c.Study, c.Occurrence, err = studyOf(tx, c.Attendance); err != nil {
		return c, err
	}
	if c.Material, err = materialOf(tx, c.Study); err != nil {
		return c, fmt.Errorf("material of attendance %d: %w", attendanceID, err)
	}
	if c.Tenant, err = tx.Tenant(tenantID); err != nil {
		return c, fmt.Errorf("tenant of attendance %d: %w", attendanceID, err)
	}
	if c.Person, err = tx.Person(c.Attendance.PersonID); err != nil {
		return c, fmt.Errorf("person of attendance %d: %w", attendanceID, err)
	}
	if err = s.withLeave(tx, &c); err != nil {
		return c, fmt.Errorf("leave of attendance %d: %w", attendanceID, err)
	}
	return c, nil
}

// withYear adds the year's account as it stands.
func (s *Services) withYear(tx *store.Tx, c StudyCard) (StudyCard, error) {
	year, span := models.YearOfInstant(c.Occurrence.Start, c.Tenant.Location())
	free, err := tx.Exemptions(c.Tenant.ID, year, store.YearWho{PersonID: c.Person.ID})
	if err != nil {
		return c, err
	}
	c.Target, _ = models.TargetAfter(models.StudyTarget(c.Tenant, c.Person.Duty), year, models.FreeDays(year, free[c.Person.ID]))
	if c.Minutes, err = tx.StudyMinutes(c.Person.ID, span.Start, span.End); err != nil {
		return c, err
	}
	err = ignoreFull(s.placeFree(tx, c, c.Attendance.Slot), &c.Full)
	return c, err
}

// StudyMessage is what a study message about an attendance is rendered from.
// ok is false when there is nothing to say any more.
func (s *Services) StudyMessage(ctx context.Context, tenantID, attendanceID int64) (c StudyCard, ok bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if c, err = s.loadStudy(tx, tenantID, attendanceID); err != nil {
			return err
		}
		if c, err = s.withRoll(tx, c); err != nil {
			return err
		}
		c, err = s.withYear(tx, c)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return c, false, nil
	}
	return c, err == nil, err
}

// StudySession is what the leader's question about an occurrence shows.
type StudySession struct {
	Tenant     models.Tenant
	Leader     models.Person
	Study      models.Study
	Occurrence models.Occurrence
	Counts     map[string]int // by state; due ones also by intent, "due:attend"
	Tally      models.StudyTally
	Roller     models.Person // who last took the roll, zero for nobody
	Now        models.Instant
}

// StudyAsk is what the question to the leader is rendered from.
func (s *Services) StudyAsk(ctx context.Context, tenantID, occurrenceID, leaderID int64) (c StudySession, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		o, err := tx.Occurrence(tenantID, occurrenceID)
		if err != nil {
			return err
		}
		st, err := tx.Study(tenantID, o.StudyID)
		if err != nil {
			return err
		}
		t, err := tx.Tenant(tenantID)
		if err != nil {
			return err
		}
		leader, err := tx.Person(leaderID)
		if err != nil {
			return err
		}
		c, err = s.studySession(tx, t, leader, st, o)
		return err
	})
	return c, err
}

// StudyCardOf is the actor's own attendance with what it belongs to.
func (s *Services) StudyCardOf(ctx context.Context, act Act, attendanceID int64) (c StudyCard, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err = s.mine(tx, me, attendanceID)
		return err
	})
	return c, err
}

// StudyUnits are the units for which the actor may open a study.
func (s *Services) StudyUnits(ctx context.Context, act Act) (units []models.Unit, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Leader(0) {
			return s.refuseOrganizer(tx, me)
		}
		all, err := tx.Units(me.Tenant.ID)
		if err != nil {
			return err
		}
		for _, u := range all {
			if me.Rights.Leader(u.ID) {
				units = append(units, u)
			}
		}
		return nil
	})
	return units, err
}

// ZoneHere is the zone that setup gave the channel of the act, "" for none.
func (s *Services) ZoneHere(ctx context.Context, act Act) (zone string, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		c, err := tx.ChannelBySlack(me.Tenant.ID, act.Channel)
		zone = c.Zone
		return ignoreMissing(err)
	})
	return zone, err
}
