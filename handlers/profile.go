package handlers

import (
	"context"
	"errors"
	"strings"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerProfile(r *bot.Router) {
	r.Verb("profile", h.profile)
	r.On(bot.KindAction, views.ActionOpenProfile, h.openProfile)
	r.On(bot.KindAction, views.ActionSetLang, h.setLang)
	r.On(bot.KindSubmission, views.ModalProfile, h.saveProfile)
	r.On(bot.KindAction, views.ActionSkillVerify, h.openSkill)
	r.On(bot.KindAction, views.ActionSkillWithdraw, h.withdrawSkill)
	r.On(bot.KindSubmission, views.ModalSkill, h.saveSkill)
}

// profile alone opens one's own; with somebody's name it shows their card to
// who organizes; with keys it changes what they name.
func (h *Handlers) profile(ctx context.Context, r bot.Request) (bot.Reply, error) {
	rest := strings.TrimSpace(grammar.ParseCommand(r.Text).Rest)
	who := grammar.ParsePerson(rest)
	switch {
	case rest == "", who == r.User && who != "":
		return h.openProfile(ctx, r)
	case who != "":
		return h.personCard(ctx, r, who)
	}
	return h.editProfile(ctx, r, rest)
}

func (h *Handlers) openProfile(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.Meet(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	vouchers, err := h.svc.Vouchers(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		reply := h.reply(p.OpenButton(p.T("profile.open"), views.ActionOpenProfile))
		reply.Private = true
		return reply, nil
	}
	excused, err := h.svc.Excused(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.WithExcused(p.ProfileModal(me.Tenant, me.Person, vouchers), excused)}, nil
}

func (h *Handlers) saveProfile(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	in, faults := readProfile(p, me, r)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	_, err = h.svc.SaveProfile(ctx, h.act(r), in)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.svc.HomeOf(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p = h.printerFor(o.Tenant, o.Person, o.Now) // the language may have changed
	return bot.Reply{Private: true, Text: p.ProfileSaved(o.Tenant, o.Unit, o.Person), Home: p.Home(o)}, nil
}

// readProfile reads the modal's fields; faults are by block_id.
func readProfile(p *views.Printer, me services.Actor, r bot.Request) (services.Profile, map[string]string) {
	faults := map[string]string{}
	in := services.Profile{Lang: chosen(r, views.FieldLang), Zone: chosen(r, views.FieldZone), OptOuts: r.Fields[views.FieldOptOuts],
		Skills: words(one(r, views.FieldSkills)), Areas: words(one(r, views.FieldAreas)), Phone: strings.TrimSpace(one(r, views.FieldPhone)),
		Leaderboard: len(r.Fields[views.FieldLeaderboard]) > 0}
	in.Windows = windows(p, r, views.FieldWindows, faults)
	in.Free = windows(p, r, views.FieldFree, faults)
	in.QuietStart, in.QuietEnd = quietOf(p, r, faults)
	for field, list := range map[string][]string{views.FieldSkills: in.Skills, views.FieldAreas: in.Areas, views.FieldPhone: {in.Phone}} {
		if err := services.CheckWords(list); err != nil {
			faults[field] = p.Error(err, "")
		}
	}
	if day := one(r, views.FieldPause); day != "" {
		zone := me.Person.Location(me.Tenant)
		if in.Zone != "" {
			zone = models.Zone(in.Zone)
		}
		t, err := time.ParseInLocation(time.DateOnly, day, zone)
		if err != nil || !t.After(p.Now) {
			faults[views.FieldPause] = p.T("profile.past_day")
		}
		in.PauseUntil = models.At(t)
	}
	return in, faults
}

// quietOf reads quiet hours: one span without days, or nothing.
func quietOf(p *views.Printer, r bot.Request, faults map[string]string) (start, end *int) {
	quiet := windows(p, r, views.FieldQuiet, faults)
	if len(quiet) == 1 && len(quiet[0].Days) == 0 {
		return &quiet[0].Start, &quiet[0].End
	}
	if len(quiet) > 0 {
		faults[views.FieldQuiet] = p.T("setup.bad_quiet")
	}
	return nil, nil
}

func windows(p *views.Printer, r bot.Request, field string, faults map[string]string) []models.Window {
	out, err := grammar.ParseWindows(one(r, field))
	var reason *grammar.Reason
	if errors.As(err, &reason) {
		faults[field] = p.T("profile.bad_window", "Part", reason.Part)
	}
	return out
}

// words splits a list typed by a person.
func words(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、;；\n", r) }) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// setLang switches the language of who presses, and of what they look at.
func (h *Handlers) setLang(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if _, err := h.svc.SetLang(ctx, h.act(r), strings.TrimPrefix(r.ActionID, views.ActionSetLang+":")); err != nil {
		return bot.Reply{}, err
	}
	o, err := h.svc.HomeOf(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p := h.printerFor(o.Tenant, o.Person, o.Now)
	reply := bot.Reply{Home: p.Home(o)}
	if r.Channel != "" { // on the Home tab the words have changed before one's eyes
		reply.Text = p.T("profile.lang_set")
	}
	return reply, nil
}
