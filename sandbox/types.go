package sandbox

import (
	"log/slog"
	"net/http"
	"time"
)

// Options shape a workspace. Clock and Machine are required (Clock may be left
// out when Control is given): the sandbox never reads the system's time itself.
type Options struct {
	// Clock is the workspace's time of day: it is shown, and message ts are made of
	// it. Clock, Machine and Control.Now, Speed and Lang are called while the
	// workspace is locked: they must not call the sandbox.
	Clock func() time.Time
	// Machine is real time: rate limits, triggers and response URLs expire by it.
	Machine func() time.Time
	// Listen is the loopback address; default "127.0.0.1:0".
	Listen string
	// TeamName and TeamID name the workspace; defaults "Sandbox" and "T0SANDBOX".
	TeamName, TeamID string
	// BotName is the bot's handle; default "muster".
	BotName string
	// BotScopes are what the bot token may do; nil grants every scope the sandbox knows.
	BotScopes []string
	// Limits are the rate limits; nil means Slack's.
	Limits *Limits
	// RetryAfter are the waits before the three redeliveries of an event that was
	// not acknowledged; nil means Slack's 0 s, 1 min, 5 min.
	RetryAfter []time.Duration
	// AckWithin is how long an acknowledgement may take; default 3 s.
	AckWithin time.Duration
	// TriggerLife is how long a trigger_id can be exchanged; default 3 s.
	TriggerLife time.Duration
	// PingEvery is the pause between websocket pings; default 5 s.
	PingEvery time.Duration
	// RefreshEvery makes each socket live at most so long; 0 means for ever.
	RefreshEvery time.Duration
	// HTTPBase is the bot's own address for signed HTTP delivery, without a path.
	HTTPBase string
	// PreferHTTP delivers by HTTP even while sockets are open.
	PreferHTTP bool
	// Commands are the slash commands of the app; default "/muster".
	Commands []string
	// Shortcuts are offered by the page.
	Shortcuts []Shortcut
	// Control connects the page with the bot's clock and language; may be nil.
	Control Control
	// Page serves the web page and its JSON API.
	Page bool
	// Transport carries the sandbox's own requests to HTTPBase; nil makes one.
	Transport http.RoundTripper
	// Log receives warnings; nil discards them.
	Log *slog.Logger
}

// Control is what the page's clock and language switch act upon.
type Control interface {
	Now() time.Time
	Speed() float64
	SetSpeed(float64)
	Advance(time.Duration)
	Lang() string
	SetLang(string)
}

// Shortcut is an entry of the app's shortcut menu. Type is "global" or "message".
type Shortcut struct {
	CallbackID string `json:"callback_id"`
	Name       string `json:"name"`
	Type       string `json:"type"`
}

// Limits are the rate limits of the Web API. The zero value of a field means
// Slack's own number.
type Limits struct {
	// Off lifts every limit.
	Off bool
	// PostsPerSecond and PostBurst hold for chat.postMessage in one channel; 1 and 3.
	PostsPerSecond float64
	PostBurst      int
	// WorkspacePerMinute holds for chat.postMessage in all channels; 600.
	WorkspacePerMinute int
	// PerMinute replaces the tier of single methods; a negative number lifts it.
	PerMinute map[string]int
}

// User is a member of the workspace. The zero TZ is "Asia/Shanghai", the zero
// Locale "zh-CN".
type User struct {
	ID, Name, RealName, Title, Email, TZ, Locale string
	Bot, Guest, Deleted, Admin                   bool
	DND                                          bool
}

// Channel is a public or private channel. Members are user ids; add the bot's
// own id to have it in the channel.
type Channel struct {
	ID, Name string
	Private  bool
	Members  []string
	Archived bool
	Topic    string
}

// Message is one message as it stands now. Blocks and Metadata are shared: read only.
type Message struct {
	Channel, TS, ThreadTS, User, Text string
	// Subtype is Slack's, such as "thread_broadcast" or "tombstone"; mostly empty.
	Subtype   string
	Blocks    []map[string]any
	Edits     int
	Deleted   bool
	Ephemeral bool
	// For is the only reader of an ephemeral message.
	For string
	// Reactions hold who reacted, in order, by emoji name.
	Reactions map[string][]string
	Metadata  *Metadata
	Files     []File
	// At is the workspace's time of posting.
	At time.Time
	// Posted and Changed are the machine's time of posting and of the last edit.
	Posted, Changed time.Time

	emoji   []string // reaction names in order of first use
	editTS  string
	replies int
	latest  string // ts of the latest reply
	bot     bool
}

// FromBot reports whether the bot wrote the message.
func (m Message) FromBot() bool { return m.bot }

// Metadata is what the bot attached to a message.
type Metadata struct {
	EventType    string         `json:"event_type"`
	EventPayload map[string]any `json:"event_payload"`
}

// File is an uploaded file.
type File struct {
	ID, Name, Title, AltText string
	User                     string // whose it is; empty for the bot's
	Content                  []byte
}

// Button is a button of a message or view.
type Button struct {
	ActionID, BlockID, Text, Value, Style, URL, Label string
	// Confirm tells whether Slack asks before it sends the press.
	Confirm bool
}

// View is a modal or a Home tab. Blocks are shared: read only.
type View struct {
	ID, Hash, Type, CallbackID, ExternalID string
	Title, SubmitText, CloseText           string
	PrivateMetadata                        string
	Blocks                                 []map[string]any
	NotifyOnClose, ClearOnClose            bool
	RootID, PreviousID                     string
	// State holds what was filled in so far, in the shape of view.state.values.
	State map[string]map[string]any
}

// Outcome is what a person saw of one act.
type Outcome struct {
	// Acked tells whether the bot acknowledged within the deadline; Took how long it needed.
	Acked bool
	Took  time.Duration
	// Response is the message that came with the acknowledgement of a command.
	Response *Message
	// Errors are the field errors of a submission, by block_id: the bot's, or
	// those with which Slack's own client refuses to submit.
	Errors map[string]string
	// Action is the response_action of a submission.
	Action string
	// Refused says why the act could not even be sent, or was not answered.
	Refused string
}

// Call is one request to the Web API.
type Call struct {
	Method string
	// At is machine time, World the workspace's.
	At, World time.Time
	// Channel and User are as the bot named them.
	Channel, User string
	// Args are the arguments without the token; structured ones are decoded.
	Args map[string]any
	// Error is Slack's error name, empty for success, "ratelimited" for a 429.
	Error string
	// Lost tells that the work was done and the answer cut off.
	Lost bool
}

// Ping is a mention that would have notified a whole channel or group.
type Ping struct {
	// Kind is "channel", "here", "everyone" or "subteam".
	Kind, Channel, Method string
}

// AppUserAgent is how the sandbox presents itself when it calls the bot.
const AppUserAgent = "Slackbot 1.0 (+https://api.slack.com/robots)"
