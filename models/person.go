package models

import (
	"strings"
	"time"
)

// Person is somebody in a tenant, known by an internal id; the Slack id is one
// attribute and goes when the person asks to be forgotten.
type Person struct {
	ID          int64
	TenantID    int64   `gorm:"uniqueIndex:persons_slack"`
	SlackID     *string `gorm:"uniqueIndex:persons_slack"` // nil when forgotten or imported by e-mail only
	Name        string
	Email       string
	SlackLocale string // as users.info gave it, for example zh-CN
	SlackZone   string // IANA zone as users.info gave it
	Bot         bool
	Guest       bool    // single- or multi-channel guest, or a Connect stranger
	Gone        bool    // deactivated in Slack
	KnownAt     Instant // when Slack was last asked about them; 0 = never
	GreetedAt   Instant // first contact, once
	GreetedIn   int64   // the message it stands under, 0 = one of its own
	Member      bool    // used Muster, was imported, or is in a channel named in `for`
	DNDUntil    Instant // Slack's do-not-disturb as last asked (DNDAt); 0 = none
	DNDAt       Instant // when dnd.teamInfo was last asked about them; 0 = never

	Lang       string   // own setting; "" = none
	ZoneOwn    string   // own setting; "" = follow Slack
	Windows    []Window `gorm:"serializer:json"` // when reminders suit; empty = unit's, else any time outside quiet hours
	QuietStart *int     // minutes after local midnight; nil = unit's, else tenant's
	QuietEnd   *int
	PauseUntil Instant  // no reminders before this
	OptOuts    []string `gorm:"serializer:json"` // kinds switched off, of OptOutKinds
	// Leaderboard says that they agreed to be named with their hours.
	Leaderboard bool
	Skills      []Skill  `gorm:"serializer:json"`
	Areas       []string `gorm:"serializer:json"`
	Free        []Window `gorm:"serializer:json"` // when they are free to help
	Phone       string
	Duty        string // "member" or "leader": whose study target counts
	CreatedAt   Instant
}

// Skill is something a person can do; verified when somebody else said so.
type Skill struct {
	Name       string  `json:"name"`
	VerifiedBy int64   `json:"by,omitempty"`
	Until      Instant `json:"until,omitempty"`
}

// Slack is the Slack id, "" when forgotten.
func (p Person) Slack() string {
	if p.SlackID == nil {
		return ""
	}
	return *p.SlackID
}

// FoldEmail is an address as it is compared and kept: nobody means another
// mailbox by a capital letter.
func FoldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Location is the person's own zone, else Slack's, else the tenant's.
func (p Person) Location(t Tenant) *time.Location {
	for _, name := range []string{p.ZoneOwn, p.SlackZone, t.Zone} {
		if name != "" {
			return Zone(name)
		}
	}
	return time.UTC
}

// Reads is the language this person reads: own setting, else the Slack locale
// unless that is en-US (which nobody chose), else the organisation's.
func (p Person) Reads(t Tenant) string {
	if p.Lang != "" {
		return p.Lang
	}
	if p.SlackLocale != "" && p.SlackLocale != "en-US" {
		if len(p.SlackLocale) >= 2 && p.SlackLocale[:2] == "zh" {
			return "zh"
		}
		return "en"
	}
	if t.Lang != "" {
		return t.Lang
	}
	return "zh"
}

func (p *Person) Thing() (string, int64) { return "person", p.ID }

func (p *Person) Facts() map[string]any {
	return map[string]any{"lang": p.Lang, "zone": p.ZoneOwn, "windows": p.Windows, "quiet_start": p.QuietStart,
		"quiet_end": p.QuietEnd, "pause_until": p.PauseUntil, "opt_outs": p.OptOuts, "leaderboard": p.Leaderboard, "duty": p.Duty}
}

func (p *Person) Words() map[string]Word {
	words := map[string]Word{}
	put := func(name, text string) {
		if text != "" {
			words[name] = Word{Text: text, Person: p.ID}
		}
	}
	var skills []string
	for _, s := range p.Skills {
		skills = append(skills, s.Name)
	}
	put("skills", strings.Join(skills, ";"))
	put("areas", strings.Join(p.Areas, ";"))
	put("phone", p.Phone)
	return words
}

// Unit is a branch, team or joint unit; units form a tree.
type Unit struct {
	ID         int64
	TenantID   int64 `gorm:"index"`
	Name       string
	ParentID   int64    // 0 = top
	Type       string   // branch, team, joint …
	LeaderID   int64    // person, 0 = none
	Windows    []Window `gorm:"serializer:json"`
	QuietStart *int
	QuietEnd   *int
	JointOf    []string `gorm:"serializer:json"`
}

func (u *Unit) Thing() (string, int64) { return "unit", u.ID }

func (u *Unit) Facts() map[string]any {
	return map[string]any{"parent": u.ParentID, "type": u.Type, "leader": u.LeaderID, "windows": u.Windows,
		"quiet_start": u.QuietStart, "quiet_end": u.QuietEnd}
}

func (u *Unit) Words() map[string]Word { return map[string]Word{"name": {Text: u.Name}} }

// UnitMember puts a person into a unit. A person is in at most one unit.
type UnitMember struct {
	PersonID int64 `gorm:"primaryKey;autoIncrement:false"`
	UnitID   int64 `gorm:"index"`
}
