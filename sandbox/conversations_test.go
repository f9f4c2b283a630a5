package sandbox_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func TestHistoryIsReadInPages(t *testing.T) {
	t.Parallel()
	w := town(t)
	api := client(w)
	var all []string
	for i := range 7 {
		all = append(all, w.As("U1").Say("C1", fmt.Sprint("m", i)))
	}
	var got []string
	p := &slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 3}
	for pages := 1; ; pages++ {
		part, err := api.GetConversationHistory(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range part.Messages {
			got = append(got, m.Timestamp)
		}
		if p.Cursor = part.ResponseMetaData.NextCursor; p.Cursor == "" {
			if pages != 3 || part.HasMore {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if len(got) != 7 || got[0] != all[6] || got[6] != all[0] {
		t.Error("newest first:", got)
	}
	between, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1", Oldest: all[1], Latest: all[4]})
	if err != nil || len(between.Messages) != 2 {
		t.Errorf("exclusive bounds: %v, %v", between, err)
	}
	between, err = api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1", Oldest: all[1], Latest: all[4], Inclusive: true})
	if err != nil || len(between.Messages) != 4 {
		t.Errorf("inclusive bounds: %v, %v", between, err)
	}
	_, err = api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C2"})
	wantError(t, "a channel without the bot", err, "not_in_channel")
	_, err = api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1", Cursor: "nonsense"})
	wantError(t, "a bad cursor", err, "invalid_cursor")
	_, _, _, err = api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: "1.000001"})
	wantError(t, "no such thread", err, "thread_not_found")
	healthy(t, w)
}

func TestChannelsAndTheirMembers(t *testing.T) {
	t.Parallel()
	w := town(t)
	api := client(w)
	found, _, err := api.GetConversations(&slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}, ExcludeArchived: true})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range found {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff([]string{"calls", "lounge", "leaders"}, names); diff != "" {
		t.Error(diff)
	}
	members, next, err := api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: "C1", Limit: 3})
	if err != nil || len(members) != 3 || next == "" {
		t.Error(members, next, err)
	}
	info, err := api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "C2"})
	if err != nil || info.IsMember || info.Name != "lounge" {
		t.Error(info, err)
	}
	_, err = api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "G2"})
	wantError(t, "a private channel without the bot", err, "channel_not_found")

	if _, _, _, err := api.JoinConversation("C2"); err != nil {
		t.Fatal(err)
	}
	if err := post(api, "C2"); err != nil {
		t.Error("after joining:", err)
	}
	_, _, _, err = api.JoinConversation("G2")
	wantError(t, "joining a private channel", err, "channel_not_found")
	if _, err := api.InviteUsersToConversation("C2", "U3"); err != nil {
		t.Fatal(err)
	}
	_, err = api.InviteUsersToConversation("C2", "U3")
	wantError(t, "inviting twice", err, "already_in_channel")
	w.As("U1").Kick("C2", w.BotUserID())
	wantError(t, "after being removed", post(api, "C2"), "not_in_channel")
	healthy(t, w)
}

func TestPeopleAndTheirSettings(t *testing.T) {
	t.Parallel()
	w := town(t)
	api := client(w)
	u, err := api.GetUserInfo("U2")
	if err != nil || u.TZ != "Europe/Riga" || u.Locale != "en-GB" || u.TZOffset != 7200 || u.RealName != "Ann Lee" {
		t.Errorf("%+v, %v", u, err)
	}
	_, err = api.GetUserInfo("U404")
	wantError(t, "nobody", err, "user_not_found")
	if u, err = api.GetUserByEmail("chenlin@example.org"); err != nil || u.ID != "U1" || !u.IsAdmin {
		t.Errorf("%+v, %v", u, err)
	}
	_, err = api.GetUserByEmail("nobody@example.org")
	wantError(t, "nobody by mail", err, "users_not_found")
	users, err := api.GetUsers(slack.GetUsersOptionLimit(2))
	if err != nil || len(users) != 5 { // the bot, three people and the one who left, in pages of two
		t.Errorf("%d users, %v", len(users), err)
	}
	groups, err := api.GetUserGroups(slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(groups) != 1 || len(groups[0].Users) != 2 {
		t.Errorf("%+v, %v", groups, err)
	}
	members, err := api.GetUserGroupMembers("S1")
	if err != nil || len(members) != 2 {
		t.Errorf("%v, %v", members, err)
	}
	three := "U3"
	dnd, err := api.GetDNDInfo(&three)
	if err != nil || !dnd.Enabled || int64(dnd.NextStartTimestamp) > monday.Unix() || int64(dnd.NextEndTimestamp) < monday.Unix() {
		t.Errorf("%+v, %v", dnd, err)
	}
	team, err := api.GetDNDTeamInfo([]string{"U1", "U3"})
	if err != nil || team["U1"].Enabled || !team["U3"].Enabled {
		t.Errorf("%+v, %v", team, err)
	}
	w.SetDND("U3", false)
	w.SetDND("U1", true)
	if team, err = api.GetDNDTeamInfo([]string{"U1", "U3"}); err != nil || !team["U1"].Enabled || team["U3"].Enabled {
		t.Errorf("after the switch: %+v, %v", team, err)
	}
	w.SetUserGroup("S1", []string{"U3"})
	if members, err = api.GetUserGroupMembers("S1"); err != nil || len(members) != 1 || members[0] != "U3" {
		t.Errorf("after the change: %v, %v", members, err)
	}
	if info, err := api.GetTeamInfo(); err != nil || info.ID != w.TeamID() {
		t.Errorf("%+v, %v", info, err)
	}
	if bot, err := api.GetBotInfo(slack.GetBotInfoParameters{Bot: w.BotID()}); err != nil || bot.AppID != w.AppID() {
		t.Errorf("%+v, %v", bot, err)
	}
	healthy(t, w)
}

func TestFilesAreUploadedInThreeSteps(t *testing.T) {
	t.Parallel()
	w := town(t)
	api := client(w)
	content := "call_id,title\nk12,义诊\n"
	f, err := api.UploadFile(slack.UploadFileParameters{Filename: "calls.csv", Title: "Calls", FileSize: len(content),
		Reader: strings.NewReader(content), Channel: w.DM("U1"), InitialComment: "your export", AltTxt: "a table"})
	if err != nil {
		t.Fatal(err)
	}
	in := w.As("U1").Inbox()
	if len(in) != 1 || in[0].Text != "your export" || len(in[0].Files) != 1 || string(in[0].Files[0].Content) != content || in[0].Files[0].ID != f.ID {
		t.Fatalf("%+v", in)
	}
	var fetched bytes.Buffer
	if err := api.GetFile(w.URL()+"files-pri/"+f.ID+"/calls.csv", &fetched); err != nil || fetched.String() != content {
		t.Error(fetched.String(), err)
	}
	for path, status := range map[string]int{"files-pri/" + f.ID + "/calls.csv": http.StatusForbidden, "sandbox/files/" + f.ID + "/calls.csv": http.StatusOK} {
		response, err := http.Get(w.URL() + path)
		if err != nil || response.StatusCode != status {
			t.Error(path, response.StatusCode, err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	healthy(t, w)
	_, err = api.UploadFile(slack.UploadFileParameters{Filename: "x", FileSize: 5, Reader: strings.NewReader("123"), Channel: "C1"})
	if err == nil {
		t.Error("a length that is not what was announced passed")
	}
}

func TestOAuthExchangesACodeOnce(t *testing.T) {
	t.Parallel()
	w := town(t)
	code := w.OAuthCode()
	got, err := slack.GetOAuthV2Response(http.DefaultClient, "client", "secret", code, "", slack.OAuthOptionAPIURL(w.APIURL()))
	if err != nil || got.AccessToken != w.BotToken() || got.Team.ID != w.TeamID() || got.BotUserID != w.BotUserID() {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err = slack.GetOAuthV2Response(http.DefaultClient, "client", "secret", code, "", slack.OAuthOptionAPIURL(w.APIURL()))
	if err == nil || !strings.Contains(err.Error(), "invalid_code") {
		t.Error(err)
	}
}
