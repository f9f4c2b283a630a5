package sandbox

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxText is the length from which Slack refuses a message's text.
const maxText = 40000

// resolve finds a channel by id or #name; a user id stands for the bot's direct
// conversation with that person. Nil when there is none.
func (w *World) resolve(name string) *channel {
	if c := w.channels[name]; c != nil {
		return c
	}
	if u := w.users[name]; u != nil && !u.Bot && !u.Deleted {
		return w.im(name, w.botUser)
	}
	if bare, ok := strings.CutPrefix(name, "#"); ok {
		for _, id := range w.channelOrder {
			if w.channels[id].Name == bare {
				return w.channels[id]
			}
		}
	}
	return nil
}

// writable is the channel that the bot may post to, or why not.
func (w *World) writable(name string) (*channel, error) {
	c := w.resolve(name)
	switch {
	case c == nil, c.Private && !c.has(w.botUser):
		return nil, fail("channel_not_found")
	case c.Archived:
		return nil, fail("is_archived")
	case !c.has(w.botUser) && !w.scopes["chat:write.public"]:
		return nil, fail("not_in_channel")
	}
	return c, nil
}

// readContent takes text, blocks, metadata and thread out of a request and
// checks them as Slack does.
func (w *World) readContent(r *request, surface string) (*Message, error) {
	m := &Message{User: w.botUser, Text: r.args.str("text"), ThreadTS: r.args.str("thread_ts")}
	blocks, ok := blocksOf(r.args["blocks"])
	if !ok {
		w.complain("%s: blocks are not a list of objects", r.method)
		return nil, fail("invalid_blocks_format")
	}
	m.Blocks = blocks
	if len(list(r.args["attachments"])) > 0 {
		w.complain("%s: attachments are not simulated", r.method)
		return nil, fail("invalid_attachments")
	}
	if p := r.args.str("parse"); p == "full" || r.args.bool("link_names") {
		w.complain("%s: parse=full and link_names turn names in text into mentions", r.method)
	}
	if err := w.checkContent(r.method, surface, m.Text, m.Blocks); err != nil {
		return nil, err
	}
	metadata, err := w.readMetadata(r)
	m.Metadata = metadata
	return m, err
}

// checkContent judges text and blocks of anything that will be shown.
func (w *World) checkContent(method, surface, text string, blocks []map[string]any) error {
	if utf8.RuneCountInString(text) > maxText {
		w.complain("%s: text of %d characters", method, utf8.RuneCountInString(text))
		return fail("msg_too_long")
	}
	check := checkBlocks(surface, blocks)
	if len(check.faults) > 0 {
		w.complain("%s: %s", method, strings.Join(check.faults, "; "))
		return &slackError{code: "invalid_blocks", messages: check.faults}
	}
	if surface == surfaceMessage && check.size >= maxBlockText {
		w.complain("%s: blocks hold %d characters of text", method, check.size)
		return fail("msg_blocks_too_long")
	}
	return nil
}

func (w *World) readMetadata(r *request) (*Metadata, error) {
	if !r.args.has("metadata") {
		return nil, nil
	}
	given := object(r.args["metadata"])
	if len(given) == 0 {
		return nil, nil
	}
	payload, ok := given["event_payload"].(map[string]any)
	if str(given["event_type"]) == "" || !ok {
		w.complain("%s: metadata needs event_type and event_payload", r.method)
		return nil, fail("invalid_metadata_format")
	}
	for key, value := range payload {
		switch value.(type) {
		case map[string]any, []any:
			w.complain("%s: metadata is not flat at %q", r.method, key)
			return nil, fail("invalid_metadata_schema")
		}
	}
	return &Metadata{EventType: str(given["event_type"]), EventPayload: payload}, nil
}

func (w *World) chatPostMessage(r *request) (answer, error) {
	c, err := w.writable(r.args.str("channel"))
	if err != nil {
		return nil, err
	}
	m, err := w.readContent(r, surfaceMessage)
	if err != nil {
		return nil, err
	}
	if err := w.needText(r, m); err != nil {
		return nil, err
	}
	if m.ThreadTS != "" {
		root := c.byTS[m.ThreadTS]
		if root == nil || root.Deleted && root.replies == 0 {
			return nil, fail("thread_not_found")
		}
		if root.ThreadTS != "" {
			w.complain("chat.postMessage: thread_ts %s is a reply, not the root of a thread", m.ThreadTS)
			m.ThreadTS = root.ThreadTS
		}
		if r.args.bool("reply_broadcast") {
			m.Subtype = "thread_broadcast"
		}
	}
	w.put(c, m)
	w.recordPings(r.method, m)
	w.emitMessage(c, m)
	return answer{"channel": c.ID, "ts": m.TS, "message": w.messageJSON(m, true)}, nil
}

// needText refuses empty messages and complains about blocks without the plain
// text that notifications and screen readers use.
func (w *World) needText(r *request, m *Message) error {
	if strings.TrimSpace(m.Text) != "" {
		return nil
	}
	if len(m.Blocks) == 0 {
		w.complain("%s: neither text nor blocks", r.method)
		return fail("no_text")
	}
	w.complain("%s: blocks without fallback text in %s", r.method, r.args.str("channel"))
	return nil
}

func (w *World) recordPings(method string, m *Message) {
	for _, kind := range pingsIn(m.Text, m.Blocks) {
		w.pings = append(w.pings, Ping{Kind: kind, Channel: m.Channel, Method: method})
	}
}

func (w *World) chatPostEphemeral(r *request) (answer, error) {
	c, err := w.writable(r.args.str("channel"))
	if err != nil {
		return nil, err
	}
	user := r.args.str("user")
	if w.users[user] == nil {
		return nil, fail("user_not_found")
	}
	if !c.has(user) {
		return nil, fail("user_not_in_channel")
	}
	m, err := w.readContent(r, surfaceMessage)
	if err != nil {
		return nil, err
	}
	if err := w.needText(r, m); err != nil {
		return nil, err
	}
	m.Ephemeral, m.For = true, user
	w.put(c, m)
	w.recordPings(r.method, m)
	return answer{"message_ts": m.TS}, nil
}

// owned is the bot's own message that a call names.
func (w *World) owned(r *request, refusal string) (*channel, *Message, error) {
	c := w.channels[r.args.str("channel")]
	if c == nil || c.Private && !c.has(w.botUser) {
		return nil, nil, fail("channel_not_found")
	}
	m := c.byTS[r.args.str("ts")]
	switch {
	case m == nil || m.Deleted || m.Subtype == "tombstone":
		return nil, nil, fail("message_not_found")
	case !m.bot:
		return nil, nil, fail(refusal)
	case c.Archived:
		return nil, nil, fail("is_archived")
	}
	return c, m, nil
}

func (w *World) chatUpdate(r *request) (answer, error) {
	c, m, err := w.owned(r, "cant_update_message")
	if err != nil {
		return nil, err
	}
	next, err := w.readContent(r, surfaceMessage)
	if err != nil {
		return nil, err
	}
	if !r.args.has("text") && !r.args.has("blocks") {
		return nil, fail("no_text")
	}
	before := m.clone()
	// What is not given stays as it was; an empty list clears.
	if !r.args.has("blocks") {
		next.Blocks = m.Blocks
	}
	if !r.args.has("metadata") {
		next.Metadata = m.Metadata
	}
	if err := w.needText(r, next); err != nil {
		return nil, err
	}
	w.nameBlocks(next.Blocks)
	m.Text, m.Blocks, m.Metadata = next.Text, next.Blocks, next.Metadata
	w.recordPings(r.method, m)
	w.edited(c, m, &before)
	return answer{"channel": c.ID, "ts": m.TS, "text": m.Text, "message": w.messageJSON(m, true)}, nil
}

// edited marks a change, shows it and tells the bot.
func (w *World) edited(c *channel, m, before *Message) {
	m.Edits++
	m.editTS, m.Changed = w.ts(), w.o.Machine()
	w.changed()
	w.notify(pageEvent{Type: "changed", Channel: c.ID, TS: m.TS, Thread: m.ThreadTS})
	w.emitChange(c, m, before)
}

func (w *World) chatDelete(r *request) (answer, error) {
	c, m, err := w.owned(r, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	w.remove(c, m)
	return answer{"channel": c.ID, "ts": m.TS}, nil
}

func (w *World) chatGetPermalink(r *request) (answer, error) {
	c := w.channels[r.args.str("channel")]
	if c == nil || c.Private && !c.has(w.botUser) {
		return nil, fail("channel_not_found")
	}
	m := c.byTS[r.args.str("message_ts")]
	if m == nil || m.Deleted {
		return nil, fail("message_not_found")
	}
	link := fmt.Sprintf("%sarchives/%s/p%s", w.URL(), c.ID, strings.Replace(m.TS, ".", "", 1))
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + c.ID
	}
	return answer{"channel": c.ID, "permalink": link}, nil
}
