package bot

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// pageSize is how many rows one page of a list has: Slack recommends no more
// than 200.
const pageSize = "200"

func (w *web) History(ctx context.Context, channel, thread, oldest, cursor string) ([]Seen, string, error) {
	values := url.Values{"channel": {channel}, "limit": {pageSize}, "include_all_metadata": {"true"}}
	method := "conversations.history"
	if thread != "" {
		method = "conversations.replies"
		values.Set("ts", thread)
	}
	if oldest != "" {
		values.Set("oldest", oldest)
	}
	if cursor != "" {
		values.Set("cursor", cursor)
	}
	got, err := w.form(ctx, method, values)
	if err != nil {
		return nil, "", err
	}
	var page []Seen
	for _, m := range got.at("messages").list() {
		s := Seen{TS: m.at("ts").text()}
		if m.at("metadata", "event_type").text() == metadataType {
			s.UID = m.at("metadata", "event_payload", "id").text()
		}
		for _, f := range m.at("files").list() {
			s.Files = append(s.Files, f.at("name").text())
		}
		page = append(page, s)
	}
	return page, got.at("response_metadata", "next_cursor").text(), nil
}

func (w *web) Person(ctx context.Context, user string) (PersonInfo, error) {
	got, err := w.form(ctx, "users.info", url.Values{"user": {user}, "include_locale": {"true"}})
	if err != nil {
		return PersonInfo{}, err
	}
	return personInfo(user, got.at("user")), nil
}

// personInfo reads a user object.
func personInfo(user string, u node) PersonInfo {
	info := PersonInfo{User: user, Email: u.at("profile", "email").text(), Locale: u.at("locale").text(), Zone: u.at("tz").text(),
		Bot: u.at("is_bot").yes() || user == "USLACKBOT", Gone: u.at("deleted").yes(),
		Guest: u.at("is_restricted").yes() || u.at("is_ultra_restricted").yes() || u.at("is_stranger").yes()}
	for _, name := range []string{u.at("profile", "display_name").text(), u.at("profile", "real_name").text(), u.at("real_name").text(), u.at("name").text()} {
		if name != "" {
			info.Name = name
			break
		}
	}
	return info
}

func (w *web) PersonByEmail(ctx context.Context, email string) (PersonInfo, error) {
	got, err := w.form(ctx, "users.lookupByEmail", url.Values{"email": {email}})
	if err != nil {
		return PersonInfo{}, err
	}
	u := got.at("user")
	return personInfo(u.at("id").text(), u), nil
}

func (w *web) DND(ctx context.Context, users []string) ([]DNDInfo, error) {
	got, err := w.form(ctx, "dnd.teamInfo", url.Values{"users": {strings.Join(users, ",")}})
	if err != nil {
		return nil, err
	}
	out := make([]DNDInfo, 0, len(users))
	for _, user := range users {
		info := DNDInfo{User: user}
		if d := got.at("users", user); d.at("dnd_enabled").yes() {
			info.Start = time.Unix(int64(d.at("next_dnd_start_ts").whole()), 0)
			info.End = time.Unix(int64(d.at("next_dnd_end_ts").whole()), 0)
		}
		out = append(out, info)
	}
	return out, nil
}

func (w *web) Channel(ctx context.Context, id string) (ChannelInfo, error) {
	got, err := w.form(ctx, "conversations.info", url.Values{"channel": {id}, "include_num_members": {"true"}})
	switch codeOf(err) {
	case "channel_not_found", "method_not_supported_for_channel_type":
		return ChannelInfo{Channel: id, Missing: true}, nil
	}
	if err != nil {
		return ChannelInfo{}, err
	}
	c := got.at("channel")
	return ChannelInfo{Channel: id, Name: c.at("name").text(), Private: c.at("is_private").yes(), Archived: c.at("is_archived").yes(),
		BotIn: c.at("is_member").yes(), Shared: c.at("is_ext_shared").yes(), Direct: c.at("is_im").yes() || c.at("is_mpim").yes(),
		MemberCount: c.at("num_members").whole()}, nil
}

func (w *web) Members(ctx context.Context, channel, cursor string) (users []string, next string, err error) {
	err = w.do(ctx, "conversations.members", func(ctx context.Context) (err error) {
		users, next, err = w.api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: channel, Cursor: cursor, Limit: 200})
		return err
	})
	return users, next, err
}

// Usergroup reads a group's members and, from the list of groups, its handle.
func (w *web) Usergroup(ctx context.Context, id string) (UsergroupInfo, error) {
	info := UsergroupInfo{Usergroup: id}
	err := w.do(ctx, "usergroups.users.list", func(ctx context.Context) (err error) {
		info.Users, err = w.api.GetUserGroupMembersContext(ctx, id)
		return err
	})
	switch codeOf(err) {
	case "no_such_subteam", "subteam_not_found":
		info.Missing = true
		return info, nil
	}
	if err != nil {
		return info, err
	}
	var groups []slack.UserGroup
	err = w.do(ctx, "usergroups.list", func(ctx context.Context) (err error) {
		groups, err = w.api.GetUserGroupsContext(ctx)
		return err
	})
	if err != nil {
		return info, err
	}
	for _, g := range groups {
		if g.ID == id {
			info.Handle, info.Name = g.Handle, g.Name
		}
	}
	return info, nil
}
