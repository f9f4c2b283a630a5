package sandbox

import (
	"maps"
	"slices"
)

type tokenKind int

const (
	botToken tokenKind = iota
	appToken
	anyToken
	noToken
)

// endpoint is one method of the Web API: who may call it, how often, and what it does.
type endpoint struct {
	method string
	tier   int // 1 to 4; 0 is about 600 a minute
	token  tokenKind
	scopes func(*World, args) []string // any of them; nil needs none
	run    func(*World, *request) (answer, error)
}

func scope(names ...string) func(*World, args) []string {
	return func(*World, args) []string { return names }
}

// byChannel asks for the scope of the named channel's kind, such as groups:read.
func byChannel(suffix string) func(*World, args) []string {
	return func(w *World, a args) []string {
		c := w.channels[a.str("channel")]
		if c == nil {
			return []string{"channels:" + suffix, "groups:" + suffix, "im:" + suffix}
		}
		switch c.kind() {
		case "im":
			return []string{"im:" + suffix}
		case "group":
			return []string{"groups:" + suffix}
		}
		return []string{"channels:" + suffix}
	}
}

// endpoints are all methods there are. A literal map would refer to itself
// through the methods' code, so it is built by a function.
var endpoints = methodTable()

func methodTable() map[string]endpoint {
	return map[string]endpoint{
		"auth.test":             {token: anyToken, run: (*World).authTest},
		"apps.connections.open": {tier: 1, token: appToken, run: (*World).appsConnectionsOpen},
		"oauth.v2.access":       {tier: 4, token: noToken, run: (*World).oauthAccess},
		"team.info":             {tier: 3, scopes: scope("team:read"), run: (*World).teamInfo},
		"bots.info":             {tier: 3, scopes: scope("users:read"), run: (*World).botsInfo},

		"chat.postMessage":   {scopes: scope("chat:write"), run: (*World).chatPostMessage},
		"chat.postEphemeral": {tier: 4, scopes: scope("chat:write"), run: (*World).chatPostEphemeral},
		"chat.update":        {tier: 3, scopes: scope("chat:write"), run: (*World).chatUpdate},
		"chat.delete":        {tier: 3, scopes: scope("chat:write"), run: (*World).chatDelete},
		"chat.getPermalink":  {run: (*World).chatGetPermalink},

		"views.open":    {tier: 4, run: (*World).viewsOpen},
		"views.push":    {tier: 4, run: (*World).viewsPush},
		"views.update":  {tier: 4, run: (*World).viewsUpdate},
		"views.publish": {tier: 4, run: (*World).viewsPublish},

		"conversations.open":    {tier: 3, scopes: scope("im:write"), run: (*World).conversationsOpen},
		"conversations.info":    {tier: 3, scopes: byChannel("read"), run: (*World).conversationsInfo},
		"conversations.list":    {tier: 2, scopes: listScopes, run: (*World).conversationsList},
		"conversations.members": {tier: 4, scopes: byChannel("read"), run: (*World).conversationsMembers},
		"conversations.history": {tier: 3, scopes: byChannel("history"), run: (*World).conversationsHistory},
		"conversations.replies": {tier: 3, scopes: byChannel("history"), run: (*World).conversationsReplies},
		"conversations.join":    {tier: 3, scopes: scope("channels:join"), run: (*World).conversationsJoin},
		"conversations.invite": {tier: 3, scopes: scope("channels:write.invites", "channels:manage", "groups:write"),
			run: (*World).conversationsInvite},

		"users.info":            {tier: 4, scopes: scope("users:read"), run: (*World).usersInfo},
		"users.list":            {tier: 2, scopes: scope("users:read"), run: (*World).usersList},
		"users.lookupByEmail":   {tier: 3, scopes: scope("users:read.email"), run: (*World).usersLookupByEmail},
		"usergroups.list":       {tier: 2, scopes: scope("usergroups:read"), run: (*World).usergroupsList},
		"usergroups.users.list": {tier: 2, scopes: scope("usergroups:read"), run: (*World).usergroupsUsersList},
		"dnd.info":              {tier: 3, scopes: scope("dnd:read"), run: (*World).dndInfo},
		"dnd.teamInfo":          {tier: 2, scopes: scope("dnd:read"), run: (*World).dndTeamInfo},

		"reactions.add":    {tier: 3, scopes: scope("reactions:write"), run: (*World).reactionsAdd},
		"reactions.remove": {tier: 2, scopes: scope("reactions:write"), run: (*World).reactionsRemove},
		"reactions.get":    {tier: 3, scopes: scope("reactions:read"), run: (*World).reactionsGet},

		"files.getUploadURLExternal":   {tier: 4, scopes: scope("files:write"), run: (*World).filesGetUploadURL},
		"files.completeUploadExternal": {tier: 4, scopes: scope("files:write"), run: (*World).filesComplete},
	}
}

// AllScopes are all bot scopes that the sandbox knows, for methods, events and commands.
func AllScopes() []string {
	known := map[string]bool{"commands": true, "app_mentions:read": true, "im:history": true, "im:read": true,
		"groups:history": true, "groups:read": true, "channels:history": true, "channels:read": true, "files:read": true}
	for _, e := range methodTable() {
		if e.scopes == nil || e.method == "conversations.list" {
			continue
		}
		for _, s := range e.scopes(&World{}, args{}) {
			known[s] = true
		}
	}
	return slices.Sorted(maps.Keys(known))
}
