package models

import (
	"encoding/json"
	"time"
)

// MessageKind says what a message tells; package handlers knows how to render
// each kind from the state at the time of sending.
type MessageKind string

// Priority orders what waits: lower goes first.
type Priority int

const (
	PriorityUrgent   Priority = 0 // urgent calls, safety
	PriorityAnswer   Priority = 1 // consequences of a person's own act
	PriorityReminder Priority = 2
	PriorityDigest   Priority = 3
)

// Quiet says what quiet hours do to a message. They are asked again at the
// moment of sending.
type Quiet string

const (
	QuietWait Quiet = "wait" // waits for their end; dropped when that is past ExpiresAt
	QuietPass Quiet = "pass" // let through: SURFACE 2 lists which
)

// MessageState is defined by what the world did.
//
//	queued ──claim──▶ sending ──Slack answered──▶ sent ──touch──▶ queued (as an edit)
//	   ▲                 │ lease ran out or a passing fault
//	   └─────────────────┘
//	queued ──rendered to nothing, or too late──▶ dropped
//	sending ──Slack refused for good, or attempts used up──▶ dead
type MessageState string

const (
	MessageQueued  MessageState = "queued"
	MessageSending MessageState = "sending"
	MessageSent    MessageState = "sent"
	MessageDropped MessageState = "dropped"
	MessageDead    MessageState = "dead"
)

// Edit classes share the budget of edits in this order (SURFACE 2).
const (
	EditCard  = 0 // call cards
	EditClose = 1 // closing questions
	EditRest  = 2
	EditLast  = 3 // messages that a newer one took over from: only tidied up
)

// Ops a message can stand for.
const (
	OpPost  = "post"  // a message with sound; later edits in place
	OpReact = "react" // a reaction on somebody's message; Args {"channel","ts","emoji"}, and "gone" to take it away
	OpFile  = "file"  // a file to a person
)

// Message is one row of the outbox: what to tell whom. Words are found when it
// is sent. After it was sent it lives on and is edited when touched.
type Message struct {
	ID        int64
	TenantID  int64  `gorm:"uniqueIndex:messages_key"`
	Key       string `gorm:"uniqueIndex:messages_key"` // unique against doubles, for example "card:12"
	Kind      MessageKind
	Op        string
	SubjectID int64           `gorm:"index"`           // the row it is about: call, sign-up, attendance …
	Args      json.RawMessage `gorm:"serializer:json"` // small, ids and numbers; never free text of a person
	PersonID  int64           `gorm:"index"`           // recipient of a direct message, 0 for a channel
	Channel   string          // Slack channel id; for a person "" until the conversation is open
	ThreadTS  string
	Priority  Priority
	EditClass int
	Quiet     Quiet
	DueAt     Instant      // world
	ExpiresAt Instant      // world; 0 = never too late
	State     MessageState `gorm:"index"`
	Version   int          // wanted; each touch adds one
	Shown     int          // last version Slack has; 0 = never posted
	UID       string       // in Slack metadata event_payload.id; how a lost answer is found
	TS        string       // Slack ts once sent
	Holder    string       // who has it claimed
	LeaseMS   int64        // machine time until which the claim holds, unix ms
	RetryMS   int64        // machine time before which not to try again, unix ms
	Attempts  int          // failures that were not 429
	Doubt     bool         // a post's answer was lost: look for UID before posting again
	LastError string       // Slack's error code or a short cause, never message text
	ReachID   int64        `gorm:"index"` // the act to many that it belongs to, 0 = none
	CreatedAt Instant
	SentAt    Instant
}

// WithArgs returns m with args encoded; args must be encodable (ids, numbers).
func (m Message) WithArgs(args any) Message {
	raw, err := json.Marshal(args)
	if err != nil {
		panic("message args must be plain values: " + err.Error())
	}
	m.Args = raw
	return m
}

// DueKind names a rule that acts when its time has come.
type DueKind string

// Due is something that will have to be done: a row with due_at <= now. It is
// claimed and moved on (or deleted) in the transaction that does it.
type Due struct {
	ID       int64
	TenantID int64  `gorm:"uniqueIndex:dues_key"`
	Key      string `gorm:"uniqueIndex:dues_key"` // "study:remind:OCC:PERSON:1d"
	Kind     DueKind
	RefID    int64 `gorm:"index"` // the row it is about
	PersonID int64
	DueAt    Instant `gorm:"index"`
	RetryMS  int64   // machine time; set after a failure
	Attempts int
	Args     json.RawMessage `gorm:"serializer:json"`
}

// Lookup is something to be read from Slack outside any transaction: a
// person's zone and locale, a channel's members.
type Lookup struct {
	ID       int64
	TenantID int64  `gorm:"uniqueIndex:lookups_one"`
	Kind     string `gorm:"uniqueIndex:lookups_one"` // "person", "members", "usergroup", "email", "dnd"
	Ref      string `gorm:"uniqueIndex:lookups_one"` // Slack id; for email the address, for dnd up to MostDND ids with commas
	RetryMS  int64
	LeaseMS  int64
	Attempts int
}

const (
	LookupPerson    = "person"
	LookupMembers   = "members"
	LookupUsergroup = "usergroup"
	LookupEmail     = "email" // who in Slack has this address
	LookupDND       = "dnd"   // who has do-not-disturb on
)

// Delivery is the identity of something Slack sent us and we acted on.
type Delivery struct {
	ID     int64
	Key    string `gorm:"uniqueIndex"` // "msg:T1:C1:ts:edit", "evt:Ev…", "trg:…", "view:V:hash"
	SeenAt int64  // machine time, unix ms; kept 7 days
}

// Lease lets one holder at a time do a thing (seal a tenant, watch a channel).
type Lease struct {
	Name    string `gorm:"primaryKey"`
	Holder  string
	UntilMS int64 // machine time
}

// Late says that an act at was entered more than a day after it happened.
func Late(at, entered Instant) bool { return entered.Sub(at) > 24*time.Hour }
