package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// clone copies what changes in place; blocks and metadata are replaced whole
// and therefore shared.
func (m *Message) clone() Message {
	c := *m
	c.Reactions = make(map[string][]string, len(m.Reactions))
	for name, users := range m.Reactions {
		c.Reactions[name] = slices.Clone(users)
	}
	c.emoji = slices.Clone(m.emoji)
	c.Files = slices.Clone(m.Files)
	return c
}

// Buttons are the buttons of the message in the order shown.
func (m Message) Buttons() []Button { return buttonsOf(m.Blocks) }

// Button finds a button by its action_id.
func (m Message) Button(actionID string) (Button, bool) { return findButton(m.Blocks, actionID) }

// AllText is the text and every text in the blocks, a line each.
func (m Message) AllText() string { return allText(m.Text, m.Blocks) }

// Buttons are the buttons of the view in the order shown.
func (v View) Buttons() []Button { return buttonsOf(v.Blocks) }

// Button finds a button by its action_id.
func (v View) Button(actionID string) (Button, bool) { return findButton(v.Blocks, actionID) }

// AllText is the title and every text in the blocks, a line each.
func (v View) AllText() string { return allText(v.Title, v.Blocks) }

func buttonsOf(blocks []map[string]any) []Button {
	var found []Button
	eachElement(blocks, func(block, e map[string]any) {
		if e["type"] != "button" {
			return
		}
		found = append(found, Button{
			ActionID: str(e["action_id"]), BlockID: str(block["block_id"]), Text: textOf(e["text"]),
			Value: str(e["value"]), Style: str(e["style"]), URL: str(e["url"]),
			Label: str(e["accessibility_label"]), Confirm: e["confirm"] != nil,
		})
	})
	return found
}

func findButton(blocks []map[string]any, actionID string) (Button, bool) {
	for _, b := range buttonsOf(blocks) {
		if b.ActionID == actionID {
			return b, true
		}
	}
	return Button{}, false
}

// eachElement visits every interactive element with its block.
func eachElement(blocks []map[string]any, visit func(block, element map[string]any)) {
	for _, block := range blocks {
		for _, key := range []string{"accessory", "element"} {
			if e, ok := block[key].(map[string]any); ok {
				visit(block, e)
			}
		}
		if block["type"] != "actions" && block["type"] != "context_actions" {
			continue
		}
		for _, one := range list(block["elements"]) {
			if e, ok := one.(map[string]any); ok {
				visit(block, e)
			}
		}
	}
}

func allText(first string, blocks []map[string]any) string {
	lines := []string{first}
	for _, b := range blocks {
		lines = collectText(lines, b)
	}
	return strings.Join(lines, "\n")
}

// collectText gathers in the order in which a reader meets it; keys that the
// layout does not order come by name.
func collectText(lines []string, node any) []string {
	switch n := node.(type) {
	case map[string]any:
		if t, ok := n["text"].(string); ok {
			lines = append(lines, t)
		}
		for _, key := range []string{"alt_text", "initial_value"} {
			if t, ok := n[key].(string); ok {
				lines = append(lines, t)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(n)) {
			lines = collectText(lines, n[key])
		}
	case []any:
		for _, one := range n {
			lines = collectText(lines, one)
		}
	}
	return lines
}

func textOf(object any) string {
	m, _ := object.(map[string]any)
	return str(m["text"])
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// kind names a channel as events do: channel, group or im.
func (c *channel) kind() string {
	switch {
	case c.im:
		return "im"
	case c.Private:
		return "group"
	}
	return "channel"
}

// messageJSON is the message as the Web API and the events show it.
func (w *World) messageJSON(m *Message, metadata bool) map[string]any {
	j := map[string]any{"type": "message", "user": m.User, "ts": m.TS, "text": m.Text, "team": w.o.TeamID}
	if m.Subtype != "" {
		j["subtype"] = m.Subtype
	}
	if m.bot {
		j["bot_id"], j["app_id"] = w.botID, w.appID
	}
	if len(m.Blocks) > 0 {
		j["blocks"] = m.Blocks
	}
	if m.ThreadTS != "" {
		j["thread_ts"] = m.ThreadTS
		if root := w.find(m.Channel, m.ThreadTS); root != nil {
			j["parent_user_id"] = root.User
		}
	}
	if m.replies > 0 {
		j["thread_ts"], j["reply_count"], j["latest_reply"] = m.TS, m.replies, m.latest
		j["reply_users"] = w.repliers(m)
	}
	if m.editTS != "" {
		j["edited"] = map[string]any{"user": m.User, "ts": m.editTS}
	}
	if r := m.reactionsJSON(); len(r) > 0 {
		j["reactions"] = r
	}
	if metadata && m.Metadata != nil {
		j["metadata"] = m.Metadata
	}
	if len(m.Files) > 0 {
		j["files"] = w.filesJSON(m.Files)
		if m.Subtype == "file_share" {
			j["upload"], j["display_as_bot"] = false, false
		}
	}
	return j
}

func (m *Message) reactionsJSON() []map[string]any {
	var all []map[string]any
	for _, name := range m.emoji {
		if users := m.Reactions[name]; len(users) > 0 {
			all = append(all, map[string]any{"name": name, "users": slices.Clone(users), "count": len(users)})
		}
	}
	return all
}

func (w *World) repliers(root *Message) []string {
	users := []string{}
	for _, m := range w.channels[root.Channel].threads[root.TS] {
		if !slices.Contains(users, m.User) {
			users = append(users, m.User)
		}
	}
	return users
}

// react adds or takes away one reaction and reports whether that changed anything.
func (m *Message) react(user, name string, add bool) bool {
	has := slices.Contains(m.Reactions[name], user)
	if has == add {
		return false
	}
	if m.Reactions == nil {
		m.Reactions = map[string][]string{}
	}
	if !add {
		m.Reactions[name] = slices.DeleteFunc(m.Reactions[name], func(u string) bool { return u == user })
		if len(m.Reactions[name]) == 0 {
			delete(m.Reactions, name)
			m.emoji = slices.DeleteFunc(m.emoji, func(e string) bool { return e == name })
		}
		return true
	}
	if len(m.Reactions[name]) == 0 {
		m.emoji = append(m.emoji, name)
	}
	m.Reactions[name] = append(m.Reactions[name], user)
	return true
}

// blocksOf turns decoded JSON into blocks; ok is false for anything but a list of objects.
func blocksOf(v any) (blocks []map[string]any, ok bool) {
	if v == nil {
		return nil, true
	}
	all, ok := v.([]any)
	if !ok {
		return nil, false
	}
	for _, one := range all {
		block, ok := one.(map[string]any)
		if !ok {
			return nil, false
		}
		blocks = append(blocks, block)
	}
	return blocks, true
}

func decode(raw []byte) (v any, err error) {
	err = json.Unmarshal(raw, &v)
	return v, err
}
