package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/slack-go/slack"
)

// Web is every Web API method Muster uses. One call is one request: nothing is
// retried behind it. Errors are *Fault.
type Web interface {
	Auth(ctx context.Context) (Identity, error)
	Post(ctx context.Context, p Post) (channel, ts string, err error)
	Update(ctx context.Context, p Post) error
	Ephemeral(ctx context.Context, user string, p Post) error
	Respond(ctx context.Context, url string, p Post, replace bool) error
	OpenDirect(ctx context.Context, user string) (channel string, err error)
	Join(ctx context.Context, channel string) error
	// History reads one page of a channel, or of a thread when thread is not
	// empty, with metadata, from oldest (a Slack ts) on.
	History(ctx context.Context, channel, thread, oldest, cursor string) (page []Seen, next string, err error)
	React(ctx context.Context, channel, ts, emoji string) error
	Unreact(ctx context.Context, channel, ts, emoji string) error
	Upload(ctx context.Context, channel, thread, comment string, f File) error
	OpenModal(ctx context.Context, trigger string, v slack.ModalViewRequest) error
	PushModal(ctx context.Context, trigger string, v slack.ModalViewRequest) error
	UpdateModal(ctx context.Context, id, hash string, v slack.ModalViewRequest) error
	PublishHome(ctx context.Context, user string, v slack.HomeTabViewRequest) error
	Person(ctx context.Context, user string) (PersonInfo, error)
	Channel(ctx context.Context, id string) (ChannelInfo, error)
	Members(ctx context.Context, channel, cursor string) (users []string, next string, err error)
	Usergroup(ctx context.Context, id string) (UsergroupInfo, error)
	// PersonByEmail finds who has an address; a fault with users_not_found when
	// nobody has. The locale is not told.
	PersonByEmail(ctx context.Context, email string) (PersonInfo, error)
	// DND reads who of at most 50 people has do-not-disturb on.
	DND(ctx context.Context, users []string) ([]DNDInfo, error)
}

// Workspace is one installation to speak in. Key names it for the paces.
type Workspace struct {
	Key string
	Web Web
}

// Identity is who a token belongs to.
type Identity struct {
	Team, Enterprise, BotUser, BotID string
	TeamName, URL                    string
	Scopes                           []string
	Date                             time.Time // Slack's own clock, from the Date header; zero when absent
}

// Post is a message as Slack takes it. UID goes into the metadata when set.
type Post struct {
	Channel string
	TS      string // the message to update
	Thread  string
	Text    string
	Blocks  []slack.Block
	UID     string
}

// Seen is a message found in a channel's history.
type Seen struct {
	TS    string
	UID   string   // event_payload.id of our metadata, "" when there is none
	Files []string // names of attached files
}

// PersonInfo is what users.info tells.
type PersonInfo struct {
	User, Name, Email, Locale, Zone string
	Bot, Guest, Gone                bool
}

// ChannelInfo is what conversations.info tells.
type ChannelInfo struct {
	Channel, Name            string
	Private, Archived, BotIn bool
	Shared                   bool // Slack Connect
	Missing                  bool // Slack says there is no such channel for us
	Direct                   bool
	MemberCount              int
}

// UsergroupInfo is a user group with its members.
type UsergroupInfo struct {
	Usergroup, Handle, Name string
	Users                   []string
	Missing                 bool
}

// DNDInfo is one person's do-not-disturb: on from Start to End, both zero when
// it is off.
type DNDInfo struct {
	User       string
	Start, End time.Time
}

// FaultKind says what is known about a failed call.
type FaultKind string

const (
	FaultRefused   FaultKind = "refused"   // Slack said no; Code says why
	FaultLimited   FaultKind = "limited"   // 429; not done, try after RetryAfter
	FaultLost      FaultKind = "lost"      // the answer never came: it may have been done
	FaultUnreached FaultKind = "unreached" // the request never got to Slack
)

// Fault is why a call to Slack failed.
type Fault struct {
	Kind       FaultKind
	Method     string
	Code       string // Slack's error code, or a short cause
	RetryAfter time.Duration
	Needed     string // missing_scope: the scope
	Cause      error
}

func (f *Fault) Error() string {
	if f.Needed != "" {
		return fmt.Sprintf("%s: %s (needs %s)", f.Method, f.Code, f.Needed)
	}
	return f.Method + ": " + f.Code
}

func (f *Fault) Unwrap() error { return f.Cause }

// faultOf is err as a *Fault; an error of another kind counts as lost, because
// nothing is known about it.
func faultOf(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Kind: FaultLost, Code: "unknown", Cause: err}
}

// codeOf is Slack's error code in err, "" when Slack did not answer.
func codeOf(err error) string {
	var f *Fault
	if errors.As(err, &f) && f.Kind == FaultRefused {
		return f.Code
	}
	return ""
}

// passing are Slack's codes for troubles of its own that go by.
var passing = map[string]bool{
	"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true,
	"team_added_to_org": true, "accesslimited": true, "org_login_required": true,
}

// doubtful are codes after which the call may have been done all the same.
var doubtful = map[string]bool{"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true}

// badToken are codes that no repetition cures: somebody has to change a token.
var badToken = map[string]bool{
	"invalid_auth": true, "account_inactive": true, "not_authed": true, "token_revoked": true,
	"not_allowed_token_type": true, "token_expired": true, "missing_scope": true,
}

// webTimeout ends one HTTP request. It is far below the outbox lease of 60 s,
// so a message is never taken by somebody else while its request still runs.
const webTimeout = 10 * time.Second

// NewHTTPClient is the client for Slack: with a timeout, through the proxy that
// the environment names.
func NewHTTPClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 16
	return &http.Client{Timeout: webTimeout, Transport: t}
}
