package models

import "time"

// The safety loop of a call: who is on site is asked at every interval whether
// they are safe, until they are home.

// Answers to a safety tick.
const (
	SafeOK   = "safe"
	SafeHelp = "help"
	SafeHome = "home"
)

// Stages of a tick without an answer.
const (
	TickAsked     = 0 // the question stands
	TickRepeated  = 1 // it was repeated
	TickOrganizer = 2 // the organizer, and the buddies on site, were told
	TickAdmins    = 3 // the admins were told
)

// How long a tick without an answer stays in each stage. In all the question is
// repeated after 5 minutes, the organizer told after 10 and the admins after 20.
const (
	TickRepeatAfter    = 5 * time.Minute
	TickOrganizerAfter = 5 * time.Minute
	TickAdminsAfter    = 10 * time.Minute
)

// Tick is one safety question to one person, or, when AskedAt is 0, what
// somebody said or was said of them without being asked. The latest tick of a
// person carries what is known of them: when they were last seen and home.
type Tick struct {
	ID         int64
	TenantID   int64 `gorm:"index"`
	CallID     int64 `gorm:"index"`
	SignupID   int64 // the sign-up they were on site for
	PersonID   int64 `gorm:"index"`
	Seq        int   // 1, 2, 3 … a call and person
	DueAt      Instant
	AskedAt    Instant // 0 = not asked
	ShownAt    Instant // when the question really left; 0 = not yet known
	StepAt     Instant // since when the stage lasts
	Stage      int
	Unsent     bool   // Slack would not take the question: they could not be asked
	Answer     string // safe, help, home; "" = none
	AnsweredAt Instant
	By         int64   // person who gave the answer: themselves, their buddy, an organizer
	UnseenBy   int64   // buddy who said that they have not seen them
	DoneAt     Instant // nothing is open any more: answered, help dealt with, or the loop ended
	DoneBy     int64   // who dealt with a call for help; 0 = nobody had to
	SeenAt     Instant // last sign of life
	HomeAt     Instant // last came home
	AgainAt    Instant // the question, or the call for help, sounded again, long after everybody was told
	OnBy       int64   // organizer who said that they see to the call for help
	OnAt       Instant
}

func (Tick) TableName() string { return "call_ticks" }

func (t *Tick) Thing() (string, int64) { return "tick", t.ID }

func (t *Tick) Facts() map[string]any {
	return map[string]any{"call": t.CallID, "signup": t.SignupID, "person": t.PersonID, "seq": t.Seq, "due_at": t.DueAt,
		"asked_at": t.AskedAt, "shown_at": t.ShownAt, "step_at": t.StepAt, "stage": t.Stage, "unsent": t.Unsent,
		"answer": t.Answer, "answered_at": t.AnsweredAt, "by": t.By, "unseen_by": t.UnseenBy, "done_at": t.DoneAt,
		"done_by": t.DoneBy, "seen_at": t.SeenAt, "home_at": t.HomeAt,
		"again_at": t.AgainAt, "on_by": t.OnBy, "on_at": t.OnAt}
}

func (t *Tick) Words() map[string]Word { return nil }

// Asks says whether the question waits for an answer.
func (t Tick) Asks() bool { return t.AskedAt != 0 && t.AnsweredAt == 0 && t.DoneAt == 0 }

// Missed says whether the question waits so long that others were told.
func (t Tick) Missed() bool { return t.Asks() && t.Stage >= TickOrganizer }

// AgainDue says whether an open question that everybody was told about sounds
// again: once an interval of the call, in minutes.
func (t Tick) AgainDue(now Instant, everyMin int) bool {
	return now >= max(t.StepAt, t.AgainAt).Add(time.Duration(everyMin)*time.Minute)
}

// Help says whether a call for help has not been dealt with.
func (t Tick) Help() bool { return t.Answer == SafeHelp && t.DoneAt == 0 }

// helpAgain is the longest that a call for help stays silent which nobody has
// dealt with, however rarely people are asked.
const helpAgain = 30 * time.Minute

// HelpAgain is when a call for help that nobody has dealt with sounds again:
// once an interval of the call, in minutes.
func (t Tick) HelpAgain(everyMin int) Instant {
	every := time.Duration(everyMin) * time.Minute
	if every <= 0 || every > helpAgain {
		every = helpAgain
	}
	return max(t.AnsweredAt, t.AgainAt, t.OnAt).Add(every)
}

// TakeOn notes who sees to a call for help: the first one who says so. False
// when there is none any more, or somebody was first.
func (t *Tick) TakeOn(by int64, now Instant) bool {
	if !t.Help() || t.OnBy != 0 {
		return false
	}
	t.OnBy, t.OnAt = by, now
	return true
}

// Kinds of messages of the safety loop.
const (
	MessageSafe  MessageKind = "call_safe"  // the question to one person; SubjectID call
	MessageAlarm MessageKind = "call_alarm" // somebody is missing or calls for help; SubjectID tick
)

// SafeArgs say which tick a question is about.
type SafeArgs struct {
	Tick int64 `json:"tick"`
}

// As what somebody reads an alarm.
const (
	AlarmOrganizer = "organizer"
	AlarmAdmin     = "admin"
	AlarmBuddy     = "buddy"
)

// AlarmArgs say as what its reader gets an alarm.
type AlarmArgs struct {
	As   string `json:"as"`
	Over bool   `json:"over,omitempty"` // tells who may be on the way that it is over
}
