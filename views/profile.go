package views

import (
	"cmp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of profile.
const (
	ModalProfile      = "profile"
	ActionOpenProfile = "open_profile"
	ActionSetLang     = "set_lang"
	FieldWindows      = "windows"
	FieldPause        = "pause_until"
	FieldOptOuts      = "opt_outs"
	FieldSkills       = "skills"
	FieldAreas        = "areas"
	FieldFree         = "free"
	FieldPhone        = "phone"
	FieldLeaderboard  = "leaderboard"
)

// agreed is the one option of FieldLeaderboard.
const agreed = "yes"

// ProfileModal is a person's own settings.
// vouchers are who verified which of their skills, by id.
func (p *Printer) ProfileModal(t models.Tenant, who models.Person, vouchers map[int64]models.Person) *slack.ModalViewRequest {
	quiet := ""
	if who.QuietStart != nil && who.QuietEnd != nil {
		quiet = Wall(*who.QuietStart) + "-" + Wall(*who.QuietEnd)
	}
	pause := ""
	if who.PauseUntil > models.At(p.Now) {
		pause = who.PauseUntil.In(p.Zone).Format(time.DateOnly)
	}
	var skills []string
	for _, s := range who.Skills {
		skills = append(skills, s.Name)
	}
	var agrees []string
	if who.Leaderboard {
		agrees = []string{agreed}
	}
	var offs []Option
	for _, k := range models.OptOutKinds() {
		offs = append(offs, Option{k, p.T("profile.off_" + k)})
	}
	blocks := []slack.Block{
		Select(FieldLang, p.T("profile.lang"), LangOptions(p.T("profile.as_slack")), cmp.Or(who.Lang, AutoValue), true),
		Select(FieldZone, p.T("profile.zone", "Zone", who.Location(t).String()), ZoneOptions(who.ZoneOwn, p.T("profile.as_slack")), cmp.Or(who.ZoneOwn, AutoValue), true),
		Input(FieldWindows, p.T("profile.windows"), p.T("profile.windows_hint"), p.Spans(who.Windows), false, true),
		Input(FieldQuiet, p.T("profile.quiet"), p.T("profile.quiet_hint", "Default", Wall(t.QuietStart)+"-"+Wall(t.QuietEnd)), quiet, false, true),
		DateInput(FieldPause, p.T("profile.pause"), pause),
		Checks(FieldOptOuts, p.T("profile.opt_outs"), offs, who.OptOuts),
		Checks(FieldLeaderboard, p.T("profile.leaderboard"), []Option{{agreed, p.T("profile.leaderboard_yes")}}, agrees),
		Input(FieldSkills, p.T("profile.skills"), p.T("profile.skills_hint"), strings.Join(skills, p.T("form.comma")), false, true),
		Input(FieldAreas, p.T("profile.areas"), "", strings.Join(who.Areas, p.T("form.comma")), false, true),
		Input(FieldFree, p.T("profile.free"), p.T("profile.free_hint"), p.Spans(who.Free), false, true),
		Input(FieldPhone, p.T("profile.phone"), p.T("profile.phone_hint"), who.Phone, false, true)}
	if own := p.OwnVerified(who, vouchers); own != "" {
		blocks = append(blocks, Context(own))
	}
	return Modal(ModalProfile, p.T("profile.title"), p.T("profile.save"), p.T("form.close"), "", blocks...)
}

// ProfileSaved says what holds now.
func (p *Printer) ProfileSaved(t models.Tenant, unit models.Unit, who models.Person) string {
	rest := models.RestOf(who, unit, t)
	s := p.T("profile.saved", "Windows", p.windowsOf(who, unit), "Quiet", Wall(rest.Start)+"–"+Wall(rest.End))
	if who.PauseUntil > models.At(p.Now) {
		s += p.T("profile.saved_pause", "Day", p.Day(who.PauseUntil.Time()))
	}
	return s
}

// ProfileNow is what stands in somebody's profile, as an answer to them.
func (p *Printer) ProfileNow(t models.Tenant, unit models.Unit, who models.Person, vouchers map[int64]models.Person) string {
	comma := p.T("form.comma")
	lines := []string{p.ProfileSaved(t, unit, who)}
	line := func(key, text string) {
		if text != "" {
			lines = append(lines, p.T(key, "V", text))
		}
	}
	if len(who.Skills) > 0 {
		line("profile.line_skills", p.skills(who.Skills, vouchers))
	}
	line("profile.line_areas", Escape(strings.Join(who.Areas, comma)))
	line("profile.line_free", p.SpanWords(who.Free))
	line("profile.line_phone", Escape(who.Phone))
	var offs []string
	for _, kind := range who.OptOuts {
		offs = append(offs, p.T("profile.off_"+kind))
	}
	line("profile.line_off", strings.Join(offs, comma))
	if who.Leaderboard {
		lines = append(lines, p.T("profile.line_leaderboard"))
	}
	return strings.Join(lines, "\n")
}

// windowsOf says when reminders suit a person, their unit's times among them.
func (p *Printer) windowsOf(who models.Person, unit models.Unit) string {
	if windows := models.WindowsOf(who, unit); len(windows) > 0 {
		return p.SpanWords(windows)
	}
	return p.T("profile.any_time")
}

// OpenButton offers a modal by a button where there is no live trigger.
func (p *Printer) OpenButton(text, actionID string) Message {
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(Button(actionID, "0", p.T("error.open_again"), text))}}
}
