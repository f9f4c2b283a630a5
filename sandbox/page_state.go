package sandbox

import (
	"errors"
	"hash/fnv"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

var (
	errNoUser    = errors.New("user_not_found")
	errNoChannel = errors.New("channel_not_found")
)

// pageWorld is what the page shows around the conversation.
func (w *World) pageWorld(as string, _ url.Values) (map[string]any, error) {
	if w.users[as] == nil {
		return nil, errNoUser
	}
	users := []map[string]any{}
	for _, id := range w.userOrder {
		if u := w.users[id]; !u.Deleted {
			users = append(users, map[string]any{"id": u.ID, "name": u.RealName, "real_name": u.RealName, "handle": u.Name,
				"title": u.Title, "tz": u.TZ, "locale": u.Locale, "is_bot": u.Bot, "is_admin": u.Admin, "dnd": u.DND,
				"initials": initials(u.RealName), "color": colorOf(u.ID)})
		}
	}
	tour := []map[string]any{}
	for _, key := range w.page.tour {
		tour = append(tour, map[string]any{"key": key, "done": w.page.done[key]})
	}
	lang := "zh"
	if w.o.Control != nil {
		lang = w.o.Control.Lang()
	}
	return map[string]any{
		"team": w.o.TeamName, "bot": map[string]any{"id": w.botUser, "name": w.o.BotName}, "as": as, "lang": lang,
		"clock": w.clockJSON(), "users": users, "channels": w.pageChannels(as), "tour": tour,
		"commands": w.o.Commands, "shortcuts": nonNil(w.o.Shortcuts),
	}, nil
}

func (w *World) pageChannels(as string) []map[string]any {
	w.im(as, w.botUser) // the conversation with the bot is always there
	all := []map[string]any{}
	for _, id := range w.channelOrder {
		c := w.channels[id]
		if !c.shows(as) || c.Archived {
			continue
		}
		j := map[string]any{"id": c.ID, "name": c.Name, "topic": c.Topic, "member": c.has(as), "unread": c.unread(as)}
		switch {
		case c.im:
			j["kind"], j["user"] = "im", c.peer(as)
		case c.Private:
			j["kind"] = "private"
		default:
			j["kind"] = "channel"
		}
		all = append(all, j)
	}
	return all
}

// shows tells whether a person may look into a channel.
func (c *channel) shows(user string) bool { return !c.Private || c.has(user) }

// unread counts what others wrote outside of threads since the person last looked.
func (c *channel) unread(user string) int {
	if !c.has(user) {
		return 0
	}
	n := 0
	for _, m := range slices.Backward(c.messages) {
		if m.TS <= c.read[user] {
			break
		}
		if !m.Deleted && m.User != user && (m.ThreadTS == "" || m.Subtype == "thread_broadcast") {
			n++
		}
	}
	return n
}

// pageMessages is a channel outside of threads, or one thread with its root.
func (w *World) pageMessages(as string, q url.Values) (map[string]any, error) {
	c := w.channels[q.Get("channel")]
	if w.users[as] == nil {
		return nil, errNoUser
	}
	if c == nil || !c.shows(as) {
		return nil, errNoChannel
	}
	thread := q.Get("thread")
	wanted := func(m *Message) bool {
		if m.Deleted || m.Ephemeral && m.For != as {
			return false
		}
		if thread != "" {
			return m.TS == thread || m.ThreadTS == thread
		}
		return m.ThreadTS == "" || m.Subtype == "thread_broadcast"
	}
	var found []*Message
	for _, m := range c.messages {
		if wanted(m) {
			found = append(found, m)
		}
	}
	for _, m := range c.ephemerals {
		if wanted(m) {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b *Message) int { return strings.Compare(a.TS, b.TS) })
	shown := []map[string]any{}
	for _, m := range found {
		shown = append(shown, w.pageMessage(m))
	}
	return map[string]any{"messages": shown}, nil
}

func (w *World) pageMessage(m *Message) map[string]any {
	files := []map[string]any{}
	for _, f := range m.Files {
		files = append(files, map[string]any{"id": f.ID, "name": f.Name, "title": f.Title, "alt_txt": f.AltText,
			"mimetype": mimeOf(f.Name), "size": len(f.Content), "url_private": "/sandbox/files/" + f.ID + "/" + url.PathEscape(f.Name)})
	}
	return map[string]any{
		"ts": m.TS, "thread_ts": m.ThreadTS, "user": m.User, "text": m.Text, "blocks": nonNil(m.Blocks), "edited": m.Edits > 0,
		"reactions": nonNil(m.reactionsJSON()), "reply_count": m.replies, "latest_reply": m.latest, "subtype": m.Subtype,
		"ephemeral": m.Ephemeral, "files": files, "bot": m.bot, "at": m.At.Format(time.RFC3339Nano),
	}
}

func (w *World) pageHome(as string, _ url.Values) (map[string]any, error) {
	if w.users[as] == nil {
		return nil, errNoUser
	}
	if v := w.homes[as]; v != nil {
		return map[string]any{"view": w.viewJSON(v)}, nil
	}
	return map[string]any{"view": nil}, nil
}

func (w *World) pageViews(as string, _ url.Values) (map[string]any, error) {
	if w.users[as] == nil {
		return nil, errNoUser
	}
	open := []map[string]any{}
	for _, v := range w.modals[as] {
		open = append(open, w.viewJSON(v))
	}
	return map[string]any{"views": open}, nil
}

// initials are what stands in a round picture: the first letters of a Latin
// name, the given name of a Chinese one.
func initials(name string) string {
	runes := []rune(strings.TrimSpace(name))
	if len(runes) == 0 {
		return "?"
	}
	if runes[0] >= utf8.RuneSelf {
		return string(runes[max(0, len(runes)-2):])
	}
	var letters []rune
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '.' || r == '-' || r == '_' }) {
		first, _ := utf8.DecodeRuneInString(word)
		letters = append(letters, first)
	}
	return strings.ToUpper(string(letters[:min(2, len(letters))]))
}

// colors carry white letters with a contrast of at least 4.5.
var colors = [...]string{"1f6f8b", "8a4f7d", "3b6e3a", "9a4a2f", "4a5a9e", "7a5c12", "2c6e63", "a03b52", "5b4b8a", "4d6b1f", "8c3f6a", "33658a"}

func colorOf(id string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash never fails
	return colors[h.Sum32()%uint32(len(colors))]
}
