package models

// AskState is how one question to one person stands.
//
//	asked → yes | no | later        their answer
//	asked → silent                  the wave ended without one; still answerable
//	asked, silent, later → closed   filled, cancelled or over before an answer
//	asked → unsent                  it never left the outbox
//	unsent → asked                  asked after all: nothing of it was ever seen
//	yes, no, later, silent, closed ⇄ by a later act of the person, the latest wins
//	closed → silent                 the call was reopened
//	closed → unsent                 closed on its way, and never seen
type AskState string

const (
	AskOpen   AskState = "asked"
	AskYes    AskState = "yes"
	AskNo     AskState = "no"
	AskLater  AskState = "later"
	AskClosed AskState = "closed"
	AskSilent AskState = "silent"
	AskUnsent AskState = "unsent"
)

// Ask is one question to one person: can you come to this shift, in this role?
// There is one row a person and shift, so that nobody is asked twice.
type Ask struct {
	ID         int64
	TenantID   int64 `gorm:"index"`
	CallID     int64 `gorm:"index"`
	ShiftID    int64 `gorm:"uniqueIndex:call_asks_one"`
	RoleID     int64
	PersonID   int64 `gorm:"uniqueIndex:call_asks_one"`
	Wave       int   // of its run, from 1
	State      AskState
	Why        []string `gorm:"serializer:json"` // "skill:装卸", "area:城东", "free"; never hours
	Late       bool     // they said yes, but later
	AskedAt    Instant
	AnsweredAt Instant
	ClosedAt   Instant
}

func (Ask) TableName() string { return "call_asks" }

// Waiting says whether the question can still be answered by its buttons:
// nothing was said yet, or nothing definite.
func (a Ask) Waiting() bool { return a.State == AskOpen || a.State == AskSilent || a.State == AskLater }

// Unanswered says whether the person has not said anything yet.
func (a Ask) Unanswered() bool { return a.State == AskOpen || a.State == AskSilent }

// Asked says whether the question reached the person, or is on its way.
func (a Ask) Asked() bool { return a.State != AskUnsent }

func (a *Ask) Thing() (string, int64) { return "ask", a.ID }

func (a *Ask) Facts() map[string]any {
	return map[string]any{"call": a.CallID, "shift": a.ShiftID, "role": a.RoleID, "person": a.PersonID, "wave": a.Wave,
		"state": a.State, "late": a.Late, "asked_at": a.AskedAt, "answered_at": a.AnsweredAt, "closed_at": a.ClosedAt}
}

func (a *Ask) Words() map[string]Word {
	words := map[string]Word{}
	for i, why := range a.Why {
		words["why_"+string(rune('a'+i))] = Word{Text: why, Person: a.PersonID}
	}
	return words
}

// RunState is how asking for one (shift, role) stands.
//
//	running ⇄ paused                 by the organizer
//	running → filled → running       no place missing; one came free again
//	running → exhausted → running    nobody left to ask; somebody became free, or more was allowed
//	any → stopped → running          by the organizer, by the call's end; and back
type RunState string

const (
	RunRunning   RunState = "running"
	RunPaused    RunState = "paused"
	RunFilled    RunState = "filled"
	RunExhausted RunState = "exhausted"
	RunStopped   RunState = "stopped"
)

// Run is asking for one (shift, role), wave after wave.
type Run struct {
	ID        int64
	TenantID  int64 `gorm:"index"`
	CallID    int64 `gorm:"index"`
	RoleID    int64 `gorm:"uniqueIndex"`
	State     RunState
	Size      int            // of a wave; 0 = from the measured yes-rate
	EveryMin  int            // minutes from one wave to the next
	Wave      int            // waves so far
	Once      bool           // one wave was asked for, and no more
	OnlyUnit  int64          // only this unit and those below it are asked; 0 = everybody of the call
	Pool      int            // who could be asked when the last wave went out, those in it included
	Left      map[string]int `gorm:"serializer:json"` // who was left out then, by reason
	Next      []int64        `gorm:"serializer:json"` // who comes next when somebody says no, best first
	Told      bool           // the organizer was told that nobody is left
	NextAt    Instant        // the next wave; 0 = none planned
	StartedAt Instant
	EndedAt   Instant
}

func (Run) TableName() string { return "call_runs" }

func (r *Run) Thing() (string, int64) { return "run", r.ID }

func (r *Run) Facts() map[string]any {
	return map[string]any{"call": r.CallID, "role": r.RoleID, "state": r.State, "size": r.Size, "every_min": r.EveryMin,
		"wave": r.Wave, "once": r.Once, "only_unit": r.OnlyUnit, "pool": r.Pool, "told": r.Told, "next_at": r.NextAt,
		"started_at": r.StartedAt, "ended_at": r.EndedAt}
}

func (r *Run) Words() map[string]Word { return nil }
