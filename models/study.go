package models

import (
	"slices"
	"strconv"
	"time"
)

// Study states.
const (
	StudyActive    = "active"
	StudyEnded     = "ended"     // its last occurrence is over
	StudyCancelled = "cancelled" // taken back by who opened it
)

// Study due rules, in the order in which an occurrence meets them.
const (
	DueStudyPlan   DueKind = "study.plan"   // keep a study's occurrences planned ahead; RefID study
	DueStudyPeople DueKind = "study.people" // plan members' reminders of one occurrence; RefID occurrence, Args cursor
	DueStudyRemind DueKind = "study.remind" // one member's reminder; RefID attendance, Args leads
	DueStudyOpen   DueKind = "study.open"   // check-in opens; RefID occurrence
	DueStudyClose  DueKind = "study.close"  // check-in ends; RefID occurrence
	DueStudyAsk    DueKind = "study.ask"    // ask the leader whether it was held; RefID occurrence
	// once more the next day, in the leader's own time; RefID occurrence
	DueStudyAskAgain DueKind = "study.ask_again"
	DueStudyFollow   DueKind = "study.follow" // make-up closes in two days; RefID attendance
	DueStudyAbsent   DueKind = "study.absent" // make-up has closed; RefID occurrence
	DueStudyChange   DueKind = "study.change" // tell members of a move or that it is off; RefID occurrence, Args cursor
)

// Study message kinds.
const (
	MessageStudy        MessageKind = "study"         // a member's reminder; SubjectID attendance
	MessageStudyFollow  MessageKind = "study_follow"  // SubjectID attendance
	MessageStudyAsk     MessageKind = "study_ask"     // to the leader; SubjectID occurrence
	MessageStudyStruck  MessageKind = "study_struck"  // to who was taken off the list of those who came from elsewhere; SubjectID occurrence
	MessageStudyContest MessageKind = "study_contest" // somebody says that the roll is wrong about them; SubjectID attendance
	MessageStudyExcuse  MessageKind = "study_excuse"  // to the leader: may this member be excused; SubjectID attendance
	MessageStudyMoved   MessageKind = "study_moved"   // to a member who had said they come; SubjectID attendance
)

// CheckInLead is how long before the start check-in opens.
const CheckInLead = 15 * time.Minute

// AskLeaderAfter is how long after the end the leader is asked whether the
// session was held.
const AskLeaderAfter = time.Hour

// FollowUpLead is how long before a make-up closes the one follow-up goes out.
const FollowUpLead = 48 * time.Hour

// StudyHorizon is how far ahead occurrences and reminders are planned. More
// than a week, so that every window on one weekday has come round in it.
const StudyHorizon = 8 * 24 * time.Hour

// Slot is an alternative time of a session, as days after the date of the main
// one and minutes after local midnight.
type Slot struct {
	Days   int `json:"days"`
	Minute int `json:"minute"`
	Length int `json:"length"` // minutes
}

// Study is a session, or a recurring one, or material to be read by a time.
type Study struct {
	ID       int64
	TenantID int64 `gorm:"uniqueIndex:studies_number"`
	Number   int   `gorm:"uniqueIndex:studies_number"` // s7
	Title    string
	State    string

	RRule   string  `gorm:"column:rrule"` // "" = once
	Wall    string  // local wall time of the first occurrence, 2026-11-25T19:30
	Zone    string  // IANA
	Start   Instant `gorm:"column:start_at"` // first occurrence
	Until   Instant // last moment of a rule; 0 = no end
	Holiday string  // keep, skip, before, after

	Length     int // minutes; 0 = no meeting: material, or a reminder to do something by Start
	Credit     int // study minutes it counts for
	Place      string
	Link       string
	Leads      []int      `gorm:"serializer:json"` // minutes before the start
	MakeupDays int        // 0 = cannot be made up
	Capacity   int        // places, 0 = any number
	Slots      []Slot     `gorm:"serializer:json"`
	Quiz       []Question `gorm:"serializer:json"` // asked in a make-up; none = no quiz

	AudienceKind AudienceKind
	AudienceRef  string
	UnitID       int64  // the unit whose leader it concerns, 0 = none
	MaterialID   int64  // the library item it is about, 0 = none
	DutyID       int64  // the unit's duty it counts for when held, 0 = none
	Channel      string // Slack channel it was opened in; "" in a direct message
	CreatedBy    int64
	CreatedAt    Instant
}

// DefaultLeads are a study's lead times in minutes when none are named: a day
// and an hour; a rule more frequent than weekly gets one, the hour.
func DefaultLeads(frequent bool) []int {
	if frequent {
		return []int{60}
	}
	return []int{24 * 60, 60}
}

// Meets says whether people come together for it.
func (s Study) Meets() bool { return s.Length > 0 }

// Pushed says that it is a library item sent to people to read by a time, of
// which a receipt is kept.
func (s Study) Pushed() bool { return s.MaterialID != 0 && !s.Meets() && s.RRule == "" }

// Audience is who it is for.
func (s Study) Audience() Audience { return Audience{Kind: s.AudienceKind, Ref: s.AudienceRef} }

// Rule is the recurrence; ok is false for a study that happens once.
func (s Study) Rule() (rule Rule, ok bool) {
	return Rule{RRULE: s.RRule, Wall: s.Wall, Zone: s.Zone, Until: s.Until.Time()}, s.RRule != ""
}

// Next gives up to n starts after the instant `after`.
func (s Study) Next(after Instant, n int) ([]time.Time, error) {
	rule, ok := s.Rule()
	if ok {
		return rule.Next(after.Time(), n)
	}
	if s.Start > after && n > 0 {
		return []time.Time{s.Start.In(Zone(s.Zone))}, nil
	}
	return nil, nil
}

// LeadTimes are the lead times, longest first.
func (s Study) LeadTimes() []time.Duration {
	out := make([]time.Duration, 0, len(s.Leads))
	for _, m := range s.Leads {
		out = append(out, time.Duration(m)*time.Minute)
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

// Horizon is how far ahead this study is planned: as far as its longest lead
// time and the windows before it reach.
func (s Study) Horizon() time.Duration {
	h := StudyHorizon
	if leads := s.LeadTimes(); len(leads) > 0 && leads[0]+24*time.Hour > h {
		h = leads[0] + 24*time.Hour
	}
	if s.Pushed() { // people are told of it at once, however long they have
		h = max(h, s.Start.Sub(s.CreatedAt)+24*time.Hour)
	}
	return h
}

// Makeup is how long after the end a missed session can be made up.
func (s Study) Makeup() time.Duration { return time.Duration(s.MakeupDays) * 24 * time.Hour }

func (s *Study) Thing() (string, int64) { return "study", s.ID }

func (s *Study) Facts() map[string]any {
	return map[string]any{"created_at": s.CreatedAt, "number": s.Number, "state": s.State, "rule": s.RRule, "wall": s.Wall, "zone": s.Zone,
		"start": s.Start, "until": s.Until, "holiday": s.Holiday, "length": s.Length, "credit": s.Credit,
		"leads": s.Leads, "makeup_days": s.MakeupDays, "capacity": s.Capacity, "slots": s.Slots,
		"audience": s.Audience().String(), "unit": s.UnitID, "material": s.MaterialID, "duty": s.DutyID, "channel": s.Channel, "created_by": s.CreatedBy, "quiz": len(s.Quiz)}
}

func (s *Study) Words() map[string]Word {
	return map[string]Word{"title": {Text: s.Title}, "place": {Text: s.Place}, "link": {Text: s.Link}, "quiz": {Text: QuizText(s.Quiz)}}
}

// Occurrence states. moved is planned at another time than the rule's.
const (
	OccurrencePlanned = "planned"
	OccurrenceMoved   = "moved"
	OccurrenceSkipped = "skipped"
	OccurrenceHeld    = "held"     // the leader said so, or an on-site code was used
	OccurrenceNotHeld = "not_held" // the leader said so
)

// Occurrence is one time a study takes place. RuleStart is where the rule put
// it and is its identity; Start is when it takes place.
//
//	planned ──move──▶ moved ──held──▶ held
//	   │  ▲             │
//	   │  └──unskip     ├──not held──▶ not_held
//	   └──skip──▶ skipped (from planned and moved)
type Occurrence struct {
	ID        int64
	TenantID  int64
	StudyID   int64   `gorm:"uniqueIndex:occurrences_one"`
	RuleStart Instant `gorm:"uniqueIndex:occurrences_one"`
	Start     Instant `gorm:"column:start_at;index"`
	End       Instant `gorm:"column:end_at"`
	State     string
	SettledBy int64 // who said it was held or not; 0 with held = an on-site code was used
	SettledAt Instant
	RollBy    int64          // who last took the roll, 0 = nobody
	RollAt    Instant        // when
	Own       *OccurrenceOwn `gorm:"serializer:json"`             // nil = the series'
	Before    *OccurrenceWas `gorm:"column:undo;serializer:json"` // what Undo goes back to; nil = nothing to undo
	Holiday   string         // the day off that moved or skipped it, "" = none
	ByHand    bool           // somebody placed it: holidays leave it alone
}

// Ahead says whether the occurrence is still to take place.
func (o Occurrence) Ahead() bool {
	return o.State == OccurrencePlanned || o.State == OccurrenceMoved
}

// Off says that it does not take place: skipped, or the leader said it was not.
func (o Occurrence) Off() bool { return o.State == OccurrenceSkipped || o.State == OccurrenceNotHeld }

// Times is when the occurrence takes place for those who chose slot; slot 0 is
// the main time, slot n the n-th alternative.
func (o Occurrence) Times(s Study, slot int) (start, end Instant) {
	if slot < 1 || slot > len(s.Slots) {
		return o.Start, o.End
	}
	alt := s.Slots[slot-1]
	zone := Zone(s.Zone)
	at, _ := LocalInstant(midnight(o.Start, zone).AddDate(0, 0, alt.Days).Add(time.Duration(alt.Minute)*time.Minute), zone)
	return At(at), At(at).Add(time.Duration(alt.Length) * time.Minute)
}

// LastEnd is the end of the latest of all its times.
func (o Occurrence) LastEnd(s Study) Instant {
	last := o.End
	for slot := 1; slot <= len(s.Slots); slot++ {
		if _, end := o.Times(s, slot); end > last {
			last = end
		}
	}
	return last
}

// MakeupUntil is when a make-up closes; 0 when there is none.
func (o Occurrence) MakeupUntil(s Study) Instant {
	if s.MakeupDays <= 0 {
		return 0
	}
	return o.LastEnd(s).Add(s.Makeup())
}

func (o *Occurrence) Thing() (string, int64) { return "occurrence", o.ID }

func (o *Occurrence) Facts() map[string]any {
	return map[string]any{"study": o.StudyID, "rule_start": o.RuleStart, "start": o.Start, "end": o.End,
		"state": o.State, "settled_by": o.SettledBy, "settled_at": o.SettledAt, "roll_by": o.RollBy, "roll_at": o.RollAt, "own": o.ownNames(), "by_hand": o.ByHand}
}

// StudyKey is the outbox key of a member's living message of one occurrence.
func StudyKey(occurrenceID, personID int64) string {
	return StudyKeys(occurrenceID) + strconv.FormatInt(personID, 10)
}

// StudyKeys is the prefix of all members' living messages of one occurrence.
func StudyKeys(occurrenceID int64) string {
	return "study:" + strconv.FormatInt(occurrenceID, 10) + ":"
}
