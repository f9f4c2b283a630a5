package config

// Flags are the settings that may be given on the command line: all but the
// secrets, which every user of the machine could read there. The command line
// parser fills it; nil means "not given".
type Flags struct {
	Config         *string `help:"Settings file (or MUSTER_CONFIG); muster.yaml is read when it is there." placeholder:"FILE"`
	Database       *string `help:"SQLite file, file:…, or postgres://…" placeholder:"ADDRESS"`
	Listen         *string `help:"HTTP address." placeholder:"HOST:PORT"`
	MetricsListen  *string `help:"Another HTTP address for /metrics." placeholder:"HOST:PORT"`
	PublicURL      *string `name:"public-url" help:"The https address at which people reach this server." placeholder:"URL"`
	Timezone       *string `help:"The organisation's IANA zone." placeholder:"ZONE"`
	Lang           *string `help:"The organisation's language: zh or en." placeholder:"LANG"`
	Admins         *string `help:"Slack user ids that are admins from the start." placeholder:"U1,T1:U2"`
	PostsPerMinute *string `help:"The workspace-wide pace to stay under." placeholder:"N"`
	BackupDir      *string `help:"Folder for daily backups." placeholder:"DIR"`
	ClockStart     *string `help:"Where a pretend world clock begins (RFC 3339)." placeholder:"TIME"`
	ClockSpeed     *string `help:"Pretend seconds in a real one." placeholder:"N"`
	Log            *string `help:"How the log is written: text or json." placeholder:"FORMAT"`
	LogLevel       *string `help:"debug, info, warn or error." placeholder:"LEVEL"`
	SlackAPIURL    *string `name:"slack-api-url" help:"Base of the Web API, when it is not Slack's own." placeholder:"URL"`
	SlackClientID  *string `name:"slack-client-id" help:"Client id, for Add to Slack." placeholder:"ID"`
}

// Given are the flags that were given, by their long names.
func (f Flags) Given() map[string]string {
	given := map[string]string{}
	for name, value := range map[string]*string{
		"config":           f.Config,
		"database":         f.Database,
		"listen":           f.Listen,
		"metrics-listen":   f.MetricsListen,
		"public-url":       f.PublicURL,
		"timezone":         f.Timezone,
		"lang":             f.Lang,
		"admins":           f.Admins,
		"posts-per-minute": f.PostsPerMinute,
		"backup-dir":       f.BackupDir,
		"clock-start":      f.ClockStart,
		"clock-speed":      f.ClockSpeed,
		"log":              f.Log,
		"log-level":        f.LogLevel,
		"slack-api-url":    f.SlackAPIURL,
		"slack-client-id":  f.SlackClientID,
	} {
		if value != nil {
			given[name] = *value
		}
	}
	return given
}
