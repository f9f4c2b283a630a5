package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"go.uber.org/goleak"

	"muster/models"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// fakeWeb is Slack as far as a unit test needs it: it keeps what was said and
// fails as told.
type fakeWeb struct {
	mu, failing sync.Mutex
	now         func() time.Time
	calls       []call
	fail        func(c call) error // nil: all goes well
	posted      map[string][]Seen  // channel -> what is there
	n           int
	took        time.Duration // how long a call lasts

	person  PersonInfo
	channel ChannelInfo
	pages   [][]string
	group   UsergroupInfo
	dnd     []DNDInfo
	id      Identity
}

type call struct {
	Method, Channel, TS, User, Text, UID, Thread string
	Blocks                                       int
	Replace                                      bool
	At                                           time.Time
}

func newFakeWeb(now func() time.Time) *fakeWeb {
	return &fakeWeb{now: now, posted: map[string][]Seen{}}
}

func (f *fakeWeb) did(ctx context.Context, c call) error {
	f.mu.Lock()
	c.At = f.now()
	f.calls = append(f.calls, c)
	fail, took := f.fail, f.took
	f.mu.Unlock()
	if took > 0 {
		if err := pause(ctx, took); err != nil {
			return &Fault{Kind: FaultLost, Method: c.Method, Code: "answer_lost", Cause: err}
		}
	}
	if fail != nil {
		f.failing.Lock() // a test's fail may keep count
		defer f.failing.Unlock()
		return fail(c)
	}
	return nil
}

func (f *fakeWeb) of(method string) []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []call
	for _, c := range f.calls {
		if c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

func (f *fakeWeb) there(channel, uid string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
	ts := fmt.Sprintf("1700000000.%06d", f.n)
	f.posted[channel] = append(f.posted[channel], Seen{TS: ts, UID: uid})
	return ts
}

func (f *fakeWeb) Auth(ctx context.Context) (Identity, error) {
	return f.id, f.did(ctx, call{Method: "auth.test"})
}

func (f *fakeWeb) Post(ctx context.Context, p Post) (string, string, error) {
	err := f.did(ctx, call{Method: "chat.postMessage", Channel: p.Channel, Thread: p.Thread, Text: p.Text, UID: p.UID, Blocks: len(p.Blocks)})
	if err != nil && faultOf(err).Kind != FaultLost {
		return "", "", err
	}
	channel := p.Channel
	if channel[0] == 'U' {
		channel = "D" + channel[1:]
	}
	ts := f.there(channel, p.UID)
	if err != nil { // lost: it was done, but nobody is told
		return "", "", err
	}
	return channel, ts, nil
}

func (f *fakeWeb) Update(ctx context.Context, p Post) error {
	return f.did(ctx, call{Method: "chat.update", Channel: p.Channel, TS: p.TS, Text: p.Text, UID: p.UID, Blocks: len(p.Blocks)})
}

func (f *fakeWeb) Ephemeral(ctx context.Context, user string, p Post) error {
	return f.did(ctx, call{Method: "chat.postEphemeral", Channel: p.Channel, User: user, Thread: p.Thread, Text: p.Text})
}

func (f *fakeWeb) Respond(ctx context.Context, url string, p Post, replace bool) error {
	return f.did(ctx, call{Method: "response_url", Channel: url, Text: p.Text, Replace: replace, Thread: p.Thread, Blocks: len(p.Blocks)})
}

func (f *fakeWeb) OpenDirect(ctx context.Context, user string) (string, error) {
	if err := f.did(ctx, call{Method: "conversations.open", User: user}); err != nil {
		return "", err
	}
	return "D" + user[1:], nil
}

func (f *fakeWeb) Join(ctx context.Context, channel string) error {
	return f.did(ctx, call{Method: "conversations.join", Channel: channel})
}

func (f *fakeWeb) History(ctx context.Context, channel, thread, oldest, cursor string) ([]Seen, string, error) {
	if err := f.did(ctx, call{Method: "conversations.history", Channel: channel, Thread: thread, TS: oldest}); err != nil {
		return nil, "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Seen(nil), f.posted[channel]...), "", nil
}

func (f *fakeWeb) React(ctx context.Context, channel, ts, emoji string) error {
	return f.did(ctx, call{Method: "reactions.add", Channel: channel, TS: ts, Text: emoji})
}

func (f *fakeWeb) Unreact(ctx context.Context, channel, ts, emoji string) error {
	return f.did(ctx, call{Method: "reactions.remove", Channel: channel, TS: ts, Text: emoji})
}

func (f *fakeWeb) Upload(ctx context.Context, channel, thread, comment string, file File) error {
	return f.did(ctx, call{Method: "files.completeUploadExternal", Channel: channel, Thread: thread, Text: file.Name})
}

func (f *fakeWeb) OpenModal(ctx context.Context, trigger string, v slack.ModalViewRequest) error {
	return f.did(ctx, call{Method: "views.open", User: trigger, Text: v.CallbackID})
}

func (f *fakeWeb) PushModal(ctx context.Context, trigger string, v slack.ModalViewRequest) error {
	return f.did(ctx, call{Method: "views.push", User: trigger, Text: v.CallbackID})
}

func (f *fakeWeb) UpdateModal(ctx context.Context, id, hash string, v slack.ModalViewRequest) error {
	return f.did(ctx, call{Method: "views.update", User: id, Text: v.CallbackID})
}

func (f *fakeWeb) PublishHome(ctx context.Context, user string, v slack.HomeTabViewRequest) error {
	return f.did(ctx, call{Method: "views.publish", User: user})
}

func (f *fakeWeb) Person(ctx context.Context, user string) (PersonInfo, error) {
	return f.person, f.did(ctx, call{Method: "users.info", User: user})
}

func (f *fakeWeb) Channel(ctx context.Context, id string) (ChannelInfo, error) {
	return f.channel, f.did(ctx, call{Method: "conversations.info", Channel: id})
}

func (f *fakeWeb) Members(ctx context.Context, channel, cursor string) ([]string, string, error) {
	if err := f.did(ctx, call{Method: "conversations.members", Channel: channel, TS: cursor}); err != nil {
		return nil, "", err
	}
	at := 0
	_, _ = fmt.Sscan(cursor, &at)
	next := ""
	if at+1 < len(f.pages) {
		next = fmt.Sprint(at + 1)
	}
	return f.pages[at], next, nil
}

func (f *fakeWeb) Usergroup(ctx context.Context, id string) (UsergroupInfo, error) {
	return f.group, f.did(ctx, call{Method: "usergroups.users.list", User: id})
}

func (f *fakeWeb) PersonByEmail(ctx context.Context, email string) (PersonInfo, error) {
	return f.person, f.did(ctx, call{Method: "users.lookupByEmail", User: email})
}

func (f *fakeWeb) DND(ctx context.Context, users []string) ([]DNDInfo, error) {
	return f.dnd, f.did(ctx, call{Method: "dnd.teamInfo", User: strings.Join(users, ",")})
}

// fakeOutbox is an outbox in memory with the rules of the real one: by
// priority, due time and id; leases; touches.
type fakeOutbox struct {
	mu      sync.Mutex
	machine models.Clock
	rows    map[int64]*models.Message
	next    int64
	settled []models.Outcome
	broken  bool // Settle fails: the process dies before it can write
}

func newFakeOutbox(machine models.Clock) *fakeOutbox {
	return &fakeOutbox{machine: machine, rows: map[int64]*models.Message{}}
}

func (o *fakeOutbox) add(m models.Message) int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.next++
	m.ID, m.TenantID, m.State = o.next, 1, models.MessageQueued
	m.Version = max(m.Version, 1)
	if m.Op == "" {
		m.Op = models.OpPost
	}
	if m.UID == "" {
		m.UID = fmt.Sprintf("uid-%d", m.ID)
	}
	m.CreatedAt = models.At(o.machine())
	o.rows[m.ID] = &m
	return m.ID
}

func (o *fakeOutbox) get(id int64) models.Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	return *o.rows[id]
}

func (o *fakeOutbox) touch(id int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.rows[id]
	m.Version++
	if m.State == models.MessageSent {
		m.State, m.RetryMS, m.Attempts = models.MessageQueued, 0, 0
	}
}

func (o *fakeOutbox) count(state models.MessageState) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, m := range o.rows {
		if m.State == state {
			n++
		}
	}
	return n
}

func (o *fakeOutbox) ClaimMessages(_ context.Context, holder string, limit int, lease time.Duration) ([]models.Message, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.machine().UnixMilli()
	var due []*models.Message
	for _, m := range o.rows {
		if m.State == models.MessageSending && m.LeaseMS < now {
			m.State, m.Doubt = models.MessageQueued, m.Op == models.OpPost && m.Shown == 0
		}
		if m.State == models.MessageQueued && m.RetryMS <= now {
			due = append(due, m)
		}
	}
	sort.Slice(due, func(i, j int) bool {
		if due[i].Priority != due[j].Priority {
			return due[i].Priority < due[j].Priority
		}
		if due[i].DueAt != due[j].DueAt {
			return due[i].DueAt < due[j].DueAt
		}
		return due[i].ID < due[j].ID
	})
	var out []models.Message
	for _, m := range due[:min(limit, len(due))] {
		m.State, m.Holder, m.LeaseMS = models.MessageSending, holder, o.machine().Add(lease).UnixMilli()
		out = append(out, *m)
	}
	return out, nil
}

var errBroken = errors.New("the database is gone")

func (o *fakeOutbox) Settle(_ context.Context, id int64, holder string, out models.Outcome) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken {
		return errBroken
	}
	m := o.rows[id]
	if m.Holder != holder || m.State != models.MessageSending {
		return fmt.Errorf("message %d is not ours", id)
	}
	o.settled = append(o.settled, out)
	m.Holder = ""
	if out.Channel != "" {
		m.Channel = out.Channel
	}
	if out.TS != "" {
		m.TS = out.TS
	}
	switch out.Kind {
	case models.OutcomeSent:
		m.State, m.Shown, m.Doubt, m.Attempts, m.RetryMS = models.MessageSent, out.Version, false, 0, 0
		if m.Version > out.Version {
			m.State = models.MessageQueued
		}
	case models.OutcomeRetry:
		m.State, m.RetryMS, m.Doubt, m.LastError = models.MessageQueued, out.RetryMS, out.Doubt, out.Cause
		if out.Counted {
			m.Attempts++
		}
	case models.OutcomeWait:
		m.State, m.DueAt = models.MessageQueued, out.WaitUntil
		m.RetryMS = int64(out.WaitUntil)
	case models.OutcomeDropped:
		m.State, m.LastError = models.MessageDropped, out.Cause
	case models.OutcomeDead:
		m.State, m.LastError = models.MessageDead, out.Cause
	}
	return nil
}

// desk is a sender with everything around it faked.
type desk struct {
	*Sender
	web    *fakeWeb
	outbox *fakeOutbox
	mu     sync.Mutex
	render func(m models.Message) (Outgoing, error)
	dead   []models.Message
	lost   []string
}

func newDesk(perMinute int) *desk {
	d := &desk{web: newFakeWeb(time.Now), outbox: newFakeOutbox(time.Now)}
	d.render = func(m models.Message) (Outgoing, error) {
		return Outgoing{Text: fmt.Sprintf("message %d v%d", m.ID, m.Version)}, nil
	}
	d.Sender = NewSender(SenderOptions{
		Outbox: d.outbox, Throttle: NewThrottle(time.Now, perMinute), World: time.Now, Machine: time.Now, Holder: "test", Log: quiet, Metrics: NewMetrics(),
		For:       func(context.Context, int64) (Workspace, error) { return Workspace{Key: "T1", Web: d.web}, nil },
		Render:    func(_ context.Context, m models.Message) (Outgoing, error) { return d.render(m) },
		Recipient: func(_ context.Context, m models.Message) (string, error) { return fmt.Sprintf("U%d", m.PersonID), nil },
		OnDead: func(_ context.Context, m models.Message) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.dead = append(d.dead, m)
		},
		OnLost: func(_ context.Context, m models.Message, code string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.lost = append(d.lost, code)
		},
	})
	return d
}

// beats runs the sender every 250 ms for a while, as the loop does.
func (d *desk) beats(t *testing.T, span time.Duration) {
	t.Helper()
	for end := time.Now().Add(span); time.Now().Before(end); {
		if err := d.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(250 * time.Millisecond) // fake time: these tests run in a bubble
	}
}
