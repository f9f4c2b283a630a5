package handlers

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerSetup(r *bot.Router) {
	r.Verb("setup", h.setup)
	r.On(bot.KindAction, views.ActionOpenSetup, h.openSetup)
	r.On(bot.KindSubmission, views.ModalSetup, h.saveSetup)
	r.Verb("role", h.role)
	r.Verb("pause", func(ctx context.Context, r bot.Request) (bot.Reply, error) { return h.pause(ctx, r, true) })
	r.Verb("resume", func(ctx context.Context, r bot.Request) (bot.Reply, error) { return h.pause(ctx, r, false) })
	r.On(bot.KindAction, views.ActionResume, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		return h.pause(ctx, r, false)
	})
}

// setup alone opens the modal; with a word it is the first admin's code.
func (h *Handlers) setup(ctx context.Context, r bot.Request) (bot.Reply, error) {
	code := strings.TrimSpace(grammar.ParseCommand(r.Text).Rest)
	if code == "" {
		return h.openSetup(ctx, r)
	}
	if err := h.svc.ClaimAdmin(ctx, h.act(r), code); err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return say(p.T("setup.claimed")), nil
}

func (h *Handlers) openSetup(ctx context.Context, r bot.Request) (bot.Reply, error) {
	act := h.act(r)
	if !strings.HasPrefix(act.Channel, "C") && !strings.HasPrefix(act.Channel, "G") { // a conversation is no channel
		act.Channel = ""
	}
	me, channel, organizers, err := h.svc.SetupNow(ctx, act)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.OpenButton(p.T("setup.open"), views.ActionOpenSetup)), nil
	}
	return bot.Reply{Modal: p.SetupModal(me.Tenant, channel, act.Channel, organizers)}, nil
}

func (h *Handlers) saveSetup(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	faults := map[string]string{}
	in := services.Setup{Lang: one(r, views.FieldLang), Zone: one(r, views.FieldZone),
		CallChannel: one(r, views.FieldCalls), SummaryChannel: one(r, views.FieldSummaries),
		Organizers: r.Fields[views.FieldOrganizers], Channel: r.View.Private,
		ChannelLang: chosen(r, views.FieldChannelLang), ChannelZone: chosen(r, views.FieldChannelZone), ChannelGuests: one(r, views.FieldGuests) != "",
		ChannelRemind: one(r, views.FieldMembers) != ""}
	quiet, err := grammar.ParseWindows(one(r, views.FieldQuiet))
	if err != nil || len(quiet) != 1 || len(quiet[0].Days) > 0 {
		faults[views.FieldQuiet] = p.T("setup.bad_quiet")
	} else {
		in.QuietStart, in.QuietEnd = quiet[0].Start, quiet[0].End
	}
	in.MemberTarget = hours(p, r, views.FieldTarget, faults)
	in.LeaderTarget = hours(p, r, views.FieldLeader, faults)
	in.AbsenceDays = absenceDays(p, r, faults)
	in.StarHours = starHours(p, r, faults)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	if err := h.svc.SaveSetup(ctx, h.act(r), in); err != nil {
		return bot.Reply{}, err
	}
	if p, _, err = h.printer(ctx, r); err != nil { // the organisation's language may have changed
		return bot.Reply{}, err
	}
	return bot.Reply{Private: true, Text: p.SetupSaved(views.SetupDone{Lang: in.Lang, Zone: in.Zone, QuietStart: in.QuietStart, QuietEnd: in.QuietEnd,
		Channel: in.Channel, ChannelLang: in.ChannelLang, ChannelZone: in.ChannelZone, ChannelGuests: in.ChannelGuests,
		ChannelRemind: in.ChannelRemind})}, nil
}

// absenceDays reads "90, 150"; empty, 0 or no means never. A form without the
// field leaves it as it is.
func absenceDays(p *views.Printer, r bot.Request, faults map[string]string) []int {
	if _, asked := r.Fields[views.FieldAbsence]; !asked {
		return nil
	}
	days, ok := grammar.ParseDays(one(r, views.FieldAbsence))
	if !ok || !models.AbsenceDaysFit(days) {
		faults[views.FieldAbsence] = p.T("setup.bad_absence")
	}
	return days
}

// starHours reads "100, 300, 600"; empty is the ladder as shipped. A form
// without the field leaves it as it is.
func starHours(p *views.Printer, r bot.Request, faults map[string]string) []int {
	if _, asked := r.Fields[views.FieldStars]; !asked {
		return nil
	}
	steps, ok := grammar.ParseDays(one(r, views.FieldStars))
	if !ok || !models.GoodLadder(steps) {
		faults[views.FieldStars] = p.T("setup.bad_stars")
	}
	return steps
}

// hours reads a field as hours and gives minutes; a bad one becomes a fault.
func hours(p *views.Printer, r bot.Request, field string, faults map[string]string) int {
	f, err := strconv.ParseFloat(strings.TrimSpace(grammar.Fold(one(r, field))), 64)
	if err != nil || !(f >= 0 && f <= 8784) { // 8784 hours are in a leap year; what is no number is in no range
		faults[field] = p.T("form.bad_number")
		return 0
	}
	return int(math.Round(f * 60))
}

// one is the single value of a modal's field, "" when left empty.
func one(r bot.Request, field string) string {
	if v := r.Fields[field]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// chosen is the single value of a select; to follow what stands above is "".
func chosen(r bot.Request, field string) string {
	if v := one(r, field); v != views.AutoValue {
		return v
	}
	return ""
}

func (h *Handlers) role(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if _, _, _, err := h.svc.SetupNow(ctx, h.act(r)); err != nil { // who may not hears who may, however it was typed
		return bot.Reply{}, err
	}
	asked, err := grammar.ParseRole(grammar.ParseCommand(r.Text).Rest)
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	_, unit, err := h.svc.GiveRole(ctx, h.act(r), asked.User, asked.Role, asked.Unit)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	who := "<@" + asked.User + ">"
	switch {
	case asked.Role == models.RoleMember:
		return say(p.T("role.taken", "Who", who)), nil
	case unit.ID != 0:
		return say(p.T("role.given_unit", "Who", who, "Unit", views.Escape(unit.Name), "Role", p.T("role."+asked.Role))), nil
	}
	return say(p.T("role.given", "Who", who, "Role", p.T("role."+asked.Role))), nil
}

func (h *Handlers) pause(ctx context.Context, r bot.Request, hold bool) (bot.Reply, error) {
	out, err := h.svc.Pause(ctx, h.act(r), hold)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Paused(hold, out.Changed, out.Waiting, out.Until.Time())), nil
}

// reasonError turns the grammar's reason into the one-line refusal a person
// reads: the part at fault and a right example.
func reasonError(err error) error {
	var reason *grammar.Reason
	if !errors.As(err, &reason) {
		return err
	}
	args := map[string]any{}
	for k, v := range reason.Args {
		args[k] = v
	}
	if _, ok := args["Part"]; !ok {
		args["Part"] = reason.Part
	}
	if _, ok := args["Example"]; !ok {
		args["Example"] = reason.Example
	}
	return &models.Error{Code: models.CodeInvalid, Key: reason.Key, Args: args, Cause: nil}
}
