package main

import (
	"go/ast"
	"go/token"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"
	"gopkg.in/yaml.v3"
)

// parsedManifest is the printed manifest as Slack's schema names its parts;
// unknown keys are an error there, so they are here.
type parsedManifest struct {
	Metadata map[string]int `yaml:"_metadata"`
	Display  struct {
		Name            string
		Description     string
		BackgroundColor string `yaml:"background_color"`
	} `yaml:"display_information"`
	Features struct {
		AppHome map[string]bool `yaml:"app_home"`
		BotUser struct {
			DisplayName  string `yaml:"display_name"`
			AlwaysOnline bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		Shortcuts []struct {
			Name, Type, Description string
			CallbackID              string `yaml:"callback_id"`
		}
		SlashCommands []struct {
			Command, Description, URL string
			UsageHint                 string `yaml:"usage_hint"`
			ShouldEscape              bool   `yaml:"should_escape"`
		} `yaml:"slash_commands"`
	}
	OAuthConfig struct {
		Scopes struct{ Bot []string }
	} `yaml:"oauth_config"`
	Settings struct {
		EventSubscriptions struct {
			RequestURL string   `yaml:"request_url"`
			BotEvents  []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			IsEnabled  bool   `yaml:"is_enabled"`
			RequestURL string `yaml:"request_url"`
		}
		OrgDeployEnabled     bool `yaml:"org_deploy_enabled"`
		SocketModeEnabled    bool `yaml:"socket_mode_enabled"`
		TokenRotationEnabled bool `yaml:"token_rotation_enabled"`
	}
}

func printedManifest(t *testing.T, args ...string) parsedManifest {
	t.Helper()
	code, stdout, stderr := runHere(nil, append([]string{"manifest"}, args...)...)
	if code != exitDone {
		t.Fatalf("manifest ended with %d: %s", code, stderr)
	}
	var m parsedManifest
	decoder := yaml.NewDecoder(strings.NewReader(stdout))
	decoder.KnownFields(true)
	if err := decoder.Decode(&m); err != nil {
		t.Fatalf("the manifest is not what Slack's schema knows: %v\n%s", err, stdout)
	}
	return m
}

// The limits are those of Slack's manifest schema, version 2.
func TestTheManifestKeepsSlacksLimits(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"--http", "https://muster.example.org"}} {
		m := printedManifest(t, args...)
		atMost := func(what, text string, limit int) {
			if n := utf8.RuneCountInString(text); n == 0 || n > limit {
				t.Errorf("%s has %d characters, at most %d are allowed: %q", what, n, limit, text)
			}
		}
		atMost("the app's name", m.Display.Name, 35)
		atMost("the description", m.Display.Description, 140)
		atMost("the bot's name", m.Features.BotUser.DisplayName, 80)
		if len(m.Display.BackgroundColor) != 7 || m.Display.BackgroundColor[0] != '#' {
			t.Errorf("background colour %q", m.Display.BackgroundColor)
		}
		if n := len(m.Features.Shortcuts); n > 10 {
			t.Errorf("%d shortcuts, at most 10", n)
		}
		for _, shortcut := range m.Features.Shortcuts {
			atMost("shortcut "+shortcut.CallbackID, shortcut.Name, 24)
			atMost("its description", shortcut.Description, 150)
			atMost("its callback id", shortcut.CallbackID, 255)
			if shortcut.Type != "global" && shortcut.Type != "message" {
				t.Errorf("shortcut type %q", shortcut.Type)
			}
		}
		for _, command := range m.Features.SlashCommands {
			atMost("the command", command.Command, 32)
			atMost("its description", command.Description, 2000)
			atMost("its usage hint", command.UsageHint, 1000)
			if !command.ShouldEscape {
				t.Error("without should_escape names arrive as plain text")
			}
		}
		if len(m.OAuthConfig.Scopes.Bot) > 255 || len(m.Settings.EventSubscriptions.BotEvents) > 100 {
			t.Error("too many scopes or events")
		}
	}
}

func TestTheManifestForSocketsAndForHTTP(t *testing.T) {
	t.Parallel()
	sockets := printedManifest(t)
	if !sockets.Settings.SocketModeEnabled || sockets.Settings.EventSubscriptions.RequestURL != "" ||
		!sockets.Settings.Interactivity.IsEnabled || !sockets.Features.AppHome["home_tab_enabled"] ||
		sockets.Features.AppHome["messages_tab_read_only_enabled"] {
		t.Errorf("Socket Mode: %+v", sockets.Settings)
	}
	http := printedManifest(t, "--http", "https://m.example.org/")
	if http.Settings.SocketModeEnabled || http.Settings.EventSubscriptions.RequestURL != "https://m.example.org/slack/events" ||
		http.Settings.Interactivity.RequestURL != "https://m.example.org/slack/interactions" ||
		http.Features.SlashCommands[0].URL != "https://m.example.org/slack/commands" {
		t.Errorf("HTTP: %+v", http.Settings)
	}
}

func TestScopesAndEventsAreSortedAndOnce(t *testing.T) {
	t.Parallel()
	for _, list := range [][]string{botScopes(), botEvents()} {
		if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
			t.Errorf("not sorted, or one twice: %v", list)
		}
	}
}

// methodScopes names, for every Web API method that the code may call, the
// scopes it can need. A method with several, such as the history of any
// conversation, needs the one that fits the conversation.
func methodScopes() map[string][]string {
	history := []string{"channels:history", "groups:history", "im:history"}
	conversations := []string{"channels:read", "groups:read", "im:read"}
	return map[string][]string{
		"auth.test":                    nil,
		"chat.delete":                  {"chat:write"},
		"chat.getPermalink":            nil,
		"chat.postEphemeral":           {"chat:write"},
		"chat.postMessage":             {"chat:write"},
		"chat.update":                  {"chat:write"},
		"conversations.history":        history,
		"conversations.info":           conversations,
		"conversations.join":           {"channels:join"},
		"conversations.list":           conversations,
		"conversations.members":        conversations,
		"conversations.open":           {"im:write"},
		"conversations.replies":        history,
		"dnd.info":                     {"dnd:read"},
		"dnd.teamInfo":                 {"dnd:read"},
		"files.completeUploadExternal": {"files:write"},
		"files.getUploadURLExternal":   {"files:write"},
		"files.info":                   {"files:read"},
		"files.upload":                 {"files:write"}, // the bytes, to the address the step before gave
		"reactions.add":                {"reactions:write"},
		"reactions.remove":             {"reactions:write"},
		"reactions.get":                {"reactions:read"},
		"team.info":                    {"team:read"},
		"usergroups.list":              {"usergroups:read"},
		"usergroups.users.list":        {"usergroups:read"},
		"users.conversations":          conversations,
		"users.info":                   {"users:read"},
		"users.list":                   {"users:read"},
		"users.lookupByEmail":          {"users:read.email"},
		"views.open":                   nil,
		"views.publish":                nil,
		"views.push":                   nil,
		"views.update":                 nil,
	}
}

// clientMethods are slack-go's names of those methods, without Context.
func clientMethods() map[string]string {
	return map[string]string{
		"AddReaction":            "reactions.add",
		"RemoveReaction":         "reactions.remove",
		"AuthTest":               "auth.test",
		"CompleteUploadExternal": "files.completeUploadExternal",
		"GetUploadURLExternal":   "files.getUploadURLExternal",
		"GetUserGroupMembers":    "usergroups.users.list",
		"GetUserGroups":          "usergroups.list",
		"GetUsersInConversation": "conversations.members",
		"JoinConversation":       "conversations.join",
		"OpenConversation":       "conversations.open",
		"OpenView":               "views.open",
		"PostEphemeral":          "chat.postEphemeral",
		"PostMessage":            "chat.postMessage",
		"PublishView":            "views.publish",
		"PushView":               "views.push",
		"UpdateMessage":          "chat.update",
		"UpdateView":             "views.update",
	}
}

// eventScopes names the scopes of which an event needs one.
func eventScopes() map[string][]string {
	public, private := "channels:read", "groups:read"
	return map[string][]string{
		"app_home_opened":         nil,
		"app_mention":             {"app_mentions:read"},
		"app_uninstalled":         nil,
		"channel_archive":         {public},
		"channel_deleted":         {public},
		"channel_left":            {public},
		"channel_rename":          {public},
		"channel_unarchive":       {public},
		"group_archive":           {private},
		"group_deleted":           {private},
		"group_left":              {private},
		"group_rename":            {private},
		"group_unarchive":         {private},
		"member_joined_channel":   {public, private},
		"member_left_channel":     {public, private},
		"message.channels":        {"channels:history"},
		"message.groups":          {"groups:history"},
		"message.im":              {"im:history"},
		"reaction_added":          {"reactions:read"},
		"reaction_removed":        {"reactions:read"},
		"subteam_members_changed": {"usergroups:read"},
		"subteam_updated":         {"usergroups:read"},
		"team_join":               {"users:read"},
		"tokens_revoked":          nil,
		"user_change":             {"users:read"},
	}
}

// webCalls are the Web API methods that package bot calls, each with one place:
// every call names its method in a string, for errors and paces, and goes
// through slack-go or by hand.
func webCalls(t *testing.T) map[string]string {
	t.Helper()
	client := reflect.TypeFor[*slack.Client]()
	method := regexp.MustCompile(`^(auth|chat|conversations|dnd|files|reactions|team|usergroups|users|views)(\.[a-zA-Z]+)+$`)
	found := map[string]string{}
	for _, file := range sources(t) {
		if file.test || file.folder != "bot" || !strings.HasPrefix(path.Base(file.path), "web") {
			continue
		}
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.BasicLit:
				if name, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil && method.MatchString(name) {
					found[name] = file.line(n.Pos())
				}
			case *ast.SelectorExpr:
				name, hasContext := strings.CutSuffix(n.Sel.Name, "Context")
				if _, isMethod := client.MethodByName(n.Sel.Name); !isMethod || !hasContext {
					return true
				}
				called, known := clientMethods()[name]
				if !known {
					t.Errorf("%s: calls slack-go's %s, which has no line in clientMethods", file.line(n.Pos()), name)
				}
				found[called] = file.line(n.Pos())
			}
			return true
		})
	}
	return found
}

func TestScopesAreExactlyThoseUsed(t *testing.T) {
	t.Parallel()
	byMethod, byEvent := methodScopes(), eventScopes()
	// The slash command and the shortcuts; the file input of a modal.
	used := map[string]bool{"commands": true, "files:read": true}
	needs := func(what string, scopes []string) {
		for _, scope := range scopes {
			used[scope] = true
		}
		if len(scopes) > 0 && !slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(botScopes(), s) }) {
			t.Errorf("%s needs one of %v, and the manifest asks for none", what, scopes)
		}
	}
	calls := webCalls(t)
	for method, where := range calls {
		scopes, known := byMethod[method]
		if !known {
			t.Errorf("%s: calls %s, which has no line in methodScopes", where, method)
		}
		needs(where+": "+method, scopes)
	}
	if len(calls) == 0 {
		t.Fatal("no call of the Web API was found in bot/web*.go: the test looks in the wrong place")
	}
	for _, event := range botEvents() {
		scopes, known := byEvent[event]
		if !known {
			t.Errorf("event %s has no line in eventScopes", event)
		}
		needs("event "+event, scopes)
	}
	for _, scope := range botScopes() {
		if !used[scope] {
			t.Errorf("the manifest asks for %s, which no call and no event needs", scope)
		}
	}
}

// What is in the manifest and handled nowhere is a right asked for, or a menu
// entry that does nothing; what is handled and not in it never comes.
func TestTheManifestAndTheHandlersAgree(t *testing.T) {
	t.Parallel()
	named := map[string]string{}
	for _, file := range sources(t) {
		if file.test || file.folder != "bot" && file.folder != "handlers" && file.folder != "views" {
			continue
		}
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			if text, ok := node.(*ast.BasicLit); ok && text.Kind == token.STRING {
				if value, err := strconv.Unquote(text.Value); err == nil {
					named[value] = file.line(text.Pos())
				}
			}
			return true
		})
	}
	for _, event := range botEvents() {
		// message.channels and the like arrive as "message".
		if name, _, _ := strings.Cut(event, "."); named[name] == "" {
			t.Errorf("the manifest subscribes to %s, which no code handles", event)
		}
	}
	for event := range eventScopes() {
		if where := named[event]; where != "" && !slices.Contains(botEvents(), event) {
			t.Errorf("%s: handles %s, to which the manifest does not subscribe", where, event)
		}
	}
	for _, shortcut := range appManifest("").Features.Shortcuts {
		if named[shortcut.Callback] == "" {
			t.Errorf("the manifest has shortcut %s, which no code handles", shortcut.Callback)
		}
	}
}
