package config

import (
	"net/url"
	"strings"
)

// crossFaults are faults of settings that are each right and do not fit
// together, or are missing for what is about to be done.
func crossFaults(s Settings, purpose Purpose, bad map[string]bool) (faults Faults) {
	if s.MetricsListen != "" && s.MetricsListen == s.Listen && !strings.HasSuffix(s.Listen, ":0") {
		faults = append(faults, Fault{Key: "MUSTER_METRICS_LISTEN", Value: shown("", s.MetricsListen, false),
			Accepts: "the same as MUSTER_LISTEN; accepted: another address, or none to have /metrics there"})
	}
	if (s.Slack.ClientID != "") != s.Slack.ClientSecret.IsSet() && !bad["SLACK_CLIENT_ID"] && !bad["SLACK_CLIENT_SECRET"] {
		faults = append(faults, Fault{Key: "SLACK_CLIENT_ID, SLACK_CLIENT_SECRET",
			Accepts: "only one of the two is set; accepted: both, or neither"})
	}
	if purpose == ForServe {
		faults = append(faults, serveFaults(s, bad)...)
	}
	return faults
}

func serveFaults(s Settings, bad map[string]bool) (faults Faults) {
	missing := func(key, accepts string) {
		if bad[key] {
			return
		}
		faults = append(faults, Fault{Key: key, Value: "not set", Accepts: accepts})
	}
	slack := s.Slack
	oauth := slack.ClientID != ""
	if !slack.BotToken.IsSet() && !oauth {
		missing("SLACK_BOT_TOKEN", "accepted: the bot token (xoxb-…) from OAuth & Permissions; without a workspace, try: muster demo")
	}
	if !slack.SocketMode() && !slack.SigningSecret.IsSet() && !bad["SLACK_SIGNING_SECRET"] {
		missing("SLACK_APP_TOKEN", "accepted: an app-level token (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET with MUSTER_PUBLIC_URL for HTTP")
	}
	if !slack.SocketMode() && slack.SigningSecret.IsSet() && s.PublicURL == "" {
		missing("MUSTER_PUBLIC_URL", "accepted: the https address at which Slack reaches this server; HTTP mode needs it, Socket Mode (SLACK_APP_TOKEN) does not")
	} else if oauth && s.PublicURL == "" {
		missing("MUSTER_PUBLIC_URL", "accepted: the https address at which people reach this server; \"Add to Slack\" (SLACK_CLIENT_ID) needs it")
	}
	if slack.TalksToSlack() && !bad["SLACK_API_URL"] {
		faults = append(faults, slackFaults(s)...)
	}
	return faults
}

// slackFaults apply only when the other side is Slack itself: whatever else
// SLACK_API_URL names makes its own tokens and may live in its own time.
func slackFaults(s Settings) (faults Faults) {
	wrong := func(key, value, accepts string) {
		faults = append(faults, Fault{Key: key, Value: value, Accepts: accepts})
	}
	if token := s.Slack.BotToken; token.IsSet() && !hasAnyPrefix(token.Reveal(), "xoxb-", "xoxe.xoxb-") {
		wrong("SLACK_BOT_TOKEN", shown("", token.Reveal(), true), "accepted: a bot token, which begins with xoxb-")
	}
	if token := s.Slack.AppToken; token.IsSet() && !hasAnyPrefix(token.Reveal(), "xapp-") {
		wrong("SLACK_APP_TOKEN", shown("", token.Reveal(), true), "accepted: an app-level token, which begins with xapp-")
	}
	if s.Clock.Pretend() {
		wrong("MUSTER_CLOCK_START, MUSTER_CLOCK_SPEED", s.Clock.String(),
			"a pretend clock is refused when talking to Slack's own API; accepted: none, or another SLACK_API_URL")
	}
	return faults
}

// TalksToSlack says whether the Web API is Slack's own.
func (s Slack) TalksToSlack() bool {
	if s.APIURL == "" {
		return true
	}
	address, err := url.Parse(s.APIURL)
	return err != nil || slackHost(address.Hostname())
}

func slackHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, own := range []string{"slack.com", "slack-gov.com"} {
		if host == own || strings.HasSuffix(host, "."+own) {
			return true
		}
	}
	return false
}

func hasAnyPrefix(text string, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}
