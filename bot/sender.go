package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sort"
	"sync"
	"time"

	"muster/models"
)

// Outbox is where messages wait. Claimed rows are the holder's for the lease;
// Settle writes what became of one.
type Outbox interface {
	ClaimMessages(ctx context.Context, holder string, limit int, lease time.Duration) ([]models.Message, error)
	Settle(ctx context.Context, id int64, holder string, o models.Outcome) error
}

// SenderOptions are what the sender cannot know by itself. Outbox, For, Render,
// Recipient, Throttle, World and Machine are required.
type SenderOptions struct {
	Outbox Outbox
	// For finds the workspace of a tenant.
	For func(ctx context.Context, tenantID int64) (Workspace, error)
	// Render finds the words of a message from the state at this moment.
	Render func(ctx context.Context, m models.Message) (Outgoing, error)
	// Recipient is the Slack user id behind m.PersonID, "" when there is none
	// any more: then the message is dropped.
	Recipient func(ctx context.Context, m models.Message) (string, error)
	// OnDead is told of a message that will never arrive (m.LastError says
	// why), OnLost of one whose place is gone: card deleted, channel archived,
	// bot not let in (code is Slack's).
	OnDead func(ctx context.Context, m models.Message)
	OnLost func(ctx context.Context, m models.Message, code string)

	Throttle *Throttle
	World    models.Clock
	Machine  models.Clock
	Holder   string // this process; another one must have another name
	Log      *slog.Logger
	Metrics  *Metrics
	// Backoff is the unit of the pauses after failures (1, 4, 9, 16, 25 units);
	// default 10 s, so that five tries span nine minutes of somebody else's outage.
	Backoff time.Duration
}

// Sender carries the outbox to Slack.
type Sender struct {
	o     SenderOptions
	pulse *pulse

	mu      sync.Mutex
	directs map[string]string // workspace + user -> channel of the conversation
	lined   map[int64]bool    // rows that have a place in a line already
}

const (
	batch = 50 // rows a claim; large enough to fill a second of every pace
	// lease is how long a claimed row is ours. One row is given up after
	// rowTime and not begun after startTime, which together stay below it.
	lease     = 60 * time.Second
	rowTime   = 25 * time.Second
	startTime = 20 * time.Second
	// settleTime is what is left of the lease: a database that is away for some
	// seconds must not turn what was posted into a doubt.
	settleTime = lease - rowTime - startTime - time.Second
	// parallel requests: at a tenth of a second each this is far above any pace.
	parallel = 8
	// rounds bound one beat, so that a loop is never away for long.
	rounds = 20
	// mostAttempts is the end of trying.
	mostAttempts = 6
	// keepDirects bounds the memory of open conversations.
	keepDirects = 20000
)

// NewSender makes a sender; nothing moves before RunOnce.
func NewSender(o SenderOptions) *Sender {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Backoff == 0 {
		o.Backoff = 10 * time.Second
	}
	return &Sender{o: o, pulse: newPulse(o.Machine), directs: map[string]string{}, lined: map[int64]bool{}}
}

// RunOnce sends what is due and what the paces allow. Rows that must wait go
// back with the time of their turn, so they never stand in another's way.
func (s *Sender) RunOnce(ctx context.Context) error {
	for range rounds {
		claimedAt := s.o.Machine()
		rows, err := s.o.Outbox.ClaimMessages(ctx, s.o.Holder, batch, lease)
		if err != nil {
			return fmt.Errorf("claim messages: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		sent := s.round(ctx, rows, claimedAt)
		if ctx.Err() != nil || !sent {
			return nil
		}
	}
	return nil
}

// round sends the rows whose turn it is and says whether there were any.
func (s *Sender) round(ctx context.Context, rows []models.Message, claimedAt time.Time) bool {
	// Cards are edited before closing questions and the rest; reactions come
	// last. Otherwise the order of the claim stands.
	sort.SliceStable(rows, func(i, j int) bool { return turn(rows[i]) < turn(rows[j]) })
	var group sync.WaitGroup
	slots := make(chan struct{}, parallel)
	sent := false
	for _, m := range rows {
		ws, err := s.o.For(ctx, m.TenantID)
		if err != nil {
			s.settle(ctx, m, s.failed(m, "no_workspace", err))
			continue
		}
		again, ok := s.turn(ws, m)
		if !ok {
			s.settle(ctx, m, models.Outcome{Kind: models.OutcomeRetry, RetryMS: again.UnixMilli(), Doubt: m.Doubt, Cause: m.LastError})
			continue
		}
		sent = true
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if ctx.Err() != nil || s.o.Machine().Sub(claimedAt) > startTime {
				s.settle(ctx, m, models.Outcome{Kind: models.OutcomeRetry, RetryMS: s.o.Machine().UnixMilli(), Doubt: m.Doubt, Cause: m.LastError})
				return
			}
			s.settle(ctx, m, s.send(ctx, ws, m))
		})
	}
	group.Wait()
	return sent
}

// turn orders a batch: posts as claimed, then edits by class, then reactions.
func turn(m models.Message) int {
	switch {
	case m.Op == models.OpReact:
		return 10
	case edits(m):
		return 1 + m.EditClass
	}
	return 0
}

// edits says whether a row changes a message that is in Slack already.
func edits(m models.Message) bool { return m.Op == models.OpPost && m.Shown > 0 && m.TS != "" }

// rank is who goes first. Edits share their budget by floors instead: cards
// first, but never the cards alone.
func rank(m models.Message) int {
	if edits(m) {
		return 0
	}
	return int(m.Priority)
}

// turn takes the tokens m needs, or says when to come again.
func (s *Sender) turn(ws Workspace, m models.Message) (time.Time, bool) {
	s.mu.Lock()
	known := s.lined[m.ID]
	s.mu.Unlock()
	again, ok := s.o.Throttle.Try(known, rank(m), s.paces(ws, m)...)
	s.mu.Lock()
	defer s.mu.Unlock()
	if ok {
		delete(s.lined, m.ID)
		return again, true
	}
	if len(s.lined) >= keepDirects { // rows that another process sent stay behind in it
		clear(s.lined)
	}
	s.lined[m.ID] = true
	return again, ok
}

// paces are the buckets one row draws from.
func (s *Sender) paces(ws Workspace, m models.Message) []Pace {
	t := s.o.Throttle
	switch {
	case m.Op == models.OpReact:
		on, _ := markOf(m) // what cannot be read comes to its end in react
		return []Pace{t.Method(ws.Key, on.method())}
	case edits(m):
		return []Pace{t.Edits(ws.Key, m.EditClass), t.Living(ws.Key, m.Channel, m.TS)}
	case m.Op == models.OpFile:
		return []Pace{t.Posts(ws.Key), t.Channel(conversation(m)), t.Method(ws.Key, "files.completeUploadExternal")}
	case m.Doubt:
		return []Pace{t.Posts(ws.Key), t.Channel(conversation(m)), t.Method(ws.Key, "conversations.history")}
	}
	return []Pace{t.Posts(ws.Key), t.Channel(conversation(m))}
}

// conversation names where a post is heard, also before its channel is known.
func conversation(m models.Message) string {
	if m.Channel == "" {
		return fmt.Sprintf("person %d", m.PersonID)
	}
	return m.Channel
}

// send does one row and says what became of it. A request under way is finished
// even when the process is asked to stop: only its own time limit ends it.
func (s *Sender) send(ctx context.Context, ws Workspace, m models.Message) (out models.Outcome) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rowTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			out = s.failed(m, "panic", fmt.Errorf("panic: %v", p))
		}
	}()
	late := m.ExpiresAt != 0 && m.Shown == 0 && models.At(s.o.World()) > m.ExpiresAt
	if late && !m.Doubt {
		return models.Outcome{Kind: models.OutcomeDropped, Cause: "too late"}
	}
	switch m.Op {
	case models.OpReact:
		return s.react(ctx, ws, m)
	case models.OpFile, models.OpPost:
	default:
		return models.Outcome{Kind: models.OutcomeDead, Cause: "unknown op"}
	}
	if !edits(m) {
		if out, done := s.place(ctx, ws, &m); done {
			return out
		}
	}
	if m.Doubt {
		if out, done := s.settleDoubt(ctx, ws, m); done {
			return out
		}
	}
	if late {
		return models.Outcome{Kind: models.OutcomeDropped, Channel: userless(m), Cause: "too late"}
	}
	return s.say(ctx, ws, m)
}

// say renders m and posts, edits or hands over what came of it.
func (s *Sender) say(ctx context.Context, ws Workspace, m models.Message) models.Outcome {
	words, err := s.o.Render(ctx, m)
	if err != nil {
		return s.failed(m, "render", err)
	}
	switch {
	case words.Skip && m.Shown > 0: // nothing new to say: what is there stays
		return s.shown(m)
	case words.Skip:
		return models.Outcome{Kind: models.OutcomeDropped, Channel: userless(m), Cause: "nothing to say"}
	case words.Wait != 0 && m.ExpiresAt != 0 && models.Instant(words.Wait) > m.ExpiresAt && m.Shown == 0:
		return models.Outcome{Kind: models.OutcomeDropped, Channel: userless(m), Cause: "too late"}
	case words.Wait != 0:
		return models.Outcome{Kind: models.OutcomeWait, Channel: userless(m), WaitUntil: models.Instant(words.Wait)}
	case edits(m):
		return s.edit(ctx, ws, m, words)
	case m.Op == models.OpFile:
		return s.file(ctx, ws, m, words)
	}
	return s.post(ctx, ws, m, words)
}

// shown is the outcome of a message that Slack has.
func (s *Sender) shown(m models.Message) models.Outcome {
	return models.Outcome{Kind: models.OutcomeSent, Channel: m.Channel, TS: m.TS, Version: m.Version}
}

func (s *Sender) post(ctx context.Context, ws Workspace, m models.Message, words Outgoing) models.Outcome {
	p := Post{Channel: m.Channel, Thread: m.ThreadTS, Text: words.Text, Blocks: words.Blocks, UID: m.UID}
	channel, ts, err := ws.Web.Post(ctx, p)
	if codeOf(err) == "not_in_channel" && ws.Web.Join(ctx, m.Channel) == nil {
		channel, ts, err = ws.Web.Post(ctx, p) // a public channel is joined before posting
	}
	if err != nil {
		return s.refused(ctx, ws, m, err)
	}
	if m.PersonID != 0 && channel != "" {
		s.remember(ws, p.Channel, channel)
	}
	m.Channel, m.TS = first(channel, m.Channel), ts
	return s.shown(m)
}

func (s *Sender) edit(ctx context.Context, ws Workspace, m models.Message, words Outgoing) models.Outcome {
	err := ws.Web.Update(ctx, Post{Channel: m.Channel, TS: m.TS, Text: words.Text, Blocks: words.Blocks, UID: m.UID})
	if err != nil {
		return s.refused(ctx, ws, m, err)
	}
	return s.shown(m)
}

func (s *Sender) file(ctx context.Context, ws Workspace, m models.Message, words Outgoing) models.Outcome {
	if words.File == nil || len(words.File.Bytes) == 0 {
		return models.Outcome{Kind: models.OutcomeDropped, Channel: userless(m), Cause: "no file"}
	}
	if err := ws.Web.Upload(ctx, m.Channel, m.ThreadTS, words.Text, *words.File); err != nil {
		return s.refused(ctx, ws, m, err)
	}
	return s.shown(m)
}

// mark is a reaction on somebody's message, or (Gone not empty) one to be taken
// away.
type mark struct{ Channel, TS, Emoji, Gone string }

func markOf(m models.Message) (on mark, err error) {
	err = json.Unmarshal(m.Args, &on)
	return on, err
}

func (on mark) method() string {
	if on.Gone != "" {
		return "reactions.remove"
	}
	return "reactions.add"
}

// react marks somebody's message. It never costs more than a few tries: the
// person was answered otherwise, the mark is a courtesy.
func (s *Sender) react(ctx context.Context, ws Workspace, m models.Message) models.Outcome {
	on, err := markOf(m)
	if err != nil {
		return models.Outcome{Kind: models.OutcomeDead, Cause: "unreadable args"}
	}
	put := ws.Web.React
	if on.Gone != "" {
		put = ws.Web.Unreact
	}
	err = put(ctx, on.Channel, on.TS, on.Emoji)
	fault := (*Fault)(nil)
	if err != nil {
		fault = faultOf(err)
	}
	switch {
	case fault == nil, fault.Code == "already_reacted", fault.Code == "no_reaction":
		return models.Outcome{Kind: models.OutcomeSent, Version: m.Version}
	case fault.Kind == FaultLimited:
		s.o.Throttle.Limited(s.o.Throttle.Method(ws.Key, on.method()), fault.RetryAfter)
		return s.later(fault.RetryAfter, m, fault.Code)
	case fault.Kind == FaultUnreached, fault.Kind == FaultLost && s.pulse.away(ctx, ws):
		return s.later(s.o.Backoff, m, fault.Code)
	case fault.Kind == FaultLost, passing[fault.Code]:
		if m.Attempts+1 < mostAttempts {
			return s.counted(m, fault.Code, false)
		}
	}
	return models.Outcome{Kind: models.OutcomeDropped, Cause: fault.Code}
}

// settle writes the outcome. If that fails the lease runs out, and whoever
// takes the row next looks in Slack before posting.
func (s *Sender) settle(ctx context.Context, m models.Message, out models.Outcome) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil { // who is told of a dead message must not take the process along
			s.o.Log.Error("settling a message panicked", "message", m.ID, "panic", fmt.Sprint(p))
		}
	}()
	s.o.Metrics.Count("muster_sends_total", "op", m.Op, "outcome", string(out.Kind))
	if err := s.o.Outbox.Settle(ctx, m.ID, s.o.Holder, out); err != nil {
		s.o.Log.Error("an outgoing message could not be settled", "message", m.ID, "outcome", out.Kind, "cause", err)
		return
	}
	if out.Kind == models.OutcomeDead {
		s.buried(ctx, m, out.Cause)
	}
}

// buried tells of a message that will never arrive, once it is settled.
func (s *Sender) buried(ctx context.Context, m models.Message, cause string) {
	m.LastError = cause
	s.o.Log.Warn("a message will not be sent", "message", m.ID, "kind", m.Kind, "op", m.Op, "tenant", m.TenantID, "cause", cause)
	if placeGone[cause] && s.o.OnLost != nil {
		s.o.OnLost(ctx, m, cause)
	} else if s.o.OnDead != nil {
		s.o.OnDead(ctx, m)
	}
}
