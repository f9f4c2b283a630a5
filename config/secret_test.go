package config

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// canary is in every secret of secretWorld and must be in nothing printed.
const canary = "canary7"

func secretWorld() world {
	return world{env: []string{
		"SLACK_BOT_TOKEN=xoxb-" + canary, "SLACK_APP_TOKEN=xapp-" + canary, "SLACK_SIGNING_SECRET=" + canary,
		"SLACK_CLIENT_ID=1.2", "SLACK_CLIENT_SECRET=" + canary,
		"MUSTER_DATABASE=postgres://muster:" + canary + "@db/muster?sslpassword=" + canary,
	}}
}

func noSecretIn(t *testing.T, how, text string) {
	t.Helper()
	if strings.Contains(text, canary) {
		t.Errorf("%s shows a secret: %s", how, text)
	}
}

func TestNoVerbAndNoLogPrintsASecret(t *testing.T) {
	t.Parallel()
	settings := mustLoad(t, secretWorld())
	verbs := []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T %[1]v"}
	for _, verb := range verbs {
		noSecretIn(t, verb, fmt.Sprintf(verb, settings))
		noSecretIn(t, verb+" of a pointer", fmt.Sprintf(verb, &settings))
		noSecretIn(t, verb+" of a part", fmt.Sprintf(verb, settings.Slack))
		noSecretIn(t, verb+" of a secret", fmt.Sprintf(verb, settings.Slack.BotToken))
		noSecretIn(t, verb+" of the database", fmt.Sprintf(verb, settings.Database))
	}
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		logger := slog.New(handler)
		logger.Info("start", "settings", settings, "slack", settings.Slack, "token", settings.Slack.BotToken, "db", settings.Database)
	}
	noSecretIn(t, "slog", log.String())
	if !strings.Contains(settings.String(), "slack_bot_token=set") ||
		!strings.Contains(settings.String(), "postgres://muster:hidden@db/muster") {
		t.Errorf("what is set should be visible: %s", settings)
	}
}

func TestNoFaultPrintsASecret(t *testing.T) {
	t.Parallel()
	token := "xoxb-" + canary
	worlds := map[string]world{
		"a token with a space":          {env: []string{"SLACK_BOT_TOKEN=xoxb " + canary}},
		"a token in quotes":             {env: []string{`SLACK_APP_TOKEN="xapp-` + canary + `"`}},
		"a token in the wrong variable": {env: []string{"MUSTER_LISTEN=" + token}},
		"a token in an unknown one":     {env: []string{"MUSTER_BOT=" + token}},
		"an unknown secret":             {env: []string{"MUSTER_SIGNING_SECRET=" + canary}},
		"a token under a wrong key":     {files: map[string]string{"muster.yaml": "slack_bot_tokne: " + canary + "\n"}},
		"a token as a key":              {files: map[string]string{"muster.yaml": token + ": 1\n"}},
		"tokens in a list":              {files: map[string]string{"muster.yaml": "slack_bot_token: [" + token + "]\n"}},
		"tokens as admins":              {files: map[string]string{"muster.yaml": "admins: [" + token + "]\n"}},
		"a broken file":                 {files: map[string]string{"muster.yaml": "slack_bot_token: [" + token + "\nlang"}},
		"a file that is a token":        {files: map[string]string{"muster.yaml": token}},
		"a password in an address":      {env: []string{"MUSTER_DATABASE=mysql://u:" + canary + "@h/d"}},
		"a password with an @":          {env: []string{"MUSTER_DATABASE=postgres://u:a@" + canary + "@[h/d"}},
		"the other notation":            {env: []string{"MUSTER_DATABASE=host=h password='" + canary + " x' user=u"}},
		"a token where a file belongs":  {env: []string{"SLACK_BOT_TOKEN_FILE=" + token}},
		"a file with two lines":         {env: []string{"SLACK_BOT_TOKEN_FILE=/f"}, files: map[string]string{"/f": token + "\n" + token}},
		"a token of the wrong kind":     {env: []string{"SLACK_BOT_TOKEN=xapp-" + canary, "SLACK_APP_TOKEN=xoxb-" + canary}, purpose: ForServe},
		"a password in retention":       {files: map[string]string{"muster.yaml": "retention: {password: " + canary + "}\n"}},
		"a user in the public address":  {env: []string{"MUSTER_PUBLIC_URL=https://u:" + canary + "@h"}},
	}
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, line := range refused(t, w) {
				noSecretIn(t, name, line)
			}
		})
	}
}

func TestASecretThatIsUnsetSaysSo(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(Secret{}, NewSecret("x")); got != "unset set" {
		t.Errorf("got %q", got)
	}
}

func TestPasswordsLeaveAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"muster.db":                               "muster.db",
		"file:a@b.db":                             "file:a@b.db",
		"postgres://u@h/d":                        "postgres://u@h/d",
		"postgres://u:p@h/d":                      "postgres://u:hidden@h/d",
		"postgres://u:p@p@h/d":                    "postgres://u:hidden@h/d",
		"postgres://u:p/q@h/d":                    "postgres://u:hidden@h/d",
		"postgres://h/d?password=p&sslmode=x":     "postgres://h/d?password=hidden&sslmode=x",
		"postgres://h/d?SSLPassword=p&x=y":        "postgres://h/d?SSLPassword=hidden&x=y",
		"postgres://h/d?user=u&password=p%26more": "postgres://h/d?user=u&password=hidden",
	} {
		if got := DatabaseAddress(address).String(); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
		if DatabaseAddress(address).Reveal() != address {
			t.Errorf("%s: the address itself changed", address)
		}
	}
}
