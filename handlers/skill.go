package handlers

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

// editProfile changes what one line names, and answers by direct message with
// what stands there now.
func (h *Handlers) editProfile(ctx context.Context, r bot.Request, text string) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o := grammar.Options{Now: p.Now, Zone: me.Person.Location(me.Tenant), Lang: p.Lang}
	in, err := grammar.ParseProfile(text, o)
	if err == nil && in.Zone != "" { // a day beside a new zone is a day there
		o.Zone = models.Zone(in.Zone)
		in, err = grammar.ParseProfile(text, o)
	}
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	set := services.Profile{Lang: in.Lang, Zone: in.Zone, Windows: in.Windows, OptOuts: in.Off, Skills: in.Skills, Areas: in.Areas,
		Free: in.Free, Phone: in.Phone, Leaderboard: in.Leaderboard}
	if in.Quiet != nil {
		set.QuietStart, set.QuietEnd = &in.Quiet.Start, &in.Quiet.End
	}
	if !in.Pause.IsZero() {
		if set.PauseUntil = models.At(in.Pause); set.PauseUntil <= models.At(p.Now) {
			return bot.Reply{}, models.Refuse(models.CodeInvalid, "profile.past_day")
		}
	}
	if _, err := h.svc.ChangeProfile(ctx, h.act(r), set, in.Set); err != nil {
		return bot.Reply{}, err
	}
	home, err := h.svc.HomeOf(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	vouchers, err := h.svc.Vouchers(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	p = h.printerFor(home.Tenant, home.Person, home.Now) // the language may have changed
	now := p.ProfileNow(home.Tenant, home.Unit, home.Person, vouchers)
	if excused := p.Excused(home.Year); excused != "" {
		now += "\n" + excused
	}
	return bot.Reply{Private: true, Text: now, Home: p.Home(home)}, nil
}

// personCard shows a member to who organizes.
func (h *Handlers) personCard(ctx context.Context, r bot.Request, who string) (bot.Reply, error) {
	card, err := h.svc.CardOf(ctx, h.act(r), who)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.PersonCard(cardOf(card))), nil
}

func cardOf(c services.PersonCard) views.Card {
	return views.Card{Person: c.Person, Unit: c.Unit, Vouchers: c.Vouchers, Phone: c.Phone, CanVerify: c.CanVerify, Excused: c.Excused}
}

// openSkill opens the form in which a skill is vouched for.
func (h *Handlers) openSkill(ctx context.Context, r bot.Request) (bot.Reply, error) {
	card, err := h.svc.CardByID(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if !card.CanVerify {
		return bot.Reply{}, models.Refuse(models.CodeForbidden, "error.check_own")
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Modal: p.SkillModal(card.Person)}, nil
}

func (h *Handlers) saveSkill(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id, err := strconv.ParseInt(r.View.Private, 10, 64)
	if err != nil {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.not_yours")
	}
	if _, err := h.svc.CardByID(ctx, h.act(r), id); err != nil { // whoever may not see the card may not vouch
		return bot.Reply{}, err
	}
	in := services.Vouching{PersonID: id, Skill: strings.TrimSpace(one(r, views.FieldOtherSkill))}
	if in.Skill == "" {
		in.Skill = one(r, views.FieldSkill)
	}
	if day := one(r, views.FieldSkillUntil); day != "" {
		t, err := time.ParseInLocation(time.DateOnly, day, me.Tenant.Location())
		end := t.AddDate(0, 0, 1) // until the end of that day
		if err != nil || !end.After(p.Now) {
			return bot.Reply{Errors: map[string]string{views.FieldSkillUntil: p.T("profile.past_day")}}, nil
		}
		in.Until = models.At(end)
	}
	card, err := h.svc.VerifySkill(ctx, h.act(r), in)
	var e *models.Error
	if errors.As(err, &e) && e.Key == "skill.bad_name" {
		return bot.Reply{Errors: map[string]string{views.FieldOtherSkill: p.Error(err, "")}}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	m := p.PersonCard(cardOf(card))
	return bot.Reply{Private: true, Text: p.T("skill.done") + " " + m.Text, Blocks: m.Blocks}, nil
}

// withdrawSkill takes a verification back; the button's value is person:skill.
func (h *Handlers) withdrawSkill(ctx context.Context, r bot.Request) (bot.Reply, error) {
	id, skill, _ := strings.Cut(r.Value, ":")
	r.Value = id
	card, err := h.svc.WithdrawSkill(ctx, h.act(r), value(r), skill)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.PersonCard(cardOf(card)))
	reply.Text, reply.Replace = p.T("skill.withdrawn")+" "+reply.Text, r.Ephemeral
	return reply, nil
}
