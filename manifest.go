package main

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"gopkg.in/yaml.v3"
)

// botScopes are the rights the bot asks a workspace for: those that a method
// it calls or an event it hears needs, and no other. A test holds this list
// against the code; the sandbox grants exactly these.
func botScopes() []string {
	return []string{
		"app_mentions:read",
		"channels:history",
		"channels:join",
		"channels:read",
		"chat:write",
		"commands",
		"dnd:read",
		"files:read", // a modal's file input: what is handed in as a voice message or a photo
		"files:write",
		"groups:history",
		"groups:read",
		"im:history",
		"im:read",
		"im:write",
		"reactions:read",
		"reactions:write",
		"usergroups:read",
		"users:read",
		"users:read.email",
	}
}

// botEvents are the events the bot hears.
func botEvents() []string {
	return []string{
		"app_home_opened",
		"app_mention",
		"app_uninstalled",
		"channel_archive",
		"channel_deleted",
		"channel_left",
		"channel_rename",
		"channel_unarchive",
		"group_archive",
		"group_deleted",
		"group_left",
		"group_rename",
		"group_unarchive",
		"member_joined_channel",
		"member_left_channel",
		"message.channels",
		"message.groups",
		"message.im",
		"reaction_added",
		"reaction_removed",
		"subteam_members_changed",
		"subteam_updated",
		"team_join",
		"tokens_revoked",
		"user_change",
	}
}

// Shortcuts by the callback ids that other programs may rely on.
const (
	shortcutNewCall = "muster_new_call"
	shortcutRemind  = "muster_remind"
)

type manifestCommand struct {
	HTTP string `name:"http" help:"Signed HTTP at this https address instead of Socket Mode." placeholder:"URL"`
}

// Run prints the manifest.
func (c manifestCommand) Run(inv *invocation) error {
	base := strings.TrimRight(c.HTTP, "/")
	if c.HTTP != "" {
		address, err := url.Parse(base)
		if err != nil || address.Scheme != "https" || address.Hostname() == "" || address.User != nil || strings.ContainsAny(base, "?# ") {
			return usageError{reason: fmt.Sprintf("--http: %q is not an https address such as https://muster.example.org", c.HTTP)}
		}
	}
	text, err := manifestYAML(appManifest(base))
	if err != nil {
		return err
	}
	if _, err := inv.io.Out.Write(text); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}

// manifest is Slack's app manifest, as far as this app uses it.
type manifest struct {
	Metadata struct {
		Major int `yaml:"major_version"`
		Minor int `yaml:"minor_version"`
	} `yaml:"_metadata"`
	Display struct {
		Name            string `yaml:"name"`
		Description     string `yaml:"description"`
		BackgroundColor string `yaml:"background_color"`
	} `yaml:"display_information"`
	Features manifestFeatures `yaml:"features"`
	OAuth    struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings manifestSettings `yaml:"settings"`
}

type manifestFeatures struct {
	Home struct {
		Home     bool `yaml:"home_tab_enabled"`
		Messages bool `yaml:"messages_tab_enabled"`
		ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
	} `yaml:"app_home"`
	Bot struct {
		Name   string `yaml:"display_name"`
		Online bool   `yaml:"always_online"`
	} `yaml:"bot_user"`
	Shortcuts []manifestShortcut `yaml:"shortcuts"`
	Commands  []manifestSlash    `yaml:"slash_commands"`
}

type manifestShortcut struct {
	Name        string `yaml:"name"`
	Type        string `yaml:"type"` // global or message
	Callback    string `yaml:"callback_id"`
	Description string `yaml:"description"`
}

type manifestSlash struct {
	Command     string `yaml:"command"`
	URL         string `yaml:"url,omitempty"`
	Description string `yaml:"description"`
	Usage       string `yaml:"usage_hint"`
	Escape      bool   `yaml:"should_escape"`
}

type manifestSettings struct {
	Events struct {
		URL    string   `yaml:"request_url,omitempty"`
		Events []string `yaml:"bot_events"`
	} `yaml:"event_subscriptions"`
	Interactivity struct {
		Enabled bool   `yaml:"is_enabled"`
		URL     string `yaml:"request_url,omitempty"`
	} `yaml:"interactivity"`
	OrgDeploy     bool `yaml:"org_deploy_enabled"`
	SocketMode    bool `yaml:"socket_mode_enabled"`
	TokenRotation bool `yaml:"token_rotation_enabled"`
}

// appManifest is the manifest of this version; base is the https address
// without a slash at its end, or empty for Socket Mode.
func appManifest(base string) manifest {
	var m manifest
	m.Metadata.Major, m.Metadata.Minor = 2, 0
	m.Display.Name = "Muster"
	m.Display.Description = "Finds volunteers, keeps the list, and reminds of study. 招募志愿者，管好名单，提醒学习。"
	m.Display.BackgroundColor = "#1f4e46"

	m.Features.Home.Home, m.Features.Home.Messages = true, true
	m.Features.Bot.Name, m.Features.Bot.Online = "Muster", true
	m.Features.Shortcuts = []manifestShortcut{
		{Name: "New call / 发起招募", Type: "global", Callback: shortcutNewCall, Description: "Ask for volunteers. 发起一次志愿者招募。"},
		{Name: "Remind me / 提醒我", Type: "message", Callback: shortcutRemind, Description: "Be reminded of this message. 稍后提醒我这条消息。"},
	}
	// Without should_escape a name in the text is only "@anna", and two people
	// may have it.
	m.Features.Commands = []manifestSlash{{
		Command: "/muster", Escape: true,
		Description: "Volunteer calls, study, reminders · 招募、学习、提醒",
		Usage:       "help · call TITLE | when: … | need: … · calls · me · 帮助 · 招募 · 我的",
	}}
	m.OAuth.Scopes.Bot = botScopes()
	m.Settings.Events.Events = botEvents()
	m.Settings.Interactivity.Enabled = true
	m.Settings.SocketMode = base == ""
	if base != "" {
		m.Features.Commands[0].URL = base + "/slack/commands"
		m.Settings.Events.URL = base + "/slack/events"
		m.Settings.Interactivity.URL = base + "/slack/interactions"
	}
	return m
}

func manifestYAML(m manifest) ([]byte, error) {
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(m); err != nil {
		return nil, fmt.Errorf("encode the manifest: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("encode the manifest: %w", err)
	}
	return text.Bytes(), nil
}
