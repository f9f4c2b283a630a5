package sandbox

import (
	"slices"
	"strings"
)

// emitMessage tells the bot of a new message. A mention in a channel comes
// twice, as message and as app_mention, as it does with Slack.
func (w *World) emitMessage(c *channel, m *Message) {
	if c.has(w.botUser) {
		ev := w.messageJSON(m, true)
		ev["channel"], ev["channel_type"], ev["event_ts"] = c.ID, c.kind(), m.TS
		if !m.bot {
			ev["client_msg_id"] = "cm-" + m.TS
		}
		w.emit(ev)
	}
	// A mention in a public channel reaches the app even where it is no member.
	mentioned := strings.Contains(m.Text, "<@"+w.botUser+">") || strings.Contains(m.Text, "<@"+w.botUser+"|")
	if mentioned && !m.bot && !c.im && (c.has(w.botUser) || !c.Private) {
		ev := map[string]any{"type": "app_mention", "user": m.User, "text": m.Text, "ts": m.TS,
			"channel": c.ID, "event_ts": m.TS, "team": w.o.TeamID, "client_msg_id": "cm-" + m.TS}
		if m.ThreadTS != "" {
			ev["thread_ts"] = m.ThreadTS
		}
		w.emit(ev)
	}
}

// emitChange tells the bot of an edit.
func (w *World) emitChange(c *channel, m, before *Message) {
	if !c.has(w.botUser) {
		return
	}
	now := w.messageJSON(m, true)
	w.emit(map[string]any{"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.ID,
		"channel_type": c.kind(), "ts": w.ts(), "message": now, "previous_message": w.messageJSON(before, true)})
	mention := "<@" + w.botUser + ">"
	if !m.bot && !c.im && strings.Contains(m.Text, mention) && !strings.Contains(before.Text, mention) {
		now["type"], now["channel"] = "app_mention", c.ID
		w.emit(now)
	}
}

// remove deletes a message. A root with replies stays as a tombstone.
func (w *World) remove(c *channel, m *Message) {
	before := m.clone()
	if m.replies > 0 {
		m.Text, m.Blocks, m.User, m.Subtype, m.bot = "This message was deleted.", nil, "USLACKBOT", "tombstone", false
		m.Reactions, m.emoji, m.Metadata, m.Files = nil, nil, nil, nil
		w.edited(c, m, &before)
		return
	}
	m.Deleted, m.Changed = true, w.o.Machine()
	if root := c.byTS[m.ThreadTS]; root != nil {
		c.threads[root.TS] = slices.DeleteFunc(c.threads[root.TS], func(o *Message) bool { return o == m })
		root.replies = len(c.threads[root.TS])
	}
	w.changed()
	w.notify(pageEvent{Type: "deleted", Channel: c.ID, TS: m.TS, Thread: m.ThreadTS})
	if c.has(w.botUser) {
		w.emit(map[string]any{"type": "message", "subtype": "message_deleted", "hidden": true, "channel": c.ID,
			"channel_type": c.kind(), "ts": w.ts(), "deleted_ts": m.TS, "previous_message": w.messageJSON(&before, true)})
	}
}

// reacted tells of a reaction given or taken away.
func (w *World) reacted(c *channel, m *Message, user, emoji string, added bool) {
	w.changed()
	w.notify(pageEvent{Type: "reaction", Channel: c.ID, TS: m.TS, Thread: m.ThreadTS})
	if !c.has(w.botUser) {
		return
	}
	kind := "reaction_removed"
	if added {
		kind = "reaction_added"
	}
	w.emit(map[string]any{"type": kind, "user": user, "reaction": emoji, "item_user": m.User,
		"item": map[string]any{"type": "message", "channel": c.ID, "ts": m.TS}})
}
