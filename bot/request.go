// Package bot is the machine between Slack and Muster: two ways in, one
// request out; an outbox and one careful way to speak; clocks and loops. It
// knows no feature: handlers register with exact ids, and storage and words
// reach it only through the small interfaces declared here.
package bot

import (
	"context"

	"github.com/slack-go/slack"
)

// Kind is what a person (or Slack) did.
type Kind string

const (
	KindCommand       Kind = "command"        // /muster …; Name is the verb
	KindMention       Kind = "mention"        // @muster … in a channel or thread; Name is the verb
	KindDirect        Kind = "direct"         // a direct message to the bot; Name is the verb, "" when it is none
	KindMessage       Kind = "message"        // any other message in a channel the bot is in
	KindReactionAdded Kind = "reaction_added" // Name is the emoji without skin tone, Value with it
	KindReactionGone  Kind = "reaction_removed"
	KindAction        Kind = "action"     // a button or select; Name is the action_id up to the first ':'
	KindSubmission    Kind = "submission" // a modal; Name is its callback_id
	KindShortcut      Kind = "shortcut"   // global or message; Name is its callback_id
	KindHome          Kind = "home"       // app_home_opened on the Home tab
	KindEvent         Kind = "event"      // anything else; Name is Slack's event type
)

// Request is one thing that happened, whichever way it came. Text is raw as
// Slack sent it (entities not decoded).
type Request struct {
	Kind     Kind
	Name     string
	Delivery string // identity against repeats, see SURFACE 2; "" when a repeat is harmless

	Team       string // T…
	Enterprise string // E…, only for org-wide installs: then it names the tenant
	User       string // Slack user id of who acted
	Channel    string
	Direct     bool // Channel is the conversation between this person and the bot

	Text     string
	TS       string // the message (or the message reacted to, or the message pressed on)
	ThreadTS string // "" when not in a thread
	EditTS   string // set when an edited message is read again
	ItemUser string // for reactions: whose message

	ActionID string              // whole action_id
	BlockID  string              // block the pressed element stands in
	Value    string              // a button's value or the selected option's: a row id, never believed
	Selected []string            // all selected values of a select
	Fields   map[string][]string // modal input by block_id; one value for most inputs
	View     View

	TriggerID   string
	ResponseURL string
	Ephemeral   bool           // pressed on an ephemeral message
	Retry       int            // Slack's retry attempt, 0 = first
	Event       map[string]any // KindEvent, and messages that carry files: the event as sent
	Files       []Attached     // what a person sent along: with a message, or in a modal's file inputs
}

// Attached is a file that a person gave Slack: where it is, never its content.
type Attached struct {
	ID, Name string
	Type     string // Slack's filetype: jpg, m4a
	Mime     string
	Link     string // permalink
	User     string // whose file it is
}

// View identifies the modal a submission or an action came from.
type View struct {
	ID       string
	Hash     string
	Callback string
	Private  string // private_metadata as we wrote it
}

// Reply is the answer to the one who acted; everybody else is told through the
// outbox. Zero means acknowledge and say nothing.
type Reply struct {
	Text   string
	Blocks []slack.Block

	Replace bool // replace the ephemeral message pressed on
	Private bool // answer by direct message even when asked elsewhere
	Keep    bool // a message that stays, where others are gone with the window

	Modal  *slack.ModalViewRequest // open (or push/update: see ModalHow)
	How    ModalHow
	Home   *slack.HomeTabViewRequest
	Errors map[string]string // submission: block_id -> sentence; the modal stays open
}

// ModalHow says where a modal goes.
type ModalHow string

const (
	ModalOpen   ModalHow = ""       // views.open with the trigger; in a submission: update of the view
	ModalUpdate ModalHow = "update" // replace the view the request came from
	ModalPush   ModalHow = "push"
)

// Handler does one thing for one exact id.
type Handler func(ctx context.Context, r Request) (Reply, error)

// Outgoing is a rendered message on its way to Slack.
type Outgoing struct {
	Text   string
	Blocks []slack.Block
	Skip   bool  // the state says nothing is to be said any more: drop
	Wait   int64 // world time (unix ms) until which to hold it (quiet hours); 0 = send now
	File   *File // OpFile
}

// File is a file to hand to somebody.
type File struct {
	Name, Title, Alt string
	Bytes            []byte
}
