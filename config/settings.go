// Package config reads what an operator decided, once, into one value.
//
// Flags stand over the environment, the environment over muster.yaml, the file
// over the defaults. Every fault is reported at once, so that nobody repairs a
// deployment one restart at a time, and no secret is ever printed.
package config

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// Settings is everything an operator can decide. It is read once by Load,
// handed on by value and never changed.
type Settings struct {
	Slack Slack

	// Database is a SQLite path, a file: address or a postgres:// address.
	Database DatabaseAddress
	// Listen is the host:port of the HTTP server; MetricsListen another one
	// for /metrics, empty when metrics are on Listen.
	Listen        string
	MetricsListen string
	// PublicURL is the address at which people reach Listen, without a slash
	// at its end; empty when there is none.
	PublicURL string

	// Timezone and Lang ("zh" or "en") are the organisation's defaults.
	Timezone *time.Location
	Lang     string
	// Admins have an admin's rights from the start.
	Admins []Admin

	// PostsPerMinute is the pace of the whole workspace to stay under.
	PostsPerMinute int
	// BackupDir takes the daily backups; empty when they are off.
	BackupDir string

	Clock     Clock
	Log       Log
	Retention Retention
}

// Slack holds the credentials, and where the Web API is.
type Slack struct {
	BotToken      Secret
	AppToken      Secret
	SigningSecret Secret
	ClientID      string
	ClientSecret  Secret
	// APIURL is the base of the Web API with a slash at its end; empty for
	// Slack's own.
	APIURL string
}

// SocketMode says whether requests arrive over Slack's sockets; otherwise they
// arrive as signed HTTP.
func (s Slack) SocketMode() bool { return s.AppToken.IsSet() }

// Admin is somebody who is an admin from the start.
type Admin struct {
	Team string // "T1"; empty means whichever workspace knows the user
	User string // "U1"
}

func (a Admin) String() string {
	if a.Team == "" {
		return a.User
	}
	return a.Team + ":" + a.User
}

// Clock describes the pretend world clock of demos and rehearsals.
type Clock struct {
	Start time.Time // zero: begins at the real time
	Speed float64   // pretend seconds in a real one; 1 is real time, 0 stands still
}

// Pretend says whether the world clock differs from the real one.
func (c Clock) Pretend() bool { return !c.Start.IsZero() || c.Speed != 1 }

// String is the start and the speed, as far as they were set.
func (c Clock) String() string {
	speed := strconv.FormatFloat(c.Speed, 'g', -1, 64)
	if c.Start.IsZero() {
		return "speed " + speed
	}
	return c.Start.Format(time.RFC3339) + ", speed " + speed
}

// Log says how the program's own log is written.
type Log struct {
	Format string // "text" or "json"
	Level  slog.Level
}

// Retention says how long things are kept that are not the record.
type Retention struct {
	Deliveries     time.Duration // ids of deliveries that were acted on
	Messages       time.Duration // sent messages; after it only their ids
	Replies        time.Duration // words of replies, counted from the call's end
	Photos         time.Duration // pictures in reports
	PrivateDetails time.Duration // door codes, phone numbers, from the call's end
}

// day is a retention day: always 24 hours, because ages are compared with
// instants and not with calendar days.
const day = 24 * time.Hour

// Defaults is what holds where nothing was decided.
func Defaults() Settings {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		// Only a build without any zone data comes here. China has had one
		// clock without summer time since 1991, so the wall stays right.
		shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	return Settings{
		Database:       "muster.db",
		Listen:         "127.0.0.1:8080",
		Timezone:       shanghai,
		Lang:           "zh",
		PostsPerMinute: 400,
		Clock:          Clock{Speed: 1},
		Log:            Log{Format: "text", Level: slog.LevelInfo},
		Retention: Retention{
			Deliveries:     7 * day,
			Messages:       90 * day,
			Replies:        90 * day,
			Photos:         365 * day,
			PrivateDetails: 7 * day,
		},
	}
}

// String shows the settings on one line without any secret.
func (s Settings) String() string {
	var parts []string
	for _, attr := range s.attrs() {
		parts = append(parts, fmt.Sprintf("%s=%v", attr.Key, attr.Value))
	}
	return strings.Join(parts, " ")
}

// GoString keeps %#v from walking around the redaction.
func (s Settings) GoString() string { return s.String() }

// LogValue shows the settings to slog without any secret.
func (s Settings) LogValue() slog.Value { return slog.GroupValue(s.attrs()...) }

func (s Settings) attrs() []slog.Attr {
	zone := ""
	if s.Timezone != nil {
		zone = s.Timezone.String()
	}
	start := ""
	if !s.Clock.Start.IsZero() {
		start = s.Clock.Start.Format(time.RFC3339)
	}
	admins := make([]string, 0, len(s.Admins))
	for _, a := range s.Admins {
		admins = append(admins, a.String())
	}
	return []slog.Attr{
		slog.String("slack_bot_token", s.Slack.BotToken.String()),
		slog.String("slack_app_token", s.Slack.AppToken.String()),
		slog.String("slack_signing_secret", s.Slack.SigningSecret.String()),
		slog.String("slack_client_id", s.Slack.ClientID),
		slog.String("slack_client_secret", s.Slack.ClientSecret.String()),
		slog.String("slack_api_url", s.Slack.APIURL),
		slog.String("database", s.Database.String()),
		slog.String("listen", s.Listen),
		slog.String("metrics_listen", s.MetricsListen),
		slog.String("public_url", s.PublicURL),
		slog.String("timezone", zone),
		slog.String("lang", s.Lang),
		slog.String("admins", strings.Join(admins, ",")),
		slog.Int("posts_per_minute", s.PostsPerMinute),
		slog.String("backup_dir", s.BackupDir),
		slog.String("clock_start", start),
		slog.Float64("clock_speed", s.Clock.Speed),
		slog.String("log", s.Log.Format),
		slog.String("log_level", strings.ToLower(s.Log.Level.String())),
		slog.String("retention", s.Retention.String()),
	}
}
