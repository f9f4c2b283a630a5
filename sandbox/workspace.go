package sandbox

import (
	"slices"
	"strings"
	"time"
)

// channel is a channel or a direct conversation with all that was said in it.
type channel struct {
	Channel
	im         bool
	messages   []*Message // by ts, replies included
	byTS       map[string]*Message
	threads    map[string][]*Message // replies by the ts of their root
	ephemerals []*Message
	read       map[string]string // last ts read, by person
	created    time.Time
}

type userGroup struct {
	id, handle string
	users      []string
}

// AddUser puts a member into the workspace without telling the bot: for setting
// a scene. See [World.JoinTeam].
func (w *World) AddUser(u User) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.putUser(u)
	w.notify(pageEvent{Type: "channels"})
}

func (w *World) putUser(u User) {
	setDefault(&u.TZ, "Asia/Shanghai")
	setDefault(&u.Locale, "zh-CN")
	setDefault(&u.RealName, u.Name)
	setDefault(&u.Name, strings.ToLower(strings.ReplaceAll(u.RealName, " ", ".")))
	if w.users[u.ID] == nil {
		w.userOrder = append(w.userOrder, u.ID)
	}
	w.users[u.ID] = &u
	w.changed()
}

// JoinTeam adds a member as Slack does: the bot gets team_join.
func (w *World) JoinTeam(u User) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.putUser(u)
	w.emit(map[string]any{"type": "team_join", "user": w.userJSON(w.users[u.ID], true)})
	w.notify(pageEvent{Type: "channels"})
}

// UpdateUser replaces a member's data; the bot gets user_change.
func (w *World) UpdateUser(u User) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.putUser(u)
	w.emit(map[string]any{"type": "user_change", "user": w.userJSON(w.users[u.ID], true)})
	w.notify(pageEvent{Type: "channels"})
}

// AddChannel puts a channel into the workspace without telling the bot.
func (w *World) AddChannel(c Channel) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c.Members = slices.Clone(c.Members)
	w.putChannel(&channel{Channel: c})
	w.notify(pageEvent{Type: "channels"})
}

func (w *World) putChannel(c *channel) {
	c.byTS, c.threads, c.read = map[string]*Message{}, map[string][]*Message{}, map[string]string{}
	c.created = w.o.Clock()
	if w.channels[c.ID] == nil {
		w.channelOrder = append(w.channelOrder, c.ID)
	}
	w.channels[c.ID] = c
	w.changed()
}

// Archive closes a channel; the bot gets channel_archive.
func (w *World) Archive(channelID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[channelID]
	if c == nil {
		w.complain("archive: no channel %s", channelID)
		return
	}
	c.Archived = true
	kind := "channel_archive"
	if c.Private {
		kind = "group_archive"
	}
	w.emit(map[string]any{"type": kind, "channel": c.ID, "user": w.anyAdmin()})
	w.notify(pageEvent{Type: "channels"})
}

func (w *World) anyAdmin() string {
	for _, id := range w.userOrder {
		if w.users[id].Admin {
			return id
		}
	}
	return w.userOrder[0]
}

// AddUserGroup makes a user group, mentioned as @handle.
func (w *World) AddUserGroup(id, handle string, users []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.groups = append(w.groups, userGroup{id, handle, slices.Clone(users)})
}

// SetUserGroup changes who is in a user group; the bot gets
// subteam_members_changed.
func (w *World) SetUserGroup(id string, users []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.groups {
		if w.groups[i].id != id {
			continue
		}
		before := w.groups[i].users
		w.groups[i].users = slices.Clone(users)
		missing := func(from, in []string) []string {
			return nonNil(slices.DeleteFunc(slices.Clone(from), func(u string) bool { return slices.Contains(in, u) }))
		}
		w.emit(map[string]any{"type": "subteam_members_changed", "subteam_id": id, "team_id": w.o.TeamID,
			"added_users": missing(users, before), "removed_users": missing(before, users)})
		return
	}
	w.complain("user group: no group %s", id)
}

// SetDND switches somebody's do-not-disturb. Slack tells the bot nothing unless
// it asks.
func (w *World) SetDND(userID string, on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.users[userID]
	if u == nil {
		w.complain("do-not-disturb: no user %s", userID)
		return
	}
	u.DND = on
	w.changed()
	w.notify(pageEvent{Type: "channels"})
}

// im is the direct conversation of two, made when first asked for.
func (w *World) im(a, b string) *channel {
	id := "D" + a
	if a == w.botUser {
		id = "D" + b
	} else if b != w.botUser {
		id = "D" + min(a, b) + "X" + max(a, b)
	}
	if c := w.channels[id]; c != nil {
		return c
	}
	c := &channel{im: true, Channel: Channel{ID: id, Private: true, Members: []string{a, b}}}
	w.putChannel(c)
	return c
}

// peer is the other one of a direct conversation.
func (c *channel) peer(user string) string {
	if c.Members[0] == user {
		return c.Members[1]
	}
	return c.Members[0]
}

func (c *channel) has(user string) bool { return slices.Contains(c.Members, user) }

// find is a message by its ts, or nil.
func (w *World) find(channelID, ts string) *Message {
	if c := w.channels[channelID]; c != nil {
		return c.byTS[ts]
	}
	return nil
}

// put stores a new message, and gives it its ts and its blocks their ids.
func (w *World) put(c *channel, m *Message) {
	m.Channel, m.TS = c.ID, w.ts()
	m.At, m.Posted = timeOf(m.TS), w.o.Machine()
	m.bot = m.User == w.botUser
	w.nameBlocks(m.Blocks)
	if m.Ephemeral {
		c.ephemerals = append(c.ephemerals, m)
		w.changed()
		w.notify(pageEvent{Type: "ephemeral", Channel: c.ID, TS: m.TS, Thread: m.ThreadTS, only: m.For})
		return
	}
	c.messages = append(c.messages, m)
	c.byTS[m.TS] = m
	if m.ThreadTS == "" {
		c.read[m.User] = m.TS
	}
	if root := c.byTS[m.ThreadTS]; root != nil {
		c.threads[m.ThreadTS] = append(c.threads[m.ThreadTS], m)
		root.replies++
		root.latest = m.TS
	}
	w.tourPosted(m)
	w.changed()
	w.notify(pageEvent{Type: "message", Channel: c.ID, TS: m.TS, Thread: m.ThreadTS})
}

// nameBlocks gives ids to what came without, as Slack does.
func (w *World) nameBlocks(blocks []map[string]any) {
	for _, b := range blocks {
		if str(b["block_id"]) == "" {
			b["block_id"] = w.id("b")
		}
	}
	eachElement(blocks, func(_, e map[string]any) {
		if e["type"] != "image" && str(e["action_id"]) == "" {
			e["action_id"] = w.id("a")
		}
	})
}

// enter puts a user into a channel; the bot is told when it is, or gets, inside.
func (w *World) enter(c *channel, user, inviter string) {
	if c.has(user) {
		return
	}
	c.Members = append(c.Members, user)
	ev := map[string]any{"type": "member_joined_channel", "user": user, "channel": c.ID,
		"channel_type": strings.ToUpper(c.kind()[:1]), "team": w.o.TeamID}
	if inviter != "" {
		ev["inviter"] = inviter
	}
	if c.has(w.botUser) {
		w.emit(ev)
	}
	w.changed()
	w.notify(pageEvent{Type: "channels"})
}

// leave takes a user out of a channel. The bot itself is told by channel_left.
func (w *World) leave(c *channel, user string) {
	if !c.has(user) {
		return
	}
	inside := c.has(w.botUser)
	c.Members = slices.DeleteFunc(c.Members, func(m string) bool { return m == user })
	switch {
	case user == w.botUser && c.Private:
		w.emit(map[string]any{"type": "group_left", "channel": c.ID})
	case user == w.botUser:
		w.emit(map[string]any{"type": "channel_left", "channel": c.ID})
	case inside:
		w.emit(map[string]any{"type": "member_left_channel", "user": user, "channel": c.ID,
			"channel_type": strings.ToUpper(c.kind()[:1]), "team": w.o.TeamID})
	}
	w.changed()
	w.notify(pageEvent{Type: "channels"})
}

func (w *World) userJSON(u *User, locale bool) map[string]any {
	offset := 0
	if zone, err := time.LoadLocation(u.TZ); err == nil {
		_, offset = w.o.Clock().In(zone).Zone()
	}
	j := map[string]any{
		"id": u.ID, "team_id": w.o.TeamID, "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted,
		"color": colorOf(u.ID), "tz": u.TZ, "tz_label": u.TZ, "tz_offset": offset,
		"is_admin": u.Admin, "is_owner": false, "is_bot": u.Bot, "is_app_user": false,
		"is_restricted": u.Guest, "is_ultra_restricted": false, "updated": w.o.Clock().Unix(),
	}
	profile := map[string]any{
		"title": u.Title, "real_name": u.RealName, "real_name_normalized": u.RealName,
		"display_name": u.RealName, "display_name_normalized": u.RealName, "team": w.o.TeamID,
	}
	if w.scopes["users:read.email"] && u.Email != "" {
		profile["email"] = u.Email
	}
	if u.Bot {
		profile["bot_id"], profile["api_app_id"] = w.botID, w.appID
	}
	j["profile"] = profile
	if locale {
		j["locale"] = u.Locale
	}
	return j
}

func (w *World) channelJSON(c *channel) map[string]any {
	if c.im {
		return map[string]any{"id": c.ID, "created": c.created.Unix(), "is_im": true, "is_org_shared": false,
			"user": c.peer(w.botUser), "is_user_deleted": w.users[c.peer(w.botUser)].Deleted, "is_open": true}
	}
	topic := map[string]any{"value": c.Topic, "creator": "", "last_set": 0}
	return map[string]any{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": c.created.Unix(), "creator": w.anyAdmin(),
		"is_channel": !c.Private, "is_group": c.Private, "is_im": false, "is_mpim": false, "is_private": c.Private,
		"is_archived": c.Archived, "is_general": c.Name == "general", "is_member": c.has(w.botUser),
		"is_shared": false, "is_ext_shared": false, "is_org_shared": false,
		"topic": topic, "purpose": topic, "num_members": len(c.Members), "context_team_id": w.o.TeamID,
	}
}
