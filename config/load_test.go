package config

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// world is a machine with variables and files, as Load would find it.
type world struct {
	flags   map[string]string
	env     []string
	files   map[string]string
	purpose Purpose
}

func (w world) load() (Settings, error) {
	return Load(Sources{Flags: w.flags, Environ: w.env, Purpose: w.purpose, ReadFile: func(path string) ([]byte, error) {
		text, ok := w.files[path]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		return []byte(text), nil
	}})
}

func mustLoad(t *testing.T, w world) Settings {
	t.Helper()
	settings, err := w.load()
	if err != nil {
		t.Fatalf("the settings were refused:\n%v", err)
	}
	return settings
}

// refused are the lines that start-up ends with.
func refused(t *testing.T, w world) []string {
	t.Helper()
	_, err := w.load()
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("the settings were accepted (error %v)", err)
	}
	return strings.Split(err.Error(), "\n")
}

func same(t *testing.T, got, want Settings) {
	t.Helper()
	zones := cmp.Transformer("zone", func(z *time.Location) string { return z.String() })
	secrets := cmp.Transformer("reveal", func(s Secret) string { return s.Reveal() })
	if diff := cmp.Diff(want, got, zones, secrets, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestNothingDecidedGivesTheDefaults(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, world{})
	same(t, got, Defaults())
	if got.Timezone.String() != "Asia/Shanghai" || got.Lang != "zh" || got.Listen != "127.0.0.1:8080" ||
		got.Database.Reveal() != "muster.db" || got.PostsPerMinute != 400 || got.Clock.Pretend() {
		t.Errorf("defaults differ from the documentation: %v", got)
	}
}

func TestFlagsStandOverEnvironmentOverFileOverDefaults(t *testing.T) {
	t.Parallel()
	file := map[string]string{"muster.yaml": "lang: en\nlisten: 127.0.0.1:1\nlog: json\n"}
	got := mustLoad(t, world{
		files: file,
		env:   []string{"MUSTER_LISTEN=127.0.0.1:2", "MUSTER_LOG_LEVEL=debug"},
		flags: map[string]string{"log-level": "error"},
	})
	want := Defaults()
	want.Lang, want.Listen = "en", "127.0.0.1:2"
	want.Log = Log{Format: "json", Level: slog.LevelError}
	same(t, got, want)
}

func TestEverySettingIsReadFromItsVariable(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, world{env: []string{
		"PATH=/bin", "SLACK_WEBHOOK=somebody else's",
		"SLACK_BOT_TOKEN=xoxb-1", "SLACK_APP_TOKEN=xapp-1", "SLACK_SIGNING_SECRET=s1",
		"SLACK_CLIENT_ID=12.34", "SLACK_CLIENT_SECRET=c1", "SLACK_API_URL=http://127.0.0.1:4000/api",
		"MUSTER_DATABASE=postgres://muster@db.local/muster", "MUSTER_LISTEN=:80", "MUSTER_METRICS_LISTEN=[::1]:9090",
		"MUSTER_PUBLIC_URL=https://muster.example.org/", "MUSTER_TIMEZONE=Europe/Berlin", "MUSTER_LANG=EN",
		"MUSTER_ADMINS=U1, T1:U2，W3 U1", "MUSTER_POSTS_PER_MINUTE=60", "MUSTER_BACKUP_DIR=/var/backups",
		"MUSTER_CLOCK_START=2026-11-23T09:00:00+08:00", "MUSTER_CLOCK_SPEED=60",
		"MUSTER_LOG=json", "MUSTER_LOG_LEVEL=warn",
	}})
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	want := Defaults()
	want.Slack = Slack{BotToken: NewSecret("xoxb-1"), AppToken: NewSecret("xapp-1"), SigningSecret: NewSecret("s1"),
		ClientID: "12.34", ClientSecret: NewSecret("c1"), APIURL: "http://127.0.0.1:4000/api/"}
	want.Database, want.Listen, want.MetricsListen = "postgres://muster@db.local/muster", ":80", "[::1]:9090"
	want.PublicURL, want.Timezone, want.Lang = "https://muster.example.org", berlin, "en"
	want.Admins = []Admin{{User: "U1"}, {Team: "T1", User: "U2"}, {User: "W3"}}
	want.PostsPerMinute, want.BackupDir = 60, "/var/backups"
	want.Clock = Clock{Start: time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("", 8*3600)), Speed: 60}
	want.Log = Log{Format: "json", Level: slog.LevelWarn}
	same(t, got, want)
}

func TestEverySettingIsReadFromTheFile(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, world{
		flags: map[string]string{"config": "/etc/muster/site.yaml"},
		files: map[string]string{"/etc/muster/site.yaml": `
# our site
zone: &zone Europe/Berlin
`},
		env: []string{"MUSTER_CONFIG=/etc/ignored.yaml"},
	}.withFile("/etc/muster/site.yaml", `
# our site
slack_bot_token_file: /run/secrets/bot
timezone: Europe/Berlin
admins:
  - U1
  - T1:U2
posts_per_minute: 30
clock_speed: 2.5
slack_api_url: http://localhost:1/
public_url:
retention:
  deliveries: 3
  messages: 30d
  replies: 2 weeks
  photos: 2y
`).withFile("/run/secrets/bot", "\ufeffxoxb-from-file\r\n"))
	want := Defaults()
	want.Slack.BotToken, want.Slack.APIURL = NewSecret("xoxb-from-file"), "http://localhost:1/"
	want.Timezone = got.Timezone
	want.Admins = []Admin{{User: "U1"}, {Team: "T1", User: "U2"}}
	want.PostsPerMinute, want.Clock.Speed = 30, 2.5
	want.Retention = Retention{Deliveries: 3 * day, Messages: 30 * day, Replies: 14 * day, Photos: 730 * day, PrivateDetails: 7 * day}
	same(t, got, want)
	if got.Timezone.String() != "Europe/Berlin" {
		t.Errorf("zone is %v", got.Timezone)
	}
}

func (w world) withFile(path, text string) world {
	files := map[string]string{path: text}
	for p, old := range w.files {
		if p != path {
			files[p] = old
		}
	}
	w.files = files
	return w
}

func TestAllFaultsAreToldAtOnceOneLineEach(t *testing.T) {
	t.Parallel()
	got := refused(t, world{
		flags: map[string]string{"log": "xml"},
		env:   []string{"MUSTER_LANG=fr", "MUSTER_TIMEZON=Asia/Tokyo", "MUSTER_POSTS_PER_MINUTE=-1", "MUSTER_LISTEN=8080"},
		files: map[string]string{"muster.yaml": "timezone: Mars/Olympus\nlistn: :80\nretention:\n  photos: forever\n  foto: 3d\n"},
	})
	want := []string{
		`MUSTER_TIMEZON (environment): "Asia/Tokyo": unknown variable; did you mean MUSTER_TIMEZONE?`,
		`listn (muster.yaml line 2): ":80": unknown key; did you mean listen?`,
		`MUSTER_LISTEN (environment): "8080": accepted: host:port with a port from 0 to 65535, such as 127.0.0.1:8080 or :8080`,
		`timezone (muster.yaml line 1): "Mars/Olympus": accepted: an IANA zone such as Asia/Shanghai or Europe/Berlin`,
		`MUSTER_LANG (environment): "fr": accepted: zh or en`,
		`MUSTER_POSTS_PER_MINUTE (environment): "-1": accepted: a whole number from 1 to 6000`,
		`--log (command line): "xml": accepted: text or json`,
		`retention.photos (muster.yaml line 4): "forever": accepted: a number of days, weeks or years such as 90d, 12w or 1y, from 1d to 3650d`,
		`retention.foto (muster.yaml line 5): "3d": unknown key; did you mean photos?`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestAnEmptyVariableIsAnUnsetOne(t *testing.T) {
	t.Parallel()
	same(t, mustLoad(t, world{env: []string{"MUSTER_LANG=", "SLACK_APP_TOKEN=", "SLACK_BOT_TOKEN_FILE=", "MUSTER_CONFIG="}}), Defaults())
}

func TestAnEmptyFlagIsAFault(t *testing.T) {
	t.Parallel()
	got := refused(t, world{flags: map[string]string{"lang": ""}})
	if diff := cmp.Diff([]string{"--lang (command line): empty: accepted: zh or en"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestASettingsFileThatWasNamedMustBeThere(t *testing.T) {
	t.Parallel()
	want := []string{`MUSTER_CONFIG (environment): "/no/such.yaml": cannot be read (file does not exist); accepted: a readable YAML file`}
	if diff := cmp.Diff(want, refused(t, world{env: []string{"MUSTER_CONFIG=/no/such.yaml"}})); diff != "" {
		t.Error(diff)
	}
}

func TestVariablesThatAreNotSettingsAreLeftAlone(t *testing.T) {
	t.Parallel()
	mustLoad(t, world{env: []string{"MUSTER_TEST_POSTGRES=postgres://u@h/d", "MUSTER_TEST_BROWSER=required",
		"MUSTER_SERVICE_HOST=10.0.0.1", "MUSTER_SERVICE_PORT=80", "MUSTER_SERVICE_PORT_HTTP=80", "MUSTER_PORT=tcp://10.0.0.1:80",
		"MUSTER_PORT_80_TCP=tcp://10.0.0.1:80", "MUSTER_PORT_80_TCP_ADDR=10.0.0.1", "MUSTERING=1", "=C:=odd"}})
	got := refused(t, world{env: []string{"MUSTER_PORT=8080"}})
	if !strings.HasPrefix(got[0], `MUSTER_PORT (environment): "8080": unknown variable; `) {
		t.Errorf("a port that somebody meant as a setting: %q", got)
	}
}

func TestAnUnknownKeyFarFromAllOthersListsThemAll(t *testing.T) {
	t.Parallel()
	got := refused(t, world{files: map[string]string{"muster.yaml": "colour_of_the_house: red\n"}})
	if len(got) != 1 || !strings.Contains(got[0], "accepted: admins, backup_dir, ") || !strings.Contains(got[0], "timezone") {
		t.Errorf("faults: %q", got)
	}
}

func TestEveryFlagIsASettingAndNoSecretIsAFlag(t *testing.T) {
	t.Parallel()
	text := "x"
	all := Flags{&text, &text, &text, &text, &text, &text, &text, &text, &text, &text, &text, &text, &text, &text, &text, &text}
	given := all.Given()
	delete(given, "config")
	for _, opt := range options() {
		_, isFlag := given[opt.flagName()]
		if isFlag == opt.secret {
			t.Errorf("%s: secret is %v and flag is %v", opt.key, opt.secret, isFlag)
		}
		delete(given, opt.flagName())
	}
	if len(given) > 0 {
		t.Errorf("flags without a setting: %v", given)
	}
	if got := (Flags{}).Given(); len(got) != 0 {
		t.Errorf("flags that nobody gave: %v", got)
	}
	// A secret smuggled in as a flag is not read.
	settings := mustLoad(t, world{flags: map[string]string{"slack-bot-token": "xoxb-1"}})
	if settings.Slack.BotToken.IsSet() {
		t.Error("a secret was taken from the command line")
	}
}

func TestSettingsMarshalledAnyWayKeepTheirSecrets(t *testing.T) {
	t.Parallel()
	settings := mustLoad(t, secretWorld())
	encoded, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	noSecretIn(t, "json", string(encoded))
}
