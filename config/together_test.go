package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatServeNeeds(t *testing.T) {
	t.Parallel()
	const bot, app, secret = "SLACK_BOT_TOKEN=xoxb-1", "SLACK_APP_TOKEN=xapp-1", "SLACK_SIGNING_SECRET=s"
	const public, sandbox = "MUSTER_PUBLIC_URL=https://m.example.org", "SLACK_API_URL=http://127.0.0.1:1/"
	for name, row := range map[string]struct {
		env  []string
		keys []string
	}{
		"nothing":                     {nil, []string{"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}},
		"Socket Mode":                 {[]string{bot, app}, nil},
		"HTTP":                        {[]string{bot, secret, public}, nil},
		"both: the socket wins":       {[]string{bot, app, secret}, nil},
		"HTTP without an address":     {[]string{bot, secret}, []string{"MUSTER_PUBLIC_URL"}},
		"OAuth":                       {[]string{secret, public, "SLACK_CLIENT_ID=1.2", "SLACK_CLIENT_SECRET=x"}, nil},
		"OAuth without an address":    {[]string{bot, app, "SLACK_CLIENT_ID=1.2", "SLACK_CLIENT_SECRET=x"}, []string{"MUSTER_PUBLIC_URL"}},
		"half of OAuth":               {[]string{bot, app, public, "SLACK_CLIENT_ID=1.2"}, []string{"SLACK_CLIENT_ID, SLACK_CLIENT_SECRET"}},
		"tokens swapped":              {[]string{"SLACK_BOT_TOKEN=xapp-1", "SLACK_APP_TOKEN=xoxb-1"}, []string{"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}},
		"tokens of a sandbox":         {[]string{"SLACK_BOT_TOKEN=any", "SLACK_APP_TOKEN=thing", sandbox}, nil},
		"a rotated token":             {[]string{"SLACK_BOT_TOKEN=xoxe.xoxb-1", app}, nil},
		"a bad token is not missing":  {[]string{"SLACK_BOT_TOKEN=a b", app}, []string{"SLACK_BOT_TOKEN (environment)"}},
		"a bad secret is not missing": {[]string{bot, "SLACK_SIGNING_SECRET=a b"}, []string{"SLACK_SIGNING_SECRET (environment)"}},
		"an unreadable file likewise": {[]string{"SLACK_BOT_TOKEN_FILE=/none", app}, []string{"SLACK_BOT_TOKEN_FILE (environment)"}},
		"a pretend start on Slack":    {[]string{bot, app, "MUSTER_CLOCK_START=2026-11-23T09:00:00Z"}, []string{"MUSTER_CLOCK_START, MUSTER_CLOCK_SPEED"}},
		"a pretend speed on Slack":    {[]string{bot, app, "MUSTER_CLOCK_SPEED=60"}, []string{"MUSTER_CLOCK_START, MUSTER_CLOCK_SPEED"}},
		"real speed on Slack":         {[]string{bot, app, "MUSTER_CLOCK_SPEED=1"}, nil},
		"Slack spelt out":             {[]string{bot, app, "SLACK_API_URL=https://SLACK.com./api/", "MUSTER_CLOCK_SPEED=60"}, []string{"MUSTER_CLOCK_START, MUSTER_CLOCK_SPEED"}},
		"a pretend clock elsewhere":   {[]string{bot, app, sandbox, "MUSTER_CLOCK_SPEED=60"}, nil},
		"a host that only sounds so":  {[]string{bot, app, "SLACK_API_URL=https://notslack.com/", "MUSTER_CLOCK_SPEED=60"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world{env: row.env, purpose: ForServe}
			if row.keys == nil {
				mustLoad(t, w)
				return
			}
			var keys []string
			for _, line := range refused(t, w) {
				key, _, _ := strings.Cut(line, ":")
				keys = append(keys, key)
			}
			if diff := cmp.Diff(row.keys, keys); diff != "" {
				t.Errorf("keys at fault (-want +got):\n%s", diff)
			}
		})
	}
}

func TestToolsAndDemoNeedNoCredentialsAndTakeAnyClock(t *testing.T) {
	t.Parallel()
	for _, purpose := range []Purpose{ForTools, ForDemo} {
		mustLoad(t, world{purpose: purpose, env: []string{"MUSTER_CLOCK_START=2026-11-23T09:00:00Z", "MUSTER_CLOCK_SPEED=60"}})
	}
}

func TestMetricsWantAnAddressOfTheirOwn(t *testing.T) {
	t.Parallel()
	got := refused(t, world{env: []string{"MUSTER_METRICS_LISTEN=127.0.0.1:8080"}})
	if len(got) != 1 || !strings.HasPrefix(got[0], `MUSTER_METRICS_LISTEN: "127.0.0.1:8080": the same as MUSTER_LISTEN`) {
		t.Errorf("got %q", got)
	}
}
