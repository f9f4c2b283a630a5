package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Complaints are what the sandbox could not do or what Slack would have taken
// ill: unknown methods, invalid blocks, posts without fallback text, oversized
// acknowledgements. A healthy story has none.
func (w *World) Complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.complaints)
}

// Pings are the mentions from bot text that would have notified a whole channel.
func (w *World) Pings() []Ping {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.pings)
}

// Calls are the Web API requests of one method, or of all if method is empty,
// in the order of arrival.
func (w *World) Calls(method string) []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []Call
	for _, c := range w.calls {
		if method == "" || c.Method == method {
			found = append(found, c)
		}
	}
	return found
}

// Delivery is one attempt to bring something to the bot.
type Delivery struct {
	// Kind is "events_api", "slash_commands" or "interactive"; Type is the
	// event's or the interaction's type, or the command.
	Kind, Type string
	// EventID is empty for what is not an event.
	EventID, EnvelopeID string
	// Attempt is 0 for the first delivery, 1 to 3 for Slack's retries.
	Attempt int
	// Socket numbers the connection that carried it, from 1; 0 is HTTP or none.
	Socket int
	Sent   time.Time
	Acked  bool
	Took   time.Duration
	// Failure says why it was not acknowledged, in Slack's words.
	Failure string
}

// Deliveries are all attempts to bring something to the bot, in order.
func (w *World) Deliveries() []Delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := make([]Delivery, 0, len(w.deliveries))
	for _, d := range w.deliveries {
		found = append(found, *d)
	}
	return found
}

// Unanswered are the ids of events that were given up after the last retry.
func (w *World) Unanswered() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []string
	for _, e := range w.events {
		if e.givenUp {
			found = append(found, e.id)
		}
	}
	return found
}

// Sockets is the number of open Socket Mode connections.
func (w *World) Sockets() int { return w.hub.count() }

// Messages are all messages of a channel that are not deleted, replies
// included, oldest first. Ephemeral ones are only with [Person.Ephemerals].
func (w *World) Messages(channelID string) []Message {
	return w.messages(channelID, func(*Message) bool { return true })
}

// Thread is a message and its replies, oldest first.
func (w *World) Thread(channelID, ts string) []Message {
	return w.messages(channelID, func(m *Message) bool { return m.TS == ts || m.ThreadTS == ts })
}

func (w *World) messages(channelID string, want func(*Message) bool) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[channelID]
	if c == nil {
		return nil
	}
	var found []Message
	for _, m := range c.messages {
		if !m.Deleted && want(m) {
			found = append(found, m.clone())
		}
	}
	return found
}

// Message is one message as it stands, deleted or not.
func (w *World) Message(channelID, ts string) (Message, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.find(channelID, ts)
	if m == nil {
		return Message{}, false
	}
	return m.clone(), true
}

// DM is the id of the direct conversation between a person and the bot.
func (w *World) DM(userID string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.im(userID, w.botUser).ID
}

// Inbox is what the bot wrote to the person directly, oldest first.
func (p *Person) Inbox() []Message {
	return p.w.messages(p.w.DM(p.id), func(m *Message) bool { return m.bot })
}

// Ephemerals are the messages in a channel that only this person sees, oldest first.
func (p *Person) Ephemerals(channelID string) []Message {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[channelID]
	if c == nil {
		return nil
	}
	var found []Message
	for _, m := range c.ephemerals {
		if m.For == p.id && !m.Deleted {
			found = append(found, m.clone())
		}
	}
	return found
}

// Views are the person's open modals, the root first.
func (p *Person) Views() []View {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	var found []View
	for _, v := range p.w.modals[p.id] {
		found = append(found, *v)
	}
	return found
}

// View is the modal on top, if one is open.
func (p *Person) View() (View, bool) {
	open := p.Views()
	if len(open) == 0 {
		return View{}, false
	}
	return open[len(open)-1], true
}

// Home is the Home tab that the bot last published to the person, or a View without ID.
func (p *Person) Home() View {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	if v := p.w.homes[p.id]; v != nil {
		return *v
	}
	return View{}
}

// Await returns once cond holds. It asks anew after every change in the
// workspace (see [World.Nudge] for changes elsewhere) and never sleeps. When ctx
// ends first, the error says what was awaited and what happened last.
func (w *World) Await(ctx context.Context, what string, cond func() bool) error {
	for {
		w.mu.Lock()
		change := w.change
		w.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return fmt.Errorf("sandbox: waited in vain for %s: %w\n%s", what, context.Cause(ctx), w.recent())
		}
	}
}

// Nudge makes every [World.Await] look again, for conditions on things outside
// the workspace.
func (w *World) Nudge() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changed()
}

// recent describes the last requests, deliveries and complaints for an error message.
func (w *World) recent() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var b strings.Builder
	for _, c := range tail(w.calls, 12) {
		fmt.Fprintf(&b, "  call %s channel=%s user=%s error=%q text=%.80q\n", c.Method, c.Channel, c.User, c.Error, str(c.Args["text"]))
	}
	for _, d := range tail(w.deliveries, 8) {
		fmt.Fprintf(&b, "  delivery %s %s attempt=%d acked=%v %s\n", d.Kind, d.Type, d.Attempt, d.Acked, d.Failure)
	}
	for _, c := range tail(w.complaints, 8) {
		fmt.Fprintf(&b, "  complaint %s\n", c)
	}
	return b.String()
}

func tail[T any](s []T, n int) []T { return s[max(0, len(s)-n):] }
