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

// NewStudy is what somebody wants to open. Minutes unless it says otherwise.
type NewStudy struct {
	Title   string
	RRule   string // "" = once
	Wall    string // local wall time of the first occurrence, 2026-11-25T19:30
	Zone    string // IANA
	Start   time.Time
	Until   time.Time // zero = no end
	Holiday string    // "" or keep
	Length  int       // 0 = no meeting
	Credit  int       // -1 = the length
	Place   string
	Link    string
	Leads   []int // nil = the default
	Makeup  int   // days; -1 = the default
	Cap     int
	Slots   []models.Slot
	For     string // as typed: a unit, <#C1>, <!subteam^S1>, all; "" = the channel of the act
	ForUnit int64  // row id of a unit chosen from a list; 0 = For says
}

// defaultMakeupDays is how long a missed session can be made up unless said.
const defaultMakeupDays = 7

// StudyPlan is a study as it was understood: what will take place, and who
// will be reminded when.
type StudyPlan struct {
	Tenant   models.Tenant
	Study    models.Study
	Unit     models.Unit // of a unit's audience
	Creator  models.Person
	Next     []time.Time         // next three starts
	Upcoming []models.Occurrence // planned ones, by start
	People   int                 // who is concerned, as far as known
	Known    bool                // false while Slack has not said who is in the channel
	Room     models.Channel      // of a channel's or user group's audience
	Counts   map[string]int      // of the next or running occurrence, by state
	Kept     []int               // lead times of the next one that can still be kept, in minutes
	Mine     []models.Planned    // what the reader will get before the next one
	Attends  bool                // the reader is one of them
	Manages  bool                // the reader may change it
	Mined    models.Attendance   // the reader's own, zero when not one of them
	Last     models.Occurrence   // the latest that has begun
	Now      models.Instant
}

// OpenStudy opens a session, once or by rule, and plans its reminders.
func (s *Services) OpenStudy(ctx context.Context, act Act, in NewStudy) (out StudyPlan, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Leader(0) {
			return s.refuseOrganizer(tx, me)
		}
		audience, unit, err := s.studyAudience(tx, me, act, in)
		if err != nil {
			return err
		}
		if err := s.mayOpen(tx, me, audience, unit); err != nil {
			return err
		}
		st, err := newStudy(in, tx.Now)
		if err != nil {
			return err
		}
		st.TenantID, st.CreatedBy, st.CreatedAt = me.Tenant.ID, me.Person.ID, tx.Now
		st.AudienceKind, st.AudienceRef, st.UnitID = audience.Kind, audience.Ref, unit.ID
		if !act.Direct {
			st.Channel = act.Channel
		}
		if st.Number, err = tx.NextNumber(me.Tenant.ID, models.NumberStudy); err != nil {
			return fmt.Errorf("number of the study: %w", err)
		}
		if err := tx.Save(me.By("study_open"), &st); err != nil {
			return err
		}
		if err := s.planStudy(tx, st); err != nil {
			return err
		}
		out, err = s.studyPlan(tx, me, st)
		return err
	})
	return out, err
}

// studyAudience is whom a new study is for, and the unit whose leader it concerns.
func (s *Services) studyAudience(tx *store.Tx, me Actor, act Act, in NewStudy) (models.Audience, models.Unit, error) {
	if in.ForUnit == 0 {
		return s.audienceOf(tx, me, act, in.For)
	}
	unit, err := tx.Unit(in.ForUnit)
	if errors.Is(err, store.ErrNotFound) || err == nil && unit.TenantID != me.Tenant.ID {
		return models.Audience{}, unit, models.Refuse(models.CodeNotFound, "error.study_no_unit", "Part", id(in.ForUnit))
	}
	return models.Audience{Kind: models.AudienceUnit, Ref: id(unit.ID)}, unit, err
}

// mayOpen asks for the right to open a study for an audience: a unit's leader
// for the unit, an organizer for channels and groups, an organizer of all for
// everybody.
func (s *Services) mayOpen(tx *store.Tx, me Actor, a models.Audience, unit models.Unit) error {
	ok := false
	switch a.Kind {
	case models.AudienceUnit:
		ok = me.Rights.Leader(unit.ID)
	case models.AudienceAll:
		ok = organizesAll(me.Rights)
	default:
		ok = me.Rights.Leader(0)
	}
	if !ok {
		return s.refuseOrganizer(tx, me)
	}
	return nil
}

// organizesAll says whether somebody organizes everywhere and not only in units.
func organizesAll(r models.Rights) bool { return r.Organizer(-1) }

// mayLead asks for the right to change a study and its records.
func (s *Services) mayLead(tx *store.Tx, me Actor, st models.Study) error {
	if leads(me, st) {
		return nil
	}
	return s.refuseOrganizer(tx, me)
}

func leads(me Actor, st models.Study) bool {
	if st.UnitID != 0 {
		return me.Rights.Leader(st.UnitID)
	}
	return organizesAll(me.Rights) || st.CreatedBy == me.Person.ID && me.Rights.Leader(0)
}

// newStudy checks what was asked for and fills in what was not said.
func newStudy(in NewStudy, now models.Instant) (models.Study, error) {
	st := models.Study{Title: strings.TrimSpace(in.Title), State: models.StudyActive, RRule: in.RRule, Wall: in.Wall, Zone: in.Zone,
		Start: models.At(in.Start), Until: models.At(in.Until), Holiday: in.Holiday, Length: in.Length, Credit: in.Credit,
		Place: in.Place, Link: in.Link, Leads: in.Leads, MakeupDays: in.Makeup, Capacity: in.Cap, Slots: in.Slots, CreatedAt: now}
	if st.Holiday == "" {
		st.Holiday = "keep"
	}
	if st.Credit < 0 {
		st.Credit = st.Length
	}
	if st.MakeupDays < 0 {
		st.MakeupDays = defaultMakeupDays
	}
	if st.Leads == nil {
		st.Leads = models.DefaultLeads(frequent(st, now))
	}
	switch {
	case st.Title == "":
		return st, models.Refuse(models.CodeInvalid, "error.study_no_title")
	case st.Holiday != "keep":
		return st, models.Refuse(models.CodeInvalid, "error.study_holidays")
	case st.Start == 0:
		return st, models.Refuse(models.CodeInvalid, "error.study_no_time")
	case st.RRule == "" && st.Start.Add(time.Duration(st.Length)*time.Minute) <= now:
		return st, models.Refuse(models.CodeInvalid, "error.study_past")
	case st.Link != "" && !strings.HasPrefix(st.Link, "https://") && !strings.HasPrefix(st.Link, "http://"):
		return st, models.Refuse(models.CodeInvalid, "error.study_link", "Part", st.Link)
	case st.Length < 0 || st.Length > 24*60 || st.Credit > 24*60 || st.MakeupDays > 366 || st.Capacity < 0:
		return st, models.Refuse(models.CodeInvalid, "error.study_range")
	}
	if st.RRule != "" {
		if times, err := st.Next(now, 1); err != nil || len(times) == 0 {
			return st, models.Refuse(models.CodeInvalid, "error.study_no_times")
		}
	}
	return st, nil
}

// frequent says whether a rule comes round more often than weekly.
func frequent(st models.Study, now models.Instant) bool {
	if st.RRule == "" {
		return false
	}
	times, err := st.Next(now, 3)
	return err == nil && len(times) == 3 && times[2].Sub(times[0]) < 14*24*time.Hour-2*time.Hour
}

// studyPlan is a study as one reader sees it.
func (s *Services) studyPlan(tx *store.Tx, me Actor, st models.Study) (StudyPlan, error) {
	out := StudyPlan{Tenant: me.Tenant, Study: st, Now: tx.Now, Manages: leads(me, st)}
	var err error
	if out.Next, err = st.Next(tx.Now, 3); err != nil {
		return out, err
	}
	if out.Upcoming, err = tx.OccurrencesOf(st.ID, tx.Now, 20); err != nil {
		return out, err
	}
	if out.Last, err = tx.LastOccurrence(st.ID, tx.Now); err != nil && !errors.Is(err, store.ErrNotFound) {
		return out, err
	}
	if out.Creator, err = tx.Person(st.CreatedBy); err != nil {
		return out, err
	}
	if st.UnitID != 0 {
		if out.Unit, err = tx.Unit(st.UnitID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return out, err
		}
	}
	if out.People, out.Known, err = audienceCount(tx, st.TenantID, st.Audience()); err != nil {
		return out, err
	}
	if a := st.Audience(); a.Kind == models.AudienceChannel || a.Kind == models.AudienceGroup {
		if out.Room, err = tx.ChannelBySlack(st.TenantID, a.Ref); ignoreMissing(err) != nil {
			return out, err
		}
	}
	out.Next = realTimes(out)
	out.Kept = keptLeads(out)
	return out, s.readersPart(tx, me, &out)
}

// keptLeads are the lead times that a member without times of their own will
// be reminded at: those that are past, or could only be kept in the past, will
// not happen.
func keptLeads(p StudyPlan) []int {
	if len(p.Next) == 0 {
		return nil
	}
	times := models.Times{Rest: models.Rest{Start: p.Tenant.QuietStart, End: p.Tenant.QuietEnd}, Zone: p.Tenant.Location()}
	var kept []int
	for _, r := range times.Plan(models.At(p.Next[0]), p.Study.LeadTimes(), p.Now) {
		kept = append(kept, minutesOf(r.Leads)...)
	}
	return kept
}

// realTimes are the next three starts with what was moved or skipped taken
// into account.
func realTimes(p StudyPlan) []time.Time {
	zone := models.Zone(p.Study.Zone)
	var out []time.Time
	known := map[models.Instant]bool{}
	for _, o := range p.Upcoming {
		known[o.RuleStart] = true
		if o.Ahead() && o.Start > p.Now {
			out = append(out, o.Start.In(zone))
		}
	}
	for _, t := range p.Next {
		if !known[models.At(t)] {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out[:min(3, len(out))]
}

// readersPart is what a study means for the reader.
func (s *Services) readersPart(tx *store.Tx, me Actor, out *StudyPlan) error {
	i := slices.IndexFunc(out.Upcoming, func(o models.Occurrence) bool { return o.Ahead() })
	if i < 0 {
		return nil
	}
	o := out.Upcoming[i]
	var err error
	if out.Counts, err = tx.CountAttendances(o.ID); err != nil {
		return err
	}
	out.Mined, err = tx.AttendanceOf(o.ID, me.Person.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	times, err := s.timesOf(tx, me.Tenant, me.Person)
	if err != nil {
		return err
	}
	out.Attends = true
	out.Mine = comingReminders(out.Study, o, out.Mined, me.Person, times, tx.Now)
	return nil
}

// ListStudies lists the active studies that concern the actor, or all for who
// organizes or leads.
func (s *Services) ListStudies(ctx context.Context, act Act) (out []StudyPlan, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		all, err := tx.Studies(me.Tenant.ID, models.StudyActive, 100)
		if err != nil {
			return err
		}
		for _, st := range all {
			p, err := s.studyPlan(tx, me, st)
			if err != nil {
				return err
			}
			concerns := p.Attends || p.Manages
			if !concerns { // what lies far ahead has nobody's attendance yet
				units, err := unitsUnder(tx, st.TenantID, st.Audience())
				if err != nil {
					return err
				}
				if concerns, err = tx.InAudience(st.TenantID, me.Person.ID, st.Audience(), units); err != nil {
					return err
				}
			}
			if concerns {
				out = append(out, p)
			}
		}
		return nil
	})
	return out, err
}

// ShowStudy shows s7 to whom it concerns, or who organizes.
func (s *Services) ShowStudy(ctx context.Context, act Act, number int) (out StudyPlan, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		st, err := s.studyByNumber(tx, me, number)
		if err != nil {
			return err
		}
		out, err = s.studyPlan(tx, me, st)
		return err
	})
	return out, err
}

// ledStudy is s7 for who may change it.
func (s *Services) ledStudy(tx *store.Tx, me Actor, number int) (models.Study, error) {
	st, err := s.studyByNumber(tx, me, number)
	if err != nil {
		return st, err
	}
	return st, s.mayLead(tx, me, st)
}

func (s *Services) studyByNumber(tx *store.Tx, me Actor, number int) (models.Study, error) {
	st, err := tx.StudyByNumber(me.Tenant.ID, number)
	if errors.Is(err, store.ErrNotFound) {
		return st, models.Refuse(models.CodeNotFound, "error.study_not_found", "What", fmt.Sprintf("%s%d", models.NumberStudy, number))
	}
	return st, err
}
