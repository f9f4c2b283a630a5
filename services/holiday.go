package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/models"
	"muster/store"
)

// Holidays is what is known of a year's days.
type Holidays struct {
	Tenant  models.Tenant
	Public  models.PublicYear
	Own     []models.OrgDay
	Years   []int // those that ship with the program
	Manages bool  // the reader may change the own days
	Now     models.Instant
}

// OrgDayChange is an own day before and after an act, and the sessions that
// move with it.
type OrgDayChange struct {
	Tenant models.Tenant
	Before models.OrgDay // without an id: there was none
	Day    models.OrgDay
	Moved  []MovedSession
	Reach  models.ReachShown // with an id: many would be told, and nothing was changed
	Now    models.Instant
}

// MovedSession is a session that an own day moved or skipped, or that lies by
// its rule again.
type MovedSession struct {
	Study  models.Study
	Change StudyChange
}

// orgDayAct is an act on an own day that waits for its choice.
type orgDayAct struct {
	Day models.OrgDay `json:"day"`
}

// orgDayYears is how far ahead an own day may lie.
const orgDayYears = 5

// Holidays lists the days of a year; 0 is the present one.
func (s *Services) Holidays(ctx context.Context, act Act, year int) (out Holidays, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		this := tx.Now.In(me.Tenant.Location()).Year()
		if year == 0 {
			year = this
		}
		if year < this-orgDayYears || year > this+orgDayYears {
			return models.Refuse(models.CodeInvalid, "error.holiday_year", "Part", year, "Year", this)
		}
		calendar := models.NewCalendar(nil)
		out = Holidays{Tenant: me.Tenant, Public: calendar.Year(year), Years: calendar.Years(), Manages: organizesAll(me.Rights), Now: tx.Now}
		out.Own, err = tx.OrgDays(me.Tenant.ID, fmt.Sprintf("%04d-01-01", year), fmt.Sprintf("%04d-12-31", year), false)
		return err
	})
	return out, err
}

// MayKeepOrgDays asks for the right to set own days: an organizer of all, or an
// admin.
func (s *Services) MayKeepOrgDays(ctx context.Context, act Act) error {
	return s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !organizesAll(me.Rights) {
			return s.refuseOrganizer(tx, me)
		}
		return nil
	})
}

// KeepOrgDay makes a date an own day off or an own working day; on a date that
// is one already it becomes this one.
func (s *Services) KeepOrgDay(ctx context.Context, act Act, date time.Time, work bool, name string) (out OrgDayChange, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		day := models.OrgDay{TenantID: me.Tenant.ID, Date: date.Format(time.DateOnly), Work: work,
			Name: models.CutRunes(strings.Join(strings.Fields(name), " "), models.OrgDayName), State: models.OrgDayActive,
			CreatedBy: me.Person.ID, CreatedAt: tx.Now}
		out, err = s.changeOrgDay(tx, me, day, false)
		return err
	})
	return out, err
}

// DropOrgDay takes an own day away, or (back) has it again.
func (s *Services) DropOrgDay(ctx context.Context, act Act, dayID int64, back bool) (out OrgDayChange, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		day, err := tx.OrgDay(me.Tenant.ID, dayID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.holiday_gone")
		}
		if err != nil {
			return err
		}
		out, err = s.dropOrgDay(tx, me, day, back)
		return err
	})
	return out, err
}

// DropOrgDayOn is DropOrgDay by the date.
func (s *Services) DropOrgDayOn(ctx context.Context, act Act, date time.Time) (out OrgDayChange, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		day, err := tx.OrgDayOn(me.Tenant.ID, date.Format(time.DateOnly))
		if ignoreMissing(err) != nil {
			return err
		}
		if err != nil || day.State != models.OrgDayActive {
			return models.Refuse(models.CodeNotFound, "error.holiday_none")
		}
		out, err = s.dropOrgDay(tx, me, day, false)
		return err
	})
	return out, err
}

func (s *Services) dropOrgDay(tx *store.Tx, me Actor, day models.OrgDay, back bool) (OrgDayChange, error) {
	from, to := models.OrgDayActive, models.OrgDayDeleted
	if back {
		from, to = to, from
	}
	if day.State != from {
		return OrgDayChange{}, models.Refuse(models.CodeConflict, "error.nothing_to_undo")
	}
	day.State = to
	return s.changeOrgDay(tx, me, day, false)
}

// changeOrgDay saves an own day and moves the sessions ahead; chosen when it
// was asked about before, because it tells many.
func (s *Services) changeOrgDay(tx *store.Tx, me Actor, day models.OrgDay, chosen bool) (out OrgDayChange, err error) {
	if !organizesAll(me.Rights) {
		return out, s.refuseOrganizer(tx, me)
	}
	out = OrgDayChange{Tenant: me.Tenant, Day: day, Now: tx.Now}
	if out.Before, err = orgDayBefore(tx, me, &out.Day); err != nil {
		return out, err
	}
	plans, err := s.withOrgDay(tx, out.Day)
	if err != nil {
		return out, err
	}
	for _, p := range plans {
		for _, c := range p.changes {
			out.Moved = append(out.Moved, MovedSession{Study: p.placing.Study, Change: c})
		}
	}
	if !chosen {
		ok, r, err := s.holidayReaches(tx, me, out)
		if err == nil && !ok {
			out.Reach, err = s.reachShown(tx, me.Tenant, r)
		}
		if err != nil || !ok {
			return out, err
		}
	}
	action := "org_day_set"
	if out.Day.State == models.OrgDayDeleted {
		action = "org_day_delete"
	}
	if err := tx.Save(me.By(action), &out.Day); err != nil {
		return out, err
	}
	for _, p := range plans {
		if err := s.follow(tx, p, me.By("occurrence_holiday")); err != nil {
			return out, err
		}
	}
	return out, nil
}

// orgDayBefore is what there is on the date; day becomes a change of that row.
func orgDayBefore(tx *store.Tx, me Actor, day *models.OrgDay) (was models.OrgDay, err error) {
	today := tx.Now.In(me.Tenant.Location())
	last := today.AddDate(orgDayYears, 0, 0).Format(time.DateOnly)
	switch {
	case day.Date < today.Format(time.DateOnly):
		return was, models.Refuse(models.CodeInvalid, "error.holiday_past")
	case day.Date > last:
		return was, models.Refuse(models.CodeInvalid, "error.holiday_far", "N", orgDayYears)
	}
	was, err = tx.OrgDayOn(me.Tenant.ID, day.Date)
	if errors.Is(err, store.ErrNotFound) {
		return models.OrgDay{}, nil
	}
	if err != nil {
		return was, err
	}
	day.ID = was.ID
	if was.State == day.State && was.Work == day.Work && was.Name == day.Name {
		return was, models.Refuse(models.CodeConflict, "error.holiday_same")
	}
	return was, nil
}

// relayPlan is what becomes of one study's occurrences.
type relayPlan struct {
	placing models.Placing
	changes []StudyChange
}

// withOrgDay is what becomes of every study that heeds holidays once an own
// day is so.
func (s *Services) withOrgDay(tx *store.Tx, day models.OrgDay) ([]relayPlan, error) {
	own, err := tx.OrgDays(day.TenantID, "", "9999", false)
	if err != nil {
		return nil, err
	}
	own = slices.DeleteFunc(own, func(d models.OrgDay) bool { return d.Date == day.Date })
	calendar := models.NewCalendar(append(own, day))
	studies, err := tx.StudiesHeeding(day.TenantID)
	if err != nil {
		return nil, err
	}
	var out []relayPlan
	for _, st := range studies {
		p := models.Placing{Study: st, Calendar: calendar}
		if p.Hand, err = tx.OccurrencesByHand(st.ID, tx.Now.Add(-handKept)); err != nil {
			return nil, err
		}
		changes, err := s.relaid(tx, p, st)
		if err != nil {
			return nil, err
		}
		out = append(out, relayPlan{placing: p, changes: changes})
	}
	return out, nil
}

// follow moves one study's occurrences ahead to where its days have them now,
// makes those that a new working day gives, and tells the leader of what
// changed without them.
func (s *Services) follow(tx *store.Tx, p relayPlan, by models.By) error {
	st := p.placing.Study
	if err := s.keepRelaid(tx, st, p.changes, by); err != nil {
		return err
	}
	leader, err := s.leaderOf(tx, st)
	if err != nil {
		return err
	}
	for _, c := range p.changes {
		if leader == 0 || leader == by.ActorID {
			break
		}
		if err := tellMoved(tx, c, leader); err != nil {
			return err
		}
	}
	return s.planStudyFrom(tx, st, tx.Now)
}

// HolidayMoved is what a leader's message of a session that moved by itself
// carries: where it was.
type HolidayMoved struct {
	From models.Instant `json:"from,omitempty"` // 0 = it did not take place
}

// tellMoved tells the leader. One that waits unsent stays as it is: its words
// are found when it is sent.
func tellMoved(tx *store.Tx, c StudyChange, leader int64) error {
	args := HolidayMoved{From: c.Before.Start}
	if c.Before.Off() {
		args.From = 0
	}
	key := "study_holiday:" + id(c.After.ID)
	before, err := tx.MessageByKey(c.After.TenantID, key)
	if err == nil && before.Shown > 0 {
		err = tx.Rekey(c.After.TenantID, key, "was:"+key+":"+id(before.ID))
	}
	if ignoreMissing(err) != nil {
		return err
	}
	m := models.Message{TenantID: c.After.TenantID, Key: key, Kind: models.MessageHoliday, SubjectID: c.After.ID, PersonID: leader,
		Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait}
	_, err = tx.Enqueue(m.WithArgs(args))
	return err
}

// heedHolidays brings a study's occurrences ahead in line with the days as they
// are known now: a year's notice may have come with a new version.
func (s *Services) heedHolidays(tx *store.Tx, st models.Study) error {
	if !st.Heeds() || st.State != models.StudyActive {
		return nil
	}
	p, err := s.placing(tx, st)
	if err != nil {
		return err
	}
	changes, err := s.relaid(tx, p, st)
	if err != nil || len(changes) == 0 {
		return err
	}
	return s.follow(tx, relayPlan{placing: p, changes: changes}, models.By{TenantID: st.TenantID, Action: "occurrence_holiday"})
}

// checkHolidays refuses what holidays would leave nothing of.
func (s *Services) checkHolidays(tx *store.Tx, st models.Study) error {
	switch st.Holiday {
	case models.HolidayKeep, models.HolidaySkip, models.HolidayBefore, models.HolidayAfter:
	default:
		return models.Refuse(models.CodeInvalid, "error.holiday_policy", "Part", st.Holiday)
	}
	if !st.Heeds() || st.RRule != "" {
		return nil
	}
	st.ID = 0 // where the rule puts it, not where it was moved by hand
	places, err := s.studyTimes(tx, st, st.Start-1, 1)
	if err != nil || len(places) == 0 {
		return err
	}
	at := places[0]
	if at.Off || at.Moved() && models.At(at.Start) <= tx.Now {
		return models.Refuse(models.CodeInvalid, "error.holiday_once", "Day", at.RuleStart.Format(time.DateOnly), "Name", at.Holiday)
	}
	return nil
}

// HolidayMessage is what a leader's message of a session that moved by itself
// is rendered from; ok is false when it is gone.
func (s *Services) HolidayMessage(ctx context.Context, tenantID, occurrenceID, leaderID int64) (c StudySession, ok bool, err error) {
	c, err = s.StudyAsk(ctx, tenantID, occurrenceID, leaderID)
	if errors.Is(err, store.ErrNotFound) {
		return c, false, nil
	}
	return c, err == nil, err
}
