package config

import (
	"strings"
	"testing"
)

// Each row is one variable with a value that is taken, or refused.
func TestWhatEachSettingAccepts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 10_000)
	rows := map[string]struct{ taken, refused []string }{
		"MUSTER_LANG":   {taken: []string{"zh", "en", "ZH", " en "}, refused: []string{"zh-CN", "中文", long, "\x00"}},
		"MUSTER_LISTEN": {taken: []string{":0", "0.0.0.0:80", "[::]:8080", "localhost:65535"}, refused: []string{"80", "localhost", "h:99999", "h:-1", "h:+1", "h:080", "http://h:80", "a b:80", "::1:80", "h:http"}},
		"MUSTER_PUBLIC_URL": {taken: []string{"https://m.example.org", "https://m.example.org:8443/bot/", "http://localhost:8080", "http://127.0.0.1:1"},
			refused: []string{"http://m.example.org", "m.example.org", "https://", "https://h/?q=1", "https://h/#f", "ftp://h", "https://h /", "javascript:alert(1)", "https://u@h"}},
		"MUSTER_TIMEZONE":         {taken: []string{"UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires"}, refused: []string{"Local", "local", "Beijing", "../../etc/passwd", "/etc/localtime", "UTC+8", "东八区", "."}},
		"MUSTER_ADMINS":           {taken: []string{"U1", "T1:U1", "E1:W1", "U1,U2", "U1 ; U2，U3"}, refused: []string{"u1", "@anna", "T1", "U1:T1", "<@U1>", ",", "U1,T1:", "U1,anna"}},
		"MUSTER_POSTS_PER_MINUTE": {taken: []string{"1", "6000", " 20 "}, refused: []string{"0", "6001", "1.5", "1e3", "many", "99999999999999999999", "-1"}},
		"MUSTER_CLOCK_START":      {taken: []string{"2026-11-23T09:00:00+08:00", "2026-11-23T01:00:00Z"}, refused: []string{"2026-11-23", "2026-11-23 09:00", "now", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "2026-02-30T00:00:00Z"}},
		"MUSTER_CLOCK_SPEED":      {taken: []string{"0", "1", "0.5", "86400", "60"}, refused: []string{"86401", "-1", "NaN", "Inf", "1e9", "fast", "60x"}},
		"MUSTER_DATABASE": {taken: []string{"muster.db", "/var/lib/muster.db", "./a b.db", "file:muster.db?cache=private", `C:\muster.db`, "postgres://u:p@h:5432/d?sslmode=disable", "postgresql://h/d", "postgres:///d?host=/tmp"},
			refused: []string{":memory:", "file::memory:?cache=shared", "file:x?mode=memory", "mysql://h/d", "sqlite://x.db", "file:", "postgres:h", "postgres://h:port/d", "host=localhost dbname=muster", "a\nb"}},
		"MUSTER_BACKUP_DIR": {taken: []string{"/backups", "back ups"}, refused: []string{" ", "a\x00b"}},
		"MUSTER_LOG":        {taken: []string{"text", "JSON"}, refused: []string{"logfmt", "text,json"}},
		"MUSTER_LOG_LEVEL":  {taken: []string{"debug", "INFO", "warn", "error"}, refused: []string{"trace", "warning", "info+2", "0"}},
		"SLACK_API_URL":     {taken: []string{"http://127.0.0.1:4000/api/", "https://slack.com/api/", "https://proxy.example.org/slack"}, refused: []string{"127.0.0.1:4000", "http://slack.com/api/", "http://www.Slack.com/api/", "file:///etc", "http://h/?a=b", "http://u:p@h/"}},
		"SLACK_CLIENT_ID":   {refused: []string{"a b", "<id>", long}},
		"SLACK_BOT_TOKEN":   {taken: []string{"xoxb-1-2-abc", " xoxb-1\n"}, refused: []string{"xoxb-1 xoxb-2", `"xoxb-1"`, "<token>", "xoxb-é", "xoxb-\u200b1", "xoxb\x00"}},
	}
	for variable, row := range rows {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			for _, value := range row.taken {
				mustLoad(t, world{env: []string{variable + "=" + value}})
			}
			for _, value := range row.refused {
				lines := refused(t, world{env: []string{variable + "=" + value}})
				if len(lines) != 1 || !strings.HasPrefix(lines[0], variable+" (environment): ") || !strings.Contains(lines[0], "accepted: ") {
					t.Errorf("%q: want one line with key, value and what is accepted, got %q", value, lines)
				}
				if len(lines[0]) > 600 {
					t.Errorf("the fault is %d bytes long", len(lines[0]))
				}
			}
		})
	}
}

func TestTextThatIsNotUTF8IsRefused(t *testing.T) {
	t.Parallel()
	got := refused(t, world{env: []string{"MUSTER_BACKUP_DIR=\xff\xfe"}})
	if len(got) != 1 || !strings.Contains(got[0], "not UTF-8") {
		t.Errorf("got %q", got)
	}
}
