package models

import "time"

// Tenant is one installation: an enterprise when installed org-wide, else a
// team. Every other row belongs to one.
type Tenant struct {
	ID             int64
	ExternalID     string `gorm:"uniqueIndex"` // E… when org-wide, else T…
	Name           string
	Lang           string // zh or en
	Zone           string // IANA
	CallChannel    string // Slack channel id where calls go by default
	SummaryChannel string
	QuietStart     int   // minutes after local midnight; 22*60 unless set
	QuietEnd       int   // minutes after local midnight; 7*60 unless set
	MemberTarget   int   // study minutes a year for members
	LeaderTarget   int   // study minutes a year for leaders
	AbsenceDays    []int `gorm:"serializer:json"` // days without taking part after which a leader is told; nil = as shipped, empty = never
	StarHours      []int `gorm:"serializer:json"` // hours at which each star is reached, rising; nil = as shipped
	BotUserID      string
	BotToken       string // only with OAuth installs; empty when the token is a setting
	Paused         bool   // everything outgoing is held
	SetupCode      string // one-time code for the first admin, "" once used
	CreatedAt      Instant
}

// Location is the tenant's zone.
func (t Tenant) Location() *time.Location { return Zone(t.Zone) }

func (t *Tenant) Thing() (string, int64) { return "tenant", t.ID }

func (t *Tenant) Facts() map[string]any {
	return map[string]any{"lang": t.Lang, "zone": t.Zone, "call_channel": t.CallChannel,
		"summary_channel": t.SummaryChannel, "quiet_start": t.QuietStart, "quiet_end": t.QuietEnd,
		"member_target": t.MemberTarget, "leader_target": t.LeaderTarget, "absence_days": t.AbsenceDays, "star_hours": t.StarHours, "paused": t.Paused}
}

func (t *Tenant) Words() map[string]Word { return map[string]Word{"name": {Text: t.Name}} }

// Channel is what Muster knows of a Slack channel.
type Channel struct {
	ID        int64
	TenantID  int64  `gorm:"uniqueIndex:channels_slack"`
	SlackID   string `gorm:"uniqueIndex:channels_slack"`
	Name      string
	Lang      string // set by setup in that channel, else ""
	Zone      string // set by setup in that channel, else ""
	Private   bool
	Archived  bool
	BotIn     bool    // the bot was seen in it
	MembersAt Instant // when its members were last read from Slack; 0 = never
	Guests    bool    // an admin lets Slack guests and Connect strangers sign up for its calls
	// MembersRemind says that not only organizers may set reminders for it.
	MembersRemind bool
}

// ChannelMember says that a person was in a channel when it was last read.
type ChannelMember struct {
	ChannelID int64 `gorm:"primaryKey;autoIncrement:false"`
	PersonID  int64 `gorm:"primaryKey;autoIncrement:false"`
}

// Number kinds: the letter before a thing's short number (SURFACE 12).
const (
	NumberCall     = "k"
	NumberStudy    = "s"
	NumberReminder = "m"
	NumberDigest   = "d"
	NumberReport   = "r"
	NumberStation  = "p"
	NumberMaterial = "b"
)

// DueSetupTimes moves members' reminders after the organisation's zone or quiet
// hours changed; RefID tenant, Args cursor.
const DueSetupTimes DueKind = "setup.times"
