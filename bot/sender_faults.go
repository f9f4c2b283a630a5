package bot

import (
	"context"
	"time"

	"muster/models"
)

// placeGone are the codes that say the place is gone, not the message wrong:
// somebody is offered a new place.
var placeGone = map[string]bool{
	"message_not_found": true, "cant_update_message": true, "is_archived": true, "channel_not_found": true,
	"not_in_channel": true, "edit_window_closed": true, "thread_not_found": true,
}

// tokenPause is how long a row waits when the token is refused. It costs no
// attempt: messages must outlive the minutes somebody needs to change a token.
const tokenPause = time.Minute

// refused turns a failed post, edit or upload into an outcome.
func (s *Sender) refused(ctx context.Context, ws Workspace, m models.Message, err error) models.Outcome {
	fault := faultOf(err)
	fresh := !edits(m)
	switch {
	case fault.Kind == FaultLimited:
		s.limited(ws, m, fault)
		out := s.later(fault.RetryAfter, m, fault.Code)
		out.Doubt = false // a 429 is an answer: nothing was posted
		return out
	case fault.Kind == FaultUnreached:
		out := s.later(s.o.Backoff, m, fault.Code)
		out.Doubt = false
		return out
	case fault.Kind == FaultLost && s.pulse.away(ctx, ws):
		out := s.later(s.o.Backoff, m, fault.Code)
		out.Doubt = m.Doubt || fresh
		return out
	case fault.Kind == FaultLost:
		return s.counted(m, fault.Code, fresh)
	case passing[fault.Code] || fault.Code == codeUpload:
		return s.counted(m, fault.Code, fresh && doubtful[fault.Code])
	case badToken[fault.Code]:
		s.o.Log.ErrorContext(ctx, "Slack refuses the bot token", "code", fault.Code, "method", fault.Method, "needed", fault.Needed)
		return s.later(tokenPause, m, fault.Code)
	case m.PersonID != 0 && fresh && fault.Code == "channel_not_found":
		return s.reopen(ws, m)
	}
	return models.Outcome{Kind: models.OutcomeDead, Channel: userless(m), Cause: fault.Code}
}

// reopen forgets a conversation Slack does not know: next time it is opened
// anew. It counts, so a person who cannot be reached at all comes to an end.
func (s *Sender) reopen(ws Workspace, m models.Message) models.Outcome {
	s.mu.Lock()
	for user, channel := range s.directs {
		if channel == m.Channel {
			delete(s.directs, user)
		}
	}
	s.mu.Unlock()
	m.Channel = ""
	return s.counted(m, "channel_not_found", false)
}

// limited closes the pace a 429 was about, and no other.
func (s *Sender) limited(ws Workspace, m models.Message, fault *Fault) {
	t := s.o.Throttle
	switch {
	case edits(m):
		t.Limited(t.Edits(ws.Key, m.EditClass), fault.RetryAfter)
	case fault.Method == "chat.postMessage":
		t.LimitedPost(ws.Key, conversation(m), fault.RetryAfter)
	default:
		t.Limited(t.Method(ws.Key, fault.Method), fault.RetryAfter)
	}
}

// later gives a row back without cost.
func (s *Sender) later(after time.Duration, m models.Message, cause string) models.Outcome {
	return models.Outcome{Kind: models.OutcomeRetry, Channel: userless(m), RetryMS: s.o.Machine().Add(after).UnixMilli(), Doubt: m.Doubt, Cause: cause}
}

// counted gives a row back with one attempt less, until there are none left.
func (s *Sender) counted(m models.Message, cause string, doubt bool) models.Outcome {
	n := m.Attempts + 1
	if n >= mostAttempts {
		return models.Outcome{Kind: models.OutcomeDead, Channel: userless(m), Cause: cause}
	}
	pause := time.Duration(n*n) * s.o.Backoff
	return models.Outcome{Kind: models.OutcomeRetry, Channel: userless(m), RetryMS: s.o.Machine().Add(pause).UnixMilli(), Counted: true, Doubt: doubt, Cause: cause}
}

// userless is the channel to keep: a user id stands in for one only while it is
// being posted to.
func userless(m models.Message) string {
	if len(m.Channel) > 0 && (m.Channel[0] == 'U' || m.Channel[0] == 'W') {
		return ""
	}
	return m.Channel
}

// failed is a fault of ours: counted, so that it comes to an end, and logged.
func (s *Sender) failed(m models.Message, where string, err error) models.Outcome {
	s.o.Log.Error("a message could not be prepared", "message", m.ID, "kind", m.Kind, "tenant", m.TenantID, "where", where, "cause", err)
	return s.counted(m, where, m.Doubt)
}
