package sandbox

import (
	"slices"
	"strings"
)

// visible is the channel that the bot may know of.
func (w *World) visible(name string) (*channel, error) {
	c := w.channels[name]
	if c == nil || c.Private && !c.has(w.botUser) {
		return nil, fail("channel_not_found")
	}
	return c, nil
}

func (w *World) conversationsOpen(r *request) (answer, error) {
	if id := r.args.str("channel"); id != "" {
		c, err := w.visible(id)
		if err != nil || !c.im {
			return nil, fail("channel_not_found")
		}
		return answer{"channel": map[string]any{"id": c.ID}, "no_op": true, "already_open": true}, nil
	}
	users := r.args.names("users")
	switch len(users) {
	case 0:
		return nil, fail("users_list_not_supplied")
	case 1:
	default:
		w.complain("conversations.open: group direct messages are not simulated")
		return nil, fail("not_supported")
	}
	u := w.users[users[0]]
	switch {
	case u == nil:
		return nil, fail("user_not_found")
	case u.Deleted:
		return nil, fail("user_disabled")
	case u.Bot:
		return nil, fail("cannot_dm_bot")
	}
	known := w.channels["D"+u.ID] != nil
	c := w.im(u.ID, w.botUser)
	opened := map[string]any{"id": c.ID}
	if r.args.bool("return_im") {
		opened = w.channelJSON(c)
	}
	done := answer{"channel": opened}
	if known {
		done["no_op"], done["already_open"] = true, true
	}
	return done, nil
}

func (w *World) conversationsInfo(r *request) (answer, error) {
	c, err := w.visible(r.args.str("channel"))
	if err != nil {
		return nil, err
	}
	return answer{"channel": w.channelJSON(c)}, nil
}

// typeScopes are the scopes that listing a type of conversation needs.
var typeScopes = map[string]string{"public_channel": "channels:read", "private_channel": "groups:read",
	"im": "im:read", "mpim": "mpim:read"}

func listTypes(a args) []string {
	types := a.names("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	return types
}

// listScopes is the first scope that lacks: every type asked for needs its own.
func listScopes(w *World, a args) []string {
	for _, t := range listTypes(a) {
		if !w.scopes[typeScopes[t]] {
			return []string{typeScopes[t]}
		}
	}
	return nil
}

func (w *World) conversationsList(r *request) (answer, error) {
	types := listTypes(r.args)
	var all []map[string]any
	for _, id := range w.channelOrder {
		c := w.channels[id]
		kind := map[string]string{"im": "im", "group": "private_channel", "channel": "public_channel"}[c.kind()]
		if !slices.Contains(types, kind) || c.Private && !c.has(w.botUser) || c.Archived && r.args.bool("exclude_archived") {
			continue
		}
		all = append(all, w.channelJSON(c))
	}
	part, meta, err := page(r.args, all, 100, 1000)
	return answer{"channels": nonNil(part), "response_metadata": meta}, err
}

func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (w *World) conversationsMembers(r *request) (answer, error) {
	c, err := w.visible(r.args.str("channel"))
	if err != nil {
		return nil, err
	}
	part, meta, err := page(r.args, c.Members, 100, 1000)
	return answer{"members": nonNil(slices.Clone(part)), "response_metadata": meta}, err
}

// readable is the channel whose messages the bot may read.
func (w *World) readable(name string) (*channel, error) {
	c, err := w.visible(name)
	if err == nil && !c.has(w.botUser) {
		return nil, fail("not_in_channel")
	}
	return c, err
}

// within tells whether a ts lies between oldest and latest. Timestamps have one
// length, so they compare as text.
func within(a args, ts string) bool {
	oldest, latest := a.str("oldest"), a.str("latest")
	if a.bool("inclusive") && (ts == oldest || ts == latest) {
		return true
	}
	return (oldest == "" || oldest == "0" || laterTS(ts, oldest)) && (latest == "" || laterTS(latest, ts))
}

// laterTS compares timestamps by their numbers: callers may leave out the fraction.
func laterTS(a, b string) bool { return timeOf(padTS(a)).After(timeOf(padTS(b))) }

func padTS(ts string) string {
	seconds, micros, _ := strings.Cut(ts, ".")
	return seconds + "." + (micros + "000000")[:6]
}

func (w *World) conversationsHistory(r *request) (answer, error) {
	c, err := w.readable(r.args.str("channel"))
	if err != nil {
		return nil, err
	}
	var found []*Message
	for _, m := range slices.Backward(c.messages) {
		topLevel := m.ThreadTS == "" || m.Subtype == "thread_broadcast"
		if topLevel && !m.Deleted && within(r.args, m.TS) {
			found = append(found, m)
		}
	}
	part, meta, err := page(r.args, found, 100, 999)
	return answer{"messages": w.messagesJSON(part, r), "has_more": meta["next_cursor"] != "",
		"pin_count": 0, "response_metadata": meta}, err
}

func (w *World) messagesJSON(all []*Message, r *request) []map[string]any {
	shown := []map[string]any{}
	for _, m := range all {
		shown = append(shown, w.messageJSON(m, r.args.bool("include_all_metadata")))
	}
	return shown
}

func (w *World) conversationsReplies(r *request) (answer, error) {
	c, err := w.readable(r.args.str("channel"))
	if err != nil {
		return nil, err
	}
	root := c.byTS[r.args.str("ts")]
	if root != nil && root.ThreadTS != "" {
		root = c.byTS[root.ThreadTS]
	}
	if root == nil || root.Deleted {
		return nil, fail("thread_not_found")
	}
	found := []*Message{root} // the root comes with every page's bounds, as with Slack
	for _, m := range c.threads[root.TS] {
		if !m.Deleted && within(r.args, m.TS) {
			found = append(found, m)
		}
	}
	part, meta, err := page(r.args, found, 1000, 1000)
	return answer{"messages": w.messagesJSON(part, r), "has_more": meta["next_cursor"] != "", "response_metadata": meta}, err
}

func (w *World) conversationsJoin(r *request) (answer, error) {
	c := w.channels[r.args.str("channel")]
	switch {
	case c == nil, c.Private && !c.has(w.botUser):
		return nil, fail("channel_not_found")
	case c.im:
		return nil, fail("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, fail("is_archived")
	}
	done := answer{"channel": w.channelJSON(c)}
	if c.has(w.botUser) {
		done["warning"] = "already_in_channel"
		done["response_metadata"] = map[string]any{"warnings": []string{"already_in_channel"}}
		return done, nil
	}
	w.enter(c, w.botUser, "")
	done["channel"] = w.channelJSON(c)
	return done, nil
}

func (w *World) conversationsInvite(r *request) (answer, error) {
	c, err := w.readable(r.args.str("channel"))
	if err != nil {
		return nil, err
	}
	if c.Archived {
		return nil, fail("is_archived")
	}
	users := r.args.names("users")
	if len(users) == 0 {
		return nil, fail("no_user")
	}
	for _, id := range users {
		switch {
		case id == w.botUser:
			return nil, fail("cant_invite_self")
		case w.users[id] == nil:
			return nil, fail("user_not_found")
		case c.has(id):
			return nil, fail("already_in_channel")
		}
	}
	for _, id := range users {
		w.enter(c, id, w.botUser)
	}
	return answer{"channel": w.channelJSON(c)}, nil
}
