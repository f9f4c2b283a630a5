package models

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// ReachState is what a message to many is at.
//
//	asked ──send, only my unit──▶ going ──all through──▶ done
//	  ├──wait──▶ waiting ──quiet hours end──▶ going ⇄ stopped (stop; send the rest)
//	  └──cancel, or a day without a choice──▶ dropped
type ReachState string

const (
	ReachAsked   ReachState = "asked"   // waits for its choice; nothing else was done
	ReachWaiting ReachState = "waiting" // to be done when quiet hours end
	ReachGoing   ReachState = "going"
	ReachDone    ReachState = "done"
	ReachStopped ReachState = "stopped"
	ReachDropped ReachState = "dropped" // cancelled, nobody chose, or it could not be done any more
)

// Kinds of reaches: what is done to reach many.
const (
	ReachTell        = "tell"         // an organizer's message; RefID call
	ReachCancel      = "cancel"       // a call is cancelled; RefID call
	ReachReopen      = "reopen"       // a cancelled call takes place after all; RefID call
	ReachEdit        = "edit"         // a call's time or place moves; RefID call
	ReachAsk         = "ask"          // the first wave of a call; RefID call
	ReachFewer       = "fewer"        // those of a role with too many are asked who steps back; RefID call
	ReachStudy       = "study"        // one occurrence is skipped, moved, not held …; RefID occurrence
	ReachStudyEdit   = "study_edit"   // a series changes its times or place; RefID study
	ReachHoliday     = "holiday"      // an own day off or working day; RefID org day, 0 for a new one
	ReachStudyCancel = "study_cancel" // a whole study is taken back, or goes on; RefID study
)

// ReachAskOver is how many people may be reached directly without a question.
const ReachAskOver = 50

// ReachKept is how long the question stays open.
const ReachKept = 24 * time.Hour

// Due rules and message kinds of reaches.
const (
	DueReachExpire DueKind = "reach.expire" // nobody chose; RefID reach
	DueReachGo     DueKind = "reach.go"     // quiet hours have ended; RefID reach
	DueReachLook   DueKind = "reach.look"   // is it through?; RefID reach

	MessageReach MessageKind = "reach" // progress, to who acted; SubjectID reach
	MessageTell  MessageKind = "tell"  // an organizer's words to one person; SubjectID reach
)

// Reach is one act that reaches many people directly: asked about before it is
// done, counted while it goes out, and stoppable.
type Reach struct {
	ID         int64
	TenantID   int64 `gorm:"index"`
	Kind       string
	RefID      int64 `gorm:"index"`
	ByID       int64 // who acts
	State      ReachState
	Urgent     bool // passes quiet hours
	Everybody  bool // for the whole organisation: with Urgent it needs an admin
	Soon       bool // what it is about begins before quiet hours end plus two hours
	People     int  // who is reached
	Quiet      int  // of those, in quiet hours when it was asked
	DND        int  // of those, with Slack's do-not-disturb on
	FromAt     Instant
	UntilAt    Instant         // at Slack's pace
	WaitTo     Instant         // end of the organisation's quiet hours; 0 = no waiting is offered
	UnitID     int64           // "only my unit", 0 = not offered
	UnitPeople int             // how many that is
	OnlyUnit   int64           // chosen: only this unit, 0 = all
	Who        []int64         `gorm:"serializer:json"` // persons, until it is done
	Args       json.RawMessage `gorm:"serializer:json"` // what is to be done, until it is done
	Text       string          // an organizer's words; cleared with the words of replies
	Sent       int             // when it had ended: who got it
	Lost       int             // and who did not
	CreatedAt  Instant
	StartedAt  Instant
	EndedAt    Instant
}

func (Reach) TableName() string { return "reaches" }

func (r *Reach) Thing() (string, int64) { return "reach", r.ID }

func (r *Reach) Facts() map[string]any {
	return map[string]any{"kind": r.Kind, "ref": r.RefID, "by": r.ByID, "state": r.State, "urgent": r.Urgent,
		"everybody": r.Everybody, "people": r.People, "quiet": r.Quiet, "dnd": r.DND, "wait_to": r.WaitTo,
		"only_unit": r.OnlyUnit, "sent": r.Sent, "lost": r.Lost, "created_at": r.CreatedAt, "started_at": r.StartedAt,
		"ended_at": r.EndedAt}
}

func (r *Reach) Words() map[string]Word {
	if r.Text == "" {
		return nil
	}
	return map[string]Word{"text": {Text: r.Text, Person: r.ByID}}
}

// Open says whether its question may still be answered.
func (r Reach) Open(now Instant) bool {
	return r.State == ReachAsked && now < r.CreatedAt.Add(ReachKept)
}

// Narrows says whether it can be sent to only some of the people: a message, or
// a wave; whoever is concerned by a cancelling must hear of it.
func (r Reach) Narrows() bool { return r.Kind == ReachTell || r.Kind == ReachAsk }

// NeedsAsking says whether somebody has to choose before people are reached.
// What a call or session that is off or moved has to say keeps to quiet hours
// by itself, or passes them because it must: they ask nothing there.
func (r Reach) NeedsAsking() bool { return r.People > ReachAskOver || r.Narrows() && r.Quiet > 0 }

// Priority is that of the messages it sends. An organizer's message is behind
// what follows from people's own acts.
func (r Reach) Priority() Priority {
	switch {
	case r.Urgent:
		return PriorityUrgent
	case r.Kind == ReachCancel, r.Kind == ReachReopen, r.Kind == ReachEdit:
		return PriorityAnswer
	}
	return PriorityReminder
}

// ReachesOfCalls are the kinds whose RefID is a call.
func ReachesOfCalls() []string {
	return []string{ReachTell, ReachCancel, ReachReopen, ReachEdit, ReachAsk}
}

// OfCall says whether RefID is a call.
func (r Reach) OfCall() bool { return slices.Contains(ReachesOfCalls(), r.Kind) }

// ReachKey is the key of the progress message.
func ReachKey(id int64) string { return "reach:" + strconv.FormatInt(id, 10) }

// Swept says whether a message counts among those that a reach sends, and may
// be held back by its stop button: what goes to the many does, what is told to
// the organizers about it does not.
func (m Message) Swept() bool {
	switch m.Kind {
	case MessageTell, MessageSignup, MessageAsk, MessageStudy:
		return m.PersonID != 0
	}
	return false
}

// Crowd is a group of people at one moment.
type Crowd struct {
	People []Person
	Units  map[int64]Unit // by person
	Tenant Tenant
}

// Disturbed counts who of a crowd is in quiet hours at now, and who has Slack's
// do-not-disturb on. Zones are loaded once each: a crowd of ten thousand lives
// in a few.
func (c Crowd) Disturbed(now Instant) (quiet, dnd int) {
	zones := map[string]*time.Location{}
	for _, p := range c.People {
		name := p.ZoneOwn
		if name == "" {
			name = p.SlackZone
		}
		if name == "" {
			name = c.Tenant.Zone
		}
		zone := zones[name]
		if zone == nil {
			zone = Zone(name)
			zones[name] = zone
		}
		if InRest(now, RestOf(p, c.Units[p.ID], c.Tenant), zone) {
			quiet++
		}
		if p.DNDUntil > now {
			dnd++
		}
	}
	return quiet, dnd
}

// Paced is from when until when n messages go out behind ahead others, at
// perMinute machine minutes while the world runs speed times as fast.
func Paced(now Instant, ahead, n, perMinute int, speed float64) (from, until Instant) {
	if perMinute <= 0 {
		return now, now
	}
	if speed <= 0 {
		speed = 1
	}
	after := func(k int) Instant { // in milliseconds: a duration holds no more than 292 years
		return now + Instant(float64(k)/float64(perMinute)*speed*float64(time.Minute.Milliseconds()))
	}
	return after(ahead), after(ahead + n)
}

// ReachShown is how far a reach is, for showing.
type ReachShown struct {
	Reach
	Got     int      // Slack has it
	Left    int      // still to go, those that rest included
	Resting int      // of those, until somebody's quiet hours end
	Held    int      // held back by the stop button
	Missed  int      // refused by Slack, or too late
	Who     []Person // some of those held back or missed
	Call    Call     // zero when it is about no call
	Tenant  Tenant
	Reader  Person
	Now     Instant
}

// Total is how many messages it is in all; before they are queued, people.
func (r ReachShown) Total() int {
	if n := r.Got + r.Left + r.Held + r.Missed; n > 0 {
		return n
	}
	return r.People
}
