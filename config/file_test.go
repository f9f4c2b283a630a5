package config

import (
	"strings"
	"testing"
)

func TestASettingsFileWithNothingInItIsFine(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "# only a comment\n", "---\n", "~\n", "retention:\n", "lang:\nadmins: ~\n"} {
		same(t, mustLoad(t, world{files: map[string]string{"muster.yaml": text}}), Defaults())
	}
}

func TestHostileSettingsFilesAreRefusedInOneLine(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ text, says string }{
		"not YAML":             {"lang: [zh", "not YAML"},
		"a tab":                {"retention:\n\tphotos: 1d", "not YAML"},
		"a list":               {"- lang\n- zh\n", "not a list of settings"},
		"a word":               {"zh\n", "not a list of settings"},
		"two documents":        {"lang: zh\n---\nlang: en\n", "more than one document"},
		"a key twice":          {"lang: zh\nlang: en\n", "lang (muster.yaml line 2): given twice, first in line 1"},
		"a block for a value":  {"lang: {zh: 1}\n", "lang (muster.yaml line 1): a block of values: accepted: zh or en"},
		"a list for a value":   {"listen: [a, b]\n", "listen (muster.yaml line 1): a block of values: accepted: host:port"},
		"lists in a list":      {"admins: [[U1]]\n", "accepted: Slack user ids"},
		"a number as key":      {"1: zh\n", "1 (muster.yaml line 1): \"zh\": unknown key"},
		"a block as key":       {"? {a: b}\n: zh\n", "a block of values (muster.yaml line 1)"},
		"a merge key":          {"<<: {lang: zh}\n", "<< (muster.yaml line 1): a block of values: unknown key"},
		"config in itself":     {"config: other.yaml\n", "config (muster.yaml line 1): \"other.yaml\": unknown key"},
		"the variable's name":  {"MUSTER_LANG: zh\n", "MUSTER_LANG (muster.yaml line 1): \"zh\": unknown key"},
		"retention as a word":  {"retention: 7d\n", "retention (muster.yaml line 1): \"7d\": accepted: a block with deliveries"},
		"retention of nothing": {"retention: {photos: 0d}\n", "retention.photos (muster.yaml line 1): \"0d\": accepted: a number of days"},
		"retention for ever":   {"retention: {photos: 99999y}\n", "retention.photos"},
		"retention overflown":  {"retention: {photos: 9999999999999999999d}\n", "retention.photos"},
		"retention twice":      {"retention: {photos: 1d, photos: 2d}\n", "given twice"},
		"the record":           {"retention: {record: 1y}\n", "retention.record (muster.yaml line 1): \"1y\": unknown key"},
		"an unknown anchor":    {"lang: *nobody\n", "not YAML"},
		"control characters":   {"lang: \"\\e[31mzh\"\n", `"\x1b[31mzh"`},
		"a huge file":          {"# " + strings.Repeat("x", maxFile), "at most 1 MiB"},
		"a bomb of aliases":    {"a: &a [x,x]\nb: &b [*a,*a]\nadmins: [*b,*b]\n", "accepted: Slack user ids"},
		"binary":               {"\x00\x01\x02", "not YAML"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := refused(t, world{files: map[string]string{"muster.yaml": row.text}})
			if !strings.Contains(strings.Join(lines, "\n"), row.says) {
				t.Errorf("want a line with %q, got %q", row.says, lines)
			}
			for _, line := range lines {
				if strings.ContainsAny(line, "\x00\x1b\t\r") || len(line) > 600 {
					t.Errorf("not one clean line: %q", line)
				}
			}
		})
	}
}

func TestAnAnchorMayStandForAValue(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, world{files: map[string]string{"muster.yaml": "listen: &a 127.0.0.1:0\nmetrics_listen: *a\n"}})
	if got.MetricsListen != "127.0.0.1:0" {
		t.Errorf("got %q", got.MetricsListen)
	}
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	token := world{env: []string{"SLACK_BOT_TOKEN_FILE=/s"}}
	if got := mustLoad(t, token.withFile("/s", "xoxb-1\n")); got.Slack.BotToken.Reveal() != "xoxb-1" {
		t.Errorf("got %q", got.Slack.BotToken.Reveal())
	}
	address := world{env: []string{"MUSTER_DATABASE_FILE=/s"}}
	if got := mustLoad(t, address.withFile("/s", "postgres://u:p@h/d\n")); got.Database.Reveal() != "postgres://u:p@h/d" {
		t.Errorf("got %q", got.Database.Reveal())
	}
	for name, row := range map[string]struct {
		w    world
		says string
	}{
		"missing":      {token, `SLACK_BOT_TOKEN_FILE (environment): "/s": cannot be read (file does not exist)`},
		"empty":        {token.withFile("/s", " \n"), "the file is empty"},
		"a whole disk": {token.withFile("/s", strings.Repeat("x", maxSecretFile+1)), "is 16385 bytes long"},
		"both ways":    {world{env: []string{"SLACK_BOT_TOKEN=a", "SLACK_BOT_TOKEN_FILE=/s"}}.withFile("/s", "b"), "SLACK_BOT_TOKEN (environment): also given by SLACK_BOT_TOKEN_FILE; keep one of the two"},
		"not a secret": {world{env: []string{"MUSTER_LANG_FILE=/s"}}.withFile("/s", "zh"), "MUSTER_LANG_FILE (environment): \"/s\": unknown variable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := refused(t, row.w); len(got) != 1 || !strings.Contains(got[0], row.says) {
				t.Errorf("want %q, got %q", row.says, got)
			}
		})
	}
	// What stands higher hides what stands lower, file or not.
	got := mustLoad(t, world{env: []string{"SLACK_BOT_TOKEN=env"}, files: map[string]string{"muster.yaml": "slack_bot_token_file: /nowhere\n"}})
	if got.Slack.BotToken.Reveal() != "env" {
		t.Errorf("got %q", got.Slack.BotToken.Reveal())
	}
}
