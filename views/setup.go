package views

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of setup.
const (
	ModalSetup       = "setup"
	ActionOpenSetup  = "open_setup"
	FieldLang        = "lang"
	FieldZone        = "zone"
	FieldCalls       = "call_channel"
	FieldSummaries   = "summary_channel"
	FieldQuiet       = "quiet"
	FieldTarget      = "member_target"
	FieldLeader      = "leader_target"
	FieldAbsence     = "absence_days"
	FieldStars       = "star_hours"
	FieldOrganizers  = "organizers"
	FieldChannelLang = "channel_lang"
	FieldChannelZone = "channel_zone"
	FieldGuests      = "channel_guests"
	FieldMembers     = "channel_remind"
)

// zones offered in a select: the organisation's own first, then where members
// of Chinese organisations live. Any other IANA name can be set in muster.yaml.
var zones = []string{"Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo",
	"Asia/Seoul", "Asia/Bangkok", "Asia/Kolkata", "Asia/Dubai", "Europe/London", "Europe/Berlin", "Europe/Paris",
	"Europe/Riga", "Europe/Moscow", "Africa/Nairobi", "America/New_York", "America/Chicago", "America/Denver",
	"America/Los_Angeles", "America/Toronto", "America/Sao_Paulo", "Australia/Sydney", "Pacific/Auckland", "UTC"}

// ZoneOptions are the zones to choose from, with current among them. auto is
// the label of following somebody else's, "" where that is no choice.
func ZoneOptions(current, auto string) []Option {
	names := slices.Clone(zones)
	if current != "" && !slices.Contains(names, current) {
		names = append(names, current)
		slices.Sort(names)
	}
	out := autoOption(auto)
	for _, z := range names {
		out = append(out, Option{z, z})
	}
	return out
}

// LangOptions are the two languages, each under its own name; auto is as for
// ZoneOptions.
func LangOptions(auto string) []Option {
	return append(autoOption(auto), Option{"zh", "中文"}, Option{"en", "English"})
}

func autoOption(label string) []Option {
	if label == "" {
		return nil
	}
	return []Option{{AutoValue, label}}
}

// SetupModal is the organisation's settings, and a channel's when it was
// opened in one (channel.SlackID not "").
func (p *Printer) SetupModal(t models.Tenant, channel models.Channel, slackID string, organizers []string) *slack.ModalViewRequest {
	blocks := []slack.Block{
		Select(FieldLang, p.T("setup.lang"), LangOptions(""), t.Lang, false),
		Select(FieldZone, p.T("setup.zone"), ZoneOptions(t.Zone, ""), t.Zone, false),
		ChannelSelect(FieldCalls, p.T("setup.call_channel"), t.CallChannel),
		ChannelSelect(FieldSummaries, p.T("setup.summary_channel"), t.SummaryChannel),
		Input(FieldQuiet, p.T("setup.quiet"), p.T("setup.quiet_hint"), Wall(t.QuietStart)+"-"+Wall(t.QuietEnd), false, false),
		Input(FieldTarget, p.T("setup.member_target"), "", Number(float64(t.MemberTarget)/60), false, false),
		Input(FieldLeader, p.T("setup.leader_target"), "", Number(float64(t.LeaderTarget)/60), false, false),
		Input(FieldAbsence, p.T("setup.absence"), p.T("setup.absence_hint"), dayList(t.AbsenceStages()), false, true),
		Input(FieldStars, p.T("setup.stars"), p.T("setup.stars_hint"), dayList(t.Ladder()), false, true),
		PeopleSelect(FieldOrganizers, p.T("setup.organizers"), p.T("setup.organizers_hint"), organizers),
	}
	if slackID != "" {
		blocks = append(blocks, slack.NewDividerBlock(), Section(p.T("setup.this_channel", "Channel", "<#"+slackID+">")),
			Select(FieldChannelLang, p.T("setup.channel_lang"), LangOptions(p.T("setup.as_organisation")), cmp.Or(channel.Lang, AutoValue), true),
			Select(FieldChannelZone, p.T("setup.channel_zone"), ZoneOptions(channel.Zone, p.T("setup.as_organisation")), cmp.Or(channel.Zone, AutoValue), true),
			Checks(FieldGuests, p.T("setup.guests"), []Option{{"yes", p.T("setup.guests_yes")}}, ticked(channel.Guests)),
			Checks(FieldMembers, p.T("setup.remind"), []Option{{"yes", p.T("setup.remind_yes")}}, ticked(channel.MembersRemind)))
	}
	return Modal(ModalSetup, p.T("setup.title"), p.T("setup.save"), p.T("form.close"), slackID, blocks...)
}

// dayList is `90, 150`.
func dayList(days []int) string {
	var out []string
	for _, d := range days {
		out = append(out, strconv.Itoa(d))
	}
	return strings.Join(out, ", ")
}

// SetupDone is what a saved setup says.
type SetupDone struct {
	Lang, Zone               string
	QuietStart, QuietEnd     int
	Channel                  string // Slack id when a channel was set up too
	ChannelLang, ChannelZone string // "" = as the organisation
	ChannelGuests            bool
	ChannelRemind            bool
}

// SetupSaved says what holds now.
func (p *Printer) SetupSaved(s SetupDone) string {
	text := p.T("setup.saved", "Lang", langName(s.Lang), "Zone", s.Zone, "Quiet", Wall(s.QuietStart)+"–"+Wall(s.QuietEnd))
	if s.Channel != "" && (s.ChannelLang != "" || s.ChannelZone != "") {
		text += p.T("setup.saved_channel", "Channel", "<#"+s.Channel+">", "Lang", langName(cmp.Or(s.ChannelLang, s.Lang)), "Zone", cmp.Or(s.ChannelZone, s.Zone))
	}
	if s.Channel != "" && s.ChannelGuests {
		text += p.T("setup.saved_guests", "Channel", "<#"+s.Channel+">")
	}
	if s.Channel != "" && s.ChannelRemind {
		text += p.T("setup.saved_remind", "Channel", "<#"+s.Channel+">")
	}
	return text
}

func ticked(yes bool) []string {
	if yes {
		return []string{"yes"}
	}
	return nil
}

// langName is a language under its own name.
func langName(lang string) string {
	if lang == "en" {
		return "English"
	}
	return "中文"
}
