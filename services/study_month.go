package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// MonthSession is one session of a month's plan.
type MonthSession struct {
	Study      models.Study
	Occurrence models.Occurrence // without an id while it is not laid out yet
	Unit       models.Unit
	There      int               // attended or made up
	Mine       models.Attendance // the reader's own, zero when none
}

// Session states of a month's plan that an occurrence does not have itself.
const (
	SessionAhead    = "ahead"     // planned or moved, and not over
	SessionNoRecord = "no_record" // over, and nobody said whether it was held
)

// State is where the session stands at now.
func (m MonthSession) State(now models.Instant) string {
	switch {
	case m.Study.State == models.StudyCancelled:
		return models.OccurrenceSkipped
	case !m.Occurrence.Ahead():
		return m.Occurrence.State
	case m.Occurrence.LastEnd(m.Study) > now || !m.Study.Meets():
		return SessionAhead
	}
	return SessionNoRecord
}

// StudyMonth is a month's study by time: of the studies somebody leads, or,
// for a member, of their own.
type StudyMonth struct {
	Tenant   models.Tenant
	From, To time.Time // first moments of the month and of the next one, in the organisation's zone
	Leads    bool
	Person   models.Person // whose plan it is
	Sessions []MonthSession
	Cut      bool // there are more than are shown
	Now      models.Instant
}

// mostMonthSessions is how many sessions a month's plan shows: three a day.
const mostMonthSessions = 93

// EmptyWeeks are the weeks (their Mondays) of the month still ahead in which
// nothing takes place.
func (m StudyMonth) EmptyWeeks() []time.Time {
	var out []time.Time
	day := m.From.AddDate(0, 0, -(int(m.From.Weekday())+6)%7)
	for ; day.Before(m.To); day = day.AddDate(0, 0, 7) {
		end := day.AddDate(0, 0, 7)
		if !end.After(m.Now.Time()) {
			continue
		}
		held := slices.ContainsFunc(m.Sessions, func(s MonthSession) bool {
			at := s.Occurrence.Start.Time()
			return !s.Occurrence.Off() && s.Study.State != models.StudyCancelled && !at.Before(day) && at.Before(end)
		})
		// A week that only touches the month is the other month's.
		if days := min(int(end.Sub(m.From).Hours()/24), int(m.To.Sub(day).Hours()/24), 7); !held && days >= 4 {
			out = append(out, day)
		}
	}
	return out
}

// StudyMonthOf is the plan of the month of at: of what the actor leads, else
// the actor's own; own asks for one's own in any case.
func (s *Services) StudyMonthOf(ctx context.Context, act Act, at time.Time, own bool) (out StudyMonth, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		out, err = s.studyMonth(tx, me, at, own)
		return err
	})
	return out, err
}

func (s *Services) studyMonth(tx *store.Tx, me Actor, at time.Time, own bool) (StudyMonth, error) {
	zone := me.Tenant.Location()
	y, m, _ := at.In(zone).Date()
	out := StudyMonth{Tenant: me.Tenant, Person: me.Person, Leads: me.Rights.Leader(0) && !own, Now: tx.Now,
		From: time.Date(y, m, 1, 0, 0, 0, 0, zone), To: time.Date(y, m+1, 1, 0, 0, 0, 0, zone)}
	var err error
	if out.Sessions, err = s.laidOut(tx, me, out); err != nil {
		return out, err
	}
	later, err := s.notLaidOut(tx, me, out)
	if err != nil {
		return out, err
	}
	out.Sessions = append(out.Sessions, later...)
	slices.SortStableFunc(out.Sessions, func(a, b MonthSession) int { return int(a.Occurrence.Start - b.Occurrence.Start) })
	if len(out.Sessions) > mostMonthSessions {
		out.Sessions, out.Cut = out.Sessions[:mostMonthSessions], true
	}
	return out, s.monthUnits(tx, out.Sessions)
}

// laidOut are the sessions of the month that have a row.
func (s *Services) laidOut(tx *store.Tx, me Actor, month StudyMonth) ([]MonthSession, error) {
	rows, err := tx.OccurrencesBetween(me.Tenant.ID, models.At(month.From), models.At(month.To))
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, o := range rows {
		ids = append(ids, o.StudyID)
	}
	studies, err := tx.StudiesByIDs(ids)
	if err != nil {
		return nil, err
	}
	var out []MonthSession
	for _, o := range rows {
		st := studies[o.StudyID]
		if month.Leads && !leads(me, st) || st.State == models.StudyCancelled && o.Start > tx.Now {
			continue
		}
		one := MonthSession{Study: st, Occurrence: o}
		mine, err := tx.AttendanceOf(o.ID, me.Person.ID)
		if ignoreMissing(err) != nil {
			return nil, err
		}
		if one.Mine = mine; err != nil && !month.Leads {
			continue // not theirs
		}
		if month.Leads && o.Start <= tx.Now {
			counts, err := tx.CountAttendances(o.ID)
			if err != nil {
				return nil, err
			}
			one.There = counts[models.AttendanceAttended] + counts[models.AttendanceMadeUp]
		}
		out = append(out, one)
	}
	return out, nil
}

// notLaidOut are the sessions of the month that a rule will give.
func (s *Services) notLaidOut(tx *store.Tx, me Actor, month StudyMonth) ([]MonthSession, error) {
	if !month.To.After(tx.Now.Time()) {
		return nil, nil
	}
	active, err := tx.Studies(me.Tenant.ID, models.StudyActive, mostStudies)
	if err != nil {
		return nil, err
	}
	var out []MonthSession
	for _, st := range active {
		concerns := leads(me, st)
		if !month.Leads {
			if concerns, err = s.concerns(tx, me, st); err != nil {
				return nil, err
			}
		}
		if !concerns {
			continue
		}
		planned, err := s.plannedUpTo(tx, st)
		if err != nil {
			return nil, err
		}
		// A holiday moves a session by days at most: a few more than the month's.
		times, err := s.studyTimes(tx, st, max(planned, models.At(month.From.AddDate(0, 0, -31))), 100)
		if err != nil {
			return nil, err
		}
		for _, t := range times {
			if t.Start.Before(month.From) || !t.Start.Before(month.To) {
				continue
			}
			o := models.Occurrence{StudyID: st.ID, RuleStart: models.At(t.RuleStart), Start: models.At(t.Start),
				End: models.At(t.Start).Add(time.Duration(st.Length) * time.Minute), State: models.OccurrencePlanned, Holiday: t.Holiday}
			if t.Off {
				o.State = models.OccurrenceSkipped
			}
			out = append(out, MonthSession{Study: st, Occurrence: o})
		}
	}
	return out, nil
}

// concerns says whether a study is for the actor.
func (s *Services) concerns(tx *store.Tx, me Actor, st models.Study) (bool, error) {
	units, err := unitsUnder(tx, st.TenantID, st.Audience())
	if err != nil {
		return false, err
	}
	return tx.InAudience(st.TenantID, me.Person.ID, st.Audience(), units)
}

func (s *Services) monthUnits(tx *store.Tx, sessions []MonthSession) error {
	known := map[int64]models.Unit{}
	for i, m := range sessions {
		if m.Study.UnitID == 0 {
			continue
		}
		u, had := known[m.Study.UnitID]
		if !had {
			var err error
			if u, err = tx.Unit(m.Study.UnitID); ignoreMissing(err) != nil {
				return err
			}
			known[m.Study.UnitID] = u
		}
		sessions[i].Unit = u
	}
	return nil
}

// monthArgs says which month a posted plan is of.
type monthArgs struct {
	Month string `json:"month"` // 2026-12
}

// PostStudyMonth posts the plan of what the actor leads in a channel; posted
// there before, it is brought up to date where it stands.
func (s *Services) PostStudyMonth(ctx context.Context, act Act, at time.Time, channel string) (again bool, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Leader(0) {
			return s.refuseOrganizer(tx, me)
		}
		month := at.In(me.Tenant.Location()).Format("2006-01")
		key := monthKeys(month) + id(me.Person.ID) + ":" + channel
		old, err := tx.MessageByKey(me.Tenant.ID, key)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return err
		case old.State == models.MessageDropped || old.State == models.MessageDead: // it did not arrive
			if err := tx.Rekey(me.Tenant.ID, key, "was:"+key+":"+id(old.ID)); err != nil {
				return err
			}
		default:
			again = true
			return tx.Touch(me.Tenant.ID, key)
		}
		m := models.Message{TenantID: me.Tenant.ID, Key: key, Kind: models.MessageStudyMonth, SubjectID: me.Person.ID, Channel: channel,
			Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietPass}
		_, err = tx.Enqueue(m.WithArgs(monthArgs{Month: month}))
		return err
	})
	return again, err
}

// monthKeys is the prefix of the keys of a month's posted plans.
func monthKeys(month string) string { return "study_month:" + month + ":" }

// touchMonths brings the posted plans of these times' months up to date.
func touchMonths(tx *store.Tx, tenantID int64, times ...models.Instant) error {
	t, err := tx.Tenant(tenantID)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, at := range times {
		month := at.In(t.Location()).Format("2006-01")
		if seen[month] {
			continue
		}
		seen[month] = true
		if err := tx.TouchPrefix(tenantID, monthKeys(month)); err != nil {
			return err
		}
	}
	return nil
}

// touchYear does that for the year ahead: a series was opened, changed or
// taken back.
func touchYear(tx *store.Tx, tenantID int64) error {
	var times []models.Instant
	for days := 0; days <= 365; days += 28 {
		times = append(times, tx.Now.Add(time.Duration(days)*24*time.Hour))
	}
	return touchMonths(tx, tenantID, times...)
}

// StudyMonthMessage is what a posted plan is rendered from: as it stands now,
// and no more than who posted it may still see.
func (s *Services) StudyMonthMessage(ctx context.Context, m models.Message) (out StudyMonth, room models.Channel, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		me := Actor{}
		if me.Tenant, err = tx.Tenant(m.TenantID); err != nil {
			return err
		}
		if me.Person, err = tx.Person(m.SubjectID); err != nil {
			return err
		}
		if me.Rights, err = s.rights(tx, me.Tenant, me.Person); err != nil {
			return err
		}
		var args monthArgs
		if err := json.Unmarshal(m.Args, &args); err != nil {
			return fmt.Errorf("arguments of message %d: %w", m.ID, err)
		}
		at, err := time.ParseInLocation("2006-01", args.Month, me.Tenant.Location())
		if err != nil {
			return fmt.Errorf("month of message %d: %w", m.ID, err)
		}
		if out, err = s.studyMonth(tx, me, at, false); err != nil {
			return err
		}
		if !out.Leads { // no longer: what a member sees of themselves is no channel's
			out.Sessions = nil
		}
		room, err = tx.ChannelBySlack(m.TenantID, m.Channel)
		return ignoreMissing(err)
	})
	return out, room, err
}
