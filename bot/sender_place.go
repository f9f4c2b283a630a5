package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muster/models"
)

// place finds the channel a new post goes to; done is set when the row ends
// here. A person's conversation is opened once and remembered.
func (s *Sender) place(ctx context.Context, ws Workspace, m *models.Message) (out models.Outcome, done bool) {
	if m.Channel != "" {
		return out, false
	}
	if m.PersonID == 0 {
		return models.Outcome{Kind: models.OutcomeDead, Cause: "no place to post"}, true
	}
	user, err := s.o.Recipient(ctx, *m)
	if err != nil {
		return s.failed(*m, "recipient", err), true
	}
	if user == "" {
		return models.Outcome{Kind: models.OutcomeDropped, Cause: "nobody to tell"}, true
	}
	if m.Channel = s.known(ws, user); m.Channel != "" {
		return out, false
	}
	pace := s.o.Throttle.Method(ws.Key, "conversations.open")
	again, ok := s.o.Throttle.Try(true, rank(*m), pace)
	switch {
	case ok:
	case m.Op == models.OpPost && !m.Doubt:
		// Slack opens the conversation itself when posted to a user id, and
		// says which it is: a fan-out to hundreds is not held to tier 3.
		m.Channel = user
		return out, false
	default:
		return models.Outcome{Kind: models.OutcomeRetry, RetryMS: again.UnixMilli(), Doubt: m.Doubt, Cause: m.LastError}, true
	}
	channel, err := ws.Web.OpenDirect(ctx, user)
	if err != nil {
		if fault := faultOf(err); fault.Kind == FaultLimited {
			s.o.Throttle.Limited(pace, fault.RetryAfter)
			return s.later(fault.RetryAfter, *m, fault.Code), true
		}
		return s.unplaced(ctx, ws, *m, faultOf(err)), true
	}
	if channel == "" {
		return s.counted(*m, "no_channel", m.Doubt), true
	}
	s.remember(ws, user, channel)
	m.Channel = channel
	return out, false
}

// unplaced is the outcome when a conversation could not be opened. Nothing was
// posted, so this raises no doubt (and settles none).
func (s *Sender) unplaced(ctx context.Context, ws Workspace, m models.Message, fault *Fault) models.Outcome {
	switch {
	case fault.Kind == FaultUnreached, fault.Kind == FaultLost && s.pulse.away(ctx, ws):
		return s.later(s.o.Backoff, m, fault.Code)
	case fault.Kind == FaultLost, passing[fault.Code]:
		return s.counted(m, fault.Code, m.Doubt)
	case badToken[fault.Code]:
		return s.later(tokenPause, m, fault.Code)
	}
	return models.Outcome{Kind: models.OutcomeDead, Cause: fault.Code}
}

func (s *Sender) known(ws Workspace, user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.directs[ws.Key+" "+user]
}

// remember keeps a person's conversation; when the memory is full it starts
// anew, which costs a call each.
func (s *Sender) remember(ws Workspace, user, channel string) {
	if user == channel {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.directs) >= keepDirects {
		clear(s.directs)
	}
	s.directs[ws.Key+" "+user] = channel
}

// historyPages bounds the search for one lost message: 5 pages of 200 since
// shortly before it was queued.
const historyPages = 5

// lookBack is how long before its queueing a message is looked for: clocks of
// two machines differ by seconds, never by minutes.
const lookBack = 2 * time.Minute

// settleDoubt looks for a message whose answer was lost. Found: it is sent. Not
// found: it was not, and may be posted. Not known: it waits.
func (s *Sender) settleDoubt(ctx context.Context, ws Workspace, m models.Message) (out models.Outcome, done bool) {
	oldest := fmt.Sprintf("%.6f", float64(m.CreatedAt.Add(-lookBack).Time().UnixMilli())/1000)
	name := s.fileName(ctx, m)
	cursor := ""
	for range historyPages {
		page, next, err := ws.Web.History(ctx, m.Channel, m.ThreadTS, oldest, cursor)
		if err != nil {
			return s.unsure(ctx, ws, m, faultOf(err))
		}
		for _, seen := range page {
			if (m.UID != "" && seen.UID == m.UID) || (name != "" && slices.Contains(seen.Files, name)) {
				// Which version was posted is not known; the first certainly
				// was not later than the one wanted now, so an edit follows.
				return models.Outcome{Kind: models.OutcomeSent, Channel: m.Channel, TS: seen.TS, Version: 1}, true
			}
		}
		if next == "" {
			return out, false
		}
		cursor = next
	}
	return out, false
}

// fileName is the name of the file a row hands over: files carry no metadata.
func (s *Sender) fileName(ctx context.Context, m models.Message) string {
	if m.Op != models.OpFile {
		return ""
	}
	words, err := s.o.Render(ctx, m)
	if err != nil || words.File == nil {
		return ""
	}
	return words.File.Name
}

// unsure is the outcome when history could not be read.
func (s *Sender) unsure(ctx context.Context, ws Workspace, m models.Message, fault *Fault) (models.Outcome, bool) {
	switch {
	case fault.Kind == FaultLimited:
		s.o.Throttle.Limited(s.o.Throttle.Method(ws.Key, "conversations.history"), fault.RetryAfter)
		return s.later(fault.RetryAfter, m, fault.Code), true
	case fault.Kind == FaultUnreached, fault.Kind == FaultLost && s.pulse.away(ctx, ws):
		return s.later(s.o.Backoff, m, fault.Code), true
	case fault.Kind == FaultRefused && !passing[fault.Code] && !badToken[fault.Code]:
		// Where we cannot read we could not post either: not in the channel,
		// no such channel, no such thread.
		return models.Outcome{}, false
	}
	return s.counted(m, fault.Code, true), true
}
