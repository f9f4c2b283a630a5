package sandbox

// Person acts as one member. What a real client would not let that member do is
// not done, and is complained of.
type Person struct {
	w  *World
	id string
}

// As is the workspace seen and used by one member.
func (w *World) As(userID string) *Person { return &Person{w: w, id: userID} }

// ID is the member's user id.
func (p *Person) ID() string { return p.id }

// inside is a channel in which the person may write; w.mu is held.
func (p *Person) inside(channelID, act string) *channel {
	w := p.w
	c := w.channels[channelID]
	switch {
	case w.users[p.id] == nil:
		w.complain("%s cannot %s: no such user", p.id, act)
	case c == nil:
		w.complain("%s cannot %s: no channel %s", p.id, act, channelID)
	case !c.has(p.id):
		w.complain("%s cannot %s in %s: no member of it", p.id, act, channelID)
	case c.Archived:
		w.complain("%s cannot %s in %s: it is archived", p.id, act, channelID)
	default:
		return c
	}
	return nil
}

// Say posts a message to a channel and returns its ts. Names after @ and #
// become references; what Slack writes in angle brackets, such as "<@U1>",
// passes as it is.
func (p *Person) Say(channel, text string) (ts string) { return p.SayIn(channel, "", text) }

// DM writes to the bot directly.
func (p *Person) DM(text string) (ts string) { return p.Say(p.w.DM(p.id), text) }

// SayIn replies in a thread.
func (p *Person) SayIn(channel, threadTS, text string) (ts string) {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	c := p.inside(channel, "say")
	if c == nil {
		return ""
	}
	if threadTS != "" {
		root := c.byTS[threadTS]
		if root == nil || root.Deleted {
			w.complain("%s cannot reply in %s: no message %s", p.id, channel, threadTS)
			return ""
		}
		if root.ThreadTS != "" {
			threadTS = root.ThreadTS
		}
	}
	m := &Message{User: p.id, Text: w.encode(text, false), ThreadTS: threadTS}
	w.put(c, m)
	w.emitMessage(c, m)
	return m.TS
}

// Edit changes the person's own message.
func (p *Person) Edit(channel, ts, text string) {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	c, m := p.message(channel, ts, "edit")
	if m == nil {
		return
	}
	if m.User != p.id {
		w.complain("%s cannot edit %s in %s: not their own message", p.id, ts, channel)
		return
	}
	before := m.clone()
	m.Text = w.encode(text, false)
	w.edited(c, m, &before)
}

// Delete removes the person's own message; an admin may remove any.
func (p *Person) Delete(channel, ts string) {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	c, m := p.message(channel, ts, "delete")
	if m == nil {
		return
	}
	if m.User != p.id && !w.users[p.id].Admin {
		w.complain("%s cannot delete %s in %s: not their own message and no admin", p.id, ts, channel)
		return
	}
	w.remove(c, m)
}

func (p *Person) message(channelID, ts, act string) (*channel, *Message) {
	c := p.inside(channelID, act)
	if c == nil {
		return nil, nil
	}
	m := c.byTS[ts]
	if m == nil || m.Deleted {
		p.w.complain("%s cannot %s: no message %s in %s", p.id, act, ts, channelID)
		return nil, nil
	}
	return c, m
}

// React adds a reaction; a second time changes nothing.
func (p *Person) React(channel, ts, emoji string) { p.react(channel, ts, emoji, true) }

// Unreact takes a reaction away.
func (p *Person) Unreact(channel, ts, emoji string) { p.react(channel, ts, emoji, false) }

func (p *Person) react(channel, ts, emoji string, add bool) {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	c, m := p.message(channel, ts, "react")
	if m == nil {
		return
	}
	if !emojiName.MatchString(emoji) {
		w.complain("%s cannot react with %q: no emoji name", p.id, emoji)
		return
	}
	if m.react(p.id, emoji, add) {
		if add {
			w.tourReacted(p.id, emoji)
		}
		w.reacted(c, m, p.id, emoji, add)
	}
}

// Join enters a public channel.
func (p *Person) Join(channel string) {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[channel]
	if c == nil || c.Private || c.Archived {
		w.complain("%s cannot join %s", p.id, channel)
		return
	}
	w.enter(c, p.id, "")
}

// Invite brings somebody, or the bot, into a channel of the person's.
func (p *Person) Invite(channel, userID string) {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := p.inside(channel, "invite"); c != nil {
		w.enter(c, userID, p.id)
	}
}

// Leave goes out of a channel.
func (p *Person) Leave(channel string) { p.Kick(channel, p.id) }

// Kick removes somebody, or the bot, from a channel of the person's.
func (p *Person) Kick(channel, userID string) {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := p.inside(channel, "remove somebody"); c != nil {
		w.leave(c, userID)
	}
}
