package config

import (
	"log/slog"
	"math"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// option is one setting: its names, what it accepts, and how it is read.
type option struct {
	key     string // in muster.yaml; with dashes it is the flag
	env     string
	accepts string // completes "accepted: …"
	secret  bool   // never a flag, never printed, may come from a file
	list    bool   // may be a YAML list
	file    bool   // may come from a file although it is not always secret
	set     func(s *Settings, value string) bool
}

func (o option) flagName() string  { return strings.ReplaceAll(o.key, "_", "-") }
func (o option) fileAllowed() bool { return o.secret || o.file }

// options is the one table of settings, in the order of the documentation.
func options() []option {
	return append(slackOptions(), musterOptions()...)
}

func slackOptions() []option {
	const secretText = "the text as Slack shows it, one word without quotes"
	return []option{
		{key: "slack_bot_token", env: "SLACK_BOT_TOKEN", accepts: secretText, secret: true,
			set: secretField(func(s *Settings) *Secret { return &s.Slack.BotToken })},
		{key: "slack_app_token", env: "SLACK_APP_TOKEN", accepts: secretText, secret: true,
			set: secretField(func(s *Settings) *Secret { return &s.Slack.AppToken })},
		{key: "slack_signing_secret", env: "SLACK_SIGNING_SECRET", accepts: secretText, secret: true,
			set: secretField(func(s *Settings) *Secret { return &s.Slack.SigningSecret })},
		{key: "slack_client_id", env: "SLACK_CLIENT_ID", accepts: "the client id as Slack shows it, such as 123.456", set: setClientID},
		{key: "slack_client_secret", env: "SLACK_CLIENT_SECRET", accepts: secretText, secret: true,
			set: secretField(func(s *Settings) *Secret { return &s.Slack.ClientSecret })},
		{key: "slack_api_url", env: "SLACK_API_URL", accepts: "the http or https address of a Web API, such as http://127.0.0.1:4000/api/", set: setAPIURL},
	}
}

func musterOptions() []option {
	return []option{
		{key: "database", env: "MUSTER_DATABASE", file: true, set: setDatabase,
			accepts: "the path of a SQLite file, file:…, or postgres://user@host/name"},
		{key: "listen", env: "MUSTER_LISTEN", accepts: acceptsListen,
			set: listenField(func(s *Settings) *string { return &s.Listen })},
		{key: "metrics_listen", env: "MUSTER_METRICS_LISTEN", accepts: acceptsListen,
			set: listenField(func(s *Settings) *string { return &s.MetricsListen })},
		{key: "public_url", env: "MUSTER_PUBLIC_URL", accepts: "an https address without query, such as https://muster.example.org", set: setPublicURL},
		{key: "timezone", env: "MUSTER_TIMEZONE", accepts: "an IANA zone such as Asia/Shanghai or Europe/Berlin", set: setTimezone},
		{key: "lang", env: "MUSTER_LANG", accepts: "zh or en", set: oneOf(func(s *Settings) *string { return &s.Lang }, "zh", "en")},
		{key: "admins", env: "MUSTER_ADMINS", list: true, accepts: "Slack user ids separated by commas, such as U012AB3CD or T012AB3CD:U012AB3CD", set: setAdmins},
		{key: "posts_per_minute", env: "MUSTER_POSTS_PER_MINUTE", accepts: "a whole number from 1 to 6000", set: setPostsPerMinute},
		{key: "backup_dir", env: "MUSTER_BACKUP_DIR", accepts: "the path of a folder", set: setBackupDir},
		{key: "clock_start", env: "MUSTER_CLOCK_START", accepts: "a time such as 2026-11-23T09:00:00+08:00 (RFC 3339)", set: setClockStart},
		{key: "clock_speed", env: "MUSTER_CLOCK_SPEED", accepts: "pretend seconds in a real one, from 0 (stands still) to 86400", set: setClockSpeed},
		{key: "log", env: "MUSTER_LOG", accepts: "text or json", set: oneOf(func(s *Settings) *string { return &s.Log.Format }, "text", "json")},
		{key: "log_level", env: "MUSTER_LOG_LEVEL", accepts: "debug, info, warn or error", set: setLogLevel},
	}
}

const acceptsListen = "host:port with a port from 0 to 65535, such as 127.0.0.1:8080 or :8080"

// singleWord says whether text has neither spaces nor characters that nobody
// can see: what is left behind when a value is pasted from a page.
func singleWord(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	})
}

func secretField(field func(*Settings) *Secret) func(*Settings, string) bool {
	return func(s *Settings, value string) bool {
		value = strings.TrimSpace(value)
		if !singleWord(value) || strings.ContainsAny(value, `"'<>`) {
			return false
		}
		// A header carries it, and headers are ASCII.
		if strings.ContainsFunc(value, func(r rune) bool { return r > unicode.MaxASCII }) {
			return false
		}
		*field(s) = NewSecret(value)
		return true
	}
}

func oneOf(field func(*Settings) *string, words ...string) func(*Settings, string) bool {
	return func(s *Settings, value string) bool {
		for _, word := range words {
			if strings.EqualFold(strings.TrimSpace(value), word) {
				*field(s) = word
				return true
			}
		}
		return false
	}
}

func listenField(field func(*Settings) *string) func(*Settings, string) bool {
	return func(s *Settings, value string) bool {
		value = strings.TrimSpace(value)
		host, port, err := net.SplitHostPort(value)
		if err != nil || !singleWord(value) || strings.ContainsAny(host, "/@?#") {
			return false
		}
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || strconv.FormatUint(n, 10) != port {
			return false
		}
		*field(s) = value
		return true
	}
}

func setClientID(s *Settings, value string) bool {
	value = strings.TrimSpace(value)
	if !regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`).MatchString(value) {
		return false
	}
	s.Slack.ClientID = value
	return true
}

// webAddress is value as an absolute http or https address with nothing after
// its path.
func webAddress(value string) (*url.URL, bool) {
	address, err := url.Parse(value)
	if err != nil || !singleWord(value) || address.Hostname() == "" || address.User != nil ||
		address.RawQuery != "" || address.Fragment != "" {
		return nil, false
	}
	return address, address.Scheme == "https" || address.Scheme == "http"
}

func setAPIURL(s *Settings, value string) bool {
	address, ok := webAddress(strings.TrimSpace(value))
	if !ok || slackHost(address.Hostname()) && address.Scheme != "https" {
		return false
	}
	s.Slack.APIURL = strings.TrimRight(address.String(), "/") + "/"
	return true
}

// setPublicURL takes https only: Slack and calendars refuse anything else. On
// this machine itself plain http is enough to rehearse with.
func setPublicURL(s *Settings, value string) bool {
	address, ok := webAddress(strings.TrimSpace(value))
	if !ok {
		return false
	}
	host := address.Hostname()
	ip := net.ParseIP(host)
	local := host == "localhost" || ip != nil && ip.IsLoopback()
	if address.Scheme != "https" && !local {
		return false
	}
	s.PublicURL = strings.TrimRight(address.String(), "/")
	return true
}

// setDatabase refuses a database in memory: it would forget every sign-up that
// was acknowledged, and its readers would each see another empty one.
func setDatabase(s *Settings, value string) bool {
	value = strings.TrimSpace(value)
	lower := strings.ToLower(value)
	switch {
	case value == "" || strings.ContainsFunc(value, unicode.IsControl):
		return false
	case strings.Contains(lower, ":memory:") || strings.Contains(lower, "mode=memory"):
		return false
	case strings.HasPrefix(lower, "postgres:") || strings.HasPrefix(lower, "postgresql:"):
		if _, err := url.Parse(value); err != nil || !DatabaseAddress(value).Postgres() {
			return false
		}
	case strings.HasPrefix(lower, "file:"):
		if len(value) == len("file:") {
			return false
		}
	case regexp.MustCompile(`^[a-z][a-z0-9+.-]+:`).MatchString(lower):
		return false // some other scheme; one letter and a colon is a Windows drive
	case regexp.MustCompile(`(^|\s)(host|user|dbname|password)\s*=`).MatchString(lower):
		return false // PostgreSQL's other notation would become a file of that name
	}
	s.Database = DatabaseAddress(value)
	return true
}

func setTimezone(s *Settings, value string) bool {
	value = strings.TrimSpace(value)
	// "Local" would make the same rule mean different times on two machines.
	if value == "" || strings.EqualFold(value, "local") {
		return false
	}
	zone, err := time.LoadLocation(value)
	if err != nil {
		return false
	}
	s.Timezone = zone
	return true
}

func setAdmins(s *Settings, value string) bool {
	id := regexp.MustCompile(`^(?:([TE][A-Z0-9]{1,20}):)?([UW][A-Z0-9]{1,20})$`)
	var admins []Admin
	seen := map[Admin]bool{}
	for _, word := range strings.FieldsFunc(value, func(r rune) bool {
		return r == ',' || r == '，' || r == ';' || unicode.IsSpace(r)
	}) {
		match := id.FindStringSubmatch(word)
		if match == nil {
			return false
		}
		admin := Admin{Team: match[1], User: match[2]}
		if !seen[admin] {
			admins = append(admins, admin)
		}
		seen[admin] = true
	}
	s.Admins = admins
	return len(admins) > 0
}

func setPostsPerMinute(s *Settings, value string) bool {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 1 || n > 6000 {
		return false
	}
	s.PostsPerMinute = n
	return true
}

func setBackupDir(s *Settings, value string) bool {
	if strings.TrimSpace(value) == "" || strings.ContainsFunc(value, unicode.IsControl) {
		return false
	}
	s.BackupDir = value
	return true
}

func setClockStart(s *Settings, value string) bool {
	start, err := time.Parse(time.RFC3339, strings.TrimSpace(value))
	// Outside these years calendars and stored milliseconds stop being sane.
	if err != nil || start.Year() < 2000 || start.Year() > 2200 {
		return false
	}
	s.Clock.Start = start
	return true
}

// setClockSpeed goes from a clock that stands still, to be moved by hand, up to
// a day in a second: beyond it a tick would jump over whole reminders.
func setClockSpeed(s *Settings, value string) bool {
	speed, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || math.IsNaN(speed) || speed < 0 || speed > 86400 {
		return false
	}
	s.Clock.Speed = speed
	return true
}

func setLogLevel(s *Settings, value string) bool {
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	level, ok := levels[strings.ToLower(strings.TrimSpace(value))]
	if ok {
		s.Log.Level = level
	}
	return ok
}
