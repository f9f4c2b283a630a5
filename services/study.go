package services

import (
	"context"
	"errors"
	"fmt"
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

	Draft    int64  // the question that this answers, forgotten with it; 0 = none
	Duty     string // the duty of a unit that it counts for, by name; "" none
	DutyID   int64  // the same chosen from a list; 0 = Duty says
	Material int64  // the library item that Link is of, 0 = none; found from a Link such as b3
}

// defaultMakeupDays is how long a missed session can be made up unless said.
const defaultMakeupDays = 7

// StudyPlan is a study as it was understood: what will take place, and who
// will be reminded when.
type StudyPlan struct {
	Tenant   models.Tenant
	Study    models.Study
	Unit     models.Unit     // of a unit's audience
	Duty     models.UnitDuty // that it counts for, zero for none
	Creator  models.Person
	Material models.Material     // the library item it is about, zero when none
	Next     []time.Time         // next three starts
	Coming   []models.Occurrence // the next ones to take place; without an id what is not laid out yet
	Times    []SlotTaken         // of the next one with alternatives or places, for who leads
	Places   []models.Placed     // the next three to take place, and those among them that a day off skips
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
	Asked    models.ReachShown   // of an edit: with an id nothing was changed yet, many would be told
	OnlyNext int64               // of an edit: the draft from which it can be given to the next one alone
	Now      models.Instant
}

// OpenStudy opens a session, once or by rule, and plans its reminders.
func (s *Services) OpenStudy(ctx context.Context, act Act, in NewStudy) (out StudyPlan, err error) {
	all, err := s.OpenStudies(ctx, act, []NewStudy{in})
	if err != nil {
		return out, err
	}
	return all[0], nil
}

// OpenStudies opens several, all or none.
func (s *Services) OpenStudies(ctx context.Context, act Act, all []NewStudy) (out []StudyPlan, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		out = nil
		if !me.Rights.Leader(0) {
			return s.refuseOrganizer(tx, me)
		}
		for i, in := range all {
			if i > 0 {
				in.Draft = 0 // one question, answered by all of them
			}
			plan, err := s.openStudy(tx, me, act, in)
			if err != nil {
				return err
			}
			out = append(out, plan)
		}
		return nil
	})
	return out, err
}

// openStudy is OpenStudy in a transaction under way.
func (s *Services) openStudy(tx *store.Tx, me Actor, act Act, in NewStudy) (out StudyPlan, err error) {
	if err := takeDraft(tx, me, in.Draft); err != nil {
		return out, err
	}
	if err := s.fromLibrary(tx, me, &in); err != nil {
		return out, err
	}
	audience, unit, err := s.studyAudience(tx, me, act, in)
	if err != nil {
		return out, err
	}
	if err := s.mayOpen(tx, me, audience, unit); err != nil {
		return out, err
	}
	st, err := newStudy(in, tx.Now)
	if err != nil {
		return out, err
	}
	if err := s.checkHolidays(tx, st); err != nil {
		return out, err
	}
	st.TenantID, st.CreatedBy, st.CreatedAt = me.Tenant.ID, me.Person.ID, tx.Now
	st.AudienceKind, st.AudienceRef, st.UnitID = audience.Kind, audience.Ref, unit.ID
	if !act.Direct {
		st.Channel = act.Channel
	}
	duty, err := s.studyDuty(tx, me, st, in.DutyID, in.Duty)
	if err != nil {
		return out, err
	}
	st.DutyID = duty.ID
	if st.Number, err = tx.NextNumber(me.Tenant.ID, models.NumberStudy); err != nil {
		return out, fmt.Errorf("number of the study: %w", err)
	}
	if err := tx.Save(me.By("study_open"), &st); err != nil {
		return out, err
	}
	if err := s.planStudy(tx, st); err != nil {
		return out, err
	}
	if err := s.dutyMoved(tx, st); err != nil {
		return out, err
	}
	if err := s.openReceipts(tx, st); err != nil {
		return out, err
	}
	if err := touchYear(tx, st.TenantID); err != nil {
		return out, err
	}
	return s.studyPlan(tx, me, st)
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
	if st.UnitID == 0 {
		return s.refuseOrganizer(tx, me)
	}
	who, err := s.answersFor(tx, st, 0)
	if err != nil {
		return err
	}
	if who.ID == 0 {
		return s.refuseOrganizer(tx, me)
	}
	return models.Refuse(models.CodeForbidden, "error.study_leader", "Who", tags([]models.Person{who}))
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
		Place: in.Place, Link: in.Link, Leads: in.Leads, MakeupDays: in.Makeup, Capacity: in.Cap, Slots: in.Slots, MaterialID: in.Material, CreatedAt: now}
	if st.Holiday == "" {
		st.Holiday = models.HolidayKeep
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
	case st.Start == 0:
		return st, models.Refuse(models.CodeInvalid, "error.study_no_time")
	case st.RRule == "" && st.Start.Add(time.Duration(st.Length)*time.Minute) <= now:
		return st, models.Refuse(models.CodeInvalid, "error.study_past")
	case !isLink(st.Link):
		return st, models.Refuse(models.CodeInvalid, "error.study_link", "Part", st.Link)
	case st.Length < 0 || st.Length > 24*60 || st.Credit > 24*60 || st.MakeupDays > 366 || st.Capacity < 0:
		return st, models.Refuse(models.CodeInvalid, "error.study_range")
	}
	if st.RRule != "" {
		if times, err := st.Next(now, 1); err != nil || len(times) == 0 {
			return st, models.Refuse(models.CodeInvalid, "error.study_no_times")
		}
	}
	return st, checkSlots(st, now)
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
	if out.Coming, err = s.coming(tx, st); err != nil {
		return out, err
	}
	for _, o := range out.Coming[:min(3, len(out.Coming))] {
		out.Next = append(out.Next, o.Start.In(models.Zone(st.Zone)))
	}
	if out.Upcoming, err = notOver(tx, st, 20); err != nil {
		return out, err
	}
	if out.Places, err = s.placesOf(tx, st, out.Upcoming); err != nil {
		return out, err
	}
	if out.Last, err = tx.LastOccurrence(st.ID, tx.Now); err != nil && !errors.Is(err, store.ErrNotFound) {
		return out, err
	}
	if out.Creator, err = tx.Person(st.CreatedBy); err != nil {
		return out, err
	}
	if st.DutyID != 0 {
		if out.Duty, err = tx.Duty(st.TenantID, st.DutyID); ignoreMissing(err) != nil {
			return out, err
		}
	}
	if out.Material, err = materialOf(tx, st); err != nil {
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
	out.Kept = keptLeads(out)
	if i := out.nextLaidOut(); out.Manages && i >= 0 && (st.Capacity > 0 || len(st.Slots) > 0) {
		if out.Times, err = s.slotsTaken(tx, st, out.Upcoming[i], true); err != nil {
			return out, err
		}
	}
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

// readersPart is what a study means for the reader.
func (s *Services) readersPart(tx *store.Tx, me Actor, out *StudyPlan) error {
	i := out.nextLaidOut()
	if i < 0 {
		return nil
	}
	o := out.Upcoming[i]
	var err error
	if out.Counts, err = tx.CountAttendances(o.ID); err != nil {
		return err
	}
	if o, out.Mined, err = ownNext(tx, me, *out); err != nil || out.Mined.ID == 0 {
		return err
	}
	out.Attends = true
	if !wantsReminders(out.Study, o, out.Mined, me.Person) {
		return nil
	}
	out.Mine, err = toldTimes(tx, out.Mined)
	return err
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
